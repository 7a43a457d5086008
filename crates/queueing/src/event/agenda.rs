//! What is going to happen, soonest first. Services at counted servers are few and near: a small sorted array beats a
//! heap there. Everything else (walks, chairs without number, patience, calendars) may be many, and lies in a heap.

use chance::Ticks;
use std::{cmp::Reverse, collections::BinaryHeap};

/// What kind of thing happens, in the order in which things of one tick happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Departure,
    Back,
    Staff,
    Arrival,
    Close,
    GiveUp,
}

const KINDS: [Kind; 6] = [Kind::Departure, Kind::Back, Kind::Staff, Kind::Arrival, Kind::Close, Kind::GiveUp];

/// Time, kind and person in one number, so that one comparison puts events in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(u128);

impl Key {
    /// After everything.
    pub(crate) const NEVER: Key = Key(u128::MAX);

    #[inline]
    pub(crate) fn new(at: Ticks, kind: Kind, entry: u32) -> Key {
        // With the sign turned over, times before opening come first.
        let at = at as u64 ^ 1 << 63;
        Key(u128::from(at) << 64 | u128::from(kind as u8) << 32 | u128::from(entry))
    }
}

/// One thing that is going to happen. Ordered by time, kind and entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Event {
    key: Key,
    /// The desk; for a staff change its place in the calendar.
    pub desk: u32,
    pub server: u32,
}

impl Event {
    #[inline]
    pub(crate) fn new(at: Ticks, kind: Kind, entry: u32, desk: u32, server: u32) -> Event {
        Event { key: Key::new(at, kind, entry), desk, server }
    }

    #[inline]
    pub(crate) fn at(&self) -> Ticks {
        ((self.key.0 >> 64) as u64 ^ 1 << 63) as Ticks
    }

    #[inline]
    pub(crate) fn kind(&self) -> Kind {
        KINDS[(self.key.0 >> 32) as usize & 7]
    }

    /// Whom it happens to; for a staff change the station.
    #[inline]
    pub(crate) fn entry(&self) -> usize {
        self.key.0 as u32 as usize
    }
}

/// More than so many near events are better off in the heap.
const NEAR_MAX: usize = 64;

#[derive(Debug)]
pub(crate) struct Agenda {
    /// Latest first.
    near: Vec<Event>,
    far: BinaryHeap<Reverse<Event>>,
    /// The first of `far`.
    next_far: Key,
}

impl Default for Agenda {
    fn default() -> Agenda {
        Agenda { near: Vec::new(), far: BinaryHeap::new(), next_far: Key::NEVER }
    }
}

impl Agenda {
    pub(crate) fn clear(&mut self) {
        self.near.clear();
        self.far.clear();
        self.next_far = Key::NEVER;
    }

    /// Adds an event of which there are seldom many at a time.
    #[inline(always)]
    pub(crate) fn soon(&mut self, event: Event) {
        let mut place = self.near.len();
        if place == NEAR_MAX {
            return self.later(event);
        }
        self.near.push(event);
        while place > 0 && self.near[place - 1].key < event.key {
            self.near[place] = self.near[place - 1];
            place -= 1;
        }
        self.near[place] = event;
    }

    /// Adds an event of which there may be many.
    pub(crate) fn later(&mut self, event: Event) {
        self.far.push(Reverse(event));
        self.next_far = self.next_far.min(event.key);
    }

    /// Takes out the next event, if it comes before this.
    #[inline]
    pub(crate) fn next_before(&mut self, limit: Key) -> Option<Event> {
        let near = self.near.last().map_or(Key::NEVER, |event| event.key);
        let next = near.min(self.next_far);
        if next >= limit {
            return None;
        }
        if next == near { self.near.pop() } else { self.next_far() }
    }

    #[inline(never)]
    fn next_far(&mut self) -> Option<Event> {
        let event = self.far.pop().map(|event| event.0);
        self.next_far = self.far.peek().map_or(Key::NEVER, |event| event.0.key);
        event
    }
}
