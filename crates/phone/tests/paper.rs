//! A shift that was written down by hand: what its rows come to, what is wrong with them, and that nothing doubles.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/garden.rs"]
mod garden;

use domain::{
    Command, Envelope, Event, Moment, Origin,
    command::{Table, Thing},
};
use garden::{at, bundle, id, visit};
use phone::{
    Bundle,
    paper::{Roll, Row, Shift, State, StoredRow, Typed, Why, read, stored},
};
use round::{Conflict, Folded, Lot, TubeKey};
use uuid::Uuid;

/// A secretary's desk with what it knows.
struct Desk {
    bundle: Bundle,
    folded: Folded,
    tubes: TubeKey,
    seq: u64,
}

impl Desk {
    fn new() -> Desk {
        Desk::of(bundle(9, "secretary", None))
    }

    fn of(bundle: Bundle) -> Desk {
        let folded = Folded::new(bundle.rules.clone(), bundle.calls.clone());
        Desk { bundle, folded, tubes: TubeKey::new(id(7), [5; 32]), seq: 0 }
    }

    fn read(&self, shift: &Shift) -> Typed {
        let now = at(12 * 3600);
        let (doors, tubes, folded) = (&self.bundle.doors[..], &self.tubes, &self.folded);
        read(shift, &Roll { round: self.bundle.round, doors, tubes, folded, now }).unwrap()
    }

    /// As the server does: what is right is stored, and heard.
    fn store(&mut self, shift: &Shift) -> Typed {
        let typed = self.read(shift);
        let device = self.bundle.device;
        let envelopes: Vec<Envelope> = (self.seq + 1..)
            .zip(&typed.frames)
            .map(|(seq, frame)| {
                let place = (self.bundle.community, device, seq);
                Envelope::of_body(place, Uuid::from_bytes(frame.id), &frame.body).unwrap()
            })
            .collect();
        self.seq += envelopes.len() as u64;
        assert!(envelopes.iter().all(|told| told.origin == Origin::Paper));
        assert_eq!(
            self.folded.admit(envelopes.iter().cloned()).len(),
            envelopes.len(),
            "identifiers are used once"
        );
        typed
    }

    fn stored(&self, sheet: &str) -> Vec<StoredRow> {
        let (doors, tubes, folded) = (&self.bundle.doors[..], &self.tubes, &self.folded);
        stored(sheet, &Roll { round: self.bundle.round, doors, tubes, folded, now: at(12 * 3600) })
    }

    /// As the server does.
    fn take_back(&mut self, sheet: &str, row: u32) {
        let of = self.stored(sheet).into_iter().find(|of| of.row == row).unwrap();
        self.seq += 1;
        let told = Envelope {
            id: id(0x8000 + u128::from(self.seq)),
            community_id: self.bundle.community,
            device: self.bundle.device,
            seq: self.seq,
            at: at(12 * 3600).rfc3339(),
            origin: Origin::Real,
            event: of.taken_back(),
        };
        assert_eq!(self.folded.admit([told]), [0]);
    }

    /// What a phone that paper has not heard of writes down.
    fn phone_says(&mut self, at: Moment, command: &Command) {
        let events = self.folded.decide(at, std::slice::from_ref(command)).unwrap();
        let known = self.folded.told().len() as u64;
        let told = events.into_iter().zip(known + 1..).map(|(event, seq)| Envelope {
            id: id(0x9000 + u128::from(seq)),
            community_id: id(7),
            device: id(1),
            seq,
            at: at.rfc3339(),
            origin: Origin::Real,
            event,
        });
        self.folded.admit(told.collect::<Vec<_>>());
    }

    fn people(&self) -> u32 {
        self.folded.live().round().counts().arrived
    }

    fn code(&self, tube: u32) -> String {
        self.tubes.code(tube).to_string()
    }
}

fn shift(sheet: &str, station: &str, rows: &[&str]) -> Shift {
    let table = Table { station: station.to_owned(), lane: 1, server: 1 };
    let row = |(row, text): (u32, &&str)| {
        let mut cells = text.split('|').map(|cell| cell.trim().to_owned());
        let mut cell = || cells.next().unwrap_or_default();
        Row { row, time: cell(), door: cell(), people: cell(), green: cell(), item: cell() }
    };
    Shift {
        sheet: sheet.to_owned(),
        table,
        rows: (1..).zip(rows).map(row).collect(),
        seals: false,
        anew: false,
    }
}

/// What is wrong with each row, and where.
fn wrong(typed: &Typed) -> Vec<(u32, Vec<(&'static str, &'static str)>)> {
    let codes = |state: &State| match state {
        State::Wrong(all) => all
            .iter()
            .map(|wrong| match &wrong.why {
                Why::Cell(said) | Why::Rule(said) => (wrong.cell.name(), said.code),
            })
            .collect(),
        _ => Vec::new(),
    };
    let rows = typed.rows.iter().map(|(row, state)| (*row, codes(state)));
    rows.filter(|(_, wrong)| !wrong.is_empty()).collect()
}

#[test]
fn a_sheet_of_each_table_comes_to_what_phones_would_have_written() {
    let mut desk = Desk::new();
    let entry =
        shift("1", "registration", &["7:05 | 1-101 | 2 | | ", "706 | 102 | 1 | y |", "0707 | - | 1 | |"]);
    // 102 stands in both buildings.
    assert_eq!(wrong(&desk.store(&entry)), [(2, vec![("door", "door_several")])]);
    let entry = shift("1", "registration", &["7:05|1-101|2||", "7:06|1-102|1|y|", "7:07|-|1||"]);
    let typed = desk.store(&entry);
    assert_eq!(typed.rows, [(1, State::Known), (2, State::Right(1)), (3, State::Known)]);
    let code = desk.code(1);
    let tubes = shift("2", "sampling", &[&format!("7:10|1-101|2||{code}"), "7:11|1-102|1||\""]);
    let typed = desk.store(&tubes);
    assert_eq!(wrong(&typed), []);
    let round = desk.folded.live().round();
    assert_eq!(desk.people(), 4, "two of 101, one who is not on the roll, one of 102");
    assert_eq!(round.conflicts(), []);
    let tube = &round.tubes()[&desk.tubes.code(1).item()];
    assert_eq!((tube.people.len(), tube.is_open()), (3, false), "the third person seals it");
    assert_eq!(round.visits()[&visit(0, 0)].arrived, Some(at(5 * 60)));
    assert!(round.visits()[&visit(1, 0)].green);
    let told = desk.folded.told();
    assert!(told.iter().any(|told| matches!(told.event, Event::Unlisted { .. })));
    assert!(told.iter().all(|told| told.at.starts_with("2022-03-27T23:")), "07:05 in Shanghai");
}

#[test]
fn a_sheet_that_is_sent_twice_says_everything_once_however_it_was_typed() {
    let mut desk = Desk::new();
    let code = desk.code(7);
    let mut tubes = shift("A 1", "sampling", &[&format!("7:10|1-101|2||{code}"), "7:12|1-103|-|"]);
    tubes.seals = true;
    // A wrong row keeps none of the others from being right; whoever sends them decides.
    assert_eq!(wrong(&desk.read(&tubes)), [(2, vec![("people", "people_unread"), ("item", "tube_missing")])]);
    tubes.rows.pop();
    let first = desk.store(&tubes);
    assert_eq!(first.frames.len(), 2 * 3 + 1, "served, given, gone; and the seal");
    assert!(!desk.folded.live().round().tubes()[&desk.tubes.code(7).item()].is_open());
    let mut again = shift("A 1", "sampling", &[&format!("0710|1 - 101|2|0|{}", code[6..].to_lowercase())]);
    again.seals = true;
    let typed = desk.read(&again);
    assert_eq!((typed.rows, typed.frames), (vec![(1, State::Known)], vec![]));
    // Another row under the same number is told, and changes nothing.
    again.rows[0].people = "1".to_owned();
    assert_eq!(wrong(&desk.read(&again)), [(1, vec![("time", "row_other")])]);
    // Another sheet is another sheet.
    again.sheet = "a 2".to_owned();
    assert_eq!(wrong(&desk.read(&again)), [(1, vec![("item", "tube_full")])], "it is sealed on paper");
}

#[test]
fn all_that_is_wrong_is_told_at_once_with_its_cell() {
    let mut desk = Desk::new();
    let [own, next] = [1, 2].map(|tube| desk.code(tube));
    let mistyped = format!("{}{}", &own[..15], if own.ends_with('0') { "-1" } else { "-0" });
    let mistyped = mistyped.replace("--", "-");
    let foreign = TubeKey::new(id(8), [5; 32]).code(1).to_string();
    let other_day = TubeKey::new(id(7), [6; 32]).code(1).to_string();
    let rows = [
        format!("later|999|none|7|{mistyped}"),
        format!("3:00|1-101|1||{foreign}"),
        format!("20:00|101|1|2|{other_day}"),
        "7:10||2|maybe|\"".to_owned(),
        format!("7:10|1-101|2||{own}"),
        format!("7:11|1-102|2||{own}"),
        format!("7:12|1-102|1||{own}"),
        format!("7:13|1-103|1||{own}"),
        "7:14|1-103|1||soap".to_owned(),
        format!("7:15|1-104|2||{next}"),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let expected = [
        (
            1,
            vec![
                ("time", "time_unread"),
                ("door", "door_unknown"),
                ("people", "people_unread"),
                ("item", "tube_mistyped"),
            ],
        ),
        (2, vec![("time", "time_outside"), ("item", "tube_foreign")]),
        (
            3,
            vec![
                ("time", "time_outside"),
                ("door", "door_several"),
                ("green", "green_more"),
                ("item", "tube_not_ours"),
            ],
        ),
        (4, vec![("door", "door_missing"), ("green", "green_unread"), ("item", "ditto_first")]),
        // Three fit: row 6 has a fourth, row 7 the third, row 8 comes to a sealed tube.
        (6, vec![("item", "tube_full")]),
        (8, vec![("item", "tube_full")]),
        (9, vec![("item", "tube_unread")]),
    ];
    assert_eq!(wrong(&desk.store(&shift("3", "sampling", &rows))), expected);
    assert_eq!(desk.folded.live().round().tubes().len(), 2);
    // Who registers gives nothing.
    let entry = shift("4", "registration", &[&format!("7:10|1-101|1||{own}")]);
    assert_eq!(wrong(&desk.read(&entry)), [(1, vec![("item", "item_not_here")])]);
    // The present is not over, and nobody comes in after closing.
    let entry = shift("5", "registration", &["13:30|1-101|1"]);
    assert_eq!(wrong(&desk.read(&entry)), [(1, vec![("time", "after_closing")])]);
    let early = Roll {
        round: id(8),
        doors: &desk.bundle.doors,
        tubes: &desk.tubes,
        folded: &desk.folded,
        now: at(60),
    };
    let typed =
        read(&shift("6", "registration", &["7:05|1-101|1", "7:00|1-101|1", "7:00|1-101|1"]), &early).unwrap();
    assert_eq!(wrong(&typed), [(1, vec![("time", "time_ahead")])]);
}

#[test]
fn what_a_phone_wrote_is_contradicted_and_never_in_the_way() {
    let mut desk = Desk::new();
    let table = Table { station: "sampling".to_owned(), lane: 2, server: 1 };
    let tube = desk.tubes.code(5).item();
    for place in 0..2 {
        let item = Some(Thing { kind: "tube".to_owned(), item: tube, lot: None });
        desk.phone_says(
            at(600 + i64::from(place)),
            &Command::Serve { visit: visit(0, place), table: table.clone(), item },
        );
    }
    desk.phone_says(at(700), &Command::SealTube { item: tube });
    // Both of 1-101 were sampled on a phone; the sheet has them in another tube, and somebody else in the sealed one.
    let rows = [format!("7:20|1-101|2||{}", desk.code(6)), format!("7:21|1-102|1||{}", desk.code(5))];
    let typed = desk.store(&shift("1", "sampling", &[&rows[0], &rows[1]]));
    assert_eq!(wrong(&typed), []);
    let conflicts = desk.folded.live().round().conflicts();
    assert_eq!(
        conflicts.iter().filter(|of| matches!(of, Conflict::TwoItems { .. })).count(),
        2,
        "{conflicts:#?}"
    );
    assert!(conflicts.iter().any(|of| matches!(of, Conflict::TubeGrew { .. })), "{conflicts:#?}");
}

#[test]
fn a_household_that_came_in_two_parts_did_not_come_twice() {
    let mut desk = Desk::new();
    let table = Table { station: "registration".to_owned(), lane: 1, server: 1 };
    let household = Some(desk.bundle.doors[0].household);
    let check_in =
        Command::CheckIn { visit: visit(0, 0), household, class: String::new(), guest: None, table };
    desk.phone_says(at(60), &check_in);
    desk.store(&shift("1", "registration", &["7:10|1-101|1"]));
    assert_eq!((desk.people(), desk.folded.live().round().conflicts()), (2, &[][..]));
    assert!(desk.folded.live().round().visit(visit(0, 1)).is_some(), "the other one of the household");
    // One more than live there: somebody who is asked after later.
    desk.store(&shift("2", "registration", &["7:12|1-103|3|1"]));
    assert_eq!(desk.people(), 5);
    let guests = desk.folded.live().round().visits().values().filter(|of| of.guest.is_some()).count();
    assert_eq!(guests, 1);
}

#[test]
fn sheets_are_typed_in_any_order() {
    let mut desk = Desk::new();
    let code = desk.code(1);
    desk.store(&shift("2", "sampling", &[&format!("7:10|1-101|2||{code}")]));
    assert_eq!(wrong(&desk.store(&shift("1", "registration", &["7:05|1-101|2|"]))), []);
    let round = desk.folded.live().round();
    assert_eq!((desk.people(), round.counts().served, round.conflicts()), (2, 2, &[][..]));
}

#[test]
fn lots_are_held_against_their_day() {
    let mut bundle = bundle(9, "secretary", None);
    bundle.rules.gives = Some(("dose".to_owned(), vec![1]));
    let lot = |name: &str, expires, recalled| Lot { name: name.to_owned(), expires, recalled };
    bundle.rules.lots = vec![lot("L1", None, false), lot("L2", Some(at(300)), false), lot("L3", None, true)];
    let mut desk = Desk::of(bundle);
    let rows = [
        "7:04|1-101|1||L2",
        "7:06|1-101|1||L2",
        "7:06|1-102|1||L3",
        "7:06|1-102|1||L4",
        "7:06|1-102|1||",
        "7:07|1-102|2||L1",
    ];
    let typed = desk.store(&shift("1", "sampling", &rows));
    let rule = |code| vec![("item", code)];
    assert_eq!(
        wrong(&typed),
        [
            (2, rule("lot_expired")),
            (3, rule("lot_recalled")),
            (4, rule("lot_unknown")),
            (5, rule("lot_missing"))
        ]
    );
    let given =
        desk.folded.told().iter().filter(|told| matches!(told.event, Event::ItemGiven { .. })).count();
    assert_eq!(given, 3);
}

#[test]
fn a_table_that_does_everything_lets_in_and_gives() {
    let mut bundle = bundle(9, "secretary", None);
    bundle.rules.stations.truncate(1);
    bundle.rules.gives = Some(("tube".to_owned(), vec![0]));
    let mut desk = Desk::of(bundle);
    let rows = [format!("7:04|1-101|2||{}", desk.code(1)), "7:05|-|1||\"".to_owned()];
    let mut sheet = shift("1", "registration", &[&rows[0], &rows[1]]);
    sheet.seals = true;
    assert_eq!(wrong(&desk.store(&sheet)), []);
    let round = desk.folded.live().round();
    assert_eq!((desk.people(), round.counts().served, round.conflicts()), (3, 3, &[][..]));
    assert_eq!(
        round.tubes().values().map(|tube| (tube.people.len(), tube.is_open())).collect::<Vec<_>>(),
        [(3, false)]
    );
}

#[test]
fn a_table_that_is_not_there_is_refused() {
    let desk = Desk::new();
    let roll = Roll { round: id(8), doors: &[], tubes: &desk.tubes, folded: &desk.folded, now: at(0) };
    assert!(read(&shift("1", "kitchen", &[]), &roll).is_err());
}

#[test]
fn a_stored_row_is_taken_back_and_comes_again_only_if_it_is_typed_anew() {
    let mut desk = Desk::new();
    let sheet = |rows: &[&str]| shift("1", "registration", rows);
    let both = sheet(&["7:05|1-101|2||", "7:06|1-102|1||"]);
    desk.store(&both);
    let rows = desk.stored("1");
    let read: Vec<_> =
        rows.iter().map(|of| (of.row, of.at, of.door.as_deref(), of.people, &*of.station)).collect();
    let expected = [
        (1, at(5 * 60), Some("1-101"), 2, "registration"),
        (2, at(6 * 60), Some("1-102"), 1, "registration"),
    ];
    assert_eq!(read, expected);
    assert_eq!(desk.stored("2"), [], "another sheet");
    desk.take_back("1", 1);
    assert_eq!((desk.people(), desk.stored("1").len()), (1, 1), "counts follow");
    // Somebody sends the whole sheet once more: nothing of it comes in by accident.
    let again = desk.store(&both);
    assert_eq!(again.frames, []);
    assert_eq!(wrong(&again), [(1, vec![("time", "row_back")])]);
    // What was meant is typed: a row of other content, once however often it is sent.
    let meant = sheet(&["7:05|1-101|1||", "7:06|1-102|1||"]);
    assert_eq!(desk.store(&meant).rows, [(1, State::Right(1)), (2, State::Known)]);
    assert_eq!(desk.store(&meant).rows, [(1, State::Known), (2, State::Known)]);
    assert_eq!(wrong(&desk.store(&both)), [(1, vec![("time", "row_other")])]);
    assert_eq!(desk.people(), 2);
    // And taken back once more, and the first after all: said so, it is stored.
    desk.take_back("1", 1);
    assert_eq!(wrong(&desk.store(&both)), [(1, vec![("time", "row_back")])]);
    let anew = Shift { anew: true, ..both.clone() };
    assert_eq!(desk.store(&anew).rows, [(1, State::Right(2)), (2, State::Known)]);
    assert_eq!(desk.store(&anew).rows, [(1, State::Known), (2, State::Known)], "ticked twice, stored once");
    assert_eq!((desk.people(), desk.stored("1").len()), (3, 2));
}

#[test]
fn the_seal_of_a_tube_goes_with_a_row_that_is_taken_back_and_comes_again() {
    let mut desk = Desk::new();
    desk.store(&shift("1", "registration", &["7:05|1-101|2||", "7:06|1-102|1||"]));
    let code = desk.code(1);
    let tube = desk.tubes.code(1).item();
    let sheet = |first: &str| shift("2", "sampling", &[first, "7:11|1-102|1||\""]);
    desk.store(&sheet(&format!("7:10|1-101|2||{code}")));
    let of = |desk: &Desk| {
        let tube = &desk.folded.live().round().tubes()[&tube];
        (tube.people.len(), tube.is_open())
    };
    assert_eq!(of(&desk), (3, false), "the second row sealed it");
    assert_eq!(desk.stored("2")[0].item.as_deref(), Some(&*desk.tubes.code(1).short()));
    desk.take_back("2", 1);
    assert_eq!(of(&desk), (1, true));
    // One of the household was sampled, and the tube was closed as it was.
    let meant = Shift { seals: true, ..sheet(&format!("7:10|1-101|1||{code}")) };
    assert_eq!(desk.store(&meant).rows, [(1, State::Right(1)), (2, State::Known)]);
    assert_eq!(of(&desk), (2, false));
    desk.take_back("2", 1);
    assert_eq!(desk.store(&meant).rows.last(), Some(&(2, State::Known)));
    assert_eq!(of(&desk), (1, false), "the sheet seals what is left of it once more");
    assert_eq!(desk.folded.live().round().conflicts(), []);
}
