//! The state of a running site.

mod apply;
mod boxes;
mod decide;
mod link;
mod moves;
mod reports;
mod table;

pub use boxes::ALIAS_MAX;

use crate::{
    Booking, Cards, Conflict, Counter, Counts, Evidence, Household, Rules, Tube, Visit, WaveCounts,
    custody::Custody, results::Results, visit::Desk,
};
use domain::{Envelope, Moment, event::Keeps};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use uuid::Uuid;

/// The state of a running site: what all events so far come to. Whether they were rehearsed, nothing here knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    pub(crate) rules: Arc<Rules>,
    pub(crate) phase: Phase,
    pub(crate) visits: BTreeMap<Uuid, Visit>,
    counters: BTreeMap<Desk, Counter>,
    pub(crate) tubes: BTreeMap<Uuid, Tube>,
    pub(crate) custody: Custody,
    pub(crate) results: Results,
    /// What of each tube and box contradicts itself: those of the conflicts that may go again.
    disputes: BTreeMap<Uuid, Vec<Conflict>>,
    /// Who has each dose, course or parcel.
    items: BTreeMap<Uuid, Uuid>,
    households: BTreeMap<Uuid, Household>,
    waves: BTreeMap<u32, WaveCounts>,
    /// What was booked in other systems for each household.
    pub(crate) bookings: BTreeMap<Uuid, BTreeSet<Booking>>,
    counts: Counts,
    tally: Tally,
    recalled: BTreeSet<String>,
    conflicts: Vec<Conflict>,
    pub(crate) settled: BTreeMap<Uuid, Keeps>,
    cards: Cards,
    codes: BTreeMap<Uuid, Link>,
    admitted: BTreeSet<Uuid>,
    latest: Option<Moment>,
}

/// Whether the site is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not yet; households may be called and people may arrive.
    Before,
    /// It is.
    Open {
        /// Since when.
        since: Moment,
    },
    /// Not any more.
    Closed {
        /// Since when.
        at: Moment,
    },
}

impl Phase {
    /// The word for it: `before`, `open` or `closed`.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Before => "before",
            Phase::Open { .. } => "open",
            Phase::Closed { .. } => "closed",
        }
    }
}

/// People who were only counted at the gates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Who came.
    pub came: u32,
    /// Who left, served.
    pub left: u32,
}

/// Whose a code of another system is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    /// The person's visit; absent: the whole household's.
    pub visit: Option<Uuid>,
    /// The household, where it is known.
    pub household: Option<Uuid>,
}

/// A link of a code of another system that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link {
    at: Moment,
    whose: Whose,
    /// Whether what was said earlier does not count any more.
    instead: bool,
}

/// What became of an event that was admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It is part of the state now.
    New,
    /// It was before: sending again is always right.
    Known,
}

impl Round {
    /// A round of which nothing has happened.
    pub fn new(rules: impl Into<Arc<Rules>>) -> Round {
        let rules = rules.into();
        let desks = rules.desks().map(|desk| (desk, Counter::default()));
        Round {
            phase: Phase::Before,
            visits: BTreeMap::new(),
            counters: desks.collect(),
            tubes: BTreeMap::new(),
            custody: Custody::default(),
            results: Results::default(),
            disputes: BTreeMap::new(),
            items: BTreeMap::new(),
            households: BTreeMap::new(),
            waves: BTreeMap::new(),
            bookings: BTreeMap::new(),
            counts: Counts::default(),
            tally: Tally::default(),
            recalled: rules.lots.iter().filter(|lot| lot.recalled).map(|lot| lot.name.clone()).collect(),
            conflicts: Vec::new(),
            settled: BTreeMap::new(),
            cards: Cards::default(),
            codes: BTreeMap::new(),
            admitted: BTreeSet::new(),
            latest: None,
            rules,
        }
    }

    /// Takes in what a device recorded: once, however often it is sent, and never refused.
    pub fn admit(&mut self, envelope: &Envelope) -> Admission {
        if !self.admitted.insert(envelope.id) {
            return Admission::Known;
        }
        let at = Moment::parse(&envelope.at).unwrap_or_else(|| {
            let text = envelope.at.chars().take(TIME_MAX).collect();
            self.conflicts.push(Conflict::NoTime { event: envelope.id, text });
            self.latest.unwrap_or(self.rules.opens)
        });
        self.fold(Evidence::of(at, envelope), &envelope.event);
        Admission::New
    }

    /// What the site goes by.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether the site is open.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// How many people are where.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// One person's stay.
    pub fn visit(&self, visit: Uuid) -> Option<&Visit> {
        self.visits.get(&visit)
    }

    /// Everyone seen so far.
    pub fn visits(&self) -> &BTreeMap<Uuid, Visit> {
        &self.visits
    }

    /// The stations, lane by lane, in the order of the rules.
    pub fn counters(&self) -> &BTreeMap<Desk, Counter> {
        &self.counters
    }

    /// All tubes.
    pub fn tubes(&self) -> &BTreeMap<Uuid, Tube> {
        &self.tubes
    }

    /// The households that were called or came.
    pub fn households(&self) -> &BTreeMap<Uuid, Household> {
        &self.households
    }

    /// The waves that were called.
    pub fn waves(&self) -> &BTreeMap<u32, WaveCounts> {
        &self.waves
    }

    /// Facts that contradict each other, in the order in which they came in.
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// Those of them that nobody has settled.
    pub fn open_conflicts(&self) -> impl Iterator<Item = &Conflict> {
        self.conflicts.iter().filter(|conflict| !self.settled.contains_key(&conflict.id()))
    }

    /// What was decided about a conflict, by its [id](Conflict::id).
    pub fn settled(&self, conflict: Uuid) -> Option<Keeps> {
        self.settled.get(&conflict).copied()
    }

    /// People who were only counted at the gates.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Whether nothing of a lot may be given any more.
    pub fn is_recalled(&self, lot: &str) -> bool {
        self.recalled.contains(lot)
    }

    /// The stopwatch cards.
    pub fn cards(&self) -> &Cards {
        &self.cards
    }

    /// Whose a code of another system is.
    pub fn of_code(&self, code: Uuid) -> Option<Whose> {
        self.codes.get(&code).map(|link| link.whose)
    }

    /// The latest moment of which anything is known.
    pub fn latest(&self) -> Option<Moment> {
        self.latest
    }
}

impl Rules {
    /// Every station in every lane; shared ones once, in lane 0.
    pub fn desks(&self) -> impl Iterator<Item = Desk> + '_ {
        self.stations.iter().enumerate().flat_map(|(number, station)| {
            let lanes = if station.shared { 0..=0 } else { 1..=self.lanes };
            lanes.map(move |lane| Desk { station: number, lane })
        })
    }
}

/// So much of a time that cannot be read is kept: enough to see what it was meant to be.
const TIME_MAX: usize = 64;
