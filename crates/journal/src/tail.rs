//! The end of a device's log that it has not been told is stored elsewhere: all that it must not lose.

use crate::{
    frame::{BODY_MAX, Frame, Head, LogName},
    key::SecretKey,
    slice::{BYTES_MAX, FRAMES_MAX, Slice},
    wire,
};

/// A log's end, from the last head that was acknowledged on.
#[derive(Clone, Debug)]
pub struct Tail {
    log: LogName,
    acknowledged: Head,
    frames: Vec<Frame>,
    head: Head,
}

impl Tail {
    /// A log that stands at this head, all of it acknowledged; a new one stands at [`Head::of_nothing`].
    pub fn new(log: LogName, acknowledged: Head) -> Tail {
        Tail { log, acknowledged, frames: Vec::new(), head: acknowledged }
    }

    /// Where the log stands.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Up to where it is known to be stored.
    pub fn acknowledged(&self) -> Head {
        self.acknowledged
    }

    /// What has not been acknowledged.
    pub fn unsent(&self) -> &[Frame] {
        &self.frames
    }

    /// Writes an event down.
    ///
    /// # Panics
    /// If the body has more than [`BODY_MAX`] bytes: the domain writes none.
    pub fn append(&mut self, id: [u8; 16], body: Vec<u8>) -> Head {
        assert!(body.len() <= BODY_MAX, "an event fits into a frame");
        let frame = Frame { id, body };
        self.head = self.head.with(&frame);
        self.frames.push(frame);
        self.head
    }

    /// The next slice to send, as much as one may hold; `None` if there is nothing.
    pub fn slice(&self, key: &SecretKey) -> Option<Slice> {
        let mut bytes = wire::FIXED;
        let fits = |frame: &&Frame| {
            bytes += wire::frame_bytes(frame);
            bytes <= BYTES_MAX
        };
        let frames: Vec<Frame> = self.frames.iter().take(FRAMES_MAX).take_while(fits).cloned().collect();
        (!frames.is_empty()).then(|| Slice::sign(self.log, &self.acknowledged, frames, key))
    }

    /// The server holds the log up to this head: what lies before need not be kept. Returns false, and forgets nothing, if
    /// that head is none of this log: then the server speaks of another, or somebody changed it.
    pub fn stored(&mut self, held: &Head) -> bool {
        if held.seq < self.acknowledged.seq {
            // An answer that was overtaken by a later one.
            return true;
        }
        let mut head = self.acknowledged;
        let mut count = 0;
        while head.seq < held.seq {
            let Some(frame) = self.frames.get(count) else { return false };
            head = head.with(frame);
            count += 1;
        }
        if head != *held {
            return false;
        }
        self.frames.drain(..count);
        self.acknowledged = head;
        true
    }
}
