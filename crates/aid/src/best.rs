//! The best that this build can do: solved where it has a solver, otherwise filled by greed.

use crate::{Board, Bounds, Limits};
use domain::aid::{Aid, AidPlan};
use std::fmt;

/// Why the solver gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsolved {
    /// It found none in its time.
    Time,
    /// It says that there is none.
    Impossible,
    /// It failed; the word is its own.
    Failed(String),
}

impl fmt::Display for Unsolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Unsolved::Time => "no plan was found in time",
            Unsolved::Impossible => "there is no plan",
            Unsolved::Failed(word) => word,
        })
    }
}

impl std::error::Error for Unsolved {}

/// A plan, and what is proven of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// The plan.
    pub plan: AidPlan,
    /// What is proven; `None` where nothing is.
    pub bounds: Option<Bounds>,
    /// Why the solver gave nothing, and the plan is made by greed.
    pub unsolved: Option<Unsolved>,
}

/// The best plan that is found. With `before` those orders are kept, unless each person whose orders are taken back gains more than so many
/// person-days. `seconds` is how long it has taken so far.
#[cfg(feature = "solver")]
pub fn best(
    aid: &Aid,
    before: Option<(&AidPlan, f64)>,
    limits: Limits,
    seconds: &dyn Fn() -> f64,
    progress: &mut dyn FnMut(f64),
) -> Best {
    let mut tell = |_: &str, at: f64| progress(at);
    let solved = match before {
        Some((kept, days)) => crate::replan(aid, kept, days, limits, seconds, &mut tell),
        None => crate::solve(aid, limits, seconds, &mut tell),
    };
    match solved {
        Ok(solved) => Best { plan: solved.plan, bounds: Some(solved.bounds), unsolved: None },
        Err(error) => Best { plan: filled(aid, before), bounds: None, unsolved: Some(error) },
    }
}

/// A plan by greed: nothing is proven of it.
#[cfg(not(feature = "solver"))]
pub fn best(
    aid: &Aid,
    before: Option<(&AidPlan, f64)>,
    _: Limits,
    _: &dyn Fn() -> f64,
    _: &mut dyn FnMut(f64),
) -> Best {
    Best { plan: filled(aid, before), bounds: None, unsolved: None }
}

fn filled(aid: &Aid, before: Option<(&AidPlan, f64)>) -> AidPlan {
    let Some((kept, _)) = before else { return crate::draft(aid) };
    let mut board = Board::of(aid, kept);
    let donors: Vec<usize> = (0..aid.donors.len()).collect();
    board.fill(&donors, &[], 1, 0.0);
    board.plan()
}
