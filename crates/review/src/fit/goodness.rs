//! Whether a law describes a sample: the greatest distance between the two cumulative shares.

use super::form::at_most;
use chance::Law;

/// The Kolmogorov–Smirnov distance between a law and sorted seconds. Where times were rounded, shares are compared at the
/// edges of the steps: `half_step` above a value all times that were rounded to it are in.
pub(crate) fn distance(law: &Law, seconds: &[f64], half_step: f64) -> f64 {
    let n = seconds.len() as f64;
    let mut most: f64 = 0.0;
    let mut place = 0;
    while place < seconds.len() {
        let value = seconds[place];
        let before = place as f64 / n;
        while place < seconds.len() && seconds[place] == value {
            place += 1;
        }
        let after = place as f64 / n;
        let expected = at_most(law, value + half_step);
        most = most.max((after - expected).abs());
        // Just below the value; a point mass of the law is not there yet.
        let below = if half_step > 0.0 { value - half_step } else { value - 1e-9 * value.abs() - 1e-12 };
        most = most.max((at_most(law, below) - before).abs());
    }
    most
}

/// The chance of so great a distance, if the law were true (Kolmogorov's law with M. A. Stephens's correction for n).
pub(crate) fn p_value(distance: f64, n: usize) -> f64 {
    let root = (n as f64).sqrt();
    let scaled = (root + 0.12 + 0.11 / root) * distance;
    if scaled < 0.2 {
        return 1.0;
    }
    let term = |j: u32| {
        let j = f64::from(j);
        libm::exp(-2.0 * j * j * scaled * scaled)
    };
    let sum: f64 = (1..=50).map(|j| if j % 2 == 1 { term(j) } else { -term(j) }).sum();
    (2.0 * sum).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_kolmogorov_are_met() {
        // The 5 % point for great n is 1.358 / √n, the 1 % point 1.628 / √n.
        assert!((p_value(1.358 / 1000.0, 1_000_000) - 0.05).abs() < 0.001);
        assert!((p_value(1.628 / 1000.0, 1_000_000) - 0.01).abs() < 0.001);
    }

    #[test]
    fn a_point_mass_of_the_law_is_no_distance() {
        let law = Law::mixture(vec![(0.5, Law::constant(1.0)), (0.5, Law::constant(3.0))]);
        assert_eq!(distance(&law, &[1.0, 1.0, 3.0, 3.0], 0.0), 0.0);
        assert_eq!(distance(&law, &[1.0, 3.0, 3.0, 3.0], 0.0), 0.25);
    }
}
