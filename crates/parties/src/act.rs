//! What is written in a book.

use crate::Card;
use domain::Moment;
use journal::Hash;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What parties have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Words from desk to desk.
    Words,
    /// Shipments, from the promise to the receipt.
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
    /// Of stock and shipments.
    Supplies(SuppliesEvent),
    /// Of requests, offers and teams.
    Aid(AidEvent),
}

/// With whom a party works together: of nobody's concern but its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[expect(missing_docs, reason = "each event is said by its name and its fields; commands say what they mean")]
pub enum PartnerEvent {
    Met { card: Card },
    Shared { with: Uuid, subjects: BTreeSet<Subject> },
    Parted { from: Uuid },
    Stood { donor: String, party: Option<Uuid> },
    Told { to: Uuid, frames: Vec<ToldAt> },
}

/// A frame that a partner is told from now on, the next of its log. It is written down, so that the log stays what it was when a newer program
/// reads more of the book, or thinks otherwise of whom something concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldAt {
    /// Where it stands in the book.
    pub position: u64,
    /// The log with it.
    #[serde(with = "crate::hex")]
    pub hash: Hash,
}

/// Of stock and shipments: what, and as what somebody says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuppliesEvent {
    /// As what.
    pub role: supplies::Role,
    /// What.
    #[serde(flatten)]
    pub event: supplies::Event,
}

/// Of requests, offers and teams: what, and as what somebody says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AidEvent {
    /// As what.
    pub role: teams::Role,
    /// What.
    #[serde(flatten)]
    pub event: teams::Event,
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
    #[serde(with = "domain::rfc3339")]
    pub at: Moment,
    /// Who: the id of an account or a phone of the party, never a name.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub act: Act,
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
