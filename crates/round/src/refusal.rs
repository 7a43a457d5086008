//! Why something cannot be done. A refusal never leaves anyone at a loss: the catalogue says under `refusal.CODE` what is
//! the matter and under `refusal.CODE.next` what to do now.

use crate::{CARDS_MAX, CodeFault, Role, Rules, Said, tube::label};
use domain::Moment;
use uuid::Uuid;

/// A rule says no. People are named by their number of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each state of affairs is said by its name, its fields and its sentence")]
pub enum Refusal {
    AlreadyOpen { since: Moment },
    NotOpen,
    RoundClosed { at: Moment },
    StillHere { people: u32 },
    TubesOpen { tubes: usize },
    AlreadyCalled { at: Moment, wave: u32 },
    AfterClosing { closes: Moment },
    BeforeClosing { closes: Moment },
    NoClosing,
    AlreadyArrived { person: u32, at: Moment },
    UnknownLane { lane: u16, lanes: u16 },
    UnknownStation { station: String },
    SharedStation { station: String },
    UnknownVisit,
    Gone { person: u32, at: Moment },
    AlreadyWaiting { person: u32, station: String },
    BeingServed { person: u32, station: String },
    Watched { person: u32, until: Moment },
    NotNext { person: u32, station: String, next: String },
    NotWaiting { person: u32, station: String },
    WaitsInLane { person: u32, station: String, lane: u16 },
    WaitsElsewhere { person: u32, station: String },
    ServerBusy { station: String, server: u32, other: u32 },
    TooLate { person: u32, closes: Moment },
    NotServedHere { person: u32, station: String },
    NotWatched { person: u32 },
    StillWaits { person: u32, station: String },
    StillToPass { person: u32, next: String },
    GivesNothing,
    WrongKind { kind: String, gives: String },
    NotAtCounter { person: u32, station: String },
    InTube { person: u32, tube: Uuid },
    HasItem { person: u32 },
    ItemTaken { item: Uuid, other: u32 },
    TubeSealed { tube: Uuid },
    TubeFull { tube: Uuid, people: u8 },
    TubeEmpty { tube: Uuid },
    AlreadyServed { person: u32, station: String, at: Moment },
    LotMissing,
    LotUnknown { lot: String },
    LotExpired { lot: String },
    LotRecalled { lot: String },
    UnknownConflict,
    NoSuchCard { card: u32 },
    CodeOfNobody,
    CodeTaken,
    NothingToUndo,
    UndoneTooLate { minutes: i64 },
    TooMany,
    NotYourTask { role: Role },
    BoxEmpty { batch: Uuid },
    BoxTooFull { batch: Uuid, most: usize },
    BoxSealed { batch: Uuid, at: Moment },
    TubeNotSealed { tube: Uuid },
    TubeBoxed { tube: Uuid, batch: Uuid },
    BoxNotSealed { batch: Uuid },
    BoxOpened { batch: Uuid, at: Moment },
    BoxNotReceived { batch: Uuid },
    TubeNotInBox { tube: Uuid, batch: Uuid },
    TubeTested { tube: Uuid },
    TubeMissing { tube: Uuid },
    AliasUnreadable { most: usize },
    AliasTaken { tube: Uuid },
    StrangeTube { fault: CodeFault },
    StrangeBox { fault: CodeFault },
    TubeUnfilled { tube: Uuid },
    ReportTaken,
    OtherResult { tube: Uuid, at: Moment },
    OlderResult { tube: Uuid, at: Moment },
    NotLatest { tube: Uuid, at: Moment },
    NoReason { tube: Uuid },
    UnknownReport,
    ResultDisputed { tube: Uuid },
    NothingToRelease,
    TooManyReports { most: usize },
    ReportSuperseded { tube: Uuid },
    SecondPerson { reports: usize },
    NotToCall { person: u32 },
    AlreadyAlone { person: u32, tube: Uuid },
    TubeUsed { tube: Uuid },
    NoReference { most: usize, digits: usize },
}

impl Refusal {
    /// The refusal's code and what fills its sentences; times are told as the site's time of day.
    pub fn said(&self, rules: &Rules) -> Said {
        use Refusal::*;
        let clock = |at: &Moment| rules.clock(*at);
        match self {
            AlreadyOpen { since } => Said::new("already_open", &[("at", &clock(since))]),
            NotOpen => Said::new("not_open", &[]),
            RoundClosed { at } => Said::new("round_closed", &[("at", &clock(at))]),
            StillHere { people } => Said::new("still_here", &[("people", people)]),
            TubesOpen { tubes } => Said::new("tubes_open", &[("tubes", tubes)]),
            AlreadyCalled { at, wave } => Said::new("already_called", &[("at", &clock(at)), ("wave", wave)]),
            AfterClosing { closes } => Said::new("after_closing", &[("at", &clock(closes))]),
            BeforeClosing { closes } => Said::new("before_closing", &[("at", &clock(closes))]),
            NoClosing => Said::new("no_closing", &[]),
            AlreadyArrived { person, at } => {
                Said::new("already_arrived", &[("person", person), ("at", &clock(at))])
            }
            UnknownLane { lane, lanes } => Said::new("unknown_lane", &[("lane", lane), ("lanes", lanes)]),
            UnknownStation { station } => Said::new("unknown_station", &[("station", station)]),
            SharedStation { station } => Said::new("shared_station", &[("station", station)]),
            UnknownVisit => Said::new("unknown_visit", &[]),
            Gone { person, at } => Said::new("gone", &[("person", person), ("at", &clock(at))]),
            AlreadyWaiting { person, station } => at_station("already_waiting", *person, station),
            BeingServed { person, station } => at_station("being_served", *person, station),
            Watched { person, until } => {
                Said::new("watched", &[("person", person), ("until", &clock(&(*until + UP_TO_A_MINUTE)))])
            }
            NotNext { person, station, next } => {
                Said::new("not_next", &[("person", person), ("station", station), ("next", next)])
            }
            NotWaiting { person, station } => at_station("not_waiting", *person, station),
            WaitsInLane { person, station, lane } => {
                Said::new("waits_in_lane", &[("person", person), ("station", station), ("lane", lane)])
            }
            WaitsElsewhere { person, station } => at_station("waits_elsewhere", *person, station),
            ServerBusy { station, server, other } => {
                Said::new("server_busy", &[("station", station), ("server", server), ("other", other)])
            }
            TooLate { person, closes } => {
                Said::new("too_late", &[("person", person), ("at", &clock(closes))])
            }
            NotServedHere { person, station } => at_station("not_served_here", *person, station),
            NotWatched { person } => Said::new("not_watched", &[("person", person)]),
            StillWaits { person, station } => at_station("still_waits", *person, station),
            StillToPass { person, next } => Said::new("still_to_pass", &[("person", person), ("next", next)]),
            GivesNothing => Said::new("gives_nothing", &[]),
            WrongKind { kind, gives } => {
                Said::new("wrong_kind", &[("kind", &thing(kind)), ("gives", &thing(gives))])
            }
            NotAtCounter { person, station } => at_station("not_at_counter", *person, station),
            InTube { person, tube } => Said::new("in_tube", &[("person", person), ("tube", &label(*tube))]),
            HasItem { person } => Said::new("has_item", &[("person", person)]),
            ItemTaken { item, other } => {
                Said::new("item_taken", &[("item", &label(*item)), ("other", other)])
            }
            TubeSealed { tube } => Said::new("tube_sealed", &[("tube", &label(*tube))]),
            TubeFull { tube, people } => {
                Said::new("tube_full", &[("tube", &label(*tube)), ("people", people)])
            }
            TubeEmpty { tube } => Said::new("tube_empty", &[("tube", &label(*tube))]),
            AlreadyServed { person, station, at } => {
                Said::new("already_served", &[("person", person), ("station", station), ("at", &clock(at))])
            }
            LotMissing => Said::new("lot_missing", &[]),
            LotUnknown { lot } => Said::new("lot_unknown", &[("lot", lot)]),
            LotExpired { lot } => Said::new("lot_expired", &[("lot", lot)]),
            LotRecalled { lot } => Said::new("lot_recalled", &[("lot", lot)]),
            UnknownConflict => Said::new("unknown_conflict", &[]),
            NoSuchCard { card } => Said::new("no_such_card", &[("card", card), ("most", &CARDS_MAX)]),
            CodeOfNobody => Said::new("code_of_nobody", &[]),
            CodeTaken => Said::new("code_taken", &[]),
            NothingToUndo => Said::new("nothing_to_undo", &[]),
            TooMany => Said::new("too_many", &[]),
            NotYourTask { role } => Said::new("not_your_task", &[("role", &role.word())]),
            UndoneTooLate { minutes } => Said::new("undone_too_late", &[("minutes", minutes)]),
            BoxEmpty { batch } => Said::new("box_empty", &[("box", &label(*batch))]),
            BoxTooFull { batch, most } => {
                Said::new("box_too_full", &[("box", &label(*batch)), ("most", most)])
            }
            BoxSealed { batch, at } => {
                Said::new("box_sealed", &[("box", &label(*batch)), ("at", &clock(at))])
            }
            TubeNotSealed { tube } => Said::new("tube_not_sealed", &[("tube", &label(*tube))]),
            TubeBoxed { tube, batch } => {
                Said::new("tube_boxed", &[("tube", &label(*tube)), ("box", &label(*batch))])
            }
            BoxNotSealed { batch } => Said::new("box_not_sealed", &[("box", &label(*batch))]),
            BoxOpened { batch, at } => {
                Said::new("box_opened", &[("box", &label(*batch)), ("at", &clock(at))])
            }
            BoxNotReceived { batch } => Said::new("box_not_received", &[("box", &label(*batch))]),
            TubeNotInBox { tube, batch } => {
                Said::new("tube_not_in_box", &[("tube", &label(*tube)), ("box", &label(*batch))])
            }
            TubeTested { tube } => Said::new("tube_tested", &[("tube", &label(*tube))]),
            TubeMissing { tube } => Said::new("tube_missing", &[("tube", &label(*tube))]),
            AliasUnreadable { most } => Said::new("alias_unreadable", &[("most", most)]),
            AliasTaken { tube } => Said::new("alias_taken", &[("tube", &label(*tube))]),
            StrangeTube { fault } => Said::new(
                match fault {
                    CodeFault::Foreign => "code_foreign",
                    CodeFault::NotOurs => "code_not_ours",
                    CodeFault::Mistyped | CodeFault::NoCode => "code_mistyped",
                },
                &[],
            ),
            StrangeBox { fault } => Said::new(
                match fault {
                    CodeFault::Foreign => "box_foreign",
                    CodeFault::NotOurs => "box_not_ours",
                    CodeFault::Mistyped | CodeFault::NoCode => "code_mistyped",
                },
                &[],
            ),
            TubeUnfilled { tube } => Said::new("tube_unfilled", &[("tube", &label(*tube))]),
            ReportTaken => Said::new("report_taken", &[]),
            OtherResult { tube, at } => {
                Said::new("other_result", &[("tube", &label(*tube)), ("at", &clock(at))])
            }
            OlderResult { tube, at } => {
                Said::new("older_result", &[("tube", &label(*tube)), ("at", &clock(at))])
            }
            NotLatest { tube, at } => Said::new("not_latest", &[("tube", &label(*tube)), ("at", &clock(at))]),
            NoReason { tube } => Said::new("no_reason", &[("tube", &label(*tube))]),
            UnknownReport => Said::new("unknown_report", &[]),
            ResultDisputed { tube } => Said::new("result_disputed", &[("tube", &label(*tube))]),
            NothingToRelease => Said::new("nothing_to_release", &[]),
            TooManyReports { most } => Said::new("too_many_reports", &[("most", most)]),
            ReportSuperseded { tube } => Said::new("report_superseded", &[("tube", &label(*tube))]),
            SecondPerson { reports } => Said::new("second_person", &[("reports", reports)]),
            NotToCall { person } => Said::new("not_to_call", &[("person", person)]),
            AlreadyAlone { person, tube } => {
                Said::new("already_alone", &[("person", person), ("tube", &label(*tube))])
            }
            TubeUsed { tube } => Said::new("tube_used", &[("tube", &label(*tube))]),
            NoReference { most, digits } => Said::new("no_reference", &[("most", most), ("digits", digits)]),
        }
    }
}

/// Somebody told "until 10:46" who comes at 10:46:00 must not be sent back.
const UP_TO_A_MINUTE: chance::Ticks = crate::rules::MINUTE - 1;

fn at_station(code: &'static str, person: u32, station: &str) -> Said {
    Said::new(code, &[("person", &person), ("station", &station)])
}

/// The word for what is given, where the catalogue has one.
fn thing(kind: &str) -> String {
    match kind {
        "tube" => "@thing.tube".to_owned(),
        "dose" => "@thing.dose".to_owned(),
        "course" => "@thing.course".to_owned(),
        "parcel" => "@thing.parcel".to_owned(),
        other => other.to_owned(),
    }
}
