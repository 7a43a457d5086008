//! Whatever is changed in the file behind the journal's back is named.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/device.rs"]
mod device;

use device::{COMMUNITY, key, log, send, slice, stored, written};
use journal::sqlite::{BackupError, Fault, Journal, OpenError, Options, Verified, What};
use proptest::prelude::*;
use rusqlite::{Connection, params};
use std::path::Path;

/// Three devices with three rows each: of 5, 5 and 3 frames.
fn filled(folder: &Path) {
    let journal = Journal::open(folder).unwrap();
    for device in 1..=3 {
        let log = log(device);
        journal.enrol(log).unwrap();
        let mut head = journal::Head::of_nothing(log.name);
        for count in [5, 5, 3] {
            let tail = written(log.name, head, count);
            assert_eq!(stored(&send(&journal, tail.slice(&key(device)).unwrap())), head.seq + count);
            head = tail.head();
        }
    }
}

/// What is found after somebody changed the file.
fn after(folder: &Path, change: impl FnOnce(&Connection)) -> Verified {
    let db = Connection::open(folder.join("journal.sqlite")).unwrap();
    change(&db);
    drop(db);
    Journal::open(folder).unwrap().verify(&|_| {}).unwrap()
}

fn fault(device: u8, seq: u64, what: What) -> Fault {
    Fault { community: Some(COMMUNITY), device: Some([device; 16]), seq, what }
}

fn only(found: &Verified, device: u8, seq: u64, what: What) {
    assert_eq!(found.faults, [fault(device, seq, what)]);
}

#[test]
fn all_is_well_with_what_was_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let found = after(folder.path(), |_| {});
    assert_eq!(found.faults, []);
    assert_eq!((found.logs, found.slices, found.frames), (3, 9, 39));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn a_flipped_bit_of_any_stored_frame_is_named(
        device in 1u8..=3,
        row in 0usize..3,
        byte in any::<prop::sample::Index>(),
        bit in 0u8..8,
    ) {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path());
        let (last, first) = [(5, 1), (10, 6), (13, 11)][row];
        let found = after(folder.path(), |db| {
            let which = params![[device; 16], last];
            let mut frames: Vec<u8> = db
                .query_row("SELECT frames FROM slice WHERE device = ?1 AND last_seq = ?2", which, |row| row.get(0))
                .unwrap();
            let place = byte.index(frames.len());
            frames[place] ^= 1 << bit;
            let changed = params![[device; 16], last, frames];
            db.execute("UPDATE slice SET frames = ?3 WHERE device = ?1 AND last_seq = ?2", changed).unwrap();
        });
        prop_assert_eq!(found.faults, [fault(device, first, What::Changed)]);
    }
}

#[test]
fn a_flipped_bit_of_the_file_in_the_midst_of_frames_is_named() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let path = folder.path().join("journal.sqlite");
    let mut bytes = std::fs::read(&path).unwrap();
    let id = device::event(2, 9).id;
    // Pages that were given back may hold it, too.
    for place in 0..bytes.len() - id.len() {
        if bytes[place..].starts_with(&id) {
            bytes[place + 3] ^= 1;
        }
    }
    std::fs::write(&path, bytes).unwrap();
    only(&after(folder.path(), |_| {}), 2, 6, What::Changed);
}

#[test]
fn a_lost_tail_is_named() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let found = after(folder.path(), |db| {
        db.execute("DELETE FROM slice WHERE device = ?1 AND last_seq = 13", [[3u8; 16]]).unwrap();
        db.execute("UPDATE community SET position = 36", []).unwrap();
    });
    only(&found, 3, 11, What::TailLost { until: 13 });
}

#[test]
fn a_lost_row_in_the_middle_is_named() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let found = after(folder.path(), |db| {
        db.execute("DELETE FROM slice WHERE device = ?1 AND last_seq = 10", [[1u8; 16]]).unwrap();
    });
    assert!(found.faults.contains(&fault(1, 6, What::Missing)), "{:?}", found.faults);
    assert!(found.faults.contains(&fault(1, 11, What::Positions)), "{:?}", found.faults);
}

#[test]
fn heads_that_were_swapped_are_named() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let found = after(folder.path(), |db| {
        db.execute(
            "UPDATE log SET hash = (SELECT other.hash FROM log other WHERE other.device != log.device AND other.device != x'03030303030303030303030303030303')
             WHERE device != x'03030303030303030303030303030303'",
            [],
        )
        .unwrap();
    });
    let other_head = |device| fault(device, 13, What::OtherHead);
    assert!(!found.faults.is_empty());
    assert!(found.faults.iter().all(|fault| *fault == other_head(1) || *fault == other_head(2)), "{found:?}");
}

#[test]
fn a_signature_a_book_a_position_or_a_log_that_is_another_is_named() {
    let change = |sql: &'static str| {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path());
        after(folder.path(), |db| assert!(db.execute(sql, []).unwrap() > 0)).faults
    };
    let row = "WHERE device = x'02020202020202020202020202020202' AND last_seq = 10";
    let sql = |what: &str| -> &'static str { format!("UPDATE slice SET {what} {row}").leak() };
    assert_eq!(change(sql("signature = zeroblob(64)")), [fault(2, 6, What::Unsigned)]);
    assert_eq!(change(sql("book = zeroblob(16)")), [fault(2, 6, What::OtherBook)]);
    assert_eq!(change(sql("first_position = first_position + 100")).len(), 1);
    let log = "DELETE FROM log WHERE device = x'02020202020202020202020202020202'";
    assert_eq!(change(log), [fault(2, 1, What::NoLog)]);
}

#[test]
fn a_copy_is_taken_while_the_journal_is_used_and_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let journal = Journal::open(folder.path()).unwrap();
    let copies = tempfile::tempdir().unwrap();
    let copy = copies.path().join("journal.sqlite");
    let found = journal.backup(&copy).unwrap();
    assert_eq!(found.frames, 39);
    assert!(matches!(journal.backup(&copy), Err(BackupError::Exists(_))));
    journal.enrol(log(4)).unwrap();
    assert_eq!(stored(&send(&journal, slice(4, 3))), 3);
    drop(journal);
    // The copy is a journal.
    let copied = Journal::open(copies.path()).unwrap();
    device::judge_all(&copied, &[(1, 13), (2, 13), (3, 13)].into()).unwrap();

    // A journal that is damaged gives no copy that looks sound.
    let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.execute("UPDATE log SET seq = 14 WHERE seq = 13", []).unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let other = copies.path().join("other.sqlite");
    assert!(matches!(journal.backup(&other), Err(BackupError::Faulty { .. })));
    assert!(!other.exists());
}

#[test]
fn a_file_of_a_newer_program_or_of_another_is_refused_with_words() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.execute("UPDATE meta SET value = 99 WHERE name = 'schema'", []).unwrap();
    drop(db);
    let refused = Options::new().open(folder.path()).err().unwrap();
    assert!(refused.to_string().contains("has form 99"), "{refused}");

    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.execute("CREATE TABLE someone (elses)", []).unwrap();
    drop(db);
    let before = std::fs::read(folder.path().join("journal.sqlite")).unwrap();
    assert!(matches!(Options::new().open(folder.path()), Err(OpenError::Foreign(_))));
    assert_eq!(std::fs::read(folder.path().join("journal.sqlite")).unwrap(), before);
    let again = Journal::open(folder.path()).err().unwrap();
    assert!(again.to_string().contains("but no journal"), "{again}");
}
