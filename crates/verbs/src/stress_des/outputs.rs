//! What is measured: each figure with its definition and what came out.

use super::page::Page;
use crate::{Lived, number::NONE};
use ::rehearse::Spread;

/// The table of outputs, of the rehearsal that was asked for.
pub(super) fn tell(page: &mut Page, this: &Lived) {
    let figures = &this.figures;
    let mut rows: Vec<[String; 3]> = Vec::new();
    let mut add = |name: &str, key: &str, value: String| {
        rows.push([format!("`{name}`"), page.word(&format!("output.{key}")), value]);
    };
    let people = [
        ("people", figures.people),
        ("served", figures.served),
        ("left", figures.left),
        ("unserved", figures.unserved),
    ];
    people.into_iter().for_each(|(name, value)| add(name, name, two(value)));
    let spreads = |name: &str, spread: &Spread| {
        [
            (format!("{name}.mean"), "mean", with_interval(spread.mean, spread.ci95)),
            (format!("{name}.p50"), "p50", some(spread.p50)),
            (format!("{name}.p95"), "p95", with_interval(spread.p95, spread.p95_ci95)),
            (format!("{name}.max"), "max", some(spread.max)),
        ]
    };
    for (key, spread) in [("wait_min", &figures.wait_min), ("stay_min", &figures.stay_min)] {
        for (name, which, value) in spreads(key, spread) {
            add(&name, &format!("{key}.{which}"), value);
        }
    }
    add("done_97_min", "done_97_min", with_interval(figures.done_97_min, figures.done_97_ci95));
    add("queue_max", "queue_max", two(figures.queue_max));
    if figures.crowd_person_min.is_some() {
        add("crowd_person_min", "crowd_person_min", some(figures.crowd_person_min));
    }
    if this.plan.is_some() {
        add("caller_hours", "caller_hours", two(figures.caller_hours));
    }
    for station in &figures.stations {
        add(
            &format!("stations.{}.wait_min.mean", station.name),
            "station_wait",
            with_interval(station.wait_min.mean, station.wait_min.ci95),
        );
        if station.utilisation.is_some() {
            add(&format!("stations.{}.utilisation", station.name), "utilisation", some(station.utilisation));
        }
    }
    page.say("outputs", &[("run", &format!("`{}`", this.name))]);
    page.table(&["head_output", "head_definition", "head_value"], &rows);
}

fn two(value: f64) -> String {
    format!("{value:.2}")
}

fn some(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), two)
}

fn with_interval(value: Option<f64>, interval: Option<[f64; 2]>) -> String {
    match interval {
        Some([low, high]) => format!("{} ({low:.2} … {high:.2})", some(value)),
        None => some(value),
    }
}
