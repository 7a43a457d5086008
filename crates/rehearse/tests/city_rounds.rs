//! Planned rounds, lived: what can be counted by hand, and what may never be otherwise.

use domain::{
    City,
    city::{
        Late,
        rounds::{Rounds, Route, Stop, Truck},
    },
};
use rehearse::{
    Luck, Progress, Purpose,
    city::{CityFigures, CityRehearsal, Promise},
};
use scenario::{Files, read_city};

const LUCK: Luck = Luck { seed: 3, purpose: Purpose::Rehearse };

/// Twelve sites, two labs, couriers whose ways take what is planned.
fn city(sets: &[(&str, &str)]) -> City {
    let text = r#"format = 1
kind = "city"
[city]
name = "Small"
timezone = "UTC"
residents = 24_000
residents_per_site = 2000
[round]
purpose = "screening"
date = 2022-04-04
opens = "06:00"
closes = "12:00"
pool = 10
[arrivals]
law = "poisson"
share_per_hour = [0.2, 0.2, 0.3, 0.1]
[couriers]
every_min = 60
travel = { law = "constant", mean_min = 20 }
[testing]
batch_tubes = 96
run = { law = "constant", mean_min = 120 }
[[shape]]
name = "wide"
share = 1
lanes = 6
[[shape.station]]
name = "sampling"
servers = 2
service = { law = "lognormal", mean_s = 20, cv = 0.3 }
"#;
    let labs = "lab,tubes_per_hour,travel_h\nA,480,\nB,480,1\n";
    let mut files = Files::default();
    files.0.insert("scenario.toml".into(), text.into());
    files.0.insert("labs.csv".into(), labs.into());
    let sets: Vec<_> = sets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let (city, notes) = read_city(&files, &sets, &mut |_, _| {});
    city.unwrap_or_else(|| panic!("{:?}", notes.0))
}

/// Two routes of six sites each, from half past six to half past twelve; the second brings its boxes on to B by truck.
fn rounds() -> Rounds {
    let route = |first: u32, lab: u32| Route {
        starts: 0,
        ends: 0,
        lab,
        stops: (0..6)
            .map(|place| Stop { site: first + place, after_min: 10.0 + 5.0 * f64::from(place), boxes: 4 })
            .collect(),
        back_min: 50.0,
        vehicles: 1,
        departs_min: (0..8).map(|round| 30.0 + 60.0 * f64::from(round)).collect(),
    };
    let truck = |hour: u32| {
        let departs_min = 120.0 * f64::from(hour);
        Truck { from: 0, to: 1, departs_min, arrives_min: departs_min + 60.0, tubes: 0.0, notify_min: 0.0 }
    };
    Rounds { places: vec![0, 0], routes: vec![route(0, 0), route(6, 1)], trucks: (1..6).map(truck).collect() }
}

fn lived(city: City, rounds: Rounds) -> (CityFigures, Option<Promise>) {
    let city = rounds.settle(city);
    lived_for(10, city)
}

fn lived_for(days: u32, city: City) -> (CityFigures, Option<Promise>) {
    let outcome = CityRehearsal::new(&city).run(LUCK, days, 1, &Progress::default());
    (outcome.figures(&city), outcome.promise(0.995, 26.0 * 60.0, 0.9))
}

#[test]
fn nine_days_on_which_all_was_in_time_are_too_few_for_a_promise() {
    let few = lived_for(9, rounds().settle(city(&[]))).1.expect("there are tubes");
    assert_eq!((few.kept, few.days, few.given), (1.0, 9, false));
    let enough = lived_for(10, rounds().settle(city(&[]))).1.expect("there are tubes");
    assert_eq!((enough.kept, enough.days, enough.given), (1.0, 10, true));
}

#[test]
fn rounds_that_take_what_is_planned_are_never_late_and_fetch_everything() {
    let (figures, promise) = lived(city(&[]), rounds());
    let driven = figures.rounds.expect("rounds are planned");
    assert_eq!((driven.driven, driven.late, driven.late_max_min), (16.0, 0.0, 0.0));
    assert_eq!((driven.full, driven.left_behind), (0.0, 0.0));
    let tubes = figures.tubes.expect("tubes are tested");
    assert_eq!((tubes.in_time_share, tubes.waiting), (1.0, 0.0));
    assert!((figures.labs[0].tubes / figures.labs[1].tubes - 1.0).abs() < 0.1, "six sites each");
    let promise = promise.expect("there are tubes");
    assert!(promise.given && promise.kept == 1.0);
    // Nearly all is closed by 10:15 and back by 11:20: on the truck of 12:00, at the lab at 13:00, in a machine within half an hour.
    let by = promise.could_be_by_min.expect("all are tested");
    assert!((9.0 * 60.0..=10.0 * 60.0).contains(&by), "{by}");
}

#[test]
fn what_no_round_fetches_and_no_truck_takes_on_is_late() {
    let mut few = rounds();
    few.routes[0].departs_min.truncate(3);
    let (figures, promise) = lived(city(&[]), few);
    assert!(figures.rounds.expect("rounds").left_behind > 100.0);
    assert!(figures.tubes.expect("tubes").in_time_share < 0.9);
    assert!(promise.is_some_and(|promise| !promise.given && promise.could_be_by_min.is_none()));
    let mut stays = rounds();
    stays.trucks.clear();
    let (figures, _) = lived(city(&[]), stays);
    assert_eq!(figures.labs[1].tested, 0.0);
    assert_eq!(figures.rounds.expect("rounds").left_behind, 0.0);
}

#[test]
fn a_vehicle_that_is_full_leaves_boxes_for_the_next() {
    let (figures, _) = lived(city(&[("couriers.boxes", "3")]), rounds());
    let driven = figures.rounds.expect("rounds are planned");
    assert!(driven.full > 20.0 && driven.left_behind > 0.0, "{driven:?}");
}

#[test]
fn a_courier_who_is_held_up_once_makes_the_next_round_of_the_same_vehicle_late() {
    let mut held_up = city(&[]);
    let minute = 600_000;
    held_up.districts[0].late = Some(Late { from: 200 * minute, by: 45 * minute });
    let (figures, _) = lived(held_up, rounds());
    let driven = figures.rounds.expect("rounds are planned");
    // Rounds that are at their first stop from minute 200 on: those that leave at 210, 270, …; each adds 45 minutes to what the one before left.
    assert_eq!(driven.late, 2.0 * 5.0);
    assert!(driven.late_max_min > 45.0, "{}", driven.late_max_min);
    assert_eq!(driven.left_behind, 0.0);
}

#[test]
fn the_law_of_travel_makes_rounds_late_and_never_early() {
    let law = r#"{ law = "lognormal", mean_min = 20, cv = 0.5 }"#;
    let (figures, _) = lived(city(&[("couriers.travel", law)]), rounds());
    let driven = figures.rounds.expect("rounds are planned");
    assert!(driven.late_max_min > 5.0, "{driven:?}");
    assert!(figures.tubes.expect("tubes").in_time_share > 0.99);
}
