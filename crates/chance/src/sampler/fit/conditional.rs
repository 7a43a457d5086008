//! Mean and standard deviation of a law within one cell of probability.

use super::super::quantile::Quantile;

/// The moments of a law given that the draw falls into a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Conditional {
    pub(super) mean: f64,
    pub(super) sd: f64,
}

/// From which end the probabilities of a cell are counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tail {
    Lower,
    Upper,
}

/// The moments within the cell that lies between the probabilities `from` and `to`, counted from `tail`.
///
/// A cell that begins at 0 reaches to the very end of the law, where the quantile function may run off to infinity. It
/// is cut at halves of halves, so that in each piece the function is smooth.
pub(super) fn conditional(quantile: &Quantile, tail: Tail, from: f64, to: f64) -> Conditional {
    if from > 0.0 {
        return piece(quantile, tail, from, to);
    }
    let mut pieces = [(0.0, Conditional::default()); HALVINGS + 1];
    let mut upper = to;
    for (slot, place) in pieces.iter_mut().zip(0..) {
        let lower = if place == HALVINGS { 0.0 } else { 0.5 * upper };
        *slot = ((upper - lower) / to, piece(quantile, tail, lower, upper));
        upper = lower;
    }
    let mean = pieces.iter().map(|(share, piece)| share * piece.mean).sum();
    let variance: f64 = pieces
        .iter()
        .map(|(share, piece)| share * (piece.sd * piece.sd + (piece.mean - mean) * (piece.mean - mean)))
        .sum();
    Conditional { mean, sd: variance.sqrt() }
}

/// After these halvings of 2⁻²⁰ what is left is 2⁻⁸⁰: nothing, even squared, for any law with a cv that a table can hold.
const HALVINGS: usize = 60;

fn piece(quantile: &Quantile, tail: Tail, from: f64, to: f64) -> Conditional {
    let middle = 0.5 * (from + to);
    let half = 0.5 * (to - from);
    let mut points = [(0.0, 0.0); 2 * GAUSS_LEGENDRE.len()];
    for (pair, (node, weight)) in points.chunks_exact_mut(2).zip(GAUSS_LEGENDRE) {
        for (point, node) in pair.iter_mut().zip([-node, node]) {
            let near = middle + half * node;
            let value = match tail {
                Tail::Lower => quantile(near, 1.0 - near),
                Tail::Upper => quantile(1.0 - near, near),
            };
            *point = (value, 0.5 * weight);
        }
    }
    let mean: f64 = points.iter().map(|(value, weight)| weight * value).sum();
    let variance: f64 = points.iter().map(|(value, weight)| weight * (value - mean) * (value - mean)).sum();
    Conditional { mean, sd: variance.sqrt() }
}

/// The positive nodes on [-1, 1] and weights of Gauss-Legendre quadrature with eight nodes (Abramowitz and Stegun 25.4).
const GAUSS_LEGENDRE: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uniform_cell_has_its_own_moments() {
        let line: Quantile = Box::new(|p, _| p);
        let cell = conditional(&line, Tail::Lower, 0.25, 0.5);
        assert!((cell.mean - 0.375).abs() < 1e-15);
        assert!((cell.sd - 0.25 / 12_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn the_outermost_cell_of_an_exponential_law_begins_the_law_anew() {
        let exponential: Quantile = Box::new(|_, q| -libm::log(q));
        let end = libm::exp2(-20.0);
        let cell = conditional(&exponential, Tail::Upper, 0.0, end);
        assert!((cell.mean - (1.0 - libm::log(end))).abs() < 1e-8);
        assert!((cell.sd - 1.0).abs() < 1e-7);
    }
}
