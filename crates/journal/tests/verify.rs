//! Whatever is changed in the file behind the journal's back is named.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/device.rs"]
mod device;

use device::{COMMUNITY, key, log, send, slice, stored, written};
use journal::{
    Head, LogName,
    sqlite::{BackupError, Fault, Journal, OpenError, Options, Verified, What, look, states, verify_against},
};
use proptest::prelude::*;
use rusqlite::{Connection, params};
use std::path::Path;

/// Three devices with three rows each: of 5, 5 and 3 frames.
fn filled(folder: &Path) {
    let journal = Journal::open(folder).unwrap();
    for device in 1..=3 {
        let log = log(device);
        journal.enrol(log).unwrap();
        let mut head = Head::of_nothing(log.name);
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
        let (last, first) = [(5u64, 1), (10, 6), (13, 11)][row];
        let found = after(folder.path(), |db| {
            let which = params![[device; 16], last as i64];
            let mut frames: Vec<u8> = db
                .query_row("SELECT frames FROM slice WHERE device = ?1 AND last_seq = ?2", which, |row| row.get(0))
                .unwrap();
            let place = byte.index(frames.len());
            frames[place] ^= 1 << bit;
            let changed = params![[device; 16], last as i64, frames];
            db.execute("UPDATE slice SET frames = ?3 WHERE device = ?1 AND last_seq = ?2", changed).unwrap();
        });
        prop_assert_eq!(found.faults, [fault(device, first, What::Changed { last })]);
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
    only(&after(folder.path(), |_| {}), 2, 6, What::Changed { last: 10 });
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
    assert!(found.faults.contains(&fault(1, 6, What::Missing { until: 10 })), "{:?}", found.faults);
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
    assert_eq!(change(sql("hash = zeroblob(32)")), [fault(2, 10, What::OtherHash)]);
    assert_eq!(change(sql("book = zeroblob(16)")), [fault(2, 6, What::OtherBook)]);
    assert_eq!(change(sql("first_position = first_position + 100")).len(), 1);
    let log = "DELETE FROM log WHERE device = x'02020202020202020202020202020202'";
    assert_eq!(change(log), [fault(2, 1, What::NoLog)]);
}

#[test]
fn every_row_that_was_changed_is_named_and_one_of_a_single_frame_exactly() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let journal = Journal::open(folder.path()).unwrap();
    for count in 14..=16 {
        assert_eq!(stored(&send(&journal, slice(1, count))), count);
    }
    drop(journal);
    let found = after(folder.path(), |db| {
        for last in [5, 10, 15] {
            let which = params![[1u8; 16], last];
            let text = "SELECT frames FROM slice WHERE device = ?1 AND last_seq = ?2";
            let mut frames: Vec<u8> = db.query_row(text, which, |row| row.get(0)).unwrap();
            *frames.last_mut().unwrap() ^= 1;
            let changed = params![[1u8; 16], last, frames];
            db.execute("UPDATE slice SET frames = ?3 WHERE device = ?1 AND last_seq = ?2", changed).unwrap();
        }
    });
    let changed = |seq, last| fault(1, seq, What::Changed { last });
    assert_eq!(found.faults, [changed(1, 5), changed(6, 10), changed(15, 15)]);
    assert_eq!(found.faults[2].to_string().split(": ").last().unwrap(), "it was changed");
}

#[test]
fn a_journal_that_was_rewound_or_written_anew_is_told_by_the_heads_that_it_once_had() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let path = folder.path().join("journal.sqlite");
    let mut heads: Vec<_> = states(&path).unwrap().iter().map(|state| (state.log.name, state.head)).collect();
    let against = |heads: &[(LogName, Head)]| verify_against(&path, heads, &|_| {}).unwrap().faults;
    assert_eq!(against(&heads), []);
    // A head within a row, as of a time when less was there.
    heads[0].1 = written(log(1).name, Head::of_nothing(log(1).name), 7).head();
    assert_eq!(against(&heads), []);
    heads[0].1.hash.0[0] ^= 1;
    heads[1].1.seq = 20;
    heads.push((log(9).name, heads[2].1));
    assert_eq!(
        against(&heads),
        [
            fault(1, 7, What::OtherHistory),
            fault(2, 14, What::Rewound { had: 20, has: 13 }),
            fault(9, 1, What::Rewound { had: 13, has: 0 }),
        ]
    );
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
    let refused = look(&folder.path().join("journal.sqlite")).err().unwrap();
    assert!(matches!(refused, OpenError::Newer { version: 99, .. }), "{refused}");

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
