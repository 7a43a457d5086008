//! What waits to be decided in a transaction, with whoever waits for it.

use super::{
    answer::StorageError,
    rows::{Result, Rows},
};
use crate::claim::Claim;
use std::sync::Arc;

/// Uploads that wait, at most: some seconds' worth on a slow disk. More are told to come back.
pub const QUEUE_MAX: usize = 1024;
/// Bytes of uploads that wait, at most: memory, and again some seconds of a slow disk.
pub const QUEUE_BYTES_MAX: usize = 64 << 20;
/// Uploads of one transaction, at most: beyond some hundreds the commit's own cost no longer shows.
pub(crate) const BATCH_MAX: usize = 512;
/// Bytes of one transaction, at most: whoever waits for it waits for all of it.
pub(crate) const BATCH_BYTES_MAX: usize = 8 << 20;

/// Something to be decided in a transaction. It may be run again if the transaction fails.
pub(crate) trait Work: Send {
    type Answer: Send;

    /// Of which community.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "a file has one writer for all"))]
    fn community(&self) -> [u8; 16];

    /// The device whose log it is about, where that is known beforehand.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "a file has one writer for all"))]
    fn device(&self) -> Option<[u8; 16]>;

    /// A signature on which it depends, to be checked with those of all that waits.
    fn claim(&self) -> Option<&Claim> {
        None
    }

    /// What came of that.
    fn judged(&mut self, _is_signed: bool) {}

    fn run(&self, rows: &mut dyn Rows) -> Result<Self::Answer>;
}

/// Why work was not done.
#[derive(Clone)]
pub(crate) enum Unstored {
    /// Too much waits.
    Busy,
    /// The database failed.
    Failed(Arc<StorageError>),
}

/// How an answer is given.
pub(crate) type Reply<A> = Box<dyn FnOnce(Result<A, Unstored>) + Send>;

/// Work with whoever waits for it.
pub(crate) struct Task<W: Work> {
    work: W,
    bytes: usize,
    answer: Option<W::Answer>,
    reply: Reply<W::Answer>,
}

/// A task of any kind.
pub(crate) trait Job: Send {
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "a file has one writer for all"))]
    fn community(&self) -> [u8; 16];
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "a file has one writer for all"))]
    fn device(&self) -> Option<[u8; 16]>;
    fn bytes(&self) -> usize;
    fn claim(&self) -> Option<&Claim>;
    fn judged(&mut self, is_signed: bool);
    fn run(&mut self, rows: &mut dyn Rows) -> Result<()>;
    fn answer(self: Box<Self>, failed: Option<&Unstored>);
}

impl<W: Work> Task<W> {
    pub(crate) fn new(work: W, bytes: usize, reply: Reply<W::Answer>) -> Task<W> {
        Task { work, bytes, answer: None, reply }
    }
}

impl<W: Work> Job for Task<W> {
    fn community(&self) -> [u8; 16] {
        self.work.community()
    }

    fn device(&self) -> Option<[u8; 16]> {
        self.work.device()
    }

    fn bytes(&self) -> usize {
        self.bytes
    }

    fn claim(&self) -> Option<&Claim> {
        self.work.claim()
    }

    fn judged(&mut self, is_signed: bool) {
        self.work.judged(is_signed);
    }

    fn run(&mut self, rows: &mut dyn Rows) -> Result<()> {
        self.answer = Some(self.work.run(rows)?);
        Ok(())
    }

    fn answer(self: Box<Self>, failed: Option<&Unstored>) {
        match (failed, self.answer) {
            (None, Some(answer)) => (self.reply)(Ok(answer)),
            (Some(error), _) => (self.reply)(Err(error.clone())),
            (None, None) => unreachable!("a transaction that did not fail ran all of its work"),
        }
    }
}

/// Checks all signatures at once; only where one is wrong, one by one, so that it blocks nobody.
pub(crate) fn judge(jobs: &mut [Box<dyn Job>]) {
    let claims: Vec<&Claim> = jobs.iter().filter_map(|job| job.claim()).collect();
    let are_all = claims.is_empty() || Claim::are_true(&claims);
    for job in jobs {
        if let Some(is_signed) = job.claim().map(|claim| are_all || claim.is_true()) {
            job.judged(is_signed);
        }
    }
}
