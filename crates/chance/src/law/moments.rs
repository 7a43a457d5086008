//! The exact moments and bounds of a law.

use super::{Law, Shape};

impl Law {
    /// The mean, floor included, in seconds.
    #[must_use]
    pub fn mean_s(&self) -> f64 {
        self.floor_s
            + match &self.shape {
                Shape::Constant { mean_s }
                | Shape::Exponential { mean_s }
                | Shape::Gamma { mean_s, .. }
                | Shape::Normal { mean_s, .. } => *mean_s,
                Shape::Lognormal { mu, sigma } => libm::exp(mu + 0.5 * sigma * sigma),
                Shape::Triangular { min_s, mode_s, max_s } => (min_s + mode_s + max_s) / 3.0,
                Shape::Uniform { min_s, max_s } => 0.5 * (min_s + max_s),
                Shape::Empirical { values } => weighted_mean(values, |seconds| seconds),
                Shape::Mixture { parts } => parts.iter().map(|(share, part)| share * part.mean_s()).sum(),
            }
    }

    /// The variance, in seconds squared.
    #[must_use]
    pub fn variance(&self) -> f64 {
        match &self.shape {
            Shape::Constant { .. } => 0.0,
            Shape::Exponential { mean_s } => mean_s * mean_s,
            Shape::Lognormal { mu, sigma } => {
                let mean = libm::exp(mu + 0.5 * sigma * sigma);
                mean * mean * libm::expm1(sigma * sigma)
            }
            Shape::Gamma { mean_s, cv } => (mean_s * cv) * (mean_s * cv),
            Shape::Triangular { min_s, mode_s, max_s } => {
                let (left, right) = (mode_s - min_s, max_s - mode_s);
                (left * left + right * right + left * right) / 18.0
            }
            Shape::Uniform { min_s, max_s } => (max_s - min_s) * (max_s - min_s) / 12.0,
            Shape::Normal { sd_s, .. } => sd_s * sd_s,
            Shape::Empirical { values } => {
                let mean = weighted_mean(values, |seconds| seconds);
                weighted_mean(values, |seconds| (seconds - mean) * (seconds - mean))
            }
            Shape::Mixture { parts } => {
                let mean = self.mean_s() - self.floor_s;
                let about = |part: &Law| {
                    let away = part.mean_s() - mean;
                    part.variance() + away * away
                };
                parts.iter().map(|(share, part)| share * about(part)).sum()
            }
        }
    }

    /// The mean of the square, floor included, in seconds squared.
    #[must_use]
    pub fn second_moment(&self) -> f64 {
        self.variance() + self.mean_s() * self.mean_s()
    }

    /// Standard deviation over mean, floor included; 0 for a law that does not vary.
    #[must_use]
    pub fn cv(&self) -> f64 {
        let variance = self.variance();
        if variance == 0.0 { 0.0 } else { variance.sqrt() / self.mean_s() }
    }

    /// The greatest lower bound of the draws, floor included, in seconds; -∞ for a normal law.
    #[must_use]
    pub fn lowest_s(&self) -> f64 {
        self.floor_s
            + match &self.shape {
                Shape::Constant { mean_s } => *mean_s,
                Shape::Exponential { .. } => 0.0,
                Shape::Lognormal { mu, sigma } if *sigma == 0.0 => libm::exp(*mu),
                Shape::Lognormal { .. } => 0.0,
                Shape::Gamma { mean_s, cv } => {
                    if *cv == 0.0 {
                        *mean_s
                    } else {
                        0.0
                    }
                }
                Shape::Triangular { min_s, .. } | Shape::Uniform { min_s, .. } => *min_s,
                Shape::Normal { mean_s, sd_s } => {
                    if *sd_s == 0.0 {
                        *mean_s
                    } else {
                        f64::NEG_INFINITY
                    }
                }
                Shape::Empirical { values } => values
                    .iter()
                    .filter(|(_, weight)| *weight > 0.0)
                    .map(|(seconds, _)| *seconds)
                    .fold(f64::INFINITY, f64::min),
                Shape::Mixture { parts } => parts
                    .iter()
                    .filter(|(share, _)| *share > 0.0)
                    .map(|(_, part)| part.lowest_s())
                    .fold(f64::INFINITY, f64::min),
            }
    }

    /// Whether a draw can be below 0: a normal law, or bounds or values below 0 that the floor does not lift.
    #[must_use]
    pub fn may_be_negative(&self) -> bool {
        self.lowest_s() < 0.0
    }
}

fn weighted_mean(values: &[(f64, f64)], of: impl Fn(f64) -> f64) -> f64 {
    let weights: f64 = values.iter().map(|(_, weight)| weight).sum();
    let sum: f64 = values.iter().map(|&(seconds, weight)| weight * of(seconds)).sum();
    sum / weights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-12 * b.abs().max(1e-300)
    }

    #[test]
    fn a_lognormal_law_has_the_mean_and_cv_it_was_built_from() {
        let law = Law::lognormal_mean_cv(10.0, 0.3);
        assert!(close(law.mean_s(), 10.0) && close(law.cv(), 0.3));
        let law = Law::lognormal_median_sigma(30.0, 0.8);
        assert!(close(law.mean_s(), 30.0 * libm::exp(0.32)));
    }

    #[test]
    fn a_floor_moves_the_mean_and_not_the_variance() {
        let law = Law::exponential(60.0).with_floor(120.0);
        assert!(close(law.mean_s(), 180.0) && close(law.variance(), 3_600.0));
        assert!(close(law.second_moment(), 36_000.0) && close(law.cv(), 1.0 / 3.0));
    }

    #[test]
    fn moments_by_hand_are_met() {
        let triangular = Law::triangular(0.0, 3.0, 9.0);
        assert!(close(triangular.mean_s(), 4.0) && close(triangular.variance(), 3.5));
        let uniform = Law::uniform(-6.0, 6.0);
        assert!(close(uniform.second_moment(), 12.0));
        let empirical = Law::empirical(vec![(1.0, 3.0), (5.0, 1.0)]);
        assert!(close(empirical.mean_s(), 2.0) && close(empirical.variance(), 3.0));
        let mixture = Law::mixture(vec![(0.75, Law::constant(1.0)), (0.25, Law::exponential(5.0))]);
        assert!(close(mixture.mean_s(), 2.0));
        assert!(close(mixture.second_moment(), 0.75 + 0.25 * 50.0));
        assert!(close(mixture.with_floor(2.0).mean_s(), 4.0));
    }

    #[test]
    fn scaling_scales_the_mean_and_keeps_the_cv_of_every_law() {
        let laws = [
            Law::constant(3.0),
            Law::exponential(3.0),
            Law::lognormal_mean_cv(3.0, 0.5),
            Law::gamma(3.0, 0.5),
            Law::triangular(1.0, 2.0, 6.0),
            Law::uniform(1.0, 2.0),
            Law::normal(3.0, 1.0),
            Law::empirical(vec![(1.0, 1.0), (2.0, 5.0)]),
            Law::mixture(vec![(0.5, Law::constant(1.0)), (0.5, Law::gamma(2.0, 1.0).with_floor(1.0))]),
        ];
        for law in laws.map(|law| law.with_floor(1.5)) {
            let scaled = law.scaled_by(2.5);
            assert!(close(scaled.mean_s(), 2.5 * law.mean_s()), "{law:?}");
            assert!((scaled.cv() - law.cv()).abs() < 1e-12, "{law:?}");
        }
    }

    #[test]
    fn only_laws_that_reach_below_nothing_may_be_negative() {
        assert!(Law::normal(180.0, 300.0).may_be_negative());
        assert!(Law::uniform(-1.0, 5.0).may_be_negative());
        assert!(Law::mixture(vec![(0.5, Law::constant(-1.0)), (0.5, Law::constant(1.0))]).may_be_negative());
        assert!(!Law::uniform(-1.0, 5.0).with_floor(1.0).may_be_negative());
        assert!(!Law::normal(3.0, 0.0).may_be_negative());
        assert!(!Law::lognormal_mean_cv(1.0, 3.0).may_be_negative());
        assert!(!Law::empirical(vec![(-1.0, 0.0), (1.0, 1.0)]).may_be_negative());
    }
}
