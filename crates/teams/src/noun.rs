//! What is asked for, offered and sent, and the people who go.

use domain::Moment;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

named!(
    /// How a request ends before it is filled.
    Close {
        /// It is not needed any more.
        Cancelled "cancelled",
        /// What came is enough, or no more will come.
        Enough "enough",
    }
);

named!(
    /// A step of a deployment, in the order in which a life has them.
    Step {
        /// On the way.
        Departed "departed",
        /// At the recipient's.
        Arrived "arrived",
        /// The recipient needs them no longer.
        Released "released",
        /// Taken out of service before its time, by either side.
        Withdrawn "withdrawn",
        /// Not sent after all; if they have departed, they turn round.
        Cancelled "cancelled",
        /// At home again.
        Returned "returned",
    }
);

named!(
    /// What is to be changed of a deployment.
    Change {
        /// The recipient asks that they stay longer.
        Extend "extend",
        /// The donor asks them back.
        Return "return",
    }
);

named!(
    /// What a daily health check says.
    Health {
        /// Nothing is the matter.
        Well "well",
        /// Fever, cough, or whatever the team's rules name.
        Ill "ill",
    }
);

/// What a donor has of one skill, and what its own situation needs at home. The last that it told counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Strength {
    /// The donor.
    pub donor: Uuid,
    /// Of what: `sampling`, `dialysis`; the donor's and the recipient's word for it.
    pub skill: String,
    /// People with it.
    pub people: u32,
    /// So many of them stay.
    pub reserve: u32,
}

/// What a recipient asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Request {
    /// Its own.
    pub id: Uuid,
    /// Who asks.
    pub host: Uuid,
    /// Whom it was sent to: each answers.
    #[serde(default)]
    pub asked: Vec<Uuid>,
    /// Of what.
    pub skill: String,
    /// People.
    pub number: u32,
    /// Where they work.
    pub district: String,
    /// From when.
    #[serde(with = "domain::rfc3339")]
    pub from: Moment,
    /// Until when: a request has an end.
    #[serde(with = "domain::rfc3339")]
    pub until: Moment,
    /// By when donors answer.
    #[serde(with = "domain::rfc3339")]
    pub answer_by: Moment,
    /// Why.
    pub why: String,
}

/// What a donor offers to a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Offer {
    /// Its own.
    pub id: Uuid,
    /// To which request.
    pub request: Uuid,
    /// Who offers.
    pub donor: Uuid,
    /// People.
    pub number: u32,
    /// From when they can be there.
    #[serde(with = "domain::rfc3339")]
    pub from: Moment,
    /// Until when they can stay.
    #[serde(with = "domain::rfc3339")]
    pub until: Moment,
}

/// People of an accepted offer who are sent: all of it, or a part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Deployment {
    /// Its own.
    pub id: Uuid,
    /// Of which offer.
    pub offer: Uuid,
    /// As which team; it may be formed later.
    pub team: Uuid,
    /// People.
    pub number: u32,
    /// When they leave home.
    #[serde(with = "domain::rfc3339")]
    pub departs: Moment,
    /// When they are there.
    #[serde(with = "domain::rfc3339")]
    pub arrives: Moment,
}

/// Where people sleep.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lodging {
    /// Its own.
    pub id: Uuid,
    /// Whose.
    pub host: Uuid,
    /// Beds in it.
    pub beds: u32,
}

/// Who shares a room.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Room {
    /// As its door says.
    pub number: String,
    /// Who.
    pub members: Vec<Uuid>,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Team {
    /// Its own.
    pub id: Uuid,
    /// Who sends it.
    pub donor: Uuid,
    /// What it can do.
    pub skill: String,
    /// What it is called.
    pub name: String,
}

/// A member of a team; names stand elsewhere, and whoever writes one here is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Their own.
    pub id: Uuid,
    /// Whether they watch over infection control.
    #[serde(default)]
    pub supervisor: bool,
    /// Whether they are not to work outdoors on hot days. Why is nobody's business.
    #[serde(default)]
    pub spared: bool,
}
