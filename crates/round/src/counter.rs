//! A station in one lane: who waits, who is served.

use domain::Moment;
use std::collections::{BTreeMap, VecDeque};
use uuid::Uuid;

/// A station in one lane, in use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counter {
    /// Who waits, next first: those who are served before others, then by the time since when they wait.
    queue: VecDeque<Waiting>,
    /// Whom each server serves; several where people are served together or servers are not counted.
    busy: BTreeMap<u32, Vec<Uuid>>,
    /// People whose service ended.
    pub served: u32,
    /// Since when nobody is served here; absent while somebody is, or before the first service.
    pub idle_since: Option<Moment>,
    /// Services whose start was written down.
    pub started: u32,
    /// The queue as somebody counted it last.
    pub counted: Option<Counted>,
}

/// A queue as it was counted by eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// When.
    pub at: Moment,
    /// People in it.
    pub people: u32,
    /// People who had been served here by then.
    pub served: u32,
}

/// One person in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who.
    pub visit: Uuid,
    /// Since when.
    pub since: Moment,
    /// Whether the person is served before others.
    pub first: bool,
}

impl Counter {
    /// Who waits, next first.
    pub fn queue(&self) -> impl ExactSizeIterator<Item = &Waiting> {
        self.queue.iter()
    }

    /// People waiting.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Servers at work, with the people whom each serves.
    pub fn busy(&self) -> impl ExactSizeIterator<Item = (u32, &[Uuid])> {
        self.busy.iter().map(|(&server, people)| (server, people.as_slice()))
    }

    /// Whom a server serves.
    pub fn served_by(&self, server: u32) -> &[Uuid] {
        self.busy.get(&server).map_or(&[], Vec::as_slice)
    }

    /// People ahead of somebody who joins: those of whom it is known that they wait, or what is left of those who were
    /// counted, whichever is more.
    pub fn ahead(&self) -> usize {
        let counted = self.counted.map_or(0, |counted| {
            counted.people.saturating_sub(self.served.saturating_sub(counted.served)) as usize
        });
        counted.max(self.waiting())
    }

    /// People being served.
    pub fn serving(&self) -> usize {
        self.busy.values().map(Vec::len).sum()
    }

    pub(crate) fn join(&mut self, who: Waiting) {
        let goes_before = |other: &Waiting| (!who.first, who.since) < (!other.first, other.since);
        let mut place = self.queue.len();
        while place > 0 && goes_before(&self.queue[place - 1]) {
            place -= 1;
        }
        self.queue.insert(place, who);
    }

    pub(crate) fn quit(&mut self, visit: Uuid) {
        if let Some(place) = self.queue.iter().position(|waiting| waiting.visit == visit) {
            self.queue.remove(place);
        }
    }

    pub(crate) fn start(&mut self, visit: Uuid, server: u32) {
        self.busy.entry(server).or_default().push(visit);
        self.started += 1;
        self.idle_since = None;
    }

    pub(crate) fn finish(&mut self, visit: Uuid, server: u32, at: Moment) {
        if let Some(people) = self.busy.get_mut(&server) {
            people.retain(|&other| other != visit);
            if people.is_empty() {
                self.busy.remove(&server);
            }
        }
        if self.busy.is_empty() {
            self.idle_since = Some(at);
        }
    }
}
