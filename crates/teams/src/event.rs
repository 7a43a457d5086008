//! What happened, and who told it.

use crate::{
    Change, Close, Deployment, Goods, Health, Heat, Lodging, Member, Offer, Request, Room, Rules, Shift,
    Step, Strength, Team,
};
use domain::{
    Moment,
    event::{Finding, Keeps},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

named!(
    /// What somebody is in it.
    Role {
        /// Whoever decides at a party: the desk of a city, of a district, of a community.
        Desk "desk",
        /// Who leads a team.
        Leader "leader",
        /// Who watches over infection control in a team.
        InfectionControl "infection_control",
        /// Who brings water, meals and clothing.
        Stores "stores",
        /// A member of a team.
        Member "member",
    }
);

impl Role {
    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Role::Desk => "team.role.desk",
            Role::Leader => "team.role.leader",
            Role::InfectionControl => "team.role.infection_control",
            Role::Stores => "team.role.stores",
            Role::Member => "team.role.member",
        }
    }
}

/// Who tells something: a role at a party and, where it matters, an identifier. Never a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct By {
    /// Of which party.
    pub party: Uuid,
    /// As what.
    pub role: Role,
    /// A member, or an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
}

/// A fact as it is written: one JSON object a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Told {
    /// Of this fact alone.
    pub id: Uuid,
    /// When, by the clock of whoever told it.
    #[serde(with = "domain::rfc3339")]
    pub at: Moment,
    /// Who told it.
    pub by: By,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened. Only grows: a tag is never used for anything else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "type")]
#[expect(missing_docs, reason = "each event is said by its name and its fields; commands say what they mean")]
pub enum Event {
    Named {
        of: Uuid,
        name: String,
    },
    RulesSet {
        host: Uuid,
        rules: Rules,
    },
    Declared {
        strength: Strength,
    },
    Requested {
        request: Request,
    },
    Declined {
        request: Uuid,
        donor: Uuid,
    },
    RequestClosed {
        request: Uuid,
        how: Close,
    },
    Offered {
        offer: Offer,
    },
    OfferAccepted {
        offer: Uuid,
        number: u32,
    },
    OfferDeclined {
        offer: Uuid,
    },
    OfferWithdrawn {
        offer: Uuid,
    },
    Committed {
        deployment: Deployment,
    },
    Stepped {
        deployment: Uuid,
        step: Step,
    },
    Lodged {
        deployment: Uuid,
        lodging: Uuid,
        rooms: Vec<Room>,
    },
    ChangeAsked {
        change: Uuid,
        deployment: Uuid,
        what: Change,
        #[serde(with = "domain::rfc3339")]
        until: Moment,
    },
    ChangeAnswered {
        change: Uuid,
        granted: bool,
    },
    LodgingOpened {
        lodging: Lodging,
    },
    Formed {
        team: Team,
    },
    Joined {
        team: Uuid,
        member: Member,
    },
    Left {
        team: Uuid,
        member: Uuid,
    },
    Checked {
        member: Uuid,
        health: Health,
    },
    Tested {
        member: Uuid,
        #[serde(with = "domain::rfc3339")]
        taken: Moment,
        finding: Finding,
    },
    Isolated {
        member: Uuid,
    },
    Freed {
        member: Uuid,
    },
    HeatForecast {
        heat: Heat,
    },
    ShiftPlanned {
        shift: Shift,
    },
    ShiftBegan {
        shift: Uuid,
    },
    ShiftEnded {
        shift: Uuid,
    },
    ShiftDropped {
        shift: Uuid,
    },
    Received {
        team: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shift: Option<Uuid>,
        goods: Goods,
        count: u32,
    },
    Settled {
        first: Uuid,
        second: Uuid,
        keeps: Keeps,
    },
}

impl Event {
    /// How long it is as it is written, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        // What cannot be written does not fit anywhere.
        serde_json::to_vec(self).map_or(usize::MAX, |text| text.len())
    }

    /// Whether it is the beginning of something that others tell of.
    pub(crate) fn begins(&self) -> bool {
        matches!(
            self,
            Event::Requested { .. }
                | Event::Offered { .. }
                | Event::Committed { .. }
                | Event::LodgingOpened { .. }
                | Event::Formed { .. }
                | Event::Joined { .. }
                | Event::ShiftPlanned { .. }
                | Event::ChangeAsked { .. }
        )
    }
}
