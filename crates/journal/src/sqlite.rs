//! A journal in one SQLite file: the logs of many devices, all that was admitted of them, and what was not.
//!
//! Map: [`Journal`] takes uploads and answers them · [`Answer`] what a device is told · [`Log`] who may write ·
//! [`Entry`] what is read · [`Quarantined`] what a person must look at · [`Verified`] whether all of it is still so.
//!
//! One thread owns the connection that writes. Uploads wait for it in a bounded queue, whole; it takes what waits, decides
//! it all in one transaction, commits that durably, and only then answers. A commit costs the same for one upload as for
//! hundreds, so a crowd waits hardly longer than one.
//!
//! Of an admitted slice the new frames are one row, as they came, with the signature over the head that they lead to:
//! years later the stored bytes alone say what was written, in which order, and by whose key.

mod answer;
mod backup;
mod batch;
mod control;
mod journal;
mod known;
mod log;
mod options;
mod quarantine;
mod reader;
mod schema;
mod upload;
mod verify;
mod writer;

pub use answer::{Answer, EnrolError, ReleaseError, StorageError};
pub use backup::{BackupError, backup};
pub use journal::{FILE, Journal};
pub use log::{Log, LogState};
#[doc(hidden)]
pub use options::Planted;
pub use options::{Committed, OpenError, Options};
pub use quarantine::{
    DEVICE_BYTES_MAX, DEVICE_SLICES_MAX, LOG_FRAMES_MAX, Quarantined, TOTAL_BYTES_MAX, TOTAL_SLICES_MAX, Why,
};
pub use reader::{Entry, look, states};
pub use verify::{FAULTS_MAX, Fault, Progress, Verified, What, verify, verify_against};
pub use writer::{QUEUE_BYTES_MAX, QUEUE_MAX};
