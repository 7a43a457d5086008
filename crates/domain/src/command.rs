//! What somebody at a site asks to be written down. A command is imperative and may be refused; what comes of it is an
//! [`Event`](crate::event::Event). Identifiers are chosen by whoever asks, so that deciding draws nothing and the same
//! command gives the same events again. Written commands only grow, like events.

use crate::event::{Answer, CallBack, Finding, Gate, Guest, Holder, Keeps, Reason};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One thing that can be done at a site. A visit is one stay of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Command {
    /// Open the site.
    OpenRound,
    /// Tell a household to come now.
    CallHousehold {
        /// The household.
        household: Uuid,
        /// The wave it belongs to.
        wave: u32,
    },
    /// Let a person in.
    Arrive {
        /// The visit that begins.
        visit: Uuid,
        /// The household, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        household: Option<Uuid>,
        /// Visitor class.
        class: String,
        /// Lane, from 1; absent where a person has not chosen yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lane: Option<u16>,
    },
    /// Write down a person who came after closing time, so that somebody asks after them tomorrow.
    ArriveLate {
        /// The visit that begins.
        visit: Uuid,
        /// The household, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        household: Option<Uuid>,
        /// Visitor class.
        class: String,
        /// Lane, from 1; absent where a person has not chosen yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lane: Option<u16>,
    },
    /// Put a person into a station's queue.
    JoinQueue {
        /// The visit.
        visit: Uuid,
        /// The station's name.
        station: String,
        /// Lane, from 1; 0 for a station that all lanes share.
        lane: u16,
    },
    /// Begin to serve a person.
    StartService {
        /// The visit.
        visit: Uuid,
        /// The station's name.
        station: String,
        /// Lane, from 1; 0 for a shared station.
        lane: u16,
        /// Server at the station, from 1; 0 where they are not counted.
        server: u32,
    },
    /// Be done with serving a person.
    FinishService {
        /// The visit.
        visit: Uuid,
        /// The station's name.
        station: String,
        /// Lane, from 1; 0 for a shared station.
        lane: u16,
        /// Server at the station, from 1; 0 where they are not counted.
        server: u32,
    },
    /// Give a person what the round gives: a place in a tube, a dose, a course, a parcel.
    GiveItem {
        /// The visit.
        visit: Uuid,
        /// Which kind of thing: `tube`, `dose`, `course`, `parcel`.
        kind: String,
        /// The thing; several people share a tube.
        item: Uuid,
        /// The lot that it is of, where lots are written down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<String>,
    },
    /// Seal a tube: nobody else is mixed in.
    SealTube {
        /// The tube.
        item: Uuid,
    },
    /// Let a person go who was watched for long enough.
    EndObservation {
        /// The visit.
        visit: Uuid,
    },
    /// Write down that a person gives up waiting.
    Defer {
        /// The visit.
        visit: Uuid,
        /// The station waited for.
        station: String,
    },
    /// Send a person home who cannot be served.
    TurnAway {
        /// The visit.
        visit: Uuid,
        /// The station waited for.
        station: String,
    },
    /// Let a person leave, all served.
    Leave {
        /// The visit that ends.
        visit: Uuid,
    },
    /// Close the site: everybody has left.
    CloseRound,
    /// All that a table does with a person who comes up to it: let in, served there, sent on.
    CheckIn {
        /// The visit that begins.
        visit: Uuid,
        /// The household, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        household: Option<Uuid>,
        /// Visitor class.
        class: String,
        /// Of somebody who is not on the roll: who that is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        guest: Option<Guest>,
        /// Whose table it is.
        table: Table,
    },
    /// All that a table does with a person who was let in elsewhere: served there, given what it gives, sent on.
    Serve {
        /// The visit.
        visit: Uuid,
        /// Whose table it is.
        table: Table,
        /// What is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<Thing>,
    },
    /// Write down what a household said at its door.
    AnswerCall {
        /// The household.
        household: Uuid,
        /// What it said.
        answer: Answer,
    },
    /// Write down that a household was told at its door what the newest notice says.
    TellNotice {
        /// The household.
        household: Uuid,
    },
    /// Write down what was booked in another system on somebody's behalf.
    BookElsewhere {
        /// The household.
        household: Uuid,
        /// The person; absent: the whole household.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<Uuid>,
        /// What the other system calls it: a short code, nothing of anybody.
        reference: String,
    },
    /// Write down how many people stand in a queue.
    CountQueue {
        /// The station's name.
        station: String,
        /// Lane, from 1; 0 for a shared station.
        lane: u16,
        /// People in it.
        people: u32,
    },
    /// Count people at a gate.
    CountPeople {
        /// Which gate.
        gate: Gate,
        /// How many at once.
        people: u32,
    },
    /// Let go somebody who was watched for long enough, and send the person on.
    LetGo {
        /// The visit.
        visit: Uuid,
    },
    /// Write down that a stopwatch card was handed out, or shown at a table.
    TapCard {
        /// The card's number, from 1.
        card: u32,
        /// The table; absent: the entrance.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        table: Option<Table>,
    },
    /// Know a code of another system from now on.
    LinkCode {
        /// What stands for the code.
        code: Uuid,
        /// The person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<Uuid>,
        /// The household, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        household: Option<Uuid>,
        /// Also where it was linked to somebody else: that was wrong.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        instead: bool,
    },
    /// Let nobody be given anything of a lot any more.
    RecallLot {
        /// Which.
        lot: String,
    },
    /// Close a box with these tubes in it.
    SealBatch {
        /// The box.
        batch: Uuid,
        /// The tubes.
        tubes: Vec<Uuid>,
    },
    /// Take a box.
    ReceiveBatch {
        /// The box.
        batch: Uuid,
        /// Who takes it.
        by: Holder,
        /// From whom; absent: from whoever is known to have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Holder>,
        /// Tubes in it.
        tubes: u32,
        /// Also where nobody has heard that it was sealed: whoever takes it has counted.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        counted: bool,
    },
    /// Open a box at the lab.
    OpenBatch {
        /// The box.
        batch: Uuid,
        /// Tubes that were to be in it and are not.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<Uuid>,
        /// Tubes of which no result will come.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        spoiled: Vec<Uuid>,
        /// Tubes that are in it and stand on no list of it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        extra: Vec<Uuid>,
    },
    /// Know a tube by a label of another system, too.
    NameTube {
        /// The tube.
        item: Uuid,
        /// What stands on that label.
        alias: String,
        /// Whose label it is.
        issuer: String,
    },
    /// Write down what a lab found, or amend it.
    ReportResult {
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
    /// Let results out.
    ReleaseResults {
        /// The reports.
        reports: Vec<Uuid>,
        /// Who does.
        by: Uuid,
    },
    /// Write down that somebody of a positive tube was called back.
    RecordCallBack {
        /// The person.
        visit: Uuid,
        /// What came of it.
        outcome: CallBack,
        /// Who called.
        by: Uuid,
        /// The report of which they were told; absent: what holds now, as an older page sends it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<Uuid>,
    },
    /// Put somebody who was called back into a tube alone.
    Resample {
        /// The person.
        visit: Uuid,
        /// The tube.
        item: Uuid,
    },
    /// Settle facts that contradict each other.
    SettleConflict {
        /// Which, as the state names it.
        conflict: Uuid,
        /// What is taken to be true.
        keeps: Keeps,
    },
}

/// A table of a station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The station's name.
    pub station: String,
    /// Lane, from 1; 0 for a shared station.
    pub lane: u16,
    /// Server, from 1; 0 where they are not counted.
    pub server: u32,
}

/// What a person is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// Which kind: `tube`, `dose`, `course`, `parcel`.
    pub kind: String,
    /// The thing; several people share a tube.
    pub item: Uuid,
    /// The lot that it is of, where lots are written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
}
