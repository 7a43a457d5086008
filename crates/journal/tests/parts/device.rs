//! Devices, and what they write: the event of a device and a number is always the same, so that anyone can check it.

#![allow(dead_code, reason = "each test uses its own part")]

use journal::{Answer, Entry, Frame, Head, Journal, Log, LogName, SecretKey, Slice, Tail};
use std::{collections::BTreeMap, sync::mpsc};

pub const COMMUNITY: [u8; 16] = [1; 16];
pub const BOOK: [u8; 16] = [5; 16];

pub fn key(device: u8) -> SecretKey {
    SecretKey::from_random([device; 32])
}

pub fn log(device: u8) -> Log {
    let name = LogName { community: COMMUNITY, device: [device; 16] };
    Log { name, book: BOOK, key: key(device).public() }
}

/// A device's event of this number.
pub fn event(device: u8, seq: u64) -> Frame {
    let mut id = [device; 16];
    id[..8].copy_from_slice(&seq.to_le_bytes());
    Frame { id, body: vec![seq as u8 ^ device; 20 + seq as usize * 7 % 200] }
}

/// A device whose log stands at this head, with so many events more.
pub fn written(log: LogName, at: Head, count: u64) -> Tail {
    let mut tail = Tail::new(log, at);
    for seq in at.seq + 1..=at.seq + count {
        let Frame { id, body } = event(log.device[15], seq);
        tail.append(id, body);
    }
    tail
}

/// The first events of a device, as a slice.
pub fn slice(device: u8, count: u64) -> Slice {
    let name = log(device).name;
    written(name, Head::of_nothing(name), count).slice(&key(device)).unwrap()
}

/// Sends and waits for the answer.
pub fn send(journal: &Journal, slice: Slice) -> Answer {
    later(journal, slice).recv().expect("every upload is answered")
}

/// Sends; the answer comes later.
pub fn later(journal: &Journal, slice: Slice) -> mpsc::Receiver<Answer> {
    let (answer, answered) = mpsc::channel();
    journal.append(slice.log, slice, 1_650_000_000_000, move |what| drop(answer.send(what)));
    answered
}

/// Up to where the log is stored, by the answer.
pub fn stored(answer: &Answer) -> u64 {
    match answer {
        Answer::Stored { head, .. } => head.seq,
        other => panic!("not stored: {other:?}"),
    }
}

/// All of a book, page by page.
pub fn read_all(journal: &Journal, community: [u8; 16], book: [u8; 16]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    loop {
        let after = entries.last().map_or(0, |last| last.position);
        let page = journal.read(community, book, after, 37).unwrap();
        if page.is_empty() {
            return entries;
        }
        entries.extend(page);
    }
}

/// Whether all that was acknowledged is stored, once and in order, and nothing was made up.
pub fn judge(journal: &Journal, acknowledged: &BTreeMap<u8, u64>) -> Result<(), String> {
    let mut held = BTreeMap::<u8, u64>::new();
    for (position, entry) in (1..).zip(read_all(journal, COMMUNITY, BOOK)) {
        let device = entry.log.device[15];
        let last = held.entry(device).or_default();
        *last += 1;
        if entry.position != position || entry.seq != *last || entry.frame != event(device, *last) {
            return Err(format!("position {position} holds {entry:?}, not event {last} of device {device}"));
        }
    }
    for (device, seq) in acknowledged {
        let stored = held.get(device).copied().unwrap_or(0);
        if stored < *seq {
            return Err(format!("device {device}: {seq} acknowledged, {stored} stored"));
        }
    }
    for state in journal.heads(COMMUNITY).unwrap() {
        let stored = held.get(&state.log.name.device[15]).copied().unwrap_or(0);
        if state.head.seq != stored {
            return Err(format!("the head is {:?}, and {stored} are stored", state.head));
        }
    }
    Ok(())
}

/// As [`judge`], and every chain and signature, too.
pub fn judge_all(journal: &Journal, acknowledged: &BTreeMap<u8, u64>) -> Result<(), String> {
    judge(journal, acknowledged)?;
    match journal.verify(&|_| {}).unwrap().faults.first() {
        None => Ok(()),
        Some(fault) => Err(fault.to_string()),
    }
}
