//! The plan's file: `labs`, `rounds`, `stopped` and `transfers` are read back; what else stands in it is for people.

use super::Stopped;
use domain::{
    City, Notes, Place,
    city::{
        Lab,
        rounds::{Rounds, Route, Stop, Truck},
    },
};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// A route.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::city) struct RoundFile {
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
pub(in crate::city) struct StopFile {
    /// The site's place in the city's list, from 1,
    pub number: u32,
    /// and its name.
    pub site: String,
    /// From leaving to coming here.
    pub after_min: f64,
    /// Boxes to be expected at most.
    pub boxes: u32,
}

/// A lab that stopped.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoppedFile {
    pub lab: String,
    /// When, in minutes after the round's opening.
    pub at_min: f64,
}

/// What is driven from one lab to another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::city) struct TransferFile {
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
    stopped: Vec<StoppedFile>,
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

/// What is driven, and which labs have stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadPlan {
    /// What is driven.
    pub rounds: Rounds,
    /// Labs that have stopped, each once.
    pub stopped: Vec<Stopped>,
}

/// Minutes of a plan lie within so many of the round's opening: a round lasts a week at most.
const FAR_MIN: f64 = 10.0 * 24.0 * 60.0;

/// Reads a plan's file.
///
/// # Errors
/// Notes: a file that is no plan of rounds, and all that is wrong with each of its labs, routes, stops and transfers.
pub fn read_rounds(path: &str, bytes: &[u8], city: &City) -> Result<ReadPlan, Notes> {
    let mut notes = Notes::default();
    let plan: PlanFile = match serde_json::from_slice(bytes) {
        Ok(plan) => plan,
        Err(why) => {
            notes.error(Place::file(path), "city_plan_file", &[("why", &why)]);
            return Err(notes);
        }
    };
    let mut reading = Reading { path, city, notes, unknown: Vec::new() };
    let places = reading.places(&plan.labs);
    let routes = (1..).zip(&plan.rounds).map(|(number, round)| reading.route(number, round)).collect();
    let trucks = (1..).zip(&plan.transfers).map(|(number, of)| reading.truck(number, of)).collect();
    let stopped = reading.stopped(&plan.stopped);
    let notes = reading.notes;
    if notes.0.is_empty() {
        Ok(ReadPlan { rounds: Rounds { places, routes, trucks }, stopped })
    } else {
        Err(notes)
    }
}

struct Reading<'a> {
    path: &'a str,
    city: &'a City,
    notes: Notes,
    /// Names of labs that the city has not, each told once.
    unknown: Vec<String>,
}

fn far(minutes: f64) -> bool {
    !(-FAR_MIN..=FAR_MIN).contains(&minutes)
}

impl<'a> Reading<'a> {
    fn error(&mut self, code: &'static str, args: &[(&'static str, &dyn Display)]) {
        self.notes.error(Place::file(self.path), code, args);
    }

    fn labs(&self) -> &'a [Lab] {
        self.city.testing.as_ref().map_or(&[][..], |testing| &testing.labs)
    }

    /// A lab by its name; the first where there is none, which is told.
    fn lab(&mut self, name: &str) -> u32 {
        let number = (0u32..).zip(self.labs()).find(|(_, lab)| lab.name == name).map(|(number, _)| number);
        if number.is_none() && !self.unknown.iter().any(|known| known == name) {
            self.unknown.push(name.to_owned());
            self.error("city_plan_lab_unknown", &[("name", &name)]);
        }
        number.unwrap_or(0)
    }

    fn places(&mut self, labs: &[LabFile]) -> Vec<u32> {
        let mut places = vec![0; self.labs().len()];
        for of in labs {
            let number = self.lab(&of.name) as usize;
            let all = self.labs().get(number).map_or(0, |lab| lab.places.len());
            let known = self.labs().get(number).is_some_and(|lab| lab.name == of.name);
            if known && (of.place == 0 || of.place as usize > all) {
                self.error("city_plan_place", &[("name", &of.name), ("place", &of.place), ("all", &all)]);
            } else if known {
                places[number] = of.place - 1;
            }
        }
        places
    }

    fn route(&mut self, number: u32, round: &RoundFile) -> Route {
        let mut stops = Vec::new();
        if round.stops.is_empty() {
            self.error("city_plan_no_stop", &[("route", &number)]);
        }
        let mut before = 0.0;
        for (place, of) in (1..).zip(&round.stops) {
            let known = of.number.checked_sub(1).and_then(|number| self.city.sites.get(number as usize));
            let at: [(&'static str, &dyn Display); 3] =
                [("route", &number), ("stop", &place), ("name", &of.site)];
            if known.is_none_or(|site| site.name != of.site) {
                self.error("city_plan_site_unknown", &at);
                continue;
            }
            if far(of.after_min) || of.after_min < before || of.after_min > round.back_min {
                self.error("city_plan_stop_time", &[at[0], at[1], at[2], ("minutes", &of.after_min)]);
            }
            before = of.after_min.max(before);
            stops.push(Stop { site: of.number - 1, after_min: of.after_min, boxes: of.boxes });
        }
        if far(round.back_min) || round.back_min < 0.0 || round.departs_min.iter().any(|&leaves| far(leaves))
        {
            self.error("city_plan_far", &[("route", &number)]);
        }
        if !round.departs_min.is_sorted() {
            self.error("city_plan_times", &[("route", &number)]);
        }
        let rounds = round.departs_min.len();
        if round.vehicles == 0 || round.vehicles as usize > rounds {
            let args: [(&'static str, &dyn Display); 3] =
                [("route", &number), ("vehicles", &round.vehicles), ("rounds", &rounds)];
            self.error("city_plan_vehicles", &args);
        }
        Route {
            starts: self.lab(&round.starts),
            ends: self.lab(&round.ends),
            lab: self.lab(&round.lab),
            stops,
            back_min: round.back_min,
            vehicles: round.vehicles,
            departs_min: round.departs_min.clone(),
        }
    }

    fn truck(&mut self, number: u32, of: &TransferFile) -> Truck {
        if [of.departs_min, of.arrives_min, of.notify_by_min].into_iter().any(far)
            || of.arrives_min < of.departs_min
        {
            let args: [(&'static str, &dyn Display); 3] =
                [("number", &number), ("from", &of.from), ("to", &of.to)];
            self.error("city_plan_transfer", &args);
        }
        Truck {
            from: self.lab(&of.from),
            to: self.lab(&of.to),
            departs_min: of.departs_min,
            arrives_min: of.arrives_min,
            tubes: of.tubes,
            notify_min: of.notify_by_min,
        }
    }

    fn stopped(&mut self, stopped: &[StoppedFile]) -> Vec<Stopped> {
        let mut all: Vec<Stopped> = Vec::new();
        for of in stopped {
            let lab = self.lab(&of.lab);
            if far(of.at_min) || of.at_min < 0.0 || all.iter().any(|other| other.lab == lab) {
                self.error("city_plan_stopped", &[("name", &of.lab), ("minutes", &of.at_min)]);
            }
            all.push(Stopped { lab, at_min: of.at_min });
        }
        all
    }
}
