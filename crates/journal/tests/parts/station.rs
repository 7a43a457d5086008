//! A process that appends to a journal and notes down what was acknowledged, so that it can be killed. It is the test's own
//! program, started again for the one test that [`run`] is called in.

use crate::device::{key, log, written};
use journal::{Answer, Head, Journal, Options, Planted, Slice};
use std::{
    collections::BTreeMap,
    env,
    fs::{self, File},
    io::Write,
    path::Path,
    process::{self, Child, Command, Stdio},
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

/// Starts a station over this database, that notes down in this folder. It has the phones that others have, too, and this
/// one besides.
#[allow(dead_code, reason = "each test uses its own part")]
pub fn start_over(url: &str, folder: &Path, own: u8, planted: &str) -> Child {
    let own = own.to_string();
    command(folder, u64::MAX, planted).env("STATION_URL", url).env("STATION_OWN", own).spawn().unwrap()
}

/// The station's own life, if this process is one.
pub fn run() {
    let Some(folder) = env::var_os("STATION_FOLDER") else { return };
    let folder = Path::new(&folder);
    let rounds: u64 = env::var("STATION_ROUNDS").unwrap().parse().unwrap();
    let planted = match env::var("STATION_PLANTED").unwrap().as_str() {
        "ack_before_commit" => Planted { ack_before_commit: true, ..Planted::default() },
        "synchronous_normal" => Planted { synchronous_normal: true, ..Planted::default() },
        "no_sync_at_open" => Planted { no_sync_at_open: true, ..Planted::default() },
        "early_position" => Planted { early_position: true, ..Planted::default() },
        "no_dedup" => Planted { no_dedup: true, ..Planted::default() },
        "ack_failed" => Planted { ack_failed: true, ..Planted::default() },
        _ => Planted::default(),
    };
    let options = Options::new().planted(planted);
    let opened = match env::var("STATION_URL") {
        Ok(url) => options.connect(&url),
        Err(_) => options.open(folder),
    };
    let journal = Arc::new(opened.unwrap());
    let notes = |name| Arc::new(File::options().append(true).create(true).open(folder.join(name)).unwrap());
    let (acks, failures) = (notes("acks"), notes("failures"));
    let own = env::var("STATION_OWN").ok().map(|own| own.parse().unwrap());
    let devices = (1..=DEVICES).chain(own).map(|device| {
        let (journal, acks, failures) = (Arc::clone(&journal), Arc::clone(&acks), Arc::clone(&failures));
        thread::spawn(move || {
            let phone = Phone { journal, acks, failures, device };
            phone.work(rounds);
        })
    });
    devices.collect::<Vec<_>>().into_iter().for_each(|device| device.join().unwrap());
    if env::var_os("STATION_ABORTS").is_some() {
        process::abort();
    }
}

struct Phone {
    journal: Arc<Journal>,
    acks: Arc<File>,
    failures: Arc<File>,
    device: u8,
}

impl Phone {
    fn work(&self, rounds: u64) {
        let log = log(self.device);
        self.journal.enrol(log).unwrap();
        let held = self.journal.heads(log.name.community).unwrap();
        let mut head = held.iter().find(|state| state.log.name == log.name).unwrap().head;
        if head.seq > 0 {
            // It does not remember what was acknowledged.
            let all = written(log.name, Head::of_nothing(log.name), head.seq);
            self.send(all.slice(&key(self.device)).unwrap());
        }
        for round in 0..rounds {
            let tail = written(log.name, head, 1 + round % 5);
            let slice = tail.slice(&key(self.device)).unwrap();
            if self.send(slice.clone()) {
                head = tail.head();
                if round % 7 == 0 {
                    // The answer did not arrive, it thinks.
                    self.send(slice);
                }
            }
        }
    }

    /// Sends, notes down what was acknowledged, and says whether it was.
    fn send(&self, slice: Slice) -> bool {
        let (answer, answered) = mpsc::channel();
        let (acks, device) = (Arc::clone(&self.acks), self.device);
        self.journal.append(slice.log, slice, 0, move |what| {
            if let Answer::Stored { head, .. } = what {
                // One line is one write, and in one page: whoever is killed has written it or not.
                let line = format!("ack {device} {}", head.seq);
                (&*acks).write_all(format!("{line:<31}\n").as_bytes()).unwrap();
            }
            answer.send(what).unwrap();
        });
        match answered.recv().unwrap() {
            Answer::Stored { .. } => true,
            Answer::Failed(why) => {
                (&*self.failures).write_all(format!("{why}\n").as_bytes()).unwrap();
                false
            }
            other => panic!("a device's own slice: {other:?}"),
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
