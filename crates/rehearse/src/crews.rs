//! A day on which crews go from community to community, lived under seeds.
//!
//! Each community is one pool of lanes: as many as crews stand there, as a calendar of its stations' servers. A crew that others
//! take over from leaves when it was told to. Those who are the last of a community stay until everybody is through, so
//! what is late there makes them late where they go next: communities are lived in the order in which they are to be done, and
//! the last crews of one go only to others that are done later.

use crate::{
    Luck, Purpose,
    arrivals::Coming,
    compile::{Compiled, compile},
    looking::Looking,
};
use chance::{Chance, Law, Ticks};
use domain::{
    Scenario,
    scenario::{Arrivals, Calendar, Servers},
};
use queueing::{Model, People, Tally, simulate};
use std::ops::Range;

/// What is lived. All times are ticks after one moment.
#[derive(Clone, Debug, Default)]
pub struct CrewRounds {
    /// The communities.
    pub places: Vec<Place>,
    /// For each crew where it goes, in order.
    pub ways: Vec<Vec<Stay>>,
}

/// A community.
#[derive(Clone, Debug)]
pub struct Place {
    /// The site, of which a crew is one lane; how people come and when it opens is not taken from it.
    pub scenario: Scenario,
    /// When the scenario's own calendars of servers begin.
    pub calendar_from: Ticks,
    /// When each person is told to come.
    pub called: Vec<Ticks>,
    /// Seconds from there to coming; negative is early.
    pub reaction: Law,
    /// Not before.
    pub opens: Ticks,
    /// Nobody's service begins later at the first station.
    pub closes: Ticks,
}

/// A crew at a community, as it is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The community, by its place in the list.
    pub place: usize,
    /// When it begins.
    pub from: Ticks,
    /// When it leaves.
    pub until: Ticks,
    /// From the end of the stay before, with packing and setting up.
    pub travel: Ticks,
    /// When the crew's shift ends.
    pub shift_ends: Ticks,
}

/// What the draws gave, community by community.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrewOutcome {
    /// For each draw when the last person left; `None` where somebody was not served.
    pub done: Vec<Vec<Option<Ticks>>>,
    /// Waits of all who were served, before all stations together.
    pub waits: Vec<Vec<Ticks>>,
    /// People who were not served, on average.
    pub unserved: Vec<f64>,
}

impl CrewOutcome {
    /// For each draw when the last community was done; `None` where somebody anywhere was not served.
    pub fn latest(&self) -> Vec<Option<Ticks>> {
        let draws = self.done.first().map_or(0, Vec::len);
        let latest = |draw: usize| {
            self.done.iter().map(|of| of[draw]).try_fold(Ticks::MIN, |latest, done| Some(latest.max(done?)))
        };
        (0..draws).map(latest).collect()
    }
}

/// Crews that end within a minute of the last are the last together.
const TOGETHER: Ticks = crate::TICKS_PER_MINUTE;

impl CrewRounds {
    /// Lives so many draws. The same numbers and the same people meet the same luck, however crews go.
    pub fn live(&self, seed: u64, draws: Range<u32>) -> CrewOutcome {
        let count = self.places.len();
        let mut sites: Vec<Site<'_>> = self.places.iter().map(Site::new).collect();
        let order = self.order();
        let mut outcome = CrewOutcome {
            done: vec![Vec::new(); count],
            waits: vec![Vec::new(); count],
            unserved: vec![0.0; count],
        };
        let share = 1.0 / f64::from(draws.end.saturating_sub(draws.start).max(1));
        for number in draws {
            // When each crew really left each of its stops.
            let mut left: Vec<Vec<Option<Ticks>>> =
                self.ways.iter().map(|way| vec![None; way.len()]).collect();
            for &place in &order {
                let here = self.here(place, &left);
                let luck = Luck { seed, purpose: Purpose::Crews };
                let stream = (luck.purpose as u32).wrapping_add(2 * place as u32);
                let lived = sites[place].live(&here, &Chance::new(luck.seed, stream, number), number);
                for present in &here {
                    let done = lived.done.unwrap_or(present.bound).clamp(present.from, present.bound);
                    left[present.crew][present.stop] = Some(if present.last { done } else { present.until });
                }
                outcome.done[place].push(lived.done);
                outcome.waits[place].extend(lived.waits);
                outcome.unserved[place] += f64::from(lived.unserved) * share;
            }
        }
        outcome
    }

    /// Communities in the order in which they are to be done.
    fn order(&self) -> Vec<usize> {
        let done = |place: usize| self.stays(place).map(|(_, _, stay)| stay.until).max();
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by_key(|&place| done(place));
        order
    }

    fn stays(&self, place: usize) -> impl Iterator<Item = (usize, usize, &Stay)> {
        let all = self.ways.iter().enumerate();
        let all =
            all.flat_map(|(crew, way)| way.iter().enumerate().map(move |(stop, stay)| (crew, stop, stay)));
        all.filter(move |(_, _, stay)| stay.place == place)
    }

    /// Who is there and when, after what happened so far.
    fn here(&self, place: usize, left: &[Vec<Option<Ticks>>]) -> Vec<Present> {
        let end = self.stays(place).map(|(_, _, stay)| stay.until).max().unwrap_or(0);
        let present = self.stays(place).map(|(crew, stop, stay)| {
            let before =
                stop.checked_sub(1).map(|before| left[crew][before].unwrap_or(self.ways[crew][before].until));
            let from = before.map_or(stay.from, |before| before + stay.travel).max(self.places[place].opens);
            let last = stay.until >= end - TOGETHER;
            let bound = stay.shift_ends.min(self.places[place].closes).max(from);
            Present { crew, stop, from, until: stay.until.max(from), bound, last }
        });
        present.collect()
    }
}

/// A crew at the community that is being lived.
struct Present {
    crew: usize,
    stop: usize,
    from: Ticks,
    until: Ticks,
    /// Later it cannot stay.
    bound: Ticks,
    /// Whether it stays until everybody is through.
    last: bool,
}

struct Lived {
    done: Option<Ticks>,
    waits: Vec<Ticks>,
    unserved: u32,
}

/// A community, ready to be lived.
struct Site<'a> {
    place: &'a Place,
    model: Model,
    coming: Coming,
    people: People,
}

impl<'a> Site<'a> {
    fn new(place: &'a Place) -> Site<'a> {
        let mut scenario = place.scenario.clone();
        scenario.site.lanes = 1;
        scenario.round.closes = None;
        scenario.patience = None;
        scenario.statistics.warmup_people = 0;
        scenario.roll = domain::Roll::default();
        for station in &mut scenario.site.stations {
            station.waiting_at_start = 0;
        }
        scenario.arrivals =
            Arrivals::Schedule { times: place.called.clone(), punctuality: Some(place.reaction.clone()) };
        let compiled: Compiled = compile(&scenario);
        let coming = Coming::new(&scenario, None, &compiled);
        Site { place, model: compiled.model, coming, people: People::default() }
    }

    fn live(&mut self, here: &[Present], chance: &Chance, number: u32) -> Lived {
        let stations = self.model.stations.iter_mut().zip(&self.place.scenario.site.stations);
        for (number, (model, of)) in stations.enumerate() {
            if let (Servers::Calendar(own), false) = (&of.servers, of.shared) {
                let calendar = calendar(own, self.place.calendar_from, here, number == 0);
                model.servers = queueing::Servers::Calendar(calendar);
            }
        }
        self.people.visits.clear();
        self.coming.fill(chance, &mut self.people.visits);
        let mut looking = Looking::new(self.people.visits.len());
        let mut tally = Tally::new(&self.model);
        simulate(
            &self.model,
            self.model.engine(),
            &mut self.people,
            chance,
            number,
            &mut tally,
            &mut looking,
        );
        let unserved = looking.left.iter().filter(|left| left.is_none()).count();
        let through = looking.waited.iter().zip(&looking.left).filter(|(_, left)| left.is_some());
        let waits = through.map(|(&waited, _)| waited).collect();
        let done =
            looking.left.iter().copied().try_fold(self.place.opens, |done, left| Some(done.max(left?)));
        Lived { done, waits, unserved: u32::try_from(unserved).unwrap_or(u32::MAX) }
    }
}

/// Servers of a station by time: those of one lane, once for each crew. When the last crew must go, the first station
/// closes, and whoever has passed it is served at the others.
fn calendar(own: &Calendar, own_from: Ticks, here: &[Present], first: bool) -> Vec<(Ticks, u32)> {
    let own_at = |time: Ticks| {
        let begun = own.0.iter().take_while(|&&(from, _)| from + own_from <= time).last();
        begun.or(own.0.first()).map_or(0, |&(_, servers)| servers)
    };
    let ends = |present: &Present| if present.last { present.bound } else { present.until };
    let mut times: Vec<Ticks> = here.iter().flat_map(|present| [present.from, ends(present)]).collect();
    let (begins, closes) = (times.iter().copied().min(), times.iter().copied().max());
    times.extend(
        own.0
            .iter()
            .map(|&(from, _)| from + own_from)
            .filter(|&from| Some(from) > begins && Some(from) < closes),
    );
    times.sort_unstable();
    times.dedup();
    let mut calendar: Vec<(Ticks, u32)> = Vec::new();
    for time in times {
        let lanes = here.iter().filter(|present| present.from <= time && time < ends(present)).count();
        let lanes = if first { lanes } else { lanes.max(1) };
        let servers = own_at(time) * lanes as u32;
        if calendar.last().is_none_or(|&(_, before)| before != servers) {
            calendar.push((time, servers));
        }
    }
    if calendar.is_empty() { vec![(0, 0)] } else { calendar }
}
