//! What a law of chance is: the description of a random length of time, in seconds.

mod moments;
mod problems;

pub use problems::{LawProblem, RMS_MAX_S, SHARES_TOLERANCE};

/// A random length of time in seconds: `floor_s` plus a draw from `shape`.
///
/// Building one checks nothing, so that a scenario's reader can collect everything that is wrong with it by
/// [`Law::problems`]; only a law without problems may be compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    /// Seconds added to every draw, 0 or more.
    pub floor_s: f64,
    /// The law of what is added to the floor.
    pub shape: Shape,
}

/// The family of a law and its parameters, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Always the same.
    Constant {
        /// The value, in seconds.
        mean_s: f64,
    },
    /// Exponential.
    Exponential {
        /// The mean, in seconds.
        mean_s: f64,
    },
    /// Lognormal: the logarithm of the seconds is normal.
    Lognormal {
        /// Mean of ln seconds; -∞ gives 0 always.
        mu: f64,
        /// Standard deviation of ln seconds.
        sigma: f64,
    },
    /// Gamma.
    Gamma {
        /// The mean, in seconds.
        mean_s: f64,
        /// Standard deviation over mean.
        cv: f64,
    },
    /// Triangular; the bounds may be negative.
    Triangular {
        /// The least value, in seconds.
        min_s: f64,
        /// The likeliest value, in seconds.
        mode_s: f64,
        /// The greatest value, in seconds.
        max_s: f64,
    },
    /// Uniform; the bounds may be negative.
    Uniform {
        /// The least value, in seconds.
        min_s: f64,
        /// The greatest value, in seconds.
        max_s: f64,
    },
    /// Normal: negative draws are not cut off, so it fits only what may be negative (early or late).
    Normal {
        /// The mean, in seconds.
        mean_s: f64,
        /// The standard deviation, in seconds.
        sd_s: f64,
    },
    /// Values seen in the world, drawn as they are and never interpolated.
    Empirical {
        /// (seconds, weight): the weights are relative and need not sum to 1.
        values: Vec<(f64, f64)>,
    },
    /// One of several laws, chosen by its share.
    Mixture {
        /// (share, law): the shares sum to 1.
        parts: Vec<(f64, Law)>,
    },
}

impl Law {
    /// A law of this shape without a floor.
    #[must_use]
    pub fn of(shape: Shape) -> Self {
        Self { floor_s: 0.0, shape }
    }

    /// Always `seconds`.
    #[must_use]
    pub fn constant(seconds: f64) -> Self {
        Self::of(Shape::Constant { mean_s: seconds })
    }

    /// Exponential with this mean.
    #[must_use]
    pub fn exponential(mean_s: f64) -> Self {
        Self::of(Shape::Exponential { mean_s })
    }

    /// Lognormal with this mean and coefficient of variation.
    ///
    /// A negative `cv` becomes a negative sigma, and a negative mean a mu that is no number, for [`Law::problems`] to find.
    #[must_use]
    pub fn lognormal_mean_cv(mean_s: f64, cv: f64) -> Self {
        let sigma_squared = libm::log1p(cv * cv);
        Self::of(Shape::Lognormal {
            mu: libm::log(mean_s) - 0.5 * sigma_squared,
            sigma: sigma_squared.sqrt().copysign(cv),
        })
    }

    /// Lognormal with this median, and this standard deviation of ln seconds.
    #[must_use]
    pub fn lognormal_median_sigma(median_s: f64, sigma: f64) -> Self {
        Self::of(Shape::Lognormal { mu: libm::log(median_s), sigma })
    }

    /// Gamma with this mean and coefficient of variation.
    #[must_use]
    pub fn gamma(mean_s: f64, cv: f64) -> Self {
        Self::of(Shape::Gamma { mean_s, cv })
    }

    /// Triangular between `min_s` and `max_s`, likeliest at `mode_s`.
    #[must_use]
    pub fn triangular(min_s: f64, mode_s: f64, max_s: f64) -> Self {
        Self::of(Shape::Triangular { min_s, mode_s, max_s })
    }

    /// Uniform between `min_s` and `max_s`.
    #[must_use]
    pub fn uniform(min_s: f64, max_s: f64) -> Self {
        Self::of(Shape::Uniform { min_s, max_s })
    }

    /// Normal with this mean and standard deviation; may be negative.
    #[must_use]
    pub fn normal(mean_s: f64, sd_s: f64) -> Self {
        Self::of(Shape::Normal { mean_s, sd_s })
    }

    /// The given (seconds, weight), drawn as they are.
    #[must_use]
    pub fn empirical(values: Vec<(f64, f64)>) -> Self {
        Self::of(Shape::Empirical { values })
    }

    /// One of the given (share, law).
    #[must_use]
    pub fn mixture(parts: Vec<(f64, Law)>) -> Self {
        Self::of(Shape::Mixture { parts })
    }

    /// This law with `seconds` added to every draw, in place of any floor it had.
    #[must_use]
    pub fn with_floor(self, seconds: f64) -> Self {
        Self { floor_s: seconds, ..self }
    }

    /// This law with every draw, floor included, `factor` times as long. The factor is 0 or more.
    #[must_use]
    pub fn scaled_by(&self, factor: f64) -> Self {
        let shape = match &self.shape {
            Shape::Constant { mean_s } => Shape::Constant { mean_s: mean_s * factor },
            Shape::Exponential { mean_s } => Shape::Exponential { mean_s: mean_s * factor },
            Shape::Lognormal { mu, sigma } => Shape::Lognormal { mu: mu + libm::log(factor), sigma: *sigma },
            Shape::Gamma { mean_s, cv } => Shape::Gamma { mean_s: mean_s * factor, cv: *cv },
            Shape::Triangular { min_s, mode_s, max_s } => {
                Shape::Triangular { min_s: min_s * factor, mode_s: mode_s * factor, max_s: max_s * factor }
            }
            Shape::Uniform { min_s, max_s } => {
                Shape::Uniform { min_s: min_s * factor, max_s: max_s * factor }
            }
            Shape::Normal { mean_s, sd_s } => Shape::Normal { mean_s: mean_s * factor, sd_s: sd_s * factor },
            Shape::Empirical { values } => Shape::Empirical {
                values: values.iter().map(|&(seconds, weight)| (seconds * factor, weight)).collect(),
            },
            Shape::Mixture { parts } => Shape::Mixture {
                parts: parts.iter().map(|(share, law)| (*share, law.scaled_by(factor))).collect(),
            },
        };
        Self { floor_s: self.floor_s * factor, shape }
    }
}
