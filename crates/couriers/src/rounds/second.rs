//! A second opinion on the rounds of each lab, by vrp-core, the solver beneath vrp-pragmatic, whose reader of problems writes to the
//! standard output, where a command's JSON goes. It has its own clock, threads and luck: what it finds is taken where it is shorter, and
//! is outside the promise of equal bytes.

use super::tours::{Field, Standing, Tour};
use crate::Effort;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};
use vrp_core::{
    models::solution::Route,
    prelude::{
        CapacityFeatureBuilder, DefaultRandom, Demand, Environment, GenericResult, GoalContextBuilder,
        InfoLogger, MinimizeUnassignedBuilder, Problem, ProblemBuilder, SimpleTransportCost, SingleBuilder,
        SingleDimLoad, Solution, Solver, TransportFeatureBuilder, VehicleBuilder, VehicleDetailBuilder,
        VrpConfigBuilder,
    },
    rosomaxa::{evolution::TelemetryMode, utils::Parallelism},
};

/// Vehicles beside those that the rounds have now.
const SPARE: usize = 3;
/// Sites of a lab up to which it is asked: its matrix grows with the square.
const SITES_MAX: usize = 1_500;

/// Asks for each lab's rounds, so many seconds for all together; how many labs' rounds became shorter, and how many were asked for.
pub(crate) fn second_opinion(field: &Field<'_>, standing: &mut Standing, effort: &Effort) -> [u32; 2] {
    let mut of_lab: Vec<Vec<Tour>> = vec![Vec::new(); standing.rooms.len()];
    for tour in &standing.tours {
        of_lab[tour.lab as usize].push(tour.clone());
    }
    let stops = |tours: &[Tour]| tours.iter().map(|tour| tour.stops.len()).sum::<usize>();
    let asked: Vec<usize> =
        (0..of_lab.len()).filter(|&lab| (2..=SITES_MAX).contains(&stops(&of_lab[lab]))).collect();
    let threads = effort.threads.clamp(1, asked.len().max(1));
    let each_s = (effort.second_opinion_s * threads as f64 / asked.len().max(1) as f64) as usize;
    if each_s == 0 {
        return [0, 0];
    }
    let found: Vec<Mutex<Option<Vec<Tour>>>> = asked.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&lab) = asked.get(number) else { return };
                    let tours = ask(field, lab as u32, &of_lab[lab], each_s);
                    *found[number].lock().expect("no thread panics") = tours;
                }
            });
        }
    });
    let mut shorter = 0;
    for (&lab, found) in asked.iter().zip(found) {
        let Some(tours) = found.into_inner().expect("no thread panics") else { continue };
        let drive = |tours: &[Tour]| tours.iter().map(|tour| tour.drive).sum::<f64>();
        let sound = tours.iter().all(|tour| field.fits(tour.drive, tour.stops.len(), tour.boxes));
        if sound && stops(&tours) == stops(&of_lab[lab]) && drive(&tours) < drive(&of_lab[lab]) - 1e-3 {
            of_lab[lab] = tours;
            shorter += 1;
        }
    }
    standing.tours = of_lab.into_iter().flatten().collect();
    for (number, tour) in (0u32..).zip(&standing.tours) {
        tour.stops.iter().for_each(|&site| standing.tour_of[site as usize] = number);
    }
    [shorter, asked.len() as u32]
}

/// One lab's rounds; `None` where it has no answer.
fn ask(field: &Field<'_>, lab: u32, tours: &[Tour], seconds: usize) -> Option<Vec<Tour>> {
    let sites: Vec<u32> = tours.iter().flat_map(|tour| tour.stops.iter().copied()).collect();
    let problem = problem(field, lab, &sites, tours.len() + SPARE).ok()?;
    let solution = solved(problem, seconds).ok()?;
    let tour = |route: &Route| {
        let places = route.tour.all_activities().filter(|activity| activity.job.is_some());
        let stops: Vec<u32> = places.map(|activity| sites[activity.place.location - 1]).collect();
        let drive = field.drive(lab, &stops);
        Tour { lab, drive, boxes: stops.iter().map(|&site| field.boxes[site as usize]).sum(), stops }
    };
    let tours = solution.routes.iter().map(tour).filter(|tour| !tour.stops.is_empty()).collect();
    solution.unassigned.is_empty().then_some(tours)
}

/// Nothing is written while it works: the command's output is somebody's JSON.
fn quiet() -> InfoLogger {
    Arc::new(|_: &str| {})
}

fn solved(problem: Problem, seconds: usize) -> GenericResult<Solution> {
    let problem = Arc::new(problem);
    let random = Arc::new(DefaultRandom::default());
    let environment = Environment::new(random, None, Parallelism::new(1, 1), quiet(), false);
    let config = VrpConfigBuilder::new(problem.clone())
        .set_environment(Arc::new(environment))
        .set_telemetry_mode(TelemetryMode::None)
        .prebuild()?
        .with_max_time(Some(seconds))
        .build()?;
    Solver::new(problem, config).solve()
}

/// Place 0 is the lab's door, the others are the sites; a vehicle must be back by the longest round.
fn problem(field: &Field<'_>, lab: u32, sites: &[u32], vehicles: usize) -> GenericResult<Problem> {
    let vehicle = &field.task.vehicle;
    let points: Vec<u32> = std::iter::once(field.door(lab)).chain(sites.iter().copied()).collect();
    let ways: Vec<f64> =
        points.iter().flat_map(|&from| points.iter().map(move |&to| field.ways.minutes(from, to))).collect();
    let transport = Arc::new(SimpleTransportCost::new(ways.clone(), ways)?);
    let unassigned = MinimizeUnassignedBuilder::new("unassigned").build()?;
    let capacity = CapacityFeatureBuilder::<SingleDimLoad>::new("boxes").build()?;
    let drive = TransportFeatureBuilder::new("drive")
        .set_transport_cost(transport.clone())
        .set_time_constrained(true)
        .build_minimize_distance()?;
    let job = |(place, &site): (usize, &u32)| {
        SingleBuilder::default()
            .id(&site.to_string())
            .demand(Demand::delivery(field.boxes[site as usize] as i32))
            .location(place + 1)?
            .duration(vehicle.stop_min)?
            .build_as_job()
    };
    let of_fleet = |number: usize| {
        VehicleBuilder::default()
            .id(&number.to_string())
            .add_detail(
                VehicleDetailBuilder::default()
                    .set_start_location(0)
                    .set_start_time(0.0)
                    .set_start_time_latest(0.0)
                    .set_end_location(0)
                    .set_end_time(vehicle.route_max_min - 1e-6)
                    .build()?,
            )
            .capacity(SingleDimLoad::new(vehicle.boxes as i32))
            .build()
    };
    let jobs: Vec<_> = sites.iter().enumerate().map(job).collect::<GenericResult<_>>()?;
    let fleet: Vec<_> = (0..vehicles).map(of_fleet).collect::<GenericResult<_>>()?;
    ProblemBuilder::default()
        .add_jobs(jobs.into_iter())
        .add_vehicles(fleet.into_iter())
        .with_goal(GoalContextBuilder::with_features(&[unassigned, drive, capacity])?.build()?)
        .with_transport_cost(transport)
        .with_logger(quiet())
        .build()
}
