//! What a city can promise of its results, and what its couriers are to expect.

use super::{CityOutcome, CityRehearsal, QUARTER, day};
use crate::{Luck, TICKS_PER_MINUTE};
use queueing::Progress;
use serde::Serialize;

/// Results of a share of all tubes by a moment, and whether that was kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Promise {
    /// Share of all tubes,
    pub share: f64,
    /// that have a result of a young enough specimen by this moment, in minutes after the opening.
    pub by_min: f64,
    /// Share of days on which that was so,
    pub kept: f64,
    /// and how many were rehearsed.
    pub days: usize,
    /// Whether those are enough, of enough of them, that the promise may be given.
    pub given: bool,
    /// The moment by which the same share of days had the same share of results; null where too few had it at all.
    pub could_be_by_min: Option<f64>,
}

/// A promise is given on the word of so many days or more: of fewer, nine in ten can be luck.
pub const DAYS_NEEDED: usize = 10;

/// Tubes of a site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteTubes {
    /// Closed in each quarter of an hour after the opening, mean over days.
    pub by_quarter: Vec<f64>,
    /// When the last was closed on any day, in minutes after the opening.
    pub last_min: f64,
}

impl CityOutcome {
    /// What the days say of a promise for `share` of the tubes by the moment at which results are due; it is given where it was kept
    /// on so many of them, and they were [`DAYS_NEEDED`] or more. `None` where nothing is tested.
    pub fn promise(&self, share: f64, due_min: f64, kept_on: f64) -> Option<Promise> {
        let days = self.filled.len();
        if days == 0 || self.filled.iter().all(|&tubes| tubes == 0) {
            return None;
        }
        let enough = |(&in_time, &filled): (&f64, &u64)| in_time >= share * filled as f64;
        let kept = self.in_time.iter().zip(&self.filled).filter(|&day| enough(day)).count();
        let quarter_min = QUARTER as f64 / TICKS_PER_MINUTE as f64;
        // A result of any time of a quarter is there at its end.
        let reached = |(done, &filled): (&super::Quarters, &u64)| {
            done.reached(share * filled as f64)
                .map_or(f64::INFINITY, |quarters| quarters.ceil() * quarter_min)
        };
        let mut by: Vec<f64> = self.done.iter().zip(&self.filled).map(reached).collect();
        by.sort_by(f64::total_cmp);
        let place = ((kept_on * days as f64).ceil() as usize).clamp(1, days) - 1;
        let kept = kept as f64 / days as f64;
        let could_be_by_min = Some(by[place]).filter(|by| by.is_finite());
        let given = days >= DAYS_NEEDED && kept >= kept_on;
        Some(Promise { share, by_min: due_min, kept, days, given, could_be_by_min })
    }
}

impl CityRehearsal<'_> {
    /// What each site fills and when, over so many days: what rounds are planned for.
    pub fn tubes(&self, luck: Luck, days: u32, threads: usize, progress: &Progress) -> Vec<SiteTubes> {
        let mut sites = vec![SiteTubes::default(); self.city.sites.len()];
        for number in 0..days {
            let day = day::live(self, luck, number, threads, progress);
            for (sum, site) in sites.iter_mut().zip(&day.sites) {
                for tube in &site.tubes {
                    let closed = super::tubes::ticks(tube.closed);
                    let quarter = (closed / QUARTER) as usize;
                    if sum.by_quarter.len() <= quarter {
                        sum.by_quarter.resize(quarter + 1, 0.0);
                    }
                    sum.by_quarter[quarter] += 1.0 / f64::from(days);
                    sum.last_min = sum.last_min.max(closed as f64 / TICKS_PER_MINUTE as f64);
                }
            }
        }
        sites
    }
}
