//! A lab stops in the middle of the day. Rounds that are under way finish their stops and go to another lab; routes of the lab go over
//! whole, with the same stops in the same order, as far as their length allows; all others stay as they are.

use crate::{
    Effort, Task,
    assign::{Ground, LATE_MIN, Shares},
    rounds::{Field, Standing, shorten},
    schedule::{self, departs, loads, timed},
    ways::Ways,
    windows::{ByHour, Room, hours},
};
use domain::city::rounds::{Rounds, Route, Truck};

/// Minutes until boxes that nobody opened are on a truck.
const LOADING_MIN: f64 = 30.0;
/// Tries of the search for what cannot be taken over whole.
const TRIES: u64 = 50_000;

/// A plan that was changed.
#[derive(Clone, Debug)]
pub struct Replanned {
    /// What is driven, what was driven before included.
    pub rounds: Rounds,
    /// Sites whose tubes another lab tests from now on.
    pub sites_moved: Vec<u32>,
    /// Rounds under way that end at another lab.
    pub rounds_diverted: u32,
    /// Routes that another lab took over as they are, and those that had to be made anew.
    pub routes_whole: u32,
    /// See above.
    pub routes_made_anew: u32,
    /// Tubes that wait at the lab and go on by truck.
    pub tubes_moved: f64,
    /// Sites that no other lab can reach.
    pub unserved: Vec<u32>,
}

/// Changes a plan because a lab tests nothing from `now` on. The task's lab must be closed from then on.
pub fn replan(task: &Task, rounds: &Rounds, now: f64, lab: u32, effort: &Effort) -> Replanned {
    let ways = Ways::new(task, &rounds.places);
    let ground = Ground::new(task, &ways, &rounds.places);
    let field = Field::new(task, &ways, &ground);
    let mut taking = Taking { field: &field, lab, now, rooms: rooms(task, rounds, lab) };
    let (gone, stay): (Vec<&Route>, Vec<&Route>) = rounds.routes.iter().partition(|route| route.lab == lab);
    let mut all = Replanned {
        rounds: Rounds {
            places: rounds.places.clone(),
            routes: stay.into_iter().cloned().collect(),
            trucks: rounds
                .trucks
                .iter()
                .filter(|truck| truck.to != lab || truck.departs_min < now)
                .copied()
                .collect(),
        },
        sites_moved: Vec::new(),
        rounds_diverted: 0,
        routes_whole: 0,
        routes_made_anew: 0,
        tubes_moved: 0.0,
        unserved: Vec::new(),
    };
    let waiting = waiting(task, &gone, now, lab);
    let mut order: Vec<&Route> = gone;
    let left = |route: &Route| -> f64 { route.stops.iter().map(|stop| taking.left(stop.site).1).sum() };
    order.sort_by(|one, other| left(other).total_cmp(&left(one)));
    let mut anew: Vec<(u32, u32)> = Vec::new();
    let mut new = Vec::new();
    for route in order {
        let (to, whole) = taking.over(route);
        taking.past(route, waiting, to, &mut all);
        let ahead = route.departs_min.iter().copied().find(|&leaves| leaves >= now);
        let Some(next) = ahead else { continue };
        let Some(to) = to else {
            all.unserved.extend(route.stops.iter().map(|stop| stop.site));
            continue;
        };
        all.sites_moved.extend(route.stops.iter().map(|stop| stop.site));
        if whole {
            new.push(taking.taken_over(route, to, next));
            all.routes_whole += 1;
        } else {
            anew.extend(route.stops.iter().map(|stop| (stop.site, to)));
            all.routes_made_anew += 1;
        }
    }
    new.extend(made_anew(&field, taking.rooms, &anew, now, effort.seed));
    all.rounds.trucks.extend(schedule::trucks(task, &new, Some(now)));
    all.rounds.routes.extend(new);
    all.sites_moved.sort_unstable();
    all.unserved.sort_unstable();
    all
}

/// What the other labs get anyway.
fn rooms(task: &Task, rounds: &Rounds, lab: u32) -> Vec<Room> {
    let hours = hours(task);
    let place = |number: usize| rounds.places.get(number).copied().unwrap_or(0);
    let new = |(number, of): (usize, &crate::Lab)| Room::new(task, of, place(number), hours);
    let mut rooms: Vec<Room> = task.labs.iter().enumerate().map(new).collect();
    let mut given = vec![false; task.sites.len()];
    for route in rounds.routes.iter().filter(|route| route.lab != lab) {
        for stop in &route.stops {
            if !std::mem::replace(&mut given[stop.site as usize], true) {
                rooms[route.lab as usize].add(&ByHour::of(&task.sites[stop.site as usize].tubes), 1.0);
            }
        }
    }
    rooms
}

/// From when on what came to the lab has not been begun: what came last still waits.
fn waiting(task: &Task, routes: &[&Route], now: f64, lab: u32) -> f64 {
    let mut came: Vec<(f64, f64)> = routes.iter().flat_map(|route| loads(task, route)).collect();
    came.retain(|load| load.0 < now && load.1 > 0.0);
    came.sort_by(|one, other| one.0.total_cmp(&other.0));
    let of = &task.labs[lab as usize];
    let mut free = of.open_min.first().map_or(now, |open| open[0]);
    for (at, tubes) in came {
        free = free.max(at) + tubes / of.tubes_per_hour.max(1e-9) * 60.0;
        if free > now {
            return at;
        }
    }
    now
}

struct Taking<'a> {
    field: &'a Field<'a>,
    lab: u32,
    now: f64,
    rooms: Vec<Room>,
}

impl Taking<'_> {
    /// A site's tubes from now on, by hour and in all.
    fn left(&self, site: u32) -> (ByHour, f64) {
        let from = (self.now / crate::QUARTER_MIN) as usize;
        let tubes = &self.field.task.sites[site as usize].tubes;
        let left: Vec<f64> =
            tubes.iter().enumerate().map(|(at, &count)| if at < from { 0.0 } else { count }).collect();
        let all = left.iter().sum();
        (ByHour::of(&left), all)
    }

    /// The lab that takes a route over, and whether it takes it as it is.
    fn over(&mut self, route: &Route) -> (Option<u32>, bool) {
        let left: Vec<(ByHour, f64)> = route.stops.iter().map(|stop| self.left(stop.site)).collect();
        let stops: Vec<u32> = route.stops.iter().map(|stop| stop.site).collect();
        let boxes = route.stops.iter().map(|stop| stop.boxes).sum();
        let mut best: Option<(f64, u32, bool)> = None;
        for lab in (0..self.rooms.len() as u32).filter(|&lab| lab != self.lab) {
            let way = |&site: &u32| self.field.ground.way(site as usize, lab as usize);
            if !stops.iter().map(way).all(f64::is_finite) {
                continue;
            }
            let whole = self.field.fits(self.field.drive(lab, &stops), stops.len(), boxes);
            let ways: f64 = stops.iter().map(way).zip(&left).map(|(way, (_, tubes))| way * tubes).sum();
            let room = &mut self.rooms[lab as usize];
            let before = room.over();
            left.iter().for_each(|(tubes, _)| room.add(tubes, 1.0));
            let late = room.over() - before;
            left.iter().for_each(|(tubes, _)| room.add(tubes, -1.0));
            // A new route is worth a detour of a quarter: drivers keep the way that they know.
            let cost = if whole { ways } else { 1.25 * ways } + LATE_MIN * late;
            if best.is_none_or(|(least, _, _)| cost < least) {
                best = Some((cost, lab, whole));
            }
        }
        let Some((_, lab, whole)) = best else { return (None, false) };
        left.iter().for_each(|(tubes, _)| self.rooms[lab as usize].add(tubes, 1.0));
        (Some(lab), whole)
    }

    /// What was driven already: what is tested stays, what is under way goes elsewhere, what waits unopened goes on by truck.
    fn past(&self, route: &Route, waiting: f64, to: Option<u32>, all: &mut Replanned) {
        let back = |leaves: &f64| leaves + route.back_min;
        let before: Vec<f64> =
            route.departs_min.iter().copied().filter(|&leaves| leaves < self.now).collect();
        let mut part = |departs_min: Vec<f64>, change: &dyn Fn(&mut Route)| {
            if !departs_min.is_empty() {
                let mut part = Route { departs_min, ..route.clone() };
                change(&mut part);
                all.rounds.routes.push(part);
            }
        };
        let Some(to) = to else { return part(before, &|_| {}) };
        let door = self.field.ground.doors[to as usize];
        let of = |from: f64, until: f64| -> Vec<f64> {
            before.iter().copied().filter(|leaves| (from..until).contains(&back(leaves))).collect()
        };
        part(of(f64::NEG_INFINITY, waiting), &|_| {});
        // A lab elsewhere is told of what comes; what waits here goes to one of the city's own.
        let unopened = of(waiting, self.now);
        let next = if door == to { to } else { door };
        if !unopened.is_empty() && next != self.lab {
            let tubes: f64 = loads(self.field.task, route)
                .iter()
                .filter(|(at, _)| (waiting..self.now).contains(at))
                .map(|load| load.1)
                .sum();
            all.tubes_moved += tubes;
            part(unopened, &|part| part.lab = next);
            self.truck(next, tubes, &mut all.rounds.trucks);
        } else {
            part(unopened, &|_| {});
        }
        let under_way = of(self.now, f64::INFINITY);
        all.rounds_diverted += under_way.len() as u32;
        let mut part = |departs_min: Vec<f64>| {
            if !departs_min.is_empty() {
                let mut part = Route { departs_min, ends: next, lab: next, ..route.clone() };
                timed(self.field, &mut part);
                all.rounds.routes.push(part);
            }
        };
        part(under_way);
    }

    /// One truck to each lab that gets unopened boxes.
    fn truck(&self, to: u32, tubes: f64, trucks: &mut Vec<Truck>) {
        let same = |truck: &&mut Truck| truck.from == self.lab && truck.to == to;
        if let Some(truck) = trucks.iter_mut().find(same) {
            truck.tubes += tubes;
            return;
        }
        let ways = self.field.ways;
        let departs_min = (self.now + LOADING_MIN).ceil();
        let arrives_min = departs_min + ways.minutes(ways.lab(self.lab), ways.lab(to));
        trucks.push(Truck { from: self.lab, to, departs_min, arrives_min, tubes, notify_min: self.now });
    }

    /// A route as it is, from another lab: at its first stop as near as can be when it would have been there.
    fn taken_over(&self, route: &Route, to: u32, next: f64) -> Route {
        let door = self.field.ground.doors[to as usize];
        let was = route.stops.first().map_or(0.0, |stop| stop.after_min);
        let mut route = Route { starts: door, ends: door, lab: to, ..route.clone() };
        timed(self.field, &mut route);
        let first = next + was - route.stops.first().map_or(0.0, |stop| stop.after_min);
        departs(self.field.task, &mut route, first.max(self.now).ceil());
        route
    }
}

/// Routes for sites whose own is too long from the lab that takes them.
fn made_anew(field: &Field<'_>, rooms: Vec<Room>, sites: &[(u32, u32)], now: f64, seed: u64) -> Vec<Route> {
    let mut lab_of = vec![None; field.task.sites.len()];
    sites.iter().for_each(|&(site, lab)| lab_of[site as usize] = Some(lab));
    let shares = Shares { lab_of, bound: 0.0, rooms };
    let standing = shorten(field, Standing::apart(field, &shares), seed, TRIES, &mut |_| {});
    let mut routes = schedule::routes(field, &standing.tours);
    for route in &mut routes {
        let past = route.departs_min.partition_point(|&leaves| leaves < now);
        let first = route.departs_min.get(past).copied().unwrap_or(now);
        departs(field.task, route, first.max(now));
    }
    routes
}
