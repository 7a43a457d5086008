//! The quantile table of a continuous law.

use super::cell::{Cell, CellMoments, PLACE_BITS, TAIL_PLACE_BITS};
use crate::Ticks;

/// Cells of one level.
pub(super) const CELLS: usize = 1 << CELL_BITS;
const CELL_BITS: u32 = 10;

/// A first level of 1024 equally likely cells, whose two outer ones are levels of 1024 cells themselves.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct QuantileTable {
    /// The first and the last cell are never drawn from.
    pub(super) body: Level,
    /// The lowest 1/1024 of the draws.
    pub(super) low: Level,
    /// The highest 1/1024 of the draws.
    pub(super) high: Level,
    /// Whether 32 bits hold every draw.
    short: bool,
}

/// Cells in units of `1 << shift` ticks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Level {
    pub(super) cells: [Cell; CELLS],
    pub(super) shift: u32,
}

impl QuantileTable {
    pub(super) fn new(body: Level, low: Level, high: Level) -> QuantileTable {
        let mut table = QuantileTable { body, low, high, short: false };
        table.short = table.min() >= i32::MIN.into() && table.max() <= i32::MAX.into();
        table
    }

    /// The draws of these words, several at a time, and no more than 32 bits hold: cells are looked up one by one, what they
    /// say is worked out in one go.
    #[inline(always)]
    pub(super) fn draw_each(&self, words: &[u32], ticks: &mut [i32]) {
        const TOGETHER: usize = 8;
        let one_by_one = |words: &[u32], ticks: &mut [i32]| {
            for (&word, ticks) in words.iter().zip(ticks) {
                *ticks = self.draw(word).min(i32::MAX.into()) as i32;
            }
        };
        if !self.short {
            return one_by_one(words, ticks);
        }
        let (several, rest) = words.as_chunks::<TOGETHER>();
        let (ticks, ticks_of_rest) = ticks[..words.len()].as_chunks_mut::<TOGETHER>();
        for (words, ticks) in several.iter().zip(ticks) {
            // The outer cells are those whose number is all zeros or all ones.
            if words.iter().fold(false, |outer, word| outer | (word.wrapping_add(CELL) < 2 * CELL)) {
                one_by_one(words, ticks);
                continue;
            }
            let cells: [Cell; TOGETHER] =
                std::array::from_fn(|number| self.body.cells[(words[number] >> PLACE_BITS) as usize]);
            for number in 0..TOGETHER {
                let above = cells[number].above_base(words[number] & PLACE_MASK);
                ticks[number] = cells[number].base.wrapping_add(above as i32).wrapping_shl(self.body.shift);
            }
        }
        one_by_one(rest, ticks_of_rest);
    }

    #[inline]
    pub(super) fn draw(&self, u: u32) -> Ticks {
        let index = (u >> PLACE_BITS) as usize;
        if index.wrapping_sub(1) < CELLS - 2 {
            self.body.at(index, u & PLACE_MASK)
        } else {
            self.draw_tail(u)
        }
    }

    /// One draw in 512 comes here: kept out of line, so that the common way stays short.
    #[cold]
    #[inline(never)]
    fn draw_tail(&self, u: u32) -> Ticks {
        let level = if u >> PLACE_BITS == 0 { &self.low } else { &self.high };
        let index = (u >> TAIL_PLACE_BITS) as usize % CELLS;
        level.at(index, (u & TAIL_PLACE_MASK) << (PLACE_BITS - TAIL_PLACE_BITS))
    }

    /// The exact moments over all words, in ticks.
    pub(super) fn moments(&self) -> CellMoments {
        let mut sum = CellMoments { mean: 0.0, second: 0.0 };
        for (cell, level, place_bits) in self.cells() {
            let moments = cell.moments(place_bits);
            let unit = (1_i64 << level.shift) as f64;
            // A cell is as likely as its places are many: 2^bits of the 2³² words.
            let probability = (1_i64 << place_bits) as f64 / WORDS;
            sum.mean += moments.mean * unit * probability;
            sum.second += moments.second * unit * unit * probability;
        }
        sum
    }

    pub(super) fn min(&self) -> Ticks {
        self.cells()
            .map(|(cell, level, _)| i64::from(cell.base) << level.shift)
            .min()
            .expect("there are cells")
    }

    pub(super) fn max(&self) -> Ticks {
        self.cells().map(|(cell, level, bits)| cell.last(bits) << level.shift).max().expect("there are cells")
    }

    /// Every cell that is drawn from, with its level and the bits of a place in it.
    fn cells(&self) -> impl Iterator<Item = (Cell, &Level, u32)> {
        let low = self.low.cells.iter().map(|&cell| (cell, &self.low, TAIL_PLACE_BITS));
        let body = self.body.cells[1..CELLS - 1].iter().map(|&cell| (cell, &self.body, PLACE_BITS));
        let high = self.high.cells.iter().map(|&cell| (cell, &self.high, TAIL_PLACE_BITS));
        low.chain(body).chain(high)
    }
}

impl Level {
    #[inline]
    fn at(&self, index: usize, place: u32) -> Ticks {
        self.cells[index].at(place) << (self.shift & 63)
    }
}

/// The words of a cell.
const CELL: u32 = 1 << PLACE_BITS;
const PLACE_MASK: u32 = (1 << PLACE_BITS) - 1;
const TAIL_PLACE_MASK: u32 = (1 << TAIL_PLACE_BITS) - 1;

/// The number of different words, 2³².
const WORDS: f64 = 4_294_967_296.0;
