//! Work against staffed time, in expectations: a warning before anything is rehearsed.

use super::ways::visits;
use crate::reader::Context;
use chance::{TICKS_PER_SECOND, Ticks};
use domain::Place;
use domain::roll::Mark;
use domain::scenario::{Appointments, Arrivals, Flow, Scenario, Servers, Site, Station, Unit, WalkIns};

/// Warns of stations with more work than staffed hours before closing. Without a closing time there is always time.
pub(super) fn check(context: &Context<'_>, scenario: &Scenario, places: &[Place]) {
    let Some(closes) = scenario.round.closes else {
        return;
    };
    let people = expected_people(scenario);
    let visits = visits(&scenario.site.stations, None);
    let factor = mean_factor(scenario);
    for ((station, visits), place) in scenario.site.stations.iter().zip(visits).zip(places) {
        let Servers::Calendar(calendar) = &station.servers else {
            continue;
        };
        let mut staffed_ticks = 0.0;
        for (index, (from, servers)) in calendar.0.iter().enumerate() {
            let until = calendar.0.get(index + 1).map_or(closes, |(next, _)| (*next).min(closes));
            staffed_ticks += (until - from).max(0) as f64 * f64::from(*servers);
        }
        let lanes = if station.shared { 1.0 } else { f64::from(scenario.site.lanes) };
        let staffed_h = staffed_ticks * lanes / (3_600.0 * TICKS_PER_SECOND as f64);
        let people = people + f64::from(station.waiting_at_start) * lanes;
        let work_h = visits * work_s(scenario, station, people, factor) / 3_600.0;
        if work_h > staffed_h {
            let (work, staffed) = (format!("{work_h:.1}"), format!("{staffed_h:.1}"));
            let args: [(&'static str, &dyn std::fmt::Display); 3] =
                [("station", &station.name), ("work_h", &work), ("staffed_h", &staffed)];
            context.warning(place, "overloaded", &args);
        }
    }
}

/// The people whom a site can serve in so many ticks, and its narrowest station; `None` where nothing is narrow.
pub(crate) fn people_at_most(site: &Site, until: Ticks) -> Option<(f64, &str)> {
    let visits = visits(&site.stations, None);
    let narrow = |(station, visits): (&'_ Station, f64)| {
        let Servers::Calendar(calendar) = &station.servers else { return None };
        let mut staffed = 0.0;
        for (index, (from, servers)) in calendar.0.iter().enumerate() {
            let next = calendar.0.get(index + 1).map_or(until, |(next, _)| (*next).min(until));
            staffed += (next - from).max(0) as f64 * f64::from(*servers);
        }
        let lanes = if station.shared { 1.0 } else { f64::from(site.lanes) };
        let pause =
            station.changeover.map_or(0.0, |changeover| changeover.away_s / f64::from(changeover.every));
        let work = visits * (station.service.mean_s() + pause) * TICKS_PER_SECOND as f64;
        Some(if work > 0.0 { staffed * lanes / work } else { f64::INFINITY })
    };
    let all = site.stations.iter().zip(visits);
    let most = all.filter_map(|(station, visits)| Some((narrow((station, visits))?, station.name.as_str())));
    most.min_by(|one, other| one.0.total_cmp(&other.0))
}

/// Seconds of work at a station that everybody visits once.
fn work_s(scenario: &Scenario, station: &Station, people: f64, factor: f64) -> f64 {
    let units = match station.unit {
        Unit::Person => people,
        Unit::Household | Unit::Vehicle => expected_groups(scenario).min(people),
    };
    let pause = station.changeover.map_or(0.0, |changeover| changeover.away_s / f64::from(changeover.every));
    units * (station.service.mean_s() * factor + pause) + (people - units) * station.plus_each_s
}

/// Mean arrivals. Parties of visitor classes are not counted, so this is a lower bound.
fn expected_people(scenario: &Scenario) -> f64 {
    let roll =
        f64::from(scenario.roll.people()) * scenario.attendance.households * scenario.attendance.persons;
    match &scenario.arrivals {
        Arrivals::Broadcast { .. } | Arrivals::Waves => roll,
        Arrivals::Appointments(appointments) => booked(appointments),
        Arrivals::Poisson(walk_ins) => walking_in(walk_ins),
        Arrivals::Schedule { times, .. } => times.len() as f64,
        Arrivals::Mix(mix) => {
            let waves = if mix.waves { roll } else { 0.0 };
            waves
                + mix.appointments.as_ref().map_or(0.0, booked)
                + mix.walk_ins.as_ref().map_or(0.0, walking_in)
        }
    }
}

fn expected_groups(scenario: &Scenario) -> f64 {
    let households = scenario.roll.households.len() as f64 * scenario.attendance.households;
    match &scenario.arrivals {
        Arrivals::Broadcast { .. } | Arrivals::Waves => households,
        _ => expected_people(scenario),
    }
}

fn booked(appointments: &Appointments) -> f64 {
    f64::from(appointments.slots) * f64::from(appointments.places) * (1.0 - appointments.no_show)
}

fn walking_in(walk_ins: &WalkIns) -> f64 {
    let hours =
        walk_ins.until.map_or(f64::INFINITY, |until| until as f64 / (3_600.0 * TICKS_PER_SECOND as f64));
    let people = match &walk_ins.per_hour {
        Flow::Constant(rate) => rate * hours,
        Flow::Hourly(rates) => {
            (0..).zip(rates).map(|(hour, rate)| rate * (hours - f64::from(hour)).clamp(0.0, 1.0)).sum()
        }
    };
    walk_ins.people.map_or(people, |cap| people.min(f64::from(cap)))
}

/// By how much classes lengthen the mean service.
fn mean_factor(scenario: &Scenario) -> f64 {
    let residents = scenario.roll.residents.len();
    let mut factor = 1.0;
    for visitor in &scenario.visitors {
        let mark = Mark::ALL.into_iter().find(|mark| mark.name() == visitor.class);
        let share = match mark {
            Some(mark) if residents > 0 => {
                scenario.roll.residents.iter().filter(|marks| marks.has(mark)).count() as f64
                    / residents as f64
            }
            _ => visitor.share,
        };
        factor += share * (visitor.service_factor - 1.0);
    }
    factor
}
