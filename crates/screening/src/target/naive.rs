//! What anybody could say without a model. Their bands are the errors that the same rule made before, up and down alike.

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naive {
    /// As many as on the last known day.
    LastValue,
    /// The last week's mean grows on as it grew from the week before.
    LastWeek,
}

/// Days of a week; weeks of which fewer than this many are known have no mean.
const WEEK: usize = 7;
const KNOWN_MIN: usize = 3;

impl Naive {
    /// Equally likely values, sorted, `ahead` days after the end of what is known; `None` where the rule says nothing yet.
    pub fn band(self, known: &[Option<f64>], ahead: usize) -> Option<Vec<f64>> {
        let centre = self.centre(known, ahead)?;
        let errors = (0..known.len().saturating_sub(ahead)).filter_map(|end| {
            let came = known[end + ahead]?;
            Some(libm::log1p(came) - self.centre(&known[..=end], ahead)?)
        });
        let mut values: Vec<f64> = errors
            .flat_map(|error| [error, -error])
            .chain([0.0])
            .map(|error| of_log(centre + error))
            .collect();
        values.sort_by(f64::total_cmp);
        Some(values)
    }

    /// The value of log(1 + cases) that the rule names.
    fn centre(self, known: &[Option<f64>], ahead: usize) -> Option<f64> {
        match self {
            Naive::LastValue => known.iter().rev().flatten().next().map(|&cases| libm::log1p(cases)),
            Naive::LastWeek => {
                let (before, last) = known.split_at(known.len().checked_sub(WEEK)?);
                let (last, before) = (mean(last)?, mean(&before[before.len().checked_sub(WEEK)?..])?);
                let growth = (libm::log1p(last) - libm::log1p(before)) / WEEK as f64;
                // The mean of a week is that of its middle day.
                Some(libm::log1p(last) + growth * (ahead as f64 + (WEEK / 2) as f64))
            }
        }
    }
}

/// Mean of the known ones, if they are enough.
pub(super) fn mean(cases: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = cases.iter().flatten().copied().collect();
    (known.len() >= KNOWN_MIN).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

fn of_log(value: f64) -> f64 {
    libm::expm1(value).clamp(0.0, 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_that_doubles_each_week_is_foretold_by_its_growth_alone() {
        let known: Vec<Option<f64>> =
            (0..28).map(|day| Some(libm::expm1(5.0 + libm::log(2.0) * f64::from(day) / 7.0))).collect();
        let came = libm::expm1(5.0 + libm::log(2.0) * 34.0 / 7.0);
        let of = |rule: Naive| super::super::crps(&rule.band(&known, 7).unwrap(), came);
        assert!(of(Naive::LastWeek) < 0.02 * came, "{} of {came}", of(Naive::LastWeek));
        assert!(of(Naive::LastValue) > 0.1 * came);
        assert_eq!(Naive::LastWeek.band(&known[..10], 1), None);
    }
}
