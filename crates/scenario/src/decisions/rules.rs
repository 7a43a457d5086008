//! A rule in words, put where people read it: into the notice of every round, or onto the card of a role.

use crate::Files;
use crate::edit::purpose;
use crate::own_rules;
use crate::service::{path, service_text};
use domain::Notes;
use domain::Place;
use domain::decision::Onto;
use toml_edit::{Array, DocumentMut, Item, Table, Value};

/// Digits in a row that may be a telephone's.
const DIGITS: usize = 7;

/// The folder with the rule where it is read, or, with `back`, without it; and whether that is otherwise than it was.
///
/// # Errors
/// A note, where there is no such card.
pub(super) fn say(files: &Files, words: &str, onto: &Onto, back: bool) -> Result<(Files, bool), Notes> {
    let (mut with, mut is_new) = (files.clone(), false);
    match onto {
        Onto::Log => is_new = true,
        Onto::Notice => {
            let text = files.0.get(own_rules::FILE).map(Vec::as_slice).unwrap_or(b"format = 1\n");
            let mut document = parsed(text);
            let more = document.entry("more").or_insert_with(|| Item::Table(Table::new()));
            let empty = || Item::Value(Value::Array(Array::new()));
            let round = more.as_table_like_mut().map(|more| more.entry("round").or_insert_with(empty));
            if let Some(list) = round.and_then(Item::as_array_mut) {
                is_new = change(list, words, back);
            }
            with.0.insert(own_rules::FILE.to_owned(), document.to_string().into_bytes());
        }
        Onto::Card(role) => {
            let document = crate::edit::document(files);
            let service = purpose(&document).unwrap_or_default();
            let mut of_service = parsed(service_text(service, files).unwrap_or_default().as_bytes());
            let roles = of_service.get_mut("role").and_then(Item::as_array_of_tables_mut);
            let card = roles.and_then(|roles| roles.iter_mut().find(|card| is_called(card, role)));
            let Some(card) = card else {
                let mut notes = Notes::default();
                let args: [(&'static str, &dyn std::fmt::Display); 1] = [("role", role)];
                notes.error(Place::file(path(service)), "decision_role", &args);
                return Err(notes);
            };
            let tasks = card.entry("do").or_insert_with(|| Item::Value(Value::Array(Array::new())));
            if let Some(list) = tasks.as_array_mut() {
                is_new = change(list, words, back);
            }
            with.0.insert(path(service), of_service.to_string().into_bytes());
        }
    }
    Ok((with, is_new))
}

/// Whether a round of this folder has a card for a role of this name.
pub(crate) fn has_card(files: &Files, role: &str) -> bool {
    say(files, "-", &Onto::Card(role.to_owned()), false).is_ok()
}

/// Whether somebody says a rule there already.
pub(crate) fn stands(files: &Files, words: &str, onto: &Onto) -> bool {
    say(files, words, onto, false).is_ok_and(|(_, is_new)| !is_new)
}

fn parsed(text: &[u8]) -> DocumentMut {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let text = std::str::from_utf8(text).expect("the folder was read");
    text.parse().expect("both parsers follow the same grammar, and the folder was read")
}

fn change(list: &mut Array, words: &str, back: bool) -> bool {
    let stands = list.iter().any(|one| one.as_str() == Some(words));
    if back {
        list.retain(|one| one.as_str() != Some(words));
    } else if !stands {
        let mut new = Value::from(words);
        // A list of one line for each sentence stays one.
        if list.iter().next().is_some_and(|one| one.decor().prefix().is_some_and(in_lines)) {
            new.decor_mut().set_prefix("\n    ");
        }
        list.push_formatted(new);
    }
    stands == back
}

fn in_lines(prefix: &toml_edit::RawString) -> bool {
    prefix.as_str().is_some_and(|text| text.contains('\n'))
}

/// A card's name is a text, or one in each language.
fn is_called(card: &Table, role: &str) -> bool {
    let Some(name) = card.get("name") else { return false };
    let all =
        name.as_table_like().into_iter().flat_map(|names| names.iter()).filter_map(|(_, name)| name.as_str());
    name.as_str().into_iter().chain(all).any(|name| name.eq_ignore_ascii_case(role))
}

/// Whether so many digits stand in a row, spaces and dashes between them or not, that they may be somebody's telephone. A date is none.
pub(crate) fn has_long_number(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let digit = |place: usize| letters.get(place).is_some_and(|letter| letter.is_numeric());
    let (mut place, mut row) = (0, 0);
    while place < letters.len() {
        let date = (0..10).all(|step| match step {
            4 | 7 => matches!(letters.get(place + step), Some('-' | '.')),
            _ => digit(place + step),
        });
        if date && row == 0 && !digit(place + 10) {
            place += 10;
            continue;
        }
        row = match letters[place] {
            ' ' | '-' | '.' | '－' | '–' | '\u{a0}' | '\u{3000}' | '(' | ')' => row,
            letter if letter.is_numeric() => row + 1,
            _ => 0,
        };
        if row >= DIGITS {
            return true;
        }
        place += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_long_number;

    #[test]
    fn a_telephone_is_seen_and_a_date_and_a_door_are_not() {
        for text in ["Ask 021-5555-0100.", "13800138000", "138 0013 8000", "２０２２０３２８", "2022-03-281"]
        {
            assert!(has_long_number(text), "{text}");
        }
        for text in
            ["On 2022-03-28 and 2022-03-29.", "Doors 12-2-301 and 1201", "2022-03-28", "", "7:05, 8:10"]
        {
            assert!(!has_long_number(text), "{text}");
        }
    }
}
