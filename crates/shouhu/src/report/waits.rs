//! How long people wait: which share waited at most so many minutes.

use super::{
    axis::Axis,
    curve, figure,
    figure::Table,
    number::{NONE, percent, short},
    plot::{Across, Plot, define},
    sheet::Sheet,
    voice::{Voice, escape},
};
use std::fmt::Write;

/// The longest waits of a few are left to the table: they would squeeze everyone else to the edge.
const SHOWN: f64 = 0.998;
/// Waits in the table, in minutes.
const ROWS: [usize; 12] = [0, 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120];

fn minutes(sheet: &Sheet) -> Axis {
    let enough = |shares: &Vec<f64>| {
        let place = shares.iter().position(|share| *share >= SHOWN);
        place.unwrap_or(shares.len().saturating_sub(1))
    };
    let longest = sheet.report.runs.iter().map(|run| enough(&run.waited_at_most)).max().unwrap_or(0);
    Axis::from_zero((longest as f64).max(sheet.target().unwrap_or(0.0) * 1.3))
}

fn shares() -> Axis {
    Axis { low: 0.0, high: 100.0, ticks: vec![0.0, 25.0, 50.0, 75.0, 100.0] }
}

/// The curves, drawn once for both languages.
pub(super) fn paths(sheet: &Sheet) -> String {
    let (x, y) = (minutes(sheet), shares());
    let curves = sheet.report.runs.iter().enumerate().map(|(place, run)| {
        let mut values: Vec<f64> = run.waited_at_most.iter().map(|share| share * 100.0).collect();
        // A curve that has come to all stays there to the edge of the picture.
        if let Some(last) = values.last().copied() {
            values.resize(values.len().max(x.high as usize + 1), last);
        }
        define(&format!("w{place}"), &curve::line(&curve::points(&values, 0.0, &x, &y)))
    });
    curves.collect()
}

/// The picture.
pub(super) fn waits(sheet: &Sheet, voice: Voice) -> String {
    let (x, y) = (minutes(sheet), shares());
    let mut plot = Plot::new("mid", &x, &y, Across::Minutes);
    let mut limit = String::new();
    if let Some(target) = sheet.target() {
        plot.moment(target, "limit", "");
        limit = Sheet::limit(&voice.say("report.target", &[("n", &short(target))]));
    }
    plot.level(95.0, "guide", "95 %");
    let title = voice.plain("report.waits.title", &[]);
    let mut told = title.clone();
    let mut legend = String::new();
    for (place, run) in sheet.report.runs.iter().enumerate() {
        let (name, colour) = (voice.run(&run.name), sheet.colour(place));
        plot.path(&format!("w{place}"), &format!("curve c{colour}"), Some(&name));
        let wait = &run.figures.wait_min;
        let note = match (wait.p50, wait.p95) {
            (Some(p50), Some(p95)) => {
                for (wait, share) in [(p50, 50.0), (p95, 95.0)] {
                    // Where many do not wait at all, the curve begins above the half.
                    let known = run.waited_at_most.get(wait as usize).copied().unwrap_or(0.0) * 100.0;
                    plot.dot((wait, known.max(share)), &format!("dot c{colour}"));
                }
                let gaps = [("run", name.as_str()), ("p50", &*short(p50)), ("p95", &*short(p95))];
                let _ = write!(told, " {}", voice.plain("report.waits.told", &gaps));
                voice.say("report.waits.half", &gaps)
            }
            _ => voice.word("report.nobody_served"),
        };
        let _ = write!(
            legend,
            r#"<li class="c{colour}">{swatch}<b>{name}</b> <span>{note}</span></li>"#,
            swatch = sheet.swatch(place),
            name = escape(&name),
        );
    }
    let foot = voice.word("report.waits.axis");
    let picture = format!(
        r#"<ul class="legend">{legend}{limit}</ul>{}<p class="axis">{foot}</p>"#,
        plot.html(&told, "%")
    );
    let numbers = figure::numbers(voice, &title, &table(sheet, voice));
    let figure = figure::figure(&picture, &voice.word("report.waits.caption"), &numbers);
    figure::section("waits", &escape(&title), "", &figure)
}

fn table(sheet: &Sheet, voice: Voice) -> Table {
    let runs = &sheet.report.runs;
    let mut head = vec![voice.plain("report.table.at_most", &[])];
    head.extend(runs.iter().map(|run| voice.run(&run.name)));
    let rows = ROWS.iter().map(|&wait| {
        let mut row = vec![voice.minutes(wait as f64)];
        row.extend(runs.iter().map(|run| {
            let known = run.waited_at_most.get(wait).or(run.waited_at_most.last());
            known.map_or(NONE.to_owned(), |share| percent(*share))
        }));
        row
    });
    Table { head, rows: rows.collect() }
}
