//! Plans by the solver: nothing is broken, bounds hold, and two ways to one figure agree.
#![cfg(feature = "solver")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod made;

use aid::program::{Program, View};
use aid::{Board, Limits, Unsolved, Withdrawal, after, check, draft, replan, solve};
use domain::aid::{AidPlan, Deployment, District, Request, Skill, Staff, Team};
use made::{Size, made};

const LIMITS: Limits = Limits { time_s: 20.0, gap: 0.001 };

#[test]
fn no_solved_plan_breaks_a_rule_and_none_passes_its_bound() {
    for seed in 0..8 {
        let size = Size {
            donors: 5,
            districts: 3,
            days: 3,
            buses: seed % 2 == 0,
            asked: [0.7, 1.3][seed as usize / 2 % 2],
        };
        let mut aid = made(size, seed);
        aid.rules.stay_days = [14, 2][seed as usize / 4 % 2];
        // Time stands still: each neighbourhood is solved to its end, so the test does not depend on the machine.
        let solved = solve(&aid, LIMITS, &|| 0.0, &mut |_, _| {}).unwrap();
        let verdict = check(&aid, &solved.plan);
        assert_eq!(verdict.broken, [], "seed {seed}");
        let bounds = solved.bounds;
        assert!((verdict.least - bounds.least.value).abs() < 1e-9, "seed {seed}");
        assert_eq!(verdict.total as f64, bounds.total.value, "seed {seed}");
        assert!(bounds.least.value <= bounds.least.bound + 1e-6, "seed {seed} {bounds:?}");
        assert!(bounds.total.value <= bounds.total.bound * (1.0 + 1e-6), "seed {seed} {bounds:?}");
        assert!(bounds.burden.value >= bounds.burden.bound - 1e-6, "seed {seed} {bounds:?}");
        assert!(bounds.hours.value >= bounds.hours.bound * (1.0 - 1e-6), "seed {seed} {bounds:?}");
        let greedy = check(&aid, &draft(&aid));
        assert!(
            verdict.least >= greedy.least - 0.02,
            "seed {seed}: {} after {}",
            verdict.least,
            greedy.least
        );
    }
}

#[test]
fn whole_buses_come_near_to_what_no_plan_exceeds_where_seats_are_short_and_where_people_are() {
    for (seed, asked) in [(1, 1.2), (2, 0.7)] {
        let aid = made(Size { donors: 60, districts: 6, days: 3, buses: true, asked }, seed);
        // Each look at the clock is a part of a second: as many neighbourhoods on every machine.
        let looked = std::cell::Cell::new(0.0);
        let seconds = || looked.replace(looked.get() + 0.25);
        let bounds = solve(&aid, LIMITS, &seconds, &mut |_, _| {}).unwrap().bounds;
        assert!(bounds.least.gap < 0.03 && bounds.total.gap < 0.02, "seed {seed} {bounds:?}");
        assert!(
            check(&aid, &draft(&aid)).least < bounds.least.value,
            "seed {seed}: greed alone does as well"
        );
    }
}

/// One place has no bed, nobody has what another asks for, a third is farther than the plan is long: the others have as much.
#[test]
fn a_place_that_can_have_nothing_holds_no_other_back() {
    for (seed, buses) in [(0, false), (1, true)] {
        let aid = made(Size { donors: 5, districts: 3, days: 3, buses, asked: 0.7 }, seed);
        let alone = solve(&aid, LIMITS, &|| 0.0, &mut |_, _| {}).unwrap();
        for nothing in 0..3 {
            let mut more = aid.clone();
            let district = more.districts.len();
            let beds = (nothing == 0).then_some(0);
            more.districts.push(District { name: "nothing".into(), beds });
            let way = if nothing == 2 { 24.0 * 9.0 } else { 1.0 };
            more.travel_h.iter_mut().for_each(|row| row.push(way));
            let mut skill = 0;
            if nothing == 1 {
                skill = more.skills.len();
                more.skills.push(Skill { name: "nobody has it".into(), ..more.skills[0].clone() });
                more.donors.iter_mut().for_each(|donor| donor.staff.push(Staff::default()));
            }
            let why = String::new();
            more.requests.push(Request { district, skill, people: 100, from: 0, until: 20, why });
            let solved = solve(&more, LIMITS, &|| 0.0, &mut |_, _| {}).unwrap();
            let verdict = check(&more, &solved.plan);
            assert_eq!(verdict.broken, [], "{buses} {nothing}");
            let bounds = solved.bounds;
            assert_eq!((bounds.least.value, bounds.least.bound), (0.0, 0.0), "{buses} {nothing}");
            assert!(bounds.least.bound.is_sign_positive(), "{buses} {nothing}");
            assert!(bounds.least.gap <= alone.bounds.least.gap + 0.01, "{buses} {nothing} {bounds:?}");
            let of = |of: &[(u64, u64)]| {
                let shares = of[..district].iter().map(|(met, asked)| *met as f64 / *asked as f64);
                shares.fold(1.0, f64::min)
            };
            let (now, before) = (of(&verdict.met), of(&check(&aid, &alone.plan).met));
            assert!(now >= before - 0.02, "{buses} {nothing}: {now}, without that place {before}");
        }
    }
}

/// Ten beds for teams of ten, and a place that is reached only late: whole teams cost some of the first level, and more of the second
/// can be had than the linear targets leave.
#[test]
fn the_second_bound_is_one_for_plans_that_reach_less_of_the_first() {
    let mut aid = made(Size { donors: 1, districts: 3, days: 7, buses: true, asked: 0.7 }, 1);
    aid.skills.truncate(1);
    aid.skills[0].team = 10;
    let donor = &mut aid.donors[0];
    (donor.cases, donor.tests_per_day, donor.buses) = (0.0, 0.0, None);
    donor.staff = vec![Staff { people: 100, offered: None, reserve: 0 }];
    aid.travel_h = vec![vec![3.0, 100.0, 3.0]];
    for (district, (beds, people)) in [(10, 50), (500, 100), (500, 100)].into_iter().enumerate() {
        aid.districts[district].beds = Some(beds);
        aid.requests[district] =
            Request { district, skill: 0, people, from: 0, until: 6, why: String::new() };
    }
    aid.requests.truncate(3);
    let solved = solve(&aid, LIMITS, &|| 0.0, &mut |_, _| {}).unwrap();
    let bounds = solved.bounds;
    let reached = Board::of(&aid, &solved.plan).levels(&solved.targets);
    assert!((0.9..0.99).contains(&reached.least), "whole teams cost something here: {reached:?}");
    // With all of the first level 448 could be had: 63 people to the far place and 27 to the near one.
    assert_eq!(bounds.total.value, 460.0);
    assert!(bounds.total.value <= bounds.total.bound, "{bounds:?}");
}

/// A donor has more samplers away than it may, and nurses whom it could send: they can go, and its burden is more than one.
#[test]
fn who_is_away_beyond_a_limit_keeps_nobody_else_at_home() {
    for seed in 60..66 {
        let mut aid = made(Size { donors: 4, districts: 3, days: 3, buses: seed % 2 == 0, asked: 1.2 }, seed);
        let limits = aid::home::limits(&aid, 0, 0);
        aid.donors[0].staff[2] = Staff { people: 300, offered: None, reserve: 0 };
        (aid.donors[0].cases, aid.donors[0].tests_per_day) = (0.0, 0.0);
        let people = limits[0] + 5_000;
        let name = "T".to_owned();
        aid.teams = vec![Team {
            name,
            donor: 0,
            district: 1,
            skill: 0,
            people,
            leaves: -9,
            from: -9,
            until: -1,
            free: 20,
        }];
        aid.rules.rest_days = 20 - aid.way_days(0, 1) as usize;
        let solved = solve(&aid, LIMITS, &|| 0.0, &mut |_, _| {}).unwrap();
        assert!(solved.plan.deployments.iter().any(|of| (of.donor, of.skill) == (0, 2)), "seed {seed}");
        let verdict = check(&aid, &solved.plan);
        assert_eq!(verdict.broken, [], "seed {seed}");
        let bounds = solved.bounds;
        assert!(bounds.burden.value > 1.0 && bounds.burden.bound > 1.0, "seed {seed} {bounds:?}");
        assert!((verdict.burden - bounds.burden.value).abs() < 1e-9, "seed {seed} {bounds:?}");
        assert!(bounds.total.value <= bounds.total.bound, "seed {seed} {bounds:?}");
    }
}

#[test]
fn who_asks_for_more_than_all_people_there_are_gets_what_there_is() {
    let mut aid = made(Size { donors: 3, districts: 2, days: 3, buses: false, asked: 0.7 }, 4);
    aid.districts.iter_mut().for_each(|of| of.beds = None);
    aid.requests.iter_mut().for_each(|of| of.people = 2_000_000_000);
    aid.requests.retain(|of| of.skill == 0);
    aid.donors[0].staff[0] = Staff { people: 60_000_000, offered: None, reserve: 0 };
    (aid.donors[0].cases, aid.donors[0].tests_per_day) = (0.0, 0.0);
    let solved = solve(&aid, LIMITS, &|| 0.0, &mut |_, _| {}).unwrap();
    let verdict = check(&aid, &solved.plan);
    assert_eq!(verdict.broken, []);
    assert!(verdict.total > 100_000_000 && solved.bounds.least.value > 0.0, "{:?}", solved.bounds);
    assert!(solved.bounds.least.gap < 1e-3 && solved.bounds.total.gap < 1e-3, "{:?}", solved.bounds);
}

#[test]
fn a_linear_program_that_is_stopped_early_bounds_nothing() {
    let aid = made(Size { donors: 60, districts: 8, days: 5, buses: false, asked: 1.2 }, 3);
    let board = Board::new(&aid);
    let donors: Vec<usize> = (0..aid.donors.len()).collect();
    let mut program = Program::new(&board.ground, &donors, View::Pools, &[], None);
    program.solver.choose_number("simplex_strategy", 4);
    program.aim(&[(program.least, -1.0)]);
    assert_eq!(program.solver.solve(1e-5).unwrap_err(), Unsolved::Time);
    assert!(program.solver.solve(60.0).unwrap().best);
    // From there on each point is one that could be had, and only the last is a bound.
    let mut other = Program::new(&board.ground, &donors, View::Pools, &[], None);
    other.aim(&[(other.total, -1.0)]);
    let best = other.solver.solve(60.0).unwrap().objective;
    program.aim(&[(program.total, -1.0)]);
    let (mut limit_s, mut stopped) = (1e-5, 0);
    let found = loop {
        match program.solver.solve(limit_s) {
            Ok(answer) => break answer.objective,
            Err(why) => assert_eq!(why, Unsolved::Time),
        }
        (limit_s, stopped) = (limit_s * 1.2, stopped + 1);
    };
    assert!(stopped > 0 && (found - best).abs() < 1e-6 * best.abs(), "{found} after {stopped}, {best}");
    // The plan is made all the same, and says that nothing is proven of it.
    let none = solve(&aid, Limits { time_s: 1e-3, gap: 0.001 }, &|| 0.0, &mut |_, _| {});
    assert_eq!(none.unwrap_err(), Unsolved::Time);
}

#[test]
fn pools_of_districts_give_the_same_levels_as_single_districts() {
    for seed in 20..36 {
        let size = Size { donors: 10, districts: 5, days: 5, buses: seed % 3 == 0, asked: 1.1 };
        let mut aid = made(size, seed);
        aid.rules.stay_days = 1 + seed as usize % 5;
        aid.rules.rest_days = seed as usize % 2;
        let board = Board::new(&aid);
        let donors: Vec<usize> = (0..size.donors).collect();
        let level = |view: View, both: bool| {
            let mut program = Program::new(&board.ground, &donors, view, &[], None);
            let weight = if both { 1e-4 } else { 0.0 };
            program.aim(&[(program.least, -1.0), (program.total, -weight)]);
            program.solver.solve(60.0).unwrap().objective
        };
        for both in [false, true] {
            let (pools, pairs) = (level(View::Pools, both), level(View::Pairs, both));
            assert!((pools - pairs).abs() <= 1e-6 * (1.0 + pairs.abs()), "seed {seed}: {pools} and {pairs}");
        }
    }
}

#[test]
fn after_a_withdrawal_orders_are_taken_back_only_where_that_is_worth_it() {
    for seed in 50..52 {
        let aid = made(Size { donors: 6, districts: 3, days: 4, buses: seed % 2 == 0, asked: 0.8 }, seed);
        let solved = solve(&aid, LIMITS, &|| 0.0, &mut |_, _| {}).unwrap();
        let names: Vec<String> = (0..solved.plan.deployments.len()).map(|at| format!("A{at}")).collect();
        let largest = solved.plan.deployments.iter().enumerate().filter(|(_, of)| of.from <= 1);
        let (at, _) = largest.max_by_key(|(_, of)| of.people).unwrap();
        let out = Withdrawal { deployment: at, day: 2 };
        let (task, kept) = after(&aid, &solved.plan, &names, &[out], 1);
        let now = |plan: &AidPlan, was: &Deployment| {
            let same = |of: &&Deployment| {
                (of.leaves, of.donor, of.district, of.skill)
                    == (was.leaves, was.donor, was.district, was.skill)
            };
            plan.deployments.iter().find(same).map_or(0, |of| of.people)
        };
        // Planned anew a second time, from the plan that follows.
        let second = {
            let again = replan(&task, &kept, 2.0, LIMITS, &|| 0.0, &mut |_, _| {}).unwrap();
            let names = vec![String::new(); again.plan.deployments.len()];
            let (task, kept) = after(&task, &again.plan, &names, &[], 3);
            let last = replan(&task, &kept, 2.0, LIMITS, &|| 0.0, &mut |_, _| {}).unwrap();
            (check(&task, &last.plan), last.bounds)
        };
        assert_eq!(second.0.broken, [], "seed {seed}");
        assert!((second.0.burden - second.1.burden.value).abs() < 1e-9, "seed {seed}");
        for (days, never) in [(1_000.0, true), (2.0, false)] {
            let again = replan(&task, &kept, days, LIMITS, &|| 0.0, &mut |_, _| {}).unwrap();
            let verdict = check(&task, &again.plan);
            assert_eq!(verdict.broken, [], "seed {seed}");
            assert!(verdict.total >= check(&task, &kept).total, "seed {seed}");
            let less = kept.deployments.iter().any(|was| now(&again.plan, was) < was.people);
            if never {
                assert!(!less, "seed {seed}");
            }
        }
    }
}
