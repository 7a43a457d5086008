//! What is asked, and what happened.

use crate::{Posting, Side, Tone};
use domain::Moment;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody who lives here.
    Resident(Uuid),
    /// The secretariat, and who of it.
    Desk(String),
    /// A volunteer of the community.
    Volunteer(Uuid),
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A need or an offer. What is posted again is one with what stands there.
    Post(Posting),
    /// A need or an offer is taken back.
    Withdraw {
        /// Which.
        posting: Uuid,
    },
    /// The secretariat should see to a need.
    HandOver {
        /// Which.
        need: Uuid,
    },
    /// A need is the same as another of its household: it goes on as that one. For the secretariat.
    Join {
        /// Which is no need of its own.
        need: Uuid,
        /// As which it goes on.
        into: Uuid,
    },
    /// Both should be asked. For the secretariat.
    Propose {
        /// Whose need.
        need: Uuid,
        /// By whose offer.
        offer: Uuid,
    },
    /// A volunteer should carry it: to whoever needs it, from whoever offers it if both have said yes, otherwise by themselves. In the place
    /// of whoever was to carry it before. For the secretariat.
    Assign {
        /// The need.
        need: Uuid,
        /// The volunteer.
        volunteer: Uuid,
    },
    /// One of the two says yes.
    Accept {
        /// The need.
        need: Uuid,
    },
    /// One of the two says no, or cannot after all; or the volunteer cannot.
    Decline {
        /// The need.
        need: Uuid,
    },
    /// It was done, says who did it; or the secretariat, of the volunteer who was to carry it.
    Carry {
        /// The need.
        need: Uuid,
    },
    /// One of the two says that it was done.
    Confirm {
        /// The need.
        need: Uuid,
    },
    /// Whether who offers may be with children. For the secretariat.
    GiveWord {
        /// The offer.
        offer: Uuid,
        /// Whether they may.
        good: bool,
    },
    /// The secretariat has seen to it.
    Settle {
        /// The need.
        need: Uuid,
    },
    /// Somebody says how things go.
    Speak {
        /// Drawn by whoever takes it in.
        id: Uuid,
        /// Whose words.
        by: Uuid,
        /// Which way.
        tone: Tone,
        /// What.
        words: String,
        /// By when they are answered: the next evening.
        due: Moment,
    },
    /// The secretariat answers.
    Answer {
        /// Which voice.
        voice: Uuid,
        /// What.
        words: String,
    },
}

/// What happened. Only grows: a tag is never used for anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[expect(missing_docs, reason = "each event is said by its name and its fields; commands say what they mean")]
pub enum Event {
    Posted { posting: Posting },
    Amended { posting: Posting },
    Withdrawn { posting: Uuid },
    HandedOver { need: Uuid },
    Offered { need: Uuid, offer: Uuid },
    Assigned { need: Uuid, volunteer: Uuid, by: String },
    GivenBack { need: Uuid },
    Joined { need: Uuid, into: Uuid },
    Accepted { need: Uuid, side: Side },
    Declined { need: Uuid, side: Side },
    Carried { need: Uuid, by: Option<Side> },
    Confirmed { need: Uuid, side: Side },
    WordGiven { offer: Uuid, good: bool, by: String },
    Settled { need: Uuid, by: String },
    Spoken { id: Uuid, by: Uuid, tone: Tone, words: String, due: Moment },
    Answered { voice: Uuid, words: String, by: String },
}

impl Event {
    /// The needs, offers and voices that it is about.
    pub fn about(&self) -> [Option<Uuid>; 2] {
        match *self {
            Event::Posted { ref posting } | Event::Amended { ref posting } => [Some(posting.id), None],
            Event::Withdrawn { posting } => [Some(posting), None],
            Event::Offered { need, offer } => [Some(need), Some(offer)],
            // The other may be forgotten: this one stays joined.
            Event::Joined { need, .. } => [Some(need), None],
            Event::HandedOver { need }
            | Event::Assigned { need, .. }
            | Event::GivenBack { need }
            | Event::Accepted { need, .. }
            | Event::Declined { need, .. }
            | Event::Carried { need, .. }
            | Event::Confirmed { need, .. }
            | Event::Settled { need, .. } => [Some(need), None],
            Event::WordGiven { offer, .. } => [Some(offer), None],
            Event::Spoken { id, .. } => [Some(id), None],
            Event::Answered { voice, .. } => [Some(voice), None],
        }
    }
}
