//! A process that is killed at any moment has stored all that it acknowledged, once.
//!
//! `JOURNAL_KILLS=1000` kills it more often than the few dozen times of a usual run, however long that takes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/device.rs"]
mod device;
#[path = "parts/station.rs"]
mod station;

use journal::sqlite::Journal;
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use std::{
    env,
    path::Path,
    process,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

/// A usual run kills no more after this: on a disk that is slow to sync, a dozen kills say what thirty would.
const ENOUGH: Duration = Duration::from_secs(20);

/// Starts a station and kills it, again and again in the same folder; what is wrong then.
fn kill_often(folder: &Path, kills: u32, enough: Duration, planted: &str) -> Result<(), String> {
    let mut chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let (mut acknowledged, mut killed, begun) = (0, 0, Instant::now());
    let guard = Guard::new();
    while killed < kills && begun.elapsed() < enough {
        guard.at(killed, "the station is at work");
        let mut station = station::start(folder, u64::MAX, planted);
        // Some are killed while they open the journal.
        thread::sleep(Duration::from_micros(5_000 + u64::from(chance.next_u32() % 90_000)));
        station.kill().unwrap();
        station.wait().unwrap();
        guard.at(killed, "the journal is opened and judged");
        let acks = station::acknowledged(folder);
        acknowledged = acks.values().sum::<u64>();
        let journal = Journal::open(folder).unwrap();
        killed += 1;
        if killed % 8 == 0 { device::judge_all(&journal, &acks)? } else { device::judge(&journal, &acks)? }
    }
    assert!(acknowledged > u64::from(killed), "the stations hardly came to write");
    Ok(())
}

/// Ends the test, and says where it stands, if one step takes minutes.
struct Guard(mpsc::Sender<(u32, &'static str)>);

impl Guard {
    const PATIENCE: Duration = Duration::from_secs(240);

    fn new() -> Guard {
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let mut last = (0, "nothing is begun");
            loop {
                match told.recv_timeout(Guard::PATIENCE) {
                    Ok(at) => last = at,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        eprintln!("kill {}: {} for {:?}", last.0, last.1, Guard::PATIENCE);
                        process::abort();
                    }
                }
            }
        });
        Guard(tell)
    }

    fn at(&self, kill: u32, step: &'static str) {
        self.0.send((kill, step)).unwrap();
    }
}

#[test]
fn what_was_acknowledged_before_a_kill_is_stored_once() {
    let asked = env::var("JOURNAL_KILLS").ok().map(|kills| kills.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let enough = if asked.is_some() { Duration::MAX } else { ENOUGH };
    kill_often(folder.path(), asked.unwrap_or(32), enough, "").unwrap();
}

#[test]
fn an_answer_before_the_commit_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let found = kill_often(folder.path(), 200, Duration::MAX, "ack_before_commit").unwrap_err();
    assert!(found.contains("acknowledged"), "{found}");
}

#[test]
fn a_second_process_is_told_that_the_journal_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let error = station::command(folder.path(), 1, "").stderr(process::Stdio::piped()).output().unwrap();
    assert!(!error.status.success());
    drop(journal);
    let free = station::command(folder.path(), 1, "").status().unwrap();
    assert!(free.success());
}

#[test]
#[ignore = "a process that the other tests start"]
fn the_station() {
    station::run();
}
