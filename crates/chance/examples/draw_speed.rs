//! How long a draw, a block of random words and a compilation take. Run with `--release`.

// The only clock of this crate, and it decides nothing.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use chance::philox::{KeysAbreast, philox4x32, philox4x32_abreast};
use chance::{Cause, Chance, Law, Sampler};

const DRAWS: u32 = 1_000_000;
const BLOCKS: u32 = 160_000;
const TRIES: u32 = 60;

fn main() {
    let laws = [
        ("constant", Law::constant(10.0)),
        ("exponential", Law::exponential(10.0)),
        ("lognormal", Law::lognormal_mean_cv(10.0, 0.4)),
        ("normal", Law::normal(180.0, 300.0)),
        ("uniform", Law::uniform(300.0, 5_700.0)),
        ("triangular", Law::triangular(1.0, 2.0, 6.0)),
        ("gamma, cv 0.025", Law::gamma(10.0, 0.025)),
        ("gamma, cv 0.5", Law::gamma(10.0, 0.5)),
        ("gamma, cv 3", Law::gamma(10.0, 3.0)),
        ("empirical, 1000", Law::empirical((0..1_000).map(|i| (f64::from(i * i % 977), 1.0)).collect())),
        (
            "mixture of 2",
            Law::mixture(vec![(0.92, Law::lognormal_mean_cv(10.0, 0.3)), (0.08, Law::constant(60.0))]),
        ),
    ];
    for (name, law) in laws {
        let compiled_ns = best(1, 5, || drop(black_box(Sampler::compile(&law))));
        let sampler = Sampler::compile(&law);
        let mut word = 1_u32;
        let ns = best(DRAWS, TRIES, || {
            let mut sum = 0;
            for _ in 0..DRAWS {
                word = word.wrapping_add(0x9E37_79B9);
                sum += sampler.draw(word);
            }
            black_box(sum);
        });
        println!("{name:18} draw {ns:5.2} ns, compile {:6.2} ms", compiled_ns * 1e-6);
    }

    let one = best(BLOCKS, TRIES, || {
        let mut sum = 0;
        for person in 0..BLOCKS {
            sum ^= philox4x32([person, 1, 2, 3], [4, 5])[0];
        }
        black_box(sum);
    });
    println!("philox, one        {one:5.2} ns a block");
    let lanes = best(BLOCKS, TRIES, || pulp::Arch::new().dispatch(SideBySide));
    println!("philox, abreast    {lanes:5.2} ns a block");
    let chance = Chance::new(1, 2, 3);
    let mut blocks = vec![[0; 4]; 4_000];
    let batch = best(BLOCKS, TRIES, || {
        for first in (0..BLOCKS).step_by(4_000) {
            chance.blocks_of_consecutive_people(Cause::Service, first, &mut blocks);
            black_box(&blocks);
        }
    });
    println!("stream, in batches {batch:5.2} ns a block");
}

/// As many blocks at a time as this machine's registers hold.
struct SideBySide;

impl pulp::WithSimd for SideBySide {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        let mut sum = simd.splat_u32s(0);
        let keys = KeysAbreast::new(simd, [4, 5]);
        for person in (0..BLOCKS).step_by(S::U32_LANES) {
            let counter = [person, 1, 2, 3].map(|word| simd.splat_u32s(word));
            for word in philox4x32_abreast(simd, counter, &keys) {
                sum = simd.xor_u32s(sum, word);
            }
        }
        black_box(sum);
    }
}

/// The nanoseconds of one of `count` in the fastest of several tries: what the machine does besides only adds.
fn best(count: u32, tries: u32, mut run: impl FnMut()) -> f64 {
    let once = |run: &mut dyn FnMut()| {
        let started = Instant::now();
        run();
        started.elapsed().as_secs_f64() * 1e9 / f64::from(count)
    };
    (0..tries).map(|_| once(&mut run)).fold(f64::INFINITY, f64::min)
}
