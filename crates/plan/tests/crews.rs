//! Few crews over several communities: what a division says is judged by counting it through, and its end by all that there is.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use plan::crews::{Community, Crew, Division, Stay, Task, divide};
use proptest::prelude::*;

fn community(people: f64) -> Community {
    Community { people, opens_min: 0.0, closes_min: 720.0, lanes_max: 4 }
}

/// A crew that serves 60 people an hour and stands at one of so many communities.
fn crew(at: usize, of: usize, travel_min: f64) -> Crew {
    let reach_min = (0..of).map(|place| if place == at { 0.0 } else { travel_min }).collect();
    Crew { from_min: 0.0, until_min: 720.0, people_per_h: 60.0, reach_min, agreed: Vec::new() }
}

fn apart(of: usize, minutes: f64) -> Vec<Vec<f64>> {
    (0..of).map(|one| (0..of).map(|other| if one == other { 0.0 } else { minutes }).collect()).collect()
}

/// All that is wrong with a division.
fn wrong(task: &Task, division: &Division) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut served = vec![0.0; task.communities.len()];
    let close = |one: f64, other: f64| (one - other).abs() < 1e-3;
    for (crew, stays) in task.crews.iter().zip(&division.stays) {
        let mut before: Option<&Stay> = None;
        for stay in stays {
            let arrives = match before {
                Some(last) => last.until_min + task.travel_min[last.community][stay.community],
                None => crew.from_min + crew.reach_min[stay.community],
            };
            let there = &task.communities[stay.community];
            if stay.from_min < arrives - 1e-6 || stay.from_min < there.opens_min - 1e-6 {
                wrong.push(format!("too early: {stay:?}"));
            }
            if stay.until_min > crew.until_min + 1e-3 || stay.until_min > there.closes_min + 1e-3 {
                wrong.push(format!("too late: {stay:?}"));
            }
            if !close(stay.people, (stay.until_min - stay.from_min) * crew.people_per_h / 60.0) {
                wrong.push(format!("not its pace: {stay:?}"));
            }
            served[stay.community] += stay.people;
            before = Some(stay);
        }
    }
    for (place, of) in task.communities.iter().enumerate() {
        // A division lets a few thousandths of a person go for want of digits.
        let few = 1e-3 + 3e-6 * task.communities.iter().map(|of| of.people).sum::<f64>();
        if (served[place] + division.unserved[place] - of.people).abs() > few {
            wrong.push(format!(
                "{place}: {} served, {} not, of {}",
                served[place], division.unserved[place], of.people
            ));
        }
        let here = division.stays.iter().flatten().filter(|stay| stay.community == place);
        let ends: Vec<f64> = here.clone().map(|stay| stay.from_min).collect();
        let most = ends
            .iter()
            .map(|&time| here.clone().filter(|stay| stay.from_min <= time && time < stay.until_min).count());
        if most.max().is_some_and(|most| most > of.lanes_max) {
            wrong.push(format!("{place}: no room"));
        }
    }
    if division.unserved.iter().all(|&left| left == 0.0) && division.bound_min > division.latest_min + 0.02 {
        wrong.push(format!("bound {} above {}", division.bound_min, division.latest_min));
    }
    wrong
}

#[test]
fn a_crew_moves_on_where_it_is_needed_more() {
    // 600 and 120 people, two crews, a way of 15 minutes: the second crew serves its own in two hours and then goes over.
    let task = Task {
        communities: vec![community(600.0), community(120.0)],
        crews: vec![crew(0, 2, 15.0), crew(1, 2, 15.0)],
        travel_min: apart(2, 15.0),
    };
    let division = divide(&task);
    assert_eq!(wrong(&task, &division), Vec::<String>::new());
    // 720 minutes of work and 15 on the way, over two.
    assert!((division.latest_min - 367.5).abs() < 0.1, "{division:?}");
    let way: Vec<usize> = division.stays[1].iter().map(|stay| stay.community).collect();
    assert_eq!(way, [1, 0]);
    assert!((division.stays[1][1].from_min - 135.0).abs() < 0.1, "{division:?}");
    assert!(division.bound_min <= 360.1 && division.bound_min > 359.0, "{division:?}");
}

#[test]
fn where_there_is_no_room_for_another_lane_it_stays() {
    let mut first = community(600.0);
    first.lanes_max = 1;
    let task = Task {
        communities: vec![first, community(120.0)],
        crews: vec![crew(0, 2, 15.0), crew(1, 2, 15.0)],
        travel_min: apart(2, 15.0),
    };
    let division = divide(&task);
    assert_eq!(wrong(&task, &division), Vec::<String>::new());
    assert!((division.latest_min - 600.0).abs() < 0.1 && division.stays[1].len() == 1, "{division:?}");
    assert!((division.bound_min - 600.0).abs() < 0.1, "the bound knows the room: {division:?}");
}

#[test]
fn what_does_not_fit_into_the_day_is_said_and_as_little_as_can_be() {
    let mut task = Task {
        communities: vec![community(900.0), community(500.0)],
        crews: vec![crew(0, 2, 30.0), crew(1, 2, 30.0)],
        travel_min: apart(2, 30.0),
    };
    for of in &mut task.communities {
        of.closes_min = 600.0;
    }
    let division = divide(&task);
    assert_eq!(wrong(&task, &division), Vec::<String>::new());
    // 1,200 minutes of two crews, less half an hour on the way: 1,170 people of 1,400.
    let unserved: f64 = division.unserved.iter().sum();
    assert!((unserved - 230.0).abs() < 1.0, "{division:?}");
}

#[test]
fn a_moved_crew_must_be_worth_it_and_what_was_agreed_holds() {
    // Almost even: to send somebody over gains nothing.
    let mut task = Task {
        communities: vec![community(310.0), community(300.0)],
        crews: vec![crew(0, 2, 15.0), crew(1, 2, 15.0)],
        travel_min: apart(2, 15.0),
    };
    assert!(divide(&task).stays.iter().all(|stays| stays.len() == 1));
    // Agreed the other way round, though a little longer: nobody is told anew for half a minute.
    for crew in &mut task.crews {
        crew.reach_min = vec![5.0, 5.0];
    }
    (task.crews[0].people_per_h, task.crews[1].people_per_h) = (60.0, 60.05);
    (task.crews[0].agreed, task.crews[1].agreed) = (vec![1], vec![0]);
    let division = divide(&task);
    assert_eq!((division.stays[0][0].community, division.stays[1][0].community), (1, 0));
    // A crew falls out: the other serves both.
    task.crews[1].until_min = 0.0;
    let division = divide(&task);
    assert_eq!(wrong(&task, &division), Vec::<String>::new());
    assert_eq!(division.stays[0].len(), 2);
}

#[test]
fn where_there_are_few_ways_the_best_of_all_is_found() {
    // Two crews meet twice on their ways: three changes at once from whatever small changes find, which is done five minutes later.
    let community = |people, opens_min| Community { people, opens_min, closes_min: 720.0, lanes_max: 3 };
    let crew = |from_min, people_per_h, reach_min: [f64; 3]| Crew {
        from_min,
        until_min: 700.0,
        people_per_h,
        reach_min: reach_min.to_vec(),
        agreed: Vec::new(),
    };
    let task = Task {
        communities: vec![
            community(447.363_031_810_473_2, 19.854_474_666_637_866),
            community(516.717_451_537_564_9, 45.006_886_055_517_78),
            community(593.369_465_843_712_1, 20.706_753_430_463_43),
        ],
        crews: vec![
            crew(1.936_576_870_657_281_7, 55.064_334_362_314_995, [21.707_571, 12.060_366, 43.354_654]),
            crew(9.082_502_422_440_758, 91.747_670_227_977_9, [46.317_58, 36.670_374, 18.744_645]),
        ],
        travel_min: vec![
            vec![8.0, 17.647_205, 57.062_226],
            vec![17.647_205, 8.0, 47.415_02],
            vec![57.062_226, 47.415_02, 8.0],
        ],
    };
    let division = divide(&task);
    assert_eq!(wrong(&task, &division), Vec::<String>::new());
    assert!(division.latest_min < 695.0, "{division:?}");
}

#[test]
fn nothing_to_do_and_nobody_to_do_it_are_no_trouble() {
    let task =
        Task { communities: vec![community(0.0)], crews: vec![crew(0, 1, 0.0)], travel_min: apart(1, 0.0) };
    assert_eq!(divide(&task).done_min, [None]);
    let task = Task { communities: vec![community(9.0)], crews: Vec::new(), travel_min: apart(1, 0.0) };
    assert_eq!(divide(&task).unserved, [9.0]);
}

/// A small task: places on a street, so that no way is shortened by another.
fn tasks(communities: usize, crews: usize) -> impl Strategy<Value = Task> {
    let place = (0.0..60.0f64, 30.0..900.0f64, 0.0..60.0f64, 1..4usize);
    let one = (0.0..60.0f64, 40.0..120.0f64, 0.0..45.0f64);
    (prop::collection::vec(place, 1..=communities), prop::collection::vec(one, 1..=crews)).prop_map(
        |(places, crews)| {
            let way = |one: f64, other: f64| (one - other).abs() + 8.0;
            let travel = |&(here, ..): &(f64, f64, f64, usize)| {
                places.iter().map(|&(there, ..)| way(here, there)).collect()
            };
            Task {
                travel_min: places.iter().map(travel).collect(),
                crews: crews
                    .iter()
                    .map(|&(here, people_per_h, from_min)| Crew {
                        from_min,
                        until_min: 700.0,
                        people_per_h,
                        reach_min: places.iter().map(|&(there, ..)| way(here, there)).collect(),
                        agreed: Vec::new(),
                    })
                    .collect(),
                communities: places
                    .iter()
                    .map(|&(_, people, opens_min, lanes_max)| Community {
                        people,
                        opens_min,
                        closes_min: 720.0,
                        lanes_max,
                    })
                    .collect(),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn any_division_can_be_carried_out(task in tasks(6, 6)) {
        let division = divide(&task);
        prop_assert_eq!(wrong(&task, &division), Vec::<String>::new());
    }

    #[test]
    fn two_crews_and_three_communities_are_divided_as_well_as_by_trying_all(task in tasks(3, 2)) {
        // A crew that goes nowhere else is a crew for which all else is out of reach: each way is its own task.
        let division = divide(&task);
        let places = task.communities.len();
        let mut ways: Vec<Vec<usize>> = vec![Vec::new()];
        for first in 0..places {
            ways.push(vec![first]);
            for second in (0..places).filter(|&second| second != first) {
                ways.push(vec![first, second]);
                ways.extend((0..places).filter(|third| ![first, second].contains(third)).map(|third| vec![first, second, third]));
            }
        }
        let unserved = |division: &Division| division.unserved.iter().sum::<f64>();
        let mut best = f64::INFINITY;
        let mut least = f64::INFINITY;
        let count = task.crews.len();
        for number in 0..ways.len().pow(count as u32) {
            let agreed: Vec<usize> = (0..count).map(|crew| number / ways.len().pow(crew as u32) % ways.len()).collect();
            let found = earliest(&task, &agreed.iter().map(|&way| &ways[way][..]).collect::<Vec<_>>());
            if let Some((left, minutes)) = found {
                if left < least - 1.0 { (least, best) = (left, minutes); }
                else if left <= least + 1.0 { best = best.min(minutes); least = least.min(left); }
            }
        }
        // Each stop more costs a minute in the search's eyes, and there are four at most.
        prop_assert!(unserved(&division) <= least + 2.0, "{} left, {least} could be", unserved(&division));
        if least < 1.0 {
            prop_assert!(division.latest_min <= best + 4.1, "{} and not {best}: {division:?}", division.latest_min);
        }
    }
}

/// When given ways are done at the earliest, and whom they leave, by a grid of times: how many of each community's people a
/// crew serves is tried in twentieths. Slow, coarse, and nothing like the search.
fn earliest(task: &Task, ways: &[&[usize]]) -> Option<(f64, f64)> {
    let mut crews = vec![0; task.communities.len()];
    for &stop in ways.iter().copied().flatten() {
        crews[stop] += 1;
    }
    if crews.iter().zip(&task.communities).any(|(&crews, of)| crews > of.lanes_max) {
        return None;
    }
    let shared: Vec<usize> = (0..crews.len()).filter(|&place| crews[place] == 2).collect();
    let mut best: Option<(f64, f64)> = None;
    for number in 0..21usize.pow(shared.len() as u32) {
        let share = |place: usize, crew: usize| match shared.iter().position(|&of| of == place) {
            None => 1.0,
            Some(digit) => {
                let first = (number / 21usize.pow(digit as u32) % 21) as f64 / 20.0;
                if crew == ways.iter().position(|way| way.contains(&place)).unwrap() {
                    first
                } else {
                    1.0 - first
                }
            }
        };
        let mut served = 0.0;
        let mut latest: f64 = 0.0;
        for (number, (crew, way)) in task.crews.iter().zip(ways).enumerate() {
            let mut at: Option<(usize, f64)> = None;
            for &stop in *way {
                let there = &task.communities[stop];
                let people = there.people * share(stop, number);
                if people < 1e-9 {
                    continue;
                }
                let arrives = match at {
                    Some((before, time)) => time + task.travel_min[before][stop],
                    None => crew.from_min + crew.reach_min[stop],
                };
                let begins = arrives.max(there.opens_min);
                let ends =
                    (begins + people / crew.people_per_h * 60.0).min(crew.until_min).min(there.closes_min);
                served += (ends - begins).max(0.0) * crew.people_per_h / 60.0;
                at = Some((stop, ends.max(begins)));
                latest = latest.max(ends);
            }
        }
        let left = task.communities.iter().map(|of| of.people).sum::<f64>() - served;
        let found = (left.max(0.0), latest);
        if best.is_none_or(|best| found.0 < best.0 - 1e-6 || (found.0 <= best.0 + 1e-6 && found.1 < best.1)) {
            best = Some(found);
        }
    }
    best
}
