//! `decisions.toml`: what people said, proposed, objected to, tried and agreed in the evenings, by roles. Lines are only added.

mod carry;
mod rules;
mod write;

pub use carry::decide;
pub(crate) use rules::{has_card, has_long_number, stands};

use crate::clock::Clock;
use crate::lesson;
use crate::reader::{Context, Field, Limits, Section};
use crate::{Files, value};
use domain::decision::{
    Act, Agreement, By, Change, Decisions, Entry, Expected, Fact, Figure, Onto, Proposal, Refusal, What,
};
use domain::{Notes, Place};
use jiff::civil::DateTime;

/// The file.
pub(crate) const FILE: &str = "decisions.toml";
/// Lines of one log: ten an evening for more than a year.
const ENTRIES_MAX: usize = 5_000;
/// Characters of a sentence, as many as of a resident's question.
const WORDS_MAX: usize = 600;
/// No figure of a round is larger, in whichever unit.
const FIGURE: Limits = Limits::new(-1e7, 1e7);

/// What a line does, by its word.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    Say,
    Propose,
    Object,
    Try,
    Agree,
    Drop,
}

const DOES: [(&str, Does); 6] = [
    ("say", Does::Say),
    ("propose", Does::Propose),
    ("object", Does::Object),
    ("try", Does::Try),
    ("agree", Does::Agree),
    ("drop", Does::Drop),
];

/// The log of a folder, and all that is wrong with it; an empty one where there is none.
pub fn read_decisions(files: &Files) -> (Decisions, Notes) {
    let context = Context::new(files);
    let log = read(&context);
    (log, context.into_notes())
}

pub(crate) fn read(context: &Context<'_>) -> Decisions {
    let mut reading = Reading { log: Decisions::default(), latest: None, whole: true };
    let Some(tree) = context.file(FILE).and_then(|bytes| value::parse(context, FILE, bytes)) else {
        return reading.log;
    };
    let mut section = Section::top(context, FILE, &tree);
    if crate::format::check_format(&mut section).is_none() {
        return reading.log;
    }
    let entries = section.get("entry").map(|field| field.tables(ENTRIES_MAX)).unwrap_or_default();
    section.finish();
    entries.into_iter().for_each(|entry| reading.take_in(entry));
    reading.log
}

struct Reading {
    log: Decisions,
    latest: Option<DateTime>,
    /// Whether all lines so far could be read: else nobody can say what may follow them.
    whole: bool,
}

impl Reading {
    fn take_in(&mut self, section: Section<'_>) {
        let (context, place, at) = (section.context, section.place.clone(), section.place_of("at"));
        let Some((entry, number)) = read_entry(section) else {
            self.whole = false;
            return;
        };
        if self.latest.is_some_and(|latest| entry.at < latest) {
            context.warning(&at, "decision_earlier", &[]);
        }
        self.latest = self.latest.max(Some(entry.at));
        if !self.whole {
            return;
        }
        let next = self.log.next_number();
        if matches!(entry.what, What::Proposed(_)) && number != next {
            context.error(&place, "decision_number", &[("number", &number), ("next", &next)]);
            self.whole = false;
        } else if let Err(refusal) = self.log.admit(&entry) {
            refuse(context, &place, number, refusal);
        } else {
            self.log.apply(entry);
        }
    }
}

/// A rule as a method hands it on: what would be proposed.
pub(crate) fn read_rule(mut section: Section<'_>) -> Option<(String, Proposal)> {
    let words = section.need("words").and_then(|field| sentence(&field));
    let figure = section.need("figure").and_then(|field| figure(&field));
    let change = read_change(&mut section);
    section.finish();
    let (change, figure) = (change?, figure?);
    Some((words?, Proposal { problem: String::new(), change, figure, expected: None, measured: None }))
}

fn refuse(context: &Context<'_>, place: &Place, number: u32, refusal: Refusal) {
    match refusal {
        Refusal::Unknown => context.error(place, "decision_unknown", &[("number", &number)]),
        Refusal::Move { state } => {
            let state = format!("@decide.state.{}", state.name());
            context.error(place, "decision_move", &[("number", &number), ("state", &state)]);
        }
        Refusal::Words { act } => {
            let act = format!("@decide.act.{}", act.name());
            context.error(place, "decision_words", &[("act", &act)]);
        }
        Refusal::Nobody => context.error(place, "decision_nobody", &[]),
    }
}

/// A line, and the number of the decision that it is about; 0 where it is about none.
fn read_entry(mut section: Section<'_>) -> Option<(Entry, u32)> {
    // What else belongs to the line depends on it.
    let does = section.need("do").and_then(|field| field.choice(&DOES))?;
    let at = section.need("at").and_then(|field| moment(&field));
    let by = section.need("by").and_then(|field| roles(&field));
    let number = match does {
        Does::Say => Some(0),
        _ => section.need("decision").and_then(|field| field.whole(Limits::new(1.0, ENTRIES_MAX as f64))),
    };
    let words = match does {
        Does::Say | Does::Propose => section.need("words").and_then(|field| sentence(&field)),
        _ => optional(section.get("words").map(|field| sentence(&field))),
    };
    let act = match does {
        Does::Say => Some(What::Said),
        Does::Propose => read_proposal(&mut section).map(|proposal| What::Proposed(Box::new(proposal))),
        Does::Object => moved(number, Some(Act::Object)),
        Does::Try => moved(number, read_trial(&mut section)),
        Does::Agree => moved(number, read_agreement(&mut section)),
        Does::Drop => moved(number, Some(Act::Drop)),
    };
    section.finish();
    Some((Entry { at: at?, by: by?, words: words?, what: act? }, number?))
}

fn moved(decision: Option<u32>, act: Option<Act>) -> Option<What> {
    Some(What::Moved { decision: decision?, act: act? })
}

fn read_trial(section: &mut Section<'_>) -> Option<Act> {
    let on = section.get("on").map(|field| field.date());
    let part = optional(section.get("part").map(|field| sentence(&field)));
    Some(Act::Try { on: present(on)?, part: part? })
}

fn read_agreement(section: &mut Section<'_>) -> Option<Act> {
    let old = section.get("old").map(|field| lesson::value(&field));
    let (expected, measured) = read_figures(section);
    Some(Act::Agree(Agreement { old: present(old)?, expected: expected?, measured: measured? }))
}

fn read_proposal(section: &mut Section<'_>) -> Option<Proposal> {
    let problem = optional(section.get("problem").map(|field| sentence(&field)));
    let figure = section.need("figure").and_then(|field| figure(&field));
    let change = read_change(section);
    let (expected, measured) = read_figures(section);
    Some(Proposal {
        problem: problem?,
        change: change?,
        figure: figure?,
        expected: expected?,
        measured: measured?,
    })
}

/// A key with its value, or else a rule, which may have a place to stand.
fn read_change(section: &mut Section<'_>) -> Option<Change> {
    let key = section.get("key").map(|field| field.name().map(str::to_owned));
    let value = section.get("value").map(|field| lesson::value(&field));
    let onto = section.get("onto").map(|field| field.choice(&[("notice", ())]));
    let role = section.get("role").map(|field| field.name().map(str::to_owned));
    match (key, value, onto, role) {
        (Some(key), Some(value), None, None) => Some(Change::Value { key: key?, value: value? }),
        (None, None, None, None) => Some(Change::Rule(Onto::Log)),
        (None, None, Some(notice), None) => notice.map(|()| Change::Rule(Onto::Notice)),
        (None, None, None, Some(role)) => Some(Change::Rule(Onto::Card(role?))),
        (Some(_), None, None, None) => {
            section.missing("value");
            None
        }
        (None, Some(_), None, None) => {
            section.missing("key");
            None
        }
        _ => {
            section.context.error(&section.place, "decision_change", &[]);
            None
        }
    }
}

/// What was expected and what was measured, each of which may be absent.
type Figures = (Option<Option<Expected>>, Option<Option<Fact>>);

fn read_figures(section: &mut Section<'_>) -> Figures {
    let expected = section.get("expected").map(|field| field.table().and_then(read_expected));
    let measured = section.get("measured").map(|field| field.table().and_then(read_fact));
    (present(expected), present(measured))
}

fn read_expected(mut table: Section<'_>) -> Option<Expected> {
    let [before, after] =
        ["before", "after"].map(|key| table.need(key).and_then(|field| field.number(FIGURE)));
    let [low, high, sd_before, sd_after] =
        ["low", "high", "sd_before", "sd_after"].map(|key| table.number(key, FIGURE));
    table.finish();
    let both = |one: Option<f64>, other: Option<f64>| one.zip(other).map(|(one, other)| [one, other]);
    Some(Expected {
        before: before?,
        after: after?,
        difference: both(low, high),
        one_day: both(sd_before, sd_after),
    })
}

fn read_fact(mut table: Section<'_>) -> Option<Fact> {
    let value = table.need("value").and_then(|field| field.number(FIGURE));
    let error = table.number("error", FIGURE);
    let on = table.get("on").map(|field| field.date());
    table.finish();
    Some(Fact { value: value?, error, on: present(on)? })
}

/// What is absent is none; what is there and wrong is nothing to go on with.
fn present<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}

/// The same of a sentence: an absent one is empty.
fn optional(read: Option<Option<String>>) -> Option<String> {
    read.unwrap_or_else(|| Some(String::new()))
}

fn moment(field: &Field<'_>) -> Option<DateTime> {
    match field.clock()? {
        Clock::Moment(moment) => Some(moment),
        Clock::Time(_) => {
            field.error("decision_at", &[]);
            None
        }
    }
}

/// One role, or several.
fn roles(field: &Field<'_>) -> Option<Vec<By>> {
    if !field.is_list() {
        return field.choice(&By::ALL).map(|by| vec![by]);
    }
    let all: Option<Vec<By>> =
        field.list(By::ALL.len())?.iter().map(|field| field.choice(&By::ALL)).collect();
    if all.as_ref().is_some_and(Vec::is_empty) {
        field.error("empty_text", &[]);
        return None;
    }
    all
}

fn figure(field: &Field<'_>) -> Option<Figure> {
    let word = field.name()?;
    let figure = Figure::parse(word);
    if figure.is_none() {
        let known = Figure::ALL.map(|(name, _)| name);
        field.unknown_word(&known);
    }
    figure
}

fn sentence(field: &Field<'_>) -> Option<String> {
    let text = field.text()?.trim();
    if text.is_empty() {
        field.error("empty_text", &[]);
    } else if text.chars().count() > WORDS_MAX || text.contains(|letter: char| letter.is_control()) {
        field.error("decision_long", &[("max", &WORDS_MAX)]);
    } else if has_long_number(text) {
        // The number itself is not said again.
        field.context.error(&field.place, "decision_telephone", &[]);
    } else {
        return Some(text.to_owned());
    }
    None
}
