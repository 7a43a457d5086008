//! A plan from beginning to end.

use crate::{
    Task,
    places::settle,
    rounds::{Field, Standing, shorten},
    schedule,
};
use domain::city::rounds::Rounds;

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// What the search's luck comes from.
    pub seed: u64,
    /// Tries of the search; absent: by the number of sites.
    pub tries: Option<u64>,
    /// Seconds for a second opinion on the rounds of all labs together; without the feature `routes` nobody is asked.
    pub second_opinion_s: f64,
    /// Threads that the second opinion may use.
    pub threads: usize,
}

/// Rounds, and what is proven of them.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What is driven.
    pub rounds: Rounds,
    /// Minutes of way of all tubes as sites were shared out, late ones counted as a day each,
    pub shared_min: f64,
    /// the number of minutes below which nothing can be,
    pub way_bound_min: f64,
    /// and what it has become because rounds drive less so.
    pub way_min: f64,
    /// Minutes of driving of one round of every route.
    pub drive_min: f64,
    /// Labs whose rounds the second opinion made shorter, and those for which it was asked.
    pub second_opinion: [u32; 2],
}

impl Planned {
    /// How much more sharing out costs than the least possible, as a share of that; `None` where there is nothing to bring.
    pub fn gap(&self) -> Option<f64> {
        (self.way_bound_min > 0.0).then(|| (self.shared_min / self.way_bound_min - 1.0).max(0.0))
    }
}

/// Tries where nothing is said: so many a site, within these limits. Nine thousand sites take a hundred seconds.
const TRIES_PER_SITE: u64 = 4_000;
const TRIES: [u64; 2] = [50_000, 3_000_000];

impl Effort {
    /// The tries for so many sites: what progress is told of.
    pub fn tries_of(&self, sites: usize) -> u64 {
        self.tries.unwrap_or((sites as u64 * TRIES_PER_SITE).clamp(TRIES[0], TRIES[1]))
    }
}

/// Plans a day; `progress` is told how many tries are done.
pub fn plan(task: &Task, effort: &Effort, progress: &mut dyn FnMut(u64)) -> Planned {
    let (places, ways, ground, shares) = settle(task, None);
    let field = Field::new(task, &ways, &ground);
    let bound = shares.bound;
    let shared_min = ground.cost(&shares.lab_of, &shares.rooms);
    let apart = Standing::apart(&field, &shares);
    let mut standing = shorten(&field, apart, effort.seed, effort.tries_of(task.sites.len()), progress);
    #[cfg(feature = "routes")]
    let second_opinion = crate::rounds::second_opinion(&field, &mut standing, effort);
    #[cfg(not(feature = "routes"))]
    let second_opinion = {
        standing.tours.shrink_to_fit();
        [0, 0]
    };
    let lab_of = standing.lab_of();
    let routes = schedule::routes(&field, &standing.tours);
    let trucks = schedule::trucks(task, &routes, 0, None);
    Planned {
        way_min: ground.cost(&lab_of, &standing.rooms),
        shared_min,
        way_bound_min: bound,
        drive_min: standing.tours.iter().map(|tour| tour.drive).sum(),
        rounds: Rounds { places, routes, trucks },
        second_opinion,
    }
}
