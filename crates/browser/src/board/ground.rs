//! Where people stand: places in queues, before servers, on seats and on the way, in metres on the plan of the site.

use super::site::Site;
use domain::{
    Layout,
    layout::{Point, Post, Standing, distance},
};
use round::{Counter, Round, Rules, Stands, Visit};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The plan of the site with its places.
pub(crate) struct Ground {
    layout: Layout,
    posts: Vec<Places>,
}

/// The places of one post.
struct Places {
    /// Where people stand to be served, by server.
    counters: Vec<Point>,
    /// Places along the queue that fit.
    room: u32,
}

/// Who sits where: nobody changes seats while sitting. By a person's number: the post and the seat.
#[derive(Default)]
pub(crate) struct Seats(BTreeMap<u32, (usize, u32)>);

/// What a person is doing, as the page is told.
#[derive(Clone, Copy)]
enum Doing {
    Waiting = 0,
    Served = 1,
    Watched = 2,
    Walking = 3,
}

/// The lowest bits of who sits or is watched.
#[cfg(test)]
pub(super) const WATCHED: u32 = Doing::Watched as u32;

const GREEN: u32 = 4;
const SPILLS: u32 = 8;

/// A person stands so far before a server, across a table; a car keeps a share of the spacing.
const TABLE_M_MIN: f64 = 0.8;
/// People who came together stand so close, as a share of the spacing: in a car it is the car's length.
const TOGETHER: f64 = 0.25;
const TOGETHER_M_MIN: f64 = 0.5;
/// People who walk keep apart by up to this.
const STRAY_M: f64 = 1.2;

impl Ground {
    pub(crate) fn new(site: &Site) -> Ground {
        let layout = site.layout();
        let servers = |post: &Post| {
            let calendar = site.rules.stations[post.station].servers.iter().flatten();
            calendar.map(|&(_, servers)| servers).max().unwrap_or(0)
        };
        let posts = layout.posts.iter().map(|post| {
            let from = post.queue_m.first().copied().unwrap_or(layout.entrance_m);
            let step = (layout.spacing_m * TOGETHER).max(TABLE_M_MIN);
            let before = |at: Point| toward(at, from, step, post.at_m);
            let counters = layout.servers(post, servers(post)).into_iter().map(before).collect();
            Places { counters, room: layout.queue_room(post) }
        });
        let posts = posts.collect();
        Ground { layout, posts }
    }

    /// The post of a station in a lane (0: shared), by its place in the drawing.
    pub(crate) fn post(&self, station: usize, lane: u16) -> Option<usize> {
        let own = lane.checked_sub(1);
        self.layout
            .posts
            .iter()
            .position(|post| post.station == station && (post.lane.is_none() || post.lane == own))
    }

    /// People, or vehicles, who fit the queue of a post.
    pub(crate) fn room(&self, post: usize) -> u32 {
        self.posts[post].room
    }

    /// Writes down where everybody at the site stands.
    pub(crate) fn stand(&self, round: &Round, seats: &mut Seats, into: &mut Vec<f32>) {
        for (desk, counter) in round.counters() {
            let Some(post) = self.post(desk.station, desk.lane) else { continue };
            let together = round.rules().stations[desk.station].together;
            self.queue(round, post, counter, together, into);
            self.counter(round, post, counter, into);
        }
        let mut sitting = Vec::new();
        for visit in round.visits().values() {
            match visit.stands {
                Stands::Walking { .. } => {
                    let at = stray(self.heading(round.rules(), visit), visit.number);
                    write(into, visit, Doing::Walking, Standing { at_m: at, spills: false });
                }
                Stands::Observed { .. } => {
                    let desk = visit.last.map(|last| last.desk);
                    let post = desk.and_then(|desk| self.post(desk.station, desk.lane));
                    sitting.push((post, visit, Doing::Watched));
                }
                Stands::Serving { desk, server: 0, .. } => {
                    // Where nobody counts servers, people sit.
                    sitting.push((self.post(desk.station, desk.lane), visit, Doing::Watched));
                }
                _ => {}
            }
        }
        self.sit(&sitting, seats, into);
    }

    fn queue(&self, round: &Round, post: usize, counter: &Counter, together: bool, into: &mut Vec<f32>) {
        let (mut place, mut beside, mut last) = (0, 0, None);
        for waiting in counter.queue() {
            let Some(visit) = round.visit(waiting.visit) else { continue };
            let party = (waiting.since, visit.household);
            if together && last == Some(party) {
                beside += 1;
            } else {
                place += u32::from(last.is_some());
                beside = 0;
            }
            last = Some(party);
            let mut standing = self.layout.place_in_queue(&self.layout.posts[post], place);
            standing.at_m = self.nestle(standing.at_m, beside);
            write(into, visit, Doing::Waiting, standing);
        }
    }

    fn counter(&self, round: &Round, post: usize, counter: &Counter, into: &mut Vec<f32>) {
        for (server, people) in counter.busy().filter(|&(server, _)| server > 0) {
            let places = &self.posts[post].counters;
            let place = places.get(server as usize - 1).copied().unwrap_or(self.layout.posts[post].at_m);
            for (beside, visit) in (0..).zip(people.iter().filter_map(|&visit: &Uuid| round.visit(visit))) {
                let standing = Standing { at_m: self.nestle(place, beside), spills: false };
                write(into, visit, Doing::Served, standing);
            }
        }
    }

    fn sit(&self, sitting: &[(Option<usize>, &Visit, Doing)], seats: &mut Seats, into: &mut Vec<f32>) {
        let mut kept = BTreeMap::new();
        let mut taken = vec![BTreeSet::new(); self.posts.len()];
        for &(post, visit, _) in sitting {
            if let Some(&(own, seat)) = seats.0.get(&visit.number).filter(|(own, _)| Some(*own) == post) {
                kept.insert(visit.number, (own, seat));
                taken[own].insert(seat);
            }
        }
        let mut new: Vec<_> =
            sitting.iter().filter(|(_, visit, _)| !kept.contains_key(&visit.number)).collect();
        new.sort_by_key(|(_, visit, _)| (visit.stands.since(), visit.number));
        for &&(post, visit, _) in &new {
            let Some(post) = post else { continue };
            let seat = (0..).find(|seat| !taken[post].contains(seat)).expect("seats go on without an end");
            taken[post].insert(seat);
            kept.insert(visit.number, (post, seat));
        }
        for &(_, visit, doing) in sitting {
            let place = kept.get(&visit.number).map(|&(post, seat)| {
                let post = &self.layout.posts[post];
                let nearby = || Standing { at_m: self.nestle(post.at_m, seat), spills: false };
                self.layout.place_in_area(post, seat).unwrap_or_else(nearby)
            });
            let standing = place.unwrap_or(Standing { at_m: self.layout.exit_m, spills: false });
            write(into, visit, doing, standing);
        }
        seats.0 = kept;
    }

    /// The place of the i-th person of a party: close together, two to a row.
    fn nestle(&self, at: Point, i: u32) -> Point {
        let step = (self.layout.spacing_m * TOGETHER).max(TOGETHER_M_MIN);
        [at[0] - f64::from(i % 2) * step, at[1] + f64::from(i / 2) * step]
    }

    /// Where somebody who walks is going: to the next station's queue, or out.
    fn heading(&self, rules: &Rules, visit: &Visit) -> Point {
        let Some(last) = visit.last else { return self.layout.entrance_m };
        let next = rules.ways_on(&visit.class, last.desk.station).into_iter().flatten().next();
        let lane = visit.lane.unwrap_or(last.desk.lane);
        let post = next.and_then(|station| self.post(station, lane));
        post.map_or(self.layout.exit_m, |post| {
            let post = &self.layout.posts[post];
            post.queue_m.last().copied().unwrap_or(post.at_m)
        })
    }
}

fn write(into: &mut Vec<f32>, visit: &Visit, doing: Doing, standing: Standing) {
    let green = if visit.green { GREEN } else { 0 };
    let spills = if standing.spills { SPILLS } else { 0 };
    let bits = doing as u32 | green | spills;
    let person: [f32; super::STRIDE] =
        [visit.number as f32, standing.at_m[0] as f32, standing.at_m[1] as f32, bits as f32];
    into.extend(person);
}

/// A step from one point in the direction in which another point lies from a third.
fn toward(at: Point, to: Point, step_m: f64, from: Point) -> Point {
    let length = distance(from, to);
    if length <= 0.0 {
        return at;
    }
    [0, 1].map(|axis| at[axis] + (to[axis] - from[axis]) / length * step_m)
}

/// A little beside a point, the same for a person each time.
fn stray(at: Point, number: u32) -> Point {
    let turned = number.wrapping_mul(0x9E37_79B1);
    let part = |bits: u32| (f64::from(bits & 0xff) / 255.0 - 0.5) * 2.0 * STRAY_M;
    [at[0] + part(turned >> 24), at[1] + part(turned >> 16)]
}
