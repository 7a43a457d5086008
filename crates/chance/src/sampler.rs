//! A law compiled to integers, from which a draw is a look-up.

mod cell;
mod empirical;
mod fit;
mod floor_sum;
mod intern;
mod mixture;

mod quantile;
mod table;

pub use intern::Interner;

use crate::law::{Law, Shape};
use crate::{TICKS_PER_SECOND, Ticks};
use empirical::Empirical;
use mixture::Mixture;
use table::QuantileTable;

/// A law ready to be drawn from: the same word gives the same number of ticks on any processor.
///
/// - A constant is exact, to the nearest tick.
/// - The continuous laws become a table of 1024 equally likely cells, of which the first and the last are again tables
///   of 1024 cells. A draw is uniform within its cell, and each cell has the law's mean and variance there, so that the
///   table as a whole has the law's mean and second moment to 10⁻⁶ (from a root mean square of 0.1 s on; a cell that
///   would reach below what the law can give is narrowed instead, which only costs the second moment of lognormal laws
///   with a cv above 5).
/// - An empirical law draws the values given, to the nearest tick, and no others.
/// - A mixture takes its part by share and draws from that, exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampler {
    kind: Kind,
}

/// The tables are boxed, so that samplers are small to hold and to pass by.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Constant(Ticks),
    Table(Box<QuantileTable>),
    Empirical(Box<Empirical>),
    Mixture(Box<Mixture>),
}

impl Sampler {
    /// Compiles a law; takes about a millisecond, up to some tens for gamma laws.
    ///
    /// # Panics
    /// If the law has [problems](Law::problems).
    #[must_use]
    pub fn compile(law: &Law) -> Self {
        let problems = law.problems();
        assert!(problems.is_empty(), "a law with problems cannot be compiled: {problems:?}");
        let kind = match &law.shape {
            Shape::Mixture { .. } => Mixture::compile(law),
            _ if law.variance() == 0.0 => Kind::Constant(nearest_tick(law.mean_s())),
            Shape::Empirical { values } => Kind::Empirical(Box::new(Empirical::compile(values, law.floor_s))),
            _ => Kind::Table(Box::new(fit::table(law))),
        };
        Self { kind }
    }

    /// The draw that belongs to a uniform random word, in ticks.
    #[inline]
    #[must_use]
    pub fn draw(&self, u: u32) -> Ticks {
        match &self.kind {
            Kind::Table(table) => table.draw(u),
            Kind::Constant(ticks) => *ticks,
            Kind::Empirical(empirical) => empirical.draw(u),
            Kind::Mixture(mixture) => mixture.draw(u),
        }
    }

    /// The draws that belong to these words, a law at a time: cheaper than one by one. Draws of more ticks than 32 bits
    /// hold (59 hours) become the most that they hold.
    #[inline(always)]
    pub fn draw_each(&self, words: &[u32], ticks: &mut [i32]) {
        let out = words.iter().zip(&mut *ticks);
        let narrow = |ticks: Ticks| ticks.min(Ticks::from(i32::MAX)) as i32;
        match &self.kind {
            Kind::Table(table) => table.draw_each(words, ticks),
            Kind::Constant(always) => out.for_each(|(_, ticks)| *ticks = narrow(*always)),
            Kind::Empirical(values) => out.for_each(|(&word, ticks)| *ticks = narrow(values.draw(word))),
            Kind::Mixture(mixture) => out.for_each(|(&word, ticks)| *ticks = narrow(mixture.draw(word))),
        }
    }

    /// The mean of what is really drawn, in ticks.
    #[must_use]
    pub fn mean_ticks(&self) -> f64 {
        match &self.kind {
            Kind::Constant(ticks) => *ticks as f64,
            Kind::Table(table) => table.moments().mean,
            Kind::Empirical(empirical) => empirical.mean_ticks(),
            Kind::Mixture(mixture) => mixture.mean_of(Self::mean_ticks),
        }
    }

    /// The mean square of what is really drawn, in ticks squared.
    #[must_use]
    pub fn second_moment_ticks2(&self) -> f64 {
        match &self.kind {
            Kind::Constant(ticks) => *ticks as f64 * *ticks as f64,
            Kind::Table(table) => table.moments().second,
            Kind::Empirical(empirical) => empirical.second_moment_ticks2(),
            Kind::Mixture(mixture) => mixture.mean_of(Self::second_moment_ticks2),
        }
    }

    /// The value, in ticks, if every word draws the same.
    #[must_use]
    pub fn is_constant(&self) -> Option<Ticks> {
        match &self.kind {
            Kind::Constant(ticks) => Some(*ticks),
            _ => None,
        }
    }

    /// The least draw, in ticks.
    #[must_use]
    pub fn min_ticks(&self) -> Ticks {
        match &self.kind {
            Kind::Constant(ticks) => *ticks,
            Kind::Table(table) => table.min(),
            Kind::Empirical(empirical) => empirical.min(),
            Kind::Mixture(mixture) => mixture.min(),
        }
    }

    /// The greatest draw, in ticks.
    #[must_use]
    pub fn max_ticks(&self) -> Ticks {
        match &self.kind {
            Kind::Constant(ticks) => *ticks,
            Kind::Table(table) => table.max(),
            Kind::Empirical(empirical) => empirical.max(),
            Kind::Mixture(mixture) => mixture.max(),
        }
    }
}

/// Seconds in ticks, rounded to the nearest.
fn nearest_tick(seconds: f64) -> Ticks {
    (seconds * TICKS_PER_SECOND as f64).round() as Ticks
}
