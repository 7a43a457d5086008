//! The one door to a journal, wherever it is kept.

use super::{
    answer::{Answer, EnrolError, Entry, OpenError, ReleaseError, StorageError},
    control::{Enrol, Release, Revoke, Settle},
    log::{Log, LogState},
    options::Options,
    quarantine::Quarantined,
    upload::Upload,
    verify::{Progress, Verified},
    work::{Unstored, Work},
};
use crate::{Head, LogName, Slice};
use std::{fmt, sync::Arc};

/// A journal, open for writing. Many threads may use it at once; dropping it waits until all that was taken is stored and
/// answered.
///
/// But for [`append`](Journal::append), [`append_late`](Journal::append_late) and
/// [`is_enrolled`](Journal::is_enrolled), which never wait, all of it blocks on the database: no asynchronous thread may
/// call it.
pub struct Journal(pub(crate) Kept);

/// Where it is kept.
pub(crate) enum Kept {
    #[cfg(feature = "sqlite")]
    Sqlite(crate::sqlite::Journal),
    #[cfg(feature = "postgres")]
    Postgres(Box<crate::postgres::Journal>),
}

/// The same asked of either.
macro_rules! kept {
    ($of:expr, $journal:ident => $asked:expr) => {
        match &$of.0 {
            #[cfg(feature = "sqlite")]
            Kept::Sqlite($journal) => $asked,
            #[cfg(feature = "postgres")]
            Kept::Postgres($journal) => $asked,
        }
    };
}

impl Journal {
    /// Opens the journal in this folder, which is made where there is none.
    ///
    /// # Errors
    /// Why it cannot be opened; nothing was changed then.
    #[cfg(feature = "sqlite")]
    pub fn open(folder: &std::path::Path) -> Result<Journal, OpenError> {
        Options::new().open(folder)
    }

    /// Opens the journal in the database at this address, whose tables are made where there are none.
    ///
    /// # Errors
    /// Why it cannot be opened; nothing was changed then.
    #[cfg(feature = "postgres")]
    pub fn connect(url: &str) -> Result<Journal, OpenError> {
        Options::new().connect(url)
    }

    /// Takes a slice that came from this device, and answers when it is known what became of it: at once, or from a writing
    /// thread after the commit. Never waits: the chain is checked in the caller's own thread, the signature beside those of
    /// all that is committed with it.
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
        let known = kept!(self, journal => journal.known());
        let upload = match Upload::prepare(known, from, slice, received_at_ms, late) {
            Ok(upload) => upload,
            Err(why) => return reply(Answer::Refused(why)),
        };
        let reply = Box::new(|answer: Result<Answer, Unstored>| {
            reply(match answer {
                Ok(answer) => answer,
                Err(Unstored::Busy) => Answer::Busy,
                Err(Unstored::Failed(error)) => Answer::Failed(error),
            });
        });
        kept!(self, journal => journal.take(upload, reply));
    }

    /// Lets a device write. Enrolling it again is a success.
    ///
    /// # Errors
    /// Why it may not write.
    pub fn enrol(&self, log: Log) -> Result<(), EnrolError> {
        self.ask(Enrol(log)).map_err(EnrolError::Failed)?
    }

    /// Whether there is a log of this name, as far as this process has seen: no database is asked.
    pub fn is_enrolled(&self, name: LogName) -> bool {
        kept!(self, journal => journal.known()).of(name).is_some()
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
        kept!(self, journal => journal.quarantined(community, device))
    }

    /// A slice in quarantine as it came; `None` if there is none of this number.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn quarantined_slice(&self, community: [u8; 16], number: u64) -> Result<Option<Slice>, StorageError> {
        kept!(self, journal => journal.quarantined_slice(community, number))
    }

    /// The frames of a book after a position, in the order in which they were stored; no more than `limit`. Whoever reads on
    /// after the last position that was read misses nothing, however many write meanwhile.
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
        kept!(self, journal => journal.read(community, book, after, limit))
    }

    /// The logs of a community, and where they stand.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn heads(&self, community: [u8; 16]) -> Result<Vec<LogState>, StorageError> {
        kept!(self, journal => journal.heads(community))
    }

    /// Checks all that is stored, on all processors, beside whatever else goes on.
    ///
    /// # Errors
    /// If it cannot be read at all. What cannot be read of a log is a fault of it.
    pub fn verify(&self, progress: &(dyn Fn(Progress) + Sync)) -> Result<Verified, StorageError> {
        self.verify_against(&[], progress)
    }

    /// The same, and whether each of these logs still has the head that it once had: what is consistent in itself may still
    /// be an older state.
    ///
    /// # Errors
    /// As [`Journal::verify`].
    pub fn verify_against(
        &self,
        heads: &[(LogName, Head)],
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Verified, StorageError> {
        kept!(self, journal => journal.verify_against(heads, progress))
    }

    fn ask<W: Work + 'static>(&self, work: W) -> Result<W::Answer, Arc<StorageError>> {
        kept!(self, journal => journal.ask(work))
    }
}

/// Where it is kept: the file, or the server and its database.
impl fmt::Debug for Journal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = kept!(self, journal => journal.place());
        out.debug_tuple("Journal").field(&place).finish()
    }
}
