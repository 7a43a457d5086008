//! A second opinion on the rounds of each lab, by vrp-pragmatic. It has its own clock, threads and luck: what it finds is taken where
//! it is shorter, and is outside the promise of equal bytes.

use super::tours::{Field, Standing, Tour};
use crate::Effort;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};
use vrp_pragmatic::{
    core::{
        prelude::{Environment, Solver, VrpConfigBuilder},
        rosomaxa::{
            evolution::TelemetryMode,
            utils::{DefaultRandom, Parallelism},
        },
    },
    format::{
        Location,
        problem::{
            Fleet, Job, JobPlace, JobTask, Matrix, MatrixProfile, Objective, Plan, PragmaticProblem, Problem, ShiftEnd,
            ShiftStart, VehicleCosts, VehicleLimits, VehicleProfile, VehicleShift, VehicleType,
        },
    },
};

/// Its whole numbers are hundredths of a minute: seconds would round off a hundredth of a short way.
const PER_MINUTE: f64 = 100.0;
/// A shift's limits, far apart: rounds have a length, not a time of day.
const SHIFT: [&str; 2] = ["2000-01-01T00:00:00Z", "2000-01-31T00:00:00Z"];
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
        if sound && stops(&tours) == stops(&of_lab[lab]) && drive(&tours) < drive(&of_lab[lab]) - 1e-6 {
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
    let (problem, matrix) = problem(field, lab, &sites, tours.len() + SPARE);
    let core = Arc::new((problem, vec![matrix]).read_pragmatic().ok()?);
    let quiet = Arc::new(|_: &str| {});
    let environment = Environment::new(
        Arc::new(DefaultRandom::default()),
        None,
        Parallelism::new(1, 1),
        quiet,
        false,
    );
    let config = VrpConfigBuilder::new(core.clone())
        .set_environment(Arc::new(environment))
        .set_telemetry_mode(TelemetryMode::None)
        .prebuild()
        .ok()?
        .with_max_time(Some(seconds))
        .build()
        .ok()?;
    let solution = Solver::new(core, config).solve().ok()?;
    let tour = |route: &vrp_pragmatic::core::models::solution::Route| {
        let places = route.tour.all_activities().filter(|activity| activity.job.is_some());
        let stops: Vec<u32> = places.map(|activity| sites[activity.place.location - 1]).collect();
        let drive = field.drive(lab, &stops);
        Tour { lab, drive, boxes: stops.iter().map(|&site| field.boxes[site as usize]).sum(), stops }
    };
    let tours = solution.routes.iter().map(tour).filter(|tour| !tour.stops.is_empty()).collect();
    solution.unassigned.is_empty().then_some(tours)
}

fn problem(field: &Field<'_>, lab: u32, sites: &[u32], vehicles: usize) -> (Problem, Matrix) {
    let vehicle = &field.task.vehicle;
    let whole = |minutes: f64| (minutes * PER_MINUTE).round() as i64;
    let points: Vec<u32> = std::iter::once(field.door(lab)).chain(sites.iter().copied()).collect();
    let ways: Vec<i64> = points
        .iter()
        .flat_map(|&from| points.iter().map(move |&to| whole(field.ways.minutes(from, to))))
        .collect();
    let job = |(place, &site): (usize, &u32)| Job {
        id: site.to_string(),
        pickups: Some(vec![JobTask {
            places: vec![JobPlace {
                location: Location::new_reference(place + 1),
                duration: whole(vehicle.stop_min) as f64,
                times: None,
                tag: None,
            }],
            demand: Some(vec![field.boxes[site as usize] as i32]),
            order: None,
        }]),
        deliveries: None,
        replacements: None,
        services: None,
        skills: None,
        value: None,
        group: None,
        compatibility: None,
    };
    let profile = "car".to_owned();
    let [earliest, latest] = SHIFT.map(str::to_owned);
    let door = || Location::new_reference(0);
    let fleet = VehicleType {
        type_id: profile.clone(),
        vehicle_ids: (0..vehicles).map(|number| number.to_string()).collect(),
        profile: VehicleProfile { matrix: profile.clone(), scale: None },
        costs: VehicleCosts { fixed: None, distance: 1.0, time: 0.0 },
        shifts: vec![VehicleShift {
            start: ShiftStart { earliest, latest: None, location: door() },
            end: Some(ShiftEnd { earliest: None, latest, location: door() }),
            breaks: None,
            reloads: None,
            recharges: None,
        }],
        capacity: vec![vehicle.boxes as i32],
        skills: None,
        limits: Some(VehicleLimits {
            max_distance: None,
            max_duration: Some(whole(vehicle.route_max_min) as f64),
            tour_size: None,
        }),
    };
    let problem = Problem {
        plan: Plan { jobs: sites.iter().enumerate().map(job).collect(), relations: None, clustering: None },
        fleet: Fleet {
            vehicles: vec![fleet],
            profiles: vec![MatrixProfile { name: profile.clone(), speed: None }],
            resources: None,
        },
        objectives: Some(vec![Objective::MinimizeUnassigned { breaks: None }, Objective::MinimizeCost]),
    };
    let matrix = Matrix {
        profile: Some(profile),
        timestamp: None,
        travel_times: ways.clone(),
        distances: ways,
        error_codes: None,
    };
    (problem, matrix)
}
