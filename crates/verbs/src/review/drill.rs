//! The fields that a throughput drill reports: who was processed in which time, station by station.

use ::review::Review;
use domain::{Scenario, scenario::Servers};
use serde::Serialize;

/// A drill's fields. Counts are of one round.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drill {
    /// Minutes after opening of the first arrival; null without one.
    pub from_min: Option<f64>,
    /// Minutes after opening at which the last person had left.
    pub until_min: Option<f64>,
    /// People processed: they left, all served.
    pub processed: f64,
    /// Minutes from the first arrival to the last leaving.
    pub minutes: Option<f64>,
    /// People processed an hour in that time.
    pub per_hour: Option<f64>,
    /// The busiest station; null where servers are not counted.
    pub bottleneck: Option<String>,
    /// Station by station.
    pub stations: Vec<DrillStation>,
}

/// One station, its lanes together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrillStation {
    /// Its name.
    pub name: String,
    /// Its staff, all lanes together; null where they are not counted.
    pub staff: Option<u32>,
    /// People served there.
    pub processed: f64,
    /// People an hour, in the drill's time.
    pub per_hour: Option<f64>,
    /// People an hour if its staff were always busy; null where they are not counted.
    pub capacity_per_hour: Option<f64>,
    /// Seconds of a service on average: the cycle time.
    pub mean_s: Option<f64>,
    /// Busy time over staffed time.
    pub utilisation: Option<f64>,
}

/// The fields of the round, or of several on average.
pub(super) fn drill(review: &Review, scenario: Option<&Scenario>) -> Drill {
    let queue = &review.queue;
    let minute = |place: usize| (queue.first_minute + place as i64) as f64;
    let from_min = queue.arrived.iter().position(|&people| people > 0.0).map(minute);
    let last = queue.done.last().copied().unwrap_or(0.0);
    let until_min = queue.done.iter().position(|&people| people >= last && last > 0.0).map(minute);
    let minutes = from_min.zip(until_min).map(|(from, until)| until - from).filter(|minutes| *minutes > 0.0);
    let per_hour = |people: f64| minutes.map(|minutes| people * 60.0 / minutes);
    let rounds = review.rounds.max(1) as f64;
    let stations = review.stations.iter().map(|station| {
        let staff = staff(&station.name, scenario, station.servers);
        let processed = (station.starts_tapped + station.starts_inferred) as f64 / rounds;
        DrillStation {
            name: station.name.clone(),
            staff,
            processed,
            per_hour: per_hour(processed),
            capacity_per_hour: staff
                .zip(station.mean_s.filter(|mean| *mean > 0.0))
                .map(|(staff, mean_s)| f64::from(staff) * 3_600.0 / mean_s),
            mean_s: station.mean_s,
            utilisation: station.utilisation,
        }
    });
    let busiest = review.stations.iter().filter_map(|station| Some((station.utilisation?, &station.name)));
    let bottleneck = busiest.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name.clone());
    Drill {
        from_min,
        until_min,
        processed: review.served,
        minutes,
        per_hour: per_hour(review.served),
        bottleneck,
        stations: stations.collect(),
    }
}

/// As the scenario has it, all lanes together; else as seen.
fn staff(name: &str, scenario: Option<&Scenario>, seen: Option<u32>) -> Option<u32> {
    let Some(scenario) = scenario else { return seen };
    let station = scenario.site.stations.iter().find(|station| station.name == name);
    let Some(station) = station else { return seen };
    let lanes = if station.shared { 1 } else { u32::from(scenario.site.lanes) };
    match &station.servers {
        Servers::Unlimited => None,
        Servers::Calendar(calendar) => {
            calendar.0.iter().map(|&(_, servers)| servers).max().map(|most| most * lanes)
        }
    }
}
