//! Scenarios in a database, so that every process sees the same.

use super::{Changes, Id, Kept, Listed, New, StoreError, Written, changed, folder, kept, theirs};
use crate::{
    access::{role::Place, who::Who},
    db::{self, Database, Db, FormError, On, Tables, values},
    limits,
};
use jiff::Timestamp;
use scenario::Files;
use uuid::Uuid;

/// Connections of a process: scenarios are read and written now and then.
const CONNECTIONS: usize = 2;

/// A scenario is for a place, which may be above many communities; those of before there were places have none until it is said
/// (`placing`). One that was removed keeps its row, with when; its id is free again.
pub(crate) const TABLES: Tables = Tables {
    schema: "scenarios",
    form: 2,
    text: "
    CREATE TABLE scenario (
        key TEXT PRIMARY KEY, id TEXT NOT NULL, named TEXT, name TEXT NOT NULL, version TEXT NOT NULL,
        changed INTEGER NOT NULL, removed INTEGER, place TEXT
    ) STRICT;
    CREATE UNIQUE INDEX scenario_id ON scenario (id) WHERE removed IS NULL;
    CREATE TABLE file (
        scenario TEXT NOT NULL REFERENCES scenario, path TEXT NOT NULL, content BLOB NOT NULL,
        PRIMARY KEY (scenario, path)
    ) STRICT;
    ",
    steps: &[(2, PLACES)],
};

const PLACES: &str = "ALTER TABLE scenario ADD COLUMN place TEXT;";

/// The rows.
pub(super) struct Shared(Db);

impl Shared {
    pub(super) fn open(database: &Database) -> Result<Shared, StoreError> {
        let db = Db::shared(database, TABLES.schema, CONNECTIONS);
        db.alone(StoreError::Database, |on| {
            db::bring_up(on, &TABLES).map_err(|error| match error {
                FormError::Newer(..) => StoreError::Newer,
                FormError::Database(error) => StoreError::Database(error),
            })
        })?;
        Ok(Shared(db))
    }

    pub(super) fn list(&self) -> Result<Vec<Listed>, StoreError> {
        let text = "SELECT id, name, version, changed, place FROM scenario WHERE removed IS NULL ORDER BY changed DESC, id";
        let listed = self.0.all(text, &[], |row| {
            let changed = Timestamp::from_microsecond(row.get(3)?).ok().map(|at| at.to_string());
            let place = place_of(row.get(4)?);
            Ok(Listed { id: row.get(0)?, name: row.get(1)?, version: row.get(2)?, changed, place })
        });
        listed.map_err(StoreError::Database)
    }

    pub(super) fn get(&self, id: &Id) -> Result<Kept, StoreError> {
        self.0.read(StoreError::Database, |on| Ok(read(on, id)?.1))
    }

    pub(super) fn create(&self, new: &New, files: &Files) -> Result<Kept, StoreError> {
        self.0.change(StoreError::Database, |on| {
            let text = "SELECT id FROM scenario WHERE removed IS NULL";
            let ids: Vec<String> = on.all(text, &[], |row| row.get(0))?;
            if ids.len() >= limits::SCENARIOS {
                return Err(StoreError::Full);
            }
            let id = new.id(|id| !ids.iter().any(|of| of == id.as_str()));
            let kept = kept(&id, files.clone(), new.named.clone(), new.place);
            let key = Uuid::new_v4().to_string();
            insert(on, &key, &kept, new.named.as_ref(), now())?;
            for (path, content) in &files.0 {
                put(on, &key, path, content)?;
            }
            Ok(kept)
        })
    }

    pub(super) fn change(
        &self,
        who: &Who,
        id: &Id,
        version: &str,
        changes: &Changes,
    ) -> Result<Written, StoreError> {
        self.0.change(StoreError::Database, |on| {
            let (Found { key, named, .. }, before) = read(on, id)?;
            theirs(who, before.place)?;
            if before.version != version {
                return Ok(Written::Conflict(before));
            }
            let (files, name) = changed(&before, changes)?;
            let named = name.unwrap_or(named);
            let after = kept(id, files, named.clone(), changes.place.unwrap_or(before.place));
            for path in changes.files.keys() {
                match (before.files.0.get(path), after.files.0.get(path)) {
                    (before, after) if before == after => {}
                    (_, Some(content)) => put(on, &key, path, content)?,
                    (_, None) => {
                        let text = "DELETE FROM file WHERE scenario = ?1 AND path = ?2";
                        on.execute(text, values![key, path])?;
                    }
                }
            }
            if after.version != before.version {
                let text =
                    "UPDATE scenario SET named = ?2, name = ?3, version = ?4, changed = ?5 WHERE key = ?1";
                on.execute(text, values![key, named, after.name, after.version, now()])?;
            }
            if after.place != before.place {
                let text = "UPDATE scenario SET place = ?2 WHERE key = ?1";
                on.execute(text, values![key, after.place.to_string()])?;
            }
            Ok(Written::Now(after))
        })
    }

    pub(super) fn remove(&self, who: &Who, id: &Id) -> Result<(), StoreError> {
        self.0.change(StoreError::Database, |on| {
            let text = "SELECT place FROM scenario WHERE id = ?1 AND removed IS NULL";
            let place = on.optional(text, values![id.as_str()], |row| row.get(0))?;
            theirs(who, place_of(place.ok_or(StoreError::Unknown)?))?;
            let text = "UPDATE scenario SET removed = ?2 WHERE id = ?1 AND removed IS NULL";
            on.execute(text, values![id.as_str(), now()])?;
            Ok(())
        })
    }

    pub(super) fn unplaced(&self) -> Result<Vec<Id>, StoreError> {
        let text = "SELECT id FROM scenario WHERE removed IS NULL AND place IS NULL ORDER BY id";
        let ids = self.0.all(text, &[], |row| row.get::<String>(0)).map_err(StoreError::Database)?;
        Ok(ids.iter().filter_map(|id| Id::parse(id)).collect())
    }

    pub(super) fn put_in(&self, id: &Id, place: Place) -> Result<(), StoreError> {
        // Another process may have said it meanwhile, or somebody moved it.
        let text = "UPDATE scenario SET place = ?2 WHERE id = ?1 AND removed IS NULL AND place IS NULL";
        let placed = self.0.execute(text, values![id.as_str(), place.to_string()]);
        placed.map(drop).map_err(StoreError::Database)
    }
}

/// Writes a scenario of a folder, wherever the connection looks for tables, and reads it back.
pub(super) fn copied(on: &On<'_>, kept: &Kept, changed: Timestamp) -> Result<Kept, StoreError> {
    on.batch("SET LOCAL search_path = scenarios")?;
    // Its own name is part of its version.
    let named = (folder::version(&kept.files, None) != kept.version).then_some(&kept.name);
    let key = Uuid::new_v4().to_string();
    insert(on, &key, kept, named, changed.as_microsecond())?;
    for (path, content) in &kept.files.0 {
        put(on, &key, path, content)?;
    }
    Ok(read(on, &kept.id)?.1)
}

/// All scenarios, wherever the connection looks for tables, each with the name that it has of its own.
pub(super) fn all(on: &On<'_>) -> Result<Vec<(Kept, Option<String>)>, StoreError> {
    on.batch("SET LOCAL search_path = scenarios")?;
    let text = "SELECT id FROM scenario WHERE removed IS NULL ORDER BY id";
    let ids: Vec<String> = on.all(text, &[], |row| row.get(0))?;
    let ids = ids.iter().filter_map(|id| Id::parse(id));
    ids.map(|id| read(on, &id).map(|(found, kept)| (kept, found.named))).collect()
}

fn insert(
    on: &On<'_>,
    key: &str,
    kept: &Kept,
    named: Option<&String>,
    changed: i64,
) -> Result<(), StoreError> {
    let place = kept.place.to_string();
    let text = "INSERT INTO scenario (key, id, named, name, version, changed, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    on.execute(text, values![key, kept.id.as_str(), named, kept.name, kept.version, changed, place])?;
    Ok(())
}

/// A row of a scenario.
struct Found {
    key: String,
    named: Option<String>,
    place: Place,
}

/// What cannot be read opens nothing.
fn place_of(text: Option<String>) -> Place {
    text.and_then(|text| Place::parse(&text)).unwrap_or(Place::All)
}

/// A scenario with its files, in one question: they are of one moment.
fn read(on: &On<'_>, id: &Id) -> Result<(Found, Kept), StoreError> {
    let text = "SELECT s.key, s.named, f.path, f.content, s.place FROM scenario s LEFT JOIN file f ON f.scenario = s.key \
                WHERE s.id = ?1 AND s.removed IS NULL";
    let mut found = None;
    let mut files = Files::default();
    on.each(text, values![id.as_str()], |row| {
        found = Some(Found { key: row.get(0)?, named: row.get(1)?, place: place_of(row.get(4)?) });
        if let Some(path) = row.get(2)? {
            files.0.insert(path, row.get(3)?);
        }
        Ok(())
    })?;
    let found = found.ok_or(StoreError::Unknown)?;
    let kept = kept(id, files, found.named.clone(), found.place);
    Ok((found, kept))
}

fn put(on: &On<'_>, key: &str, path: &str, content: &[u8]) -> Result<(), StoreError> {
    let text = "INSERT INTO file (scenario, path, content) VALUES (?1, ?2, ?3) \
                ON CONFLICT (scenario, path) DO UPDATE SET content = excluded.content";
    Ok(on.execute(text, values![key, path, content]).map(drop)?)
}

/// Microseconds since 1970.
fn now() -> i64 {
    Timestamp::now().as_microsecond()
}

impl From<db::Error> for StoreError {
    fn from(error: db::Error) -> StoreError {
        StoreError::Database(error)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::{super::Store, *};
    use crate::db::both::Place as Disk;
    use std::collections::BTreeMap;

    fn files(text: &str) -> Files {
        Files(BTreeMap::from([("scenario.toml".to_owned(), text.as_bytes().to_vec())]))
    }

    #[test]
    fn a_scenario_is_the_same_in_folders_and_in_rows() {
        let told = |store: &Store| {
            let made = store.create(Place::All, Some("Tuesday"), "hint", &files("format = 1")).unwrap();
            let again = store.create(Place::All, Some("Tuesday"), "hint", &files("format = 1")).unwrap();
            let mut changes = Changes::default();
            changes.files.insert("roll.csv".to_owned(), Some(b"door".to_vec()));
            let Written::Now(now) = store.change(&Who::Owner, &made.id, &made.version, &changes).unwrap()
            else {
                panic!()
            };
            let Written::Conflict(kept) =
                store.change(&Who::Owner, &made.id, &made.version, &changes).unwrap()
            else {
                panic!()
            };
            assert_eq!(kept, now);
            changes.files.insert("roll.csv".to_owned(), None);
            changes.name = Some("Wednesday".to_owned());
            let Written::Now(renamed) = store.change(&Who::Owner, &made.id, &now.version, &changes).unwrap()
            else {
                panic!()
            };
            let clash = Changes {
                files: BTreeMap::from([("scenario.toml/a".to_owned(), Some(Vec::new()))]),
                ..Changes::default()
            };
            assert!(matches!(
                store.change(&Who::Owner, &made.id, &renamed.version, &clash),
                Err(StoreError::Clash(_))
            ));
            store.remove(&Who::Owner, &again.id).unwrap();
            assert!(matches!(store.get(&Who::Owner, &again.id), Err(StoreError::Unknown)));
            assert!(matches!(store.remove(&Who::Owner, &again.id), Err(StoreError::Unknown)));
            let third = store.create(Place::All, Some("Tuesday"), "hint", &files("format = 1")).unwrap();
            assert_eq!(third.id, again.id, "what was removed has left its name");
            let listed: Vec<_> = store
                .list(&Who::Owner)
                .unwrap()
                .0
                .into_iter()
                .map(|of| (of.id, of.name, of.version))
                .collect();
            (made, now, renamed, third, listed)
        };
        let [of_folders, of_rows] = [Disk::file(), Disk::shared()].map(|place| told(&place.store()));
        assert_eq!(of_folders, of_rows);
    }

    /// The tables of form 1, as the program of that time made them. They are never changed.
    const FORM_1: &str = "
        CREATE SCHEMA scenarios;
        CREATE TABLE scenarios.form (form BIGINT PRIMARY KEY);
        INSERT INTO scenarios.form VALUES (1);
        CREATE TABLE scenarios.scenario (
            key TEXT PRIMARY KEY, id TEXT NOT NULL, named TEXT, name TEXT NOT NULL, version TEXT NOT NULL,
            changed BIGINT NOT NULL, removed BIGINT
        );
        CREATE UNIQUE INDEX scenario_id ON scenarios.scenario (id) WHERE removed IS NULL;
        CREATE TABLE scenarios.file (
            scenario TEXT NOT NULL REFERENCES scenarios.scenario, path TEXT NOT NULL, content BYTEA NOT NULL,
            PRIMARY KEY (scenario, path)
        );
        INSERT INTO scenarios.scenario VALUES ('k', 'tuesday', NULL, 'Tuesday', 'v', 1, NULL);
        INSERT INTO scenarios.file VALUES ('k', 'roll.csv', 'door');
    ";

    #[test]
    fn scenarios_of_before_there_were_places_are_kept_for_those_who_plan_everywhere() {
        let disk = Disk::shared();
        let db = Db::shared(disk.database().unwrap(), "public", 1);
        db.alone(StoreError::Database, |on| on.batch(FORM_1).map_err(StoreError::Database)).unwrap();
        drop(db);
        let store = disk.store();
        let listed = store.list(&Who::Owner).unwrap().0;
        assert_eq!(
            listed.iter().map(|of| (&*of.id, of.place)).collect::<Vec<_>>(),
            [("tuesday", Place::All)]
        );
        let id = Id::parse("tuesday").unwrap();
        assert_eq!(store.unplaced().unwrap(), std::slice::from_ref(&id));
        let kept = store.get(&Who::Owner, &id).unwrap();
        assert_eq!(kept.files.0["roll.csv"], b"door");
        assert!(matches!(store.get(&Who::Nobody, &id), Err(StoreError::Unknown)));
        store.put_in(&id, Place::All).unwrap();
        assert!(store.unplaced().unwrap().is_empty());
        drop(store);
        assert!(disk.store().unplaced().unwrap().is_empty(), "brought up once");
    }

    #[test]
    fn what_one_process_wrote_another_sees_and_does_not_write_over() {
        let (place, beside) = (Disk::shared(), tempfile::tempdir().unwrap());
        let one = place.store();
        let two = Store::shared(beside.path(), place.database().unwrap()).unwrap();
        let made = one.create(Place::All, Some("Tuesday"), "hint", &files("format = 1")).unwrap();
        assert_eq!(two.get(&Who::Owner, &made.id).unwrap(), made);
        let write = |store: &Store, text: &str| {
            let changes = Changes {
                files: files(text).0.into_iter().map(|(path, of)| (path, Some(of))).collect(),
                ..Changes::default()
            };
            store.change(&Who::Owner, &made.id, &made.version, &changes).unwrap()
        };
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| write(&one, "format = 1 # one"));
            let second = scope.spawn(|| write(&two, "format = 1 # two"));
            (first.join().unwrap(), second.join().unwrap())
        });
        let now = [&first, &second].map(|written| matches!(written, Written::Now(_)));
        assert!(now[0] != now[1], "one was first: {now:?}");
    }
}
