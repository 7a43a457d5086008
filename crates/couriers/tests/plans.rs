//! Plans of random cities before the independent check, and the check before faults that were planted.

use couriers::{
    Away, Effort, LabPlace, Planned, Replanned, Task,
    check::{Breach, check},
    made, plan, replan, unserved,
};
use domain::city::{Position, rounds::Rounds};

const EFFORT: Effort = Effort { seed: 3, tries: Some(4_000), second_opinion_s: 0.0, threads: 1 };

fn planned(task: &Task) -> Planned {
    plan(task, &EFFORT, &mut |_| {})
}

fn breaches(task: &Task, rounds: &Rounds) -> Vec<Breach> {
    check(task, rounds, f64::NEG_INFINITY).breaches
}

#[test]
fn plans_of_random_cities_pass_the_independent_check() {
    for seed in 0..40 {
        let (sites, labs) = (20 + 7 * (seed as usize % 9), 2 + seed as usize % 4);
        let task = made::city(sites, labs, 15.0 + 2.0 * (seed % 5) as f64, 1.4, seed);
        let planned = planned(&task);
        assert_eq!(unserved(&task, &planned.rounds, f64::NEG_INFINITY), Vec::<u32>::new(), "seed {seed}");
        assert_eq!(breaches(&task, &planned.rounds), Vec::<u32>::new(), "seed {seed}");
        assert!(planned.gap().is_some_and(|gap| gap < 0.6), "seed {seed}: {:?}", planned.gap());
        let mut visited: Vec<u32> =
            planned.rounds.routes.iter().flat_map(|route| route.stops.iter().map(|stop| stop.site)).collect();
        visited.sort_unstable();
        assert!(visited.iter().copied().eq(0..sites as u32), "seed {seed}: each site once");
    }
}

#[test]
fn the_same_task_gives_the_same_rounds() {
    let task = made::city(60, 3, 20.0, 1.3, 8);
    assert_eq!(planned(&task).rounds, planned(&task).rounds);
}

#[test]
fn more_tries_drive_less() {
    let task = made::city(120, 4, 25.0, 1.3, 2);
    let drive = |tries| plan(&task, &Effort { tries: Some(tries), ..EFFORT }, &mut |_| {}).drive_min;
    let (few, many) = (drive(10), drive(20_000));
    assert!(many < 0.6 * few, "{many} of {few}");
}

#[test]
fn the_check_finds_each_fault_that_is_planted() {
    let task = made::city(60, 3, 20.0, 1.4, 4);
    let rounds = planned(&task).rounds;
    assert_eq!(breaches(&task, &rounds), []);
    let long = rounds.routes.iter().position(|route| route.stops.len() > 3).expect("a route has stops");
    let finds = |plant: &dyn Fn(&mut Rounds), found: &dyn Fn(&Breach) -> bool| {
        let mut rounds = rounds.clone();
        plant(&mut rounds);
        let breaches = breaches(&task, &rounds);
        assert!(breaches.iter().any(found), "{breaches:?}");
    };
    finds(&|of| of.routes[long].stops.truncate(2), &|breach| matches!(breach, Breach::Unvisited { .. }));
    finds(&|of| of.routes[long].stops.swap(0, 2), &|breach| matches!(breach, Breach::WrongTime { .. }));
    finds(&|of| of.routes[long].back_min -= 20.0, &|breach| matches!(breach, Breach::WrongTime { .. }));
    finds(&|of| of.routes[long].vehicles = 1, &|breach| matches!(breach, Breach::NoVehicle { .. }));
    finds(&|of| of.routes[long].departs_min.truncate(9), &|breach| {
        matches!(breach, Breach::LeftBehind { .. })
    });
    finds(&|of| of.routes[long].departs_min[4] += 45.0, &|breach| matches!(breach, Breach::TooSeldom { .. }));
    finds(&|of| of.routes[long].lab = 99, &|breach| matches!(breach, Breach::Unknown { .. }));
    finds(
        &|of| {
            let twice = of.routes[long].clone();
            of.routes.push(twice);
        },
        &|breach| matches!(breach, Breach::Twice { .. }),
    );
    finds(&|of| of.routes.iter_mut().for_each(|route| route.lab = 0), &|breach| {
        matches!(breach, Breach::LeftBehind { .. } | Breach::Late { .. })
    });
    let mut small = task.clone();
    small.vehicle.boxes = 2;
    assert!(breaches(&small, &rounds).iter().any(|breach| matches!(breach, Breach::TooFull { .. })));
    small = task.clone();
    small.vehicle.route_max_min = 60.0;
    assert!(breaches(&small, &rounds).iter().any(|breach| matches!(breach, Breach::TooLong { .. })));
    small = task.clone();
    small.labs.iter_mut().for_each(|lab| lab.tubes_per_hour *= 0.5);
    assert!(breaches(&small, &rounds).iter().any(|breach| matches!(breach, Breach::Late { .. })));
}

/// A city whose two labs cannot test all, and a large one two hours away.
fn with_a_lab_elsewhere() -> Task {
    let mut task = made::city(50, 3, 20.0, 0.8, 6);
    let away = &mut task.labs[2];
    away.away = Some(Away { travel_min: 120.0, notice_min: 180.0 });
    away.tubes_per_hour *= 3.0;
    task
}

#[test]
fn a_lab_in_another_city_is_told_of_every_large_batch() {
    let task = with_a_lab_elsewhere();
    let rounds = planned(&task).rounds;
    assert!(!rounds.trucks.is_empty(), "two labs cannot test all");
    for truck in &rounds.trucks {
        assert_eq!((truck.to, truck.arrives_min - truck.departs_min), (2, 120.0));
        assert_eq!(truck.notify_min, truck.arrives_min - 180.0);
    }
    let sent: f64 = rounds.trucks.iter().map(|truck| truck.tubes).sum();
    let its = rounds.routes.iter().filter(|route| route.lab == 2);
    let filled: f64 =
        its.flat_map(|route| &route.stops).map(|stop| task.sites[stop.site as usize].all()).sum();
    assert!((sent - filled).abs() < 1e-6, "{sent} of {filled}");
    assert_eq!(breaches(&task, &rounds), []);
    let mut late = rounds.clone();
    late.trucks[0].notify_min += 60.0;
    assert!(breaches(&task, &late).iter().any(|breach| matches!(breach, Breach::Untold { truck: 0, .. })));
}

#[test]
fn a_lab_that_can_move_stands_where_the_tubes_are_unless_it_would_be_ready_too_late() {
    let mut task = made::city(60, 2, 20.0, 1.5, 9);
    let far = Position { latitude: 31.9, longitude: 122.2 };
    let near = task.labs[1].places[0];
    task.labs[1].places = vec![LabPlace { position: far, ready_min: 0.0 }, near];
    assert_eq!(planned(&task).rounds.places, [0, 1]);
    task.labs[1].places = vec![near, LabPlace { position: far, ready_min: 0.0 }];
    assert_eq!(planned(&task).rounds.places, [0, 0]);
    // Where it stands is far, but there it can begin; where it could go it would not in time.
    task.labs.iter_mut().for_each(|lab| lab.tubes_per_hour *= 0.7);
    let close = Position { latitude: near.position.latitude + 0.1, ..near.position };
    task.labs[1].places =
        vec![LabPlace { position: close, ready_min: 0.0 }, LabPlace { ready_min: 1_500.0, ..near }];
    assert_eq!(planned(&task).rounds.places, [0, 0]);
}

#[test]
fn a_site_that_no_round_can_reach_is_said_to_be_so() {
    let mut task = made::city(20, 2, 10.0, 1.5, 1);
    task.sites[7].position = Position { latitude: 33.0, longitude: 121.0 };
    let planned = planned(&task);
    assert_eq!(unserved(&task, &planned.rounds, f64::NEG_INFINITY), [7_u32]);
    assert_eq!(breaches(&task, &planned.rounds), [Breach::Unvisited { site: 7 }]);
}

/// A plan in which a lab stops: the task with the lab closed, the plan before and after, when.
struct Stopping {
    task: Task,
    before: Rounds,
    after: Replanned,
    now: f64,
    lab: u32,
}

fn stopping(seed: u64) -> Option<Stopping> {
    let mut task = made::city(80, 4, 18.0, 2.2, seed);
    let before = planned(&task).rounds;
    let (now, lab) = (300.0 + 15.0 * (seed % 4) as f64, (seed % 4) as u32);
    before.routes.iter().find(|route| route.lab == lab)?;
    task.labs[lab as usize].open_min = vec![[0.0, now]];
    let after = replan(&task, &before, now, lab, &EFFORT);
    Some(Stopping { task, before, after, now, lab })
}

/// What is broken besides a round under way and the first of the new route that meet at a site, or are further apart than others: the
/// new one leaves within the time between two visits, and has its way to drive.
fn serious(task: &Task, breach: &Breach) -> bool {
    match breach {
        Breach::TooSeldom { minutes, .. } => {
            *minutes >= 2.0 * task.every_min + task.vehicle.route_max_min / 2.0
        }
        Breach::Twice { .. } | Breach::Late { .. } => false,
        _ => true,
    }
}

#[test]
fn when_a_lab_stops_only_its_own_sites_change_and_few_tubes_are_late() {
    let mut tested = 0;
    for (seed, of) in (0..24).filter_map(|seed| Some((seed, stopping(seed)?))) {
        tested += 1;
        let Stopping { task, before, after, now, lab } = of;
        let checked = check(&task, &after.rounds, now);
        let serious: Vec<&Breach> = checked.breaches.iter().filter(|of| serious(&task, of)).collect();
        assert!(serious.is_empty(), "seed {seed}: {serious:?}");
        let moved: f64 = after.sites_moved.iter().map(|&site| task.sites[site as usize].all()).sum();
        let late = checked.tubes - checked.in_time;
        assert!(late < 0.01 * moved, "seed {seed}: {late} of {moved}");
        assert_eq!(unserved(&task, &after.rounds, now), Vec::<u32>::new(), "seed {seed}");
        let kept = before.routes.iter().filter(|route| route.lab != lab);
        assert!(kept.clone().all(|route| after.rounds.routes.contains(route)), "seed {seed}");
        let its: usize =
            before.routes.iter().filter(|route| route.lab == lab).map(|route| route.stops.len()).sum();
        assert_eq!(after.sites_moved.len(), its, "seed {seed}: all of its sites go elsewhere, and no other");
        for route in after.rounds.routes.iter().filter(|route| route.ends == lab) {
            assert!(route.departs_min.iter().all(|leaves| leaves + route.back_min < now), "seed {seed}");
        }
    }
    assert!(tested >= 15, "{tested} cities");
}

#[test]
fn a_lab_that_has_stopped_gets_nothing_when_a_second_one_stops() {
    let mut tested = 0;
    for (seed, of) in (0..24).filter_map(|seed| Some((seed, stopping(seed)?))) {
        let Stopping { mut task, after: first, now, lab, .. } = of;
        let (second, later) = ((lab + 1) % 4, now + 90.0);
        if !first.rounds.routes.iter().any(|route| route.lab == second) {
            continue;
        }
        tested += 1;
        task.labs[second as usize].open_min = vec![[0.0, later]];
        let after = replan(&task, &first.rounds, later, second, &EFFORT);
        let checked = check(&task, &after.rounds, later);
        let serious: Vec<&Breach> = checked.breaches.iter().filter(|of| serious(&task, of)).collect();
        assert!(serious.is_empty(), "seed {seed}: {serious:?}");
        for route in after.rounds.routes.iter().filter(|route| [lab, second].contains(&route.lab)) {
            let until = if route.lab == lab { now } else { later };
            let back = route.departs_min.iter().map(|leaves| leaves + route.back_min);
            assert!(back.clone().all(|back| back < until), "seed {seed}: {route:?}");
        }
        assert_eq!(unserved(&task, &after.rounds, later), Vec::<u32>::new(), "seed {seed}");
    }
    assert!(tested >= 15, "{tested} cities");
}

#[test]
fn one_stop_that_no_other_lab_reaches_leaves_the_others_of_its_route_served() {
    let mut task = made::city(24, 2, 8.0, 4.0, 5);
    let [near, far] = [0, 1].map(|lab| Position { latitude: 31.0, longitude: 121.0 + 0.15 * f64::from(lab) });
    task.labs[0].places[0].position = near;
    task.labs[1].places[0].position = far;
    let beside =
        |longitude: f64, number: usize| Position { latitude: 31.0 + 0.002 * number as f64, longitude };
    for (number, site) in task.sites.iter_mut().enumerate() {
        site.position = beside(121.02, number);
    }
    // 19 km west of the first lab, and so 33 from the second: more than a round of 150 minutes drives at 25 km/h.
    task.sites[3].position = Position { latitude: 31.0, longitude: 120.8 };
    let mut before = planned(&task).rounds;
    assert!(before.routes.iter().all(|route| route.lab == 0));
    let all = before.routes.iter().position(|of| of.stops.iter().any(|stop| stop.site == 3));
    assert!(all.is_some(), "it is reached while the first lab tests");
    if let Some(route) = all.filter(|&route| before.routes[route].stops.len() == 1) {
        // Let it share its route, whatever that takes.
        let other = before.routes.iter().position(|of| of.stops.len() > 1).expect("there are others");
        let stop = before.routes.remove(route).stops[0];
        let last = before.routes.len() - 1;
        before.routes[other.min(last)].stops.push(stop);
    }
    task.labs[0].open_min = vec![[0.0, 300.0]];
    let after = replan(&task, &before, 300.0, 0, &EFFORT);
    assert_eq!(unserved(&task, &after.rounds, 300.0), [3_u32]);
    assert_eq!(after.sites_moved.len(), 23);
    let later =
        |route: &&domain::city::rounds::Route| route.departs_min.iter().any(|&leaves| leaves >= 300.0);
    let served: usize = after.rounds.routes.iter().filter(later).map(|route| route.stops.len()).sum();
    assert_eq!(served, 23);
}

#[test]
fn what_waits_overnight_is_no_more_tested_than_in_the_evening() {
    let mut task = made::city(40, 3, 12.0, 3.0, 4);
    let before = planned(&task).rounds;
    // The lab is slower than was thought, has closed, and stops for good in the night.
    task.labs[0].tubes_per_hour *= 0.2;
    task.labs[0].open_min = vec![[0.0, 300.0]];
    let after = replan(&task, &before, 700.0, 0, &EFFORT);
    assert!(after.tubes_moved > 0.0, "{after:?}");
    let checked = check(&task, &after.rounds, 700.0);
    let late = checked.breaches.iter().find(|breach| matches!(breach, Breach::Late { lab: 0, .. }));
    assert_eq!(late, None, "nothing stays where nobody tests");
}

#[test]
fn when_a_lab_in_another_city_stops_its_boxes_go_to_another_door_by_a_way_that_can_be_driven() {
    let mut task = with_a_lab_elsewhere();
    let before = planned(&task).rounds;
    assert!(before.routes.iter().any(|route| route.lab == 2), "it has tubes");
    task.labs[2].open_min = vec![[0.0, 400.0]];
    let after = replan(&task, &before, 400.0, 2, &EFFORT);
    assert!(after.tubes_moved > 0.0);
    for truck in &after.rounds.trucks {
        assert_ne!(truck.from, truck.to, "{truck:?}");
    }
    let checked = check(&task, &after.rounds, 400.0);
    let broken = |breach: &&Breach| matches!(breach, Breach::TooQuick { .. } | Breach::LeftBehind { .. });
    assert_eq!(checked.breaches.iter().find(broken), None);
    let late = checked.breaches.iter().find(|breach| matches!(breach, Breach::Late { lab: 2, .. }));
    assert_eq!(late, None);
}

#[test]
fn a_truck_that_is_there_before_its_way_can_be_driven_is_told() {
    let task = with_a_lab_elsewhere();
    let mut rounds = planned(&task).rounds;
    rounds.trucks[0].arrives_min = rounds.trucks[0].departs_min + 5.0;
    let told = breaches(&task, &rounds);
    assert!(told.contains(&Breach::TooQuick { truck: 0, minutes: 115.0 }), "{told:?}");
}
