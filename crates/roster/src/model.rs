//! The roster as a mixed-integer program, solved by HiGHS: the best that there is, or how far from it.
//!
//! A variable for each volunteer and each shift that they could have; shifts that nobody can have both are rows over cliques, so
//! that the relaxation is close. The median is a variable with a yes or no for each who counts. All costs are whole numbers, so that a
//! bound is rounded up.

mod mend;
mod rows;

pub use mend::repair;

use crate::{board::Board, check, draft};
use domain::roster::{Roster, Rule, Task};
use good_lp::{
    Expression, ProblemVariables, SolverModel, Variable, VariableDefinition, constraint,
    solvers::highs::highs, variable,
};
use std::collections::BTreeMap;
use std::fmt;

/// HiGHS's word for columns that are a solution.
const FEASIBLE: i64 = 2;

/// How long, and how close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Seconds for the solver.
    pub time_s: f64,
    /// Relative gap at which it stops: 0 for the optimum.
    pub gap: f64,
}

/// A roster and what is proven of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// The roster.
    pub roster: Roster,
    /// What it costs.
    pub cost: u64,
    /// No roster costs less.
    pub bound: u64,
    /// Variables and rows of the program.
    pub size: (usize, usize),
}

impl Solved {
    /// (cost − bound) / cost: 0 for a roster that is proven to be the best.
    pub fn gap(&self) -> f64 {
        if self.cost == 0 { 0.0 } else { self.cost.saturating_sub(self.bound) as f64 / self.cost as f64 }
    }
}

/// The solver gave nothing.
#[derive(Debug)]
pub struct NotSolved(String);

impl fmt::Display for NotSolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for NotSolved {}

/// The best roster, or the best that is found in time.
///
/// # Errors
/// If what is pinned breaks the rules by itself, or the solver fails.
pub fn solve(task: &Task, limits: Limits) -> Result<Solved, NotSolved> {
    let begin = draft(task);
    let program = Program::new(task, &begin, &[]);
    program.solve(&begin, limits)
}

/// The program while it is built.
struct Program<'t> {
    task: &'t Task,
    variables: ProblemVariables,
    /// What each variable is in the roster to begin with, in the order in which they were made.
    initial: Vec<f64>,
    has: BTreeMap<(usize, usize), Variable>,
    objective: Expression,
    rows: Vec<good_lp::Constraint>,
    /// Places of each shift that stay empty.
    empty: Vec<(usize, Variable)>,
    /// The columns of who has which place.
    columns: Vec<((usize, usize), usize)>,
}

impl<'t> Program<'t> {
    /// Shifts that are `held` stay as they are in the roster to begin with; the rest is open.
    fn new(task: &'t Task, begin: &Roster, held: &[bool]) -> Program<'t> {
        let mut program = Program {
            task,
            variables: ProblemVariables::new(),
            initial: Vec::new(),
            has: BTreeMap::new(),
            objective: Expression::default(),
            rows: Vec::new(),
            empty: Vec::new(),
            columns: Vec::new(),
        };
        program.places(begin, held);
        program.each(begin);
        program.pairs();
        program.clothing();
        if task.rules.holds(Rule::TwiceMedian) {
            program.median(begin);
        }
        program
    }

    fn add(&mut self, definition: VariableDefinition, initial: f64) -> Variable {
        self.initial.push(initial);
        self.variables.add(definition)
    }

    fn yes_or_no(&mut self, initial: bool) -> Variable {
        self.add(variable().binary(), f64::from(u8::from(initial)))
    }

    /// Who could have which place, and places that stay empty.
    fn places(&mut self, begin: &Roster, held: &[bool]) {
        let task = self.task;
        let board = Board::new(task);
        for (at, shift) in task.shifts.iter().enumerate() {
            let mut filled = Expression::default();
            let mut new = Expression::default();
            let mut any_new = false;
            for (who, person) in task.volunteers.iter().enumerate() {
                let stays = held.get(at).copied().unwrap_or(false);
                let pinned = board.is_pinned(who, at) || stays && begin.shifts[at].contains(&who);
                if stays && !pinned {
                    continue;
                }
                if !pinned && !board.could(who, at) {
                    continue;
                }
                let here = begin.shifts[at].contains(&who);
                let has = if pinned {
                    self.add(variable().integer().min(1).max(1), 1.0)
                } else {
                    self.yes_or_no(here)
                };
                self.columns.push(((who, at), self.initial.len() - 1));
                self.has.insert((who, at), has);
                filled += has;
                new += if person.first_timer { 1.0 } else { -1.0 } * has;
                any_new |= person.first_timer;
                let mut cost = 0;
                if person.if_needed {
                    cost += task.rules.if_needed_cost;
                }
                if !person.prefers.is_empty() && !person.prefers.contains(&shift.role) {
                    cost += task.rules.preference_cost;
                }
                self.objective += f64::from(cost) * has;
            }
            let people = f64::from(shift.people);
            let missing = people - begin.shifts[at].len() as f64;
            let empty = self.add(variable().min(0).max(people), missing.max(0.0));
            self.empty.push((at, empty));
            self.objective += f64::from(task.rules.empty_cost) * empty;
            self.rows.push(constraint!(filled + empty == people));
            let stays = held.get(at).copied().unwrap_or(false);
            if any_new && !stays && task.rules.holds(Rule::FirstTimers) {
                self.rows.push(constraint!(new <= 0.0));
            }
        }
    }

    /// Two who belong together or apart.
    fn pairs(&mut self) {
        let task = self.task;
        let mut spans: Vec<_> = task.shifts.iter().map(|shift| shift.span).collect();
        spans.sort();
        spans.dedup();
        let sum = |has: &BTreeMap<(usize, usize), Variable>, who: usize, of: &dyn Fn(usize) -> bool| {
            let own = has.range((who, 0)..(who + 1, 0)).filter(|((_, at), _)| of(*at));
            own.map(|(_, has)| Expression::from(*has)).sum::<Expression>()
        };
        if task.rules.holds(Rule::Together) {
            for &(one, other) in &task.together {
                for span in &spans {
                    let then = |at: usize| task.shifts[at].span == *span;
                    let (first, second) = (sum(&self.has, one, &then), sum(&self.has, other, &then));
                    self.rows.push(constraint!(first - second == 0.0));
                }
            }
        }
        if task.rules.holds(Rule::Apart) {
            for &(one, other) in &task.apart {
                for span in &spans {
                    let minute = span.from_min;
                    let then = |at: usize| {
                        let span = task.shifts[at].span;
                        span.from_min <= minute && minute < span.until_min
                    };
                    let (first, second) = (sum(&self.has, one, &then), sum(&self.has, other, &then));
                    self.rows.push(constraint!(first + second <= 1.0));
                }
            }
        }
    }

    fn clothing(&mut self) {
        let task = self.task;
        let worn = |has: &BTreeMap<(usize, usize), Variable>, of: &dyn Fn(usize) -> bool| {
            let those = has.iter().filter(|((_, at), _)| of(*at));
            those.map(|(_, has)| Expression::from(*has)).sum::<Expression>()
        };
        if let Some(stock) = task.rules.suits {
            let used = worn(&self.has, &|at| task.shifts[at].suit);
            self.rows.push(constraint!(used <= f64::from(stock)));
        }
        if let Some(vests) = task.rules.vests {
            let mut starts: Vec<i32> = task.shifts.iter().map(|shift| shift.span.from_min).collect();
            starts.sort_unstable();
            starts.dedup();
            for minute in starts {
                let then = |at: usize| {
                    let span = task.shifts[at].span;
                    span.from_min <= minute && minute < span.until_min
                };
                let at_once = worn(&self.has, &then);
                self.rows.push(constraint!(at_once <= f64::from(vests)));
            }
        }
    }

    fn solve(self, begin: &Roster, limits: Limits) -> Result<Solved, NotSolved> {
        let (task, size) = (self.task, (self.initial.len(), self.rows.len()));
        let (begun, (found, bound)) = (check(task, begin), self.run(limits)?);
        let bound = (bound - 1e-6).ceil().max(0.0) as u64;
        if found.is_none() && !begun.broken.is_empty() {
            return Err(NotSolved("infeasible".to_owned()));
        }
        let verdict = found.as_ref().map(|roster| check(task, roster));
        // Out of time before it found anything better than it was given.
        let (roster, cost) = match (found, verdict) {
            (Some(roster), Some(verdict)) if verdict.broken.is_empty() && verdict.cost <= begun.cost => {
                (roster, verdict.cost)
            }
            _ => (begin.clone(), begun.cost),
        };
        Ok(Solved { roster, cost, bound: bound.min(cost), size })
    }

    /// The solver's roster, if it has one, and its bound.
    fn run(self, limits: Limits) -> Result<(Option<Roster>, f64), NotSolved> {
        let said = |error: &dyn fmt::Debug| NotSolved(format!("{error:?}"));
        let mut problem = self.variables.minimise(self.objective).using(highs);
        for row in self.rows {
            problem.add_constraint(row);
        }
        let mut model = problem.try_into_inner().map_err(|error| said(&error))?;
        model.make_quiet();
        model.set_option("time_limit", limits.time_s);
        model.set_option("mip_rel_gap", limits.gap);
        // Costs are whole numbers: closer than one is equal.
        model.set_option("mip_abs_gap", 0.999);
        model.set_option("random_seed", 1);
        model.set_option("threads", 1);
        model.set_solution(Some(&self.initial), None, None, None);
        let solved = model.try_solve().map_err(|error| said(&error))?;
        // Where nobody can have anything, nothing is whole-numbered and the optimum of the linear program is the bound.
        let bound = if self.columns.is_empty() {
            solved.objective_value()
        } else {
            solved.double_info_value(c"mip_dual_bound").map_err(|error| said(&error))?
        };
        // Columns are there in any case, all zero where nothing was found.
        if solved.int_info_value(c"primal_solution_status").map_err(|error| said(&error))? != FEASIBLE {
            return Ok((None, bound));
        }
        let found = solved.get_solution();
        let columns = found.columns();
        let mut roster = Roster::empty(self.task);
        for ((who, at), place) in &self.columns {
            if columns.get(*place).is_some_and(|value| *value > 0.5) {
                roster.shifts[*at].push(*who);
            }
        }
        for people in &mut roster.shifts {
            people.sort_unstable();
        }
        Ok((Some(roster), bound))
    }
}
