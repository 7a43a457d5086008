//! Who stands where, minute by minute: what the report draws.

use crate::{Luck, Rehearsal, TICKS_PER_MINUTE};
use chance::{Chance, Ticks};
use queueing::{People, Probe, Tally, simulate};
use serde::Serialize;

/// People by minute, over several replications.
#[derive(Clone, Debug, Serialize)]
pub struct Curves {
    /// The first minute, after opening; may be negative.
    pub first_minute: i64,
    /// All people waiting: in one replication of twenty fewer than the first, on average the second, in one of twenty
    /// more than the third.
    pub waiting: [Vec<f64>; 3],
    /// People waiting at each station, on average.
    pub waiting_at: Vec<Vec<f64>>,
    /// People being served at each station, on average.
    pub served_at: Vec<Vec<f64>>,
    /// People who have arrived so far, on average.
    pub arrived: Vec<f64>,
    /// People who have left, all served, so far, on average.
    pub done: Vec<f64>,
}

impl Curves {
    /// Most people waiting at one time between these minutes after opening: on average, and in one replication of twenty or more.
    pub fn most_waiting(&self, from_min: f64, until_min: f64) -> [f64; 2] {
        [&self.waiting[1], &self.waiting[2]].map(|waiting| {
            let minutes = (self.first_minute..).zip(waiting);
            let within = minutes.filter(|&(minute, _)| (from_min..until_min).contains(&(minute as f64)));
            within.map(|(_, &waiting)| waiting).fold(0.0, f64::max)
        })
    }
}

/// People who come earlier than this are shown in the first minute.
const EARLIEST: i64 = -120;
/// A day and a night are drawn by the minute; what comes later is not drawn.
const MINUTES_MAX: usize = 24 * 60;

/// Changes by minute of one replication.
struct ByMinute {
    waiting: Vec<Vec<i32>>,
    served: Vec<Vec<i32>>,
    arrived: Vec<i32>,
    done: Vec<i32>,
    used: usize,
}

/// The first whole minute that is not before this tick, as a place.
fn place(at: Ticks) -> usize {
    let minute = -(-at).div_euclid(TICKS_PER_MINUTE);
    usize::try_from(minute - EARLIEST).unwrap_or(0).min(MINUTES_MAX - 1)
}

impl ByMinute {
    fn new(stations: usize) -> ByMinute {
        let minutes = || vec![0; MINUTES_MAX];
        ByMinute {
            waiting: vec![minutes(); stations],
            served: vec![minutes(); stations],
            arrived: minutes(),
            done: minutes(),
            used: 0,
        }
    }

    fn at(&mut self, at: Ticks) -> usize {
        let place = place(at);
        self.used = self.used.max(place + 1);
        place
    }
}

impl Probe for ByMinute {
    fn arrived(&mut self, at: Ticks, _: usize, _: usize) {
        let place = self.at(at);
        self.arrived[place] += 1;
    }
    fn queued(&mut self, at: Ticks, _: usize, size: u8, station: usize, _: usize) {
        let place = self.at(at);
        self.waiting[station][place] += i32::from(size);
    }
    fn started(&mut self, at: Ticks, _: usize, size: u8, station: usize, _: usize, _: usize) {
        let place = self.at(at);
        self.waiting[station][place] -= i32::from(size);
        self.served[station][place] += i32::from(size);
    }
    fn ended(&mut self, at: Ticks, _: usize, size: u8, station: usize, _: usize, _: usize) {
        let place = self.at(at);
        self.served[station][place] -= i32::from(size);
    }
    fn gave_up(&mut self, at: Ticks, _: usize, size: u8, station: usize, _: usize) {
        let place = self.at(at);
        self.waiting[station][place] -= i32::from(size);
    }
    fn turned_away(&mut self, at: Ticks, _: usize, size: u8, station: usize, _: usize) {
        let place = self.at(at);
        self.waiting[station][place] -= i32::from(size);
    }
    fn departed(&mut self, at: Ticks, _: usize, size: u8) {
        let place = self.at(at);
        self.done[place] += i32::from(size);
    }
}

impl Rehearsal {
    /// Runs the first replications once more and looks at each minute.
    pub fn curves(&self, luck: Luck, replications: u32) -> Curves {
        let stations = self.stations.len();
        let days: Vec<ByMinute> = (0..replications.max(1)).map(|number| self.day(luck, number)).collect();
        let used = days.iter().map(|day| day.used).max().unwrap_or(0);
        let first = place(0).min(first_used(&days));
        let span = first..used.max(first);
        let sums = |of: &dyn Fn(&ByMinute) -> &[i32]| -> Vec<f64> {
            let mut total = vec![0.0; span.len()];
            for day in &days {
                for (total, value) in total.iter_mut().zip(running(of(day), span.clone())) {
                    *total += f64::from(value) / days.len() as f64;
                }
            }
            total
        };
        let totals: Vec<Vec<i32>> = days
            .iter()
            .map(|day| {
                let mut all = vec![0; span.len()];
                for station in &day.waiting {
                    all.iter_mut().zip(running(station, span.clone())).for_each(|(all, value)| *all += value);
                }
                all
            })
            .collect();
        let mut waiting: [Vec<f64>; 3] = Default::default();
        for minute in 0..span.len() {
            let mut values: Vec<i32> = totals.iter().map(|day| day[minute]).collect();
            values.sort_unstable();
            let at = |share: usize| f64::from(values[(values.len() - 1) * share / 20]);
            waiting[0].push(at(1));
            waiting[1].push(values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64);
            waiting[2].push(at(19));
        }
        Curves {
            first_minute: span.start as i64 + EARLIEST,
            waiting,
            waiting_at: (0..stations).map(|station| sums(&|day| &day.waiting[station])).collect(),
            served_at: (0..stations).map(|station| sums(&|day| &day.served[station])).collect(),
            arrived: sums(&|day| &day.arrived),
            done: sums(&|day| &day.done),
        }
    }

    fn day(&self, luck: Luck, number: u32) -> ByMinute {
        let mut day = ByMinute::new(self.stations.len());
        let chance = Chance::new(luck.seed, luck.purpose as u32, number);
        let mut visits = Vec::new();
        self.coming.fill(&chance, &mut visits);
        let mut people = People::new(visits);
        let mut tally = Tally::new(&self.model);
        simulate(&self.model, self.engine, &mut people, &chance, number, &mut tally, &mut day);
        day
    }
}

/// The values from the changes, for these minutes.
fn running(changes: &[i32], span: std::ops::Range<usize>) -> impl Iterator<Item = i32> {
    let before: i32 = changes[..span.start].iter().sum();
    changes[span].iter().scan(before, |value, change| {
        *value += change;
        Some(*value)
    })
}

fn first_used(days: &[ByMinute]) -> usize {
    let first = |changes: &Vec<i32>| changes.iter().position(|&change| change != 0);
    days.iter().flat_map(|day| day.waiting.iter().filter_map(first)).min().unwrap_or(usize::MAX)
}
