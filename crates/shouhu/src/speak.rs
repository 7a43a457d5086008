//! The user's language: sentences of the catalogue, numbers, and notes.

use crate::{args::Lang, report::whole};
use domain::{Note, Notes, Severity};
use serde::Serialize;
use std::io::{self, Write};
use words::Language;

/// Speaks one language: the result to stdout, asides to stderr.
#[derive(Clone, Copy, Debug)]
pub struct Speaker {
    /// Which language.
    pub language: Language,
}

/// A note as the JSON has it.
#[derive(Debug, Serialize)]
pub struct SpokenNote {
    severity: Severity,
    file: String,
    row: Option<u32>,
    column: Option<String>,
    code: &'static str,
    message: String,
    mend: String,
}

impl Speaker {
    /// The language asked for, or that of the surroundings.
    pub fn new(lang: Option<Lang>) -> Speaker {
        let surroundings = || {
            let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
            let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
            Language::of_locale(locale.as_deref().unwrap_or("en"))
        };
        Speaker { language: lang.map_or_else(surroundings, Language::from) }
    }

    /// A sentence of the catalogue; an argument that starts with `@` is itself a key.
    pub fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        let looked_up: Vec<(&str, String)> = args
            .iter()
            .map(|(name, value)| match value.strip_prefix('@') {
                Some(key) => (*name, words::say::<&str, &str>(self.language, key, &[])),
                None => (*name, (*value).to_owned()),
            })
            .collect();
        words::say(self.language, key, &looked_up)
    }

    /// A word of the catalogue.
    pub fn word(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// Prints to stdout. A reader that went away is no error of ours.
    pub fn result(&self, text: &str) {
        let _ = writeln!(io::stdout().lock(), "{text}");
    }

    /// Prints to stderr.
    pub fn aside(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Prints to stderr what ends in its own line break, if it is anything.
    pub fn aside_if_any(&self, text: &str) {
        let _ = write!(io::stderr().lock(), "{text}");
    }

    /// Prints one JSON object to stdout.
    pub fn json(&self, value: &impl Serialize) {
        let text = serde_json::to_string(value).expect("our own types are written as JSON");
        self.result(&text);
    }

    /// The notes in words.
    pub fn notes(&self, notes: &Notes) -> Vec<SpokenNote> {
        notes.0.iter().map(|note| self.note(note)).collect()
    }

    fn note(&self, note: &Note) -> SpokenNote {
        SpokenNote {
            severity: note.severity,
            file: note.place.file.clone(),
            row: note.place.row,
            column: note.place.column.clone(),
            code: note.code,
            message: words::say(self.language, &format!("note.{}", note.code), &note.args),
            mend: words::say(self.language, &format!("mend.{}", note.code), &note.args),
        }
    }

    /// The notes as text, one or two lines each: where, how bad, what, and what to do.
    pub fn notes_as_text(&self, notes: &Notes) -> String {
        let mut text = String::new();
        for note in self.notes(notes) {
            let place = [Some(note.file), note.row.map(|row| row.to_string()), note.column];
            let place: Vec<String> = place.into_iter().flatten().filter(|part| !part.is_empty()).collect();
            let severity = match note.severity {
                Severity::Error => "severity.error",
                Severity::Warning => "severity.warning",
                Severity::Hint => "severity.hint",
            };
            text += &format!("{}: {}: {}\n", place.join(":"), self.word(severity), note.message);
            if !note.mend.is_empty() {
                text += &format!("    → {}\n", note.mend);
            }
        }
        text
    }
}

/// A number for people: one decimal below ten, whole above.
pub fn number(value: f64) -> String {
    if !value.is_finite() || value.abs() >= 9.95 {
        return whole(value);
    }
    let rounded = format!("{value:.1}");
    rounded.strip_suffix(".0").map(str::to_owned).unwrap_or(rounded)
}

/// A share as a percentage for people.
pub fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_precise_as_people_need() {
        let shown = [0.0, 3.04, 9.96, 2095.4, 268_701.0, -53.2, f64::NAN].map(number);
        assert_eq!(shown, ["0", "3", "10", "2,095", "268,701", "-53", "–"]);
    }
}
