//! The plan of the site, to scale: where each post stands, where its servers and those who wait stand.
//!
//! Metres, from the upper left corner of the plan: to the right, then down. A post is one station of one lane, or a
//! shared station. Every place is computed here, once, so that a printed plan, a live board and a check agree.

mod drawing;
mod drawn;
mod given;

pub use drawing::{Drawing, DrawnPost, Spill};
pub use given::{Given, GivenPost};

use serde::Serialize;

/// Metres to the right and down from the upper left corner of the plan.
pub type Point = [f64; 2];

/// From the person at the head of a queue to the first server.
const HEAD_M: f64 = 1.5;
/// Between two servers side by side: a table and a person's way past it.
const SERVER_M: f64 = 1.5;
/// Between two rows of servers, one behind the other.
const SERVER_ROW_M: f64 = 3.0;
/// Servers side by side; more stand in further rows.
const SERVERS_IN_ROW: u32 = 12;
/// Nobody stands to the centimetre: a line this much too short still holds its last person.
const SLACK_M: f64 = 0.05;
/// Places that are counted along one queue: more people than anybody has seen in one line.
const PLACES_MAX: u32 = 10_000;

/// Where everything stands at a site.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Layout {
    /// From left to right.
    pub width_m: f64,
    /// From top to bottom.
    pub depth_m: f64,
    /// Between two people who wait, or two vehicles.
    pub spacing_m: f64,
    /// Where people come in.
    pub entrance_m: Point,
    /// Where they leave.
    pub exit_m: Point,
    /// One for each station of each lane, and one for each shared station: stations in the order of passing, then lanes.
    pub posts: Vec<Post>,
}

/// One station of one lane, or a shared one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Post {
    /// The station, by its place in the scenario's list.
    pub station: usize,
    /// The lane, from 0; `None` for a shared station.
    pub lane: Option<u16>,
    /// Where the first server stands; at a station without servers, where people come in.
    pub at_m: Point,
    /// The line of those who wait, from its head backwards; empty where nobody waits.
    pub queue_m: Vec<Point>,
    /// Where people sit afterwards or are watched: the upper left and the lower right corner.
    pub area_m: Option<[Point; 2]>,
}

/// A place where somebody who waits stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// Where.
    pub at_m: Point,
    /// Whether the drawn line was full, and this is beyond its end.
    pub spills: bool,
}

impl Layout {
    /// The post of a station in a lane (from 0); a shared station has one for all lanes.
    pub fn post(&self, station: usize, lane: u16) -> Option<&Post> {
        self.posts.iter().find(|post| post.station == station && post.lane.is_none_or(|own| own == lane))
    }

    /// How many people, or vehicles, fit the drawn queue of a post.
    pub fn queue_room(&self, post: &Post) -> u32 {
        if post.queue_m.is_empty() {
            return 0;
        }
        let fit = (length(&post.queue_m) + SLACK_M) / self.spacing_m;
        (fit as u32).saturating_add(1).min(PLACES_MAX)
    }

    /// How many fit the drawn queues of all posts.
    pub fn queue_room_of_all(&self) -> u32 {
        self.posts.iter().map(|post| self.queue_room(post)).sum()
    }

    /// Where the i-th person in a queue stands, from 0 at its head. Who finds the line full stands in a crowd at its end.
    pub fn place_in_queue(&self, post: &Post, i: u32) -> Standing {
        let room = self.queue_room(post);
        if i < room {
            let at_m = along(&post.queue_m, f64::from(i) * self.spacing_m);
            return Standing { at_m: at_m.unwrap_or(post.at_m), spills: false };
        }
        Standing { at_m: self.spill(post).at(i - room), spills: true }
    }

    /// Where the i-th person in a post's area sits, from 0; who finds it full stands below it. `None` without an area.
    pub fn place_in_area(&self, post: &Post, i: u32) -> Option<Standing> {
        let (from, seats) = self.area(post)?;
        let room = seats[0] * seats[1];
        if i < room {
            let (column, row) = (f64::from(i % seats[0]), f64::from(i / seats[0]));
            let at_m = [from[0] + column * self.spacing_m, from[1] + row * self.spacing_m];
            return Some(Standing { at_m, spills: false });
        }
        let area = post.area_m?;
        let step = self.spacing_m * Spill::CLOSER;
        let below = Spill {
            from_m: [from[0], area[1][1] + step],
            step_m: [step, 0.0],
            row_m: [0.0, step],
            in_row: seats[0],
        };
        Some(Standing { at_m: below.at(i - room), spills: true })
    }

    /// Seats in a post's area at the spacing; 0 without one.
    pub fn area_room(&self, post: &Post) -> u32 {
        self.area(post).map_or(0, |(_, seats)| seats[0] * seats[1])
    }

    /// The first seat, and how many seats there are side by side and in rows.
    fn area(&self, post: &Post) -> Option<(Point, [u32; 2])> {
        let [from, to] = post.area_m?;
        let seats =
            [0, 1].map(|axis| (((to[axis] - from[axis]) + SLACK_M) / self.spacing_m).clamp(1.0, 100.0));
        let first = [from[0] + self.spacing_m / 2.0, from[1] + self.spacing_m / 2.0];
        Some((first, seats.map(|seats| seats as u32)))
    }

    /// Where so many servers of a post stand: side by side across the way of those who come, then in further rows.
    pub fn servers(&self, post: &Post, number: u32) -> Vec<Point> {
        let ahead = self.direction(post);
        let across = [-ahead[1], ahead[0]];
        let in_row = servers_in_row(number);
        let place = |i: u32| {
            let side = f64::from(i % in_row) * server_pitch(self.spacing_m);
            let behind = f64::from(i / in_row) * server_row(self.spacing_m);
            tidy([0, 1].map(|axis| post.at_m[axis] + across[axis] * side + ahead[axis] * behind))
        };
        (0..number).map(place).collect()
    }

    /// The way of those who come to a post, of length 1: from the head of its queue, or else from the entrance.
    fn direction(&self, post: &Post) -> Point {
        let from = post.queue_m.first().copied().unwrap_or(self.entrance_m);
        unit(from, post.at_m).unwrap_or([1.0, 0.0])
    }

    /// The crowd beyond the end of a queue: rows of a few people, across the line, further and further back.
    pub fn spill(&self, post: &Post) -> Spill {
        let end = post.queue_m.last().copied().unwrap_or(post.at_m);
        let before = post.queue_m.iter().rev().find(|&&point| point != end).copied();
        let back = unit(before.unwrap_or(post.at_m), end).unwrap_or([-1.0, 0.0]);
        let step = self.spacing_m * Spill::CLOSER;
        let across = [-back[1] * step, back[0] * step];
        let half = f64::from(Spill::IN_ROW - 1) / 2.0;
        Spill {
            from_m: tidy([0, 1].map(|axis| end[axis] + back[axis] * self.spacing_m - across[axis] * half)),
            step_m: across,
            row_m: back.map(|part| part * step),
            in_row: Spill::IN_ROW,
        }
    }
}

fn servers_in_row(number: u32) -> u32 {
    SERVERS_IN_ROW.max(number.isqrt())
}

fn server_pitch(spacing_m: f64) -> f64 {
    SERVER_M.max(spacing_m)
}

fn server_row(spacing_m: f64) -> f64 {
    SERVER_ROW_M.max(spacing_m)
}

/// Metres between two points.
pub fn distance(from: Point, to: Point) -> f64 {
    let [x, y] = [to[0] - from[0], to[1] - from[1]];
    (x * x + y * y).sqrt()
}

fn length(line: &[Point]) -> f64 {
    line.windows(2).map(|pair| distance(pair[0], pair[1])).sum()
}

/// The point so many metres along a line; its end if the line is shorter.
fn along(line: &[Point], metres: f64) -> Option<Point> {
    let mut left = metres;
    for pair in line.windows(2) {
        let step = distance(pair[0], pair[1]);
        if left <= step && step > 0.0 {
            return Some(tidy(
                [0, 1].map(|axis| pair[0][axis] + (pair[1][axis] - pair[0][axis]) * left / step),
            ));
        }
        left -= step;
    }
    line.last().copied()
}

/// The direction from one point to another, of length 1.
fn unit(from: Point, to: Point) -> Option<Point> {
    let length = distance(from, to);
    (length > 0.0).then(|| [(to[0] - from[0]) / length, (to[1] - from[1]) / length])
}

/// A point to the centimetre: as a person would write it.
fn tidy(point: Point) -> Point {
    point.map(|metres| {
        let centimetres = (metres * 100.0).round() / 100.0;
        if centimetres == 0.0 { 0.0 } else { centimetres }
    })
}
