//! What is answered, and what can go wrong.

use super::{quarantine::Why, rows::Cause};
use crate::{Frame, Head, LogName, Refused};
use std::{error::Error, fmt, sync::Arc};
#[cfg(feature = "sqlite")]
use std::{io, path::PathBuf};

/// What a device is told about a slice that it sent.
#[derive(Clone, Debug)]
pub enum Answer {
    /// All of it is stored durably, now or since an earlier time.
    Stored {
        /// What is held of the log: the device need keep nothing before it.
        head: Head,
        /// A journal position of the community at which all of it has been written.
        position: u64,
    },
    /// Nothing of it was taken, and nobody need look at it.
    Refused(Refused),
    /// It is kept aside until a person decides. The device keeps its copy.
    Quarantined {
        /// Its number in the community's quarantine.
        number: u64,
        /// Why it was not admitted.
        why: Why,
    },
    /// It belongs in quarantine, which is full. The device keeps its copy and tries again later.
    QuarantineFull,
    /// Too many uploads wait. The device tries again in a moment.
    Busy,
    /// It could not be stored. The device tries again later.
    Failed(Arc<StorageError>),
}

/// A frame of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the community's journal, from 1 on.
    pub position: u64,
    /// Whose log it is of.
    pub log: LogName,
    /// Its number there.
    pub seq: u64,
    /// The frame.
    pub frame: Frame,
}

/// The database, or the disk or the network under it, failed.
#[derive(Debug)]
pub struct StorageError {
    pub(crate) doing: &'static str,
    /// The file, or the server and its database.
    pub(crate) place: String,
    /// `None` where the journal is closed.
    pub(crate) source: Option<Cause>,
}

impl fmt::Display for StorageError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "could not {} {}", self.doing, self.place)?;
        match &self.source {
            Some(source) => write!(out, ": {source}"),
            None => write!(out, ": the journal is closed"),
        }
    }
}

impl Error for StorageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

/// Why a journal cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The folder or the lock in it cannot be made.
    #[cfg(feature = "sqlite")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another process writes to it.
    #[cfg(feature = "sqlite")]
    Locked(PathBuf),
    /// It was written by a newer program.
    Newer {
        /// The file, or the database.
        place: String,
        /// Its version.
        version: u32,
    },
    /// It is a database, and no journal.
    Foreign(String),
    /// Its server does not sync what it commits.
    #[cfg(feature = "postgres")]
    Unsafe(String),
    /// There is no connection to its server.
    #[cfg(feature = "postgres")]
    Server(crate::postgres::ConnectError),
    /// It cannot be read or written.
    Storage(StorageError),
}

impl fmt::Display for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "sqlite")]
            OpenError::Folder { folder, source } => {
                write!(out, "could not open the journal's folder {}: {source}", folder.display())
            }
            #[cfg(feature = "sqlite")]
            OpenError::Locked(folder) => {
                write!(out, "another process has the journal in {} open; stop it first", folder.display())
            }
            OpenError::Newer { place, version } => write!(
                out,
                "{place} has form {version}, which this program does not know; use a newer program"
            ),
            OpenError::Foreign(place) => write!(out, "{place} is a database, but no journal"),
            #[cfg(feature = "postgres")]
            OpenError::Unsafe(place) => write!(
                out,
                "the server of {place} does not sync what it commits, so that what was acknowledged could be lost; set fsync = on there"
            ),
            #[cfg(feature = "postgres")]
            OpenError::Server(error) => error.fmt(out),
            OpenError::Storage(error) => error.fmt(out),
        }
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            #[cfg(feature = "sqlite")]
            OpenError::Folder { source, .. } => Some(source),
            OpenError::Storage(error) => error.source(),
            #[cfg(feature = "postgres")]
            OpenError::Server(error) => error.source(),
            _ => None,
        }
    }
}

/// Why a log was not enrolled, or revoked.
#[derive(Clone, Debug)]
pub enum EnrolError {
    /// There is a log of this name with another key.
    OtherKey,
    /// There is a log of this name in another book.
    OtherBook,
    /// The log was revoked: the device enrols anew, under another name.
    Revoked,
    /// There is no log of this name.
    Unknown,
    /// It could not be stored.
    Failed(Arc<StorageError>),
}

impl fmt::Display for EnrolError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EnrolError::OtherKey => write!(out, "the device's log is enrolled with another key"),
            EnrolError::OtherBook => write!(out, "the device's log is enrolled in another book"),
            EnrolError::Revoked => write!(out, "the device's log was revoked; enrol it under a new name"),
            EnrolError::Unknown => write!(out, "the device has no log"),
            EnrolError::Failed(error) => write!(out, "the log was not enrolled: {error}"),
        }
    }
}

impl Error for EnrolError {}

/// Why a slice stays in quarantine.
#[derive(Clone, Debug)]
pub enum ReleaseError {
    /// There is none of this number.
    Missing,
    /// Its device is still unknown: enrol it first.
    Unknown,
    /// It does not continue the log.
    Refused(Refused),
    /// It could not be stored.
    Failed(Arc<StorageError>),
}

impl fmt::Display for ReleaseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReleaseError::Missing => write!(out, "nothing in quarantine has this number"),
            ReleaseError::Unknown => write!(out, "the slice's device is not enrolled"),
            ReleaseError::Refused(why) => write!(out, "the slice does not fit the log: {why:?}"),
            ReleaseError::Failed(error) => write!(out, "the slice was not released: {error}"),
        }
    }
}

impl Error for ReleaseError {}
