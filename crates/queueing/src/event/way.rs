//! People on their way: to a queue, into a service, on to the next station, home.

use super::{
    Site, Waits,
    agenda::{Event, Kind},
    desk,
};
use crate::{model::Walk, probe::Probe};
use chance::{Cause, Ticks};

impl<P: Probe> Site<'_, P> {
    /// A person or a party reaches the first station; a party parts where people are served singly.
    #[inline]
    pub(super) fn reach(&mut self, entry: usize, station: usize) {
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
    pub(super) fn join(&mut self, entry: usize, place: usize, since: Ticks) {
        let desk = &mut self.at.desks[place];
        self.probe.queued(since, entry, self.people.size[entry], desk.station, desk.lane);
        let late = self.model.closes.is_some_and(|closes| self.now > closes);
        if desk.over || late && self.people.is_first(entry, desk.station) {
            self.gone(entry, place, self.now - since);
        } else if desk.unlimited {
            self.start(entry, place, desk::UNCOUNTED, self.now - since);
        } else if let Some(server) = desk.idle.pop_front() {
            self.start(entry, place, server, self.now - since);
        } else {
            self.wait(entry, place, since);
        }
    }

    #[inline]
    fn wait(&mut self, entry: usize, place: usize, since: Ticks) {
        let size = self.people.size[entry];
        let person = &mut self.at.persons[entry];
        (person.since, person.waits) = (since, Waits::at(place));
        self.waiting += u64::from(size);
        let desk = &mut self.at.desks[place];
        desk.waiting += u32::from(size);
        desk.push(self.at.queue_of[self.people.visits[entry].class as usize], entry as u32);
        if self.patient {
            self.lose_patience(entry, place, since);
        }
    }

    #[inline(always)]
    pub(super) fn start(&mut self, entry: usize, place: usize, server: u32, wait: Ticks) {
        let (station, lane) = (self.at.desks[place].station, self.at.desks[place].lane);
        let size = self.people.size[entry];
        self.probe.started(self.now, entry, size, station, lane, server_number(server));
        self.tally.started(self.model, self.people, entry, station, wait);
        let service = self.people.service(self.model, self.chance, entry, station);
        self.tally.stations[station].busy += service;
        let event = Event::new(self.now + service, Kind::Departure, entry as u32, place as u32, server);
        if server == desk::UNCOUNTED { self.at.agenda.later(event) } else { self.at.agenda.soon(event) }
    }

    /// A service ended: the person goes on, unless the next room is full; the server takes the next.
    #[inline]
    pub(super) fn depart(&mut self, entry: usize, place: usize, server: u32) {
        let (number, lane) = (self.at.desks[place].station, self.at.desks[place].lane);
        let size = self.people.size[entry];
        self.probe.ended(self.now, entry, size, number, lane, server_number(server));
        let to = self.people.next(self.model, self.chance, entry, number);
        if !self.rooms {
            self.go_on(entry, place, to, self.now);
            self.release(entry, size, place, server);
        } else if to.is_some_and(|next| self.stays_first(number, next)) {
            // The next room is looked at when the person wants to go there.
            let observed = self.now + self.model.stations[number].observe;
            self.at.agenda.later(Event::new(
                observed,
                Kind::Departure,
                entry as u32,
                place as u32,
                desk::OBSERVED,
            ));
            self.release(entry, size, place, server);
        } else {
            self.go_on_if_room(entry, place, server, to);
        }
    }

    /// Someone reaches the desk to which the way led, or has stayed long enough after the service at this desk.
    pub(super) fn walked(&mut self, entry: usize, place: usize, server: u32) {
        if server == desk::OBSERVED {
            let to = self.people.next(self.model, self.chance, entry, self.at.desks[place].station);
            return self.go_on_if_room(entry, place, desk::UNCOUNTED, to);
        }
        let mut since = self.now;
        if self.rooms {
            let desk = &mut self.at.desks[place];
            desk.coming -= u32::from(self.people.size[entry]);
            since -= self.at.held_for[entry];
        }
        self.join(entry, place, since);
    }

    /// A person whose service at `place` ended, and who has been waiting to go on since `since`, is on the way to the
    /// next station, or home.
    #[inline]
    pub(super) fn go_on(&mut self, entry: usize, place: usize, to: Option<usize>, since: Ticks) {
        let number = self.at.desks[place].station;
        let station = &self.model.stations[number];
        let Some(next) = to else { return self.leave(entry, self.now + station.observe) };
        let walk = match &station.walk {
            Walk::Constant(walk) => *walk,
            Walk::Random(walk) => {
                let index = self.people.draw_index(entry, number);
                walk.draw(self.chance.word(Cause::Walk, self.people.visits[entry].key, index)).max(0)
            }
        };
        if next <= number {
            self.people.comes_again(entry);
        }
        let stays = self.rooms && self.stays_first(number, next);
        let delay = if stays { walk } else { station.observe + walk };
        let next_place = self.place(next, entry);
        let members = if self.model.stations[next].party { 1 } else { self.people.part(entry) };
        if delay == 0 {
            return (entry..entry + members).for_each(|member| self.join(member, next_place, since));
        }
        for member in entry..entry + members {
            let (walker, there) = (member as u32, next_place as u32);
            self.at.agenda.later(Event::new(self.now + delay, Kind::Departure, walker, there, desk::WALKING));
            if self.rooms {
                self.at.desks[next_place].coming += u32::from(self.people.size[member]);
                self.at.held_for[member] = self.now - since;
            }
        }
    }

    #[inline]
    pub(super) fn leave(&mut self, entry: usize, at: Ticks) {
        let size = self.people.size[entry];
        self.probe.departed(at, entry, size);
        self.tally.departed(self.model, self.people, entry, at);
        self.at.lane_people[self.at.persons[entry].lane as usize] -= u32::from(size);
    }
}

fn server_number(server: u32) -> usize {
    if server == desk::UNCOUNTED { 0 } else { server as usize }
}
