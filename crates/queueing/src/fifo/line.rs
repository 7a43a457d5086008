//! One queue before a constant number of servers: the engine's innermost loop.

use super::{NOBODY, Site, Timed, Verdict};
use crate::{model::Walk, probe::Probe, profile::Run};
use chance::Ticks;

/// So many people are looked at together: few enough that all that is known of them stays in the nearest cache.
const TOGETHER: usize = 512;

/// Room for one queue. Reused from one to the next.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    free: Vec<Timed>,
    services: Vec<Ticks>,
    starts: Vec<Ticks>,
    /// Departures in their order; nobody departs from a server without a customer yet.
    gone: Vec<Timed>,
}

/// Server-free times with the person whose departure makes the server free, sorted.
trait Free: AsRef<[Timed]> {
    /// Takes out the first, puts in another.
    fn replace_first(&mut self, by: Timed);
}

impl<const SERVERS: usize> Free for [Timed; SERVERS] {
    /// Without branches, because chance would mislead them.
    #[inline(always)]
    fn replace_first(&mut self, by: Timed) {
        let mut by = by;
        for place in 1..SERVERS {
            let next = self[place];
            let later = (next.0 < by.0) | ((next.0 == by.0) & (next.1 < by.1));
            self[place - 1] = if later { next } else { by };
            by = if later { by } else { next };
        }
        self[SERVERS - 1] = by;
    }
}

impl Free for &mut Vec<Timed> {
    #[inline(always)]
    fn replace_first(&mut self, by: Timed) {
        let mut place = 1;
        while place < self.len() && self[place] < by {
            self[place - 1] = self[place];
            place += 1;
        }
        self[place - 1] = by;
    }
}

impl<P: Probe> Site<'_, P> {
    /// The same number of servers all day, no pauses.
    pub(super) fn serve_constant(
        &mut self,
        desk: usize,
        queue: &[Timed],
        (from, servers): (Ticks, u32),
        workspace: &mut Workspace,
        run: &mut Run,
    ) {
        let first = (from, NOBODY);
        match servers {
            1 => self.serve_line(desk, queue, [first; 1], workspace, run),
            2 => self.serve_line(desk, queue, [first; 2], workspace, run),
            3 => self.serve_line(desk, queue, [first; 3], workspace, run),
            4 => self.serve_line(desk, queue, [first; 4], workspace, run),
            servers => {
                let mut free = std::mem::take(&mut workspace.free);
                free.clear();
                free.resize(servers as usize, first);
                self.serve_line(desk, queue, &mut free, workspace, run);
                workspace.free = free;
            }
        }
    }

    #[inline(never)]
    fn serve_line(
        &mut self,
        desk: usize,
        queue: &[Timed],
        mut free: impl Free,
        workspace: &mut Workspace,
        run: &mut Run,
    ) {
        let alike = self.model.patience.is_none() && self.model.closes.is_none() && !self.people.parties;
        let mut unbegun = free.as_ref().len();
        for people in queue.chunks(TOGETHER) {
            workspace.gone.clear();
            if alike {
                self.serve_alike(desk, people, &mut free, workspace, run);
            } else {
                self.serve_each(desk, people, &mut free, workspace, run);
            }
            self.emit_begun(desk, &workspace.gone, &mut unbegun);
        }
        self.emit_begun(desk, free.as_ref(), &mut unbegun);
    }

    /// Single people who all wait until they are served.
    #[inline(always)]
    fn serve_alike(
        &mut self,
        desk: usize,
        queue: &[Timed],
        free: &mut impl Free,
        Workspace { services, starts, gone, .. }: &mut Workspace,
        run: &mut Run,
    ) {
        services.clear();
        self.people.services(self.model, self.chance, self.station, queue, services);
        self.tally.stations[self.station].busy += services.iter().sum::<Ticks>();
        starts.resize(queue.len(), 0);
        gone.resize(queue.len(), (0, NOBODY));
        let out = starts.iter_mut().zip(gone.iter_mut());
        for ((&(arrival, entry), &service), (start, gone)) in queue.iter().zip(&*services).zip(out) {
            *gone = free.as_ref()[0];
            *start = arrival.max(gone.0);
            free.replace_first((*start + service, entry));
        }
        self.record(desk, queue, starts, run);
    }

    /// Parties, and people who may give up or come too late.
    #[inline(always)]
    fn serve_each(
        &mut self,
        desk: usize,
        queue: &[Timed],
        free: &mut impl Free,
        workspace: &mut Workspace,
        run: &mut Run,
    ) {
        for &(arrival, entry) in queue {
            let first = free.as_ref()[0];
            let start = arrival.max(first.0);
            match self.verdict(entry as usize, arrival, Some(start), Ticks::MAX) {
                Verdict::Starts => {
                    let end = start + self.start(desk, arrival, start, entry as usize, run);
                    workspace.gone.push(first);
                    free.replace_first((end, entry));
                }
                other => self.dismiss(desk, arrival, entry as usize, other, run),
            }
        }
    }

    /// Sends on those who are somebody; `unbegun` servers still have had no customer.
    fn emit_begun(&mut self, desk: usize, gone: &[Timed], unbegun: &mut usize) {
        let mut gone = gone;
        while *unbegun > 0
            && let Some(place) = gone.iter().position(|&(_, entry)| entry == NOBODY)
        {
            self.emit_all(desk, &gone[..place]);
            gone = &gone[place + 1..];
            *unbegun -= 1;
        }
        self.emit_all(desk, gone);
    }

    /// Records when single people started.
    fn record(&mut self, desk: usize, queue: &[Timed], starts: &[Ticks], run: &mut Run) {
        for (&(_, entry), &start) in queue.iter().zip(starts) {
            self.probe.started(start, entry as usize, 1, self.station, desk, 0);
        }
        run.waited_all(queue.iter().zip(starts).map(|(&(arrival, _), &start)| (arrival, start)));
        self.tally.all_started(self.model, self.people, self.station, queue, starts);
    }

    /// Sends everyone on whose service at the current station ended, in the order of time.
    fn emit_all(&mut self, desk: usize, gone: &[Timed]) {
        if gone.is_empty() {
            return;
        }
        let station = &self.model.stations[self.station];
        let way = self.people.ways.common(self.station).filter(|_| !self.people.parties);
        // Where lanes part, each person's own lane counts.
        let way = way.filter(|to| to.is_none_or(|to| !station.shared || self.model.desks(to) == 1));
        let way = way.filter(|_| matches!(station.walk, Walk::Constant(_)));
        let Some(to) = way else {
            gone.iter().for_each(|&(end, entry)| self.emit(desk, end, entry));
            return;
        };
        for &(end, entry) in gone {
            self.probe.ended(end, entry as usize, 1, self.station, desk, 0);
        }
        let delay = self.delay(to);
        match to {
            None => {
                for &(end, entry) in gone {
                    self.probe.departed(end + delay, entry as usize, 1);
                }
                self.tally.all_departed(self.model, self.people, gone, delay);
            }
            Some(to) => {
                let lane = if self.model.stations[to].shared { 0 } else { desk };
                let come = gone.iter().map(|&(end, entry)| (end + delay, entry));
                for (at, entry) in come.clone() {
                    self.probe.queued(at, entry as usize, 1, to, lane);
                }
                self.stream(to, lane, self.offsets[self.station] + desk).extend(come);
            }
        }
    }
}
