//! What a rehearsal measured.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The figures of one rehearsal; means are over replications.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// People who came: served, left and unserved together.
    pub people: f64,
    /// People served.
    pub served: f64,
    /// People who gave up.
    pub left: f64,
    /// People turned away.
    pub unserved: f64,
    /// Replications run.
    pub replications: u32,
    /// `fifo` or `event`.
    pub engine: String,
    /// Waiting before all stations together, of all who were served.
    pub wait_min: Spread,
    /// From arriving to leaving, of all who were served.
    pub stay_min: Spread,
    /// The green classes together; null where nobody is green.
    #[schema(required)]
    pub green: Option<ClassFigures>,
    /// Each visitor class.
    pub classes: BTreeMap<String, ClassFigures>,
    /// Minutes after opening at which 97 % of those served have left.
    #[schema(required)]
    pub done_97_min: Option<f64>,
    /// 95 % interval of it.
    #[schema(required, value_type = Option<Vec<f64>>)]
    pub done_97_ci95: Option<[f64; 2]>,
    /// Most people waiting at the site at one time.
    pub queue_max: f64,
    /// Person-minutes spent waiting in a queue longer than the site's room; null without a room.
    #[schema(required)]
    pub crowd_person_min: Option<f64>,
    /// Hours spent on calls.
    pub caller_hours: f64,
    /// Stations in their order.
    pub stations: Vec<StationFigures>,
}

/// A distribution of times, in minutes; null where nobody was measured.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Spread {
    /// Mean.
    #[schema(required)]
    pub mean: Option<f64>,
    /// Median.
    #[schema(required)]
    pub p50: Option<f64>,
    /// 95 in 100 do not exceed it.
    #[schema(required)]
    pub p95: Option<f64>,
    /// The longest of all replications.
    #[schema(required)]
    pub max: Option<f64>,
    /// 95 % interval of the mean; null for one replication.
    #[schema(required, value_type = Option<Vec<f64>>)]
    pub ci95: Option<[f64; 2]>,
    /// 95 % interval of the p95.
    #[schema(required, value_type = Option<Vec<f64>>)]
    pub p95_ci95: Option<[f64; 2]>,
}

/// One visitor class, or several together.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ClassFigures {
    /// People, a replication.
    pub people: f64,
    /// Their waits.
    pub wait_min: Spread,
    /// Their stays.
    pub stay_min: Spread,
}

/// One station, its lanes pooled.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct StationFigures {
    /// Its name.
    pub name: String,
    /// Servers in each lane, the most at one time; null where they are not counted.
    #[schema(required)]
    pub servers: Option<u32>,
    /// Busy time over staffed time; null where servers are not counted.
    #[schema(required)]
    pub utilisation: Option<f64>,
    /// Waits before it, of those it served.
    pub wait_min: Spread,
}

/// What a run cost.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Cost {
    /// CPU seconds, all threads.
    pub cpu_s: f64,
    /// Seconds on the wall.
    pub wall_s: f64,
    /// People simulated over CPU seconds.
    pub people_per_second: f64,
}

/// People by minute.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Curves {
    /// The first minute, after opening; may be negative.
    pub first_minute: i64,
    /// All people waiting: fewer only on 1 day in 20, on average, more only on 1 day in 20.
    #[schema(value_type = Vec<Vec<f64>>)]
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
