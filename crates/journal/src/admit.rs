//! What is admitted of a slice. Sending again is always a success: whoever is not sure sends once more.

use crate::{
    frame::{BODY_MAX, Frame, Hash, Head, LogName},
    key::PublicKey,
    slice::{BYTES_MAX, FRAMES_MAX, Slice},
    wire,
};

/// A log as the server holds it.
pub trait Held {
    /// Where it stands.
    fn head(&self) -> Head;
    /// The hash up to this frame; `None` where it has no such frame. Number 0 is the hash of nothing.
    fn hash_at(&self, seq: u64) -> Option<Hash>;
}

/// What is to be stored of a slice, and what may be answered once it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Admitted<'s> {
    /// Frames that are not held yet, each with the head that the log has with it; none where all are held.
    pub new: Vec<(Head, &'s Frame)>,
    /// The head with all of them: what the server answers that it holds.
    pub head: Head,
}

/// Why nothing of a slice is admitted. Nothing of it is lost either: it goes to quarantine, or is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// More frames or bytes than [`FRAMES_MAX`], [`BYTES_MAX`] and [`BODY_MAX`] allow.
    TooLarge,
    /// It is of another log.
    Foreign,
    /// Frames before it are missing: the device sends from this head on.
    Gap(Head),
    /// Frame `seq` is not the one that is held: the device lost its memory, or there are two of them.
    Forked {
        /// The first frame that differs.
        seq: u64,
    },
    /// The device did not sign this.
    Unsigned,
    /// The frames do not lead to the head that the device signed: they were changed on the way, or where they lay.
    Broken,
}

/// Admits what is new of a slice to a log. To be called in the transaction that stores it.
///
/// # Errors
/// Why nothing is admitted.
pub fn admit<'s>(
    held: &dyn Held,
    log: LogName,
    slice: &'s Slice,
    key: &PublicKey,
) -> Result<Admitted<'s>, Refused> {
    check(log, slice, key)?;
    admit_checked(held, slice)
}

/// What can be said of a slice without the log that it continues, and so by anyone at any time.
pub(crate) fn check(log: LogName, slice: &Slice, key: &PublicKey) -> Result<(), Refused> {
    check_size(slice)?;
    if slice.log != log {
        return Err(Refused::Foreign);
    }
    // A stranger learns nothing of the log, not even where it stands.
    if !key.signed(log, &slice.head(), &slice.signature) {
        return Err(Refused::Unsigned);
    }
    Ok(())
}

/// Whether one request may hold so much.
pub(crate) fn check_size(slice: &Slice) -> Result<(), Refused> {
    let bytes = slice.frames.iter().map(wire::frame_bytes).sum::<usize>() + wire::FIXED;
    let long = slice.frames.iter().any(|frame| frame.body.len() > BODY_MAX);
    if slice.frames.len() > FRAMES_MAX || bytes > BYTES_MAX || long { Err(Refused::TooLarge) } else { Ok(()) }
}

/// Admits what is new of a slice that [`check`] found in order.
pub(crate) fn admit_checked<'s>(held: &dyn Held, slice: &'s Slice) -> Result<Admitted<'s>, Refused> {
    let at = held.head();
    if slice.after > at.seq {
        return Err(Refused::Gap(at));
    }
    let before = held.hash_at(slice.after).ok_or(Refused::Gap(at))?;
    let mut head = Head { seq: slice.after, hash: before };
    let mut heads = Vec::with_capacity(slice.frames.len());
    for frame in &slice.frames {
        head = head.with(frame);
        heads.push(head);
    }
    if head != slice.head() {
        return Err(Refused::Broken);
    }
    let overlap = heads.partition_point(|head| head.seq <= at.seq);
    // A hash covers all that lies before it: where the last of them is the held one, all are.
    let same = |head: &Head| held.hash_at(head.seq) == Some(head.hash);
    if heads[..overlap].last().is_some_and(|last| !same(last)) {
        // And from the first that differs on, all differ.
        let first = heads[..overlap].partition_point(same);
        return Err(Refused::Forked { seq: heads[first].seq });
    }
    let new: Vec<_> = heads.into_iter().zip(&slice.frames).skip(overlap).collect();
    let head = if new.is_empty() { at } else { head };
    Ok(Admitted { new, head })
}
