//! The database of the server's own stores: an SQLite file, or a schema of a PostgreSQL database that several processes share.
//!
//! # Map
//! [`Db`] the database · [`On`] a connection of it, by which statements are made · [`Row`], `cell` what comes back and what is
//! given · `shared` connections to PostgreSQL · [`schema`] the tables, and the way from each form to the next.
//!
//! A statement is written once, in what both speak: placeholders `?1`, `ON CONFLICT`, `RETURNING`, numbers of 64 bits (a truth is
//! 0 or 1), text and bytes. Where one must differ, it stands there once for each ([`On::either`]).
//!
//! Everything blocks, on the disk or the network: it is called aside, never on a thread that serves.

#[cfg(test)]
pub(crate) mod both;
mod cell;
mod schema;
mod shared;

pub use cell::{Cell, FromCell, Kind, Row, ToCell};
pub use schema::{FormError, Tables, bring_up, distribution};
pub use shared::Database;

use crate::problem::Fault;
use axum::http::StatusCode;
use rusqlite::{Connection, ToSql};
use shared::{Connected, Pool};
use std::{
    cell::RefCell,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::sleep,
    time::Duration,
};

/// Values for a statement's places, in their order.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::db::ToCell::cell(&$value)),*]
    };
}
pub(crate) use values;

/// How often a transaction is tried at most. Each try but the first lost against another that is done since.
const TRIES: u32 = 24;
/// The pause before the second try; it grows to sixteen times as much.
const PAUSE: Duration = Duration::from_millis(2);

/// A database.
pub struct Db(Kept);

enum Kept {
    /// One connection, one at a time.
    File(Mutex<Connection>),
    Shared(Pool),
}

/// A connection, for one statement after the other.
pub struct On<'a>(To<'a>);

enum To<'a> {
    File(&'a Connection),
    Shared(RefCell<&'a mut Connected>),
}

/// Why the database did not do it. It names tables and columns, never what stands in them.
#[derive(Debug)]
pub enum Error {
    /// The file says no.
    File(rusqlite::Error),
    /// The server says no.
    Shared(postgres::Error),
    /// The server cannot be reached.
    Connect(journal::postgres::ConnectError),
    /// All connections were taken for too long.
    Busy,
    /// There is no such row, and there should be.
    Missing,
    /// A cell holds what should not be there.
    Odd(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::File(error) => error.fmt(out),
            Error::Shared(error) => shared::said(error, out),
            Error::Connect(error) => error.fmt(out),
            Error::Busy => out.write_str("all connections are taken"),
            Error::Missing => out.write_str("a row is missing"),
            Error::Odd(what) => out.write_str(what),
        }
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        Error::File(error)
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Error {
        Error::Shared(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        match error {
            // What takes over is found in a moment.
            Error::Connect(_) | Error::Busy => Fault::new(StatusCode::SERVICE_UNAVAILABLE, "database_away"),
            error => Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "database").with("why", error),
        }
    }
}

/// What came of an operation.
pub type Result<T> = std::result::Result<T, Error>;

impl Db {
    /// An open SQLite file.
    pub fn file(connection: Connection) -> Db {
        Db(Kept::File(Mutex::new(connection)))
    }

    /// A schema of a shared database, with so many connections at most.
    pub fn shared(database: &Database, schema: &'static str, most: usize) -> Db {
        Db(Kept::Shared(Pool::new(database.clone(), schema, most)))
    }

    /// The file's connection; `None` where there is no file.
    pub fn connection(&self) -> Option<MutexGuard<'_, Connection>> {
        match &self.0 {
            // A panic in a transaction has rolled it back.
            Kept::File(connection) => Some(connection.lock().unwrap_or_else(PoisonError::into_inner)),
            Kept::Shared(_) => None,
        }
    }

    /// Reads: each statement by itself. What lost its connection is done again from the start.
    ///
    /// # Errors
    /// What `work` says; `failed` says why there is no connection.
    pub fn read<T, E>(
        &self,
        failed: impl Fn(Error) -> E,
        mut work: impl FnMut(&On<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        if let Some(connection) = self.connection() {
            return work(&On(To::File(&connection)));
        }
        let Kept::Shared(pool) = &self.0 else { unreachable!("it is a file or it is not") };
        let mut tried = 0;
        loop {
            let mut connected = pool.take().map_err(&failed)?;
            let done = work(&On(To::Shared(RefCell::new(&mut connected))));
            let again = done.is_err() && connected.again();
            pool.put(connected);
            tried += 1;
            if !again || tried == TRIES {
                return done;
            }
            pause(tried);
        }
    }

    /// Changes: all of it or nothing, as if nobody else did anything meanwhile. `work` may be done several times, and what it
    /// did before then never was: between processes whoever is later begins again.
    ///
    /// # Errors
    /// What `work` says, and then nothing is changed; `failed` says why it could not be begun or kept.
    pub fn change<T, E>(
        &self,
        failed: impl Fn(Error) -> E,
        mut work: impl FnMut(&On<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        if let Some(mut connection) = self.connection() {
            let changes = connection.transaction().map_err(|error| failed(error.into()))?;
            let done = work(&On(To::File(&changes)))?;
            changes.commit().map_err(|error| failed(error.into()))?;
            return Ok(done);
        }
        self.transact("BEGIN", failed, work)
    }

    /// The same while no other process does so: for what is done once, at the start.
    ///
    /// # Errors
    /// As [`Db::change`].
    pub fn alone<T, E>(
        &self,
        failed: impl Fn(Error) -> E,
        work: impl FnMut(&On<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match self.0 {
            Kept::File(_) => self.change(failed, work),
            // What others did until the lock was free must be seen: serializable transactions look before they wait.
            Kept::Shared(_) => self.transact(
                "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '5min'; \
                 SELECT pg_advisory_xact_lock(7308604897068083558)",
                failed,
                work,
            ),
        }
    }

    /// Reads all as of one moment, whatever others write meanwhile. Of a shared database.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn snapshot<T, E>(
        &self,
        failed: impl Fn(Error) -> E,
        work: impl FnMut(&On<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.transact("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", failed, work)
    }

    fn transact<T, E>(
        &self,
        begin: &str,
        failed: impl Fn(Error) -> E,
        mut work: impl FnMut(&On<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let Kept::Shared(pool) = &self.0 else { unreachable!("only what is shared comes here") };
        let mut tried = 0;
        loop {
            let mut connected = pool.take().map_err(&failed)?;
            let done = connected.batch(begin).map_err(&failed).and_then(|()| {
                let done = work(&On(To::Shared(RefCell::new(&mut connected))))?;
                connected.commit().map_err(&failed)?;
                Ok(done)
            });
            let again = done.is_err() && connected.again();
            if done.is_err() {
                connected.roll_back();
            }
            pool.put(connected);
            tried += 1;
            if !again || tried == TRIES {
                return done;
            }
            pause(tried);
        }
    }

    /// One statement that changes something; how many rows.
    ///
    /// # Errors
    /// The database says no.
    pub fn execute(&self, text: &str, values: &[Cell<'_>]) -> Result<u64> {
        self.change(|error| error, |on| on.execute(text, values))
    }

    /// The row that a question has, if there is one.
    ///
    /// # Errors
    /// The database says no.
    pub fn optional<T>(
        &self,
        text: &str,
        values: &[Cell<'_>],
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.read(|error| error, |on| on.optional(text, values, &read))
    }

    /// All rows that a question has.
    ///
    /// # Errors
    /// The database says no.
    pub fn all<T>(
        &self,
        text: &str,
        values: &[Cell<'_>],
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.read(|error| error, |on| on.all(text, values, &read))
    }
}

/// Who lost waits for a while that is not the others'.
fn pause(tried: u32) {
    let [by_chance] = crate::access::secret::random::<1>();
    sleep(PAUSE * (1 << tried.min(4)) * (u32::from(by_chance) + 64) / 128);
}

impl On<'_> {
    /// On an open file, outside of [`Db`].
    pub fn file(connection: &Connection) -> On<'_> {
        On(To::File(connection))
    }

    /// Whether several processes share the database.
    pub fn is_shared(&self) -> bool {
        matches!(self.0, To::Shared(_))
    }

    /// A statement that must differ.
    pub fn either<'t>(&self, file: &'t str, shared: &'t str) -> &'t str {
        if self.is_shared() { shared } else { file }
    }

    /// A statement that changes something; how many rows.
    ///
    /// # Errors
    /// The database says no.
    pub fn execute(&self, text: &str, values: &[Cell<'_>]) -> Result<u64> {
        match &self.0 {
            To::File(connection) => {
                let mut statement = connection.prepare_cached(text)?;
                let values: Vec<&dyn ToSql> = values.iter().map(|value| value as _).collect();
                Ok(statement.execute(&*values)? as u64)
            }
            To::Shared(connected) => connected.borrow_mut().execute(text, values),
        }
    }

    /// Statements without values.
    ///
    /// # Errors
    /// The database says no.
    pub fn batch(&self, text: &str) -> Result<()> {
        match &self.0 {
            To::File(connection) => Ok(connection.execute_batch(text)?),
            To::Shared(connected) => connected.borrow_mut().batch(text),
        }
    }

    /// Each row that a question has, one after the other: they need not all fit into memory.
    ///
    /// # Errors
    /// The database says no, or `read`.
    pub fn each(
        &self,
        text: &str,
        values: &[Cell<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match &self.0 {
            To::File(connection) => {
                let mut statement = connection.prepare_cached(text)?;
                let values: Vec<&dyn ToSql> = values.iter().map(|value| value as _).collect();
                let mut rows = statement.query(&*values)?;
                while let Some(row) = rows.next()? {
                    read(&Row::File(row))?;
                }
                Ok(())
            }
            To::Shared(connected) => connected.borrow_mut().each(text, values, &mut read),
        }
    }

    /// All rows that a question has.
    ///
    /// # Errors
    /// The database says no, or `read`.
    pub fn all<T>(
        &self,
        text: &str,
        values: &[Cell<'_>],
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.each(text, values, |row| {
            all.push(read(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// The row that a question has, if there is one.
    ///
    /// # Errors
    /// The database says no, or `read`.
    pub fn optional<T>(
        &self,
        text: &str,
        values: &[Cell<'_>],
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.all(text, values, read)?.into_iter().next())
    }

    /// The one row that a question always has.
    ///
    /// # Errors
    /// The database says no, or `read`.
    pub fn one<T>(&self, text: &str, values: &[Cell<'_>], read: impl Fn(&Row<'_>) -> Result<T>) -> Result<T> {
        self.optional(text, values, read)?.ok_or(Error::Missing)
    }

    /// How many there are: the number that a question has.
    ///
    /// # Errors
    /// The database says no.
    pub fn count(&self, text: &str, values: &[Cell<'_>]) -> Result<i64> {
        self.one(text, values, |row| row.get(0))
    }
}

#[cfg(test)]
mod tests {
    use super::{both::Place, *};
    use std::thread;

    fn counted(database: &Database) -> Db {
        Db::shared(database, "public", 2)
    }

    #[test]
    fn what_is_read_and_then_written_is_lost_to_nobody() {
        let place = Place::shared();
        let database = place.database().unwrap();
        let db = counted(database);
        db.read(|error| error, |on| on.batch("CREATE TABLE tally (id BIGINT PRIMARY KEY, n BIGINT)"))
            .unwrap();
        let add = || {
            let db = counted(database);
            for _ in 0..25 {
                let added = db.change(
                    |error| error,
                    |on| {
                        let n =
                            on.optional("SELECT n FROM tally WHERE id = 1", &[], |row| row.get::<i64>(0))?;
                        let text = match n {
                            None => "INSERT INTO tally (id, n) VALUES (1, ?1)",
                            Some(_) => "UPDATE tally SET n = ?1 WHERE id = 1",
                        };
                        on.execute(text, values![n.unwrap_or(0) + 1])
                    },
                );
                assert_eq!(added.unwrap(), 1);
            }
        };
        thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(add))));
        let found = db.all("SELECT n FROM tally", &[], |row| row.get::<i64>(0)).unwrap();
        assert_eq!(found, [100]);
    }

    #[test]
    fn connections_that_are_cut_are_made_anew() {
        let place = Place::shared();
        let db = counted(place.database().unwrap());
        db.read(|error| error, |on| on.batch("CREATE TABLE kept (id BIGINT PRIMARY KEY)")).unwrap();
        let cut = || {
            let other = counted(place.database().unwrap());
            let text = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                        WHERE datname = current_database() AND pid <> pg_backend_pid()";
            assert!(other.read(|error| error, |on| on.count(text, &[])).unwrap() > 0);
        };
        cut();
        assert_eq!(db.execute("INSERT INTO kept (id) VALUES (?1)", values![1_i64]).unwrap(), 1);
        cut();
        assert_eq!(db.all("SELECT id FROM kept", &[], |row| row.get::<i64>(0)).unwrap(), [1]);
    }
}
