//! A file that an older program wrote is read and written on. Each form that was released has a file in `fixtures/`, made
//! by the program of its time; the files are never made anew.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/device.rs"]
mod device;

use device::{BOOK, COMMUNITY, judge_all, log, read_all, send, slice, stored};
use journal::{Answer, Journal, Why, sqlite::FILE};
use std::{fs, path::Path};

fn fixture(version: u32) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/journal-{version}.sqlite"))
}

/// Made the file of version 1, and is kept to say what stands in it.
#[test]
#[ignore = "it made a file that is kept"]
fn make_version_1() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    (1..=2).for_each(|device| journal.enrol(log(device)).unwrap());
    send(&journal, slice(1, 4));
    send(&journal, slice(2, 3));
    send(&journal, slice(1, 9));
    journal.revoke(log(2).name).unwrap();
    send(&journal, slice(2, 5));
    drop(journal);
    fs::copy(folder.path().join(FILE), fixture(1)).unwrap();
}

#[test]
fn a_journal_of_version_1_is_read_checked_and_written_on() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(fixture(1), folder.path().join(FILE)).unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    judge_all(&journal, &[(1, 9), (2, 3)].into()).unwrap();
    assert_eq!(read_all(&journal, COMMUNITY, BOOK).len(), 12);
    let kept = journal.quarantined(COMMUNITY, None).unwrap();
    assert_eq!((kept.len(), kept[0].why), (1, Why::Revoked));
    assert_eq!(journal.release(COMMUNITY, kept[0].number).unwrap().0.seq, 5);
    assert!(matches!(send(&journal, slice(2, 6)), Answer::Quarantined { why: Why::Revoked, .. }));
    assert_eq!(stored(&send(&journal, slice(1, 12))), 12);
    journal.enrol(log(3)).unwrap();
    assert_eq!(stored(&send(&journal, slice(3, 2))), 2);
    drop(journal);
    let journal = Journal::open(folder.path()).unwrap();
    judge_all(&journal, &[(1, 12), (2, 5), (3, 2)].into()).unwrap();
}
