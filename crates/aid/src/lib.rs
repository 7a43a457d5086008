//! Who sends whom: donors, districts, skills and days become a plan that never touches what a donor needs at home; the plan is held
//! against every rule, changed little when a team is withdrawn, and what stays unmet is explained.
//!
//! # Map
//! [`home`] what a donor's own situation keeps at home · [`ground`] what can go and what is missing, by day · `board` a plan in the making,
//! filled by greed · with the feature `solver`: `program` the plan as a linear or mixed-integer program, by pools of districts ·
//! `bound` what no plan exceeds · `convoys` where whole buses go · `search` whole teams and buses, donors by donors · [`solve`](solve()) all levels · [`replan`](replan()) after a
//! withdrawal · [`explain`](explain()) what binds · [`check`](check()) all that a plan breaks, by its own reading of the rules.
//!
//! # What it deliberately does not know
//! No file, no clock, no language, no person: teams are numbers. It does not know whether a promise was kept, only what can be promised.
//! `check` shares no code with the rest, so that the two can catch each other.

mod best;
mod board;
mod check;
mod explain;
pub mod ground;
pub mod home;
mod replan;

#[cfg(feature = "solver")]
mod bound;
#[cfg(feature = "solver")]
mod convoys;
#[cfg(feature = "solver")]
mod drawn;
#[cfg(feature = "solver")]
pub mod program;
#[cfg(feature = "solver")]
mod search;
#[cfg(feature = "solver")]
mod solve;
#[cfg(feature = "solver")]
pub mod solver;

pub use best::{Best, Unsolved, best};
pub use board::{Board, Levels};
pub use check::{Broken, Verdict, check};
pub use explain::{Idle, Kept, Unmet, Why, explain, idle};
pub use replan::{Withdrawal, after};
#[cfg(feature = "solver")]
pub use solve::{replan, solve};

use domain::aid::{Aid, AidPlan};

/// How long, and how close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Seconds in all.
    pub time_s: f64,
    /// Relative gap of the first two levels at which it goes on to the others.
    pub gap: f64,
}

/// A level: what is reached, and what is proven.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// What is reached.
    pub value: f64,
    /// No plan that is as good on the levels before is better than this.
    pub bound: f64,
    /// How far the two are apart, relative to the larger.
    pub gap: f64,
}

/// Relative: a bound that is the solver's may be off by so much.
const NEAR: f64 = 1e-5;

// The solver's -0 is 0 here: nobody should read "at least -0.00 %".
impl Level {
    /// A level of which more is better.
    pub fn up(value: f64, bound: f64) -> Level {
        let most = if (value - bound).abs() <= off(bound) { bound.max(value) } else { bound.max(0.0) };
        debug_assert!(value <= most, "{value} exceeds what no plan exceeds, {bound}");
        Level { value, bound: most + 0.0, gap: if most > 0.0 { (1.0 - value / most).max(0.0) } else { 0.0 } }
    }

    /// A level of which less is better.
    pub fn down(value: f64, bound: f64) -> Level {
        let least = if (value - bound).abs() <= off(bound) { bound.min(value) } else { bound }.max(0.0);
        debug_assert!(value >= least, "{value} is below what no plan is below, {bound}");
        Level {
            value,
            bound: least + 0.0,
            gap: if value > 0.0 { (1.0 - least / value).max(0.0) } else { 0.0 },
        }
    }
}

/// How far a bound may be on the wrong side of what is reached, by the solver's tolerance alone.
fn off(bound: f64) -> f64 {
    NEAR * bound.abs().max(1.0)
}

/// The four levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The least-served district's share. Its gap is that of the district which is furthest from what it could have.
    pub least: Level,
    /// Person-days that are met.
    pub total: Level,
    /// The burden of the donor that has most.
    pub burden: Level,
    /// Hours on the way, of people, or of buses where they are counted.
    pub hours: Level,
}

/// A plan and what is proven of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// The plan.
    pub plan: AidPlan,
    /// By district, the share that it can have at best when the least-served come first.
    pub targets: Vec<f64>,
    /// What is proven.
    pub bounds: Bounds,
    /// Columns and rows of the first program.
    pub size: (usize, usize),
    /// Seconds until the first two levels stood.
    pub first_two_s: f64,
    /// Seconds in all.
    pub all_s: f64,
}

/// A plan by greed alone: nothing is proven of it.
pub fn draft(aid: &Aid) -> AidPlan {
    let mut board = Board::new(aid);
    let donors: Vec<usize> = (0..aid.donors.len()).collect();
    board.fill(&donors, &[], if aid.rules.seats.is_some() { board::CONVOY } else { CHUNK }, 0.0);
    board.plan()
}

/// People who are sent at a time where a plan is filled.
const CHUNK: u32 = 5;

/// A share this small is none: HiGHS's own tolerance is as large, and one person on one day of ten million asked for is no less.
const NOTHING: f64 = 1e-7;

/// The share that a district's is held against; `None` where it can have nothing (no bed, nobody with the skill, a way longer than the
/// plan), so that it holds no other back.
fn target(targets: &[f64], district: usize) -> Option<f64> {
    Some(targets.get(district).copied().unwrap_or(1.0)).filter(|target| *target > NOTHING)
}

/// The least target of the districts that ask for something; 0 where one of them can have nothing.
#[cfg(feature = "solver")]
fn least_of(targets: &[f64], asked: &[u64]) -> f64 {
    let asked = (0..targets.len()).filter(|district| asked[*district] > 0);
    asked.map(|district| target(targets, district).unwrap_or(0.0)).fold(1.0, f64::min)
}
