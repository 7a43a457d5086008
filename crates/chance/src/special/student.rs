//! Student's t, for confidence intervals from few replications.

use std::f64::consts::PI;

use super::beta::regularised_beta_of_parts;
use super::normal_quantile;

/// The value that Student's t with `df` > 0 degrees of freedom (whole or not, or infinite) stays below with
/// probability `p`; ±∞ at 1 and 0, NaN outside or for a `df` that is not above 0.
///
/// By inverting the incomplete beta function, to about 1 part in 10¹²; from 10⁶ degrees of freedom on from the normal
/// quantile with the first two terms of its expansion (Abramowitz and Stegun 26.7.5).
#[must_use]
pub fn student_t_quantile(p: f64, df: f64) -> f64 {
    if !(df > 0.0 && (0.0..=1.0).contains(&p)) {
        return f64::NAN;
    }
    if df >= NORMAL_FROM {
        let z = normal_quantile(p);
        if z.is_infinite() {
            return z;
        }
        let cube = z * z * z;
        let fifth = cube * z * z;
        return z + (cube + z) / (4.0 * df) + (5.0 * fifth + 16.0 * cube + 3.0 * z) / (96.0 * df * df);
    }
    let from_middle = (p - 0.5).abs();
    if from_middle == 0.0 {
        return 0.0;
    }
    let tail = if p < 0.5 { p } else { 1.0 - p };
    let size = if tail == 0.0 {
        f64::INFINITY
    } else if from_middle < 0.25 {
        invert(Side::Middle, from_middle, df)
    } else {
        invert(Side::Tail, tail, df)
    };
    size.copysign(p - 0.5)
}

const NORMAL_FROM: f64 = 1e6;

/// Which probability is inverted: the one that is not the small rest of the other.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    /// Between 0 and t.
    Middle,
    /// Above t.
    Tail,
}

/// The t > 0 at which the probability is `goal`: Newton's method on logarithms, in which both sides are nearly straight,
/// within a bracket.
fn invert(side: Side, goal: f64, df: f64) -> f64 {
    let log_goal = libm::log(goal);
    let mut log_t = 0.0;
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    for _ in 0..ITERATIONS_MAX {
        let t = libm::exp(log_t);
        let probability = probability(side, t, df);
        let miss = libm::log(probability) - log_goal;
        if (miss > 0.0) == (side == Side::Middle) {
            high = log_t;
        } else {
            low = log_t;
        }
        let slope = t * density(t, df) / if side == Side::Middle { probability } else { -probability };
        let step = -miss / slope;
        if step.abs() < 1e-14 {
            return libm::exp(log_t + step);
        }
        let mut next = log_t + step.clamp(-STEP_MAX, STEP_MAX);
        if high - low < f64::INFINITY && !(next > low && next < high) {
            next = 0.5 * (low + high);
        }
        // Rounding keeps the last steps from growing smaller.
        if next == log_t {
            break;
        }
        log_t = next;
    }
    libm::exp(log_t)
}

/// Enough to halve any bracket to nothing.
const ITERATIONS_MAX: usize = 200;
/// The longest step in ln t. With one degree of freedom t reaches 10³⁰⁰.
const STEP_MAX: f64 = 8.0;

fn probability(side: Side, t: f64, df: f64) -> f64 {
    // Written so that a large t does not overflow when squared.
    let x = 1.0 / (1.0 + t / df * t);
    let y = 1.0 / (1.0 + df / t / t);
    0.5 * match side {
        Side::Middle => regularised_beta_of_parts(0.5, 0.5 * df, y, x),
        Side::Tail => regularised_beta_of_parts(0.5 * df, 0.5, x, y),
    }
}

fn density(t: f64, df: f64) -> f64 {
    let log_scale = libm::lgamma(0.5 * (df + 1.0)) - libm::lgamma(0.5 * df) - 0.5 * libm::log(df * PI);
    libm::exp(log_scale - 0.5 * (df + 1.0) * libm::log1p(t / df * t))
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    #[test]
    fn one_two_and_four_degrees_have_closed_forms() {
        for i in 1..200 {
            let p = f64::from(i) / 200.0;
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs().max(1e-3);
            assert!(close(student_t_quantile(p, 1.0), libm::tan(PI * (p - 0.5))), "{p}");
            let alpha = 4.0 * p * (1.0 - p);
            assert!(close(student_t_quantile(p, 2.0), (2.0 * p - 1.0) * (2.0 / alpha).sqrt()), "{p}");
            let root = alpha.sqrt();
            let four = 2.0 * (libm::cos(libm::acos(root) / 3.0) / root - 1.0).sqrt();
            assert!(close(student_t_quantile(p, 4.0), four.copysign(p - 0.5)) || p == 0.5, "{p}");
        }
    }

    #[test]
    fn another_library_agrees() {
        for df in [1.0, 2.0, 3.0, 4.5, 9.0, 19.0, 20.0, 49.0, 199.0, 1_000.0, 9_999.0] {
            let law = StudentsT::new(0.0, 1.0, df).unwrap();
            for p in [1e-6, 0.005, 0.025, 0.05, 0.2, 0.3, 0.45, 0.55, 0.7, 0.9, 0.975, 0.995] {
                let t = student_t_quantile(p, df);
                let back = law.cdf(t);
                assert!((back - p).abs() <= 1e-9 * p, "df {df}, p {p}: t {t}, back {back}");
            }
        }
    }

    #[test]
    fn table_values_are_met() {
        // Any printed table of Student's t.
        for (p, df, t) in
            [(0.975, 1.0, 12.7062), (0.975, 9.0, 2.2622), (0.95, 30.0, 1.6973), (0.995, 120.0, 2.6174)]
        {
            assert!((student_t_quantile(p, df) - t).abs() < 5e-5);
        }
    }

    #[test]
    fn many_degrees_run_into_the_normal_law_without_a_step() {
        for p in [1e-9, 0.025, 0.4, 0.6, 0.999] {
            let (below, above) =
                (student_t_quantile(p, NORMAL_FROM - 1e-3), student_t_quantile(p, NORMAL_FROM));
            assert!((below - above).abs() < 1e-9 * above.abs(), "{p}: {below} {above}");
            assert_eq!(student_t_quantile(p, f64::INFINITY), normal_quantile(p));
        }
    }

    #[test]
    fn the_ends_are_infinite_and_beyond_them_is_nothing() {
        assert_eq!(student_t_quantile(0.0, 3.0), f64::NEG_INFINITY);
        assert_eq!(student_t_quantile(1.0, 3.0), f64::INFINITY);
        assert_eq!(student_t_quantile(1.0, 1e7), f64::INFINITY);
        assert_eq!(student_t_quantile(0.5, 3.0), 0.0);
        assert!(student_t_quantile(0.9, 0.0).is_nan() && student_t_quantile(1.5, 3.0).is_nan());
    }
}
