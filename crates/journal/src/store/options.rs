//! How a journal is opened.

use super::{
    answer::OpenError,
    door::{Journal, Kept},
};
#[cfg(feature = "sqlite")]
use std::path::Path;

/// What was committed to a book: its community, the book, and the position of the last frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The community.
    pub community: [u8; 16],
    /// The book.
    pub book: [u8; 16],
    /// The position of the last frame that was written to it.
    pub position: u64,
}

/// Who is told of a commit. It runs on a writing thread, so it wakes others and returns.
pub(crate) type OnCommit = Box<dyn Fn(Committed) + Send>;

/// How a journal is opened.
#[derive(Default)]
pub struct Options {
    pub(crate) on_commit: Option<OnCommit>,
    pub(crate) planted: Planted,
    #[cfg(feature = "postgres")]
    pub(crate) writers: Option<usize>,
}

/// Faults that a test plants, to see that it would find them.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Planted {
    /// Answers are given before the commit.
    pub ack_before_commit: bool,
    /// A head is set without being compared first.
    pub no_compare: bool,
    /// All frames of a slice count as new.
    pub no_dedup: bool,
    /// Commits are not synced.
    pub synchronous_normal: bool,
    /// What an earlier process left unsynced is not synced when the journal is opened.
    pub no_sync_at_open: bool,
    /// A commit that failed is acknowledged.
    pub ack_failed: bool,
    /// A position is given before the transaction that fills it, and under no lock.
    pub early_position: bool,
}

impl Options {
    /// As a server wants it.
    pub fn new() -> Options {
        Options::default()
    }

    /// Calls this after each commit, once for each book that grew, before any answer is given; and after those of other
    /// processes over the same database, within a second or so.
    #[must_use]
    pub fn on_commit(self, told: impl Fn(Committed) + Send + 'static) -> Options {
        Options { on_commit: Some(Box::new(told)), ..self }
    }

    /// With so many connections that write, to measure what they come to.
    #[doc(hidden)]
    #[must_use]
    #[cfg(feature = "postgres")]
    pub fn writers(self, writers: usize) -> Options {
        Options { writers: Some(writers), ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub fn planted(self, planted: Planted) -> Options {
        Options { planted, ..self }
    }

    /// Opens the journal in this folder, which is made where there is none.
    ///
    /// # Errors
    /// Why it cannot be opened; nothing was changed then.
    #[cfg(feature = "sqlite")]
    pub fn open(self, folder: &Path) -> Result<Journal, OpenError> {
        crate::sqlite::Journal::open_with(folder, self).map(Kept::Sqlite).map(Journal)
    }

    /// Opens the journal in the database at this address (as [`crate::postgres::connect`] takes it), whose tables are made
    /// where there are none. Any number of processes may have it open.
    ///
    /// # Errors
    /// Why it cannot be opened; nothing was changed then.
    #[cfg(feature = "postgres")]
    pub fn connect(self, url: &str) -> Result<Journal, OpenError> {
        crate::postgres::Journal::open_with(url, self)
            .map(|journal| Journal(Kept::Postgres(Box::new(journal))))
    }
}
