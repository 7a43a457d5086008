//! Who is next, and where people go.

use crate::day::{always, at, live, row};
use queueing::{Class, Engine, LaneChoice, ROUNDS_MAX, Route, Visit};

const HALF: u64 = 1 << 31;

#[test]
fn a_crowd_without_order_serves_everybody_once_and_not_in_turn() {
    let mut model = row(&[(2, 10)]);
    model.stations[0].scrum = true;
    let (day, summary) = live(&model, &at(&[0; 300]));
    let mut who: Vec<usize> = day.starts(0).iter().map(|start| start.1).collect();
    assert!(!who.is_sorted());
    who.sort_unstable();
    assert_eq!(who, (0..300).collect::<Vec<_>>());
    // The order changes who waits how long, not how long they wait on average: 0, 0, 10, 10, …, 1490, 1490.
    assert_eq!(summary.wait.distribution.mean, 7_450_000.0);
}

#[test]
fn priority_goes_first_and_interrupts_nobody() {
    let mut model = row(&[(1, 10)]);
    model.classes = vec![Class::COMMON, Class { priority: 0, ..Class::COMMON }];
    model.stations[0].routes = vec![model.stations[0].routes[0].clone(); 2];
    let mut visits = at(&[0, 1, 2, 3, 25]);
    visits[3].class = 1;
    visits[4].class = 1;
    let (day, _) = live(&model, &visits);
    assert_eq!(day.starts(0), [(0, 0), (10, 3), (20, 1), (30, 4), (40, 2)]);
}

#[test]
fn the_impatient_give_up_and_the_next_moves_up() {
    let mut model = row(&[(1, 40)]);
    model.patience = Some(always(30));
    let (day, summary) = live(&model, &at(&[0, 5, 20]));
    assert_eq!(day.gave_up, [(35, 1)]);
    assert_eq!(day.starts(0), [(0, 0), (40, 2)]);
    assert_eq!(summary.wait.distribution.mean, 100_000.0);
}

#[test]
fn whoever_is_called_in_the_tick_in_which_patience_ends_is_served() {
    let mut model = row(&[(1, 40)]);
    model.patience = Some(always(40));
    let (day, _) = live(&model, &at(&[0, 0]));
    assert_eq!(day.starts(0), [(0, 0), (40, 1)]);
}

#[test]
fn a_way_back_is_taken_as_often_as_chance_says() {
    let mut model = row(&[(1, 1)]);
    model.stations[0].routes =
        vec![vec![Route { below: HALF, to: Some(0) }, Route { below: 1 << 32, to: None }]];
    let (day, summary) = live(&model, &at(&[0; 2_000]));
    assert_eq!(summary.served, 2_000.0);
    // Two services a person, with a standard deviation of √2: three standard errors are 190 of 4,000.
    assert!(day.started.len().abs_diff(4_000) < 190, "{}", day.started.len());
}

#[test]
fn a_certain_way_back_ends_at_last() {
    for service in [0, 1] {
        let mut model = row(&[(1, service)]);
        model.stations[0].routes = vec![vec![Route { below: 1 << 32, to: Some(0) }]];
        let (day, summary) = live(&model, &at(&[0, 0]));
        assert_eq!(summary.served, 2.0);
        assert_eq!(day.started.len(), 2 * (usize::from(ROUNDS_MAX) + 1));
    }
}

#[test]
fn the_shortest_lane_is_the_first_of_equals() {
    let mut model = row(&[(1, 10)]);
    model.lanes = 3;
    model.lane_choice = LaneChoice::Shortest;
    let (day, _) = live(&model, &at(&[0, 0, 0, 0, 5, 11]));
    assert_eq!(day.lanes, [0, 1, 2, 0, 1, 2]);
}

#[test]
fn lanes_go_their_own_way_and_share_what_is_shared() {
    let mut model = row(&[(1, 10), (1, 4)]);
    model.lanes = 2;
    model.stations[1].shared = true;
    let mut visits = at(&[0, 0, 0]);
    visits[1].lane = 1;
    let (day, _) = live(&model, &visits);
    assert_eq!(day.starts(0), [(0, 0), (0, 1), (10, 2)]);
    assert_eq!(day.starts(1), [(10, 0), (14, 1), (20, 2)]);
}

#[test]
fn a_party_is_served_at_once_and_parts_where_people_are_served_singly() {
    let mut model = row(&[(1, 10), (1, 5)]);
    model.stations[0].party = true;
    model.stations[0].plus_each = 20_000;
    let mut visits = at(&[0, 0, 0, 0]);
    for (visit, party) in visits.iter_mut().zip([3, 0, 0, 1]) {
        visit.party = party;
    }
    let (day, summary) = live(&model, &visits);
    assert_eq!(day.starts(0), [(0, 0), (0, 1), (0, 2), (14, 3)]);
    assert_eq!(day.starts(1), [(14, 0), (19, 1), (24, 2), (29, 3)]);
    assert_eq!(summary.people, 4.0);
}

#[test]
fn a_class_passes_by_what_it_skips_and_is_as_fast_as_its_factor() {
    let mut model = row(&[(1, 10), (1, 10), (1, 10)]);
    model.classes = vec![Class::COMMON, Class { skips: 0b011, factor: 1 << 15, ..Class::COMMON }];
    for station in &mut model.stations {
        station.routes = vec![station.routes[0].clone(); 2];
    }
    let mut visits = at(&[0, 0]);
    visits[1].class = 1;
    let (day, _) = live(&model, &visits);
    assert_eq!(day.starts(2), [(0, 1), (20, 0)]);
    assert_eq!(day.departed.iter().find(|left| left.1 == 1), Some(&(5, 1)));
}

#[test]
fn whoever_skips_everything_leaves_on_arriving() {
    let mut model = row(&[(1, 10)]);
    model.classes = vec![Class { skips: 1, ..Class::COMMON }];
    for engine in [Engine::Fifo, Engine::Event] {
        let (day, summary) = crate::day::live_on(engine, &model, &at(&[7, 8]));
        assert_eq!((day.departed, summary.served), (vec![(7, 0), (8, 1)], 2.0));
    }
}

#[test]
fn warmup_is_left_out_of_waits_but_not_of_counts() {
    let mut model = row(&[(1, 10)]);
    model.warmup = 2;
    let (_, summary) = live(&model, &at(&[0, 0, 0, 0]));
    assert_eq!(summary.served, 4.0);
    assert_eq!(summary.wait.distribution.people, 2);
    assert_eq!(summary.wait.distribution.mean, 250_000.0);
}

#[test]
fn nobody_coming_is_a_day_too() {
    let visits: Vec<Visit> = Vec::new();
    let (day, summary) = live(&row(&[(1, 10), (1, 10)]), &visits);
    assert_eq!((day.started.len(), summary.people), (0, 0.0));
}
