//! What comes out of a replication, collected while it runs. Integers only, so that sums do not depend on order.

#[cfg(feature = "abreast")]
use crate::abreast::{Counts, Done, Times};
use crate::{
    measure::Measure,
    model::{Model, Servers},
    people::People,
    profile::{Crowding, Profile},
};
use chance::Ticks;

/// How much is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// All that a [`crate::Summary`] tells.
    Everything,
    /// Who came and was served, and the mean and the longest wait at each station. What else a summary has is empty, or not
    /// a number.
    Waits,
}

/// Statistics of many replications of one model.
#[derive(Debug)]
pub struct Tally {
    pub(crate) detail: Detail,
    pub(crate) wait: Measure,
    pub(crate) stay: Measure,
    pub(crate) watched_wait: Measure,
    pub(crate) watched_stay: Measure,
    pub(crate) class_wait: Vec<Measure>,
    pub(crate) class_stay: Vec<Measure>,
    pub(crate) class_people: Vec<u64>,
    pub(crate) stations: Vec<StationTally>,
    pub(crate) replications: Vec<ReplicationTally>,
    pub(crate) profile: Profile,
    departures: Vec<Ticks>,
    /// Whether some of the departures are not in order.
    mixed: bool,
    left: u64,
    unserved: u64,
    served: u64,
    waited: i128,
}

#[derive(Debug, Default)]
pub(crate) struct StationTally {
    pub wait: Measure,
    pub busy: Ticks,
    pub overtime: Ticks,
    pub total_busy: i128,
    pub total_staffed: i128,
}

/// What one replication gave, in people and ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ReplicationTally {
    pub number: u32,
    pub people: u64,
    pub served: u64,
    pub left: u64,
    pub unserved: u64,
    pub done_97: Option<Ticks>,
    pub queue_max: u64,
    pub beyond_room: i128,
}

impl Tally {
    /// An empty tally for a model.
    pub fn new(model: &Model) -> Tally {
        let classes = model.classes.len();
        Tally {
            detail: Detail::Everything,
            wait: Measure::default(),
            stay: Measure::default(),
            watched_wait: Measure::default(),
            watched_stay: Measure::default(),
            class_wait: vec![Measure::default(); classes],
            class_stay: vec![Measure::default(); classes],
            class_people: vec![0; classes],
            stations: model.stations.iter().map(|_| StationTally::default()).collect(),
            replications: Vec::new(),
            profile: Profile::default(),
            departures: Vec::new(),
            mixed: false,
            left: 0,
            unserved: 0,
            served: 0,
            waited: 0,
        }
    }

    /// An empty tally for a model that counts no more than this.
    pub fn of(model: &Model, detail: Detail) -> Tally {
        Tally { detail, ..Tally::new(model) }
    }

    pub(crate) fn begin(&mut self) {
        self.profile.begin();
        self.departures.clear();
        self.mixed = false;
        (self.left, self.unserved, self.served, self.waited) = (0, 0, 0, 0);
        for station in &mut self.stations {
            (station.busy, station.overtime) = (0, 0);
        }
    }

    /// A wait at a station ended in a service.
    #[inline]
    pub(crate) fn started(
        &mut self,
        model: &Model,
        people: &mut People,
        entry: usize,
        station: usize,
        wait: Ticks,
    ) {
        people.waited[entry] += wait;
        let size = people.size[entry];
        self.waited += i128::from(wait * Ticks::from(size));
        if entry >= model.warmup as usize {
            self.stations[station].wait.record(wait, size);
        }
    }

    /// The waits of single people at a station ended in services, in the order of the queue, at `starts`.
    pub(crate) fn all_started(
        &mut self,
        model: &Model,
        people: &mut People,
        station: usize,
        queue: &[(Ticks, u32)],
        starts: &[Ticks],
    ) {
        let waits = || queue.iter().zip(starts).map(|(&(arrival, entry), &start)| (start - arrival, entry));
        let mut sum = 0;
        for (wait, entry) in waits() {
            people.waited[entry as usize] += wait;
            sum += wait;
        }
        self.waited += i128::from(sum);
        let measure = &mut self.stations[station].wait;
        if model.warmup == 0 {
            measure.record_all(waits().map(|(wait, _)| wait));
        } else {
            measure.record_all(waits().filter(|&(_, entry)| entry >= model.warmup).map(|(wait, _)| wait));
        }
    }

    #[inline]
    pub(crate) fn gave_up(&mut self, people: &People, entry: usize, wait: Ticks) {
        self.left += u64::from(people.size[entry]);
        self.waited += i128::from(wait * Ticks::from(people.size[entry]));
    }

    #[inline]
    pub(crate) fn turned_away(&mut self, people: &People, entry: usize, wait: Ticks) {
        self.unserved += u64::from(people.size[entry]);
        self.waited += i128::from(wait * Ticks::from(people.size[entry]));
    }

    #[inline]
    pub(crate) fn departed(&mut self, model: &Model, people: &People, entry: usize, at: Ticks) {
        let size = people.size[entry];
        let visit = &people.visits[entry];
        self.mixed |= self.departures.last() > Some(&at);
        if size == 1 {
            self.departures.push(at);
        } else {
            self.departures.extend(std::iter::repeat_n(at, size as usize));
        }
        self.served += u64::from(size);
        if entry >= model.warmup as usize {
            let (wait, stay) = (people.waited[entry], at - visit.at);
            self.wait.record(wait, size);
            self.stay.record(stay, size);
            if model.classes.len() > 1 {
                self.class_wait[visit.class as usize].record(wait, size);
                self.class_stay[visit.class as usize].record(stay, size);
            }
            if model.classes[visit.class as usize].watched {
                self.watched_wait.record(wait, size);
                self.watched_stay.record(stay, size);
            }
        }
    }

    /// Single people left `delay` after these times, which are in order.
    pub(crate) fn all_departed(
        &mut self,
        model: &Model,
        people: &People,
        gone: &[(Ticks, u32)],
        delay: Ticks,
    ) {
        if model.classes.len() > 1 || model.classes[0].watched {
            for &(at, entry) in gone {
                self.departed(model, people, entry as usize, at + delay);
            }
            return;
        }
        self.served += gone.len() as u64;
        self.mixed |= self
            .departures
            .last()
            .is_some_and(|last| gone.first().is_some_and(|first| first.0 + delay < *last));
        self.departures.extend(gone.iter().map(|&(at, _)| at + delay));
        let counted = || gone.iter().filter(|&&(_, entry)| entry >= model.warmup);
        self.wait.record_all(counted().map(|&(_, entry)| people.waited[entry as usize]));
        self.stay.record_all(counted().map(|&(at, entry)| at + delay - people.visits[entry as usize].at));
    }

    /// Takes over a replication that was counted in a lane of a batch, with how many of each class arrived.
    #[cfg(feature = "abreast")]
    pub(crate) fn take(
        &mut self,
        model: &Model,
        (number, arrived): (u32, &[u64]),
        (counts, lane): (&Counts, usize),
        done: Done,
        crowding: Crowding,
    ) {
        let counted = |sums: &[i64]| u64::try_from(sums[lane]).expect("people are counted");
        (self.served, self.left, self.unserved) =
            (counted(&counts.served), counted(&counts.left), counted(&counts.unserved));
        self.waited = counts.waited[lane].into();
        for (people, arrived) in self.class_people.iter_mut().zip(arrived) {
            *people += arrived;
        }
        let people = arrived.iter().sum();
        if self.detail == Detail::Waits {
            for (station, waits) in self.stations.iter_mut().zip(&counts.station_waits) {
                station.wait.take(number, waits.in_lane(lane, |_| true), f64::NAN);
            }
            return self.keep(number, people, None, Crowding { waited: self.waited, ..Crowding::default() });
        }
        self.each_measure(model, counts, |measure, times, wanted| {
            measure.take(number, times.in_lane(lane, wanted), times.p95_in_lane(lane, wanted));
        });
        for (place, station) in self.stations.iter_mut().enumerate() {
            (station.busy, station.overtime) = (counts.busy[place][lane], counts.overtime[place][lane]);
        }
        self.end_stations(model, done.last);
        self.keep(number, people, done.by_97, crowding);
    }

    /// Adds how many people took how long in a batch, all of whose replications have been taken over.
    #[cfg(feature = "abreast")]
    pub(crate) fn pool(&mut self, model: &Model, counts: &Counts) {
        self.each_measure(model, counts, |measure, times, wanted| measure.pool(times.all_lanes(wanted)));
    }

    /// Calls `each(measure, times, wanted)` for everything measured in a batch: `wanted(class)` says whose times they are.
    #[cfg(feature = "abreast")]
    fn each_measure(
        &mut self,
        model: &Model,
        counts: &Counts,
        mut each: impl FnMut(&mut Measure, &Times, &dyn Fn(usize) -> bool),
    ) {
        each(&mut self.wait, &counts.wait, &|_| true);
        each(&mut self.stay, &counts.stay, &|_| true);
        if model.classes.iter().any(|class| class.watched) {
            let watched = |class: usize| model.classes[class].watched;
            each(&mut self.watched_wait, &counts.wait, &watched);
            each(&mut self.watched_stay, &counts.stay, &watched);
        }
        if model.classes.len() > 1 {
            for (class, (wait, stay)) in self.class_wait.iter_mut().zip(&mut self.class_stay).enumerate() {
                each(wait, &counts.wait, &|other| other == class);
                each(stay, &counts.stay, &|other| other == class);
            }
        }
        for (station, waits) in self.stations.iter_mut().zip(&counts.station_waits) {
            each(&mut station.wait, waits, &|_| true);
        }
    }

    /// Ends a replication with the crowding that the engine measured.
    pub(crate) fn end(&mut self, model: &Model, people: &People, number: u32, crowding: Crowding) {
        let arrived = people.count();
        if let [everyone] = self.class_people.as_mut_slice() {
            *everyone += arrived;
        } else {
            for visit in &people.visits {
                self.class_people[visit.class as usize] += u64::from(visit.party);
            }
        }
        let totals = [&mut self.wait, &mut self.stay, &mut self.watched_wait, &mut self.watched_stay];
        for measure in totals.into_iter().chain(&mut self.class_wait).chain(&mut self.class_stay) {
            measure.end_replication(number);
        }
        for station in &mut self.stations {
            station.wait.end_replication(number);
        }
        let last = self.departures.iter().copied().max().unwrap_or(0);
        self.end_stations(model, last);
        let done_97 = self.done_97();
        self.keep(number, arrived, done_97, crowding);
    }

    /// Adds up how long servers were busy and how long they were there, until the last departure.
    fn end_stations(&mut self, model: &Model, last: Ticks) {
        for (place, station) in self.stations.iter_mut().enumerate() {
            station.total_busy += i128::from(station.busy);
            if let Servers::Calendar(_) = model.stations[place].servers {
                let desks = model.desks(place) as Ticks;
                let staffed = model.stations[place].servers.staffed_until(last) * desks + station.overtime;
                station.total_staffed += i128::from(staffed);
            }
        }
    }

    fn keep(&mut self, number: u32, arrived: u64, done_97: Option<Ticks>, crowding: Crowding) {
        assert_eq!(
            arrived,
            self.served + self.left + self.unserved,
            "everyone who came was served, left or unserved"
        );
        assert_eq!(crowding.waited, self.waited, "Little's law: the queue's area is the sum of the waits");
        self.replications.push(ReplicationTally {
            number,
            people: arrived,
            served: self.served,
            left: self.left,
            unserved: self.unserved,
            done_97,
            queue_max: crowding.most,
            beyond_room: crowding.beyond_room,
        });
    }

    /// The time at which 97 % of those served have left.
    fn done_97(&mut self) -> Option<Ticks> {
        let rank = (self.departures.len() * 97).div_ceil(100);
        let place = rank.checked_sub(1)?;
        if !self.mixed {
            return Some(self.departures[place]);
        }
        Some(*self.departures.select_nth_unstable(place).1)
    }

    /// Keeps how long all people waited and stayed, and forgets all of single replications, their number included: what
    /// they said has been read. Very many days fit into memory then.
    pub fn forget_replications(&mut self) {
        self.replications = Vec::new();
        let totals = [&mut self.wait, &mut self.stay, &mut self.watched_wait, &mut self.watched_stay];
        let stations = self.stations.iter_mut().map(|station| &mut station.wait);
        let classes = self.class_wait.iter_mut().chain(&mut self.class_stay);
        totals.into_iter().chain(classes).chain(stations).for_each(Measure::forget_replications);
    }

    /// Takes over the replications of another tally of the same model.
    pub fn merge(&mut self, other: Tally) {
        self.wait.merge(other.wait);
        self.stay.merge(other.stay);
        self.watched_wait.merge(other.watched_wait);
        self.watched_stay.merge(other.watched_stay);
        for (mine, others) in self.class_wait.iter_mut().zip(other.class_wait) {
            mine.merge(others);
        }
        for (mine, others) in self.class_stay.iter_mut().zip(other.class_stay) {
            mine.merge(others);
        }
        for (mine, others) in self.class_people.iter_mut().zip(other.class_people) {
            *mine += others;
        }
        for (mine, others) in self.stations.iter_mut().zip(other.stations) {
            mine.wait.merge(others.wait);
            mine.total_busy += others.total_busy;
            mine.total_staffed += others.total_staffed;
        }
        self.replications.extend(other.replications);
    }
}
