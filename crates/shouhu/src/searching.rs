//! A search on this machine: its bar, its time, and Ctrl-C.

use crate::{args::Running, rehearsing::Terminal, speak::Speaker};
use domain::{Notes, Plan, Scenario};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use plan::search::Free;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use verbs::{Planned, Search};

/// The best plan that is found on this machine, within a time limit if there is one, and until Ctrl-C.
pub fn plan(
    scenario: &Scenario,
    running: &Running,
    kept: Option<&Plan>,
    (free, limit): (Free, Option<Duration>),
    speaker: Speaker,
) -> Result<Planned, Notes> {
    let terminal = Terminal::new(running, speaker);
    let mut searching = Searching::new(limit, speaker);
    let how = Search { free, threads: terminal.threads(), goes_on: &mut |done| searching.goes_on(done) };
    let quiet = terminal.without_bars();
    let planned = verbs::plan_by_search(scenario, &quiet.run_of(running), kept, how);
    searching.end();
    planned
}

/// A search that somebody waits for.
pub struct Searching {
    started: Instant,
    limit: Option<Duration>,
    interrupted: Arc<AtomicBool>,
    bar: ProgressBar,
}

/// Parts of the bar.
const PARTS: u64 = 1_000;

impl Searching {
    /// Begins to wait: from now on Ctrl-C ends the search, and a second one the program.
    pub fn new(limit: Option<Duration>, speaker: Speaker) -> Searching {
        let bar = ProgressBar::with_draw_target(Some(PARTS), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} % {elapsed}");
        bar.set_style(style.expect("the template is right"));
        bar.set_message(speaker.word("progress.search"));
        let interrupted = Arc::new(AtomicBool::new(false));
        listen(Arc::clone(&interrupted));
        Searching { started: Instant::now(), limit, interrupted, bar }
    }

    /// Shows how far the search is, from 0 to 1; says whether it goes on.
    pub fn goes_on(&mut self, done: f64) -> bool {
        self.bar.set_position((done * PARTS as f64) as u64);
        let in_time = self.limit.is_none_or(|limit| self.started.elapsed() < limit);
        in_time && !self.interrupted.load(Ordering::Relaxed)
    }

    /// Takes the bar away.
    pub fn end(self) {
        self.bar.finish_and_clear();
    }
}

/// Waits for Ctrl-C beside the search. Where the system gives no signals, the search runs to its end.
fn listen(interrupted: Arc<AtomicBool>) {
    thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            interrupted.store(true, Ordering::Relaxed);
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        });
    });
}
