//! How fast a journal takes what is sent to it, beside SQLite's own inserts on the same disk in the same run.
//!
//! `cargo run --release -p journal --features sqlite --example rate -- [frames] [folder] [raw]`; with `raw`, SQLite's own inserts alone
//!
//! All commits are durable. Raw rows and raw slices check nothing; the journal checks signatures, chains and what is held
//! already. Signing is the devices' work, and is done before the clock starts.

#![allow(clippy::print_stdout, reason = "this is what it is for")]

use journal::{Answer, Frame, Head, Journal, Log, LogName, SecretKey, Slice};
use rusqlite::{Connection, params};
use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread,
    time::Instant,
};

/// Frames of a slice, and rows of a raw commit.
const COMMIT: usize = 256;
/// Bytes of a body: an event of some fields.
const BODY: usize = 220;
/// Those who send one event at a time, at once.
const CALLERS: usize = 256;
const ROUNDS: usize = 5;

fn main() {
    let frames: usize =
        env::args().nth(1).map_or(65_536, |frames| frames.parse().expect("a number of frames"));
    let folder = env::args().nth(2).map_or_else(env::temp_dir, PathBuf::from).join("journal-rate");
    let fresh = || {
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).expect("the folder can be made");
        folder.as_path()
    };
    let raw_alone = env::args().nth(3).is_some_and(|word| word == "raw");
    let singles = frames / 8;
    let mut rates = vec![Vec::new(); 7];
    for _ in 0..ROUNDS {
        rates[0].push(measured(frames, || raw(fresh(), frames, COMMIT, 1, 1)));
        rates[1].push(measured(frames, || raw(fresh(), frames, 1, COMMIT, 1)));
        rates[2].push(measured(singles, || raw(fresh(), singles, CALLERS, 1, CALLERS as u64)));
        if raw_alone {
            continue;
        }
        for (at, (count, callers, each)) in
            [(frames, 1, COMMIT), (frames, 16, COMMIT), (singles, CALLERS, 1)].into_iter().enumerate()
        {
            let phones = phones(count, callers, each);
            let journal = Journal::open(fresh()).expect("the journal opens");
            phones.iter().for_each(|phone| journal.enrol(phone.log).expect("it is enrolled"));
            let journal = Arc::new(journal);
            rates[3 + at].push(measured(count, || send(&journal, phones)));
            if at == 1 {
                let verify = || assert_eq!(journal.verify(&|_| {}).expect("it can be read").faults, []);
                rates[6].push(measured(count, verify));
            }
        }
    }
    let names = [
        "raw rows, 256 a commit",
        "raw slices of 256 as one blob, one a commit",
        "raw rows, 256 a commit, each of another device",
        "journal, slices of 256, one sender",
        "journal, slices of 256, 16 senders",
        "journal, slices of 1, 256 senders",
        "verify (slices of 256)",
    ];
    let measured = rates.iter_mut().filter(|rates| !rates.is_empty());
    let medians: Vec<Rate> = measured.map(|rates| median(rates)).collect();
    println!("{:<47} {:>10} {:>12} {:>14}", "", "frames/s", "CPU us/frame", "of raw rows");
    for (at, (name, rate)) in names.iter().zip(&medians).enumerate() {
        let raw = medians[if at == 2 || at == 5 { 2 } else { 0 }].per_s;
        println!("{name:<47} {:>10.0} {:>12.2} {:>13.0}%", rate.per_s, rate.cpu_us, 100.0 * rate.per_s / raw);
    }
    drop(fs::remove_dir_all(&folder));
}

#[derive(Clone, Copy)]
struct Rate {
    per_s: f64,
    cpu_us: f64,
}

fn measured(frames: usize, work: impl FnOnce()) -> Rate {
    let (wall, cpu) = (Instant::now(), cpu_time::ProcessTime::now());
    work();
    let frames = frames as f64;
    Rate { per_s: frames / wall.elapsed().as_secs_f64(), cpu_us: cpu.elapsed().as_secs_f64() / frames * 1e6 }
}

fn median(rates: &mut [Rate]) -> Rate {
    rates.sort_by(|a, b| a.per_s.total_cmp(&b.per_s));
    rates[rates.len() / 2]
}

/// Inserts rows of so many frames each, so many a commit, of so many devices in turn.
fn raw(folder: &Path, frames: usize, rows: usize, each: usize, devices: u64) {
    let mut db = Connection::open(folder.join("raw.sqlite")).expect("it opens");
    db.pragma_update(None, "journal_mode", "wal").expect("it is set");
    db.pragma_update(None, "synchronous", "full").expect("it is set");
    db.execute_batch(
        "CREATE TABLE frame (community_id BLOB, device BLOB, seq INTEGER, id BLOB, body BLOB,
             PRIMARY KEY (community_id, device, seq)) WITHOUT ROWID",
    )
    .expect("it is made");
    let body = vec![7u8; if each == 1 { BODY } else { (BODY + 20) * each }];
    let mut seq = 0i64;
    while (seq as usize) < frames {
        let commit = db.transaction().expect("it begins");
        let mut insert =
            commit.prepare_cached("INSERT INTO frame VALUES (?1, ?2, ?3, ?4, ?5)").expect("it is SQL");
        for _ in 0..rows {
            seq += each as i64;
            let mut id = [3u8; 16];
            id[..8].copy_from_slice(&seq.to_le_bytes());
            let mut device = [2; 16];
            device[..8].copy_from_slice(&(seq as u64 % devices).to_le_bytes());
            insert.execute(params![[1u8; 16], device, seq, id, body]).expect("it is stored");
        }
        drop(insert);
        commit.commit().expect("it is committed");
    }
}

/// A device and all that it is going to send.
struct Phone {
    log: Log,
    slices: Vec<Slice>,
}

fn phones(frames: usize, callers: usize, each: usize) -> Vec<Phone> {
    let phone = |number: usize| {
        let mut random = [7; 32];
        random[..8].copy_from_slice(&(number as u64).to_le_bytes());
        let key = SecretKey::from_random(random);
        let mut device = [2; 16];
        device[..8].copy_from_slice(&(number as u64).to_le_bytes());
        let name = LogName { community: [(number % 8) as u8; 16], device };
        let log = Log { name, book: [5; 16], key: key.public() };
        let mut head = Head::of_nothing(name);
        let slices = (0..frames / callers / each).map(|_| {
            let event = |number: u64| {
                let mut id = device;
                id[8..].copy_from_slice(&number.to_le_bytes());
                Frame { id, body: vec![number as u8; BODY] }
            };
            let frames = (head.seq + 1..=head.seq + each as u64).map(event).collect();
            let slice = Slice::sign(name, &head, frames, &key);
            head = slice.head();
            slice
        });
        Phone { log, slices: slices.collect() }
    };
    (0..callers).map(phone).collect()
}

/// Each device sends its next slice when the last is acknowledged. Two threads serve them all, as a server's would.
fn send(journal: &Arc<Journal>, phones: Vec<Phone>) {
    let mut halves = [Vec::new(), Vec::new()];
    for (number, phone) in phones.into_iter().enumerate() {
        halves[number % 2].push(phone.slices.into_iter());
    }
    let servers = halves.map(|mut senders| {
        let journal = Arc::clone(journal);
        thread::spawn(move || {
            let (done, next) = mpsc::channel();
            (0..senders.len()).for_each(|sender| done.send(sender).expect("it is received"));
            let mut left: usize = senders.iter().map(ExactSizeIterator::len).sum();
            while left > 0 {
                let sender = next.recv().expect("somebody is being served");
                let Some(slice) = senders[sender].next() else { continue };
                left -= 1;
                let done = done.clone();
                journal.append(slice.log, slice, 0, move |answer| {
                    assert!(matches!(answer, Answer::Stored { .. }), "{answer:?}");
                    // The last answers come when nobody listens any more.
                    let _ = done.send(sender);
                });
            }
            // All are answered once nobody holds a sender.
            drop(done);
            while next.recv().is_ok() {}
        })
    });
    servers.into_iter().for_each(|server| server.join().expect("it was served"));
}
