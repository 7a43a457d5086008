//! A stream of events that a board plays: the site first, then what happened, each event as its line.
//!
//! A board asks for the same rehearsal again whenever its user seeks or pauses, so the last few are kept.

use crate::{limits, problem::Fault, schema::events::Site};
use axum::http::StatusCode;
use domain::{Envelope, Layout, Moment};
use serde_json::value::to_raw_value;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};
use verbs::{Desk, Run, Trials, clock, options::RehearseOptions};

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
    /// What a board needs before the first event.
    pub site: Site,
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
        let scenario = desk.scenario(&[])?;
        let plan = match &key.plan {
            Some(name) => {
                let unknown = || Fault::new(StatusCode::NOT_FOUND, "plan_unknown");
                let (plan, notes) = scenario::read_plan(name, desk.files.0.get(name).ok_or_else(unknown)?, &scenario);
                Some(plan.ok_or(notes)?)
            }
            None => None,
        };
        // Nothing is measured here: one replication is all that is looked at.
        let run =
            Run { seed: key.seed, reps: 1, trials: Trials::FULL, on_event_engine: false, machine: desk.machine };
        let options = RehearseOptions { policy: key.policy, ..RehearseOptions::default() };
        let by = plan.map_or_else(|| options.by(), verbs::By::Plan);
        let plan = verbs::plan_of(&scenario, &run, by)?;
        let lived = verbs::live(&scenario, &run, "events", plan);
        let events = verbs::events(&lived, &run, desk.zones).expect("an unknown time zone was refused");
        let opens = clock::opening(&scenario, desk.zones).expect("an unknown time zone was refused");
        let lines = lines(&events, opens);
        let layout = scenario.layout.clone().unwrap_or_else(|| Layout::drawn(&scenario)).drawing(&scenario);
        let raw = |json: Result<_, _>| json.expect("our own types are written as JSON");
        let site = Site {
            view: raw(to_raw_value(&verbs::view::view(&scenario, desk.voice))),
            layout: raw(to_raw_value(&layout)),
            plan: lived.plan.as_ref().map(|plan| raw(to_raw_value(&scenario::write_plan(plan, &scenario)))),
            opens_at: opens.rfc3339(),
            first_min: lines.first().map_or(0.0, |line| line.at_min),
            last_min: lines.last().map(|line| line.at_min),
        };
        Ok(Recording { site, lines })
    }

    /// The number of events until this minute, it included.
    pub fn until(&self, at_min: f64) -> usize {
        self.lines.partition_point(|line| line.at_min <= at_min)
    }
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
