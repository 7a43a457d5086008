//! The best that this build can do: solved by the program, or drafted where it was built without.

use crate::Repair;
use domain::roster::{Roster, Span, Task};

/// A roster, and what is proven of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// The roster.
    pub roster: Roster,
    /// No roster costs less; `None` where nothing is proven.
    pub bound: Option<u64>,
    /// Why the program gave nothing, and the roster is a draft.
    pub unsolved: Option<String>,
}

/// Seconds for a repair: a part of the second in which somebody waits for it.
#[cfg(feature = "solver")]
const REPAIR_S: f64 = 0.7;

/// The best roster that is found in so many seconds, or the first that is proven to be within a relative gap of the best.
#[cfg(feature = "solver")]
pub fn best(task: &Task, time_s: f64, gap: f64) -> Best {
    match crate::model::solve(task, crate::model::Limits { time_s, gap }) {
        Ok(solved) => Best { roster: solved.roster, bound: Some(solved.bound), unsolved: None },
        Err(error) => Best { roster: crate::draft(task), bound: None, unsolved: Some(error.to_string()) },
    }
}

/// A draft: nothing is proven of it.
#[cfg(not(feature = "solver"))]
pub fn best(task: &Task, _: f64, _: f64) -> Best {
    Best { roster: crate::draft(task), bound: None, unsolved: None }
}

/// A roster without somebody for a stretch of time, with few others touched: see [`crate::repair()`].
#[cfg(feature = "solver")]
pub fn mended(task: &Task, roster: &Roster, who: usize, out: Span, now_min: i32) -> Repair {
    crate::model::repair(task, roster, who, out, now_min, REPAIR_S)
}

/// A roster without somebody for a stretch of time, with few others touched: see [`crate::repair()`].
#[cfg(not(feature = "solver"))]
pub fn mended(task: &Task, roster: &Roster, who: usize, out: Span, now_min: i32) -> Repair {
    crate::repair(task, roster, who, out, now_min)
}
