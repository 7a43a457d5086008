//! Seven answers and the folder made from them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "notes/said.rs"]
mod said;

use domain::scenario::{Arrivals, Servers, Unit};
use said::{rendered, without_words};
use scenario::{Answers, Brief, Reach, Staffing, compose, read, services};

fn answers(service: &str, reach: &str) -> Answers {
    Answers {
        service: service.to_owned(),
        people: Some(1_000.0),
        date: "2026-12-01".to_owned(),
        opens: "07:00".to_owned(),
        closes: "13:00".to_owned(),
        staff: Some(16.0),
        reach: reach.to_owned(),
        room: Some(200.0),
        wait: Some(20.0),
        timezone: "Asia/Shanghai".to_owned(),
        ..Answers::default()
    }
}

fn brief(answers: &Answers) -> Brief {
    let (brief, notes) = Brief::of(answers);
    brief.unwrap_or_else(|| panic!("{}", rendered(&notes)))
}

/// Enough staff at every station of any service.
fn staffing() -> Staffing {
    Staffing { lanes: 6, servers: vec![60; 20], callers: 3, relief: 1 }
}

#[test]
fn every_service_reached_in_every_way_gives_a_folder_that_reads_without_a_note() {
    for service in services() {
        for (word, reach) in Reach::WORDS {
            for households in [None, Some(385.0)] {
                let mut answers = answers(service, word);
                answers.households = households;
                let brief = brief(&answers);
                let files = compose(&brief, &staffing());
                let (scenario, notes) = read(&files, &[], &mut |_, _| {});
                let text = String::from_utf8(files.0["scenario.toml"].clone()).unwrap();
                assert_eq!(rendered(&notes), "", "{service} {word}\n{text}");
                let scenario = scenario.unwrap_or_else(|| panic!("{service} {word}"));
                assert_eq!((scenario.round.purpose.as_str(), scenario.site.lanes), (service, 6));
                assert_eq!((scenario.site.room, scenario.waves.wait_p95_min), (Some(200), 20.0));
                assert_eq!(scenario.arrivals.needs_roll(), reach.calls());
                if reach.calls() {
                    assert_eq!(scenario.roll.people(), brief.visitors(), "{service} {word}");
                    assert_eq!(scenario.waves.callers.number, 3);
                }
                for station in &scenario.site.stations {
                    if let Servers::Calendar(calendar) = &station.servers {
                        assert_eq!(calendar.0, [(0, 60)], "{service} {}", station.name);
                    }
                }
            }
        }
    }
}

#[test]
fn everybody_has_a_place_before_closing() {
    let brief = brief(&answers("flu-clinic", "appointments"));
    let (scenario, _) = read(&compose(&brief, &staffing()), &[], &mut |_, _| {});
    let Arrivals::Appointments(booked) = scenario.unwrap().arrivals else { panic!("they are booked") };
    let places = booked.slots * booked.places;
    assert!((1_000..1_000 + booked.places).contains(&places), "{booked:?}");
    assert!(i64::from(booked.slots) * booked.slot <= 340 * 600_000);
}

#[test]
fn who_just_come_are_as_many_as_was_answered() {
    let brief = brief(&answers("flu-clinic", "walk-in"));
    let (scenario, _) = read(&compose(&brief, &staffing()), &[], &mut |_, _| {});
    let Arrivals::Poisson(walk_ins) = scenario.unwrap().arrivals else { panic!("they just come") };
    assert_eq!(walk_ins.people, Some(1_000));
}

#[test]
fn a_service_to_households_counts_households() {
    for name in services() {
        let brief = brief(&answers(name, "walk-in"));
        if brief.service.to == Unit::Person {
            continue;
        }
        assert_eq!((brief.parties(), brief.households), (385, 385), "{name}");
        let (scenario, _) = read(&compose(&brief, &staffing()), &[], &mut |_, _| {});
        let Arrivals::Poisson(walk_ins) = scenario.unwrap().arrivals else { panic!("they just come") };
        assert_eq!(walk_ins.people, Some(385), "{name}");
    }
}

#[test]
fn a_round_of_two_days_has_the_date_of_its_end() {
    let mut answers = answers("screening", "doors");
    answers.closes = "2026-12-03T13:00".to_owned();
    answers.name = "A \"quoted\" name \\ and more".to_owned();
    let brief = brief(&answers);
    assert_eq!(brief.hours(), 54.0);
    let scenario = read(&compose(&brief, &staffing()), &[], &mut |_, _| {}).0.unwrap();
    assert_eq!(scenario.round.closes, Some(54 * 3_600 * 10_000));
    assert_eq!(scenario.community.name, answers.name);
}

#[test]
fn all_that_is_wrong_with_answers_is_said_at_once_by_field() {
    let wrong = Answers {
        service: "screning".to_owned(),
        people: Some(-4.0),
        households: Some(1.5),
        date: "1 December".to_owned(),
        opens: "7".to_owned(),
        closes: "late".to_owned(),
        staff: Some(0.0),
        reach: "door".to_owned(),
        room: None,
        wait: Some(f64::NAN),
        timezone: "+08:00".to_owned(),
        name: "two\nlines".to_owned(),
    };
    let notes = wrong.check();
    assert!(Brief::of(&wrong).0.is_none());
    assert_eq!(without_words(&notes), Vec::<String>::new());
    insta::assert_snapshot!(rendered(&notes));
    let notes = Answers::default().check();
    assert_eq!(without_words(&notes), Vec::<String>::new());
    insta::assert_snapshot!("nothing_is_answered", rendered(&notes));
}

#[test]
fn answers_that_contradict_each_other_are_said() {
    let mut crowded = answers("screening", "doors");
    crowded.households = Some(4.0);
    crowded.closes = "06:00".to_owned();
    let notes = crowded.check();
    assert_eq!(without_words(&notes), Vec::<String>::new());
    assert_eq!(
        rendered(&notes),
        "error answers:households answer_mean_size people=1000 households=4 mean=250.0 min=1 max=15\n\
         error answers:closes closes_before_opening value=\"06:00\"\n"
    );
}

#[test]
fn the_text_is_one_that_a_person_can_read_on() {
    let brief = brief(&answers("screening", "doors"));
    let staffing = Staffing { lanes: 4, servers: vec![1, 2], callers: 3, relief: 1 };
    let files = compose(&brief, &staffing);
    insta::assert_snapshot!(String::from_utf8(files.0["scenario.toml"].clone()).unwrap());
}
