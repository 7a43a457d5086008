//! A notice for a loudspeaker or an entry phone: short sentences, numbers as words, and what matters once more at the end.

use super::Tongue;
use crate::{Addressed, Notice, spoken, spoken::one_by_one};
use ::words::Language;

/// Nobody listens longer: what else there is, is on paper and in the chat.
const CHANGES_MAX: usize = 3;
const CALLS_MAX: usize = 4;

impl Notice {
    /// The sentences, one a line, numbers as words.
    pub fn script(&self, language: Language) -> Vec<String> {
        self.with_doors_aloud(Tongue(language)).script_of(language)
    }

    /// A door is said digit by digit, and a run of doors from one to the other.
    fn with_doors_aloud(&self, tongue: Tongue) -> Notice {
        let aloud = |doors: &str| one_by_one(doors, tongue.0).replace('–', &tongue.word("notice.to"));
        let mut notice = self.clone();
        if let Addressed::Household(_, _, door) = &mut notice.addressed {
            *door = aloud(door);
        }
        let changed = notice.changed.iter_mut().filter_map(|change| change.call.as_mut());
        changed.chain(&mut notice.calls).for_each(|call| call.doors = aloud(&call.doors));
        notice
    }

    fn script_of(&self, language: Language) -> Vec<String> {
        let tongue = Tongue(language);
        let who = tongue.addressed(&self.addressed);
        let mut said = vec![tongue.say("notice.listen", &[("who", &who), ("title", &self.title(language))])];
        said.extend(self.replacing(tongue));
        said.extend(self.changes(tongue, CHANGES_MAX));
        let mut kernel = self.first(tongue);
        kernel.extend(self.calls_said(tongue));
        said.extend(kernel.iter().cloned());
        said.extend(self.coming(tongue));
        said.extend(self.doing(tongue).into_iter().map(|(_, text)| text));
        said.extend(self.more(tongue));
        if self.kind == "questions" {
            said.extend(self.asked().flat_map(|(question, answer)| [question.to_owned(), answer.to_owned()]));
        }
        if let Some(contact) = &self.contact {
            said.push(tongue.say("notice.contact", &[("contact", contact)]));
        }
        if !kernel.is_empty() {
            said.push(tongue.word("notice.again"));
            said.extend(kernel);
        }
        let chinese = language.and_instead().any(|one| one == Language::Zh);
        let aloud = |text: String| match spoken(&text, language) {
            // Nobody pauses between a number and its word.
            text if chinese => text.replace(' ', ""),
            text => tongue.begun(&text),
        };
        said.iter().flat_map(|text| sentences(text)).map(aloud).collect()
    }

    fn calls_said(&self, tongue: Tongue) -> Vec<String> {
        if !self.tells_round() || self.calls.is_empty() {
            return Vec::new();
        }
        if self.calls.len() > CALLS_MAX {
            return vec![tongue.word("notice.times_on_paper")];
        }
        self.calls.iter().map(|call| self.call_in_words(call, tongue)).collect()
    }
}

/// Sentences singly, without the signs that nobody says; a range of times or doors is said as one.
fn sentences(text: &str) -> Vec<String> {
    let text = text.replace(['→', '·', '“', '”', '"'], " ");
    let mut sentences = Vec::new();
    let mut one = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\n' {
            sentences.push(std::mem::take(&mut one));
            continue;
        }
        one.push(letter);
        let ends = "。！？；".contains(letter)
            || (".!?;".contains(letter) && letters.peek().is_none_or(|next| next.is_whitespace()));
        if ends {
            sentences.push(std::mem::take(&mut one));
        }
    }
    sentences.push(one);
    let whole = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    sentences.into_iter().map(whole).filter(|text| !text.is_empty()).collect()
}
