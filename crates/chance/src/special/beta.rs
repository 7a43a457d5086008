//! The regularised incomplete beta function.

use std::f64::consts::TAU;

use super::{STIRLING_FROM, stirling_excess};

/// I_x(a, b), for a and b above 0 and x in [0, 1]: the probability that a beta variable is at most `x`.
#[must_use]
pub fn regularised_beta(a: f64, b: f64, x: f64) -> f64 {
    regularised_beta_of_parts(a, b, x, 1.0 - x)
}

/// As [`regularised_beta`], given `y = 1 - x` too, so that an x close to 1 loses nothing.
pub(super) fn regularised_beta_of_parts(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    let front = libm::exp(a * log_of_parts(x, y) + b * log_of_parts(y, x) - log_beta(a, b));
    // The fraction converges fast on the side of the mean that x lies on.
    if x <= (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, y) / b
    }
}

/// ln x, given 1 - x too: whichever is small carries the precision.
fn log_of_parts(x: f64, y: f64) -> f64 {
    if y < 0.5 { libm::log1p(-y) } else { libm::log(x) }
}

/// ln B(a, b); where one of them is large, with the large terms cancelled before they are summed.
fn log_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if large < STIRLING_FROM {
        return libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    }
    let sum = small + large;
    if small < STIRLING_FROM {
        return libm::lgamma(small) - (large - 0.5) * libm::log1p(small / large) - small * libm::log(sum)
            + small
            - stirling_excess(sum)
            + stirling_excess(large);
    }
    let excess = stirling_excess(small) + stirling_excess(large) - stirling_excess(sum);
    (small - 0.5) * libm::log(small / sum) - large * libm::log1p(small / large)
        + 0.5 * libm::log(TAU / large)
        + excess
}

/// The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8) by the modified Lentz method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    let mut m = 0.0;
    while m < TERMS_MAX {
        m += 1.0;
        let two = 2.0 * m;
        let even = m * (b - m) * x / ((a + two - 1.0) * (a + two));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        value *= c * d;
        let odd = -(a + m) * (a + b + m) * x / ((a + two) * (a + two + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() < PRECISION {
            break;
        }
    }
    value
}

fn away_from_zero(value: f64) -> f64 {
    if value.abs() < TINY { TINY } else { value }
}

const PRECISION: f64 = 1e-15;
const TINY: f64 = 1e-300;
/// The fraction needs some multiple of √max(a, b) terms.
const TERMS_MAX: f64 = 1e5;

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::beta::beta_reg;

    #[test]
    fn another_library_agrees() {
        for a in [0.5, 1.0, 2.5, 9.5, 10.0, 40.0, 999.5] {
            for b in [0.5, 1.0, 3.0, 9.99, 12.0, 300.0] {
                for i in 1..50 {
                    let x = f64::from(i) * 0.02;
                    let expected = beta_reg(a, b, x);
                    let miss = (regularised_beta(a, b, x) - expected).abs();
                    assert!(expected < 1e-280 || miss <= 1e-9 * expected, "I_{x}({a}, {b})");
                }
            }
        }
    }

    #[test]
    fn closed_forms_are_met() {
        for i in 0..=20 {
            let x = f64::from(i) * 0.05;
            assert!((regularised_beta(1.0, 1.0, x) - x).abs() < 1e-14);
            assert!((regularised_beta(3.0, 1.0, x) - x * x * x).abs() < 1e-14);
            assert!((regularised_beta(1.0, 2.0, x) - x * (2.0 - x)).abs() < 1e-14);
            let sum = regularised_beta(7.5, 20.0, x) + regularised_beta(20.0, 7.5, 1.0 - x);
            assert!((sum - 1.0).abs() < 1e-13);
        }
    }
}
