//! Who is never served: those whose patience ends, whom closing keeps out, for whom no server will come.

use super::{
    Site, Waits,
    agenda::{Event, Kind},
};
use crate::{people::People, probe::Probe};
use chance::Ticks;

impl<P: Probe> Site<'_, P> {
    /// Sets when someone who waits for a desk since `since` gives up.
    pub(super) fn lose_patience(&mut self, entry: usize, place: usize, since: Ticks) {
        let station = self.at.desks[place].station;
        let patience = self.people.patience(self.model, self.chance, entry, station);
        // Who was held on the way may have waited long enough on coming in.
        let deadline = since.saturating_add(patience).max(self.now);
        self.at.deadline[entry] = deadline;
        self.at.agenda.later(Event::new(deadline, Kind::GiveUp, entry as u32, place as u32, 0));
    }

    /// Someone's patience ends, unless the person has been served since, or has come again later.
    pub(super) fn give_up(&mut self, entry: usize, place: usize) {
        let waits = self.at.persons[entry].waits;
        if self.at.deadline[entry] != self.now {
            return;
        }
        if waits == Waits::held_by(place) {
            self.give_up_held(entry, place);
        } else if waits == Waits::at(place) {
            self.stop_waiting(entry, place);
            self.gave_up(entry, place, self.now - self.at.persons[entry].since);
            self.let_in(place);
        }
    }

    /// No first service starts any more.
    pub(super) fn close(&mut self) {
        for place in 0..self.at.desks.len() {
            let station = self.at.desks[place].station;
            self.turn_away(place, |people, entry| people.is_first(entry, station));
        }
    }

    /// Turns away those who wait in a desk's queue and of whom it is asked.
    pub(super) fn turn_away(&mut self, place: usize, whom: impl Fn(&People, usize) -> bool) {
        self.send_away(place, whom);
        self.let_in(place);
    }

    /// Nothing more happens: whoever still waits can never be served.
    pub(super) fn give_over(&mut self) {
        for place in 0..self.at.desks.len() {
            self.send_away(place, |_, _| true);
            self.give_over_held(place);
        }
    }

    fn send_away(&mut self, place: usize, whom: impl Fn(&People, usize) -> bool) {
        let here = Waits::at(place);
        let waiting = self.at.desks[place].everyone().map(|entry| entry as usize);
        let away: Vec<usize> = waiting
            .filter(|&entry| self.at.persons[entry].waits == here && whom(self.people, entry))
            .collect();
        for entry in away {
            self.stop_waiting(entry, place);
            self.gone(entry, place, self.now - self.at.persons[entry].since);
        }
    }

    fn stop_waiting(&mut self, entry: usize, place: usize) {
        let size = self.people.size[entry];
        self.at.persons[entry].waits = Waits::NOWHERE;
        self.at.desks[place].waiting -= u32::from(size);
        self.waiting -= u64::from(size);
    }

    pub(super) fn gave_up(&mut self, entry: usize, place: usize, wait: Ticks) {
        let desk = &self.at.desks[place];
        let size = self.people.size[entry];
        self.probe.gave_up(self.now, entry, size, desk.station, desk.lane);
        self.tally.gave_up(self.people, entry, wait);
        self.at.lane_people[self.at.persons[entry].lane as usize] -= u32::from(size);
    }

    /// Someone goes home without having been served.
    pub(super) fn gone(&mut self, entry: usize, place: usize, wait: Ticks) {
        let desk = &self.at.desks[place];
        let size = self.people.size[entry];
        self.probe.turned_away(self.now, entry, size, desk.station, desk.lane);
        self.tally.turned_away(self.people, entry, wait);
        self.at.lane_people[self.at.persons[entry].lane as usize] -= u32::from(size);
    }
}
