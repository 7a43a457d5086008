//! What came out, in people and minutes: the fields of the command's JSON. Numbers are not rounded.

use crate::{Outcome, TICKS_PER_MINUTE};
use queueing::{Interval, Series};
use serde::Serialize;
use std::collections::BTreeMap;

/// The figures of one rehearsal.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// People who came, a replication: served, left and unserved together.
    pub people: f64,
    /// People served, a replication.
    pub served: f64,
    /// People who gave up, a replication.
    pub left: f64,
    /// People turned away, a replication.
    pub unserved: f64,
    /// Replications run.
    pub replications: u32,
    /// `fifo` or `event`.
    pub engine: &'static str,
    /// Waiting before all stations together, of all who were served.
    pub wait_min: Spread,
    /// From arriving to leaving, of all who were served.
    pub stay_min: Spread,
    /// The green classes together; null where nobody is green.
    pub green: Option<GreenFigures>,
    /// Each visitor class.
    pub classes: BTreeMap<String, ClassFigures>,
    /// Minutes after opening at which 97 % of those served have left, mean over replications.
    pub done_97_min: Option<f64>,
    /// 95 % interval of it.
    pub done_97_ci95: Option<[f64; 2]>,
    /// Most people waiting at the site at one time, mean over replications.
    pub queue_max: f64,
    /// Person-minutes spent waiting in a queue longer than the site's room, a replication; null without a room.
    pub crowd_person_min: Option<f64>,
    /// Hours spent on calls, a replication.
    pub caller_hours: f64,
    /// Stations in their order.
    pub stations: Vec<StationFigures>,
}

/// A distribution of times, in minutes; null where nobody was measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Mean.
    pub mean: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 95 in 100 do not exceed it.
    pub p95: Option<f64>,
    /// The longest of all replications.
    pub max: Option<f64>,
    /// 95 % interval of the mean, from the variance between replications; null for one.
    pub ci95: Option<[f64; 2]>,
    /// 95 % interval of the p95.
    pub p95_ci95: Option<[f64; 2]>,
}

/// The green classes together.
#[derive(Clone, Debug, Serialize)]
pub struct GreenFigures {
    /// People, a replication.
    pub people: f64,
    /// Their waits.
    pub wait_min: Spread,
    /// Their stays.
    pub stay_min: Spread,
}

/// One visitor class.
#[derive(Clone, Debug, Serialize)]
pub struct ClassFigures {
    /// People, a replication.
    pub people: f64,
    /// Their waits.
    pub wait_min: Spread,
    /// Their stays.
    pub stay_min: Spread,
}

/// One station, its lanes pooled.
#[derive(Clone, Debug, Serialize)]
pub struct StationFigures {
    /// Its name.
    pub name: String,
    /// Servers in each lane, the most at one time; null where they are not counted.
    pub servers: Option<u32>,
    /// Busy time, changeovers included, over staffed time until the last departure; null where they are not counted.
    pub utilisation: Option<f64>,
    /// Waits before it, of those it served.
    pub wait_min: Spread,
}

pub(crate) fn minutes(ticks: f64) -> f64 {
    ticks / TICKS_PER_MINUTE as f64
}

pub(crate) fn limits(interval: Option<Interval>) -> Option<[f64; 2]> {
    interval.map(|interval| [minutes(interval.low), minutes(interval.high)])
}

impl Spread {
    fn of(series: &Series) -> Spread {
        let found = &series.distribution;
        let some = |ticks: f64| (found.people > 0).then(|| minutes(ticks));
        Spread {
            mean: some(found.mean),
            p50: some(found.p50),
            p95: some(found.p95),
            max: some(found.max),
            ci95: limits(series.mean_ci95),
            p95_ci95: limits(series.p95_ci95),
        }
    }
}

/// The mean over replications, in the values' unit; `None` for none.
pub(crate) fn mean(values: &[(u32, f64)]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().map(|(_, value)| value).sum::<f64>() / values.len() as f64)
}

impl Outcome {
    /// The outcome in people and minutes.
    pub fn figures(&self) -> Figures {
        let summary = &self.summary;
        let done_97 = mean(&summary.done_97);
        let done_97_interval =
            done_97.and_then(|mean| Interval::around(mean, summary.done_97.iter().map(|(_, at)| *at)));
        let classes = self.classes.iter().zip(&summary.classes).map(|(name, (people, wait, stay))| {
            let figures =
                ClassFigures { people: *people, wait_min: Spread::of(wait), stay_min: Spread::of(stay) };
            (name.clone(), figures)
        });
        let stations =
            self.stations.iter().zip(&summary.stations).map(|((name, servers), station)| StationFigures {
                name: name.clone(),
                servers: *servers,
                utilisation: station.utilisation,
                wait_min: Spread::of(&station.wait),
            });
        Figures {
            people: summary.people,
            served: summary.served,
            left: summary.left,
            unserved: summary.unserved,
            replications: summary.replications,
            engine: self.engine.name(),
            wait_min: Spread::of(&summary.wait),
            stay_min: Spread::of(&summary.stay),
            green: summary.watched.as_ref().map(|(people, wait, stay)| GreenFigures {
                people: *people,
                wait_min: Spread::of(wait),
                stay_min: Spread::of(stay),
            }),
            classes: classes.collect(),
            done_97_min: done_97.map(minutes),
            done_97_ci95: limits(done_97_interval),
            queue_max: mean(&summary.queue_max).unwrap_or(0.0),
            crowd_person_min: summary.beyond_room.map(minutes),
            caller_hours: minutes(self.caller_ticks) / 60.0,
            stations: stations.collect(),
        }
    }

    /// People simulated, all replications.
    pub fn people_simulated(&self) -> f64 {
        self.summary.people * f64::from(self.summary.replications)
    }

    /// Share of those served who waited at most k seconds, for k = 0, 1, 2 …
    pub fn waited_at_most(&self) -> &[f64] {
        &self.summary.wait.distribution.cumulative
    }
}
