//! What a tally says: means over replications and 95 % confidence intervals from the variance between them. Ticks.

use crate::{
    measure::{Distribution, Measure},
    model::{Model, Servers},
    tally::{Detail, ReplicationTally, Tally},
};

/// The outcome of all replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Replications run.
    pub replications: u32,
    /// People who arrived, a replication.
    pub people: f64,
    /// People served, a replication.
    pub served: f64,
    /// People who gave up, a replication.
    pub left: f64,
    /// People turned away, a replication.
    pub unserved: f64,
    /// Waiting before all stations together, of those served.
    pub wait: Series,
    /// Time from arriving to leaving, of those served.
    pub stay: Series,
    /// Waits and stays of the watched classes together; `None` where no class is watched.
    pub watched: Option<(f64, Series, Series)>,
    /// People (a replication), waits and stays by class; where there is one class, everyone's.
    pub classes: Vec<(f64, Series, Series)>,
    /// Ticks after opening at which 97 % of those served have left, by replication that served anybody.
    pub done_97: Vec<(u32, f64)>,
    /// The most people waiting at one time, by replication.
    pub queue_max: Vec<(u32, f64)>,
    /// Person-ticks waited in a queue longer than the room, a replication; `None` without a room.
    pub beyond_room: Option<f64>,
    /// Stations in their order, lanes pooled.
    pub stations: Vec<StationSummary>,
}

/// What one station did.
#[derive(Clone, Debug, PartialEq)]
pub struct StationSummary {
    /// Busy time, pauses included, over staffed time until the last departure; `None` where servers are not counted.
    pub utilisation: Option<f64>,
    /// Waiting before this station, of those it served.
    pub wait: Series,
}

/// A distribution with its confidence intervals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// The distribution over all replications.
    pub distribution: Distribution,
    /// 95 % interval of the mean; `None` for fewer than two replications.
    pub mean_ci95: Option<Interval>,
    /// 95 % interval of the 95 % quantile; `None` for fewer than two replications.
    pub p95_ci95: Option<Interval>,
}

/// A confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

impl Interval {
    /// 95 % interval around `centre` (Student's t) from the replications' own values; `None` for fewer than two.
    pub fn around(centre: f64, values: impl ExactSizeIterator<Item = f64> + Clone) -> Option<Interval> {
        let count = values.len();
        if count < 2 {
            return None;
        }
        let n = count as f64;
        let mean = values.clone().sum::<f64>() / n;
        let variance = values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
        let half = chance::special::student_t_quantile(0.975, n - 1.0) * (variance / n).sqrt();
        Some(Interval { low: centre - half, high: centre + half })
    }
}

impl Series {
    fn of(measure: &Measure) -> Series {
        let distribution = measure.distribution();
        let interval =
            |centre, values: &[(u32, f64)]| Interval::around(centre, values.iter().map(|value| value.1));
        Series {
            mean_ci95: interval(distribution.mean, &distribution.means),
            p95_ci95: interval(distribution.p95, &distribution.p95s),
            distribution,
        }
    }
}

impl Summary {
    /// The same without what is known only if everything is counted.
    fn only_waits(self) -> Summary {
        let nothing = || Series::of(&Measure::default());
        let stations = self.stations.into_iter().map(|station| {
            let Series { distribution, mean_ci95, .. } = station.wait;
            let wait = Series { distribution: distribution.only_mean(), mean_ci95, p95_ci95: None };
            StationSummary { utilisation: None, wait }
        });
        Summary {
            wait: nothing(),
            stay: nothing(),
            watched: None,
            classes: self.classes.into_iter().map(|(people, ..)| (people, nothing(), nothing())).collect(),
            done_97: Vec::new(),
            queue_max: Vec::new(),
            beyond_room: None,
            stations: stations.collect(),
            ..self
        }
    }
}

impl Tally {
    /// What it says.
    pub fn summary(&self, model: &Model) -> Summary {
        match self.detail {
            Detail::Everything => self.whole_summary(model),
            Detail::Waits => self.whole_summary(model).only_waits(),
        }
    }

    fn whole_summary(&self, model: &Model) -> Summary {
        let mut replications = self.replications.clone();
        replications.sort_unstable_by_key(|replication| replication.number);
        let count = replications.len();
        let mean = |sum: u64| if count == 0 { 0.0 } else { sum as f64 / count as f64 };
        let total = |of: fn(&ReplicationTally) -> u64| mean(replications.iter().map(of).sum());
        let (wait, stay) = (Series::of(&self.wait), Series::of(&self.stay));
        let one_class = model.classes.len() == 1;
        let classes = (0..model.classes.len()).map(|class| {
            let people = mean(self.class_people[class]);
            if one_class {
                (people, wait.clone(), stay.clone())
            } else {
                (people, Series::of(&self.class_wait[class]), Series::of(&self.class_stay[class]))
            }
        });
        let watched = model.classes.iter().any(|class| class.watched).then(|| {
            let people = model.classes.iter().zip(&self.class_people).filter(|(class, _)| class.watched);
            (
                mean(people.map(|(_, people)| people).sum()),
                Series::of(&self.watched_wait),
                Series::of(&self.watched_stay),
            )
        });
        let stations = self.stations.iter().zip(&model.stations).map(|(tally, station)| StationSummary {
            utilisation: match station.servers {
                Servers::Calendar(_) if tally.total_staffed > 0 => {
                    Some(tally.total_busy as f64 / tally.total_staffed as f64)
                }
                Servers::Calendar(_) => Some(0.0),
                Servers::Unlimited => None,
            },
            wait: Series::of(&tally.wait),
        });
        let beyond_room: i128 = replications.iter().map(|replication| replication.beyond_room).sum();
        Summary {
            replications: u32::try_from(count).expect("replications are counted in 32 bits"),
            people: total(|replication| replication.people),
            served: total(|replication| replication.served),
            left: total(|replication| replication.left),
            unserved: total(|replication| replication.unserved),
            watched,
            classes: classes.collect(),
            done_97: replications
                .iter()
                .filter_map(|one| one.done_97.map(|at| (one.number, at as f64)))
                .collect(),
            queue_max: replications.iter().map(|one| (one.number, one.queue_max as f64)).collect(),
            beyond_room: model.room.map(|_| if count == 0 { 0.0 } else { beyond_room as f64 / count as f64 }),
            stations: stations.collect(),
            wait,
            stay,
        }
    }
}
