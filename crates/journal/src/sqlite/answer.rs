//! What is answered, and what can go wrong.

use super::quarantine::Why;
use crate::{Head, Refused};
use std::{error::Error, fmt, path::PathBuf, sync::Arc};

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

/// The file, or the disk under it, failed.
#[derive(Debug)]
pub struct StorageError {
    pub(super) doing: &'static str,
    pub(super) path: PathBuf,
    pub(super) source: Option<rusqlite::Error>,
}

impl fmt::Display for StorageError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "could not {} {}", self.doing, self.path.display())?;
        match &self.source {
            Some(source) => write!(out, ": {source}"),
            None => write!(out, ": the journal is closed"),
        }
    }
}

impl Error for StorageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
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
