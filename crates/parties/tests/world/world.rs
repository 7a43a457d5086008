use domain::Moment;
use journal::{Frame, Hash, Head, Held, LogName, Refused, SecretKey, Slice, admit};
use parties::{Act, Book, Card, Command, PartnerEvent, ToldAt, Writer, Written, heard_in};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A party's server: its journal as it lies on the disk, and its book.
pub struct Party {
    pub id: Uuid,
    pub key: SecretKey,
    pub journal: Vec<(Writer, Frame)>,
    heard: BTreeMap<Uuid, Log>,
    pub book: Book,
    /// How far each partner is, by its answers.
    pub acknowledged: BTreeMap<Uuid, u64>,
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
    pub fn new(place: usize) -> Party {
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

    pub fn card(&self) -> Card {
        let key: String = self.key.public().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!("Example {}", self.id.as_u128() - 0xa000);
        Card { party: self.id, name, address: String::new(), key }
    }

    pub fn write(&mut self, writer: Writer, frame: Frame) {
        self.journal.push((writer, frame.clone()));
        self.book.admit(self.journal.len() as u64, writer, &frame);
    }

    pub fn command(&mut self, at: Moment, drawn: &mut u128, by: &str, command: Command) {
        for act in self.book.decide(at, by, command).unwrap_or_default() {
            self.says(at, drawn, by, act);
        }
        self.tells(at, drawn);
    }

    fn says(&mut self, at: Moment, drawn: &mut u128, by: &str, act: Act) {
        *drawn += 1;
        let body = Written { at, by: by.to_owned(), act }.body();
        self.write(Writer::Own, Frame { id: *Uuid::from_u128(*drawn).as_bytes(), body });
    }

    /// Writes down what partners are told now.
    pub fn tells(&mut self, at: Moment, drawn: &mut u128) {
        for act in self.book.untold() {
            self.says(at, drawn, "owner", act);
        }
        assert!(self.book.untold().is_empty());
    }

    #[allow(dead_code, reason = "not every test has a liar")]
    /// Tells somebody something that an honest book would not: in a frame with this name.
    pub fn lies(&mut self, to: Uuid, name: u128, drawn: &mut u128, at: Moment, act: Act) {
        let Some(head) = self.book.partner(to).and_then(|of| of.head_at(of.told_count())) else { return };
        let frame = Frame {
            id: *Uuid::from_u128(name).as_bytes(),
            body: Written { at, by: "owner".to_owned(), act }.body(),
        };
        let (position, hash) = (self.journal.len() as u64 + 1, head.with(&frame).hash);
        // It stands in its own book as nothing that can be read.
        self.journal.push((Writer::Own, frame));
        self.says(
            at,
            drawn,
            "owner",
            Act::Partners(PartnerEvent::Told { to, frames: vec![ToldAt { position, hash }] }),
        );
    }

    /// What it would send to a partner now, so many frames at most.
    pub fn slice(&self, to: Uuid, most: usize) -> Option<Slice> {
        let partner = self.book.partner(to)?;
        let after = partner.head_at(self.acknowledged.get(&to).copied().unwrap_or(0)).unwrap();
        let told = self.book.told(to, after.seq, most);
        let frames = told.iter().map(|told| self.journal[told.position as usize - 1].1.clone()).collect();
        let slice = Slice::sign(heard_in(to, self.id), &after, frames, &self.key);
        assert_eq!(told.last().map_or(after, |last| last.head), slice.head());
        Some(slice)
    }

    /// Takes a slice in as the journal does, and says what it holds.
    pub fn hear(&mut self, from: Uuid, slice: &Slice) -> u64 {
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
