//! Events taken in: who came when, stood where, was served by whom. Times become ticks after opening; what the events
//! themselves said is kept apart from what is inferred later.

mod intake;

use crate::card::Carried;
use chance::Ticks;
use domain::{Moment, Notes, Place, event::Envelope};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What streams of events say, one round a stream.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    pub(crate) rounds: Vec<Round>,
    /// Names of stations, in the order in which they were first seen.
    pub(crate) stations: Vec<String>,
    /// Names of visitor classes.
    pub(crate) classes: Vec<String>,
    pub(crate) events: u64,
}

/// One round.
#[derive(Clone, Debug, Default)]
pub(crate) struct Round {
    pub opened: Moment,
    /// In the order of arrival.
    pub visits: Vec<Visit>,
    pub households: BTreeMap<Uuid, Household>,
    /// The last event, in ticks after opening.
    pub last: Ticks,
    /// Stopwatch cards of some of its people: what lies between two of them is not known.
    pub sample: bool,
    /// Stopwatch cards that its phones tapped: they measure waits and nothing else, for their bearers are among its visits.
    pub cards: Vec<Carried>,
}

/// A household that was called, or of which someone came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Household {
    /// When it was told to come, and in which wave; the first time counts.
    pub called: Option<(Ticks, u32)>,
    pub first_arrival: Option<Ticks>,
    pub people: u32,
    pub served: u32,
}

/// One person's stay.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Visit {
    pub household: Option<Uuid>,
    pub class: Option<usize>,
    pub lane: u16,
    /// The wave that the person's household was called in.
    pub wave: Option<u32>,
    pub arrived: Option<Ticks>,
    pub steps: Vec<Step>,
    pub end: End,
}

/// How a stay ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum End {
    /// Not known: the stream ended before.
    #[default]
    Open,
    Left(Ticks),
    GaveUp(Ticks),
    TurnedAway(Ticks),
}

/// One person at one station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub station: usize,
    pub lane: u16,
    pub server: u32,
    /// When the person reached the queue.
    pub queued: Option<Ticks>,
    pub started: Option<Ticks>,
    pub ended: Option<Ticks>,
    /// Waiting ended without a service.
    pub quit: Option<Ticks>,
    /// The start was not tapped: it is what the server's last end and the person's arrival allow.
    pub inferred: bool,
}

impl Step {
    /// The wait before the service, where both ends are known.
    pub fn waited(&self) -> Option<Ticks> {
        Some((self.started? - self.queued?).max(0))
    }
}

impl Visit {
    /// Waits at all stations together, of a person who left all served: at those where both ends are known.
    pub fn waited(&self) -> Option<Ticks> {
        let mut known = self.steps.iter().filter_map(Step::waited).peekable();
        known.peek().is_some().then(|| known.sum())
    }
}

impl Observed {
    /// Nothing yet.
    pub fn new() -> Observed {
        Observed::default()
    }

    /// Takes in the events of one round, in any order. An envelope that is there twice counts once; one whose time cannot
    /// be read is left out with a note.
    pub fn take_in(&mut self, events: &[Envelope], notes: &mut Notes) {
        intake::round(self, events, notes);
    }

    /// Rounds taken in.
    pub fn rounds(&self) -> usize {
        self.rounds.len()
    }

    /// Leaves out samples where whole rounds are known: only those can be counted.
    pub(crate) fn keep_whole(&mut self, notes: &mut Notes) {
        if self.rounds.iter().any(|round| !round.sample) {
            self.rounds.retain(|round| !round.sample);
        } else if self.visits().next().is_some() {
            notes.warning(Place::default(), "review_sample", &[("people", &self.visits().count())]);
        }
    }

    pub(crate) fn visits(&self) -> impl Iterator<Item = &Visit> {
        self.rounds.iter().flat_map(|round| &round.visits)
    }
}

/// The place of a name in a list of names, which it joins if it is new.
pub(crate) fn place_of(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}
