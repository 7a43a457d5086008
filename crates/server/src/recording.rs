//! A stream of events that a board plays: the site first, then what happened, each event as its line.
//!
//! A board asks for the same rehearsal again whenever its user seeks or pauses, so the last few are kept.

use crate::{limits, problem::Fault};
use axum::http::StatusCode;
use domain::{Envelope, Moment};
use serde::Serialize;
use serde_json::Value;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};
use verbs::{BoardSite, Desk, options::RehearseOptions};

/// One event of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// When, in minutes after opening.
    pub at_min: f64,
    /// The event as JSON, in one line.
    pub text: String,
}

/// What a board plays. The n-th event, from 1, has the position n.
#[derive(Clone, Debug)]
pub struct Recording {
    /// What a board needs before the first event, as JSON.
    pub site: String,
    /// Minutes after opening of the first event and of the last.
    pub span_min: [f64; 2],
    /// In the order of time.
    pub lines: Vec<Line>,
}

/// What tells recordings apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Of the scenario's content.
    pub version: String,
    /// How people come.
    pub policy: Option<verbs::options::PolicyName>,
    /// A plan's file in the folder.
    pub plan: Option<String>,
    /// Of the random numbers.
    pub seed: u64,
    /// Whose words the site's stations have.
    pub language: words::Language,
}

impl Recording {
    /// Lives one replication of a scenario, and writes down what happens.
    ///
    /// # Errors
    /// All notes, where the folder, the plan or the policy refuses.
    pub fn of(desk: &Desk<'_>, key: &Key) -> Result<Recording, Fault> {
        let plan = key.plan.as_ref().map(|name| plan_file(desk, name)).transpose()?;
        let options =
            RehearseOptions { policy: key.policy, plan, seed: key.seed, ..RehearseOptions::default() };
        let (site, events) = desk.board(&options)?;
        let lines = lines(&events, site.rules.opens);
        let end = |line: Option<&Line>| line.map_or(0.0, |line| line.at_min);
        let [first_min, last_min] = [end(lines.first()), end(lines.last())];
        let site = serde_json::to_string(&Site { site: &site, first_min, last_min: Some(last_min) });
        let site = site.expect("our own types are written as JSON");
        Ok(Recording { site, span_min: [first_min, last_min], lines })
    }

    /// The number of events until this minute, it included.
    pub fn until(&self, at_min: f64) -> usize {
        self.lines.partition_point(|line| line.at_min <= at_min)
    }
}

/// The first message.
#[derive(Serialize)]
struct Site<'a> {
    #[serde(flatten)]
    site: &'a BoardSite,
    first_min: f64,
    last_min: Option<f64>,
}

/// A plan's file in the folder, to be read by who knows its format.
fn plan_file(desk: &Desk<'_>, name: &str) -> Result<Value, Fault> {
    let unknown = || Fault::new(StatusCode::NOT_FOUND, "plan_unknown");
    let bytes = desk.files.0.get(name).ok_or_else(unknown)?;
    if let Ok(plan) = serde_json::from_slice(bytes) {
        return Ok(plan);
    }
    let (_, notes) = scenario::read_plan(name, bytes, &desk.scenario(&[])?);
    Err(notes.into())
}

fn lines(events: &[Envelope], opens: Moment) -> Vec<Line> {
    let line = |envelope: &Envelope| {
        let at = Moment::parse(&envelope.at).expect("we wrote it ourselves");
        Line {
            at_min: (at - opens) as f64 / rehearse::TICKS_PER_MINUTE as f64,
            text: serde_json::to_string(envelope).expect("events are written as JSON"),
        }
    };
    events.iter().map(line).collect()
}

/// The last recordings.
#[derive(Debug, Default)]
pub struct Recordings {
    kept: Mutex<VecDeque<(Key, Arc<Recording>)>>,
}

impl Recordings {
    /// A recording that is still there.
    pub fn find(&self, key: &Key) -> Option<Arc<Recording>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(other, _)| other == key).map(|(_, recording)| recording.clone())
    }

    /// Keeps a recording, in the place of the oldest.
    pub fn keep(&self, key: Key, recording: Arc<Recording>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, _)| *other != key);
        kept.push_back((key, recording));
        if kept.len() > limits::RECORDINGS {
            kept.pop_front();
        }
    }
}
