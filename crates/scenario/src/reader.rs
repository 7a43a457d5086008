//! Walks a tree of values by the names that the format knows, and collects everything that is wrong on the way:
//! unknown keys, wrong types, missing and impossible values. A part that is wrong reads as absent; the notes refuse.

mod field;

pub(crate) use field::{Field, Limits};

use crate::Files;
use crate::value::{Entry, Kind, Value};
use domain::{Notes, Place};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;

/// What all readers of one folder share.
pub(crate) struct Context<'f> {
    pub files: &'f Files,
    notes: RefCell<Notes>,
    used: RefCell<BTreeSet<String>>,
}

type Args<'x> = &'x [(&'static str, &'x dyn Display)];

impl<'f> Context<'f> {
    pub fn new(files: &'f Files) -> Self {
        Context { files, notes: RefCell::default(), used: RefCell::default() }
    }
    pub fn error(&self, place: &Place, code: &'static str, args: Args<'_>) {
        self.notes.borrow_mut().error(place.clone(), code, args);
    }
    pub fn warning(&self, place: &Place, code: &'static str, args: Args<'_>) {
        self.notes.borrow_mut().warning(place.clone(), code, args);
    }
    pub fn hint(&self, place: &Place, code: &'static str, args: Args<'_>) {
        self.notes.borrow_mut().hint(place.clone(), code, args);
    }
    pub fn take_over(&self, notes: Notes) {
        self.notes.borrow_mut().extend(notes);
    }
    pub fn refuses(&self) -> bool {
        self.notes.borrow().refuses()
    }
    pub fn into_notes(self) -> Notes {
        self.notes.into_inner()
    }
    /// A file of the folder, remembered as one that has a meaning.
    pub fn file(&self, name: &str) -> Option<&'f [u8]> {
        self.used.borrow_mut().insert(name.to_owned());
        self.files.0.get(name).map(Vec::as_slice)
    }
    /// Whether anything asked for this file.
    pub fn has_used(&self, name: &str) -> bool {
        self.used.borrow().contains(name)
    }
}

/// A table being read: it remembers which keys were asked for, and [`Section::finish`] notes the others.
pub(crate) struct Section<'a> {
    pub context: &'a Context<'a>,
    pub place: Place,
    entries: &'a [Entry],
    asked: Vec<&'static str>,
}

impl<'a> Section<'a> {
    /// The table at the top of a file.
    pub fn top(context: &'a Context<'a>, file: &str, tree: &'a Value) -> Self {
        let entries = match &tree.kind {
            Kind::Table(entries) => entries.as_slice(),
            _ => &[],
        };
        Section { context, place: Place::file(file).row(1), entries, asked: Vec::new() }
    }

    /// What stands under a key, if anything does.
    pub fn get(&mut self, key: &'static str) -> Option<Field<'a>> {
        self.asked.push(key);
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        Some(Field::below(self.context, &self.place, &Joint::Key(key), &entry.value))
    }

    /// What stands under a key that must be there.
    pub fn need(&mut self, key: &'static str) -> Option<Field<'a>> {
        let field = self.get(key);
        if field.is_none() {
            self.missing(key);
        }
        field
    }

    /// Notes that a key is missing.
    pub fn missing(&self, key: &str) {
        self.context.error(&self.place_of(key), "missing_key", &[("key", &key)]);
    }

    /// Whether a key is there; says nothing about it.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// Whether the table is empty.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether it has a single key.
    pub fn has_one_key(&self) -> bool {
        self.entries.len() == 1
    }

    /// The place of a key, there or not.
    pub fn place_of(&self, key: &str) -> Place {
        let joint = Joint::Key(key);
        match self.entries.iter().find(|entry| entry.key == key) {
            Some(entry) => joint.place(&self.place, &entry.value),
            None => self.place.clone().column(joint.path(&self.place)),
        }
    }

    /// A number under a key.
    pub fn number(&mut self, key: &'static str, limits: Limits) -> Option<f64> {
        self.get(key)?.number(limits)
    }
    /// A whole number under a key.
    pub fn whole(&mut self, key: &'static str, limits: Limits) -> Option<u32> {
        self.get(key)?.whole(limits)
    }
    /// Yes or no under a key; no if absent.
    pub fn flag(&mut self, key: &'static str) -> bool {
        self.get(key).and_then(|field| field.flag()).unwrap_or(false)
    }
    /// The table under a key.
    pub fn table(&mut self, key: &'static str) -> Option<Section<'a>> {
        self.get(key)?.table()
    }

    /// Notes keys of this table that belong to a neighbouring law: they are left alone, and said so.
    pub fn pass_over(&mut self, keys: &'static [&'static str], law: &str) {
        for key in keys {
            if !self.asked.contains(key) && self.has(key) {
                self.context.warning(
                    &self.place_of(key),
                    "key_of_another_law",
                    &[("key", key), ("law", &law)],
                );
                self.asked.push(key);
            }
        }
    }

    /// Notes every key that nobody asked for.
    pub fn finish(self) {
        for entry in self.entries {
            if self.asked.iter().any(|key| *key == entry.key) {
                continue;
            }
            let place = Joint::Key(&entry.key).place(&self.place, &entry.value);
            let free: Vec<&str> = self.asked.iter().copied().filter(|key| !self.has(key)).collect();
            match nearest(&entry.key, &free) {
                Some(near) => {
                    self.context.error(&place, "unknown_key_near", &[("key", &entry.key), ("near", &near)]);
                }
                None => {
                    let known = if self.asked.is_empty() { "–".to_owned() } else { self.asked.join(", ") };
                    self.context.error(&place, "unknown_key", &[("key", &entry.key), ("known", &known)]);
                }
            }
        }
    }
}

/// One step of a path: `.key` or `[number]`, counted from 1.
pub(crate) enum Joint<'x> {
    Key(&'x str),
    Item(usize),
}

impl Joint<'_> {
    fn path(&self, around: &Place) -> String {
        match (self, around.column.as_deref()) {
            (Joint::Key(key), None) => (*key).to_owned(),
            (Joint::Key(key), Some(path)) => format!("{path}.{key}"),
            (Joint::Item(index), path) => format!("{}[{}]", path.unwrap_or_default(), index + 1),
        }
    }

    fn place(&self, around: &Place, value: &Value) -> Place {
        use crate::value::At;
        match &value.at {
            At::Row(row) => Place::file(around.file.clone()).row(*row).column(self.path(around)),
            At::Below => around.clone().column(self.path(around)),
            At::Anchor(place) => place.clone(),
        }
    }
}

/// The known word that looks most like this one, if one does.
pub(crate) fn nearest<'w>(word: &str, known: &[&'w str]) -> Option<&'w str> {
    /// Half of the letters in common: `mean` finds `mean_s`, `severs` finds `servers`, and `tent` finds nothing.
    const LIKENESS_MIN: f64 = 0.5;
    nearest_by(LIKENESS_MIN, word, known)
}

/// The same with another likeness, 0 (nothing in common) to 1 (equal), that is still taken for a slip of the pen.
pub(crate) fn nearest_by<'w>(likeness_min: f64, word: &str, known: &[&'w str]) -> Option<&'w str> {
    known
        .iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(word, candidate), *candidate))
        .filter(|(likeness, _)| *likeness >= likeness_min)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, candidate)| candidate)
}
