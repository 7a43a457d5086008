//! Named streams of random words: one for each cause, person, replication and site.
//!
//! A word depends on nothing but its name, so two plans rehearsed with one seed meet the same people with the same
//! luck (common random numbers), and a draw added for one cause moves the draws of no other.

#[cfg(feature = "abreast")]
use crate::philox::{KeysAbreast, philox4x32_abreast};
use crate::{philox::philox4x32, special::normal_quantile};

/// The source of every random word of one replication at one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    seed: u64,
    site: u32,
    replication: u32,
}

impl Chance {
    /// The streams of one replication at one site under one seed.
    #[inline]
    #[must_use]
    pub fn new(seed: u64, site: u32, replication: u32) -> Self {
        Self { seed, site, replication }
    }

    /// Four random words: the `block`-th of this person's stream for this cause.
    #[inline]
    #[must_use]
    pub fn block(&self, cause: Cause, person: u32, block: u16) -> [u32; 4] {
        philox4x32(self.counter(cause, person, block), self.key())
    }

    /// The `index`-th random word of this person's stream for this cause: word `index % 4` of block `index / 4`.
    ///
    /// A stream has 4 · 65,536 words; from there on it repeats, and debug builds stop.
    #[inline]
    #[must_use]
    pub fn word(&self, cause: Cause, person: u32, index: u32) -> u32 {
        debug_assert!(index < WORDS_PER_STREAM, "a stream has no word {index}");
        self.block(cause, person, (index / 4) as u16)[(index % 4) as usize]
    }

    /// Block 0 of `out.len()` people one after the other, from `first_person` on: the same words as [`Chance::block`].
    pub fn blocks_of_consecutive_people(&self, cause: Cause, first_person: u32, out: &mut [[u32; 4]]) {
        let key = self.key();
        let mut person = first_person;
        for block in out {
            *block = philox4x32(self.counter(cause, person, 0), key);
            person = person.wrapping_add(1);
        }
    }

    /// Word 0 of `out.len()` people one after the other, from `first_person` on: the same as [`Chance::word`], in vector
    /// registers where there are any.
    pub fn words_of_consecutive_people(&self, cause: Cause, first_person: u32, out: &mut [u32]) {
        #[cfg(feature = "abreast")]
        pulp::Arch::new().dispatch(ConsecutiveWords { chance: self, cause, first_person, out });
        #[cfg(not(feature = "abreast"))]
        for (place, word) in (0..).zip(out) {
            *word = self.word(cause, first_person.wrapping_add(place), 0);
        }
    }

    #[inline]
    fn key(&self) -> [u32; 2] {
        [self.seed as u32, (self.seed >> 32) as u32]
    }

    #[inline]
    fn counter(&self, cause: Cause, person: u32, block: u16) -> [u32; 4] {
        [person, cause_and_block(cause, block), self.replication, self.site]
    }
}

#[cfg(feature = "abreast")]
struct ConsecutiveWords<'a> {
    chance: &'a Chance,
    cause: Cause,
    first_person: u32,
    out: &'a mut [u32],
}

#[cfg(feature = "abreast")]
impl pulp::WithSimd for ConsecutiveWords<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        let ConsecutiveWords { chance, cause, first_person, out } = self;
        let streams = Abreast::new(simd, std::slice::from_ref(chance));
        let mut persons = simd.splat_u32s(0);
        let numbers: &mut [u32] = bytemuck::cast_slice_mut(std::slice::from_mut(&mut persons));
        (0..).zip(numbers).for_each(|(place, number)| *number = first_person.wrapping_add(place));
        let step = simd.splat_u32s(S::U32_LANES as u32);
        let (rows, rest) = S::as_mut_simd_u32s(out);
        for row in rows {
            *row = streams.block(simd, cause, persons, 0)[0];
            persons = simd.add_u32s(persons, step);
        }
        let next = bytemuck::cast_slice::<S::u32s, u32>(std::slice::from_ref(&persons))[0];
        for (place, word) in (0..).zip(rest) {
            *word = chance.word(cause, next.wrapping_add(place), 0);
        }
    }
}

/// The streams of as many replications as a vector register has lanes, side by side: of one seed, whatever their sites.
#[cfg(feature = "abreast")]
#[derive(Clone, Copy, Debug)]
pub struct Abreast<S: pulp::Simd> {
    keys: KeysAbreast<S>,
    replications: S::u32s,
    sites: S::u32s,
}

#[cfg(feature = "abreast")]
impl<S: pulp::Simd> Abreast<S> {
    /// Lane i draws from `chances[i]`, lanes beyond the last from the first.
    ///
    /// # Panics
    /// If there are none, or their seeds differ.
    #[inline(always)]
    pub fn new(simd: S, chances: &[Chance]) -> Self {
        let first = chances.first().expect("a lane has a stream");
        assert!(chances.iter().all(|chance| chance.seed == first.seed), "lanes share a seed");
        let (mut replications, mut sites) = (simd.splat_u32s(first.replication), simd.splat_u32s(first.site));
        for (lane, chance) in chances.iter().enumerate() {
            bytemuck::cast_slice_mut::<S::u32s, u32>(std::slice::from_mut(&mut replications))[lane] =
                chance.replication;
            bytemuck::cast_slice_mut::<S::u32s, u32>(std::slice::from_mut(&mut sites))[lane] = chance.site;
        }
        Self { keys: KeysAbreast::new(simd, first.key()), replications, sites }
    }

    /// The `block`-th four words of each lane's person: the words of [`Chance::block`].
    #[inline(always)]
    pub fn block(&self, simd: S, cause: Cause, persons: S::u32s, block: u16) -> [S::u32s; 4] {
        let cause_and_block = simd.splat_u32s(cause_and_block(cause, block));
        philox4x32_abreast(simd, [persons, cause_and_block, self.replications, self.sites], &self.keys)
    }
}

fn cause_and_block(cause: Cause, block: u16) -> u32 {
    (u32::from(cause as u16) << 16) | u32::from(block)
}

/// Words in the stream of one person and one cause.
const WORDS_PER_STREAM: u32 = 4 << 16;

/// What a random word decides. Each cause has a stream of its own.
///
/// The numbers are fixed for ever and never used again for another cause: changing one would change every rehearsal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Cause {
    /// How long a service takes; the word's index is the number of the station visited.
    Service = 1,
    /// How long a person is ready to wait, at each station anew.
    Patience = 2,
    /// Where a person goes next.
    Route = 3,
    /// How long a walk takes.
    Walk = 4,
    /// Which class a visitor belongs to.
    Class = 5,
    /// The gap to the next arrival.
    Gap = 6,
    /// Whether a household, or a person of one that does, comes at all.
    Attendance = 7,
    /// How long from the message or the knock to arriving.
    Reaction = 8,
    /// Whether a household is one of the late, and how late.
    Late = 9,
    /// How early or late someone with an appointment comes.
    Punctuality = 10,
    /// Whether someone with an appointment stays away.
    NoShow = 11,
    /// How long a call takes.
    Call = 12,
    /// How many come together.
    Party = 13,
    /// Whom a crowd without order lets through next.
    Scrum = 14,
    /// The size and make-up of a household that no roll names.
    Household = 15,
    /// How long a server is away.
    Changeover = 16,
    /// Which lane someone takes who may choose.
    Lane = 17,
    /// The order of people within a household or a wave.
    Order = 18,
    /// The marks a made-up person carries: frail, ill, pupil, teacher, foreign-language, tenant.
    Mark = 19,
    /// A choice between candidates in planning.
    Planning = 20,
    /// Made-up names, document numbers and telephones.
    Identity = 21,
    /// Identifiers of events.
    Event = 22,
    /// What a site that no table names is like, and where it stands.
    Site = 23,
    /// When a courier comes to a site, and how long the way to the lab takes.
    Courier = 24,
    /// How long a batch runs in a lab.
    Lab = 25,
    /// Whether a tube holds what is looked for, and when its people come again.
    Specimen = 26,
    /// How an epidemic goes on: whom people infect, who is found, how fast it grows. A person is one path of it.
    Epidemic = 40,
    /// Which paths of an epidemic go on, since they foresaw what came.
    Weighing = 41,
}

/// A random word as a number in [0, 1): its 32 bits as a binary fraction.
#[inline]
#[must_use]
pub fn unit(word: u32) -> f64 {
    f64::from(word) * (1.0 / WORDS)
}

/// A random word as a standard normal draw.
#[must_use]
pub fn normal(word: u32) -> f64 {
    normal_quantile((f64::from(word) + 0.5) / WORDS)
}

/// Whether an event of this probability happens: never at 0 or below (nor for NaN), always at 1 and above, and in
/// between with the nearest multiple of 2⁻³².
#[inline]
#[must_use]
pub fn happens(word: u32, probability: f64) -> bool {
    // The cast saturates: NaN and negative numbers become 0, anything above 1 stays above every word.
    u64::from(word) < (probability * WORDS + 0.5) as u64
}

/// The number of different words, 2³².
const WORDS: f64 = 4_294_967_296.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_depends_on_every_part_of_its_name() {
        let chance = Chance::new(1, 2, 3);
        let word = chance.word(Cause::Service, 4, 5);
        assert_eq!(word, Chance::new(1, 2, 3).word(Cause::Service, 4, 5));
        let others = [
            Chance::new(2, 2, 3).word(Cause::Service, 4, 5),
            Chance::new(1 | 1 << 40, 2, 3).word(Cause::Service, 4, 5),
            Chance::new(1, 3, 3).word(Cause::Service, 4, 5),
            Chance::new(1, 2, 4).word(Cause::Service, 4, 5),
            chance.word(Cause::Patience, 4, 5),
            chance.word(Cause::Service, 5, 5),
            chance.word(Cause::Service, 4, 6),
            chance.word(Cause::Service, 4, 9),
        ];
        assert!(others.iter().all(|&other| other != word));
    }

    #[test]
    fn words_of_consecutive_people_are_those_of_each() {
        let chance = Chance::new(1 << 40 | 7, 2, 3);
        let mut words = [0; 37];
        for first in [0, 1_000, u32::MAX - 20] {
            chance.words_of_consecutive_people(Cause::NoShow, first, &mut words);
            for (place, &word) in (0..).zip(&words) {
                assert_eq!(word, chance.word(Cause::NoShow, first.wrapping_add(place), 0));
            }
        }
    }

    #[test]
    fn word_numbers_run_through_the_blocks() {
        let chance = Chance::new(9, 0, 1);
        for index in 0..12 {
            let block = chance.block(Cause::Route, 77, (index / 4) as u16);
            assert_eq!(chance.word(Cause::Route, 77, index), block[index as usize % 4]);
        }
    }

    /// Pins the layout of counter and key, and the number of a cause: these words may never change.
    #[test]
    fn the_words_of_a_name_are_fixed_for_ever() {
        let chance = Chance::new(0x0123_4567_89ab_cdef, 7, 11);
        assert_eq!(
            chance.block(Cause::Late, 13, 2),
            philox4x32([13, 9 << 16 | 2, 11, 7], [0x89ab_cdef, 0x0123_4567])
        );
    }

    #[test]
    fn people_in_batches_get_the_words_they_get_alone() {
        let chance = Chance::new(42, 1, 2);
        for people in [0, 1, 15, 16, 17, 53] {
            let mut blocks = vec![[0; 4]; people];
            chance.blocks_of_consecutive_people(Cause::Service, 1_000, &mut blocks);
            for (person, block) in (1_000..).zip(blocks) {
                assert_eq!(block, chance.block(Cause::Service, person, 0));
            }
        }
    }

    #[test]
    fn the_certain_always_happens_and_the_impossible_never() {
        for word in [0, 1, u32::MAX / 2, u32::MAX] {
            assert!(happens(word, 1.0));
            assert!(!happens(word, 0.0));
            assert!(!happens(word, f64::NAN));
        }
        assert!(happens((1 << 31) - 1, 0.5));
        assert!(!happens(1 << 31, 0.5));
    }

    #[test]
    fn the_unit_of_a_word_is_below_one() {
        assert_eq!(unit(0), 0.0);
        assert_eq!(unit(1 << 31), 0.5);
        assert!(unit(u32::MAX) < 1.0);
    }
}
