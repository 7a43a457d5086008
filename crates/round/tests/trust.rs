//! What a server believes of a phone: what it had no business to write stands aside, blocks nothing, and counts once the
//! secretary says so.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/scenarios.rs"]
mod scenarios;

use domain::{
    Command, Envelope, Event, Moment, Origin,
    event::{Finding, Gate, Holder, HolderKind, Keeps},
};
use round::{Calls, CodeFault, Doubt, Folded, Matter, Question, Role, Trust, TubeKey};
use std::collections::BTreeMap;
use uuid::Uuid;

const DESK: Uuid = Uuid::from_u128(0xd);
const SAMPLER: Uuid = Uuid::from_u128(0x5a);
const CALLER: Uuid = Uuid::from_u128(0xca);
const SECRETARY: Uuid = Uuid::from_u128(0x5e);
const NOBODY: Uuid = Uuid::from_u128(0x0);

struct Server {
    folded: Folded,
    roles: BTreeMap<Uuid, Role>,
    tubes: TubeKey,
    told: u64,
}

impl Server {
    fn new() -> Server {
        let scenario = scenarios::scenario(scenarios::TWO_LANES);
        Server {
            folded: Folded::new(scenarios::rules(&scenario, None).0, Calls::default()),
            roles: BTreeMap::from([
                (SAMPLER, Role::Sampler),
                (CALLER, Role::Caller),
                (SECRETARY, Role::Secretary),
            ]),
            tubes: TubeKey::new(Uuid::from_u128(7), [3; 32]),
            told: 0,
        }
    }

    fn at(&self) -> Moment {
        self.folded.live().round().rules().opens
    }

    fn record(&mut self, device: Uuid, event: Event) -> Envelope {
        self.told += 1;
        let at = self.at() + self.told as i64 * 1000;
        Envelope {
            id: Uuid::from_u128(u128::from(self.told)),
            community_id: Uuid::nil(),
            device,
            seq: self.told,
            at: at.rfc3339(),
            origin: Origin::Real,
            event,
        }
    }

    /// Takes in one event as a server does; how many are told because of it.
    fn hear(&mut self, told: Envelope) -> usize {
        let trust = Trust { desk: DESK, roles: &self.roles, tubes: Some(&self.tubes), bound: true };
        let doubts = trust.doubts(&told);
        self.folded.admit_doubting(DESK, [(told, doubts)]).len()
    }

    fn tell(&mut self, device: Uuid, event: Event) -> usize {
        let told = self.record(device, event);
        self.hear(told)
    }

    fn settle(&mut self, keeps: Keeps) -> usize {
        let (open, _) = self.folded.conflicts().find(|(_, settled)| settled.is_none()).unwrap();
        let settle = Command::SettleConflict { conflict: open.id(), keeps };
        let events = self.folded.decide(self.at(), &[settle]).unwrap();
        events.into_iter().map(|event| self.tell(DESK, event)).sum()
    }

    fn open(&self) -> Vec<(&'static str, Question, String)> {
        let round = self.folded.live().round();
        let open = self.folded.conflicts().filter(|(_, settled)| settled.is_none());
        let said = open.map(|(conflict, _)| {
            let said = conflict.said(round);
            let events = said.args.iter().find(|(name, _)| *name == "events");
            (said.code, conflict.question(), events.map_or_else(String::new, |(_, events)| events.clone()))
        });
        said.collect()
    }
}

fn called(household: u128) -> Event {
    Event::HouseholdCalled { household: Uuid::from_u128(household), wave: 1 }
}

fn arrived(visit: u128) -> Event {
    Event::Arrived { visit: Uuid::from_u128(visit), household: None, class: String::new(), lane: Some(1) }
}

fn given(visit: u128, item: Uuid) -> Event {
    Event::ItemGiven { visit: Uuid::from_u128(visit), kind: "tube".to_owned(), item, lot: None }
}

#[test]
fn each_role_writes_of_its_own_matters() {
    let matters = [
        Matter::Round,
        Matter::Calls,
        Matter::Tables,
        Matter::Counts,
        Matter::Custody,
        Matter::Results,
        Matter::Release,
        Matter::Recalls,
    ];
    let table: Vec<String> = Role::ALL
        .into_iter()
        .map(|role| {
            let may: Vec<String> =
                matters.iter().filter(|of| role.writes(**of)).map(|of| format!("{of:?}")).collect();
            format!("{}: {}", role.name(), may.join(" "))
        })
        .collect();
    let expected = [
        "secretary: Round Calls Tables Counts Custody Results Release Recalls",
        "caller: Calls",
        "order: Counts Custody",
        "registrar: Tables Counts Custody Recalls",
        "sampler: Tables Counts Custody",
        "courier: Custody",
        "lab: Custody Results",
    ];
    assert_eq!(table, expected);
    for role in Role::ALL {
        assert!(role.may_write(&Event::Undone { events: Vec::new() }), "{role:?} takes back its own step");
        assert_eq!(role.may_write(&Event::RoundClosed), role == Role::Secretary);
        assert_eq!(Role::parse(role.name()), Some(role));
    }
}

/// Boxes are closed at the site; whoever takes one takes it as what they are, and speaks for nobody else; what was found in a tube
/// is told to those alone who have to do with it.
#[test]
fn a_courier_takes_boxes_as_a_courier() {
    const COURIER: Uuid = Uuid::from_u128(0xc0);
    const LAB: Uuid = Uuid::from_u128(0x1a);
    let mut server = Server::new();
    server.roles.extend([(COURIER, Role::Courier), (LAB, Role::Lab)]);
    let (batch, tube) = (server.tubes.batch(1).id(), server.tubes.code(4).item());
    let taken = |kind, id| Event::BatchReceived { batch, by: Holder { kind, id }, from: None, tubes: 1 };
    let sealed = || Event::BatchSealed { batch, tubes: vec![tube] };
    let report = |by| Event::ResultReported {
        report: Uuid::from_u128(5),
        item: tube,
        finding: Finding::Positive,
        lab: LAB,
        by,
        instead_of: None,
        reason: None,
    };
    let out = |by| Event::ResultsReleased { reports: vec![Uuid::from_u128(5)], by };
    let granted = [
        (SAMPLER, sealed()),
        (COURIER, taken(HolderKind::Courier, COURIER)),
        (LAB, taken(HolderKind::Lab, LAB)),
        (LAB, report(LAB)),
        (SECRETARY, out(SECRETARY)),
        (DESK, out(Uuid::from_u128(77))),
    ];
    for (device, event) in granted {
        assert_eq!(server.tell(device, event.clone()), 1, "{event:?}");
    }
    let result = server.folded.live().round().result(tube).unwrap();
    assert_eq!(result.by.len(), 2);
    assert_eq!(server.folded.live().round().batch(batch).unwrap().holder.id, LAB);
    assert!(server.folded.way(tube).iter().all(|of| !of.doubted));
    let doubted = [
        (COURIER, sealed(), "not_its_task"),
        (COURIER, taken(HolderKind::Lab, COURIER), "not_its_task"),
        (COURIER, taken(HolderKind::Courier, SAMPLER), "not_its_own"),
        (CALLER, taken(HolderKind::Site, CALLER), "not_its_task"),
        (LAB, report(SAMPLER), "not_its_own"),
        (LAB, out(LAB), "not_its_task"),
        (SECRETARY, out(LAB), "not_its_own"),
        (SAMPLER, Event::BatchSealed { batch: Uuid::from_u128(9), tubes: vec![tube] }, "tube_no_code"),
        (SAMPLER, Event::BatchSealed { batch, tubes: vec![batch] }, "tube_no_code"),
    ];
    for (device, event, code) in doubted {
        assert_eq!(server.tell(device, event.clone()), 0, "{event:?}");
        assert!(server.open().iter().any(|(of, ..)| *of == code), "{event:?}: {:?}", server.open());
    }
    let hears = |event: &Event| -> Vec<&str> {
        Role::ALL.into_iter().filter(|role| role.hears(event)).map(Role::name).collect()
    };
    assert_eq!(hears(&report(LAB)), ["secretary", "registrar", "lab"]);
    assert_eq!(hears(&out(LAB)), ["secretary", "registrar"]);
    assert_eq!(hears(&arrived(1)), ["secretary", "caller", "order", "registrar", "sampler"]);
    assert_eq!(hears(&sealed()).len(), Role::ALL.len());
}

#[test]
fn what_is_not_a_phones_task_stands_aside_until_the_secretary_counts_it() {
    let mut server = Server::new();
    assert_eq!(server.tell(SAMPLER, arrived(1)), 1);
    assert_eq!(server.tell(SAMPLER, called(1)) + server.tell(SAMPLER, called(2)), 0);
    assert_eq!(server.tell(CALLER, arrived(2)) + server.tell(NOBODY, arrived(3)), 0);
    // What comes after it in the same log is told as if it were not there.
    assert_eq!(server.tell(SAMPLER, arrived(4)), 1);
    let round = server.folded.live().round();
    assert_eq!((round.counts().arrived, round.households().len()), (2, 0));
    let mut open = server.open();
    open.sort_by_key(|(code, _, events)| (*code, events.clone()));
    let whether = Question::Whether;
    assert_eq!(
        open,
        [
            ("no_task", whether, "1".to_owned()),
            ("not_its_task", whether, "1".to_owned()),
            ("not_its_task", whether, "2".to_owned())
        ]
    );
    assert_eq!([SAMPLER, CALLER, NOBODY, DESK].map(|of| server.folded.aside_of(of)), [2, 1, 1, 0]);
    // All are settled: the settlement itself is told, and with it what counts from now on.
    let told: usize = (0..3).map(|_| server.settle(Keeps::Second)).sum();
    assert_eq!(told, 3 + 4);
    let round = server.folded.live().round();
    assert_eq!((round.counts().arrived, round.households().len()), (4, 2));
    assert_eq!(server.folded.open_conflicts(), 0);
    assert_eq!(server.tell(SAMPLER, called(3)), 1, "the secretary has spoken of this phone's calls");
    assert_eq!([SAMPLER, CALLER, NOBODY].map(|of| server.folded.aside_of(of)), [0, 0, 0]);
}

/// Whoever may write of tables after all may still not make up tubes; and a word too much can be taken back.
#[test]
fn what_counts_is_asked_for_each_reason_and_can_be_stopped() {
    let mut server = Server::new();
    let strange = |number| given(number, Uuid::from_u128(0x412 + number));
    server.tell(CALLER, arrived(1));
    server.tell(CALLER, strange(1));
    let [(task, ..)] = server.open()[..] else { panic!("{:?}", server.open()) };
    assert_eq!(task, "not_its_task");
    let counts = server.folded.conflicts().next().unwrap().0.id();
    let settled = |keeps| Event::ConflictSettled { conflict: counts, keeps };
    // Only the desk settles: no phone lets itself through.
    server.tell(SECRETARY, settled(Keeps::Second));
    assert_eq!(server.folded.live().round().counts().arrived, 0);
    assert_eq!(server.tell(DESK, settled(Keeps::Second)), 2, "the word, and who came");
    server.tell(CALLER, strange(2));
    assert_eq!(server.folded.live().round().tubes().len(), 0);
    assert_eq!(server.open(), [("tube_no_code", Question::Whether, "2".to_owned())], "one thing to look at");
    assert_eq!(server.tell(CALLER, arrived(2)), 1);
    assert_eq!(server.tell(DESK, settled(Keeps::First)), 1);
    assert_eq!(server.tell(CALLER, arrived(3)), 0, "it is stopped");
    assert_eq!(server.folded.live().round().counts().arrived, 2);
}

#[test]
fn a_round_from_before_roles_bound_anything_goes_on_as_it_began() {
    let mut server = Server::new();
    let (roles, tubes) = (server.roles.clone(), server.tubes.clone());
    let trust = Trust { desk: DESK, roles: &roles, tubes: Some(&tubes), bound: false };
    let told = server.record(CALLER, arrived(1));
    assert_eq!(trust.doubts(&told), []);
    let told = server.record(CALLER, given(1, Uuid::from_u128(5)));
    assert_eq!(trust.doubts(&told), [Doubt::StrangeTube(Uuid::from_u128(5), CodeFault::NoCode)]);
}

#[test]
fn what_was_left_out_or_taken_back_never_counts() {
    let mut server = Server::new();
    server.tell(SAMPLER, called(1));
    assert_eq!(server.settle(Keeps::First), 1);
    assert_eq!((server.folded.open_conflicts(), server.folded.live().round().households().len()), (0, 0));
    assert_eq!(server.tell(SAMPLER, called(2)), 0);
    assert_eq!(
        server.open(),
        [("not_its_task", Question::Whether, "2".to_owned())],
        "it goes on, and is shown again"
    );
    assert_eq!((server.settle(Keeps::First), server.open()), (1, Vec::new()));
    let told = server.record(CALLER, arrived(1));
    let events = vec![told.id];
    server.hear(told);
    assert_eq!(server.open().len(), 1);
    server.tell(CALLER, Event::Undone { events });
    assert_eq!(server.open(), [], "it took it back itself");
}

#[test]
fn only_the_desk_writes_paper_and_no_phone_takes_the_name_of_a_row() {
    let mut server = Server::new();
    let row = uuid::Builder::from_custom_bytes([9; 16]).into_uuid();
    let mut paper = server.record(SAMPLER, arrived(1));
    paper.origin = Origin::Paper;
    let named = Envelope { id: row, ..server.record(SAMPLER, arrived(2)) };
    assert_eq!(server.hear(paper) + server.hear(named), 0);
    assert_eq!(server.open(), [("not_its_own", Question::Nothing, "2".to_owned())]);
    let typed = Envelope { id: row, origin: Origin::Paper, ..server.record(DESK, arrived(3)) };
    assert_eq!(server.hear(typed), 1, "the row itself is stored");
    assert_eq!(server.settle(Keeps::Both), 1, "seen, and not counted, whoever says so");
    assert_eq!((server.folded.live().round().counts().arrived, server.open()), (1, Vec::new()));
}

#[test]
fn a_tube_that_the_round_has_not_is_no_tube_and_holds_up_nobody() {
    let mut server = Server::new();
    let own = server.tubes.code(1).item();
    let yesterday = TubeKey::new(Uuid::from_u128(7), [4; 32]).code(1).item();
    let elsewhere = TubeKey::new(Uuid::from_u128(8), [3; 32]).code(1).item();
    for (visit, item) in (1..).zip([own, yesterday, elsewhere, Uuid::from_u128(0x412)]) {
        server.tell(SAMPLER, arrived(visit));
        server.tell(SAMPLER, given(visit, item));
    }
    server.tell(SAMPLER, Event::TubeSealed { item: yesterday, people: 1 });
    let round = server.folded.live().round();
    assert_eq!((round.counts().arrived, round.tubes().len()), (4, 1));
    let mut open: Vec<_> = server.open().into_iter().map(|(code, _, events)| (code, events)).collect();
    open.sort_unstable();
    let expected = [("tube_foreign", "1"), ("tube_no_code", "1"), ("tube_not_ours", "2")];
    assert_eq!(open, expected.map(|(code, events)| (code, events.to_owned())));
    let trust = Trust { desk: DESK, roles: &server.roles.clone(), tubes: None, bound: true };
    let told = server.record(SAMPLER, given(9, yesterday));
    assert_eq!(trust.doubts(&told), [], "a round without a key of tubes has nothing to check");
    // A tube of this morning's other box is in use after all: people and seal count.
    while server.folded.open_conflicts() > 0 {
        server.settle(Keeps::Second);
    }
    assert_eq!(server.folded.live().round().tubes().len(), 4);
    assert!(!server.folded.live().round().tubes()[&yesterday].is_open());
}

#[test]
fn a_doubt_names_its_reason() {
    let mut server = Server::new();
    let roles = server.roles.clone();
    let tubes = server.tubes.clone();
    let trust = Trust { desk: DESK, roles: &roles, tubes: Some(&tubes), bound: true };
    let item = Uuid::from_u128(5);
    let counted = Event::PeopleCounted { gate: Gate::In, people: 1 };
    for (device, event, doubt) in [
        (CALLER, counted.clone(), Some(Doubt::NotItsTask(Some(Role::Caller), Matter::Counts))),
        (SAMPLER, counted, None),
        (NOBODY, Event::RoundOpened, Some(Doubt::NotItsTask(None, Matter::Round))),
        (DESK, Event::RoundOpened, None),
        (DESK, given(1, item), Some(Doubt::StrangeTube(item, CodeFault::NoCode))),
    ] {
        let told = server.record(device, event);
        assert_eq!(trust.doubts(&told).first().copied(), doubt, "{told:?}");
    }
}
