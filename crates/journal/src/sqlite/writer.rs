//! The thread that writes: it takes what waits, checks its signatures together, decides it in one transaction, commits, and then answers.

use super::batch::Batch;
use crate::store::{
    Committed, OnCommit, Planted, StorageError,
    known::Known,
    quarantine::Unsettled,
    rows::Cause,
    work::{BATCH_BYTES_MAX, BATCH_MAX, Job, Unstored, judge},
};
use rusqlite::{Connection, Result};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::Receiver,
    },
};

/// Pages in the write-ahead log before they are moved to where they belong: 16 MiB.
const CHECKPOINT_PAGES: u32 = 4096;
/// Bytes of the write-ahead log that are kept for the next round.
const WAL_BYTES_KEPT: u32 = 64 << 20;

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
                let place = self.path.display().to_string();
                Unstored::Failed(Arc::new(StorageError { doing: "write to", place, source: Some(source) }))
            });
            let failed = failed.filter(|_| !self.planted.ack_failed);
            for job in jobs {
                job.answer(failed.as_ref());
            }
        }
    }

    fn commit(&mut self, jobs: &mut Vec<Box<dyn Job>>) -> Result<(), Cause> {
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

    fn transact(&mut self, db: &Connection, jobs: &mut Vec<Box<dyn Job>>) -> Result<(), Cause> {
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
