//! Rehearsals on a page: one thread, and the browser's clock.

use rehearse::{Luck, Outcome, Progress, Rehearsal};
use verbs::{Cost, Machine};

/// The page's one thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page;

impl Machine for Page {
    fn run(&self, _: &'static str, rehearsal: &Rehearsal, luck: Luck, reps: u32) -> (Outcome, Cost) {
        let started = js_sys::Date::now();
        let outcome = rehearsal.run(luck, reps, 1, &Progress::default());
        let seconds = (js_sys::Date::now() - started) / 1000.0;
        let cost = Cost::new(outcome.people_simulated(), seconds, seconds);
        (outcome, cost)
    }
}
