//! The program against the check, against enumeration, and against its own draft.
#![cfg(feature = "solver")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod made;

use domain::roster::{Roster, Span, Task};
use made::{Chance, made};
use roster::{check, draft, model};

const EXACT: model::Limits = model::Limits { time_s: 20.0, gap: 0.0 };

#[test]
fn what_is_solved_breaks_no_hard_rule_costs_what_the_check_says_and_no_more_than_the_draft() {
    for seed in 0..12 {
        let task = made(40, 10, [0.5, 0.8, 1.3][seed as usize % 3], seed);
        let solved = model::solve(&task, EXACT).unwrap();
        let verdict = check(&task, &solved.roster);
        assert_eq!(verdict.broken, [], "seed {seed}");
        assert_eq!(verdict.cost, solved.cost, "seed {seed}");
        assert!(
            solved.bound <= solved.cost && solved.cost <= check(&task, &draft(&task)).cost,
            "seed {seed}"
        );
    }
}

/// The least cost of all rosters, by trying every one.
fn enumerated(task: &Task) -> u64 {
    fn place(task: &Task, at: usize, roster: &mut Roster, best: &mut u64) {
        if at == task.shifts.len() {
            let verdict = check(task, roster);
            if verdict.broken.is_empty() {
                *best = verdict.cost.min(*best);
            }
            return;
        }
        for set in 0..1u32 << task.volunteers.len() {
            if set.count_ones() <= task.shifts[at].people {
                roster.shifts[at] = (0..task.volunteers.len()).filter(|who| set >> who & 1 == 1).collect();
                place(task, at + 1, roster, best);
            }
        }
        roster.shifts[at].clear();
    }
    let mut best = u64::MAX;
    place(task, 0, &mut Roster::empty(task), &mut best);
    best
}

#[test]
fn small_rosters_cost_what_enumeration_says() {
    let mut chance = Chance(3);
    let mut compared = 0;
    for seed in 0..60 {
        let mut task = made(5, 4, 1.0, seed);
        // Few shifts, so that all rosters can be tried.
        while task.shifts.len() > 4 {
            let at = chance.below(task.shifts.len());
            task.shifts.remove(at);
        }
        for shift in &mut task.shifts {
            shift.people = 1 + (seed as u32 + shift.role as u32) % 2;
        }
        // Half of the tasks are such that much can be filled.
        for person in task.volunteers.iter_mut().filter(|_| seed % 2 == 0) {
            (person.roles, person.first_timer) = ((0..6).collect(), false);
            person.available = vec![Span { from_min: 0, until_min: 2 * 1440 }];
        }
        let solved = model::solve(&task, EXACT).unwrap();
        let least = enumerated(&task);
        assert_eq!((solved.cost, solved.bound), (least, least), "seed {seed}");
        compared += usize::from(least < 1_000);
    }
    assert!(compared > 5, "some of them can be filled");
}

#[test]
fn drop_outs_are_mended_with_three_others_or_proven_to_have_no_such_repair() {
    let mut chance = Chance(11);
    for seed in 0..25 {
        let task = made(40, 10, 0.8, seed);
        let roster = draft(&task);
        let who = loop {
            let who = chance.below(40);
            if roster.of(who).next().is_some() {
                break who;
            }
        };
        let found = model::repair(&task, &roster, who, Span { from_min: 0, until_min: 1440 }, 0, 60.0);
        assert_eq!(check(&found.task, &found.roster).broken, [], "seed {seed}");
        assert!(found.changed.len() <= 3, "seed {seed}: {found:?}");
        assert!(found.lost == found.proven, "seed {seed}: {} lost, {} proven", found.lost, found.proven);
    }
}

#[test]
fn where_no_roster_can_be_found_those_who_are_pinned_stay_and_nobody_is_let_off() {
    let mut task = made(6, 1, 1.0, 1);
    for person in &mut task.volunteers {
        (person.roles, person.first_timer, person.no_suit, person.no_heat) = (vec![0], false, false, false);
        person.available = vec![Span { from_min: 0, until_min: 1440 }];
        person.minutes_per_day_max = None;
    }
    (task.together, task.apart, task.rules.suits) = (Vec::new(), Vec::new(), None);
    let shift =
        domain::roster::Shift { people: 1, role: 0, suit: false, heat: false, ..task.shifts[0].clone() };
    let other = domain::roster::Shift { span: Span { from_min: 600, until_min: 720 }, ..shift.clone() };
    task.shifts = vec![shift, other];
    // The shift was for two when they were pinned.
    task.pinned = vec![(0, 0), (1, 0)];
    let roster = Roster { shifts: vec![vec![0, 1], vec![2]] };
    let found = model::repair(&task, &roster, 2, Span { from_min: 0, until_min: 1440 }, 0, 1.0);
    assert_eq!(found.roster.shifts[0], [0, 1]);
    assert_eq!(found.roster.shifts[1].len(), 1, "{found:?}");
    assert!(model::solve(&task, EXACT).is_err(), "no roster keeps both the pins and the place");
}

#[test]
fn where_an_hour_at_a_hard_post_is_the_most_rosters_cost_what_enumeration_says() {
    let (mut begin, mut shifts) = (420, Vec::new());
    for minutes in [30, 30, 30, 60] {
        let span = Span { from_min: begin, until_min: begin + minutes };
        begin += minutes;
        shifts.push(domain::roster::Shift { span, role: 0, people: 1, site: 0, suit: true, heat: false });
    }
    for others in 0..16u32 {
        let mut task = made(2, 1, 1.0, 1);
        for person in &mut task.volunteers {
            *person = domain::roster::Volunteer {
                roles: vec![0, 1],
                prefers: vec![0],
                available: vec![Span { from_min: 0, until_min: 1440 }],
                ..Default::default()
            };
        }
        (task.together, task.apart, task.rules.suits) = (Vec::new(), Vec::new(), None);
        task.shifts = shifts.clone();
        for (at, shift) in task.shifts.iter_mut().enumerate() {
            (shift.role, shift.people) = ((others >> at & 1) as usize, 1 + u32::from(others % 3 == 0));
        }
        task.rules.rotation_hard = true;
        let hard = model::solve(&task, EXACT).unwrap();
        assert_eq!(check(&task, &hard.roster).broken, [], "{others}");
        assert_eq!((hard.cost, hard.bound), (enumerated(&task), enumerated(&task)), "{others}");
    }
}
