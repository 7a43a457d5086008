//! What is decided together: one transaction, and what becomes true when it is committed.

use super::{
    known::{Known, Seen},
    log::{LogState, number},
    options::{Committed, Planted},
    quarantine::Unsettled,
};
use crate::{Frame, Hash, Head, Held, LogName, Signature, wire};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use std::{cell::RefCell, collections::BTreeMap};

/// An open transaction.
pub(super) struct Batch<'c> {
    pub(super) db: &'c Connection,
    pub(super) planted: Planted,
    /// How much waits in quarantine, as of this transaction.
    pub(super) unsettled: Unsettled,
    enrolled: Vec<(LogName, Seen)>,
    moved: Vec<(LogName, Head)>,
    grown: BTreeMap<([u8; 16], [u8; 16]), u64>,
}

/// Frames that continue a log, as they are stored.
pub(super) struct Continued<'a> {
    pub(super) log: LogName,
    pub(super) from: Head,
    pub(super) to: Head,
    pub(super) signature: &'a Signature,
    pub(super) frames: &'a [u8],
}

impl<'c> Batch<'c> {
    pub(super) fn new(db: &'c Connection, planted: Planted, unsettled: Unsettled) -> Batch<'c> {
        Batch { db, planted, unsettled, enrolled: Vec::new(), moved: Vec::new(), grown: BTreeMap::new() }
    }

    /// Stores what continues a log: its last position, or `None` if the log does not stand where it begins, or may not be
    /// written to. Nothing is changed then.
    pub(super) fn store(&mut self, row: &Continued<'_>, revoked_too: bool) -> Result<Option<u64>> {
        let name = row.log;
        let compare = if self.planted.no_compare { SET } else { COMPARE_AND_SET };
        let (from, to) = (row.from, row.to);
        let book: Option<[u8; 16]> = self
            .db
            .prepare_cached(compare)?
            .query_row(
                params![
                    name.community,
                    name.device,
                    from.seq as i64,
                    from.hash.0,
                    to.seq as i64,
                    to.hash.0,
                    revoked_too
                ],
                |row| row.get(0),
            )
            .optional()?;
        let Some(book) = book else { return Ok(None) };
        let count = to.seq - from.seq;
        let position: u64 = self
            .db
            .prepare_cached(PLACE)?
            .query_row(params![name.community, count as i64], |row| number(row, 0))?;
        self.db.prepare_cached(INSERT)?.execute(params![
            name.community,
            name.device,
            from.seq as i64,
            to.seq as i64,
            book,
            (position - count + 1) as i64,
            to.hash.0,
            row.signature.0,
            row.frames,
        ])?;
        self.moved.push((name, to));
        self.grown.insert((name.community, book), position);
        Ok(Some(position))
    }

    /// How many frames a community's journal has.
    pub(super) fn position(&self, community: [u8; 16]) -> Result<u64> {
        let found = self
            .db
            .prepare_cached("SELECT position FROM community WHERE community_id = ?1")?
            .query_row([community], |row| number(row, 0))
            .optional()?;
        Ok(found.unwrap_or(0))
    }

    /// A log that callers are to know of, once this is committed.
    pub(super) fn enrolled(&mut self, name: LogName, seen: Seen) {
        self.enrolled.push((name, seen));
    }

    /// Tells everyone what is true now.
    pub(super) fn committed(self, known: &Known, told: &mut dyn FnMut(Committed)) -> Unsettled {
        for (name, seen) in self.enrolled {
            known.put(name, seen);
        }
        known.advance(self.moved);
        for ((community, book), position) in self.grown {
            told(Committed { community, book, position });
        }
        self.unsettled
    }
}

/// What is accepted is what comes back, not how many rows were counted.
const COMPARE_AND_SET: &str = "UPDATE log SET seq = ?5, hash = ?6
     WHERE community_id = ?1 AND device = ?2 AND seq = ?3 AND hash = ?4 AND (state = 'active' OR ?7) RETURNING book";
/// Planted: whatever the head was.
const SET: &str = "UPDATE log SET seq = ?5, hash = ?6
     WHERE community_id = ?1 AND device = ?2 AND ?3 IS NOT NULL AND ?4 IS NOT NULL AND (state = 'active' OR ?7) RETURNING book";
/// Positions are given under the community's own row, so that no reader passes one that is committed later.
const PLACE: &str =
    "UPDATE community SET position = position + ?2 WHERE community_id = ?1 RETURNING position";
const INSERT: &str = "INSERT INTO slice
     (community_id, device, after_seq, last_seq, book, first_position, hash, signature, frames)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

/// A log in the file, as [`crate::admit`] asks for it.
pub(super) struct Stored<'c> {
    db: &'c Connection,
    name: LogName,
    head: Head,
    failed: RefCell<Option<rusqlite::Error>>,
}

impl<'c> Stored<'c> {
    pub(super) fn new(db: &'c Connection, state: &LogState) -> Stored<'c> {
        Stored { db, name: state.log.name, head: state.head, failed: RefCell::new(None) }
    }

    /// Fails if any answer could not be read, and so was given as "no such frame".
    pub(super) fn sound(self) -> Result<()> {
        self.failed.into_inner().map_or(Ok(()), Err)
    }

    fn find(&self, seq: u64) -> Result<Option<Hash>> {
        let Some((from, last, hash)) =
            self.row(seq, |row| Ok((number(row, 0)?, number(row, 1)?, row.get(2)?)))?
        else {
            return Ok(None);
        };
        if last == seq {
            return Ok(Some(Hash(hash)));
        }
        let before = if from == 0 {
            Some(Head::of_nothing(self.name).hash)
        } else {
            self.row(from, |row| Ok((number(row, 1)? == from).then_some(Hash(row.get(2)?))))?.flatten()
        };
        let frames = self.row(seq, |row| Ok(wire::frames(row.get_ref(3)?.as_blob()?).ok()))?.flatten();
        let (Some(before), Some(frames)) = (before, frames) else { return Ok(None) };
        let upto = &frames[..frames.len().min((seq - from) as usize)];
        Ok(Some(Head { seq: from, hash: before }.with_all(upto).hash))
    }

    /// The row that holds this frame.
    fn row<T>(&self, seq: u64, read: impl FnOnce(&Row<'_>) -> Result<T>) -> Result<Option<T>> {
        const ROW: &str = "SELECT after_seq, last_seq, hash, frames FROM slice
             WHERE community_id = ?1 AND device = ?2 AND last_seq >= ?3 ORDER BY last_seq LIMIT 1";
        self.db
            .prepare_cached(ROW)?
            .query_row(params![self.name.community, self.name.device, seq as i64], read)
            .optional()
    }
}

impl Held for Stored<'_> {
    fn head(&self) -> Head {
        self.head
    }

    fn hash_at(&self, seq: u64) -> Option<Hash> {
        if seq == self.head.seq {
            return Some(self.head.hash);
        }
        if seq == 0 {
            return Some(Head::of_nothing(self.name).hash);
        }
        if seq > self.head.seq {
            return None;
        }
        self.find(seq).unwrap_or_else(|error| {
            self.failed.borrow_mut().get_or_insert(error);
            None
        })
    }
}

/// Frames one after the other, as a row holds them.
pub(super) fn encoded<'f>(frames: impl IntoIterator<Item = &'f Frame>) -> Vec<u8> {
    let mut bytes = Vec::new();
    wire::put_frames(frames, &mut bytes);
    bytes
}
