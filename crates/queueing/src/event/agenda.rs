//! What is going to happen, soonest first. Services at counted servers are few and near: a small sorted array beats a
//! heap there. Everything else (walks, chairs without number, patience, calendars) may be many, and lies in a heap.

use chance::Ticks;
use std::{cmp::Reverse, collections::BinaryHeap};

/// What kind of thing happens, in the order in which things of one tick happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Departure,
    Back,
    Staff,
    Arrival,
    Close,
    GiveUp,
}

const KINDS: [Kind; 6] = [Kind::Departure, Kind::Back, Kind::Staff, Kind::Arrival, Kind::Close, Kind::GiveUp];

impl Kind {
    /// Place among things of one tick, for this person.
    #[inline]
    pub(super) fn rank(self, entry: u32) -> u64 {
        (self as u64) << 32 | u64::from(entry)
    }
}

/// One thing that is going to happen. Ordered by time, kind and entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Event {
    pub at: Ticks,
    rank: u64,
    /// Whom it happens to; for a staff change the station.
    pub entry: u32,
    /// The desk; for a staff change its place in the calendar.
    pub desk: u32,
    pub server: u32,
}

impl Event {
    #[inline]
    pub(super) fn new(at: Ticks, kind: Kind, entry: u32, desk: u32, server: u32) -> Event {
        Event { at, rank: kind.rank(entry), entry, desk, server }
    }

    #[inline]
    pub(super) fn kind(&self) -> Kind {
        KINDS[(self.rank >> 32) as usize]
    }

    #[inline]
    fn key(&self) -> (Ticks, u64) {
        (self.at, self.rank)
    }
}

#[derive(Debug, Default)]
pub(super) struct Agenda {
    /// Latest first.
    near: Vec<Event>,
    far: BinaryHeap<Reverse<Event>>,
}

impl Agenda {
    pub(super) fn clear(&mut self) {
        self.near.clear();
        self.far.clear();
    }

    /// Adds an event of which there are never many at a time.
    #[inline]
    pub(super) fn soon(&mut self, event: Event) {
        let key = event.key();
        let mut place = self.near.len();
        while place > 0 && self.near[place - 1].key() < key {
            place -= 1;
        }
        self.near.insert(place, event);
    }

    /// Adds an event of which there may be many.
    #[inline]
    pub(super) fn later(&mut self, event: Event) {
        self.far.push(Reverse(event));
    }

    /// Takes out the next event, if it comes before this arrival.
    #[inline]
    pub(super) fn next_before(&mut self, arrival: Option<(Ticks, u64)>) -> Option<Event> {
        let near = self.near.last().map(Event::key);
        let far = self.far.peek().map(|event| event.0.key());
        let from_far = match (near, far) {
            (None, None) => return None,
            (Some(_), None) => false,
            (None, Some(_)) => true,
            (Some(near), Some(far)) => far < near,
        };
        let next = if from_far { far } else { near };
        if arrival.is_some() && arrival < next {
            return None;
        }
        if from_far { self.far.pop().map(|event| event.0) } else { self.near.pop() }
    }
}
