//! Servers: free, on a pause, coming on duty and going off.

use super::{
    Site, Waits,
    agenda::{Event, Kind},
    desk,
};
use crate::{model::Servers, probe::Probe};
use chance::Cause;

impl<P: Probe> Site<'_, P> {
    /// The server of a person who went on takes a pause, if one is due, or is free.
    #[inline(always)]
    pub(super) fn release(&mut self, entry: usize, size: u8, place: usize, server: u32) {
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

    /// A server is free: goes off duty, or takes the next, or idles.
    #[inline]
    pub(super) fn free(&mut self, place: usize, server: u32) {
        let desk = &mut self.at.desks[place];
        if let Some(due) = desk.leaves(server) {
            self.tally.stations[desk.station].overtime += self.now - due;
            return;
        }
        match self.take_next(place) {
            Some(entry) => {
                let entry = entry as usize;
                let wait = self.now - self.at.persons[entry].since;
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
        let persons = &mut self.at.persons;
        let here = Waits::at(place);
        let chance = self.chance;
        let taken = desk.pop(
            |entry| persons[entry as usize].waits == here,
            |number| chance.word(Cause::Scrum, number, place as u32),
        )?;
        persons[taken as usize].waits = Waits::NOWHERE;
        let size = self.people.size[taken as usize];
        desk.waiting -= u32::from(size);
        self.waiting -= u64::from(size);
        Some(taken)
    }

    /// A calendar's change comes due at every desk of the station.
    pub(super) fn staff(&mut self, station: usize, change: usize) {
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
                self.turn_away(place, |_, _| true);
            }
        }
    }
}
