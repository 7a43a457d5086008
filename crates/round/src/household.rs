//! Households and the waves in which they are called.

use domain::{Moment, event::Answer};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What is known of a household.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Household {
    /// When it was called, and in which wave.
    pub called: Option<(Moment, u32)>,
    /// People of it who arrived, in order.
    pub people: Vec<Uuid>,
    /// How many of them have gone again.
    pub gone: usize,
    /// What it said at its door, and when.
    pub at_door: BTreeMap<Moment, Answer>,
    /// When it was told at its door what the newest notice says.
    pub told: BTreeSet<Moment>,
}

/// What is known of a wave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaveCounts {
    /// The first call.
    pub since: Option<Moment>,
    /// Households called.
    pub called: u32,
    /// Of those, households of whom somebody has arrived.
    pub arrived: u32,
    /// People of those households who arrived.
    pub people: u32,
}

impl Household {
    /// What it said last at its door, and when.
    pub fn answer(&self) -> Option<(Moment, Answer)> {
        self.at_door.last_key_value().map(|(&at, &answer)| (at, answer))
    }

    /// Whether it is still to be called: nobody called it, nobody came of it, and it did not say that it cannot.
    pub fn may_be_called(&self) -> bool {
        let declined = matches!(self.answer(), Some((_, Answer::CannotCome)));
        self.called.is_none() && self.people.is_empty() && !declined
    }

    /// Whether people came and all of them have gone again.
    pub fn done(&self) -> bool {
        !self.people.is_empty() && self.gone >= self.people.len()
    }
}
