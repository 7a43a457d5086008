//! The journal of a database: what takes uploads, and whom to ask.

use super::{
    connect::{Address, ConnectError},
    follow::{self, Told},
    reader::{self, Readers},
    schema,
    session::Session,
    verify,
    waiting::Waiting,
    writer::Writer,
};
use crate::{
    Answer, Entry, Head, LogName, LogState, OpenError, Options, Progress, Quarantined, Slice, StorageError,
    Verified,
    store::{
        known::{Known, Seen},
        rows::Cause,
        upload::Upload,
        work::{Reply, Task, Unstored, Work},
    },
};
use std::{
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

/// Connections that write. While one waits for the disk the others go on, and the server syncs their commits together: four took
/// twice as much as two, and four times as much as one (`examples/rate_postgres.rs`).
const WRITERS: usize = 4;

/// The journal of a database, open for writing.
pub(crate) struct Journal {
    address: Address,
    known: Arc<Known>,
    readers: Readers,
    told: Arc<Told>,
    waiting: Arc<Waiting>,
    writers: Vec<JoinHandle<()>>,
}

impl Journal {
    pub(crate) fn open_with(url: &str, options: Options) -> Result<Journal, OpenError> {
        let address = Address::parse(url).map_err(OpenError::Server)?;
        let mut db = Session::open(&address).map_err(OpenError::Server)?;
        let failed = |source: Cause| match source.downcast::<ConnectError>() {
            Ok(error) => OpenError::Server(*error),
            Err(source) => OpenError::Storage(failed_at("open", &address, source)),
        };
        let fsync = db.first("SELECT current_setting('fsync')", &[]).map_err(failed)?;
        if fsync.is_some_and(|row| row.get::<_, &str>(0) == "off") {
            return Err(OpenError::Unsafe(address.to_string()));
        }
        schema::upgrade(&mut db)?;
        let known = Arc::new(Known::default());
        let states = reader::logs(&mut db).map_err(failed)?;
        known.put_all(
            states.iter().map(|state| (state.log.name, Seen { key: state.log.key, head: state.head })),
        );
        let told = Arc::new(Told::new(options.on_commit));
        follow::follow(&address, &told).map_err(failed)?;
        let waiting = Arc::new(Waiting::default());
        let writer = |number: usize| {
            let writer = Writer {
                address: address.clone(),
                planted: options.planted,
                db: None,
                known: Arc::clone(&known),
                told: Arc::clone(&told),
                waiting: Arc::clone(&waiting),
            };
            thread::Builder::new().name(format!("journal-{number}")).spawn(move || writer.run())
        };
        let mut journal = Journal {
            readers: Readers::new(&address, db),
            address: address.clone(),
            known: Arc::clone(&known),
            told: Arc::clone(&told),
            waiting: Arc::clone(&waiting),
            writers: Vec::new(),
        };
        // Should one not start, those that did end with the journal.
        for number in 0..options.writers.unwrap_or(WRITERS) {
            journal.writers.push(writer(number).map_err(|error| failed(error.into()))?);
        }
        Ok(journal)
    }

    /// The logs that this process knows of.
    pub(crate) fn known(&self) -> &Known {
        &self.known
    }

    /// Has an upload wait for a writer, or says why it does not.
    pub(crate) fn take(&self, upload: Upload, reply: Reply<Answer>) {
        let bytes = upload.bytes();
        if let Err(job) = self.waiting.push(Box::new(Task::new(upload, bytes, reply)), true) {
            job.answer(Some(&Unstored::Busy));
        }
    }

    pub(crate) fn ask<W: Work + 'static>(&self, work: W) -> Result<W::Answer, Arc<StorageError>> {
        let (answer, answered) = mpsc::sync_channel(1);
        let reply = Box::new(move |result: Result<W::Answer, Unstored>| drop(answer.send(result)));
        // If the writers are gone, so is the reply that they had.
        drop(self.waiting.push(Box::new(Task::new(work, 0, reply)), false));
        match answered.recv() {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(Unstored::Failed(error))) => Err(error),
            Ok(Err(Unstored::Busy)) | Err(_) => {
                Err(Arc::new(StorageError { doing: "write to", place: self.place(), source: None }))
            }
        }
    }

    pub(crate) fn quarantined(
        &self,
        community: [u8; 16],
        device: Option<[u8; 16]>,
    ) -> Result<Vec<Quarantined>, StorageError> {
        self.readers.with(|db| reader::quarantined(db, community, device))
    }

    pub(crate) fn quarantined_slice(
        &self,
        community: [u8; 16],
        number: u64,
    ) -> Result<Option<Slice>, StorageError> {
        self.readers.with(|db| reader::slice(db, community, number))
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
        self.readers.with(|db| reader::heads(db, community))
    }

    pub(crate) fn place(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn verify_against(
        &self,
        heads: &[(LogName, Head)],
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Verified, StorageError> {
        let heads = heads.iter().copied().collect();
        verify::all(&self.address, &heads, progress)
            .map_err(|source| failed_at("verify", &self.address, source))
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.waiting.close();
        for writer in self.writers.drain(..) {
            // It panicked only if a caller's own reply did, and that was said already.
            drop(writer.join());
        }
        self.told.stop();
    }
}

fn failed_at(doing: &'static str, address: &Address, source: Cause) -> StorageError {
    StorageError { doing, place: address.to_string(), source: Some(source) }
}
