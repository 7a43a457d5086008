//! An independent replay: it drives every round by the clock, follows every tube from its first swab to its result, and says all that
//! is broken. It shares no code with what makes plans: it has distances, queues and rules of its own, and reads nothing but the
//! task and the rounds.

use crate::{QUARTER_MIN, Task};
use domain::city::{
    Position,
    rounds::{Rounds, Route, Truck},
};

/// Something that is broken.
#[derive(Clone, Debug, PartialEq)]
pub enum Breach {
    /// A number that the city has not.
    Unknown {
        /// By its place in the list.
        route: usize,
    },
    /// Two vehicles of different routes come at the same time of day for the same site, or one twice.
    Twice {
        /// By its place in the city.
        site: u32,
    },
    /// Nobody comes to a site.
    Unvisited {
        /// By its place in the city.
        site: u32,
    },
    /// A route is longer than allowed.
    TooLong {
        /// By its place in the list.
        route: usize,
        /// How many.
        minutes: f64,
    },
    /// What is written of a route's times is not what it takes.
    WrongTime {
        /// By its place in the list.
        route: usize,
        /// How many.
        minutes: f64,
    },
    /// A vehicle has to take more than it can.
    TooFull {
        /// By its place in the list.
        route: usize,
        /// Which of its rounds.
        round: usize,
        /// How many.
        boxes: f64,
    },
    /// A round has no vehicle that is back.
    NoVehicle {
        /// By its place in the list.
        route: usize,
        /// Which of its rounds.
        round: usize,
    },
    /// Two visits are further apart than agreed while tubes are waiting.
    TooSeldom {
        /// By its place in the city.
        site: u32,
        /// How many.
        minutes: f64,
    },
    /// Tubes that nobody fetches any more, or that never reach their lab.
    LeftBehind {
        /// By its place in the city.
        site: u32,
        /// How many.
        tubes: f64,
    },
    /// A truck is there before its way can be driven.
    TooQuick {
        /// By its place among the trucks.
        truck: usize,
        /// By how much.
        minutes: f64,
    },
    /// A lab in another city gets tubes without having been told in time.
    Untold {
        /// By its place in the list.
        truck: usize,
        /// How many.
        minutes: f64,
    },
    /// Tubes of a lab have no result in time.
    Late {
        /// By its place in the city.
        lab: u32,
        /// How many.
        tubes: f64,
    },
}

/// What a replay shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// All that is broken.
    pub breaches: Vec<Breach>,
    /// Tubes that are to be expected, and those of them with a result in time.
    pub tubes: f64,
    /// See above.
    pub in_time: f64,
    /// Hours from the first swab to the result: mean, that which 95 in 100 do not exceed, most.
    pub elapsed_h: [f64; 3],
    /// Tubes brought to each lab, by hour.
    pub brought: Vec<Vec<f64>>,
    /// Most tubes waiting at each lab at the end of a quarter of an hour.
    pub waiting_max: Vec<f64>,
    /// All that came to a lab, lab by lab in the order in which it came.
    pub tested: Vec<Tested>,
}

/// Tubes of a site that came to a lab at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tested {
    /// By its place in the city.
    pub site: u32,
    /// By its place in the city.
    pub lab: u32,
    /// When they came there.
    pub at_min: f64,
    /// Hours from the first swab to the result; infinite where there will be none.
    pub elapsed_h: f64,
    /// Whether that is too late: after the hours that a tube has, or after results are due.
    pub late: bool,
    /// How many.
    pub tubes: f64,
}

/// Tubes at one moment: when the first swab went in, when they came to the lab, how many.
#[derive(Clone, Copy)]
struct Lot {
    swab: f64,
    at: f64,
    tubes: f64,
    site: u32,
}

/// Half a minute: times are written to the minute.
const ROUNDING_MIN: f64 = 0.5;

/// Replays rounds. Since `from`, where only what comes later is to be judged (a plan that was changed in the middle of the day).
pub fn check(task: &Task, rounds: &Rounds, from: f64) -> Checked {
    let mut breaches = Vec::new();
    let known = |route: &Route| {
        [route.starts, route.ends, route.lab].iter().all(|&lab| (lab as usize) < task.labs.len())
            && route.stops.iter().all(|stop| (stop.site as usize) < task.sites.len())
    };
    let mut visits: Vec<Vec<(f64, usize, usize)>> = vec![Vec::new(); task.sites.len()];
    for (number, route) in rounds.routes.iter().enumerate() {
        if !known(route) {
            breaches.push(Breach::Unknown { route: number });
            continue;
        }
        driven(task, rounds, number, from, &mut breaches);
        for (round, leaves) in route.departs_min.iter().enumerate() {
            for stop in &route.stops {
                visits[stop.site as usize].push((leaves + stop.after_min, number, round));
            }
        }
    }
    let mut at_door: Vec<Lot> = Vec::new();
    let mut of_route: Vec<usize> = Vec::new();
    let mut carried: Vec<Vec<f64>> =
        rounds.routes.iter().map(|route| vec![0.0; route.departs_min.len()]).collect();
    for (site, visits) in (0u32..).zip(&mut visits) {
        visits.sort_by(|one, other| one.0.total_cmp(&other.0));
        fetched(task, rounds, (site, visits), from, &mut breaches, &mut |lot, route, round| {
            carried[route][round] += (lot.tubes / f64::from(task.vehicle.tubes_per_box)).max(0.0);
            at_door.push(lot);
            of_route.push(route);
        });
    }
    for (route, rounds) in carried.iter().enumerate() {
        for (round, &boxes) in rounds.iter().enumerate() {
            if boxes > f64::from(task.vehicle.boxes) {
                breaches.push(Breach::TooFull { route, round, boxes });
            }
        }
    }
    let mut at_lab: Vec<Vec<Lot>> = vec![Vec::new(); task.labs.len()];
    for (lot, &route) in at_door.iter().zip(&of_route) {
        let route = &rounds.routes[route];
        let mut lot = *lot;
        if route.lab != route.ends {
            let truck =
                rounds.trucks.iter().filter(|truck| truck.from == route.ends && truck.to == route.lab);
            let next = truck
                .filter(|truck| truck.departs_min >= lot.at - ROUNDING_MIN)
                .map(|truck| truck.arrives_min);
            lot.at = next.fold(f64::INFINITY, f64::min);
            if lot.at.is_infinite() {
                breaches.push(Breach::LeftBehind { site: lot.site, tubes: lot.tubes });
                continue;
            }
        }
        at_lab[route.lab as usize].push(lot);
    }
    for (number, truck) in rounds.trucks.iter().enumerate() {
        let asked =
            task.labs.get(truck.to as usize).and_then(|lab| lab.away).map_or(0.0, |away| away.notice_min);
        let given = truck.arrives_min - truck.notify_min.max(from);
        let early = way_min(task, rounds, truck).map(|way| truck.departs_min + way - truck.arrives_min);
        if let Some(minutes) = early.filter(|early| *early > 2.0 * ROUNDING_MIN) {
            breaches.push(Breach::TooQuick { truck: number, minutes });
        }
        if given + ROUNDING_MIN < asked && truck.departs_min >= from {
            breaches.push(Breach::Untold { truck: number, minutes: given });
        }
    }
    tested(task, rounds, at_lab, breaches)
}

/// A route's length, times and vehicles.
fn driven(task: &Task, rounds: &Rounds, number: usize, from: f64, breaches: &mut Vec<Breach>) {
    let route = &rounds.routes[number];
    let lab_at = |lab: u32| lab_at(task, rounds, lab);
    let minutes = |km: f64| km / task.km_per_hour * 60.0;
    let (mut at, mut time) = (lab_at(route.starts), 0.0);
    let mut off: f64 = 0.0;
    for stop in &route.stops {
        let here = task.sites[stop.site as usize].position;
        time += minutes(at.km_to(here));
        off = off.max((stop.after_min - time).abs());
        time += task.vehicle.stop_min;
        at = here;
    }
    time += minutes(at.km_to(lab_at(route.ends)));
    off = off.max((route.back_min - time).abs());
    if off > ROUNDING_MIN {
        breaches.push(Breach::WrongTime { route: number, minutes: off });
    }
    // A round that was under way when its lab stopped goes where it can; its length is no longer anybody's choice.
    let chosen = route.starts == route.ends || route.departs_min.iter().any(|leaves| *leaves >= from);
    if chosen && time > task.vehicle.route_max_min + ROUNDING_MIN {
        breaches.push(Breach::TooLong { route: number, minutes: time });
    }
    let mut back: Vec<f64> = vec![f64::NEG_INFINITY; route.vehicles.max(1) as usize];
    for (round, &leaves) in route.departs_min.iter().enumerate() {
        let vehicle = round % back.len();
        if back[vehicle] > leaves + ROUNDING_MIN {
            breaches.push(Breach::NoVehicle { route: number, round });
        }
        back[vehicle] = leaves + time + minutes(lab_at(route.ends).km_to(lab_at(route.starts)));
    }
}

/// Where a lab stands.
fn lab_at(task: &Task, rounds: &Rounds, lab: u32) -> Position {
    let place = rounds.places.get(lab as usize).copied().unwrap_or(0) as usize;
    let places = &task.labs[lab as usize].places;
    places.get(place).unwrap_or(&places[0]).position
}

/// Minutes that a truck's way takes: to or from a lab in another city those that the task says, otherwise as couriers drive.
fn way_min(task: &Task, rounds: &Rounds, truck: &Truck) -> Option<f64> {
    let [from, to] = [truck.from, truck.to].map(|lab| task.labs.get(lab as usize));
    let away = to?.away.or(from?.away).map(|away| away.travel_min);
    let km = || lab_at(task, rounds, truck.from).km_to(lab_at(task, rounds, truck.to));
    Some(away.unwrap_or_else(|| km() / task.km_per_hour * 60.0))
}

/// The tubes of one site and the visits that fetch them, in order.
fn fetched(
    task: &Task,
    rounds: &Rounds,
    (site, visits): (u32, &[(f64, usize, usize)]),
    from: f64,
    breaches: &mut Vec<Breach>,
    brought: &mut dyn FnMut(Lot, usize, usize),
) {
    let tubes = &task.sites[site as usize].tubes;
    if visits.is_empty() {
        if tubes.iter().sum::<f64>() > 0.0 {
            breaches.push(Breach::Unvisited { site });
        }
        return;
    }
    if visits.windows(2).any(|two| two[1].0 - two[0].0 < ROUNDING_MIN) {
        breaches.push(Breach::Twice { site });
    }
    let (mut visit, mut left, mut longest) = (0, 0.0, 0.0f64);
    for (quarter, &tubes) in tubes.iter().enumerate().filter(|(_, tubes)| **tubes > 0.0) {
        let closed = (quarter as f64 + 1.0) * QUARTER_MIN;
        while visit < visits.len() && visits[visit].0 + ROUNDING_MIN < closed {
            visit += 1;
        }
        let Some(&(at, route, round)) = visits.get(visit) else {
            left += tubes;
            continue;
        };
        if at >= from {
            longest = longest.max(at - closed.max(from));
        }
        let back = rounds.routes[route].departs_min[round] + rounds.routes[route].back_min;
        let swab = closed - QUARTER_MIN / 2.0 - task.open_max_min;
        brought(Lot { swab, at: back, tubes, site }, route, round);
    }
    if left > 0.0 {
        breaches.push(Breach::LeftBehind { site, tubes: left });
    }
    if longest > task.every_min + ROUNDING_MIN {
        breaches.push(Breach::TooSeldom { site, minutes: longest });
    }
}

/// Every lab by quarters of an hour: who came first is first; what starts has its result after the longest run.
fn tested(task: &Task, rounds: &Rounds, at_lab: Vec<Vec<Lot>>, mut breaches: Vec<Breach>) -> Checked {
    let (mut in_time, mut elapsed, mut all) = (0.0, Vec::new(), 0.0);
    let mut tested = Vec::new();
    let mut brought = Vec::new();
    let mut waiting_max = Vec::new();
    for (number, (mut lots, lab)) in (0u32..).zip(at_lab.into_iter().zip(&task.labs)) {
        lots.sort_by(|one, other| one.at.total_cmp(&other.at));
        let mut by_hour: Vec<f64> = Vec::new();
        for lot in &lots {
            let hour = (lot.at / 60.0) as usize;
            by_hour.resize(by_hour.len().max(hour + 1), 0.0);
            by_hour[hour] += lot.tubes;
        }
        brought.push(by_hour);
        let place = rounds.places.get(number as usize).copied().unwrap_or(0) as usize;
        let ready = lab.places.get(place).map_or(0.0, |place| place.ready_min);
        // When the lab has worked off all that came before, counted in tubes of work from its first minute on.
        let (mut free, mut late, mut most) = (ready, 0.0, 0.0f64);
        for lot in &lots {
            let starts = finish(&lab.open_min, lab.tubes_per_hour, free.max(lot.at), 0.0);
            let done = finish(&lab.open_min, lab.tubes_per_hour, starts, lot.tubes);
            most = most.max((free - lot.at).max(0.0) / 60.0 * lab.tubes_per_hour);
            free = done;
            let result = done.max(lot.at + task.fill_min) + task.run_min;
            all += lot.tubes;
            let age = result - lot.swab;
            let is_late = result > task.due_min + ROUNDING_MIN || age > task.within_min + ROUNDING_MIN;
            *(if is_late { &mut late } else { &mut in_time }) += lot.tubes;
            let elapsed_h = age / 60.0;
            elapsed.push((elapsed_h, lot.tubes));
            tested.push(Tested {
                site: lot.site,
                lab: number,
                at_min: lot.at,
                elapsed_h,
                late: is_late,
                tubes: lot.tubes,
            });
        }
        waiting_max.push(most);
        if late > 0.0 {
            breaches.push(Breach::Late { lab: number, tubes: late });
        }
    }
    let expected: f64 = task.sites.iter().map(|site| site.tubes.iter().sum::<f64>()).sum();
    elapsed.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mean = elapsed.iter().map(|(hours, tubes)| hours * tubes).sum::<f64>() / f64::max(all, 1e-9);
    let mut below = 0.0;
    let p95 = elapsed.iter().find(|(_, tubes)| {
        below += tubes;
        below >= 0.95 * all
    });
    let elapsed_h = [mean, p95.map_or(0.0, |of| of.0), elapsed.last().map_or(0.0, |of| of.0)];
    Checked { breaches, tubes: expected, in_time, elapsed_h, brought, waiting_max, tested }
}

/// When so many tubes have been started that begin to be at a moment.
fn finish(open: &[[f64; 2]], per_hour: f64, from: f64, tubes: f64) -> f64 {
    let mut left = tubes / per_hour.max(1e-9) * 60.0;
    for &[opens, closes] in open {
        let begin = opens.max(from);
        if begin >= closes {
            continue;
        }
        if left <= closes - begin {
            return begin + left;
        }
        left -= closes - begin;
    }
    f64::INFINITY
}
