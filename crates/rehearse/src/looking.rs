//! How long each person waits, and when they leave.

use chance::Ticks;
use queueing::Probe;

/// Times of the people of one draw, by their place.
pub(crate) struct Looking {
    /// Before all stations together.
    pub waited: Vec<Ticks>,
    /// When they left, all served.
    pub left: Vec<Option<Ticks>>,
    since: Vec<Ticks>,
}

impl Looking {
    pub(crate) fn new(people: usize) -> Looking {
        Looking { waited: vec![0; people], left: vec![None; people], since: vec![0; people] }
    }
}

/// A party is told of by its first; those who follow it are the next places.
fn members(entry: usize, size: u8) -> std::ops::Range<usize> {
    entry..entry + usize::from(size)
}

impl Looking {
    fn ended(&mut self, at: Ticks, entry: usize, size: u8) {
        for member in members(entry, size) {
            self.waited[member] += at - self.since[member];
        }
    }
}

impl Probe for Looking {
    fn queued(&mut self, at: Ticks, entry: usize, size: u8, _: usize, _: usize) {
        self.since[members(entry, size)].fill(at);
    }
    fn started(&mut self, at: Ticks, entry: usize, size: u8, _: usize, _: usize, _: usize) {
        self.ended(at, entry, size);
    }
    fn gave_up(&mut self, at: Ticks, entry: usize, size: u8, _: usize, _: usize) {
        self.ended(at, entry, size);
    }
    fn turned_away(&mut self, at: Ticks, entry: usize, size: u8, _: usize, _: usize) {
        self.ended(at, entry, size);
    }
    fn departed(&mut self, at: Ticks, entry: usize, size: u8) {
        self.left[members(entry, size)].fill(Some(at));
    }
}
