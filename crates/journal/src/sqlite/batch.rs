//! What is decided together: one transaction, and what becomes true when it is committed.

use super::{
    log::{number, one},
    quarantine,
};
use crate::{
    Hash, Head, LogName,
    store::{
        Committed, Log, LogState, Planted, Why,
        known::{Known, Seen},
        quarantine::Unsettled,
        rows::{Continued, Result, Row, Rows, SetAside},
    },
};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

/// An open transaction.
pub(super) struct Batch<'c> {
    db: &'c Connection,
    planted: Planted,
    /// How much waits in quarantine, as of this transaction.
    unsettled: Unsettled,
    enrolled: Vec<(LogName, Seen)>,
    moved: Vec<(LogName, Head)>,
    grown: BTreeMap<([u8; 16], [u8; 16]), u64>,
}

impl<'c> Batch<'c> {
    pub(super) fn new(db: &'c Connection, planted: Planted, unsettled: Unsettled) -> Batch<'c> {
        Batch { db, planted, unsettled, enrolled: Vec::new(), moved: Vec::new(), grown: BTreeMap::new() }
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

impl Rows for Batch<'_> {
    fn planted(&self) -> Planted {
        self.planted
    }

    fn log(&mut self, name: LogName) -> Result<Option<LogState>> {
        Ok(one(self.db, name)?)
    }

    fn row(&mut self, name: LogName, seq: u64) -> Result<Option<Row>> {
        const ROW: &str = "SELECT after_seq, last_seq, hash, frames FROM slice
             WHERE community_id = ?1 AND device = ?2 AND last_seq >= ?3 ORDER BY last_seq LIMIT 1";
        let mut statement = self.db.prepare_cached(ROW)?;
        let found = statement.query_row(params![name.community, name.device, seq as i64], |row| {
            Ok(Row {
                after: number(row, 0)?,
                last: number(row, 1)?,
                hash: Hash(row.get(2)?),
                frames: row.get(3)?,
            })
        });
        Ok(found.optional()?)
    }

    fn store(&mut self, next: Continued<'_>, revoked_too: bool) -> Result<Option<u64>> {
        let name = next.log;
        let compare = if self.planted.no_compare { SET } else { COMPARE_AND_SET };
        let (from, to) = (next.from, next.to);
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
            next.signature.0,
            next.frames,
        ])?;
        self.moved.push((name, to));
        self.grown.insert((name.community, book), position);
        Ok(Some(position))
    }

    fn position(&mut self, community: [u8; 16]) -> Result<u64> {
        let found = self
            .db
            .prepare_cached("SELECT position FROM community WHERE community_id = ?1")?
            .query_row([community], |row| number(row, 0))
            .optional()?;
        Ok(found.unwrap_or(0))
    }

    fn enrol(&mut self, log: Log) -> Result<()> {
        let Log { name, book, key } = log;
        let head = Head::of_nothing(name);
        self.db
            .prepare_cached("INSERT INTO community VALUES (?1, 0) ON CONFLICT DO NOTHING")?
            .execute([name.community])?;
        self.db
            .prepare_cached("INSERT INTO log VALUES (?1, ?2, ?3, ?4, 'active', 0, ?5)")?
            .execute(params![name.community, name.device, book, key.to_bytes(), head.hash.0])?;
        self.enrolled.push((name, Seen { key, head }));
        Ok(())
    }

    fn revoke(&mut self, name: LogName) -> Result<bool> {
        const REVOKE: &str =
            "UPDATE log SET state = 'revoked' WHERE community_id = ?1 AND device = ?2 RETURNING seq";
        let mut statement = self.db.prepare_cached(REVOKE)?;
        let found: Option<i64> =
            statement.query_row(params![name.community, name.device], |row| row.get(0)).optional()?;
        Ok(found.is_some())
    }

    fn kept(&mut self, name: LogName, digest: &[u8; 32]) -> Result<Option<(u64, Why)>> {
        Ok(quarantine::kept(self.db, name, digest)?)
    }

    fn unsettled(&mut self, of: LogName) -> Result<(Unsettled, Unsettled)> {
        Ok((self.unsettled, quarantine::unsettled_of(self.db, of)?))
    }

    fn keep(&mut self, aside: &SetAside<'_>) -> Result<u64> {
        let number = quarantine::keep(self.db, aside)?;
        self.unsettled = self.unsettled.with(aside.bytes.len() as u64);
        Ok(number)
    }

    fn settle(&mut self, community: [u8; 16], number: u64) -> Result<bool> {
        let Some(bytes) = quarantine::settle(self.db, community, number)? else {
            return Ok(quarantine::exists(self.db, community, number)?);
        };
        self.unsettled = self.unsettled.without(bytes);
        Ok(true)
    }

    fn aside(&mut self, community: [u8; 16], number: u64) -> Result<Option<Vec<u8>>> {
        Ok(quarantine::bytes(self.db, community, number)?)
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
