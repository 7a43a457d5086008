//! What is taken is bounded: what waits for the writer by its bytes, the quarantine by its slices and its bytes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/cluster.rs"]
mod cluster;
#[path = "parts/device.rs"]
mod device;
#[path = "parts/place.rs"]
mod place;

use device::{COMMUNITY, key, later, log, send, slice, stored};
use journal::{
    Answer, BODY_MAX, DEVICE_SLICES_MAX, FRAMES_MAX, Frame, Head, LOG_FRAMES_MAX, Options, QUEUE_BYTES_MAX,
    Slice, TOTAL_BYTES_MAX, TOTAL_SLICES_MAX, Why,
};
use place::Place;
use std::sync::{Mutex, mpsc};

on_both! {
    what_waits_is_bounded_by_its_bytes_and_there_is_room_again_afterwards
    strangers_together_cannot_fill_the_quarantine_with_slices
    strangers_together_cannot_fill_the_disk
    a_telephone_that_writes_on_and_on_is_kept_aside_and_may_be_admitted_after_all
}

fn what_waits_is_bounded_by_its_bytes_and_there_is_room_again_afterwards(place: Place) {
    const FRAMES: usize = 200;
    let (reached, at_commit) = mpsc::channel();
    let (go, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let options = Options::new().on_commit(move |_| {
        reached.send(()).unwrap();
        // Once the test is over, nobody holds the gate.
        let _ = gate.lock().unwrap().recv();
    });
    let journal = place.open_with(options).unwrap();
    (1..=2).for_each(|device| journal.enrol(log(device)).unwrap());
    let first = later(&journal, slice(1, 1));
    at_commit.recv().unwrap();
    // The writer is held up.
    let frames: Vec<Frame> =
        (0..FRAMES).map(|n| Frame { id: [n as u8; 16], body: vec![7; BODY_MAX] }).collect();
    let name = log(2).name;
    let large = Slice::sign(name, &Head::of_nothing(name), frames, &key(2));
    // Each is held twice: as it came, and as it is stored.
    let room = QUEUE_BYTES_MAX / (2 * FRAMES * BODY_MAX);
    let mut waiting: Vec<_> = (0..room).map(|_| later(&journal, large.clone())).collect();
    let refused = waiting.pop().unwrap();
    let busy = matches!(refused.try_recv(), Ok(Answer::Busy));
    if !busy {
        waiting.push(refused);
        assert!(matches!(later(&journal, large.clone()).try_recv().unwrap(), Answer::Busy));
    }
    assert!(waiting.len() + 1 >= room && waiting.iter().all(|one| one.try_recv().is_err()));
    // A small one still finds room.
    let small = later(&journal, slice(1, 2));
    drop(go);
    assert_eq!(stored(&first.recv().unwrap()), 1);
    waiting.iter().for_each(|one| assert_eq!(stored(&one.recv().unwrap()), FRAMES as u64));
    assert_eq!(stored(&small.recv().unwrap()), 2);
    assert_eq!(stored(&send(&journal, large)), FRAMES as u64);
}

fn strangers_together_cannot_fill_the_quarantine_with_slices(place: Place) {
    let journal = place.open();
    let devices = (TOTAL_SLICES_MAX / DEVICE_SLICES_MAX) as u8;
    for device in 0..devices {
        // A device's slices together: they share a commit.
        let sent: Vec<_> =
            (1..=DEVICE_SLICES_MAX).map(|count| later(&journal, slice(100 + device, count))).collect();
        for one in sent {
            assert!(matches!(one.recv().unwrap(), Answer::Quarantined { .. }));
        }
    }
    assert!(matches!(send(&journal, slice(1, 1)), Answer::QuarantineFull));
    assert!(matches!(send(&journal, slice(100, 5)), Answer::Quarantined { .. }), "it is kept already");
    drop(journal);
    // It is counted anew when the journal is opened.
    let journal = place.open();
    assert!(matches!(send(&journal, slice(1, 1)), Answer::QuarantineFull));
    assert!(journal.settle(COMMUNITY, 1).unwrap());
    assert!(matches!(send(&journal, slice(1, 1)), Answer::Quarantined { .. }));
    assert!(matches!(send(&journal, slice(1, 2)), Answer::QuarantineFull));
}

fn strangers_together_cannot_fill_the_disk(place: Place) {
    drop(place.open());
    // As if all but a thousand bytes were taken.
    let zeros = |count: u64| match &place {
        Place::Folder(_) => format!("zeroblob({count})"),
        Place::Database(_) => format!("decode(repeat('00', {count}), 'hex')"),
    };
    if !place.is_file() {
        // Zeros need no room on the disk.
        place.change("ALTER TABLE quarantine ALTER COLUMN bytes SET STORAGE EXTENDED");
    }
    for number in 1..=8 {
        let left = if number == 1 { 1000 } else { 0 };
        place.change(&format!(
            "INSERT INTO quarantine (community_id, number, device, received_at_ms, why, digest, bytes)
             VALUES ({}, {number}, {}, 0, 'unknown', {}, {})",
            place.literal(&COMMUNITY),
            place.literal(&[9; 16]),
            place.literal(&[number; 32]),
            zeros(TOTAL_BYTES_MAX / 8 - left)
        ));
    }
    let journal = place.open();
    assert!(slice(1, 8).to_bytes().len() > 600);
    assert!(matches!(send(&journal, slice(1, 8)), Answer::Quarantined { .. }));
    assert!(matches!(send(&journal, slice(2, 8)), Answer::QuarantineFull));
    assert!(journal.settle(COMMUNITY, 1).unwrap());
    assert!(matches!(send(&journal, slice(2, 8)), Answer::Quarantined { .. }));
}

fn a_telephone_that_writes_on_and_on_is_kept_aside_and_may_be_admitted_after_all(place: Place) {
    let journal = place.open();
    let name = log(1).name;
    journal.enrol(log(1)).unwrap();
    let mut head = Head::of_nothing(name);
    let mut next = |count: u64| {
        let frames = (head.seq + 1..=head.seq + count).map(|seq| Frame { id: id(seq), body: Vec::new() });
        let slice = Slice::sign(name, &head, frames.collect(), &key(1));
        head = slice.head();
        slice
    };
    let whole = LOG_FRAMES_MAX / FRAMES_MAX as u64;
    let first: Vec<Slice> = (0..whole).map(|_| next(FRAMES_MAX as u64)).collect();
    let rest = next(LOG_FRAMES_MAX - whole * FRAMES_MAX as u64);
    for slice in first.iter().chain([&rest]) {
        stored(&send(&journal, slice.clone()));
    }
    let beyond = next(2);
    let Answer::Quarantined { number, why: Why::Excess } = send(&journal, beyond.clone()) else {
        panic!("it is not kept aside")
    };
    // What is held already is a success still, and the rest waits for a person.
    assert_eq!(stored(&send(&journal, rest)), LOG_FRAMES_MAX);
    assert_eq!(journal.quarantined(COMMUNITY, None).unwrap()[0].why, Why::Excess);
    let (held, _) = journal.release(COMMUNITY, number).unwrap();
    assert_eq!(held, beyond.head());
    assert_eq!(stored(&send(&journal, beyond)), LOG_FRAMES_MAX + 2);
}

fn id(seq: u64) -> [u8; 16] {
    let mut id = [1; 16];
    id[..8].copy_from_slice(&seq.to_le_bytes());
    id
}
