//! A process that is killed at any moment has stored all that it acknowledged, once.
//!
//! `JOURNAL_KILLS=1000` kills it more often than the few dozen times of a usual run.
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
use std::{env, path::Path, thread, time::Duration};

/// Starts a station and kills it, again and again in the same folder; what is wrong then.
fn kill_often(folder: &Path, kills: u32, planted: &str) -> Result<(), String> {
    let mut chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut acknowledged = 0;
    for kill in 0..kills {
        let mut station = station::start(folder, u64::MAX, planted);
        // Some are killed while they open the journal.
        thread::sleep(Duration::from_micros(5_000 + u64::from(chance.next_u32() % 90_000)));
        station.kill().unwrap();
        station.wait().unwrap();
        let acks = station::acknowledged(folder);
        acknowledged = acks.values().sum::<u64>();
        let journal = Journal::open(folder).unwrap();
        if kill % 8 == 7 { device::judge_all(&journal, &acks)? } else { device::judge(&journal, &acks)? }
    }
    assert!(acknowledged > u64::from(kills), "the stations hardly came to write");
    Ok(())
}

#[test]
fn what_was_acknowledged_before_a_kill_is_stored_once() {
    let kills = env::var("JOURNAL_KILLS").map_or(32, |kills| kills.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    kill_often(folder.path(), kills, "").unwrap();
}

#[test]
fn an_answer_before_the_commit_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let found = kill_often(folder.path(), 200, "ack_before_commit").unwrap_err();
    assert!(found.contains("acknowledged"), "{found}");
}

#[test]
fn a_second_process_is_told_that_the_journal_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let error = station::command(folder.path(), 1, "").stderr(std::process::Stdio::piped()).output().unwrap();
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
