//! A method: what a community learned, without the community. A folder that another community takes up: laws and rules by their
//! keys, those that were agreed in the evenings, and, where it is asked for, questions that residents had, with their answers, sentences of its
//! notices, and services of its own.
//!
//! Who lives there, who helps, how many lanes and staff there are, and on what day it was, is in none of it.

mod out;
mod take;
mod texts;

pub use out::{WithTexts, export_method};
pub use take::{NotTaken, Takes, Took, take_method};

use crate::{
    Files, compose, decisions,
    own_rules::{self, QUESTIONS},
    reader::{Context, Section},
    value,
};
use domain::{Notes, decision::Proposal, notice::Question};
use toml_edit::Value;

/// The file of the folder.
pub const METHOD_FILE: &str = "method.toml";
/// Figures and rules of one method, at most.
const LEARNED_MAX: usize = 500;

/// What a community learned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Method {
    /// Where it was learned, in words that name nobody.
    pub about: Option<String>,
    /// Figures and rules.
    pub learned: Vec<Learned>,
    /// Rules that were agreed on, as they would be proposed.
    pub rules: Vec<(String, Proposal)>,
    /// What residents asked, with its answer.
    pub questions: Vec<Question>,
    /// How many further sentences of notices it has.
    pub sentences: usize,
    /// Services of one's own: their files.
    pub services: Vec<String>,
}

/// A figure or a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// Its key, as `--set` takes it: `site.station.sampling.service`.
    pub key: String,
    /// Its value as TOML, in one line.
    pub value: String,
    /// Why, as the community wrote it down.
    pub why: Option<String>,
}

/// Whether a folder is a method.
pub fn is_method(files: &Files) -> bool {
    files.0.contains_key(METHOD_FILE)
}

/// Reads a method's folder. `None` if the notes refuse.
pub fn read_method(files: &Files) -> (Option<Method>, Notes) {
    let context = Context::new(files);
    let tree = context.file(METHOD_FILE).and_then(|bytes| value::parse(&context, METHOD_FILE, bytes));
    if tree.is_none() && !context.refuses() {
        context.error(&domain::Place::file(METHOD_FILE), "file_missing", &[("name", &METHOD_FILE)]);
    }
    let mut method = Method::default();
    if let Some(tree) = &tree {
        let mut section = Section::top(&context, METHOD_FILE, tree);
        if crate::format::check_format(&mut section).is_some() {
            method = read(section);
        }
    }
    for file in QUESTIONS {
        if files.0.contains_key(file) {
            method.questions = own_rules::read_questions(&context).0;
            method.questions.retain(|one| one.answer.is_some());
        }
    }
    texts::read(files, &context, &mut method);
    compose::finish(context, Some(method))
}

fn read(mut section: Section<'_>) -> Method {
    let about = section.get("about").and_then(|field| field.name().map(str::to_owned));
    let learned = section.get("learned").map(|field| field.tables(LEARNED_MAX)).unwrap_or_default();
    let learned = learned.into_iter().filter_map(|mut one| {
        let key = one.need("key").and_then(|field| field.name().map(str::to_owned));
        let value = one.need("value").and_then(|field| {
            let text = field.text()?;
            let sound = text.parse::<Value>().is_ok();
            if !sound {
                field.error("not_toml", &[]);
            }
            sound.then(|| text.to_owned())
        });
        let why = one.get("why").and_then(|field| field.text().map(str::to_owned));
        let learned = key.zip(value).map(|(key, value)| (key, value, one.place.clone()));
        one.finish();
        learned.map(|(key, value, place)| (Learned { key, value, why }, place))
    });
    let learned: Vec<(Learned, domain::Place)> = learned.collect();
    for (one, place) in &learned {
        if !out::is_handed_on(&one.key) {
            section.context.error(place, "method_key", &[("key", &one.key)]);
        }
    }
    let rules = section.get("rule").map(|field| field.tables(LEARNED_MAX)).unwrap_or_default();
    let rules = rules.into_iter().filter_map(decisions::read_rule).collect();
    section.finish();
    let learned = learned.into_iter().map(|(one, _)| one).collect();
    Method { about, learned, rules, ..Method::default() }
}

/// The files that a value reads: `file = "measured.csv"`, wherever in it.
fn files_of(value: &Value) -> Vec<&str> {
    match value {
        Value::InlineTable(table) => {
            let own = table.get("file").and_then(Value::as_str);
            own.into_iter().chain(table.iter().flat_map(|(_, value)| files_of(value))).collect()
        }
        Value::Array(list) => list.iter().flat_map(files_of).collect(),
        _ => Vec::new(),
    }
}
