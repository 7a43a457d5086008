//! What survives a fault in a city: single changes from the cheapest on, each under the same luck, until one holds that
//! holds with luck of its own as well.

use super::{CityStrain, Live};
use crate::stress::{more, most, offline};
use domain::{City, city::Shape, scenario::Station};
use rehearse::{
    Purpose, TICKS_PER_MINUTE,
    city::CityFigures,
    faults::{Fault, faulted_city},
};

/// Minutes that sites stay open longer.
const LONGER_MIN: u32 = 60;
/// Labs can test so much more.
const LAB_SHARE: f64 = 0.25;

/// One change of a city.
#[derive(Clone, Debug, PartialEq)]
pub enum CityChange {
    /// Stations write on paper while the system is down or slow.
    Offline,
    /// One more server at this station in each lane, at the sites of the shape of this name, or at all.
    Server(String, Option<String>),
    /// One more lane with its staff at the sites of the shape of this name, or at all.
    Lane(Option<String>),
    /// All sites stay open so many minutes longer.
    Longer(u32),
    /// Couriers come so many minutes after each other.
    Couriers(f64),
    /// Labs test this share more.
    Labs(f64),
}

/// What was found for a fault.
#[derive(Clone, Debug)]
pub struct CityAnswer {
    /// The fault; nothing for the city itself.
    pub faults: Vec<Fault>,
    /// Changes that were tried, the cheapest first.
    pub tried: usize,
    /// The first that survives; `None` if none does.
    pub survives: Option<CitySurvives>,
    /// The change with the least strain, and that strain.
    pub nearest: Option<(CityChange, f64)>,
}

/// A change that survives.
#[derive(Clone, Debug)]
pub struct CitySurvives {
    /// What is changed.
    pub change: CityChange,
    /// What it costs in people-hours; `None` where that is not known.
    pub people_hours: Option<f64>,
    /// The day with the fault and the change, on luck that chose nothing.
    pub figures: CityFigures,
    /// How near that day is to its limits.
    pub strain: CityStrain,
}

pub(super) fn answer<E>(city: &City, faults: Vec<Fault>, live: &mut Live<'_, E>) -> Result<CityAnswer, E> {
    let mut candidates = candidates(city, &faults);
    // Stable: of those that cost the same, the first that was thought of; what has no known cost comes last.
    let cost = |hours: Option<f64>| hours.unwrap_or(f64::INFINITY);
    candidates.sort_by(|one, other| cost(one.1).total_cmp(&cost(other.1)));
    let mut answer = CityAnswer { faults, tried: 0, survives: None, nearest: None };
    for (change, people_hours) in candidates {
        let (changed, faults) = changed(city, &answer.faults, &change);
        answer.tried += 1;
        let tried = live(faulted_city(&changed, &faults), Purpose::Rehearse)?;
        let strain = CityStrain::of(&tried.city, &tried.figures).worst();
        if answer.nearest.as_ref().is_none_or(|(_, least)| strain < *least) {
            answer.nearest = Some((change.clone(), strain));
        }
        if strain > 1.0 {
            continue;
        }
        let fresh = live(faulted_city(&changed, &faults), Purpose::Confirm)?;
        let strain = CityStrain::of(&fresh.city, &fresh.figures);
        if strain.worst() <= 1.0 {
            answer.survives = Some(CitySurvives { change, people_hours, figures: fresh.figures, strain });
            break;
        }
    }
    Ok(answer)
}

/// Each change that can be tried, with its people-hours.
fn candidates(city: &City, faults: &[Fault]) -> Vec<(CityChange, Option<f64>)> {
    let mut changes = Vec::new();
    if offline(faults) != faults {
        changes.push((CityChange::Offline, Some(0.0)));
    }
    let mut sites = vec![0.0; city.shapes.len()];
    city.sites.iter().for_each(|site| sites[site.shape as usize] += 1.0);
    let used: Vec<usize> = (0..sites.len()).filter(|&shape| sites[shape] > 0.0).collect();
    let hours = |shape: usize| {
        let Shape { opens, closes, .. } = city.shapes[shape];
        let closes =
            closes.unwrap_or(opens + city.arrivals.share_per_hour.len() as i64 * 60 * TICKS_PER_MINUTE);
        (closes - opens).max(0) as f64 / (60 * TICKS_PER_MINUTE) as f64
    };
    // A table of sites may give a shape other lanes or hours at some of them: it keeps its name.
    let mut at_shapes = |change: &dyn Fn(Option<String>) -> CityChange, staff: &dyn Fn(usize) -> f64| {
        let mut costs: Vec<(&str, f64)> = Vec::new();
        for &shape in used.iter().filter(|&&shape| staff(shape) > 0.0) {
            let (name, cost) = (&*city.shapes[shape].name, staff(shape) * sites[shape] * hours(shape));
            match costs.iter_mut().find(|(other, _)| *other == name) {
                Some((_, sum)) => *sum += cost,
                None => costs.push((name, cost)),
            }
        }
        changes.extend(costs.iter().map(|(name, cost)| (change(Some((*name).to_owned())), Some(*cost))));
        if costs.len() > 1 {
            changes.push((change(None), Some(costs.iter().map(|(_, cost)| cost).sum())));
        }
    };
    let mut names: Vec<&str> = Vec::new();
    for station in used.iter().flat_map(|&shape| &city.shapes[shape].site.stations) {
        if most(station) > 0.0 && !names.contains(&station.name.as_str()) {
            names.push(&station.name);
        }
    }
    for name in names {
        let staff = |shape: usize| {
            let site = &city.shapes[shape].site;
            let station = site.stations.iter().find(|station| station.name == name && most(station) > 0.0);
            station.map_or(0.0, |station| if station.shared { 1.0 } else { f64::from(site.lanes) })
        };
        at_shapes(&|shape| CityChange::Server(name.to_owned(), shape), &staff);
    }
    let of_a_lane = |shape: usize| {
        let stations = city.shapes[shape].site.stations.iter();
        stations.filter(|station| !station.shared).map(most).sum()
    };
    at_shapes(&CityChange::Lane, &of_a_lane);
    if used.iter().any(|&shape| city.shapes[shape].closes.is_some()) {
        let staff = |&shape: &usize| {
            let site = &city.shapes[shape].site;
            let lanes = |station: &Station| if station.shared { 1.0 } else { f64::from(site.lanes) };
            site.stations.iter().map(|station| most(station) * lanes(station)).sum::<f64>() * sites[shape]
        };
        let people: f64 = used.iter().filter(|&&shape| city.shapes[shape].closes.is_some()).map(staff).sum();
        changes.push((CityChange::Longer(LONGER_MIN), Some(people * f64::from(LONGER_MIN) / 60.0)));
    }
    if let Some(testing) = &city.testing {
        changes.push((
            CityChange::Couriers(testing.couriers.every as f64 / TICKS_PER_MINUTE as f64 / 2.0),
            None,
        ));
        changes.push((CityChange::Labs(LAB_SHARE), None));
    }
    changes
}

/// The city with the change, and the faults that it still meets.
fn changed(city: &City, faults: &[Fault], change: &CityChange) -> (City, Vec<Fault>) {
    let (mut city, mut faults) = (city.clone(), faults.to_vec());
    let wanted = |shape: &&mut Shape, of: &Option<String>| of.as_ref().is_none_or(|name| *name == shape.name);
    match change {
        CityChange::Offline => faults = offline(&faults),
        CityChange::Server(name, of) => {
            for shape in city.shapes.iter_mut().filter(|shape| wanted(shape, of)) {
                let mut stations = shape.site.stations.iter_mut();
                if let Some(station) = stations.find(|station| &station.name == name) {
                    more(station, 1);
                }
            }
        }
        CityChange::Lane(of) => {
            for shape in city.shapes.iter_mut().filter(|shape| wanted(shape, of)) {
                shape.site.lanes = shape.site.lanes.saturating_add(1);
            }
        }
        CityChange::Longer(minutes) => {
            let closes = city.shapes.iter_mut().filter_map(|shape| shape.closes.as_mut());
            closes.for_each(|closes| *closes += i64::from(*minutes) * TICKS_PER_MINUTE);
        }
        CityChange::Couriers(minutes) => {
            if let Some(testing) = &mut city.testing {
                testing.couriers.every = (minutes * TICKS_PER_MINUTE as f64) as i64;
            }
        }
        CityChange::Labs(share) => {
            let labs = city.testing.iter_mut().flat_map(|testing| &mut testing.labs);
            labs.for_each(|lab| lab.tubes_per_hour *= 1.0 + share);
        }
    }
    (city, faults)
}
