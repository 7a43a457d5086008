//! Sentences of one's own: those of notices, and whole services. What holds a long number or a name of the community stays.

use super::Method;
use crate::{
    Files,
    decisions::has_long_number,
    own_rules, read_decisions,
    reader::Context,
    service::service,
    volunteers::{has_volunteers, read_volunteers},
};
use domain::{Notes, Place, Scenario, notice::NoticeKind};
use std::collections::BTreeSet;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value, value};

/// A name of one letter would be found in every sentence.
const LETTERS: usize = 2;
/// Where services of one's own are.
const SERVICES: &str = "services/";

/// The names that a community has in its files: its own, whom it names in its notices, and its volunteers'. Those of a roll were never kept.
///
/// # Errors
/// The notes of a volunteers' sheet that cannot be read: whose names are in it nobody knows then.
pub(super) fn own_names(files: &Files, scenario: &Scenario) -> Result<Vec<String>, Notes> {
    let rules = &scenario.own_rules;
    let mut names = vec![scenario.community.name.clone()];
    names.extend([&rules.issued_by, &rules.contact].into_iter().flatten().cloned());
    if has_volunteers(files) {
        let (sheets, notes) = read_volunteers(files, scenario, &[]);
        names.extend(sheets.ok_or(notes)?.volunteers.into_iter().map(|person| person.name));
    }
    names.retain(|name| name.trim().chars().count() >= LETTERS);
    Ok(names)
}

/// What speaks against handing a text on.
pub(super) fn against(text: &str, names: &[String]) -> Option<&'static str> {
    if has_long_number(text) {
        return Some("method_number");
    }
    names.iter().any(|name| mentions(text, name.trim())).then_some("method_name")
}

/// Whether a text has a name in it, as a word of its own where it is written in letters that make words.
fn mentions(text: &str, name: &str) -> bool {
    let is_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    text.match_indices(&name).any(|(at, found)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + found.len()..].chars().next());
        !(is_word(found.chars().next()) && is_word(before)
            || is_word(found.chars().next_back()) && is_word(after))
    })
}

/// Adds to a method the sentences that notices say further, and the services of one's own.
pub(super) fn hand_on(files: &Files, names: &[String], method: &mut Files, notes: &mut Notes) {
    // What was agreed goes as a rule, to be decided anew.
    let agreed: BTreeSet<String> = read_decisions(files).0.agreed().map(|one| one.words.clone()).collect();
    if let Some(kept) = document(files).and_then(|document| clean(&document, names, &agreed, notes)) {
        method.0.insert(own_rules::FILE.to_owned(), kept.into_bytes());
    }
    for (path, content) in services(files) {
        match against(&String::from_utf8_lossy(content), names) {
            Some(code) => notes.warning(Place::file(path), code, &[]),
            None => drop(method.0.insert(path.clone(), content.clone())),
        }
    }
}

fn services(files: &Files) -> impl Iterator<Item = (&String, &Vec<u8>)> {
    files.0.iter().filter(|(path, _)| path.starts_with(SERVICES) && path.ends_with(".toml"))
}

fn document(files: &Files) -> Option<DocumentMut> {
    std::str::from_utf8(files.0.get(own_rules::FILE)?).ok()?.trim_start_matches('\u{feff}').parse().ok()
}

/// The further sentences that may be handed on; `None` if there are none.
fn clean(
    document: &DocumentMut,
    names: &[String],
    agreed: &BTreeSet<String>,
    notes: &mut Notes,
) -> Option<String> {
    let mut more = Table::new();
    for kind in NoticeKind::ALL {
        let mut kept = Array::new();
        for sentence in sentences(document, kind.name()) {
            if sentence.as_str().is_some_and(|text| agreed.contains(text)) {
                continue;
            }
            match words(&sentence).into_iter().find_map(|text| against(text, names)) {
                Some(code) => {
                    let place = Place::file(own_rules::FILE).column(format!("more.{}", kind.name()));
                    notes.warning(place, code, &[]);
                }
                None => kept.push(sentence),
            }
        }
        if !kept.is_empty() {
            more.insert(kind.name(), value(kept));
        }
    }
    if more.is_empty() {
        return None;
    }
    let mut out = DocumentMut::new();
    out.insert("format", value(crate::FORMAT));
    out.insert("more", Item::Table(more));
    Some(out.to_string())
}

/// The further sentences of one kind of notice, as they are written: a text, or one for each language.
fn sentences(document: &DocumentMut, kind: &str) -> Vec<Value> {
    let list = document.get("more").and_then(|more| more.get(kind));
    let list = list.and_then(Item::as_array).into_iter().flatten();
    let plain = |sentence: &Value| match sentence {
        Value::InlineTable(table) => Value::InlineTable(
            table.iter().map(|(key, value)| (key, undecorated(value))).collect::<InlineTable>(),
        ),
        other => undecorated(other),
    };
    list.map(plain).collect()
}

fn undecorated(value: &Value) -> Value {
    let mut value = value.clone();
    value.decor_mut().clear();
    value
}

fn words(sentence: &Value) -> Vec<&str> {
    match sentence {
        Value::InlineTable(table) => table.iter().filter_map(|(_, value)| value.as_str()).collect(),
        other => other.as_str().into_iter().collect(),
    }
}

/// Reads a method's sentences and services, so that what is wrong with them is told before anything is taken over.
pub(super) fn read(files: &Files, context: &Context<'_>, method: &mut Method) {
    method.sentences = own_rules::read_notice(context).more.len();
    for path in files.0.keys().filter(|path| path.starts_with(SERVICES)) {
        let name = path.trim_start_matches(SERVICES).trim_end_matches(".toml");
        let _ = context.file(path);
        context.take_over(service(name, files).1);
        method.services.push(path.clone());
    }
}

/// What was taken over of texts.
pub(super) struct TookTexts {
    pub sentences: usize,
    pub services: Vec<String>,
    /// Services that are here under the same name, and others.
    pub others: Vec<String>,
}

/// Takes over sentences that are not said here yet, and services that are not here. One of the same name stays as it is.
pub(super) fn take(of: &Files, files: &mut Files) -> TookTexts {
    let mut took = TookTexts { sentences: 0, services: Vec::new(), others: Vec::new() };
    for (path, content) in services(of) {
        match files.0.get(path) {
            Some(here) if here == content => {}
            Some(_) => took.others.push(path.clone()),
            None => {
                files.0.insert(path.clone(), content.clone());
                took.services.push(path.clone());
            }
        }
    }
    let Some(theirs) = document(of) else { return took };
    let none = || {
        let mut none = DocumentMut::new();
        none.insert("format", value(crate::FORMAT));
        none
    };
    let mut ours = document(files).unwrap_or_else(none);
    for kind in NoticeKind::ALL {
        let said = |sentence: &Value| -> BTreeSet<String> {
            words(sentence).into_iter().map(str::to_owned).collect()
        };
        let mut here: Vec<BTreeSet<String>> = sentences(&ours, kind.name()).iter().map(said).collect();
        for sentence in sentences(&theirs, kind.name()) {
            // The same words in another spelling, or with another language first.
            if here.contains(&said(&sentence)) {
                continue;
            }
            here.push(said(&sentence));
            let more = ours.entry("more").or_insert_with(toml_edit::table);
            let list = more
                .as_table_like_mut()
                .map(|more| more.entry(kind.name()).or_insert_with(|| value(Array::new())));
            if let Some(list) = list.and_then(Item::as_array_mut) {
                list.push(sentence);
                took.sentences += 1;
            }
        }
    }
    if took.sentences > 0 {
        files.0.insert(own_rules::FILE.to_owned(), ours.to_string().into_bytes());
    }
    took
}
