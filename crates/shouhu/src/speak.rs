//! What the terminal is told: the result to stdout, asides to stderr.

use serde::Serialize;
use std::{
    io::{self, Write},
    ops::Deref,
};
use verbs::Voice;
use words::Language;

/// Speaks one language to the terminal.
#[derive(Clone, Copy, Debug)]
pub struct Speaker {
    /// Whose words it says.
    pub voice: Voice,
}

impl Deref for Speaker {
    type Target = Voice;

    fn deref(&self) -> &Voice {
        &self.voice
    }
}

impl Speaker {
    /// The language asked for, or that of the surroundings.
    pub fn new(lang: Option<Language>) -> Speaker {
        let surroundings = || {
            let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
            let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
            Language::of_locale(locale.as_deref().unwrap_or("en"))
        };
        Speaker { voice: Voice { language: lang.unwrap_or_else(surroundings) } }
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
}
