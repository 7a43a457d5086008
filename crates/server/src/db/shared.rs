//! A PostgreSQL database that several processes share: a few connections of this one.

use super::{Cell, Error, Result, Row};
use journal::postgres::connect;
use postgres::{Client, Statement, error::SqlState, fallible_iterator::FallibleIterator, types::ToSql};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// Where a database is. What it is printed as has no password.
#[derive(Clone)]
pub struct Database {
    url: Arc<str>,
}

impl fmt::Debug for Database {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Database")
    }
}

impl Database {
    /// At this address: `postgresql://user:password@host:5432/name`.
    pub fn at(url: &str) -> Database {
        Database { url: url.into() }
    }

    /// Its address, with the password.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// What the database says, without what stands in it.
pub(super) fn said(error: &postgres::Error, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error.as_db_error() {
        // Its detail repeats what stands in rows.
        Some(said) => write!(out, "{} ({})", said.message(), said.code().code()),
        None => match std::error::Error::source(error) {
            Some(source) => write!(out, "{error}: {source}"),
            None => write!(out, "{error}"),
        },
    }
}

/// How long a request waits for a connection: a server that answers gives one back in milliseconds.
const WAIT: Duration = Duration::from_secs(10);

/// Connections to one schema, made when they are first needed.
pub(super) struct Pool {
    database: Database,
    schema: &'static str,
    most: usize,
    idle: Mutex<Idle>,
    back: Condvar,
}

#[derive(Default)]
struct Idle {
    connections: Vec<Connected>,
    taken: usize,
}

impl Pool {
    pub(super) fn new(database: Database, schema: &'static str, most: usize) -> Pool {
        Pool { database, schema, most, idle: Mutex::default(), back: Condvar::new() }
    }

    /// A connection; waits a while if all are taken.
    pub(super) fn take(&self) -> Result<Connected> {
        let is_full = |idle: &mut Idle| idle.taken >= self.most;
        let waited = self.back.wait_timeout_while(self.idle(), WAIT, is_full);
        let (mut idle, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(Error::Busy);
        }
        idle.taken += 1;
        let kept = idle.connections.pop();
        drop(idle);
        let connected = match kept {
            Some(connected) => Ok(connected),
            None => Connected::new(&self.database, self.schema),
        };
        if connected.is_err() {
            self.give_back(None);
        }
        connected
    }

    /// Gives a connection back. One that is closed is let go, and with it all that wait: they were of the same server.
    pub(super) fn put(&self, connected: Connected) {
        if connected.is_lost() {
            self.idle().connections.clear();
            self.give_back(None);
        } else {
            self.give_back(Some(connected));
        }
    }

    fn give_back(&self, connected: Option<Connected>) {
        let mut idle = self.idle();
        idle.taken -= 1;
        idle.connections.extend(connected);
        drop(idle);
        self.back.notify_one();
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let connections = std::mem::take(&mut self.idle().connections);
        // A connection waits for the network as it ends, which no thread that serves may do.
        drop(thread::spawn(move || drop(connections)).join());
    }
}

/// A connection, with the statements that it has read.
pub(super) struct Connected {
    client: Client,
    read: HashMap<String, Statement>,
    /// What went wrong since it was taken.
    wrong: Wrong,
    /// Its server goes away, or takes no changes any more.
    lost: bool,
}

/// What went wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Nothing,
    /// Another transaction was first, or the connection is lost: nothing was changed.
    Again,
    /// Anything else; also a connection that was lost while it kept what was changed, for nobody knows whether it did.
    For,
}

impl Connected {
    fn new(database: &Database, schema: &str) -> Result<Connected> {
        let mut client = connect(database.url()).map_err(Error::Connect)?;
        // Whatever is read before something is written still holds then, or it is done again.
        client.batch_execute(&format!(
            "SET default_transaction_isolation = 'serializable'; SET search_path = {schema}"
        ))?;
        Ok(Connected { client, read: HashMap::new(), wrong: Wrong::Nothing, lost: false })
    }

    pub(super) fn commit(&mut self) -> Result<()> {
        let kept = self.client.batch_execute("COMMIT");
        if let Err(error) = &kept {
            self.wrong = if lost_a_race(error) { Wrong::Again } else { Wrong::For };
            self.lost |= goes_away(error);
        }
        Ok(kept?)
    }

    /// Takes back what was begun; if even that fails, the connection is no good any more.
    pub(super) fn roll_back(&mut self) {
        self.lost |= self.client.batch_execute("ROLLBACK").is_err();
    }

    /// Whether it failed in such a way that it should be done again; asked once.
    pub(super) fn again(&mut self) -> bool {
        std::mem::replace(&mut self.wrong, Wrong::Nothing) == Wrong::Again
    }

    fn is_lost(&self) -> bool {
        self.lost || self.client.is_closed()
    }

    pub(super) fn batch(&mut self, text: &str) -> Result<()> {
        let done = self.client.batch_execute(text);
        self.note(done)
    }

    pub(super) fn execute(&mut self, text: &str, values: &[Cell<'_>]) -> Result<u64> {
        let statement = self.statement(text, values)?;
        let done = self.client.execute(&statement, &given(values));
        self.note(done)
    }

    pub(super) fn each(
        &mut self,
        text: &str,
        values: &[Cell<'_>],
        read: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let statement = self.statement(text, values)?;
        let rows = self.client.query_raw(&statement, values);
        // What `read` refuses is no fault of the database; the rest of the rows is passed over.
        let mut refused = Ok(());
        let done = rows.and_then(|mut rows| {
            while let Some(row) = rows.next()? {
                if refused.is_ok() {
                    refused = read(&Row::Shared(&row));
                }
            }
            Ok(())
        });
        self.note(done)?;
        refused
    }

    fn statement(&mut self, text: &str, values: &[Cell<'_>]) -> Result<Statement> {
        if let Some(read) = self.read.get(text) {
            return Ok(read.clone());
        }
        let kinds: Vec<_> = values.iter().map(|value| value.kind().shared()).collect();
        let read = self.client.prepare_typed(&placed(text), &kinds);
        let read = self.note(read)?;
        self.read.insert(text.to_owned(), read.clone());
        Ok(read)
    }

    fn note<T>(&mut self, done: std::result::Result<T, postgres::Error>) -> Result<T> {
        if let Err(error) = &done {
            self.lost |= goes_away(error);
            self.wrong = if lost_a_race(error) || self.is_lost() { Wrong::Again } else { Wrong::For };
        }
        Ok(done?)
    }
}

/// Whether another transaction was first. Where a row of the same key came in between, too: then it is seen the next time.
fn lost_a_race(error: &postgres::Error) -> bool {
    let first =
        [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::UNIQUE_VIOLATION];
    error.code().is_some_and(|code| first.contains(code))
}

/// Whether the server is being stopped, starts, or has become the copy of another.
fn goes_away(error: &postgres::Error) -> bool {
    let signs = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    error.code().is_some_and(|code| signs.contains(code))
}

fn given<'a>(values: &'a [Cell<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
}

/// A statement with its places as PostgreSQL writes them.
fn placed(text: &str) -> String {
    text.replace('?', "$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_printed() {
        let database = Database::at("postgresql://ann:s3cret@host/town");
        assert!(!format!("{database:?}").contains("s3cret"));
    }

    #[test]
    fn places_are_written_as_the_server_reads_them() {
        assert_eq!(
            placed("SELECT a FROM b WHERE c = ?1 AND d = ?12"),
            "SELECT a FROM b WHERE c = $1 AND d = $12"
        );
    }
}
