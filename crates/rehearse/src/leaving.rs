//! When people leave a site, all served: what whoever comes after it has to work with.

use crate::{Luck, Outcome, Rehearsal, TICKS_PER_MINUTE};
use queueing::Progress;
use std::sync::Mutex;

/// People who left in each minute after the opening, by replication.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving(pub Vec<Vec<u32>>);

/// Minutes of the longest round, a week; who leaves later is counted there.
const MINUTES_MAX: usize = 7 * 24 * 60;

impl Rehearsal {
    /// Runs so many replications, and tells when people left in each. A minute's people left before its end.
    pub fn run_leaving(
        &self,
        luck: Luck,
        replications: u32,
        threads: usize,
        progress: &Progress,
    ) -> (Outcome, Leaving) {
        let days: Vec<Mutex<Vec<u32>>> = (0..replications).map(|_| Mutex::default()).collect();
        let left = |number: u32, _: usize, times: &[chance::Ticks]| {
            let mut minutes = days[number as usize].lock().expect("no thread panics");
            for &at in times {
                let minute =
                    usize::try_from(at.div_euclid(TICKS_PER_MINUTE)).unwrap_or(0).min(MINUTES_MAX - 1);
                if minutes.len() <= minute {
                    minutes.resize(minute + 1, 0);
                }
                minutes[minute] += 1;
            }
        };
        let outcome = self.run_and_tell(luck, replications, threads, progress, Some(&left));
        let days = days.into_iter().map(|day| day.into_inner().expect("no thread panics"));
        (outcome, Leaving(days.collect()))
    }
}
