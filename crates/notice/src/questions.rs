//! Residents' questions, grouped: one answer for all who asked the same.

use crate::Addressed;
use domain::{Note, Notes, Roll, Severity, notice::Question};
use serde::{Deserialize, Serialize};

/// A question with its answer, and how many asked it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// As it was asked first.
    pub question: String,
    /// The answer; null as long as nobody gave one.
    pub answer: Option<String>,
    /// How many rows asked it.
    pub asked: u32,
    /// Buildings and entrances from which it came; empty if one came from anywhere.
    pub from: Vec<String>,
}

/// Questions are the same whose letters are so much alike, from 0 to 1.
const ALIKE: f64 = 0.75;
/// Digits one after the other that may be a telephone or a document number.
const PRIVATE_DIGITS: usize = 7;

/// The groups, those that most asked first; those that differ in their answers, and places that are none, are noted.
pub fn grouped(questions: &[Question], roll: &Roll) -> (Vec<Answered>, Notes) {
    let mut notes = Notes::default();
    let mut groups: Vec<(String, bool, Answered)> = Vec::new();
    for one in questions {
        let at = match &one.asked_at {
            None => None,
            Some(text) => match Addressed::parse(text, roll) {
                Ok(at) => Some(at),
                Err(wrong) => {
                    // The question is answered all the same, to everybody.
                    for note in wrong.0.into_iter().filter(|note| note.code == "notice_nowhere") {
                        let place = one.place.clone().column("where");
                        let (severity, code) = (Severity::Warning, "question_nowhere");
                        notes.0.push(Note { place, severity, code, ..note });
                    }
                    None
                }
            },
        };
        let (question, hidden) = without_numbers(&one.question);
        if hidden {
            notes.warning(one.place.clone().column("question"), "question_private", &[]);
        }
        let letters = letters(&question);
        // A door would tell who asked.
        let from = at.map(|at| match at {
            Addressed::Household(building, entrance, _) => Addressed::Entrance(building, entrance).label(),
            other => other.label(),
        });
        let same = groups.iter_mut().find(|(of, _, _)| alike(of, &letters));
        let Some((_, anywhere, group)) = same else {
            let answer = one.answer.clone();
            let group = Answered { question, answer, asked: 1, from: from.clone().into_iter().collect() };
            groups.push((letters, from.is_none(), group));
            continue;
        };
        group.asked += 1;
        *anywhere |= from.is_none();
        group.from.extend(from.filter(|from| !group.from.contains(from)));
        match (&group.answer, &one.answer) {
            (Some(first), Some(other)) if first != other => {
                let place = one.place.clone().column("answer");
                notes.warning(place, "question_two_answers", &[("question", &group.question)]);
            }
            (None, Some(answer)) => group.answer = Some(answer.clone()),
            _ => {}
        }
    }
    let mut all: Vec<Answered> = groups
        .into_iter()
        .map(|(_, anywhere, mut group)| {
            if anywhere {
                group.from.clear();
            }
            group
        })
        .collect();
    all.sort_by_key(|group| std::cmp::Reverse(group.asked));
    for open in all.iter().filter(|group| group.answer.is_none()) {
        let args: [(&str, &dyn std::fmt::Display); 2] =
            [("question", &open.question), ("asked", &open.asked)];
        notes.warning(domain::Place::file("questions.csv").column("answer"), "question_open", &args);
    }
    (all, notes)
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Another number is another question: building 12 is not building 13.
fn alike(one: &str, other: &str) -> bool {
    numbers(one).eq(numbers(other)) && strsim::normalized_levenshtein(one, other) >= ALIKE
}

fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_digit()).filter(|run| !run.is_empty())
}

/// The text with long numbers hidden, and whether there were any.
fn without_numbers(text: &str) -> (String, bool) {
    let mut shown = String::with_capacity(text.len());
    let mut hidden = false;
    let letters: Vec<char> = text.chars().collect();
    for run in letters.chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit()) {
        if run.len() >= PRIVATE_DIGITS && run[0].is_ascii_digit() {
            shown.push('…');
            hidden = true;
        } else {
            shown.extend(run);
        }
    }
    (shown, hidden)
}
