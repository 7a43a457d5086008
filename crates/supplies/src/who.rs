//! Who says something, and where things are. Parties, places, people and households are random identifiers: names stand elsewhere.

use domain::Moment;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Who {
    /// Of which party: a place or a community.
    pub party: Uuid,
    /// As what.
    pub role: Role,
    /// Which account, volunteer, phone or household.
    pub person: Uuid,
}

/// As what somebody says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The party's desk.
    Desk,
    /// Keeps the stock.
    Keeper,
    /// Takes in at the gate.
    Gate,
    /// Brings it.
    Carrier,
    /// Helps at the site and at doors.
    Volunteer,
    /// A household, which confirms its own.
    Household,
}

/// Where a party keeps stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Store {
    /// Whose.
    pub party: Uuid,
    /// Which of theirs.
    pub place: Uuid,
}

/// Where something comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// A party's stock.
    Store(Store),
    /// A household's door.
    Door {
        /// Whose household.
        party: Uuid,
        /// Which.
        household: Uuid,
    },
}

/// By which record something is known, in the order of the recorders' clocks: what comes in late takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// When, by the clock of whoever recorded it.
    pub at: Moment,
    /// The record.
    pub id: Uuid,
    /// Who said it.
    pub by: Who,
}

impl Role {
    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Role::Desk => "supplies.role.desk",
            Role::Keeper => "supplies.role.keeper",
            Role::Gate => "supplies.role.gate",
            Role::Carrier => "supplies.role.carrier",
            Role::Volunteer => "supplies.role.volunteer",
            Role::Household => "supplies.role.household",
        }
    }
}

impl End {
    /// Whose it is.
    pub fn party(&self) -> Uuid {
        match *self {
            End::Store(Store { party, .. }) | End::Door { party, .. } => party,
        }
    }

    /// The household, if it is one.
    pub fn household(&self) -> Option<Uuid> {
        match *self {
            End::Store(_) => None,
            End::Door { household, .. } => Some(household),
        }
    }
}
