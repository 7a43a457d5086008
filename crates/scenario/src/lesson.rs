//! `[[lesson]]`: what earlier rounds taught.

use crate::reader::{Field, Limits, Section};
use crate::value::Kind;
use domain::scenario::{Lesson, Measured};

/// Lessons of one scenario: one a week for twenty years.
const LESSONS_MAX: usize = 1_000;
/// Characters of a value or a sentence: a mixture of 64 parts written as an inline table stays below.
const TEXT_MAX: usize = 10_000;
/// Minutes of a round of a week: no wait is longer.
const MINUTES: Limits = Limits::new(0.0, 10_080.0);

/// Reads the list; a lesson that lacks something is left out once it is noted.
pub(crate) fn read_lessons(field: &Field<'_>) -> Vec<Lesson> {
    field.tables(LESSONS_MAX).into_iter().filter_map(read_lesson).collect()
}

fn read_lesson(mut section: Section<'_>) -> Option<Lesson> {
    let key = section.need("key").and_then(|field| field.name().map(str::to_owned));
    let old = section.get("old").map(|field| value(&field));
    let new = section.need("new").and_then(|field| value(&field));
    let why = section.get("why").map(|field| sentence(&field));
    let date = section.get("date").and_then(|field| field.date());
    let measured = Measured {
        wait_p50_min: section.number("wait_p50_min", MINUTES),
        wait_p95_min: section.number("wait_p95_min", MINUTES),
        done_97_min: section.number("done_97_min", MINUTES),
    };
    section.finish();
    Some(Lesson {
        key: key?,
        old: old.flatten(),
        new: new?,
        why: why.flatten().unwrap_or_default(),
        date,
        measured,
    })
}

/// A value as TOML text; numbers and flags may stand as themselves.
pub(crate) fn value(field: &Field<'_>) -> Option<String> {
    match &field.value.kind {
        Kind::Whole(_) | Kind::Number(_) | Kind::Flag(_) => Some(field.value.shown()),
        _ => sentence(field),
    }
}

fn sentence(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    if text.chars().count() > TEXT_MAX {
        field.error("name_too_long", &[("max", &TEXT_MAX)]);
        return None;
    }
    Some(text.to_owned())
}
