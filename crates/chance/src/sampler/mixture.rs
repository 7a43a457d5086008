//! Exact mixtures: a word's place chooses the part, and what is left of the word draws from it.

use super::{Kind, Sampler};
use crate::Ticks;
use crate::law::{Law, Shape};

/// Parts side by side on the line of all words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mixture {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
struct Part {
    /// The first and the last word that choose this part.
    first: u32,
    last: u32,
    /// 2⁶⁴ over the number of words that choose this part, rounded down.
    stretch: u64,
    sampler: Sampler,
}

impl Mixture {
    /// Compiles a mixture; one in which a single part has any words is that part itself.
    pub(super) fn compile(law: &Law) -> Kind {
        let mut flat = Vec::new();
        flatten(law, 1.0, 0.0, &mut flat);
        let total: f64 = flat.iter().map(|(share, _)| share).sum();
        let mut parts = Vec::new();
        let (mut below, mut begin) = (0.0, 0_u64);
        for (share, law) in flat {
            // Rounding the sums and not the shares keeps every share within 2⁻³² of what it should be.
            below += share;
            let end = (below / total * WORDS).round() as u64;
            if end > begin {
                parts.push(Part {
                    first: begin as u32,
                    last: (end - 1) as u32,
                    stretch: u64::MAX / (end - begin),
                    sampler: Sampler::compile(&law),
                });
            }
            begin = end;
        }
        if parts.len() == 1 {
            return parts.remove(0).sampler.kind;
        }
        Kind::Mixture(Box::new(Self { parts }))
    }

    #[inline]
    pub(super) fn draw(&self, u: u32) -> Ticks {
        // Mixtures have few parts: counting those that end before the word beats a search, for nothing is to be guessed
        // on the way. The last part ends with the last word.
        let part = &self.parts[self.parts.iter().map(|part| usize::from(part.last < u)).sum::<usize>()];
        part.sampler.draw(part.rest(u))
    }

    /// The mean over the parts, by the words that choose them.
    pub(super) fn mean_of(&self, of: impl Fn(&Sampler) -> f64) -> f64 {
        self.parts.iter().map(|part| part.share() * of(&part.sampler)).sum()
    }

    pub(super) fn min(&self) -> Ticks {
        self.parts.iter().map(|part| part.sampler.min_ticks()).min().expect("a mixture has parts")
    }

    pub(super) fn max(&self) -> Ticks {
        self.parts.iter().map(|part| part.sampler.max_ticks()).max().expect("a mixture has parts")
    }
}

impl Part {
    /// The place of `u` among the words of this part, stretched over all words: each lands in the middle of what it
    /// stands for, so that the stretched words are uniform without bias.
    #[inline]
    fn rest(&self, u: u32) -> u32 {
        let middle = 2 * u64::from(u - self.first) + 1;
        ((u128::from(middle) * u128::from(self.stretch)) >> 33) as u32
    }

    fn share(&self) -> f64 {
        (f64::from(self.last - self.first) + 1.0) / WORDS
    }
}

/// The parts of a mixture and of the mixtures within it, with their shares of the whole and every floor above them added.
fn flatten(law: &Law, share: f64, floor_s: f64, flat: &mut Vec<(f64, Law)>) {
    let floor_s = floor_s + law.floor_s;
    if let Shape::Mixture { parts } = &law.shape {
        for (part_share, part) in parts {
            flatten(part, share * part_share, floor_s, flat);
        }
    } else {
        flat.push((share, law.clone().with_floor(floor_s)));
    }
}

/// The number of different words, 2³².
const WORDS: f64 = 4_294_967_296.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(law: &Law) -> Vec<Part> {
        match Mixture::compile(law) {
            Kind::Mixture(mixture) => mixture.parts,
            other => panic!("not a mixture: {other:?}"),
        }
    }

    #[test]
    fn shares_are_met_to_a_billionth() {
        let shares = [0.1, 0.2, 0.3, 0.15, 0.05, 0.07, 0.13];
        let law = Law::mixture(
            shares.iter().zip(0..).map(|(&share, i)| (share, Law::constant(f64::from(i)))).collect(),
        );
        let parts = parts(&law);
        for (part, share) in parts.iter().zip(shares) {
            assert!((part.share() - share).abs() < 1e-9);
        }
        assert_eq!(parts.first().unwrap().first, 0);
        assert_eq!(parts.last().unwrap().last, u32::MAX);
        assert!(parts.windows(2).all(|pair| pair[1].first == pair[0].last + 1));
    }

    #[test]
    fn each_part_uses_the_whole_range_of_words() {
        for part in parts(&Law::mixture(vec![
            (0.02, Law::exponential(1.0)),
            (0.6, Law::constant(1.0)),
            (0.38, Law::uniform(1.0, 2.0)),
        ])) {
            let words = f64::from(part.last - part.first) + 1.0;
            let step = WORDS / words;
            assert!(f64::from(part.rest(part.first)) <= step);
            assert!(f64::from(part.rest(part.last)) >= WORDS - 1.0 - step);
            let middle = part.first + (part.last - part.first) / 2;
            assert!((f64::from(part.rest(middle)) - WORDS / 2.0).abs() <= step);
        }
    }

    #[test]
    fn a_part_of_a_single_word_is_drawn_at_its_middle() {
        let law = Law::mixture(vec![(2e-10, Law::uniform(0.0, 2.0)), (1.0 - 2e-10, Law::constant(5.0))]);
        let sampler = Sampler::compile(&law);
        assert!((sampler.draw(0) - 10_000).abs() <= 1);
        assert_eq!(sampler.draw(1), 50_000);
    }

    #[test]
    fn mixtures_within_mixtures_are_one_and_floors_add_up() {
        let inner = Law::mixture(vec![(0.5, Law::constant(1.0)), (0.5, Law::constant(2.0).with_floor(0.5))])
            .with_floor(10.0);
        let law = Law::mixture(vec![(0.5, inner), (0.5, Law::constant(3.0))]).with_floor(100.0);
        let parts = parts(&law);
        let values: Vec<_> = parts.iter().map(|part| part.sampler.is_constant().unwrap()).collect();
        assert_eq!(values, [1_110_000, 1_125_000, 1_030_000]);
        assert!((Sampler::compile(&law).mean_ticks() - 10_000.0 * law.mean_s()).abs() < 1e-3);
    }

    #[test]
    fn a_mixture_of_one_part_is_that_part() {
        let law = Law::mixture(vec![(1.0, Law::constant(4.0)), (0.0, Law::exponential(1.0))]);
        assert_eq!(Sampler::compile(&law).is_constant(), Some(40_000));
    }
}
