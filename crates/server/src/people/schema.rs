//! The tables, and the way from each version to the next.

use super::{PeopleError, doing};
use rusqlite::{Connection, OptionalExtension};
use std::{fs, path::Path, time::Duration};

/// What leads from each version to the next; the first makes the file. A step is never changed once it was released.
const STEPS: [&str; 1] = ["
    CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
    CREATE TABLE account (
        id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, password TEXT NOT NULL, created INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE account_grant (
        account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, role TEXT NOT NULL, place TEXT NOT NULL,
        PRIMARY KEY (account, role, place)
    ) STRICT;
    CREATE TABLE invitation (
        hash BLOB PRIMARY KEY, is_first INTEGER NOT NULL, made_by TEXT, grants TEXT NOT NULL, expires INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE session (
        id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE,
        account TEXT REFERENCES account ON DELETE CASCADE,
        community TEXT, round TEXT, device TEXT, role TEXT,
        created INTEGER NOT NULL, seen INTEGER NOT NULL, expires INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX session_account ON session (account);
    CREATE INDEX session_device ON session (community, device);
    CREATE TABLE community (id TEXT PRIMARY KEY, name TEXT NOT NULL, created INTEGER NOT NULL, wrapped_key BLOB) STRICT;
    CREATE TABLE round (
        community TEXT NOT NULL REFERENCES community, id TEXT NOT NULL, retain_until INTEGER NOT NULL,
        PRIMARY KEY (community, id)
    ) STRICT;
    CREATE TABLE household (
        community TEXT NOT NULL REFERENCES community, id TEXT NOT NULL,
        building TEXT NOT NULL, entrance TEXT NOT NULL, door BLOB NOT NULL, is_listed INTEGER NOT NULL,
        PRIMARY KEY (community, id)
    ) STRICT;
    CREATE TABLE resident (
        community TEXT NOT NULL REFERENCES community, id TEXT NOT NULL,
        household TEXT NOT NULL, position INTEGER NOT NULL,
        name BLOB NOT NULL, phone BLOB NOT NULL, document BLOB NOT NULL, is_listed INTEGER NOT NULL,
        PRIMARY KEY (community, id),
        FOREIGN KEY (community, household) REFERENCES household (community, id)
    ) STRICT;
    CREATE INDEX resident_household ON resident (community, household);
    CREATE TABLE access_log (
        community TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
        resident TEXT, why TEXT NOT NULL,
        PRIMARY KEY (community, number)
    ) STRICT;
"];

/// Opens the file; makes it, or brings it to this version.
pub(super) fn open(path: &Path) -> Result<Connection, PeopleError> {
    own(path).map_err(|source| PeopleError::Disk { path: path.to_owned(), source })?;
    let open = doing("open");
    let mut connection = Connection::open(path).map_err(&open)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(&open)?;
    // What is deleted is overwritten, and nothing of it goes into a temporary file.
    for (name, value) in [
        ("secure_delete", "ON"),
        ("journal_mode", "WAL"),
        ("synchronous", "FULL"),
        ("foreign_keys", "ON"),
        ("temp_store", "MEMORY"),
        ("trusted_schema", "OFF"),
    ] {
        connection
            .pragma_update_and_check(None, name, value, |_| Ok(()))
            .or_else(no_answer)
            .map_err(&open)?;
    }
    upgrade(&mut connection, path)?;
    Ok(connection)
}

/// Some pragmas answer with what they are now, others with nothing.
fn no_answer(error: rusqlite::Error) -> rusqlite::Result<()> {
    if matches!(error, rusqlite::Error::QueryReturnedNoRows) { Ok(()) } else { Err(error) }
}

fn upgrade(connection: &mut Connection, path: &Path) -> Result<(), PeopleError> {
    let upgrade = doing("upgrade");
    let known = STEPS.len();
    let changes = connection.transaction().map_err(&upgrade)?;
    let has_meta = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'";
    let has_meta = changes.query_row(has_meta, [], |_| Ok(())).optional().map_err(&upgrade)?.is_some();
    let found: i64 = match has_meta {
        false => 0,
        true => changes
            .query_row("SELECT value FROM meta WHERE key = 'version'", [], |row| row.get::<_, Vec<u8>>(0))
            .map_err(&upgrade)
            .map(|text| String::from_utf8_lossy(&text).parse().unwrap_or(i64::MAX))?,
    };
    let Some(steps) = usize::try_from(found).ok().and_then(|found| STEPS.get(found..)) else {
        return Err(PeopleError::Newer { path: path.to_owned(), found, known: known as i64 });
    };
    for step in steps {
        changes.execute_batch(step).map_err(&upgrade)?;
    }
    if !steps.is_empty() {
        let write = "INSERT OR REPLACE INTO meta VALUES ('version', ?1)";
        changes.execute(write, [known.to_string().into_bytes()]).map_err(&upgrade)?;
    }
    changes.commit().map_err(&upgrade)
}

/// Makes an empty file that its owner alone may read; SQLite gives the files beside it the same mode.
fn own(path: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::People;

    #[test]
    fn a_file_of_a_newer_program_is_refused_and_left_as_it_is() {
        let data = tempfile::tempdir().unwrap();
        drop(People::open(data.path()).unwrap());
        let path = data.path().join("people.sqlite");
        let connection = Connection::open(&path).unwrap();
        connection.execute("UPDATE meta SET value = CAST('99' AS BLOB) WHERE key = 'version'", []).unwrap();
        drop(connection);
        let refused = People::open(data.path()).unwrap_err();
        assert!(matches!(refused, PeopleError::Newer { found: 99, known: 1, .. }), "{refused:?}");
    }

    #[test]
    fn the_file_is_written_as_it_should_be() {
        let data = tempfile::tempdir().unwrap();
        let people = People::open(data.path()).unwrap();
        let connection = people.turn();
        let value =
            |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((value("secure_delete"), value("synchronous"), value("foreign_keys")), (1, 2, 1));
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
        #[cfg(unix)]
        for file in ["people.sqlite", "people.sqlite-wal", "keys/master.key"] {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(data.path().join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{file}: {mode:o}");
        }
    }
}
