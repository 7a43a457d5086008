//! The journal of a folder: what takes uploads, and whom to ask.

use super::{
    answer::{Answer, EnrolError, ReleaseError, StorageError},
    control::{Enrol, Release, Revoke, Settle},
    known::{Known, Seen},
    log::{Log, LogState},
    options::{OpenError, Options},
    quarantine::{self, Quarantined, Unsettled},
    reader::{Entry, Readers},
    schema,
    upload::Upload,
    writer::{self, Job, QUEUE_BYTES_MAX, QUEUE_MAX, Task, Unstored, Work, Writer},
};
use crate::{Head, LogName, Slice};
use rusqlite::Connection;
use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, SyncSender, TrySendError},
    },
    thread::{self, JoinHandle},
};

/// The file in a journal's folder.
pub const FILE: &str = "journal.sqlite";
/// Held locked by the one process that writes.
const LOCK: &str = "journal.lock";

/// The journal of a folder, open for writing. Many threads may use it at once; dropping it waits until all that was taken is
/// stored and answered.
pub struct Journal {
    path: PathBuf,
    known: Arc<Known>,
    readers: Readers,
    queued: Arc<AtomicUsize>,
    sender: Option<SyncSender<Box<dyn Job>>>,
    writer: Option<JoinHandle<()>>,
    // Released last of all.
    _lock: File,
}

impl Journal {
    /// Opens the journal in this folder, which is made where there is none.
    ///
    /// # Errors
    /// Why it cannot be opened; nothing was changed then.
    pub fn open(folder: &Path) -> Result<Journal, OpenError> {
        Options::new().open(folder)
    }

    pub(super) fn open_with(folder: &Path, options: Options) -> Result<Journal, OpenError> {
        let lock = lock(folder)?;
        let path = folder.join(FILE);
        let failed = |source| {
            let path = path.clone();
            OpenError::Storage(StorageError { doing: "open", path, source: Some(source) })
        };
        let mut db = Connection::open(&path).map_err(failed)?;
        // Before anything is written to it.
        let version = schema::known(&db, &path)?;
        writer::set_up(&db, options.planted).map_err(failed)?;
        schema::upgrade(&mut db, version).map_err(failed)?;
        sync_folder(folder).map_err(|source| OpenError::Folder { folder: folder.into(), source })?;
        let known = Arc::new(Known::default());
        for state in super::reader::logs(&db).map_err(failed)? {
            known.put(state.log.name, Seen { key: state.log.key, head: state.head });
        }
        let unsettled = Unsettled::of_all(&db).map_err(failed)?;
        let readers = Readers::open(&path).map_err(failed)?;
        let queued = Arc::new(AtomicUsize::new(0));
        let writer = Writer {
            path: path.clone(),
            planted: options.planted,
            db: Some(db),
            known: Arc::clone(&known),
            on_commit: options.on_commit,
            queued: Arc::clone(&queued),
            unsettled,
        };
        let (sender, waiting) = mpsc::sync_channel(QUEUE_MAX);
        let thread = thread::Builder::new().name("journal".into()).spawn(move || writer.run(&waiting));
        let writer = thread.map_err(|source| OpenError::Folder { folder: folder.into(), source })?;
        Ok(Journal { path, known, readers, queued, sender: Some(sender), writer: Some(writer), _lock: lock })
    }

    /// Takes a slice that came from this device, and answers when it is known what became of it: at once, or from the
    /// writing thread after the commit. Never waits: the chain is checked in the caller's own thread, the signature beside
    /// those of all that is committed with it.
    pub fn append(
        &self,
        from: LogName,
        slice: Slice,
        received_at_ms: i64,
        reply: impl FnOnce(Answer) + Send + 'static,
    ) {
        self.take(from, slice, received_at_ms, false, reply);
    }

    /// Takes a slice of a device whose time is over: what of it is held already is a success, and what is new goes to quarantine.
    pub fn append_late(
        &self,
        from: LogName,
        slice: Slice,
        received_at_ms: i64,
        reply: impl FnOnce(Answer) + Send + 'static,
    ) {
        self.take(from, slice, received_at_ms, true, reply);
    }

    fn take(
        &self,
        from: LogName,
        slice: Slice,
        received_at_ms: i64,
        late: bool,
        reply: impl FnOnce(Answer) + Send + 'static,
    ) {
        let upload = match Upload::prepare(&self.known, from, slice, received_at_ms, late) {
            Ok(upload) => upload,
            Err(why) => return reply(Answer::Refused(why)),
        };
        let bytes = upload.bytes();
        if self.queued.fetch_add(bytes, Ordering::Relaxed) + bytes > QUEUE_BYTES_MAX {
            self.queued.fetch_sub(bytes, Ordering::Relaxed);
            return reply(Answer::Busy);
        }
        let reply = Box::new(|answer: Result<Answer, Unstored>| {
            reply(match answer {
                Ok(answer) => answer,
                Err(Unstored::Busy) => Answer::Busy,
                Err(Unstored::Failed(error)) => Answer::Failed(error),
            });
        });
        let sender = self.sender.as_ref().expect("it is there until the journal is dropped");
        if let Err(error) = sender.try_send(Box::new(Task::new(upload, bytes, reply))) {
            self.queued.fetch_sub(bytes, Ordering::Relaxed);
            match error {
                TrySendError::Full(job) => job.answer(Some(&Unstored::Busy)),
                TrySendError::Disconnected(job) => job.answer(Some(&Unstored::Failed(self.closed()))),
            }
        }
    }

    /// Lets a device write. Enrolling it again is a success.
    ///
    /// # Errors
    /// Why it may not write.
    pub fn enrol(&self, log: Log) -> Result<(), EnrolError> {
        self.ask(Enrol(log)).map_err(EnrolError::Failed)?
    }

    /// Whether there is a log of this name, as far as this process has seen: no file is asked.
    pub fn is_enrolled(&self, name: LogName) -> bool {
        self.known.of(name).is_some()
    }

    /// Lets a device write no more. What it sends from now on goes to quarantine.
    ///
    /// # Errors
    /// Where it has no log, or that could not be stored.
    pub fn revoke(&self, name: LogName) -> Result<(), EnrolError> {
        self.ask(Revoke(name)).map_err(EnrolError::Failed)?
    }

    /// Admits what is in quarantine after all, where it continues its log: the head that is held then, and its position.
    ///
    /// # Errors
    /// Why it stays where it is.
    pub fn release(&self, community: [u8; 16], number: u64) -> Result<(Head, u64), ReleaseError> {
        self.ask(Release { community, number }).map_err(ReleaseError::Failed)?
    }

    /// Marks what is in quarantine as seen to; false where there is none of this number.
    ///
    /// # Errors
    /// If it could not be stored.
    pub fn settle(&self, community: [u8; 16], number: u64) -> Result<bool, Arc<StorageError>> {
        self.ask(Settle { community, number })
    }

    /// What is in quarantine of a community, or of one of its devices.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn quarantined(
        &self,
        community: [u8; 16],
        device: Option<[u8; 16]>,
    ) -> Result<Vec<Quarantined>, StorageError> {
        self.readers.with(|db| quarantine::list(db, community, device))
    }

    /// A slice in quarantine as it came; `None` if there is none of this number.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn quarantined_slice(&self, community: [u8; 16], number: u64) -> Result<Option<Slice>, StorageError> {
        self.readers.with(|db| quarantine::slice(db, community, number))
    }

    /// The frames of a book after a position, in the order in which they were stored; no more than `limit`.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn read(
        &self,
        community: [u8; 16],
        book: [u8; 16],
        after: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, StorageError> {
        self.readers.with(|db| super::reader::read(db, community, book, after, limit))
    }

    /// The logs of a community, and where they stand.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn heads(&self, community: [u8; 16]) -> Result<Vec<LogState>, StorageError> {
        self.readers.with(|db| super::reader::heads(db, community))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn ask<W: Work + 'static>(&self, work: W) -> Result<W::Answer, Arc<StorageError>> {
        let (answer, answered) = mpsc::sync_channel(1);
        let reply = Box::new(move |result: Result<W::Answer, Unstored>| drop(answer.send(result)));
        let sender = self.sender.as_ref().expect("it is there until the journal is dropped");
        // If the writer is gone, so is the reply that it had.
        drop(sender.send(Box::new(Task::new(work, 0, reply))));
        match answered.recv() {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(Unstored::Failed(error))) => Err(error),
            Ok(Err(Unstored::Busy)) | Err(_) => Err(self.closed()),
        }
    }

    fn closed(&self) -> Arc<StorageError> {
        Arc::new(StorageError { doing: "write to", path: self.path.clone(), source: None })
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        drop(self.sender.take());
        if let Some(writer) = self.writer.take() {
            // It panicked only if a caller's own reply did, and that was said already.
            drop(writer.join());
        }
    }
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let failed = |source| OpenError::Folder { folder: folder.into(), source };
    fs::create_dir_all(folder).map_err(failed)?;
    let file =
        File::options().create(true).truncate(false).write(true).open(folder.join(LOCK)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(folder.into())),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// A file whose name is lost is lost.
pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    // Other systems open no folders, and keep names without being asked.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
        if let Some(parent) = fs::canonicalize(folder)?.parent() {
            File::open(parent)?.sync_all()?;
        }
    }
    Ok(())
}
