//! A slice as bytes: a version, the log's name, where it begins, the hash that it leads to and the signature, then each
//! frame with its length. Numbers have their low byte first.

use crate::{
    frame::{BODY_MAX, Frame, Hash, LogName},
    key::Signature,
    slice::{BYTES_MAX, FRAMES_MAX, Slice},
};
use std::fmt;

/// The form that is written; it only grows.
const VERSION: u8 = 1;
/// Bytes before the first frame.
pub(crate) const FIXED: usize = 1 + 16 + 16 + 8 + 32 + 64 + 4;

/// Bytes that a frame takes.
pub(crate) fn frame_bytes(frame: &Frame) -> usize {
    16 + 4 + frame.body.len()
}

/// Bytes that are no slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Garbled {
    /// They end in the middle.
    Short,
    /// They go on after the end.
    Long,
    /// Of a form that this program does not know.
    Version(u8),
    /// More than a slice may hold.
    TooLarge,
}

impl fmt::Display for Garbled {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Garbled::Short => write!(out, "the slice ends in the middle"),
            Garbled::Long => write!(out, "the slice goes on after its end"),
            Garbled::Version(version) => {
                write!(out, "the slice has form {version}, which this program does not know")
            }
            Garbled::TooLarge => write!(out, "the slice holds more than is allowed"),
        }
    }
}

impl std::error::Error for Garbled {}

impl Slice {
    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(FIXED + self.frames.iter().map(frame_bytes).sum::<usize>());
        bytes.push(VERSION);
        bytes.extend(self.log.community);
        bytes.extend(self.log.device);
        bytes.extend(self.after.to_le_bytes());
        bytes.extend(self.hash.0);
        bytes.extend(self.signature.0);
        bytes.extend((self.frames.len() as u32).to_le_bytes());
        put_frames(&self.frames, &mut bytes);
        bytes
    }

    /// From bytes, whoever sent them.
    ///
    /// # Errors
    /// What is wrong with them; nothing of them is kept then.
    pub fn from_bytes(bytes: &[u8]) -> Result<Slice, Garbled> {
        if bytes.len() > BYTES_MAX {
            return Err(Garbled::TooLarge);
        }
        let mut rest = Rest(bytes);
        let [version] = rest.array()?;
        if version != VERSION {
            return Err(Garbled::Version(version));
        }
        let log = LogName { community: rest.array()?, device: rest.array()? };
        let after = u64::from_le_bytes(rest.array()?);
        let hash = Hash(rest.array()?);
        let signature = Signature(rest.array()?);
        let count = u32::from_le_bytes(rest.array()?) as usize;
        if count > FRAMES_MAX {
            return Err(Garbled::TooLarge);
        }
        let frames = (0..count).map(|_| rest.frame());
        let frames = frames.collect::<Result<Vec<Frame>, Garbled>>()?;
        if rest.0.is_empty() { Ok(Slice { log, after, frames, hash, signature }) } else { Err(Garbled::Long) }
    }
}

impl Frame {
    /// Frames as bytes, for whoever keeps them: each with its length.
    pub fn all_to_bytes(frames: &[Frame]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(frames.iter().map(frame_bytes).sum());
        put_frames(frames, &mut bytes);
        bytes
    }

    /// Frames from bytes that were kept; what was written in several pieces may be put together and read at once.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn all_from_bytes(bytes: &[u8]) -> Result<Vec<Frame>, Garbled> {
        let mut rest = Rest(bytes);
        let mut frames = Vec::new();
        while !rest.0.is_empty() {
            frames.push(rest.frame()?);
        }
        Ok(frames)
    }
}

/// Writes each frame with its length.
pub(crate) fn put_frames<'f>(frames: impl IntoIterator<Item = &'f Frame>, bytes: &mut Vec<u8>) {
    for frame in frames {
        bytes.extend(frame.id);
        bytes.extend((frame.body.len() as u32).to_le_bytes());
        bytes.extend(&frame.body);
    }
}

/// Reads frames to the end of the bytes.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) fn frames(bytes: &[u8]) -> Result<Vec<Frame>, Garbled> {
    Frame::all_from_bytes(bytes)
}

/// Bytes that have not been read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn frame(&mut self) -> Result<Frame, Garbled> {
        let id = self.array()?;
        let length = u32::from_le_bytes(self.array()?) as usize;
        if length > BODY_MAX {
            return Err(Garbled::TooLarge);
        }
        Ok(Frame { id, body: self.take(length)?.to_vec() })
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Garbled> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Garbled::Short)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Garbled> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Garbled::Short)?;
        self.0 = rest;
        Ok(*taken)
    }
}
