//! How sure parameters are: the inverse of the information that the sample holds on them.

use super::{sample::Sample, single::Estimate};

/// The covariance of the parameters: in closed form where there is one, else the inverse of the sum of squared scores;
/// what not knowing a bound adds is added.
pub(crate) fn covariance(estimate: &Estimate, sample: &Sample) -> Vec<Vec<f64>> {
    let mut known = estimate.covariance.clone().unwrap_or_else(|| inverse(scores(estimate, sample)));
    for (row, more) in known.iter_mut().zip(estimate.bound_covariance.iter().flatten()) {
        row.iter_mut().zip(more).for_each(|(known, more)| *known += more);
    }
    known
}

/// Σ s sᵀ over the sample, s being the gradient of a time's log density by central differences.
fn scores(estimate: &Estimate, sample: &Sample) -> Vec<Vec<f64>> {
    const STEP: f64 = 1e-4;
    let size = estimate.theta.len();
    let step_of = |value: f64| STEP * value.abs().max(1.0);
    let moved = |place: usize, sign: f64| {
        let mut theta = estimate.theta.clone();
        theta[place] += sign * step_of(theta[place]);
        theta
    };
    let sides: Vec<(Vec<f64>, Vec<f64>)> =
        (0..size).map(|place| (moved(place, 1.0), moved(place, -1.0))).collect();
    let mut sum = vec![vec![0.0; size]; size];
    let mut score = vec![0.0; size];
    let logs = sample.logs.iter().copied().chain(std::iter::repeat(0.0));
    for (&x, ln_x) in sample.seconds.iter().zip(logs) {
        for (place, (up, down)) in sides.iter().enumerate() {
            let rise = estimate.form.log_density(up, x, ln_x) - estimate.form.log_density(down, x, ln_x);
            score[place] = rise / (2.0 * step_of(estimate.theta[place]));
        }
        for row in 0..size {
            for column in 0..size {
                sum[row][column] += score[row] * score[column];
            }
        }
    }
    sum
}

/// The lower triangular root of a covariance (Cholesky); a direction without information gets no spread.
pub(crate) fn root(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let mut root = vec![vec![0.0; size]; size];
    for row in 0..size {
        for column in 0..=row {
            let before: f64 = (0..column).map(|k| root[row][k] * root[column][k]).sum();
            let left = matrix[row][column] - before;
            root[row][column] = if row == column {
                left.max(0.0).sqrt()
            } else if root[column][column] > 0.0 {
                left / root[column][column]
            } else {
                0.0
            };
        }
    }
    root
}

/// The inverse of a symmetric matrix that is positive definite, or made so by the least ridge that does.
fn inverse(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let size = matrix.len();
    for (place, row) in matrix.iter_mut().enumerate() {
        row[place] += 1e-9 * row[place] + 1e-9;
    }
    let root = root(&matrix);
    let column_of = |unit: usize| {
        let mut forward = vec![0.0; size];
        for row in 0..size {
            let before: f64 = (0..row).map(|k| root[row][k] * forward[k]).sum();
            let right = if row == unit { 1.0 } else { 0.0 };
            forward[row] = if root[row][row] > 0.0 { (right - before) / root[row][row] } else { 0.0 };
        }
        let mut column = vec![0.0; size];
        for row in (0..size).rev() {
            let after: f64 = (row + 1..size).map(|k| root[k][row] * column[k]).sum();
            column[row] = if root[row][row] > 0.0 { (forward[row] - after) / root[row][row] } else { 0.0 };
        }
        column
    };
    // Symmetric: columns are rows.
    (0..size).map(column_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_by_hand_is_met() {
        let inverse = inverse(vec![vec![4.0, 2.0], vec![2.0, 3.0]]);
        let by_hand = [[0.375, -0.25], [-0.25, 0.5]];
        for row in 0..2 {
            for column in 0..2 {
                assert!((inverse[row][column] - by_hand[row][column]).abs() < 1e-6);
            }
        }
        let root = root(&[vec![4.0, 2.0], vec![2.0, 3.0]]);
        assert!((root[1][0] - 1.0).abs() < 1e-12 && (root[1][1] - 2f64.sqrt()).abs() < 1e-12);
    }
}
