//! `directive.toml`: what an authority above requires. It is parsed, so that a file written now stays good; what it
//! demands is checked against the plan by a later version.

use crate::reader::{Context, Field, Section};
use crate::value;
use domain::Place;

/// The file.
pub(crate) const FILE: &str = "directive.toml";
/// Who may be above a community, nearest last.
const LEVELS: [(&str, ()); 5] =
    [("region", ()), ("city", ()), ("district", ()), ("town", ()), ("neighbourhood", ())];
/// Clauses of one directive.
const CLAUSES_MAX: usize = 200;

/// Notes everything that is wrong with the file, and that its clauses are not acted on yet.
pub(crate) fn check_directive(context: &Context<'_>) {
    let Some(bytes) = context.file(FILE) else {
        return;
    };
    if let Some(tree) = value::parse(context, FILE, bytes) {
        let mut section = Section::top(context, FILE, &tree);
        if crate::format::check_format(&mut section).is_some() {
            read(section);
        }
    }
    context.error(&Place::file(FILE), "later_directive", &[]);
}

fn read(mut section: Section<'_>) {
    section.need("level").and_then(|field| field.choice(&LEVELS));
    section.need("issued_by").and_then(|field| field.name());
    section.need("date").and_then(|field| field.date());
    section.get("title").and_then(|field| field.name());
    section.need("text").and_then(|field| field.text());
    if let Some(clauses) = section.get("clause") {
        for mut clause in clauses.tables(CLAUSES_MAX) {
            clause.need("id").and_then(|field| field.name());
            clause.need("text").and_then(|field| field.text());
            clause.get("from").and_then(|field: Field<'_>| field.clock());
            clause.get("until").and_then(|field| field.clock());
            clause.finish();
        }
    }
    section.finish();
}
