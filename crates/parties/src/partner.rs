//! Another party, and the log of what it was told.

use crate::{Card, Subject, ToldAt};
use domain::Moment;
use journal::{Frame, Hash, Head, LogName};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Another party.
#[derive(Clone, Debug)]
pub struct Partner {
    /// Who it is.
    pub card: Card,
    /// What it is told of, as far as it is concerned.
    pub shares: BTreeSet<Subject>,
    /// It is heard and told no more.
    pub parted: bool,
    /// When it was heard last, by its own clock.
    pub heard: Option<Moment>,
    /// Frames of it that were taken in.
    pub heard_frames: u64,
    /// What it was told: places in the book, and the log's hash with each.
    told: Vec<(u64, Hash)>,
    /// The log before the first of them.
    nothing: Head,
    /// The same places.
    told_at: BTreeSet<u64>,
    /// What it is to be told, by its place: its subject was shared when it was written, or has been since. In books that say of nothing when it was
    /// told, that was told already, also where it is shared no more.
    due: BTreeMap<u64, Frame>,
    /// What concerns it of what was never shared.
    held_back: BTreeMap<u64, (Subject, Frame)>,
}

/// A frame of the log of what a partner is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldFrame {
    /// Where it stands in the book.
    pub position: u64,
    /// The log with it.
    pub head: Head,
}

/// The log in which `to` hears what `from` tells it: it belongs to the book of `to`, and its device stands for `from`.
pub fn heard_in(to: Uuid, from: Uuid) -> LogName {
    let hash = Sha256::new()
        .chain_update(b"shouhu/heard/1\0")
        .chain_update(from.as_bytes())
        .chain_update(to.as_bytes())
        .finalize();
    let mut device = [0; 16];
    device.copy_from_slice(&hash[..16]);
    LogName {
        community: *to.as_bytes(),
        device: *uuid::Builder::from_custom_bytes(device).as_uuid().as_bytes(),
    }
}

/// What a party signs to prove that it asks itself, and asks now: `after` which frame of what it is told, at a moment in seconds since 1970. It is
/// written as the head of a log that nobody keeps, so that keys sign nothing but heads.
pub fn question(to: Uuid, from: Uuid, after: u64, at: i64) -> (LogName, Head) {
    let asked = |what: &[u8]| {
        Sha256::new()
            .chain_update(what)
            .chain_update(from.as_bytes())
            .chain_update(to.as_bytes())
            .chain_update(at.to_le_bytes())
            .finalize()
    };
    let mut device = [0; 16];
    device.copy_from_slice(&asked(b"shouhu/asks/1\0")[..16]);
    let head = Head { seq: after, hash: Hash(asked(b"shouhu/question/1\0").into()) };
    (LogName { community: *to.as_bytes(), device }, head)
}

/// What a party signs of what it tells another beside its log: something that is not kept for ever, such as telephones. `text` holds when it was said.
pub fn beside(to: Uuid, from: Uuid, text: &str) -> (LogName, Head) {
    let said = |what: &[u8]| {
        Sha256::new()
            .chain_update(what)
            .chain_update(from.as_bytes())
            .chain_update(to.as_bytes())
            .chain_update(text)
            .finalize()
    };
    let mut device = [0; 16];
    device.copy_from_slice(&said(b"shouhu/beside/1\0")[..16]);
    let head = Head { seq: 0, hash: Hash(said(b"shouhu/said/1\0").into()) };
    (LogName { community: *to.as_bytes(), device }, head)
}

impl Partner {
    pub(crate) fn new(own: Uuid, card: Card) -> Partner {
        let nothing = Head::of_nothing(heard_in(card.party, own));
        Partner {
            card,
            shares: BTreeSet::new(),
            parted: false,
            heard: None,
            heard_frames: 0,
            told: Vec::new(),
            nothing,
            told_at: BTreeSet::new(),
            due: BTreeMap::new(),
            held_back: BTreeMap::new(),
        }
    }

    /// Whether it is told of this.
    pub fn is_told(&self, subject: Subject) -> bool {
        !self.parted && self.shares.contains(&subject)
    }

    /// How much it was told.
    pub fn told_count(&self) -> u64 {
        self.told.len() as u64
    }

    /// The log of what it was told, up to a frame; `None` where it has none of this number.
    pub fn head_at(&self, seq: u64) -> Option<Head> {
        match seq.checked_sub(1) {
            None => Some(self.nothing),
            Some(place) => {
                let &(_, hash) = self.told.get(usize::try_from(place).ok()?)?;
                Some(Head { seq, hash })
            }
        }
    }

    /// Frames after one, so many at most.
    pub fn after(&self, seq: u64, most: usize) -> impl Iterator<Item = ToldFrame> {
        let place = usize::try_from(seq).unwrap_or(usize::MAX).min(self.told.len());
        (seq + 1..)
            .zip(&self.told[place..])
            .take(most)
            .map(|(seq, &(position, hash))| ToldFrame { position, head: Head { seq, hash } })
    }

    /// Something that concerns it was written in the book.
    pub(crate) fn concerned(&mut self, position: u64, subject: Subject, frame: Frame) {
        if self.parted || self.told_at.contains(&position) {
            return;
        }
        if self.shares.contains(&subject) {
            self.due.insert(position, frame);
        } else {
            self.held_back.insert(position, (subject, frame));
        }
    }

    /// From now on it is told of these.
    pub(crate) fn share(&mut self, subjects: BTreeSet<Subject>) {
        self.shares = subjects;
        for (position, (subject, frame)) in std::mem::take(&mut self.held_back) {
            self.concerned(position, subject, frame);
        }
    }

    /// It is heard and told no more.
    pub(crate) fn part(&mut self) {
        self.parted = true;
        self.due.clear();
        self.held_back.clear();
    }

    /// What it is to be told and was not: the next of its log.
    pub(crate) fn untold(&self) -> Vec<ToldAt> {
        let mut head = self.head_at(self.told_count()).expect("the last is there");
        let next = |(position, frame): (&u64, &Frame)| {
            head = head.with(frame);
            ToldAt { position: *position, hash: head.hash }
        };
        self.due.iter().map(next).collect()
    }

    /// It is told of these from now on.
    pub(crate) fn tell(&mut self, frames: &[ToldAt]) {
        for ToldAt { position, hash } in frames {
            self.due.remove(position);
            self.held_back.remove(position);
            self.told_at.insert(*position);
            self.told.push((*position, *hash));
        }
    }
}
