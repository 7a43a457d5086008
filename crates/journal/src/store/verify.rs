//! Whether all that was stored is still so: every chain is computed anew from the stored frames, every signature checked,
//! every head compared, every position looked for. A database's own check knows of none of these.
//!
//! A row keeps one hash and one signature for all of its frames, those of one upload. So a change is named by its row, as
//! the range of the row's frames; where an upload held one frame, that is the frame itself.

mod chain;

pub(crate) use chain::{Each, SliceRow, check};

use super::rows::{Cause, Result};
use crate::{Head, LogName};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
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
    /// The database cannot read it.
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
            What::Unreadable(why) => write!(out, "it is damaged: {why}"),
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

impl Verified {
    fn add(&mut self, other: Verified) {
        self.logs += other.logs;
        self.slices += other.slices;
        self.frames += other.frames;
        self.bytes += other.bytes;
        self.faults.extend(other.faults);
    }
}

/// Heads that logs are known to have had.
pub(crate) type Heads = BTreeMap<LogName, Head>;

/// What one processor looks at at a time, as of one moment.
pub(crate) enum Item {
    /// What the database itself finds.
    Whole,
    /// A community's positions.
    Community([u8; 16]),
    /// A log.
    Log(LogName),
}

impl Item {
    /// All that there is to look at; the whole first: it takes longest.
    pub(crate) fn all(
        communities: impl IntoIterator<Item = [u8; 16]>,
        logs: impl IntoIterator<Item = LogName>,
        heads: &Heads,
    ) -> Vec<Item> {
        let mut names: BTreeSet<LogName> = heads.keys().copied().collect();
        names.extend(logs);
        let communities = communities.into_iter().map(Item::Community);
        [Item::Whole].into_iter().chain(communities).chain(names.into_iter().map(Item::Log)).collect()
    }

    /// That it cannot be read.
    pub(crate) fn unreadable(&self, why: String) -> Fault {
        let (community, device) = match self {
            Item::Whole => (None, None),
            Item::Community(community) => (Some(*community), None),
            Item::Log(name) => (Some(name.community), Some(name.device)),
        };
        Fault { community, device, seq: 0, what: What::Unreadable(why) }
    }
}

/// Looks at all items on all processors, each over a connection of its own.
pub(crate) fn all<C>(
    items: &[Item],
    progress: &(dyn Fn(Progress) + Sync),
    connect: impl Fn() -> Result<C> + Sync,
    look: impl Fn(&mut C, &Item, &mut Verified) -> Result<()> + Sync,
) -> Result<Verified> {
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let total = Mutex::new(Verified::default());
    let work = || -> Result<()> {
        let mut db = connect()?;
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut seen = Verified::default();
            look(&mut db, item, &mut seen)?;
            total.lock().unwrap_or_else(PoisonError::into_inner).add(seen);
            progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, all: items.len() });
        }
        Ok(())
    };
    // Each has a connection of its own.
    let threads = thread::available_parallelism().map_or(1, Into::into).min(items.len());
    let results = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("a check does not panic")).collect::<Vec<_>>()
    });
    results.into_iter().collect::<Result<(), Cause>>()?;
    let mut total = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    total.faults.sort_by_key(|fault| (fault.community, fault.device, fault.seq));
    Ok(total)
}

/// A row's first position, how many it takes, its device, and the number of its first frame.
pub(crate) type Placed = (u64, u64, [u8; 16], u64);

/// Whether the community's positions are given once each, and as many as it says.
pub(crate) fn positions(community: [u8; 16], mut rows: Vec<Placed>, held: Option<u64>) -> Option<Fault> {
    rows.sort_unstable();
    let fault = |device, seq| Fault { community: Some(community), device, seq, what: What::Positions };
    let mut position = 0;
    for (first, count, device, seq) in rows {
        if first != position + 1 {
            return Some(fault(Some(device), seq));
        }
        position += count;
    }
    (held != Some(position)).then(|| fault(None, 0))
}
