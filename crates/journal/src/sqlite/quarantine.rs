//! The quarantine in the file.

use super::log::{number, odd};
use crate::{
    LogName, Quarantined, Slice, Why,
    store::{quarantine::Unsettled, rows::SetAside},
};
use rusqlite::{Connection, OptionalExtension, Result, Row, params, types::Type};

/// How much waits in all.
pub(super) fn unsettled(db: &Connection) -> Result<Unsettled> {
    const ALL: &str = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM quarantine WHERE NOT settled";
    db.query_row(ALL, [], waiting)
}

/// How much waits of one device.
pub(super) fn unsettled_of(db: &Connection, log: LogName) -> Result<Unsettled> {
    const DEVICE: &str = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM quarantine
         WHERE community_id = ?1 AND device = ?2 AND NOT settled";
    db.prepare_cached(DEVICE)?.query_row(params![log.community, log.device], waiting)
}

fn waiting(row: &Row<'_>) -> Result<Unsettled> {
    Ok(Unsettled { slices: number(row, 0)?, bytes: number(row, 1)? })
}

/// What is kept already of a device.
pub(super) fn kept(db: &Connection, log: LogName, digest: &[u8; 32]) -> Result<Option<(u64, Why)>> {
    const KEPT: &str =
        "SELECT number, why FROM quarantine WHERE community_id = ?1 AND device = ?2 AND digest = ?3";
    db.prepare_cached(KEPT)?
        .query_row(params![log.community, log.device, digest], |row| Ok((number(row, 0)?, why_of(row, 1)?)))
        .optional()
}

/// Keeps a slice: its number.
pub(super) fn keep(db: &Connection, aside: &SetAside<'_>) -> Result<u64> {
    const KEEP: &str = "INSERT INTO quarantine (community_id, number, device, received_at_ms, why, digest, bytes)
         VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM quarantine WHERE community_id = ?1), ?2, ?3, ?4, ?5, ?6)
         RETURNING number";
    let SetAside { log, received_at_ms, why, digest, bytes } = aside;
    let values = params![log.community, log.device, received_at_ms, why.to_string(), digest, bytes];
    db.prepare_cached(KEEP)?.query_row(values, |row| number(row, 0))
}

/// Marks one as seen to: how long it is; `None` where none of this number waits.
pub(super) fn settle(db: &Connection, community: [u8; 16], which: u64) -> Result<Option<u64>> {
    const SETTLE: &str = "UPDATE quarantine SET settled = 1 WHERE community_id = ?1 AND number = ?2 AND NOT settled RETURNING length(bytes)";
    db.prepare_cached(SETTLE)?.query_row(params![community, which as i64], |row| number(row, 0)).optional()
}

/// Whether there is one of this number.
pub(super) fn exists(db: &Connection, community: [u8; 16], number: u64) -> Result<bool> {
    const EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM quarantine WHERE community_id = ?1 AND number = ?2)";
    db.prepare_cached(EXISTS)?.query_row(params![community, number as i64], |row| row.get(0))
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
