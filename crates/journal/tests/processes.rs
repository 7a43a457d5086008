//! Several processes over one database, killed at any moment: all that one of them acknowledged is stored, once, and whoever
//! follows reads every position in its order, while commits go on.
//!
//! `JOURNAL_KILLS=1000` kills more often than the few dozen times of a usual run, however long that takes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/cluster.rs"]
mod cluster;
#[path = "parts/device.rs"]
mod device;
#[path = "parts/station.rs"]
mod station;

use cluster::{Cluster, Database};
use device::{BOOK, COMMUNITY, event, judge_all, key, later, log, send, slice, stored, written};
use journal::{Answer, Committed, Head, Journal, LogName, Options, Why};
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use std::{
    collections::BTreeMap,
    env,
    process::Child,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A usual run kills no more after this.
const ENOUGH: Duration = Duration::from_secs(8);

/// The phone that each station has for itself.
const OWN: [u8; 2] = [101, 102];

/// Two stations over a database. All phones but one of each send what they have to both.
struct Stations<'d> {
    database: &'d Database,
    planted: &'static str,
    folders: [TempDir; 2],
    processes: [Child; 2],
}

impl Drop for Stations<'_> {
    fn drop(&mut self) {
        self.kill(0);
        self.kill(1);
    }
}

impl Stations<'_> {
    fn start<'d>(database: &'d Database, planted: &'static str) -> Stations<'d> {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let start =
            |which: usize| station::start_over(&database.url, folders[which].path(), OWN[which], planted);
        let processes = [start(0), start(1)];
        Stations { database, planted, folders, processes }
    }

    fn kill(&mut self, which: usize) {
        self.processes[which].kill().unwrap();
        self.processes[which].wait().unwrap();
    }

    fn start_again(&mut self, which: usize) {
        let folder = self.folders[which].path();
        self.processes[which] = station::start_over(&self.database.url, folder, OWN[which], self.planted);
    }

    fn acknowledged(&self) -> BTreeMap<u8, u64> {
        let mut all = BTreeMap::new();
        for folder in &self.folders {
            for (device, seq) in station::acknowledged(folder.path()) {
                let last = all.entry(device).or_insert(0);
                *last = seq.max(*last);
            }
        }
        all
    }
}

/// Reads the book while others write to it: every position once and in order, every event of a device after the one before.
fn follow(journal: &Journal, over: &AtomicBool) -> Result<u64, String> {
    let (mut position, mut devices) = (0, BTreeMap::<u8, u64>::new());
    loop {
        let last = over.load(Ordering::Relaxed);
        let entries = journal.read(COMMUNITY, BOOK, position, 500).unwrap();
        if entries.is_empty() && last {
            return Ok(position);
        }
        for entry in entries {
            position += 1;
            let seq = devices.entry(entry.log.device[15]).or_default();
            *seq += 1;
            if entry.position != position {
                return Err(format!("{} was read after {}", entry.position, position - 1));
            }
            if entry.seq != *seq || entry.frame != event(entry.log.device[15], *seq) {
                return Err(format!("position {position} holds {entry:?}, not event {seq}"));
            }
        }
    }
}

/// Kills now the one, now the other; what is wrong then.
fn kill_often(kills: u32, enough: Duration, planted: &'static str) -> Result<(), String> {
    let database = cluster::database();
    let journal = Arc::new(Journal::connect(&database.url).unwrap());
    let over = Arc::new(AtomicBool::new(false));
    let following = {
        let (journal, over) = (Arc::clone(&journal), Arc::clone(&over));
        thread::spawn(move || follow(&journal, &over))
    };
    let mut chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut stations = Stations::start(&database, planted);
    let begun = Instant::now();
    let mut killed = 0;
    while killed < kills && begun.elapsed() < enough && !following.is_finished() {
        thread::sleep(Duration::from_micros(20_000 + u64::from(chance.next_u32() % 250_000)));
        let which = killed as usize % 2;
        stations.kill(which);
        // What it says that it holds of its own phone nobody else has written meanwhile.
        let said =
            station::acknowledged(stations.folders[which].path()).get(&OWN[which]).copied().unwrap_or(0);
        let held = journal.heads(COMMUNITY).unwrap();
        let held = held
            .iter()
            .find(|state| state.log.name == log(OWN[which]).name)
            .map_or(0, |state| state.head.seq);
        if held < said {
            over.store(true, Ordering::Relaxed);
            return Err(format!("{said} acknowledged, {held} stored"));
        }
        stations.start_again(which);
        killed += 1;
    }
    // They have come to write, each much more than once.
    let written = || stations.acknowledged().values().sum::<u64>() > u64::from(killed) + 100;
    let waited = Instant::now();
    while !following.is_finished() && !written() {
        assert!(waited.elapsed() < Duration::from_secs(60), "the stations hardly come to write");
        thread::sleep(Duration::from_millis(10));
    }
    stations.kill(0);
    stations.kill(1);
    let acknowledged = stations.acknowledged();
    // What they had sent to the server may still be committed.
    let mut client = journal::postgres::connect(&database.url).unwrap();
    let writing =
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL";
    while !client.query(writing, &[]).unwrap().is_empty() {
        thread::sleep(Duration::from_millis(5));
    }
    over.store(true, Ordering::Relaxed);
    let followed = following.join().unwrap()?;
    judge_all(&journal, &acknowledged)?;
    let held: u64 = journal.heads(COMMUNITY).unwrap().iter().map(|state| state.head.seq).sum();
    if held == followed { Ok(()) } else { Err(format!("{held} are stored, and {followed} were read")) }
}

#[test]
fn what_any_of_two_processes_acknowledged_before_a_kill_is_stored_once_and_read_in_order() {
    let asked = env::var("JOURNAL_KILLS").ok().map(|kills| kills.parse().unwrap());
    let enough = if asked.is_some() { Duration::MAX } else { ENOUGH };
    kill_often(asked.unwrap_or(40), enough, "").unwrap();
}

#[test]
fn an_answer_before_the_commit_is_found() {
    let found = kill_often(400, Duration::from_secs(120), "ack_before_commit").unwrap_err();
    assert!(found.contains("acknowledged"), "{found}");
}

#[test]
fn a_position_that_is_given_without_the_communitys_row_is_found() {
    let found = kill_often(400, Duration::from_secs(120), "early_position").unwrap_err();
    // Read before those in front of it are there; or, of one log, in front of them.
    assert!(found.contains("was read after") || found.contains("not event"), "{found}");
}

#[test]
fn a_slice_that_is_stored_again_where_another_process_stored_it_is_found() {
    let found = kill_often(4, Duration::from_secs(120), "no_dedup").unwrap_err();
    assert!(found.contains("not event") || found.contains("holds"), "{found}");
}

#[test]
fn processes_that_open_an_empty_database_at_once_all_find_the_tables() {
    let database = cluster::database();
    let opened: Vec<_> = thread::scope(|scope| {
        let open = || Journal::connect(&database.url);
        let opening: Vec<_> = (0..6).map(|_| scope.spawn(open)).collect();
        opening.into_iter().map(|one| one.join().unwrap().unwrap()).collect()
    });
    opened.iter().for_each(|journal| journal.enrol(log(1)).unwrap());
    assert_eq!(stored(&send(&opened[5], slice(1, 3))), 3);
    assert_eq!(stored(&send(&opened[0], slice(1, 4))), 4);
    judge_all(&opened[3], &[(1, 4)].into()).unwrap();
}

#[test]
fn what_one_process_did_the_others_know() {
    let database = cluster::database();
    let (tell, told) = mpsc::channel::<Committed>();
    let one = Journal::connect(&database.url).unwrap();
    let other = Options::new().on_commit(move |what| _ = tell.send(what)).connect(&database.url).unwrap();
    one.enrol(log(1)).unwrap();
    // The other learns of a log when it writes to it, and of a revocation likewise.
    assert_eq!(stored(&send(&other, slice(1, 3))), 3);
    let own = told.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(own, Committed { community: COMMUNITY, book: BOOK, position: 3 });
    assert_eq!(stored(&send(&one, slice(1, 5))), 5);
    let others = told.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(others, Committed { community: COMMUNITY, book: BOOK, position: 5 });
    one.revoke(log(1).name).unwrap();
    let answer = send(&other, slice(1, 6));
    let Answer::Quarantined { number, why: Why::Revoked } = answer else { panic!("{answer:?}") };
    assert_eq!(one.release(COMMUNITY, number).unwrap().0.seq, 6);
    assert_eq!(told.recv_timeout(Duration::from_secs(5)).unwrap().position, 6);
    assert!(told.recv_timeout(Duration::from_millis(1500)).is_err(), "nothing is told twice");
}

#[test]
fn what_no_notice_told_is_found_by_looking() {
    let database = cluster::database();
    let (tell, told) = mpsc::channel::<Committed>();
    let one = Journal::connect(&database.url).unwrap();
    one.enrol(log(1)).unwrap();
    assert_eq!(stored(&send(&one, slice(1, 2))), 2);
    let other = Options::new().on_commit(move |what| _ = tell.send(what)).connect(&database.url).unwrap();
    // Its connection is cut, so that the notice of what is written then is lost.
    let mut client = journal::postgres::connect(&database.url).unwrap();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND (query LIKE 'LISTEN%' OR query LIKE '%journal.community')";
    client.execute(cut, &[]).unwrap();
    assert_eq!(stored(&send(&one, slice(1, 9))), 9);
    let found = told.recv_timeout(Duration::from_secs(10)).unwrap();
    assert_eq!(found, Committed { community: COMMUNITY, book: BOOK, position: 9 });
    drop(other);
}

#[test]
fn connections_that_are_cut_are_made_anew_and_nothing_is_lost() {
    let database = cluster::database();
    let journal = Journal::connect(&database.url).unwrap();
    journal.enrol(log(1)).unwrap();
    let mut client = journal::postgres::connect(&database.url).unwrap();
    for count in 1..=20 {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let waiting = later(&journal, slice(1, count));
        client.execute(cut, &[]).unwrap();
        assert_eq!(stored(&waiting.recv().unwrap()), count);
        assert_eq!(journal.read(COMMUNITY, BOOK, 0, 100).unwrap().len() as u64, count);
    }
    judge_all(&journal, &[(1, 20)].into()).unwrap();
}

#[test]
fn a_server_that_is_gone_fails_what_is_sent_and_takes_it_when_it_is_back() {
    let cluster = Cluster::start(&[]);
    let database = cluster.database();
    let journal = Journal::connect(&database.url).unwrap();
    journal.enrol(log(1)).unwrap();
    assert_eq!(stored(&send(&journal, slice(1, 2))), 2);
    // As after a crash: it starts again by itself.
    cluster.crash();
    let (mut failed, begun) = (0, Instant::now());
    loop {
        match send(&journal, slice(1, 5)) {
            Answer::Stored { head, .. } => break assert_eq!(head.seq, 5),
            Answer::Failed(why) => failed += usize::from(why.to_string().contains("could not write to")),
            other => panic!("{other:?}"),
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "failed {failed} times");
    }
    judge_all(&journal, &[(1, 5)].into()).unwrap();
}

#[test]
fn many_communities_are_written_side_by_side() {
    let database = cluster::database();
    let journal = Journal::connect(&database.url).unwrap();
    let other = Journal::connect(&database.url).unwrap();
    let name = |community: u8| LogName { community: [community; 16], ..log(1).name };
    let mut waiting = Vec::new();
    for community in 1..=20 {
        journal.enrol(journal::Log { name: name(community), ..log(1) }).unwrap();
        let tail = written(name(community), Head::of_nothing(name(community)), 5).slice(&key(1)).unwrap();
        // Both send the same, and both are told that it is stored.
        waiting.push(later(&journal, tail.clone()));
        waiting.push(later(&other, tail));
    }
    waiting.iter().for_each(|one| assert_eq!(stored(&one.recv().unwrap()), 5));
    assert_eq!(journal.verify(&|_| {}).unwrap().faults, []);
    assert_eq!(journal.verify(&|_| {}).unwrap().frames, 100);
}

#[test]
fn a_server_that_does_not_sync_is_refused() {
    let cluster = Cluster::start(&["fsync=off"]);
    let database = cluster.database();
    let refused = Journal::connect(&database.url).err().unwrap();
    assert!(refused.to_string().contains("set fsync = on"), "{refused}");
}

/// Hash-distributed by community, on the cluster at `SHOUHU_TEST_CITUS`; its user must be allowed to make databases and
/// extensions.
#[test]
fn the_tables_are_spread_by_citus() {
    let Ok(url) = env::var("SHOUHU_TEST_CITUS") else {
        eprintln!("skipped: no Citus cluster is named as SHOUHU_TEST_CITUS=postgresql://...");
        return;
    };
    let database = Cluster::at(url).database();
    let mut client = journal::postgres::connect(&database.url).unwrap();
    client.batch_execute("CREATE EXTENSION citus").unwrap();
    drop(Journal::connect(&database.url).unwrap());
    journal::postgres::distribution().iter().for_each(|one| client.batch_execute(one).unwrap());
    let journal = Journal::connect(&database.url).unwrap();
    journal.enrol(log(1)).unwrap();
    assert_eq!(stored(&send(&journal, slice(1, 3))), 3);
    assert_eq!(stored(&send(&journal, slice(1, 9))), 9);
    assert!(matches!(send(&journal, slice(9, 2)), Answer::Quarantined { why: Why::Unknown, .. }));
    judge_all(&journal, &[(1, 9)].into()).unwrap();
}

#[test]
#[ignore = "a process that the other tests start"]
fn the_station() {
    station::run();
}
