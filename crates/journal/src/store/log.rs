//! Who may write: one log of one device for one community, and where it stands.

use crate::{Head, LogName, PublicKey};

/// A log to be enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// Whose log.
    pub name: LogName,
    /// The book that its frames are read in, from now to its end.
    pub book: [u8; 16],
    /// What the device signs with.
    pub key: PublicKey,
}

/// A log that is enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogState {
    /// The log.
    pub log: Log,
    /// Whether its device may write no more.
    pub revoked: bool,
    /// What is held of it.
    pub head: Head,
}
