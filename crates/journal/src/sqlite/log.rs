//! Who may write: one log of one device for one community, and where it stands.

use crate::{Hash, Head, LogName, PublicKey};
use rusqlite::{Connection, OptionalExtension, Result, Row, params, types::Type};

/// A log to be enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// Whose log.
    pub name: LogName,
    /// The book that its frames are read in, from now to its end.
    pub book: [u8; 16],
    /// What the device signs with.
    pub key: PublicKey,
}

/// A log that is enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogState {
    /// The log.
    pub log: Log,
    /// Whether its device may write no more.
    pub revoked: bool,
    /// What is held of it.
    pub head: Head,
}

impl LogState {
    /// What [`LogState::from_row`] reads, of all logs.
    pub(super) const ALL: &str = "SELECT community_id, device, book, public_key, state, seq, hash FROM log ORDER BY community_id, device";
    /// And of the logs of a community.
    pub(super) const OF_COMMUNITY: &str =
        "SELECT community_id, device, book, public_key, state, seq, hash FROM log
         WHERE community_id = ?1 ORDER BY device";
    /// And of one.
    const ONE: &str = "SELECT community_id, device, book, public_key, state, seq, hash FROM log
         WHERE community_id = ?1 AND device = ?2";

    pub(super) fn from_row(row: &Row<'_>) -> Result<LogState> {
        let key = PublicKey::from_bytes(&row.get(3)?).ok_or_else(|| odd(3, Type::Blob, "no public key"))?;
        Ok(LogState {
            log: Log {
                name: LogName { community: row.get(0)?, device: row.get(1)? },
                book: row.get(2)?,
                key,
            },
            revoked: row.get_ref(4)?.as_str()? != "active",
            head: Head { seq: number(row, 5)?, hash: Hash(row.get(6)?) },
        })
    }

    pub(super) fn of(db: &Connection, name: LogName) -> Result<Option<LogState>> {
        db.prepare_cached(LogState::ONE)?
            .query_row(params![name.community, name.device], LogState::from_row)
            .optional()
    }
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
