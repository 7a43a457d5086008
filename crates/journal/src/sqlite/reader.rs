//! Reading, on connections of its own: it sees what is committed, and holds nobody up.

use super::{
    failed_at,
    log::{self, number, odd},
    schema,
};
use crate::{Entry, LogName, LogState, OpenError, StorageError, wire};
use rusqlite::{Connection, OpenFlags, Result, params, types::Type};
use std::{
    path::{Path, PathBuf},
    sync::{Condvar, Mutex, PoisonError},
};

/// Connections that read: more readers at once than a small machine has processors.
const READERS: usize = 4;

/// Connections that read.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Readers> {
        let idle = (0..READERS).map(|_| open(path)).collect::<Result<Vec<_>>>()?;
        Ok(Readers { path: path.into(), idle: Mutex::new(idle), returned: Condvar::new() })
    }

    /// Reads as soon as a connection is free.
    pub(super) fn with<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T, StorageError> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let db = loop {
            match idle.pop() {
                Some(db) => break db,
                None => idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner),
            }
        };
        drop(idle);
        let result = read(&db);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(db);
        self.returned.notify_one();
        result.map_err(|source| failed_at("read", &self.path, source))
    }
}

/// Opens a connection that reads.
pub(super) fn open(path: &Path) -> Result<Connection> {
    let db = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(db)
}

/// Looks whether a file is a journal that this program knows, whoever has it open.
///
/// # Errors
/// What it is instead, or why it cannot be read.
pub fn look(path: &Path) -> std::result::Result<(), OpenError> {
    let failed = |source| OpenError::Storage(failed_at("open", path, source));
    schema::known(&open(path).map_err(failed)?, path).map(drop)
}

/// The logs in a journal's file, and where each stands, whoever has it open.
///
/// # Errors
/// If they cannot be read.
pub fn states(path: &Path) -> std::result::Result<Vec<LogState>, StorageError> {
    open(path).and_then(|db| log::all(&db)).map_err(|source| failed_at("read", path, source))
}

/// Frames of a book after a position.
pub(super) fn read(
    db: &Connection,
    community: [u8; 16],
    book: [u8; 16],
    after: u64,
    limit: usize,
) -> Result<Vec<Entry>> {
    // The row that begins last at or before the next position may hold it; rows of a book do not overlap.
    const ROWS: &str = "SELECT device, after_seq, first_position, frames FROM slice
         WHERE community_id = ?1 AND book = ?2 AND first_position >= coalesce((
             SELECT max(first_position) FROM slice
             WHERE community_id = ?1 AND book = ?2 AND first_position <= ?3), 0)
         ORDER BY first_position";
    let mut entries = Vec::new();
    let next = i64::try_from(after.saturating_add(1)).unwrap_or(i64::MAX);
    let mut statement = db.prepare_cached(ROWS)?;
    let mut rows = statement.query(params![community, book, next])?;
    while entries.len() < limit {
        let Some(row) = rows.next()? else { break };
        let log = LogName { community, device: row.get(0)? };
        let (before, first) = (number(row, 1)?, number(row, 2)?);
        let frames = wire::frames(row.get_ref(3)?.as_blob()?);
        let frames = frames.map_err(|_| odd(3, Type::Blob, "no frames"))?;
        let placed = (first..).zip(before + 1..).zip(frames);
        let wanted = placed.filter(|((position, _), _)| *position > after).take(limit - entries.len());
        entries.extend(wanted.map(|((position, seq), frame)| Entry { position, log, seq, frame }));
    }
    Ok(entries)
}
