//! Where plan and rehearsal meet: a verb never imports a verb, so they are brought together here.

use domain::{Plan, Policy, Scenario};
use plan::{Choice, Score, Stage};
use rehearse::{Luck, Outcome, Progress, Purpose, Rehearsal};
use serde::Serialize;

/// How a rehearsal is carried out: the mouth brings threads, a clock and a progress bar.
pub trait Machine {
    /// Does something of so many parts; `what` is the catalogue's key of what is being done.
    fn watch(&self, what: &'static str, parts: u64, work: &mut Work<'_>) -> Cost;

    /// Runs so many replications.
    fn run(&self, what: &'static str, rehearsal: &Rehearsal, luck: Luck, reps: u32) -> (Outcome, Cost) {
        let mut outcome = None;
        let cost = self.watch(what, u64::from(reps), &mut |threads, progress| {
            let outcome = outcome.insert(rehearsal.run(luck, reps, threads, progress));
            outcome.people_simulated()
        });
        (outcome.expect("a machine does what it is given"), cost)
    }
}

/// Work on so many threads that tells how far it is, and at its end how many people it simulated.
pub type Work<'a> = dyn FnMut(usize, &Progress) -> f64 + Send + 'a;

/// What a run cost, as the mouth measured it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Cost {
    /// CPU seconds, all threads.
    pub cpu_s: f64,
    /// Seconds on the wall.
    pub wall_s: f64,
    /// People simulated over CPU seconds.
    pub people_per_second: f64,
}

impl Cost {
    /// Of a run that simulated so many people.
    pub fn new(people: f64, cpu_s: f64, wall_s: f64) -> Cost {
        Cost { cpu_s, wall_s, people_per_second: people / cpu_s.max(f64::MIN_POSITIVE) }
    }

    /// Of this and what was run after it.
    pub fn and(self, other: Cost) -> Cost {
        let people = |of: Cost| of.people_per_second * of.cpu_s;
        Cost::new(people(self) + people(other), self.cpu_s + other.cpu_s, self.wall_s + other.wall_s)
    }
}

/// How a run is done: seed, replications, and by what.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// The user's seed.
    pub seed: u64,
    /// Replications of the rehearsal itself.
    pub reps: u32,
    /// Replications that choose between loads, and that confirm the choice.
    pub trials: Trials,
    /// Run on the event engine though the other would do.
    pub on_event_engine: bool,
    /// Who carries it out.
    pub machine: &'a dyn Machine,
}

/// Replications that a plan is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trials {
    /// For each load that is tried.
    pub choose: u32,
    /// For the one that is chosen.
    pub confirm: u32,
}

impl Trials {
    /// What a plan deserves.
    pub const FULL: Trials = Trials { choose: 48, confirm: 1000 };
    /// For a first answer while somebody looks on.
    pub const QUICK: Trials = Trials { choose: 12, confirm: 50 };
}

impl Run<'_> {
    /// The luck of the rehearsal itself.
    pub fn luck(&self) -> Luck {
        Luck { seed: self.seed, purpose: Purpose::Rehearse }
    }

    /// Makes a scenario ready to run.
    pub fn rehearsal(&self, scenario: &Scenario, plan: Option<&Plan>) -> Rehearsal {
        let rehearsal = Rehearsal::new(scenario, plan);
        if self.on_event_engine { rehearsal.on_event_engine() } else { rehearsal }
    }

    /// Rehearses, and says what it cost.
    pub fn rehearse(&self, rehearsal: &Rehearsal) -> (Outcome, Cost) {
        self.machine.run("progress.rehearse", rehearsal, self.luck(), self.reps)
    }

    /// Plans by a policy. Waves are chosen by rehearsal, on luck of their own; those that are pinned in a plan that is
    /// kept stay as they are.
    pub fn plan(&self, scenario: &Scenario, policy: Policy, kept: Option<&Plan>) -> (Plan, Option<Choice>) {
        let mut score = |plan: &Plan, stage: Stage| self.score(scenario, plan, stage);
        let choice = match (policy, kept) {
            (Policy::Broadcast, _) => return (plan::broadcast(scenario), None),
            (Policy::Waves, None) => plan::choose_load(scenario, &mut score),
            (Policy::Waves, Some(kept)) => plan::choose_load_around(scenario, kept, &mut score),
        };
        (choice.plan.clone(), Some(choice))
    }

    /// The plan alone, where nobody asks how it was chosen: a load that the scenario gives needs no trial.
    pub fn plan_alone(&self, scenario: &Scenario, policy: Policy) -> Plan {
        match (policy, scenario.waves.load) {
            (Policy::Waves, Some(load)) => plan::waves(scenario, load),
            _ => self.plan(scenario, policy, None).0,
        }
    }

    fn score(&self, scenario: &Scenario, plan: &Plan, stage: Stage) -> Score {
        let (purpose, reps) = match stage {
            Stage::Choose => (Purpose::Choose, self.trials.choose),
            Stage::Confirm => (Purpose::Confirm, self.trials.confirm),
        };
        let rehearsal = self.rehearsal(scenario, Some(plan));
        let luck = Luck { seed: self.seed, purpose };
        let figures = self.machine.run("progress.choose", &rehearsal, luck, reps).0.figures();
        let p95 = figures.wait_min.p95.unwrap_or(0.0);
        Score {
            wait_p95_min: p95,
            wait_p95_upper_min: figures.wait_min.p95_ci95.map_or(p95, |limits| limits[1]),
            done_97_min: figures.done_97_min.unwrap_or(f64::NAN),
        }
    }
}
