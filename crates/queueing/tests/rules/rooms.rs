//! Finite rooms.

use crate::day::{always, at, live, row};
use queueing::{Route, Servers, Walk};

#[test]
fn a_full_room_stops_the_station_before() {
    let mut model = row(&[(1, 10), (1, 30)]);
    model.stations[1].room = Some(1);
    let (day, summary) = live(&model, &at(&[0, 0, 0, 0]));
    // The third is served by 30 and stays with the server until the second leaves the room at 40.
    assert_eq!(day.starts(0), [(0, 0), (10, 1), (20, 2), (40, 3)]);
    assert_eq!(day.starts(1), [(10, 0), (40, 1), (70, 2), (100, 3)]);
    // Held time is waiting for the second station: 0, 20, 40, 50 seconds.
    assert_eq!(summary.stations[1].wait.distribution.mean, 275_000.0);
}

#[test]
fn a_station_without_room_takes_people_only_from_hand_to_hand() {
    let mut model = row(&[(1, 10), (1, 30)]);
    model.stations[1].room = Some(0);
    let (day, _) = live(&model, &at(&[0, 0, 0]));
    assert_eq!(day.starts(0), [(0, 0), (10, 1), (40, 2)]);
    assert_eq!(day.starts(1), [(10, 0), (40, 1), (70, 2)]);
}

#[test]
fn whoever_is_on_the_way_has_a_place_kept() {
    let mut model = row(&[(1, 10), (1, 100)]);
    model.stations[0].walk = Walk::Constant(500_000);
    model.stations[1].room = Some(1);
    let (day, summary) = live(&model, &at(&[0, 0, 0, 0]));
    // At 30 the first two are still walking: one will be served on coming, the other fills the room. The third is held
    // until the second is called at 160, walks until 210 and waits again until 260; then the fourth may go.
    assert_eq!(day.starts(0), [(0, 0), (10, 1), (20, 2), (160, 3)]);
    assert_eq!(day.starts(1), [(60, 0), (160, 1), (260, 2), (360, 3)]);
    // Held and waited, without the walks: 0, 90, 130 + 50, and 90 + 50 seconds.
    assert_eq!(summary.stations[1].wait.distribution.mean * 4.0, (90.0 + 180.0 + 140.0) * 10_000.0);
}

#[test]
fn whoever_is_held_may_give_up_and_frees_the_server() {
    let mut model = row(&[(1, 10), (1, 100)]);
    model.stations[1].room = Some(0);
    model.patience = Some(always(30));
    let (day, summary) = live(&model, &at(&[0, 0, 30]));
    assert_eq!(day.gave_up, [(50, 1), (90, 2)]);
    assert_eq!(day.starts(0), [(0, 0), (10, 1), (50, 2)]);
    assert_eq!((summary.served, summary.left), (1.0, 2.0));
}

#[test]
fn patience_runs_on_while_a_held_person_comes_in() {
    let mut model = row(&[(1, 10), (1, 100)]);
    model.stations[1].room = Some(1);
    model.patience = Some(always(95));
    let (day, _) = live(&model, &at(&[0, 0, 0]));
    // The second waits from 20 to 110. The third is held from 30 on, comes in at 110, and gives up at 125.
    assert_eq!(day.starts(1), [(10, 0), (110, 1)]);
    assert_eq!(day.gave_up, [(125, 2)]);
}

#[test]
fn rooms_that_wait_for_each_other_end_the_day_and_lose_nobody() {
    let mut model = row(&[(1, 10), (1, 10)]);
    model.stations[0].room = Some(0);
    model.stations[1].room = Some(0);
    model.stations[1].routes = vec![vec![Route { below: 1 << 32, to: Some(0) }]];
    let (day, summary) = live(&model, &at(&[0, 10, 12]));
    assert_eq!(summary.unserved, 3.0);
    assert_eq!(day.turned_away.len(), 3);
    assert_eq!(day.starts(0), [(0, 0), (10, 1)]);
}

#[test]
fn a_room_before_servers_who_went_home_lets_people_in_to_be_turned_away() {
    let mut model = row(&[(1, 10), (1, 30)]);
    model.stations[1].room = Some(0);
    model.stations[1].servers = Servers::Calendar(vec![(0, 1), (250_000, 0)]);
    let (day, _) = live(&model, &at(&[0, 0, 0]));
    // The second is held from 20 on; at 25 no server will come any more, at 30 the third finds out on coming.
    assert_eq!(day.departed, [(40, 0)]);
    assert_eq!(day.turned_away, [(25, 1), (35, 2)]);
}

#[test]
fn whoever_stays_after_a_service_looks_for_room_afterwards_and_keeps_no_server() {
    let mut model = row(&[(1, 10), (1, 100)]);
    model.stations[0].observe = 200_000;
    model.stations[1].room = Some(0);
    let (day, _) = live(&model, &at(&[0, 0, 0]));
    assert_eq!(day.starts(0), [(0, 0), (10, 1), (20, 2)]);
    assert_eq!(day.starts(1), [(30, 0), (130, 1), (230, 2)]);
}

#[test]
fn everyone_finds_room_where_nobody_waits() {
    let mut model = row(&[(2, 10), (1, 100)]);
    model.stations[1].room = Some(0);
    model.stations[1].servers = Servers::Unlimited;
    let (day, _) = live(&model, &at(&[0, 0, 0]));
    assert_eq!(day.starts(1), [(10, 0), (10, 1), (20, 2)]);
}
