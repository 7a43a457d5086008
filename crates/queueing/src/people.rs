//! The people of one replication, as the engines keep them: one place each, in the order of their arrival.

use crate::{
    model::Model,
    ways::{Way, Ways},
};
use chance::{Cause, Chance, Ticks};

/// One person's arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// When.
    pub at: Ticks,
    /// The person's key to chance, the same in every plan; keys of a replication are small and different.
    pub key: u32,
    /// Lane, where lanes are assigned.
    pub lane: u16,
    /// Class: a place in [`Model::classes`].
    pub class: u8,
    /// People served together with this one at stations for parties: the first of a party bears its size, the
    /// others follow it in the list and bear 0. Where nobody comes in parties everyone bears 1.
    pub party: u8,
}

/// All people of one replication. Reused from one replication to the next.
#[derive(Debug, Default)]
pub struct People {
    /// Arrivals, in the order of time; equal times in the order of entry.
    pub visits: Vec<Visit>,
    pub(crate) waited: Vec<Ticks>,
    pub(crate) size: Vec<u8>,
    pub(crate) ways: Ways,
    /// Whether anybody comes in company.
    pub(crate) parties: bool,
    /// How often each person came to a station again; empty where nobody can.
    pass: Vec<u16>,
    words: Vec<[u32; 4]>,
    stations: u32,
    /// Whether everyone comes alone and once, and is served at the same speed: all that a service then takes is a word.
    alike: bool,
}

/// After so many rounds a person goes home: a way that leads in a circle with certainty would otherwise never end. With
/// the most stations that [`crate::Class::skips`] can tell apart, 64, each pass still has words of its own.
pub const ROUNDS_MAX: u16 = 4_095;

impl People {
    /// These people, in the order of their arrival.
    pub fn new(visits: Vec<Visit>) -> People {
        People { visits, ..People::default() }
    }

    /// Makes ready for a run: draws everyone's first four service words at once.
    pub(crate) fn begin(&mut self, model: &Model, chance: &Chance) {
        self.ways.find(model);
        self.stations = u32::try_from(model.stations.len()).expect("stations are few");
        let last = self.visits.iter().map(|visit| visit.key).max();
        let keys = last.map_or(0, |key| key as usize + 1);
        assert!(keys <= 8 * self.visits.len() + 1_000_000, "keys of a replication are small");
        self.words.resize(keys, [0; 4]);
        chance.blocks_of_consecutive_people(Cause::Service, 0, &mut self.words);
        self.waited.clear();
        self.waited.resize(self.visits.len(), 0);
        self.pass.clear();
        if self.ways.loops {
            self.pass.resize(self.visits.len(), 0);
        }
        self.size.clear();
        self.size.extend(self.visits.iter().map(|visit| visit.party));
        self.parties = self.size.iter().any(|&size| size != 1);
        let one_speed = model.classes.iter().all(|class| class.factor == 1 << 16);
        self.alike = one_speed && !self.parties && !self.ways.loops;
    }

    /// The time that a service of this person at this station takes, for all who are served together.
    #[inline(always)]
    pub(crate) fn service(&self, model: &Model, chance: &Chance, entry: usize, station: usize) -> Ticks {
        let visit = &self.visits[entry];
        if self.alike && station < 4 {
            return model.stations[station].service.draw(self.words[visit.key as usize][station]);
        }
        let index = self.draw_index(entry, station);
        let word = if index < 4 {
            self.words[visit.key as usize][index as usize]
        } else {
            chance.word(Cause::Service, visit.key, index)
        };
        let at = &model.stations[station];
        let drawn = at.service.draw(word) + at.plus_each * Ticks::from(self.size[entry].saturating_sub(1));
        let factor = model.classes[visit.class as usize].factor;
        if factor == 1 << 16 { drawn } else { (drawn * Ticks::from(factor) + (1 << 15)) >> 16 }
    }

    /// The services of these people, none of whom is a party, drawn together: the loop that needs them waits for none.
    #[inline(never)]
    pub(crate) fn services(
        &self,
        model: &Model,
        chance: &Chance,
        station: usize,
        queue: &[(Ticks, u32)],
        services: &mut Vec<Ticks>,
    ) {
        if self.alike && station < 4 {
            let (visits, words, law) = (&*self.visits, &*self.words, &*model.stations[station].service);
            services.extend(queue.iter().map(|&(_, entry)| {
                let words = &words[visits[entry as usize].key as usize];
                law.draw(words[station])
            }));
        } else {
            services
                .extend(queue.iter().map(|&(_, entry)| self.service(model, chance, entry as usize, station)));
        }
    }

    /// How long this person would wait at this station.
    #[inline]
    pub(crate) fn patience(&self, model: &Model, chance: &Chance, entry: usize, station: usize) -> Ticks {
        let Some(patience) = &model.patience else { return Ticks::MAX };
        let index = self.draw_index(entry, station);
        patience.draw(chance.word(Cause::Patience, self.visits[entry].key, index))
    }

    /// Where this person goes after this station.
    #[inline]
    pub(crate) fn next(&self, model: &Model, chance: &Chance, entry: usize, station: usize) -> Option<usize> {
        let visit = &self.visits[entry];
        match self.ways.way(station, visit.class) {
            Way::To(to) if to.is_none_or(|to| to > station) => to,
            _ => self.next_by_chance(model, chance, entry, station),
        }
    }

    #[inline(never)]
    fn next_by_chance(&self, model: &Model, chance: &Chance, entry: usize, station: usize) -> Option<usize> {
        let visit = &self.visits[entry];
        let to = model.next(station, visit.class, |at| {
            chance.word(Cause::Route, visit.key, self.draw_index(entry, at))
        });
        to.filter(|&to| to > station || self.rounds(entry) < ROUNDS_MAX)
    }

    /// Which of the person's words belongs to this station on this pass.
    #[inline]
    pub(crate) fn draw_index(&self, entry: usize, station: usize) -> u32 {
        station as u32 + self.stations * u32::from(self.rounds(entry))
    }

    /// How often this person came to a station again.
    #[inline]
    pub(crate) fn rounds(&self, entry: usize) -> u16 {
        if self.ways.loops { self.pass[entry] } else { 0 }
    }

    /// The person comes to a station again.
    pub(crate) fn comes_again(&mut self, entry: usize) {
        self.pass[entry] += 1;
    }

    /// Whether this station is the first that this person is to be served at.
    #[inline]
    pub(crate) fn is_first(&self, entry: usize, station: usize) -> bool {
        self.rounds(entry) == 0 && self.ways.entry(self.visits[entry].class) == Some(station)
    }

    /// Parts a party: its members from here on are served one by one. Returns how many there are.
    #[inline]
    pub(crate) fn part(&mut self, entry: usize) -> usize {
        let members = self.size[entry] as usize;
        if members > 1 {
            for member in entry..entry + members {
                self.size[member] = 1;
                self.waited[member] = self.waited[entry];
                if self.ways.loops {
                    self.pass[member] = self.pass[entry];
                }
            }
        }
        members
    }

    /// People in the replication.
    pub(crate) fn count(&self) -> u64 {
        if self.parties {
            self.visits.iter().map(|visit| u64::from(visit.party)).sum()
        } else {
            self.visits.len() as u64
        }
    }
}
