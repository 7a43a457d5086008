//! Minutes from one point to another: sites first, then labs.

use crate::Task;
use domain::city::{Position, narrowing};

/// Kilometres in a degree of latitude, as [`Position::km_to`] has it.
const KM_PER_DEGREE: f64 = 111.2;

/// A point, ready for many distances: as good as [`Position::km_to`] and several times as fast.
#[derive(Clone, Copy, Debug)]
struct Point {
    north: f64,
    east: f64,
    narrow: f64,
}

/// All points.
#[derive(Clone, Debug)]
pub(crate) struct Ways {
    points: Vec<Point>,
    min_per_km: f64,
    sites: usize,
}

impl Ways {
    pub(crate) fn new(task: &Task, places: &[u32]) -> Ways {
        let point = |position: Position| Point {
            north: position.latitude * KM_PER_DEGREE,
            east: position.longitude * KM_PER_DEGREE,
            narrow: narrowing(position.latitude),
        };
        let labs = task.labs.iter().zip(places).map(|(lab, &place)| lab.places[place as usize].position);
        let points = task.sites.iter().map(|site| site.position).chain(labs).map(point).collect();
        Ways { points, min_per_km: 60.0 / task.km_per_hour, sites: task.sites.len() }
    }

    /// The point of a lab.
    pub(crate) fn lab(&self, lab: u32) -> u32 {
        self.sites as u32 + lab
    }

    /// Minutes from one point to another.
    pub(crate) fn minutes(&self, from: u32, to: u32) -> f64 {
        let (from, to) = (self.points[from as usize], self.points[to as usize]);
        let north = from.north - to.north;
        let east = (from.east - to.east) * from.narrow;
        (north * north + east * east).sqrt() * self.min_per_km
    }

    /// There and back.
    pub(crate) fn return_min(&self, one: u32, other: u32) -> f64 {
        self.minutes(one, other) + self.minutes(other, one)
    }
}
