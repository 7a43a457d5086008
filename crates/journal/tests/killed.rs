//! A process that is killed at any moment has stored all that it acknowledged, once.
//!
//! `JOURNAL_KILLS=1000` kills it more often than the few dozen times of a usual run, however long that takes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/device.rs"]
mod device;
#[path = "parts/station.rs"]
mod station;

use journal::Journal;
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use std::{
    env, fs,
    path::Path,
    process,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A usual run kills no more after this: on a disk that is slow to sync, a dozen kills say what thirty would.
const ENOUGH: Duration = Duration::from_secs(20);

/// In memory where the system has such a folder: processes are killed here and not the machine, whose disk may be slow.
/// (What a machine that stops leaves of unsynced writes is asked in `power_cut.rs`.)
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn any_moment() -> TestRng {
    TestRng::deterministic_rng(RngAlgorithm::ChaCha)
}

/// Kills in one folder, at most: each time all that is in it is read.
const KILLS_OF_A_FOLDER: u32 = 64;

/// Starts a station and kills it, again and again in the same folder; what is wrong then.
fn kill_often(
    chance: &mut TestRng,
    folder: &Path,
    kills: u32,
    enough: Duration,
    planted: &str,
) -> Result<(), String> {
    let (mut killed, begun) = (0, Instant::now());
    let guard = Guard::new();
    while killed < kills && begun.elapsed() < enough {
        let mut station = station::start(folder, u64::MAX, planted);
        guard.at((killed, "the station is at work", station.id()));
        // Some are killed while they open the journal, on a slow machine nearly all; every fourth has written.
        if killed % 4 == 3 {
            let written = || station::acknowledged(folder).values().sum::<u64>();
            let before = written();
            let waited = Instant::now();
            while written() == before {
                if waited.elapsed() > Guard::PATIENCE / 2 || station.try_wait().unwrap().is_some() {
                    station.kill().unwrap();
                    return Err("the stations do not come to write".to_owned());
                }
                thread::sleep(Duration::from_millis(1));
            }
        }
        thread::sleep(Duration::from_micros(5_000 + u64::from(chance.next_u32() % 90_000)));
        station.kill().unwrap();
        station.wait().unwrap();
        guard.at((killed, "the journal is opened and judged", station.id()));
        let acks = station::acknowledged(folder);
        let journal = Journal::open(folder).unwrap();
        killed += 1;
        if killed % 8 == 0 { device::judge_all(&journal, &acks)? } else { device::judge(&journal, &acks)? }
    }
    Ok(())
}

/// Which kill, what is done, and the last station's process.
type Step = (u32, &'static str, u32);

/// Ends the test, with what its threads and the station wait for, if one step takes far too long.
struct Guard(mpsc::Sender<Step>);

impl Guard {
    const PATIENCE: Duration = Duration::from_secs(90);

    fn new() -> Guard {
        let (tell, told) = mpsc::channel::<Step>();
        thread::spawn(move || {
            let mut last = (0, "the first station starts", process::id());
            loop {
                match told.recv_timeout(Guard::PATIENCE) {
                    Ok(step) => last = step,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        let (kill, what, station) = last;
                        eprintln!("kill {kill}: {what} for {:?}", Guard::PATIENCE);
                        tell_threads(process::id());
                        tell_threads(station);
                        process::abort();
                    }
                }
            }
        });
        Guard(tell)
    }

    fn at(&self, step: Step) {
        self.0.send(step).unwrap();
    }
}

/// Prints where each thread of a process stands in the kernel, on Linux and while there is such a process.
fn tell_threads(process: u32) {
    for thread in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
        let read = |file| fs::read_to_string(thread.path().join(file)).unwrap_or_default();
        eprintln!("{process}: {} waits in {}", read("stat"), read("wchan"));
    }
}

#[test]
fn what_was_acknowledged_before_a_kill_is_stored_once() {
    let asked = env::var("JOURNAL_KILLS").ok().map(|kills| kills.parse().unwrap());
    let enough = if asked.is_some() { Duration::MAX } else { ENOUGH };
    let (mut left, mut chance) = (asked.unwrap_or(32), any_moment());
    while left > 0 {
        let kills = left.min(KILLS_OF_A_FOLDER);
        kill_often(&mut chance, folder().path(), kills, enough, "").unwrap();
        left -= kills;
    }
}

#[test]
fn an_answer_before_the_commit_is_found() {
    let folder = folder();
    let planted = "ack_before_commit";
    let found = kill_often(&mut any_moment(), folder.path(), 200, Duration::MAX, planted).unwrap_err();
    assert!(found.contains("acknowledged"), "{found}");
}

#[test]
fn a_second_process_is_told_that_the_journal_is_taken() {
    let folder = folder();
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
