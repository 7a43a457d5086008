//! Why a step is not possible, in the reader's words. The rule names people by their number of the day; a volunteer at a
//! table knows them by door and name.

use phone::{Phone, Refused};
use serde::Serialize;
use verbs::{Voice, station_word};

/// A refusal as a page shows it.
#[derive(Debug, Serialize)]
pub(super) struct Words {
    pub(super) code: &'static str,
    /// What is the matter.
    pub(super) message: String,
    /// What to do now.
    pub(super) next: String,
    /// Which of the commands.
    pub(super) place: usize,
}

/// Around a number until it is known whether the roll has the person; no sentence has it.
const MARK: char = '\u{1}';

pub(super) fn words(phone: &Phone, refused: &Refused, voice: Voice) -> Words {
    let said = refused.refusal.said(phone.folded().live().round().rules());
    let args = said.args.iter().map(|(name, value)| match *name {
        "person" | "other" if number(phone, value).is_some() => (*name, format!("{MARK}{value}{MARK}")),
        "station" | "next" | "before" => (*name, station_word(value)),
        _ => (*name, value.clone()),
    });
    let args: Vec<(&str, String)> = args.collect();
    let say = |key: &str| {
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        named(phone, voice, voice.say(key, &args))
    };
    Words {
        code: said.code,
        message: say(&format!("refusal.{}", said.code)),
        next: say(&format!("refusal.{}.next", said.code)),
        place: refused.place,
    }
}

/// A sentence without gaps.
pub(super) fn plain(code: &'static str, voice: Voice) -> Words {
    let message = voice.word(&format!("refusal.{code}"));
    let next = voice.word(&format!("refusal.{code}.next"));
    Words { code, message, next, place: 0 }
}

fn number(phone: &Phone, value: &str) -> Option<String> {
    phone.called(value.parse().ok()?)
}

/// `No. ‹3›` becomes `12-2-301 Zhang`.
pub(super) fn named(phone: &Phone, voice: Voice, mut sentence: String) -> String {
    while let Some((start, end)) = marked(&sentence) {
        let value = sentence[start + 1..end].to_owned();
        let whole = format!("{MARK}{value}{MARK}");
        let name = number(phone, &value).unwrap_or(value);
        let numbered = voice.say("refusal.numbered", &[("person", &whole)]);
        let found = if sentence.contains(&numbered) { numbered } else { whole };
        sentence = sentence.replacen(&found, &name, 1);
    }
    sentence
}

fn marked(sentence: &str) -> Option<(usize, usize)> {
    let start = sentence.find(MARK)?;
    let end = sentence[start + 1..].find(MARK)? + start + 1;
    Some((start, end))
}
