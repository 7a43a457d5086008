//! Many devices over a bad network, with a journal that restarts: whatever is dropped, doubled, reordered or cut, what is
//! acknowledged is stored, once and in order, and positions are given without a gap.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/cluster.rs"]
mod cluster;
#[path = "parts/device.rs"]
mod device;
#[path = "parts/place.rs"]
mod place;

use device::{BOOK, COMMUNITY, event, judge_all, key, later, log, read_all};
use journal::{Answer, Committed, Head, Journal, Options, Planted, Refused, Slice, Tail};
use place::Place;
use proptest::{
    prelude::*,
    sample::Index,
    test_runner::{Config, TestCaseError, TestRunner},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, mpsc::Receiver},
};

const DEVICES: u8 = 3;

#[derive(Clone, Debug)]
enum Step {
    /// A device writes so many events.
    Write(u8, u64),
    /// It sends its next slice, which arrives so many times at once.
    Send(u8, u8),
    /// It sends only the first events of its next slice.
    Part(u8, Index),
    /// A slice that was sent some time ago arrives again.
    Again(Index),
    /// All answers that are under way arrive, but this device's last.
    Answers(u8),
    /// The journal is closed and opened again.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let device = 1..=DEVICES;
    prop_oneof![
        4 => (device.clone(), 1u64..9).prop_map(|(device, count)| Step::Write(device, count)),
        5 => (device.clone(), 0u8..4).prop_map(|(device, times)| Step::Send(device, times)),
        2 => (device.clone(), any::<Index>()).prop_map(|(device, end)| Step::Part(device, end)),
        3 => any::<Index>().prop_map(Step::Again),
        2 => device.prop_map(Step::Answers),
        1 => Just(Step::Restart),
    ]
}

struct Network {
    /// Closed while it restarts.
    journal: Option<Journal>,
    tails: BTreeMap<u8, Tail>,
    acknowledged: BTreeMap<u8, u64>,
    sent: Vec<Slice>,
    under_way: Vec<(u8, Receiver<Answer>)>,
}

impl Network {
    fn send(&mut self, device: u8, slice: &Slice) {
        self.under_way.push((device, later(self.journal(), slice.clone())));
    }

    fn answers(&mut self, lost: Option<u8>) -> Result<(), TestCaseError> {
        for (device, answered) in std::mem::take(&mut self.under_way) {
            match answered.recv().expect("every upload is answered") {
                Answer::Stored { head, .. } => {
                    let last = self.acknowledged.entry(device).or_default();
                    *last = head.seq.max(*last);
                    let tail = self.tails.get_mut(&device).unwrap();
                    prop_assert!(lost == Some(device) || tail.stored(&head), "an answer about another log");
                }
                Answer::Refused(Refused::Gap(_)) => {}
                other => return Err(TestCaseError::fail(format!("a device's own slice: {other:?}"))),
            }
        }
        Ok(())
    }

    fn journal(&self) -> &Journal {
        self.journal.as_ref().unwrap()
    }

    fn judge(&self) -> Result<(), TestCaseError> {
        judge_all(self.journal(), &self.acknowledged).map_err(TestCaseError::fail)
    }
}

fn play(place: &Place, steps: Vec<Step>, planted: Planted) -> Result<(), TestCaseError> {
    let told = Arc::new(Mutex::new(0));
    let open = || {
        let told = Arc::clone(&told);
        let on_commit = move |what: Committed| *told.lock().unwrap() = what.position;
        Some(place.open_with(Options::new().on_commit(on_commit).planted(planted)).unwrap())
    };
    let mut network = Network {
        journal: open(),
        tails: BTreeMap::new(),
        acknowledged: BTreeMap::new(),
        sent: Vec::new(),
        under_way: Vec::new(),
    };
    for device in 1..=DEVICES {
        let log = log(device);
        network.journal().enrol(log).unwrap();
        network.tails.insert(device, Tail::new(log.name, Head::of_nothing(log.name)));
    }
    for step in steps {
        match step {
            Step::Write(device, count) => {
                let tail = network.tails.get_mut(&device).unwrap();
                for _ in 0..count {
                    let frame = event(device, tail.head().seq + 1);
                    tail.append(frame.id, frame.body);
                }
            }
            Step::Send(device, times) => {
                let Some(slice) = network.tails[&device].slice(&key(device)) else { continue };
                (0..times).for_each(|_| network.send(device, &slice));
                network.sent.push(slice);
            }
            Step::Part(device, end) => {
                let tail = &network.tails[&device];
                let mut frames = tail.unsent().to_vec();
                frames.truncate(end.index(frames.len() + 1));
                let slice = Slice::sign(log(device).name, &tail.acknowledged(), frames, &key(device));
                network.send(device, &slice);
                network.sent.push(slice);
            }
            Step::Again(which) if !network.sent.is_empty() => {
                let slice = which.get(&network.sent).clone();
                network.send(slice.log.device[15], &slice);
            }
            Step::Again(_) => {}
            Step::Answers(lost) => network.answers(Some(lost))?,
            Step::Restart => {
                network.answers(None)?;
                network.judge()?;
                // Two journals of one folder cannot be open at once.
                drop(network.journal.take());
                network.journal = open();
            }
        }
    }
    // In the end the network holds, and everything arrives.
    network.answers(None)?;
    for device in 1..=DEVICES {
        while let Some(slice) = network.tails[&device].slice(&key(device)) {
            network.send(device, &slice);
            let before = network.tails[&device].acknowledged();
            network.answers(None)?;
            prop_assert!(network.tails[&device].acknowledged() != before, "it is not taken");
        }
    }
    network.judge()?;
    let written: u64 = network.tails.values().map(|tail| tail.head().seq).sum();
    prop_assert_eq!(read_all(network.journal(), COMMUNITY, BOOK).len() as u64, written);
    prop_assert_eq!(*told.lock().unwrap(), written, "a board was not told of the last commit");
    Ok(())
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..60)
}

/// Faults do not show in few cases; a database is made for each, and takes longer.
const CASES: [(fn() -> Place, u32); 2] = [(Place::folder, 64), (Place::database, 16)];

fn played(of: (fn() -> Place, u32), planted: Planted) -> Result<(), String> {
    let (place, cases) = of;
    let config = Config { cases, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let played = TestRunner::new(config).run(&steps(), |steps| play(&place(), steps, planted));
    played.map_err(|error| error.to_string())
}

proptest! {
    #![proptest_config(Config::with_cases(CASES[0].1))]
    #[test]
    fn what_is_acknowledged_is_stored_once_and_in_order(steps in steps()) {
        play(&Place::folder(), steps, Planted::default())?;
    }
}

#[test]
fn what_is_acknowledged_is_stored_once_and_in_order_in_a_database() {
    played(CASES[1], Planted::default()).unwrap();
}

#[test]
fn a_head_that_is_set_without_being_compared_is_found() {
    for place in CASES {
        assert!(played(place, Planted { no_compare: true, ..Planted::default() }).is_err());
    }
}

#[test]
fn a_slice_that_is_stored_again_where_it_is_held_is_found() {
    for place in CASES {
        assert!(played(place, Planted { no_dedup: true, ..Planted::default() }).is_err());
    }
}
