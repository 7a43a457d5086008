//! Tests on both: a file, and a schema of a shared database.

#[path = "../../../journal/tests/parts/cluster.rs"]
mod cluster;

use super::Database;
use crate::{People, Store, people::master_key::RoundsKey, run::book::Book};
use std::path::Path;
use tempfile::TempDir;

/// A data folder, and a database if there is to be one.
pub struct Place {
    data: TempDir,
    database: Option<(cluster::Database, Database)>,
}

/// Runs a test in a place of each kind.
pub fn both(test: impl Fn(&Place)) {
    for place in [Place::file(), Place::shared()] {
        test(&place);
    }
}

impl Place {
    pub fn file() -> Place {
        Place { data: tempfile::tempdir().unwrap(), database: None }
    }

    pub fn shared() -> Place {
        let own = cluster::database();
        let database = Database::at(&own.url);
        Place { data: tempfile::tempdir().unwrap(), database: Some((own, database)) }
    }

    pub fn data(&self) -> &Path {
        self.data.path()
    }

    pub fn database(&self) -> Option<&Database> {
        self.database.as_ref().map(|(_, database)| database)
    }

    pub fn is_shared(&self) -> bool {
        self.database.is_some()
    }

    pub fn people(&self) -> People {
        match self.database() {
            None => People::open(self.data()),
            Some(database) => People::shared(self.data(), database),
        }
        .unwrap()
    }

    pub fn book(&self, key: RoundsKey) -> Book {
        match self.database() {
            None => Book::open(self.data(), key),
            Some(database) => Book::shared(self.data(), database, key),
        }
        .unwrap()
    }

    pub fn store(&self) -> Store {
        match self.database() {
            None => Store::open(self.data()),
            Some(database) => Store::shared(self.data(), database),
        }
        .unwrap()
    }
}
