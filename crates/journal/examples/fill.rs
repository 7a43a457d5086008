//! Fills the journal of a folder with so many frames of phones that nobody has: what a server finds after years.
//!
//! `cargo run --release -p journal --features sqlite --example fill -- FOLDER FRAMES`

#![allow(clippy::print_stdout, reason = "this is what it is for")]

use journal::{Answer, Frame, Head, Journal, Log, LogName, SecretKey, Slice};
use std::{env, path::PathBuf, sync::mpsc};

/// Frames of a slice.
const SLICE: u64 = 256;
/// Frames of a phone: a long shift.
const PHONE: u64 = 12_800;
/// Bytes of a body: an event of some fields.
const BODY: usize = 220;

fn main() {
    let mut args = env::args().skip(1);
    let folder = args.next().map(PathBuf::from).expect("a folder");
    let frames: u64 = args.next().and_then(|frames| frames.parse().ok()).expect("a number of frames");
    let journal = Journal::open(&folder).expect("the journal opens");
    let (told, answers) = mpsc::channel();
    let mut written = 0;
    let mut waiting = 0;
    for phone in 0.. {
        if written >= frames {
            break;
        }
        let mut device = [9; 16];
        device[..8].copy_from_slice(&u64::to_le_bytes(phone));
        let mut random = [3; 32];
        random[..8].copy_from_slice(&u64::to_le_bytes(phone));
        let key = SecretKey::from_random(random);
        let name = LogName { community: [(phone / 500) as u8; 16], device };
        journal.enrol(Log { name, book: [5; 16], key: key.public() }).expect("it is enrolled");
        let mut head = Head::of_nothing(name);
        for _ in 0..PHONE / SLICE {
            let frame = |seq: u64| {
                let mut id = device;
                id[8..].copy_from_slice(&seq.to_le_bytes());
                Frame { id, body: vec![seq as u8; BODY] }
            };
            let slice =
                Slice::sign(name, &head, (head.seq + 1..=head.seq + SLICE).map(frame).collect(), &key);
            head = slice.head();
            let told = told.clone();
            journal.append(name, slice, 0, move |answer| drop(told.send(answer)));
            waiting += 1;
            written += SLICE;
            // The next slice of a log is checked against the head that was committed last: some are under way all the same.
            while waiting > 64 {
                stored(answers.recv().expect("it is answered"));
                waiting -= 1;
            }
        }
    }
    answers.iter().take(waiting).for_each(stored);
    println!("{written}");
}

fn stored(answer: Answer) {
    assert!(matches!(answer, Answer::Stored { .. }), "{answer:?}");
}
