//! `shouhu backup`, `restore` and `verify` as programs: what was kept comes back, and what is not as it was is named.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../../journal/tests/parts/cluster.rs"]
mod cluster;
mod terminal;

use journal::{Answer, Head, Journal, Log, LogName, SecretKey, Slice, Tail, sqlite::FILE};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use server::People;
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};
use tempfile::TempDir;
use terminal::{json, shouhu, told};

const COMMUNITY: [u8; 16] = [0xc0; 16];
const COMMUNITY_TEXT: &str = "c0c0c0c0-c0c0-c0c0-c0c0-c0c0c0c0c0c0";

fn log(device: u8) -> Log {
    let name = LogName { community: COMMUNITY, device: [device; 16] };
    Log { name, book: [5; 16], key: SecretKey::from_random([device; 32]).public() }
}

/// Opens the journal of a data folder.
fn open(data: &Path) -> Journal {
    Journal::open(&data.join("journal")).unwrap()
}

/// A device writes so many frames more, and is told that they are stored.
fn write(journal: &Journal, device: u8, head: Head, count: u64) -> Head {
    let name = log(device).name;
    let mut tail = Tail::new(name, head);
    for seq in head.seq + 1..=head.seq + count {
        let mut id = [device; 16];
        id[..8].copy_from_slice(&seq.to_le_bytes());
        tail.append(id, format!("{{\"event\":{seq}}}").into_bytes());
    }
    let slice: Slice = tail.slice(&SecretKey::from_random([device; 32])).unwrap();
    let (answer, answered) = mpsc::channel();
    journal.append(name, slice, 0, move |what| answer.send(what).unwrap());
    match answered.recv().unwrap() {
        Answer::Stored { head, .. } => head,
        other => panic!("{other:?}"),
    }
}

/// A folder with a data folder in it, as a server leaves one: a scenario, a community, two devices with 8 and 5 frames.
fn filled() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    told(home.path(), &["init", "data/scenarios/court", "--example", "flu-clinic", "--json"]);
    fs::write(data.join("scenarios/court/.name"), "Court").unwrap();
    People::open(&data).unwrap().make_community("Willow Court", 0).unwrap();
    let journal = open(&data);
    (1..=2).for_each(|device| journal.enrol(log(device)).unwrap());
    let head = write(&journal, 1, Head::of_nothing(log(1).name), 3);
    write(&journal, 1, head, 5);
    write(&journal, 2, Head::of_nothing(log(2).name), 5);
    home
}

/// All files of a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let inside = path.strip_prefix(folder).unwrap().display().to_string();
                files.insert(inside, fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn change(journal: &Path, sql: &str) {
    assert!(Connection::open(journal).unwrap().execute(sql, []).unwrap() > 0);
}

/// The faults that a refused command names.
fn faults(home: &Path, args: &[&str]) -> Vec<Value> {
    let (found, status) = json(home, args);
    assert_eq!(status, 1, "{found}");
    found["faults"].as_array().unwrap_or_else(|| panic!("{found}")).clone()
}

fn code(home: &Path, args: &[&str]) -> String {
    let (found, status) = json(home, args);
    assert_eq!(status, 1, "{found}");
    let note = &found["notes"][0];
    assert!(!note["message"].as_str().unwrap().contains("keep."), "{note}");
    note["code"].as_str().unwrap().to_owned()
}

#[test]
fn what_was_kept_comes_back_and_the_key_is_kept_elsewhere() {
    let home = filled();
    let at = home.path();
    fs::write(at.join("data/notes.txt"), "mine").unwrap();
    let kept = told(at, &["backup", "kept", "--data", "data", "--json"]);
    assert_eq!((&kept["logs"], &kept["frames"], &kept["keys"]), (&json!(2), &json!(13), &json!(false)));
    assert_eq!(kept["left_out"], json!(["notes.txt"]));
    assert!(!at.join("kept/keys").exists() && !at.join("kept.partial").exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for path in ["kept", "kept/people.sqlite", "kept/scenarios/court/scenario.toml"] {
            assert_eq!(fs::metadata(at.join(path)).unwrap().permissions().mode() & 0o077, 0, "{path}");
        }
    }
    assert_eq!(told(at, &["verify", "kept", "--json"])["faults"], json!([]));
    assert_eq!(told(at, &["verify", "--data", "data", "--against", "kept", "--json"])["frames"], 13);

    let back = told(at, &["restore", "kept", "--data", "back", "--json"]);
    assert_eq!((&back["logs"], &back["frames"]), (&json!(2), &json!(13)));
    assert_eq!(files(&at.join("back/scenarios")), files(&at.join("data/scenarios")));
    let said = shouhu(at, &["verify", "--data", "back", "--against", "kept"]);
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(
        said.status.success() && text.contains("2 logs, 13 frames") && text.contains("is there"),
        "{text}"
    );

    // Without the key the names stay closed; with it all is as it was.
    assert!(matches!(People::open(&at.join("back")), Err(server::PeopleError::KeyMissing(_))));
    fs::create_dir(at.join("back/keys")).unwrap();
    fs::copy(at.join("data/keys/master.key"), at.join("back/keys/master.key")).unwrap();
    let people = People::open(&at.join("back")).unwrap();
    assert_eq!(people.communities().unwrap()[0].name, "Willow Court");
    let journal = open(&at.join("back"));
    let held = journal.heads(COMMUNITY).unwrap();
    write(&journal, 1, held[0].head, 2);
}

#[test]
fn keys_are_kept_where_they_are_asked_for_and_both_ways_are_said() {
    let home = filled();
    let at = home.path();
    let said = |args: &[&str]| String::from_utf8(shouhu(at, args).stdout).unwrap();
    let without = said(&["backup", "one", "--data", "data"]);
    assert!(without.contains("holds no keys"), "{without}");
    let with = said(&["backup", "two", "--data", "data", "--with-keys"]);
    assert!(with.contains("reads every name"), "{with}");
    assert_eq!(
        fs::read(at.join("two/keys/master.key")).unwrap(),
        fs::read(at.join("data/keys/master.key")).unwrap()
    );
    let restored = said(&["restore", "one", "--data", "three"]);
    assert!(restored.contains("keys/master.key"), "{restored}");
    let restored = said(&["restore", "two", "--data", "four"]);
    assert!(!restored.contains("keys/master.key"), "{restored}");
    People::open(&at.join("four")).unwrap();
    fs::remove_file(at.join("data/keys/master.key")).unwrap();
    assert_eq!(code(at, &["backup", "five", "--data", "data", "--with-keys", "--json"]), "no_keys");
}

#[test]
fn a_flipped_bit_is_named_in_the_data_folder_and_in_a_backup_and_neither_is_used() {
    let home = filled();
    let at = home.path();
    told(at, &["backup", "kept", "--data", "data", "--json"]);
    let flip = |journal: &Path| {
        let db = Connection::open(journal).unwrap();
        let which = params![[1u8; 16], 8];
        let text = "SELECT frames FROM slice WHERE device = ?1 AND last_seq = ?2";
        let mut frames: Vec<u8> = db.query_row(text, which, |row| row.get(0)).unwrap();
        frames[30] ^= 1;
        let text = "UPDATE slice SET frames = ?3 WHERE device = ?1 AND last_seq = ?2";
        db.execute(text, params![[1u8; 16], 8, frames]).unwrap();
    };
    flip(&at.join("data/journal").join(FILE));
    let found = faults(at, &["verify", "--data", "data", "--json"]);
    assert_eq!(found.len(), 1, "{found:?}");
    let device = "01010101-0101-0101-0101-010101010101";
    for (name, value) in [
        ("community", json!(COMMUNITY_TEXT)),
        ("device", json!(device)),
        ("seq", json!(4)),
        ("last", json!(8)),
        ("what", json!("changed")),
    ] {
        assert_eq!(found[0][name], value, "{found:?}");
    }
    let said = shouhu(at, &["verify", "--data", "data"]);
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(text.contains(&format!("device {device}: frames 4 to 8")), "{text}");
    assert_eq!(faults(at, &["verify", "data/journal/journal.sqlite", "--json"]), found);
    // No backup is made of it.
    assert_eq!(faults(at, &["backup", "second", "--data", "data", "--json"])[0]["what"], "changed");
    assert!(!at.join("second").exists() && !at.join("second.partial").exists());

    // Of a backup, the file is named, and the frames.
    flip(&at.join("kept/journal").join(FILE));
    let found = faults(at, &["restore", "kept", "--data", "back", "--json"]);
    let what: Vec<&str> = found.iter().map(|fault| fault["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["changed", "file_changed"]);
    assert!(!at.join("back").exists());
}

#[test]
fn files_of_a_backup_that_are_missing_or_others_are_named() {
    let home = filled();
    let at = home.path();
    told(at, &["backup", "kept", "--data", "data", "--json"]);
    fs::write(at.join("kept/scenarios/court/.name"), "Other").unwrap();
    fs::remove_file(at.join("kept/scenarios/court/scenario.toml")).unwrap();
    let mut people = fs::read(at.join("kept/people.sqlite")).unwrap();
    people[5000..9000].fill(0x55);
    fs::write(at.join("kept/people.sqlite"), people).unwrap();
    let found = faults(at, &["verify", "kept", "--json"]);
    let named = |what: &str, path: &str| {
        found.iter().any(|fault| fault["what"] == what && fault["path"].as_str().is_none_or(|at| at == path))
    };
    assert!(named("file_changed", "scenarios/court/.name"), "{found:?}");
    assert!(named("file_missing", "scenarios/court/scenario.toml"), "{found:?}");
    assert!(named("people_damaged", ""), "{found:?}");
}

#[test]
fn a_truncated_tail_and_a_rewound_journal_are_named_against_a_backup() {
    let home = filled();
    let at = home.path();
    fs::create_dir(at.join("older")).unwrap();
    let path = at.join("data/journal").join(FILE);
    {
        // Before the last upload.
        let journal = open(&at.join("data"));
        journal::sqlite::backup(&path, &at.join("older/journal.sqlite"), &|_| {}).unwrap();
        let held = journal.heads(COMMUNITY).unwrap();
        write(&journal, 2, held[1].head, 4);
    }
    told(at, &["backup", "kept", "--data", "data", "--json"]);
    // What was written last may stand beside the file.
    let settle = "PRAGMA wal_checkpoint(TRUNCATE)";
    let busy: bool = Connection::open(&path).unwrap().query_row(settle, [], |row| row.get(0)).unwrap();
    assert!(!busy);
    let whole = fs::read(&path).unwrap();
    let put = |bytes: Vec<u8>| {
        // What SQLite keeps beside its file belongs to the old one.
        ["journal.sqlite-wal", "journal.sqlite-shm"].iter().for_each(|name| {
            let _ = fs::remove_file(at.join("data/journal").join(name));
        });
        fs::write(&path, bytes).unwrap();
    };

    // The tail is gone, and what the log says of itself as well: nothing within the file tells.
    put(fs::read(at.join("older/journal.sqlite")).unwrap());
    assert_eq!(told(at, &["verify", "--data", "data", "--json"])["faults"], json!([]));
    let found = faults(at, &["verify", "--data", "data", "--against", "kept", "--json"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["device"], "02020202-0202-0202-0202-020202020202");
    assert_eq!((&found[0]["what"], &found[0]["seq"]), (&json!("rewound"), &json!(6)));
    assert_eq!((&found[0]["had"], &found[0]["has"]), (&json!(9), &json!(5)));

    // Rows were deleted alone: the log itself says so, too.
    put(whole);
    change(&path, "DELETE FROM slice WHERE device = x'02020202020202020202020202020202' AND last_seq = 9");
    let found = faults(at, &["verify", "--data", "data", "--against", "kept/manifest.json", "--json"]);
    let what: Vec<&str> = found.iter().map(|fault| fault["what"].as_str().unwrap()).collect();
    assert!(what.contains(&"tail_lost") && what.contains(&"rewound"), "{found:?}");

    // And the whole journal.
    fs::remove_dir_all(at.join("data/journal")).unwrap();
    let found = faults(at, &["verify", "--data", "data", "--against", "kept", "--json"]);
    assert_eq!(found.len(), 2);
    assert_eq!((&found[0]["had"], &found[0]["has"]), (&json!(8), &json!(0)));
}

/// The writer is this process, the backup another.
#[test]
fn a_backup_is_whole_though_another_process_writes_all_the_while() {
    let home = filled();
    let at = home.path();
    let journal = open(&at.join("data"));
    let people = People::open(&at.join("data")).unwrap();
    let mut head = journal.heads(COMMUNITY).unwrap()[0].head;
    let done = AtomicBool::new(false);
    // A change spoils two readings at most, and after ten a backup gives up.
    let changes = AtomicU32::new(0);
    let (mut last, mut grew) = (0, 0);
    let written = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut number = 0;
            while !done.load(Ordering::Relaxed) {
                head = write(&journal, 1, head, 3);
                people.make_community(&format!("Court {number}"), 0).unwrap();
                // Two files that belong together, one after the other.
                let court = at.join("data/scenarios/court");
                if changes.fetch_add(1, Ordering::Relaxed) < 4 {
                    fs::write(court.join("one.txt"), number.to_string()).unwrap();
                    fs::write(court.join("two.txt"), number.to_string()).unwrap();
                }
                number += 1;
                thread::sleep(Duration::from_millis(40));
            }
            head.seq
        });
        let seq = || journal.heads(COMMUNITY).unwrap()[0].head.seq;
        let mut seen = 0;
        for round in 0..4 {
            // A backup can be quicker than the writer.
            while seq() <= seen {
                thread::sleep(Duration::from_millis(5));
            }
            let to = format!("kept-{round}");
            changes.store(0, Ordering::Relaxed);
            let kept = told(at, &["backup", &to, "--data", "data", "--json"]);
            seen = seq();
            assert_eq!(told(at, &["verify", &to, "--json"])["faults"], json!([]));
            let frames = kept["frames"].as_u64().unwrap();
            grew += u64::from(frames > last);
            last = frames;
            // What is there now continues what was there then.
            told(at, &["verify", "--data", "data", "--against", &to, "--json"]);
        }
        done.store(true, Ordering::Relaxed);
        writer.join().unwrap()
    });
    assert!(grew == 4 && written + 5 >= last, "{grew} {written} {last}");
}

#[test]
fn a_folder_that_holds_something_is_never_written_to() {
    let home = filled();
    let at = home.path();
    told(at, &["backup", "kept", "--data", "data", "--json"]);
    let before = files(at);
    for args in [
        &["backup", "kept", "--data", "data", "--json"][..],
        &["restore", "kept", "--data", "data", "--json"],
        &["restore", "kept", "--data", "data/scenarios/court/scenario.toml", "--json"],
    ] {
        assert_eq!(code(at, args), "exists", "{args:?}");
    }
    for inside in ["data/kept", "data/scenarios/deep/kept"] {
        assert_eq!(code(at, &["backup", inside, "--data", "data", "--json"]), "inside");
    }
    assert_eq!(files(at), before);
    // An empty one is as good as none.
    fs::create_dir(at.join("empty")).unwrap();
    told(at, &["backup", "empty", "--data", "data", "--json"]);
    fs::create_dir(at.join("empty-data")).unwrap();
    told(at, &["restore", "empty", "--data", "empty-data", "--json"]);
}

#[test]
fn what_is_newer_missing_or_no_backup_is_refused_with_words() {
    let home = filled();
    let at = home.path();
    told(at, &["backup", "kept", "--data", "data", "--json"]);
    for args in [
        &["backup", "to", "--data", "nowhere", "--json"][..],
        &["verify", "--data", "nowhere", "--json"],
        &["verify", "nowhere", "--json"],
    ] {
        assert_eq!(code(at, args), "no_data", "{args:?}");
    }
    for args in [
        &["restore", "nowhere", "--data", "back", "--json"][..],
        &["restore", "data", "--data", "back", "--json"],
        &["verify", "--data", "data", "--against", "data", "--json"],
    ] {
        assert_eq!(code(at, args), "no_manifest", "{args:?}");
    }
    let manifest = at.join("kept/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"format\": 1", "\"format\": 2, \"more\": []")).unwrap();
    assert_eq!(code(at, &["restore", "kept", "--data", "back", "--json"]), "newer");
    let said = shouhu(at, &["restore", "kept", "--data", "back"]);
    let words = String::from_utf8(said.stderr).unwrap();
    assert!(said.status.code() == Some(1) && words.contains("newer shouhu (form 2)"), "{words}");
    let said = shouhu(at, &["--lang", "zh", "restore", "kept", "--data", "back"]);
    assert!(String::from_utf8(said.stderr).unwrap().contains("更新版本"));
    // A manifest that leads out of its folder writes nothing there.
    fs::write(&manifest, text.replace("scenarios/court/.name", "../mine")).unwrap();
    assert_eq!(code(at, &["restore", "kept", "--data", "back", "--json"]), "no_manifest");
    assert!(!at.join("back").exists() && !at.join("mine").exists());
    // A journal of a newer program.
    change(&at.join("data/journal").join(FILE), "UPDATE meta SET value = 99 WHERE name = 'schema'");
    assert_eq!(code(at, &["verify", "--data", "data", "--json"]), "newer");
    assert_eq!(shouhu(at, &["verify", "kept", "--data", "data"]).status.code(), Some(2));
    assert_eq!(shouhu(at, &["backup"]).status.code(), Some(2));
}

#[test]
fn a_folder_is_moved_into_an_empty_database_once_and_nothing_of_it_changes() {
    let home = filled();
    let (at, database) = (home.path(), cluster::database());
    {
        let (server, journal) = (People::open(&at.join("data")).unwrap(), open(&at.join("data")));
        let link = server.first_link(0).unwrap().unwrap();
        server.accept(&link.hash(), "anna", "no password", 1).unwrap();
        journal.revoke(log(2).name).unwrap();
        // What comes after that is kept aside.
        let mut tail = Tail::new(log(2).name, Head::of_nothing(log(2).name));
        tail.append([9; 16], b"{}".to_vec());
        let slice = tail.slice(&SecretKey::from_random([2; 32])).unwrap();
        let (answer, answered) = mpsc::channel();
        journal.append(log(2).name, slice, 0, move |what| answer.send(what).unwrap());
        assert!(matches!(answered.recv().unwrap(), Answer::Quarantined { .. }));
    }
    drop(server::Runs::open(&at.join("data"), People::open(&at.join("data")).unwrap().rounds_key()).unwrap());
    let heads = |journal: &Journal| -> Vec<(LogName, Head)> {
        journal.heads(COMMUNITY).unwrap().iter().map(|of| (of.log.name, of.head)).collect()
    };
    let before = heads(&open(&at.join("data")));
    // Another server works on the folder.
    let held = server::Store::open(&at.join("data")).unwrap();
    let migrate = ["migrate", "--data", "data", "--database-url", &database.url, "--json"];
    assert_eq!(code(at, &migrate), "migrate");
    drop(held);
    // One that is cut short, here at its last table, leaves nothing, and is begun again.
    let there = server::Database::at(&database.url);
    drop(server::Store::shared(&at.join("new"), &there).unwrap());
    let mut client = journal::postgres::connect(&database.url).unwrap();
    client.batch_execute("ALTER TABLE scenarios.scenario ADD CONSTRAINT cut CHECK (false)").unwrap();
    assert_eq!(code(at, &migrate), "migrate");
    let text = "SELECT (SELECT count(*) FROM people.account) + (SELECT count(*) FROM journal.slice)";
    assert_eq!(client.query_one(text, &[]).unwrap().get::<_, i64>(0), 0);
    client.batch_execute("ALTER TABLE scenarios.scenario DROP CONSTRAINT cut").unwrap();

    let moved = told(at, &migrate);
    assert_eq!((&moved["scenarios"], &moved["logs"], &moved["frames"]), (&json!(1), &json!(2), &json!(13)));
    let rows = |name: &str| {
        let table = moved["tables"].as_array().unwrap().iter().find(|of| of["table"] == name).unwrap();
        assert_eq!(table["sha256"].as_str().unwrap().len(), 64);
        table["rows"].as_u64().unwrap()
    };
    let wanted = [("people.account", 1), ("people.community", 1), ("journal.log", 2), ("journal.slice", 3)];
    for (name, count) in wanted.into_iter().chain([("journal.quarantine", 1), ("rounds.seal", 1)]) {
        assert_eq!(rows(name), count, "{name}");
    }
    assert_eq!(heads(&Journal::connect(&database.url).unwrap()), before);
    assert_eq!(code(at, &migrate), "migrate", "it is not empty any more");

    // A process with the same key finds everything, and one with another is refused.
    fs::create_dir_all(at.join("new/keys")).unwrap();
    fs::copy(at.join("data/keys/master.key"), at.join("new/keys/master.key")).unwrap();
    let people = People::shared(&at.join("new"), &there).unwrap();
    assert_eq!(people.communities().unwrap()[0].name, "Willow Court");
    assert_eq!(people.accounts().unwrap()[0].login, "anna");
    let listed = |store: &server::Store| -> Vec<_> {
        store
            .list(&server::access::who::Who::Owner)
            .unwrap()
            .0
            .into_iter()
            .map(|of| (of.id, of.name, of.version))
            .collect()
    };
    let (old, new) = (
        server::Store::open(&at.join("data")).unwrap(),
        server::Store::shared(&at.join("new"), &there).unwrap(),
    );
    assert_eq!(listed(&old), listed(&new));
    server::Runs::shared(&at.join("new"), &there, people.rounds_key()).unwrap();
    fs::create_dir_all(at.join("other/keys")).unwrap();
    fs::write(at.join("other/keys/master.key"), "00".repeat(32)).unwrap();
    let refused = People::shared(&at.join("other"), &there);
    assert!(matches!(refused, Err(server::PeopleError::KeyWrong(_))));

    // The way back: a backup of the database is one of a data folder like any other.
    drop((old, new));
    let of = ["--data", "new", "--database-url", &database.url, "--json"];
    let kept = told(at, &[&["backup", "kept"], &of[..]].concat());
    assert_eq!((&kept["logs"], &kept["frames"], &kept["keys"]), (&json!(2), &json!(13), &json!(false)));
    assert!(!at.join("kept.fetched").exists() && !at.join("kept/keys").exists());
    assert_eq!(told(at, &["verify", "kept", "--json"])["faults"], json!([]));
    let against = ["verify", "--database-url", &database.url, "--against", "kept", "--json"];
    assert_eq!(told(at, &against), json!({ "logs": 2, "frames": 13, "faults": [] }));
    told(at, &["restore", "kept", "--data", "back", "--json"]);
    fs::create_dir_all(at.join("back/keys")).unwrap();
    fs::copy(at.join("data/keys/master.key"), at.join("back/keys/master.key")).unwrap();
    let people = People::open(&at.join("back")).unwrap();
    assert_eq!(people.communities().unwrap()[0].name, "Willow Court");
    assert_eq!(people.accounts().unwrap()[0].login, "anna");
    server::Runs::open(&at.join("back"), people.rounds_key()).unwrap();
    assert_eq!(heads(&open(&at.join("back"))), before);
    let back = server::Store::open(&at.join("back")).unwrap();
    assert_eq!(listed(&back), listed(&server::Store::open(&at.join("data")).unwrap()));
    // What somebody changes in the database is found there, and is in no backup.
    client.execute("UPDATE journal.slice SET frames = frames || '\\x00' WHERE last_seq = 3", &[]).unwrap();
    assert!(!faults(at, &against).is_empty());
    assert_eq!(code(at, &[&["backup", "again"], &of[..]].concat()), "database");
    assert!(!at.join("again").exists());
    let empty = cluster::database();
    assert_eq!(code(at, &["backup", "none", "--database-url", &empty.url, "--json"]), "database");
}
