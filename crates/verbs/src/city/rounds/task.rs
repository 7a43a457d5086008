//! The city as the planner takes it.

use super::Stopped;
use chance::Ticks;
use couriers::{Away, Lab, LabPlace, Site, Task, Vehicle};
use domain::{City, Notes, Place, Severity, city::Testing};
use rehearse::{TICKS_PER_MINUTE, city::SiteTubes};

/// How long a tube may have been open, where the scenario sets no limit.
const OPEN_MAX_MIN: f64 = 60.0;
/// Runs that take longer than this many standard deviations above the mean are not planned for.
const LONG_RUN: f64 = 2.0;

fn minutes(ticks: Ticks) -> f64 {
    ticks as f64 / TICKS_PER_MINUTE as f64
}

/// What keeps rounds from being planned.
///
/// # Errors
/// All of it, as notes.
pub fn ready(city: &City) -> Result<&Testing, Notes> {
    let mut notes = Notes::default();
    let scenario = |key: &str| Place::file("scenario.toml").column(key);
    let Some(testing) = &city.testing else {
        notes.error(scenario("testing"), "city_plan_no_testing", &[]);
        return Err(notes);
    };
    if testing.couriers.km_per_hour.is_none() {
        notes.error(scenario("couriers.km_per_hour"), "city_plan_no_speed", &[]);
    }
    let lost = city.sites.iter().filter(|site| site.position.is_none()).count();
    if lost > 0 {
        notes.error(Place::file("sites.csv"), "city_plan_sites_nowhere", &[("count", &lost)]);
    }
    for lab in testing.labs.iter().filter(|lab| lab.places.iter().any(|place| place.position.is_none())) {
        notes.error(Place::file("labs.csv"), "city_plan_lab_nowhere", &[("name", &lab.name)]);
    }
    if testing.labs.iter().all(|lab| lab.away.is_some()) {
        notes.error(Place::file("labs.csv"), "city_plan_all_away", &[]);
    }
    if notes.0.is_empty() { Ok(testing) } else { Err(notes) }
}

/// What will keep rounds from being planned, as warnings, in a city that says how fast vehicles drive: it means to plan them.
pub fn foreseen(city: &City) -> Notes {
    let means_to = city.testing.as_ref().is_some_and(|testing| testing.couriers.km_per_hour.is_some());
    let mut notes = if means_to { ready(city).err().unwrap_or_default() } else { Notes::default() };
    notes.0.iter_mut().for_each(|note| note.severity = Severity::Warning);
    notes
}

pub(super) fn task(city: &City, tubes: &[SiteTubes], stopped: &[Stopped]) -> Result<Task, Notes> {
    let testing = ready(city)?;
    let couriers = &testing.couriers;
    let site = |(site, tubes): (&domain::city::CitySite, &SiteTubes)| Site {
        position: site.position.expect("looked at before"),
        tubes: tubes.by_quarter.clone(),
        opens_min: minutes(city.shapes[site.shape as usize].opens),
        last_min: tubes.last_min,
    };
    let lab = |(number, lab): (u32, &domain::city::Lab)| Lab {
        places: lab
            .places
            .iter()
            .map(|place| LabPlace {
                position: place.position.expect("looked at before"),
                ready_min: minutes(place.ready),
            })
            .collect(),
        tubes_per_hour: lab.tubes_per_hour,
        open_min: open(city, testing, lab, stopped.iter().filter(|stopped| stopped.lab == number)),
        away: lab
            .away
            .map(|away| Away { travel_min: minutes(away.travel), notice_min: minutes(away.notice) }),
    };
    let run = &testing.run;
    let vehicle = &couriers.vehicle;
    Ok(Task {
        sites: city.sites.iter().zip(tubes).map(site).collect(),
        labs: (0u32..).zip(&testing.labs).map(lab).collect(),
        km_per_hour: couriers.km_per_hour.expect("looked at before"),
        every_min: minutes(couriers.every),
        vehicle: Vehicle {
            boxes: vehicle.boxes,
            tubes_per_box: vehicle.tubes_per_box,
            route_max_min: minutes(vehicle.route_max),
            stop_min: minutes(vehicle.stop),
        },
        open_max_min: testing.open_max.map_or(OPEN_MAX_MIN, minutes),
        within_min: minutes(testing.within),
        due_min: minutes(testing.due),
        run_min: (run.mean_s() + LONG_RUN * run.variance().sqrt()) / 60.0,
        fill_min: minutes(testing.fill),
    })
}

/// When a lab starts batches: its hours on each day, less the time for which it stops.
fn open<'a>(
    city: &City,
    testing: &Testing,
    lab: &domain::city::Lab,
    stopped: impl Iterator<Item = &'a Stopped>,
) -> Vec<[f64; 2]> {
    const DAY: f64 = 24.0 * 60.0;
    let ends = minutes(testing.ends);
    let opening = city.round.opens.time();
    let opening = f64::from(opening.hour()) * 60.0 + f64::from(opening.minute());
    let mut open = match lab.hours {
        None => vec![[0.0, ends]],
        Some((opens, closes)) => {
            let (opens, mut closes) = (minutes(opens), minutes(closes));
            if closes <= opens {
                closes += DAY;
            }
            let days = (ends / DAY).ceil() as i32 + 1;
            (-1..days)
                .map(|day| [opens, closes].map(|time| f64::from(day) * DAY + time - opening))
                .map(|[from, until]| [from.max(0.0), until.min(ends)])
                .filter(|[from, until]| from < until)
                .collect()
        }
    };
    let mut stop = |from: f64, until: f64| {
        let cut = |&[opens, closes]: &[f64; 2]| {
            [[opens, closes.min(from)], [opens.max(until), closes]]
                .into_iter()
                .filter(|[from, until]| from < until)
        };
        open = open.iter().flat_map(cut).collect();
    };
    if let Some((from, until)) = lab.stops {
        stop(minutes(from), minutes(until));
    }
    for stopped in stopped {
        stop(stopped.at_min, f64::INFINITY);
    }
    open
}
