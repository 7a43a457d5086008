//! Waves by search: from a fluid start, call times, the lane of each entrance and where the staff stand are changed as
//! long as a rehearsal on the same luck says that 97 % are done earlier and the wait keeps its target.
//!
//! A wave is called when the people expected before its lane, those included who are still to come late, have fallen to
//! a given backlog. The search moves these backlogs, in minutes of the lane's work, at a few places of the day; so a
//! plan has few numbers, and the luck of a few replications cannot be learnt by heart. Candidates are many at first, on
//! few replications; the better half goes on with twice as many. What is found is held against fresh luck, and called a
//! little more slowly until it keeps the target there; the final word is on luck that chose nothing.

mod curve;
mod fluid;
mod moves;
mod staffed;

pub use curve::CurvePoint;
pub use moves::searched;

use domain::{Plan, Scenario};

/// How a plan does on some luck.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Did {
    /// The wait that 95 in 100 do not exceed, in minutes.
    pub wait_p95_min: f64,
    /// The upper end of its 95 % confidence interval; the wait itself where nobody asked for an interval.
    pub wait_p95_upper_min: f64,
    /// Minutes after opening at which 97 % are done.
    pub done_97_min: f64,
    /// People not served.
    pub unserved: f64,
    /// Hours that all callers are out, from the first call to the last.
    pub caller_hours: f64,
}

/// Which luck a plan is rehearsed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Luck {
    /// The search's own: the same replications for every plan, as many as asked for.
    Search(u32),
    /// Replications that nothing is chosen by but how slowly to call.
    Check(u32),
    /// The final word, on replications that chose nothing.
    Final,
}

/// Who rehearses for the search, and says when it has to end.
pub trait Judge {
    /// How a plan does. `scenario` is staffed as the plan has it.
    fn judge(&mut self, scenario: &Scenario, plan: &Plan, luck: Luck) -> Did;
    /// Whether there is time for more; also told how far the search is, from 0 to 1.
    fn goes_on(&mut self, done: f64) -> bool;
}

/// What the search may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Free {
    /// Servers may go from one station to another of the same lane.
    pub staff: bool,
}

/// The best plan found, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Searched {
    /// The plan.
    pub plan: Plan,
    /// How it did on the luck that it was searched on.
    pub search: Did,
    /// How it does on fresh luck.
    pub confirmed: Did,
    /// Whether the upper confidence limit of the p95 wait keeps the target on fresh luck.
    pub meets_target: bool,
    /// Plans rehearsed.
    pub tried: u32,
    /// Whether the search ended before it had tried all that it wanted to.
    pub cut_short: bool,
    /// The trade of callers, finish and wait: plans of which none is better than another in everything.
    pub curve: Vec<CurvePoint>,
}
