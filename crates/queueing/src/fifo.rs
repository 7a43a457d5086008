//! The FIFO engine: a station is its sorted array of server-free times. An arrival takes the smallest, starts at the
//! later of the two, and puts back its end. The values taken out are the station's departures in the order of time,
//! so they are the next station's arrivals as they stand: no agenda, no sort.
//!
//! Ties are decided as the event engine decides them: at equal times departures, then staff changes, then arrivals;
//! departures among themselves by the order in which the people entered the site.

mod general;
mod line;
mod picked;

use crate::{
    model::{Model, Servers, Walk},
    people::People,
    probe::Probe,
    profile::Run,
    tally::Tally,
};
use chance::{Cause, Chance, Ticks};

/// A person in a stream, by time and then by order of entry.
type Timed = (Ticks, u32);

/// A server without a customer yet.
const NOBODY: u32 = u32::MAX;

/// Whether this build has what is quicker and heavier; a page has not.
pub(crate) const QUICK: bool = cfg!(feature = "abreast");

/// The source of those who arrive.
const OUTSIDE: usize = usize::MAX;

/// Room for the streams between stations. Reused from one replication to the next.
#[derive(Debug, Default)]
pub struct Streams {
    queues: Vec<Stream>,
    ends: Vec<Timed>,
    line: line::Workspace,
    general: general::Workspace,
    picked: picked::Workspace,
}

#[derive(Debug, Default)]
struct Stream {
    people: Vec<Timed>,
    /// Whether it was fed from more than one place, or out of order.
    merged: bool,
    source: Option<usize>,
}

/// Runs one replication. The model must be one for which [`Model::engine`] says so, or whose stations stand
/// [apart](Model::stations_apart) on a day on which [every service takes time](services_take_time).
pub fn run<P: Probe>(
    model: &Model,
    people: &mut People,
    chance: &Chance,
    number: u32,
    tally: &mut Tally,
    streams: &mut Streams,
    probe: &mut P,
) {
    people.begin(model, chance);
    tally.begin();
    let offsets: Vec<usize> = model
        .stations
        .iter()
        .enumerate()
        .scan(0, |sum, (place, _)| {
            let offset = *sum;
            *sum += model.desks(place);
            Some(offset)
        })
        .collect();
    let desks = offsets.last().map_or(0, |last| last + model.desks(offsets.len() - 1));
    streams.queues.resize_with(desks.max(streams.queues.len()), Stream::default);
    for queue in &mut streams.queues {
        queue.people.clear();
        (queue.merged, queue.source) = (false, None);
    }
    let Streams { queues, ends, line, general, picked } = streams;
    picked.begin(model, people.visits.len());
    let mut site = Site { model, people, chance, tally, probe, offsets, streams: queues, station: 0 };
    site.admit();
    for station in 0..model.stations.len() {
        for desk in 0..model.desks(station) {
            site.serve(station, desk, ends, line, general, picked);
        }
    }
    let crowding = site.tally.profile.crowding(model.room);
    tally.end(model, people, number, crowding);
}

/// Whether every service of these people takes some time. Services of no length chain several events into one tick,
/// and where some people are served before others only an agenda of the whole site puts such chains in order.
pub fn services_take_time(model: &Model, people: &mut People, chance: &Chance) -> bool {
    let slow = model.classes.iter().all(|class| class.factor >= 1 << 16);
    if slow && model.stations.iter().all(|station| station.service.min_ticks() > 0) {
        return true;
    }
    people.begin(model, chance);
    let people = &*people;
    (0..people.visits.len()).all(|entry| {
        (0..model.stations.len()).all(|station| people.service(model, chance, entry, station) > 0)
    })
}

struct Site<'a, P> {
    model: &'a Model,
    people: &'a mut People,
    chance: &'a Chance,
    tally: &'a mut Tally,
    probe: &'a mut P,
    /// Place of each station's first desk among the streams.
    offsets: Vec<usize>,
    streams: &'a mut [Stream],
    station: usize,
}

/// What waiting comes to.
enum Verdict {
    Starts,
    GivesUp(Ticks),
    TurnedAway(Ticks),
}

impl<P: Probe> Site<'_, P> {
    /// Everyone arrives.
    fn admit(&mut self) {
        let common = self.people.ways.common_entry().filter(|_| !self.people.parties);
        if let Some(to) = common {
            let shared = self.model.stations[to].shared;
            let first = self.offsets[to];
            for (entry, visit) in self.people.visits.iter().enumerate() {
                let lane = visit.lane as usize;
                let desk = if shared { 0 } else { lane };
                self.probe.arrived(visit.at, entry, lane);
                self.probe.queued(visit.at, entry, 1, to, desk);
                self.streams[first + desk].people.push((visit.at, entry as u32));
            }
            for stream in &mut self.streams[first..first + self.model.desks(to)] {
                stream.source = Some(OUTSIDE);
            }
            return;
        }
        for entry in 0..self.people.visits.len() {
            let visit = self.people.visits[entry];
            self.probe.arrived(visit.at, entry, visit.lane as usize);
            if visit.party > 0 {
                let first = self.people.ways.entry(visit.class);
                self.pass_on(entry, visit.at, first, OUTSIDE);
            }
        }
    }

    /// Brings a person, or all of a party, to the queue of a station, or home.
    #[inline]
    fn pass_on(&mut self, entry: usize, at: Ticks, to: Option<usize>, source: usize) {
        let Some(to) = to else {
            self.probe.departed(at, entry, self.people.size[entry]);
            self.tally.departed(self.model, self.people, entry, at);
            return;
        };
        let station = &self.model.stations[to];
        let lane = if station.shared { 0 } else { self.people.visits[entry].lane as usize };
        let members = if station.party { 1 } else { self.people.part(entry) };
        for member in entry..entry + members {
            self.probe.queued(at, member, self.people.size[member], to, lane);
            self.stream(to, lane, source).push((at, member as u32));
        }
    }

    /// The stream to a station, to be added to from this source.
    #[inline]
    fn stream(&mut self, to: usize, lane: usize, source: usize) -> &mut Vec<Timed> {
        let stream = &mut self.streams[self.offsets[to] + lane];
        stream.merged |= stream.source.is_some_and(|other| other != source);
        stream.source = Some(source);
        &mut stream.people
    }

    /// Ticks from a service at the current station to the next queue, or home.
    #[inline]
    fn delay(&self, to: Option<usize>) -> Ticks {
        let station = &self.model.stations[self.station];
        match (to, &station.walk) {
            (Some(_), Walk::Constant(walk)) => station.observe + walk,
            _ => station.observe,
        }
    }

    /// Sends a person on whose service at the current station ended.
    #[inline]
    fn emit(&mut self, desk: usize, at: Ticks, entry: u32) {
        let entry = entry as usize;
        self.probe.ended(at, entry, self.people.size[entry], self.station, desk, 0);
        let to = self.people.next(self.model, self.chance, entry, self.station);
        let mut delay = self.delay(to);
        if let (Some(_), Walk::Random(walk)) = (to, &self.model.stations[self.station].walk) {
            let index = self.people.draw_index(entry, self.station);
            delay += walk.draw(self.chance.word(Cause::Walk, self.people.visits[entry].key, index)).max(0);
        }
        self.pass_on(entry, at + delay, to, self.offsets[self.station] + desk);
    }

    fn serve(
        &mut self,
        station: usize,
        desk: usize,
        ends: &mut Vec<Timed>,
        line: &mut line::Workspace,
        general: &mut general::Workspace,
        picked: &mut picked::Workspace,
    ) {
        self.station = station;
        let place = self.offsets[station] + desk;
        let mut queue = std::mem::take(&mut self.streams[place].people);
        if self.streams[place].merged || self.delays_before(station) {
            queue.sort();
        }
        let not_the_first = QUICK && (picked.by_priority() || self.model.stations[station].scrum);
        if not_the_first && self.streams[place].merged {
            // At equal times who comes from another station is before who comes from outside.
            queue.sort_by_key(|&(at, entry)| (at, self.is_first(entry as usize)));
        }
        let mut run = std::mem::take(self.tally.profile.run());
        let at = &self.model.stations[station];
        match &at.servers {
            Servers::Unlimited => self.serve_unlimited(desk, &queue, ends),
            Servers::Calendar(calendar) if not_the_first => {
                self.serve_picked(desk, &queue, calendar, picked, &mut run);
            }
            Servers::Calendar(calendar)
                if calendar.len() == 1 && calendar[0].1 > 0 && at.changeover.is_none() =>
            {
                self.serve_constant(desk, &queue, calendar[0], line, &mut run);
            }
            Servers::Calendar(calendar) => self.serve_general(desk, &queue, calendar, general, &mut run),
        }
        self.tally.profile.put_back(run);
        queue.clear();
        self.streams[place].people = queue;
    }

    /// Whether people reach this station some time after a departure: ties are then by order of entry alone.
    fn delays_before(&self, station: usize) -> bool {
        self.model.stations[..station]
            .iter()
            .any(|before| before.observe > 0 || !matches!(before.walk, Walk::Constant(0)))
    }

    /// Nobody ever waits.
    fn serve_unlimited(&mut self, desk: usize, queue: &[Timed], ends: &mut Vec<Timed>) {
        ends.clear();
        let mut no_run = Run::default();
        for &(arrival, entry) in queue {
            match self.verdict(entry as usize, arrival, Some(arrival), Ticks::MAX) {
                Verdict::Starts => {
                    let end = arrival + self.start(desk, arrival, arrival, entry as usize, &mut no_run);
                    ends.push((end, entry));
                }
                other => self.dismiss(desk, arrival, entry as usize, other, &mut no_run),
            }
        }
        ends.sort_unstable();
        for &(end, entry) in ends.iter() {
            self.emit(desk, end, entry);
        }
    }

    /// Records the start of a service and returns its length.
    #[inline]
    fn start(&mut self, desk: usize, arrival: Ticks, start: Ticks, entry: usize, run: &mut Run) -> Ticks {
        let size = self.people.size[entry];
        self.probe.started(start, entry, size, self.station, desk, 0);
        self.tally.started(self.model, self.people, entry, self.station, start - arrival);
        run.waited(arrival, start, size);
        let service = self.people.service(self.model, self.chance, entry, self.station);
        self.tally.stations[self.station].busy += service;
        service
    }

    /// Whether a person who could start at `start` (`None`: never, known from `known` on) still does.
    #[inline]
    fn verdict(&self, entry: usize, arrival: Ticks, start: Option<Ticks>, known: Ticks) -> Verdict {
        let closes = match self.model.closes {
            Some(closes) if self.is_first(entry) => closes,
            _ => Ticks::MAX,
        };
        let (until, outcome) = match start {
            Some(start) if start <= closes => (start, Verdict::Starts),
            Some(_) => (arrival.max(closes), Verdict::TurnedAway(arrival.max(closes))),
            None => (arrival.max(closes.min(known)), Verdict::TurnedAway(arrival.max(closes.min(known)))),
        };
        if until > arrival && self.model.patience.is_some() {
            let patience = self.people.patience(self.model, self.chance, entry, self.station);
            if patience < until - arrival {
                return Verdict::GivesUp(arrival + patience);
            }
        }
        outcome
    }

    /// Whether the current station is the first that this person is to be served at.
    #[inline]
    fn is_first(&self, entry: usize) -> bool {
        self.people.is_first(entry, self.station)
    }

    /// Records that a person leaves without being served.
    fn dismiss(&mut self, desk: usize, arrival: Ticks, entry: usize, verdict: Verdict, run: &mut Run) {
        let size = self.people.size[entry];
        let at = match verdict {
            Verdict::Starts => return,
            Verdict::GivesUp(at) => {
                self.probe.gave_up(at, entry, size, self.station, desk);
                self.tally.gave_up(self.people, entry, at - arrival);
                at
            }
            Verdict::TurnedAway(at) => {
                self.probe.turned_away(at, entry, size, self.station, desk);
                self.tally.turned_away(self.people, entry, at - arrival);
                at
            }
        };
        run.waited(arrival, at, size);
    }
}
