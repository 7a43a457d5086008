//! Columns and rows, and HiGHS over them: solved again and again from where it stood, as costs and bounds change.

use crate::Unsolved;
use highs::{Col, HighsModelStatus, HighsSolutionStatus, Model, RowProblem, Sense};

/// A column's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column(pub usize);

/// Terms of a sum.
pub type Terms = Vec<(Column, f64)>;

/// HiGHS takes factors below 1e-9 for nothing: those that come near are multiplied.
const LOST: f64 = 1e-8;

/// How a column follows from those before it, so that a whole solution follows from the journeys.
enum Follows {
    /// A constant and a sum.
    Sum(f64, Terms),
    /// The least of a constant and columns.
    Least(f64, Vec<Column>),
    /// The largest of sums over divisors.
    Largest(Vec<(f64, Terms, f64)>),
    /// How far a column is below a value.
    Below(f64, Column),
}

/// A program while it is built.
#[derive(Default)]
pub struct Rows {
    problem: RowProblem,
    columns: Vec<Col>,
    follows: Vec<(Column, Follows)>,
    whole: bool,
    count: usize,
}

impl Rows {
    /// A column between bounds.
    pub fn column(&mut self, from: f64, to: f64) -> Column {
        self.columns.push(self.problem.add_column(0.0, from..=to));
        Column(self.columns.len() - 1)
    }

    /// A column of whole numbers.
    pub fn whole(&mut self, from: f64, to: f64) -> Column {
        self.columns.push(self.problem.add_integer_column(0.0, from..=to));
        self.whole = true;
        Column(self.columns.len() - 1)
    }

    /// from ≤ Σ factor × column ≤ to
    pub fn row(&mut self, from: f64, to: f64, terms: &[(Column, f64)]) {
        let terms = terms.iter().map(|(column, factor)| (self.columns[column.0], *factor));
        self.problem.add_row(from..=to, terms.collect::<Vec<_>>());
        self.count += 1;
    }

    /// A column between 0 and a bound that is a constant and a sum.
    pub fn sum(&mut self, constant: f64, mut terms: Terms, to: f64) -> Column {
        let column = self.column(0.0, to);
        self.follows.push((column, Follows::Sum(constant, terms.clone())));
        terms.push((column, -1.0));
        // A share of a thousand million person-days and more would be lost.
        let largest = terms[..terms.len() - 1].iter().map(|(_, factor)| factor.abs()).fold(0.0, f64::max);
        let by = if largest > 0.0 && largest < LOST { largest.recip() } else { 1.0 };
        terms.iter_mut().for_each(|(_, factor)| *factor *= by);
        self.row(-constant * by, -constant * by, &terms);
        column
    }

    /// A column of at most a constant and each of the columns.
    pub fn least(&mut self, constant: f64, of: Vec<Column>) -> Column {
        let column = self.column(0.0, constant);
        for one in &of {
            self.row(f64::NEG_INFINITY, 0.0, &[(column, 1.0), (*one, -1.0)]);
        }
        self.follows.push((column, Follows::Least(constant, of)));
        column
    }

    /// A column of at least each (constant + sum) / divisor.
    pub fn largest(&mut self, of: Vec<(f64, Terms, f64)>) -> Column {
        let column = self.column(0.0, f64::INFINITY);
        for (constant, terms, divisor) in &of {
            let mut terms = terms.clone();
            terms.push((column, -divisor));
            self.row(f64::NEG_INFINITY, -constant, &terms);
        }
        self.follows.push((column, Follows::Largest(of)));
        column
    }

    /// A column of at least what another lacks to a value.
    pub fn below(&mut self, of: Column, value: f64) -> Column {
        let column = self.column(0.0, f64::INFINITY);
        self.row(value, f64::INFINITY, &[(column, 1.0), (of, 1.0)]);
        self.follows.push((column, Follows::Below(value, of)));
        column
    }

    /// Hands it to HiGHS.
    pub fn into_solver(self) -> Solver {
        let mut model = self.problem.optimise(Sense::Minimise);
        model.make_quiet();
        model.set_option("random_seed", 1);
        model.set_option("threads", 1);
        Solver {
            model: Some(model),
            columns: self.columns,
            follows: self.follows,
            whole: self.whole,
            rows: self.count,
        }
    }
}

/// What the solver says.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The objective's value.
    pub objective: f64,
    /// No solution has less.
    pub bound: f64,
    /// By column.
    pub values: Vec<f64>,
    /// By column: what its value costs at the margin.
    pub reduced: Vec<f64>,
    /// Whether it is proven to be the best.
    pub best: bool,
}

impl Answer {
    /// A column's value.
    pub fn at(&self, column: Column) -> f64 {
        self.values[column.0]
    }
}

/// What is said of a program that failed before.
const GONE: &str = "it failed before";

/// HiGHS with one program.
pub struct Solver {
    /// `None` once it has failed: HiGHS keeps nothing then.
    model: Option<Model>,
    columns: Vec<Col>,
    follows: Vec<(Column, Follows)>,
    whole: bool,
    rows: usize,
}

impl Solver {
    /// Columns and rows.
    pub fn size(&self) -> (usize, usize) {
        (self.columns.len(), self.rows)
    }

    /// What one of a column costs.
    pub fn cost(&mut self, column: Column, cost: f64) {
        if let Some(model) = &mut self.model {
            model.change_column_cost(self.columns[column.0], cost);
        }
    }

    /// A column's bounds.
    pub fn bounds(&mut self, column: Column, from: f64, to: f64) {
        if let Some(model) = &mut self.model {
            model.change_column_bounds(self.columns[column.0], from..=to);
        }
    }

    /// An option in words.
    pub fn choose(&mut self, option: &str, value: &str) {
        if let Some(model) = &mut self.model {
            model.set_option(option, value);
        }
    }

    /// An option in whole numbers.
    pub fn choose_number(&mut self, option: &str, value: i32) {
        if let Some(model) = &mut self.model {
            model.set_option(option, value);
        }
    }

    /// An option in numbers.
    pub fn choose_share(&mut self, option: &str, value: f64) {
        if let Some(model) = &mut self.model {
            model.set_option(option, value);
        }
    }

    /// Begins from these values of journeys and buses, and what follows from them.
    pub fn begin(&mut self, given: &[(Column, f64)]) {
        let mut values = vec![0.0; self.columns.len()];
        for (column, value) in given {
            values[column.0] = *value;
        }
        for (column, follows) in &self.follows {
            let sum = |terms: &Terms| terms.iter().map(|(of, factor)| values[of.0] * factor).sum::<f64>();
            values[column.0] = match follows {
                Follows::Sum(constant, terms) => constant + sum(terms),
                Follows::Least(constant, of) => of.iter().map(|of| values[of.0]).fold(*constant, f64::min),
                Follows::Largest(of) => {
                    of.iter().map(|(constant, terms, by)| (constant + sum(terms)) / by).fold(0.0, f64::max)
                }
                Follows::Below(value, of) => (value - values[of.0]).max(0.0),
            };
        }
        if let Some(model) = &mut self.model {
            model.set_solution(Some(&values), None, None, None);
        }
    }

    /// The best, or of a program in whole numbers the best in so many seconds.
    ///
    /// # Errors
    /// If there is none, or none was found; of a linear program also if its best was not: only that bounds anything.
    pub fn solve(&mut self, time_s: f64) -> Result<Answer, Unsolved> {
        let Some(mut model) = self.model.take() else { return Err(Unsolved::Failed(GONE.to_owned())) };
        model.set_option("time_limit", time_s);
        let solved = model.try_solve().map_err(|error| Unsolved::Failed(format!("{error:?}")))?;
        let (status, has) = (solved.status(), solved.primal_solution_status());
        let objective = solved.objective_value();
        let bound = if self.whole {
            solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY)
        } else {
            objective
        };
        let found = solved.get_solution();
        self.model = Some(solved.into());
        let best = status == HighsModelStatus::Optimal;
        if has != HighsSolutionStatus::Feasible || !(best || self.whole) {
            return Err(match status {
                HighsModelStatus::ReachedTimeLimit => Unsolved::Time,
                HighsModelStatus::Infeasible => Unsolved::Impossible,
                other => Unsolved::Failed(format!("{other:?}")),
            });
        }
        Ok(Answer {
            objective,
            bound,
            values: found.columns().to_vec(),
            reduced: found.dual_columns().to_vec(),
            best,
        })
    }
}
