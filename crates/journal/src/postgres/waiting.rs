//! What waits to be written, by community: each is taken by one writer at a time, and none by two.

use crate::store::work::{BATCH_BYTES_MAX, BATCH_MAX, Job, QUEUE_BYTES_MAX, QUEUE_MAX};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

type Community = [u8; 16];

/// What waits.
#[derive(Default)]
pub(super) struct Waiting {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Of each community that anything waits of, or that a writer is busy with.
    communities: HashMap<Community, VecDeque<Box<dyn Job>>>,
    /// Those that wait for a writer, in the order in which they came.
    ready: VecDeque<Community>,
    count: usize,
    bytes: usize,
    closed: bool,
}

impl Waiting {
    /// Has this wait, unless too much does; gives it back then. `bounded` is what devices send, and not what people ask.
    pub(super) fn push(&self, job: Box<dyn Job>, bounded: bool) -> Result<(), Box<dyn Job>> {
        let mut state = self.lock();
        let full = state.count >= QUEUE_MAX || state.bytes + job.bytes() > QUEUE_BYTES_MAX;
        if bounded && full {
            return Err(job);
        }
        state.count += 1;
        state.bytes += job.bytes();
        let community = job.community();
        match state.communities.get_mut(&community) {
            Some(jobs) => jobs.push_back(job),
            None => {
                state.communities.insert(community, VecDeque::from([job]));
                state.ready.push_back(community);
            }
        }
        self.changed.notify_one();
        Ok(())
    }

    /// What waits of the community that has waited longest; `None` once there will be nothing more. Until [`Waiting::done`]
    /// no other writer is given any of that community.
    pub(super) fn take(&self) -> Option<(Community, Vec<Box<dyn Job>>)> {
        let mut state = self.lock();
        let community = loop {
            if let Some(community) = state.ready.pop_front() {
                break community;
            }
            if state.closed && state.communities.is_empty() {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        let mut taken: Vec<Box<dyn Job>> = Vec::new();
        let mut bytes = 0;
        let jobs = state.communities.get_mut(&community).expect("what is ready has something that waits");
        while taken.len() < BATCH_MAX && bytes < BATCH_BYTES_MAX {
            let Some(job) = jobs.pop_front() else { break };
            bytes += job.bytes();
            taken.push(job);
        }
        state.count -= taken.len();
        state.bytes -= bytes;
        Some((community, taken))
    }

    /// Says that what was taken of a community is answered.
    pub(super) fn done(&self, community: Community) {
        let mut state = self.lock();
        if state.communities.get(&community).is_some_and(VecDeque::is_empty) {
            state.communities.remove(&community);
        } else {
            state.ready.push_back(community);
        }
        self.changed.notify_all();
    }

    /// Says that nothing more will come.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
