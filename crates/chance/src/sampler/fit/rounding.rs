//! From real moments to integer cells, so that what rounding takes in one cell it gives back in the next.

use super::super::cell::{Cell, PLACE_BITS, TAIL_PLACE_BITS};
use super::super::table::{CELLS, Level};
use super::Conditional;

/// A level being fitted.
pub(super) struct LevelFit {
    pub(super) level: Level,
    place_bits: u32,
    /// The cells that are drawn from.
    drawn: std::ops::Range<usize>,
    /// The least base, in units of the level.
    least: f64,
}

impl LevelFit {
    /// The first level, whose outer cells are not drawn from. `carry`, in ticks of one cell, is added to the first cell's
    /// mean; what could not be placed comes back.
    pub(super) fn body(cells: &[Conditional], lowest: f64, carry: f64) -> (Self, f64) {
        Self::round(cells, 1..CELLS - 1, PLACE_BITS, lowest, carry, 0.0)
    }

    /// A second level. `extra`, in ticks, is added to the mean of every cell; what could not be placed comes back in
    /// ticks of one cell.
    pub(super) fn tail(cells: &[Conditional], lowest: f64, extra: f64) -> (Self, f64) {
        Self::round(cells, 0..CELLS, TAIL_PLACE_BITS, lowest, 0.0, extra)
    }

    fn round(
        cells: &[Conditional],
        drawn: std::ops::Range<usize>,
        place_bits: u32,
        lowest: f64,
        carry: f64,
        extra: f64,
    ) -> (Self, f64) {
        let shift = shift_for(&cells[drawn.clone()]);
        let unit = (1_i64 << shift) as f64;
        let mut fit = Self {
            level: Level { cells: [Cell::default(); CELLS], shift },
            place_bits,
            drawn,
            least: (lowest / unit).ceil(),
        };
        let mut carry = carry / unit;
        for i in fit.drawn.clone() {
            let target = (cells[i].mean + extra) / unit + carry;
            let cell = fit.cell(target, 2.0 * SQRT_3 * cells[i].sd / unit);
            carry = target - fit.mean(cell);
            fit.level.cells[i] = cell;
        }
        (fit, carry * unit)
    }

    /// The cell of nearly this mean and width; narrower if it would begin below the least that the law can give.
    fn cell(&self, mean: f64, width: f64) -> Cell {
        let slope = width.round() as u32;
        let base = (mean - self.mean_above(slope)).round();
        if base >= self.least {
            return Cell { base: base as i32, slope };
        }
        // The mean of the places is half the slope, less half a place.
        let slope = 2.0 * (mean - self.least) / (1.0 - 1.0 / self.places());
        Cell { base: self.least as i32, slope: slope.round() as u32 }
    }

    fn mean(&self, cell: Cell) -> f64 {
        f64::from(cell.base) + self.mean_above(cell.slope)
    }

    /// The mean of ⌊(slope·i + n/2) / n⌋ over i = 0 .. n, exactly.
    fn mean_above(&self, slope: u32) -> f64 {
        self.line_mean(slope) + self.rounding_mean(slope)
    }

    /// The mean of slope·i / n.
    fn line_mean(&self, slope: u32) -> f64 {
        0.5 * f64::from(slope) * (1.0 - 1.0 / self.places())
    }

    /// What rounding adds to the mean: over all i the remainders run evenly through the multiples of the greatest common
    /// divisor of slope and n, and those that lie half-way go up.
    fn rounding_mean(&self, slope: u32) -> f64 {
        let zeros = slope.trailing_zeros();
        if zeros >= self.place_bits { 0.0 } else { 0.5 * f64::from(1_u32 << zeros) / self.places() }
    }

    fn places(&self) -> f64 {
        f64::from(1_u32 << self.place_bits)
    }

    /// The mean square of a cell, to a small part of a square unit as long as the slope is well below the number of
    /// places, and beyond that to a small part of the slope (which only tails have, where it weighs nothing): the line's own, and for its rounding 1/12 for the error
    /// squared and 1/12 for its going along with the value, besides their means.
    fn second(&self, cell: Cell) -> f64 {
        let (base, slope) = (f64::from(cell.base), f64::from(cell.slope));
        let n = self.places();
        let line = slope * slope * (n - 1.0) * (2.0 * n - 1.0) / (6.0 * n * n);
        let rounding = if cell.slope == 0 { 0.0 } else { 1.0 / 6.0 };
        let means = 2.0 * self.line_mean(cell.slope) * self.rounding_mean(cell.slope);
        base * base + 2.0 * base * self.mean_above(cell.slope) + line + rounding + means
    }

    /// The mean squares of all drawn cells summed, in ticks squared.
    pub(super) fn second_moment_sum(&self) -> f64 {
        let unit = (1_i64 << self.level.shift) as f64;
        self.drawn.clone().map(|i| self.second(self.level.cells[i])).sum::<f64>() * unit * unit
    }

    /// Brings the sum of the mean squares to within `precision` of `goal`, both in ticks squared, and leaves the mean as
    /// it is: of two cells one goes up by a unit and the other down by one, which changes the sum by twice their
    /// distance. No cell moves by more than one unit.
    pub(super) fn meet_second_moment(&mut self, goal: f64, precision: f64) {
        let unit = (1_i64 << self.level.shift) as f64;
        let means: Vec<f64> = self.level.cells.iter().map(|&cell| self.mean(cell)).collect();
        let mut moved = [false; CELLS];
        for lower in self.drawn.clone() {
            let miss = (goal - self.second_moment_sum()) / (unit * unit);
            if miss.abs() * unit * unit <= precision || miss.abs() <= 1.0 {
                return;
            }
            // Apart, the two cells raise the sum by 2·distance + 2; together they lower it by 2·distance - 2.
            let apart = miss > 0.0;
            let distance = if apart { 0.5 * miss - 1.0 } else { 1.0 - 0.5 * miss };
            let may_fall = |cells: &[Cell; CELLS], i: usize| f64::from(cells[i].base) > self.least;
            if moved[lower] || (apart && !may_fall(&self.level.cells, lower)) {
                continue;
            }
            let off = |i: usize| (means[i] - means[lower] - distance).abs();
            let upper = (lower + 1..self.drawn.end)
                .filter(|&i| !moved[i] && (apart || may_fall(&self.level.cells, i)))
                .min_by(|&i, &j| off(i).total_cmp(&off(j)));
            let Some(upper) = upper else { continue };
            let step = if apart { 1 } else { -1 };
            self.level.cells[lower].base -= step;
            self.level.cells[upper].base += step;
            moved[lower] = true;
            moved[upper] = true;
        }
    }
}

const SQRT_3: f64 = 1.732_050_807_568_877_2;

/// The least shift at which every cell fits its integers, with room for carries.
fn shift_for(cells: &[Conditional]) -> u32 {
    let reach = cells.iter().map(|cell| cell.mean.abs() + SQRT_3 * cell.sd).fold(0.0, f64::max);
    let mut shift = 0;
    // A base is at most the reach in size, a slope twice it.
    while reach >= REACH_MAX * (1_i64 << shift) as f64 {
        shift += 1;
    }
    shift
}

/// Somewhat below 2³¹.
const REACH_MAX: f64 = 2.1e9;

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(place_bits: u32) -> LevelFit {
        LevelFit {
            level: Level { cells: [Cell::default(); CELLS], shift: 0 },
            place_bits,
            drawn: 0..CELLS,
            least: f64::NEG_INFINITY,
        }
    }

    #[test]
    fn the_quick_moments_are_the_exact_ones() {
        for place_bits in [PLACE_BITS, TAIL_PLACE_BITS] {
            let fit = fit(place_bits);
            for slope in [0, 1, 2, 3, 7, 1_000, 4_095, 4_096, 4_097, 8_192, 12_345, 1_000_000, u32::MAX] {
                let cell = Cell { base: 250_000, slope };
                let exact = cell.moments(place_bits);
                let fine = if 4.0 * f64::from(slope) < fit.places() { 1e-11 } else { 1e-8 };
                assert!((fit.mean(cell) - exact.mean).abs() <= 1e-15 * exact.mean, "mean, slope {slope}");
                assert!(
                    (fit.second(cell) - exact.second).abs() <= fine * exact.second,
                    "square, slope {slope}"
                );
            }
        }
    }

    #[test]
    fn a_cell_never_begins_below_the_least() {
        let fit = LevelFit { least: 3.0, ..fit(PLACE_BITS) };
        let cell = fit.cell(5.0, 100.0);
        assert_eq!(cell, Cell { base: 3, slope: 4 });
        assert_eq!(fit.cell(2.0, 1.0), Cell { base: 3, slope: 0 });
    }
}
