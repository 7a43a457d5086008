//! Examples of the house, rehearsed and reviewed: shared by the tests and the program that prints the table.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test uses a part of it; a test that cannot go on should stop"
)]

use domain::{Moment, Plan, Scenario, event::Envelope};
use rehearse::{Luck, Progress, Purpose, Rehearsal};
use review::{Observed, Review};

pub struct World {
    pub name: &'static str,
    pub scenario: Scenario,
    pub plan: Option<Plan>,
}

const OPENING: &str = "2022-03-27T23:00:00Z";

pub fn scenario(example: &str) -> Scenario {
    let files = scenario::example(example).unwrap();
    let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:#?}"))
}

pub fn garden(policy: &'static str) -> World {
    let scenario = scenario("sunshine-garden");
    // The load that rehearsal chooses for this compound, about.
    let plan = if policy == "waves" { plan::waves(&scenario, 0.85) } else { plan::broadcast(&scenario) };
    let name = if policy == "waves" { "sunshine-garden, waves" } else { "sunshine-garden, broadcast" };
    World { name, plan: Some(plan), scenario }
}

pub fn clinic() -> World {
    World { name: "flu-clinic", scenario: scenario("flu-clinic"), plan: None }
}

pub fn worlds() -> Vec<World> {
    vec![garden("broadcast"), garden("waves"), clinic()]
}

fn luck(seed: u64) -> Luck {
    Luck { seed, purpose: Purpose::Rehearse }
}

/// p50 and p95 of the wait, in minutes.
pub type Waits = [f64; 2];

impl World {
    pub fn rehearsal(&self, scenario: &Scenario) -> Rehearsal {
        Rehearsal::new(scenario, self.plan.as_ref())
    }

    /// The events of replication 0.
    pub fn events(&self, seed: u64) -> Vec<Envelope> {
        let opening = Moment::parse(OPENING).unwrap();
        let rehearsal = self.rehearsal(&self.scenario);
        rehearse::events::replication_0(&rehearsal, &self.scenario, luck(seed), |ticks| {
            (opening + ticks).rfc3339()
        })
    }

    pub fn review(&self, seeds: std::ops::RangeInclusive<u64>) -> Review {
        let mut notes = domain::Notes::default();
        let mut observed = Observed::new();
        for seed in seeds {
            observed.take_in(&self.events(seed), &mut notes);
        }
        assert!(!notes.refuses(), "{notes:#?}");
        observed.review(Some(&self.scenario), self.plan.as_ref()).0
    }

    pub fn waits(&self, scenario: &Scenario, seed: u64, replications: u32, threads: usize) -> Waits {
        let run = self.rehearsal(scenario).run(luck(seed), replications, threads, &Progress::default());
        let wait = run.figures().wait_min;
        [wait.p50.unwrap(), wait.p95.unwrap()]
    }

    /// The waits of the original, and of the scenario fitted to so many replications together.
    pub fn pooled(&self, streams: u64) -> [Waits; 2] {
        let refit = self.review(1..=streams).refit(&self.scenario);
        // Other luck than that of the streams.
        [&self.scenario, &refit].map(|scenario| self.waits(scenario, 1_000_003, 200, 2))
    }

    /// In how many trials a single stream's own p50, and its p95, lie between the 5 and 95 % quantiles of as many
    /// rehearsals, each of one replication and of a scenario drawn from what that stream leaves open.
    pub fn covered(&self, trials: u64, draws: u64) -> [u32; 2] {
        let mut inside = [0, 0];
        for trial in 1..=trials {
            let review = self.review(trial..=trial);
            let own = [review.wait_min.p50.unwrap(), review.wait_min.p95.unwrap()];
            let drawn: Vec<Waits> = (0..draws)
                .map(|draw| {
                    let seed = 1_000_000 * trial + draw;
                    self.waits(&review.refit_drawn(&self.scenario, seed), seed, 1, 1)
                })
                .collect();
            for place in 0..2 {
                let mut values: Vec<f64> = drawn.iter().map(|waits| waits[place]).collect();
                values.sort_by(f64::total_cmp);
                let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
                inside[place] += u32::from((at(0.05)..=at(0.95)).contains(&own[place]));
            }
        }
        inside
    }
}
