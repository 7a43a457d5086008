//! Whether all that was stored is still so: every chain is computed anew from the stored frames, every signature checked,
//! every head compared, every position looked for. SQLite's own check knows of none of these; it is made, too.
//!
//! A row keeps one hash and one signature for all of its frames, those of one upload. So a change is named by its row, as
//! the range of the row's frames; where an upload held one frame, that is the frame itself.

mod chain;

use super::{answer::StorageError, journal::Journal, log::number, reader};
use crate::{Head, LogName};
use rusqlite::{Connection, OptionalExtension, Result};
use std::{
    collections::{BTreeMap, BTreeSet},
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
    /// What is wrong with each log, up to [`FAULTS_MAX`] of each; the first fault of each community's positions and of the
    /// file. None if all is well.
    pub faults: Vec<Fault>,
}

/// Faults of one log that are named, at most: somebody reads them.
pub const FAULTS_MAX: usize = 100;

/// Something that is not as it was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Of which community; `None` for the file as a whole.
    pub community: Option<[u8; 16]>,
    /// Of which device.
    pub device: Option<[u8; 16]>,
    /// The first frame in doubt.
    pub seq: u64,
    /// What it is.
    pub what: What,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Frames are missing, with later ones there.
    Missing {
        /// The last one that is missing.
        until: u64,
    },
    /// Frames do not lead to the hash that they led to. They came in one upload and are vouched for together, so that it is
    /// one of these or several.
    Changed {
        /// The last frame of that upload.
        last: u64,
    },
    /// The hash that is stored with frames is not theirs; they are as the device signed them.
    OtherHash,
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
    /// The log had more frames than are there when somebody else looked, a backup for instance.
    Rewound {
        /// How many it had.
        had: u64,
        /// How many it has.
        has: u64,
    },
    /// The frames up to this one are others than when somebody else looked.
    OtherHistory,
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
            What::Missing { until } => write!(out, "frames up to {until} are missing"),
            What::Changed { last } if *last <= self.seq => write!(out, "it was changed"),
            What::Changed { last } => write!(out, "it was changed, or another up to {last}"),
            What::OtherHash => write!(out, "the hash that is stored with it is another"),
            What::Unsigned => write!(out, "the device did not sign this"),
            What::OtherBook => write!(out, "frames are in another book than their log"),
            What::TailLost { until } => write!(out, "frames up to {until} are lost"),
            What::OtherHead => write!(out, "the log's head is another than its frames lead to"),
            What::Rewound { had, has } => write!(out, "the log had {had} frames and has {has}"),
            What::OtherHistory => write!(out, "the frames up to here are others than they were"),
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
    verify_against(path, &[], progress)
}

/// The same, and whether each of these logs still has the head that it once had: what is consistent in itself may still be
/// an older state.
///
/// # Errors
/// As [`Journal::verify`].
pub fn verify_against(
    path: &Path,
    heads: &[(LogName, Head)],
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Verified, StorageError> {
    let heads: BTreeMap<LogName, Head> = heads.iter().copied().collect();
    let failed = |source| StorageError { doing: "verify", path: path.to_path_buf(), source: Some(source) };
    let items = reader::open(path).and_then(|db| items(&db, &heads)).map_err(failed)?;
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let total = Mutex::new(Verified::default());
    let work = || -> Result<()> {
        let db = reader::open(path)?;
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = item.check(&db, &heads);
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
fn items(db: &Connection, heads: &BTreeMap<LogName, Head>) -> Result<Vec<Item>> {
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
    let mut statement = db.prepare(LOGS)?;
    let named = statement.query_map([], |row| Ok(LogName { community: row.get(0)?, device: row.get(1)? }))?;
    let mut logs: BTreeSet<LogName> = heads.keys().copied().collect();
    for name in named {
        logs.insert(name?);
    }
    items.extend(logs.into_iter().map(Item::Log));
    Ok(items)
}

impl Item {
    fn check(&self, db: &Connection, heads: &BTreeMap<LogName, Head>) -> Verified {
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
            Item::Log(name) => chain::check(&moment, *name, heads.get(name), &mut seen).map(|()| None),
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
