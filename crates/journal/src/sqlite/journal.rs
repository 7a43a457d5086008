//! The journal of a folder: what takes uploads, and whom to ask.

use super::{
    failed_at, log, quarantine,
    reader::{self, Readers},
    schema, verify_against,
    writer::{self, Writer},
};
use crate::{
    Answer, Entry, Head, LogName, LogState, OpenError, Options, Progress, Quarantined, Slice, StorageError,
    Verified,
    store::{
        known::{Known, Seen},
        upload::Upload,
        work::{Job, QUEUE_BYTES_MAX, QUEUE_MAX, Reply, Task, Unstored, Work},
    },
};
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
    time::{Duration, Instant},
};

/// The file in a journal's folder.
pub const FILE: &str = "journal.sqlite";
/// Held locked by the one process that writes.
const LOCK: &str = "journal.lock";
/// A lock outlives whoever took it for a moment: a process that was killed has it until it has ended, and a child until it runs its own
/// program.
const PATIENCE: Duration = Duration::from_secs(2);

/// The journal of a folder, open for writing. Many threads may use it at once; dropping it waits until all that was taken is
/// stored and answered.
pub(crate) struct Journal {
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
    pub(crate) fn open_with(folder: &Path, options: Options) -> Result<Journal, OpenError> {
        let lock = lock(folder)?;
        let path = folder.join(FILE);
        let failed = |source| OpenError::Storage(failed_at("open", &path, source));
        let mut db = Connection::open(&path).map_err(failed)?;
        // Before anything is written to it.
        let version = schema::known(&db, &path)?;
        writer::set_up(&db, options.planted).map_err(failed)?;
        schema::upgrade(&mut db, version).map_err(failed)?;
        sync_folder(folder).map_err(|source| OpenError::Folder { folder: folder.into(), source })?;
        let known = Arc::new(Known::default());
        for state in log::all(&db).map_err(failed)? {
            known.put(state.log.name, Seen { key: state.log.key, head: state.head });
        }
        let unsettled = quarantine::unsettled(&db).map_err(failed)?;
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

    /// The logs that this process knows of.
    pub(crate) fn known(&self) -> &Known {
        &self.known
    }

    /// Has an upload wait for the writer, or says why it does not.
    pub(crate) fn take(&self, upload: Upload, reply: Reply<Answer>) {
        let bytes = upload.bytes();
        if self.queued.fetch_add(bytes, Ordering::Relaxed) + bytes > QUEUE_BYTES_MAX {
            self.queued.fetch_sub(bytes, Ordering::Relaxed);
            return reply(Err(Unstored::Busy));
        }
        let sender = self.sender.as_ref().expect("it is there until the journal is dropped");
        if let Err(error) = sender.try_send(Box::new(Task::new(upload, bytes, reply))) {
            self.queued.fetch_sub(bytes, Ordering::Relaxed);
            match error {
                TrySendError::Full(job) => job.answer(Some(&Unstored::Busy)),
                TrySendError::Disconnected(job) => job.answer(Some(&Unstored::Failed(self.closed()))),
            }
        }
    }

    pub(crate) fn quarantined(
        &self,
        community: [u8; 16],
        device: Option<[u8; 16]>,
    ) -> Result<Vec<Quarantined>, StorageError> {
        self.readers.with(|db| quarantine::list(db, community, device))
    }

    pub(crate) fn quarantined_slice(
        &self,
        community: [u8; 16],
        number: u64,
    ) -> Result<Option<Slice>, StorageError> {
        self.readers.with(|db| quarantine::slice(db, community, number))
    }

    pub(crate) fn read(
        &self,
        community: [u8; 16],
        book: [u8; 16],
        after: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, StorageError> {
        self.readers.with(|db| reader::read(db, community, book, after, limit))
    }

    pub(crate) fn heads(&self, community: [u8; 16]) -> Result<Vec<LogState>, StorageError> {
        self.readers.with(|db| log::of_community(db, community))
    }

    /// The file.
    pub(crate) fn place(&self) -> String {
        self.path.display().to_string()
    }

    pub(crate) fn verify_against(
        &self,
        heads: &[(LogName, Head)],
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Verified, StorageError> {
        verify_against(&self.path, heads, progress)
    }

    pub(crate) fn ask<W: Work + 'static>(&self, work: W) -> Result<W::Answer, Arc<StorageError>> {
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
        Arc::new(StorageError { doing: "write to", place: self.place(), source: None })
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
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => thread::sleep(PATIENCE / 100),
            Err(TryLockError::WouldBlock) => return Err(OpenError::Locked(folder.into())),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
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
