//! What is admitted to a journal, what is refused, and what is kept aside for a person.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/cluster.rs"]
mod cluster;
#[path = "parts/device.rs"]
mod device;
#[path = "parts/place.rs"]
mod place;

use device::{BOOK, COMMUNITY, event, judge_all, key, later, log, read_all, send, slice, stored, written};
use journal::{
    Answer, DEVICE_SLICES_MAX, EnrolError, Head, Journal, Log, LogName, Options, QUEUE_MAX, Refused,
    ReleaseError, Slice, Why, sqlite::FILE,
};
use place::Place;
use rusqlite::Connection;
use std::sync::{Mutex, mpsc};

on_both! {
    what_is_held_by_half_is_completed_and_what_is_sent_again_is_a_success
    a_gap_a_foreign_slice_and_one_too_large_are_refused_and_leave_nothing
    a_fork_is_kept_aside_with_the_first_event_that_differs
    what_a_stranger_an_unsigned_or_a_garbled_slice_brings_is_kept_once
    what_a_telephone_sends_after_it_was_revoked_can_be_admitted_after_all
    what_comes_after_a_devices_time_is_kept_aside_and_what_is_held_is_held
    one_device_cannot_fill_the_quarantine
    enrolling_again_is_a_success_and_with_another_key_or_book_an_error
    books_of_a_community_share_its_positions_and_communities_do_not
    a_full_queue_refuses_at_once_and_keeps_what_it_took
    a_transaction_that_fails_in_its_midst_acknowledges_nothing_and_the_next_is_tried
}

fn opened(place: &Place, devices: u8) -> Journal {
    let journal = place.open();
    (1..=devices).for_each(|device| journal.enrol(log(device)).unwrap());
    journal
}

fn quarantined(answer: &Answer) -> (u64, Why) {
    match answer {
        Answer::Quarantined { number, why } => (*number, *why),
        other => panic!("not in quarantine: {other:?}"),
    }
}

fn what_is_held_by_half_is_completed_and_what_is_sent_again_is_a_success(place: Place) {
    let journal = opened(&place, 1);
    assert_eq!(stored(&send(&journal, slice(1, 10))), 10);
    assert_eq!(stored(&send(&journal, slice(1, 10))), 10);
    assert_eq!(stored(&send(&journal, slice(1, 4))), 10);
    assert_eq!(stored(&send(&journal, slice(1, 17))), 17);
    // From the middle of one row to the middle of the other.
    let name = log(1).name;
    let middle = written(name, Head::of_nothing(name), 3).head();
    let across = Slice::sign(name, &middle, (4..=12).map(|seq| event(1, seq)).collect(), &key(1));
    assert_eq!(stored(&send(&journal, across)), 17);
    let past = Slice::sign(name, &middle, (4..=20).map(|seq| event(1, seq)).collect(), &key(1));
    assert_eq!(stored(&send(&journal, past)), 20);
    let entries = read_all(&journal, COMMUNITY, BOOK);
    assert_eq!(entries.len(), 20);
    judge_all(&journal, &[(1, 20)].into()).unwrap();
}

fn a_gap_a_foreign_slice_and_one_too_large_are_refused_and_leave_nothing(place: Place) {
    let journal = opened(&place, 2);
    let name = log(1).name;
    let ahead = written(name, written(name, Head::of_nothing(name), 3).head(), 2).slice(&key(1)).unwrap();
    let answer = send(&journal, ahead);
    assert!(matches!(answer, Answer::Refused(Refused::Gap(held)) if held == Head::of_nothing(name)));
    let far = Slice { after: u64::MAX - 1, ..slice(1, 1) };
    let far = Slice { signature: key(1).sign(name, &far.head()), ..far };
    assert!(matches!(send(&journal, far), Answer::Refused(Refused::Gap(_))));

    let (answer, answered) = mpsc::channel();
    journal.append(log(2).name, slice(1, 1), 0, move |what| answer.send(what).unwrap());
    assert!(matches!(answered.recv().unwrap(), Answer::Refused(Refused::Foreign)));

    let mut long = slice(1, 1);
    long.frames[0].body = vec![0; journal::BODY_MAX + 1];
    assert!(matches!(send(&journal, long), Answer::Refused(Refused::TooLarge)));
    assert_eq!(journal.quarantined(COMMUNITY, None).unwrap(), []);
    assert_eq!(read_all(&journal, COMMUNITY, BOOK), []);
}

fn a_fork_is_kept_aside_with_the_first_event_that_differs(place: Place) {
    let journal = opened(&place, 1);
    send(&journal, slice(1, 4));
    send(&journal, slice(1, 9));
    let name = log(1).name;
    for seq in [1u64, 4, 5, 7, 9] {
        let mut frames: Vec<_> = (1..=12).map(|seq| event(1, seq)).collect();
        frames[seq as usize - 1].body.push(0);
        let other = Slice::sign(name, &Head::of_nothing(name), frames, &key(1));
        let (number, why) = quarantined(&send(&journal, other.clone()));
        assert_eq!(why, Why::Forked { seq });
        assert!(matches!(
            journal.release(COMMUNITY, number),
            Err(ReleaseError::Refused(Refused::Forked { seq: found })) if found == seq
        ));
        assert_eq!(journal.quarantined_slice(COMMUNITY, number).unwrap(), Some(other));
    }
    judge_all(&journal, &[(1, 9)].into()).unwrap();
}

fn what_a_stranger_an_unsigned_or_a_garbled_slice_brings_is_kept_once(place: Place) {
    let journal = opened(&place, 1);
    let stranger = quarantined(&send(&journal, slice(9, 2)));
    assert_eq!(stranger, (1, Why::Unknown));
    assert_eq!(quarantined(&send(&journal, slice(9, 2))), stranger);
    let forged = written(log(1).name, Head::of_nothing(log(1).name), 2).slice(&key(8)).unwrap();
    assert_eq!(quarantined(&send(&journal, forged)), (2, Why::Unsigned));
    let mut broken = slice(1, 3);
    broken.frames[1].body.push(7);
    assert_eq!(quarantined(&send(&journal, broken)), (3, Why::Broken));

    let listed = journal.quarantined(COMMUNITY, Some([9; 16])).unwrap();
    assert_eq!((listed.len(), listed[0].why, listed[0].settled), (1, Why::Unknown, false));
    assert_eq!(listed[0].received_at_ms, 1_650_000_000_000);
    assert!(matches!(journal.release(COMMUNITY, 1), Err(ReleaseError::Unknown)));
    assert!(matches!(journal.release(COMMUNITY, 77), Err(ReleaseError::Missing)));

    // It was a telephone that nobody had enrolled yet.
    journal.enrol(log(9)).unwrap();
    assert_eq!(journal.release(COMMUNITY, 1).unwrap().0.seq, 2);
    assert!(journal.settle(COMMUNITY, 3).unwrap());
    assert!(journal.settle(COMMUNITY, 3).unwrap());
    assert!(!journal.settle(COMMUNITY, 77).unwrap());
    let settled: Vec<bool> =
        journal.quarantined(COMMUNITY, None).unwrap().iter().map(|one| one.settled).collect();
    assert_eq!(settled, [true, false, true]);
    judge_all(&journal, &[(9, 2)].into()).unwrap();
}

fn what_a_telephone_sends_after_it_was_revoked_can_be_admitted_after_all(place: Place) {
    let journal = opened(&place, 1);
    assert_eq!(stored(&send(&journal, slice(1, 3))), 3);
    journal.revoke(log(1).name).unwrap();
    // It had not heard the answer: what is held is held.
    assert_eq!(stored(&send(&journal, slice(1, 3))), 3);
    let (number, why) = quarantined(&send(&journal, slice(1, 8)));
    assert_eq!(why, Why::Revoked);
    assert_eq!(read_all(&journal, COMMUNITY, BOOK).len(), 3);
    assert_eq!(journal.release(COMMUNITY, number).unwrap().0.seq, 8);
    assert_eq!(journal.release(COMMUNITY, number).unwrap().0.seq, 8, "a release again is a success");
    assert_eq!(stored(&send(&journal, slice(1, 8))), 8);
    assert_eq!(quarantined(&send(&journal, slice(1, 9))).1, Why::Revoked);
    judge_all(&journal, &[(1, 8)].into()).unwrap();
    assert!(journal.heads(COMMUNITY).unwrap()[0].revoked);
    assert!(matches!(journal.revoke(log(7).name), Err(EnrolError::Unknown)));
    assert!(matches!(journal.enrol(log(1)), Err(EnrolError::Revoked)));
}

fn what_comes_after_a_devices_time_is_kept_aside_and_what_is_held_is_held(place: Place) {
    let journal = opened(&place, 1);
    let late = |slice: Slice| {
        let (reply, replied) = mpsc::sync_channel(1);
        journal.append_late(slice.log, slice, 0, move |answer| drop(reply.send(answer)));
        replied.recv().unwrap()
    };
    assert_eq!(stored(&send(&journal, slice(1, 3))), 3);
    assert_eq!(stored(&late(slice(1, 3))), 3);
    let (number, why) = quarantined(&late(slice(1, 8)));
    assert_eq!(why, Why::Late);
    assert_eq!(quarantined(&late(slice(1, 8))).0, number, "once, however often it is sent");
    assert_eq!(journal.quarantined(COMMUNITY, None).unwrap()[0].why, Why::Late);
    assert_eq!(read_all(&journal, COMMUNITY, BOOK).len(), 3);
    assert_eq!(journal.release(COMMUNITY, number).unwrap().0.seq, 8);
    assert_eq!(stored(&late(slice(1, 8))), 8);
    journal.revoke(log(1).name).unwrap();
    assert_eq!(quarantined(&late(slice(1, 9))).1, Why::Revoked, "who was taken out was taken out");
    judge_all(&journal, &[(1, 8)].into()).unwrap();
}

fn one_device_cannot_fill_the_quarantine(place: Place) {
    let journal = opened(&place, 1);
    for number in 1..=DEVICE_SLICES_MAX {
        assert_eq!(quarantined(&send(&journal, slice(9, number))).0, number);
    }
    assert!(matches!(send(&journal, slice(9, 100)), Answer::QuarantineFull));
    assert_eq!(quarantined(&send(&journal, slice(9, 5))).0, 5, "what is kept already is answered");
    assert_eq!(quarantined(&send(&journal, slice(8, 1))).1, Why::Unknown);
    journal.settle(COMMUNITY, 1).unwrap();
    quarantined(&send(&journal, slice(9, 100)));
}

fn enrolling_again_is_a_success_and_with_another_key_or_book_an_error(place: Place) {
    let journal = opened(&place, 1);
    journal.enrol(log(1)).unwrap();
    assert!(matches!(journal.enrol(Log { key: key(3).public(), ..log(1) }), Err(EnrolError::OtherKey)));
    assert!(matches!(journal.enrol(Log { book: [9; 16], ..log(1) }), Err(EnrolError::OtherBook)));
    drop(journal);
    let journal = place.open();
    journal.enrol(log(1)).unwrap();
    assert_eq!(stored(&send(&journal, slice(1, 2))), 2);
}

fn books_of_a_community_share_its_positions_and_communities_do_not(place: Place) {
    let journal = opened(&place, 1);
    journal.enrol(Log { book: [6; 16], ..log(2) }).unwrap();
    let elsewhere = Log { name: LogName { community: [3; 16], ..log(3).name }, ..log(3) };
    journal.enrol(elsewhere).unwrap();
    send(&journal, slice(1, 5));
    send(&journal, slice(2, 4));
    send(&journal, slice(1, 8));
    let tail = written(elsewhere.name, Head::of_nothing(elsewhere.name), 2);
    assert!(matches!(send(&journal, tail.slice(&key(3)).unwrap()), Answer::Stored { position: 2, .. }));
    let places = |book, after, limit| -> Vec<u64> {
        let entries = journal.read(COMMUNITY, book, after, limit).unwrap();
        entries.iter().map(|entry| entry.position).collect()
    };
    assert_eq!(places(BOOK, 0, 100), [1, 2, 3, 4, 5, 10, 11, 12]);
    assert_eq!(places([6; 16], 0, 100), [6, 7, 8, 9]);
    assert_eq!(places(BOOK, 3, 4), [4, 5, 10, 11]);
    assert_eq!(places(BOOK, 7, 1), [10]);
    assert_eq!(places(BOOK, 12, 10), []);
    assert_eq!(places(BOOK, u64::MAX, 10), []);
    assert_eq!(places([7; 16], 0, 10), []);
    assert_eq!(journal.read([3; 16], BOOK, 0, 10).unwrap().len(), 2);
}

fn a_full_queue_refuses_at_once_and_keeps_what_it_took(place: Place) {
    let (reached, at_commit) = mpsc::channel();
    let (go, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let options = Options::new().on_commit(move |_| {
        reached.send(()).unwrap();
        // Once the test is over, nobody holds the gate.
        let _ = gate.lock().unwrap().recv();
    });
    let journal = place.open_with(options).unwrap();
    journal.enrol(log(1)).unwrap();
    let first = later(&journal, slice(1, 1));
    at_commit.recv().unwrap();
    // The writer is held up: exactly so many find room.
    let waiting: Vec<_> = (0..QUEUE_MAX).map(|_| later(&journal, slice(1, 2))).collect();
    let refused = later(&journal, slice(1, 2));
    assert!(matches!(refused.try_recv().unwrap(), Answer::Busy));
    assert!(waiting.iter().all(|one| one.try_recv().is_err()));
    drop(go);
    assert_eq!(stored(&first.recv().unwrap()), 1);
    waiting.iter().for_each(|one| assert_eq!(stored(&one.recv().unwrap()), 2));
    assert_eq!(stored(&send(&journal, slice(1, 3))), 3);
    judge_all(&journal, &[(1, 3)].into()).unwrap();
}

fn a_transaction_that_fails_in_its_midst_acknowledges_nothing_and_the_next_is_tried(place: Place) {
    let journal = opened(&place, 1);
    assert_eq!(stored(&send(&journal, slice(1, 4))), 4);
    match &place {
        Place::Folder(folder) => {
            let trigger = "CREATE TRIGGER full BEFORE INSERT ON slice WHEN NEW.last_seq = 9 BEGIN SELECT RAISE(FAIL, 'disk full'); END";
            Connection::open(folder.path().join(FILE)).unwrap().execute_batch(trigger).unwrap();
        }
        Place::Database(_) => {
            place.change("ALTER TABLE journal.slice ADD CONSTRAINT \"full\" CHECK (last_seq <> 9)");
        }
    }
    let answer = send(&journal, slice(1, 9));
    let Answer::Failed(error) = answer else { panic!("{answer:?}") };
    assert!(error.to_string().contains("could not write to"), "{error}");
    judge_all(&journal, &[(1, 4)].into()).unwrap();
    assert_eq!(stored(&send(&journal, slice(1, 8))), 8);
    match &place {
        Place::Folder(_) => place.change("DROP TRIGGER full"),
        Place::Database(_) => place.change("ALTER TABLE journal.slice DROP CONSTRAINT \"full\""),
    };
    assert_eq!(stored(&send(&journal, slice(1, 9))), 9);
    judge_all(&journal, &[(1, 9)].into()).unwrap();
}

#[test]
fn a_file_that_somebody_else_holds_acknowledges_nothing_and_is_tried_again() {
    let place = Place::folder();
    let Place::Folder(folder) = &place else { unreachable!() };
    let journal = opened(&place, 1);
    assert_eq!(stored(&send(&journal, slice(1, 2))), 2);
    let other = Connection::open(folder.path().join(FILE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answer = send(&journal, slice(1, 4));
    let Answer::Failed(error) = answer else { panic!("{answer:?}") };
    assert!(error.to_string().contains("could not write to"), "{error}");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(stored(&send(&journal, slice(1, 4))), 4);
    judge_all(&journal, &[(1, 4)].into()).unwrap();
}
