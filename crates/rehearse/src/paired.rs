//! Two outcomes compared replication by replication: they met the same people with the same luck, so their difference
//! is known far better than either of them.

use crate::{Outcome, figures::minutes};
use queueing::Interval;
use serde::Serialize;

/// The difference of two outcomes, this less that.
#[derive(Clone, Debug, Serialize)]
pub struct Paired {
    /// Of the mean wait, in minutes.
    pub wait_mean_min: Option<Difference>,
    /// Of the wait that 95 in 100 do not exceed, in minutes.
    pub wait_p95_min: Option<Difference>,
    /// Of the time at which 97 % of those served have left, in minutes.
    pub done_97_min: Option<Difference>,
    /// Of the most people waiting at one time.
    pub queue_max: Option<Difference>,
}

/// A mean difference and its 95 % interval, from the replications that both have.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Mean over replications.
    pub mean: f64,
    /// 95 % interval; null for one replication.
    pub ci95: Option<[f64; 2]>,
}

impl Paired {
    /// `this` less `that`, rehearsed with the same seed.
    pub fn of(this: &Outcome, that: &Outcome) -> Paired {
        let (this, that) = (&this.summary, &that.summary);
        let (a, b) = (&this.wait.distribution, &that.wait.distribution);
        let minutes_of = |difference: Option<Difference>| difference.map(Difference::in_minutes);
        Paired {
            wait_mean_min: minutes_of(difference(&a.means, &b.means)),
            wait_p95_min: minutes_of(difference(&a.p95s, &b.p95s)),
            done_97_min: minutes_of(difference(&this.done_97, &that.done_97)),
            queue_max: difference(&this.queue_max, &that.queue_max),
        }
    }
}

impl Difference {
    /// From the difference of each replication; `None` where there is none.
    pub(crate) fn of(each: &[f64]) -> Option<Difference> {
        let mean = (!each.is_empty()).then(|| each.iter().sum::<f64>() / each.len() as f64)?;
        let limits = Interval::around(mean, each.iter().copied());
        Some(Difference { mean, ci95: limits.map(|limits| [limits.low, limits.high]) })
    }

    /// Of ticks.
    fn in_minutes(self) -> Difference {
        Difference { mean: minutes(self.mean), ci95: self.ci95.map(|limits| limits.map(minutes)) }
    }
}

/// Both lists are in the order of replications.
fn difference(this: &[(u32, f64)], that: &[(u32, f64)]) -> Option<Difference> {
    let mut others = that.iter().peekable();
    let mut both = Vec::with_capacity(this.len());
    for &(number, value) in this {
        while others.next_if(|other| other.0 < number).is_some() {}
        if let Some(other) = others.next_if(|other| other.0 == number) {
            both.push(value - other.1);
        }
    }
    Difference::of(&both)
}
