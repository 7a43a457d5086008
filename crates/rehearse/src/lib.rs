//! Lives a plan under seeds before anyone queues.
//!
//! Map: [`Rehearsal`] a scenario and a plan made ready to run · [`Outcome`] and its [`Figures`] what came out ·
//! [`Paired`] two outcomes compared under common random numbers · [`Curves`] who stands where, minute by minute ·
//! [`Leaving`] when they go on · [`events`] the same events that a real round writes · [`records`] every visit with all of its times · [`faults`] what goes wrong on the day · [`Trial`] many
//! plans on the same luck · [`ahead`] the rest of a day that is already running · [`city`] a whole city's day · [`crews`]
//! crews that go from community to community.
//!
//! It does not know how a plan is made, and nothing downstream can tell its events from real ones but by their origin.

pub mod ahead;
mod arrivals;
mod calls;
pub mod city;
mod compile;
pub mod crews;
mod curves;
pub mod events;
pub mod faults;
mod figures;
mod leaving;
mod looking;
mod paired;
pub mod records;
mod trial;

pub use curves::Curves;
pub use figures::{ClassFigures, Figures, GreenFigures, Spread, StationFigures};
pub use leaving::Leaving;
pub use paired::{Difference, Paired};
pub use queueing::{Engine, Progress};
pub use trial::{Did, Draws, Trial};

use arrivals::Coming;
use chance::{Chance, TICKS_PER_SECOND, Ticks};
use domain::{Plan, Scenario};
use queueing::{Days, Model, Summary};
use std::sync::atomic::{AtomicI64, Ordering};

/// Ticks in a minute.
pub const TICKS_PER_MINUTE: Ticks = 60 * TICKS_PER_SECOND;

/// A scenario and a plan, made ready to run.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    model: Model,
    engine: Engine,
    coming: Coming,
    /// Names of the visitor classes, in the model's order.
    classes: Vec<String>,
    /// Names of the stations, and how many servers each has at most (`None`: not counted).
    stations: Vec<(String, Option<u32>)>,
}

/// Which random numbers a run draws: the same seed gives different luck for each use, so that what chose a plan never
/// judges it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Luck {
    /// The user's seed.
    pub seed: u64,
    /// What the run is for.
    pub purpose: Purpose,
}

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// To tell what would happen.
    Rehearse = 0,
    /// To choose between plans.
    Choose = 1 << 31,
    /// To confirm the chosen one.
    Confirm = (1 << 31) + 1,
    /// To tell how slowly a plan that was searched for is called.
    Check = (1 << 31) + 4,
    /// To tell how a running day goes on. ((1 << 31) + 2 is a review's.)
    Ahead = (1 << 31) + 3,
    /// To tell how a day of crews would go; each community has a stream of its own from here on.
    Crews = (1 << 31) + 5,
}

/// What came out of a rehearsal.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// In people and ticks.
    pub summary: Summary,
    /// Which engine ran.
    pub engine: Engine,
    /// Mean ticks that callers spent on calls, a replication.
    pub caller_ticks: f64,
    classes: Vec<String>,
    stations: Vec<(String, Option<u32>)>,
}

impl Rehearsal {
    /// Makes a scenario ready. With a plan, the roll's households come as it says; without one, people come by the
    /// scenario's own law.
    ///
    /// # Panics
    /// If the scenario's law needs a roll and no plan is given: who comes to which lane is then unknown.
    pub fn new(scenario: &Scenario, plan: Option<&Plan>) -> Rehearsal {
        assert!(plan.is_some() || !scenario.arrivals.needs_roll(), "a roll is rehearsed by a plan");
        let staffed = plan.and_then(|plan| plan.staffed(scenario));
        let scenario = staffed.as_ref().unwrap_or(scenario);
        let compiled = compile::compile(scenario);
        let coming = Coming::new(scenario, plan, &compiled);
        let engine = compiled.model.engine();
        Rehearsal {
            model: compiled.model,
            engine,
            coming,
            classes: compiled.class_names,
            stations: compiled.stations,
        }
    }

    /// The engine that will run: the fastest that is exact.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The same on the event engine, which runs everything; to measure and to compare.
    #[must_use]
    pub fn on_event_engine(mut self) -> Rehearsal {
        self.engine = Engine::Event;
        self
    }

    /// Hours that all callers are out, from the first call to the last, mean over replications; 0 where nobody calls.
    pub fn caller_hours(&self, luck: Luck, replications: u32) -> f64 {
        let out = (0..replications).map(|number| {
            let chance = Chance::new(luck.seed, luck.purpose as u32, number);
            let (mut first, mut last) = (Ticks::MAX, Ticks::MIN);
            self.coming.told(&chance, |called, told| {
                first = first.min(called.from());
                last = last.max(told);
            });
            if last > first { last - first } else { 0 }
        });
        let hours = out.sum::<Ticks>() as f64 / (3_600 * TICKS_PER_SECOND) as f64;
        hours * self.coming.callers() as f64 / f64::from(replications.max(1))
    }

    /// People who come in each of the first so many hours of this length, mean over replications; who comes before the
    /// opening comes in the first, and hours after the last in which anybody comes are left out.
    pub fn coming_by(&self, luck: Luck, replications: u32, hour: Ticks, hours: usize) -> Vec<f64> {
        let mut counts: Vec<u64> = vec![0];
        let mut visits = Vec::new();
        for number in 0..replications {
            visits.clear();
            self.coming.fill(&Chance::new(luck.seed, luck.purpose as u32, number), &mut visits);
            for visit in &visits {
                let place =
                    usize::try_from(visit.at.div_euclid(hour.max(1))).unwrap_or(0).min(hours.max(1) - 1);
                counts.resize(counts.len().max(place + 1), 0);
                counts[place] += 1;
            }
        }
        counts.into_iter().map(|count| count as f64 / f64::from(replications.max(1))).collect()
    }

    /// Runs so many replications.
    pub fn run(&self, luck: Luck, replications: u32, threads: usize, progress: &Progress) -> Outcome {
        self.run_and_tell(luck, replications, threads, progress, None)
    }

    fn run_and_tell(
        &self,
        luck: Luck,
        replications: u32,
        threads: usize,
        progress: &Progress,
        left: Option<&queueing::Left<'_>>,
    ) -> Outcome {
        let caller_ticks = AtomicI64::new(0);
        let arrive = |_, chance: &Chance, visits: &mut Vec<queueing::Visit>| {
            caller_ticks.fetch_add(self.coming.fill(chance, visits), Ordering::Relaxed);
        };
        let process = self.coming.process();
        let poisson = |_| process.clone().expect("people come by a process");
        let days = Days {
            model: &self.model,
            engine: self.engine,
            count: replications,
            chance: &|number| Chance::new(luck.seed, luck.purpose as u32, number),
            coming: if process.is_some() {
                queueing::Coming::Poisson(&poisson)
            } else {
                queueing::Coming::Anyone(&arrive)
            },
            came: None,
            left,
            detail: queueing::Detail::Everything,
        };
        let tally = days.run(threads, progress);
        let summary = tally.summary(&self.model);
        Outcome {
            caller_ticks: caller_ticks.into_inner() as f64 / f64::from(summary.replications.max(1)),
            summary,
            engine: self.engine,
            classes: self.classes.clone(),
            stations: self.stations.clone(),
        }
    }
}
