//! How long people wait before they give up: exponential, by maximum likelihood with the waits of those who were served
//! first as a lower bound.

use crate::{
    calls::Measured,
    observed::{End, Observed},
};
use chance::TICKS_PER_SECOND;
use serde::Serialize;

/// Waits that ended, and how.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Patience {
    /// People who gave up, all rounds.
    pub gave_up: u64,
    /// Hours waited by everyone together, all rounds.
    pub waited_h: f64,
    /// Mean minutes that people are ready to wait; null where nobody gave up, or fewer than five.
    pub mean_min: Option<Measured>,
}

/// Fewer people than this who gave up say nothing of a mean.
const FEWEST: u64 = 5;

/// Time waited by all, over those who gave up, is the likeliest mean.
pub(crate) fn measure(observed: &Observed) -> Patience {
    let (mut waited, mut gave_up) = (0.0, 0);
    for visit in observed.visits() {
        for step in &visit.steps {
            if let (Some(from), Some(until)) = (step.queued, step.quit.or(step.started)) {
                waited += (until - from).max(0) as f64;
            }
        }
        gave_up += u64::from(matches!(visit.end, End::GaveUp(_)));
    }
    let hours = waited / (3600 * TICKS_PER_SECOND) as f64;
    let mean_min = (gave_up >= FEWEST).then(|| {
        let value = hours * 60.0 / gave_up as f64;
        Measured { value, se: value / (gave_up as f64).sqrt(), n: gave_up as usize }
    });
    Patience { gave_up, waited_h: hours, mean_min }
}
