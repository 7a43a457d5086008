//! Who was reached, and who was missed: tomorrow's list.

use crate::observed::{Household, Observed, Round};
use domain::{Plan, Scenario};
use serde::Serialize;
use uuid::Uuid;

/// Households called, come and served.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// Households known: called, or of which someone came, a round.
    pub households: f64,
    /// Those called.
    pub called: f64,
    /// Those of which someone came.
    pub came: f64,
    /// Those of which everyone who came was served.
    pub served: f64,
    /// Share of the known households of which someone was served; null where no household is known.
    pub share: Option<f64>,
    /// Share of the roll's people who were served; null without a roll.
    pub people_share: Option<f64>,
    /// Households of the plan that nobody called; null without a plan.
    pub not_called: Option<f64>,
    /// The last round's households that were missed: tomorrow's list, by wave.
    pub missed: Vec<Missed>,
}

/// A household that was missed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Missed {
    /// Its wave; null where it was not called.
    pub wave: Option<u32>,
    /// The household.
    pub household: Uuid,
    /// `not_come`, or `not_served` where people came and some of them left without being served.
    pub why: &'static str,
    /// People who came and were not served.
    pub people: u32,
}

pub(crate) fn measure(observed: &Observed, scenario: Option<&Scenario>, plan: Option<&Plan>) -> Coverage {
    let rounds = observed.rounds.len().max(1) as f64;
    let all = || observed.rounds.iter().flat_map(|round| round.households.values());
    let count = |chosen: &dyn Fn(&Household) -> bool| all().filter(|one| chosen(one)).count() as f64 / rounds;
    let households = count(&|_| true);
    let reached = count(&|one| one.served > 0);
    let called = count(&|one| one.called.is_some());
    let served = observed.visits().filter(crate::people::served).count() as f64 / rounds;
    let people = scenario.map_or(0, |scenario| scenario.roll.people());
    let planned = plan.map(|plan| plan.waves.iter().map(|wave| wave.households.len()).sum::<usize>() as f64);
    // A reader of the last round wants the newest list, not the newest stream that was given.
    let last = observed.rounds.iter().max_by_key(|round| round.opened);
    let mut missed: Vec<Missed> = last.map(missed).unwrap_or_default();
    missed.sort_unstable();
    Coverage {
        households,
        called,
        came: count(&|one| one.people > 0),
        served: count(&|one| one.people > 0 && one.served == one.people),
        share: (households > 0.0).then(|| reached / households),
        people_share: (people > 0).then(|| served / f64::from(people)),
        not_called: planned.map(|planned| (planned - called).max(0.0)),
        missed,
    }
}

fn missed(round: &Round) -> Vec<Missed> {
    let missing = round.households.iter().filter(|(_, one)| one.served < one.people || one.people == 0);
    missing
        .map(|(&household, one)| Missed {
            wave: one.called.map(|(_, wave)| wave),
            household,
            why: if one.people == 0 { "not_come" } else { "not_served" },
            people: one.people - one.served,
        })
        .collect()
}
