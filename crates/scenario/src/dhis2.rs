//! `dhis2.toml`: by which identifiers another system, DHIS2, knows our figures and places.

use crate::{
    Files, compose,
    format::check_format,
    reader::{Context, Field, Section},
    value,
};
use domain::{Notes, Place};
use std::collections::BTreeMap;

/// The mapping's file.
pub const DHIS2_FILE: &str = "dhis2.toml";
/// Places and figures that are mapped: a city has some ten thousand communities.
const ROWS_MAX: usize = 100_000;
/// Characters of an identifier of DHIS2: a letter, then letters and digits.
const ID_CHARACTERS: usize = 11;

/// What has which identifier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dhis2Mapping {
    /// The data set; absent where each figure is of its own.
    pub data_set: Option<String>,
    /// Data elements by the name of the figure.
    pub data_elements: BTreeMap<String, String>,
    /// Organisation units by the name of the place.
    pub org_units: BTreeMap<String, String>,
}

/// Reads a mapping; `figures` are the names that there are. The mapping is `None` exactly if one of the notes is an error.
pub fn read_dhis2(bytes: &[u8], figures: &[&str]) -> (Option<Dhis2Mapping>, Notes) {
    let files = Files([(DHIS2_FILE.to_owned(), bytes.to_vec())].into());
    let context = Context::new(&files);
    let mapping = mapping(&context, figures);
    compose::finish(context, mapping)
}

fn mapping(context: &Context<'_>, figures: &[&str]) -> Option<Dhis2Mapping> {
    let bytes = context.file(DHIS2_FILE)?;
    let tree = value::parse(context, DHIS2_FILE, bytes)?;
    let mut top = Section::top(context, DHIS2_FILE, &tree);
    check_format(&mut top)?;
    let data_set = top.get("data_set").and_then(|field| id(&field));
    let rows = top.need("data_element").map(|field| field.tables(ROWS_MAX)).unwrap_or_default();
    let data_elements = read_rows(rows, "figure", &|field| {
        let known = field.text().is_some_and(|name| figures.contains(&name));
        if !known && field.is_text() {
            field.unknown_word(figures);
        }
    });
    let rows = top.need("org_unit").map(|field| field.tables(ROWS_MAX)).unwrap_or_default();
    let org_units = read_rows(rows, "place", &|_| {});
    top.finish();
    Some(Dhis2Mapping { data_set, data_elements, org_units })
}

/// Rows of a name and an identifier; each name once.
fn read_rows(
    rows: Vec<Section<'_>>,
    key: &'static str,
    check: &dyn Fn(&Field<'_>),
) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for mut row in rows {
        let field = row.need(key);
        let id = row.need("id").and_then(|field| id(&field));
        row.finish();
        let Some(field) = field else { continue };
        check(&field);
        let (Some(name), Some(id)) = (field.name(), id) else { continue };
        if all.insert(name.to_owned(), id).is_some() {
            field.error("dhis2_twice", &[]);
        }
    }
    all
}

fn id(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    let sound = text.len() == ID_CHARACTERS
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !sound {
        field.error("dhis2_id", &[]);
    }
    sound.then(|| text.to_owned())
}

/// A note that several places would be one and the same there, and are left out.
pub fn dhis2_shared(notes: &mut Notes, unit: &str, names: &str) {
    let place = Place::file(DHIS2_FILE).column("org_unit");
    notes.warning(place, "dhis2_shared", &[("unit", &unit), ("names", &names)]);
}

/// A note that a place's newest round is not of the day for which figures are sent.
pub fn dhis2_other_day(notes: &mut Notes, name: &str, day: &str, period: &str) {
    let place = Place::file(DHIS2_FILE).column("org_unit");
    notes.warning(place, "dhis2_other_day", &[("name", &name), ("day", &day), ("period", &period)]);
}

/// A note that something has no identifier, and is left out.
pub fn without_dhis2_id(notes: &mut Notes, of_place: bool, name: &str) {
    let (column, code) =
        if of_place { ("org_unit", "dhis2_no_org_unit") } else { ("data_element", "dhis2_no_data_element") };
    notes.warning(Place::file(DHIS2_FILE).column(column), code, &[("name", &name)]);
}
