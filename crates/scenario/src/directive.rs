//! `directive.toml` and `directives/*.toml`: what authorities above require, word for word, and beside the words what they
//! demand in figures.

mod clause;

use crate::reader::{Context, Field, Section};
use crate::value;
use clause::read_clause;
use domain::Place;
use domain::directive::{Directive, Level};

/// The file.
pub(crate) const FILE: &str = "directive.toml";
/// A folder of more of them.
const FOLDER: &str = "directives/";
/// Who may be above a community, nearest last.
const LEVELS: [(&str, Level); 5] = [
    ("region", Level::Region),
    ("city", Level::City),
    ("district", Level::District),
    ("town", Level::Town),
    ("neighbourhood", Level::Neighbourhood),
];
/// Directives that hold at one time: more are an archive.
const DIRECTIVES_MAX: usize = 20;
/// Clauses of one directive.
const CLAUSES_MAX: usize = 200;

/// The directives of a community's folder, the highest level first and of one level the earlier; all that is wrong with them is noted.
pub(crate) fn read_directives(context: &Context<'_>) -> Vec<Directive> {
    let mut directives = Vec::new();
    let more: Vec<&str> = context
        .files
        .0
        .keys()
        .map(String::as_str)
        .filter(|name| name.starts_with(FOLDER) && name.ends_with(".toml"))
        .collect();
    if more.len() > DIRECTIVES_MAX {
        let args: [(&'static str, &dyn std::fmt::Display); 2] =
            [("count", &more.len()), ("max", &DIRECTIVES_MAX)];
        context.error(&Place::file(FOLDER), "directives_too_many", &args);
    }
    for file in std::iter::once(FILE).chain(more.into_iter().take(DIRECTIVES_MAX)) {
        read_file(context, file, &mut directives);
    }
    directives.sort_by_key(|one| (one.level, one.date, one.time));
    directives
}

/// Notes everything that is wrong with a city's file, and that a city does not act on it.
pub(crate) fn check_directive(context: &Context<'_>) {
    if context.files.0.contains_key(FILE) {
        read_file(context, FILE, &mut Vec::new());
        context.error(&Place::file(FILE), "later_directive", &[]);
    }
}

fn read_file(context: &Context<'_>, file: &str, directives: &mut Vec<Directive>) {
    let Some(tree) = context.file(file).and_then(|bytes| value::parse(context, file, bytes)) else {
        return;
    };
    let mut section = Section::top(context, file, &tree);
    if crate::format::check_format(&mut section).is_none() {
        return;
    }
    if let Some(list) = section.get("directive") {
        directives.extend(list.tables(DIRECTIVES_MAX).into_iter().filter_map(read));
        section.finish();
    } else {
        directives.extend(read(section));
    }
}

fn read(mut section: Section<'_>) -> Option<Directive> {
    let place = section.place.clone();
    let level = section.need("level").and_then(|field| field.choice(&LEVELS));
    let issued_by = section.need("issued_by").and_then(|field| field.name());
    let date = section.need("date").and_then(|field| field.date());
    let time = section.get("time").and_then(|field| time_of_day(&field));
    let title = section.get("title").and_then(|field| field.name());
    let text = section.need("text").and_then(|field| field.text());
    let clauses = section.get("clause").map(|field| field.tables(CLAUSES_MAX)).unwrap_or_default();
    let clauses = clauses.into_iter().filter_map(read_clause).collect();
    section.finish();
    Some(Directive {
        level: level?,
        issued_by: issued_by?.to_owned(),
        date: date?,
        time,
        title: title.map(str::to_owned),
        text: text?.to_owned(),
        clauses,
        place,
    })
}

fn time_of_day(field: &Field<'_>) -> Option<jiff::civil::Time> {
    match field.clock()? {
        crate::clock::Clock::Time(time) => Some(time),
        crate::clock::Clock::Moment(_) => {
            field.error("not_a_time", &[]);
            None
        }
    }
}
