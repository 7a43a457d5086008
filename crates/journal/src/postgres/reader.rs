//! Reading, on connections of its own: it sees what is committed, and holds nobody up.

use super::{
    connect::Address,
    session::{Failed, Session, bytes, is_passing, number, value},
};
use crate::{
    Entry, Hash, Head, Log, LogName, LogState, PublicKey, Quarantined, Slice, StorageError, Why,
    store::rows::{Cause, Odd, Result},
    wire,
};
use postgres::{Row, fallible_iterator::FallibleIterator};
use std::{
    mem,
    sync::{Condvar, Mutex, PoisonError},
    thread,
};

/// Connections that read, at most: more readers at once than a small machine has processors.
const READERS: usize = 4;
/// Rows that are asked for at once, a few megabytes of those that are usual; they come one by one.
const ROWS: i64 = 64;

/// Connections that read, opened when they are needed.
pub(super) struct Readers {
    address: Address,
    /// Those that are free; `None` is one that is still to be opened.
    idle: Mutex<Vec<Option<Session>>>,
    returned: Condvar,
}

impl Drop for Readers {
    fn drop(&mut self) {
        let idle = mem::take(self.idle.get_mut().unwrap_or_else(PoisonError::into_inner));
        // A connection waits for the network as it ends, which no thread of a runtime may do.
        drop(thread::spawn(move || drop(idle)).join());
    }
}

impl Readers {
    pub(super) fn new(address: &Address, first: Session) -> Readers {
        let mut idle: Vec<_> = (1..READERS).map(|_| None).collect();
        idle.push(Some(first));
        Readers { address: address.clone(), idle: Mutex::new(idle), returned: Condvar::new() }
    }

    /// Reads as soon as a connection is free; once more, on a new one, if it turns out to be gone.
    pub(super) fn with<T>(&self, read: impl Fn(&mut Session) -> Result<T>) -> Result<T, StorageError> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut db = loop {
            match idle.pop() {
                Some(db) => break db,
                None => idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner),
            }
        };
        drop(idle);
        let result = self.read(&mut db, &read).or_else(|cause| match is_passing(&cause) {
            true => self.read(&mut db, &read),
            false => Err(cause),
        });
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(db);
        self.returned.notify_one();
        let place = || self.address.to_string();
        result.map_err(|source| StorageError { doing: "read", place: place(), source: Some(source) })
    }

    fn read<T>(
        &self,
        db: &mut Option<Session>,
        read: &impl Fn(&mut Session) -> Result<T>,
    ) -> Result<T, Cause> {
        let mut session = match db.take() {
            Some(session) => session,
            None => Session::open(&self.address)?,
        };
        let result = read(&mut session);
        if result.as_ref().err().is_none_or(|cause| !cause.is::<Failed>()) {
            *db = Some(session);
        }
        result
    }
}

/// All logs.
pub(super) fn logs(db: &mut Session) -> Result<Vec<LogState>> {
    const ALL: &str = "SELECT community_id, device, book, public_key, state, seq, hash FROM journal.log";
    db.query(ALL, &[])?.iter().map(state).collect()
}

/// The logs of a community.
pub(super) fn heads(db: &mut Session, community: [u8; 16]) -> Result<Vec<LogState>> {
    const OF_COMMUNITY: &str =
        "SELECT community_id, device, book, public_key, state, seq, hash FROM journal.log
         WHERE community_id = $1 ORDER BY device";
    db.query(OF_COMMUNITY, &[&&community[..]])?.iter().map(state).collect()
}

/// A log by its name.
pub(super) fn log(db: &mut Session, name: LogName) -> Result<Option<LogState>> {
    const ONE: &str = "SELECT community_id, device, book, public_key, state, seq, hash FROM journal.log
         WHERE community_id = $1 AND device = $2";
    db.first(ONE, &[&&name.community[..], &&name.device[..]])?.as_ref().map(state).transpose()
}

pub(super) fn state(row: &Row) -> Result<LogState> {
    let key = PublicKey::from_bytes(&bytes(row, 3)?).ok_or(Odd("no public key"))?;
    Ok(LogState {
        log: Log {
            name: LogName { community: bytes(row, 0)?, device: bytes(row, 1)? },
            book: bytes(row, 2)?,
            key,
        },
        revoked: value::<&str>(row, 4)? != "active",
        head: Head { seq: number(row, 5)?, hash: Hash(bytes(row, 6)?) },
    })
}

/// All in quarantine of a community, or of one of its devices, in the order in which they came.
pub(super) fn quarantined(
    db: &mut Session,
    community: [u8; 16],
    device: Option<[u8; 16]>,
) -> Result<Vec<Quarantined>> {
    const LIST: &str =
        "SELECT number, device, received_at_ms, why, length(bytes)::bigint, settled FROM journal.quarantine
         WHERE community_id = $1 AND ($2::bytea IS NULL OR device = $2) ORDER BY number";
    let device = device.as_ref().map(|device| &device[..]);
    let rows = db.query(LIST, &[&&community[..], &device])?;
    let quarantined = |row: &Row| {
        Ok(Quarantined {
            number: number(row, 0)?,
            log: LogName { community, device: bytes(row, 1)? },
            received_at_ms: value(row, 2)?,
            why: why(row, 3)?,
            bytes: number(row, 4)?,
            settled: value(row, 5)?,
        })
    };
    rows.iter().map(quarantined).collect()
}

pub(super) fn why(row: &Row, column: usize) -> Result<Why> {
    Ok(Why::parse(value(row, column)?).ok_or(Odd("no known reason"))?)
}

/// The bytes of one in quarantine.
pub(super) fn aside(db: &mut Session, community: [u8; 16], number: u64) -> Result<Option<Vec<u8>>> {
    const BYTES: &str = "SELECT bytes FROM journal.quarantine WHERE community_id = $1 AND number = $2";
    let found = db.first(BYTES, &[&&community[..], &(number as i64)])?;
    found.map(|row| value(&row, 0)).transpose()
}

/// The slice that one is.
pub(super) fn slice(db: &mut Session, community: [u8; 16], number: u64) -> Result<Option<Slice>> {
    let Some(bytes) = aside(db, community, number)? else { return Ok(None) };
    Ok(Some(Slice::from_bytes(&bytes).map_err(|_| Odd("no slice"))?))
}

/// Frames of a book after a position.
pub(super) fn read(
    db: &mut Session,
    community: [u8; 16],
    book: [u8; 16],
    after: u64,
    limit: usize,
) -> Result<Vec<Entry>> {
    // The row that begins last at or before the next position may hold it; rows of a book do not overlap.
    const FROM: &str = "SELECT device, after_seq, first_position, frames FROM journal.slice
         WHERE community_id = $1 AND book = $2 AND first_position >= coalesce((
             SELECT max(first_position) FROM journal.slice
             WHERE community_id = $1 AND book = $2 AND first_position <= $3), 0)
         ORDER BY first_position LIMIT $4";
    let mut entries = Vec::new();
    let mut after = after;
    while entries.len() < limit {
        let next = i64::try_from(after.saturating_add(1)).unwrap_or(i64::MAX);
        let most = ROWS.min(i64::try_from(limit - entries.len()).unwrap_or(ROWS) + 1);
        let mut rows = db.stream(FROM, &[&&community[..], &&book[..], &next, &most])?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(Failed)? {
            count += 1;
            let log = LogName { community, device: bytes(&row, 0)? };
            let (before, first) = (number(&row, 1)?, number(&row, 2)?);
            let frames = wire::frames(value(&row, 3)?).map_err(|_| Odd("no frames"))?;
            let last = first + frames.len() as u64 - 1;
            let placed = (first..).zip(before + 1..).zip(frames);
            let wanted = placed.filter(|((position, _), _)| *position > after).take(limit - entries.len());
            entries.extend(wanted.map(|((position, seq), frame)| Entry { position, log, seq, frame }));
            after = after.max(last);
            if entries.len() == limit {
                return Ok(entries);
            }
        }
        if count < most {
            break;
        }
    }
    Ok(entries)
}
