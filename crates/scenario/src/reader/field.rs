//! One value being read, with the place that a complaint about it would name.

use super::{Context, Joint, Section, nearest};
use crate::clock::Clock;
use crate::value::{Kind, Value};
use domain::Place;
use std::fmt::Display;

/// The least and the greatest value that is accepted, both included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub min: f64,
    pub max: f64,
}

impl Limits {
    pub const fn new(min: f64, max: f64) -> Self {
        Limits { min, max }
    }
    /// Shares and probabilities.
    pub const SHARE: Limits = Limits::new(0.0, 1.0);
}

/// A value and its place.
#[derive(Clone)]
pub(crate) struct Field<'a> {
    pub context: &'a Context<'a>,
    pub place: Place,
    pub value: &'a Value,
}

impl<'a> Field<'a> {
    pub fn below(context: &'a Context<'a>, around: &Place, joint: &Joint<'_>, value: &'a Value) -> Self {
        Field { context, place: joint.place(around, value), value }
    }

    /// Notes an error about this value; its own text fills `{value}`.
    pub fn error(&self, code: &'static str, args: &[(&'static str, &dyn Display)]) {
        let shown = self.value.shown();
        let mut all: Vec<(&'static str, &dyn Display)> = vec![("value", &shown)];
        all.extend_from_slice(args);
        self.context.error(&self.place, code, &all);
    }

    pub fn number(&self, limits: Limits) -> Option<f64> {
        let number = match self.value.kind {
            Kind::Whole(number) => number as f64,
            Kind::Number(number) => number,
            _ => {
                self.error("not_a_number", &[]);
                return None;
            }
        };
        if !(limits.min..=limits.max).contains(&number) {
            self.error("out_of_range", &[("min", &limits.min), ("max", &limits.max)]);
            return None;
        }
        Some(number)
    }

    /// The limits must lie within those of `u32`.
    pub fn whole(&self, limits: Limits) -> Option<u32> {
        if !matches!(self.value.kind, Kind::Whole(_))
            && !matches!(self.value.kind, Kind::Number(n) if n.is_infinite())
        {
            self.error("not_a_whole_number", &[]);
            return None;
        }
        let number = self.number(limits)?;
        Some(number as u32)
    }

    pub fn text(&self) -> Option<&'a str> {
        let text = self.value.text();
        if text.is_none() {
            self.error("not_a_text", &[]);
        }
        text
    }

    /// A text that is not empty and not longer than a line of a notice.
    pub fn name(&self) -> Option<&'a str> {
        /// Names are printed in tables and on labels.
        const NAME_CHARACTERS_MAX: usize = 100;
        let text = self.text()?;
        if text.trim().is_empty() {
            self.error("empty_text", &[]);
            return None;
        }
        if text.chars().count() > NAME_CHARACTERS_MAX || text.chars().any(char::is_control) {
            self.error("name_too_long", &[("max", &NAME_CHARACTERS_MAX)]);
            return None;
        }
        Some(text)
    }

    pub fn flag(&self) -> Option<bool> {
        if let Kind::Flag(flag) = self.value.kind {
            return Some(flag);
        }
        self.error("not_true_or_false", &[]);
        None
    }

    /// One of the given words.
    pub fn choice<T: Copy>(&self, choices: &[(&'static str, T)]) -> Option<T> {
        let word = self.text()?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == word) {
            return Some(*choice);
        }
        let words: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        self.unknown_word(&words);
        None
    }

    /// Notes that a word is none of those known.
    pub fn unknown_word(&self, known: &[&str]) {
        let list = known.join(", ");
        let word = self.value.text().unwrap_or_default();
        match nearest(word, known) {
            Some(near) => self.error("unknown_word_near", &[("near", &near), ("known", &list)]),
            None => self.error("unknown_word", &[("known", &list)]),
        }
    }

    /// The elements of a list of at most `max`.
    pub fn list(&self, max: usize) -> Option<Vec<Field<'a>>> {
        let Kind::List(items) = &self.value.kind else {
            self.error("not_a_list", &[]);
            return None;
        };
        if items.len() > max {
            self.error("list_too_long", &[("count", &items.len()), ("max", &max)]);
            return None;
        }
        let item = |(index, item)| Field::below(self.context, &self.place, &Joint::Item(index), item);
        Some(items.iter().enumerate().map(item).collect())
    }

    pub fn table(&self) -> Option<Section<'a>> {
        let Kind::Table(entries) = &self.value.kind else {
            self.error("not_a_table", &[]);
            return None;
        };
        Some(Section { context: self.context, place: self.place.clone(), entries, asked: Vec::new() })
    }

    /// The tables of a list of at most `max`.
    pub fn tables(&self, max: usize) -> Vec<Section<'a>> {
        self.list(max).unwrap_or_default().iter().filter_map(Field::table).collect()
    }

    pub fn is_text(&self) -> bool {
        matches!(self.value.kind, Kind::Text(_))
    }
    pub fn is_list(&self) -> bool {
        matches!(self.value.kind, Kind::List(_))
    }
    pub fn is_table(&self) -> bool {
        matches!(self.value.kind, Kind::Table(_))
    }

    /// A time of day or a local date and time.
    pub fn clock(&self) -> Option<Clock> {
        let clock = Clock::of(self.value);
        if clock.is_none() {
            self.error("not_a_time", &[]);
        }
        clock
    }

    /// A date.
    pub fn date(&self) -> Option<jiff::civil::Date> {
        let date = crate::clock::date(self.value);
        if date.is_none() {
            self.error("not_a_date", &[]);
        }
        date
    }
}
