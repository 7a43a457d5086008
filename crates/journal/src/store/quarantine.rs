//! What was sent and not admitted, kept until a person looks at it: from a device that nobody enrolled or somebody
//! revoked, with a signature that is not its own, or another account of what is held already.

use super::{
    answer::Answer,
    rows::{Result, Rows, SetAside},
};
use crate::LogName;
use sha2::{Digest, Sha256};
use std::fmt;

/// Slices of one device that wait, at most: a shift is a few.
pub const DEVICE_SLICES_MAX: u64 = 32;
/// Bytes of one device that wait, at most: four of the largest slices.
pub const DEVICE_BYTES_MAX: u64 = 16 << 20;
/// Slices that wait in all, at most: more than that nobody looks at.
pub const TOTAL_SLICES_MAX: u64 = 4096;
/// Bytes that wait in all, at most: strangers must not fill the disk.
pub const TOTAL_BYTES_MAX: u64 = 512 << 20;

/// Frames of one log, at most. Who taps once in two seconds for twelve hours writes some 60,000; a telephone that writes on and on
/// should fill no disk. What goes beyond is kept aside like all that a person must look at, and can be admitted after all. Logs of the book that
/// has its community's own id are written by servers, and have no such limit.
pub const LOG_FRAMES_MAX: u64 = 100_000;

/// Why a slice was not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The device has no log.
    Unknown,
    /// The device may write no more.
    Revoked,
    /// The log's key did not sign it.
    Unsigned,
    /// It tells otherwise what is held.
    Forked {
        /// The first frame that differs.
        seq: u64,
    },
    /// Its frames do not lead to the head that was signed.
    Broken,
    /// Its log would have more than [`LOG_FRAMES_MAX`] frames.
    Excess,
    /// It came after the time for which the device was let in.
    Late,
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Unknown => write!(out, "unknown"),
            Why::Revoked => write!(out, "revoked"),
            Why::Unsigned => write!(out, "unsigned"),
            Why::Forked { seq } => write!(out, "forked {seq}"),
            Why::Broken => write!(out, "broken"),
            Why::Excess => write!(out, "excess"),
            Why::Late => write!(out, "late"),
        }
    }
}

impl Why {
    pub(crate) fn parse(text: &str) -> Option<Why> {
        match text {
            "unknown" => Some(Why::Unknown),
            "revoked" => Some(Why::Revoked),
            "unsigned" => Some(Why::Unsigned),
            "broken" => Some(Why::Broken),
            "excess" => Some(Why::Excess),
            "late" => Some(Why::Late),
            _ => text.strip_prefix("forked ")?.parse().ok().map(|seq| Why::Forked { seq }),
        }
    }
}

/// A slice in quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Its number, within its community.
    pub number: u64,
    /// The log that it says it is of.
    pub log: LogName,
    /// When it came, by the caller's clock, in milliseconds since 1970.
    pub received_at_ms: i64,
    /// Why it was not admitted.
    pub why: Why,
    /// How long it is.
    pub bytes: u64,
    /// Whether a person has seen to it.
    pub settled: bool,
}

/// How much waits for a person.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Unsettled {
    pub(crate) slices: u64,
    pub(crate) bytes: u64,
}

impl Unsettled {
    pub(crate) fn with(self, bytes: u64) -> Unsettled {
        Unsettled { slices: self.slices + 1, bytes: self.bytes + bytes }
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn without(self, bytes: u64) -> Unsettled {
        Unsettled { slices: self.slices.saturating_sub(1), bytes: self.bytes.saturating_sub(bytes) }
    }

    fn within(self, slices: u64, bytes: u64) -> bool {
        self.slices <= slices && self.bytes <= bytes
    }
}

/// Keeps a slice for a person to look at; once, however often it is sent.
pub(crate) fn set_aside(
    rows: &mut dyn Rows,
    log: LogName,
    bytes: &[u8],
    received_at_ms: i64,
    why: Why,
) -> Result<Answer> {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    if let Some((number, why)) = rows.kept(log, &digest)? {
        return Ok(Answer::Quarantined { number, why });
    }
    let length = bytes.len() as u64;
    let (total, device) = rows.unsettled(log)?;
    if !total.with(length).within(TOTAL_SLICES_MAX, TOTAL_BYTES_MAX)
        || !device.with(length).within(DEVICE_SLICES_MAX, DEVICE_BYTES_MAX)
    {
        return Ok(Answer::QuarantineFull);
    }
    let number = rows.keep(&SetAside { log, received_at_ms, why, digest, bytes })?;
    Ok(Answer::Quarantined { number, why })
}
