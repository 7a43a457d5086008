//! How fast a journal in PostgreSQL takes what is sent to it, beside the server's own inserts of the same rows in the same
//! run.
//!
//! `cargo run --release -p journal --features postgres --example rate_postgres -- [frames] [brief]`; with `brief`, the first of each alone
//!
//! It starts a server of its own in the folder for temporary files, or uses that of `SHOUHU_TEST_POSTGRES`. All commits are
//! durable. Raw rows come from four connections, 256 in one insert from arrays (`unnest`), one insert a commit, and check
//! nothing; the journal checks signatures, chains and what is held already. Signing is the devices' work, and is done before
//! the clock starts.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "this is what it is for")]

#[path = "../tests/parts/cluster.rs"]
mod cluster;

use journal::{Answer, Frame, Head, Journal, Log, LogName, Options, SecretKey, Slice};
use std::{
    env,
    sync::{Arc, mpsc},
    thread,
    time::Instant,
};

/// Frames of a slice, and rows of a raw insert.
const COMMIT: usize = 256;
/// Bytes of a body: an event of some fields.
const BODY: usize = 220;
/// Connections that insert raw rows.
const WRITERS: usize = 4;
/// Those who send one event at a time, at once.
const CALLERS: usize = 256;
const ROUNDS: usize = 5;

/// What is measured: its name, connections that write, phones, communities, and frames of a slice.
const JOURNALS: [(&str, usize, usize, usize, usize); 8] = [
    ("journal, slices of 256, 4 phones, 4 communities", 4, 4, 4, COMMIT),
    ("  over 2 connections", 2, 4, 4, COMMIT),
    ("  over 1 connection", 1, 4, 4, COMMIT),
    ("journal, slices of 256, 4 phones, 1 community", 4, 4, 1, COMMIT),
    ("journal, slices of 256, 16 phones, 8 communities", 4, 16, 8, COMMIT),
    ("  over 2 connections", 2, 16, 8, COMMIT),
    ("  over 1 connection", 1, 16, 8, COMMIT),
    ("journal, slices of 1, 256 phones, 8 communities", 4, CALLERS, 8, 1),
];

fn main() {
    let frames: usize =
        env::args().nth(1).map_or(65_536, |frames| frames.parse().expect("a number of frames"));
    let brief = env::args().nth(2).is_some_and(|word| word == "brief");
    let singles = frames / 8;
    let mut rates = vec![Vec::new(); 2 + JOURNALS.len() + 1];
    for _ in 0..ROUNDS {
        rates[0].push(raw(frames, COMMIT, WRITERS));
        if !brief {
            rates[1].push(raw(singles, COMMIT, 1));
        }
        let journals = if brief { &JOURNALS[..1] } else { &JOURNALS };
        for (at, &(_, writers, phones, communities, each)) in journals.iter().enumerate() {
            let count = if each == 1 { singles } else { frames };
            let phones = self::phones(count, phones, communities, each);
            let database = cluster::database();
            let journal = Options::new().writers(writers).connect(&database.url).unwrap();
            phones.iter().for_each(|phone| journal.enrol(phone.log).expect("it is enrolled"));
            let journal = Arc::new(journal);
            rates[2 + at].push(measured(count, || send(&journal, phones)));
            if at == 4 {
                let verify = || assert_eq!(journal.verify(&|_| {}).expect("it can be read").faults, []);
                rates[2 + JOURNALS.len()].push(measured(count, verify));
            }
        }
    }
    let names =
        ["raw rows by unnest, 256 a commit, 4 connections", "raw rows by unnest, 256 a commit, 1 connection"];
    let names = names.into_iter().chain(JOURNALS.iter().map(|of| of.0)).chain(["verify (slices of 256)"]);
    let medians: Vec<Option<f64>> = rates.iter_mut().map(|rates| median(rates)).collect();
    let raw = medians[0].expect("it was measured");
    println!("{:<50} {:>10} {:>14}", "", "frames/s", "of raw rows");
    for (name, rate) in names.zip(&medians) {
        if let Some(rate) = rate {
            println!("{name:<50} {rate:>10.0} {:>13.0}%", 100.0 * rate / raw);
        }
    }
}

fn measured(frames: usize, work: impl FnOnce()) -> f64 {
    let wall = Instant::now();
    work();
    frames as f64 / wall.elapsed().as_secs_f64()
}

fn median(rates: &mut [f64]) -> Option<f64> {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied()
}

/// Frames a second of rows that are inserted over so many connections at once, so many a commit.
fn raw(frames: usize, rows: usize, connections: usize) -> f64 {
    let database = cluster::database();
    let mut first = journal::postgres::connect(&database.url).unwrap();
    first
        .batch_execute(
            "CREATE TABLE frame (community_id BYTEA NOT NULL, device BYTEA NOT NULL, seq BIGINT NOT NULL, id BYTEA NOT NULL,
                 body BYTEA NOT NULL, PRIMARY KEY (community_id, device, seq))",
        )
        .unwrap();
    let clients = (0..connections).map(|number| {
        let mut client = journal::postgres::connect(&database.url).unwrap();
        let insert = client
            .prepare(
                "INSERT INTO frame SELECT $1, $2, v.* FROM unnest($3::bigint[], $4::bytea[], $5::bytea[]) AS v",
            )
            .unwrap();
        (number as u8, client, insert)
    });
    let clients: Vec<_> = clients.collect();
    measured(frames, || {
        thread::scope(|scope| {
            for (number, mut client, insert) in clients {
                scope.spawn(move || {
                    let (community, device) = ([number; 16], [2u8; 16]);
                    let body = [7u8; BODY];
                    let bodies = vec![&body[..]; rows];
                    for commit in 0..frames / connections / rows {
                        let seqs: Vec<i64> = (1..=rows).map(|row| (commit * rows + row) as i64).collect();
                        let ids: Vec<Vec<u8>> =
                            seqs.iter().map(|seq| [seq.to_le_bytes(), [number; 8]].concat()).collect();
                        client
                            .execute(&insert, &[&&community[..], &&device[..], &seqs, &ids, &bodies])
                            .unwrap();
                    }
                });
            }
        });
    })
}

/// A device and all that it is going to send.
struct Phone {
    log: Log,
    slices: Vec<Slice>,
}

fn phones(frames: usize, callers: usize, communities: usize, each: usize) -> Vec<Phone> {
    let phone = |number: usize| {
        let mut random = [7; 32];
        random[..8].copy_from_slice(&(number as u64).to_le_bytes());
        let key = SecretKey::from_random(random);
        let mut device = [2; 16];
        device[..8].copy_from_slice(&(number as u64).to_le_bytes());
        let name = LogName { community: [(number % communities) as u8; 16], device };
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
