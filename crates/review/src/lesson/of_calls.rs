//! Lessons about calls, reactions, attendance, patience and bookings.

use super::{Collected, Evidence, differs, law, law_differs, number, percent, shown};
use crate::{Review, calls::Measured, fit::Fit, refit};
use chance::Law;
use domain::{
    Plan, Policy, Scenario,
    scenario::{Arrivals, Flow},
};
use serde_json::{Map, Value, json};

pub(super) fn collect(
    review: &Review,
    scenario: &Scenario,
    plan: Option<&Plan>,
    evidence: &Evidence<'_>,
    found: &mut Collected,
) {
    if let Some(calls) = &review.calls {
        if let Some(fit) = &calls.reaction {
            let waves =
                plan.map_or(calls.policy == Policy::Waves.name(), |plan| plan.policy == Policy::Waves);
            reaction(scenario, fit, waves, evidence, found);
        }
        if let Some(call) = &calls.call_s {
            call_length(scenario, call, found);
        }
        share(
            "attendance_households",
            "attendance.households",
            scenario.attendance.households,
            calls.come,
            found,
        );
        share("attendance_persons", "attendance.persons", scenario.attendance.persons, calls.persons, found);
    }
    patience(review, scenario, found);
    bookings(review, scenario, found);
}

fn reaction(scenario: &Scenario, fit: &Fit, waves: bool, evidence: &Evidence<'_>, found: &mut Collected) {
    let old = match (&scenario.arrivals, waves) {
        (_, true) => refit::reaction_of_waves(scenario),
        (Arrivals::Broadcast { reaction, .. }, false) => reaction.clone(),
        _ => return,
    };
    let Some(why) = law_differs(&old, evidence.reactions) else { return };
    let minutes = |seconds: f64| shown(seconds / 60.0);
    let args = vec![("old", minutes(old.mean_s())), ("new", minutes(fit.mean_s)), ("n", fit.n.to_string())];
    let code = match why {
        "shape" => "reaction_shape",
        _ if fit.mean_s > old.mean_s() => "reaction_later",
        _ => "reaction_sooner",
    };
    if !waves {
        found.add(code, "arrivals.reaction".to_owned(), (law(&old), law(&fit.law)), why, args);
        return;
    }
    let (common, late) = refit::common_and_late(&fit.law, fit);
    let old_common = law(&scenario.waves.reaction);
    found.add(code, "waves.reaction".to_owned(), (old_common, law(&common)), why, args);
    let written = |share: f64, reaction: &Law| {
        let mut late = Map::new();
        late.insert("share".to_owned(), number(share));
        late.extend(super::written::to_json(reaction));
        Value::Object(late)
    };
    let old_late = scenario.waves.late.as_ref();
    let (old_share, new_share) =
        (old_late.map_or(0.0, |late| late.share), late.as_ref().map_or(0.0, |late| late.0));
    let old = old_late.map_or(Value::Null, |late| written(late.share, &late.reaction));
    let new = late.map_or(Value::Null, |(share, reaction)| written(share, &reaction));
    if old != new {
        let args = vec![("old", percent(old_share)), ("new", percent(new_share))];
        found.add("late_share", "waves.late".to_owned(), (old, new), why, args);
    }
}

fn call_length(scenario: &Scenario, call: &Measured, found: &mut Collected) {
    let callers = &scenario.waves.callers;
    let old = callers.call.mean_s();
    let Some(why) = differs(old, call.value, call.se, old) else { return };
    let written = |law: &Law| {
        let mut map = super::written::to_json(law);
        map.insert("number".to_owned(), json!(callers.number));
        Value::Object(map)
    };
    let new = callers.call.scaled_by(call.value / old.max(1e-9));
    let args = vec![("old", shown(old)), ("new", shown(call.value)), ("n", call.n.to_string())];
    let code = if call.value > old { "calls_slower" } else { "calls_faster" };
    found.add(code, "waves.callers".to_owned(), (written(&callers.call), written(&new)), why, args);
}

fn share(code: &'static str, key: &str, old: f64, seen: Option<Measured>, found: &mut Collected) {
    let Some(seen) = seen else { return };
    if let Some(why) = differs(old, seen.value, seen.se, 1.0) {
        let args = vec![("old", percent(old)), ("new", percent(seen.value)), ("n", seen.n.to_string())];
        found.add(code, key.to_owned(), (number(old), number(seen.value)), why, args);
    }
}

fn patience(review: &Review, scenario: &Scenario, found: &mut Collected) {
    let key = || "patience".to_owned();
    match (&scenario.patience, refit::patience(review, scenario)) {
        (Some(old), None) => {
            let args = vec![("old", shown(old.mean_s() / 60.0)), ("hours", shown(review.patience.waited_h))];
            found.add("patience_gone", key(), (law(old), Value::Null), "interval", args);
        }
        (None, Some(new)) => {
            let args = vec![("new", shown(new.value)), ("people", review.patience.gave_up.to_string())];
            let change = (Value::Null, law(&Law::exponential(new.value * 60.0)));
            found.add("patience_new", key(), change, "interval", args);
        }
        (Some(old), Some(new)) => {
            let planned = old.mean_s() / 60.0;
            if let Some(why) = differs(planned, new.value, new.se, planned) {
                let args = vec![("old", shown(planned)), ("new", shown(new.value))];
                let change = (law(old), law(&Law::exponential(new.value * 60.0)));
                found.add("patience", key(), change, why, args);
            }
        }
        (None, None) => {}
    }
}

fn bookings(review: &Review, scenario: &Scenario, found: &mut Collected) {
    let Some(pattern) = &review.arrivals else { return };
    match &scenario.arrivals {
        Arrivals::Appointments(booked) => {
            share("no_show", "arrivals.no_show", booked.no_show, pattern.no_show, found);
            punctuality(booked.punctuality.as_ref(), pattern.punctuality, found);
        }
        Arrivals::Schedule { punctuality: law, .. } => punctuality(law.as_ref(), pattern.punctuality, found),
        Arrivals::Poisson(walk_ins) => {
            let Some(seen) = &pattern.per_hour else { return };
            let planned = match &walk_ins.per_hour {
                Flow::Constant(rate) => vec![*rate],
                Flow::Hourly(rates) => rates.clone(),
            };
            let pairs = || planned.iter().zip(seen);
            let why = pairs().find_map(|(&old, new)| {
                // An hour of few people varies by itself: only what its interval excludes counts.
                ((new.value - old).abs() > super::Z * new.se && (new.value - old).abs() > super::LEAST * old)
                    .then_some("interval")
            });
            if let Some(why) = why {
                let sum =
                    |values: &mut dyn Iterator<Item = f64>| shown(values.sum::<f64>() / planned.len() as f64);
                let args = vec![
                    ("old", sum(&mut planned.iter().copied())),
                    ("new", sum(&mut seen.iter().map(|rate| rate.value))),
                ];
                let one = |values: Vec<f64>| match values.as_slice() {
                    [rate] if matches!(walk_ins.per_hour, Flow::Constant(_)) => number(*rate),
                    rates => rates.iter().map(|&rate| number(rate)).collect(),
                };
                let new = one(seen.iter().map(|rate| rate.value).collect());
                found.add("per_hour", "arrivals.per_hour".to_owned(), (one(planned.clone()), new), why, args);
            }
        }
        _ => {}
    }
}

fn punctuality(old: Option<&Law>, seen: Option<[Measured; 2]>, found: &mut Collected) {
    let Some([mean, sd]) = seen else { return };
    let new = Law::normal(mean.value, sd.value);
    let args = vec![("mean", shown(mean.value / 60.0)), ("sd", shown(sd.value / 60.0))];
    let change = (old.map_or(Value::Null, law), law(&new));
    found.add("punctuality", "arrivals.punctuality".to_owned(), change, "shape", args);
}
