//! The thread that writes: it takes what waits, checks its signatures together, decides it in one transaction, commits, and then answers.

use super::{
    answer::StorageError,
    batch::Batch,
    known::Known,
    options::{Committed, OnCommit, Planted},
    quarantine::Unsettled,
};
use crate::claim::Claim;
use rusqlite::{Connection, Result};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::Receiver,
    },
};

/// Uploads that wait, at most: some seconds' worth on a slow disk. More are told to come back.
pub const QUEUE_MAX: usize = 1024;
/// Bytes of uploads that wait, at most: memory, and again some seconds of a slow disk.
pub const QUEUE_BYTES_MAX: usize = 64 << 20;
/// Uploads of one transaction, at most: beyond some hundreds the commit's own cost no longer shows.
const BATCH_MAX: usize = 512;
/// Bytes of one transaction, at most: whoever waits for it waits for all of it.
const BATCH_BYTES_MAX: usize = 8 << 20;
/// Pages in the write-ahead log before they are moved to where they belong: 16 MiB.
const CHECKPOINT_PAGES: u32 = 4096;
/// Bytes of the write-ahead log that are kept for the next round.
const WAL_BYTES_KEPT: u32 = 64 << 20;

/// Something to be decided in a transaction. It may be run again if the transaction fails.
pub(super) trait Work: Send {
    type Answer: Send;

    /// A signature on which it depends, to be checked with those of all that waits.
    fn claim(&self) -> Option<&Claim> {
        None
    }

    /// What came of that.
    fn judged(&mut self, _is_signed: bool) {}

    fn run(&self, batch: &mut Batch<'_>) -> Result<Self::Answer>;
}

/// Why work was not done.
#[derive(Clone)]
pub(super) enum Unstored {
    /// Too much waits.
    Busy,
    /// The file failed.
    Failed(Arc<StorageError>),
}

/// How an answer is given.
pub(super) type Reply<A> = Box<dyn FnOnce(Result<A, Unstored>) + Send>;

/// Work with whoever waits for it.
pub(super) struct Task<W: Work> {
    work: W,
    bytes: usize,
    answer: Option<W::Answer>,
    reply: Reply<W::Answer>,
}

/// A task of any kind.
pub(super) trait Job: Send {
    fn bytes(&self) -> usize;
    fn claim(&self) -> Option<&Claim>;
    fn judged(&mut self, is_signed: bool);
    fn run(&mut self, batch: &mut Batch<'_>) -> Result<()>;
    fn answer(self: Box<Self>, failed: Option<&Unstored>);
}

impl<W: Work> Task<W> {
    pub(super) fn new(work: W, bytes: usize, reply: Reply<W::Answer>) -> Task<W> {
        Task { work, bytes, answer: None, reply }
    }
}

impl<W: Work> Job for Task<W> {
    fn bytes(&self) -> usize {
        self.bytes
    }

    fn claim(&self) -> Option<&Claim> {
        self.work.claim()
    }

    fn judged(&mut self, is_signed: bool) {
        self.work.judged(is_signed);
    }

    fn run(&mut self, batch: &mut Batch<'_>) -> Result<()> {
        self.answer = Some(self.work.run(batch)?);
        Ok(())
    }

    fn answer(self: Box<Self>, failed: Option<&Unstored>) {
        match (failed, self.answer) {
            (None, Some(answer)) => (self.reply)(Ok(answer)),
            (Some(error), _) => (self.reply)(Err(error.clone())),
            (None, None) => unreachable!("a transaction that did not fail ran all of its work"),
        }
    }
}

/// What the writing thread owns.
pub(super) struct Writer {
    pub(super) path: PathBuf,
    pub(super) planted: Planted,
    /// `None` after a failure that could not be rolled back: it is opened anew.
    pub(super) db: Option<Connection>,
    pub(super) known: Arc<Known>,
    pub(super) on_commit: Option<OnCommit>,
    /// Bytes that wait.
    pub(super) queued: Arc<AtomicUsize>,
    pub(super) unsettled: Unsettled,
}

impl Writer {
    /// Works until nobody can send any more and all is answered.
    pub(super) fn run(mut self, waiting: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = waiting.recv() {
            let mut bytes = first.bytes();
            let mut jobs = vec![first];
            while jobs.len() < BATCH_MAX && bytes < BATCH_BYTES_MAX {
                let Ok(next) = waiting.try_recv() else { break };
                bytes += next.bytes();
                jobs.push(next);
            }
            self.queued.fetch_sub(bytes, Ordering::Relaxed);
            judge(&mut jobs);
            let failed = self.commit(&mut jobs).err().map(|source| {
                let path = self.path.clone();
                Unstored::Failed(Arc::new(StorageError { doing: "write to", path, source: Some(source) }))
            });
            let failed = failed.filter(|_| !self.planted.ack_failed);
            for job in jobs {
                job.answer(failed.as_ref());
            }
        }
    }

    fn commit(&mut self, jobs: &mut Vec<Box<dyn Job>>) -> Result<()> {
        let db = match self.db.take() {
            Some(db) => db,
            None => open(&self.path, self.planted)?,
        };
        let result = self.transact(&db, jobs);
        // A failed transaction is taken back whole; where even that fails, so does this connection.
        if result.is_ok() || db.is_autocommit() || db.execute_batch("ROLLBACK").is_ok() {
            self.db = Some(db);
        }
        result
    }

    fn transact(&mut self, db: &Connection, jobs: &mut Vec<Box<dyn Job>>) -> Result<()> {
        db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let mut batch = Batch::new(db, self.planted, self.unsettled);
        for job in jobs.iter_mut() {
            job.run(&mut batch)?;
        }
        if self.planted.ack_before_commit {
            for job in jobs.drain(..) {
                job.answer(None);
            }
        }
        db.prepare_cached("COMMIT")?.execute([])?;
        let on_commit = self.on_commit.as_deref();
        let mut told = |what: Committed| {
            if let Some(on_commit) = on_commit {
                on_commit(what);
            }
        };
        self.unsettled = batch.committed(&self.known, &mut told);
        Ok(())
    }
}

/// Checks all signatures at once; only where one is wrong, one by one, so that it blocks nobody.
fn judge(jobs: &mut [Box<dyn Job>]) {
    let claims: Vec<&Claim> = jobs.iter().filter_map(|job| job.claim()).collect();
    let are_all = claims.is_empty() || Claim::are_true(&claims);
    for job in jobs {
        if let Some(is_signed) = job.claim().map(|claim| are_all || claim.is_true()) {
            job.judged(is_signed);
        }
    }
}

/// Opens the connection that writes.
pub(super) fn open(path: &Path, planted: Planted) -> Result<Connection> {
    let db = Connection::open(path)?;
    set_up(&db, planted)?;
    Ok(db)
}

/// Has every commit synced.
///
/// What an earlier process wrote is synced first. It may have been stopped between writing and syncing: such frames are
/// read back from memory as if they were safe, and would be acknowledged when they are sent again.
pub(super) fn set_up(db: &Connection, planted: Planted) -> Result<()> {
    db.busy_timeout(std::time::Duration::from_millis(500))?;
    db.set_prepared_statement_cache_capacity(64);
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", if planted.synchronous_normal { "normal" } else { "full" })?;
    // On macOS fsync alone does not reach the disk.
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "checkpoint_fullfsync", true)?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    // A long reading lets it grow; afterwards it shrinks again.
    db.pragma_update(None, "journal_size_limit", WAL_BYTES_KEPT)?;
    if !planted.no_sync_at_open {
        let unfinished: bool = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if unfinished {
            return Err(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
                None,
            ));
        }
    }
    Ok(())
}
