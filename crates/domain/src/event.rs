//! What happened: one vocabulary for a rehearsal and a real round. Where an event comes from stands on the envelope
//! alone. Written events only grow: a tag is never used again for anything else.

mod found;

pub use found::{CallBack, Finding, Reason};

use crate::{Moment, command::Table};
use chance::{TICKS_PER_SECOND, Ticks};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// One event as it is written: one JSON object a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Of this event alone; in rehearsals derived from seed, replication and order.
    pub id: Uuid,
    /// The community that owns it.
    pub community_id: Uuid,
    /// Who recorded it: a phone, a server, or the rehearsal.
    pub device: Uuid,
    /// Its place in the device's log for this community, from 1.
    pub seq: u64,
    /// RFC 3339 in UTC to 0.1 ms: `2022-03-27T23:05:00.0000Z`.
    pub at: String,
    /// Real, on paper, or rehearsed.
    pub origin: Origin,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// Where an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A device recorded it as it happened.
    Real,
    /// Typed in afterwards from a sheet.
    Paper,
    /// A simulation made it.
    Rehearsed {
        /// The seed of the run.
        seed: u64,
        /// Which replication.
        replication: u32,
    },
}

/// What happened. A visit is one stay of one person at the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    /// The site opened.
    RoundOpened,
    /// A household was told to come now.
    HouseholdCalled {
        /// The household.
        household: Uuid,
        /// The wave it belongs to.
        wave: u32,
    },
    /// A person arrived at the site.
    Arrived {
        /// The visit that begins.
        visit: Uuid,
        /// The household, where it is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        household: Option<Uuid>,
        /// Visitor class.
        class: String,
        /// Lane, from 1; absent where a person has not chosen yet.
        #[serde(skip_serializing_if = "Option::is_none")]
        lane: Option<u16>,
    },
    /// A person reached a station's queue.
    Queued {
        /// The visit.
        visit: Uuid,
        /// The station's name.
        station: String,
        /// Lane, from 1; 0 for a station that all lanes share.
        lane: u16,
    },
    /// A service began.
    ServiceStarted {
        /// The visit.
        visit: Uuid,
        /// The station's name.
        station: String,
        /// Lane, from 1; 0 for a shared station.
        lane: u16,
        /// Server at the station, from 1; 0 where they are not counted.
        server: u32,
    },
    /// A service ended.
    Served {
        /// The visit.
        visit: Uuid,
        /// The station's name.
        station: String,
        /// Lane, from 1; 0 for a shared station.
        lane: u16,
        /// Server at the station, from 1; 0 where they are not counted.
        server: u32,
    },
    /// A person got what the round gives: a place in a tube, a dose, a course, a parcel.
    ItemGiven {
        /// The visit.
        visit: Uuid,
        /// Which kind of thing: `tube`, `dose`, `course`, `parcel`.
        kind: String,
        /// The thing; ten people share a tube.
        item: Uuid,
        /// The lot that it is of, where lots are written down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<String>,
    },
    /// A tube is full, or closed for the day: nobody else is mixed in.
    TubeSealed {
        /// The tube.
        item: Uuid,
        /// People in it.
        people: u8,
    },
    /// A person was watched for long enough.
    ObservationEnded {
        /// The visit.
        visit: Uuid,
    },
    /// A person gave up waiting.
    Deferred {
        /// The visit.
        visit: Uuid,
        /// The station waited for.
        station: String,
    },
    /// A person could not be served: closing, or nobody staffs the station any more.
    TurnedAway {
        /// The visit.
        visit: Uuid,
        /// The station waited for.
        station: String,
    },
    /// A person left, all served.
    Left {
        /// The visit that ends.
        visit: Uuid,
    },
    /// The last person left.
    RoundClosed,
    /// A household was asked at its door, or answered.
    HouseholdAnswered {
        /// The household.
        household: Uuid,
        /// What it said.
        answer: Answer,
    },
    /// A household was told at its door what the newest notice says.
    NoticeTold {
        /// The household.
        household: Uuid,
    },
    /// A person is not on the roll: to be asked after later.
    Unlisted {
        /// The visit.
        visit: Uuid,
        /// Who says the person is.
        kind: Guest,
    },
    /// Somebody counted a queue by eye.
    QueueCounted {
        /// The station's name.
        station: String,
        /// Lane, from 1; 0 for a shared station.
        lane: u16,
        /// People in it.
        people: u32,
    },
    /// People went through a gate and were only counted.
    PeopleCounted {
        /// Which gate.
        gate: Gate,
        /// How many at once.
        people: u32,
    },
    /// A lot must not be given any more.
    LotRecalled {
        /// Which.
        lot: String,
    },
    /// The device that recorded these events takes them back: they did not happen.
    Undone {
        /// Identifiers of the events.
        events: Vec<Uuid>,
    },
    /// A numbered stopwatch card was handed to whoever came last, or was shown at a table: that person's service begins.
    CardTapped {
        /// The card's number.
        card: u32,
        /// Where it was shown; absent: at the entrance.
        #[serde(flatten)]
        table: Option<Table>,
    },
    /// A code of another system is from now on whose it is: a person's, else a household's.
    CodeLinked {
        /// What stands for the code: nobody can trace it back without the round's own key.
        code: Uuid,
        /// The person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<Uuid>,
        /// The household, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        household: Option<Uuid>,
        /// Whether it was linked before and that was wrong: what was said earlier does not count any more.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        instead: bool,
    },
    /// A box was closed with these tubes in it.
    BatchSealed {
        /// The box.
        batch: Uuid,
        /// The tubes, [`BATCH_TUBES_MAX`] at most.
        tubes: Vec<Uuid>,
    },
    /// Somebody took a box: whoever receives it says so.
    BatchReceived {
        /// The box.
        batch: Uuid,
        /// Who has it now.
        by: Holder,
        /// From whom, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Holder>,
        /// Tubes in it, as the receiver counts them or reads them off the box.
        tubes: u32,
    },
    /// The lab has opened a box and looked into it.
    BatchOpened {
        /// The box.
        batch: Uuid,
        /// Tubes that were to be in it and are not.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<Uuid>,
        /// Tubes that are broken, have leaked or cannot be read: no result will come of them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        spoiled: Vec<Uuid>,
        /// Tubes that are in it and stand on no list of it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        extra: Vec<Uuid>,
    },
    /// A tube has a label of another system, too.
    TubeNamed {
        /// The tube.
        item: Uuid,
        /// What stands on that label.
        alias: String,
        /// Whose label it is.
        issuer: String,
    },
    /// A lab has tested a tube.
    ResultReported {
        /// The report.
        report: Uuid,
        /// The tube.
        item: Uuid,
        /// What was found.
        finding: Finding,
        /// The lab.
        lab: Uuid,
        /// Who says so.
        by: Uuid,
        /// The report that it takes the place of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of: Option<Uuid>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// Somebody let results out; some need a second person.
    ResultsReleased {
        /// The reports, [`RELEASE_MAX`] at most.
        reports: Vec<Uuid>,
        /// Who.
        by: Uuid,
    },
    /// Somebody of a positive tube was called back.
    CalledBack {
        /// The person.
        visit: Uuid,
        /// What came of it.
        outcome: CallBack,
        /// Who called.
        by: Uuid,
        /// The report of which they were told; absent where an older program wrote it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<Uuid>,
    },
    /// Somebody who was called back is in a tube alone.
    Resampled {
        /// The person.
        visit: Uuid,
        /// The tube.
        item: Uuid,
    },
    /// Somebody booked for a household, or for one of its people, in another system, on their behalf.
    BookedElsewhere {
        /// The household.
        household: Uuid,
        /// The person; absent: the whole household.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<Uuid>,
        /// What the other system calls it: a short code, nothing of anybody.
        reference: String,
    },
    /// A person settled facts that contradict each other.
    ConflictSettled {
        /// Which, as the state names it.
        conflict: Uuid,
        /// What is taken to be true.
        keeps: Keeps,
    },
}

/// What a household says when it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is on its way.
    Coming,
    /// Nobody opened.
    NotAtHome,
    /// Somebody cannot come down: a visit at home is needed.
    CannotCome,
}

/// Who a person is that is not on the roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guest {
    /// Rents here.
    Tenant,
    /// Is visiting.
    Visitor,
    /// Looks after somebody here.
    Carer,
    /// Somebody else.
    Other,
}

/// One of the two counters of a site that only counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// People come.
    In,
    /// People leave, served.
    Out,
}

/// Which of two facts that contradict each other is taken to be true. Both stay written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeps {
    /// The one that the state took in first.
    First,
    /// The other.
    Second,
    /// Both happened.
    Both,
}

/// Who has a box. Nobody's name: a device, or an account's random identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Holder {
    /// What they are to the box.
    pub kind: HolderKind,
    /// Which of them.
    pub id: Uuid,
}

/// What somebody who has a box is to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    /// The site that filled it.
    Site,
    /// Takes it to a lab.
    Courier,
    /// Tests what is in it.
    Lab,
}

/// Tubes in one box: the largest racks that are carried have 96 or 100 places, and two of them fit into a transport box.
pub const BATCH_TUBES_MAX: usize = 200;
/// Reports let out in one event, so that it fits into a frame; a longer list is several.
pub const RELEASE_MAX: usize = 200;

/// What of an event its frame in a journal does not say already.
#[derive(Serialize, Deserialize)]
struct Body<E> {
    at: String,
    origin: Origin,
    #[serde(flatten)]
    event: E,
}

impl Envelope {
    /// What is written into a frame: all but the identifiers and the number, which the frame has.
    pub fn body(at: Moment, origin: Origin, event: &Event) -> Vec<u8> {
        let body = Body { at: at.rfc3339(), origin, event };
        serde_json::to_vec(&body).expect("our own types are written as JSON")
    }

    /// The event of a frame.
    ///
    /// # Errors
    /// Bytes that are no event of ours.
    pub fn of_body(
        (community_id, device, seq): (Uuid, Uuid, u64),
        id: Uuid,
        body: &[u8],
    ) -> Result<Envelope, serde_json::Error> {
        let Body { at, origin, event } = serde_json::from_slice(body)?;
        Ok(Envelope { id, community_id, device, seq, at, origin, event })
    }
}

/// Whoever has carried a stopwatch card for longer has taken it home, or the clock of one of the phones is wrong.
pub const CARD_CARRIED_MAX: Ticks = 3 * 60 * 60 * TICKS_PER_SECOND;

/// The events without those that their own device took back, and with no word of taking back.
pub fn happened(events: &[Envelope]) -> impl Iterator<Item = &Envelope> {
    let mut undone = BTreeSet::new();
    for envelope in events {
        if let Event::Undone { events } = &envelope.event {
            undone.extend(events.iter().map(|&id| (envelope.device, id)));
        }
    }
    events.iter().filter(move |envelope| {
        let taken_back = !undone.is_empty() && undone.contains(&(envelope.device, envelope.id));
        !taken_back && !matches!(envelope.event, Event::Undone { .. })
    })
}

impl Event {
    /// Whose it is, where it is of one person.
    pub fn visit(&self) -> Option<Uuid> {
        match self {
            Event::Arrived { visit, .. }
            | Event::Queued { visit, .. }
            | Event::ServiceStarted { visit, .. }
            | Event::Served { visit, .. }
            | Event::ItemGiven { visit, .. }
            | Event::ObservationEnded { visit }
            | Event::Deferred { visit, .. }
            | Event::TurnedAway { visit, .. }
            | Event::Left { visit }
            | Event::Unlisted { visit, .. }
            | Event::CalledBack { visit, .. }
            | Event::Resampled { visit, .. } => Some(*visit),
            Event::CodeLinked { visit, .. } | Event::BookedElsewhere { visit, .. } => *visit,
            Event::RoundOpened
            | Event::HouseholdCalled { .. }
            | Event::TubeSealed { .. }
            | Event::RoundClosed
            | Event::HouseholdAnswered { .. }
            | Event::NoticeTold { .. }
            | Event::QueueCounted { .. }
            | Event::PeopleCounted { .. }
            | Event::LotRecalled { .. }
            | Event::Undone { .. }
            | Event::CardTapped { .. }
            | Event::BatchSealed { .. }
            | Event::BatchReceived { .. }
            | Event::BatchOpened { .. }
            | Event::TubeNamed { .. }
            | Event::ResultReported { .. }
            | Event::ResultsReleased { .. }
            | Event::ConflictSettled { .. } => None,
        }
    }

    /// Every tag that this version writes.
    pub const TYPES: [&str; 32] = [
        "RoundOpened",
        "HouseholdCalled",
        "Arrived",
        "Queued",
        "ServiceStarted",
        "Served",
        "ItemGiven",
        "TubeSealed",
        "ObservationEnded",
        "Deferred",
        "TurnedAway",
        "Left",
        "RoundClosed",
        "HouseholdAnswered",
        "NoticeTold",
        "Unlisted",
        "QueueCounted",
        "PeopleCounted",
        "LotRecalled",
        "Undone",
        "CardTapped",
        "CodeLinked",
        "BatchSealed",
        "BatchReceived",
        "BatchOpened",
        "TubeNamed",
        "ResultReported",
        "ResultsReleased",
        "CalledBack",
        "Resampled",
        "BookedElsewhere",
        "ConflictSettled",
    ];
}
