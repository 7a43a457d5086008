//! A review measures what the rehearsal that wrote the events measured itself.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod world;

use domain::{
    command::Table,
    event::{Envelope, Event},
};
use rehearse::{Luck, Progress, Purpose};
use review::{Observed, Review};
use std::collections::BTreeMap;
use uuid::Uuid;
use world::{World, clinic, garden};

const LUCK: Luck = Luck { seed: 1, purpose: Purpose::Rehearse };

fn assert_measures_the_same(world: &World) {
    let review = world.review(1..=1);
    let figures = world.rehearsal(&world.scenario).run(LUCK, 1, 1, &Progress::default()).figures();
    assert_eq!((review.people, review.served), (figures.people, figures.served));
    assert_eq!((review.left, review.unserved), (figures.left, figures.unserved));
    assert_eq!(review.wait_min.max, figures.wait_min.max);
    assert_eq!(review.done_97_min, figures.done_97_min);
    assert_eq!(review.queue_max, figures.queue_max);
    let close = |a: Option<f64>, b: Option<f64>, by: f64| (a.unwrap() - b.unwrap()).abs() <= by;
    assert!(close(review.wait_min.mean, figures.wait_min.mean, 1e-9));
    assert!(close(review.stay_min.mean, figures.stay_min.mean, 1e-9));
    // A rehearsal keeps quantiles to the second.
    assert!(close(review.wait_min.p50, figures.wait_min.p50, 1.0 / 60.0));
    assert!(close(review.wait_min.p95, figures.wait_min.p95, 1.0 / 60.0));
    for (seen, known) in review.stations.iter().zip(&figures.stations) {
        assert_eq!(seen.name, known.name);
        match (seen.utilisation, known.utilisation) {
            (Some(seen), Some(known)) => assert!((seen - known).abs() < 0.005, "{seen} {known}"),
            (seen, known) => assert_eq!(seen, known),
        }
    }
    assert_eq!(review.waits, "measured");
}

#[test]
fn a_broadcast_is_measured_as_it_was_lived() {
    assert_measures_the_same(&garden("broadcast"));
}

#[test]
fn waves_are_measured_as_they_were_lived() {
    let world = garden("waves");
    assert_measures_the_same(&world);
    let review = world.review(1..=1);
    let planned = review.planned.unwrap();
    assert_eq!(planned.waves.len(), world.plan.as_ref().unwrap().waves.len());
    let people: f64 = planned.waves.iter().map(|wave| wave.people).sum();
    let expected: f64 = planned.waves.iter().filter_map(|wave| wave.expected_people).sum();
    assert_eq!(people, review.people);
    assert!((people / expected - 1.0).abs() < 0.02, "{people} {expected}");
    assert!(planned.waves.iter().all(|wave| wave.planned_households == wave.called_households));
}

#[test]
fn a_clinic_is_measured_as_it_was_lived() {
    assert_measures_the_same(&clinic());
}

#[test]
fn the_garden_s_parameters_come_back() {
    let review = garden("waves").review(1..=4);
    let calls = review.calls.as_ref().unwrap();
    let near = |value: f64, known: f64, by: f64| assert!((value - known).abs() <= by, "{value} {known}");
    near(calls.come.unwrap().value, 0.97, 0.015);
    near(calls.persons.unwrap().value, 0.98, 0.01);
    near(calls.call_s.unwrap().value, 40.0, 1.5);
    let changeover = review.stations[1].changeover.as_ref().unwrap();
    assert_eq!((changeover.every, changeover.away_s), (10, 15.0));
    assert!(review.stations[0].changeover.is_none());
    assert_eq!(review.stations[0].fit.as_ref().unwrap().family, "lognormal, constant");
    assert_eq!(review.stations[1].fit.as_ref().unwrap().family, "lognormal");
    assert_eq!(calls.reaction.as_ref().unwrap().family, "normal, late uniform");
    near(review.coverage.share.unwrap(), 0.962, 0.015);
    // The list of tomorrow is one round's.
    assert!(review.coverage.missed.len() < 120 && review.coverage.missed.len() > 20);
}

/// The same events without some kinds.
fn without(world: &World, seeds: std::ops::RangeInclusive<u64>, drop: fn(&Event) -> bool) -> Review {
    let mut notes = domain::Notes::default();
    let mut observed = Observed::new();
    for seed in seeds {
        let mut events = world.events(seed);
        events.retain(|envelope| !drop(&envelope.event));
        observed.take_in(&events, &mut notes);
    }
    observed.review(Some(&world.scenario), world.plan.as_ref()).0
}

#[test]
fn starts_that_nobody_tapped_are_inferred() {
    let world = garden("broadcast");
    let full = world.review(1..=1);
    let bare = without(&world, 1..=1, |event| {
        matches!(event, Event::ServiceStarted { .. } | Event::Queued { .. } | Event::Left { .. })
    });
    assert_eq!(bare.waits, "inferred");
    assert_eq!(bare.served, full.served);
    for (bare, full) in bare.stations.iter().zip(&full.stations) {
        assert!(bare.inferred && !full.inferred);
        assert_eq!(bare.starts_inferred, full.starts_tapped);
        let (bare, full) = (bare.mean_s.unwrap(), full.mean_s.unwrap());
        assert!((bare / full - 1.0).abs() < 0.05, "{bare} {full}");
    }
    for (bare, full) in [(bare.wait_min.p50, full.wait_min.p50), (bare.wait_min.p95, full.wait_min.p95)] {
        assert!((bare.unwrap() / full.unwrap() - 1.0).abs() < 0.01);
    }
}

#[test]
fn a_round_without_arrivals_is_an_estimate_and_says_so() {
    let review = without(&garden("broadcast"), 1..=1, |event| {
        matches!(event, Event::ServiceStarted { .. } | Event::Queued { .. } | Event::Arrived { .. })
    });
    assert_eq!(review.waits, "estimated");
    let registration = review.stations[0].mean_s.unwrap();
    assert!((registration / 13.9 - 1.0).abs() < 0.1, "{registration}");
}

/// The garden's events without who joined which queue; one in so many carries a card, which phones tap unless `forgets`.
fn with_cards(world: &World, one_in: u32, forgets: fn(u32, &Table) -> bool) -> Vec<Envelope> {
    let events = world.events(1);
    let mut told: Vec<Envelope> = Vec::new();
    let (mut people, mut carried) = (0, BTreeMap::new());
    for envelope in &events {
        let mut tap = |card: u32, table: Option<Table>| {
            let id = Uuid::from_u128(1 << 64 | told.len() as u128);
            told.push(Envelope { id, event: Event::CardTapped { card, table }, ..envelope.clone() });
        };
        match &envelope.event {
            Event::Arrived { visit, .. } => {
                people += 1;
                if people % one_in == 0 {
                    carried.insert(*visit, people / one_in);
                    tap(people / one_in, None);
                }
            }
            Event::ServiceStarted { visit, station, lane, server } => {
                let table = Table { station: station.clone(), lane: *lane, server: *server };
                if let Some(&card) = carried.get(visit).filter(|&&card| !forgets(card, &table)) {
                    tap(card, Some(table));
                }
            }
            Event::Queued { .. } => {}
            _ => told.push(envelope.clone()),
        }
    }
    told
}

fn reviewed(world: &World, told: &[Envelope]) -> (Review, Vec<(&'static str, String)>) {
    let mut observed = Observed::new();
    observed.take_in(told, &mut domain::Notes::default());
    let (review, notes) = observed.review(Some(&world.scenario), world.plan.as_ref());
    (review, notes.0.into_iter().map(|note| (note.code, format!("{:?}", note.args))).collect())
}

/// One in fifteen carries a card, which phones tap: what nobody else wrote down is measured by them, and nothing else is
/// measured otherwise for it.
#[test]
fn stopwatch_cards_that_phones_tapped_measure_the_queue_that_nobody_wrote_down() {
    let world = garden("broadcast");
    let full = world.review(1..=1);
    let told = with_cards(&world, 15, |_, _| false);
    let (review, notes) = reviewed(&world, &told);
    assert_eq!(review.waits, "sampled");
    assert!(notes.iter().any(|(code, _)| *code == "review_waits_sampled"), "{notes:?}");
    assert_eq!((review.rounds, review.served), (1, full.served));
    for (cards, all) in [(review.wait_min.mean, full.wait_min.mean), (review.wait_min.p50, full.wait_min.p50)]
    {
        assert!((cards.unwrap() / all.unwrap() - 1.0).abs() < 0.1, "{cards:?} {all:?}");
    }
    let mut bare = told.clone();
    bare.retain(|told| !matches!(told.event, Event::CardTapped { .. }));
    let (bare, _) = reviewed(&world, &bare);
    assert!(review.stations.iter().all(|station| station.utilisation.is_some()));
    assert_eq!(bare.waits, "estimated");
    assert_eq!((&review.stations, &review.lanes, &review.queue), (&bare.stations, &bare.lanes, &bare.queue));
}

/// What is no whole way counts for nothing: a table that forgot the card, a card taken home, a clock that is wrong.
#[test]
fn a_card_that_is_no_whole_way_is_left_out() {
    let world = garden("broadcast");
    let people = |notes: &[(&str, String)], code: &str| {
        let (_, args) = notes.iter().find(|(of, _)| *of == code).unwrap();
        args.split('"').find_map(|word| word.parse::<usize>().ok()).unwrap()
    };
    let whole = with_cards(&world, 15, |_, _| false);
    let (all, notes) = reviewed(&world, &whole);
    let cards = people(&notes, "review_waits_sampled");
    // Every second bearer is not asked at registration: its service would count as waiting.
    let told = with_cards(&world, 15, |card, table| table.station == "registration" && card % 2 == 0);
    let (review, notes) = reviewed(&world, &told);
    assert_eq!(people(&notes, "review_waits_sampled"), cards.div_ceil(2));
    let rest = with_cards(&world, 15, |_, table| table.station == "registration");
    let (none, _) = reviewed(&world, &rest);
    assert_eq!(none.waits, "estimated");
    let odd = (review.wait_min.mean.unwrap(), all.wait_min.mean.unwrap());
    assert!((odd.0 / odd.1 - 1.0).abs() < 0.2, "{odd:?}");
    // Only the first table taps: the later queues are missing.
    let (first, notes) = reviewed(&world, &with_cards(&world, 15, |_, table| table.station == "sampling"));
    assert_eq!((first.waits, people(&notes, "review_cards_few")), ("estimated", 0));
    // Handed out by a phone whose clock is four hours behind, or ahead.
    for hours in [-4, 4] {
        let mut told = whole.clone();
        for told in &mut told {
            if let Event::CardTapped { table: None, .. } = told.event {
                told.at = (domain::Moment::parse(&told.at).unwrap() + hours * 36_000_000).rfc3339();
            }
        }
        assert_eq!(reviewed(&world, &told).0.waits, "estimated", "{hours}");
    }
    // Nine are too few to speak for everybody.
    let people_of =
        world.events(1).iter().filter(|of| matches!(of.event, Event::Arrived { .. })).count() as u32;
    let (few, notes) = reviewed(&world, &with_cards(&world, people_of / 9, |_, _| false));
    assert_eq!(few.waits, "estimated");
    assert!((1..10).contains(&people(&notes, "review_cards_few")), "{notes:?}");
}

#[test]
fn what_differs_from_the_scenario_becomes_a_lesson() {
    let lived = garden("broadcast");
    let mut planned = garden("broadcast");
    assert!(lived.review(1..=2).lessons.iter().all(|lesson| lesson.why == "interval"));
    planned.scenario.site.stations[0].service = chance::Law::lognormal_mean_cv(10.0, 0.3);
    planned.scenario.attendance.households = 0.8;
    planned.scenario.site.stations[1].changeover = None;
    let mut observed = Observed::new();
    observed.take_in(&lived.events(1), &mut domain::Notes::default());
    let (review, _) = observed.review(Some(&planned.scenario), planned.plan.as_ref());
    let codes: Vec<&str> = review.lessons.iter().map(|lesson| lesson.code).collect();
    for code in ["service_slower", "changeover_new", "attendance_households"] {
        assert!(codes.contains(&code), "{codes:?}");
    }
    let lesson = &review.lessons[0];
    assert_eq!(lesson.key, "site.station.registration.service");
    assert_eq!(lesson.new["law"], "mixture");
    assert_eq!(lesson.before.wait_p95_min, review.wait_min.p95);
}

#[test]
fn times_cut_to_the_second_cost_little() {
    let world = garden("broadcast");
    let mut events = world.events(1);
    for envelope in &mut events {
        envelope.at.replace_range(19..24, "");
    }
    let mut observed = Observed::new();
    observed.take_in(&events, &mut domain::Notes::default());
    let (review, _) = observed.review(Some(&world.scenario), world.plan.as_ref());
    let full = world.review(1..=1);
    for (cut, full) in review.stations.iter().zip(&full.stations) {
        let fit = cut.fit.as_ref().unwrap();
        assert!((cut.mean_s.unwrap() / full.mean_s.unwrap() - 1.0).abs() < 0.01);
        assert!((fit.law.mean_s() / full.mean_s.unwrap() - 1.0).abs() < 0.03, "{fit:?}");
        assert_eq!(
            cut.changeover.as_ref().map(|one| one.every),
            full.changeover.as_ref().map(|one| one.every)
        );
    }
}
