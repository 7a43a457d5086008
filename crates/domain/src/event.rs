//! What happened: one vocabulary for a rehearsal and a real round. Where an event comes from stands on the envelope
//! alone. Written events only grow: a tag is never used again for anything else.

use serde::{Deserialize, Serialize};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}
