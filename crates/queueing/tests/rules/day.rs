//! A small day, written down step by step.

use chance::{Chance, Law, Sampler, Ticks};
use queueing::{Engine, Model, People, Probe, Station, Summary, Tally, Visit, simulate};
use std::sync::Arc;

/// What happened, in whole seconds.
#[derive(Debug, Default)]
pub struct Day {
    /// (when, who, station) of each start.
    pub started: Vec<(i64, usize, usize)>,
    /// (when, who, station) of each end.
    pub ended: Vec<(i64, usize, usize)>,
    /// (when, who) of everyone who gave up.
    pub gave_up: Vec<(i64, usize)>,
    /// (when, who) of everyone turned away.
    pub turned_away: Vec<(i64, usize)>,
    /// (when, who) of everyone who left, all served.
    pub departed: Vec<(i64, usize)>,
    /// Lane of each person.
    pub lanes: Vec<usize>,
}

impl Day {
    /// When each service at a station began, with whom, in the order of time.
    pub fn starts(&self, station: usize) -> Vec<(i64, usize)> {
        let here = self.started.iter().filter(|start| start.2 == station);
        let mut starts: Vec<_> = here.map(|&(at, who, _)| (at, who)).collect();
        starts.sort_unstable();
        starts
    }
}

fn seconds(at: Ticks) -> i64 {
    at.div_euclid(10_000)
}

impl Probe for Day {
    fn arrived(&mut self, _: Ticks, _: usize, lane: usize) {
        self.lanes.push(lane);
    }
    fn started(&mut self, at: Ticks, entry: usize, size: u8, station: usize, _: usize, _: usize) {
        self.started.extend((entry..entry + size as usize).map(|entry| (seconds(at), entry, station)));
    }
    fn ended(&mut self, at: Ticks, entry: usize, size: u8, station: usize, _: usize, _: usize) {
        self.ended.extend((entry..entry + size as usize).map(|entry| (seconds(at), entry, station)));
    }
    fn gave_up(&mut self, at: Ticks, entry: usize, size: u8, _: usize, _: usize) {
        self.gave_up.extend((entry..entry + size as usize).map(|entry| (seconds(at), entry)));
    }
    fn turned_away(&mut self, at: Ticks, entry: usize, size: u8, _: usize, _: usize) {
        self.turned_away.extend((entry..entry + size as usize).map(|entry| (seconds(at), entry)));
    }
    fn departed(&mut self, at: Ticks, entry: usize, size: u8) {
        self.departed.extend((entry..entry + size as usize).map(|entry| (seconds(at), entry)));
    }
}

/// A law of always the same seconds.
pub fn always(seconds: u32) -> Arc<Sampler> {
    Arc::new(Sampler::compile(&Law::constant(f64::from(seconds))))
}

/// One lane of stations in a row, each of (servers, seconds of service).
pub fn row(stations: &[(u32, u32)]) -> Model {
    let count = stations.len();
    let stations = stations.iter().enumerate().map(|(number, &(servers, service))| {
        Station::plain(servers, always(service), (number + 1 < count).then_some(number + 1))
    });
    Model::plain(stations.collect())
}

/// People of class 0 at these seconds.
pub fn at(seconds: &[i64]) -> Vec<Visit> {
    let people = seconds.iter().zip(0..);
    people.map(|(at, key)| Visit { at: at * 10_000, key, lane: 0, class: 0, party: 1 }).collect()
}

/// Lives the day on one engine.
pub fn live_on(engine: Engine, model: &Model, visits: &[Visit]) -> (Day, Summary) {
    let (mut day, mut tally) = (Day::default(), Tally::new(model));
    let chance = Chance::new(1, 0, 0);
    simulate(model, engine, &mut People::new(visits.to_vec()), &chance, 0, &mut tally, &mut day);
    (day, tally.summary(model))
}

/// Lives the day on the event engine, and where the FIFO engine applies checks that it says the same.
pub fn live(model: &Model, visits: &[Visit]) -> (Day, Summary) {
    let (day, summary) = live_on(Engine::Event, model, visits);
    if model.engine() == Engine::Fifo {
        let (fifo, same) = live_on(Engine::Fifo, model, visits);
        assert_eq!(same, summary);
        (0..model.stations.len()).for_each(|station| assert_eq!(fifo.starts(station), day.starts(station)));
    }
    (day, summary)
}
