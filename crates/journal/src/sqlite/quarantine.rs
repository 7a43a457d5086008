//! What was sent and not admitted, kept until a person looks at it: from a device that nobody enrolled or somebody
//! revoked, with a signature that is not its own, or another account of what is held already.

use super::{
    answer::Answer,
    batch::Batch,
    log::{number, odd},
};
use crate::{LogName, Slice};
use rusqlite::{Connection, OptionalExtension, Result, Row, params, types::Type};
use sha2::{Digest, Sha256};
use std::fmt;

/// Slices of one device that wait, at most: a shift is a few.
pub const DEVICE_SLICES_MAX: u64 = 32;
/// Bytes of one device that wait, at most: four of the largest slices.
pub const DEVICE_BYTES_MAX: u64 = 16 << 20;
/// Slices that wait in all, at most: more than that nobody looks at.
pub const TOTAL_SLICES_MAX: u64 = 4096;
/// Bytes that wait in all, at most: strangers must not fill the disk.
pub const TOTAL_BYTES_MAX: u64 = 512 << 20;

/// Frames of one log, at most. Who taps once in two seconds for twelve hours writes some 60,000; a telephone that writes on and on
/// should fill no disk. What goes beyond is kept aside like all that a person must look at, and can be admitted after all.
pub const LOG_FRAMES_MAX: u64 = 100_000;

/// Why a slice was not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The device has no log.
    Unknown,
    /// The device may write no more.
    Revoked,
    /// The log's key did not sign it.
    Unsigned,
    /// It tells otherwise what is held.
    Forked {
        /// The first frame that differs.
        seq: u64,
    },
    /// Its frames do not lead to the head that was signed.
    Broken,
    /// Its log would have more than [`LOG_FRAMES_MAX`] frames.
    Excess,
    /// It came after the time for which the device was let in.
    Late,
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Unknown => write!(out, "unknown"),
            Why::Revoked => write!(out, "revoked"),
            Why::Unsigned => write!(out, "unsigned"),
            Why::Forked { seq } => write!(out, "forked {seq}"),
            Why::Broken => write!(out, "broken"),
            Why::Excess => write!(out, "excess"),
            Why::Late => write!(out, "late"),
        }
    }
}

impl Why {
    fn parse(text: &str) -> Option<Why> {
        match text {
            "unknown" => Some(Why::Unknown),
            "revoked" => Some(Why::Revoked),
            "unsigned" => Some(Why::Unsigned),
            "broken" => Some(Why::Broken),
            "excess" => Some(Why::Excess),
            "late" => Some(Why::Late),
            _ => text.strip_prefix("forked ")?.parse().ok().map(|seq| Why::Forked { seq }),
        }
    }
}

/// A slice in quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Its number, within its community.
    pub number: u64,
    /// The log that it says it is of.
    pub log: LogName,
    /// When it came, by the caller's clock, in milliseconds since 1970.
    pub received_at_ms: i64,
    /// Why it was not admitted.
    pub why: Why,
    /// How long it is.
    pub bytes: u64,
    /// Whether a person has seen to it.
    pub settled: bool,
}

/// How much waits for a person.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Unsettled {
    slices: u64,
    bytes: u64,
}

impl Unsettled {
    pub(super) fn of_all(db: &Connection) -> Result<Unsettled> {
        const ALL: &str =
            "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM quarantine WHERE NOT settled";
        db.query_row(ALL, [], Unsettled::from_row)
    }

    fn of_device(db: &Connection, log: LogName) -> Result<Unsettled> {
        const DEVICE: &str = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM quarantine
             WHERE community_id = ?1 AND device = ?2 AND NOT settled";
        db.prepare_cached(DEVICE)?.query_row(params![log.community, log.device], Unsettled::from_row)
    }

    fn from_row(row: &Row<'_>) -> Result<Unsettled> {
        Ok(Unsettled { slices: number(row, 0)?, bytes: number(row, 1)? })
    }

    fn with(self, bytes: u64) -> Unsettled {
        Unsettled { slices: self.slices + 1, bytes: self.bytes + bytes }
    }

    fn within(self, slices: u64, bytes: u64) -> bool {
        self.slices <= slices && self.bytes <= bytes
    }
}

/// Keeps a slice for a person to look at; once, however often it is sent.
pub(super) fn set_aside(
    batch: &mut Batch<'_>,
    log: LogName,
    bytes: &[u8],
    received_at_ms: i64,
    why: Why,
) -> Result<Answer> {
    const KEPT: &str =
        "SELECT number, why FROM quarantine WHERE community_id = ?1 AND device = ?2 AND digest = ?3";
    const KEEP: &str = "INSERT INTO quarantine (community_id, number, device, received_at_ms, why, digest, bytes)
         VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM quarantine WHERE community_id = ?1), ?2, ?3, ?4, ?5, ?6)
         RETURNING number";
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let kept = batch
        .db
        .prepare_cached(KEPT)?
        .query_row(params![log.community, log.device, digest], |row| {
            Ok(Answer::Quarantined { number: number(row, 0)?, why: why_of(row, 1)? })
        })
        .optional()?;
    if let Some(kept) = kept {
        return Ok(kept);
    }
    let length = bytes.len() as u64;
    let total = batch.unsettled.with(length);
    let device = Unsettled::of_device(batch.db, log)?.with(length);
    if !total.within(TOTAL_SLICES_MAX, TOTAL_BYTES_MAX) || !device.within(DEVICE_SLICES_MAX, DEVICE_BYTES_MAX)
    {
        return Ok(Answer::QuarantineFull);
    }
    let number = batch.db.prepare_cached(KEEP)?.query_row(
        params![log.community, log.device, received_at_ms, why.to_string(), digest, bytes],
        |row| number(row, 0),
    )?;
    batch.unsettled = total;
    Ok(Answer::Quarantined { number, why })
}

/// Marks one as seen to. Returns false where there is none of this number.
pub(super) fn settle(batch: &mut Batch<'_>, community: [u8; 16], number: u64) -> Result<bool> {
    const SETTLE: &str = "UPDATE quarantine SET settled = 1 WHERE community_id = ?1 AND number = ?2 AND NOT settled RETURNING length(bytes)";
    const EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM quarantine WHERE community_id = ?1 AND number = ?2)";
    let which = params![community, number as i64];
    let bytes =
        batch.db.prepare_cached(SETTLE)?.query_row(which, |row| super::log::number(row, 0)).optional()?;
    let Some(bytes) = bytes else {
        return batch.db.prepare_cached(EXISTS)?.query_row(which, |row| row.get(0));
    };
    batch.unsettled.slices = batch.unsettled.slices.saturating_sub(1);
    batch.unsettled.bytes = batch.unsettled.bytes.saturating_sub(bytes);
    Ok(true)
}

/// The bytes of one.
pub(super) fn bytes(db: &Connection, community: [u8; 16], number: u64) -> Result<Option<Vec<u8>>> {
    const BYTES: &str = "SELECT bytes FROM quarantine WHERE community_id = ?1 AND number = ?2";
    db.prepare_cached(BYTES)?.query_row(params![community, number as i64], |row| row.get(0)).optional()
}

/// The slice that one is.
pub(super) fn slice(db: &Connection, community: [u8; 16], number: u64) -> Result<Option<Slice>> {
    let Some(bytes) = bytes(db, community, number)? else { return Ok(None) };
    Slice::from_bytes(&bytes).map(Some).map_err(|_| odd(0, Type::Blob, "no slice"))
}

/// All of a community, or of one of its devices, in the order in which they came.
pub(super) fn list(
    db: &Connection,
    community: [u8; 16],
    device: Option<[u8; 16]>,
) -> Result<Vec<Quarantined>> {
    const LIST: &str = "SELECT number, device, received_at_ms, why, length(bytes), settled FROM quarantine
         WHERE community_id = ?1 AND (?2 IS NULL OR device = ?2) ORDER BY number";
    let mut statement = db.prepare_cached(LIST)?;
    let rows = statement.query_map(params![community, device], |row| {
        Ok(Quarantined {
            number: number(row, 0)?,
            log: LogName { community, device: row.get(1)? },
            received_at_ms: row.get(2)?,
            why: why_of(row, 3)?,
            bytes: number(row, 4)?,
            settled: row.get(5)?,
        })
    })?;
    rows.collect()
}

fn why_of(row: &Row<'_>, column: usize) -> Result<Why> {
    Why::parse(row.get_ref(column)?.as_str()?).ok_or_else(|| odd(column, Type::Text, "no known reason"))
}
