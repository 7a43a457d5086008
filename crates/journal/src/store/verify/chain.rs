//! One log, frame by frame.

use super::{FAULTS_MAX, Fault, Verified, What};
use crate::{Hash, Head, LogName, LogState, PublicKey, Signature, store::rows::Result, wire};

/// A row of frames, as it is stored.
pub(crate) struct SliceRow<'r> {
    pub(crate) after: u64,
    pub(crate) last: u64,
    pub(crate) book: [u8; 16],
    pub(crate) hash: [u8; 32],
    pub(crate) signature: [u8; 64],
    pub(crate) frames: &'r [u8],
}

/// Who takes a log's rows, one after the other: false where no more are wanted.
pub(crate) type Each<'e> = &'e mut dyn FnMut(&SliceRow<'_>) -> bool;

/// What is wrong with a log; `once` is a head that it is known to have had. `rows` brings its rows in their order.
pub(crate) fn check(
    name: LogName,
    state: Option<&LogState>,
    once: Option<&Head>,
    seen: &mut Verified,
    rows: impl FnOnce(Each<'_>) -> Result<()>,
) -> Result<()> {
    seen.logs += 1;
    let head = Head::of_nothing(name);
    let mut walk = Walk { name, once, met: None, head, lost: false, faults: Vec::new() };
    rows(&mut |row| {
        match state {
            Some(state) => walk.row(row, state, seen),
            None => {
                walk.fault(1, What::NoLog);
                walk.lost = true;
            }
        }
        !walk.lost
    })?;
    if let Some(state) = state {
        walk.end(state.head);
    }
    walk.compare();
    seen.faults.append(&mut walk.faults);
    Ok(())
}

struct Walk<'h> {
    name: LogName,
    once: Option<&'h Head>,
    /// Whether the frames led to the head that the log once had; `None` if that place was not passed.
    met: Option<bool>,
    head: Head,
    /// Nothing can be said of what follows.
    lost: bool,
    faults: Vec<Fault>,
}

impl Walk<'_> {
    /// Goes on by a row.
    fn row(&mut self, row: &SliceRow<'_>, state: &LogState, seen: &mut Verified) {
        let SliceRow { after, last, frames: bytes, .. } = *row;
        let stored = Head { seq: last, hash: Hash(row.hash) };
        let signature = Signature(row.signature);
        let first = self.head.seq + 1;
        if after != self.head.seq {
            // What the row continues is not there: its own frames cannot be checked, those that follow can.
            self.fault(first, What::Missing { until: after.max(first) });
            self.resume(&state.log.key, stored, &signature);
            return;
        }
        let frames = wire::frames(bytes).ok();
        let (mut head, mut met) = (self.head, self.met);
        for frame in frames.iter().flatten() {
            head = head.with(frame);
            if let Some(once) = self.once.filter(|once| once.seq == head.seq) {
                met = Some(once.hash == head.hash);
            }
        }
        if frames.is_none() || head != stored {
            let is_signed = state.log.key.signed(self.name, &head, &signature);
            if frames.is_some() && is_signed {
                self.fault(head.seq, What::OtherHash);
            } else {
                self.fault(first, What::Changed { last });
                self.resume(&state.log.key, stored, &signature);
                return;
            }
        } else if !state.log.key.signed(self.name, &head, &signature) {
            self.fault(first, What::Unsigned);
        }
        if row.book != state.log.book {
            self.fault(first, What::OtherBook);
        }
        (self.head, self.met) = (head, met);
        seen.slices += 1;
        seen.frames += frames.map_or(0, |frames| frames.len()) as u64;
        seen.bytes += bytes.len() as u64;
    }

    /// Goes on after a row that is not as it was, from the head that the device signed for it.
    fn resume(&mut self, key: &PublicKey, stored: Head, signature: &Signature) {
        if !key.signed(self.name, &stored, signature) {
            self.lost = true;
            return;
        }
        if let Some(once) = self.once.filter(|once| once.seq == stored.seq) {
            self.met = Some(once.hash == stored.hash);
        }
        self.head = stored;
    }

    /// Where the log says that it stands, against where its frames lead.
    fn end(&mut self, held: Head) {
        match held {
            held if self.lost || held == self.head => {}
            held if held.seq > self.head.seq => {
                self.fault(self.head.seq + 1, What::TailLost { until: held.seq });
            }
            _ => self.fault(self.head.seq, What::OtherHead),
        }
    }

    /// Where the log once stood, against where it leads now.
    fn compare(&mut self) {
        let Some(once) = self.once.filter(|_| !self.lost) else { return };
        let has = self.head.seq;
        if once.seq > has {
            self.fault(has + 1, What::Rewound { had: once.seq, has });
        } else if self.met == Some(false) {
            self.fault(once.seq, What::OtherHistory);
        }
    }

    fn fault(&mut self, seq: u64, what: What) {
        let Walk { name, .. } = *self;
        self.lost |= self.faults.len() + 1 >= FAULTS_MAX;
        self.faults.push(Fault { community: Some(name.community), device: Some(name.device), seq, what });
    }
}
