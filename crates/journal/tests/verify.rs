//! Whatever is changed in the file behind the journal's back is named.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/cluster.rs"]
mod cluster;
#[path = "parts/device.rs"]
mod device;
#[path = "parts/place.rs"]
mod place;

use device::{COMMUNITY, key, log, send, slice, stored, written};
use journal::{
    Fault, Head, Journal, LogName, OpenError, Options, Verified, What,
    sqlite::{BackupError, FILE, backup, look, verify_against},
};
use place::Place;
use proptest::prelude::*;
use rusqlite::Connection;

on_both! {
    all_is_well_with_what_was_not_touched
    a_flipped_bit_of_any_stored_frame_is_named
    a_lost_tail_is_named
    a_lost_row_in_the_middle_is_named
    heads_that_were_swapped_are_named
    a_signature_a_book_a_position_or_a_log_that_is_another_is_named
    every_row_that_was_changed_is_named_and_one_of_a_single_frame_exactly
    a_journal_that_was_rewound_or_written_anew_is_told_by_the_heads_that_it_once_had
    a_journal_of_a_newer_program_is_refused_with_words
}

/// Three devices with three rows each: of 5, 5 and 3 frames.
fn filled(place: &Place) -> Journal {
    let journal = place.open();
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
    journal
}

/// What is found after somebody changed what is kept.
fn after(place: &Place, change: impl FnOnce()) -> Verified {
    change();
    place.open().verify(&|_| {}).unwrap()
}

/// A row of a device.
fn row(place: &Place, device: u8, last: u64) -> String {
    format!("WHERE device = {} AND last_seq = {last}", place.literal(&[device; 16]))
}

/// Changes the stored frames of a row.
fn change_frames(place: &Place, device: u8, last: u64, change: impl FnOnce(&mut Vec<u8>)) {
    let row = row(place, device, last);
    let mut frames = place.bytes(&format!("SELECT frames FROM slice {row}"));
    change(&mut frames);
    place.change(&format!("UPDATE slice SET frames = {} {row}", place.literal(&frames)));
}

fn fault(device: u8, seq: u64, what: What) -> Fault {
    Fault { community: Some(COMMUNITY), device: Some([device; 16]), seq, what }
}

fn only(found: &Verified, device: u8, seq: u64, what: What) {
    assert_eq!(found.faults, [fault(device, seq, what)]);
}

fn all_is_well_with_what_was_not_touched(place: Place) {
    drop(filled(&place));
    let found = after(&place, || {});
    assert_eq!(found.faults, []);
    assert_eq!((found.logs, found.slices, found.frames), (3, 9, 39));
}

fn a_flipped_bit_of_any_stored_frame_is_named(place: Place) {
    let journal = filled(&place);
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() };
    let bits = (1u8..=3, 0usize..3, any::<prop::sample::Index>(), 0u8..8);
    let flipped = proptest::test_runner::TestRunner::new(config).run(&bits, |(device, row, byte, bit)| {
        let (last, first) = [(5u64, 1), (10, 6), (13, 11)][row];
        let flip = |frames: &mut Vec<u8>| {
            let place = byte.index(frames.len());
            frames[place] ^= 1 << bit;
        };
        change_frames(&place, device, last, flip);
        let found = journal.verify(&|_| {}).unwrap();
        // And back.
        change_frames(&place, device, last, flip);
        prop_assert_eq!(found.faults, [fault(device, first, What::Changed { last })]);
        Ok(())
    });
    flipped.unwrap();
}

#[test]
fn a_flipped_bit_of_the_file_in_the_midst_of_frames_is_named() {
    let place = Place::folder();
    drop(filled(&place));
    let Place::Folder(folder) = &place else { unreachable!() };
    let path = folder.path().join(FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    let id = device::event(2, 9).id;
    // Pages that were given back may hold it, too.
    for place in 0..bytes.len() - id.len() {
        if bytes[place..].starts_with(&id) {
            bytes[place + 3] ^= 1;
        }
    }
    std::fs::write(&path, bytes).unwrap();
    only(&after(&place, || {}), 2, 6, What::Changed { last: 10 });
}

fn a_lost_tail_is_named(place: Place) {
    drop(filled(&place));
    let found = after(&place, || {
        place.change(&format!("DELETE FROM slice {}", row(&place, 3, 13)));
        place.change("UPDATE community SET position = 36");
    });
    only(&found, 3, 11, What::TailLost { until: 13 });
}

fn a_lost_row_in_the_middle_is_named(place: Place) {
    drop(filled(&place));
    let found = after(&place, || {
        place.change(&format!("DELETE FROM slice {}", row(&place, 1, 10)));
    });
    assert!(found.faults.contains(&fault(1, 6, What::Missing { until: 10 })), "{:?}", found.faults);
    assert!(found.faults.contains(&fault(1, 11, What::Positions)), "{:?}", found.faults);
}

fn heads_that_were_swapped_are_named(place: Place) {
    drop(filled(&place));
    let found = after(&place, || {
        let third = place.literal(&[3; 16]);
        place.change(&format!(
            "UPDATE log SET hash = (SELECT other.hash FROM log other WHERE other.device != log.device AND other.device != {third})
             WHERE device != {third}"
        ));
    });
    let other_head = |device| fault(device, 13, What::OtherHead);
    assert!(!found.faults.is_empty());
    assert!(found.faults.iter().all(|fault| *fault == other_head(1) || *fault == other_head(2)), "{found:?}");
}

fn a_signature_a_book_a_position_or_a_log_that_is_another_is_named(place: Place) {
    let change = |sql: &dyn Fn(&Place) -> String| {
        let place = place.another();
        drop(filled(&place));
        after(&place, || assert!(place.change(&sql(&place)) > 0)).faults
    };
    let set = |column: &'static str, value: &'static [u8]| {
        move |place: &Place| {
            format!("UPDATE slice SET {column} = {} {}", place.literal(value), row(place, 2, 10))
        }
    };
    assert_eq!(change(&set("signature", &[0; 64])), [fault(2, 6, What::Unsigned)]);
    assert_eq!(change(&set("hash", &[0; 32])), [fault(2, 10, What::OtherHash)]);
    assert_eq!(change(&set("book", &[0; 16])), [fault(2, 6, What::OtherBook)]);
    let moved = |place: &Place| {
        format!("UPDATE slice SET first_position = first_position + 100 {}", row(place, 2, 10))
    };
    assert_eq!(change(&moved).len(), 1);
    let log = |place: &Place| format!("DELETE FROM log WHERE device = {}", place.literal(&[2; 16]));
    assert_eq!(change(&log), [fault(2, 1, What::NoLog)]);
}

fn every_row_that_was_changed_is_named_and_one_of_a_single_frame_exactly(place: Place) {
    let journal = filled(&place);
    for count in 14..=16 {
        assert_eq!(stored(&send(&journal, slice(1, count))), count);
    }
    drop(journal);
    let found = after(&place, || {
        for last in [5, 10, 15] {
            change_frames(&place, 1, last, |frames| *frames.last_mut().unwrap() ^= 1);
        }
    });
    let changed = |seq, last| fault(1, seq, What::Changed { last });
    assert_eq!(found.faults, [changed(1, 5), changed(6, 10), changed(15, 15)]);
    assert_eq!(found.faults[2].to_string().split(": ").last().unwrap(), "it was changed");
}

fn a_journal_that_was_rewound_or_written_anew_is_told_by_the_heads_that_it_once_had(place: Place) {
    let journal = filled(&place);
    let states = journal.heads(COMMUNITY).unwrap();
    let mut heads: Vec<_> = states.iter().map(|state| (state.log.name, state.head)).collect();
    let against = |heads: &[(LogName, Head)]| journal.verify_against(heads, &|_| {}).unwrap().faults;
    assert_eq!(against(&heads), []);
    // A head within a row, as of a time when less was there.
    heads[0].1 = written(log(1).name, Head::of_nothing(log(1).name), 7).head();
    assert_eq!(against(&heads), []);
    heads[0].1.hash.0[0] ^= 1;
    heads[1].1.seq = 20;
    heads.push((log(9).name, heads[2].1));
    let found = against(&heads);
    assert_eq!(
        found,
        [
            fault(1, 7, What::OtherHistory),
            fault(2, 14, What::Rewound { had: 20, has: 13 }),
            fault(9, 1, What::Rewound { had: 13, has: 0 }),
        ]
    );
    if let Place::Folder(folder) = &place {
        // The file alone says the same.
        let path = folder.path().join(FILE);
        assert_eq!(states, journal::sqlite::states(&path).unwrap());
        assert_eq!(verify_against(&path, &heads, &|_| {}).unwrap().faults, found);
    }
}

fn a_journal_of_a_newer_program_is_refused_with_words(place: Place) {
    drop(filled(&place));
    place.change("UPDATE meta SET value = 99 WHERE name = 'schema'");
    let refused = place.open_with(Options::new()).err().unwrap();
    assert!(matches!(refused, OpenError::Newer { version: 99, .. }), "{refused}");
    assert!(refused.to_string().contains("has form 99"), "{refused}");
    if let Place::Folder(folder) = &place {
        let refused = look(&folder.path().join(FILE)).err().unwrap();
        assert!(matches!(refused, OpenError::Newer { version: 99, .. }), "{refused}");
    }
}

#[test]
fn a_copy_is_taken_while_the_journal_is_used_and_is_checked() {
    let place = Place::folder();
    let journal = filled(&place);
    let Place::Folder(folder) = &place else { unreachable!() };
    let file = folder.path().join(FILE);
    let copies = tempfile::tempdir().unwrap();
    let copy = copies.path().join("journal.sqlite");
    let found = backup(&file, &copy, &|_| {}).unwrap();
    assert_eq!(found.frames, 39);
    assert!(matches!(backup(&file, &copy, &|_| {}), Err(BackupError::Exists(_))));
    journal.enrol(log(4)).unwrap();
    assert_eq!(stored(&send(&journal, slice(4, 3))), 3);
    drop(journal);
    // The copy is a journal.
    let copied = Journal::open(copies.path()).unwrap();
    device::judge_all(&copied, &[(1, 13), (2, 13), (3, 13)].into()).unwrap();

    // A journal that is damaged gives no copy that looks sound.
    let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.execute("UPDATE log SET seq = 14 WHERE seq = 13", []).unwrap();
    let other = copies.path().join("other.sqlite");
    assert!(matches!(backup(&file, &other, &|_| {}), Err(BackupError::Faulty { .. })));
    assert!(!other.exists());
}

#[test]
fn a_file_or_a_database_of_another_program_is_refused_with_words() {
    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open(folder.path().join(FILE)).unwrap();
    db.execute("CREATE TABLE someone (elses)", []).unwrap();
    drop(db);
    let before = std::fs::read(folder.path().join(FILE)).unwrap();
    assert!(matches!(Options::new().open(folder.path()), Err(OpenError::Foreign(_))));
    assert_eq!(std::fs::read(folder.path().join(FILE)).unwrap(), before);
    let again = Journal::open(folder.path()).err().unwrap();
    assert!(again.to_string().contains("but no journal"), "{again}");

    let others = [
        "CREATE SCHEMA journal; CREATE TABLE journal.entries (text TEXT)",
        "CREATE SCHEMA journal; CREATE TABLE journal.meta (key TEXT, says TEXT)",
        "CREATE SCHEMA journal; CREATE TABLE journal.meta (name TEXT, value BIGINT)",
    ];
    for other in others {
        let database = cluster::database();
        let mut client = journal::postgres::connect(&database.url).unwrap();
        client.batch_execute(other).unwrap();
        let refused = Journal::connect(&database.url).err().unwrap();
        assert!(matches!(refused, OpenError::Foreign(_)), "{refused}");
        assert!(refused.to_string().contains("but no journal"), "{refused}");
        let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'journal'";
        assert_eq!(client.query_one(tables, &[]).unwrap().get::<_, i64>(0), 1);
    }
}
