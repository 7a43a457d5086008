//! Finite rooms: who finds the next room full stays where he is, and with him the server.

use super::{Site, Waits, desk::Held};
use crate::probe::Probe;
use chance::Ticks;

impl<P: Probe> Site<'_, P> {
    /// Whether people stay after their service at a station before they look for room at the next.
    pub(super) fn stays_first(&self, station: usize, next: usize) -> bool {
        self.model.stations[station].observe > 0 && self.model.stations[next].room.is_some()
    }

    /// A person or a party goes on, or is held with the server by a full room.
    pub(super) fn go_on_if_room(&mut self, entry: usize, place: usize, server: u32, to: Option<usize>) {
        let size = self.people.size[entry];
        if let Some(next) = to {
            let next_place = self.place(next, entry);
            let desk = &self.at.desks[next_place];
            if !desk.held.is_empty() || !desk.fits(size) {
                return self.hold(
                    entry,
                    next_place,
                    Held { entry: entry as u32, from: place as u32, server, since: self.now },
                );
            }
        }
        self.go_on(entry, place, to, self.now);
        self.release(entry, size, place, server);
    }

    fn hold(&mut self, entry: usize, place: usize, held: Held) {
        self.at.desks[place].held.push_back(held);
        self.waiting += u64::from(self.people.size[entry]);
        let person = &mut self.at.persons[entry];
        (person.since, person.waits) = (self.now, Waits::held_by(place));
        if self.patient {
            self.lose_patience(entry, place, self.now);
        }
    }

    /// As many as fit come in from the stations that a full room had stopped, and their servers go on.
    #[inline]
    pub(super) fn let_in(&mut self, place: usize) {
        if self.rooms {
            self.let_in_held(place);
        }
    }

    fn let_in_held(&mut self, place: usize) {
        while let Some(&held) = self.at.desks[place].held.front() {
            let entry = held.entry as usize;
            let size = self.people.size[entry];
            if !self.at.desks[place].fits(size) {
                return;
            }
            self.at.desks[place].held.pop_front();
            self.no_longer_held(entry);
            let from = held.from as usize;
            self.go_on(entry, from, Some(self.at.desks[place].station), held.since);
            self.release(entry, size, from, held.server);
        }
    }

    /// Someone who is held gives up: the server is free, and whoever is held behind may fit.
    pub(super) fn give_up_held(&mut self, entry: usize, place: usize) {
        let behind = self.at.desks[place].held.iter().position(|held| held.entry as usize == entry);
        let held = behind
            .and_then(|behind| self.at.desks[place].held.remove(behind))
            .expect("whoever is held is listed");
        let size = self.people.size[entry];
        self.no_longer_held(entry);
        self.queued_after_all(&held, place);
        self.gave_up(entry, place, self.now - held.since);
        self.let_in(place);
        self.release(entry, size, held.from as usize, held.server);
    }

    /// Whoever is still held when nothing more happens stays so: rooms that wait for each other in a circle.
    pub(super) fn give_over_held(&mut self, place: usize) {
        while let Some(held) = self.at.desks[place].held.pop_front() {
            let entry = held.entry as usize;
            self.no_longer_held(entry);
            self.queued_after_all(&held, place);
            self.gone(entry, place, self.now - held.since);
        }
    }

    fn no_longer_held(&mut self, entry: usize) {
        self.at.persons[entry].waits = Waits::NOWHERE;
        self.waiting -= u64::from(self.people.size[entry]);
    }

    /// Whoever looks on has not been told yet that a held person waits for this desk.
    fn queued_after_all(&mut self, held: &Held, place: usize) {
        let (entry, since): (usize, Ticks) = (held.entry as usize, held.since);
        let desk = &self.at.desks[place];
        self.probe.queued(since, entry, self.people.size[entry], desk.station, desk.lane);
    }
}
