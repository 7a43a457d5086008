//! Logs as the file's rows say them.

use crate::{Hash, Head, Log, LogName, LogState, PublicKey};
use rusqlite::{Connection, OptionalExtension, Result, Row, params, types::Type};

/// All logs.
const ALL: &str =
    "SELECT community_id, device, book, public_key, state, seq, hash FROM log ORDER BY community_id, device";
/// Those of a community.
const OF_COMMUNITY: &str = "SELECT community_id, device, book, public_key, state, seq, hash FROM log
     WHERE community_id = ?1 ORDER BY device";
/// And one.
const ONE: &str = "SELECT community_id, device, book, public_key, state, seq, hash FROM log
     WHERE community_id = ?1 AND device = ?2";

/// All logs.
pub(super) fn all(db: &Connection) -> Result<Vec<LogState>> {
    db.prepare(ALL)?.query_map([], state)?.collect()
}

/// The logs of a community.
pub(super) fn of_community(db: &Connection, community: [u8; 16]) -> Result<Vec<LogState>> {
    db.prepare_cached(OF_COMMUNITY)?.query_map([community], state)?.collect()
}

/// A log by its name.
pub(super) fn one(db: &Connection, name: LogName) -> Result<Option<LogState>> {
    db.prepare_cached(ONE)?.query_row(params![name.community, name.device], state).optional()
}

fn state(row: &Row<'_>) -> Result<LogState> {
    let key = PublicKey::from_bytes(&row.get(3)?).ok_or_else(|| odd(3, Type::Blob, "no public key"))?;
    Ok(LogState {
        log: Log { name: LogName { community: row.get(0)?, device: row.get(1)? }, book: row.get(2)?, key },
        revoked: row.get_ref(4)?.as_str()? != "active",
        head: Head { seq: number(row, 5)?, hash: Hash(row.get(6)?) },
    })
}

/// A count as it is stored: SQLite knows signed integers alone.
pub(super) fn number(row: &Row<'_>, column: usize) -> Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| odd(column, Type::Integer, "a count below zero"))
}

/// A value that this program never wrote.
pub(super) fn odd(column: usize, kind: Type, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, kind, what.into())
}
