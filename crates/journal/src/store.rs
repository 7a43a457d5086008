//! What every journal does, whichever database it is in: how a slice becomes a row, what is kept aside, what is answered,
//! who may write, and whether all of it is still as it was.
//!
//! Map: [`Journal`] the one door · [`Answer`] what a device is told · [`Log`] who may write · [`Entry`] what is read ·
//! [`Quarantined`] what a person must look at · [`Verified`] whether all of it is still so. Beneath it `rows` says what a
//! database has to do, and `work` what is decided in one transaction.

mod answer;
pub(crate) mod control;
pub(crate) mod door;
pub(crate) mod known;
mod log;
mod options;
pub(crate) mod quarantine;
pub(crate) mod rows;
pub(crate) mod upload;
pub(crate) mod verify;
pub(crate) mod work;

pub use answer::{Answer, EnrolError, Entry, OpenError, ReleaseError, StorageError};
pub use door::Journal;
pub use log::{Log, LogState};
pub(crate) use options::OnCommit;
#[doc(hidden)]
pub use options::Planted;
pub use options::{Committed, Options};
pub use quarantine::{
    DEVICE_BYTES_MAX, DEVICE_SLICES_MAX, LOG_FRAMES_MAX, Quarantined, TOTAL_BYTES_MAX, TOTAL_SLICES_MAX, Why,
};
pub use verify::{FAULTS_MAX, Fault, Progress, Verified, What};
pub use work::{QUEUE_BYTES_MAX, QUEUE_MAX};
