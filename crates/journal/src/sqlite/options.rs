//! How a journal is opened.

use super::{answer::StorageError, journal::Journal};
use std::{
    error::Error,
    fmt, io,
    path::{Path, PathBuf},
};

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

/// Who is told of a commit. It runs on the writing thread, so it wakes others and returns.
pub(super) type OnCommit = Box<dyn Fn(Committed) + Send>;

/// How a journal is opened.
#[derive(Default)]
pub struct Options {
    pub(super) on_commit: Option<OnCommit>,
    pub(super) planted: Planted,
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
}

impl Options {
    /// As a server wants it.
    pub fn new() -> Options {
        Options::default()
    }

    /// Calls this after each commit, once for each book that grew, before any answer is given.
    #[must_use]
    pub fn on_commit(self, told: impl Fn(Committed) + Send + 'static) -> Options {
        Options { on_commit: Some(Box::new(told)), ..self }
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
    pub fn open(self, folder: &Path) -> Result<Journal, OpenError> {
        Journal::open_with(folder, self)
    }
}

/// Why a journal cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The folder or the lock in it cannot be made.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another process writes to it.
    Locked(PathBuf),
    /// It was written by a newer program.
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// It is a database, and no journal.
    Foreign(PathBuf),
    /// It cannot be read or written.
    Storage(StorageError),
}

impl fmt::Display for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Folder { folder, source } => {
                write!(out, "could not open the journal's folder {}: {source}", folder.display())
            }
            OpenError::Locked(folder) => {
                write!(out, "another process has the journal in {} open; stop it first", folder.display())
            }
            OpenError::Newer { path, version } => write!(
                out,
                "{} has form {version}, and this program knows {} only; use a newer program",
                path.display(),
                super::schema::VERSION
            ),
            OpenError::Foreign(path) => write!(out, "{} is a database, but no journal", path.display()),
            OpenError::Storage(error) => error.fmt(out),
        }
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            OpenError::Folder { source, .. } => Some(source),
            OpenError::Storage(error) => error.source(),
            _ => None,
        }
    }
}
