//! One cell of a table: a uniform stretch of integers.

use super::floor_sum::floor_sums;

/// A place within a cell is 22 bits: the word's bits below the ten that chose the cell.
pub(super) const PLACE_BITS: u32 = 22;

/// In the second level a word has 12 bits left below the cell.
pub(super) const TAIL_PLACE_BITS: u32 = 12;

const HALF: u64 = 1 << (PLACE_BITS - 1);

/// Values from `base` on, evenly over `slope`, in units of the table. Eight bytes, eight to a cache line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) base: i32,
    pub(super) slope: u32,
}

impl Cell {
    /// The value at a place of 22 bits, rounded to the nearest.
    #[inline]
    pub(super) fn at(self, place: u32) -> i64 {
        i64::from(self.base) + self.above_base(place)
    }

    #[inline(always)]
    pub(super) fn above_base(self, place: u32) -> i64 {
        ((u64::from(self.slope) * u64::from(place) + HALF) >> PLACE_BITS) as i64
    }

    /// The greatest value if the cell has this many bits of place.
    pub(super) fn last(self, place_bits: u32) -> i64 {
        self.at(((1 << place_bits) - 1) << (PLACE_BITS - place_bits))
    }

    /// The exact mean and mean square over all places of so many bits, in units of the table.
    pub(super) fn moments(self, place_bits: u32) -> CellMoments {
        let places = 1_i128 << place_bits;
        let above = floor_sums(i128::from(self.slope), places / 2, places, places - 1);
        let mean_above = above.values as f64 / places as f64;
        let base = f64::from(self.base);
        CellMoments {
            mean: base + mean_above,
            // (base + x)², written so that nothing cancels that is not small.
            second: base * base + 2.0 * base * mean_above + above.squares as f64 / places as f64,
        }
    }
}

/// Mean and mean square of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct CellMoments {
    pub(super) mean: f64,
    pub(super) second: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moments_of_a_cell_are_those_of_all_its_places() {
        for slope in [0, 1, 2, 3, 1_000, 4_095, 4_097, 123_457, u32::MAX] {
            for base in [-5, 0, 77, 1 << 29] {
                let cell = Cell { base, slope };
                let (mut sum, mut squares) = (0_i128, 0_i128);
                for place in 0..1_u32 << TAIL_PLACE_BITS {
                    let value = i128::from(cell.at(place << (PLACE_BITS - TAIL_PLACE_BITS)));
                    sum += value;
                    squares += value * value;
                }
                let moments = cell.moments(TAIL_PLACE_BITS);
                let close = |a: f64, b: f64| (a - b).abs() <= 1e-14 * b.abs();
                assert!(close(moments.mean, sum as f64 / 4_096.0), "slope {slope} base {base}");
                assert!(close(moments.second, squares as f64 / 4_096.0), "slope {slope} base {base}");
            }
        }
    }

    #[test]
    fn a_cell_runs_from_its_base_over_its_slope() {
        let cell = Cell { base: 100, slope: 10 };
        assert_eq!(cell.at(0), 100);
        assert_eq!(cell.last(PLACE_BITS), 110);
        assert_eq!(Cell { base: i32::MIN, slope: u32::MAX }.at(0), i64::from(i32::MIN));
        assert_eq!(Cell { base: 0, slope: u32::MAX }.last(PLACE_BITS), i64::from(u32::MAX) - 1_024);
    }
}
