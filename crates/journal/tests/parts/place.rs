//! Where a journal is kept: each test of what all journals do is run in a file and in a database.

#![allow(dead_code, reason = "each test uses its own part")]

use crate::cluster::{self, Database};
use journal::{Journal, OpenError, Options, sqlite::FILE};
use rusqlite::Connection;
use tempfile::TempDir;

/// A place for one journal, empty at first.
pub enum Place {
    Folder(TempDir),
    Database(Database),
}

/// Runs tests of the form `fn name(place: Place)` at either place.
#[macro_export]
macro_rules! on_both {
    ($($name:ident)*) => {
        mod in_a_file {
            $(#[test] fn $name() { super::$name(super::place::Place::folder()) })*
        }
        mod in_a_database {
            $(#[test] fn $name() { super::$name(super::place::Place::database()) })*
        }
    };
}

impl Place {
    pub fn folder() -> Place {
        Place::Folder(tempfile::tempdir().unwrap())
    }

    pub fn database() -> Place {
        Place::Database(cluster::database())
    }

    /// Another one of the same kind.
    pub fn another(&self) -> Place {
        match self {
            Place::Folder(_) => Place::folder(),
            Place::Database(_) => Place::database(),
        }
    }

    pub fn open(&self) -> Journal {
        self.open_with(Options::new()).unwrap()
    }

    pub fn open_with(&self, options: Options) -> Result<Journal, OpenError> {
        match self {
            Place::Folder(folder) => options.open(folder.path()),
            Place::Database(database) => options.connect(&database.url),
        }
    }

    pub fn is_file(&self) -> bool {
        matches!(self, Place::Folder(_))
    }

    /// Changes what is kept behind the journal's back.
    pub fn change(&self, sql: &str) -> u64 {
        match self {
            Place::Folder(folder) => self.file(folder).execute(sql, []).unwrap() as u64,
            Place::Database(database) => client(database).execute(sql, &[]).unwrap(),
        }
    }

    /// Bytes that are kept.
    pub fn bytes(&self, sql: &str) -> Vec<u8> {
        match self {
            Place::Folder(folder) => self.file(folder).query_row(sql, [], |row| row.get(0)).unwrap(),
            Place::Database(database) => client(database).query_one(sql, &[]).unwrap().get(0),
        }
    }

    fn file(&self, folder: &TempDir) -> Connection {
        Connection::open(folder.path().join(FILE)).unwrap()
    }

    /// Bytes as they are written in a statement.
    pub fn literal(&self, bytes: &[u8]) -> String {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        if self.is_file() { format!("x'{digits}'") } else { format!("'\\x{digits}'::bytea") }
    }
}

fn client(database: &Database) -> postgres::Client {
    let mut client = journal::postgres::connect(&database.url).unwrap();
    client.batch_execute("SET search_path = journal").unwrap();
    client
}
