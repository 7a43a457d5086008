//! The rest of a running day: lived from where people stand, by laws that are known.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use chance::Law;
use domain::Scenario;
use rehearse::{
    TICKS_PER_MINUTE,
    ahead::{Ahead, Awaited, Door, Future, Midway, NEVER, Standing},
};

/// Two stations of one server each: ten seconds, then thirty.
fn site() -> Scenario {
    let text = r#"format = 1
[community]
name = "Example"
timezone = "UTC"
households = 1
mean_size = 1
entrances = 1
[round]
purpose = "screening"
date = 2022-03-28
opens = "07:00"
closes = "13:00"
[site]
lanes = 1
[[site.station]]
name = "registration"
servers = 1
service = { law = "constant", mean_s = 10 }
[[site.station]]
name = "sampling"
servers = 1
service = { law = "constant", mean_s = 30 }
[arrivals]
law = "waves"
[waves]
reaction = { law = "constant", mean_min = 3 }
"#;
    let files = scenario::Files([("scenario.toml".to_owned(), text.as_bytes().to_vec())].into());
    scenario::read(&files, &[], &mut |_, _| ()).0.unwrap()
}

fn future(site: &Scenario, midway: &Midway, draws: u32) -> Future {
    let mut future = Future::default();
    Ahead::new(site, midway).run(1, 0..draws, &mut future);
    future
}

fn waiting(station: usize, people: usize) -> Vec<Standing> {
    let one = |_| Standing { station, lane: 0, class: String::new(), from: NOW, left: 1.0 };
    (0..people).map(one).collect()
}

const NOW: i64 = 60 * TICKS_PER_MINUTE;

fn at_door() -> Door {
    Door { busy_since: NOW, doubt: 0, counted: None }
}

#[test]
fn whoever_comes_now_waits_for_all_who_stand_there() {
    // Six wait for the second station, and four for the first: the last of all begins there after ten times thirty
    // seconds, ten of which are spent at the first.
    let standing = [waiting(1, 6), waiting(0, 4)].concat();
    let midway = Midway { at: NOW, standing, doors: vec![at_door()], asked: vec![NOW], ..Midway::default() };
    let future = future(&site(), &midway, 3);
    assert_eq!(future.waits[0][0].len(), 3);
    for wait in &future.waits[0][0] {
        let seconds = *wait as f64 / 10_000.0;
        assert!((299.0..=301.0).contains(&seconds), "{seconds}");
    }
    let done = future.draws[0].done_97.unwrap() - NOW;
    assert_eq!((future.draws[0].served, done), (10, 10 * 300_000), "imagined people are nobody");
}

#[test]
fn who_left_counts_and_who_is_half_done_takes_half_as_long() {
    let mut standing = waiting(1, 2);
    standing[0].left = 0.5;
    let gone: Vec<i64> = (0..98).collect();
    let midway = Midway { at: NOW, standing, gone, doors: vec![at_door()], ..Midway::default() };
    let site = site();
    let early = future(&site, &midway, 1);
    assert_eq!(early.draws[0].done_97, Some(96), "97 of 100 have left long ago");
    let none_gone = Midway { gone: Vec::new(), ..midway.clone() };
    let done = future(&site, &none_gone, 1).draws[0].done_97.unwrap() - NOW;
    assert!((done - 450_000).abs() < 20, "fifteen seconds and thirty: {done}");
}

#[test]
fn a_household_that_must_have_been_let_in_is_not_in_the_queue() {
    let household = |told| Awaited { wave: 1, lane: Some(0), people: 1, told, answer: Some(true) };
    let midway = |busy_since| Midway {
        at: NOW,
        // Three minutes after their call they came: one a quarter of an hour ago, one two minutes ago.
        awaited: vec![household(NOW - 18 * TICKS_PER_MINUTE), household(NOW - 5 * TICKS_PER_MINUTE)],
        doors: vec![Door { busy_since, doubt: 0, counted: None }],
        ..Midway::default()
    };
    let site = site();
    let served = |busy_since| future(&site, &midway(busy_since), 1).draws[0].served;
    assert_eq!(served(NOW - 20 * TICKS_PER_MINUTE), 2, "nobody was idle since before they came");
    assert_eq!(served(NOW - 4 * TICKS_PER_MINUTE), 1, "the queue was empty when the first was there");
    assert_eq!(served(NOW), 0);
}

#[test]
fn a_queue_that_was_counted_holds_as_many_as_were_counted_and_those_who_came_since() {
    let household = |told| Awaited { wave: 1, lane: Some(0), people: 2, told, answer: Some(true) };
    let counted = |left| Midway {
        at: NOW,
        awaited: vec![household(NOW - 8 * TICKS_PER_MINUTE), household(NOW - 4 * TICKS_PER_MINUTE)],
        doors: vec![Door {
            busy_since: NOW - 20 * TICKS_PER_MINUTE,
            doubt: 0,
            counted: Some((NOW - 3 * TICKS_PER_MINUTE, left)),
        }],
        ..Midway::default()
    };
    let site = site();
    // The second household came a minute ago, after the count.
    for (left, served) in [(0, 2), (1, 3), (2, 4), (9, 11)] {
        assert_eq!(future(&site, &counted(left), 1).draws[0].served, served, "{left} counted");
    }
}

#[test]
fn who_said_no_does_not_come_and_nobody_begins_after_closing() {
    let household = |told, answer| Awaited { wave: 2, lane: None, people: 3, told, answer };
    let late = 6 * 60 * TICKS_PER_MINUTE;
    let midway = Midway {
        at: NOW,
        awaited: vec![
            household(NOW, Some(false)),
            household(NOW + TICKS_PER_MINUTE, Some(true)),
            household(late, Some(true)),
        ],
        doors: vec![at_door()],
        wave: Some(2),
        ..Midway::default()
    };
    let future = future(&site(), &midway, 1);
    assert_eq!(future.draws[0].served, 3);
    assert_eq!(future.wave_waits.len(), 3);
}

#[test]
fn whoever_is_turned_away_at_closing_did_not_wait_for_a_short_time() {
    let closing = 6 * 60 * TICKS_PER_MINUTE;
    let now = closing - 5 * TICKS_PER_MINUTE;
    let household = Awaited { wave: 2, lane: None, people: 3, told: now, answer: Some(true) };
    let midway = Midway {
        at: now,
        // A quarter of an hour of work at the first table.
        standing: waiting(0, 90),
        awaited: vec![household],
        doors: vec![Door { busy_since: now, doubt: 0, counted: None }],
        asked: vec![now],
        wave: Some(2),
        ..Midway::default()
    };
    let future = future(&site(), &midway, 4);
    assert!(future.wave_waits.iter().all(|&wait| wait == NEVER), "{:?}", future.wave_waits);
    assert_eq!(future.wave_waits.len(), 12);
    assert!(future.waits[0][0].is_empty(), "nobody who comes now is served");
}

#[test]
fn the_same_draw_meets_the_same_luck_at_a_faster_site() {
    let mut slow = site();
    slow.site.stations[1].service = Law::lognormal_mean_cv(30.0, 0.5);
    let mut fast = slow.clone();
    fast.site.stations[1].service = fast.site.stations[1].service.scaled_by(0.9);
    let midway = Midway { at: NOW, standing: waiting(0, 40), doors: vec![at_door()], ..Midway::default() };
    let (slow, fast) = (future(&slow, &midway, 50), future(&fast, &midway, 50));
    for (slow, fast) in slow.draws.iter().zip(&fast.draws) {
        assert!(fast.done_97 < slow.done_97 && fast.wait < slow.wait);
    }
}
