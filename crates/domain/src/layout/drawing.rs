//! The plan of the site with every place in it: what a page draws and a printer prints, without computing anything.

use super::{Layout, Point, Post};
use crate::scenario::{Scenario, Servers, Station};
use serde::Serialize;

/// A layout with all its places.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drawing {
    /// From left to right.
    pub width_m: f64,
    /// From top to bottom.
    pub depth_m: f64,
    /// Between two who wait.
    pub spacing_m: f64,
    /// Where people come in.
    pub entrance_m: Point,
    /// Where they leave.
    pub exit_m: Point,
    /// People, or vehicles, who fit all drawn queues.
    pub queue_room: u32,
    /// Every post.
    pub posts: Vec<DrawnPost>,
}

/// A post with all its places.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawnPost {
    /// The station's name.
    pub station: String,
    /// The lane, from 1; 0 for a shared station.
    pub lane: u16,
    /// Where its first server stands.
    pub at_m: Point,
    /// Where its servers stand, as many as there are at most.
    pub servers_m: Vec<Point>,
    /// The line of its queue, from the head backwards.
    pub queue_m: Vec<Point>,
    /// The places along the queue, from the head: as many as fit.
    pub places_m: Vec<Point>,
    /// Where those stand who find the line full.
    pub spill: Spill,
    /// Where people sit or are watched: upper left and lower right corner.
    pub area_m: Option<[Point; 2]>,
    /// The seats of the area, row by row.
    pub seats_m: Vec<Point>,
}

/// A crowd in rows: the i-th person, from 0, stands at `from_m + (i mod in_row)·step_m + (i div in_row)·row_m`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spill {
    /// The first of them.
    pub from_m: Point,
    /// From one to the next of a row.
    pub step_m: Point,
    /// From one row to the next.
    pub row_m: Point,
    /// People in a row.
    pub in_row: u32,
}

impl Spill {
    /// A crowd stands closer than a line.
    pub(super) const CLOSER: f64 = 0.6;
    /// People abreast at the end of a line.
    pub(super) const IN_ROW: u32 = 4;

    /// Where the i-th person stands, from 0.
    pub fn at(&self, i: u32) -> Point {
        let (step, row) = (f64::from(i % self.in_row), f64::from(i / self.in_row));
        super::tidy([0, 1].map(|axis| self.from_m[axis] + step * self.step_m[axis] + row * self.row_m[axis]))
    }
}

impl Layout {
    /// The layout with every place in it. `scenario` is the one it belongs to.
    pub fn drawing(&self, scenario: &Scenario) -> Drawing {
        let stations = &scenario.site.stations;
        let posts = self.posts.iter().filter_map(|post| Some((post, stations.get(post.station)?)));
        Drawing {
            width_m: self.width_m,
            depth_m: self.depth_m,
            spacing_m: self.spacing_m,
            entrance_m: self.entrance_m,
            exit_m: self.exit_m,
            queue_room: self.queue_room_of_all(),
            posts: posts.map(|(post, station)| self.drawn_post(post, station)).collect(),
        }
    }

    fn drawn_post(&self, post: &Post, station: &Station) -> DrawnPost {
        let seats = (0..self.area_room(post)).filter_map(|i| Some(self.place_in_area(post, i)?.at_m));
        DrawnPost {
            station: station.name.clone(),
            lane: post.lane.map_or(0, |lane| lane + 1),
            at_m: post.at_m,
            servers_m: self.servers(post, servers_max(station)),
            queue_m: post.queue_m.clone(),
            places_m: (0..self.queue_room(post)).map(|i| self.place_in_queue(post, i).at_m).collect(),
            spill: self.spill(post),
            area_m: post.area_m,
            seats_m: seats.collect(),
        }
    }
}

/// The most servers a station has at any time; 0 where nobody ever waits.
pub(super) fn servers_max(station: &Station) -> u32 {
    match &station.servers {
        Servers::Unlimited => 0,
        Servers::Calendar(calendar) => calendar.0.iter().map(|entry| entry.1).max().unwrap_or(0),
    }
}
