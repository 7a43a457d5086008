//! Two outcomes of a city compared day by day: the same people came with the same luck.

use super::outcome::CityOutcome;
use crate::{Difference, TICKS_PER_MINUTE};
use serde::Serialize;

/// The difference of two outcomes, this less that.
#[derive(Clone, Debug, Serialize)]
pub struct CityPaired {
    /// Of the mean wait, in minutes.
    pub wait_mean_min: Option<Difference>,
    /// Of the wait that 95 in 100 do not exceed, in minutes.
    pub wait_p95_min: Option<Difference>,
    /// Of the time at which 97 % of those served have left, in minutes.
    pub done_97_min: Option<Difference>,
    /// Of the most people waiting at one site at one time.
    pub queue_max: Option<Difference>,
    /// Of the tubes that have a result in time.
    pub tubes_in_time: Option<Difference>,
}

impl CityPaired {
    /// `this` less `that`, rehearsed with the same seed on as many days.
    pub fn of(this: &CityOutcome, that: &CityOutcome) -> CityPaired {
        let waits = |outcome: &CityOutcome, place: usize| -> Vec<f64> {
            outcome.days.iter().map(|day| day[place] / TICKS_PER_MINUTE as f64).collect()
        };
        CityPaired {
            wait_mean_min: difference(&waits(this, 0), &waits(that, 0)),
            wait_p95_min: difference(&waits(this, 1), &waits(that, 1)),
            done_97_min: difference(&this.done_97, &that.done_97),
            queue_max: difference(&this.queue_max, &that.queue_max),
            tubes_in_time: difference(&this.in_time, &that.in_time).filter(|_| !this.labs.is_empty()),
        }
    }
}

/// `None` where a day has no such figure, because nobody was served on it.
fn difference(this: &[f64], that: &[f64]) -> Option<Difference> {
    if this.len() != that.len() {
        return None;
    }
    let each: Vec<f64> = this.iter().zip(that).map(|(this, that)| this - that).collect();
    Difference::of(&each)
}
