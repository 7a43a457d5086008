//! The green channel against everyone.

use super::{
    card::{Card, Row},
    figure,
    figure::Table,
    number::{NONE, short, whole},
    sheet::Sheet,
    voice::{Voice, escape},
};
use rehearse::Spread;

/// A card for each run; nothing where nobody is green.
pub(super) fn green(sheet: &Sheet, voice: Voice) -> String {
    let p95s = sheet.report.runs.iter().filter_map(|run| run.figures.wait_min.p95);
    let reach = p95s.filter(|p95| p95.is_finite()).fold(0.0, f64::max);
    let mut cards = String::new();
    let mut rows = Vec::new();
    for (place, run) in sheet.report.runs.iter().enumerate() {
        let Some(green) = &run.figures.green else { continue };
        let figures = &run.figures;
        let groups = [
            ("report.green.all", figures.people, &figures.wait_min),
            ("report.green.green", green.people, &green.wait_min),
        ];
        let bars = groups.map(|(key, people, wait)| row(sheet, voice, place, voice.word(key), people, wait));
        let title =
            if sheet.compares() { sheet.row(voice, place).name } else { voice.word("report.green.wait") };
        let card = Card { title, hint: String::new(), rows: bars.into(), mark: None, reach, wide: false };
        cards += &card.html();
        for (key, people, wait) in groups {
            let optional = |value: Option<f64>| value.map_or(NONE.to_owned(), short);
            rows.push(vec![
                voice.run(&run.name),
                voice.plain(key, &[]),
                whole(people),
                optional(wait.mean),
                optional(wait.p50),
                optional(wait.p95),
            ]);
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let head = ["run", "who", "people", "mean", "p50", "p95"];
    let head = head.iter().map(|key| voice.plain(&format!("report.table.{key}"), &[])).collect();
    let title = voice.plain("report.green.title", &[]);
    let numbers = figure::numbers(voice, &title, &Table { head, rows });
    let channel =
        if sheet.report.scenario.site.green_channel { "report.green.lead" } else { "report.green.off" };
    let body = format!(r#"<div class="cards">{cards}</div>{numbers}"#);
    figure::section("green", &escape(&title), &voice.word(channel), &body)
}

fn row(sheet: &Sheet, voice: Voice, run: usize, name: String, people: f64, wait: &Spread) -> Row {
    let mut row = sheet.row(voice, run);
    row.name = name;
    row.value = wait.p95.filter(|p95| p95.is_finite());
    row.interval = wait.p95_ci95;
    if let (Some(p95), Some(mean)) = (row.value, wait.mean) {
        row.shown = escape(&voice.minutes(p95));
        row.beside = voice.say("report.green.beside", &[("people", &whole(people)), ("mean", &short(mean))]);
    }
    row
}
