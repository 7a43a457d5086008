//! Real rounds: made from a scenario, recorded by phones, folded from the journal, watched on boards.
//!
//! # Map
//! [`Runs`] all rounds of a server · `definition` what of a scenario a round goes by · `book` which rounds, codes and phones
//! there are, in `rounds.sqlite` · `ids` the identifiers of one round, which nobody can trace back to residents without
//! its secret · `running` a round in memory · [`news`] who waits for more of it, [`lately`] what was seen of one that is not · `foresight` how it goes on, `calling` whom it calls next · [`evening`] how far it came and whom it
//! missed, `all_rounds` what all rounds of a community came to, [`mop_up`] a round for those · [`roll`] whose doors and people a roll is · `bundle` what a phone is given · [`notices`] what its residents are told · [`fonts`], [`print`](mod@print) labels, slips and sheets to print · [`doses`] what a registry is sent · [`shift_file`] a spreadsheet as the
//! rows of a shift.
//!
//! The journal in `journal/` has what happened; here stands what it happened to. Neither has a name in it.

mod all_rounds;
pub mod book;
pub mod bundle;
mod calling;
pub mod definition;
pub mod desk_log;
pub mod doses;
pub mod evening;
pub mod fonts;
pub mod foresight;
pub mod holders;
pub(crate) mod ids;
pub mod interpreters;
pub mod lately;
pub mod mop_up;
pub mod news;
pub mod notices;
pub mod own;
pub mod person;
pub mod print;
pub mod provision;
pub mod results;
pub mod roll;
pub mod running;
pub mod shift_file;
pub mod site_clock;
pub mod walks;

use crate::{
    db::{self, Database},
    limits,
    people::{
        People,
        id::{CommunityId, RoundId},
        master_key::RoundsKey,
    },
    problem::Fault,
    run::{
        book::{Book, Day, Made},
        fonts::PrintFonts,
        news::News,
        running::Running,
    },
    telemetry,
};
use axum::http::StatusCode;
use journal::{Committed, Journal, OpenError, Options, StorageError};
use lately::{Lately, RoundOf};
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// The journal's folder in the data folder.
pub const JOURNAL: &str = "journal";

/// All real rounds of a server.
pub struct Runs {
    /// What happened.
    pub journal: Journal,
    /// Which rounds, codes and phones there are.
    pub book: Book,
    /// With which it prints.
    pub fonts: PrintFonts,
    running: Mutex<InMemory>,
    sums: all_rounds::Sums,
    /// By which this process is told from others over the same database.
    name: String,
    /// The journal's last commit: boards wait here.
    pub grown: watch::Receiver<Option<Committed>>,
    /// Phones wait here, for news of their round.
    pub news: Arc<News>,
    /// Something was written in the book of a party.
    pub parties_grown: Arc<Notify>,
}

/// Rounds that are folded in memory.
type InMemory = BTreeMap<(CommunityId, RoundId), Kept>;

/// A round that is folded in memory.
struct Kept {
    /// When it was last asked for.
    used: Instant,
    /// Until when names are kept: its secrets are in memory no longer.
    day: Day,
    running: Arc<Mutex<Running>>,
}

/// Why rounds cannot be opened.
#[derive(Debug)]
pub enum RunsError {
    /// The journal.
    Journal(OpenError),
    /// The book of rounds.
    Book {
        /// Its file, or its schema.
        place: PathBuf,
        /// What the database says.
        source: db::Error,
    },
    /// A newer program wrote the book.
    Newer(PathBuf),
    /// Its secrets were sealed with another master key.
    OtherKey(PathBuf),
    /// Somebody reads it just now, so that what stood in the open cannot be wiped.
    InUse(PathBuf),
}

impl fmt::Display for RunsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunsError::Journal(error) => error.fmt(out),
            RunsError::Book { place, source } => write!(out, "could not open {}: {source}", place.display()),
            RunsError::Newer(path) => {
                write!(out, "{} was written by a newer program; use that one", path.display())
            }
            RunsError::OtherKey(path) => {
                write!(out, "{} was sealed with another master key; put that one back", path.display())
            }
            RunsError::InUse(path) => {
                write!(out, "{} is read by another program; start again when it is done", path.display())
            }
        }
    }
}

impl std::error::Error for RunsError {}

impl fmt::Debug for Runs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Runs").finish_non_exhaustive()
    }
}

impl Runs {
    /// Opens journal and book in a data folder; makes them where they are missing. The secrets in the book are sealed with this
    /// key.
    ///
    /// # Errors
    /// Another process has them open, a newer program wrote them, another key sealed them, or the disk says no.
    pub fn open(data: &Path, key: RoundsKey) -> Result<Runs, RunsError> {
        let book = Book::open(data, key)?;
        Runs::of(book, |options| options.open(&data.join(JOURNAL)))
    }

    /// Opens journal and book in a database that several processes share.
    ///
    /// # Errors
    /// A newer program wrote them, another key sealed them, or the database says no.
    pub fn shared(data: &Path, database: &Database, key: RoundsKey) -> Result<Runs, RunsError> {
        let book = Book::shared(data, database, key)?;
        Runs::of(book, |options| options.connect(database.url()))
    }

    fn of(book: Book, open: impl FnOnce(Options) -> Result<Journal, OpenError>) -> Result<Runs, RunsError> {
        let (told, grown) = watch::channel(None);
        let news: Arc<News> = Arc::default();
        let (tell, parties_grown) = (news.clone(), Arc::new(Notify::new()));
        let wake = parties_grown.clone();
        let options = Options::new().on_commit(move |committed| {
            telemetry::committed();
            if committed.book == committed.community {
                wake.notify_one();
            }
            tell.grown(committed);
            told.send_replace(Some(committed));
        });
        let journal = open(options).map_err(RunsError::Journal)?;
        let (fonts, name) = (PrintFonts::default(), Uuid::new_v4().to_string());
        let (running, sums) = (Mutex::default(), all_rounds::Sums::default());
        Ok(Runs { journal, book, fonts, running, sums, name, grown, news, parties_grown })
    }

    /// Whether of several processes over one database this one does something from now on for so long.
    ///
    /// # Errors
    /// The database says no.
    pub fn leads(&self, what: &str, lasts: Duration) -> Result<bool, Fault> {
        // A file belongs to one process.
        if self.book.is_shared() { self.book.lease(what, &self.name, lasts) } else { Ok(true) }
    }

    /// Prints with this font file what is not Latin.
    pub fn printing_with(mut self, font: Option<PathBuf>) -> Runs {
        self.fonts = PrintFonts::new(font);
        self
    }

    /// A round, folded as far as the journal goes. Blocks on the disk.
    ///
    /// # Errors
    /// There is no such round, or the disk says no.
    pub fn running(&self, community: CommunityId, round: RoundId) -> Result<Arc<Mutex<Running>>, Fault> {
        let running = match self.in_memory(community, round, true)? {
            Some(running) => running,
            None => loop {
                let day = self.day(community, round)?;
                let made = self.book.round(community, round)?;
                if let Some(running) = self.keep(made, day)? {
                    break running;
                }
            },
        };
        held(&running).catch_up(self)?;
        Ok(running)
    }

    /// Keeps a round in memory that was read after its day was asked. `None` if its names were destroyed meanwhile: what is in memory
    /// was forgotten before this came, and it is to be read anew.
    fn keep(&self, made: Made, day: Day) -> Result<Option<Arc<Mutex<Running>>>, Fault> {
        let key = (made.community, made.id);
        let kept = {
            let mut running = self.lock();
            if running.len() >= limits::ROUNDS_IN_MEMORY {
                // The one that nobody has asked for longest is folded again when somebody does.
                let oldest = running.iter().min_by_key(|(_, kept)| kept.used).map(|(&key, _)| key);
                oldest.map(|key| running.remove(&key));
            }
            match running.get(&key) {
                Some(kept) if kept.day == day => kept.running.clone(),
                _ => {
                    let fresh = Arc::new(Mutex::new(Running::new(made)));
                    let kept = Kept { used: Instant::now(), day, running: fresh.clone() };
                    running.insert(key, kept);
                    fresh
                }
            }
        };
        if self.day(key.0, key.1)? == day {
            return Ok(Some(kept));
        }
        self.lock().remove(&key);
        Ok(None)
    }

    fn day(&self, community: CommunityId, round: RoundId) -> Result<Day, Fault> {
        let day = self.book.day(community, round)?;
        day.ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "round_unknown"))
    }

    /// A round that is only looked at: from memory where it is there, and else folded for this once, so that it takes no other's
    /// place. Blocks on the disk.
    ///
    /// # Errors
    /// There is no such round, or the disk says no.
    pub fn beside(&self, community: CommunityId, round: RoundId) -> Result<Arc<Mutex<Running>>, Fault> {
        let running = match self.in_memory(community, round, false)? {
            Some(running) => running,
            None => Arc::new(Mutex::new(Running::new(self.book.round(community, round)?))),
        };
        held(&running).catch_up(self)?;
        Ok(running)
    }

    /// What is seen of a round among many: as it is, where it is in memory, and else as it was a moment ago.
    ///
    /// # Errors
    /// There is no such round, or the disk says no.
    pub fn glance<T: Clone>(
        &self,
        lately: &Lately<RoundOf, T>,
        community: CommunityId,
        round: RoundId,
        see: impl FnOnce(&Running) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let known = self.in_memory(community, round, false)?.is_some();
        if let Some(seen) = lately.seen(&(community, round)).filter(|_| !known) {
            return Ok(seen);
        }
        let running = self.beside(community, round)?;
        let seen = see(&held(&running))?;
        if !known {
            lately.keep((community, round), seen.clone());
        }
        Ok(seen)
    }

    /// A round that is in memory, as it is there; not one whose names another process has destroyed since.
    fn in_memory(
        &self,
        community: CommunityId,
        round: RoundId,
        is_used: bool,
    ) -> Result<Option<Arc<Mutex<Running>>>, Fault> {
        let key = (community, round);
        let known = self.lock().get_mut(&key).map(|kept| {
            if is_used {
                kept.used = Instant::now();
            }
            (kept.running.clone(), kept.day)
        });
        let Some((running, day)) = known else { return Ok(None) };
        if self.book.is_shared() && self.day(community, round)? != day {
            self.lock().remove(&key);
            return Ok(None);
        }
        Ok(Some(running))
    }

    /// How many phones wait for news.
    pub fn waiting_now(&self) -> usize {
        self.news.waiting()
    }

    /// How many rounds are folded in memory.
    pub fn in_memory_now(&self) -> usize {
        self.lock().len()
    }

    /// Forgets what links a round's journal to residents, and whatever is in memory of it.
    ///
    /// # Errors
    /// The database says no.
    pub fn forget(&self, now: i64) -> Result<usize, Fault> {
        let forgotten = self.book.forget(now)?;
        self.book.end_settled_results(now)?;
        self.book.end_gates_over(now)?;
        // Another process may have been first.
        self.lock().retain(|key, kept| kept.day.until > now && !forgotten.contains(key));
        Ok(forgotten.len())
    }

    /// The same of all rounds of one community at once, whatever their days: its names are destroyed now.
    ///
    /// # Errors
    /// The database says no.
    pub fn forget_community(&self, community: CommunityId, now: i64) -> Result<(), Fault> {
        self.book.forget_community(community, now)?;
        self.lock().retain(|(of, _), _| *of != community);
        Ok(())
    }

    /// Ends the sessions of phones whose round's time was over by `now`, and not before `since`. What they send later is kept
    /// aside: their keys are worth nothing after the round.
    ///
    /// # Errors
    /// A database says no.
    pub fn end_over(&self, people: &People, since: i64, now: i64) -> Result<(), Fault> {
        for (community, round) in self.book.over(since, now)? {
            self.book.end_codes(community, round)?;
            people.end_round(community, round)?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, InMemory> {
        held(&self.running)
    }
}

/// A state that two requests share.
pub fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while it was held ended one request; what the journal says is caught up with at the next.
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl From<&StorageError> for Fault {
    fn from(error: &StorageError) -> Fault {
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "journal").with("why", error)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use crate::{db::both::both, run::book::example};

    #[test]
    fn a_round_that_is_read_while_its_names_are_destroyed_brings_none_of_them_back() {
        both(|disk| {
            let key = disk.people().rounds_key();
            let runs = match disk.database() {
                None => Runs::open(disk.data(), key),
                Some(database) => Runs::shared(disk.data(), database, key),
            }
            .unwrap();
            let community = CommunityId::draw();
            // At once, and on the day.
            let ends: [&dyn Fn(); 2] = [&|| runs.forget_community(community, 20).unwrap(), &|| {
                assert_eq!(runs.forget(50).unwrap(), 1);
            }];
            for end in ends {
                let round = example::made(community, "court");
                runs.book.make(&round).unwrap();
                let (day, made) =
                    (runs.day(community, round.id).unwrap(), runs.book.round(community, round.id).unwrap());
                assert_eq!(made.secret, round.secret);
                end();
                assert!(runs.keep(made, day).unwrap().is_none());
                assert_eq!(runs.in_memory_now(), 0);
                let running = runs.running(community, round.id).unwrap();
                assert_eq!(held(&running).made.secret, [0; 32]);
                runs.lock().clear();
            }
        });
    }
}
