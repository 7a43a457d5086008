//! Calendars and changeovers: a server's free time is then not always its last departure, so there are two sorted
//! arrays, of those who will be free and of those who will depart.

use super::{Site, Timed, Verdict};
use crate::{probe::Probe, profile::Run};
use chance::Ticks;

/// Why a server is free at a time; at equal times in this order, as in the event engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Freed {
    Departure,
    Back,
    Duty,
    Arrival,
}

/// When something happens: time, cause, and the person's order of entry.
type Moment = (Ticks, Freed, u32);

#[derive(Clone, Copy, Debug)]
struct Server {
    free: Moment,
    /// People since the last pause.
    since_pause: u32,
}

#[derive(Clone, Copy, Debug)]
struct Departing {
    key: Moment,
    end: Ticks,
    entry: u32,
}

#[derive(Debug, Default)]
pub(super) struct Workspace {
    free: Vec<Server>,
    departing: Vec<Departing>,
}

impl<P: Probe> Site<'_, P> {
    pub(super) fn serve_general(
        &mut self,
        desk: usize,
        queue: &[Timed],
        calendar: &[(Ticks, u32)],
        workspace: &mut Workspace,
        run: &mut Run,
    ) {
        let Workspace { free, departing } = workspace;
        free.clear();
        departing.clear();
        let mut changes = calendar.iter().copied().peekable();
        let last_change = calendar.last().map_or(Ticks::MIN, |change| change.0);
        let changeover = self.model.stations[self.station].changeover;
        for &(arrival, entry) in queue {
            let first = self.is_first(entry as usize);
            while let Some(&(at, servers)) = changes.peek() {
                let freed = free.first().map_or(Ticks::MAX, |server| server.free.0);
                // A staff change comes before an arrival of the same tick from outside, after one from another station.
                if !(at < arrival || at < freed || first && at == arrival) {
                    break;
                }
                changes.next();
                self.tally.stations[self.station].overtime += staff(free, at, servers);
            }
            let start = free.first().map(|server| arrival.max(server.free.0));
            match self.verdict(entry as usize, arrival, start, last_change) {
                Verdict::Starts => {}
                other => {
                    self.dismiss(desk, arrival, entry as usize, other, run);
                    continue;
                }
            }
            let mut server = free.remove(0);
            let start = arrival.max(server.free.0);
            let came = (arrival, if first { Freed::Arrival } else { Freed::Departure }, entry);
            let trigger = came.max(server.free);
            let gone = departing.partition_point(|departure| departure.key <= trigger);
            for Departing { end, entry, .. } in departing.drain(..gone) {
                self.emit(desk, end, entry);
            }
            let end = start + self.start(desk, arrival, start, entry as usize, run);
            // A service of no length ends in the tick in which it began, and yet after whatever let it begin.
            let departure = Departing { key: (end, Freed::Departure, entry).max(trigger), end, entry };
            let place = departing.partition_point(|before| before.key <= departure.key);
            departing.insert(place, departure);
            server.free = departure.key;
            server.since_pause += u32::from(self.people.size[entry as usize]);
            if let Some(pause) = changeover.filter(|pause| server.since_pause >= pause.every) {
                server.since_pause = 0;
                server.free = (end + pause.away, Freed::Back, entry).max(departure.key);
                self.tally.stations[self.station].busy += pause.away;
            }
            let place = free.partition_point(|before| before.free <= server.free);
            free.insert(place, server);
        }
        for (at, servers) in changes {
            self.tally.stations[self.station].overtime += staff(free, at, servers);
        }
        for Departing { end, entry, .. } in departing.drain(..) {
            self.emit(desk, end, entry);
        }
    }
}

/// Changes the number of servers: who is idle longest leaves first, then the first to finish. Returns their overtime.
fn staff(free: &mut Vec<Server>, at: Ticks, servers: u32) -> Ticks {
    let servers = servers as usize;
    let leaving = free.len().saturating_sub(servers);
    let overtime = free.drain(..leaving).map(|server| (server.free.0 - at).max(0)).sum();
    while free.len() < servers {
        let fresh = Server { free: (at, Freed::Duty, 0), since_pause: 0 };
        let place = free.partition_point(|before| before.free <= fresh.free);
        free.insert(place, fresh);
    }
    overtime
}
