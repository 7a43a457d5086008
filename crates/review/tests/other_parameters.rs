//! Parameters that the examples do not have: patience, parties, walk-ins, punctuality.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{
    Moment, Notes, Scenario,
    scenario::{Arrivals, Flow},
};
use rehearse::{Luck, Purpose, Rehearsal};
use review::{Observed, Review};
use scenario::Files;

fn scenario(more: &str) -> Scenario {
    let text = format!(
        "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\n[round]\npurpose = \"screening\"\n\
         date = 2022-03-28\nopens = \"07:00\"\n{more}\n"
    );
    let files = Files([("scenario.toml".to_owned(), text.into_bytes())].into());
    let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:#?}"))
}

/// Lives one scenario for some rounds, and reviews the events with another.
fn review(lived: &Scenario, believed: &Scenario, rounds: u64) -> Review {
    let mut observed = Observed::new();
    let opening = Moment::parse("2022-03-28T07:00:00Z").unwrap();
    for seed in 1..=rounds {
        let luck = Luck { seed, purpose: Purpose::Rehearse };
        let rehearsal = Rehearsal::new(lived, None);
        let events =
            rehearse::events::replication_0(&rehearsal, lived, luck, |ticks| (opening + ticks).rfc3339());
        observed.take_in(&events, &mut Notes::default());
    }
    observed.review(Some(believed), None).0
}

fn near(value: f64, known: f64, by: f64) {
    assert!((value - known).abs() <= by, "{value} for {known}");
}

const DESK: &str = "[site]\nlanes = 1\n[[site.station]]\nname = \"desk\"\nservers = 1\n\
    service = { law = \"gamma\", mean_s = 60, cv = 0.5 }\n";
const WALK_INS: &str = "[arrivals]\nlaw = \"poisson\"\nper_hour = 70\nhours = 8\n";

#[test]
fn patience_and_walk_ins_come_back() {
    let lived = scenario(&format!("{DESK}{WALK_INS}[patience]\nlaw = \"exponential\"\nmean_min = 10\n"));
    let believed = scenario(&format!("{DESK}{}", WALK_INS.replace("70", "40")));
    let review = review(&lived, &believed, 6);
    let patience = review.patience.mean_min.unwrap();
    near(patience.value, 10.0, 3.0 * patience.se);
    near(review.arrivals.as_ref().unwrap().per_hour.as_ref().unwrap()[0].value, 70.0, 4.0);
    let codes: Vec<&str> = review.lessons.iter().map(|lesson| lesson.code).collect();
    assert!(codes.contains(&"patience_new") && codes.contains(&"per_hour"), "{codes:?}");
    let again = review.refit(&believed);
    near(again.patience.unwrap().mean_s(), 600.0, 180.0 * patience.se);
    let Arrivals::Poisson(walk_ins) = again.arrivals else { panic!("walk-ins stay walk-ins") };
    assert!(matches!(walk_ins.per_hour, Flow::Constant(rate) if (66.0..74.0).contains(&rate)));
}

#[test]
fn patience_that_nobody_lost_is_taken_away() {
    let patient = "[patience]\nlaw = \"exponential\"\nmean_min = 5\n";
    let lived = scenario(&format!("{DESK}{WALK_INS}"));
    let believed = scenario(&format!("{DESK}{WALK_INS}{patient}"));
    let review = review(&lived, &believed, 1);
    assert!(review.lessons.iter().any(|lesson| lesson.code == "patience_gone"));
    assert_eq!(review.refit(&believed).patience, None);
}

#[test]
fn people_of_a_vehicle_are_served_together() {
    let site = DESK.replace("servers = 1\n", "servers = 2\nunit = \"vehicle\"\nplus_each_s = 20\n");
    let parties = "[[visitor]]\nclass = \"car\"\nshare = 1.0\nparty_sizes = [{ size = 1, share = 0.5 }, { size = 2, share = 0.25 }, { size = 4, share = 0.25 }]\n";
    let lived = scenario(&format!("{site}{WALK_INS}{parties}"));
    let believed = scenario(&format!("{}{WALK_INS}{parties}", site.replace("= 20", "= 5")));
    let review = review(&lived, &believed, 4);
    let [each, se] = review.stations[0].plus_each_s.unwrap();
    near(each, 20.0, 3.0 * se);
    near(review.stations[0].mean_s.unwrap(), 60.0, 3.0);
    assert!(review.lessons.iter().any(|lesson| lesson.key == "site.station.desk.plus_each_s"));
}

#[test]
fn punctuality_is_fitted_only_where_the_scenario_s_does_not_fit() {
    let booked = |sd: u32, mean: i32| {
        scenario(&format!(
            "{DESK}[arrivals]\nlaw = \"appointments\"\nslot_min = 10\nplaces = 8\nhours = 4\nno_show = 0.1\n\
             punctuality = {{ law = \"normal\", mean_min = {mean}, sd_min = {sd} }}\n"
        ))
    };
    let right = review(&booked(5, 0), &booked(5, 0), 2);
    let pattern = right.arrivals.unwrap();
    assert_eq!((pattern.pattern_fits, pattern.punctuality), (Some(true), None));
    let late = review(&booked(5, 20), &booked(5, 0), 2);
    let pattern = late.arrivals.unwrap();
    let [mean, sd] = pattern.punctuality.unwrap();
    near(mean.value / 60.0, 20.0, 4.0);
    near(sd.value / 60.0, 5.0, 4.0);
    near(pattern.no_show.unwrap().value, 0.1, 0.06);
}

#[test]
fn two_reviews_of_the_same_events_are_the_same_bytes() {
    let lived = scenario(&format!("{DESK}{WALK_INS}"));
    let write = || serde_json::to_string(&review(&lived, &lived, 2)).unwrap();
    assert_eq!(write(), write());
    let review = review(&lived, &lived, 2);
    assert_eq!(review.refit_drawn(&lived, 7), review.refit_drawn(&lived, 7));
    assert_ne!(review.refit_drawn(&lived, 7), review.refit_drawn(&lived, 8));
}
