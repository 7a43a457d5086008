//! A journal in one SQLite file: the logs of many devices, all that was admitted of them, and what was not.
//!
//! Map: [`verify`] and [`backup()`] of a file, whoever has it open · [`look`] whether a file is a journal · [`states`] where
//! its logs stand. To write to one is [`Options::open`](crate::Options::open).
//!
//! One thread owns the connection that writes. Uploads wait for it in a bounded queue, whole; it takes what waits, decides
//! it all in one transaction, commits that durably, and only then answers. A commit costs the same for one upload as for
//! hundreds, so a crowd waits hardly longer than one.
//!
//! Of an admitted slice the new frames are one row, as they came, with the signature over the head that they lead to:
//! years later the stored bytes alone say what was written, in which order, and by whose key.

mod backup;
mod batch;
mod journal;
mod log;
mod quarantine;
mod reader;
mod schema;
mod verify;
mod writer;

use crate::StorageError;
use std::path::Path;

pub use backup::{BackupError, backup};
pub use journal::FILE;
pub(crate) use journal::Journal;
pub use reader::{look, states};
pub use verify::{verify, verify_against};

fn failed_at(doing: &'static str, path: &Path, source: rusqlite::Error) -> StorageError {
    StorageError { doing, place: path.display().to_string(), source: Some(source.into()) }
}
