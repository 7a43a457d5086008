//! Every visit of every replication with all of its times: what somebody asks for who wants to analyse a rehearsal with
//! tools of their own. Replications are lived once more before a recording probe, one after the other: no more than
//! one is in memory.

use crate::{Luck, Progress, Rehearsal};
use chance::{Chance, Ticks};
use queueing::{People, Probe, Tally, Visit, simulate};
use std::sync::atomic::Ordering;

/// One visit. Times are ticks after the opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Which simulated day, from 0.
    pub replication: u32,
    /// Who, from 0: the residents in the order of the roll, then those who come without one. The same person has the
    /// same number, and the same luck, in every plan.
    pub person: u32,
    /// The household's place in the roll, from 0, and how it was called; `None` for who was not.
    pub call: Option<Call>,
    /// Place of the class among [`Rehearsal::classes`].
    pub class: usize,
    /// Whether the class has the green channel.
    pub green: bool,
    /// From 0.
    pub lane: usize,
    /// People of the party in which this person came to be served together, this one included.
    pub party: u8,
    /// Whether the visit counts in the figures of waits and stays: it is none of the warm-up.
    pub counted: bool,
    /// When the person came.
    pub arrived: Ticks,
    /// Each station, in the site's order.
    pub stations: &'a [Passage],
    /// How often the person came to a station again; [`Record::stations`] then has the last time.
    pub returns: u32,
    /// Ticks waited before all stations together.
    pub waited: Ticks,
    /// When the person went away.
    pub gone: Ticks,
    /// How it ended.
    pub end: End,
}

/// How a household was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its place in the roll, from 0.
    pub household: u32,
    /// The wave's number.
    pub wave: u32,
    /// When it had been told to come.
    pub told: Ticks,
}

/// What a person did at a station; what did not happen has no time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// When the wait began.
    pub queued: Option<Ticks>,
    /// When the service began.
    pub started: Option<Ticks>,
    /// When the service ended.
    pub ended: Option<Ticks>,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// Got through.
    Served,
    /// Gave up waiting.
    Left,
    /// Turned away: closing, or no server would come any more.
    #[default]
    Unserved,
}

impl End {
    /// Its word in tables.
    pub fn name(self) -> &'static str {
        match self {
            End::Served => "served",
            End::Left => "left",
            End::Unserved => "unserved",
        }
    }
}

impl Rehearsal {
    /// Names of the visitor classes, in the order of their numbers.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// Tells every visit of so many replications: replication by replication, people in the order in which they came.
    ///
    /// # Errors
    /// The first that `told` gives, which ends it.
    pub fn records<E>(
        &self,
        luck: Luck,
        replications: u32,
        progress: &Progress,
        mut told: impl FnMut(&Record) -> Result<(), E>,
    ) -> Result<(), E> {
        let homes = self.homes();
        let (mut people, mut book) = (People::default(), Book::default());
        for number in 0..replications {
            if progress.stop.load(Ordering::Relaxed) {
                break;
            }
            let chance = Chance::new(luck.seed, luck.purpose as u32, number);
            people.visits.clear();
            self.coming.fill(&chance, &mut people.visits);
            book.begin(people.visits.len(), self.model.stations.len());
            let mut tally = Tally::new(&self.model);
            simulate(&self.model, self.engine, &mut people, &chance, number, &mut tally, &mut book);
            let mut calls = Vec::new();
            self.coming.told(&chance, |called, told| {
                calls.push(Call { household: called.household, wave: called.wave, told });
            });
            let call = |visit: &Visit| Some(calls[(*homes.get(visit.key as usize)?)?]);
            let mut party = 1;
            for (entry, visit) in people.visits.iter().enumerate() {
                // The others of a party follow its first, and bear 0.
                party = if visit.party > 0 { visit.party } else { party };
                let person = book.people[entry];
                told(&Record {
                    replication: number,
                    person: visit.key,
                    call: call(visit),
                    class: visit.class.into(),
                    green: self.model.classes[usize::from(visit.class)].watched,
                    lane: person.lane,
                    party,
                    counted: entry >= self.model.warmup as usize,
                    arrived: visit.at,
                    stations: book.stations(entry),
                    returns: person.returns,
                    waited: person.waited,
                    gone: person.gone,
                    end: person.end,
                })?;
            }
            progress.done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Of each resident the place of the household among those that are called; `None` for who is in no wave.
    fn homes(&self) -> Vec<Option<usize>> {
        let mut homes = Vec::new();
        for (place, called) in self.coming.called().iter().enumerate() {
            let residents = called.residents.start as usize..called.residents.end as usize;
            homes.resize(homes.len().max(residents.end), None);
            homes[residents].fill(Some(place));
        }
        homes
    }
}

/// What the engine said of one replication's people.
#[derive(Debug, Default)]
struct Book {
    people: Vec<Person>,
    /// Each person's stations, one person after the other.
    passages: Vec<Passage>,
    width: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Person {
    lane: usize,
    returns: u32,
    waited: Ticks,
    gone: Ticks,
    end: End,
}

impl Book {
    fn begin(&mut self, people: usize, stations: usize) {
        self.width = stations;
        self.people.clear();
        self.people.resize(people, Person::default());
        self.passages.clear();
        self.passages.resize(people * stations, Passage::default());
    }

    fn stations(&self, entry: usize) -> &[Passage] {
        &self.passages[entry * self.width..][..self.width]
    }

    /// A party's step is a step of each of its people.
    fn each(&mut self, entry: usize, size: u8, station: usize, step: impl Fn(&mut Person, &mut Passage)) {
        for member in entry..entry + usize::from(size) {
            step(&mut self.people[member], &mut self.passages[member * self.width + station]);
        }
    }

    fn gone(&mut self, at: Ticks, entry: usize, size: u8, station: usize, end: End) {
        self.each(entry, size, station, |person, passage| {
            person.waited += at - passage.queued.unwrap_or(at);
            (person.gone, person.end) = (at, end);
        });
    }
}

impl Probe for Book {
    fn arrived(&mut self, _: Ticks, entry: usize, lane: usize) {
        self.people[entry].lane = lane;
    }
    fn queued(&mut self, at: Ticks, entry: usize, size: u8, station: usize, _: usize) {
        self.each(entry, size, station, |person, passage| {
            person.returns += u32::from(passage.queued.is_some());
            *passage = Passage { queued: Some(at), ..Passage::default() };
        });
    }
    fn started(&mut self, at: Ticks, entry: usize, size: u8, station: usize, _: usize, _: usize) {
        self.each(entry, size, station, |person, passage| {
            person.waited += at - passage.queued.unwrap_or(at);
            passage.started = Some(at);
        });
    }
    fn ended(&mut self, at: Ticks, entry: usize, size: u8, station: usize, _: usize, _: usize) {
        self.each(entry, size, station, |_, passage| passage.ended = Some(at));
    }
    fn gave_up(&mut self, at: Ticks, entry: usize, size: u8, station: usize, _: usize) {
        self.gone(at, entry, size, station, End::Left);
    }
    fn turned_away(&mut self, at: Ticks, entry: usize, size: u8, station: usize, _: usize) {
        self.gone(at, entry, size, station, End::Unserved);
    }
    fn departed(&mut self, at: Ticks, entry: usize, size: u8) {
        for person in &mut self.people[entry..entry + usize::from(size)] {
            (person.gone, person.end) = (at, End::Served);
        }
    }
}
