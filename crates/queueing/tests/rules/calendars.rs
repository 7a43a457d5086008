//! Servers coming, pausing and going; opening and closing.

use crate::day::{at, live, row};
use queueing::{Changeover, Servers};

fn calendar(changes: &[(i64, u32)]) -> Servers {
    Servers::Calendar(changes.iter().map(|&(at, servers)| (at * 10_000, servers)).collect())
}

#[test]
fn a_server_pauses_after_every_second_person_who_departs_first() {
    let mut model = row(&[(1, 10)]);
    model.stations[0].changeover = Some(Changeover { every: 2, away: 50_000 });
    let (day, summary) = live(&model, &at(&[0, 0, 0, 0, 0]));
    assert_eq!(day.starts(0), [(0, 0), (10, 1), (25, 2), (35, 3), (50, 4)]);
    assert!(day.departed.contains(&(20, 1)));
    // The last pause is not due, the last departure at 60: 50 seconds of service and 10 away.
    assert_eq!(summary.stations[0].utilisation, Some(1.0));
}

#[test]
fn each_server_counts_for_himself() {
    let mut model = row(&[(2, 10)]);
    model.stations[0].changeover = Some(Changeover { every: 2, away: 1_000_000 });
    let (day, _) = live(&model, &at(&[0, 0, 0, 0, 0]));
    assert_eq!(day.starts(0), [(0, 0), (0, 1), (10, 2), (10, 3), (120, 4)]);
}

#[test]
fn when_a_calendar_falls_the_idle_leave_first() {
    let mut model = row(&[(1, 30)]);
    model.stations[0].servers = calendar(&[(0, 2), (100, 1)]);
    let (day, summary) = live(&model, &at(&[95, 101]));
    assert_eq!(day.starts(0), [(95, 0), (125, 1)]);
    // Two servers for 100 seconds, one until 155, no overtime.
    assert_eq!(summary.stations[0].utilisation, Some(60.0 / 255.0));
}

#[test]
fn when_all_are_busy_the_first_to_finish_leaves_and_finishes_first() {
    let mut model = row(&[(1, 30)]);
    model.stations[0].servers = calendar(&[(0, 2), (100, 1)]);
    let (day, summary) = live(&model, &at(&[80, 90, 105]));
    assert_eq!(day.starts(0), [(80, 0), (90, 1), (120, 2)]);
    // Two for 100 seconds, one until 150, and ten seconds of overtime.
    assert_eq!(summary.stations[0].utilisation, Some(90.0 / 260.0));
}

#[test]
fn before_the_calendar_begins_there_are_no_servers_and_when_it_rises_they_begin() {
    let mut model = row(&[(1, 30)]);
    model.stations[0].servers = calendar(&[(10, 1), (20, 3)]);
    let (day, _) = live(&model, &at(&[-5, 0, 1, 2]));
    assert_eq!(day.starts(0), [(10, 0), (20, 1), (20, 2), (40, 3)]);
}

#[test]
fn after_a_calendar_ends_nobody_is_served_and_who_was_begun_is_finished() {
    let mut model = row(&[(1, 30)]);
    model.stations[0].servers = calendar(&[(0, 1), (20, 0)]);
    let (day, summary) = live(&model, &at(&[0, 1, 25]));
    assert_eq!(day.departed, [(30, 0)]);
    assert_eq!(day.turned_away, [(20, 1), (25, 2)]);
    assert_eq!(summary.unserved, 2.0);
}

#[test]
fn a_server_who_is_due_to_leave_is_replaced_by_a_fresh_one() {
    let mut model = row(&[(1, 30)]);
    model.stations[0].servers = calendar(&[(0, 1), (10, 0), (15, 1)]);
    let (day, _) = live(&model, &at(&[0, 1]));
    assert_eq!(day.starts(0), [(0, 0), (15, 1)]);
}

#[test]
fn a_calendar_without_entries_serves_nobody() {
    let mut model = row(&[(1, 30)]);
    model.stations[0].servers = calendar(&[]);
    let (day, _) = live(&model, &at(&[3]));
    assert_eq!(day.turned_away, [(3, 0)]);
}

#[test]
fn at_closing_first_services_end_and_begun_ones_go_on() {
    let mut model = row(&[(1, 10), (1, 40)]);
    model.closes = Some(150_000);
    let (day, summary) = live(&model, &at(&[0, 0, 0, 15, 16]));
    assert_eq!(day.starts(0), [(0, 0), (10, 1)]);
    // The second station works on after closing.
    assert_eq!(day.starts(1), [(10, 0), (50, 1)]);
    assert_eq!(day.turned_away, [(15, 2), (15, 3), (16, 4)]);
    assert_eq!((summary.served, summary.unserved), (2.0, 3.0));
}

#[test]
fn a_service_may_still_begin_in_the_very_tick_of_closing() {
    let mut model = row(&[(1, 10)]);
    model.closes = Some(100_000);
    let (day, _) = live(&model, &at(&[0, 0, 0]));
    assert_eq!(day.starts(0), [(0, 0), (10, 1)]);
}
