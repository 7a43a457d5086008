//! What is sent: frames of one log, one after the other, and the device's signature over the head that they lead to.

use crate::{
    frame::{Frame, Hash, Head, LogName},
    key::{SecretKey, Signature},
};

/// Frames of a slice, at most: a shift is some thousands, and one request should not hold up the others.
pub const FRAMES_MAX: usize = 4096;
/// Bytes of a slice, at most.
pub const BYTES_MAX: usize = 4 << 20;

/// Frames of a log from one place on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Whose log.
    pub log: LogName,
    /// The number of the frame before the first.
    pub after: u64,
    /// The frames, none left out.
    pub frames: Vec<Frame>,
    /// The hash of the log with the last of them, as the device has it.
    pub hash: Hash,
    /// The device's signature over that head.
    pub signature: Signature,
}

impl Slice {
    /// Signs these frames, which follow the head; whoever receives them computes the same.
    pub fn sign(log: LogName, after: &Head, frames: Vec<Frame>, key: &SecretKey) -> Slice {
        let head = after.with_all(&frames);
        let signature = key.sign(log, &head);
        Slice { log, after: after.seq, frames, hash: head.hash, signature }
    }

    /// The head that the device signed.
    pub fn head(&self) -> Head {
        Head { seq: self.after.saturating_add(self.frames.len() as u64), hash: self.hash }
    }
}
