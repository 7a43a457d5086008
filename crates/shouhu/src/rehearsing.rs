//! Rehearsals on this machine: its threads, its clocks, and a bar on what takes long.

use crate::{args::Running, speak::Speaker};
use cpu_time::ProcessTime;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rehearse::Progress;
use std::{
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};
use verbs::{Cost, Machine, Run, Trials, Work};

/// This machine.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Threads.
    threads: usize,
    /// Whose language the progress bar speaks.
    speaker: Speaker,
    /// Whether bars are shown at all.
    bars: bool,
}

/// Replications where nothing is said.
const REPS: u32 = 200;
/// A bar is shown for what takes longer than this.
const PATIENCE: Duration = Duration::from_millis(500);

impl Terminal {
    /// With the threads of the command line.
    pub fn new(running: &Running, speaker: Speaker) -> Terminal {
        let machine = || thread::available_parallelism().map_or(1, usize::from);
        Terminal { threads: running.threads.map_or_else(machine, usize::from), speaker, bars: true }
    }

    /// The same for parts of something that has a bar of its own.
    pub fn without_bars(self) -> Terminal {
        Terminal { bars: false, ..self }
    }

    /// A run as the command line says.
    pub fn run_of(&self, running: &Running) -> Run<'_> {
        Run {
            seed: running.seed,
            reps: running.reps.unwrap_or(REPS),
            trials: Trials::FULL,
            on_event_engine: false,
            machine: self,
        }
    }
}

impl Machine for Terminal {
    fn watch(&self, what: &'static str, parts: u64, work: &mut Work<'_>) -> Cost {
        self.watched(what, parts, |threads, progress| ((), work(threads, progress))).1
    }
}

impl Terminal {
    /// Threads.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Runs something of so many parts that tells how many people it simulated, with a bar on what takes long.
    pub fn watched<T: Send>(
        &self,
        what: &'static str,
        parts: u64,
        run: impl FnOnce(usize, &Progress) -> (T, f64) + Send,
    ) -> (T, Cost) {
        let (cpu, wall) = (ProcessTime::now(), Instant::now());
        let progress = Progress::default();
        let (outcome, people) = thread::scope(|scope| {
            let run = scope.spawn(|| run(self.threads, &progress));
            let started = Instant::now();
            while !run.is_finished() && (started.elapsed() < PATIENCE || !self.bars) {
                thread::sleep(Duration::from_millis(1));
            }
            if !run.is_finished() {
                let bar = ProgressBar::with_draw_target(Some(parts), ProgressDrawTarget::stderr());
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
        });
        let cost = Cost::new(people, cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
        (outcome, cost)
    }
}
