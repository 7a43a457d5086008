//! What a database has to do for a journal, within one transaction, and logs as they are held in it.

use super::{
    log::{Log, LogState},
    options::Planted,
    quarantine::{Unsettled, Why},
};
use crate::{Frame, Hash, Head, Held, LogName, Signature, wire};
use std::{cell::RefCell, error::Error, fmt};

/// What a database says when it fails.
pub(crate) type Cause = Box<dyn Error + Send + Sync>;
pub(crate) type Result<T, E = Cause> = std::result::Result<T, E>;

/// A value that this program never wrote.
#[derive(Debug)]
pub(crate) struct Odd(pub(crate) &'static str);

impl fmt::Display for Odd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "there is {} in it", self.0)
    }
}

impl Error for Odd {}

/// An open transaction. What it is asked to change is changed once it is committed.
pub(crate) trait Rows {
    fn planted(&self) -> Planted;
    /// A log as it stands in this transaction; it stands so until the end of it.
    fn log(&mut self, name: LogName) -> Result<Option<LogState>>;
    /// The row that holds this frame.
    fn row(&mut self, name: LogName, seq: u64) -> Result<Option<Row>>;
    /// Stores what continues a log: its last position, or `None` if the log does not stand where it begins, or may not be
    /// written to. Nothing is changed then.
    fn store(&mut self, next: Continued<'_>, revoked_too: bool) -> Result<Option<u64>>;
    /// How many frames a community's journal has.
    fn position(&mut self, community: [u8; 16]) -> Result<u64>;
    /// A new log.
    fn enrol(&mut self, log: Log) -> Result<()>;
    /// Lets a log grow no more; false where there is none of this name.
    fn revoke(&mut self, name: LogName) -> Result<bool>;
    /// What of a device is in quarantine with this digest.
    fn kept(&mut self, name: LogName, digest: &[u8; 32]) -> Result<Option<(u64, Why)>>;
    /// How much waits in quarantine: in all, and of this device.
    fn unsettled(&mut self, of: LogName) -> Result<(Unsettled, Unsettled)>;
    /// Keeps a slice aside: its number.
    fn keep(&mut self, aside: &SetAside<'_>) -> Result<u64>;
    /// Marks one as seen to; false where there is none of this number.
    fn settle(&mut self, community: [u8; 16], number: u64) -> Result<bool>;
    /// The bytes of one in quarantine.
    fn aside(&mut self, community: [u8; 16], number: u64) -> Result<Option<Vec<u8>>>;
}

/// Frames that continue a log, as they are stored.
pub(crate) struct Continued<'a> {
    pub(crate) log: LogName,
    pub(crate) from: Head,
    pub(crate) to: Head,
    pub(crate) signature: &'a Signature,
    pub(crate) frames: &'a [u8],
}

/// A slice to be kept aside.
pub(crate) struct SetAside<'a> {
    pub(crate) log: LogName,
    pub(crate) received_at_ms: i64,
    pub(crate) why: Why,
    pub(crate) digest: [u8; 32],
    pub(crate) bytes: &'a [u8],
}

/// Frames as they are stored.
pub(crate) struct Row {
    pub(crate) after: u64,
    pub(crate) last: u64,
    pub(crate) hash: Hash,
    pub(crate) frames: Vec<u8>,
}

/// A log in the database, as [`crate::admit`] asks for it.
pub(crate) struct Stored<'r> {
    rows: RefCell<&'r mut dyn Rows>,
    name: LogName,
    head: Head,
    failed: RefCell<Option<Cause>>,
}

impl<'r> Stored<'r> {
    pub(crate) fn new(rows: &'r mut dyn Rows, state: &LogState) -> Stored<'r> {
        let (name, head) = (state.log.name, state.head);
        Stored { rows: RefCell::new(rows), name, head, failed: RefCell::new(None) }
    }

    /// Fails if any answer could not be read, and so was given as "no such frame".
    pub(crate) fn sound(self) -> Result<()> {
        self.failed.into_inner().map_or(Ok(()), Err)
    }

    fn find(&self, seq: u64) -> Result<Option<Hash>> {
        let mut rows = self.rows.borrow_mut();
        let Some(row) = rows.row(self.name, seq)? else { return Ok(None) };
        if row.last == seq {
            return Ok(Some(row.hash));
        }
        let before = match row.after {
            0 => Some(Head::of_nothing(self.name).hash),
            after => rows.row(self.name, after)?.filter(|row| row.last == after).map(|row| row.hash),
        };
        let (Some(before), Ok(frames)) = (before, wire::frames(&row.frames)) else { return Ok(None) };
        let upto = &frames[..frames.len().min((seq - row.after) as usize)];
        Ok(Some(Head { seq: row.after, hash: before }.with_all(upto).hash))
    }
}

impl Held for Stored<'_> {
    fn head(&self) -> Head {
        self.head
    }

    fn hash_at(&self, seq: u64) -> Option<Hash> {
        if seq == self.head.seq {
            return Some(self.head.hash);
        }
        if seq == 0 {
            return Some(Head::of_nothing(self.name).hash);
        }
        if seq > self.head.seq {
            return None;
        }
        self.find(seq).unwrap_or_else(|error| {
            self.failed.borrow_mut().get_or_insert(error);
            None
        })
    }
}

/// Frames one after the other, as a row holds them.
pub(crate) fn encoded<'f>(frames: impl IntoIterator<Item = &'f Frame>) -> Vec<u8> {
    let mut bytes = Vec::new();
    wire::put_frames(frames, &mut bytes);
    bytes
}
