//! Many phones and a server under seeds: what is sent is lost, repeated, overtaken and cut; phones restart, their disks are
//! full, their clocks jump by two days; the server dies between any two things that it does. A model judges: at the end
//! everything that a person was told is done stands in the journal once, in its order, and nothing else does.
//!
//! `PHONE_DAYS=1000000 cargo test --release -p phone --test simulation -- --nocapture` plays so many device-days.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/garden.rs"]
mod garden;

use domain::{
    Command, Envelope, Moment,
    command::Thing,
    event::{Gate, Guest},
};
use garden::{at, bundle, id, visit};
use journal::{Admitted, Frame, Hash, Head, Held, LogName, PublicKey, Refused, SecretKey, Slice, admit};
use phone::{Kept, Phone, Step};
use round::{Folded, TubeKey};
use std::{collections::BTreeMap, env};
use uuid::Uuid;

/// Device-days of a usual run.
const DAYS: u64 = 400;
/// Phones of a day.
const PHONES: usize = 4;
/// What happens in a day: steps, sendings, accidents.
const MOVES: u32 = 120;

/// Faults that the judge must find.
#[derive(Clone, Copy, Default)]
struct Planted {
    /// The server answers before it has stored, and may die in between.
    answers_early: bool,
    /// The server stores again what it has.
    no_dedup: bool,
    /// A phone says done before its disk has it.
    done_early: bool,
}

/// Chance of one day: splitmix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, many: u64) -> u64 {
        self.next() % many
    }

    fn once_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }
}

/// A phone with its disk.
struct Device {
    phone: Phone,
    key: [u8; 32],
    disk: Vec<Frame>,
    acknowledged: Head,
    /// What its person was told is done.
    told_done: Vec<Frame>,
    /// By how much its clock is wrong, in seconds.
    clock_s: i64,
}

/// A server: logs, and the order in which frames came.
#[derive(Default)]
struct Server {
    logs: BTreeMap<[u8; 16], (PublicKey, Log)>,
    journal: Vec<(LogName, u64, Frame)>,
}

struct Log {
    frames: Vec<Frame>,
    /// Before the first frame, and after each.
    heads: Vec<Head>,
}

impl Held for Log {
    fn head(&self) -> Head {
        self.heads[self.heads.len() - 1]
    }

    fn hash_at(&self, seq: u64) -> Option<Hash> {
        Some(self.heads.get(usize::try_from(seq).ok()?)?.hash)
    }
}

impl Server {
    /// Takes a slice, and answers the head; `None` where it died before it answered, or would not.
    fn take(&mut self, bytes: &[u8], chance: &mut Chance, planted: Planted) -> Option<Head> {
        let slice = Slice::from_bytes(bytes).ok()?;
        let (key, log) = self.logs.get_mut(&slice.log.device)?;
        let admitted: Result<Admitted<'_>, Refused> = admit(log, slice.log, &slice, key);
        let Admitted { new, head } = match admitted {
            Ok(admitted) => admitted,
            Err(Refused::Gap(head)) => return Some(head),
            Err(other) => panic!("an honest phone is refused: {other:?}"),
        };
        if planted.answers_early && chance.once_in(6) {
            return Some(head);
        }
        if chance.once_in(12) {
            // It dies before the commit: nothing is stored, nothing is answered.
            return None;
        }
        let new: Vec<Frame> = if planted.no_dedup {
            slice.frames.clone()
        } else {
            new.into_iter().map(|(_, frame)| frame.clone()).collect()
        };
        for frame in new {
            log.heads.push(log.head().with(&frame));
            log.frames.push(frame.clone());
            self.journal.push((slice.log, log.frames.len() as u64, frame));
        }
        // Or after it: it is stored, and nobody hears of it.
        (!chance.once_in(12)).then_some(head)
    }
}

impl Device {
    fn new(number: u8) -> Device {
        let (role, table) = match number % 3 {
            0 => ("registrar", Some(("registration", 1))),
            1 => ("sampler", Some(("sampling", 1))),
            _ => ("order", None),
        };
        let key = [number + 1; 32];
        let phone =
            Phone::join(bundle(u128::from(number) + 1, role, table), SecretKey::from_random(key), key);
        let acknowledged = phone.acknowledged();
        Device { phone, key, disk: Vec::new(), acknowledged, told_done: Vec::new(), clock_s: 0 }
    }

    fn now(&self, seconds: i64) -> Moment {
        at(seconds + self.clock_s)
    }

    /// Something that a person asks for.
    fn command(&self, chance: &mut Chance) -> Command {
        let person = visit(chance.below(12) as u32, chance.below(2) as u32);
        match self.phone.table() {
            Some(table) if table.station == "registration" => Command::CheckIn {
                visit: person,
                household: None,
                class: if chance.once_in(5) { "green".to_owned() } else { String::new() },
                guest: chance.once_in(9).then_some(Guest::Tenant),
                table: table.clone(),
            },
            Some(table) => {
                let tube = TubeKey::new(id(7), [5; 32]).code(chance.below(9) as u32).item();
                let item = Some(Thing { kind: "tube".to_owned(), item: tube, lot: None });
                Command::Serve { visit: person, table: table.clone(), item }
            }
            None if chance.once_in(3) => {
                let key = TubeKey::new(id(7), [5; 32]);
                let tubes = vec![key.code(chance.below(9) as u32).item()];
                Command::SealBatch { batch: key.batch(chance.below(6) as u32).id(), tubes }
            }
            None => Command::CountPeople { gate: Gate::In, people: 1 },
        }
    }

    /// A person does something, if the rules and the disk let them.
    fn act(&mut self, seconds: i64, chance: &mut Chance, planted: Planted) {
        let now = self.now(seconds);
        let asked = if chance.once_in(8) {
            self.phone.undo(now)
        } else {
            let command = self.command(chance);
            self.phone.decide(now, &[command])
        };
        let Ok(step) = asked else { return };
        let Step { frames, .. } = &step;
        let frames = frames.clone();
        if planted.done_early {
            self.told_done.extend(frames.iter().cloned());
        }
        if chance.once_in(15) {
            // The disk is full, or the battery ends: nothing of it is stored, and the person is told so.
            return;
        }
        self.disk.extend(frames.iter().cloned());
        if !planted.done_early {
            self.told_done.extend(frames);
        }
        self.phone.done(step);
    }

    fn restart(&mut self, chance: &mut Chance) {
        let kept = Kept { acknowledged: self.acknowledged, frames: self.disk.clone() };
        let mut random = [0; 32];
        random[..8].copy_from_slice(&chance.next().to_le_bytes());
        let bundle = self.phone.bundle().clone();
        let table = self.phone.table().cloned();
        let key = SecretKey::from_random(self.key);
        self.phone = Phone::start(bundle, key, kept, random).expect("what is stored is the phone's own log");
        self.phone.sit(table);
    }

    fn hear(&mut self, head: &Head, chance: &mut Chance) {
        if self.phone.stored(head) && !chance.once_in(4) {
            // What is acknowledged is noted later than it is known, or never.
            self.acknowledged = self.phone.acknowledged();
        }
    }
}

/// A day; what the judge finds wrong with it.
fn day(seed: u64, planted: Planted) -> Result<(), String> {
    let mut chance = Chance(seed);
    let mut server = Server::default();
    let mut devices: Vec<Device> = (0..PHONES as u8).map(Device::new).collect();
    for device in &devices {
        let key = SecretKey::from_random(device.key).public();
        let log = Log { frames: Vec::new(), heads: vec![Head::of_nothing(device.phone.log())] };
        server.logs.insert(device.phone.log().device, (key, log));
    }
    // What is on its way: to the server, and back to a phone.
    let mut sent: Vec<Vec<u8>> = Vec::new();
    let mut answers: Vec<(usize, Head)> = Vec::new();
    let mut seconds = 0;
    let mut wave =
        |devices: &mut Vec<Device>, server: &mut Server, chance: &mut Chance, moves: u32, quiet: bool| {
            for _ in 0..moves {
                seconds += chance.below(40) as i64;
                let who = chance.below(PHONES as u64) as usize;
                match chance.below(if quiet { 6 } else { 12 }) {
                    0..3 => sent.extend(devices[who].phone.slice().map(|slice| slice.to_bytes())),
                    3 | 4 if !sent.is_empty() => {
                        let place = chance.below(sent.len() as u64) as usize;
                        let mut bytes =
                            if chance.once_in(3) { sent[place].clone() } else { sent.swap_remove(place) };
                        if !quiet && chance.once_in(5) {
                            bytes.truncate(chance.below(bytes.len() as u64) as usize);
                        }
                        let lost = !quiet && chance.once_in(4);
                        let from = Slice::from_bytes(&bytes).ok().map(|slice| slice.log.device);
                        if let (false, Some(from)) = (lost, from)
                            && let Some(head) = server.take(&bytes, chance, planted)
                        {
                            let who = devices.iter().position(|of| of.phone.log().device == from).unwrap();
                            answers.push((who, head));
                        }
                    }
                    5 if !answers.is_empty() => {
                        let (who, head) = answers.swap_remove(chance.below(answers.len() as u64) as usize);
                        devices[who].hear(&head, chance);
                    }
                    6 => devices[who].restart(chance),
                    7 if chance.once_in(4) => {
                        devices[who].clock_s = chance.below(4 * 86_400) as i64 - 2 * 86_400;
                    }
                    8.. => devices[who].act(seconds, chance, planted),
                    _ => {}
                }
            }
        };
    wave(&mut devices, &mut server, &mut chance, MOVES, false);
    // In the evening the network is there again.
    for _ in 0..50 {
        wave(&mut devices, &mut server, &mut chance, 40, true);
        if devices.iter().all(|device| device.phone.unsent() == 0) {
            break;
        }
    }
    judge(&devices, &server)
}

fn judge(devices: &[Device], server: &Server) -> Result<(), String> {
    for device in devices {
        let log = device.phone.log();
        if device.phone.unsent() != 0 {
            return Err("a phone never got rid of what it has".to_owned());
        }
        let held = &server.logs[&log.device].1.frames;
        if *held != device.told_done {
            return Err(format!("{} frames are done, {} are held", device.told_done.len(), held.len()));
        }
        let journal: Vec<&Frame> =
            server.journal.iter().filter(|(of, ..)| *of == log).map(|(_, _, frame)| frame).collect();
        if !journal.iter().copied().eq(held) {
            return Err("the journal is not what the logs are".to_owned());
        }
    }
    // Folding all of it in the journal's order loses nobody, whatever contradicts.
    let bundle = bundle(0, "secretary", None);
    let mut folded = Folded::new(bundle.rules, bundle.calls);
    folded.admit(server.journal.iter().map(|(log, seq, frame)| {
        let place = (Uuid::from_bytes(log.community), Uuid::from_bytes(log.device), *seq);
        Envelope::of_body(place, Uuid::from_bytes(frame.id), &frame.body).unwrap()
    }));
    let counts = folded.live().round().counts();
    let here = counts.walking + counts.waiting + counts.serving + counts.observed;
    if counts.arrived != here + counts.served + counts.left + counts.unserved {
        return Err(format!("somebody is lost: {counts:?}"));
    }
    let tubes = folded.live().round().tube_counts();
    if tubes.sealed != tubes.loose + tubes.boxed + tubes.on_the_way + tubes.at_lab + tubes.missing {
        return Err(format!("a tube is lost: {tubes:?}"));
    }
    Ok(())
}

fn days() -> u64 {
    env::var("PHONE_DAYS").ok().and_then(|days| days.parse().ok()).unwrap_or(DAYS)
}

#[test]
fn nothing_that_was_done_is_lost_or_doubled() {
    for seed in 0..days().div_ceil(PHONES as u64) {
        if let Err(wrong) = day(seed, Planted::default()) {
            panic!("seed {seed}: {wrong}");
        }
    }
}

#[test]
fn the_judge_finds_what_is_planted() {
    let found = |planted| (0..100).find(|&seed| day(seed, planted).is_err());
    assert!(found(Planted { answers_early: true, ..Planted::default() }).is_some(), "an early answer");
    assert!(found(Planted { done_early: true, ..Planted::default() }).is_some(), "an early word of done");
    let doubled = std::panic::catch_unwind(|| found(Planted { no_dedup: true, ..Planted::default() }));
    assert!(doubled.is_err() || doubled.unwrap().is_some(), "what is stored twice");
}
