//! Laws of chance as scenario files write them: `{ law = "lognormal", mean_s = 9, cv = 0.4 }`.

mod empirical;

use crate::{
    Files,
    reader::{Context, Field, Limits, Section},
    value::{At, parse_alone},
};
use chance::{Law, LawProblem, law::SHARES_TOLERANCE};
use domain::{Notes, Place};

/// The longest time a law may name, in seconds: 31 days. A round lasts a week at most, and slips of units (seconds
/// written as minutes of minutes) are found.
const SECONDS_MAX: f64 = 31.0 * 86_400.0;
/// Coefficients of variation beyond this describe no human activity, and cannot be measured in any number of runs.
const CV_MAX: f64 = 20.0;
/// The same limit for the standard deviation of a logarithm: a cv of 20 is a sigma of 2.45.
const SIGMA_MAX: f64 = 3.0;
/// A mixture of more parts than this is a table: write it as an empirical law.
const PARTS_MAX: usize = 64;
/// Mixtures within mixtures say nothing that one flat mixture does not.
const DEPTH_MAX: usize = 4;

/// Whether a draw below 0 makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Early or late.
    Any,
    /// A length of time.
    NotNegative,
}

/// The laws' names, as files write them.
pub(crate) const NAMES: [&str; 9] = [
    "constant",
    "exponential",
    "lognormal",
    "gamma",
    "triangular",
    "uniform",
    "normal",
    "empirical",
    "mixture",
];

/// A parameter that is a time, in seconds or in minutes.
type Time = (&'static str, &'static str);
const MEAN: Time = ("mean_s", "mean_min");
const MEDIAN: Time = ("median_s", "median_min");
const SD: Time = ("sd_s", "sd_min");
const MIN: Time = ("min_s", "min_min");
const MODE: Time = ("mode_s", "mode_min");
const MAX: Time = ("max_s", "max_min");
const FLOOR: Time = ("floor_s", "floor_min");

/// The law of a table that holds nothing else.
pub(crate) fn law_of(field: &Field<'_>, sign: Sign) -> Option<Law> {
    if !field.is_table() {
        field.error("not_a_law", &[]);
        return None;
    }
    let mut section = field.table()?;
    let law = read_law(&mut section, sign)?;
    section.finish();
    Some(law)
}

/// A length of time's law in the words of a scenario, given by itself: `{ law = "gamma", mean_min = 9, cv = 0.6 }`. Notes are at `place`. It
/// names no file, for there is no folder.
pub fn given_law(text: &str, place: &str) -> (Option<Law>, Notes) {
    let files = Files::default();
    let context = Context::new(&files);
    let place = Place::file(place);
    let value = parse_alone(text, At::Anchor(place.clone()));
    let law = law_of(&Field { context: &context, place, value: &value }, Sign::NotNegative);
    let notes = context.into_notes();
    (law.filter(|_| !notes.refuses()), notes)
}

/// The law in a table that may hold more; the caller asks for the rest and finishes. `None` once it is noted what is
/// wrong: then the table's other keys are not looked at, for what they mean is not known.
pub(crate) fn read_law(section: &mut Section<'_>, sign: Sign) -> Option<Law> {
    let law = nested(section, 0)?;
    let place = section.place.clone();
    for problem in law.problems() {
        if let LawProblem::TooLong { .. } = problem {
            section.context.error(&place, "law_too_long", &[]);
            return None;
        }
    }
    if sign == Sign::NotNegative && law.may_be_negative() {
        section.context.error(&place, "law_negative", &[]);
        return None;
    }
    Some(law)
}

fn nested(section: &mut Section<'_>, depth: usize) -> Option<Law> {
    let name = section.need("law")?;
    let word = name.text()?;
    let law = match word {
        "constant" => length(section, MEAN, true).map(Law::constant),
        "exponential" => length(section, MEAN, false).map(Law::exponential),
        "lognormal" => lognormal(section),
        "gamma" => {
            let (mean, cv) = (length(section, MEAN, false), variation(section));
            Some(Law::gamma(mean?, cv?))
        }
        "triangular" => {
            let (min, mode, max) =
                (length(section, MIN, true), length(section, MODE, true), length(section, MAX, true));
            let (min, mode, max) = (min?, mode?, max?);
            in_order(section, min <= mode && mode <= max, "min ≤ mode ≤ max")?;
            Some(Law::triangular(min, mode, max))
        }
        "uniform" => {
            let (min, max) = (length(section, MIN, true), length(section, MAX, true));
            let (min, max) = (min?, max?);
            in_order(section, min <= max, "min ≤ max")?;
            Some(Law::uniform(min, max))
        }
        "normal" => {
            let (mean, sd) = (length(section, MEAN, true), length(section, SD, false));
            Some(Law::normal(mean?, sd?))
        }
        "empirical" => empirical::values(&section.need("file")?).map(Law::empirical),
        "mixture" => mixture(section, depth),
        _ => {
            name.unknown_word(&NAMES);
            None
        }
    }?;
    let floor = if given(section, FLOOR) { length(section, FLOOR, false)? } else { 0.0 };
    Some(law.with_floor(floor))
}

fn lognormal(section: &mut Section<'_>) -> Option<Law> {
    let by_mean = given(section, MEAN) || section.has("cv");
    let by_median = given(section, MEDIAN) || section.has("sigma");
    if by_mean && by_median {
        section.context.error(&section.place, "lognormal_twice", &[]);
        return None;
    }
    if by_median {
        let median = length(section, MEDIAN, false);
        let sigma = section.need("sigma").and_then(|field| field.number(Limits::new(0.0, SIGMA_MAX)));
        return Some(Law::lognormal_median_sigma(median?, sigma?));
    }
    let (mean, cv) = (length(section, MEAN, false), variation(section));
    Some(Law::lognormal_mean_cv(mean?, cv?))
}

fn mixture(section: &mut Section<'_>, depth: usize) -> Option<Law> {
    let field = section.need("parts")?;
    let tables = field.tables(PARTS_MAX);
    if tables.is_empty() {
        if field.is_list() {
            field.error("mixture_empty", &[]);
        }
        return None;
    }
    if depth >= DEPTH_MAX {
        field.error("mixture_too_deep", &[("max", &DEPTH_MAX)]);
        return None;
    }
    let part = |mut table: Section<'_>| -> Option<(f64, Law)> {
        let share = table.need("share").and_then(|field| field.number(Limits::SHARE));
        let law = nested(&mut table, depth + 1)?;
        table.finish();
        Some((share?, law))
    };
    let parts: Vec<Option<(f64, Law)>> = tables.into_iter().map(part).collect();
    let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
    let sum: f64 = parts.iter().map(|(share, _)| share).sum();
    if (sum - 1.0).abs() > SHARES_TOLERANCE {
        field.context.error(&field.place, "shares_sum", &[("sum", &rounded(sum))]);
        return None;
    }
    Some(Law::mixture(parts))
}

/// A sum of shares as a note shows it: without the dust of binary fractions.
pub(crate) fn rounded(sum: f64) -> f64 {
    (sum * 1e9).round() / 1e9
}

fn variation(section: &mut Section<'_>) -> Option<f64> {
    section.need("cv")?.number(Limits::new(0.0, CV_MAX))
}

fn in_order(section: &Section<'_>, holds: bool, rule: &str) -> Option<()> {
    if !holds {
        section.context.error(&section.place, "law_order", &[("rule", &rule)]);
    }
    holds.then_some(())
}

fn given(section: &Section<'_>, (seconds, minutes): Time) -> bool {
    section.has(seconds) || section.has(minutes)
}

/// A time in seconds from `KEY_s` or `KEY_min`, one of which must be there.
fn length(section: &mut Section<'_>, (seconds, minutes): Time, signed: bool) -> Option<f64> {
    let limits = |unit: f64| Limits::new(if signed { -SECONDS_MAX / unit } else { 0.0 }, SECONDS_MAX / unit);
    match (section.get(seconds), section.get(minutes)) {
        (Some(field), Some(_)) => {
            field.context.error(&field.place, "both_keys", &[("one", &seconds), ("other", &minutes)]);
            None
        }
        (Some(field), None) => field.number(limits(1.0)),
        (None, Some(field)) => field.number(limits(60.0)).map(|number| number * 60.0),
        (None, None) => {
            section.missing(seconds);
            None
        }
    }
}
