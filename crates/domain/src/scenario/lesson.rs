//! What a round taught: a figure of the scenario that was changed because of a review.

use jiff::civil::Date;

/// One key of the scenario, changed after a review, with what was measured then: so that the next review can say
/// whether it helped.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// The key, as `--set` takes it: `site.station.sampling.service`.
    pub key: String,
    /// Its value before, as TOML; absent where it had none.
    pub old: Option<String>,
    /// Its value since then, as TOML: `3`, or a law as an inline table.
    pub new: String,
    /// Why, in a sentence.
    pub why: String,
    /// The day of the round that taught it.
    pub date: Option<Date>,
    /// What was measured on that day.
    pub measured: Measured,
}

/// What a review measured, in minutes; each may be unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// The wait that half of all people did not exceed.
    pub wait_p50_min: Option<f64>,
    /// The wait that 95 in 100 did not exceed.
    pub wait_p95_min: Option<f64>,
    /// When 97 in 100 were done, after opening.
    pub done_97_min: Option<f64>,
}
