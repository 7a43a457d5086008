//! What the page says, in one language and ready for HTML: all text from outside goes through here and is escaped.

use super::number;
use words::Language;

/// Speaks one language of the catalogue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Voice {
    /// Which language.
    pub language: Language,
}

/// Characters that mean something in HTML, made harmless in text and in attributes alike.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // HTML allows no other control characters, not even as references.
            '\n' | '\t' => safe.push(letter),
            other if other.is_control() => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

impl Voice {
    /// The value of the page's `lang` attribute: with the script named, so that Chinese signs take their usual shape.
    pub fn tag(self) -> &'static str {
        self.language.html()
    }

    /// A sentence of the catalogue, escaped after its gaps are filled.
    pub fn say(self, key: &str, gaps: &[(&str, &str)]) -> String {
        // A number and its sign stay on one line.
        escape(&self.plain(key, gaps)).replace(" %", "\u{a0}%")
    }

    /// The same, not escaped: to fill another sentence's gap.
    pub fn plain(self, key: &str, gaps: &[(&str, &str)]) -> String {
        words::say(self.language, key, gaps)
    }

    /// A word of the catalogue.
    pub fn word(self, key: &str) -> String {
        self.say(key, &[])
    }

    /// The entry of the catalogue, if it has one.
    pub fn known(self, key: &str) -> Option<&'static str> {
        self.language.catalogue().get(key).map(String::as_str)
    }

    /// A finding's sentence; a gap's value that starts with `@` is itself looked up.
    pub fn finding(self, finding: &super::Finding) -> String {
        let gaps: Vec<(&str, &str)> = finding
            .args
            .iter()
            .map(|(name, value)| {
                let looked_up = value.strip_prefix('@').and_then(|key| self.known(key));
                (*name, looked_up.unwrap_or(value))
            })
            .collect();
        self.say(&format!("finding.{}", finding.code), &gaps)
    }

    /// A run's name as people read it, not escaped.
    pub fn run(self, name: &str) -> String {
        let policy = ["broadcast", "waves", "as_given"].contains(&name);
        if policy { self.plain(&format!("policy.{name}"), &[]) } else { name.to_owned() }
    }

    /// A station's name, not escaped: the usual ones are said in the reader's language.
    pub fn station(self, name: &str) -> String {
        self.known(&format!("station.{name}")).unwrap_or(name).to_owned()
    }

    /// Minutes with their unit, not escaped.
    pub fn minutes(self, minutes: f64) -> String {
        self.plain("report.min", &[("n", &number::short(minutes))])
    }
}
