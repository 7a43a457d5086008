//! The tables, and the way from each version to the next.

use super::{PeopleError, doing as doing_with};
use crate::db::Tables;
use rusqlite::{Connection, OptionalExtension};
use std::{fs, path::Path, time::Duration};

/// The tables as this program has them. What belongs to a community has its id first in each key, so that a database of
/// many servers can be divided by it.
pub(crate) const TABLES: Tables = Tables {
    schema: "people",
    form: KNOWN,
    text: NOW,
    steps: &[
        (3, PLACES),
        (4, UNPROVED),
        (5, FACTORS),
        (6, VOLUNTEERS),
        (7, EXCHANGE),
        (8, INVITED),
        (9, CITIES),
        (10, LABS),
    ],
};

const NOW: &str = "
    CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
    CREATE TABLE account (
        id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, password TEXT NOT NULL, created INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE account_grant (
        account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, role TEXT NOT NULL, place TEXT NOT NULL,
        PRIMARY KEY (account, role, place)
    ) STRICT;
    CREATE TABLE invitation (
        hash BLOB PRIMARY KEY, is_first INTEGER NOT NULL, made_by TEXT, grants TEXT NOT NULL, expires INTEGER NOT NULL,
        account TEXT
    ) STRICT;
    CREATE TABLE invited (account TEXT PRIMARY KEY, made_by TEXT, appointed INTEGER NOT NULL) STRICT;
    CREATE TABLE session (
        id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE,
        account TEXT REFERENCES account ON DELETE CASCADE,
        community_id TEXT, round TEXT, device TEXT, role TEXT,
        created INTEGER NOT NULL, seen INTEGER NOT NULL, expires INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE account_log (
        number INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT, what TEXT NOT NULL, who TEXT NOT NULL
    ) STRICT;
    CREATE INDEX account_log_at ON account_log (at);
    CREATE TABLE second_factor (
        account TEXT PRIMARY KEY REFERENCES account ON DELETE CASCADE, secret BLOB NOT NULL, is_asked INTEGER NOT NULL,
        last_step INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE recovery_code (
        hash BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX session_account ON session (account);
    CREATE INDEX session_device ON session (community_id, device);
    CREATE TABLE community (
        community_id TEXT PRIMARY KEY, name TEXT NOT NULL, created INTEGER NOT NULL, wrapped_key BLOB, place TEXT
    ) STRICT;
    CREATE TABLE place (
        id TEXT PRIMARY KEY, parent TEXT, kind TEXT NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE place_move (
        number INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, moved TEXT NOT NULL,
        from_place TEXT, to_place TEXT
    ) STRICT;
    CREATE TABLE place_crews (
        place TEXT PRIMARY KEY, crews TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL
    ) STRICT;
    CREATE TABLE place_city (
        place TEXT NOT NULL, what TEXT NOT NULL, document TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL,
        PRIMARY KEY (place, what)
    ) STRICT;
    CREATE TABLE place_district (
        place TEXT NOT NULL, name TEXT NOT NULL, holder TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL,
        PRIMARY KEY (place, name)
    ) STRICT;
    CREATE TABLE place_lab (
        place TEXT NOT NULL, name TEXT NOT NULL, holder TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL,
        PRIMARY KEY (place, name)
    ) STRICT;
    CREATE TABLE round (
        community_id TEXT NOT NULL REFERENCES community, id TEXT NOT NULL, retain_until INTEGER NOT NULL,
        PRIMARY KEY (community_id, id)
    ) STRICT;
    CREATE TABLE household (
        community_id TEXT NOT NULL REFERENCES community, id TEXT NOT NULL,
        building TEXT NOT NULL, entrance TEXT NOT NULL, door BLOB NOT NULL, is_listed INTEGER NOT NULL,
        PRIMARY KEY (community_id, id)
    ) STRICT;
    CREATE TABLE resident (
        community_id TEXT NOT NULL REFERENCES community, id TEXT NOT NULL,
        household TEXT NOT NULL, position INTEGER NOT NULL,
        name BLOB NOT NULL, phone BLOB NOT NULL, document BLOB NOT NULL, is_listed INTEGER NOT NULL,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, household) REFERENCES household (community_id, id)
    ) STRICT;
    CREATE INDEX resident_household ON resident (community_id, household);
    CREATE TABLE access_log (
        community_id TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
        resident TEXT, why TEXT NOT NULL,
        PRIMARY KEY (community_id, number)
    ) STRICT;
    CREATE TABLE unproved (
        community_id TEXT NOT NULL, number INTEGER NOT NULL, who TEXT NOT NULL, resident TEXT, why TEXT NOT NULL,
        gone INTEGER NOT NULL, pieces BLOB NOT NULL,
        PRIMARY KEY (community_id, number)
    ) STRICT;
    CREATE TABLE volunteering (
        community_id TEXT PRIMARY KEY REFERENCES community, wrapped_key BLOB, code INTEGER NOT NULL,
        code_until INTEGER NOT NULL, retain_until INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE volunteer (
        community_id TEXT NOT NULL REFERENCES community, id TEXT NOT NULL, created INTEGER NOT NULL,
        retain_until INTEGER NOT NULL, link INTEGER NOT NULL, cells BLOB NOT NULL,
        PRIMARY KEY (community_id, id)
    ) STRICT;
    CREATE TABLE roster (
        community_id TEXT NOT NULL REFERENCES community, scenario TEXT NOT NULL, version INTEGER NOT NULL,
        at INTEGER NOT NULL, content TEXT NOT NULL,
        PRIMARY KEY (community_id, scenario)
    ) STRICT;
    CREATE TABLE exchange (
        community_id TEXT NOT NULL REFERENCES community, number INTEGER NOT NULL, event BLOB NOT NULL,
        PRIMARY KEY (community_id, number)
    ) STRICT;
";

/// What leads from each version of the file to the next. A step is never changed once it was released.
const STEPS: [(i64, &str); 9] = [
    (2, OF_COMMUNITIES),
    (3, PLACES),
    (4, UNPROVED),
    (5, FACTORS),
    (6, VOLUNTEERS),
    (7, EXCHANGE),
    (8, INVITED),
    (9, CITIES),
    (10, LABS),
];

const OF_COMMUNITIES: &str = "
    ALTER TABLE community RENAME COLUMN id TO community_id;
    ALTER TABLE session RENAME COLUMN community TO community_id;
    ALTER TABLE round RENAME COLUMN community TO community_id;
    ALTER TABLE household RENAME COLUMN community TO community_id;
    ALTER TABLE resident RENAME COLUMN community TO community_id;
    ALTER TABLE access_log RENAME COLUMN community TO community_id;
";

const PLACES: &str = "
    ALTER TABLE community ADD COLUMN place TEXT;
    CREATE TABLE place (
        id TEXT PRIMARY KEY, parent TEXT, kind TEXT NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE place_move (
        number INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, moved TEXT NOT NULL,
        from_place TEXT, to_place TEXT
    ) STRICT;
    CREATE TABLE place_crews (
        place TEXT PRIMARY KEY, crews TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL
    ) STRICT;
";

/// What was destroyed and not searched for yet.
const UNPROVED: &str = "
    CREATE TABLE unproved (
        community_id TEXT NOT NULL, number INTEGER NOT NULL, who TEXT NOT NULL, resident TEXT, why TEXT NOT NULL,
        gone INTEGER NOT NULL, pieces BLOB NOT NULL,
        PRIMARY KEY (community_id, number)
    ) STRICT;
";

const FACTORS: &str = "
    ALTER TABLE invitation ADD COLUMN account TEXT;
    CREATE TABLE account_log (
        number INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT, what TEXT NOT NULL, who TEXT NOT NULL
    ) STRICT;
    CREATE INDEX account_log_at ON account_log (at);
    CREATE TABLE second_factor (
        account TEXT PRIMARY KEY REFERENCES account ON DELETE CASCADE, secret BLOB NOT NULL, is_asked INTEGER NOT NULL,
        last_step INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE recovery_code (
        hash BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE
    ) STRICT;
";

/// Who signed up to help, and their rosters.
const VOLUNTEERS: &str = "
    CREATE TABLE volunteering (
        community_id TEXT PRIMARY KEY REFERENCES community, wrapped_key BLOB, code INTEGER NOT NULL,
        code_until INTEGER NOT NULL, retain_until INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE volunteer (
        community_id TEXT NOT NULL REFERENCES community, id TEXT NOT NULL, created INTEGER NOT NULL,
        retain_until INTEGER NOT NULL, link INTEGER NOT NULL, cells BLOB NOT NULL,
        PRIMARY KEY (community_id, id)
    ) STRICT;
    CREATE TABLE roster (
        community_id TEXT NOT NULL REFERENCES community, scenario TEXT NOT NULL, version INTEGER NOT NULL,
        at INTEGER NOT NULL, content TEXT NOT NULL,
        PRIMARY KEY (community_id, scenario)
    ) STRICT;
";

/// What neighbours need and offer.
const EXCHANGE: &str = "
    CREATE TABLE exchange (
        community_id TEXT NOT NULL REFERENCES community, number INTEGER NOT NULL, event BLOB NOT NULL,
        PRIMARY KEY (community_id, number)
    ) STRICT;
";

/// Who invited whom.
const INVITED: &str = "
    CREATE TABLE invited (account TEXT PRIMARY KEY, made_by TEXT, appointed INTEGER NOT NULL) STRICT;
";

/// What a city keeps, and who looks after its districts.
const CITIES: &str = "
    CREATE TABLE place_city (
        place TEXT NOT NULL, what TEXT NOT NULL, document TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL,
        PRIMARY KEY (place, what)
    ) STRICT;
    CREATE TABLE place_district (
        place TEXT NOT NULL, name TEXT NOT NULL, holder TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL,
        PRIMARY KEY (place, name)
    ) STRICT;
";

/// Who looks after a city's labs.
const LABS: &str = "
    CREATE TABLE place_lab (
        place TEXT NOT NULL, name TEXT NOT NULL, holder TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL,
        PRIMARY KEY (place, name)
    ) STRICT;
";

/// The newest version that this program knows.
pub(super) const KNOWN: i64 = 10;

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

/// Says what the file was being asked when it said no.
fn doing(doing: &'static str) -> impl Fn(rusqlite::Error) -> PeopleError {
    move |source| doing_with(doing)(source.into())
}

/// Some pragmas answer with what they are now, others with nothing.
fn no_answer(error: rusqlite::Error) -> rusqlite::Result<()> {
    if matches!(error, rusqlite::Error::QueryReturnedNoRows) { Ok(()) } else { Err(error) }
}

fn upgrade(connection: &mut Connection, path: &Path) -> Result<(), PeopleError> {
    let upgrade = doing("upgrade");
    let changes = connection.transaction().map_err(&upgrade)?;
    let found = version(&changes).map_err(&upgrade)?;
    if !(0..=KNOWN).contains(&found) {
        return Err(PeopleError::Newer { path: path.to_owned(), found, known: KNOWN });
    }
    let missing = STEPS.iter().filter(|(version, _)| found > 0 && *version > found).map(|(_, step)| step);
    for text in (found == 0).then_some(&NOW).into_iter().chain(missing) {
        changes.execute_batch(text).map_err(&upgrade)?;
    }
    if found < KNOWN {
        let write = "INSERT INTO meta (key, value) VALUES ('version', ?1) \
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        changes.execute(write, [KNOWN.to_string().into_bytes()]).map_err(&upgrade)?;
    }
    changes.commit().map_err(&upgrade)
}

/// The version of a file; 0 if it has none of our tables.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    let has_meta = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'";
    if connection.query_row(has_meta, [], |_| Ok(())).optional()?.is_none() {
        return Ok(0);
    }
    let text = "SELECT value FROM meta WHERE key = 'version'";
    let version: Vec<u8> = connection.query_row(text, [], |row| row.get(0))?;
    Ok(String::from_utf8_lossy(&version).parse().unwrap_or(i64::MAX))
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
    use crate::people::{
        People,
        id::RoundId,
        names::{Import, Looks},
    };

    #[test]
    fn a_file_of_a_newer_program_is_refused_and_left_as_it_is() {
        let data = tempfile::tempdir().unwrap();
        drop(People::open(data.path()).unwrap());
        let path = data.path().join("people.sqlite");
        let connection = Connection::open(&path).unwrap();
        connection.execute("UPDATE meta SET value = CAST('99' AS BLOB) WHERE key = 'version'", []).unwrap();
        drop(connection);
        let refused = People::open(data.path()).unwrap_err();
        assert!(matches!(refused, PeopleError::Newer { found: 99, known: KNOWN, .. }), "{refused:?}");
    }

    /// Version 1 and its key, as the program of that time wrote them. They are never made anew.
    const VERSION_1: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/people-1");

    /// Made the file of version 1, and is kept to say what stands in it.
    #[test]
    #[ignore = "it made a file that is kept"]
    fn make_version_1() {
        let data = tempfile::tempdir().unwrap();
        let people = People::open(data.path()).unwrap();
        let community = people.make_community("Willow Court", 0).unwrap().id;
        let csv =
            "building,entrance,door,name,phone\n12,2,301,Example One,13800000001\n12,2,302,Example Two,\n";
        let (roll, cells, notes) =
            scenario::roll::read_roll_with_cells("roll.csv", csv.as_bytes(), &mut |_, _| {});
        assert!(!notes.refuses(), "{notes:?}");
        let round = RoundId::draw();
        let retain_until = 4_000_000_000;
        let import = Import { community, round, retain_until, roll: &roll, cells: &cells };
        people.import(&import, Looks { who: "owner", why: "a fixture", now: 0 }).unwrap();
        let link = people.first_link(0).unwrap().unwrap();
        people.accept(&link.hash(), "anna", "no password", 0).unwrap();
        drop(people);
        fs::create_dir_all(VERSION_1).unwrap();
        for (from, to) in [("people.sqlite", "people.sqlite"), ("keys/master.key", "master.key")] {
            fs::copy(data.path().join(from), Path::new(VERSION_1).join(to)).unwrap();
        }
    }

    #[test]
    fn a_file_of_version_1_is_read_and_written_on() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir_all(data.path().join("keys")).unwrap();
        for (from, to) in [("people.sqlite", "people.sqlite"), ("master.key", "keys/master.key")] {
            fs::copy(Path::new(VERSION_1).join(from), data.path().join(to)).unwrap();
        }
        let people = People::open(data.path()).unwrap();
        let community = people.communities().unwrap()[0].clone();
        assert_eq!(community.name, "Willow Court");
        let looks = Looks { who: "owner", why: "a test", now: 100 };
        let names = |people: &People| -> Vec<String> {
            let mut names: Vec<String> =
                people.read_all(community.id, looks).unwrap().into_iter().map(|one| one.cells.name).collect();
            names.sort_unstable();
            names
        };
        assert_eq!(names(&people), ["Example One", "Example Two"]);
        let anna = people.accounts().unwrap()[0].clone();
        assert_eq!(anna.login, "anna");
        let cookie = people.sign_in(anna.id, 100).unwrap().hash();
        assert!(people.session(&cookie, 101).unwrap().is_some());
        let one = people.read_all(community.id, looks).unwrap()[0].id;
        assert_eq!(people.erase(community.id, one, looks).unwrap().found, 0);
        drop(people);
        assert_eq!(names(&People::open(data.path()).unwrap()).len(), 1);
    }

    /// All tables and indices of a file, but for how they came about.
    fn shape(path: &Path) -> Vec<String> {
        let connection = Connection::open(path).unwrap();
        let text = "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk \
                    FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' UNION ALL \
                    SELECT m.name || ': ' || l.name || ' ' || i.seqno || ' ' || i.name \
                    FROM sqlite_schema m JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) i \
                    WHERE m.type = 'table' UNION ALL \
                    SELECT m.name || ' -> ' || f.\"table\" || ' ' || f.\"from\" || ' ' || coalesce(f.\"to\", '') \
                    FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f ORDER BY 1";
        let mut statement = connection.prepare(text).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    }

    #[test]
    fn a_file_of_version_1_becomes_what_a_new_one_is() {
        let data = tempfile::tempdir().unwrap();
        let [old, new] = ["old", "new"].map(|name| data.path().join(name));
        fs::copy(Path::new(VERSION_1).join("people.sqlite"), &old).unwrap();
        drop((open(&old).unwrap(), open(&new).unwrap()));
        assert!(shape(&new).len() > 50);
        assert_eq!(shape(&old), shape(&new));
    }

    #[test]
    fn the_file_is_written_as_it_should_be() {
        let data = tempfile::tempdir().unwrap();
        let people = People::open(data.path()).unwrap();
        let connection = people.db.connection().unwrap();
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
