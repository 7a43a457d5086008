//! A slice on its way into the journal. What needs no database is done in the caller's thread: the chain from where the log
//! stood last, and the bytes to store. Only the signature waits for the writer, which checks many at once for a third of
//! what they cost one by one.

use super::{
    answer::Answer,
    known::Known,
    log::LogState,
    quarantine::{self, LOG_FRAMES_MAX, Why},
    rows::{Continued, Odd, Result, Rows, Stored, encoded},
    work::Work,
};
use crate::{Head, LogName, PublicKey, Refused, Slice, admit, claim::Claim};

/// A slice that waits for the writer.
pub(crate) struct Upload {
    slice: Slice,
    received_ms: i64,
    frames: Vec<u8>,
    signed: Signed,
    /// Whether it came after the time for which its device was let in.
    late: bool,
    /// The head from which its frames lead to the signed one: it is enough that the log still stands there.
    continued: Option<Head>,
}

/// Whether the device signed the slice.
enum Signed {
    /// The log was not known when it came, so that nothing could be checked.
    Unknown,
    /// To be checked with those of all that waits.
    Claimed(Box<Claim>),
    Judged(bool),
}

impl Upload {
    /// Checks what can be checked without the database.
    ///
    /// # Errors
    /// Why it need not be asked at all.
    pub(crate) fn prepare(
        known: &Known,
        from: LogName,
        slice: Slice,
        received_ms: i64,
        late: bool,
    ) -> Result<Upload, Refused> {
        admit::check_size(&slice)?;
        if slice.log != from {
            return Err(Refused::Foreign);
        }
        let frames = encoded(&slice.frames);
        let seen = known.of(from);
        let signed = match seen.map(|seen| Claim::new(&seen.key, from, &slice.head(), &slice.signature)) {
            None => Signed::Unknown,
            Some(None) => Signed::Judged(false),
            Some(Some(claim)) => Signed::Claimed(Box::new(claim)),
        };
        let within = slice.head().seq <= LOG_FRAMES_MAX && !late;
        let continued = seen.map(|seen| seen.head).filter(|head| within && continues(head, &slice));
        Ok(Upload { slice, received_ms, frames, signed, late, continued })
    }

    /// How much memory it takes while it waits.
    pub(crate) fn bytes(&self) -> usize {
        2 * self.frames.len() + size_of::<Upload>()
    }

    fn is_signed(&self, key: &PublicKey) -> bool {
        match self.signed {
            Signed::Judged(is_signed) => is_signed,
            _ => key.signed(self.slice.log, &self.slice.head(), &self.slice.signature),
        }
    }

    /// Whatever is not simply the next frames of a log.
    fn consider(&self, rows: &mut dyn Rows) -> Result<Answer> {
        let name = self.slice.log;
        let Some(state) = rows.log(name)? else { return self.set_aside(rows, Why::Unknown) };
        if !self.is_signed(&state.log.key) {
            return self.set_aside(rows, Why::Unsigned);
        }
        // What is held already is a success also beyond the most that a log takes, and however late.
        let shut = if state.revoked {
            Some(Why::Revoked)
        } else if self.late {
            Some(Why::Late)
        } else {
            // A community's own book, and what others tell it there, is written by servers and grows for years.
            let is_own = state.log.book == state.log.name.community;
            (!is_own && self.slice.head().seq > LOG_FRAMES_MAX).then_some(Why::Excess)
        };
        match join(rows, &state, &self.slice, shut.is_some())? {
            Joined::Stored { head, position } => Ok(Answer::Stored { head, position }),
            Joined::Shut => self.set_aside(rows, shut.unwrap_or(Why::Revoked)),
            Joined::Refused(Refused::Forked { seq }) => self.set_aside(rows, Why::Forked { seq }),
            Joined::Refused(Refused::Broken) => self.set_aside(rows, Why::Broken),
            Joined::Refused(why) => Ok(Answer::Refused(why)),
        }
    }

    fn set_aside(&self, rows: &mut dyn Rows, why: Why) -> Result<Answer> {
        quarantine::set_aside(rows, self.slice.log, &self.slice.to_bytes(), self.received_ms, why)
    }
}

impl Work for Upload {
    type Answer = Answer;

    fn community(&self) -> [u8; 16] {
        self.slice.log.community
    }

    fn device(&self) -> Option<[u8; 16]> {
        Some(self.slice.log.device)
    }

    fn claim(&self) -> Option<&Claim> {
        match &self.signed {
            Signed::Claimed(claim) => Some(claim),
            _ => None,
        }
    }

    fn judged(&mut self, is_signed: bool) {
        self.signed = Signed::Judged(is_signed);
    }

    fn run(&self, rows: &mut dyn Rows) -> Result<Answer> {
        if let (Some(from), Signed::Judged(true)) = (self.continued, &self.signed) {
            let head = self.slice.head();
            let next = Continued {
                log: self.slice.log,
                from,
                to: head,
                signature: &self.slice.signature,
                frames: &self.frames,
            };
            if let Some(position) = rows.store(next, false)? {
                return Ok(Answer::Stored { head, position });
            }
        }
        self.consider(rows)
    }
}

/// Whether a slice leads from this head to the one that it says.
fn continues(head: &Head, slice: &Slice) -> bool {
    !slice.frames.is_empty() && head.seq == slice.after && head.with_all(&slice.frames) == slice.head()
}

/// What became of a signed slice.
pub(crate) enum Joined {
    Stored {
        head: Head,
        position: u64,
    },
    Refused(Refused),
    /// There is something new, and nothing new is taken.
    Shut,
}

/// Stores what is new of a signed slice. What is held already is a success even for a log that is shut by now.
pub(crate) fn join(rows: &mut dyn Rows, state: &LogState, slice: &Slice, shut: bool) -> Result<Joined> {
    let held = Stored::new(rows, state);
    let admitted = admit::admit_checked(&held, slice);
    held.sound()?;
    let admitted = match admitted {
        Ok(admitted) => admitted,
        Err(why) => return Ok(Joined::Refused(why)),
    };
    let new = if rows.planted().no_dedup { slice.frames.len() } else { admitted.new.len() };
    if new == 0 {
        let position = rows.position(slice.log.community)?;
        return Ok(Joined::Stored { head: admitted.head, position });
    }
    if shut {
        return Ok(Joined::Shut);
    }
    let to = Head { seq: state.head.seq + new as u64, hash: admitted.head.hash };
    let next = Continued {
        log: slice.log,
        from: state.head,
        to,
        signature: &slice.signature,
        frames: &encoded(&slice.frames[slice.frames.len() - new..]),
    };
    let position = rows.store(next, true)?;
    // The head was read in this very transaction.
    let position = position.ok_or(Odd("a log that moved while it was held"))?;
    Ok(Joined::Stored { head: to, position })
}
