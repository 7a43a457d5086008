//! Fault cards on a city: what each may change, and what it may not.

use domain::City;
use rehearse::{
    Luck, Progress, Purpose,
    city::{CityFigures, CityPaired, CityRehearsal},
    faults::{Fault, Unmet, card, faulted_city},
};
use scenario::{Files, read_city};

const LUCK: Luck = Luck { seed: 3, purpose: Purpose::Rehearse };

/// A city of two districts, whose larger lab has just enough room.
fn city(sets: &[(&str, &str)]) -> City {
    let text = r#"format = 1
kind = "city"
[city]
name = "Small"
timezone = "UTC"
residents_per_site = 2000
[round]
purpose = "screening"
date = 2022-04-04
opens = "06:00"
closes = "18:00"
pool = 10
[arrivals]
law = "poisson"
share_per_hour = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
[couriers]
every_min = 60
travel = { law = "constant", mean_min = 20 }
[testing]
prevalence = 0.001
batch_tubes = 48
run = { law = "constant", mean_min = 120 }
due = "2022-04-04T18:00"
[[shape]]
name = "early"
share = 0.5
lanes = 2
[[shape]]
name = "late"
share = 0.5
lanes = 2
opens = "08:00"
[[shape.station]]
name = "registration"
servers = 1
service = { law = "constant", mean_s = 20 }
[[shape.station]]
name = "sampling"
servers = 2
service = { law = "lognormal", mean_s = 30, cv = 0.3 }
"#;
    let mut files = Files::default();
    files.0.insert("scenario.toml".into(), text.into());
    files.0.insert(
        "places.csv".into(),
        "place,kind,residents\nNorth,district,24000\nSouth,district,24000\n".into(),
    );
    files.0.insert("labs.csv".into(), "lab,tubes_per_hour\nA,168\nB,240\n".into());
    let sets: Vec<_> = sets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let (city, notes) = read_city(&files, &sets, &mut |_, _| {});
    city.unwrap_or_else(|| panic!("{:?}", notes.0))
}

fn lived(city: &City) -> CityFigures {
    CityRehearsal::new(city).run(LUCK, 2, 2, &Progress::default()).figures(city)
}

/// A card with a value, from so many minutes after opening, at a place.
fn fault(name: &str, value: f64, from_min: i64, place: Option<u32>) -> Fault {
    let usual = Fault::usual(card(name).expect("it is a card"));
    Fault { value, from: from_min * rehearse::TICKS_PER_MINUTE, place, ..usual }
}

fn with(city: &City, faults: &[Fault]) -> CityFigures {
    lived(&faulted_city(city, faults))
}

/// What is told of the sites, without what becomes of their tubes.
fn of_sites(figures: &CityFigures) -> String {
    let hours: Vec<_> =
        figures.hours.iter().map(|hour| (hour.came, hour.served, hour.tubes_closed)).collect();
    format!(
        "{:?}",
        (
            (figures.people, figures.served, figures.left, figures.unserved),
            (&figures.wait_min, &figures.stay_min, figures.done_97_min, figures.queue_max),
            (
                &figures.sites,
                &figures.districts,
                hours.iter().filter(|hour| hour.0 + hour.1 + hour.2 > 0.0).collect::<Vec<_>>()
            ),
        )
    )
}

fn in_time(figures: &CityFigures) -> f64 {
    figures.tubes.expect("they are tested").in_time
}

#[test]
fn a_card_of_value_nought_changes_no_byte() {
    let city = city(&[]);
    let plain = format!("{:?}", lived(&city));
    for name in
        ["early-crowd", "registrars-absent", "tubes-out", "no-water", "heat", "courier-late", "lab-stops"]
    {
        let day = faulted_city(&city, &[fault(name, 0.0, 60, None)]);
        assert_eq!(format!("{:?}", lived(&day)), plain, "{name}");
    }
}

#[test]
fn a_lab_that_stops_delays_its_tubes_and_nothing_else() {
    let city = city(&[]);
    let plain = lived(&city);
    let mut before = plain.clone();
    for minutes in [60.0, 120.0, 240.0, 1440.0] {
        let day = with(&city, &[fault("lab-stops", minutes, 240, None)]);
        assert_eq!(of_sites(&day), of_sites(&plain), "{minutes}");
        // The larger lab stops; the other one does not hear of it.
        assert_eq!(format!("{:?}", day.labs[0]), format!("{:?}", plain.labs[0]));
        assert_eq!(day.labs[1].tubes, plain.labs[1].tubes);
        assert!(day.labs[1].queue_max > before.labs[1].queue_max, "{minutes}");
        assert!(day.labs[1].wait_mean_min > before.labs[1].wait_mean_min, "{minutes}");
        let (result, was) = (day.result_h.expect("tested"), before.result_h.expect("tested"));
        assert!(result.mean > was.mean, "{minutes}: {result:?}");
        // Machines run for two hours: what is in time goes by whole runs, and a short stop may cost none.
        assert!(minutes < 240.0 || in_time(&day) < in_time(&before), "{minutes}");
        before = day;
    }
    let named = with(&city, &[fault("lab-stops", 240.0, 240, Some(0))]);
    assert_eq!(format!("{:?}", named.labs[1]), format!("{:?}", plain.labs[1]));
    assert!(named.labs[0].queue_max > plain.labs[0].queue_max);
}

#[test]
fn a_lab_that_stops_starts_nothing_meanwhile() {
    let city = city(&[("testing.prevalence", "0")]);
    let plain = lived(&city);
    // From before the first tube until 14:00; a run takes two hours.
    let day = with(&city, &[fault("lab-stops", 480.0, 0, Some(0)), fault("lab-stops", 480.0, 0, Some(1))]);
    let done = |figures: &CityFigures, until: u32| -> f64 {
        figures.hours.iter().filter(|hour| hour.hour < until).map(|hour| hour.tubes_done).sum()
    };
    assert_eq!(done(&day, 10), 0.0);
    assert!(done(&day, 11) > 0.0 && done(&plain, 10) > 0.0);
}

#[test]
fn late_couriers_leave_tubes_behind_and_no_site_hears_of_it() {
    let city = city(&[]);
    let plain = lived(&city);
    let (mut before, mut took) = (in_time(&plain), plain.result_h.expect("tested").mean);
    for minutes in [60.0, 120.0, 240.0, 480.0] {
        let day = with(&city, &[fault("courier-late", minutes, 240, None)]);
        assert_eq!(of_sites(&day), of_sites(&plain), "{minutes}");
        assert!(in_time(&day) < before, "{minutes}: {} of {before}", in_time(&day));
        let mean = day.result_h.expect("tested").mean;
        assert!(mean > took, "{minutes}: {mean:?} of {took:?}");
        (before, took) = (in_time(&day), mean);
    }
    // Nobody is late before, and nothing is brought in the first hour of being late.
    let day = with(&city, &[fault("courier-late", 120.0, 240, None)]);
    let brought = |figures: &CityFigures, hour: usize| figures.hours[hour].tubes_brought;
    assert!((0..4).all(|hour| brought(&day, hour) == brought(&plain, hour)));
    assert!(brought(&plain, 5) > 0.0 && brought(&day, 5) == 0.0, "{:?}", day.hours);
}

#[test]
fn couriers_who_are_late_in_one_district_are_on_time_in_the_others() {
    let city = city(&[]);
    let (plain, all) = (lived(&city), with(&city, &[fault("courier-late", 240.0, 240, None)]));
    let each: f64 = [0, 1]
        .map(|district| {
            in_time(&plain) - in_time(&with(&city, &[fault("courier-late", 240.0, 240, Some(district))]))
        })
        .into_iter()
        .sum();
    let lost = in_time(&plain) - in_time(&all);
    assert!(lost > 0.0 && each > 0.0 && each < 2.0 * lost, "{each} and {lost}");
}

#[test]
fn both_together_are_worse_than_either() {
    let city = city(&[]);
    let (late, stops) = (fault("courier-late", 120.0, 240, None), fault("lab-stops", 240.0, 300, None));
    let both = in_time(&with(&city, &[stops, late]));
    assert!(both < in_time(&with(&city, &[late])) && both < in_time(&with(&city, &[stops])));
    assert_eq!(both, in_time(&with(&city, &[late, stops])), "whatever the order");
}

#[test]
fn a_card_of_a_site_is_met_by_every_site_at_its_own_time() {
    let city = city(&[]);
    let plain = lived(&city);
    // 06:30 to 07:30: only the sites that open at six.
    let day = faulted_city(&city, &[fault("system-down", 60.0, 30, None)]);
    assert_eq!(day.shapes[1], city.shapes[1]);
    assert_ne!(day.shapes[0], city.shapes[0]);
    let day = lived(&day);
    assert!(day.wait_min.p95 > plain.wait_min.p95 && day.people == plain.people);
    // 09:00 to 10:00: 180 minutes after six, 60 after eight.
    let day = faulted_city(&city, &[fault("system-down", 60.0, 180, None)]);
    let alone = |shape: usize| format!("{:?}", day.shapes[shape].site.stations[0].servers);
    assert_ne!(alone(0), alone(1));
    for name in
        ["registrars-absent", "slow-clerk", "system-slow", "team-withdrawn", "rain", "no-order-keepers"]
    {
        let usual = Fault::usual(card(name).expect("it is a card"));
        assert_eq!(usual.unmet_by(&city), None, "{name}");
        let day = with(&city, &[usual]);
        assert_eq!(day.people, plain.people, "{name}");
        assert_ne!(of_sites(&day), of_sites(&plain), "{name}");
    }
}

#[test]
fn whoever_comes_early_waits_for_the_opening_on_either_engine() {
    let city = city(&[]);
    let plain = lived(&city);
    let day = faulted_city(&city, &[fault("early-crowd", 60.0, 0, None)]);
    let fifo = lived(&day);
    assert_eq!((fifo.people, fifo.unserved), (plain.people, plain.unserved));
    // Who came in the hour before eight stands there at eight; who came before six is counted with the opening.
    assert!(fifo.wait_min.p95 > plain.wait_min.p95 && fifo.done_97_min < plain.done_97_min);
    let came: f64 = fifo.hours.iter().map(|hour| hour.came).sum();
    assert!((came - fifo.people).abs() < 1e-6);
    let mut event =
        CityRehearsal::new(&day).on_event_engine().run(LUCK, 2, 2, &Progress::default()).figures(&day);
    event.engine = fifo.engine;
    assert_eq!(format!("{event:?}"), format!("{fifo:?}"));
}

#[test]
fn what_a_city_cannot_meet_changes_nothing_and_says_why() {
    let city = city(&[]);
    let untested = City { testing: None, ..city.clone() };
    let unmet = |city: &City, name: &str| {
        let fault = Fault::usual(card(name).expect("it is a card"));
        assert!(fault.unmet_by(city).is_none() || faulted_city(city, &[fault]) == *city, "{name}");
        fault.unmet_by(city)
    };
    assert_eq!(unmet(&city, "wave-twice"), Some(Unmet::NoWaves));
    assert_eq!(unmet(&city, "building-not-called"), Some(Unmet::NoWaves));
    assert_eq!(unmet(&city, "lab-stops"), None);
    assert_eq!(unmet(&untested, "lab-stops"), Some(Unmet::NoTesting));
    assert_eq!(unmet(&untested, "courier-late"), Some(Unmet::NoTesting));
}

#[test]
fn two_days_are_compared_day_by_day() {
    let city = city(&[]);
    let day = faulted_city(&city, &[fault("courier-late", 240.0, 240, None)]);
    let run = |city: &City| CityRehearsal::new(city).run(LUCK, 4, 2, &Progress::default());
    let paired = CityPaired::of(&run(&day), &run(&city));
    let tubes = paired.tubes_in_time.expect("they are tested");
    assert!(tubes.mean < 0.0 && tubes.ci95.is_some_and(|[_, high]| high < 0.0), "{tubes:?}");
    assert_eq!(paired.wait_p95_min.map(|wait| wait.mean), Some(0.0));
}
