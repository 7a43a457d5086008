//! The data folder of a server that was stopped, moved into an empty database, and the way back into a new folder, from which
//! backups are made; and the proof that nothing changed: all rows are read back from both sides in the same order and hashed,
//! the journal's chains are verified, scenarios compared.
//!
//! All of it is one transaction: what was cut short never was, and is begun again; what is fetched is of one moment.

use crate::{
    db::{self, Cell, Database, Db, On, bring_up, values},
    people::{self, PeopleError, master_key},
    problem::Fault,
    run::{self, book},
    store::{self, Store, StoreError},
};
use journal::{Journal, OpenError, StorageError, sqlite};
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What was moved.
#[derive(Debug)]
pub struct Moved {
    /// Table by table.
    pub tables: Vec<MovedTable>,
    /// Scenarios.
    pub scenarios: usize,
    /// Logs of the journal, verified where they are now.
    pub logs: u64,
    /// Frames of it.
    pub frames: u64,
}

/// A table that was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedTable {
    /// Its schema and name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// SHA-256 of all of them, in the order of their key; the same on both sides.
    pub sha256: [u8; 32],
}

/// Why nothing was moved.
#[derive(Debug)]
pub enum MigrateError {
    /// There is no server's data in the folder, or in the database.
    NoData,
    /// The tables of the database have the form of another program.
    OtherForm,
    /// The disk said no.
    Disk(std::io::Error),
    /// A table of the database has rows already.
    NotEmpty(String),
    /// A table does not read back as it was written.
    Differs(String),
    /// The journal in the folder, or where it is now, is not as it was signed.
    Faulty(u64),
    /// Accounts, names, or their key.
    People(PeopleError),
    /// Rounds.
    Rounds(run::RunsError),
    /// Scenarios.
    Scenarios(StoreError),
    /// Of which place each scenario is.
    Places(Fault),
    /// The journal.
    Journal(OpenError),
    /// The journal cannot be read.
    Storage(StorageError),
    /// The database said no.
    Database(db::Error),
}

impl From<db::Error> for MigrateError {
    fn from(error: db::Error) -> MigrateError {
        MigrateError::Database(error)
    }
}

/// A table: in which file's schema, its name, and by what its rows are ordered.
type Table = (&'static str, &'static str, &'static [&'static str]);

/// How often `tell` is told: of each table, and of the scenarios.
pub const STEPS: u64 = TABLES.len() as u64 + 1;

/// Those of people first, in an order in which each row's own is there before it.
const TABLES: [Table; 42] = [
    ("people", "meta", &["key"]),
    ("people", "account", &["id"]),
    ("people", "account_grant", &["account", "role", "place"]),
    ("people", "account_log", &["number"]),
    ("people", "second_factor", &["account"]),
    ("people", "recovery_code", &["hash"]),
    ("people", "invitation", &["hash"]),
    ("people", "invited", &["account"]),
    ("people", "session", &["id"]),
    ("people", "place", &["id"]),
    ("people", "place_move", &["number"]),
    ("people", "place_crews", &["place"]),
    ("people", "place_city", &["place", "what"]),
    ("people", "place_district", &["place", "name"]),
    ("people", "place_lab", &["place", "name"]),
    ("people", "community", &["community_id"]),
    ("people", "round", &["community_id", "id"]),
    ("people", "household", &["community_id", "id"]),
    ("people", "resident", &["community_id", "id"]),
    ("people", "access_log", &["community_id", "number"]),
    ("people", "unproved", &["community_id", "number"]),
    ("people", "volunteering", &["community_id"]),
    ("people", "volunteer", &["community_id", "id"]),
    ("people", "roster", &["community_id", "scenario"]),
    ("people", "exchange", &["community_id", "number"]),
    ("rounds", "round", &["community_id", "id"]),
    ("rounds", "seal", &["proof"]),
    ("rounds", "code", &["community_id", "hash"]),
    ("rounds", "device", &["community_id", "id"]),
    ("rounds", "printed", &["community_id", "round"]),
    ("rounds", "calling", &["community_id", "round"]),
    ("rounds", "notice", &["community_id", "round", "number"]),
    ("rounds", "notice_receipt", &["community_id", "round", "number", "place"]),
    ("rounds", "outbox", &["community_id", "round", "number", "channel"]),
    ("rounds", "party", &["id"]),
    ("rounds", "party_calls", &["party", "of"]),
    ("rounds", "gate_code", &["party"]),
    ("rounds", "result_aside", &["community_id", "number"]),
    ("journal", "community", &["community_id"]),
    ("journal", "log", &["community_id", "device"]),
    ("journal", "slice", &["community_id", "device", "last_seq"]),
    ("journal", "quarantine", &["community_id", "number"]),
];

/// Moves a data folder into an empty database. The folder stays as it is, but for the form of its files. `tell` is told of each
/// table that begins.
///
/// # Errors
/// Why nothing was moved.
pub fn migrate(data: &Path, database: &Database, tell: &dyn Fn(&str)) -> Result<Moved, MigrateError> {
    if !data.join(people::FILE).is_file() {
        return Err(MigrateError::NoData);
    }
    // It holds the folder: no server works on it.
    let store = Store::open(data).map_err(MigrateError::Scenarios)?;
    brought_up(data, &store)?;
    let files = Files::open(data, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    for tables in [&people::TABLES, &book::TABLES, &store::TABLES] {
        Db::shared(database, tables.schema, 1).alone(MigrateError::Database, |on| {
            bring_up(on, tables).map_err(|error| match error {
                db::FormError::Newer(..) => MigrateError::Scenarios(StoreError::Newer),
                db::FormError::Database(error) => MigrateError::Database(error),
            })
        })?;
    }
    drop(Journal::connect(database.url()).map_err(MigrateError::Journal)?);
    let db = Db::shared(database, "people", 1);
    let (tables, scenarios) = db.alone(MigrateError::Database, |on| {
        if on.count("SELECT count(*) FROM scenarios.scenario", &[])? > 0 {
            return Err(MigrateError::NotEmpty("scenarios.scenario".to_owned()));
        }
        let mut moved = Vec::new();
        for (schema, name, key) in &TABLES {
            let name = format!("{schema}.{name}");
            tell(&name);
            let columns = Columns::of(on, &name)?;
            // A database that a server was started on is not empty: it says by which key it is sealed.
            if on.count(&format!("SELECT count(*) FROM {name}"), &[])? > 0 {
                return Err(MigrateError::NotEmpty(name));
            }
            moved.push(columns.copied(&files.of(schema), on, name, key)?);
        }
        tell("scenarios");
        Ok((moved, store.copy_to(on).map_err(MigrateError::Scenarios)?))
    })?;
    let journal = Journal::connect(database.url()).map_err(MigrateError::Journal)?;
    let verified = journal.verify(&|_| {}).map_err(MigrateError::Storage)?;
    if !verified.faults.is_empty() {
        return Err(MigrateError::Faulty(verified.faults.len() as u64));
    }
    Ok(Moved { tables, scenarios, logs: verified.logs, frames: verified.frames })
}

/// Writes what is in a database, as of one moment, into a new data folder, while servers work on it. The folder has no key: what is
/// sealed stays so. `tell` is told of each table that begins.
///
/// # Errors
/// Why there is no such folder; what was begun is left where it is.
pub fn fetch(database: &Database, to: &Path, tell: &dyn Fn(&str)) -> Result<Moved, MigrateError> {
    let store = Store::open(to).map_err(MigrateError::Scenarios)?;
    // Its files as a server makes them; what it writes into them for a key of its own gives way to what is fetched, and the key, too.
    let people = people::People::open(to).map_err(MigrateError::People)?;
    drop(run::Runs::open(to, people.rounds_key()).map_err(MigrateError::Rounds)?);
    drop(people);
    fs::remove_dir_all(to.join(master_key::FOLDER)).map_err(MigrateError::Disk)?;
    let files = Files::open(to, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    files.empty()?;
    let db = Db::shared(database, "people", 1);
    let (tables, scenarios) = db.snapshot(MigrateError::Database, |on| {
        for tables in [&people::TABLES, &book::TABLES, &store::TABLES] {
            let there =
                on.count("SELECT count(to_regclass(?1))", values![format!("{}.form", tables.schema)])?;
            let text = format!("SELECT coalesce(max(form), 0) FROM {}.form", tables.schema);
            match if there == 0 { 0 } else { on.count(&text, &[])? } {
                0 => return Err(MigrateError::NoData),
                form if form != tables.form => return Err(MigrateError::OtherForm),
                _ => {}
            }
        }
        let mut moved = Vec::new();
        for (schema, name, key) in &TABLES {
            let name = format!("{schema}.{name}");
            tell(&name);
            let columns = Columns::of(on, &name)?;
            let to = files.of(schema);
            to.batch("BEGIN")?;
            moved.push(columns.copied(on, &to, name, key)?);
            to.batch("COMMIT")?;
        }
        tell("scenarios");
        Ok((moved, store.copy_from(on).map_err(MigrateError::Scenarios)?))
    })?;
    drop(files);
    let journal = Journal::open(&to.join(run::JOURNAL)).map_err(MigrateError::Journal)?;
    let verified = journal.verify(&|_| {}).map_err(MigrateError::Storage)?;
    if !verified.faults.is_empty() {
        return Err(MigrateError::Faulty(verified.faults.len() as u64));
    }
    Ok(Moved { tables, scenarios, logs: verified.logs, frames: verified.frames })
}

/// The files of a data folder, by the schema of a database that each of them is.
struct Files([Connection; 3]);

impl Files {
    fn open(data: &Path, flags: OpenFlags) -> Result<Files, MigrateError> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = |path: PathBuf| {
            Connection::open_with_flags(path, flags).map_err(|error| MigrateError::Database(error.into()))
        };
        let journal = data.join(run::JOURNAL).join(sqlite::FILE);
        Ok(Files([open(data.join(people::FILE))?, open(data.join(book::FILE))?, open(journal)?]))
    }

    fn of(&self, schema: &str) -> On<'_> {
        let [people, rounds, journal] = &self.0;
        On::file(match schema {
            "people" => people,
            "rounds" => rounds,
            _ => journal,
        })
    }

    /// Takes out what a new server wrote, what belongs to others first.
    fn empty(&self) -> Result<(), MigrateError> {
        for (schema, name, _) in TABLES.iter().rev() {
            self.of(schema).execute(&format!("DELETE FROM {name}{}", but_form(name)), &[])?;
        }
        Ok(())
    }
}

/// A file says its form in this table; a database has a table for that.
fn but_form(table: &str) -> &'static str {
    if table == "meta" { " WHERE key <> 'version'" } else { "" }
}

/// Brings the folder's files and scenarios to the form of this program, with its own key, and looks whether the journal is as it was signed.
fn brought_up(data: &Path, store: &Store) -> Result<(), MigrateError> {
    let people = people::People::open(data).map_err(MigrateError::People)?;
    let runs = run::Runs::open(data, people.rounds_key()).map_err(MigrateError::Rounds)?;
    crate::place(store, &people, &runs).map_err(MigrateError::Places)?;
    let verified = runs.journal.verify(&|_| {}).map_err(MigrateError::Storage)?;
    match verified.faults.len() {
        0 => Ok(()),
        faults => Err(MigrateError::Faulty(faults as u64)),
    }
}

/// The columns of a table, with what PostgreSQL calls their kinds: the same on both sides but for truths, which a file has as 0 or 1.
struct Columns(Vec<(String, String)>);

impl Columns {
    fn of(shared: &On<'_>, name: &str) -> Result<Columns, MigrateError> {
        let text = "SELECT column_name::text, data_type::text FROM information_schema.columns \
                    WHERE table_schema || '.' || table_name = ?1 ORDER BY ordinal_position";
        Ok(Columns(shared.all(text, values![name], |row| Ok((row.get(0)?, row.get(1)?)))?))
    }

    fn names(&self) -> String {
        self.0.iter().map(|(name, _)| &**name).collect::<Vec<&str>>().join(", ")
    }

    fn read(&self, on: &On<'_>, name: &str, key: &[&str]) -> String {
        let own = name.split('.').next_back().unwrap_or_default();
        if !on.is_shared() {
            return format!(
                "SELECT {} FROM {own}{} ORDER BY {}",
                self.names(),
                but_form(own),
                key.join(", ")
            );
        }
        // Text in the order of its bytes, as a file has it.
        let by = |name: &&str| match self.0.iter().find(|(of, _)| of == name) {
            Some((_, kind)) if kind == "text" => format!("{name} COLLATE \"C\""),
            _ => (*name).to_owned(),
        };
        let order: Vec<String> = key.iter().map(by).collect();
        format!("SELECT {} FROM {name} ORDER BY {}", self.names(), order.join(", "))
    }

    fn insert(&self, on: &On<'_>, name: &str) -> String {
        let place = |(at, (_, kind)): (usize, &(String, String))| match &**kind {
            "boolean" if on.is_shared() => format!("?{} <> 0", at + 1),
            _ => format!("?{}", at + 1),
        };
        let places: Vec<String> = self.0.iter().enumerate().map(place).collect();
        let table = if on.is_shared() { name } else { name.split('.').next_back().unwrap_or_default() };
        format!("INSERT INTO {table} ({}) VALUES ({})", self.names(), places.join(", "))
    }

    /// Copies a table, and reads it back.
    fn copied(
        &self,
        from: &On<'_>,
        to: &On<'_>,
        name: String,
        key: &[&str],
    ) -> Result<MovedTable, MigrateError> {
        let insert = self.insert(to, &name);
        let kinds: Vec<db::Kind> = self.0.iter().map(|(_, kind)| kind_of(kind)).collect();
        let (mut rows, mut hash) = (0, Sha256::new());
        from.each(&self.read(from, &name, key), &[], |row| {
            let cells = kinds.iter().enumerate().map(|(at, kind)| {
                let cell = row.cell(at)?;
                Ok(if let Cell::Nothing(_) = cell { Cell::Nothing(*kind) } else { cell })
            });
            let cells = cells.collect::<db::Result<Vec<Cell<'_>>>>()?;
            cells.iter().for_each(|cell| add(&mut hash, cell));
            rows += 1;
            to.execute(&insert, &cells).map(drop)
        })?;
        let sha256: [u8; 32] = hash.finalize().into();
        let (mut back, mut hash) = (0, Sha256::new());
        to.each(&self.read(to, &name, key), &[], |row| {
            (0..kinds.len()).try_for_each(|at| row.cell(at).map(|cell| add(&mut hash, &cell)))?;
            back += 1;
            Ok(())
        })?;
        if (back, <[u8; 32]>::from(hash.finalize())) != (rows, sha256) {
            return Err(MigrateError::Differs(name));
        }
        Ok(MovedTable { name, rows, sha256 })
    }
}

fn kind_of(shared: &str) -> db::Kind {
    match shared {
        "text" => db::Kind::Text,
        "bytea" => db::Kind::Bytes,
        _ => db::Kind::Number,
    }
}

fn add(hash: &mut Sha256, cell: &Cell<'_>) {
    let number;
    let (kind, bytes): (u8, &[u8]) = match cell {
        Cell::Nothing(_) => (0, &[]),
        Cell::Number(of) => {
            number = of.to_le_bytes();
            (1, &number)
        }
        Cell::Text(text) => (2, text.as_bytes()),
        Cell::Bytes(bytes) => (3, bytes),
    };
    hash.update([kind]);
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}
