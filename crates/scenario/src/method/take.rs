//! What a community takes over from another.

use super::{Learned, Method, files_of, texts};
use crate::{
    Files, decide, decisions,
    edit::{document, learn, standing},
    own_rules::{self, QUESTIONS},
    read, read_decisions,
    reader::Context,
};
use domain::{
    Notes,
    decision::{By, Change, Entry, Onto, What},
    notice::Question,
    scenario::Lesson,
};
use jiff::civil::DateTime;
use std::collections::BTreeSet;
use toml_edit::{InlineTable, Value};

/// How somebody takes a method over.
pub struct Takes<'a> {
    /// These keys alone; all of them where there are none.
    pub only: &'a [String],
    /// When, on the community's clock: rules are proposed then.
    pub at: DateTime,
    /// Why, as it is written beside each value.
    pub why: &'a dyn Fn(&Learned) -> String,
}

/// What was taken over, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Took {
    /// Each key with what stood there, what stands there now, and why the others have it so.
    pub taken: Vec<(String, Option<String>, Learned)>,
    /// What was not.
    pub left: Vec<(String, NotTaken)>,
    /// Rules that stand in no proposal here yet: they are proposed, and decided here.
    pub rules: usize,
    /// Questions that were not answered here yet.
    pub questions: usize,
    /// Further sentences of notices that were not said here yet.
    pub sentences: usize,
    /// Services that were not here: their files.
    pub services: Vec<String>,
    /// Services that are here, and others, under the same name: they stay.
    pub other_services: Vec<String>,
}

/// Why something was not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It stands there already.
    Same,
    /// There is no such station here.
    NoStation,
    /// Others were asked for.
    NotAsked,
}

/// Takes a method over into a scenario's folder: each value at its key, with a lesson that says whence; who serves and how many
/// stays as it is. Answered questions, sentences and services are added to those of the folder.
///
/// `None` if the notes refuse: the folder cannot be read, or not with these values.
pub fn take_method(
    method: &Method,
    of: &Files,
    files: &Files,
    takes: &Takes<'_>,
) -> (Option<(Files, Took)>, Notes) {
    let (scenario, notes) = read(files, &[], &mut |_, _| {});
    let Some(scenario) = scenario else { return (None, notes) };
    let document = document(files);
    let (mut with, mut took, mut lessons) = (files.clone(), Took::default(), Vec::new());
    for one in &method.learned {
        let station = one.key.strip_prefix("site.station.").and_then(|rest| rest.rsplit_once('.'));
        let old = standing(&document, files, &one.key);
        let old_value = old.as_ref().and_then(|old| old.parse::<Value>().ok());
        let new = one.value.parse::<Value>().ok().map(|new| merged(new, old_value.as_ref()));
        let Some(new) = new else { continue };
        let no_station = station
            .is_some_and(|(name, _)| scenario.site.stations.iter().all(|station| station.name != name));
        let left = if !takes.only.is_empty() && !takes.only.contains(&one.key) {
            Some(NotTaken::NotAsked)
        } else if no_station {
            Some(NotTaken::NoStation)
        } else {
            let same = old_value.is_some_and(|old| old.to_string().trim() == new.to_string().trim());
            same.then_some(NotTaken::Same)
        };
        if let Some(left) = left {
            took.left.push((one.key.clone(), left));
            continue;
        }
        let new = with_files(new, of, &mut with);
        lessons.push(Lesson {
            key: one.key.clone(),
            old: None,
            new: new.to_string().trim().to_owned(),
            why: (takes.why)(one),
            date: None,
            measured: domain::scenario::Measured::default(),
        });
        took.taken.push((one.key.clone(), old, one.clone()));
    }
    if takes.only.is_empty() {
        took.questions = add_questions(method, &mut with);
        let said = texts::take(of, &mut with);
        (took.sentences, took.services, took.other_services) = (said.sentences, said.services, said.others);
    }
    let (learned, mut notes) = learn(&with, &lessons);
    let Some(mut learned) = learned else { return (None, notes) };
    if takes.only.is_empty() {
        let (with, more) = propose(method, learned, takes.at, &mut took);
        notes.extend(more);
        let Some(with) = with else { return (None, notes) };
        learned = with;
    }
    (Some((learned, took)), notes)
}

/// Proposes the rules: what others agreed on is decided here anew.
fn propose(method: &Method, mut files: Files, at: DateTime, took: &mut Took) -> (Option<Files>, Notes) {
    let (known, mut notes) = read_decisions(&files);
    let mut known: BTreeSet<&str> = known.all.iter().map(|one| &*one.words).collect();
    for (words, proposal) in &method.rules {
        if !known.insert(words) {
            continue;
        }
        let mut proposal = proposal.clone();
        // Without such a card here, the rule stands in the log.
        if let Change::Rule(Onto::Card(role)) = &proposal.change
            && !decisions::has_card(&files, role)
        {
            proposal.change = Change::Rule(Onto::Log);
        }
        if let Change::Rule(onto) = &proposal.change
            && decisions::stands(&files, words, onto)
        {
            continue;
        }
        let (by, what) = (vec![By::Method], What::Proposed(Box::new(proposal)));
        let (with, more) = decide(&files, Entry { at, by, words: words.clone(), what });
        notes.extend(more);
        let Some(with) = with else { return (None, notes) };
        files = with;
        took.rules += 1;
    }
    (Some(files), notes)
}

/// A table takes its other keys from what stands here: how many call is no method.
fn merged(new: Value, old: Option<&Value>) -> Value {
    let (Value::InlineTable(new), Some(Value::InlineTable(old))) = (&new, old) else { return new };
    let stock = old.iter().filter(|(key, _)| super::out::STOCK.contains(key));
    let table: InlineTable = stock.chain(new.iter()).collect();
    Value::InlineTable(table)
}

/// Copies the tables that a value reads. One of that name that is another stays, and the new one gets a name of its own.
fn with_files(value: Value, of: &Files, into: &mut Files) -> Value {
    let mut text = value.to_string();
    let names: BTreeSet<&str> = files_of(&value).into_iter().collect();
    for name in names {
        let Some(content) = of.0.get(name) else { continue };
        let free = |name: &str| into.0.get(name).is_none_or(|here| here == content);
        let new = (1..)
            .map(|n| if n == 1 { name.to_owned() } else { format!("method-{n}-{name}") })
            .find(|name| free(name));
        let Some(new) = new else { continue };
        into.0.insert(new.clone(), content.clone());
        text = text.replace(&Value::from(name).to_string(), &Value::from(new).to_string());
    }
    text.parse().unwrap_or(value)
}

/// Adds answered questions that nobody here has answered; how many. A table with headings of its own is somebody's own, and stays.
fn add_questions(method: &Method, files: &mut Files) -> usize {
    if method.questions.is_empty() || files.0.contains_key(QUESTIONS[1]) {
        return 0;
    }
    let here = files.0.get(QUESTIONS[0]).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let mut text = here.unwrap_or_else(|| "question,answer,where\n".to_owned());
    let head: Vec<String> = text.lines().next().unwrap_or_default().split(',').map(str::to_owned).collect();
    if !["question", "answer"].iter().all(|needed| head.iter().any(|heading| heading == needed)) {
        return 0;
    }
    let asked: Vec<Question> = own_rules::read_questions(&Context::new(files)).0;
    let new = method.questions.iter().filter(|one| asked.iter().all(|here| here.question != one.question));
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut count = 0;
    for one in new {
        let cells = head.iter().map(|heading| match &**heading {
            "question" => &*one.question,
            "answer" => one.answer.as_deref().unwrap_or_default(),
            _ => "",
        });
        table.write_record(cells).expect("a vector takes what is written");
        count += 1;
    }
    let rows = table.into_inner().expect("a vector takes what is written");
    if count > 0 {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text += &String::from_utf8_lossy(&rows);
        files.0.insert(QUESTIONS[0].to_owned(), text.into_bytes());
    }
    count
}
