//! What is printed for a round: codes of tubes, and sheets on which a shift is written down by hand, without a name; and slips to be
//! handed out, with names where they are asked for.

mod slips;

pub use slips::{For, handed_out};

use super::book::Made;
use domain::command::Table;
use formats::pdf::{Column, Fonts, Form, Label, LabelSheet, NoFont, forms, labels, pdf};
use round::TubeKey;
use std::ops::Range;
use verbs::Voice;

/// Rows of a shift sheet: as many as can be written by hand on a page.
const ROWS: usize = 25;

/// Codes of tubes, exactly as phones read them.
///
/// # Errors
/// A letter has no font.
pub fn tubes(
    made: &Made,
    sheet: &LabelSheet,
    numbers: Range<u32>,
    fonts: &Fonts,
    voice: Voice,
) -> Result<Vec<u8>, NoFont> {
    let key = TubeKey::new(made.community.0, made.tube_key);
    let day = day(made);
    let label = |number: u32| {
        let code = key.code(number).to_string();
        let (community, own) = code.split_once('-').unwrap_or(("", &code));
        Label { large: own.to_owned(), small: format!("{community} {day} {number}"), code: code.clone() }
    };
    let labels = labels(sheet, &numbers.map(label).collect::<Vec<Label>>());
    pdf(&voice.word("paper.sheet.tubes"), voice.language.tag(), &labels, fonts)
}

/// Codes of boxes, exactly as phones read them. The letter of a box stands before the part that is read aloud, too.
///
/// # Errors
/// A letter has no font.
pub fn boxes(
    made: &Made,
    sheet: &LabelSheet,
    numbers: Range<u32>,
    fonts: &Fonts,
    voice: Voice,
) -> Result<Vec<u8>, NoFont> {
    let key = TubeKey::new(made.community.0, made.tube_key);
    let day = day(made);
    let label = |number: u32| {
        let code = key.batch(number).to_string();
        let (community, own) = code.split_once('-').unwrap_or(("X", &code));
        let (letter, community) = community.split_at(1);
        let small = format!("{community} {day} {letter}{number}");
        Label { large: format!("{letter}{own}"), small, code: code.clone() }
    };
    let labels = labels(sheet, &numbers.map(label).collect::<Vec<Label>>());
    pdf(&voice.word("paper.sheet.boxes"), voice.language.tag(), &labels, fonts)
}

/// Sheets on which a table's shift is written down, each with its number.
///
/// # Errors
/// A letter has no font: a community's name may be Chinese on an English sheet.
pub fn shift_sheets(
    made: &Made,
    table: &Table,
    numbers: Range<u32>,
    fonts: &Fonts,
    voice: Voice,
) -> Result<Vec<u8>, NoFont> {
    let rules = &made.definition.rules;
    let gives = rules
        .gives
        .as_ref()
        .filter(|(_, at)| rules.station(&table.station).is_some_and(|of| at.contains(&of)));
    let mut columns = vec![("time", 2.0), ("door", 3.0), ("people", 1.6), ("green", 1.6)];
    match gives.map(|(kind, _)| kind.as_str()) {
        Some("tube") => columns.push(("tube", 4.5)),
        Some(_) => columns.push(("lot", 4.0)),
        None => {}
    }
    let column = |(name, share): &(&str, f32)| Column {
        head: voice.word(&format!("paper.sheet.{name}")),
        share: *share,
    };
    let mut place = vec![voice.station(&table.station)];
    if table.lane > 0 {
        place.push(voice.say("paper.sheet.lane", &[("lane", &table.lane.to_string())]));
    }
    if table.server > 0 {
        place.push(voice.say("paper.sheet.table", &[("table", &table.server.to_string())]));
    }
    let mut how = vec!["time", "door", "green"];
    how.extend(columns.iter().map(|(name, _)| *name).filter(|name| ["tube", "lot"].contains(name)));
    how.push("later");
    let form = |number: u32| Form {
        title: voice.word("paper.sheet.title"),
        number: voice.say("paper.sheet.number", &[("sheet", &number.to_string())]),
        facts: vec![format!("{} · {}", made.name, day(made)), place.join(" · ")],
        columns: columns.iter().map(column).collect(),
        rows: ROWS,
        cells: Vec::new(),
        how: how.iter().map(|name| voice.word(&format!("paper.sheet.how.{name}"))).collect(),
    };
    let all: Vec<Form> = numbers.map(form).collect();
    pdf(&voice.word("paper.sheet.title"), voice.language.tag(), &forms(&all, fonts), fonts)
}

/// The round's day at the site, as its board is told it.
pub fn day(made: &Made) -> String {
    let site = made.definition.sites.values().next();
    site.and_then(|site| site["view"]["date"].as_str()).unwrap_or_default().to_owned()
}
