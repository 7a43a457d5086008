//! What happened, as it is written down.

use crate::{End, Lines, Mark, Role, Store, Who};
use domain::Moment;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A line of a party's book. The same line may stand in the books of two parties and come in more than once, in any order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its own: what has the same is the same.
    pub id: Uuid,
    /// When, by the clock of whoever recorded it.
    #[serde(with = "domain::rfc3339")]
    pub at: Moment,
    /// Who says so.
    pub by: Who,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// What a sender promises.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Promise {
    /// The shipment: its code.
    pub shipment: Uuid,
    /// From which stock; `None`: from outside, from somebody who keeps no book here.
    pub from: Option<Store>,
    /// Who brings it.
    pub carrier: Carrier,
    /// To whom, and what.
    pub to: To,
    /// When it leaves, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "domain::rfc3339::option")]
    pub leaves: Option<Moment>,
    /// When it is handed over at the latest.
    #[serde(with = "domain::rfc3339")]
    pub due: Moment,
}

/// Who brings a shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Carrier {
    /// Of which party.
    pub party: Uuid,
    /// Which volunteer, driver or firm, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
}

/// To whom a shipment goes, and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// To a party's stock.
    Store {
        /// Which.
        store: Store,
        /// What.
        lines: Lines,
    },
    /// To households, each of which says for itself that it came.
    Doors {
        /// Whose households.
        party: Uuid,
        /// Each with what it gets.
        of: Vec<Share>,
    },
}

/// What one household gets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Share {
    /// Which.
    pub household: Uuid,
    /// What.
    pub lines: Lines,
}

/// Which step of a shipment was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// What left.
    Sent,
    /// What came.
    Received,
}

/// Where something was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// On a shipment.
    Shipment(Uuid),
    /// In a stock.
    Store(Store),
}

/// Why something is missing, refused or written off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is said by its name and its sentence")]
pub enum Reason {
    NeverLoaded,
    Lost,
    Broken,
    Spoiled,
    Expired,
    WrongGoods,
    TooLate,
    NotNeeded,
    GivenElsewhere,
    Miscounted,
    NobodyThere,
    Unknown,
}

/// How something came into stock without a shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is said by its name")]
pub enum Entry {
    Opening,
    Bought,
    Donated,
}

/// What happened. Only grows: a tag is never used for anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    /// A shipment is promised, or promised otherwise than before.
    Promised {
        /// What.
        promise: Promise,
    },
    /// It will not come after all.
    CalledOff {
        /// Which.
        shipment: Uuid,
    },
    /// It left, with so many.
    Sent {
        /// Which.
        shipment: Uuid,
        /// From which stock.
        from: Store,
        /// What was loaded.
        lines: Lines,
    },
    /// It stands at the gate, says who brings it or who saw it.
    AtGate {
        /// Which.
        shipment: Uuid,
    },
    /// It was left at a household's door, says who brings it: not confirmed by anybody yet.
    Given {
        /// Which.
        shipment: Uuid,
        /// To whom.
        household: Uuid,
    },
    /// It came, says who received it.
    Received {
        /// Which.
        shipment: Uuid,
        /// Where to.
        #[serde(rename = "where")]
        at: End,
        /// What was counted.
        lines: Lines,
        /// This came beside what was received before.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        rest: bool,
    },
    /// The receiver does not take it: it is on its way back.
    Refused {
        /// Which.
        shipment: Uuid,
        /// Where.
        #[serde(rename = "where")]
        at: End,
        /// Why.
        reason: Reason,
    },
    /// Somebody at the desk has looked: so many it was, whatever these records say.
    Settled {
        /// Which.
        shipment: Uuid,
        /// What left or what came.
        step: Step,
        /// Where.
        #[serde(rename = "where")]
        at: End,
        /// The records that were looked at.
        over: Vec<Uuid>,
        /// In all; `None`: it was refused.
        lines: Option<Lines>,
    },
    /// What was on its way is in the sender's stock again.
    TakenBack {
        /// Which.
        shipment: Uuid,
        /// In which.
        #[serde(rename = "where")]
        at: Store,
        /// What.
        lines: Lines,
    },
    /// What was missing has turned up.
    Found {
        /// Of which.
        shipment: Uuid,
        /// Where.
        #[serde(rename = "where")]
        at: Store,
        /// What.
        lines: Lines,
    },
    /// What somebody knows of what is missing or too much.
    Explained {
        /// Of which.
        shipment: Uuid,
        /// What.
        reason: Reason,
    },
    /// Something should be written off; a second person in another role has to agree.
    WriteOffAsked {
        /// Its own.
        write_off: Uuid,
        /// Where it was lost.
        of: Loss,
        /// What.
        lines: Lines,
        /// Why.
        reason: Reason,
    },
    /// The second agrees.
    WriteOffAgreed {
        /// To which request.
        write_off: Uuid,
        /// Where it was lost: an agreement is for this alone, whatever else somebody asks under the same request.
        of: Loss,
    },
    /// Something came into stock without a shipment.
    Entered {
        /// Which stock.
        store: Store,
        /// What.
        lines: Lines,
        /// How.
        entry: Entry,
    },
    /// Something was taken from one stock of a party to another.
    Moved {
        /// Whose.
        party: Uuid,
        /// From which.
        from: Uuid,
        /// To which.
        to: Uuid,
        /// What.
        lines: Lines,
    },
    /// What was used so far in a slot, as this one knows it: said again, it takes the place of what the same one said before.
    Used {
        /// From which stock.
        store: Store,
        /// The beginning of the slot.
        #[serde(with = "domain::rfc3339")]
        slot: Moment,
        /// What, in all of the slot so far.
        lines: Lines,
    },
    /// Somebody has counted: so many there are.
    Counted {
        /// Which stock.
        store: Store,
        /// What.
        lines: Lines,
    },
    /// What a slot needs, by the plan.
    Needed {
        /// Of which stock.
        store: Store,
        /// Its beginning.
        #[serde(with = "domain::rfc3339")]
        slot: Moment,
        /// Its end.
        #[serde(with = "domain::rfc3339")]
        until: Moment,
        /// Of which round, where it is one's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        round: Option<Uuid>,
        /// What: nothing any more of what is none.
        lines: Lines,
    },
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 12] = [
        Reason::NeverLoaded,
        Reason::Lost,
        Reason::Broken,
        Reason::Spoiled,
        Reason::Expired,
        Reason::WrongGoods,
        Reason::TooLate,
        Reason::NotNeeded,
        Reason::GivenElsewhere,
        Reason::Miscounted,
        Reason::NobodyThere,
        Reason::Unknown,
    ];

    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Reason::NeverLoaded => "supplies.reason.never_loaded",
            Reason::Lost => "supplies.reason.lost",
            Reason::Broken => "supplies.reason.broken",
            Reason::Spoiled => "supplies.reason.spoiled",
            Reason::Expired => "supplies.reason.expired",
            Reason::WrongGoods => "supplies.reason.wrong_goods",
            Reason::TooLate => "supplies.reason.too_late",
            Reason::NotNeeded => "supplies.reason.not_needed",
            Reason::GivenElsewhere => "supplies.reason.given_elsewhere",
            Reason::Miscounted => "supplies.reason.miscounted",
            Reason::NobodyThere => "supplies.reason.nobody_there",
            Reason::Unknown => "supplies.reason.unknown",
        }
    }
}

impl To {
    /// Whose stock or households.
    pub fn party(&self) -> Uuid {
        match self {
            To::Store { store, .. } => store.party,
            To::Doors { party, .. } => *party,
        }
    }

    /// All that is on it.
    pub fn lines(&self) -> Lines {
        match self {
            To::Store { lines, .. } => lines.clone(),
            To::Doors { of, .. } => of
                .iter()
                .flat_map(|share| share.lines.0.iter().map(|(good, count)| (good.clone(), *count)))
                .collect(),
        }
    }
}

impl Event {
    /// Which shipment it is about, if it is about one.
    pub fn shipment(&self) -> Option<Uuid> {
        match *self {
            Event::Promised { promise: Promise { shipment, .. } }
            | Event::CalledOff { shipment }
            | Event::Sent { shipment, .. }
            | Event::AtGate { shipment }
            | Event::Given { shipment, .. }
            | Event::Received { shipment, .. }
            | Event::Refused { shipment, .. }
            | Event::Settled { shipment, .. }
            | Event::TakenBack { shipment, .. }
            | Event::Found { shipment, .. }
            | Event::Explained { shipment, .. }
            | Event::WriteOffAsked { of: Loss::Shipment(shipment), .. }
            | Event::WriteOffAgreed { of: Loss::Shipment(shipment), .. } => Some(shipment),
            _ => None,
        }
    }

    /// Whether it is somebody's to say, by what it says itself. What is not stands aside and changes nothing: nobody receives for another
    /// party, and who brings something never confirms that it came. What is said of another's shipment is held against its promise.
    pub fn is_theirs(&self, by: &Who) -> bool {
        use Role::{Desk, Gate, Household, Keeper, Volunteer};
        let as_one_of = |party: Uuid, roles: &[Role]| by.party == party && roles.contains(&by.role);
        let keeps = |store: &Store| as_one_of(store.party, &[Desk, Keeper, Gate, Volunteer]);
        let takes = |at: &End| match at {
            End::Store(store) => keeps(store),
            End::Door { party, household } => {
                as_one_of(*party, &[Desk, Volunteer])
                    || as_one_of(*party, &[Household]) && by.person == *household
            }
        };
        match self {
            Event::Promised { promise } => {
                as_one_of(promise.party(), &[Desk, Keeper]) && promise.is_of_its_code()
            }
            Event::CalledOff { .. } => matches!(by.role, Desk | Keeper),
            Event::Sent { from, .. } => keeps(from),
            Event::AtGate { .. } | Event::Given { .. } | Event::Explained { .. } => by.role != Household,
            Event::Received { at, .. } | Event::Refused { at, .. } => takes(at),
            // What left, left a stock.
            Event::Settled { at, step, .. } => {
                as_one_of(at.party(), &[Desk]) && (*step == Step::Received || at.household().is_none())
            }
            Event::TakenBack { at, .. } | Event::Found { at, .. } => keeps(at),
            Event::WriteOffAsked { of, .. } | Event::WriteOffAgreed { of, .. } => match of {
                Loss::Shipment(_) => by.role != Household,
                Loss::Store(store) => keeps(store),
            },
            Event::Entered { store, .. } | Event::Used { store, .. } | Event::Counted { store, .. } => {
                keeps(store)
            }
            Event::Moved { party, .. } => as_one_of(*party, &[Desk, Keeper, Gate, Volunteer]),
            Event::Needed { store, .. } => as_one_of(store.party, &[Desk, Keeper]),
        }
    }
}

impl Record {
    /// By which record something is known.
    pub fn mark(&self) -> Mark {
        Mark { at: self.at, id: self.id, by: self.by }
    }
}
