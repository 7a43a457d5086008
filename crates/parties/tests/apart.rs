//! Four parties that hear of each other late, twice, in pieces, or not for long, and one of them lies: in the end each of the others knows what
//! concerns it, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "world/world.rs"]
mod world;

use domain::Moment;
use parties::{Act, Book, Command, Subject, SuppliesEvent};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::collections::BTreeSet;
use supplies::{
    Carrier, Command as Supply, End, Event, Good, Lines, Loss, Promise, Reason, Role, ShipmentKey,
    ShipmentNow, Stage, Step, Store, Subject as Of, To,
};
use uuid::Uuid;
use world::Party;

const PARTIES: usize = 4;
/// It tells each what it likes.
const LIAR: usize = 3;
const MINUTE: i64 = 600_000;

fn water(count: i64) -> Vec<(Good, i64)> {
    vec![(Good::new("water", "bottle"), count)]
}

fn lines(count: u32) -> Lines {
    [(Good::new("water", "bottle"), count)].into_iter().collect()
}

fn store(party: Uuid) -> Store {
    Store { party, place: party }
}

fn key(of: &Party) -> ShipmentKey {
    ShipmentKey::new(of.id, [1; 32])
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Happens {
    Meet(usize, usize, bool),
    Share(usize, usize, bool),
    Write(usize, usize),
    Read(usize, usize),
    Promise(usize, usize, usize),
    /// The promise of one of its shipments goes to another, or somebody else brings it.
    Repromise(usize, usize, usize, usize),
    /// Something is done with one of the shipments that it has heard of.
    Step(usize, usize, Does),
    /// It receives the next shipment of another, of which it need not have heard.
    Unlisted(usize, usize, i64),
    /// The liar tells somebody something of one of all shipments, in a frame with a name that another may have.
    Lie(usize, usize, usize, u128),
    /// A slice of so many frames goes; whether its answer comes back.
    Send(usize, usize, usize, bool),
    /// Two tell each other all that they have.
    Talk(usize, usize),
    /// A server forgets how far its partners are.
    Restart(usize),
}

#[derive(Clone, Debug)]
enum Does {
    Send,
    CallOff,
    ReachGate,
    Receive(i64, bool),
    Refuse,
    Settle(i64),
    TakeBack,
    Explain,
    AskWriteOff,
    AgreeWriteOff,
}

fn happens() -> impl Strategy<Value = Happens> {
    let (of, to) = (0..PARTIES, 0..PARTIES);
    let does = prop_oneof![
        3 => Just(Does::Send),
        1 => Just(Does::CallOff),
        1 => Just(Does::ReachGate),
        4 => (0..12i64, any::<bool>()).prop_map(|(short, rest)| Does::Receive(short, rest)),
        1 => Just(Does::Refuse),
        1 => (0..12i64).prop_map(Does::Settle),
        1 => Just(Does::TakeBack),
        1 => Just(Does::Explain),
        2 => Just(Does::AskWriteOff),
        2 => Just(Does::AgreeWriteOff),
    ];
    prop_oneof![
        2 => (of.clone(), to.clone(), any::<bool>()).prop_map(|(of, to, all)| Happens::Meet(of, to, all)),
        1 => (of.clone(), to.clone(), any::<bool>()).prop_map(|(of, to, all)| Happens::Share(of, to, all)),
        3 => (of.clone(), to.clone()).prop_map(|(of, to)| Happens::Write(of, to)),
        2 => (of.clone(), 0..20usize).prop_map(|(of, which)| Happens::Read(of, which)),
        5 => (of.clone(), to.clone(), 0..PARTIES).prop_map(|(of, to, by)| Happens::Promise(of, to, by)),
        2 => (of.clone(), 0..20usize, to.clone(), 0..PARTIES)
            .prop_map(|(of, which, to, by)| Happens::Repromise(of, which, to, by)),
        14 => (of.clone(), 0..20usize, does).prop_map(|(of, which, does)| Happens::Step(of, which, does)),
        2 => (of.clone(), to.clone(), 0..12i64).prop_map(|(of, from, count)| Happens::Unlisted(of, from, count)),
        4 => (to.clone(), 0..20usize, 0..12usize, 1000..1300u128)
            .prop_map(|(to, which, what, name)| Happens::Lie(to, which, what, name)),
        6 => (of.clone(), to.clone()).prop_map(|(of, to)| Happens::Talk(of, to)),
        5 => (of.clone(), to, 1..4usize, any::<bool>()).prop_map(|(of, to, most, back)| Happens::Send(of, to, most, back)),
        1 => of.prop_map(Happens::Restart),
    ]
}

fn subjects(all: bool) -> BTreeSet<Subject> {
    if all { Subject::ALL.into() } else { BTreeSet::new() }
}

/// All parties, and what was drawn.
struct World {
    all: Vec<Party>,
    drawn: u128,
    at: Moment,
    /// All shipments, and those of which the liar was named a party: what it says of these counts.
    shipments: BTreeSet<Uuid>,
    liars: BTreeSet<Uuid>,
    /// Those that it has told some to have received.
    claimed: BTreeSet<Uuid>,
}

impl World {
    fn command(&mut self, of: usize, command: Command) {
        self.all[of].command(self.at, &mut self.drawn, "owner", command);
    }

    fn supply(&mut self, of: usize, role: Role, command: Supply) {
        // Each role is somebody else.
        let by = role.key();
        self.all[of].command(self.at, &mut self.drawn, by, Command::Supplies { role, command });
    }

    fn send(&mut self, (of, to): (usize, usize), most: usize, answered: bool) {
        let (from, into) = (self.all[of].id, self.all[to].id);
        let Some(slice) = self.all[of].slice(into, most) else { return };
        let held = self.all[to].hear(from, &slice);
        self.all[to].tells(self.at, &mut self.drawn);
        if answered {
            self.all[of].acknowledged.insert(into, held);
        }
    }

    fn meet(&mut self, of: usize, to: usize, shares: bool) {
        let card = self.all[to].card().text();
        self.command(of, Command::Meet { card, subjects: subjects(shares) });
    }

    fn promise(&mut self, (of, shipment): (usize, Uuid), to: usize, by: usize) {
        let all = &self.all;
        let promise = Promise {
            shipment,
            from: Some(store(all[of].id)),
            carrier: Carrier { party: all[by].id, person: None },
            to: To::Store { store: store(all[to].id), lines: lines(10) },
            leaves: None,
            due: self.at + 60 * MINUTE,
        };
        let before = all[of].journal.len();
        self.supply(of, Role::Desk, Supply::Promise(promise));
        if self.all[of].journal.len() > before {
            self.shipments.insert(shipment);
            if [of, to, by].contains(&LIAR) {
                self.liars.insert(shipment);
            }
        }
    }

    fn step(&mut self, of: usize, which: usize, does: &Does) {
        let (own, book) = (self.all[of].id, &self.all[of].book);
        let known: Vec<ShipmentNow> = book.supplies().shipments().collect();
        let Some(now) = (!known.is_empty()).then(|| &known[which % known.len()]) else { return };
        let (shipment, end) = (now.id, End::Store(store(own)));
        let write_off = Uuid::from_u128(shipment.as_u128() ^ 1);
        let missing: Vec<(Good, i64)> =
            now.missing.iter().map(|(good, count)| (good.clone(), *count)).collect();
        let (role, command) = match *does {
            Does::Send => (Role::Keeper, Supply::Send { shipment, from: store(own), lines: water(10) }),
            Does::CallOff => (Role::Desk, Supply::CallOff { shipment }),
            Does::ReachGate => (Role::Carrier, Supply::ReachGate { shipment }),
            Does::Receive(count, rest) => {
                (Role::Gate, Supply::Receive { shipment, at: end, lines: water(count), rest, unlisted: true })
            }
            Does::Refuse => (Role::Gate, Supply::Refuse { shipment, at: end, reason: Reason::NotNeeded }),
            Does::Settle(count) => {
                let step = if count % 2 == 0 { Step::Received } else { Step::Sent };
                (Role::Desk, Supply::Settle { shipment, step, at: end, lines: Some(water(count)) })
            }
            Does::TakeBack => (Role::Keeper, Supply::TakeBack { shipment, at: store(own), lines: water(1) }),
            Does::Explain => (Role::Desk, Supply::Explain { shipment, reason: Reason::Lost }),
            Does::AskWriteOff => (
                Role::Keeper,
                Supply::AskWriteOff {
                    write_off,
                    of: Loss::Shipment(shipment),
                    lines: missing,
                    reason: Reason::Lost,
                },
            ),
            Does::AgreeWriteOff => (Role::Desk, Supply::AgreeWriteOff { write_off }),
        };
        self.supply(of, role, command);
    }

    /// Something of the liar's, true or not, its own to say or not.
    fn lie(&mut self, to: usize, which: usize, what: usize, name: u128) {
        let (own, victim) = (self.all[LIAR].id, self.all[to].id);
        let Some(shipment) = self.shipments.iter().nth(which % self.shipments.len().max(1)).copied() else {
            return;
        };
        let (ours, theirs) = (End::Store(store(own)), End::Store(store(victim)));
        let promise = |from: Uuid, to: Uuid| Promise {
            shipment,
            from: Some(store(from)),
            carrier: Carrier { party: own, person: None },
            to: To::Store { store: store(to), lines: lines(99) },
            leaves: None,
            due: Moment(-1),
        };
        let write_off = Uuid::from_u128(shipment.as_u128() ^ 1);
        let event = match what {
            0 => Event::Promised { promise: promise(own, victim) },
            1 => Event::Promised { promise: promise(victim, own) },
            2 => Event::Received { shipment, at: ours, lines: lines(3), rest: false },
            3 => Event::Received { shipment, at: theirs, lines: lines(10), rest: false },
            4 => Event::Sent { shipment, from: store(own), lines: lines(1) },
            5 => Event::CalledOff { shipment },
            6 => Event::Refused { shipment, at: ours, reason: Reason::Unknown },
            7 => Event::Settled {
                shipment,
                step: Step::Received,
                at: ours,
                over: vec![],
                lines: Some(lines(1)),
            },
            8 => Event::WriteOffAsked {
                write_off,
                of: Loss::Shipment(shipment),
                lines: lines(1),
                reason: Reason::Lost,
            },
            9 => Event::WriteOffAgreed { write_off, of: Loss::Shipment(shipment) },
            10 => Event::Counted { store: store(victim), lines: lines(0) },
            _ => Event::Explained { shipment, reason: Reason::Lost },
        };
        if what == 2 {
            self.claimed.insert(shipment);
        }
        let act = Act::Supplies(SuppliesEvent { role: Role::Desk, event });
        self.all[LIAR].lies(victim, name, &mut self.drawn, Moment(-MINUTE), act);
    }

    fn happens(&mut self, happens: Happens) {
        match happens {
            Happens::Meet(of, to, shares) => self.meet(of, to, shares),
            Happens::Share(of, to, shares) => {
                let with = self.all[to].id;
                self.command(of, Command::Share { with, subjects: subjects(shares) });
            }
            Happens::Write(of, to) => {
                self.drawn += 1;
                let (message, to) = (Uuid::from_u128(self.drawn), self.all[to].id);
                let words = format!("message {}", self.drawn);
                self.command(of, Command::Write { message, to, words });
            }
            Happens::Read(of, which) => {
                let of_us = self.all[of].id;
                let message =
                    self.all[of].book.messages().filter(|of| of.to == of_us).nth(which).map(|of| of.id);
                if let Some(message) = message {
                    self.command(of, Command::Read { message });
                }
            }
            Happens::Promise(of, to, by) => {
                let key = key(&self.all[of]);
                let code = key.code(self.all[of].book.supplies().next_number(&key)).unwrap();
                self.promise((of, code.id()), to, by);
            }
            Happens::Repromise(of, which, to, by) => {
                let key = key(&self.all[of]);
                let own: Vec<Uuid> =
                    self.shipments.iter().copied().filter(|id| key.check(*id).is_ok()).collect();
                if !own.is_empty() {
                    self.promise((of, own[which % own.len()]), to, by);
                }
            }
            Happens::Step(of, which, does) => self.step(of, which, &does),
            Happens::Unlisted(of, from, count) => {
                let (own, from) = (self.all[of].id, &self.all[from]);
                let shipment = key(from).code(from.book.supplies().next_number(&key(from))).unwrap().id();
                let (at, lines) = (End::Store(store(own)), water(count));
                self.supply(
                    of,
                    Role::Gate,
                    Supply::Receive { shipment, at, lines, rest: false, unlisted: true },
                );
            }
            Happens::Lie(to, which, what, name) => self.lie(to, which, what, name),
            Happens::Send(of, to, most, answered) => self.send((of, to), most, answered),
            Happens::Talk(of, to) => {
                for _ in 0..2 {
                    self.send((of, to), 4096, true);
                    self.send((to, of), 4096, true);
                }
            }
            Happens::Restart(of) => self.all[of].acknowledged.clear(),
        }
    }
}

/// What comes of a script, and then of everybody telling everybody all.
fn play(script: Vec<Happens>) -> World {
    let all = (0..PARTIES).map(Party::new).collect();
    let none = BTreeSet::new;
    let mut world =
        World { all, drawn: 1000, at: Moment(0), shipments: none(), liars: none(), claimed: none() };
    // Some know each other from the beginning.
    for (of, to) in [(0, 1), (1, 0), (1, 2), (2, 1)] {
        world.meet(of, to, true);
    }
    for (minute, happens) in (1..).zip(script) {
        world.at = Moment(minute * MINUTE);
        world.happens(happens);
    }
    let pairs =
        || (0..PARTIES).flat_map(|of| (0..PARTIES).filter(move |to| *to != of).map(move |to| (of, to)));
    pairs().for_each(|(of, to)| world.meet(of, to, true));
    // What somebody hears may be for a third to know, too; and the first slice may only tell how far the other is.
    for _ in 0..4 {
        pairs().for_each(|pair| world.send(pair, 4096, true));
    }
    world
}

#[test]
fn scripts_come_far() {
    let mut runner = TestRunner::deterministic();
    let scripts = prop::collection::vec(happens(), 1..200);
    let mut counts = [0; 7];
    for _ in 0..300 {
        let world = play(scripts.new_tree(&mut runner).unwrap().current());
        for of in &world.all[..LIAR] {
            let supplies = of.book.supplies();
            let is = |stage: Stage| supplies.shipments().filter(move |of| of.stage == stage).count();
            let gone = |id: &Uuid| {
                let account = supplies::Account::WrittenOff(Loss::Shipment(*id));
                supplies.ledger().balance(account, &water(0)[0].0) > 0
            };
            let astray = supplies.shipments().filter(|of| of.astray.is_some()).count();
            let gone = world.shipments.iter().filter(|id| gone(id)).count();
            let now = [
                of.book.messages().count(),
                is(Stage::Received),
                is(Stage::Short),
                is(Stage::Refused),
                astray,
                gone,
                supplies.aside().count(),
            ];
            counts.iter_mut().zip(now).for_each(|(sum, now)| *sum += now);
        }
    }
    assert!(
        counts.iter().all(|count| *count > 5),
        "messages, received, short, refused, astray, written off, aside: {counts:?}"
    );
}

/// All of a shipment but what another party says to have of it: who that is told of it, it chooses.
fn settled(of: &ShipmentNow) -> ShipmentNow {
    let mut of = of.clone();
    of.astray = None;
    of.elsewhere.clear();
    (of.transit, of.missing, of.surplus) = Default::default();
    of
}

proptest! {
    #[test]
    fn in_the_end_both_know_what_concerns_both(script in prop::collection::vec(happens(), 1..200)) {
        let world = play(script);
        let liar = world.all[LIAR].id;
        for of in &world.all[..LIAR] {
            prop_assert_eq!(of.book.unread(), &[] as &[u64]);
            for message in of.book.messages() {
                prop_assert!(message.from == of.id || message.to == of.id, "of two others");
                let other = world.all.iter().find(|other| other.id != of.id && [message.from, message.to].contains(&other.id));
                prop_assert_eq!(other.unwrap().book.message(message.id), Some(message));
            }
            for shipment in of.book.supplies().shipments().filter(|of| !world.liars.contains(&of.id)) {
                let Some(promise) = shipment.promise.clone() else { continue };
                let parties = [promise.party(), promise.carrier.party, promise.to.party()];
                prop_assert!(!parties.contains(&liar), "the liar has made it its own");
                for other in world.all[..LIAR].iter().filter(|other| parties.contains(&other.id)) {
                    let theirs = other.book.supplies().shipment(shipment.id).unwrap();
                    prop_assert_eq!(settled(&theirs), settled(&shipment));
                    if !world.claimed.contains(&shipment.id) {
                        prop_assert_eq!(&theirs, &shipment);
                    }
                    // No hand-over stays unconfirmed unseen, at either desk.
                    if matches!(theirs.stage, Stage::Promised | Stage::Sent | Stage::AtGate) {
                        let near = other.book.supplies().near(promise.due + 5 * MINUTE);
                        prop_assert!(near.iter().any(|near| near.of == Of::Shipment(shipment.id) && !near.call.is_empty()));
                    }
                }
            }
            // A server that starts anew reads the same from its journal, and tells the same logs.
            let mut again = Book::new(of.id);
            for (position, (writer, frame)) in (1..).zip(&of.journal) {
                again.admit(position, *writer, frame);
            }
            for partner in of.book.partners() {
                let to = partner.card.party;
                prop_assert_eq!(again.told(to, 0, usize::MAX), of.book.told(to, 0, usize::MAX));
            }
            prop_assert!(again.messages().eq(of.book.messages()));
            prop_assert_eq!(again.supplies(), of.book.supplies());
            prop_assert!(again.untold().is_empty());
        }
    }
}
