//! Lessons written into a scenario: the figure changed, and beside it why, when, and what was measured.

use super::{document, judged, parsed, put, set};
use crate::{Files, read, value::path::steps};
use domain::Notes;
use domain::scenario::Lesson;
use toml_edit::{ArrayOfTables, Datetime, DocumentMut, Item, Table, value};

/// The heading above the first lesson.
const HEADING: &str = "\n# What earlier rounds taught: a figure changed after a review, and what was measured on that day.\n\
    # 以往轮次的改进:复盘后改动的数字,以及当天测得的结果。\n";

/// The new value of a lesson that takes its key away.
pub const TAKEN_AWAY: &str = "none";

/// The folder with each lesson's new value set, or its key taken away where that is [`TAKEN_AWAY`], and the lesson
/// recorded beside it. Where a lesson does not say the old value, it is the one that stood there.
///
/// `None` if the notes refuse: the folder cannot be read, or not with these values.
pub fn learn(files: &Files, lessons: &[Lesson]) -> (Option<Files>, Notes) {
    let kept = lessons.iter().filter(|lesson| lesson.new != TAKEN_AWAY);
    let sets: Vec<(String, String)> = kept.map(|lesson| (lesson.key.clone(), lesson.new.clone())).collect();
    let (scenario, notes) = read(files, &sets, &mut |_, _| {});
    if scenario.is_none() {
        return (None, notes);
    }
    let mut document = document(files);
    for lesson in lessons {
        let before = document.clone();
        if lesson.new == TAKEN_AWAY {
            take_away(&mut document, files, &lesson.key);
        } else {
            set(&mut document, files, &lesson.key, &lesson.new);
        }
        let old = lesson.old.clone().or_else(|| standing(&before, files, &lesson.key));
        record(&mut document, lesson, old);
    }
    judged(files, &document)
}

pub(super) fn take_away(document: &mut DocumentMut, files: &Files, key: &str) {
    let Some(steps) = steps(key) else { return };
    if key.starts_with(super::STATIONS) {
        super::lend::write_out(document, files);
    }
    put::remove(document.as_item_mut(), &steps);
}

/// The value that stands under a key of a folder, or of the service that it goes by, as TOML in one line; `None` where there is none, or
/// the folder does not read.
pub fn value_at(files: &Files, key: &str) -> Option<String> {
    read(files, &[], &mut |_, _| {}).0?;
    standing(&document(files), files, key)
}

/// The value that stands under a key, lent or not, in one line.
pub(crate) fn standing(document: &DocumentMut, files: &Files, key: &str) -> Option<String> {
    let mut document = document.clone();
    if key.starts_with(super::STATIONS) {
        super::lend::write_out(&mut document, files);
    }
    let found = put::find(document.as_item(), &steps(key)?)?;
    put::in_one_line(&found)
}

/// Whether what stands somewhere is this value, however it is written.
pub(crate) fn is_same(stands: &str, text: &str) -> bool {
    let plain = |text: &str| put::in_one_line(&put::Found::Value(&parsed(text)));
    plain(stands) == plain(text)
}

fn record(document: &mut DocumentMut, lesson: &Lesson, old: Option<String>) {
    let mut table = Table::new();
    table.insert("key", value(&lesson.key));
    if let Some(old) = old {
        table.insert("old", value(old));
    }
    table.insert("new", value(&lesson.new));
    table.insert("why", value(&lesson.why));
    if let Some(date) = lesson.date.and_then(|date| date.to_string().parse::<Datetime>().ok()) {
        table.insert("date", value(date));
    }
    let measured = lesson.measured;
    let figures = [
        ("wait_p50_min", measured.wait_p50_min),
        ("wait_p95_min", measured.wait_p95_min),
        ("done_97_min", measured.done_97_min),
    ];
    for (key, figure) in figures {
        if let Some(figure) = figure {
            // A hundredth of a minute is finer than anybody's watch.
            table.insert(key, value(libm::round(figure * 100.0) / 100.0));
        }
    }
    let list = document.entry("lesson").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    if let Ok(mut lessons) = std::mem::take(list).into_array_of_tables() {
        if lessons.is_empty() {
            table.decor_mut().set_prefix(HEADING);
        }
        lessons.push(table);
        *list = Item::ArrayOfTables(lessons);
    }
}
