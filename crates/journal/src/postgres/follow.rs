//! Who is told of commits: of this process's own at once, of the others' by their notices, and of what no notice told by
//! looking.

use super::{
    batch::{CHANNEL, Grown},
    connect::Address,
    session::{Session, bytes, number},
};
use crate::store::{Committed, OnCommit, rows::Result};
use postgres::fallible_iterator::FallibleIterator;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// Between two looks at how far the communities are.
const LOOK: Duration = Duration::from_secs(1);
/// Before a connection is tried again that could not be made.
const AGAIN: Duration = Duration::from_millis(500);

/// Who is told, and what they were told.
pub(super) struct Told(Mutex<State>);

struct State {
    /// `None` where nobody wants to know, or wants to no more.
    on_commit: Option<OnCommit>,
    /// Up to which position all was told of a community.
    communities: HashMap<[u8; 16], u64>,
    /// The last position that was told of a book.
    books: HashMap<([u8; 16], [u8; 16]), u64>,
}

impl Told {
    pub(super) fn new(on_commit: Option<OnCommit>) -> Told {
        Told(Mutex::new(State { on_commit, communities: HashMap::new(), books: HashMap::new() }))
    }

    /// Tells how a community grew: what was told before is not told again.
    pub(super) fn grown(&self, grown: &Grown) {
        let mut state = self.lock();
        let State { on_commit: Some(on_commit), communities, books } = &mut *state else { return };
        for (book, position) in &grown.books {
            let last = books.entry((grown.community, *book)).or_default();
            if *last < *position {
                *last = *position;
                on_commit(Committed { community: grown.community, book: *book, position: *position });
            }
        }
        let until = communities.entry(grown.community).or_default();
        // Notices of two processes may cross: what lies between is then found by looking.
        if grown.first <= *until + 1 {
            *until = grown.last.max(*until);
        }
    }

    /// Tells nobody any more.
    pub(super) fn stop(&self) {
        self.lock().on_commit = None;
    }

    fn is_over(&self) -> bool {
        self.lock().on_commit.is_none()
    }

    fn until(&self, community: [u8; 16]) -> u64 {
        self.lock().communities.get(&community).copied().unwrap_or(0)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts to listen, so that nothing from now on is missed; follows on a thread of its own until it is told to stop.
pub(super) fn follow(address: &Address, told: &Arc<Told>) -> Result<()> {
    if told.is_over() {
        return Ok(());
    }
    let mut db = listening(address)?;
    // What was there before is no news.
    for (community, position) in positions(&mut db)? {
        told.lock().communities.insert(community, position);
    }
    let (address, told) = (address.clone(), Arc::clone(told));
    thread::Builder::new().name("journal-follow".into()).spawn(move || {
        let mut db = Some(db);
        while !told.is_over() {
            let connected = db.take().map_or_else(|| listening(&address), Ok);
            let followed = connected.and_then(|mut session| {
                look(&mut session, &told)?;
                listen(&mut session, &told)?;
                Ok(session)
            });
            match followed {
                Ok(session) => db = Some(session),
                Err(_) => thread::sleep(AGAIN),
            }
        }
    })?;
    Ok(())
}

fn listening(address: &Address) -> Result<Session> {
    let mut db = Session::open(address)?;
    db.batch(&format!("LISTEN {CHANNEL}"))?;
    Ok(db)
}

/// Takes notices until it is time to look again.
fn listen(db: &mut Session, told: &Told) -> Result<()> {
    let until = Instant::now() + LOOK;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let next = db.client().notifications().timeout_iter(left).next().map_err(super::session::Failed)?;
        let Some(notice) = next else { return Ok(()) };
        Grown::parse(notice.payload()).iter().for_each(|grown| told.grown(grown));
        if left.is_zero() {
            return Ok(());
        }
    }
}

/// Tells what no notice told.
fn look(db: &mut Session, told: &Told) -> Result<()> {
    const BOOKS: &str = "SELECT book, max(first_position + last_seq - after_seq - 1) FROM journal.slice
         WHERE community_id = $1 AND first_position + last_seq - after_seq - 1 > $2 GROUP BY book";
    for (community, last) in positions(db)? {
        let until = told.until(community);
        if last <= until {
            continue;
        }
        let rows = db.query(BOOKS, &[&&community[..], &(until as i64)])?;
        let books = rows.iter().map(|row| Ok((bytes(row, 0)?, number(row, 1)?))).collect::<Result<_>>()?;
        told.grown(&Grown { community, first: until + 1, last, books });
    }
    Ok(())
}

fn positions(db: &mut Session) -> Result<Vec<([u8; 16], u64)>> {
    let rows = db.query("SELECT community_id, position FROM journal.community", &[])?;
    rows.iter().map(|row| Ok((bytes(row, 0)?, number(row, 1)?))).collect()
}
