//! Values seen in the world, drawn as they are.

use super::nearest_tick;
use crate::Ticks;

/// Values in rising order, each with the last word that draws it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Empirical {
    values: Vec<Ticks>,
    /// `lasts[i]` is the last word that draws `values[i]`; the last of all is `u32::MAX`.
    lasts: Vec<u32>,
    /// For each value of a word's top bits, the first index that such a word can draw; and one more, the last index.
    guide: Vec<u32>,
    /// How far to shift a word for its place in the guide.
    guide_shift: u32,
}

impl Empirical {
    /// Compiles (seconds, weight): weights 0 or more and not all 0.
    pub(super) fn compile(seconds_and_weights: &[(f64, f64)], floor_s: f64) -> Self {
        let mut pairs: Vec<(Ticks, f64)> = seconds_and_weights
            .iter()
            .map(|&(seconds, weight)| (nearest_tick(seconds + floor_s), weight))
            .collect();
        // By value, and among equal values by weight, so that the order in which they were given changes nothing.
        pairs.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let total: f64 = pairs.iter().map(|(_, weight)| weight).sum();

        let mut values: Vec<Ticks> = Vec::new();
        let mut lasts: Vec<u32> = Vec::new();
        let (mut below, mut begin) = (0.0, 0_u64);
        for (value, weight) in pairs {
            // Rounding the sums and not the weights keeps every share within 2⁻³² of what it should be.
            below += weight;
            let end = (below / total * WORDS).round().min(WORDS) as u64;
            if end == begin {
                continue;
            }
            let last = (end - 1) as u32;
            if values.last() == Some(&value) {
                *lasts.last_mut().expect("as long as values") = last;
            } else {
                values.push(value);
                lasts.push(last);
            }
            begin = end;
        }
        *lasts.last_mut().expect("some weight is positive") = u32::MAX;
        let guide_bits = (usize::BITS - values.len().leading_zeros()).clamp(4, GUIDE_BITS_MAX);
        let guide_shift = u32::BITS - guide_bits;
        let mut guide: Vec<u32> = (0..1_u32 << guide_bits)
            .map(|top| lasts.partition_point(|&last| last < top << guide_shift) as u32)
            .collect();
        guide.push((values.len() - 1) as u32);
        Self { values, lasts, guide, guide_shift }
    }

    #[inline]
    pub(super) fn draw(&self, u: u32) -> Ticks {
        let top = (u >> self.guide_shift) as usize;
        let (from, to) = (self.guide[top] as usize, self.guide[top + 1] as usize);
        // The index sought is from ..= to: the first whose last word is not below u.
        let within = self.lasts[from..to].partition_point(|&last| last < u);
        self.values[from + within]
    }

    pub(super) fn mean_ticks(&self) -> f64 {
        let sum: i128 = self.words_of_values().map(|(value, words)| i128::from(value) * words).sum();
        sum as f64 / WORDS
    }

    pub(super) fn second_moment_ticks2(&self) -> f64 {
        self.words_of_values()
            .map(|(value, words)| value as f64 * value as f64 * (words as f64 / WORDS))
            .sum()
    }

    pub(super) fn min(&self) -> Ticks {
        self.values[0]
    }

    pub(super) fn max(&self) -> Ticks {
        self.values[self.values.len() - 1]
    }

    /// Each value with the number of words that draw it.
    fn words_of_values(&self) -> impl Iterator<Item = (Ticks, i128)> {
        let mut begin = 0_i128;
        self.values.iter().zip(&self.lasts).map(move |(&value, &last)| {
            let end = i128::from(last) + 1;
            let words = end - begin;
            begin = end;
            (value, words)
        })
    }
}

/// The guide has at most 2¹⁶ places, 256 KiB: from there on a short search is cheaper than a larger guide.
const GUIDE_BITS_MAX: u32 = 16;

/// The number of different words, 2³².
const WORDS: f64 = 4_294_967_296.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_values_given_are_drawn_and_in_their_shares() {
        let empirical = Empirical::compile(&[(3.0, 1.0), (1.0, 2.0), (2.0, 0.0), (3.0, 1.0)], 0.5);
        assert_eq!(empirical.values, [15_000, 35_000]);
        assert_eq!(empirical.draw(0), 15_000);
        assert_eq!(empirical.draw((1 << 31) - 1), 15_000);
        assert_eq!(empirical.draw(1 << 31), 35_000);
        assert_eq!(empirical.draw(u32::MAX), 35_000);
        assert_eq!(empirical.mean_ticks(), 25_000.0);
        assert_eq!(empirical.second_moment_ticks2(), (225.0 + 1_225.0) * 5e5);
    }

    #[test]
    fn the_guide_finds_what_a_search_through_everything_finds() {
        for count in [1, 2, 15, 16, 17, 1_000, 200_000] {
            let pairs: Vec<(f64, f64)> =
                (0..count).map(|i| (f64::from(i), f64::from(1 + i * 7_919 % 1_013))).collect();
            let empirical = Empirical::compile(&pairs, 0.0);
            for i in 0..20_000_u32 {
                let u = i.wrapping_mul(0x9E37_79B9);
                let index = empirical.lasts.partition_point(|&last| last < u);
                assert_eq!(empirical.draw(u), empirical.values[index], "{count} values, word {u}");
            }
            assert_eq!(empirical.draw(u32::MAX), empirical.max());
            assert_eq!(empirical.draw(0), empirical.min());
        }
    }

    #[test]
    fn the_order_in_which_values_are_given_changes_nothing() {
        let mut pairs = vec![(3.0, 0.1), (1.0, 0.2), (2.0, 0.3), (1.0, 0.4)];
        let first = Empirical::compile(&pairs, 0.0);
        pairs.reverse();
        assert_eq!(first, Empirical::compile(&pairs, 0.0));
    }
}
