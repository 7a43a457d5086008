//! Fitted laws against known ones.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use chance::{Cause, Chance, Law, Sampler, Ticks};
use review::{
    Fit,
    fit::{fit, fit_reaction},
};

fn draws(law: &Law, seed: u64, n: u32) -> Vec<Ticks> {
    let sampler = Sampler::compile(law);
    let chance = Chance::new(seed, 7, 0);
    (0..n).map(|person| sampler.draw(chance.word(Cause::Service, person, 0))).collect()
}

fn parameter(fit: &Fit, name: &str) -> (f64, f64) {
    let found = fit.parameters.iter().find(|parameter| parameter.name == name);
    let found = found.unwrap_or_else(|| panic!("{name} in {fit:?}"));
    (found.value, found.se.unwrap_or(f64::NAN))
}

/// Fits samples of one law: the family must be found, the mean of the estimates must be right, and 95 % intervals must
/// hold the truth about as often as they say.
fn assert_known(law: &Law, family: &str, truth: &[(&str, f64)], of: fn(&[Ticks]) -> Option<Fit>) {
    const SAMPLES: u64 = 120;
    let fits: Vec<Fit> = (1..=SAMPLES).map(|seed| of(&draws(law, seed, 600)).unwrap()).collect();
    let right: Vec<&Fit> = fits.iter().filter(|fit| fit.family == family).collect();
    // At this size a lognormal law of small cv and a gamma law are hard to tell apart, and nearly the same.
    assert!(right.len() as f64 >= 0.85 * SAMPLES as f64, "{family}: {} of {SAMPLES}", right.len());
    for &(name, known) in truth {
        let found: Vec<(f64, f64)> = right.iter().map(|fit| parameter(fit, name)).collect();
        let n = found.len() as f64;
        let mean = found.iter().map(|(value, _)| value).sum::<f64>() / n;
        let spread = (found.iter().map(|(value, _)| (value - mean) * (value - mean)).sum::<f64>() / n).sqrt();
        assert!(
            (mean - known).abs() < 4.0 * spread / n.sqrt() + 0.01 * known.abs(),
            "{name}: {mean} for {known}"
        );
        let inside = found.iter().filter(|(value, se)| (value - known).abs() <= 1.96 * se).count();
        let share = inside as f64 / n;
        assert!((0.87..=0.995).contains(&share), "{family} {name}: {share} of the intervals hold {known}");
    }
}

#[test]
fn an_exponential_law_is_found() {
    assert_known(&Law::exponential(60.0), "exponential", &[("mean_s", 60.0)], fit);
}

#[test]
fn an_exponential_law_above_a_floor_is_found() {
    let law = Law::exponential(60.0).with_floor(120.0);
    assert_known(&law, "exponential + floor", &[("mean_s", 60.0)], fit);
}

#[test]
fn a_lognormal_law_is_found() {
    assert_known(&Law::lognormal_mean_cv(9.0, 0.4), "lognormal", &[("mean_s", 9.0), ("cv", 0.4)], fit);
}

#[test]
fn a_gamma_law_is_found() {
    assert_known(&Law::gamma(30.0, 0.7), "gamma", &[("mean_s", 30.0), ("cv", 0.7)], fit);
}

#[test]
fn a_quick_law_with_a_slow_constant_is_found() {
    let law = Law::mixture(vec![(0.92, Law::lognormal_mean_cv(10.0, 0.3)), (0.08, Law::constant(60.0))]);
    let truth = [("mean_s", 10.0), ("cv", 0.3), ("constant_share", 0.08)];
    assert_known(&law, "lognormal, constant", &truth, fit);
}

#[test]
fn a_quick_and_a_slow_lognormal_law_are_found() {
    let slow = Law::lognormal_mean_cv(60.0, 0.3);
    let law = Law::mixture(vec![(0.85, Law::lognormal_mean_cv(10.0, 0.3)), (0.15, slow)]);
    let truth =
        [("mean_s", 10.0), ("cv", 0.3), ("slow_share", 0.15), ("slow_mean_s", 60.0), ("slow_cv", 0.3)];
    assert_known(&law, "lognormal, slow lognormal", &truth, fit);
}

#[test]
fn a_normal_reaction_with_a_late_share_is_found() {
    let late = Law::uniform(900.0, 5_700.0);
    let law = Law::mixture(vec![(0.88, Law::normal(180.0, 300.0)), (0.12, late)]);
    let truth = [("mean_s", 180.0), ("sd_s", 300.0), ("late_share", 0.12)];
    assert_known(&law, "normal, late uniform", &truth, fit_reaction);
}

#[test]
fn a_constant_is_one() {
    let found = fit(&[600_000; 50]).unwrap();
    assert_eq!((found.law, found.family.as_str()), (Law::constant(60.0), "constant"));
}

#[test]
fn times_rounded_to_seconds_are_no_point_masses() {
    let rounded: Vec<Ticks> = draws(&Law::lognormal_mean_cv(30.0, 0.4), 3, 2_000)
        .iter()
        .map(|t| (t + 5_000) / 10_000 * 10_000)
        .collect();
    let found = fit(&rounded).unwrap();
    assert_eq!(found.family, "lognormal", "{found:?}");
    assert!(found.fits && (found.mean_s - 30.0).abs() < 1.0);
}

#[test]
fn what_no_law_describes_is_taken_as_it_is() {
    // Two narrow heaps and nothing between: no law with one hump, and none with a slow share.
    let law = Law::mixture(vec![
        (0.4, Law::uniform(10.0, 12.0)),
        (0.3, Law::uniform(40.0, 42.0)),
        (0.3, Law::uniform(90.0, 92.0)),
    ]);
    let found = fit(&draws(&law, 5, 1_000)).unwrap();
    assert_eq!((found.family.as_str(), found.fits), ("empirical", false));
    assert!((found.law.mean_s() - found.mean_s).abs() < 1e-9);
}

#[test]
fn too_few_times_give_no_law() {
    assert!(fit(&draws(&Law::exponential(60.0), 1, 19)).is_none());
}
