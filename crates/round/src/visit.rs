//! One stay of one person at the site.

use domain::{Moment, event::Guest};
use uuid::Uuid;

/// One stay of one person at the site.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// The how manieth person of the day: what is called out.
    pub number: u32,
    /// When the arrival was written down; absent where only later things were.
    pub arrived: Option<Moment>,
    /// The household, where it is known.
    pub household: Option<Uuid>,
    /// Visitor class.
    pub class: String,
    /// Whether the class is green.
    pub green: bool,
    /// The lane that the person was told, from 1.
    pub lane: Option<u16>,
    /// Where the person is.
    pub stands: Stands,
    /// Stations passed: bit k for station k.
    pub passed: u64,
    /// The last service that ended.
    pub last: Option<Service>,
    /// What the person was given.
    pub item: Option<Uuid>,
    /// Who somebody is that is not on the roll.
    pub guest: Option<Guest>,
}

/// Where a person is, with what is known there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// On the way: to the first station, between stations, or out.
    Walking {
        /// Since when.
        since: Moment,
    },
    /// In a queue.
    Waiting {
        /// Since when.
        since: Moment,
        /// Whose queue.
        desk: Desk,
    },
    /// Being served.
    Serving {
        /// Since when.
        since: Moment,
        /// Where.
        desk: Desk,
        /// By whom, from 1; 0 where servers are not counted.
        server: u32,
    },
    /// Watched after a service.
    Observed {
        /// Since when.
        since: Moment,
        /// Until when at least.
        until: Moment,
    },
    /// Gone home.
    Gone {
        /// Since when.
        since: Moment,
        /// How the visit ended.
        end: End,
    },
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All served.
    Served,
    /// Gave up waiting.
    Left,
    /// Was turned away.
    Unserved,
}

/// A station in one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Desk {
    /// The station's place in the rules.
    pub station: usize,
    /// Lane, from 1; 0 for a station that all lanes share.
    pub lane: u16,
}

/// A service that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// Where.
    pub desk: Desk,
    /// By whom, from 1; 0 where servers are not counted.
    pub server: u32,
    /// When it ended.
    pub ended: Moment,
}

impl Stands {
    /// Since when the person is there.
    pub fn since(self) -> Moment {
        match self {
            Stands::Walking { since }
            | Stands::Waiting { since, .. }
            | Stands::Serving { since, .. }
            | Stands::Observed { since, .. }
            | Stands::Gone { since, .. } => since,
        }
    }

    /// Whether the person has gone.
    pub fn gone(self) -> bool {
        matches!(self, Stands::Gone { .. })
    }
}

impl Visit {
    /// Whether any service of this person has begun.
    pub fn begun(&self) -> bool {
        self.last.is_some() || self.passed != 0 || matches!(self.stands, Stands::Serving { .. })
    }

    /// Whether the person has been served at a station.
    pub fn has_passed(&self, station: usize) -> bool {
        station < 64 && self.passed >> station & 1 == 1
    }
}
