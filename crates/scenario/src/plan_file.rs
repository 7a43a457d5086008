//! `plan.json`: the plan as a file that other programs read, and that people may edit before it is rehearsed.

mod read;

pub use read::read_plan;

use crate::clock::local_time;
use domain::{Plan, Scenario};
use serde::{Deserialize, Serialize};

/// The part of a plan's file that says who is called when; a file may hold more beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanFile {
    /// `broadcast` or `waves`.
    pub policy: String,
    /// Share of the bottleneck's capacity at which waves follow each other; null for a broadcast.
    pub load: Option<f64>,
    /// The waves, in the order of their calls.
    pub waves: Vec<WaveFile>,
    /// Stations that the plan staffs otherwise than the scenario; not written if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub staff: Vec<StaffFile>,
}

/// How many serve at a station under a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffFile {
    /// The station's name.
    pub station: String,
    /// Servers all day, in each lane or of a shared station.
    pub servers: u32,
}

/// The households called for one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveFile {
    /// Its number, from 1, unique in the plan.
    pub number: u32,
    /// When its call starts: local clock time, `07:05:00`, or `2022-03-29T07:05:00` if that is not the opening day.
    pub call_at: String,
    /// The lane they go to, from 1.
    pub lane: u16,
    /// How many households.
    pub households: u32,
    /// How many people live in them.
    pub people: u32,
    /// The households, in the order in which they are called: `12-2-301`.
    pub members: Vec<String>,
    /// Whether planning anew leaves it as it is; not written if false.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
}

/// The plan's waves as its file has them; call times are rounded to the nearest second.
pub fn write_plan(plan: &Plan, scenario: &Scenario) -> PlanFile {
    let roll = &scenario.roll;
    let waves = plan
        .waves
        .iter()
        .map(|wave| WaveFile {
            number: wave.number,
            call_at: local_time(scenario.round.opens, wave.call_at),
            lane: wave.lane + 1,
            households: u32::try_from(wave.households.len()).expect("a roll has fewer"),
            people: wave.households.iter().map(|&household| roll.size(household)).sum(),
            members: wave.households.iter().map(|&household| roll.household_id(household)).collect(),
            pinned: wave.pinned,
        })
        .collect();
    let staff = plan.staff.iter().filter_map(|&(place, servers)| {
        let station = scenario.site.stations.get(place)?.name.clone();
        Some(StaffFile { station, servers })
    });
    PlanFile { policy: plan.policy.name().to_owned(), load: plan.load, waves, staff: staff.collect() }
}
