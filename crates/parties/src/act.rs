//! What is written in a book.

use crate::Card;
use domain::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What parties have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Words from desk to desk.
    Words,
    /// Shipments, from promise to receipt.
    Supplies,
    /// Requests, offers, and the teams that are sent.
    Aid,
}

/// What happened. Only grows: a name is never used for anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", content = "event", rename_all = "snake_case")]
pub enum Act {
    /// With whom the party works together.
    Partners(PartnerEvent),
    /// Words from desk to desk.
    Words(WordsEvent),
    /// Of supplies.
    Supplies(supplies::Event),
    /// Of requests, offers and teams.
    Aid(teams::Event),
}

/// With whom a party works together: of nobody's concern but its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[expect(missing_docs, reason = "each event is said by its name and its fields; commands say what they mean")]
pub enum PartnerEvent {
    Met { card: Card },
    Shared { with: Uuid, subjects: BTreeSet<Subject> },
    Parted { from: Uuid },
}

/// Words from desk to desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[expect(missing_docs, reason = "each event is said by its name and its fields; commands say what they mean")]
pub enum WordsEvent {
    Wrote { message: Uuid, to: Uuid, words: String },
    Read { message: Uuid },
}

/// An act with its time and its person, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// By the clock of whoever wrote it, in UTC to 0.1 ms.
    #[serde(with = "moment")]
    pub at: Moment,
    /// Who.
    pub by: By,
    /// What.
    #[serde(flatten)]
    pub act: Act,
}

/// Somebody of a party. Never a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// As what.
    pub role: Role,
    /// The id of an account, a phone or a member; zeros for whoever sits at the machine itself.
    pub person: Uuid,
}

/// As what somebody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// At the party's desk.
    Desk,
    /// Keeps the stock.
    Keeper,
    /// Takes in at the gate.
    Gate,
    /// Brings a shipment.
    Carrier,
    /// Leads a team.
    Leader,
    /// Watches over infection control in a team.
    InfectionControl,
    /// Is a member of a team.
    Member,
}

/// Who wrote something in a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Writer {
    /// The party itself: its desk, or one of its phones.
    Own,
    /// Another party.
    Partner(Uuid),
}

impl Subject {
    /// All of them.
    pub const ALL: [Subject; 3] = [Subject::Words, Subject::Supplies, Subject::Aid];

    /// Its word in the API.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Words => "words",
            Subject::Supplies => "supplies",
            Subject::Aid => "aid",
        }
    }

    /// The subject of a word.
    pub fn parse(word: &str) -> Option<Subject> {
        Subject::ALL.into_iter().find(|subject| subject.name() == word)
    }
}

impl Act {
    /// What it is about, if others may be told of it.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Act::Partners(_) => None,
            Act::Words(_) => Some(Subject::Words),
            Act::Supplies(_) => Some(Subject::Supplies),
            Act::Aid(_) => Some(Subject::Aid),
        }
    }
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 7] = [
        Role::Desk,
        Role::Keeper,
        Role::Gate,
        Role::Carrier,
        Role::Leader,
        Role::InfectionControl,
        Role::Member,
    ];

    /// Its word in the API.
    pub fn name(self) -> &'static str {
        match self {
            Role::Desk => "desk",
            Role::Keeper => "keeper",
            Role::Gate => "gate",
            Role::Carrier => "carrier",
            Role::Leader => "leader",
            Role::InfectionControl => "infection_control",
            Role::Member => "member",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == word)
    }
}

impl By {
    /// Whoever sits at the party's desk.
    pub fn desk(person: Uuid) -> By {
        By { role: Role::Desk, person }
    }

    /// The same among supplies; `None` for whoever has nothing to say there.
    pub fn of_supplies(self, party: Uuid) -> Option<supplies::Who> {
        let role = match self.role {
            Role::Desk => supplies::Role::Desk,
            Role::Keeper => supplies::Role::Keeper,
            Role::Gate => supplies::Role::Gate,
            Role::Carrier => supplies::Role::Carrier,
            Role::Leader | Role::InfectionControl | Role::Member => return None,
        };
        Some(supplies::Who { party, role, person: self.person })
    }

    /// The same among teams. Whoever keeps stock, or takes in at the gate, receives what teams need.
    pub fn of_teams(self, party: Uuid) -> teams::By {
        let role = match self.role {
            Role::Desk => teams::Role::Desk,
            Role::Keeper | Role::Gate | Role::Carrier => teams::Role::Stores,
            Role::Leader => teams::Role::Leader,
            Role::InfectionControl => teams::Role::InfectionControl,
            Role::Member => teams::Role::Member,
        };
        teams::By { party, role, person: Some(self.person) }
    }
}

impl Written {
    /// As it stands in a frame.
    pub fn body(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("our own types are written as JSON")
    }

    /// Of a frame; `None` where a newer program wrote it, or it is nothing of ours.
    pub fn read(body: &[u8]) -> Option<Written> {
        serde_json::from_slice(body).ok()
    }
}

/// Moments as people and other programs read them.
mod moment {
    use domain::Moment;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(at: &Moment, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&at.rfc3339())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Moment, D::Error> {
        let text = String::deserialize(from)?;
        Moment::parse(&text).ok_or_else(|| D::Error::custom("no moment"))
    }
}
