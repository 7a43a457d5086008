//! Who comes in one draw: those who stand there, households that were told or will be, everybody else.

use super::{Awaited, Door, Midway, site::Classes};
use crate::arrivals::gather;
use chance::{Cause, Chance, Interner, Sampler, Ticks};
use domain::{Policy, Scenario, scenario::Attendance};
use queueing::Visit;
use std::sync::Arc;

/// Everyone who may come.
#[derive(Clone, Debug)]
pub(super) struct Coming<'a> {
    pub midway: &'a Midway,
    classes: Classes,
    attendance: Attendance,
    reaction: Arc<Sampler>,
    late: Option<(f64, Arc<Sampler>)>,
    lanes: u16,
    closes: Ticks,
    parties: bool,
}

/// Who an arrival is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Of a household of this wave.
    Wave(u32),
    /// Somebody else.
    Other,
    /// Nobody: imagined to come at one of the moments asked.
    Asked { moment: usize, lane: u16 },
}

/// Somebody who comes.
type Arrival = (Visit, Who);

/// A household's draw is taken again if it does not agree with what is known; after so many tries it does not come. (Of those
/// called an hour and a half ago one draw in thirty agrees.)
const TRIES: u16 = 128;

impl<'a> Coming<'a> {
    pub(super) fn new(scenario: &Scenario, midway: &'a Midway, classes: Classes) -> Coming<'a> {
        let mut laws = Interner::default();
        let policy = if midway.broadcast { Policy::Broadcast } else { Policy::Waves };
        let (reaction, late) = crate::arrivals::reaction(scenario, policy, &mut laws);
        Coming {
            midway,
            classes,
            attendance: scenario.attendance,
            reaction,
            late,
            lanes: scenario.site.lanes,
            closes: scenario.round.closes.unwrap_or(Ticks::MAX),
            parties: crate::compile::serves_parties(scenario),
        }
    }

    /// Fills in who comes, in the order of time. People of one household have keys one after the other, the same in every
    /// draw.
    pub(super) fn fill(&self, chance: &Chance, visits: &mut Vec<Visit>, who: &mut Vec<Who>) {
        let mut all: Vec<Arrival> = Vec::with_capacity(visits.len());
        self.stand(&mut all);
        let mut key = all.len() as u32;
        self.households(chance, &mut key, &mut all);
        self.others(chance, &mut key, &mut all);
        self.imagine(&mut key, &mut all);
        // Stable: the order of those who stand there is the order in which they are served.
        all.sort_by_key(|(visit, _)| visit.at);
        visits.clear();
        who.clear();
        visits.extend(all.iter().map(|(visit, _)| *visit));
        who.extend(all.iter().map(|&(_, who)| who));
    }

    fn stand(&self, all: &mut Vec<Arrival>) {
        let now = self.midway.at;
        for (key, standing) in (0..).zip(&self.midway.standing) {
            // Whoever is being served is there before those who wait.
            let at = if standing.left < 1.0 { now - 1 } else { standing.from.max(now) };
            let class = self.classes.of_standing(standing);
            all.push((Visit { at, key, lane: standing.lane, class, party: 1 }, Who::Other));
        }
    }

    /// Households that were told to come or will be. Those that are in the queue already, unseen, come now.
    fn households(&self, chance: &Chance, key: &mut u32, all: &mut Vec<Arrival>) {
        let now = self.midway.at;
        // How long the queues are is as unsure as since when they last.
        let doors: Vec<Door> =
            self.midway.doors.iter().enumerate().map(|(place, door)| doubted(chance, place, door)).collect();
        let mut unseen: Vec<Vec<(Ticks, Vec<Arrival>)>> = vec![Vec::new(); self.midway.doors.len()];
        for (number, of) in (0..).zip(&self.midway.awaited) {
            let first = *key;
            *key += of.people;
            let lane = of.lane.unwrap_or((number % u32::from(self.lanes)) as u16);
            let door = usize::from(lane).min(self.midway.doors.len().saturating_sub(1));
            let busy_since = doors.get(door).map_or(now, |door| door.busy_since);
            let Some(at) = self.arrival(chance, number, of, busy_since) else { continue };
            if at > self.closes {
                continue;
            }
            let people = self.people(chance, of, first, lane, at.max(now));
            match unseen.get_mut(door).filter(|_| at < now) {
                Some(queue) => queue.push((at, people)),
                None => all.extend(people),
            }
        }
        for (lane, (door, mut queue)) in doors.into_iter().zip(unseen).enumerate() {
            queue.sort_by_key(|&(at, _)| at);
            self.agree(lane as u16, door, queue, key, all);
        }
    }

    /// When a household comes, as far as that agrees with what is known of it; `None` if it does not come.
    fn arrival(&self, chance: &Chance, number: u32, of: &Awaited, busy_since: Ticks) -> Option<Ticks> {
        (0..TRIES).find_map(|attempt| {
            let words = chance.block(Cause::Reaction, number, attempt);
            let comes = match of.answer {
                Some(answer) => answer,
                None => chance::happens(words[0], self.attendance.households),
            };
            if !comes {
                return Some(None);
            }
            let reaction = match &self.late {
                Some((share, law)) if chance::happens(words[1], *share) => law,
                _ => &self.reaction,
            };
            let at = of.told + reaction.draw(words[2]);
            (at >= busy_since).then_some(Some(at))
        })?
    }

    fn people(&self, chance: &Chance, of: &Awaited, first: u32, lane: u16, at: Ticks) -> Vec<Arrival> {
        let comes =
            |&key: &u32| chance::happens(chance.word(Cause::Attendance, key, 0), self.attendance.persons);
        let people = (first..first + of.people).filter(comes);
        let visit = |key| Visit { at, key, lane, class: self.class(chance, key), party: 1 };
        let mut people: Vec<Arrival> = people.map(|key| (visit(key), Who::Wave(of.wave))).collect();
        if self.parties {
            gather(people.iter_mut().map(|(visit, _)| visit));
        }
        people
    }

    /// Those in the queue whom nobody has seen yet; where it was counted, as many as that leaves.
    fn agree(
        &self,
        lane: u16,
        door: Door,
        queue: Vec<(Ticks, Vec<Arrival>)>,
        key: &mut u32,
        all: &mut Vec<Arrival>,
    ) {
        let Some((counted, left)) = door.counted else {
            all.extend(queue.into_iter().flat_map(|(_, people)| people));
            return;
        };
        let from = queue.partition_point(|&(at, _)| at <= counted);
        let (mut before, mut since): (Vec<Arrival>, Vec<Arrival>) = (Vec::new(), Vec::new());
        for (place, (_, people)) in queue.into_iter().enumerate() {
            if place < from { before.extend(people) } else { since.extend(people) }
        }
        // Whoever came last is still there.
        let mut there = before.split_off(before.len().saturating_sub(left as usize));
        while there.len() < left as usize {
            let visit = Visit { at: self.midway.at, key: *key, lane, class: 0, party: 1 };
            *key += 1;
            there.push((visit, Who::Other));
        }
        if self.parties {
            // Parts of households are in it: they are served as they stand.
            there.iter_mut().for_each(|(visit, _)| visit.party = 1);
        }
        all.extend(there);
        all.extend(since);
    }

    /// People with appointments and walk-ins: as many at each of their times as chance makes of the average.
    fn others(&self, chance: &Chance, key: &mut u32, all: &mut Vec<Arrival>) {
        let now = self.midway.at;
        let mut turn = 0;
        for (number, &(at, mean)) in (0..).zip(&self.midway.others) {
            let mut left = chance::unit(chance.word(Cause::Gap, number, 0));
            let (mut people, mut share) = (0_u32, libm::exp(-mean));
            while left >= share && people < PEOPLE_AT_ONCE {
                left -= share;
                people += 1;
                share *= mean / f64::from(people);
            }
            for _ in 0..people {
                let visit = Visit {
                    at: at.max(now),
                    key: *key,
                    lane: turn % self.lanes,
                    class: self.class(chance, *key),
                    party: 1,
                };
                *key += 1;
                turn = (turn + 1) % self.lanes;
                if at <= self.closes {
                    all.push((visit, Who::Other));
                }
            }
        }
    }

    fn imagine(&self, key: &mut u32, all: &mut Vec<Arrival>) {
        for (moment, &at) in self.midway.asked.iter().enumerate() {
            for lane in 0..self.lanes {
                let class = self.classes.imagined;
                let visit = Visit { at: at.max(self.midway.at), key: *key, lane, class, party: 1 };
                *key += 1;
                all.push((visit, Who::Asked { moment, lane }));
            }
        }
    }

    fn class(&self, chance: &Chance, key: u32) -> u8 {
        let drawn = chance::unit(chance.word(Cause::Class, key, 0));
        let mut below = 0.0;
        let class = self.midway.classes.iter().find(|(_, share)| {
            below += share;
            drawn < below
        });
        class.map_or(0, |(name, _)| self.classes.of(name))
    }
}

fn doubted(chance: &Chance, place: usize, door: &Door) -> Door {
    let off = chance::normal(chance.word(Cause::Site, place as u32, 0)) * door.doubt as f64;
    Door { busy_since: door.busy_since + off as Ticks, ..*door }
}

/// More people than this never come in one minute.
const PEOPLE_AT_ONCE: u32 = 1000;
