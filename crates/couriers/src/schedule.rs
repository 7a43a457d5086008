//! From tours to what is driven when: departures, vehicles, trucks to labs in other cities.

use crate::{
    QUARTER_MIN, Task,
    rounds::{Field, Tour},
};
use domain::city::rounds::{Route, Stop, Truck};

/// Minutes between two trucks to a lab in another city: large loads, which are told beforehand.
pub(crate) const TRUCK_EVERY_MIN: f64 = 120.0;
/// Minutes after the last tube is expected until which a courier still comes by.
const GRACE_MIN: f64 = 30.0;
/// Days of a round at most, and so many rounds of a route.
const ROUNDS_MAX: usize = 7 * 24 * 60;

/// Routes with their departures. Those of one lab leave one after the other within the time between two visits, so that boxes do not
/// all come at once.
pub(crate) fn routes(field: &Field<'_>, tours: &[Tour]) -> Vec<Route> {
    let labs = field.task.labs.len();
    let mut of_lab = vec![0u32; labs];
    tours.iter().for_each(|tour| of_lab[tour.lab as usize] += 1);
    let mut nth = vec![0u32; labs];
    let mut order: Vec<&Tour> = tours.iter().collect();
    order.sort_by_key(|tour| (tour.lab, tour.stops.first().copied()));
    let route = |tour: &&Tour| {
        let lab = tour.lab as usize;
        let phase = f64::from(nth[lab]) / f64::from(of_lab[lab]);
        nth[lab] += 1;
        let door = field.ground.doors[lab];
        let mut route = Route {
            starts: door,
            ends: door,
            lab: tour.lab,
            stops: tour
                .stops
                .iter()
                .map(|&site| Stop { site, after_min: 0.0, boxes: field.boxes[site as usize] })
                .collect(),
            back_min: 0.0,
            vehicles: 0,
            departs_min: Vec::new(),
        };
        timed(field, &mut route);
        let first = departs_first(field.task, &route, phase);
        departs(field.task, &mut route, first);
        route
    };
    order.iter().map(route).collect()
}

/// Sets when a vehicle is at each stop and back.
pub(crate) fn timed(field: &Field<'_>, route: &mut Route) {
    let mut at = field.ways.lab(route.starts);
    let mut time = 0.0;
    for stop in &mut route.stops {
        time += field.ways.minutes(at, stop.site);
        stop.after_min = time;
        time += field.task.vehicle.stop_min;
        at = stop.site;
    }
    route.back_min = time + field.ways.minutes(at, field.ways.lab(route.ends));
}

/// The first round: no site's first tubes wait for longer than the time between two visits, so a long round may leave before the
/// opening.
fn departs_first(task: &Task, route: &Route, phase: f64) -> f64 {
    let due = |stop: &Stop| task.sites[stop.site as usize].opens_min + task.every_min - stop.after_min;
    let earliest = route.stops.iter().map(due).fold(f64::INFINITY, f64::min);
    (earliest - (1.0 - phase) * task.every_min).floor()
}

/// Rounds from the first one on, until no site of the route has a tube left.
pub(crate) fn departs(task: &Task, route: &mut Route, first: f64) {
    let last = |stop: &Stop| task.sites[stop.site as usize].last_min + GRACE_MIN - stop.after_min;
    let until = route.stops.iter().map(last).fold(0.0, f64::max);
    let rounds = (((until - first) / task.every_min).ceil().max(0.0) as usize + 1).min(ROUNDS_MAX);
    route.departs_min = (0..rounds).map(|round| first + round as f64 * task.every_min).collect();
    let turn = route.back_min + task.vehicle.stop_min;
    route.vehicles = ((turn / task.every_min).ceil() as u32).clamp(1, rounds as u32);
}

/// What is to be expected of each round of each route: when it is back, and with how many tubes. Of several routes that come to a
/// site, the first after a tube is closed takes it.
pub(crate) fn loads(task: &Task, routes: &[Route]) -> Vec<Vec<(f64, f64)>> {
    let mut visits: Vec<Vec<(f64, usize, usize)>> = vec![Vec::new(); task.sites.len()];
    for (number, route) in routes.iter().enumerate() {
        for stop in &route.stops {
            let at = |(round, leaves): (usize, &f64)| (leaves + stop.after_min, number, round);
            visits[stop.site as usize].extend(route.departs_min.iter().enumerate().map(at));
        }
    }
    let empty =
        |route: &Route| route.departs_min.iter().map(|leaves| (leaves + route.back_min, 0.0)).collect();
    let mut loads: Vec<Vec<(f64, f64)>> = routes.iter().map(empty).collect();
    for (site, visits) in task.sites.iter().zip(&mut visits) {
        visits.sort_by(|one, other| one.0.total_cmp(&other.0));
        for (quarter, &tubes) in site.tubes.iter().enumerate() {
            let closed = (quarter as f64 + 1.0) * QUARTER_MIN;
            let next = visits.partition_point(|visit| visit.0 < closed);
            if let Some(&(_, route, round)) = visits.get(next) {
                loads[route][round].1 += tubes;
            }
        }
    }
    loads
}

/// Trucks to labs in other cities for the routes from `new` on: one every two hours, with all that was brought to the door
/// meanwhile. None is there before `told` and as long again as the lab asks for.
pub(crate) fn trucks(task: &Task, routes: &[Route], new: usize, told: Option<f64>) -> Vec<Truck> {
    let mut trucks = Vec::new();
    let of_route = loads(task, routes);
    for (lab, of) in (0u32..).zip(&task.labs) {
        let Some(away) = of.away else { continue };
        let mut loads: Vec<(f64, f64)> = Vec::new();
        let mut from = None;
        let its = routes.iter().zip(&of_route).skip(new);
        for (route, of) in its.filter(|(route, _)| route.lab == lab && route.ends != lab) {
            from = Some(route.ends);
            loads.extend(of.iter().copied().filter(|load| load.1 > 0.0));
        }
        let Some(from) = from else { continue };
        loads.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (Some(first), Some(last)) = (loads.first(), loads.last()) else { continue };
        let earliest = told.map_or(0.0, |told| told + away.notice_min - away.travel_min);
        let mut departs_min = (first.0 + TRUCK_EVERY_MIN / 2.0).max(earliest).ceil();
        let end = last.0;
        let mut taken = 0;
        loop {
            // The last one waits for vehicles that are late.
            let final_one = departs_min >= end;
            let departs = if final_one { departs_min.max(end + GRACE_MIN).ceil() } else { departs_min };
            let upto = loads.partition_point(|load| load.0 <= departs);
            let tubes: f64 = loads[taken..upto].iter().map(|load| load.1).sum();
            taken = upto;
            let arrives_min = departs + away.travel_min;
            if tubes > 0.0 {
                let notify_min = arrives_min - away.notice_min;
                trucks.push(Truck { from, to: lab, departs_min: departs, arrives_min, tubes, notify_min });
            }
            if final_one {
                break;
            }
            departs_min += TRUCK_EVERY_MIN;
        }
    }
    trucks
}
