//! When the power fails, what was written and not synced may be there or not, in any order. A station's writes and syncs
//! are recorded, and its disk is made anew as it may have been at each moment: all that was acknowledged is on it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![cfg(target_os = "linux")]

#[path = "parts/device.rs"]
mod device;
#[path = "parts/station.rs"]
mod station;

use device::judge_all;
use journal::Journal;
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

/// Sectors are written whole.
const SECTOR: usize = 512;

/// The recorder, built once.
fn recorder() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parts/record.c");
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("record.so");
        let mut cc = Command::new("cc");
        let built = cc.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl").status();
        assert!(built.expect("a C compiler, as for SQLite itself").success());
        library
    })
}

#[derive(Debug)]
enum What {
    Write { offset: usize, data: Vec<u8> },
    Truncate(usize),
    Synced,
    Removed,
    Acknowledged(String),
}

/// What a station did to its files, in order.
fn recorded(folder: &Path, rounds: u64, planted: &str) -> Vec<(String, What)> {
    let record = folder.join("record");
    let mut station = station::command(folder, rounds, planted);
    let ended = station.env("LD_PRELOAD", recorder()).env("RECORD_TO", &record).status().unwrap();
    assert!(ended.success());
    parse(&fs::read(record).unwrap())
}

fn parse(bytes: &[u8]) -> Vec<(String, What)> {
    let mut rest = bytes;
    let mut records = Vec::new();
    while !rest.is_empty() {
        let number = |at: usize| u64::from_le_bytes(rest[at..at + 8].try_into().unwrap()) as usize;
        let (name, offset, length) = (number(1), number(9), number(17));
        let what = rest[0];
        let data = rest[25 + name..25 + name + length].to_vec();
        let name_text = String::from_utf8(rest[25..25 + name].to_vec()).unwrap();
        let what = match what {
            b'W' => What::Write { offset, data },
            b'T' => What::Truncate(offset),
            b'S' => What::Synced,
            b'D' => What::Removed,
            _ => What::Acknowledged(String::from_utf8(data).unwrap()),
        };
        records.push((name_text, what));
        rest = &rest[25 + name + length..];
    }
    records
}

/// A file: what is surely on the disk, and what may be.
#[derive(Default)]
struct Disk {
    synced: Vec<u8>,
    unsynced: Vec<What>,
}

fn apply(file: &mut Vec<u8>, offset: usize, data: &[u8]) {
    file.resize(file.len().max(offset + data.len()), 0);
    file[offset..offset + data.len()].copy_from_slice(data);
}

impl Disk {
    fn sync(&mut self) {
        for what in self.unsynced.drain(..) {
            match what {
                What::Write { offset, data } => apply(&mut self.synced, offset, &data),
                What::Truncate(length) => self.synced.resize(length, 0),
                _ => unreachable!("only these wait"),
            }
        }
    }

    /// The file as it may be found: each sector that was not synced is there, or not.
    fn found(&self, mut kept: impl FnMut() -> bool) -> Vec<u8> {
        let mut file = self.synced.clone();
        for what in &self.unsynced {
            match what {
                What::Write { offset, data } => {
                    for (sector, data) in data.chunks(SECTOR).enumerate() {
                        if kept() {
                            apply(&mut file, offset + sector * SECTOR, data);
                        }
                    }
                }
                What::Truncate(length) if kept() => file.resize(*length, 0),
                _ => {}
            }
        }
        file
    }
}

/// Opens what is found after a power cut.
fn judge_found(
    disks: &BTreeMap<String, Disk>,
    acks: &str,
    kept: &mut dyn FnMut() -> bool,
) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, disk) in disks {
        let file = disk.found(&mut *kept);
        // A file of which nothing was synced may have no name yet.
        if !file.is_empty() || kept() {
            fs::write(folder.path().join(name), file).unwrap();
        }
    }
    let journal = Journal::open(folder.path()).map_err(|error| error.to_string())?;
    judge_all(&journal, &station::parse(acks))
}

/// Cuts the power at each moment, with more or less luck; how often, or what is wrong then.
fn cut_everywhere(records: Vec<(String, What)>) -> Result<u32, String> {
    let mut chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut disks = BTreeMap::<String, Disk>::new();
    let mut acks = String::new();
    let mut cuts = 0;
    assert!(records.iter().any(|(name, what)| name.ends_with("-wal") && matches!(what, What::Synced)));
    for (name, what) in records {
        let disk = disks.entry(name).or_default();
        // One write in four is cut after; each sync and each answer is.
        let cut = match what {
            What::Write { .. } | What::Truncate(_) => {
                disk.unsynced.push(what);
                chance.next_u32().is_multiple_of(4)
            }
            What::Synced => {
                disk.sync();
                true
            }
            What::Removed => {
                *disk = Disk::default();
                true
            }
            What::Acknowledged(line) => {
                acks.push_str(&line);
                true
            }
        };
        if cut {
            let luck = chance.next_u32() % 5;
            judge_found(&disks, &acks, &mut || chance.next_u32() % 4 < luck)?;
            judge_found(&disks, &acks, &mut || false)?;
            cuts += 2;
        }
    }
    Ok(cuts)
}

#[test]
fn what_was_acknowledged_is_on_the_disk_whenever_the_power_fails() {
    let folder = tempfile::tempdir().unwrap();
    let cuts = cut_everywhere(recorded(folder.path(), 12, "")).unwrap();
    assert!(cuts > 100, "{cuts}");
}

#[test]
fn commits_that_are_not_synced_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let found = cut_everywhere(recorded(folder.path(), 12, "synchronous_normal")).unwrap_err();
    assert!(found.contains("acknowledged"), "{found}");
}

/// A process that was stopped before it synced what it wrote, and one that is asked for the same again; then the power
/// fails.
fn cut_after_a_crash(planted: &str) -> Result<u32, String> {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let mut station = station::command(folder.path(), 3, "synchronous_normal");
    let station = station.env("STATION_ABORTS", "1").env("LD_PRELOAD", recorder());
    let ended = station.env("RECORD_TO", &record).stderr(std::process::Stdio::null()).status().unwrap();
    assert!(!ended.success());
    let before = parse(&fs::read(&record).unwrap()).len();
    let mut records = recorded(folder.path(), 3, planted);
    // What the first one acknowledged without syncing is its own fault.
    let mut number = 0;
    records.retain(|(_, what)| {
        number += 1;
        number > before || !matches!(what, What::Acknowledged(_))
    });
    cut_everywhere(records)
}

#[test]
fn what_an_earlier_process_left_unsynced_is_synced_before_it_is_acknowledged() {
    cut_after_a_crash("").unwrap();
}

#[test]
fn what_is_acknowledged_because_an_earlier_process_wrote_it_is_found() {
    let found = cut_after_a_crash("no_sync_at_open").unwrap_err();
    assert!(found.contains("acknowledged"), "{found}");
}

/// A station whose disk fails for some of its time; what is wrong then.
fn fail_for_a_while(kind: &str, planted: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let now = folder.path().join("now");
    let mut station = station::command(folder.path(), u64::MAX, planted);
    let mut station = station.env("LD_PRELOAD", recorder()).env(kind, &now).spawn().unwrap();
    let acknowledged = || station::acknowledged(folder.path()).values().sum::<u64>();
    let failures = || fs::read_to_string(folder.path().join("failures")).unwrap_or_default().lines().count();
    // For so long, and until something is so or the station has ended.
    let mut wait = |ms, is_so: &dyn Fn() -> bool| {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(ms)
            || (!is_so()
                && station.try_wait().unwrap().is_none()
                && begun.elapsed() < Duration::from_secs(60))
        {
            thread::sleep(Duration::from_millis(10));
        }
    };
    let (mut before, mut times) = (0, 0);
    for _ in 0..6 {
        // Until it has come to write again after the failure.
        wait(0, &|| acknowledged() > before + 20);
        let (acked, failed) = (acknowledged(), failures());
        fs::write(&now, "").unwrap();
        // Who acknowledges what failed does not say that it did.
        wait(30, &|| failures() > failed || (planted == "ack_failed" && acknowledged() > acked));
        fs::remove_file(&now).unwrap();
        let acknowledged = acknowledged();
        if acknowledged <= before {
            break;
        }
        before = acknowledged;
        times += 1;
    }
    station.kill().unwrap();
    station.wait().unwrap();
    let journal = Journal::open(folder.path()).map_err(|error| error.to_string())?;
    judge_all(&journal, &station::acknowledged(folder.path()))?;
    let failures = fs::read_to_string(folder.path().join("failures")).unwrap();
    match times {
        6 if failures.lines().count() >= 6 => Ok(()),
        _ => Err(format!("after {times} failures it does not write again, or never failed: {failures}")),
    }
}

#[test]
fn a_full_disk_acknowledges_nothing_and_is_written_to_again() {
    fail_for_a_while("FAIL_WRITES", "").unwrap();
}

#[test]
fn a_disk_that_does_not_sync_acknowledges_nothing_and_is_written_to_again() {
    fail_for_a_while("FAIL_SYNCS", "").unwrap();
}

#[test]
fn a_failed_commit_that_is_acknowledged_is_found() {
    let found = fail_for_a_while("FAIL_WRITES", "ack_failed").unwrap_err();
    assert!(found.contains("acknowledged"), "{found}");
}

#[test]
#[ignore = "a process that the other tests start"]
fn the_station() {
    station::run();
}
