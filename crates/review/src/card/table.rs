//! Cards typed in: a CSV file with the columns card, station, came, start, end.

use super::{Card, Tap, What};
use domain::{Moment, Notes, Place};
use std::collections::BTreeMap;

/// Reads a table of cards, one row for a card at a station: `card,station,came,start,end`, in any order, of which `card`,
/// `station` and one of the times must be there. Times are RFC 3339, or a clock time `7:05` or `07:05:30` that counts from
/// `midnight`. Rows that cannot be read are notes.
pub fn read_cards(text: &str, file_name: &str, midnight: Moment) -> (Vec<Card>, Notes) {
    let mut notes = Notes::default();
    let mut lines =
        text.trim_start_matches('\u{feff}').lines().zip(1u32..).filter(|(line, _)| !line.trim().is_empty());
    let heading: Vec<String> = lines.next().map_or_else(Vec::new, |(line, _)| {
        cells(line).map(|cell| domain::simplified(cell).to_lowercase()).collect()
    });
    let column = |names: &[&str]| heading.iter().position(|cell| names.contains(&cell.as_str()));
    let (card, station) = (column(&["card", "卡号", "卡"]), column(&["station", "工位"]));
    let times = [
        (What::Came, column(&["came", "queued", "到达"])),
        (What::Started, column(&["start", "started", "开始"])),
        (What::Ended, column(&["end", "ended", "结束"])),
    ];
    let (Some(card), Some(station)) = (card, station) else {
        notes.error(Place::file(file_name).row(1), "cards_columns", &[]);
        return (Vec::new(), notes);
    };
    let mut cards = BTreeMap::<String, Card>::new();
    for (line, row) in lines {
        let cells: Vec<&str> = cells(line).collect();
        let cell = |place: usize| cells.get(place).copied().unwrap_or("").trim();
        let mut taps = Vec::new();
        for (what, place) in times {
            let text = place.map_or("", &cell);
            if text.is_empty() {
                continue;
            }
            match time(text, midnight) {
                Some(at) => taps.push(Tap { station: cell(station).to_owned(), what, at }),
                None => {
                    let place = Place::file(file_name).row(row).column(heading[place.unwrap_or(0)].clone());
                    notes.warning(
                        place,
                        "cards_time",
                        &[("value", &text.chars().take(40).collect::<String>())],
                    );
                }
            }
        }
        if cell(card).is_empty() || cell(station).is_empty() || taps.is_empty() {
            notes.warning(Place::file(file_name).row(row), "cards_row", &[]);
            continue;
        }
        let name = cell(card).to_owned();
        let one = cards.entry(name.clone()).or_insert_with(|| Card { name, taps: Vec::new() });
        one.taps.append(&mut taps);
    }
    (cards.into_values().collect(), notes)
}

fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.split([',', ';', '\t']).map(|cell| cell.trim().trim_matches('"'))
}

fn time(text: &str, midnight: Moment) -> Option<Moment> {
    if let Some(at) = Moment::parse(text) {
        return Some(at);
    }
    let mut parts = text.split(':');
    let hours: i64 = parts.next()?.parse().ok().filter(|hours| (0..48).contains(hours))?;
    let minutes: i64 = parts.next()?.parse().ok().filter(|minutes| (0..60).contains(minutes))?;
    let seconds: f64 = match parts.next() {
        Some(seconds) => seconds.parse().ok().filter(|seconds| (0.0..60.0).contains(seconds))?,
        None => 0.0,
    };
    let ticks = ((hours * 60 + minutes) * 60 * chance::TICKS_PER_SECOND)
        + (seconds * chance::TICKS_PER_SECOND as f64) as i64;
    parts.next().is_none().then(|| midnight + ticks)
}
