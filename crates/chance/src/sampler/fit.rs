//! Fitting a quantile table to a law: mean and variance of each cell first, then integers, then the whole.

mod conditional;
mod rounding;

use super::quantile::quantile_of;
use super::table::{CELLS, QuantileTable};
use crate::TICKS_PER_SECOND;
use crate::law::Law;
use conditional::{Conditional, Tail, conditional};
use rounding::LevelFit;

/// The table of a continuous law that varies.
pub(super) fn table(law: &Law) -> QuantileTable {
    let ticks = TICKS_PER_SECOND as f64;
    let quantile = quantile_of(&law.shape);
    let of_cell = |tail, from, to| {
        let cell = conditional(&quantile, tail, from, to);
        Conditional { mean: (cell.mean + law.floor_s) * ticks, sd: cell.sd * ticks }
    };
    let body: Vec<Conditional> = (0..CELLS)
        .map(|i| {
            let (tail, from) = if i < CELLS / 2 { (Tail::Lower, i) } else { (Tail::Upper, CELLS - 1 - i) };
            // The two outer cells are never drawn from.
            let outer = from == 0;
            if outer {
                Conditional::default()
            } else {
                of_cell(tail, from as f64 / ONE, (from + 1) as f64 / ONE)
            }
        })
        .collect();
    let fine = ONE * ONE;
    let low: Vec<Conditional> =
        (0..CELLS).map(|i| of_cell(Tail::Lower, i as f64 / fine, (i + 1) as f64 / fine)).collect();
    let high: Vec<Conditional> =
        (0..CELLS).rev().map(|i| of_cell(Tail::Upper, i as f64 / fine, (i + 1) as f64 / fine)).collect();

    let mean = law.mean_s() * ticks;
    let second = law.second_moment() * ticks * ticks;
    let lowest = (law.lowest_s() * ticks).round();

    // What the quadrature missed of the mean goes into the body; what rounding leaves of the body and the low tail is
    // less than a tick of each cell of the high tail, which can take it in steps a thousand times finer.
    let fitted_mean = |cells: &[Conditional]| cells.iter().map(|cell| cell.mean).sum::<f64>();
    let missed = mean - fitted_mean(&body) / ONE - (fitted_mean(&low) + fitted_mean(&high)) / fine;
    let (mut body, left) = LevelFit::body(&body, lowest, missed * ONE);
    let (low, left_low) = LevelFit::tail(&low, lowest, 0.0);
    let (high, _) = LevelFit::tail(&high, lowest, left + left_low / ONE);

    let tails = (low.second_moment_sum() + high.second_moment_sum()) / fine;
    body.meet_second_moment((second - tails) * ONE, second * ONE * SECOND_MOMENT_PRECISION);
    QuantileTable::new(body.level, low.level, high.level)
}

/// Cells of a level, as a number to divide by.
const ONE: f64 = CELLS as f64;

/// Where the fit of the second moment stops: a thousandth of what is promised.
const SECOND_MOMENT_PRECISION: f64 = 1e-9;
