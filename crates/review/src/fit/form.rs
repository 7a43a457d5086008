//! The families of laws, by parameters that may be any real number: logarithms, and log odds for shares.

use super::special::ln_gamma;
use chance::{
    Law, Shape,
    special::{normal_cdf, regularised_gamma_lower},
};

/// A family. Its parameters θ stand beside it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Form {
    /// θ = ln mean.
    Exponential,
    /// θ = mean and ln standard deviation of the logarithm.
    Lognormal,
    /// θ = ln mean, ln cv.
    Gamma,
    /// θ = mean, ln standard deviation.
    Normal,
    /// θ = log odds of the slow share; μ and ln σ of the quick; μ and ln σ of the slow.
    TwoLognormals,
    /// θ = log odds of the slow share; μ and ln σ of the quick; ln mean of the slow above its floor.
    SlowExponential { floor_s: f64 },
    /// θ = log odds of the late share; mean and ln standard deviation of the others.
    NormalAndLate { low_s: f64, high_s: f64 },
}

/// ln √(2π).
const LN_ROOT_TAU: f64 = 0.918_938_533_204_672_8;

pub(crate) fn share(odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-odds))
}

pub(crate) fn log_odds(share: f64) -> f64 {
    libm::log(share / (1.0 - share))
}

fn normal_log_density(x: f64, mean: f64, ln_sd: f64) -> f64 {
    let away = (x - mean) * libm::exp(-ln_sd);
    -LN_ROOT_TAU - ln_sd - 0.5 * away * away
}

/// ln(eᵃ + eᵇ).
fn log_sum(a: f64, b: f64) -> f64 {
    let (more, less) = if a > b { (a, b) } else { (b, a) };
    if less == f64::NEG_INFINITY { more } else { more + libm::log1p(libm::exp(less - more)) }
}

impl Form {
    pub fn name(&self) -> &'static str {
        match self {
            Form::Exponential => "exponential",
            Form::Lognormal => "lognormal",
            Form::Gamma => "gamma",
            Form::Normal => "normal",
            Form::TwoLognormals => "lognormal, slow lognormal",
            Form::SlowExponential { .. } => "lognormal, slow exponential",
            Form::NormalAndLate { .. } => "normal, late uniform",
        }
    }

    /// Numbers that the sample decided, bounds included.
    pub fn freedom(&self) -> f64 {
        match self {
            Form::Exponential => 1.0,
            Form::Lognormal | Form::Gamma | Form::Normal => 2.0,
            Form::TwoLognormals | Form::SlowExponential { .. } | Form::NormalAndLate { .. } => 5.0,
        }
    }

    pub fn law(&self, theta: &[f64]) -> Law {
        let exp = libm::exp;
        match *self {
            Form::Exponential => Law::exponential(exp(theta[0])),
            Form::Lognormal => Law::of(Shape::Lognormal { mu: theta[0], sigma: exp(theta[1]) }),
            Form::Gamma => Law::gamma(exp(theta[0]), exp(theta[1])),
            Form::Normal => Law::normal(theta[0], exp(theta[1])),
            Form::TwoLognormals => super::mixture(vec![
                (0.0, Law::of(Shape::Lognormal { mu: theta[1], sigma: exp(theta[2]) })),
                (share(theta[0]), Law::of(Shape::Lognormal { mu: theta[3], sigma: exp(theta[4]) })),
            ]),
            Form::SlowExponential { floor_s } => super::mixture(vec![
                (0.0, Law::of(Shape::Lognormal { mu: theta[1], sigma: exp(theta[2]) })),
                (share(theta[0]), Law::exponential(exp(theta[3])).with_floor(floor_s)),
            ]),
            Form::NormalAndLate { low_s, high_s } => super::mixture(vec![
                (0.0, Law::normal(theta[1], exp(theta[2]))),
                (share(theta[0]), Law::uniform(low_s, high_s)),
            ]),
        }
    }

    /// ln of the density at `x`, whose logarithm is `ln_x` (used by laws of positive times only).
    pub fn log_density(&self, theta: &[f64], x: f64, ln_x: f64) -> f64 {
        match *self {
            Form::Exponential => -theta[0] - x * libm::exp(-theta[0]),
            Form::Lognormal => normal_log_density(ln_x, theta[0], theta[1]) - ln_x,
            Form::Gamma => {
                let shape = libm::exp(-2.0 * theta[1]);
                let rate = shape * libm::exp(-theta[0]);
                shape * libm::log(rate) + (shape - 1.0) * ln_x - rate * x - ln_gamma(shape)
            }
            Form::Normal => normal_log_density(x, theta[0], theta[1]),
            Form::TwoLognormals => {
                let slow = share(theta[0]);
                let quick = libm::log1p(-slow) + normal_log_density(ln_x, theta[1], theta[2]);
                log_sum(quick, libm::log(slow) + normal_log_density(ln_x, theta[3], theta[4])) - ln_x
            }
            Form::SlowExponential { floor_s } => {
                let slow = share(theta[0]);
                let quick = libm::log1p(-slow) + normal_log_density(ln_x, theta[1], theta[2]) - ln_x;
                if x < floor_s {
                    return quick;
                }
                log_sum(quick, libm::log(slow) - theta[3] - (x - floor_s) * libm::exp(-theta[3]))
            }
            Form::NormalAndLate { low_s, high_s } => {
                let late = share(theta[0]);
                let common = libm::log1p(-late) + normal_log_density(x, theta[1], theta[2]);
                if x < low_s || x > high_s {
                    return common;
                }
                log_sum(common, libm::log(late / (high_s - low_s)))
            }
        }
    }

    /// What the parameters are in the words of the scenario's TOML.
    pub fn readings(&self, theta: &[f64]) -> Vec<(&'static str, f64)> {
        let exp = libm::exp;
        let mean = |mu: f64, ln_sigma: f64| exp(mu + 0.5 * exp(2.0 * ln_sigma));
        let cv = |ln_sigma: f64| libm::expm1(exp(2.0 * ln_sigma)).sqrt();
        match *self {
            Form::Exponential => vec![("mean_s", exp(theta[0]))],
            Form::Lognormal => vec![("mean_s", mean(theta[0], theta[1])), ("cv", cv(theta[1]))],
            Form::Gamma => vec![("mean_s", exp(theta[0])), ("cv", exp(theta[1]))],
            Form::Normal => vec![("mean_s", theta[0]), ("sd_s", exp(theta[1]))],
            Form::TwoLognormals => vec![
                ("mean_s", mean(theta[1], theta[2])),
                ("cv", cv(theta[2])),
                ("slow_share", share(theta[0])),
                ("slow_mean_s", mean(theta[3], theta[4])),
                ("slow_cv", cv(theta[4])),
            ],
            Form::SlowExponential { .. } => vec![
                ("mean_s", mean(theta[1], theta[2])),
                ("cv", cv(theta[2])),
                ("slow_share", share(theta[0])),
                ("slow_mean_s", exp(theta[3])),
            ],
            Form::NormalAndLate { .. } => {
                vec![("mean_s", theta[1]), ("sd_s", exp(theta[2])), ("late_share", share(theta[0]))]
            }
        }
    }

    /// Bounds that have no standard error.
    pub fn bounds(&self) -> Vec<(&'static str, f64)> {
        match *self {
            Form::SlowExponential { floor_s } => vec![("slow_floor_s", floor_s)],
            Form::NormalAndLate { low_s, high_s } => vec![("late_min_s", low_s), ("late_max_s", high_s)],
            _ => Vec::new(),
        }
    }
}

/// The chance that a law gives `x` seconds or less.
pub(crate) fn at_most(law: &Law, x: f64) -> f64 {
    let x = x - law.floor_s;
    let step = |value: f64| f64::from(u8::from(x >= value));
    match &law.shape {
        Shape::Constant { mean_s } => step(*mean_s),
        Shape::Exponential { mean_s } if *mean_s > 0.0 => -libm::expm1(-x.max(0.0) / mean_s),
        Shape::Exponential { .. } => step(0.0),
        Shape::Lognormal { mu, sigma } if *sigma > 0.0 && x > 0.0 => normal_cdf((libm::log(x) - mu) / sigma),
        Shape::Lognormal { mu, .. } => step(libm::exp(*mu)),
        Shape::Gamma { mean_s, cv } if *cv > 0.0 && *mean_s > 0.0 => {
            let shape = 1.0 / (cv * cv);
            regularised_gamma_lower(shape, x.max(0.0) * shape / mean_s)
        }
        Shape::Gamma { mean_s, .. } => step(*mean_s),
        Shape::Triangular { min_s, mode_s, max_s } => {
            let width = max_s - min_s;
            match x {
                x if x >= *max_s => 1.0,
                x if x <= *min_s => 0.0,
                x if x <= *mode_s => (x - min_s) * (x - min_s) / (width * (mode_s - min_s)),
                x => 1.0 - (max_s - x) * (max_s - x) / (width * (max_s - mode_s)),
            }
        }
        Shape::Uniform { min_s, max_s } if max_s > min_s => ((x - min_s) / (max_s - min_s)).clamp(0.0, 1.0),
        Shape::Uniform { min_s, .. } => step(*min_s),
        Shape::Normal { mean_s, sd_s } if *sd_s > 0.0 => normal_cdf((x - mean_s) / sd_s),
        Shape::Normal { mean_s, .. } => step(*mean_s),
        Shape::Empirical { values } => {
            let all: f64 = values.iter().map(|(_, weight)| weight).sum();
            values.iter().filter(|(value, _)| *value <= x).map(|(_, weight)| weight).sum::<f64>() / all
        }
        Shape::Mixture { parts } => parts.iter().map(|(share, part)| share * at_most(part, x)).sum(),
    }
}
