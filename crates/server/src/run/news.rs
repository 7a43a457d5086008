//! Who waits for news of a round, and when there are some that cannot wait.
//!
//! A round that phones wait for is looked at once for all of them, when the journal has more of it; each phone is woken only
//! for what it should be told at once.

use super::{Runs, held};
use crate::{
    limits,
    machine::aside,
    people::id::{CommunityId, RoundId, SessionId},
};
use journal::Committed;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    sync::{Notify, Semaphore, TryAcquireError, watch},
    time::{Instant, sleep, sleep_until},
};
use uuid::Uuid;

/// A round.
type Of = (CommunityId, RoundId);

/// How far a round is, by the journal's positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// The last record.
    pub told: u64,
    /// The last that should not wait.
    pub urgent: u64,
}

/// Rounds that somebody waits for, and who does.
#[derive(Debug)]
pub struct News {
    rounds: Mutex<BTreeMap<Of, Arc<Watched>>>,
    waiting: Mutex<BTreeMap<SessionId, Arc<Notify>>>,
    places: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Watched {
    /// Up to where the journal has grown.
    grown: watch::Sender<u64>,
    heard: watch::Sender<Heard>,
}

impl Default for News {
    fn default() -> News {
        let places = Arc::new(Semaphore::new(limits::WAITING));
        News { rounds: Mutex::default(), waiting: Mutex::default(), places }
    }
}

impl News {
    /// The journal has grown.
    pub fn grown(&self, by: Committed) {
        let of = (CommunityId(Uuid::from_bytes(by.community)), RoundId(Uuid::from_bytes(by.book)));
        if let Some(watched) = held(&self.rounds).get(&of) {
            watched.grown.send_replace(by.position);
        }
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        limits::WAITING - self.places.available_permits()
    }

    /// Forgets a round that nobody waits for any more.
    fn forget(&self, of: Of) -> bool {
        let mut rounds = held(&self.rounds);
        let nobody = rounds.get(&of).is_none_or(|watched| watched.heard.receiver_count() == 0);
        if nobody {
            rounds.remove(&of);
        }
        nobody
    }
}

/// Waits until there is something of a round after a position: at once for what cannot wait, after a while for anything else, and
/// no longer than `most`. Whoever asks again from the same session ends the wait of before; where too many wait, this does not.
pub async fn wait(
    runs: &Arc<Runs>,
    of: Of,
    session: Option<SessionId>,
    after: u64,
    most: Duration,
    mut stopping: watch::Receiver<bool>,
) {
    let _place = match runs.news.places.clone().try_acquire_owned() {
        Ok(place) => place,
        Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => return,
    };
    let turn = session.map(|session| Turn::take(&runs.news, session));
    let mut heard = watched(runs, of, &stopping);
    let (began, mut later) = (Instant::now(), heard.clone());
    let urgent = heard.wait_for(|heard| heard.urgent > after);
    let any = async {
        sleep(limits::UNHURRIED.min(most)).await;
        later.wait_for(|heard| heard.told > after).await.is_ok()
    };
    let replaced = async {
        match &turn {
            Some(turn) => turn.over.notified().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = urgent => {}
        _ = any => {}
        () = sleep_until(began + most) => {}
        () = replaced => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

/// The wait of a session: one at a time.
struct Turn<'a> {
    news: &'a News,
    session: SessionId,
    over: Arc<Notify>,
}

impl<'a> Turn<'a> {
    fn take(news: &'a News, session: SessionId) -> Turn<'a> {
        let over = Arc::new(Notify::new());
        if let Some(before) = held(&news.waiting).insert(session, over.clone()) {
            before.notify_one();
        }
        Turn { news, session, over }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut waiting = held(&self.news.waiting);
        if waiting.get(&self.session).is_some_and(|now| Arc::ptr_eq(now, &self.over)) {
            waiting.remove(&self.session);
        }
    }
}

/// How far a round is, from now on.
fn watched(runs: &Arc<Runs>, of: Of, stopping: &watch::Receiver<bool>) -> watch::Receiver<Heard> {
    let mut rounds = held(&runs.news.rounds);
    if let Some(watched) = rounds.get(&of) {
        return watched.heard.subscribe();
    }
    let watched = Arc::new(Watched::default());
    rounds.insert(of, watched.clone());
    let heard = watched.heard.subscribe();
    tokio::spawn(look_out(runs.clone(), of, watched, stopping.clone()));
    heard
}

/// Looks how far a round is, as often as the journal has more of it, until nobody waits.
async fn look_out(runs: Arc<Runs>, of: Of, watched: Arc<Watched>, mut stopping: watch::Receiver<bool>) {
    let mut grown = watched.grown.subscribe();
    loop {
        // Before it is looked at: what is committed after that wakes us again.
        grown.borrow_and_update();
        let within = runs.clone();
        let seen = aside(move || {
            let running = within.running(of.0, of.1)?;
            let running = held(&running);
            Ok(Heard { told: running.position(), urgent: running.urgent() })
        });
        let failed = match seen.await {
            Ok(seen) => {
                watched.heard.send_if_modified(|heard| std::mem::replace(heard, seen) != seen);
                false
            }
            Err(_) => true,
        };
        let more = async {
            if failed {
                sleep(limits::AGAIN_AFTER).await;
            } else if grown.changed().await.is_ok() {
                // What comes together is looked at together.
                sleep(limits::GATHERED).await;
            }
        };
        tokio::select! {
            () = more => {}
            () = watched.heard.closed() => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
        if runs.news.forget(of) {
            return;
        }
    }
}
