//! The load: how close to the bottleneck's capacity households are called. The higher, the earlier all is done and the
//! longer the queue. Chosen on some seeds, confirmed on others: what chose a plan never judges it.

use crate::waves::waves_around;
use domain::{Plan, Policy, Scenario};

/// The loads tried, as hundredths.
pub const LOADS: std::ops::RangeInclusive<u32> = 40..=110;

/// How a plan does, as its rehearsal tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The wait that 95 in 100 do not exceed, in minutes.
    pub wait_p95_min: f64,
    /// The upper end of its 95 % confidence interval.
    pub wait_p95_upper_min: f64,
    /// Minutes after opening at which 97 % are done.
    pub done_97_min: f64,
}

/// What a score is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// To choose between loads: a few replications will do.
    Choose,
    /// To confirm the choice: many replications, on seeds that chose nothing.
    Confirm,
}

/// One load that was tried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Try {
    /// Share of the bottleneck's capacity.
    pub load: f64,
    /// What it was tried for.
    pub stage: Stage,
    /// How it did.
    pub score: Score,
}

/// The chosen plan, and how it came to be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The plan.
    pub plan: Plan,
    /// The score that the choice was made by.
    pub chosen_by: Score,
    /// The score on fresh seeds.
    pub confirmed: Score,
    /// Whether the upper confidence limit of the p95 wait keeps the target on fresh seeds.
    pub meets_target: bool,
    /// Every load tried, in order.
    pub tries: Vec<Try>,
}

/// Chooses the greatest load whose p95 wait, at the upper end of its confidence interval, keeps the scenario's target
/// on seeds not used to choose. `score` rehearses a plan.
pub fn choose_load(scenario: &Scenario, score: &mut dyn FnMut(&Plan, Stage) -> Score) -> Choice {
    let nothing = Plan { policy: Policy::Waves, load: None, waves: Vec::new(), ..Plan::default() };
    choose_load_around(scenario, &nothing, score)
}

/// The same around the pinned waves of `kept`, as [`crate::waves_around`] has it. Pins may be such that no load keeps
/// the target; then the choice says so.
pub fn choose_load_around(
    scenario: &Scenario,
    kept: &Plan,
    score: &mut dyn FnMut(&Plan, Stage) -> Score,
) -> Choice {
    let target = scenario.waves.wait_p95_min;
    let mut tries = Vec::new();
    let mut attempt = |hundredths: u32, stage: Stage| {
        let load = f64::from(hundredths) / 100.0;
        let score = score(&waves_around(scenario, load, kept), stage);
        tries.push(Try { load, stage, score });
        score
    };
    let keeps = |score: &Score| score.wait_p95_upper_min <= target;
    let (mut low, mut high) = match scenario.waves.load {
        Some(load) => {
            let fixed = (load * 100.0 + 0.5) as u32;
            (fixed, fixed + 1)
        }
        None => (*LOADS.start(), *LOADS.end() + 1),
    };
    let mut chosen_by = attempt(low, Stage::Choose);
    // The wait grows with the load: halve the range between one that keeps the target and one that does not.
    while keeps(&chosen_by) && high - low > 1 {
        let middle = low.midpoint(high);
        let tried = attempt(middle, Stage::Choose);
        if keeps(&tried) {
            (low, chosen_by) = (middle, tried);
        } else {
            high = middle;
        }
    }
    let mut confirmed = attempt(low, Stage::Confirm);
    while !keeps(&confirmed) && scenario.waves.load.is_none() && low > *LOADS.start() {
        low -= 1;
        confirmed = attempt(low, Stage::Confirm);
    }
    let load = scenario.waves.load.unwrap_or(f64::from(low) / 100.0);
    let plan = waves_around(scenario, load, kept);
    Choice { plan, chosen_by, meets_target: keeps(&confirmed), confirmed, tries }
}
