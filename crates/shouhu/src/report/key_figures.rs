//! The key figures of all runs, side by side.

use super::{
    Run,
    card::{Card, Chip, Kind, Row},
    figure::{self, Table},
    number::{NONE, short, whole},
    sheet::Sheet,
    voice::{Voice, escape},
};
use rehearse::Figures;

/// One card for each figure, and all of them in a table.
pub(super) fn key_figures(sheet: &Sheet, voice: Voice) -> String {
    if sheet.report.runs.is_empty() {
        return figure::section("key", &voice.word("report.key.title"), &voice.word("report.no_runs"), "");
    }
    let cards = [
        Some(wait_p95(sheet, voice)),
        Some(wait_mean(sheet, voice)),
        Some(done(sheet, voice)),
        Some(queue_max(sheet, voice)),
        crowding(sheet, voice),
        caller_hours(sheet, voice),
        Some(not_served(sheet, voice)),
    ];
    let mut cards: Vec<Card> = cards.into_iter().flatten().collect();
    // A row has four places, of which the first card takes two; the last cards fill what is left.
    let left = (4 - (cards.len() + 1) % 4) % 4;
    for last in cards.iter_mut().rev().take(left) {
        last.wide = true;
    }
    let cards: String = cards.iter().map(Card::html).collect();
    let lead = if sheet.compares() { voice.word("report.key.lead") } else { String::new() };
    let numbers = figure::numbers(voice, &voice.plain("report.key.title", &[]), &table(sheet, voice));
    let title = voice.word("report.key.title");
    figure::section("key", &title, &lead, &format!(r#"<div class="cards">{cards}</div>{numbers}"#))
}

/// A card whose rows are filled by `fill`.
fn card(sheet: &Sheet, voice: Voice, name: &str, fill: &dyn Fn(&Figures, &Run, &mut Row)) -> Card {
    let rows = sheet.report.runs.iter().enumerate().map(|(place, run)| {
        let mut row = sheet.row(voice, place);
        fill(&run.figures, run, &mut row);
        row
    });
    Card {
        title: voice.word(&format!("report.key.{name}")),
        hint: voice.word(&format!("report.key.{name}.hint")),
        rows: rows.collect(),
        mark: None,
        reach: 0.0,
        wide: false,
    }
}

fn limits(voice: Voice, interval: Option<[f64; 2]>) -> String {
    interval.map_or(String::new(), |[low, high]| {
        voice.say("report.interval", &[("low", &short(low)), ("high", &short(high))])
    })
}

fn minutes(voice: Voice, row: &mut Row, value: Option<f64>, interval: Option<[f64; 2]>) {
    row.value = value.filter(|value| value.is_finite());
    if let Some(value) = row.value {
        row.shown = escape(&voice.minutes(value));
        row.interval = interval;
        row.beside = limits(voice, interval);
    }
}

fn wait_p95(sheet: &Sheet, voice: Voice) -> Card {
    let target = sheet.target();
    let mut card = card(sheet, voice, "wait_p95", &|figures, _, row| {
        minutes(voice, row, figures.wait_min.p95, figures.wait_min.p95_ci95);
        if let (Some(value), Some(target)) = (row.value, target) {
            row.chips.push(if value <= target {
                Chip::Good(voice.word("report.chip.target_kept"))
            } else {
                Chip::Bad(voice.word("report.chip.target_missed"))
            });
        }
    });
    card.mark = target.map(|target| (target, voice.say("report.target", &[("n", &short(target))])));
    card.wide = true;
    card.judged(voice, Kind::Amount, &|more| voice.minutes(more))
}

fn wait_mean(sheet: &Sheet, voice: Voice) -> Card {
    let card = card(sheet, voice, "wait_mean", &|figures, _, row| {
        minutes(voice, row, figures.wait_min.mean, figures.wait_min.ci95);
    });
    card.judged(voice, Kind::Amount, &|more| voice.minutes(more))
}

fn done(sheet: &Sheet, voice: Voice) -> Card {
    let card = card(sheet, voice, "done_97", &|figures, _, row| {
        minutes(voice, row, figures.done_97_min, figures.done_97_ci95);
        if let Some(value) = row.value {
            row.beside = voice.say("report.after_opening", &[("n", &short(value))]);
            row.shown = sheet.daytime.at(value);
        }
    });
    card.judged(voice, Kind::Moment, &|more| voice.minutes(more))
}

fn queue_max(sheet: &Sheet, voice: Voice) -> Card {
    let mut card = card(sheet, voice, "queue_max", &|figures, run, row| {
        row.value = Some(figures.queue_max).filter(|value| value.is_finite());
        row.shown = voice.say("report.people", &[("n", &whole(figures.queue_max))]);
        if let (Some(value), Some(room)) = (row.value, run.site.room.map(f64::from)) {
            let times = short(value / room.max(1.0));
            row.chips.push(if value <= room {
                Chip::Good(voice.word("report.chip.room_enough"))
            } else {
                Chip::Bad(voice.say("report.chip.room_times", &[("times", &times)]))
            });
        }
    });
    let room = sheet.common_room();
    card.mark =
        room.map(|room| (f64::from(room), voice.say("report.room", &[("n", &whole(f64::from(room)))])));
    card.judged(voice, Kind::Amount, &|more| voice.plain("report.people", &[("n", &whole(more))]))
}

fn crowding(sheet: &Sheet, voice: Voice) -> Option<Card> {
    let known = |run: &Run| run.figures.crowd_person_min.is_some();
    sheet.report.runs.iter().any(known).then(|| {
        let hours = |minutes: f64| voice.plain("report.person_hours", &[("n", &short(minutes / 60.0))]);
        let card = card(sheet, voice, "crowding", &|figures, _, row| {
            row.value = figures.crowd_person_min.filter(|value| value.is_finite());
            if let Some(value) = row.value {
                row.shown = escape(&hours(value));
                row.beside = voice.say("report.person_min", &[("n", &short(value))]);
            }
        });
        card.judged(voice, Kind::Amount, &hours)
    })
}

/// Nothing where nobody is called in any run.
fn caller_hours(sheet: &Sheet, voice: Voice) -> Option<Card> {
    if sheet.report.runs.iter().all(|run| run.figures.caller_hours <= 0.0) {
        return None;
    }
    let hours = |hours: f64| voice.plain("report.hours", &[("n", &short(hours))]);
    let callers = sheet.report.scenario.waves.callers.number;
    let card = card(sheet, voice, "caller_hours", &|figures, _, row| {
        row.value = Some(figures.caller_hours).filter(|value| value.is_finite());
        row.shown = escape(&hours(figures.caller_hours));
        if figures.caller_hours > 0.0 && callers > 0 && !sheet.sweeps("waves.callers") {
            let each = short(figures.caller_hours / f64::from(callers));
            row.beside = voice.say("report.each_caller", &[("callers", &callers.to_string()), ("n", &each)]);
        }
    });
    Some(card.judged(voice, Kind::Amount, &hours))
}

fn not_served(sheet: &Sheet, voice: Voice) -> Card {
    let people = |people: f64| voice.plain("report.people", &[("n", &short(people))]);
    let card = card(sheet, voice, "not_served", &|figures, _, row| {
        row.value = Some(figures.left + figures.unserved).filter(|value| value.is_finite());
        row.shown = escape(&people(figures.left + figures.unserved));
        let (came, left, unserved) = (whole(figures.people), short(figures.left), short(figures.unserved));
        row.beside =
            voice.say("report.of_whom", &[("people", &came), ("left", &left), ("unserved", &unserved)]);
    });
    card.judged(voice, Kind::Amount, &people)
}

/// All figures, a row for each and a column for each run.
fn table(sheet: &Sheet, voice: Voice) -> Table {
    let optional = |value: Option<f64>| value.map_or(NONE.to_owned(), short);
    let both = |value: Option<f64>, interval: Option<[f64; 2]>| match interval {
        Some([low, high]) => format!("{} ({}–{})", optional(value), short(low), short(high)),
        None => optional(value),
    };
    type Value<'v> = (&'v str, &'v dyn Fn(&Figures) -> String);
    let values: [Value; 14] = [
        ("people", &|f| whole(f.people)),
        ("served", &|f| whole(f.served)),
        ("left", &|f| short(f.left)),
        ("unserved", &|f| short(f.unserved)),
        ("mean", &|f| both(f.wait_min.mean, f.wait_min.ci95)),
        ("p50", &|f| optional(f.wait_min.p50)),
        ("p95", &|f| both(f.wait_min.p95, f.wait_min.p95_ci95)),
        ("max", &|f| optional(f.wait_min.max)),
        ("stay", &|f| both(f.stay_min.mean, f.stay_min.ci95)),
        ("stay_p95", &|f| optional(f.stay_min.p95)),
        ("done", &|f| both(f.done_97_min, f.done_97_ci95)),
        ("queue", &|f| whole(f.queue_max)),
        ("crowd", &|f| optional(f.crowd_person_min)),
        ("calls", &|f| short(f.caller_hours)),
    ];
    let runs = &sheet.report.runs;
    let mut head = vec![voice.plain("report.table.figure", &[])];
    head.extend(runs.iter().map(|run| voice.run(&run.name)));
    let rows = values.iter().map(|(key, value)| {
        let mut row = vec![voice.plain(&format!("report.table.{key}"), &[])];
        row.extend(runs.iter().map(|run| value(&run.figures)));
        row
    });
    Table { head, rows: rows.collect() }
}
