//! A day of crews divided and lived: what can be counted by hand comes out, and luck is the same before and after.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{
    CrewDay,
    crews::{Crew, CrewCommunity},
};
use verbs::{Voice, crews::divide};
use words::Language;

const VOICE: Voice = Voice { language: Language::En };

fn community(name: &str, people: u32) -> CrewCommunity {
    CrewCommunity {
        name: name.to_owned(),
        people,
        opens_min: 420.0,
        closes_min: 1080.0,
        lanes_max: 4,
        scenario: None,
    }
}

fn crew(name: &str, at: usize) -> Crew {
    Crew {
        name: name.to_owned(),
        from_min: 420.0,
        until_min: 1080.0,
        at: Some(at),
        people_per_h: 60.0,
        agreed: Vec::new(),
    }
}

/// 300 and 100 people, a crew at each, ten minutes apart and five to pack and to set up.
fn day() -> CrewDay {
    CrewDay {
        midnight: jiff::civil::date(2022, 3, 28).at(0, 0, 0, 0),
        now_min: None,
        promise_min: Some(660.0),
        service_cv: 0.5,
        communities: vec![community("East", 300), community("West", 100)],
        crews: vec![crew("A", 0), crew("B", 1)],
        pack_min: 5.0,
        setup_min: 5.0,
        way_min: vec![vec![0.0, 10.0], vec![10.0, 0.0]],
    }
}

#[test]
fn the_division_is_said_in_one_sentence_a_move() {
    let divided = divide(day(), 1, 50);
    // 400 minutes of work and 20 on the way over two crews: 210 minutes after seven.
    let said = divided.sentences(VOICE);
    assert_eq!(said[0], "08:40: move crew B from West to East; it begins there at 09:00.");
    assert_eq!(said[1], "All done by 10:30 at the crews' pace; no division is done before 10:20.");
    assert!(said[2].starts_with("All are done by 11:00 in "), "{said:?}");
    let output = serde_json::to_value(divided.output(VOICE)).unwrap();
    assert_eq!(output["stays"][2]["from"], "09:00:00");
    assert_eq!(output["latest"], "10:30:00");
    assert_eq!(output["moves"][0]["at"], "08:40:00");
    assert_eq!(output["unserved"], serde_json::json!([]));
    assert!((output["gap"].as_f64().unwrap() - 10.0 / 210.0).abs() < 1e-3, "{output}");
}

#[test]
fn without_chance_a_community_is_done_when_the_fluid_says_but_for_who_comes_late() {
    let mut day = day();
    day.service_cv = 0.0;
    day.communities.truncate(1);
    day.crews.truncate(1);
    day.way_min = vec![vec![0.0]];
    let divided = divide(day, 1, 50);
    let done = divided.lived.done_by(0.5).unwrap();
    // Five hours of work; whoever comes some minutes late may come after all others.
    assert!((420.0 + 300.0..420.0 + 320.0).contains(&done), "{done}");
    assert_eq!(divided.lived.communities[0].unserved, 0.0);
    // A crew that is never without people has as long a queue as people were called ahead, and it waits for nobody.
    let waits = &divided.lived.communities[0];
    assert!(
        (3.0..20.0).contains(&waits.wait_mean_min) && waits.wait_p95_min > waits.wait_mean_min,
        "{waits:?}"
    );
}

#[test]
fn a_promise_is_kept_by_draws_and_a_missed_one_says_by_when_it_would_be() {
    let mut day = day();
    day.promise_min = Some(630.0);
    let divided = divide(day.clone(), 1, 100);
    let kept = divided.lived.kept(&day).unwrap();
    assert!(kept < 0.5, "{kept}: at the fluid's own time a promise is kept by luck only");
    let by = divided.lived.done_by(0.9).unwrap();
    assert!((635.0..690.0).contains(&by), "{by}");
    let said = divided.sentences(VOICE).pop().unwrap();
    assert!(said.contains(&format!("done by {}", divided.clock(by))), "{said}");
    day.promise_min = Some(by);
    let kept = divided.lived.kept(&day).unwrap();
    assert!((0.9..0.93).contains(&kept), "{kept}");
}

#[test]
fn who_is_late_at_one_community_is_late_at_the_next() {
    // One crew for both: the second community's end moves with the first's.
    let mut day = day();
    day.crews.truncate(1);
    day.service_cv = 1.0;
    day.promise_min = None;
    let (quiet, wild) = (divide(CrewDay { service_cv: 0.2, ..day.clone() }, 1, 200), divide(day, 1, 200));
    let spread = |divided: &verbs::crews::Divided| {
        divided.lived.done_by(0.95).unwrap() - divided.lived.done_by(0.5).unwrap()
    };
    assert!(spread(&wild) > 1.5 * spread(&quiet), "{} {}", spread(&wild), spread(&quiet));
}

#[test]
fn a_replan_meets_the_same_luck_and_says_what_it_gains() {
    let mut day = day();
    day.now_min = Some(500.0);
    day.crews[0].agreed = vec![0];
    day.crews[1].agreed = vec![1];
    let divided = divide(day.clone(), 7, 50);
    let (before, after) = (divided.agreed_lived.as_ref().unwrap(), &divided.lived);
    assert!(before.done_by(0.5) > after.done_by(0.5));
    let said = divided.sentences(VOICE).join(" ");
    assert!(
        said.contains(
            "Against what was agreed, all are done 90 minutes earlier. Crews that change their way: 1"
        ),
        "{said}"
    );
    // What is agreed already is lived to the same minute.
    day.crews[1].agreed = vec![1, 0];
    let divided = divide(day.clone(), 7, 50);
    assert_eq!(divided.agreed_lived.as_ref(), Some(&divided.lived));
    assert!(divided.sentences(VOICE).iter().any(|said| said.starts_with("What was agreed stays")));
    // The same seed gives the same days.
    assert_eq!(divide(day, 7, 50).lived, divided.lived);
}

#[test]
fn what_cannot_be_served_is_said_by_community() {
    let mut day = day();
    day.crews.truncate(1);
    day.crews[0].until_min = 540.0;
    let divided = divide(day, 1, 20);
    assert_eq!(divided.lived.done_by(0.5), None);
    let said = divided.sentences(VOICE).join(" ");
    assert!(said.contains("people cannot be served before"), "{said}");
    assert!(said.contains("promise nothing yet"), "{said}");
    let output = serde_json::to_value(divided.output(VOICE)).unwrap();
    assert!(output["latest"].is_null() && output["rehearsed"]["latest"]["p50"].is_null());
}

#[test]
fn the_day_of_the_house_is_divided_well_and_promises_what_it_can_keep() {
    let (day, _) = scenario::read_crew_day(&scenario::example("three-compounds").unwrap());
    let day = day.unwrap();
    let divided = divide(day.clone(), 1, 50);
    assert_eq!(divided.division.unserved, [0.0, 0.0, 0.0]);
    assert!(divided.lived.kept(&day).unwrap() >= 0.9, "{:?}", divided.sentences(VOICE));
    let gap = divided.division.latest_min - divided.division.bound_min;
    assert!(gap < 15.0, "{gap} minutes after what no division can beat");
    assert!(divided.notes.0.is_empty());
}
