//! A process that appends to a journal and notes down what was acknowledged, so that it can be killed. It is the test's own
//! program, started again for the one test that [`run`] is called in.

use crate::device::{key, log, stored, written};
use journal::sqlite::{Answer, Journal, Options, Planted};
use std::{
    collections::BTreeMap,
    env,
    fs::{self, File},
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, mpsc},
    thread,
};

pub const DEVICES: u8 = 4;

/// Starts the station in this folder, for so many rounds.
pub fn command(folder: &Path, rounds: u64, planted: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "the_station", "--ignored", "--test-threads=1"])
        .env("STATION_FOLDER", folder)
        .env("STATION_ROUNDS", rounds.to_string())
        .env("STATION_PLANTED", planted)
        .stdout(Stdio::null());
    command
}

#[allow(dead_code, reason = "each test uses its own part")]
pub fn start(folder: &Path, rounds: u64, planted: &str) -> Child {
    command(folder, rounds, planted).spawn().unwrap()
}

/// The station's own life, if this process is one.
pub fn run() {
    let Some(folder) = env::var_os("STATION_FOLDER") else { return };
    let folder = Path::new(&folder);
    let rounds: u64 = env::var("STATION_ROUNDS").unwrap().parse().unwrap();
    let planted = match env::var("STATION_PLANTED").unwrap().as_str() {
        "ack_before_commit" => Planted { ack_before_commit: true, ..Planted::default() },
        "synchronous_normal" => Planted { synchronous_normal: true, ..Planted::default() },
        "ack_failed" => Planted { ack_failed: true, ..Planted::default() },
        _ => Planted::default(),
    };
    let journal = Arc::new(Options::new().planted(planted).open(folder).unwrap());
    let acks = Arc::new(File::options().append(true).create(true).open(folder.join("acks")).unwrap());
    let devices = (1..=DEVICES).map(|device| {
        let (journal, acks) = (Arc::clone(&journal), Arc::clone(&acks));
        thread::spawn(move || write_and_send(&journal, &acks, device, rounds))
    });
    devices.collect::<Vec<_>>().into_iter().for_each(|device| device.join().unwrap());
}

fn write_and_send(journal: &Journal, acks: &Arc<File>, device: u8, rounds: u64) {
    let log = log(device);
    journal.enrol(log).unwrap();
    let held = journal.heads(log.name.community).unwrap();
    let mut head = held.iter().find(|state| state.log.name == log.name).unwrap().head;
    for round in 0..rounds {
        let tail = written(log.name, head, 1 + round % 5);
        let slice = tail.slice(&key(device)).unwrap();
        let (answer, answered) = mpsc::channel();
        let acks = Arc::clone(acks);
        journal.append(log.name, slice.clone(), 0, move |what| {
            if let Answer::Failed(_) = what {
                return answer.send(false).unwrap();
            }
            let seq = stored(&what);
            // One line is one write: whoever is killed has written it or not.
            (&*acks).write_all(format!("ack {device} {seq}\n").as_bytes()).unwrap();
            answer.send(true).unwrap();
        });
        if !answered.recv().unwrap() {
            continue;
        }
        head = tail.head();
        if round % 7 == 0 {
            // The answer did not arrive, it thinks.
            let (answer, answered) = mpsc::channel();
            journal.append(log.name, slice, 0, move |what| answer.send(what).unwrap());
            let again = answered.recv().unwrap();
            assert!(matches!(again, Answer::Failed(_)) || stored(&again) == head.seq);
        }
    }
}

/// What the station noted down.
#[allow(dead_code, reason = "each test uses its own part")]
pub fn acknowledged(folder: &Path) -> BTreeMap<u8, u64> {
    parse(&fs::read_to_string(folder.join("acks")).unwrap_or_default())
}

/// The last acknowledged event of each device.
pub fn parse(acks: &str) -> BTreeMap<u8, u64> {
    let mut last = BTreeMap::new();
    for line in acks.lines() {
        let mut parts = line.split(' ').skip(1);
        let device = parts.next().unwrap().parse().unwrap();
        let seq: u64 = parts.next().unwrap().parse().unwrap();
        let held = last.entry(device).or_insert(0);
        *held = seq.max(*held);
    }
    last
}
