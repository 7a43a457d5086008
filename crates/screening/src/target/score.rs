//! How good a forecast was: the less the better.

/// Continuous ranked probability score of sorted values against what came (Gneiting and Raftery, JASA 102, 2007): the mean distance from
/// it, less half the mean distance of the values from each other. Of one value it is the distance.
pub fn crps(sorted: &[f64], came: f64) -> f64 {
    let count = sorted.len() as f64;
    let away: f64 = sorted.iter().map(|value| (value - came).abs()).sum();
    let apart: f64 =
        (1..).zip(sorted).map(|(place, value)| (2.0 * f64::from(place) - count - 1.0) * value).sum();
    away / count - apart / (count * count)
}

/// The value below which a share of sorted values lies, straight between two of them; 0 of none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let exact = share.clamp(0.0, 1.0) * last as f64;
    let low = exact as usize;
    let high = (low + 1).min(last);
    sorted[low] + (sorted[high] - sorted[low]) * (exact - low as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crps_is_the_integral_of_the_squared_distance_of_distribution_functions() {
        let values = [0.0, 1.0, 1.0, 4.0, 9.0];
        for came in [-1.0, 0.5, 1.0, 6.0, 12.0] {
            let step = 1e-3;
            let integral: f64 = (-5_000..20_000)
                .map(|place| {
                    let x = (f64::from(place) + 0.5) * step;
                    let below = values.iter().filter(|value| **value <= x).count() as f64 / 5.0;
                    let is = if came <= x { 1.0 } else { 0.0 };
                    (below - is) * (below - is) * step
                })
                .sum();
            assert!((crps(&values, came) - integral).abs() < 5e-3, "{came}");
        }
        assert_eq!(crps(&[3.0], 5.0), 2.0);
        assert_eq!(quantile(&values, 0.5), 1.0);
        assert_eq!(quantile(&values, 0.875), 6.5);
    }
}
