//! Rehearsals on a page: one thread, and the browser's clock.

use rehearse::Progress;
use verbs::{Cost, Machine, Work};

/// The page's one thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page;

impl Machine for Page {
    fn watch(&self, _: &'static str, _: u64, work: &mut Work<'_>) -> Cost {
        let started = js_sys::Date::now();
        let people = work(1, &Progress::default());
        let seconds = (js_sys::Date::now() - started) / 1000.0;
        Cost::new(people, seconds, seconds)
    }
}
