//! `shouhu appointments`: the best appointments before one server.

use super::{Stop, refuse};
use crate::{args::AppointmentsArgs, clock, folder, speak::Speaker};
use chance::Law;
use queueing::appointments::{Outcome, Session, on_grid, poisson};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use verbs::number::number;

/// Longer services, wilder laws and heavier weights than anybody books.
const SERVICE_MIN_MIN: f64 = 0.1;
const SERVICE_MAX_MIN: f64 = 240.0;
/// Seconds of a step of the grid.
const STEP_S: f64 = 60.0;
const CV_MAX: f64 = 5.0;
const WEIGHT_MAX: f64 = 1_000.0;

pub fn run(args: &AppointmentsArgs, speaker: Speaker) -> Result<(), Stop> {
    let usage = |key: &str| Err(Stop::Usage(speaker.word(key)));
    let within = |value: f64, low: f64, high: f64| value.is_finite() && value >= low && value <= high;
    let law = law(args, speaker)?;
    let mean_min = law.mean_s() / 60.0;
    if !(within(mean_min, SERVICE_MIN_MIN, SERVICE_MAX_MIN)
        && within(args.cv, 0.0, CV_MAX)
        && within(args.no_show, 0.0, 0.99)
        && within(args.overtime_weight, 0.0, WEIGHT_MAX))
    {
        return usage("usage.appointments");
    }
    let Ok(limit) = Duration::try_from_secs_f64(args.time_limit) else { return usage("usage.time_limit") };
    let slots = usize::from(args.slots);
    if !args.counts.is_empty()
        && (args.counts.len() != slots
            || args.counts.iter().map(|&count| u64::from(count)).sum::<u64>() != u64::from(args.people))
    {
        return usage("usage.appointments_counts");
    }
    let service =
        if args.poisson { poisson(mean_min, args.no_show) } else { on_grid(&law, STEP_S, args.no_show) };
    let session =
        Session { slots, slot: usize::from(args.slot_min), service, overtime_weight: args.overtime_weight };
    let people = u32::from(args.people);
    let started = Instant::now();
    let (counts, outcome, proof) = if args.counts.is_empty() {
        let found = session.best(people, &|| started.elapsed() > limit);
        (found.counts, found.outcome, Some(found.proof))
    } else {
        (args.counts.clone(), session.outcome(&args.counts), None)
    };
    let even = session.outcome(&session.spread(people));
    if args.json {
        let figures = |outcome: &Outcome| -> Value {
            json!({
                "wait_mean_min": outcome.wait_mean,
                "overtime_min": outcome.overtime,
                "idle_min": outcome.idle,
                "cost": outcome.cost,
            })
        };
        let mut output = figures(&outcome);
        output["service_mean_min"] = json!(mean_min);
        output["counts"] = json!(counts);
        output["least"] = json!(proof.map(|proof| proof.least));
        output["gap"] = json!(proof.map(|proof| proof.gap));
        output["even"] = figures(&even);
        speaker.json(&output);
        return Ok(());
    }
    let booked = counts.iter().enumerate().filter(|&(_, &count)| count > 0).map(|(slot, &count)| {
        let minute = slot * usize::from(args.slot_min);
        let at = format!("{}:{:02}", minute / 60, minute % 60);
        if count == 1 { at } else { format!("{at} × {count}") }
    });
    speaker.result(&booked.collect::<Vec<_>>().join("  "));
    let say = |key: &str, outcome: &Outcome| {
        let (wait, over, idle) = (number(outcome.wait_mean), number(outcome.overtime), number(outcome.idle));
        let args: [(&str, &str); 3] = [("wait", &wait), ("over", &over), ("idle", &idle)];
        speaker.result(&speaker.say(key, &args));
    };
    say("plan.appointments", &outcome);
    if args.counts.is_empty() {
        say("plan.appointments_even", &even);
    }
    if let Some(proof) = proof {
        let gap = number(proof.gap * 100.0);
        let key = if proof.gap == 0.0 { "plan.appointments_best" } else { "plan.appointments_gap" };
        speaker.result(&speaker.say(key, &[("gap", &gap)]));
    }
    Ok(())
}

/// The law of a service: as it is written, a station's, or lognormal with a mean and a coefficient of variation.
fn law(args: &AppointmentsArgs, speaker: Speaker) -> Result<Law, Stop> {
    if let Some(text) = &args.law {
        let (law, notes) = scenario::given_law(text, "--law");
        return law.ok_or_else(|| refuse(&notes, args.json, speaker));
    }
    if let (Some(path), Some(station)) = (&args.scenario, &args.station) {
        let (scenario, notes) = verbs::read(&folder::read(path)?, &[], &clock::zones, &mut |_, _| {});
        let Some(scenario) = scenario else { return Err(refuse(&notes, args.json, speaker)) };
        let stations = &scenario.site.stations;
        let known: Vec<&str> = stations.iter().map(|station| station.name.as_str()).collect();
        let known = known.join(", ");
        let none = || {
            Stop::Usage(speaker.say("usage.appointments_station", &[("station", station), ("known", &known)]))
        };
        return stations
            .iter()
            .find(|one| one.name == *station)
            .map(|one| one.service.clone())
            .ok_or_else(none);
    }
    // What is out of its limits is said by who asks.
    let mean_s = args.service_min.filter(|mean| mean.is_finite()).unwrap_or(0.0) * 60.0;
    let is_sound = mean_s > 0.0 && args.cv > 0.0 && args.cv <= CV_MAX;
    Ok(if is_sound { Law::lognormal_mean_cv(mean_s, args.cv) } else { Law::constant(mean_s) })
}
