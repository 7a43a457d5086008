//! `rehearse --fault` on a city: the day on which something goes wrong, beside the day without, with the same luck.

use super::{DayOutput, LivedCity};
use crate::{
    Finding, Voice,
    faults::{PlayedFault, Without},
    number::{number, percent, whole},
};
use domain::City;
use rehearse::{
    TICKS_PER_MINUTE,
    city::{CityFigures, CityPaired},
    faults::{Fault, faulted_city},
};
use serde::Serialize;

/// A city's day with faults and the same day without.
#[derive(Debug)]
pub struct PlayedCity {
    /// What goes wrong.
    pub faults: Vec<PlayedFault>,
    /// The day with it.
    pub with: LivedCity,
    /// The day without, for which no help was looked for.
    pub without: LivedCity,
}

#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    day: DayOutput<'a>,
    faults: &'a [PlayedFault],
    without: Without<'a, CityFigures, CityPaired>,
    findings: Vec<String>,
}

/// Lives both days; `live` is told whether helps are looked for.
///
/// # Errors
/// Those of `live`.
pub fn play<E>(
    city: City,
    faults: &[Fault],
    live: &mut dyn FnMut(City, bool) -> Result<LivedCity, E>,
) -> Result<PlayedCity, E> {
    let day = faulted_city(&city, faults);
    let faults: Vec<PlayedFault> = faults.iter().map(|&fault| PlayedFault::of_city(fault, &city)).collect();
    let without = live(city, false)?;
    let mut with = live(day, true)?;
    with.beside = beside(&faults, &with, &without);
    Ok(PlayedCity { faults, with, without })
}

impl PlayedCity {
    /// The command's JSON.
    pub fn output(&self, voice: Voice) -> impl Serialize + '_ {
        Output {
            day: self.with.day_output(voice),
            faults: &self.faults,
            without: Without {
                figures: &self.without.figures,
                cost: self.without.cost,
                difference: CityPaired::of(&self.with.outcome, &self.without.outcome),
            },
            findings: self.with.findings().iter().map(|finding| finding.sentence(voice)).collect(),
        }
    }
}

/// What the two days say of each other.
fn beside(faults: &[PlayedFault], with: &LivedCity, without: &LivedCity) -> Vec<Finding> {
    let mut findings = Vec::new();
    if faults.iter().all(|fault| fault.unmet.is_some()) {
        return findings;
    }
    let (day, plain) = (&with.figures, &without.figures);
    let waits = [plain, day].map(|figures| number(figures.wait_min.p95.unwrap_or(0.0)));
    let jammed = [plain, day].map(|figures| whole(figures.sites.jammed as f64));
    if waits[0] != waits[1] || jammed[0] != jammed[1] {
        let [before, after] = waits;
        let [jammed_before, jammed] = jammed;
        let args =
            vec![("before", before), ("after", after), ("jammed_before", jammed_before), ("jammed", jammed)];
        findings.push(Finding { code: "city_fault_sites", args });
    }
    if let (Some(tubes), Some(were)) = (&day.tubes, &plain.tubes) {
        let hours =
            |figures: &CityFigures| number(figures.result_h.and_then(|result| result.p95).unwrap_or(0.0));
        let args = vec![
            ("before", percent(were.in_time_share)),
            ("after", percent(tubes.in_time_share)),
            ("hours_before", hours(plain)),
            ("hours", hours(day)),
        ];
        if args[0].1 != args[1].1 || args[2].1 != args[3].1 {
            findings.push(Finding { code: "city_fault_tubes", args });
        }
    }
    let labs = with.city.testing.iter().flat_map(|testing| &testing.labs);
    for (lab, (here, were)) in labs.zip(day.labs.iter().zip(&plain.labs)) {
        let Some((from, until)) = lab.stops else { continue };
        let clock = |ticks: i64| with.clock(ticks as f64 / TICKS_PER_MINUTE as f64);
        let wait = |wait: Option<f64>| number(wait.unwrap_or(0.0));
        let args = vec![
            ("lab", lab.name.clone()),
            ("from", clock(from)),
            ("until", clock(until)),
            ("before", whole(were.queue_max as f64)),
            ("after", whole(here.queue_max as f64)),
            ("wait_before", wait(were.wait_p95_min)),
            ("wait", wait(here.wait_p95_min)),
        ];
        findings.push(Finding { code: "city_fault_lab", args });
    }
    findings
}
