//! The event engine: an agenda of events for everything that first come, first served does not cover: priority,
//! join-the-shortest, finite rooms, random order, random walks, feedback.
//!
//! At equal times departures come first, then servers back from a pause, then staff changes, then arrivals, then
//! closing, then those whose patience ends; within a kind, people by the order in which they entered the site.

mod agenda;
mod desk;

use crate::{
    model::{LaneChoice, Model, Servers, Walk},
    people::People,
    probe::Probe,
    profile::Crowding,
    tally::Tally,
};
use agenda::{Agenda, Event, Kind};
use chance::{Cause, Chance, Ticks};
use desk::{Desk, Held};

/// Room for one replication. Reused from one to the next.
#[derive(Debug, Default)]
pub struct Workspace {
    agenda: Agenda,
    desks: Vec<Desk>,
    /// Where each person waits, one more than the desk's place; 0 for nobody waiting.
    waits_at: Vec<u32>,
    since: Vec<Ticks>,
    /// When each waiting person gives up.
    deadline: Vec<Ticks>,
    lane: Vec<u16>,
    lane_people: Vec<u32>,
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
    people.begin(chance);
    tally.begin();
    let crowding = Site::new(model, people, chance, tally, workspace, probe).run();
    tally.end(model, people, number, crowding);
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
    /// People of the list who arrived.
    arrived: usize,
    now: Ticks,
    waiting: u64,
    crowding: Crowding,
    patient: bool,
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
        at.agenda.clear();
        at.waits_at.clear();
        at.waits_at.resize(count, 0);
        at.since.clear();
        at.since.resize(count, 0);
        at.deadline.clear();
        at.deadline.resize(count, Ticks::MAX);
        at.lane.clear();
        at.lane.extend(people.visits.iter().map(|visit| visit.lane));
        at.lane_people.clear();
        at.lane_people.resize(model.lanes as usize, 0);
        let priorities = model.classes.iter().map(|class| class.priority as usize + 1).max().unwrap_or(1);
        let mut offsets = Vec::with_capacity(model.stations.len());
        let mut place = 0;
        for (number, station) in model.stations.iter().enumerate() {
            offsets.push(place);
            for lane in 0..model.desks(number) {
                if at.desks.len() == place {
                    at.desks.push(Desk::default());
                }
                at.desks[place].begin(number, lane, priorities, station.scrum);
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
        let patient = model.patience.is_some();
        Site {
            model, people, chance, tally, probe, at, offsets,
            arrived: 0, now: Ticks::MIN, waiting: 0, crowding: Crowding::default(), patient,
        }
    }

    fn run(mut self) -> Crowding {
        loop {
            let arrival = self.people.visits.get(self.arrived).map(|visit| (visit.at, Kind::Arrival.rank(self.arrived as u32)));
            let event = self.at.agenda.next_before(arrival);
            match (event, arrival) {
                (Some(event), _) => self.happen(event),
                (None, Some((at, _))) => {
                    self.advance(at);
                    self.arrive();
                }
                (None, None) => break,
            }
        }
        // Whoever still waits can never be served: rooms that wait for each other in a circle.
        for place in 0..self.at.desks.len() {
            self.turn_away(place, false);
            while let Some(held) = self.at.desks[place].held.pop_front() {
                self.waiting -= u64::from(self.people.size[held.entry as usize]);
                self.gone(held.entry as usize, place, self.now - held.since);
            }
        }
        self.crowding
    }

    /// Moves the clock, and counts the time that people waited up to it.
    #[inline]
    fn advance(&mut self, to: Ticks) {
        if to > self.now {
            if self.waiting > 0 {
                self.crowding.most = self.crowding.most.max(self.waiting);
                let area = (to - self.now) * self.waiting as Ticks;
                self.crowding.waited += i128::from(area);
                if self.model.room.is_some_and(|room| self.waiting > u64::from(room)) {
                    self.crowding.beyond_room += i128::from(area);
                }
            }
            self.now = to;
        }
    }

    #[inline]
    fn happen(&mut self, event: Event) {
        self.advance(event.at);
        let entry = event.entry as usize;
        match event.kind() {
            Kind::Departure if event.server == desk::WALKING => self.join(entry, event.desk as usize, self.now),
            Kind::Departure => self.depart(entry, event.desk as usize, event.server),
            Kind::Back => self.free(event.desk as usize, event.server),
            Kind::Staff => self.staff(event.entry as usize, event.desk as usize),
            Kind::Close => {
                for place in 0..self.at.desks.len() {
                    self.turn_away(place, true);
                }
            }
            Kind::GiveUp => self.give_up(entry, event.desk as usize),
            Kind::Arrival => unreachable!("arrivals are not on the agenda"),
        }
    }

    fn arrive(&mut self) {
        let entry = self.arrived;
        self.arrived += 1;
        let visit = self.people.visits[entry];
        let lane = match self.model.lane_choice {
            LaneChoice::Assigned => visit.lane,
            // A party keeps together: its members follow its first.
            LaneChoice::Shortest if visit.party == 0 => self.at.lane[entry - 1],
            LaneChoice::Shortest => {
                let people = &self.at.lane_people;
                (0..self.model.lanes).min_by_key(|&lane| people[lane as usize]).unwrap_or(0)
            }
        };
        self.at.lane[entry] = lane;
        self.at.lane_people[lane as usize] += u32::from(visit.party);
        self.probe.arrived(self.now, entry, lane as usize);
        if visit.party > 0 {
            let members = visit.party as usize;
            for member in entry..entry + members {
                self.at.lane[member] = lane;
            }
            match self.model.entry(visit.class) {
                Some(station) => self.reach(entry, station),
                None => self.leave(entry, self.now),
            }
        }
    }

    fn place(&self, station: usize, entry: usize) -> usize {
        let lane = if self.model.stations[station].shared { 0 } else { self.at.lane[entry] as usize };
        self.offsets[station] + lane
    }

    /// A person or a party reaches a station; a party parts where people are served singly.
    #[inline]
    fn reach(&mut self, entry: usize, station: usize) {
        let place = self.place(station, entry);
        if self.model.stations[station].party || self.people.size[entry] <= 1 {
            self.join(entry, place, self.now);
        } else {
            let members = self.people.part(entry);
            (entry..entry + members).for_each(|member| self.join(member, place, self.now));
        }
    }

    /// One person, or one party that stays together, joins a desk, having waited for it since `since`.
    #[inline]
    fn join(&mut self, entry: usize, place: usize, since: Ticks) {
        let desk = &mut self.at.desks[place];
        let station = &self.model.stations[desk.station];
        self.probe.queued(since, entry, self.people.size[entry], desk.station, desk.lane);
        let late = self.model.closes.is_some_and(|closes| self.now > closes);
        if desk.over || late && self.is_first(entry, place) {
            self.gone(entry, place, self.now - since);
        } else if matches!(station.servers, Servers::Unlimited) {
            self.start(entry, place, desk::UNCOUNTED, self.now - since);
        } else if let Some(server) = self.at.desks[place].idle.pop_front() {
            self.start(entry, place, server, self.now - since);
        } else {
            self.wait(entry, place, since);
        }
    }

    #[inline]
    fn wait(&mut self, entry: usize, place: usize, since: Ticks) {
        let size = self.people.size[entry];
        self.at.since[entry] = since;
        self.at.waits_at[entry] = place as u32 + 1;
        self.waiting += u64::from(size);
        let desk = &mut self.at.desks[place];
        desk.waiting += u32::from(size);
        desk.push(self.model.classes[self.people.visits[entry].class as usize].priority, entry as u32);
        if self.patient {
            let patience = self.people.patience(self.model, self.chance, entry, desk.station);
            let deadline = self.now.saturating_add(patience);
            self.at.deadline[entry] = deadline;
            self.at.agenda.later(Event::new(deadline, Kind::GiveUp, entry as u32, place as u32, 0));
        }
    }

    #[inline]
    fn start(&mut self, entry: usize, place: usize, server: u32, wait: Ticks) {
        let station = self.at.desks[place].station;
        let size = self.people.size[entry];
        self.probe.started(self.now, entry, size, station, self.at.desks[place].lane, server_number(server));
        self.tally.started(self.model, self.people, entry, station, wait);
        let service = self.people.service(self.model, self.chance, entry, station);
        self.tally.stations[station].busy += service;
        let event = Event::new(self.now + service, Kind::Departure, entry as u32, place as u32, server);
        if server == desk::UNCOUNTED { self.at.agenda.later(event) } else { self.at.agenda.soon(event) }
    }

    /// A service ended: the person goes on, unless the next room is full; the server takes the next.
    #[inline]
    fn depart(&mut self, entry: usize, place: usize, server: u32) {
        let (number, lane) = (self.at.desks[place].station, self.at.desks[place].lane);
        let size = self.people.size[entry];
        self.probe.ended(self.now, entry, size, number, lane, server_number(server));
        let to = self.people.next(self.model, self.chance, entry, number);
        if let Some(next) = to {
            let next_place = self.place(next, entry);
            let stopped = !self.at.desks[next_place].held.is_empty() || !self.fits(next_place, size);
            if stopped {
                let held = Held { entry: entry as u32, from: place as u32, server, since: self.now };
                self.at.desks[next_place].held.push_back(held);
                self.waiting += u64::from(size);
                return;
            }
        }
        self.go_on(entry, place, to, self.now);
        self.release(entry, size, place, server);
    }

    /// The server of a person who went on takes a pause, if one is due, or is free.
    #[inline]
    fn release(&mut self, entry: usize, size: u8, place: usize, server: u32) {
        if server == desk::UNCOUNTED {
            return;
        }
        let number = self.at.desks[place].station;
        if let Some(pause) = self.model.stations[number].changeover {
            let since_pause = &mut self.at.desks[place].since_pause[server as usize];
            *since_pause += u32::from(size);
            if *since_pause >= pause.every {
                *since_pause = 0;
                self.tally.stations[number].busy += pause.away;
                let back = Event::new(self.now + pause.away, Kind::Back, entry as u32, place as u32, server);
                self.at.agenda.soon(back);
                return;
            }
        }
        self.free(place, server);
    }

    /// Whether a party of this size may come to a desk with a finite room.
    fn fits(&self, place: usize, size: u8) -> bool {
        let desk = &self.at.desks[place];
        let size = u32::from(size);
        match self.model.stations[desk.station].room {
            // A party larger than the room comes in when nobody else is there.
            Some(room) => {
                desk.waiting + size <= room || desk.waiting == 0 && (!desk.idle.is_empty() || room > 0 && size > room)
            }
            None => true,
        }
    }

    /// A person whose service at `place` ended, and who has been waiting to go on since `since`, is on the way to the
    /// next station, or home.
    #[inline]
    fn go_on(&mut self, entry: usize, place: usize, to: Option<usize>, since: Ticks) {
        let number = self.at.desks[place].station;
        let station = &self.model.stations[number];
        let Some(next) = to else { return self.leave(entry, self.now + station.observe) };
        let index = self.people.draw_index(self.model, entry, number);
        if next <= number {
            self.people.pass[entry] += 1;
        }
        let walk = match &station.walk {
            Walk::Constant(walk) => *walk,
            Walk::Random(walk) => {
                walk.draw(self.chance.word(Cause::Walk, self.people.visits[entry].key, index)).max(0)
            }
        };
        let delay = station.observe + walk;
        let next_place = self.place(next, entry);
        let members = if self.model.stations[next].party { 1 } else { self.people.part(entry) };
        for member in entry..entry + members {
            if delay == 0 {
                self.join(member, next_place, since);
            } else {
                let arrives =
                    Event::new(self.now + delay, Kind::Departure, member as u32, next_place as u32, desk::WALKING);
                self.at.agenda.later(arrives);
            }
        }
    }

    /// A server is free: goes off duty, or takes the next, or idles.
    fn free(&mut self, place: usize, server: u32) {
        let desk = &mut self.at.desks[place];
        if let Some(due) = desk.leaves(server) {
            self.tally.stations[desk.station].overtime += self.now - due;
            return;
        }
        match self.take_next(place) {
            Some(entry) => {
                let entry = entry as usize;
                let wait = self.now - self.at.since[entry];
                self.start(entry, place, server, wait);
            }
            None => self.at.desks[place].idle.push_back(server),
        }
        self.let_in(place);
    }

    /// The next person of a desk's queue stops waiting.
    #[inline]
    fn take_next(&mut self, place: usize) -> Option<u32> {
        let desk = &mut self.at.desks[place];
        let waits_at = &mut self.at.waits_at;
        let here = place as u32 + 1;
        let chance = self.chance;
        let taken = desk.pop(|entry| waits_at[entry as usize] == here, |number| {
            chance.word(Cause::Scrum, number, place as u32)
        })?;
        waits_at[taken as usize] = 0;
        let size = self.people.size[taken as usize];
        desk.waiting -= u32::from(size);
        self.waiting -= u64::from(size);
        Some(taken)
    }

    /// As many as fit come in from the stations that a full room had stopped, and their servers go on.
    #[inline]
    fn let_in(&mut self, place: usize) {
        while let Some(&held) = self.at.desks[place].held.front() {
            let entry = held.entry as usize;
            let size = self.people.size[entry];
            if !self.fits(place, size) {
                return;
            }
            self.at.desks[place].held.pop_front();
            self.waiting -= u64::from(size);
            let from = held.from as usize;
            self.go_on(entry, from, Some(self.at.desks[place].station), held.since);
            self.release(entry, size, from, held.server);
        }
    }

    /// A calendar's change comes due at every desk of the station.
    fn staff(&mut self, station: usize, change: usize) {
        let Servers::Calendar(calendar) = &self.model.stations[station].servers else { return };
        let wanted = calendar[change].1;
        let last = change + 1 == calendar.len();
        for lane in 0..self.model.desks(station) {
            let place = self.offsets[station] + lane;
            let desk = &mut self.at.desks[place];
            while desk.on_duty > wanted {
                desk.on_duty -= 1;
                desk.dismiss(self.now, change as u32);
            }
            while self.at.desks[place].on_duty < wanted {
                let desk = &mut self.at.desks[place];
                desk.on_duty += 1;
                let server = desk.hire(change as u32);
                self.free(place, server);
            }
            if last && wanted == 0 {
                self.at.desks[place].over = true;
                self.turn_away(place, false);
            }
        }
    }

    /// Turns away who waits at a desk: those whom closing keeps out, or all.
    fn turn_away(&mut self, place: usize, by_closing: bool) {
        let mut waiting: Vec<u32> = Vec::new();
        let here = place as u32 + 1;
        self.at.desks[place].each(|entry| waiting.push(entry));
        waiting.retain(|&entry| self.at.waits_at[entry as usize] == here);
        if by_closing {
            waiting.retain(|&entry| self.is_first(entry as usize, place));
        }
        for entry in waiting {
            let entry = entry as usize;
            self.stop_waiting(entry, place);
            self.gone(entry, place, self.now - self.at.since[entry]);
        }
        self.let_in(place);
    }

    fn give_up(&mut self, entry: usize, place: usize) {
        if self.at.waits_at[entry] != place as u32 + 1 {
            return;
        }
        if self.at.deadline[entry] != self.now {
            return;
        }
        let station = self.at.desks[place].station;
        self.stop_waiting(entry, place);
        let wait = self.now - self.at.since[entry];
        self.probe.gave_up(self.now, entry, self.people.size[entry], station, self.at.desks[place].lane);
        self.tally.gave_up(self.people, entry, wait);
        self.at.lane_people[self.at.lane[entry] as usize] -= u32::from(self.people.size[entry]);
        self.let_in(place);
    }

    fn stop_waiting(&mut self, entry: usize, place: usize) {
        let size = self.people.size[entry];
        self.at.waits_at[entry] = 0;
        self.at.desks[place].waiting -= u32::from(size);
        self.waiting -= u64::from(size);
    }

    fn gone(&mut self, entry: usize, place: usize, wait: Ticks) {
        let desk = &self.at.desks[place];
        let size = self.people.size[entry];
        self.probe.turned_away(self.now, entry, size, desk.station, desk.lane);
        self.tally.turned_away(self.people, entry, wait);
        self.at.lane_people[self.at.lane[entry] as usize] -= u32::from(size);
    }

    #[inline]
    fn leave(&mut self, entry: usize, at: Ticks) {
        let size = self.people.size[entry];
        self.probe.departed(at, entry, size);
        self.tally.departed(self.model, self.people, entry, at);
        self.at.lane_people[self.at.lane[entry] as usize] -= u32::from(size);
    }

    fn is_first(&self, entry: usize, place: usize) -> bool {
        self.people.pass[entry] == 0
            && self.model.entry(self.people.visits[entry].class) == Some(self.at.desks[place].station)
    }
}

fn server_number(server: u32) -> usize {
    if server == desk::UNCOUNTED { 0 } else { server as usize }
}
