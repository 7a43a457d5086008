//! Places and communities that work together with others, on this server or another: their books, and how they hear of each other.
//!
//! # Map
//! [`Parties`] all of this server · `open` a book in memory · [`hear`] what another party says, and what it is answered: both directions in one
//! question, whoever asks it · [`calls`] by which telephones parties are called · `telling` asks it of all partners that can be reached, again and
//! again, until the server stops · `using` what rounds have used of the stocks that provide for them.
//!
//! What happened stands in the journal, in books that have their party's id; keys and telephones stand in the book of rounds. What a partner does
//! not hold yet stands nowhere: it follows from what the book says to be told, and from how far the partner says it is.

pub mod calls;
pub mod hear;
mod open;
mod telling;
mod using;

pub use open::OpenBook;
pub use telling::Progress;
pub(crate) use telling::{BESIDE, BESIDE_PROOF, tell_all};
pub(crate) use using::{stock_of, use_up};

use crate::{
    access::role::Place,
    channels::outward,
    people,
    problem::Fault,
    run::{Runs, book::Party, held},
};
use axum::http::StatusCode;
use domain::Moment;
use journal::EnrolError;
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, OnceLock},
};
use tokio_rustls::rustls::ClientConfig;
use uuid::Uuid;

/// All parties of a server.
pub struct Parties {
    runs: Arc<Runs>,
    /// Those that were opened: there are not so many that one would have to give way.
    open: Mutex<BTreeMap<Uuid, Arc<Mutex<OpenBook>>>>,
    /// How far each of our partners is, as far as this process knows: ours first, then theirs.
    progress: Mutex<BTreeMap<(Uuid, Uuid), Progress>>,
    tls: OnceLock<Arc<ClientConfig>>,
}

impl fmt::Debug for Parties {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Parties").finish_non_exhaustive()
    }
}

impl Parties {
    /// Those of a server.
    pub fn new(runs: Arc<Runs>) -> Parties {
        Parties { runs, open: Mutex::default(), progress: Mutex::default(), tls: OnceLock::new() }
    }

    /// The book of a place, opened as far as the journal goes; made with its first use. Blocks on the disk.
    ///
    /// # Errors
    /// It is no single place, or a store says no.
    pub fn at(&self, place: Place) -> Result<Arc<Mutex<OpenBook>>, Fault> {
        let party = self.runs.book.open_party(place, people::now())?;
        self.opened(party)
    }

    /// The book of a party of this server; `None` where it has none of this id. Blocks on the disk.
    ///
    /// # Errors
    /// A store says no.
    pub fn of(&self, id: Uuid) -> Result<Option<Arc<Mutex<OpenBook>>>, Fault> {
        // Its key is read once.
        let known = held(&self.open).get(&id).cloned();
        let book = match known {
            Some(book) => book,
            None => return self.runs.book.party(id)?.map(|party| self.opened(party)).transpose(),
        };
        held(&book).catch_up(&self.runs)?;
        Ok(Some(book))
    }

    fn opened(&self, party: Party) -> Result<Arc<Mutex<OpenBook>>, Fault> {
        let fresh = || Arc::new(Mutex::new(OpenBook::new(party.clone())));
        let book = held(&self.open).entry(party.id).or_insert_with(fresh).clone();
        held(&book).catch_up(&self.runs)?;
        Ok(book)
    }

    /// How far a partner is, as this process knows.
    pub fn progress(&self, own: Uuid, partner: Uuid) -> Progress {
        held(&self.progress).get(&(own, partner)).copied().unwrap_or_default()
    }

    fn note(&self, own: Uuid, partner: Uuid, change: impl FnOnce(&mut Progress)) {
        change(held(&self.progress).entry((own, partner)).or_default());
    }

    /// By which partners' servers are believed to be theirs.
    pub(crate) fn tls(&self) -> Arc<ClientConfig> {
        self.tls.get_or_init(outward::trusted).clone()
    }
}

/// The moment by this machine's clock.
pub(crate) fn clock() -> Moment {
    Moment::from(jiff::Timestamp::now())
}

/// A log could not be let in.
fn not_enrolled(error: EnrolError) -> Fault {
    match error {
        EnrolError::Failed(error) => Fault::from(&*error),
        EnrolError::OtherKey | EnrolError::Revoked => Fault::new(StatusCode::CONFLICT, "party_key_other"),
        EnrolError::OtherBook | EnrolError::Unknown => {
            Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "broken")
        }
    }
}
