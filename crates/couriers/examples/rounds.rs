//! Rounds for a city of chance, as JSON: what was asked, what was found, how long it took and whether the check agrees.
//!
//! `cargo run --release -p couriers --features routes --example rounds -- SITES LABS [SECOND_OPINION_S] [TRIES] [ROOM]`
//!
//! With `routes`, what the rounds are without and with a second opinion. `bench/couriers/compare.py` holds it beside PyVRP.

#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use couriers::{Effort, check, made, plan};
use cpu_time::ProcessTime;
use serde_json::json;
use std::io::Write;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<f64>().expect("numbers"));
    let mut next = |otherwise: f64| numbers.next().unwrap_or(otherwise);
    let (sites, labs, second_opinion_s, tries) = (next(200.0), next(5.0), next(0.0), next(0.0));
    let room = next(1.3);
    let side = if sites <= 500.0 { 30.0 } else { 80.0 };
    let task = made::city(sites as usize, labs as usize, side, room, 1);
    let tries = (tries > 0.0).then_some(tries as u64);
    let (cpu, wall) = (ProcessTime::now(), std::time::Instant::now());
    let effort = Effort { seed: 1, tries, second_opinion_s, threads: 2 };
    let planned = plan(&task, &effort, &mut |_| {});
    let (cpu_s, wall_s) = (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
    let checked = check::check(&task, &planned.rounds, 0.0);
    let at = |position: domain::city::Position| json!([position.latitude, position.longitude]);
    let route = |route: &domain::city::rounds::Route| {
        json!({
            "lab": route.lab,
            "stops": route.stops.iter().map(|stop| stop.site).collect::<Vec<_>>(),
            "boxes": route.stops.iter().map(|stop| stop.boxes).collect::<Vec<_>>(),
            "minutes": route.back_min,
            "rounds": route.departs_min.len(),
            "vehicles": route.vehicles,
        })
    };
    let out = json!({
        "sites": task.sites.iter().map(|site| at(site.position)).collect::<Vec<_>>(),
        "labs": task.labs.iter().map(|lab| at(lab.places[0].position)).collect::<Vec<_>>(),
        "km_per_hour": task.km_per_hour,
        "route_max_min": task.vehicle.route_max_min,
        "stop_min": task.vehicle.stop_min,
        "vehicle_boxes": task.vehicle.boxes,
        "drive_min": planned.drive_min,
        "second_opinion": planned.second_opinion,
        "routes": planned.rounds.routes.iter().map(route).collect::<Vec<_>>(),
        "unserved": couriers::unserved(&task, &planned.rounds, f64::NEG_INFINITY).len(),
        "gap": planned.gap(),
        "tubes": checked.tubes,
        "in_time": checked.in_time,
        "elapsed_h": checked.elapsed_h,
        "breaches": checked.breaches.len(),
        "first_breaches": checked.breaches.iter().take(5).map(|breach| format!("{breach:?}")).collect::<Vec<_>>(),
        "cpu_s": cpu_s,
        "wall_s": wall_s,
    });
    writeln!(std::io::stdout(), "{out}").expect("somebody listens");
}
