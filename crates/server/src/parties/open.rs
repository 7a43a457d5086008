//! A party's book in memory: what its journal says so far.

use super::{clock, not_enrolled, telling::said};
use crate::{
    limits,
    problem::Fault,
    run::{Runs, book::Party, desk_log},
};
use axum::http::StatusCode;
use domain::Moment;
use journal::{Frame, Head, Log, LogName, SecretKey, Signature, Slice};
use parties::{Act, Book, Card, Command, PartnerEvent, Refusal, Writer, Written, heard_in, question};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use supplies::ShipmentKey;
use uuid::Uuid;

/// Frames that are read at once: a few hundred kilobytes.
const FRAMES: usize = 4096;

/// Acts that are written at once of those that say what is told: a hundred frames each.
const TOLD: usize = 16;

/// A party's book in memory.
pub struct OpenBook {
    /// Whose.
    pub party: Party,
    book: Book,
    /// What of the journal is in it.
    position: u64,
    /// Where the log of its desk stands; `None` where it was not let in yet.
    desk: Option<Head>,
    /// By which device of the journal each partner is heard.
    heard: BTreeMap<LogName, Uuid>,
}

impl OpenBook {
    /// A book of which nothing is known yet.
    pub fn new(party: Party) -> OpenBook {
        let book = Book::new(party.id);
        OpenBook { party, book, position: 0, desk: None, heard: BTreeMap::new() }
    }

    /// What it comes to.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// As it is handed to others, with the name and the address of this server.
    pub fn card(&self, name: String, address: String) -> Card {
        let key = self.party.desk_log().key.to_bytes();
        Card { party: self.party.id, name, address, key: crate::access::secret::hex(&key) }
    }

    /// What its shipments' codes are made with.
    pub fn shipment_key(&self) -> ShipmentKey {
        let key = Sha256::new().chain_update(b"shouhu/shipments/1\0").chain_update(self.party.key).finalize();
        ShipmentKey::new(self.party.id, key.into())
    }

    /// The id of the nth request for an order of a plan (donor, district, skill, day of leaving): the same for whoever asks for it, and none that others
    /// could tell of before.
    pub fn order_request(&self, order: [&str; 4], nth: u32) -> Uuid {
        let mut hash = Sha256::new().chain_update(b"shouhu/orders/1\0").chain_update(self.party.key);
        for word in order {
            hash.update((word.len() as u64).to_le_bytes());
            hash.update(word);
        }
        let hash = hash.chain_update(nth.to_le_bytes()).finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        uuid::Builder::from_custom_bytes(id).into_uuid()
    }

    /// Takes in what the journal has more, and writes down what partners are to be told of it. Blocks on the disk.
    ///
    /// # Errors
    /// The journal says no.
    pub fn catch_up(&mut self, runs: &Runs) -> Result<(), Fault> {
        self.read_on(runs)?;
        // What cannot be written now is told later, and the book can be read all the same.
        self.tell(runs).unwrap_or_else(|fault| said(&fault));
        Ok(())
    }

    /// Writes down what partners are to be told and were not.
    fn tell(&mut self, runs: &Runs) -> Result<(), Fault> {
        let mut tries = 0;
        loop {
            let acts: Vec<Act> = self.book.untold().into_iter().take(TOLD).collect();
            if acts.is_empty() {
                return Ok(());
            }
            // Another process may have been first.
            if !self.write(runs, (clock(), "server"), None, acts)? {
                tries += 1;
            }
            self.read_on(runs)?;
            if tries >= limits::DESK_TRIES {
                return Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy"));
            }
        }
    }

    /// Writes acts behind the last that was read, the first under this id; false where another process wrote since.
    fn write(
        &self,
        runs: &Runs,
        (at, by): (Moment, &str),
        mut first: Option<Uuid>,
        acts: Vec<Act>,
    ) -> Result<bool, Fault> {
        let frame = |act: Act| Frame {
            id: *first.take().unwrap_or_else(Uuid::new_v4).as_bytes(),
            body: Written { at, by: by.to_owned(), act }.body(),
        };
        let head = self.desk.as_ref().expect("it has read on");
        let log = (self.party.desk_log().name, head);
        desk_log::write(&runs.journal, log, &self.party.key, clock(), acts.into_iter().map(frame).collect())
    }

    fn read_on(&mut self, runs: &Runs) -> Result<(), Fault> {
        let log = self.party.desk_log();
        let mut desk = match self.desk {
            Some(desk) => desk,
            None => {
                runs.journal.enrol(log).map_err(not_enrolled)?;
                Head::of_nothing(log.name)
            }
        };
        loop {
            let own = *self.party.id.as_bytes();
            let entries =
                runs.journal.read(own, own, self.position, FRAMES).map_err(|error| Fault::from(&error))?;
            let more = entries.len() == FRAMES;
            for entry in entries {
                if entry.log == log.name {
                    desk = desk.with(&entry.frame);
                }
                self.position = entry.position;
                // A log that is neither the desk's nor a partner's is of nobody whom the book knows.
                let writer = if entry.log == log.name {
                    Writer::Own
                } else {
                    Writer::Partner(self.heard.get(&entry.log).copied().unwrap_or_default())
                };
                let written = self.book.admit(entry.position, writer, &entry.frame);
                if let Some(Written { act: Act::Partners(PartnerEvent::Met { card }), .. }) = written {
                    self.heard.insert(heard_in(self.party.id, card.party), card.party);
                }
            }
            if !more {
                break;
            }
        }
        self.desk = Some(desk);
        Ok(())
    }

    /// Writes down what comes of a command that is given at its desk, by whom. Blocks until it is stored.
    ///
    /// # Errors
    /// A rule says no, or it could not be stored.
    pub fn command(&mut self, runs: &Runs, by: &str, command: &Command) -> Result<(), Fault> {
        self.command_once(runs, by, None, None, |_| Ok(command.clone()))
    }

    /// The same with a command that is made of the book as it is when it is written. Something of supplies or of aid with an id under which
    /// something was written is done already. What was done before it is told has its own moment. Blocks until it is stored.
    ///
    /// # Errors
    /// A rule says no, or it could not be stored.
    pub fn command_once(
        &mut self,
        runs: &Runs,
        by: &str,
        made: Option<Moment>,
        once: Option<Uuid>,
        of: impl Fn(&OpenBook) -> Result<Command, Fault>,
    ) -> Result<(), Fault> {
        for _ in 0..limits::DESK_TRIES {
            self.catch_up(runs)?;
            if once.is_some_and(|once| self.book.has_written(once)) {
                return Ok(());
            }
            let at = made.unwrap_or_else(clock);
            let acts = self.book.decide(at, by, of(self)?).map_err(refused)?;
            for act in &acts {
                // Whoever is met is heard from then on; whoever ends between the two is met anew.
                if let Act::Partners(PartnerEvent::Met { card }) = act {
                    self.enrol(runs, card)?;
                }
            }
            if acts.is_empty() || self.write(runs, (at, by), once, acts.clone())? {
                for act in &acts {
                    if let Act::Partners(PartnerEvent::Parted { from }) = act {
                        let name = heard_in(self.party.id, *from);
                        runs.journal.revoke(name).map_err(not_enrolled)?;
                    }
                }
                return self.catch_up(runs);
            }
        }
        Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy"))
    }

    fn enrol(&self, runs: &Runs, card: &Card) -> Result<(), Fault> {
        let key = card.public().ok_or_else(|| refused(Refusal::CardUnreadable))?;
        let name = heard_in(self.party.id, card.party);
        let log = Log { name, book: *self.party.id.as_bytes(), key };
        runs.journal.enrol(log).map_err(not_enrolled)
    }

    /// Proof that this party asks another itself, and asks now.
    pub fn asks(&self, of: Uuid, after: u64, at: i64) -> Signature {
        let (log, head) = question(of, self.party.id, after, at);
        SecretKey::from_random(self.party.key).sign(log, &head)
    }

    /// What a partner is told after a frame, signed; as much as one question may carry. `None` where the log has no such frame.
    ///
    /// # Errors
    /// The journal says no.
    pub fn told(&self, runs: &Runs, to: Uuid, after: u64) -> Result<Option<Slice>, Fault> {
        let Some(head) = self.book.partner(to).and_then(|partner| partner.head_at(after)) else {
            return Ok(None);
        };
        let told = self.book.told(to, after, limits::TOLD_FRAMES);
        let (mut frames, mut bytes) = (Vec::with_capacity(told.len()), 0);
        let own = *self.party.id.as_bytes();
        let mut read = Vec::new().into_iter();
        for told in told {
            // Mostly they lie together, so that one look finds many.
            let entry = loop {
                match read.next() {
                    Some(journal::Entry { position, frame, .. }) if position == told.position => break frame,
                    Some(journal::Entry { position, .. }) if position < told.position => {}
                    _ => {
                        let next = runs.journal.read(own, own, told.position - 1, FRAMES);
                        read = next.map_err(|error| Fault::from(&error))?.into_iter();
                        if read.as_slice().first().is_none_or(|first| first.position != told.position) {
                            return Err(Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "broken"));
                        }
                    }
                }
            };
            bytes += entry.body.len();
            if bytes > limits::TOLD_BYTES && !frames.is_empty() {
                break;
            }
            frames.push(entry);
        }
        let key = SecretKey::from_random(self.party.key);
        Ok(Some(Slice::sign(heard_in(to, self.party.id), &head, frames, &key)))
    }
}

fn refused(refusal: Refusal) -> Fault {
    Fault::Rules(refusal.said())
}
