//! Where plan and rehearsal meet: a verb never imports a verb, so the mouth brings them together.

use crate::{args::Running, speak::Speaker};
use cpu_time::ProcessTime;
use domain::{Plan, Policy, Scenario};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use plan::{Choice, Score, Stage};
use rehearse::{Luck, Outcome, Progress, Purpose, Rehearsal};
use serde::Serialize;
use std::{
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

/// How a run is done: seed, replications, threads.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The user's seed.
    pub seed: u64,
    /// Replications of the rehearsal itself.
    pub reps: u32,
    /// Threads.
    pub threads: usize,
    /// Run on the event engine though the other would do.
    pub on_event_engine: bool,
    /// Whose language the progress bar speaks.
    pub speaker: Speaker,
}

/// What a run cost.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Cost {
    /// CPU seconds, all threads.
    pub cpu_s: f64,
    /// Seconds on the wall.
    pub wall_s: f64,
    /// People simulated over CPU seconds.
    pub people_per_second: f64,
}

/// Replications that choose between loads, and that confirm the choice.
const CHOOSE_REPS: u32 = 48;
const CONFIRM_REPS: u32 = 1000;
/// A bar is shown for what takes longer than this.
const PATIENCE: Duration = Duration::from_millis(500);

impl Run {
    /// As the command line says.
    pub fn new(running: &Running, speaker: Speaker) -> Run {
        let machine = || thread::available_parallelism().map_or(1, usize::from);
        Run {
            seed: running.seed,
            reps: running.reps,
            threads: running.threads.map_or_else(machine, usize::from),
            on_event_engine: false,
            speaker,
        }
    }

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
        let (cpu, wall) = (ProcessTime::now(), Instant::now());
        let outcome = self.watched("progress.rehearse", rehearsal, self.luck(), self.reps);
        let (cpu_s, wall_s) = (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
        let people_per_second = outcome.people_simulated() / cpu_s.max(f64::MIN_POSITIVE);
        (outcome, Cost { cpu_s, wall_s, people_per_second })
    }

    /// Plans by a policy. Waves are chosen by rehearsal, on luck of their own.
    pub fn plan(&self, scenario: &Scenario, policy: Policy) -> (Plan, Option<Choice>) {
        match policy {
            Policy::Broadcast => (plan::broadcast(scenario), None),
            Policy::Waves => {
                let choice =
                    plan::choose_load(scenario, &mut |plan, stage| self.score(scenario, plan, stage));
                (choice.plan.clone(), Some(choice))
            }
        }
    }

    fn score(&self, scenario: &Scenario, plan: &Plan, stage: Stage) -> Score {
        let (purpose, reps) = match stage {
            Stage::Choose => (Purpose::Choose, CHOOSE_REPS),
            Stage::Confirm => (Purpose::Confirm, CONFIRM_REPS),
        };
        let luck = Luck { seed: self.seed, purpose };
        let figures =
            self.watched("progress.choose", &self.rehearsal(scenario, Some(plan)), luck, reps).figures();
        let p95 = figures.wait_min.p95.unwrap_or(0.0);
        Score {
            wait_p95_min: p95,
            wait_p95_upper_min: figures.wait_min.p95_ci95.map_or(p95, |limits| limits[1]),
            done_97_min: figures.done_97_min.unwrap_or(f64::NAN),
        }
    }

    /// Runs with a progress bar where that takes long and somebody looks.
    fn watched(&self, what: &str, rehearsal: &Rehearsal, luck: Luck, reps: u32) -> Outcome {
        let progress = Progress::default();
        thread::scope(|scope| {
            let run = scope.spawn(|| rehearsal.run(luck, reps, self.threads, &progress));
            let started = Instant::now();
            while !run.is_finished() && started.elapsed() < PATIENCE {
                thread::sleep(Duration::from_millis(1));
            }
            if !run.is_finished() {
                let bar = ProgressBar::with_draw_target(Some(u64::from(reps)), ProgressDrawTarget::stderr());
                let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
                bar.set_style(style.expect("the template is right"));
                bar.set_message(self.speaker.word(what));
                while !run.is_finished() {
                    bar.set_position(progress.done.load(Ordering::Relaxed));
                    thread::sleep(Duration::from_millis(50));
                }
                bar.finish_and_clear();
            }
            run.join().expect("a panic in a rehearsal ends the program")
        })
    }
}
