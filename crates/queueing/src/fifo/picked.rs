//! A queue from which not always the first is next: priority, or a crowd without order. What the station does depends on
//! no other, so that an agenda of its own servers is enough; in everything else it does as the event engine does.

use super::{Site, Timed, Verdict};
use crate::{
    event::{
        self,
        agenda::{Agenda, Event, Key, Kind},
        desk::Desk,
    },
    model::Model,
    probe::Probe,
    profile::Run,
};
use chance::{Cause, Ticks};

/// Whoever does not wait has been waiting since then.
const NOT: Ticks = Ticks::MIN;

/// Room for one queue. Reused from one to the next.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    desk: Desk,
    agenda: Agenda,
    /// Since when each person waits.
    since: Vec<Ticks>,
    /// When each person who waits gives up, where that happens.
    deadline: Vec<Ticks>,
    /// By class: which of the desk's queues.
    queue_of: Vec<u8>,
    queues: usize,
}

impl Workspace {
    /// Makes ready for a replication.
    pub(super) fn begin(&mut self, model: &Model, people: usize) {
        self.queue_of.clear();
        self.queue_of.extend(model.queues());
        self.queues = event::queues(&self.queue_of);
        self.since.clear();
        self.since.resize(people, NOT);
        self.deadline.clear();
        self.deadline.resize(if model.patience.is_some() { people } else { 0 }, 0);
    }

    /// Whether some are served before others.
    pub(super) fn by_priority(&self) -> bool {
        self.queues > 1
    }
}

/// One desk while it is served.
struct Picking<'a, 'b, P> {
    site: &'a mut Site<'b, P>,
    run: &'a mut Run,
    at: &'a mut Workspace,
    number: usize,
    now: Ticks,
}

impl<P: Probe> Site<'_, P> {
    pub(super) fn serve_picked(
        &mut self,
        number: usize,
        queue: &[Timed],
        calendar: &[(Ticks, u32)],
        workspace: &mut Workspace,
        run: &mut Run,
    ) {
        workspace.desk.begin(self.station, number, workspace.queues, &self.model.stations[self.station]);
        workspace.agenda.clear();
        for (change, &(time, _)) in calendar.iter().enumerate() {
            workspace.agenda.later(Event::new(time, Kind::Staff, self.station as u32, change as u32, 0));
        }
        if let Some(closes) = self.model.closes {
            workspace.agenda.later(Event::new(closes, Kind::Close, 0, 0, 0));
        }
        let mut picking = Picking { site: self, run, at: workspace, number, now: Ticks::MIN };
        for &(at, entry) in queue {
            // At equal times who comes from another station is before who comes from outside.
            let kind = if picking.site.is_first(entry as usize) { Kind::Arrival } else { Kind::Departure };
            picking.happen_before(Key::new(at, kind, entry), calendar);
            picking.now = at;
            picking.join(entry as usize);
        }
        picking.happen_before(Key::NEVER, calendar);
        assert_eq!(
            picking.at.desk.waiting, 0,
            "whoever waits is served, or turned away when the calendar ends"
        );
    }
}

impl<P: Probe> Picking<'_, '_, P> {
    #[inline]
    fn happen_before(&mut self, limit: Key, calendar: &[(Ticks, u32)]) {
        while let Some(event) = self.at.agenda.next_before(limit) {
            self.now = event.at();
            let entry = event.entry();
            match event.kind() {
                Kind::Departure => {
                    let size = self.site.people.size[entry];
                    self.site.emit(self.number, self.now, entry as u32);
                    self.release(entry, size, event.server);
                }
                Kind::Back => self.free(event.server),
                Kind::Staff => self.staff(event.desk as usize, calendar),
                Kind::Close => {
                    let station = self.site.station;
                    self.turn_away(|site, entry| site.people.is_first(entry, station));
                }
                Kind::GiveUp => self.give_up(entry),
                Kind::Arrival => unreachable!("arrivals are not on the agenda"),
            }
        }
    }

    #[inline]
    fn join(&mut self, entry: usize) {
        let late = self.site.model.closes.is_some_and(|closes| self.now > closes);
        if self.at.desk.over || late && self.site.is_first(entry) {
            self.site.dismiss(self.number, self.now, entry, Verdict::TurnedAway(self.now), self.run);
        } else if let Some(server) = self.at.desk.idle.pop_front() {
            self.start(entry, server, self.now);
        } else {
            let size = self.site.people.size[entry];
            self.at.since[entry] = self.now;
            self.run.joined(self.now, size);
            self.at.desk.waiting += u32::from(size);
            self.at.desk.push(self.at.queue_of[self.site.people.visits[entry].class as usize], entry as u32);
            if self.site.model.patience.is_some() {
                let patience =
                    self.site.people.patience(self.site.model, self.site.chance, entry, self.site.station);
                let deadline = self.now.saturating_add(patience);
                self.at.deadline[entry] = deadline;
                self.at.agenda.later(Event::new(deadline, Kind::GiveUp, entry as u32, 0, 0));
            }
        }
    }

    #[inline]
    fn start(&mut self, entry: usize, server: u32, since: Ticks) {
        let size = self.site.people.size[entry];
        let Site { people, tally, model, station, .. } = &mut *self.site;
        tally.started(model, people, entry, *station, self.now - since);
        self.site.probe.started(self.now, entry, size, self.site.station, self.number, 0);
        let service = self.site.people.service(self.site.model, self.site.chance, entry, self.site.station);
        self.site.tally.stations[self.site.station].busy += service;
        self.at.agenda.soon(Event::new(self.now + service, Kind::Departure, entry as u32, 0, server));
    }

    /// The server of a person who went on takes a pause, if one is due, or is free.
    #[inline]
    fn release(&mut self, entry: usize, size: u8, server: u32) {
        if let Some(pause) = self.site.model.stations[self.site.station].changeover {
            let since_pause = &mut self.at.desk.since_pause[server as usize];
            *since_pause += u32::from(size);
            if *since_pause >= pause.every {
                *since_pause = 0;
                self.site.tally.stations[self.site.station].busy += pause.away;
                self.at.agenda.soon(Event::new(self.now + pause.away, Kind::Back, entry as u32, 0, server));
                return;
            }
        }
        self.free(server);
    }

    /// A server is free: goes off duty, or takes the next, or idles.
    #[inline]
    fn free(&mut self, server: u32) {
        let desk = &mut self.at.desk;
        if let Some(due) = desk.leaves(server) {
            self.site.tally.stations[self.site.station].overtime += self.now - due;
            return;
        }
        let place = self.site.offsets[self.site.station] + self.number;
        let (since, chance) = (&mut self.at.since, self.site.chance);
        let next = desk.pop(
            |entry| since[entry as usize] != NOT,
            |number| chance.word(Cause::Scrum, number, place as u32),
        );
        match next {
            Some(entry) => {
                let entry = entry as usize;
                let since = self.stop_waiting(entry);
                self.start(entry, server, since);
            }
            None => desk.idle.push_back(server),
        }
    }

    /// Returns since when the person waited.
    #[inline]
    fn stop_waiting(&mut self, entry: usize) -> Ticks {
        let size = self.site.people.size[entry];
        self.at.desk.waiting -= u32::from(size);
        self.run.gone(self.now, size);
        std::mem::replace(&mut self.at.since[entry], NOT)
    }

    /// A calendar's change comes due.
    fn staff(&mut self, change: usize, calendar: &[(Ticks, u32)]) {
        let wanted = calendar[change].1;
        while self.at.desk.on_duty > wanted {
            self.at.desk.on_duty -= 1;
            self.at.desk.dismiss(self.now, change as u32);
        }
        while self.at.desk.on_duty < wanted {
            self.at.desk.on_duty += 1;
            let server = self.at.desk.hire(change as u32);
            self.free(server);
        }
        if change + 1 == calendar.len() && wanted == 0 {
            self.at.desk.over = true;
            self.turn_away(|_, _| true);
        }
    }

    /// Those who wait and of whom it is asked are turned away.
    fn turn_away(&mut self, whom: impl Fn(&Site<'_, P>, usize) -> bool) {
        let waiting = self.at.desk.everyone().map(|entry| entry as usize);
        let away: Vec<usize> =
            waiting.filter(|&entry| self.at.since[entry] != NOT && whom(self.site, entry)).collect();
        for entry in away {
            let since = self.stop_waiting(entry);
            let mut counted = Run::default();
            let verdict = Verdict::TurnedAway(self.now);
            self.site.dismiss(self.number, since, entry, verdict, &mut counted);
        }
    }

    /// Someone's patience ends, unless the person has been served since.
    fn give_up(&mut self, entry: usize) {
        if self.at.since[entry] != NOT && self.at.deadline[entry] == self.now {
            let since = self.stop_waiting(entry);
            let mut counted = Run::default();
            self.site.dismiss(self.number, since, entry, Verdict::GivesUp(self.now), &mut counted);
        }
    }
}
