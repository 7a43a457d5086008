//! Four parties that hear of each other late, twice, in pieces, or not for long: in the end each knows what concerns it, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::Moment;
use journal::{Frame, Hash, Head, Held, LogName, Refused, SecretKey, Slice, admit};
use parties::{Book, Card, Command, Subject, Writer, Written, heard_in};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const PARTIES: usize = 4;

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
        for act in self.book.decide(command).unwrap_or_default() {
            *drawn += 1;
            let body = Written { at, by: "owner".to_owned(), act }.body();
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
    /// A slice of so many frames goes; whether its answer comes back.
    Send(usize, usize, usize, bool),
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

proptest! {
    #[test]
    fn in_the_end_both_know_what_concerns_both(script in prop::collection::vec(happens(), 1..120)) {
        let mut all: Vec<Party> = (0..PARTIES).map(Party::new).collect();
        let mut drawn = 0;
        for (minute, happens) in (0..).zip(script) {
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
                    let message = all[of].book.messages().filter(|of| of.to == own).nth(which).map(|of| of.id);
                    if let Some(message) = message {
                        all[of].command(at, &mut drawn, Command::Read { message });
                    }
                }
                Happens::Send(of, to, most, answered) => send(&mut all, (of, to), most, answered),
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
        for of in &all {
            prop_assert_eq!(of.book.unread(), &[] as &[u64]);
            for message in of.book.messages() {
                prop_assert!(message.from == of.id || message.to == of.id, "of two others");
                let other = all.iter().find(|other| other.id != of.id && [message.from, message.to].contains(&other.id));
                prop_assert_eq!(other.unwrap().book.message(message.id), Some(message));
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
