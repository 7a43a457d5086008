//! A lab stops in the middle of the day. Rounds that are under way finish their stops and go to another lab; routes of the lab go over
//! whole, with the same stops in the same order, as far as their length allows; all others stay as they are.

use crate::{
    Effort, QUARTER_MIN, Task,
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
/// A new route is worth a detour of a quarter: drivers keep the way that they know.
const ANEW: f64 = 1.25;

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
}

impl Replanned {
    /// This change and the next one.
    #[must_use]
    pub fn then(self, next: Replanned) -> Replanned {
        let mut sites_moved = [self.sites_moved, next.sites_moved].concat();
        sites_moved.sort_unstable();
        sites_moved.dedup();
        Replanned {
            sites_moved,
            rounds_diverted: self.rounds_diverted + next.rounds_diverted,
            routes_whole: self.routes_whole + next.routes_whole,
            routes_made_anew: self.routes_made_anew + next.routes_made_anew,
            tubes_moved: self.tubes_moved + next.tubes_moved,
            rounds: next.rounds,
        }
    }
}

/// Changes a plan because a lab tests nothing from `now` on. The task's lab must be closed from then on.
pub fn replan(task: &Task, rounds: &Rounds, now: f64, lab: u32, effort: &Effort) -> Replanned {
    let ways = Ways::new(task, &rounds.places);
    let mut ground = Ground::new(task, &ways, &rounds.places);
    // Whatever is sent on now is there no sooner.
    let open: Vec<bool> = task.labs.iter().map(|of| of.tests_after(now + LOADING_MIN)).collect();
    ground.close(&open);
    let field = Field::new(task, &ways, &ground);
    let loads = loads(task, &rounds.routes);
    let (gone, stay): (Vec<Gone<'_>>, Vec<Gone<'_>>) =
        rounds.routes.iter().zip(&loads).partition(|(route, _)| route.lab == lab);
    let waiting = waiting(task, rounds, &gone, now, lab);
    let mut taking = Taking {
        field: &field,
        rounds,
        lab,
        now,
        waiting,
        open,
        fetched: fetched(task, rounds, (now, waiting), lab),
        given: vec![None; task.sites.len()],
        rooms: rooms(task, &rounds.places, &stay),
    };
    let mut all = Replanned {
        rounds: Rounds {
            places: rounds.places.clone(),
            routes: stay.into_iter().map(|(route, _)| route.clone()).collect(),
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
    };
    let next = |route: &Route| route.departs_min.iter().copied().find(|&leaves| leaves >= now);
    let left = |route: &Route| -> f64 { route.stops.iter().map(|stop| taking.left(stop.site).1).sum() };
    let mut order: Vec<(bool, f64, Gone<'_>)> =
        gone.into_iter().map(|of| (next(of.0).is_none(), left(of.0), of)).collect();
    // What goes on first, the largest of it first.
    order.sort_by(|one, other| one.0.cmp(&other.0).then(other.1.total_cmp(&one.1)));
    let mut anew: Vec<(u32, u32)> = Vec::new();
    let mut new = Vec::new();
    for (_, _, of) in order {
        let route = of.0;
        let over = taking.over(route);
        taking.past(of, over.most, &mut all);
        let Some(next) = next(route) else { continue };
        let reached = route.stops.iter().zip(&over.labs).filter(|(_, lab)| lab.is_some());
        all.sites_moved.extend(reached.map(|(stop, _)| stop.site));
        if let (true, Some(to)) = (over.whole, over.most) {
            new.push(taking.taken_over(route, to, next));
            all.routes_whole += 1;
        } else {
            let to = route.stops.iter().zip(&over.labs);
            anew.extend(to.filter_map(|(stop, lab)| lab.map(|lab| (stop.site, lab))));
            all.routes_made_anew += u32::from(over.labs.iter().any(Option::is_some));
        }
    }
    new.extend(made_anew(&field, taking.rooms, &anew, now, effort.seed));
    let before = all.rounds.routes.len();
    all.rounds.routes.extend(new);
    all.rounds.trucks.extend(schedule::trucks(task, &all.rounds.routes, before, Some(now)));
    all.sites_moved.sort_unstable();
    all
}

/// A route that is given away, and what its rounds bring.
type Gone<'a> = (&'a Route, &'a Vec<(f64, f64)>);

/// What the other labs get anyway.
fn rooms(task: &Task, places: &[u32], stay: &[Gone<'_>]) -> Vec<Room> {
    let hours = hours(task);
    let place = |number: usize| places.get(number).copied().unwrap_or(0);
    let new = |(number, of): (usize, &crate::Lab)| Room::new(task, of, place(number), hours);
    let mut rooms: Vec<Room> = task.labs.iter().enumerate().map(new).collect();
    for (route, loads) in stay {
        let further = task.labs[route.lab as usize].away.map_or(0.0, |away| away.travel_min);
        let coming = &mut rooms[route.lab as usize].coming;
        for (back, tubes) in loads.iter() {
            let hour = ((back + further).max(0.0) / 60.0) as usize;
            coming[hour.min(hours - 1)] += tubes;
        }
    }
    rooms
}

/// The truck that takes what a round brings from its door to its lab.
fn truck_of<'a>(rounds: &'a Rounds, route: &Route, back: f64) -> Option<&'a Truck> {
    let its = |truck: &&Truck| truck.from == route.ends && truck.to == route.lab && truck.departs_min >= back;
    rounds.trucks.iter().filter(its).min_by(|one, other| one.arrives_min.total_cmp(&other.arrives_min))
}

/// When what a round brings is at its lab; infinite where no truck takes it there.
fn arrival(rounds: &Rounds, route: &Route, back: f64) -> f64 {
    if route.ends == route.lab {
        return back;
    }
    truck_of(rounds, route, back).map_or(f64::INFINITY, |truck| truck.arrives_min)
}

/// From when on what came to the lab has not been begun: what came last still waits.
fn waiting(task: &Task, rounds: &Rounds, gone: &[Gone<'_>], now: f64, lab: u32) -> f64 {
    let at_lab = |(route, loads): &Gone<'_>| -> Vec<(f64, f64)> {
        loads.iter().map(|&(back, tubes)| (arrival(rounds, route, back), tubes)).collect()
    };
    let mut came: Vec<(f64, f64)> = gone.iter().flat_map(at_lab).collect();
    came.retain(|load| load.0 < now && load.1 > 0.0);
    came.sort_by(|one, other| one.0.total_cmp(&other.0));
    let of = &task.labs[lab as usize];
    let place = rounds.places.get(lab as usize).copied().unwrap_or(0) as usize;
    let ready = of.places.get(place).map_or(0.0, |place| place.ready_min);
    // A queue starts what came before any moment and what can be started since, of all moments the least.
    let (mut before, mut begun) = (0.0, f64::INFINITY);
    for (at, tubes) in &came {
        begun = f64::min(begun, before + of.started(ready, *at, now));
        before += tubes;
    }
    let mut upto = 0.0;
    let first = came.iter().find(|(_, tubes)| {
        upto += tubes;
        upto > begun + 1e-6
    });
    first.map_or(now, |(at, _)| *at)
}

/// The last visit at each site whose tubes need no other lab: the lab that stops has tested them, or another gets them anyway.
fn fetched(task: &Task, rounds: &Rounds, (now, waiting): (f64, f64), lab: u32) -> Vec<f64> {
    let mut fetched = vec![f64::NEG_INFINITY; task.sites.len()];
    for route in &rounds.routes {
        let done = |leaves: &&f64| {
            if route.lab == lab {
                arrival(rounds, route, **leaves + route.back_min) < waiting
            } else {
                **leaves < now
            }
        };
        let Some(last) = route.departs_min.iter().rfind(done) else { continue };
        for stop in &route.stops {
            let site = &mut fetched[stop.site as usize];
            *site = site.max(last + stop.after_min);
        }
    }
    fetched
}

struct Taking<'a> {
    field: &'a Field<'a>,
    /// The plan that is changed.
    rounds: &'a Rounds,
    lab: u32,
    now: f64,
    /// From when on what came to the lab has not been begun.
    waiting: f64,
    /// Labs that start batches after this.
    open: Vec<bool>,
    /// See [`fetched`]; infinite where a site's tubes were given to another lab,
    fetched: Vec<f64>,
    /// which is this one.
    given: Vec<Option<u32>>,
    rooms: Vec<Room>,
}

/// Where a route's tubes go.
struct Over {
    /// The lab of each stop; `None` where none can be reached.
    labs: Vec<Option<u32>>,
    /// That which gets most of them, and with that what is under way.
    most: Option<u32>,
    /// It takes the route as it is.
    whole: bool,
}

impl Taking<'_> {
    /// A site's tubes that another lab must test, by hour and in all: what waits unopened, is under way or closed, and what comes.
    fn left(&self, site: u32) -> (ByHour, f64) {
        let (tubes, fetched) = (&self.field.task.sites[site as usize].tubes, self.fetched[site as usize]);
        let now = ((self.now / QUARTER_MIN).max(0.0) as usize).min(tubes.len().saturating_sub(1));
        let mut left = vec![0.0; tubes.len()];
        for (quarter, &count) in tubes.iter().enumerate() {
            if (quarter as f64 + 1.0) * QUARTER_MIN > fetched {
                left[quarter.max(now)] += count;
            }
        }
        let all = left.iter().sum();
        (ByHour::of(&left), all)
    }

    /// The labs that can get tubes of a site, and the minutes to each.
    fn reached(&self, site: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        (0u32..)
            .zip(&self.open)
            .filter(|&(lab, open)| *open && lab != self.lab)
            .map(move |(lab, _)| (lab, self.field.ground.way(site as usize, lab as usize)))
            .filter(|(_, way)| way.is_finite())
    }

    /// Puts tubes into a lab's room; how many more of them are late.
    fn put(&mut self, lab: u32, tubes: &ByHour) -> f64 {
        let room = &mut self.rooms[lab as usize];
        let before = room.over();
        room.add(tubes, 1.0);
        room.over() - before
    }

    fn take(&mut self, lab: u32, tubes: &ByHour) {
        self.rooms[lab as usize].add(tubes, -1.0);
    }

    /// The labs that take a route over: one as it is, one with new routes, or, where no lab takes it as it is and in time, one for
    /// each stop.
    fn over(&mut self, route: &Route) -> Over {
        let left: Vec<(ByHour, f64)> = route.stops.iter().map(|stop| self.left(stop.site)).collect();
        if left.iter().all(|(_, tubes)| *tubes <= 0.0) {
            // Its tubes are counted where the sites went already: what waits or is under way follows them.
            let given = route.stops.iter().find_map(|stop| self.given[stop.site as usize]);
            let most = given.or_else(|| self.nearest(route, self.lab));
            return Over { labs: vec![most; route.stops.len()], most, whole: false };
        }
        let (mut best, cost, late) = self.by_one(route, &left);
        if !best.whole || late > 0.0 {
            let (each, of_each) = self.by_each(route, &left);
            if best.most.is_none() || of_each < cost {
                best = each;
            }
        }
        for ((stop, lab), (tubes, _)) in route.stops.iter().zip(&best.labs).zip(&left) {
            if let Some(lab) = lab {
                self.rooms[*lab as usize].add(tubes, 1.0);
                self.fetched[stop.site as usize] = f64::INFINITY;
                self.given[stop.site as usize] = Some(*lab);
            }
        }
        best
    }

    /// The one lab that takes all of a route best, what that costs, and how many tubes are late for it.
    fn by_one(&mut self, route: &Route, left: &[(ByHour, f64)]) -> (Over, f64, f64) {
        let stops: Vec<u32> = route.stops.iter().map(|stop| stop.site).collect();
        let boxes = route.stops.iter().fold(0u32, |sum, stop| sum.saturating_add(stop.boxes));
        let none = Over { labs: vec![None; stops.len()], most: None, whole: false };
        let mut best = (none, f64::INFINITY, 0.0);
        for lab in 0..self.rooms.len() as u32 {
            if lab == self.lab || !self.open[lab as usize] {
                continue;
            }
            let way = |&site: &u32| self.field.ground.way(site as usize, lab as usize);
            if !stops.iter().map(way).all(f64::is_finite) {
                continue;
            }
            let whole = self.field.fits(self.field.drive(lab, &stops), stops.len(), boxes);
            let ways: f64 = stops.iter().map(way).zip(left).map(|(way, (_, tubes))| way * tubes).sum();
            let late: f64 = left.iter().map(|(tubes, _)| self.put(lab, tubes)).sum();
            left.iter().for_each(|(tubes, _)| self.take(lab, tubes));
            let cost = if whole { ways } else { ANEW * ways } + LATE_MIN * late;
            if cost < best.1 {
                best = (Over { labs: vec![Some(lab); stops.len()], most: Some(lab), whole }, cost, late);
            }
        }
        best
    }

    /// A lab for each stop, and what that costs.
    fn by_each(&mut self, route: &Route, left: &[(ByHour, f64)]) -> (Over, f64) {
        let (mut labs, mut all) = (Vec::new(), 0.0);
        let mut of_lab = vec![0.0; self.rooms.len()];
        for (stop, (tubes, count)) in route.stops.iter().zip(left) {
            let mut best: Option<(f64, u32)> = None;
            for (lab, way) in self.reached(stop.site).collect::<Vec<_>>() {
                let cost = ANEW * way * count + LATE_MIN * self.put(lab, tubes);
                self.take(lab, tubes);
                if best.is_none_or(|(least, _)| cost < least) {
                    best = Some((cost, lab));
                }
            }
            if let Some((cost, lab)) = best {
                self.put(lab, tubes);
                of_lab[lab as usize] += count + f64::EPSILON;
                all += cost;
            } else {
                all += LATE_MIN * count;
            }
            labs.push(best.map(|(_, lab)| lab));
        }
        for (lab, (tubes, _)) in labs.iter().zip(left) {
            lab.iter().for_each(|&lab| self.take(lab, tubes));
        }
        let most = (0u32..).zip(&of_lab).max_by(|one, other| one.1.total_cmp(other.1));
        let most =
            most.filter(|most| *most.1 > 0.0).map(|most| most.0).or_else(|| self.nearest(route, self.lab));
        (Over { labs, most, whole: false }, all)
    }

    /// The open lab of the city, but for one, that is nearest to a route's last stop: where boxes go from which no round could come again.
    fn nearest(&self, route: &Route, but: u32) -> Option<u32> {
        let (ways, last) = (self.field.ways, route.stops.last()?.site);
        let home = |&lab: &u32| self.open[lab as usize] && self.field.task.labs[lab as usize].away.is_none();
        let far = |&lab: &u32| ways.minutes(last, ways.lab(lab));
        (0..self.open.len() as u32)
            .filter(|&lab| lab != self.lab && lab != but)
            .filter(home)
            .min_by(|one, other| far(one).total_cmp(&far(other)))
    }

    /// What was driven already: what is tested stays, what is under way goes elsewhere, what waits unopened goes on by truck.
    fn past(&self, (route, loads): Gone<'_>, to: Option<u32>, all: &mut Replanned) {
        let driven = || loads.iter().zip(&route.departs_min).filter(|(_, leaves)| **leaves < self.now);
        let part = |is: &dyn Fn(f64) -> bool, ends: u32, lab: u32| {
            let departs_min: Vec<f64> =
                driven().filter(|(load, _)| is(load.0)).map(|(_, leaves)| *leaves).collect();
            let vehicles = route.vehicles.min(departs_min.len() as u32);
            (!departs_min.is_empty()).then(|| Route { departs_min, vehicles, ends, lab, ..route.clone() })
        };
        // A lab elsewhere is told of what comes; what waits here goes to one of the city's own that still tests.
        let door = to.map(|to| self.field.ground.doors[to as usize]);
        let door = door.filter(|&door| door != self.lab && self.open[door as usize]);
        let next = door.or_else(|| self.nearest(route, self.lab));
        let Some(next) = next else {
            all.rounds.routes.extend(part(&|_| true, route.ends, route.lab));
            return;
        };
        let tested = |back: f64| arrival(self.rounds, route, back) < self.waiting;
        let unopened = |back: f64| !tested(back) && back < self.now;
        all.rounds.routes.extend(part(&tested, route.ends, route.lab));
        // Boxes that were sent on from a door do not lie there any more: another door takes them where there is one.
        let onto = if next == route.ends { self.nearest(route, next).unwrap_or(next) } else { next };
        if let Some(part) = part(&unopened, route.ends, onto) {
            all.rounds.routes.push(part);
            for (load, _) in driven().filter(|(load, _)| unopened(load.0)) {
                all.tubes_moved += load.1;
                self.on(route, *load, onto, &mut all.rounds.trucks);
            }
        }
        if let Some(mut part) = part(&|back| back >= self.now, next, next) {
            all.rounds_diverted += part.departs_min.len() as u32;
            timed(self.field, &mut part);
            all.rounds.routes.push(part);
        }
    }

    /// Unopened boxes go on to another lab: from the door at which they wait, or with the truck that has taken them from there already.
    fn on(&self, route: &Route, (back, tubes): (f64, f64), to: u32, trucks: &mut Vec<Truck>) {
        let (ways, from) = (self.field.ways, route.ends);
        let minutes = |from: u32| ways.minutes(ways.lab(from), ways.lab(to));
        let ready = (self.now + LOADING_MIN).ceil();
        let left = truck_of(self.rounds, route, back)
            .filter(|truck| from != self.lab && truck.departs_min < self.now);
        let (departs_min, arrives_min) = left.map_or((ready, ready + minutes(from)), |truck| {
            let away = self.field.task.labs[self.lab as usize].away;
            let further = away.map_or_else(|| minutes(self.lab), |away| away.travel_min);
            (truck.departs_min, ready.max(truck.arrives_min) + further)
        });
        let at = [departs_min, arrives_min];
        let same = |of: &&mut Truck| of.from == from && of.to == to && [of.departs_min, of.arrives_min] == at;
        if let Some(truck) = trucks.iter_mut().find(same) {
            truck.tubes += tubes;
        } else {
            trucks.push(Truck { from, to, departs_min, arrives_min, tubes, notify_min: self.now });
        }
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
