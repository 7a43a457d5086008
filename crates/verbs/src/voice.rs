//! The user's language: sentences of the catalogue, and notes in words.

use domain::{Note, Notes, Severity};
use round::Said;
use serde::Serialize;
use words::Language;

/// Speaks one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice {
    /// Which one.
    pub language: Language,
}

/// A note as the JSON has it.
#[derive(Clone, Debug, Serialize)]
pub struct SpokenNote {
    /// How bad.
    pub severity: Severity,
    /// The file's path in the folder.
    pub file: String,
    /// The row, from 1.
    pub row: Option<u32>,
    /// The column or key.
    pub column: Option<String>,
    /// The note's code: the same in every language.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub mend: String,
}

impl Voice {
    /// A sentence of the catalogue; an argument that starts with `@` is itself a key, or several: `@mark.frail @mark.ill`.
    pub fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        let looked_up: Vec<(&str, String)> = args
            .iter()
            .map(|(name, value)| match value.strip_prefix('@') {
                Some(keys) => {
                    let word = |key| words::say::<&str, &str>(self.language, key, &[]);
                    let words: Vec<String> = keys.split(" @").map(word).collect();
                    (*name, words.join(&word("list.separator")))
                }
                None => (*name, (*value).to_owned()),
            })
            .collect();
        words::say(self.language, key, &looked_up)
    }

    /// A word of the catalogue.
    pub fn word(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// The notes in words.
    pub fn notes(&self, notes: &Notes) -> Vec<SpokenNote> {
        notes.0.iter().map(|note| self.note(note)).collect()
    }

    fn note(&self, note: &Note) -> SpokenNote {
        let args: Vec<(&str, &str)> = note.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        SpokenNote {
            severity: note.severity,
            file: note.place.file.clone(),
            row: note.place.row,
            column: note.place.column.clone(),
            code: note.code,
            message: self.say(&format!("note.{}", note.code), &args),
            mend: self.say(&format!("mend.{}", note.code), &args),
        }
    }

    /// A refusal of a crate that speaks by `problem.CODE`, as a note about nothing that stands in a file.
    pub(crate) fn problem(
        &self,
        at: &str,
        (code, args): (&'static str, Vec<(&'static str, String)>),
    ) -> SpokenNote {
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        SpokenNote {
            severity: Severity::Error,
            file: at.to_owned(),
            row: None,
            column: None,
            code,
            message: self.say(&format!("problem.{code}"), &args),
            mend: self.say(&format!("problem_mend.{code}"), &args),
        }
    }

    /// The notes as text, one or two lines each: where, how bad, what, and what to do.
    pub fn notes_as_text(&self, notes: &Notes) -> String {
        self.spoken_as_text(self.notes(notes))
    }

    /// The same of notes that are in words.
    pub fn spoken_as_text(&self, notes: Vec<SpokenNote>) -> String {
        let mut text = String::new();
        for note in notes {
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

    /// A sentence about a round, `PREFIX.CODE` with an ending; stations have their words.
    pub fn said(&self, prefix: &str, end: &str, said: &Said) -> String {
        let args: Vec<(&str, String)> = said
            .args
            .iter()
            .map(|(name, value)| match *name {
                "station" | "next" | "before" => (*name, self.station(value)),
                _ => (*name, value.clone()),
            })
            .collect();
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.say(&format!("{prefix}.{}{end}", said.code), &args)
    }

    /// A language's word in the catalogue, or its tag.
    pub fn tongue(&self, tag: &str) -> String {
        tongue_key(tag).map_or_else(|| tag.to_owned(), |key| self.word(key))
    }

    /// A station's word in the catalogue, or its own name.
    pub fn station(&self, name: &str) -> String {
        let word = station_word(name);
        word.strip_prefix('@').map_or_else(|| name.to_owned(), |key| self.word(key))
    }
}

/// The key of a language's word in the catalogue, by its tag.
fn tongue_key(tag: &str) -> Option<&'static str> {
    Some(match tag {
        "ar" => "tongue.ar",
        "csl" => "tongue.csl",
        "de" => "tongue.de",
        "en" => "tongue.en",
        "es" => "tongue.es",
        "fr" => "tongue.fr",
        "hi" => "tongue.hi",
        "it" => "tongue.it",
        "ja" => "tongue.ja",
        "ko" => "tongue.ko",
        "pt" => "tongue.pt",
        "ru" => "tongue.ru",
        "th" => "tongue.th",
        "und" => "tongue.und",
        "vi" => "tongue.vi",
        "yue" => "tongue.yue",
        _ => return None,
    })
}

/// A station's word as an argument of a sentence: its key in the catalogue with `@`, or its own name.
pub fn station_word(name: &str) -> String {
    let key = format!("station.{name}");
    if Language::En.catalogue().contains_key(&key) { format!("@{key}") } else { name.to_owned() }
}
