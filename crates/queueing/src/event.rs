//! The event engine: an agenda of events for everything that first come, first served does not cover: priority,
//! join-the-shortest, finite rooms, random order, random walks, feedback.
//!
//! At equal times departures come first, then servers back from a pause, then staff changes, then arrivals, then
//! closing, then those whose patience ends; within a kind, people by the order in which they entered the site.
//!
//! Map: `agenda` what is going to happen · `desk` a queue and its servers · `way` people from queue to queue · `duty`
//! servers coming, pausing and going · `rooms` who is stopped by a full room · `quitting` who is never served.

pub(crate) mod agenda;
pub(crate) mod desk;
mod duty;
mod quitting;
mod rooms;
mod way;

use crate::{
    model::{LaneChoice, Model, Servers},
    people::People,
    probe::Probe,
    profile::Crowding,
    tally::Tally,
};
use agenda::{Agenda, Event, Key, Kind};
use chance::{Chance, Ticks};
use desk::Desk;

/// Room for one replication. Reused from one to the next.
#[derive(Debug, Default)]
pub struct Workspace {
    agenda: Agenda,
    desks: Vec<Desk>,
    persons: Vec<Person>,
    /// When each waiting person gives up; empty where nobody does.
    deadline: Vec<Ticks>,
    /// How long each person was held by a full room that the person is now on the way to; empty without rooms.
    held_for: Vec<Ticks>,
    lane_people: Vec<u32>,
    /// By class: which of a desk's queues.
    queue_of: Vec<u8>,
}

/// Where someone is.
#[derive(Clone, Copy, Debug)]
struct Person {
    /// Since when the person waits.
    since: Ticks,
    waits: Waits,
    lane: u16,
}

/// Where someone waits: one more than the desk's place, and whether in its queue or, stopped by its full room, at the
/// station before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Waits(u32);

impl Waits {
    const NOWHERE: Waits = Waits(0);

    #[inline]
    fn at(place: usize) -> Waits {
        Waits(place as u32 + 1)
    }

    fn held_by(place: usize) -> Waits {
        Waits((place as u32 + 1) | 1 << 31)
    }
}

/// Runs one replication of any model.
pub fn run<P: Probe>(
    model: &Model,
    people: &mut People,
    chance: &Chance,
    number: u32,
    tally: &mut Tally,
    workspace: &mut Workspace,
    probe: &mut P,
) {
    people.begin(model, chance);
    tally.begin();
    let crowding = Site::new(model, people, chance, tally, workspace, probe).run();
    tally.end(model, people, number, crowding);
}

/// How many queues there are at a desk.
pub(crate) fn queues(queue_of: &[u8]) -> usize {
    queue_of.iter().max().map_or(1, |&last| usize::from(last) + 1)
}

struct Site<'a, P> {
    model: &'a Model,
    people: &'a mut People,
    chance: &'a Chance,
    tally: &'a mut Tally,
    probe: &'a mut P,
    at: &'a mut Workspace,
    /// Place of each station's first desk.
    offsets: Vec<usize>,
    now: Ticks,
    waiting: u64,
    /// Most people who wait without crowding.
    room: u64,
    crowding: Crowding,
    patient: bool,
    /// Whether any station has a finite room.
    rooms: bool,
}

impl<'a, P: Probe> Site<'a, P> {
    fn new(
        model: &'a Model,
        people: &'a mut People,
        chance: &'a Chance,
        tally: &'a mut Tally,
        at: &'a mut Workspace,
        probe: &'a mut P,
    ) -> Self {
        let count = people.visits.len();
        let patient = model.patience.is_some();
        let rooms = model.stations.iter().any(|station| station.room.is_some());
        at.agenda.clear();
        at.persons.clear();
        let person = |lane| Person { since: 0, waits: Waits::NOWHERE, lane };
        at.persons.extend(people.visits.iter().map(|visit| person(visit.lane)));
        at.deadline.clear();
        at.deadline.resize(if patient { count } else { 0 }, 0);
        at.held_for.clear();
        at.held_for.resize(if rooms { count } else { 0 }, 0);
        at.lane_people.clear();
        at.lane_people.resize(model.lanes as usize, 0);
        at.queue_of.clear();
        at.queue_of.extend(model.queues());
        let queues = queues(&at.queue_of);
        let mut offsets = Vec::with_capacity(model.stations.len());
        let mut place = 0;
        for (number, station) in model.stations.iter().enumerate() {
            offsets.push(place);
            for lane in 0..model.desks(number) {
                if at.desks.len() == place {
                    at.desks.push(Desk::default());
                }
                at.desks[place].begin(number, lane, queues, station);
                place += 1;
            }
            if let Servers::Calendar(calendar) = &station.servers {
                for (change, &(time, _)) in calendar.iter().enumerate() {
                    at.agenda.later(Event::new(time, Kind::Staff, number as u32, change as u32, 0));
                }
            }
        }
        at.desks.truncate(place);
        if let Some(closes) = model.closes {
            at.agenda.later(Event::new(closes, Kind::Close, 0, 0, 0));
        }
        let room = model.room.map_or(u64::MAX, u64::from);
        let crowding = Crowding::default();
        let now = Ticks::MIN;
        Site {
            model,
            people,
            chance,
            tally,
            probe,
            at,
            offsets,
            now,
            waiting: 0,
            room,
            crowding,
            patient,
            rooms,
        }
    }

    fn run(mut self) -> Crowding {
        for entry in 0..self.people.visits.len() {
            let at = self.people.visits[entry].at;
            self.happen_before(Key::new(at, Kind::Arrival, entry as u32));
            self.advance(at);
            self.arrive(entry);
        }
        self.happen_before(Key::NEVER);
        self.give_over();
        self.crowding
    }

    /// Everything that comes before this happens.
    #[inline]
    fn happen_before(&mut self, limit: Key) {
        while let Some(event) = self.at.agenda.next_before(limit) {
            self.advance(event.at());
            let (entry, place) = (event.entry(), event.desk as usize);
            match event.kind() {
                Kind::Departure if event.server < desk::OBSERVED => self.depart(entry, place, event.server),
                Kind::Departure => self.walked(entry, place, event.server),
                Kind::Back => self.free(place, event.server),
                Kind::Staff => self.staff(entry, place),
                Kind::Close => self.close(),
                Kind::GiveUp => self.give_up(entry, place),
                Kind::Arrival => unreachable!("arrivals are not on the agenda"),
            }
        }
    }

    /// Moves the clock, and counts the time that people waited up to it.
    #[inline]
    fn advance(&mut self, to: Ticks) {
        if to > self.now {
            if self.waiting > 0 {
                self.crowding.most = self.crowding.most.max(self.waiting);
                let area = i128::from((to - self.now) * self.waiting as Ticks);
                self.crowding.waited += area;
                if self.waiting > self.room {
                    self.crowding.beyond_room += area;
                }
            }
            self.now = to;
        }
    }

    fn arrive(&mut self, entry: usize) {
        let visit = self.people.visits[entry];
        let lane = match self.model.lane_choice {
            LaneChoice::Assigned => visit.lane,
            // A party keeps together: its members follow its first.
            LaneChoice::Shortest if visit.party == 0 => self.at.persons[entry].lane,
            LaneChoice::Shortest => {
                let people = &self.at.lane_people;
                (0..self.model.lanes).min_by_key(|&lane| people[lane as usize]).unwrap_or(0)
            }
        };
        self.at.lane_people[lane as usize] += u32::from(visit.party);
        self.probe.arrived(self.now, entry, lane as usize);
        if visit.party > 0 {
            for member in &mut self.at.persons[entry..entry + visit.party as usize] {
                member.lane = lane;
            }
            match self.people.ways.entry(visit.class) {
                Some(station) => self.reach(entry, station),
                None => self.leave(entry, self.now),
            }
        }
    }

    #[inline]
    fn place(&self, station: usize, entry: usize) -> usize {
        let lane = if self.model.stations[station].shared { 0 } else { self.at.persons[entry].lane as usize };
        self.offsets[station] + lane
    }
}
