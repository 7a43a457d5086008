//! Philox4x32-10, the counter-based generator of J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw,
//! "Parallel random numbers: as easy as 1, 2, 3", SC '11 (2011), <https://doi.org/10.1145/2063384.2063405>.
//!
//! A block of four words is a function of a counter and a key alone: there is no state to carry, so any draw of any
//! person can be made again, in any order.

const ROUNDS: u32 = 10;
/// The paper's multipliers of the four-word variant.
const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
/// The key grows each round by the golden ratio and by the square root of 3 less 1, as in the paper.
const KEY_STEP: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// The block of four random words at `counter` under `key`.
#[inline]
#[must_use]
pub fn philox4x32(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let mut x = counter;
    let mut key = key;
    for _ in 0..ROUNDS {
        let even = u64::from(x[0]) * u64::from(MULTIPLIER[0]);
        let odd = u64::from(x[2]) * u64::from(MULTIPLIER[1]);
        x = [high(odd) ^ x[1] ^ key[0], low(odd), high(even) ^ x[3] ^ key[1], low(even)];
        key = [key[0].wrapping_add(KEY_STEP[0]), key[1].wrapping_add(KEY_STEP[1])];
    }
    x
}

/// The keys of all rounds, in every lane of a vector register.
#[cfg(feature = "abreast")]
#[derive(Clone, Copy, Debug)]
pub struct KeysAbreast<S: pulp::Simd>([[S::u32s; 2]; ROUNDS as usize]);

#[cfg(feature = "abreast")]
impl<S: pulp::Simd> KeysAbreast<S> {
    /// The keys that grow from this one.
    #[inline(always)]
    #[must_use]
    pub fn new(simd: S, key: [u32; 2]) -> Self {
        let mut key = key;
        Self(std::array::from_fn(|_| {
            let now = key.map(|word| simd.splat_u32s(word));
            key = [key[0].wrapping_add(KEY_STEP[0]), key[1].wrapping_add(KEY_STEP[1])];
            now
        }))
    }
}

/// The blocks of as many counters as a vector register has lanes, each lane with words of its own, under one key.
#[cfg(feature = "abreast")]
#[inline(always)]
#[must_use]
pub fn philox4x32_abreast<S: pulp::Simd>(
    simd: S,
    counter: [S::u32s; 4],
    keys: &KeysAbreast<S>,
) -> [S::u32s; 4] {
    let [even_multiplier, odd_multiplier] = MULTIPLIER.map(|multiplier| simd.splat_u32s(multiplier));
    let mut x = counter;
    for key in &keys.0 {
        let (even_low, even_high) = simd.widening_mul_u32s(x[0], even_multiplier);
        let (odd_low, odd_high) = simd.widening_mul_u32s(x[2], odd_multiplier);
        x = [
            simd.xor_u32s(simd.xor_u32s(odd_high, x[1]), key[0]),
            odd_low,
            simd.xor_u32s(simd.xor_u32s(even_high, x[3]), key[1]),
            even_low,
        ];
    }
    x
}

#[inline]
fn high(product: u64) -> u32 {
    (product >> 32) as u32
}

/// The low word of the product: the cut is meant.
#[inline]
fn low(product: u64) -> u32 {
    product as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The three vectors of ten rounds that the authors' Random123 library publishes (`tests/kat_vectors`):
    /// nothing set, everything set, and the digits of π.
    #[test]
    fn the_published_vectors_are_met() {
        let vectors = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([0xffff_ffff; 4], [0xffff_ffff; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, expected) in vectors {
            assert_eq!(philox4x32(counter, key), expected, "counter {counter:08x?} key {key:08x?}");
        }
    }

    /// Blocks side by side, in whatever registers.
    #[cfg(feature = "abreast")]
    struct Words;

    #[cfg(feature = "abreast")]
    impl pulp::WithSimd for Words {
        type Output = ();

        fn with_simd<S: pulp::Simd>(self, simd: S) {
            let mut persons = simd.splat_u32s(0);
            let numbers: &mut [u32] = bytemuck::cast_slice_mut(std::slice::from_mut(&mut persons));
            for (number, person) in (u32::MAX - 2..=u32::MAX).chain(0..).zip(numbers) {
                *person = number;
            }
            let rest = [5, 6, 7].map(|word| simd.splat_u32s(word));
            let blocks = philox4x32_abreast(
                simd,
                [persons, rest[0], rest[1], rest[2]],
                &KeysAbreast::new(simd, [8, 9]),
            );
            let numbers: &[u32] = bytemuck::cast_slice(std::slice::from_ref(&persons));
            for (lane, &person) in numbers.iter().enumerate() {
                let expected = philox4x32([person, 5, 6, 7], [8, 9]);
                let words =
                    blocks.map(|words| bytemuck::cast_slice::<_, u32>(std::slice::from_ref(&words))[lane]);
                assert_eq!(words, expected);
            }
        }
    }

    #[test]
    #[cfg(feature = "abreast")]
    fn lanes_give_the_words_of_the_single_blocks_whatever_their_width() {
        use pulp::Simd;
        pulp::Arch::new().dispatch(Words);
        pulp::Scalar::vectorize(pulp::Scalar, Words);
        pulp::Scalar128b::vectorize(pulp::Scalar128b, Words);
        pulp::Scalar512b::vectorize(pulp::Scalar512b, Words);
    }
}
