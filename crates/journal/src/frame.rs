//! One event as bytes, chained to the one before.

use sha2::{Digest, Sha256};

/// Bytes of a body, at most: an event is a few hundred, and a note that somebody typed a few thousand.
pub const BODY_MAX: usize = 16 << 10;

/// Whose log: a device keeps one for each community that it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogName {
    /// The community that owns what is written.
    pub community: [u8; 16],
    /// The device that writes.
    pub device: [u8; 16],
}

/// SHA-256 of a log up to a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

/// Where a log stands: how many frames it has, and their hash. Two logs with the same head are the same, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the last frame; 0 where there is none.
    pub seq: u64,
    /// Hash of all frames up to it.
    pub hash: Hash,
}

/// One event as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Of this event alone, whoever sends it again.
    pub id: [u8; 16],
    /// What happened, in whatever form the domain writes it; at most [`BODY_MAX`] bytes.
    pub body: Vec<u8>,
}

impl Head {
    /// Of a log in which nothing is written yet. It holds the log's name, so that no frame fits into another log.
    pub fn of_nothing(log: LogName) -> Head {
        let mut hash = Sha256::new();
        hash.update(b"shouhu/log/1\0");
        hash.update(log.community);
        hash.update(log.device);
        Head { seq: 0, hash: Hash(hash.finalize().into()) }
    }

    /// With one frame more.
    #[must_use]
    pub fn with(&self, frame: &Frame) -> Head {
        let seq = self.seq + 1;
        let mut hash = Sha256::new();
        // All parts but the last have a fixed length, so that no two frames are the same bytes.
        hash.update(b"shouhu/frame/1\0");
        hash.update(self.hash.0);
        hash.update(seq.to_le_bytes());
        hash.update(frame.id);
        hash.update(&frame.body);
        Head { seq, hash: Hash(hash.finalize().into()) }
    }

    /// With these frames more, in their order.
    #[must_use]
    pub fn with_all<'f>(&self, frames: impl IntoIterator<Item = &'f Frame>) -> Head {
        frames.into_iter().fold(*self, |head, frame| head.with(frame))
    }
}
