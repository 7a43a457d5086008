//! What a review says, as sentences of the catalogue.

use super::Reviewed;
use crate::{
    findings::Finding,
    number::{number, percent},
    voice::station_word,
};
use domain::Scenario;

/// A station busier than this holds the others up.
const BUSY: f64 = 0.5;
/// Waves called so many minutes after their time, or more, were late.
const LATE: f64 = 5.0;
/// A difference from the forecast worth a sentence: minutes, or a share of it.
const MINUTES: f64 = 2.0;
const SHARE: f64 = 0.1;

pub(super) fn findings(reviewed: &Reviewed, scenario: Option<&Scenario>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(waited(reviewed));
    findings.extend(against_forecast(reviewed));
    findings.extend(busiest(reviewed));
    findings.extend(late_wave(reviewed));
    let review = &reviewed.review;
    let people = |code, people: f64| Finding { code, args: vec![("people", number(people))] };
    if review.left > 0.0 {
        findings.push(people("review_left", review.left));
    }
    if review.unserved > 0.0 {
        findings.push(people("review_unserved", review.unserved));
    }
    findings.extend(missed(reviewed));
    if let Some(room) = scenario.and_then(|scenario| scenario.site.room)
        && review.queue_max > f64::from(room)
    {
        let args = vec![("queue", number(review.queue_max)), ("room", room.to_string())];
        findings.push(Finding { code: "review_crowded", args });
    }
    findings
}

fn clock(reviewed: &Reviewed, minutes: f64) -> String {
    reviewed.clock(minutes).unwrap_or_else(|| number(minutes))
}

/// How long people waited, and when it was done.
fn waited(reviewed: &Reviewed) -> Option<Finding> {
    let review = &reviewed.review;
    let args = vec![
        ("people", number(review.people)),
        ("served", number(review.served)),
        ("p50", number(review.wait_min.p50?)),
        ("p95", number(review.wait_min.p95?)),
        ("clock", clock(reviewed, review.done_97_min?)),
    ];
    Some(Finding { code: "review_waited", args })
}

/// Waits and end, beside what a rehearsal of the plan says.
fn against_forecast(reviewed: &Reviewed) -> Vec<Finding> {
    let (review, Some(forecast)) = (&reviewed.review, &reviewed.forecast) else { return Vec::new() };
    let apart = |planned: f64, actual: f64| (actual - planned).abs() > MINUTES.max(SHARE * planned.abs());
    let mut findings = Vec::new();
    if let (Some(planned), Some(actual)) = (forecast.wait_min.p95, review.wait_min.p95) {
        let code = match apart(planned, actual) {
            false => "review_wait_as_planned",
            true if actual > planned => "review_wait_longer",
            true => "review_wait_shorter",
        };
        findings.push(Finding { code, args: vec![("planned", number(planned)), ("actual", number(actual))] });
    }
    if let (Some(planned), Some(actual)) = (forecast.done_97_min, review.done_97_min)
        && apart(planned, actual)
    {
        let code = if actual > planned { "review_done_later" } else { "review_done_earlier" };
        let args = vec![
            ("minutes", number((actual - planned).abs())),
            ("clock", clock(reviewed, actual)),
            ("planned", clock(reviewed, planned)),
        ];
        findings.push(Finding { code, args });
    }
    findings
}

fn busiest(reviewed: &Reviewed) -> Option<Finding> {
    let stations =
        reviewed.review.stations.iter().filter_map(|station| Some((station, station.utilisation?)));
    let (station, busy) = stations.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let args = vec![("station", station_word(&station.name)), ("busy", percent(busy.min(1.0)))];
    (busy > BUSY).then_some(Finding { code: "review_bottleneck", args })
}

/// The wave whose calls began latest after their time.
fn late_wave(reviewed: &Reviewed) -> Option<Finding> {
    let waves = &reviewed.review.planned.as_ref()?.waves;
    let late = waves.iter().filter_map(|wave| Some((wave.wave, wave.called_min?[0] - wave.planned_call_min)));
    let (wave, minutes) = late.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let args = vec![("wave", wave.to_string()), ("minutes", number(minutes))];
    (minutes >= LATE).then_some(Finding { code: "review_wave_late", args })
}

fn missed(reviewed: &Reviewed) -> Option<Finding> {
    let count = |why: &str| reviewed.missed.iter().filter(|one| one.why == why).count();
    let (not_come, not_served, not_called) = (count("not_come"), count("not_served"), count("not_called"));
    let args = vec![
        ("all", reviewed.missed.len().to_string()),
        ("not_come", not_come.to_string()),
        ("not_served", not_served.to_string()),
        ("not_called", not_called.to_string()),
    ];
    let code = if not_called > 0 { "review_missed" } else { "review_missed_called" };
    (!reviewed.missed.is_empty()).then_some(Finding { code, args })
}
