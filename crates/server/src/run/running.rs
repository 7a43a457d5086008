//! A round in memory: what its journal says so far.

use super::{
    Runs,
    book::{Book, Made},
    evening::Counted,
    foresight::Foresight,
};
use crate::{
    limits,
    people::{self, id::DeviceId},
    problem::Fault,
};
use axum::http::StatusCode;
use domain::{Command, Envelope, Event, Moment, Origin};
use journal::{Answer, Frame, Head, Journal, LogName, SecretKey, Slice, Why};
use phone::Door;
use round::{Folded, Refusal, Role, Trust, TubeKey};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, mpsc},
    time::Instant,
};
use uuid::Uuid;

/// A round in memory.
pub struct Running {
    /// Which round.
    pub made: Made,
    folded: Folded,
    /// What of the journal is in it.
    position: u64,
    /// Frames that are no events of ours, by the journal's position.
    unread: Vec<u64>,
    /// Events of each device whose time cannot be.
    off_clock: BTreeMap<Uuid, usize>,
    /// The position of the last record that phones should hear of at once.
    urgent: u64,
    /// Positions of what was told, one for each event of `folded`.
    positions: Vec<u64>,
    /// What each phone is for, as the book says it.
    roles: BTreeMap<Uuid, Role>,
    /// Phones of which the book was asked: it is asked once, also where it knows nothing.
    asked: BTreeSet<Uuid>,
    /// The key of its tubes, if it has any.
    tubes: Option<TubeKey>,
    /// Where the log of the server's own desk stands.
    desk: Head,
    /// How it goes on, as it was foreseen last; made when somebody first asks.
    foresight: Option<Arc<Foresight>>,
    doors: Option<Doors>,
    /// Its evening as it was counted last, at which position of the journal, and of which doors.
    evening: Option<(u64, Arc<Vec<Door>>, Arc<Counted>)>,
}

/// Frames that are read at once: a few hundred kilobytes.
const FRAMES: usize = 4096;

impl Running {
    /// A round of which nothing is known yet.
    pub fn new(made: Made) -> Running {
        let folded = Folded::new(made.definition.rules.clone(), made.definition.calls.clone());
        let desk = Head::of_nothing(made.desk_log());
        Running {
            roles: BTreeMap::new(),
            asked: BTreeSet::new(),
            tubes: made.tubes(),
            made,
            folded,
            position: 0,
            unread: Vec::new(),
            off_clock: BTreeMap::new(),
            urgent: 0,
            positions: Vec::new(),
            desk,
            doors: None,
            evening: None,
            foresight: None,
        }
    }

    /// Takes in what the journal has more. Blocks on the disk.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn catch_up(&mut self, runs: &Runs) -> Result<(), Fault> {
        let (community, book) = (*self.made.community.0.as_bytes(), *self.made.id.0.as_bytes());
        loop {
            let entries = runs
                .journal
                .read(community, book, self.position, FRAMES)
                .map_err(|error| Fault::from(&error))?;
            let more = entries.len() == FRAMES;
            // First of all: what fails now has changed nothing, and is tried again.
            for entry in &entries {
                self.know(Uuid::from_bytes(entry.log.device), &runs.book)?;
            }
            let mut told = Vec::with_capacity(entries.len());
            for entry in entries {
                self.position = entry.position;
                if entry.log == self.made.desk_log() {
                    self.desk = self.desk.with(&entry.frame);
                }
                let place =
                    (Uuid::from_bytes(entry.log.community), Uuid::from_bytes(entry.log.device), entry.seq);
                match Envelope::of_body(place, Uuid::from_bytes(entry.frame.id), &entry.frame.body) {
                    Ok(envelope) => {
                        if !self.made.can_be(&envelope, people::now()) {
                            *self.off_clock.entry(envelope.device).or_default() += 1;
                        }
                        told.push((entry.position, envelope));
                    }
                    Err(_) => self.unread.push(entry.position),
                }
            }
            let (positions, told): (Vec<u64>, Vec<Envelope>) = told.into_iter().unzip();
            let trust = Trust {
                desk: self.made.desk.0,
                roles: &self.roles,
                tubes: self.tubes.as_ref(),
                bound: self.made.bound,
            };
            let told = told.into_iter().map(|envelope| {
                let doubts = trust.doubts(&envelope);
                (envelope, doubts)
            });
            // The same event in two logs is told once.
            let new = self.folded.admit_doubting(self.made.desk.0, told);
            let before = self.positions.len();
            self.positions.extend(new.into_iter().map(|place| positions[place]));
            let told = self.positions[before..].iter().zip(&self.folded.told()[before..]);
            let urgent =
                told.filter(|(_, told)| round::cannot_wait(&told.event)).map(|(&position, _)| position);
            self.urgent = urgent.fold(self.urgent, u64::max);
            if !more {
                return Ok(());
            }
        }
    }

    /// Finds out what a phone is for: once, for that never changes.
    fn know(&mut self, device: Uuid, book: &Book) -> Result<(), Fault> {
        if device == self.made.desk.0 || self.asked.contains(&device) {
            return Ok(());
        }
        let phones = book.devices(self.made.community, self.made.id)?;
        self.asked.insert(device);
        self.asked.extend(phones.iter().map(|of| of.device.0));
        self.roles.extend(phones.iter().filter_map(|of| Some((of.device.0, of.role.at_site()?))));
        Ok(())
    }

    /// What its journal comes to.
    pub fn folded(&self) -> &Folded {
        &self.folded
    }

    /// How it goes on, as it was foreseen last.
    pub fn foresight(&mut self) -> Arc<Foresight> {
        let definition = &self.made.definition;
        self.foresight.get_or_insert_with(|| Arc::new(Foresight::new(definition))).clone()
    }

    /// The journal's position up to which it is known.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The position of the last record that phones should hear of at once.
    pub fn urgent(&self) -> u64 {
        self.urgent
    }

    /// Frames that are no events of ours.
    pub fn unread(&self) -> usize {
        self.unread.len()
    }

    /// Events of a device that say a time which cannot be. They count all the same: a clock is data.
    pub fn off_clock(&self, device: DeviceId) -> usize {
        self.off_clock.get(&device.0).copied().unwrap_or(0)
    }

    /// When each device wrote down the last that is held of it, seconds since 1970; by clocks that can be.
    pub fn wrote_last(&self) -> BTreeMap<DeviceId, i64> {
        let now = people::now();
        let mut last = BTreeMap::new();
        for told in self.folded.told().iter().filter(|told| self.made.can_be(told, now)) {
            let Some(at) = Moment::parse(&told.at) else { continue };
            let of = last.entry(DeviceId(told.device)).or_insert(i64::MIN);
            *of = (at.0 / 10_000).min(now).max(*of);
        }
        last
    }

    /// Events after a position, so many at most, and the position of the last of them.
    pub fn told_after(&self, after: u64, limit: usize) -> (u64, Vec<Arc<Envelope>>) {
        let from = self.positions.partition_point(|&position| position <= after);
        let mut to = self.positions.len().min(from + limit);
        // What the settling of a conflict let count has one position, and is told together.
        while to > 0 && to < self.positions.len() && self.positions[to] == self.positions[to - 1] {
            to += 1;
        }
        let last = if to < self.positions.len() {
            to.checked_sub(1).map_or(after, |last| self.positions[last])
        } else {
            self.position.max(after)
        };
        (last, self.folded.told()[from..to].to_vec())
    }

    /// Writes down what comes of commands that are given at the server's own desk. Blocks until it is stored.
    ///
    /// # Errors
    /// A rule says no, or it could not be stored.
    pub fn command(
        &mut self,
        runs: &Runs,
        at: Moment,
        commands: &[Command],
    ) -> Result<Vec<Event>, CommandFault> {
        self.command_if(runs, at, commands, |_| Ok(()))
    }

    /// The same, if `may` says so of all that is known then: what another process wrote a moment ago, too.
    ///
    /// # Errors
    /// As [`Running::command`], and those of `may`.
    pub fn command_if(
        &mut self,
        runs: &Runs,
        at: Moment,
        commands: &[Command],
        may: impl Fn(&Running) -> Result<(), Fault>,
    ) -> Result<Vec<Event>, CommandFault> {
        for _ in 0..limits::DESK_TRIES {
            self.catch_up(runs)?;
            may(self)?;
            let events = self
                .folded
                .decide(at, commands)
                .map_err(|(place, refusal)| CommandFault::Refused(place, refusal))?;
            let frame = |event: &Event| Frame {
                id: *Uuid::new_v4().as_bytes(),
                body: Envelope::body(at, Origin::Real, event),
            };
            if self.write(runs, at, events.iter().map(frame).collect())? {
                return Ok(events);
            }
        }
        Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy").into())
    }

    /// Writes down what `decide` makes of what is known, and decides anew where another process wrote meanwhile; what it says of
    /// it. Blocks until it is stored.
    ///
    /// # Errors
    /// It could not be stored.
    pub fn decided<T>(
        &mut self,
        runs: &Runs,
        now: Moment,
        mut decide: impl FnMut(&Running) -> (Vec<(Moment, Event)>, T),
    ) -> Result<T, Fault> {
        'again: for _ in 0..limits::DESK_TRIES {
            self.catch_up(runs)?;
            let (events, said) = decide(self);
            for some in events.chunks(FRAMES) {
                let frame = |(at, event): &(Moment, Event)| Frame {
                    id: *Uuid::new_v4().as_bytes(),
                    body: Envelope::body(*at, Origin::Real, event),
                };
                if !self.write(runs, now, some.iter().map(frame).collect())? {
                    continue 'again;
                }
            }
            return Ok(said);
        }
        Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy"))
    }

    /// Writes frames into the log of the server's own desk. Blocks until they are stored. False where another process wrote into
    /// it since it was caught up with: what it wrote is known now, so decide again.
    ///
    /// # Errors
    /// They could not be stored.
    pub fn write(&mut self, runs: &Runs, at: Moment, frames: Vec<Frame>) -> Result<bool, Fault> {
        let key = SecretKey::from_random(self.made.desk_key);
        let slice = Slice::sign(self.made.desk_log(), &self.desk, frames, &key);
        match append(&runs.journal, slice, at) {
            Answer::Stored { .. } => self.catch_up(runs).map(|()| true),
            Answer::Busy | Answer::QuarantineFull => Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy")),
            Answer::Failed(error) => Err(Fault::from(&*error)),
            // Nobody need look at what is decided anew.
            Answer::Quarantined { number, why: Why::Forked { .. } } => {
                let community = *self.made.community.0.as_bytes();
                runs.journal.settle(community, number).map_err(|error| Fault::from(&*error))?;
                self.catch_up(runs).map(|()| false)
            }
            // The desk's log is the server's own: nobody else writes it.
            Answer::Refused(_) | Answer::Quarantined { .. } => {
                Err(Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "broken"))
            }
        }
    }

    /// The doors of the round's roll, without names, if they are in memory and not old; and whether it is written down that this
    /// person counts them. From now on it should be.
    pub fn doors(&mut self, who: &str) -> (Option<Arc<Vec<Door>>>, bool) {
        match &mut self.doors {
            Some(kept) if kept.since.elapsed() < limits::DOORS_KEPT => {
                (Some(kept.doors.clone()), !kept.counted_by.insert(who.to_owned()))
            }
            _ => (None, false),
        }
    }

    /// Keeps them in memory; that this person counts them is written down.
    pub fn keep_doors(&mut self, doors: Arc<Vec<Door>>, who: String) {
        self.doors = Some(Doors { since: Instant::now(), doors, counted_by: BTreeSet::from([who]) });
    }

    /// What its evening came to, as it was counted last; `None` if anything came in since, or of other doors.
    pub fn evening(&self, doors: &Arc<Vec<Door>>) -> Option<Arc<Counted>> {
        let (position, of, counted) = self.evening.as_ref()?;
        (*position == self.position && Arc::ptr_eq(of, doors)).then(|| counted.clone())
    }

    /// Keeps what its evening came to at a position of the journal.
    pub fn keep_evening(&mut self, position: u64, doors: Arc<Vec<Door>>, counted: Arc<Counted>) {
        self.evening = Some((position, doors, counted));
    }
}

/// The doors of a roll in memory.
struct Doors {
    since: Instant,
    doors: Arc<Vec<Door>>,
    counted_by: BTreeSet<String>,
}

/// Why a command was not carried out.
#[derive(Debug)]
pub enum CommandFault {
    /// A rule says no to the command at this place.
    Refused(usize, Refusal),
    /// The world failed.
    Fault(Fault),
}

impl From<Fault> for CommandFault {
    fn from(fault: Fault) -> CommandFault {
        CommandFault::Fault(fault)
    }
}

/// Appends and waits.
fn append(journal: &Journal, slice: Slice, at: Moment) -> Answer {
    let (reply, replied) = mpsc::sync_channel(1);
    let from: LogName = slice.log;
    journal.append(from, slice, at.0 / 10, move |answer| drop(reply.send(answer)));
    replied.recv().unwrap_or(Answer::Busy)
}
