//! Changes written into `scenario.toml` as a person would make them: the value is exchanged, and comments, order and
//! blank lines stay.

mod lend;
mod lessons;
mod put;
mod questions;

pub(crate) use lend::lent;
pub use lessons::{TAKEN_AWAY, learn, value_at};
pub(crate) use lessons::{is_same, standing};
pub use questions::answer_question;

use crate::compose::{FILE, STATIONS};
use crate::value::{is_toml, path::steps};
use crate::{Files, read};
use domain::Notes;
use toml_edit::{DocumentMut, Item, Value};

/// The folder with these keys set in its `scenario.toml`, keys and values as [`read`] takes them. A file without
/// stations of its own gets those of its service written out when one of them is set.
///
/// `None` if the notes refuse: the folder cannot be read, or not with these values.
pub fn edit(files: &Files, sets: &[(String, String)]) -> (Option<Files>, Notes) {
    let keys: Vec<_> = sets.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
    change(files, &keys)
}

/// The same with keys that are taken away: those without a value.
///
/// `None` if the notes refuse.
pub fn change(files: &Files, keys: &[(String, Option<String>)]) -> (Option<Files>, Notes) {
    let sets: Vec<_> = keys.iter().filter_map(|(key, value)| Some((key.clone(), value.clone()?))).collect();
    let (scenario, notes) = read(files, &sets, &mut |_, _| {});
    if scenario.is_none() {
        return (None, notes);
    }
    let mut document = document(files);
    // As they are read: what is set below the stations comes after the service that may lend them.
    let (late, early): (Vec<_>, Vec<_>) = keys.iter().partition(|(key, _)| key.starts_with(STATIONS));
    for (key, value) in early.into_iter().chain(late) {
        match value {
            Some(value) => set(&mut document, files, key, value),
            None => lessons::take_away(&mut document, files, key),
        }
    }
    judged(files, &document)
}

/// The folder with this text in place of its scenario, if it reads.
fn judged(files: &Files, document: &DocumentMut) -> (Option<Files>, Notes) {
    let mut edited = files.clone();
    edited.0.insert(FILE.to_owned(), document.to_string().into_bytes());
    let (scenario, notes) = read(&edited, &[], &mut |_, _| {});
    (scenario.map(|_| edited), notes)
}

/// The text of a folder that has been read as a scenario.
pub(crate) fn document(files: &Files) -> DocumentMut {
    let bytes = files.0.get(FILE).expect("the folder was read");
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).expect("the folder was read");
    text.parse().expect("both parsers follow the same grammar, and the folder was read")
}

/// Puts a value under a key that has been read with it.
fn set(document: &mut DocumentMut, files: &Files, key: &str, value: &str) {
    let steps = steps(key).expect("it was read with this key");
    if key.starts_with(STATIONS) {
        lend::write_out(document, files);
    }
    put::put(document.as_item_mut(), &steps, &parsed(value));
}

/// A value as it is written: TOML, or else a text.
fn parsed(text: &str) -> Value {
    let toml = is_toml(text).then(|| text.parse::<Value>().ok()).flatten();
    let mut value = toml.unwrap_or_else(|| Value::from(text));
    value.decor_mut().clear();
    value
}

/// The purpose of the round, if the file says one.
pub(crate) fn purpose(document: &DocumentMut) -> Option<&str> {
    document.get("round").and_then(|round| round.get("purpose")).and_then(Item::as_str)
}
