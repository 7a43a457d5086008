//! Who may sign in, and who lives where: `people.sqlite` in the data folder, apart from scenarios and journals.
//!
//! # Map
//! `schema` tables and their versions · [`id`] identifiers · `accounts`, `invitations`, `sessions` who signs in, `lineage` who invited whom ·
//! `communities` and [`places`] where that is, [`cities`] what a city keeps there · [`names`] who lives there and [`volunteers`] who helps, sealed by `cipher` under keys that [`master_key`] wraps · [`neighbours`] what they need and offer · [`purge`] destroys
//! and proves it · [`copy()`] and [`check`] the file as a whole, whoever has it open.
//!
//! Every function blocks on the disk, and takes its time from the caller: seconds since 1970.

pub mod accounts;
pub mod cities;
pub mod communities;
pub mod factor;
pub mod id;
pub mod invitations;
pub mod log;
pub mod master_key;
pub mod names;
pub mod neighbours;
pub mod places;
pub mod purge;
pub mod sessions;
pub mod volunteers;

mod cipher;
mod copy;
mod lineage;
mod schema;

pub(crate) use schema::TABLES;

pub use copy::{check, copy};

use crate::{
    db::{self, Database, Db, FormError},
    people::master_key::{MasterKey, RoundsKey},
    problem::Fault,
};
use axum::http::StatusCode;
use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// The file in the data folder.
pub const FILE: &str = "people.sqlite";

/// Connections of a process to a shared database: a request takes a millisecond.
const CONNECTIONS: usize = 4;

/// Accounts, sessions, communities and names. In a file it is one connection, one request at a time: each takes well under
/// a millisecond, but for the import of a roll and a purge.
pub struct People {
    db: Db,
    key: MasterKey,
    /// The file, where there is one.
    path: PathBuf,
    /// What desks ask every few seconds.
    near: neighbours::NearKept,
}

/// Why it was not done.
#[derive(Debug)]
pub enum PeopleError {
    /// A newer program wrote the file.
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// Names are sealed, and the master key is not there.
    KeyMissing(PathBuf),
    /// This master key is not that of the names, or no key.
    KeyWrong(PathBuf),
    /// The disk said no.
    Disk {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database said no.
    Database {
        /// What it was doing.
        doing: &'static str,
        /// Why.
        source: db::Error,
    },
    /// What is sealed was changed, or belongs elsewhere.
    Broken,
    /// There is nothing of this id.
    Unknown,
    /// There are as many as there may be.
    Full(usize),
    /// The account of this link has another login name.
    LoginOther,
    /// Somebody has this login name.
    LoginTaken,
    /// A place stands below a wider one only.
    NotWider,
    /// The place is narrower than a city.
    NoCity,
    /// A place does not lie in the city.
    NotBelow,
    /// Names are kept until a day, and that day is missing or past.
    Retention,
    /// Nobody signs up by this code, or not any more.
    NoSignUp,
    /// Too many signed up in an hour.
    Flooded,
    /// Somebody else changed the roster since.
    RosterChanged,
    /// Somebody else changed a place's crews since.
    CrewsChanged,
}

impl fmt::Debug for People {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("People").finish_non_exhaustive()
    }
}

/// Says what the database was doing when it said no.
fn doing(doing: &'static str) -> impl Fn(db::Error) -> PeopleError {
    move |source| PeopleError::Database { doing, source }
}

impl People {
    /// Opens the file in a data folder; makes it, and the master key, where they are missing.
    ///
    /// # Errors
    /// The disk or the database says no, a newer program wrote it, or the master key is not the one of its names.
    pub fn open(data: &Path) -> Result<People, PeopleError> {
        let path = data.join(FILE);
        let db = Db::file(schema::open(&path)?);
        let key = db.alone(doing("open"), |on| MasterKey::open(data, on))?;
        Ok(People { db, key, path, near: neighbours::NearKept::default() })
    }

    /// Opens them in a database that several processes share; makes them where they are missing. The master key lies in the
    /// data folder of each process, and is the same one.
    ///
    /// # Errors
    /// As [`People::open`].
    pub fn shared(data: &Path, database: &Database) -> Result<People, PeopleError> {
        let open = doing("open");
        let path = data.join(FILE);
        let db = Db::shared(database, TABLES.schema, CONNECTIONS);
        let key = db.alone(&open, |on| {
            db::bring_up(on, &TABLES).map_err(|error| match error {
                FormError::Newer(found, known) => PeopleError::Newer { path: path.clone(), found, known },
                FormError::Database(error) => open(error),
            })?;
            MasterKey::open(data, on)
        })?;
        Ok(People { db, key, path, near: neighbours::NearKept::default() })
    }

    /// What seals the secrets of rounds.
    pub fn rounds_key(&self) -> RoundsKey {
        RoundsKey::new(&self.key)
    }
}

/// What time it is: seconds since 1970.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// A time limit in the database's seconds.
fn seconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

impl From<PeopleError> for Fault {
    fn from(error: PeopleError) -> Fault {
        let broken = |code| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, code);
        match error {
            PeopleError::Unknown => Fault::new(StatusCode::NOT_FOUND, "unknown_here"),
            PeopleError::Full(most) => Fault::new(StatusCode::CONFLICT, "full").with("most", most),
            PeopleError::LoginTaken => Fault::new(StatusCode::CONFLICT, "login_taken"),
            PeopleError::LoginOther => Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "login_other"),
            PeopleError::NotWider => Fault::new(StatusCode::CONFLICT, "place_not_wider"),
            PeopleError::NoCity => Fault::new(StatusCode::CONFLICT, "city_kind"),
            PeopleError::NotBelow => Fault::new(StatusCode::CONFLICT, "city_holder"),
            PeopleError::Retention => Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "retention"),
            PeopleError::NoSignUp => Fault::new(StatusCode::NOT_FOUND, "no_sign_up"),
            PeopleError::Flooded => {
                Fault::new(StatusCode::TOO_MANY_REQUESTS, "sign_ups_many").with("seconds", 600)
            }
            PeopleError::CrewsChanged => Fault::new(StatusCode::CONFLICT, "crews_changed"),
            PeopleError::RosterChanged => Fault::new(StatusCode::CONFLICT, "roster_changed"),
            PeopleError::Disk { path, source } => {
                broken("disk").with("path", path.display()).with("why", source)
            }
            PeopleError::Database { source: source @ (db::Error::Connect(_) | db::Error::Busy), .. } => {
                source.into()
            }
            // The message names tables and columns, never what stands in them.
            PeopleError::Database { doing, source } => {
                broken("people_broken").with("doing", doing).with("why", source)
            }
            PeopleError::Newer { path, .. } | PeopleError::KeyMissing(path) | PeopleError::KeyWrong(path) => {
                broken("people_broken").with("doing", "open").with("why", path.display())
            }
            PeopleError::Broken => broken("names_broken"),
        }
    }
}
