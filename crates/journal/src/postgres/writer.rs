//! A thread that writes: it takes what waits of a community, checks its signatures together, decides it in one transaction,
//! commits, and then answers.

use super::{
    batch::{Batch, Done},
    connect::Address,
    follow::Told,
    session::{Again, Session, is_passing},
    waiting::Waiting,
};
use crate::store::{
    Planted, StorageError,
    known::Known,
    rows::Cause,
    work::{Job, Unstored, judge},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
    time::Duration,
};

/// How often a transaction is tried again that failed by no fault of its own, and after what time: a server that is
/// started anew is back within a second or two. Whoever waits longer is told, and sends again.
const TRIES_MS: [u64; 5] = [5, 20, 100, 400, 1500];

/// What a writing thread owns.
pub(super) struct Writer {
    pub(super) address: Address,
    pub(super) planted: Planted,
    /// `None` after a failure that could not be rolled back: it is opened anew.
    pub(super) db: Option<Session>,
    pub(super) known: Arc<Known>,
    pub(super) told: Arc<Told>,
    pub(super) waiting: Arc<Waiting>,
}

impl Writer {
    /// Works until nobody can send any more and all is answered.
    pub(super) fn run(mut self) {
        while let Some((community, jobs)) = self.waiting.take() {
            // A caller's own reply that panics, which is said already, stops no other's.
            drop(catch_unwind(AssertUnwindSafe(|| self.work(community, jobs))));
            self.waiting.done(community);
        }
    }

    fn work(&mut self, community: [u8; 16], mut jobs: Vec<Box<dyn Job>>) {
        judge(&mut jobs);
        let failed = self.store(community, &mut jobs).err().map(|source| {
            let place = self.address.to_string();
            Unstored::Failed(Arc::new(StorageError { doing: "write to", place, source: Some(source) }))
        });
        let failed = failed.filter(|_| !self.planted.ack_failed);
        for job in jobs {
            job.answer(failed.as_ref());
        }
    }

    fn store(&mut self, community: [u8; 16], jobs: &mut Vec<Box<dyn Job>>) -> Result<(), Cause> {
        let mut waits = TRIES_MS.iter();
        loop {
            match self.transact(community, jobs) {
                Ok(done) => {
                    self.known.put_all(done.seen);
                    // Before any answer is given.
                    done.grown.iter().for_each(|grown| self.told.grown(grown));
                    return Ok(());
                }
                Err(cause) if is_passing(&cause) => {
                    let Some(wait) = waits.next() else { return Err(cause) };
                    if !cause.is::<Again>() {
                        thread::sleep(Duration::from_millis(*wait));
                    }
                }
                Err(cause) => return Err(cause),
            }
        }
    }

    fn transact(&mut self, community: [u8; 16], jobs: &mut Vec<Box<dyn Job>>) -> Result<Done, Cause> {
        let mut db = match self.db.take() {
            Some(db) => db,
            None => Session::open(&self.address)?,
        };
        let result = decide(&mut db, self.planted, community, jobs);
        // A failed transaction is taken back whole; where even that fails, so does this connection.
        if result.is_ok() || db.roll_back() {
            self.db = Some(db);
        }
        result
    }
}

fn decide(
    db: &mut Session,
    planted: Planted,
    community: [u8; 16],
    jobs: &mut Vec<Box<dyn Job>>,
) -> Result<Done, Cause> {
    let devices = jobs.iter().filter_map(|job| job.device()).collect();
    let mut batch = Batch::begin(db, planted, community, &devices)?;
    for job in jobs.iter_mut() {
        job.run(&mut batch)?;
    }
    if planted.ack_before_commit {
        for job in jobs.drain(..) {
            job.answer(None);
        }
        // So that whoever is killed is killed here, sooner or later.
        thread::sleep(Duration::from_millis(2));
    }
    batch.commit()
}
