//! When a target is reached: read and shown as it is, but for what no page draws.

use super::read::Odd;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days and policies that are drawn.
const DAYS_MAX: usize = 1_000;
const POLICIES_MAX: usize = 20;

/// What is read of a target, and shown.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Target {
    by: String,
    goal: Goal,
    series: Series,
    policies: Vec<Policy>,
    sentences: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Goal {
    at_most: f64,
    clear_days: usize,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Series {
    first: String,
    last: String,
    cases: Vec<Option<f64>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Policy {
    name: String,
    likely: Option<String>,
    targets: Vec<ByDate>,
    cases: Vec<Cases>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct ByDate {
    date: String,
    probability: f64,
    low: f64,
    high: f64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Cases {
    date: String,
    p05: f64,
    p25: f64,
    p50: f64,
    p75: f64,
    p95: f64,
}

impl Target {
    pub(super) fn check(&self, odd: &mut Odd<'_>) {
        // A page reads only dates as they are written back; and each day stands there once.
        let date = |text: &str| text.parse::<Date>().is_ok_and(|date| date.to_string() == text);
        let days_on = |dates: &[&str]| {
            dates.iter().all(|text| date(text)) && dates.windows(2).all(|two| two[0] < two[1])
        };
        odd.unless(date(&self.by), || "by".to_owned());
        odd.unless(date(&self.series.first) && date(&self.series.last), || "series".to_owned());
        odd.unless(!self.policies.is_empty() && self.policies.len() <= POLICIES_MAX, || {
            "policies".to_owned()
        });
        let days = self.policies.first().map_or(0, |first| first.cases.len());
        for (number, of) in self.policies.iter().enumerate() {
            let targets: Vec<&str> = of.targets.iter().map(|of| of.date.as_str()).collect();
            let cases: Vec<&str> = of.cases.iter().map(|of| of.date.as_str()).collect();
            let dates = days_on(&targets) && days_on(&cases) && of.likely.as_deref().is_none_or(date);
            let same = of.cases.len() == days && of.targets.len() == days && (1..=DAYS_MAX).contains(&days);
            let shares = of.targets.iter().all(|of| {
                [of.low, of.probability, of.high].into_iter().all(|share| (0.0..=1.0).contains(&share))
            });
            odd.unless(dates && same && shares, || format!("policies[{number}]"));
        }
    }
}
