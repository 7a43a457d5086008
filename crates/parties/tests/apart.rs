//! Four parties that hear of each other late, twice, in pieces, or not for long: in the end each knows what concerns it, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::Moment;
use journal::{Frame, Hash, Head, Held, LogName, Refused, SecretKey, Slice, admit};
use parties::{Book, By, Card, Command, Subject, Writer, Written, heard_in};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use supplies::{Carrier, Command as Supply, End, Good, Promise, ShipmentNow, Stage, Store, To};
use teams::{Ask, Command as Help, Deployment, Member, Offer, OfferNow, Strength, Team, Told};
use uuid::Uuid;

const PARTIES: usize = 4;
const HOUR: i64 = 36_000_000;

fn water() -> Good {
    Good::new("water", "bottle")
}

/// One of what there is, if there is any.
trait NthOf: Iterator + Sized {
    fn nth_of(self, which: usize) -> Option<Self::Item> {
        let mut all: Vec<Self::Item> = self.collect();
        (!all.is_empty()).then(|| all.swap_remove(which % all.len()))
    }
}

impl<I: Iterator> NthOf for I {}

/// One of a party's three teams.
fn team(of: usize, which: usize) -> Uuid {
    Uuid::from_u128(0x7ea0 + 16 * of as u128 + which as u128)
}

/// A party's server: its journal as it lies on the disk, and its book.
struct Party {
    id: Uuid,
    key: SecretKey,
    journal: Vec<(Writer, Frame)>,
    heard: BTreeMap<Uuid, Log>,
    book: Book,
    /// How far each partner is, by its answers.
    acknowledged: BTreeMap<Uuid, u64>,
}

/// What is held of a partner's log.
struct Log {
    name: LogName,
    hashes: Vec<Hash>,
}

impl Held for Log {
    fn head(&self) -> Head {
        let seq = self.hashes.len() as u64;
        Head { seq, hash: self.hash_at(seq).unwrap() }
    }

    fn hash_at(&self, seq: u64) -> Option<Hash> {
        match seq {
            0 => Some(Head::of_nothing(self.name).hash),
            _ => self.hashes.get(seq as usize - 1).copied(),
        }
    }
}

impl Party {
    fn new(place: usize) -> Party {
        let id = Uuid::from_u128(0xa000 + place as u128);
        Party {
            id,
            key: SecretKey::from_random([place as u8 + 1; 32]),
            journal: Vec::new(),
            heard: BTreeMap::new(),
            book: Book::new(id),
            acknowledged: BTreeMap::new(),
        }
    }

    fn card(&self) -> Card {
        let key: String = self.key.public().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!("Example {}", self.id.as_u128() - 0xa000);
        Card { party: self.id, name, address: String::new(), key }
    }

    fn write(&mut self, writer: Writer, frame: Frame) {
        self.journal.push((writer, frame.clone()));
        self.book.admit(self.journal.len() as u64, writer, &frame);
    }

    fn command(&mut self, at: Moment, drawn: &mut u128, command: Command) {
        for act in self.book.decide(at, By::desk(Uuid::nil()), command).unwrap_or_default() {
            *drawn += 1;
            let body = Written { at, by: By::desk(Uuid::nil()), act }.body();
            self.write(Writer::Own, Frame { id: *Uuid::from_u128(*drawn).as_bytes(), body });
        }
    }

    /// What it would send to a partner now, so many frames at most.
    fn slice(&self, to: Uuid, most: usize) -> Option<Slice> {
        let partner = self.book.partner(to)?;
        let after = partner.head_at(self.acknowledged.get(&to).copied().unwrap_or(0)).unwrap();
        let told = self.book.told(to, after.seq, most);
        let frames = told.iter().map(|told| self.journal[told.position as usize - 1].1.clone()).collect();
        let slice = Slice::sign(heard_in(to, self.id), &after, frames, &self.key);
        assert_eq!(told.last().map_or(after, |last| last.head), slice.head());
        Some(slice)
    }

    /// Takes a slice in as the journal does, and says what it holds.
    fn hear(&mut self, from: Uuid, slice: &Slice) -> u64 {
        let Some(key) = self.book.partner(from).filter(|of| !of.parted).and_then(|of| of.card.public())
        else {
            return 0;
        };
        let name = heard_in(self.id, from);
        let log = self.heard.entry(from).or_insert_with(|| Log { name, hashes: Vec::new() });
        match admit(log, name, slice, &key) {
            Ok(admitted) => {
                let held = admitted.head.seq;
                let new: Vec<_> =
                    admitted.new.iter().map(|(head, frame)| (head.hash, (*frame).clone())).collect();
                for (hash, frame) in new {
                    self.heard.get_mut(&from).unwrap().hashes.push(hash);
                    self.write(Writer::Partner(from), frame);
                }
                held
            }
            Err(Refused::Gap(at)) => at.seq,
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Happens {
    Meet(usize, usize, bool),
    Share(usize, usize, bool),
    Write(usize, usize),
    Read(usize, usize),
    Promise(usize, usize),
    Receive(usize, usize, i64),
    Ask(usize, usize),
    Offer(usize, usize),
    Accept(usize, usize),
    Commit(usize, usize),
    Form(usize, usize),
    Declare(usize),
    /// A slice of so many frames goes; whether its answer comes back.
    Send(usize, usize, usize, bool),
    /// Two tell each other all that they have.
    Talk(usize, usize),
    /// A server forgets how far its partners are.
    Restart(usize),
}

fn happens() -> impl Strategy<Value = Happens> {
    let (of, to) = (0..PARTIES, 0..PARTIES);
    prop_oneof![
        2 => (of.clone(), to.clone(), any::<bool>()).prop_map(|(of, to, all)| Happens::Meet(of, to, all)),
        1 => (of.clone(), to.clone(), any::<bool>()).prop_map(|(of, to, all)| Happens::Share(of, to, all)),
        4 => (of.clone(), to.clone()).prop_map(|(of, to)| Happens::Write(of, to)),
        3 => (of.clone(), 0..20usize).prop_map(|(of, which)| Happens::Read(of, which)),
        3 => (of.clone(), to.clone()).prop_map(|(of, to)| Happens::Promise(of, to)),
        3 => (of.clone(), 0..20usize, 0..5i64).prop_map(|(of, which, short)| Happens::Receive(of, which, short)),
        2 => (of.clone(), to.clone()).prop_map(|(of, to)| Happens::Ask(of, to)),
        4 => (of.clone(), 0..9usize).prop_map(|(of, which)| Happens::Offer(of, which)),
        6 => (of.clone(), 0..9usize).prop_map(|(of, which)| Happens::Accept(of, which)),
        6 => (of.clone(), 0..9usize).prop_map(|(of, which)| Happens::Commit(of, which)),
        3 => (of.clone(), 0..3usize).prop_map(|(of, which)| Happens::Form(of, which)),
        1 => of.clone().prop_map(Happens::Declare),
        6 => (of.clone(), to.clone()).prop_map(|(of, to)| Happens::Talk(of, to)),
        5 => (of.clone(), to, 1..4usize, any::<bool>()).prop_map(|(of, to, most, back)| Happens::Send(of, to, most, back)),
        1 => of.prop_map(Happens::Restart),
    ]
}

fn subjects(all: bool) -> BTreeSet<Subject> {
    if all { Subject::ALL.into() } else { BTreeSet::new() }
}

fn send(all: &mut [Party], (of, to): (usize, usize), most: usize, answered: bool) {
    let (from, into) = (all[of].id, all[to].id);
    let Some(slice) = all[of].slice(into, most) else { return };
    let held = all[to].hear(from, &slice);
    if answered {
        all[of].acknowledged.insert(into, held);
    }
}

/// What comes of a script, and then of everybody telling everybody all.
fn play(script: Vec<Happens>) -> Vec<Party> {
    let mut all: Vec<Party> = (0..PARTIES).map(Party::new).collect();
    let mut drawn = 0;
    // Some know each other from the beginning, and all have people to send.
    for of in &mut all {
        let donor = of.id;
        let strength = Strength { donor, skill: "sampling".to_owned(), people: 10_000, reserve: 100 };
        of.command(Moment(0), &mut drawn, Command::Aid(Help::Declare(strength)));
    }
    for (of, to) in [(0, 1), (1, 0), (1, 2), (2, 1)] {
        let card = all[to].card().text();
        all[of].command(Moment(0), &mut drawn, Command::Meet { card, subjects: subjects(true) });
    }
    for (minute, happens) in (1..).zip(script) {
        let at = Moment(minute * 600_000);
        match happens {
            Happens::Meet(of, to, shares) => {
                let card = all[to].card().text();
                all[of].command(at, &mut drawn, Command::Meet { card, subjects: subjects(shares) });
            }
            Happens::Share(of, to, shares) => {
                let with = all[to].id;
                all[of].command(at, &mut drawn, Command::Share { with, subjects: subjects(shares) });
            }
            Happens::Write(of, to) => {
                drawn += 1;
                let (message, to) = (Uuid::from_u128(drawn), all[to].id);
                let words = format!("message {drawn}");
                all[of].command(at, &mut drawn, Command::Write { message, to, words });
            }
            Happens::Read(of, which) => {
                let own = all[of].id;
                let message = all[of].book.messages().filter(|of| of.to == own).nth_of(which).map(|of| of.id);
                if let Some(message) = message {
                    all[of].command(at, &mut drawn, Command::Read { message });
                }
            }
            Happens::Promise(of, to) => {
                drawn += 1;
                let (from, shipment) = (all[of].id, Uuid::from_u128(drawn));
                let store = |party| Store { party, place: party };
                let promise = Promise {
                    shipment,
                    from: Some(store(from)),
                    carrier: Carrier { party: from, person: None },
                    to: To::Store { store: store(all[to].id), lines: [(water(), 40)].into_iter().collect() },
                    leaves: None,
                    due: at + HOUR,
                };
                all[of].command(at, &mut drawn, Command::Supplies(Supply::Promise(promise)));
                let lines = vec![(water(), 40)];
                all[of].command(
                    at,
                    &mut drawn,
                    Command::Supplies(Supply::Send { shipment, from: store(from), lines }),
                );
            }
            Happens::Receive(of, which, short) => {
                let own = all[of].id;
                let to_us =
                    |of: &&ShipmentNow| of.promise.as_ref().is_some_and(|promise| promise.to.party() == own);
                let shipment =
                    all[of].book.supplies().shipments().filter(|of| to_us(&of)).nth_of(which).map(|of| of.id);
                if let Some(shipment) = shipment {
                    let end = End::Store(Store { party: own, place: own });
                    let lines = vec![(water(), 40 - short)];
                    let receive = Supply::Receive { shipment, at: end, lines, rest: false, unlisted: false };
                    all[of].command(at, &mut drawn, Command::Supplies(receive));
                }
            }
            Happens::Ask(of, to) => {
                drawn += 1;
                let ask = Ask {
                    id: Uuid::from_u128(drawn),
                    host: all[of].id,
                    asked: vec![all[to].id],
                    skill: "sampling".to_owned(),
                    number: 20,
                    district: "East".to_owned(),
                    from: Some(at + HOUR),
                    until: Some(at + 48 * HOUR),
                    answer_by: None,
                    why: "a round".to_owned(),
                };
                all[of].command(at, &mut drawn, Command::Aid(Help::Request(ask)));
            }
            Happens::Offer(of, which) => {
                let own = all[of].id;
                let asked = all[of]
                    .book
                    .teams()
                    .requests()
                    .filter(|of| of.request.asked.contains(&own))
                    .nth_of(which);
                if let Some(request) = asked.map(|of| of.request.clone()) {
                    drawn += 1;
                    let (id, donor) = (Uuid::from_u128(drawn), own);
                    let (from, until) = (request.from, request.until);
                    let offer = Offer { id, request: request.id, donor, number: 20, from, until };
                    all[of].command(at, &mut drawn, Command::Aid(Help::Offer(offer)));
                }
            }
            Happens::Accept(of, which) => {
                let (teams, own) = (all[of].book.teams(), all[of].id);
                let ours =
                    |of: &&OfferNow| teams.request(of.offer.request).is_some_and(|of| of.request.host == own);
                let offer = teams.offers().filter(ours).nth_of(which).map(|of| of.offer.id);
                if let Some(offer) = offer {
                    all[of].command(at, &mut drawn, Command::Aid(Help::AcceptOffer { offer, number: 20 }));
                }
            }
            Happens::Commit(of, which) => {
                let own = all[of].id;
                let offer = all[of]
                    .book
                    .teams()
                    .offers()
                    .filter(|of| of.offer.donor == own && of.accepted() > 0)
                    .nth_of(which);
                if let Some(offer) = offer.map(|of| of.offer.clone()) {
                    drawn += 1;
                    let (id, team) = (Uuid::from_u128(drawn), team(of, which % 3));
                    let (departs, arrives) = (offer.from, offer.from + HOUR);
                    let deployment = Deployment { id, offer: offer.id, team, number: 20, departs, arrives };
                    all[of].command(at, &mut drawn, Command::Aid(Help::Commit(deployment)));
                }
            }
            Happens::Form(of, which) => {
                let (id, donor) = (team(of, which), all[of].id);
                let (skill, name) = ("sampling".to_owned(), "a team".to_owned());
                all[of].command(at, &mut drawn, Command::Aid(Help::Form(Team { id, donor, skill, name })));
                drawn += 1;
                let member = Member { id: Uuid::from_u128(drawn), supervisor: true, spared: false };
                all[of].command(at, &mut drawn, Command::Aid(Help::Join { team: id, member }));
            }
            Happens::Declare(of) => {
                let strength = Strength {
                    donor: all[of].id,
                    skill: "sampling".to_owned(),
                    people: 10_000,
                    reserve: minute as u32,
                };
                all[of].command(at, &mut drawn, Command::Aid(Help::Declare(strength)));
            }
            Happens::Send(of, to, most, answered) => send(&mut all, (of, to), most, answered),
            Happens::Talk(of, to) => {
                for _ in 0..2 {
                    send(&mut all, (of, to), 4096, true);
                    send(&mut all, (to, of), 4096, true);
                }
            }
            Happens::Restart(of) => all[of].acknowledged.clear(),
        }
    }
    // Everybody meets everybody, tells all, and the network is whole again.
    for of in 0..PARTIES {
        for to in (0..PARTIES).filter(|to| *to != of) {
            let card = all[to].card().text();
            all[of].command(Moment(0), &mut drawn, Command::Meet { card, subjects: subjects(true) });
        }
    }
    for _ in 0..2 {
        for of in 0..PARTIES {
            for to in (0..PARTIES).filter(|to| *to != of) {
                // The first may only tell how far the other is.
                send(&mut all, (of, to), 4096, true);
                send(&mut all, (of, to), 4096, true);
            }
        }
    }
    all
}

#[test]
fn scripts_come_far() {
    let mut runner = TestRunner::deterministic();
    let scripts = prop::collection::vec(happens(), 1..200);
    let mut counts = [0; 5];
    for _ in 0..400 {
        for of in play(scripts.new_tree(&mut runner).unwrap().current()) {
            let received = of
                .book
                .supplies()
                .shipments()
                .filter(|of| !of.missing.is_empty() || of.stage == Stage::Received);
            let deployments: Vec<_> = of.book.teams().deployments().collect();
            let manned = deployments.iter().filter(|one| {
                one.host == of.id
                    && of.book.teams().team(one.deployment.team).is_some_and(|team| !team.members.is_empty())
            });
            let now = [
                of.book.messages().count(),
                received.count(),
                of.book.teams().offers().count(),
                deployments.len(),
                manned.count(),
            ];
            counts.iter_mut().zip(now).for_each(|(sum, now)| *sum += now);
        }
    }
    assert!(
        counts.iter().all(|count| *count > 4),
        "messages, received, offers, deployments, hosts that know who comes: {counts:?}"
    );
}

proptest! {
    #[test]
    fn in_the_end_both_know_what_concerns_both(script in prop::collection::vec(happens(), 1..200)) {
        let all = play(script);
        for of in &all {
            prop_assert_eq!(of.book.unread(), &[] as &[u64]);
            for message in of.book.messages() {
                prop_assert!(message.from == of.id || message.to == of.id, "of two others");
                let other = all.iter().find(|other| other.id != of.id && [message.from, message.to].contains(&other.id));
                prop_assert_eq!(other.unwrap().book.message(message.id), Some(message));
            }
            for shipment in of.book.supplies().shipments() {
                let promise = shipment.promise.as_ref().unwrap();
                let parties = [promise.from.unwrap().party, promise.to.party()];
                prop_assert!(parties.contains(&of.id), "of two others");
                let other = all.iter().find(|other| other.id != of.id && parties.contains(&other.id));
                if let Some(other) = other {
                    let theirs = other.book.supplies().shipment(shipment.id);
                    prop_assert_eq!(theirs.as_ref(), Some(&shipment));
                }
            }
            for deployment in of.book.teams().deployments() {
                let parties = [deployment.donor, deployment.host];
                prop_assert!(parties.contains(&of.id), "of two others");
                let Some(other) = all.iter().find(|other| other.id != of.id && parties.contains(&other.id)) else { continue };
                prop_assert_eq!(other.book.teams().deployment(deployment.deployment.id), Some(deployment));
                // Who is sent is known to both, however long before they were formed.
                let team = deployment.deployment.team;
                let members = |of: &Party| of.book.teams().team(team).map(|of| (of.team.clone(), of.members.clone()));
                prop_assert_eq!(members(of), members(other));
            }
            for other in &all {
                let told = |of: &Party| of.book.teams().told().filter(|told| told.by.party == of.id).cloned().collect::<Vec<_>>();
                let declared = |told: &[Told]| told.iter().filter(|of| matches!(of.event, teams::Event::Declared { .. })).cloned().collect::<Vec<_>>();
                let heard: Vec<Told> = other.book.teams().told().filter(|told| told.by.party == of.id).cloned().collect();
                prop_assert_eq!(declared(&heard), declared(&told(of)), "what a party has is known to all");
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
        }
    }
}
