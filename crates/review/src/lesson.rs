//! Parameters that the round showed to be otherwise: what to change, why, and what was measured before the change, so
//! that the next review can say whether it helped.

mod of_calls;
mod of_stations;

use crate::{Review, written};
use chance::{Law, Ticks};
use domain::{Plan, Scenario};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

/// One parameter to be changed. Its words stand in the catalogue under `lesson.CODE`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lesson {
    /// Which sentence says it.
    pub code: &'static str,
    /// What fills its gaps.
    #[serde(serialize_with = "as_map")]
    pub args: Vec<(&'static str, String)>,
    /// The scenario's key: `site.station.sampling.service`.
    pub key: String,
    /// What stands there; null for nothing.
    pub old: Value,
    /// What should; null to take it away.
    pub new: Value,
    /// `interval`: the old value lies outside the measured 95 % interval; `large`: it is more than 5 % away; `shape`:
    /// the mean is right, and the law does not describe the times.
    pub why: &'static str,
    /// What the round was like with the old value.
    pub before: Before,
}

/// What was measured before a change.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Before {
    /// When the (last) round opened, RFC 3339.
    pub date: Option<String>,
    /// Median wait, in minutes.
    pub wait_p50_min: Option<f64>,
    /// The wait that 95 in 100 did not exceed, in minutes.
    pub wait_p95_min: Option<f64>,
    /// Minutes after opening at which 97 % were done.
    pub done_97_min: Option<f64>,
}

fn as_map<S: Serializer>(args: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(args.iter().map(|(name, value)| (name, value)))
}

/// A change smaller than this share is no lesson, however sure.
const LEAST: f64 = 0.005;
/// A change larger than this share is one, however unsure.
const LARGE: f64 = 0.05;
/// Standard errors to the ends of a 95 % interval.
const Z: f64 = 1.959_963_984_540_054;
/// A law is called wrong only for good reason, and where the distance matters.
const P_LEAST: f64 = 0.01;
const DISTANCE_LEAST: f64 = 0.02;

/// Why a number differs from what was planned, if it does. `scale` is what 5 % are of.
fn differs(old: f64, new: f64, se: f64, scale: f64) -> Option<&'static str> {
    let change = (new - old).abs();
    if change > LARGE * scale {
        Some("large")
    } else if change > Z * se && change > LEAST * scale {
        Some("interval")
    } else {
        None
    }
}

/// Why a law differs: in its mean, or in its shape.
fn law_differs(old: &Law, times: &[Ticks]) -> Option<&'static str> {
    let n = times.len() as f64;
    if times.len() < crate::fit::LEAST {
        return None;
    }
    let seconds = || times.iter().map(|&time| time as f64 / chance::TICKS_PER_SECOND as f64);
    let mean = seconds().sum::<f64>() / n;
    let variance = seconds().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    let scale = old.mean_s().abs().max(old.variance().sqrt());
    differs(old.mean_s(), mean, (variance / n).sqrt(), scale).or_else(|| {
        let (far, p) = crate::fit::distance_to(old, times);
        (p < P_LEAST && far > DISTANCE_LEAST).then_some("shape")
    })
}

/// The times that lessons rest on.
pub(crate) struct Evidence<'a> {
    pub services: &'a [(String, Vec<Ticks>)],
    pub reactions: &'a [Ticks],
}

/// All lessons of a review, in the scenario's order.
pub(crate) fn lessons(
    review: &Review,
    scenario: &Scenario,
    plan: Option<&Plan>,
    evidence: &Evidence<'_>,
) -> Vec<Lesson> {
    let before = Before {
        date: review.date.clone(),
        wait_p50_min: review.wait_min.p50,
        wait_p95_min: review.wait_min.p95,
        done_97_min: review.done_97_min,
    };
    let mut found = Collected { lessons: Vec::new(), before };
    of_stations::collect(review, scenario, evidence, &mut found);
    of_calls::collect(review, scenario, plan, evidence, &mut found);
    found.lessons
}

struct Collected {
    lessons: Vec<Lesson>,
    before: Before,
}

impl Collected {
    fn add(
        &mut self,
        code: &'static str,
        key: String,
        (old, new): (Value, Value),
        why: &'static str,
        args: Vec<(&'static str, String)>,
    ) {
        let before = self.before.clone();
        self.lessons.push(Lesson { code, args, key, old, new, why, before });
    }
}

fn law(law: &Law) -> Value {
    Value::Object(written::to_json(law))
}

fn number(value: f64) -> Value {
    json!(written::six_digits(value))
}

/// A number for people: about three digits.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
