//! Whether all that was stored is still so: every chain is computed anew from the stored frames, every signature checked,
//! every head compared, every position looked for. SQLite's own check knows of none of these; it is made, too.

use super::{
    answer::StorageError,
    journal::Journal,
    log::{LogState, number},
    reader,
};
use crate::{Hash, Head, LogName, Signature, wire};
use rusqlite::{Connection, OptionalExtension, Result, params};
use std::{
    fmt,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Logs.
    pub logs: u64,
    /// Rows that hold frames.
    pub slices: u64,
    /// Frames.
    pub frames: u64,
    /// Bytes of frames.
    pub bytes: u64,
    /// The first fault of each log, of each community's positions, and of the file; none if all is well.
    pub faults: Vec<Fault>,
}

/// Something that is not as it was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Of which community; `None` for the file as a whole.
    pub community: Option<[u8; 16]>,
    /// Of which device.
    pub device: Option<[u8; 16]>,
    /// The first frame in doubt. Frames of one row are vouched for together, so it may be a later one of the same row.
    pub seq: u64,
    /// What it is.
    pub what: What,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Frames are missing, with later ones there.
    Missing,
    /// Frames do not lead to the hash that they led to.
    Changed,
    /// The device's signature is not over this head.
    Unsigned,
    /// Frames are in another book than their log.
    OtherBook,
    /// The log had more frames than are there: up to this one.
    TailLost {
        /// The last one that was there.
        until: u64,
    },
    /// The log's head is another than its frames lead to.
    OtherHead,
    /// There are frames of a log that is not enrolled.
    NoLog,
    /// The positions of the community's journal have a gap here, or are given twice.
    Positions,
    /// SQLite cannot read it.
    Unreadable(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = |out: &mut fmt::Formatter<'_>, bytes: &[u8]| {
            bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
        };
        if let Some(community) = &self.community {
            write!(out, "community ")?;
            hex(out, community)?;
            write!(out, ": ")?;
        }
        if let Some(device) = &self.device {
            write!(out, "device ")?;
            hex(out, device)?;
            write!(out, ", frame {}: ", self.seq)?;
        }
        match &self.what {
            What::Missing => write!(out, "frames are missing from here on"),
            What::Changed => write!(out, "frames were changed here or soon after"),
            What::Unsigned => write!(out, "the device did not sign this"),
            What::OtherBook => write!(out, "frames are in another book than their log"),
            What::TailLost { until } => write!(out, "frames up to {until} are lost"),
            What::OtherHead => write!(out, "the log's head is another than its frames lead to"),
            What::NoLog => write!(out, "there are frames of a device that is not enrolled"),
            What::Positions => write!(out, "positions are left out or given twice"),
            What::Unreadable(why) => write!(out, "the file is damaged: {why}"),
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Logs, communities and files looked at.
    pub done: usize,
    /// Of how many.
    pub all: usize,
}

impl Journal {
    /// Checks all that is stored, on all processors, beside whatever else goes on.
    ///
    /// # Errors
    /// If the file cannot be opened, or its list of logs cannot be read. What cannot be read of a log is a fault of it.
    pub fn verify(&self, progress: &(dyn Fn(Progress) + Sync)) -> Result<Verified, StorageError> {
        verify(self.path(), progress)
    }
}

/// Checks a journal's file, a copy for instance, whoever has it open.
///
/// # Errors
/// As [`Journal::verify`].
pub fn verify(path: &Path, progress: &(dyn Fn(Progress) + Sync)) -> Result<Verified, StorageError> {
    let failed = |source| StorageError { doing: "verify", path: path.to_path_buf(), source: Some(source) };
    let items = reader::open(path).and_then(|db| items(&db)).map_err(failed)?;
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let total = Mutex::new(Verified::default());
    let work = || -> Result<()> {
        let db = reader::open(path)?;
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = item.check(&db);
            total.lock().unwrap_or_else(PoisonError::into_inner).add(found);
            progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, all: items.len() });
        }
        Ok(())
    };
    let threads = thread::available_parallelism().map_or(1, Into::into);
    let results = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("a check does not panic")).collect::<Vec<_>>()
    });
    results.into_iter().collect::<Result<()>>().map_err(failed)?;
    let mut total = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    total.faults.sort_by_key(|fault| (fault.community, fault.device, fault.seq));
    Ok(total)
}

impl Verified {
    fn add(&mut self, other: Verified) {
        self.logs += other.logs;
        self.slices += other.slices;
        self.frames += other.frames;
        self.bytes += other.bytes;
        self.faults.extend(other.faults);
    }
}

/// What one processor looks at at a time, as of one moment.
enum Item {
    File,
    Community([u8; 16]),
    Log(LogName),
}

/// The file first: it takes longest.
fn items(db: &Connection) -> Result<Vec<Item>> {
    const COMMUNITIES: &str =
        "SELECT community_id FROM community UNION SELECT DISTINCT community_id FROM slice ORDER BY 1";
    const LOGS: &str =
        "SELECT community_id, device FROM log UNION SELECT DISTINCT community_id, device FROM slice
         ORDER BY 1, 2";
    let mut items = vec![Item::File];
    let mut communities = db.prepare(COMMUNITIES)?;
    for community in communities.query_map([], |row| row.get(0))? {
        items.push(Item::Community(community?));
    }
    let mut logs = db.prepare(LOGS)?;
    for name in logs.query_map([], |row| Ok(LogName { community: row.get(0)?, device: row.get(1)? }))? {
        items.push(Item::Log(name?));
    }
    Ok(items)
}

impl Item {
    fn check(&self, db: &Connection) -> Verified {
        let mut seen = Verified::default();
        let (community, device) = match self {
            Item::File => (None, None),
            Item::Community(community) => (Some(*community), None),
            Item::Log(name) => (Some(name.community), Some(name.device)),
        };
        // One transaction sees one moment, whatever is appended meanwhile.
        let found = db.unchecked_transaction().and_then(|moment| match self {
            Item::File => file(&moment),
            Item::Community(community) => positions(&moment, *community),
            Item::Log(name) => log(&moment, *name, &mut seen),
        });
        let unreadable = |error: rusqlite::Error| Fault {
            community,
            device,
            seq: 0,
            what: What::Unreadable(error.to_string()),
        };
        seen.faults.extend(found.unwrap_or_else(|error| Some(unreadable(error))));
        seen
    }
}

/// What SQLite itself finds.
fn file(db: &Connection) -> Result<Option<Fault>> {
    let said: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let damaged = || Fault { community: None, device: None, seq: 0, what: What::Unreadable(said.clone()) };
    Ok((said != "ok").then(damaged))
}

/// Whether the community's positions are given once each.
fn positions(db: &Connection, community: [u8; 16]) -> Result<Option<Fault>> {
    const ROWS: &str = "SELECT first_position, last_seq - after_seq, device, after_seq + 1 FROM slice WHERE community_id = ?1";
    let mut rows = db
        .prepare_cached(ROWS)?
        .query_map([community], |row| Ok((number(row, 0)?, number(row, 1)?, row.get(2)?, number(row, 3)?)))?
        .collect::<Result<Vec<(u64, u64, [u8; 16], u64)>>>()?;
    rows.sort_unstable();
    let fault = |device, seq| Fault { community: Some(community), device, seq, what: What::Positions };
    let mut position = 0;
    for (first, count, device, seq) in rows {
        if first != position + 1 {
            return Ok(Some(fault(Some(device), seq)));
        }
        position += count;
    }
    let held = db
        .prepare_cached("SELECT position FROM community WHERE community_id = ?1")?
        .query_row([community], |row| number(row, 0))
        .optional()?;
    Ok((held != Some(position)).then(|| fault(None, 0)))
}

/// The first fault of a log.
fn log(db: &Connection, name: LogName, seen: &mut Verified) -> Result<Option<Fault>> {
    const ROWS: &str = "SELECT after_seq, last_seq, book, hash, signature, frames FROM slice
         WHERE community_id = ?1 AND device = ?2 ORDER BY last_seq";
    let fault =
        |seq, what| Ok(Some(Fault { community: Some(name.community), device: Some(name.device), seq, what }));
    seen.logs += 1;
    let Some(state) = LogState::of(db, name)? else { return fault(1, What::NoLog) };
    let mut head = Head::of_nothing(name);
    let mut statement = db.prepare_cached(ROWS)?;
    let mut rows = statement.query(params![name.community, name.device])?;
    while let Some(row) = rows.next()? {
        let (after, last) = (number(row, 0)?, number(row, 1)?);
        let first = head.seq + 1;
        if after != head.seq {
            return fault(first, What::Missing);
        }
        let bytes = row.get_ref(5)?.as_blob()?;
        let Ok(frames) = wire::frames(bytes) else { return fault(first, What::Changed) };
        head = head.with_all(&frames);
        if head != (Head { seq: last, hash: Hash(row.get(3)?) }) {
            return fault(first, What::Changed);
        }
        if !state.log.key.signed(name, &head, &Signature(row.get(4)?)) {
            return fault(first, What::Unsigned);
        }
        if row.get::<_, [u8; 16]>(2)? != state.log.book {
            return fault(first, What::OtherBook);
        }
        seen.slices += 1;
        seen.frames += frames.len() as u64;
        seen.bytes += bytes.len() as u64;
    }
    match state.head {
        held if held == head => Ok(None),
        held if held.seq > head.seq => fault(head.seq + 1, What::TailLost { until: held.seq }),
        _ => fault(head.seq, What::OtherHead),
    }
}
