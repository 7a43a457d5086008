//! What a decision is to better, what was expected, and what came.

use jiff::civil::Date;

/// A figure of a round. Less is better, of each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Mean wait, in minutes.
    WaitMean,
    /// The wait that 95 in 100 did not exceed, in minutes.
    WaitP95,
    /// Minutes after opening until 97 in 100 were done.
    Done97,
    /// Most people waiting at one time.
    QueueMax,
    /// People who were turned away.
    Unserved,
    /// Doors of which somebody was missed.
    DoorsMissed,
    /// Complaints of residents on the day.
    Complaints,
    /// Mean seconds of a service at this station.
    Service(String),
}

/// What a station's figure begins with: `service_s.sampling`.
const SERVICE: &str = "service_s.";

impl Figure {
    /// Those that every site has, with their words in files.
    pub const ALL: [(&'static str, Figure); 7] = [
        ("wait_p95_min", Figure::WaitP95),
        ("wait_mean_min", Figure::WaitMean),
        ("done_97_min", Figure::Done97),
        ("queue_max", Figure::QueueMax),
        ("unserved", Figure::Unserved),
        ("doors_missed", Figure::DoorsMissed),
        ("complaints", Figure::Complaints),
    ];

    /// The word for it in files and on the command line.
    pub fn name(&self) -> String {
        match self {
            Figure::Service(station) => format!("{SERVICE}{station}"),
            other => Figure::ALL.iter().find(|(_, figure)| figure == other).map_or("", |of| of.0).to_owned(),
        }
    }

    /// By its word; `None` for a word that is none.
    pub fn parse(word: &str) -> Option<Figure> {
        match word.strip_prefix(SERVICE) {
            Some(station) => (!station.is_empty()).then(|| Figure::Service(station.to_owned())),
            None => Figure::ALL.into_iter().find(|(name, _)| *name == word).map(|(_, figure)| figure),
        }
    }

    /// Whether it counts what comes one by one, each by itself: then the count tells its own chance. Who is turned away stood in one
    /// queue.
    pub fn is_count(&self) -> bool {
        matches!(self, Figure::DoorsMissed | Figure::Complaints)
    }
}

/// What rehearsals say of a change: the same days lived without it and with it. In the figure's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expected {
    /// Without it: the mean of all replications.
    pub before: f64,
    /// With it.
    pub after: f64,
    /// 95 % interval of the mean difference, with less without, replication by replication.
    pub difference: Option<[f64; 2]>,
    /// Standard deviation of one day's figure, without it and with it.
    pub one_day: Option<[f64; 2]>,
}

/// What was measured on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fact {
    /// The figure, in its unit.
    pub value: f64,
    /// Its standard error, where the day itself tells it.
    pub error: Option<f64>,
    /// The day.
    pub on: Option<Date>,
}
