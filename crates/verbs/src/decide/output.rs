//! The log as JSON, with what each decision is called and what may be done with it.

use super::judged::{Judged, expectation, word_of};
use crate::{
    review::taught::{about, sentence},
    view,
    voice::Voice,
};
use ::review::Lesson;
use domain::{
    Scenario,
    decision::{Act, By, Change, Decision, Decisions, Entry, Fact, Figure, Onto, What},
};
use scenario::{Files, TAKEN_AWAY, value_at};
use serde_json::{Value, json};

/// What is told of a log.
pub struct Told<'a> {
    /// The log.
    pub log: &'a Decisions,
    /// What the round shows of each decision.
    pub judged: &'a [Judged],
    /// The folder that it lies in.
    pub files: &'a Files,
    /// The scenario of that folder.
    pub scenario: &'a Scenario,
    /// What the round's review taught.
    pub lessons: &'a [Lesson],
    /// Whose language the words are in.
    pub voice: Voice,
}

/// The fields of `shouhu decide --json`, and what a page needs to propose something: figures, roles, cards, parameters, lessons.
pub fn output(told: &Told<'_>) -> Value {
    let Told { log, voice, .. } = *told;
    let said = log.said.iter().map(|entry| line(entry, voice));
    let decisions = log.all.iter().zip(told.judged).map(|(decision, judged)| one(decision, judged, voice));
    let stations = told.scenario.site.stations.iter().map(|of| Figure::Service(of.name.clone()));
    let figures = Figure::ALL.into_iter().map(|(_, figure)| figure).chain(stations);
    let figures = figures.map(|figure| json!({ "figure": figure.name(), "word": word_of(&figure, voice) }));
    let people = By::ALL.into_iter().filter(|(_, by)| by.is_people());
    let people = people.map(|(name, by)| json!({ "by": name, "word": word_of_by(by, voice) }));
    let cards = view::service(&told.scenario.round.purpose, told.files, voice);
    let cards = cards.into_iter().flat_map(|service| service.roles).map(|role| role.name);
    let parameters = parameters(told.scenario).into_iter().filter_map(|key| {
        let value = value_at(told.files, &key)?;
        Some(json!({ "key": key, "about": about(&key, voice), "value": value }))
    });
    let lessons = told.lessons.iter().map(|lesson| {
        let (about, sentence) = (about(&lesson.key, voice), sentence(lesson, voice));
        json!({ "key": lesson.key, "about": about, "sentence": sentence })
    });
    json!({
        "said": said.collect::<Vec<Value>>(),
        "decisions": decisions.collect::<Vec<Value>>(),
        "figures": figures.collect::<Vec<Value>>(),
        "people": people.collect::<Vec<Value>>(),
        "cards": cards.collect::<Vec<String>>(),
        "parameters": parameters.collect::<Vec<Value>>(),
        "lessons": lessons.collect::<Vec<Value>>(),
    })
}

fn one(decision: &Decision, judged: &Judged, voice: Voice) -> Value {
    let proposal = &decision.proposal;
    let moves = decision.state.moves().map(|rule| {
        let act = rule.act.name();
        json!({ "act": act, "word": voice.word(&format!("decide.act.{act}")), "words": rule.words })
    });
    let expected = decision.expected();
    let measured = decision.measured();
    json!({
        "number": decision.number,
        "at": moment(decision.at),
        "by": names(&decision.by),
        "by_word": words_of(&decision.by, voice),
        "words": decision.words,
        "problem": proposal.problem,
        "change": change(&proposal.change, voice),
        "figure": proposal.figure.name(),
        "figure_word": word_of(&proposal.figure, voice),
        "state": decision.state.name(),
        "state_word": voice.word(&format!("decide.state.{}", decision.state.name())),
        "moves": moves.collect::<Vec<Value>>(),
        "log": decision.moves.iter().map(|entry| line(entry, voice)).collect::<Vec<Value>>(),
        "expected": expected.map(|of| json!({
            "before": of.before, "after": of.after, "difference": of.difference, "one_day": of.one_day,
            "sentence": expectation(&of, voice),
        })),
        "measured": measured.as_ref().map(fact),
        "fact": judged.fact.as_ref().map(fact),
        "chance": judged.chance,
        "verdict": judged.verdict.map(crate::Verdict::word),
        "verdict_word": judged.verdict.map(|of| voice.word(&format!("decide.word.{}", of.word()))),
        "sentence": judged.sentence(decision, voice),
    })
}

fn fact(of: &Fact) -> Value {
    json!({ "value": of.value, "error": of.error, "on": of.on.map(|on| on.to_string()) })
}

/// What would be changed, in words: `servers at registration: 2`, `on the card: Caller`.
pub(super) fn change(change: &Change, voice: Voice) -> String {
    match change {
        Change::Value { key, value } if value == TAKEN_AWAY => {
            voice.say("decide.change.away", &[("about", &about(key, voice))])
        }
        Change::Value { key, value } => {
            voice.say("decide.change.value", &[("about", &about(key, voice)), ("value", value)])
        }
        Change::Rule(Onto::Log) => voice.word("decide.change.log"),
        Change::Rule(Onto::Notice) => voice.word("decide.change.notice"),
        Change::Rule(Onto::Card(role)) => voice.say("decide.change.card", &[("role", role)]),
    }
}

/// A line of the log.
fn line(entry: &Entry, voice: Voice) -> Value {
    json!({
        "at": moment(entry.at),
        "by": names(&entry.by),
        "by_word": words_of(&entry.by, voice),
        "did": did(entry, voice),
        "words": entry.words,
    })
}

/// What a line did, in words.
pub(super) fn did(entry: &Entry, voice: Voice) -> String {
    let What::Moved { act, .. } = &entry.what else { return String::new() };
    let did = voice.word(&format!("decide.did.{}", act.kind().name()));
    let Act::Try { on, part } = act else { return did };
    let on = on.map(|on| on.to_string()).unwrap_or_default();
    let more = [on.as_str(), part.as_str()];
    let more: Vec<&str> = more.into_iter().filter(|text| !text.is_empty()).collect();
    if more.is_empty() {
        return did;
    }
    let about = more.join(&voice.word("list.separator"));
    voice.say("decide.did.try_in", &[("did", &did), ("about", &about)])
}

pub(super) fn moment(at: jiff::civil::DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

fn names(all: &[By]) -> Vec<&'static str> {
    all.iter().map(|by| by.name()).collect()
}

fn word_of_by(by: By, voice: Voice) -> String {
    voice.word(&format!("decide.by.{}", by.name()))
}

/// Roles in words.
pub(super) fn words_of(all: &[By], voice: Voice) -> String {
    let words: Vec<String> = all.iter().map(|by| word_of_by(*by, voice)).collect();
    words.join(&voice.word("list.separator"))
}

/// What a compound most often changes of its own accord.
fn parameters(scenario: &Scenario) -> Vec<String> {
    let of_stations = scenario.site.stations.iter().map(|of| format!("site.station.{}.servers", of.name));
    let of_all = ["site.lanes", "waves.size", "waves.callers.number", "waves.wait_p95_min"];
    of_stations.chain(of_all.map(str::to_owned)).collect()
}
