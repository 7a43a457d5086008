//! The plan's file: `labs`, `rounds` and `transfers` are read back; what else stands in it is for people.

use domain::{
    City, Notes, Place,
    city::rounds::{Rounds, Route, Stop, Truck},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A route.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RoundFile {
    /// The lab at which its vehicles start,
    pub starts: String,
    /// to which they bring their boxes,
    pub ends: String,
    /// and which tests them.
    pub lab: String,
    /// Vehicles that drive it in turn.
    pub vehicles: u32,
    /// From leaving to being back.
    pub back_min: f64,
    /// When a round leaves, in minutes after the round's opening.
    pub departs_min: Vec<f64>,
    /// In the order of driving.
    pub stops: Vec<StopFile>,
}

/// A stop.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StopFile {
    /// The site's place in the city's list, from 1,
    pub number: u32,
    /// and its name.
    pub site: String,
    /// From leaving to coming here.
    pub after_min: f64,
    /// Boxes to be expected at most.
    pub boxes: u32,
}

/// What is driven from one lab to another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct TransferFile {
    pub from: String,
    pub to: String,
    pub departs_min: f64,
    pub arrives_min: f64,
    pub tubes: f64,
    /// The latest moment at which the lab must have been told.
    pub notify_by_min: f64,
    /// What it is told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// The place of a lab that can move.
#[derive(Clone, Debug, Deserialize)]
struct LabFile {
    name: String,
    #[serde(default = "first")]
    place: u32,
}

fn first() -> u32 {
    1
}

#[derive(Debug, Deserialize)]
struct PlanFile {
    labs: Vec<LabFile>,
    rounds: Vec<RoundFile>,
    #[serde(default)]
    transfers: Vec<TransferFile>,
}

/// Hundredths of a minute are enough for a driver.
pub(super) fn rounded(minutes: f64) -> f64 {
    (minutes * 100.0).round() / 100.0
}

/// A route as its file has it.
pub(super) fn round_file(city: &City, route: &Route) -> RoundFile {
    let lab =
        |lab: u32| city.testing.as_ref().map_or_else(String::new, |of| of.labs[lab as usize].name.clone());
    let stop = |stop: &Stop| StopFile {
        number: stop.site + 1,
        site: city.sites[stop.site as usize].name.clone(),
        after_min: rounded(stop.after_min),
        boxes: stop.boxes,
    };
    RoundFile {
        starts: lab(route.starts),
        ends: lab(route.ends),
        lab: lab(route.lab),
        vehicles: route.vehicles,
        back_min: rounded(route.back_min),
        departs_min: route.departs_min.clone(),
        stops: route.stops.iter().map(stop).collect(),
    }
}

/// Reads the rounds of a plan's file.
///
/// # Errors
/// Notes: a file that is no plan of rounds, and each lab and site that this city has not.
pub fn read_rounds(path: &str, bytes: &[u8], city: &City) -> Result<Rounds, Notes> {
    let mut notes = Notes::default();
    let plan: PlanFile = match serde_json::from_slice(bytes) {
        Ok(plan) => plan,
        Err(why) => {
            notes.error(Place::file(path), "city_plan_file", &[("why", &why)]);
            return Err(notes);
        }
    };
    let labs = city.testing.as_ref().map_or(&[][..], |testing| &testing.labs);
    let numbers: BTreeMap<&str, u32> = labs.iter().map(|lab| lab.name.as_str()).zip(0u32..).collect();
    let mut places = vec![0; labs.len()];
    let mut unknown: Vec<String> = Vec::new();
    let mut lab = |name: &str| {
        let number = numbers.get(name).copied();
        if number.is_none() && !unknown.iter().any(|known| known == name) {
            unknown.push(name.to_owned());
        }
        number.unwrap_or(0)
    };
    for of in &plan.labs {
        let number = lab(&of.name) as usize;
        if let Some(place) = places.get_mut(number) {
            *place = of.place.saturating_sub(1).min(labs[number].places.len().saturating_sub(1) as u32);
        }
    }
    let (mut strange, mut odd) = (Vec::new(), 0);
    let mut routes = Vec::new();
    for round in &plan.rounds {
        let stop = |of: &StopFile| {
            let known = of.number.checked_sub(1).and_then(|number| city.sites.get(number as usize));
            if known.is_none_or(|site| site.name != of.site) {
                strange.push(of.site.clone());
                return None;
            }
            Some(Stop { site: of.number - 1, after_min: of.after_min, boxes: of.boxes })
        };
        let stops: Vec<Stop> = round.stops.iter().filter_map(stop).collect();
        let sound = round.departs_min.is_sorted()
            && stops.is_sorted_by(|one, other| one.after_min <= other.after_min)
            && stops.last().is_none_or(|last| last.after_min <= round.back_min);
        odd += u32::from(!sound || round.vehicles == 0);
        routes.push(Route {
            starts: lab(&round.starts),
            ends: lab(&round.ends),
            lab: lab(&round.lab),
            stops,
            back_min: round.back_min,
            vehicles: round.vehicles,
            departs_min: round.departs_min.clone(),
        });
    }
    let truck = |of: &TransferFile| Truck {
        from: lab(&of.from),
        to: lab(&of.to),
        departs_min: of.departs_min,
        arrives_min: of.arrives_min,
        tubes: of.tubes,
        notify_min: of.notify_by_min,
    };
    let trucks = plan.transfers.iter().map(truck).collect();
    for name in &unknown {
        notes.error(Place::file(path), "city_plan_lab_unknown", &[("name", name)]);
    }
    if let Some(name) = strange.first() {
        let count = strange.len();
        notes.error(Place::file(path), "city_plan_site_unknown", &[("name", name), ("count", &count)]);
    }
    if odd > 0 {
        notes.error(Place::file(path), "city_plan_times", &[("count", &odd)]);
    }
    if notes.0.is_empty() { Ok(Rounds { places, routes, trucks }) } else { Err(notes) }
}
