//! What the tables draw, against the laws they were compiled from.

use chance::special::{normal_cdf, regularised_gamma_lower};
use chance::{Law, Sampler, Shape};

const MEANS_S: [f64; 6] = [0.5, 2.0, 9.0, 120.0, 1_800.0, 7_200.0];
const CVS: [f64; 9] = [0.025, 0.1, 0.3, 0.4, 0.8, 1.0, 1.5, 2.0, 3.0];

fn laws_of_mean(mean_s: f64) -> Vec<Law> {
    let mut laws = vec![
        Law::exponential(mean_s),
        Law::uniform(0.0, 2.0 * mean_s),
        Law::uniform(-mean_s, 2.0 * mean_s),
        Law::triangular(0.0, 0.0, 3.0 * mean_s),
        Law::triangular(0.5 * mean_s, mean_s, 1.5 * mean_s),
        Law::triangular(0.0, 2.0 * mean_s, 2.0 * mean_s),
        Law::lognormal_median_sigma(mean_s, 0.8),
    ];
    for cv in CVS {
        laws.push(Law::lognormal_mean_cv(mean_s, cv));
        laws.push(Law::gamma(mean_s, cv));
        laws.push(Law::normal(mean_s, cv * mean_s));
    }
    laws
}

fn relative(a: f64, b: f64) -> f64 {
    (a - b).abs() / b.abs()
}

#[test]
fn mean_and_second_moment_of_every_table_are_the_laws_to_a_millionth() {
    for mean_s in MEANS_S {
        for law in laws_of_mean(mean_s) {
            has_its_moments(&law);
        }
    }
}

#[test]
fn a_floor_costs_no_precision() {
    for floor_s in [0.5, 77.777_77] {
        for law in laws_of_mean(9.0) {
            has_its_moments(&law.with_floor(floor_s));
        }
    }
}

fn has_its_moments(law: &Law) {
    let sampler = Sampler::compile(law);
    let mean = relative(sampler.mean_ticks(), law.mean_s() * 1e4);
    let second = relative(sampler.second_moment_ticks2(), law.second_moment() * 1e8);
    assert!(mean < 1e-6 && second < 1e-6, "mean off by {mean:e}, square by {second:e}: {law:?}");
}

#[test]
fn even_short_times_keep_their_moments() {
    for law in laws_of_mean(0.1) {
        has_its_moments(&law);
    }
}

#[test]
fn a_mixture_has_the_moments_of_its_parts() {
    let law = Law::mixture(vec![
        (0.92, Law::lognormal_mean_cv(10.0, 0.3)),
        (0.08, Law::mixture(vec![(0.5, Law::constant(60.0)), (0.5, Law::exponential(90.0))]).with_floor(5.0)),
    ]);
    let sampler = Sampler::compile(&law);
    assert!(relative(sampler.mean_ticks(), law.mean_s() * 1e4) < 1e-6);
    assert!(relative(sampler.second_moment_ticks2(), law.second_moment() * 1e8) < 1e-6);
}

/// The moments that the sampler states are those of its draws, at words spread evenly, and closer in the tails.
#[test]
fn what_is_drawn_has_the_moments_that_are_stated() {
    for law in laws_of_mean(20.0) {
        let sampler = Sampler::compile(&law);
        let (mut sum, mut squares) = (0.0, 0.0);
        let tail = 1_u32 << 22;
        let parts = [(0, tail, 8), (tail, u32::MAX - tail + 1, 1 << 13), (u32::MAX - tail + 1, u32::MAX, 8)];
        for (from, to, step) in parts {
            for word in (from..to).step_by(step as usize) {
                // The middle of an even number of words lies between two of them.
                for word in [word + step / 2 - 1, word + step / 2] {
                    let value = sampler.draw(word) as f64;
                    let words = 0.5 * f64::from(step);
                    sum += words * value;
                    squares += words * value * value;
                }
            }
        }
        let words = 4_294_967_296.0;
        assert!(relative(sum / words, sampler.mean_ticks()) < 1e-6, "{law:?}");
        assert!(relative(squares / words, sampler.second_moment_ticks2()) < 1e-6, "{law:?}");
    }
}

/// The probability that the shape stays below `seconds`.
fn distribution(law: &Law, seconds: f64) -> f64 {
    match law.shape {
        Shape::Exponential { mean_s } => -libm::expm1(-seconds.max(0.0) / mean_s),
        Shape::Lognormal { mu, sigma } if seconds > 0.0 => normal_cdf((libm::log(seconds) - mu) / sigma),
        Shape::Normal { mean_s, sd_s } => normal_cdf((seconds - mean_s) / sd_s),
        Shape::Gamma { mean_s, cv } => regularised_gamma_lower(1.0 / (cv * cv), seconds / (mean_s * cv * cv)),
        Shape::Uniform { min_s, max_s } => ((seconds - min_s) / (max_s - min_s)).clamp(0.0, 1.0),
        Shape::Triangular { min_s, mode_s, max_s } => {
            let range = max_s - min_s;
            if seconds <= min_s {
                0.0
            } else if seconds <= mode_s {
                (seconds - min_s) * (seconds - min_s) / (range * (mode_s - min_s))
            } else if seconds < max_s {
                1.0 - (max_s - seconds) * (max_s - seconds) / (range * (max_s - mode_s))
            } else {
                1.0
            }
        }
        _ => 0.0,
    }
}

/// Kolmogorov's distance between the law and a table's draws at evenly spread words. A cell has a probability of 1/1024,
/// within which the table is even and the law nearly so; rounding, carries and the fit of the second moment move a draw
/// by two ticks at most.
#[test]
fn the_draws_follow_the_law_everywhere() {
    const WORDS: u32 = 1 << 18;
    for law in laws_of_mean(300.0) {
        let sampler = Sampler::compile(&law);
        let mut draws: Vec<f64> =
            (0..WORDS).map(|i| sampler.draw((i << 14) + (1 << 13)) as f64 / 1e4).collect();
        draws.sort_by(f64::total_cmp);
        let mut distance = 0.0_f64;
        for (i, &seconds) in (0..WORDS).zip(&draws) {
            let drawn = (f64::from(i) + 0.5) / f64::from(WORDS);
            let (below, above) = (distribution(&law, seconds - 2e-4), distribution(&law, seconds + 2e-4));
            distance = distance.max(drawn - above).max(below - drawn);
        }
        assert!(distance < 2.5e-4, "distance {distance:e}: {law:?}");
    }
}

/// In the outermost 2⁻¹⁰, where the second level draws, the distance is below one of its cells, 2⁻²⁰.
#[test]
fn the_tails_follow_the_law_a_thousand_times_finer() {
    for law in [Law::exponential(60.0), Law::lognormal_mean_cv(60.0, 1.0), Law::normal(0.0, 60.0)] {
        let sampler = Sampler::compile(&law);
        for i in 0..2_000_u32 {
            let above = (f64::from(i) + 0.5) * 1_024.0 / 4_294_967_296.0;
            let draw = sampler.draw(u32::MAX - i * 1_024 - 512) as f64 / 1e4;
            let distance = (1.0 - distribution(&law, draw) - above).abs();
            assert!(distance < 9.5e-7, "distance {distance:e} at {above:e}: {law:?}");
        }
    }
}

#[test]
fn within_a_cell_the_draw_rises_with_the_word_and_so_do_the_cells() {
    for mean_s in [0.5, 600.0] {
        for law in laws_of_mean(mean_s) {
            let sampler = Sampler::compile(&law);
            let middles: Vec<i64> = (0..1_024).map(|cell| sampler.draw((cell << 22) | (1 << 21))).collect();
            // Rounding, carries and the fit of the second moment move a cell by at most two ticks.
            assert!(middles.windows(2).all(|pair| pair[1] >= pair[0] - 2), "{law:?}");
            for cell in [1, 500, 1_022_u32] {
                let draws: Vec<i64> =
                    (0..256).map(|place| sampler.draw((cell << 22) | (place << 14))).collect();
                assert!(draws.windows(2).all(|pair| pair[1] >= pair[0]), "{law:?}");
            }
        }
    }
}

#[test]
fn every_draw_lies_between_the_least_and_the_greatest() {
    for law in laws_of_mean(30.0) {
        let sampler = Sampler::compile(&law);
        let (least, greatest) = (sampler.min_ticks(), sampler.max_ticks());
        let draws: Vec<i64> =
            (0..1 << 22).map(|i| sampler.draw(i << 10)).chain([sampler.draw(u32::MAX)]).collect();
        assert!(draws.iter().all(|draw| (least..=greatest).contains(draw)), "{law:?}");
        assert_eq!(draws.iter().min(), Some(&least), "{law:?}");
    }
}

#[test]
fn laws_that_do_not_vary_are_constant() {
    let laws = [
        Law::constant(12.345),
        Law::lognormal_mean_cv(12.345, 0.0),
        Law::gamma(12.345, 0.0),
        Law::uniform(12.345, 12.345),
        Law::triangular(12.345, 12.345, 12.345),
        Law::normal(12.345, 0.0),
        Law::empirical(vec![(12.345, 2.0), (12.345, 1.0)]),
        Law::constant(2.345).with_floor(10.0),
    ];
    for law in laws {
        assert_eq!(Sampler::compile(&law).is_constant(), Some(123_450), "{law:?}");
    }
    for nothing in [Law::exponential(0.0), Law::lognormal_mean_cv(0.0, 0.4), Law::gamma(0.0, 2.0)] {
        assert_eq!(Sampler::compile(&nothing).is_constant(), Some(0), "{nothing:?}");
    }
    assert_eq!(Sampler::compile(&Law::exponential(1.0)).is_constant(), None);
}

/// The last cell would have to begin below nothing. It is narrowed, which keeps its mean and costs some of its variance.
#[test]
fn laws_with_the_heaviest_tails_keep_their_mean_and_lose_some_of_their_second_moment() {
    has_its_moments(&Law::lognormal_mean_cv(10.0, 5.0));
    for cv in [6.0, 8.0, 12.0] {
        let law = Law::lognormal_mean_cv(10.0, cv);
        let sampler = Sampler::compile(&law);
        assert!(relative(sampler.mean_ticks(), law.mean_s() * 1e4) < 1e-6, "{law:?}");
        let kept = sampler.second_moment_ticks2() / (law.second_moment() * 1e8);
        assert!(kept < 1.0 && kept > 0.9, "{kept} of {law:?}");
    }
}

/// Times of weeks do not fit 32 bits: the tables count in units of several ticks.
#[test]
fn times_beyond_thirty_two_bits_keep_their_moments() {
    for law in [
        Law::exponential(4e5),
        Law::lognormal_mean_cv(1e6, 3.0),
        Law::normal(-1e8, 3e7),
        Law::gamma(1e8, 1.0),
    ] {
        has_its_moments(&law);
    }
}

#[test]
#[should_panic(expected = "a law with problems cannot be compiled")]
fn a_law_with_problems_is_not_compiled() {
    let _ = Sampler::compile(&Law::exponential(-1.0));
}
