//! A line added to the log, and what is agreed carried into the files that tomorrow's plan is made from.

use super::{FILE, read_decisions, rules::say, write::with_line};
use crate::edit::{document, is_same, standing};
use crate::{Files, TAKEN_AWAY, learn, read};
use domain::decision::{Act, Change, Decision, Entry, State, What};
use domain::scenario::{Lesson, Measured};
use domain::{Notes, Place};

/// The folder with one more line in its log. What is agreed goes where it belongs: a value to its key, with a lesson beside it that
/// says why; a rule into the notice or onto a card. What is taken back goes from there again, unless somebody has changed it since.
/// Of what is proposed it is checked that it could.
///
/// `None` if the notes refuse: the folder cannot be read, the line may not follow the others, or the value cannot stand there.
pub fn decide(files: &Files, mut entry: Entry) -> (Option<Files>, Notes) {
    let (scenario, notes) = read(files, &[], &mut |_, _| {});
    if scenario.is_none() {
        return (None, notes);
    }
    let (log, mut notes) = read_decisions(files);
    if notes.refuses() {
        return (None, notes);
    }
    let about = match &entry.what {
        What::Moved { decision, .. } => log.get(*decision).cloned(),
        What::Said | What::Proposed(_) => None,
    };
    if let What::Moved { act: Act::Agree(agreement), .. } = &mut entry.what
        && let Some(Change::Value { key, .. }) = about.as_ref().map(|about| &about.proposal.change)
    {
        agreement.old = standing(&document(files), files, key);
    }
    let number = match &entry.what {
        What::Moved { decision, .. } => *decision,
        What::Said | What::Proposed(_) => log.next_number(),
    };
    let mut with = files.clone();
    with.0.insert(FILE.to_owned(), with_line(files, &entry, number));
    notes = read_decisions(&with).1;
    if notes.refuses() {
        return (None, notes);
    }
    let (carried, more) = match (&entry.what, &about) {
        (What::Proposed(proposal), _) => {
            let (could, more) = put(&with, &proposal.change, &entry.words);
            (could.map(|_| with), more)
        }
        (What::Moved { act: Act::Agree(_), .. }, Some(of)) => put(&with, &of.proposal.change, &of.words),
        (What::Moved { act: Act::Drop, .. }, Some(of)) if of.state == State::Agreed => {
            back(&with, of, &entry)
        }
        _ => (Some(with), Notes::default()),
    };
    notes.extend(more);
    (carried, notes)
}

/// Puts what is agreed where it belongs.
fn put(files: &Files, change: &Change, words: &str) -> (Option<Files>, Notes) {
    match change {
        Change::Value { key, value } => learn(files, &[lesson(key, value, words)]),
        Change::Rule(onto) => match say(files, words, onto, false) {
            // What is said already, by hand or by another decision, is not decided: taking it back would take theirs.
            Ok((_, false)) => {
                let mut notes = Notes::default();
                notes.error(Place::file(FILE), "decision_stands", &[]);
                (None, notes)
            }
            said => judged(said),
        },
    }
}

/// Takes it from there again.
fn back(files: &Files, of: &Decision, entry: &Entry) -> (Option<Files>, Notes) {
    match &of.proposal.change {
        Change::Rule(onto) => judged(say(files, &of.words, onto, true)),
        Change::Value { key, value } => {
            let stands = standing(&document(files), files, key);
            let is_ours = match &stands {
                Some(stands) => is_same(stands, value),
                None => value == TAKEN_AWAY,
            };
            if !is_ours {
                let mut notes = Notes::default();
                notes.warning(Place::file(FILE), "decision_stays", &[("key", key)]);
                return (Some(files.clone()), notes);
            }
            let old = of.agreement().and_then(|(_, agreement)| agreement.old.as_deref());
            learn(files, &[lesson(key, old.unwrap_or(TAKEN_AWAY), &entry.words)])
        }
    }
}

/// A value's lesson has no figures: the log has them.
fn lesson(key: &str, value: &str, why: &str) -> Lesson {
    Lesson {
        key: key.to_owned(),
        old: None,
        new: value.to_owned(),
        why: why.to_owned(),
        date: None,
        measured: Measured::default(),
    }
}

/// The folder, if it reads.
fn judged(said: Result<(Files, bool), Notes>) -> (Option<Files>, Notes) {
    match said {
        Err(notes) => (None, notes),
        Ok((files, _)) => {
            let (scenario, notes) = read(&files, &[], &mut |_, _| {});
            (scenario.map(|_| files), notes)
        }
    }
}
