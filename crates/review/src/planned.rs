//! Plan against actual, by wave and by station.

use crate::{
    observed::Observed,
    people,
    spread::{Spread, minutes},
    stations::StationReview,
};
use chance::Ticks;
use domain::{Plan, Scenario, scenario::Servers};
use serde::Serialize;
use std::collections::BTreeMap;

/// What was planned, beside what came.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Planned {
    /// By wave; empty without a plan.
    pub waves: Vec<PlannedWave>,
    /// By station; empty without a scenario.
    pub stations: Vec<PlannedStation>,
    /// What was forecast, where the plan's forecast was given.
    pub forecast: Option<Forecast>,
}

/// One wave, planned and actual. Counts are of one round.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedWave {
    /// Its number.
    pub wave: u32,
    /// Its lane, from 1.
    pub lane: u16,
    /// Minutes after opening at which its calls should begin.
    pub planned_call_min: f64,
    /// Minutes after opening at which the first and the last of its households had been told.
    pub called_min: Option<[f64; 2]>,
    /// Households in the plan, and households called.
    pub planned_households: f64,
    /// Households called.
    pub called_households: f64,
    /// People expected: the wave's residents times the scenario's attendance; null without a scenario.
    pub expected_people: Option<f64>,
    /// People who came.
    pub people: f64,
    /// People served.
    pub served: f64,
    /// Minutes after opening at which half of those who came had come.
    pub arrived_half_min: Option<f64>,
    /// Waits of those served.
    pub wait_min: Spread,
}

/// One station, planned and actual.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedStation {
    /// Its name.
    pub name: String,
    /// Servers in each lane, the most at one time; null where they are not counted.
    pub planned_servers: Option<u32>,
    /// Servers seen.
    pub servers: Option<u32>,
    /// Mean seconds of a service.
    pub planned_mean_s: f64,
    /// Mean seconds measured.
    pub mean_s: Option<f64>,
    /// Standard deviation over mean.
    pub planned_cv: f64,
    /// The same, measured.
    pub cv: Option<f64>,
}

/// What a rehearsal of the plan had said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Forecast {
    /// People.
    pub people: f64,
    /// Median wait, in minutes.
    pub wait_p50_min: Option<f64>,
    /// The wait that 95 in 100 do not exceed, in minutes.
    pub wait_p95_min: Option<f64>,
    /// Minutes after opening at which 97 % are done.
    pub done_97_min: Option<f64>,
    /// Most people waiting at one time.
    pub queue_max: f64,
}

pub(crate) fn measure(
    observed: &Observed,
    stations: &[StationReview],
    scenario: Option<&Scenario>,
    plan: Option<&Plan>,
) -> Option<Planned> {
    if scenario.is_none() && plan.is_none() {
        return None;
    }
    let waves = plan.map_or_else(Vec::new, |plan| waves(observed, plan, scenario));
    let of_scenario = scenario.map_or(&[][..], |scenario| &scenario.site.stations);
    let stations = of_scenario.iter().map(|planned| {
        let seen = stations.iter().find(|station| station.name == planned.name);
        let most = match &planned.servers {
            Servers::Unlimited => None,
            Servers::Calendar(calendar) => calendar.0.iter().map(|&(_, servers)| servers).max(),
        };
        PlannedStation {
            name: planned.name.clone(),
            planned_servers: most,
            servers: seen.and_then(|station| station.servers),
            planned_mean_s: planned.service.mean_s(),
            mean_s: seen.and_then(|station| station.mean_s),
            planned_cv: planned.service.cv(),
            cv: seen.and_then(|station| station.cv),
        }
    });
    Some(Planned { waves, stations: stations.collect(), forecast: None })
}

fn waves(observed: &Observed, plan: &Plan, scenario: Option<&Scenario>) -> Vec<PlannedWave> {
    let rounds = observed.rounds.len().max(1) as f64;
    let mut calls = BTreeMap::<u32, Vec<Ticks>>::new();
    for household in observed.rounds.iter().flat_map(|round| round.households.values()) {
        if let Some((at, wave)) = household.called {
            calls.entry(wave).or_default().push(at);
        }
    }
    let mut members = people::by_wave(observed);
    let of_wave = |wave: &domain::Wave| {
        let times = calls.get(&wave.number).map_or(&[][..], Vec::as_slice);
        let mut came = members.remove(&wave.number).unwrap_or_default();
        came.arrivals.sort_unstable();
        let limits = times.iter().min().zip(times.iter().max());
        PlannedWave {
            wave: wave.number,
            lane: wave.lane + 1,
            planned_call_min: minutes(wave.call_at as f64),
            called_min: limits.map(|(&first, &last)| [minutes(first as f64), minutes(last as f64)]),
            planned_households: wave.households.len() as f64,
            called_households: times.len() as f64 / rounds,
            expected_people: scenario.map(|scenario| expected(scenario, wave)),
            people: came.people as f64 / rounds,
            served: came.served as f64 / rounds,
            arrived_half_min: came.arrivals.get(came.arrivals.len() / 2).map(|&at| minutes(at as f64)),
            wait_min: Spread::of(came.waits),
        }
    };
    plan.waves.iter().map(of_wave).collect()
}

/// The wave's residents times the scenario's attendance.
fn expected(scenario: &Scenario, wave: &domain::Wave) -> f64 {
    let homes = wave.households.iter().filter_map(|&one| scenario.roll.households.get(one as usize));
    let residents: u32 = homes.map(|one| one.residents.end - one.residents.start).sum();
    f64::from(residents) * scenario.attendance.households * scenario.attendance.persons
}
