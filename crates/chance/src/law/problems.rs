//! What can be wrong with a law, collected.

use super::{Law, Shape};

/// Something wrong with a law. Fields are named as in [`Shape`] and in scenario files.
#[derive(Clone, Debug, PartialEq)]
pub enum LawProblem {
    /// A parameter is infinite or no number.
    NotFinite {
        /// The parameter.
        field: &'static str,
        /// What it is.
        value: f64,
    },
    /// A parameter that must be 0 or more is negative.
    Negative {
        /// The parameter.
        field: &'static str,
        /// What it is.
        value: f64,
    },
    /// Two bounds are the wrong way round.
    OutOfOrder {
        /// The parameter that must not be above the other.
        lower: &'static str,
        /// Its value.
        lower_value: f64,
        /// The parameter that must not be below.
        upper: &'static str,
        /// Its value.
        upper_value: f64,
    },
    /// The root mean square, in seconds, is above [`RMS_MAX_S`].
    TooLong {
        /// The root mean square, in seconds; infinite if it is beyond all numbers.
        rms_s: f64,
    },
    /// An empirical law without a value, or a mixture without a part.
    Empty {
        /// `values` or `parts`.
        field: &'static str,
    },
    /// All weights of an empirical law are 0.
    NoWeight,
    /// The shares of a mixture do not sum to 1 within [`SHARES_TOLERANCE`].
    SharesDoNotSumToOne {
        /// What they sum to.
        sum: f64,
    },
    /// Something is wrong with one value of an empirical law, or one part of a mixture.
    At {
        /// Its place, from 0.
        index: usize,
        /// What is wrong with it.
        problem: Box<LawProblem>,
    },
}

/// The greatest root mean square of a law: 10⁹ seconds, 32 years. Far more than a round of a week can use, and low
/// enough that sums of a million draws fit into [`Ticks`](crate::Ticks).
pub const RMS_MAX_S: f64 = 1e9;

/// How far from 1 the shares of a mixture may sum.
pub const SHARES_TOLERANCE: f64 = 1e-9;

impl Law {
    /// Everything that is wrong with this law, and not the first thing only; empty if it can be compiled.
    #[must_use]
    pub fn problems(&self) -> Vec<LawProblem> {
        let mut found = self.problems_of_parameters();
        if found.is_empty() {
            let rms_s = self.second_moment().sqrt();
            // Written so that a root mean square that is no number is caught too.
            if !matches!(rms_s.partial_cmp(&RMS_MAX_S), Some(order) if order.is_le()) {
                found.push(LawProblem::TooLong { rms_s });
            }
        }
        found
    }

    fn problems_of_parameters(&self) -> Vec<LawProblem> {
        let mut found = Vec::new();
        not_negative(&mut found, "floor_s", self.floor_s);
        match &self.shape {
            Shape::Constant { mean_s } => {
                finite(&mut found, "mean_s", *mean_s);
            }
            Shape::Exponential { mean_s } => not_negative(&mut found, "mean_s", *mean_s),
            Shape::Lognormal { mu, sigma } => {
                // A mean or median of 0 has the logarithm -∞: a law that is always 0, which is allowed.
                if *mu != f64::NEG_INFINITY {
                    finite(&mut found, "mu", *mu);
                }
                not_negative(&mut found, "sigma", *sigma);
            }
            Shape::Gamma { mean_s, cv } => {
                not_negative(&mut found, "mean_s", *mean_s);
                not_negative(&mut found, "cv", *cv);
            }
            Shape::Triangular { min_s, mode_s, max_s } => {
                in_order(&mut found, &[("min_s", *min_s), ("mode_s", *mode_s), ("max_s", *max_s)]);
            }
            Shape::Uniform { min_s, max_s } => {
                in_order(&mut found, &[("min_s", *min_s), ("max_s", *max_s)]);
            }
            Shape::Normal { mean_s, sd_s } => {
                finite(&mut found, "mean_s", *mean_s);
                not_negative(&mut found, "sd_s", *sd_s);
            }
            Shape::Empirical { values } => empirical(&mut found, values),
            Shape::Mixture { parts } => mixture(&mut found, parts),
        }
        found
    }
}

fn empirical(found: &mut Vec<LawProblem>, values: &[(f64, f64)]) {
    if values.is_empty() {
        found.push(LawProblem::Empty { field: "values" });
        return;
    }
    for (index, &(seconds, weight)) in values.iter().enumerate() {
        let mut here = Vec::new();
        finite(&mut here, "seconds", seconds);
        not_negative(&mut here, "weight", weight);
        found.extend(here.into_iter().map(|problem| at(index, problem)));
    }
    if values.iter().all(|&(_, weight)| weight == 0.0) {
        found.push(LawProblem::NoWeight);
    }
}

fn mixture(found: &mut Vec<LawProblem>, parts: &[(f64, Law)]) {
    if parts.is_empty() {
        found.push(LawProblem::Empty { field: "parts" });
        return;
    }
    for (index, (share, part)) in parts.iter().enumerate() {
        let mut here = Vec::new();
        not_negative(&mut here, "share", *share);
        here.extend(part.problems_of_parameters());
        found.extend(here.into_iter().map(|problem| at(index, problem)));
    }
    let sum: f64 = parts.iter().map(|(share, _)| share).sum();
    if (sum - 1.0).abs() > SHARES_TOLERANCE {
        found.push(LawProblem::SharesDoNotSumToOne { sum });
    }
}

fn at(index: usize, problem: LawProblem) -> LawProblem {
    LawProblem::At { index, problem: Box::new(problem) }
}

fn finite(found: &mut Vec<LawProblem>, field: &'static str, value: f64) -> bool {
    if !value.is_finite() {
        found.push(LawProblem::NotFinite { field, value });
    }
    value.is_finite()
}

fn not_negative(found: &mut Vec<LawProblem>, field: &'static str, value: f64) {
    if finite(found, field, value) && value < 0.0 {
        found.push(LawProblem::Negative { field, value });
    }
}

fn in_order(found: &mut Vec<LawProblem>, bounds: &[(&'static str, f64)]) {
    for &(field, value) in bounds {
        finite(found, field, value);
    }
    for pair in bounds.windows(2) {
        let [(lower, lower_value), (upper, upper_value)] = [pair[0], pair[1]];
        if lower_value > upper_value {
            found.push(LawProblem::OutOfOrder { lower, lower_value, upper, upper_value });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_laws_have_no_problems() {
        let laws = [
            Law::constant(0.0),
            Law::constant(-3.0),
            Law::exponential(0.0),
            Law::lognormal_mean_cv(9.0, 0.0),
            Law::lognormal_mean_cv(0.0, 0.4),
            Law::gamma(10.0, 3.0),
            Law::triangular(2.0, 2.0, 2.0),
            Law::uniform(300.0, 5_700.0),
            Law::normal(180.0, 300.0),
            Law::empirical(vec![(1.0, 0.0), (2.0, 1.0)]),
            Law::mixture(vec![(0.92, Law::lognormal_mean_cv(10.0, 0.3)), (0.08, Law::constant(60.0))]),
        ];
        for law in laws {
            assert_eq!(law.problems(), [], "{law:?}");
        }
    }

    #[test]
    fn every_problem_is_named_and_not_the_first_alone() {
        let negative = |field, value| LawProblem::Negative { field, value };
        assert_eq!(
            Law::gamma(-1.0, -2.0).with_floor(-3.0).problems(),
            [negative("floor_s", -3.0), negative("mean_s", -1.0), negative("cv", -2.0)]
        );
        assert_eq!(
            Law::exponential(f64::INFINITY).problems(),
            [LawProblem::NotFinite { field: "mean_s", value: f64::INFINITY }]
        );
        let order = |lower, lower_value, upper, upper_value| LawProblem::OutOfOrder {
            lower,
            lower_value,
            upper,
            upper_value,
        };
        assert_eq!(
            Law::triangular(3.0, 2.0, 1.0).problems(),
            [order("min_s", 3.0, "mode_s", 2.0), order("mode_s", 2.0, "max_s", 1.0)]
        );
        assert_eq!(Law::uniform(2.0, 1.0).problems(), [order("min_s", 2.0, "max_s", 1.0)]);
        assert_eq!(Law::normal(0.0, -1.0).problems(), [negative("sd_s", -1.0)]);
    }

    #[test]
    fn a_lognormal_of_negative_mean_or_cv_is_found_out() {
        assert!(matches!(
            Law::lognormal_mean_cv(-9.0, 0.4).problems()[..],
            [LawProblem::NotFinite { field: "mu", .. }]
        ));
        assert!(matches!(
            Law::lognormal_mean_cv(9.0, -0.4).problems()[..],
            [LawProblem::Negative { field: "sigma", .. }]
        ));
    }

    #[test]
    fn problems_within_values_and_parts_say_where() {
        assert_eq!(Law::empirical(vec![]).problems(), [LawProblem::Empty { field: "values" }]);
        assert_eq!(Law::empirical(vec![(1.0, 0.0)]).problems(), [LawProblem::NoWeight]);
        assert_eq!(
            Law::empirical(vec![(1.0, 1.0), (1.0, -1.0)]).problems(),
            [at(1, LawProblem::Negative { field: "weight", value: -1.0 })]
        );
        let inner = Law::mixture(vec![(1.0, Law::exponential(-1.0))]);
        assert_eq!(
            Law::mixture(vec![(0.5, Law::constant(1.0)), (0.25, inner)]).problems(),
            [
                at(1, at(0, LawProblem::Negative { field: "mean_s", value: -1.0 })),
                LawProblem::SharesDoNotSumToOne { sum: 0.75 }
            ]
        );
    }

    #[test]
    fn a_law_beyond_all_use_is_too_long() {
        assert_eq!(Law::constant(2e9).problems(), [LawProblem::TooLong { rms_s: 2e9 }]);
        assert!(matches!(Law::lognormal_mean_cv(1.0, 1e40).problems()[..], [LawProblem::TooLong { .. }]));
        assert!(matches!(Law::gamma(1e300, 1.0).problems()[..], [LawProblem::TooLong { .. }]));
    }
}
