//! The rules, the check of them, and what is explained, without a solver.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod made;

use aid::{Board, Broken, Kept, Why, check, draft, explain, home, idle};
use domain::aid::{Aid, AidPlan, Deployment, Team, Trip};
use made::{Chance, Size, made};

fn small(seed: u64) -> Aid {
    let mut chance = Chance(seed);
    let size = Size {
        donors: 2 + chance.below(6),
        districts: 1 + chance.below(4),
        days: 1 + chance.below(6),
        buses: chance.below(2) == 0,
        asked: chance.between(0.3, 2.0),
    };
    let mut aid = made(size, seed);
    // Stays that end within the plan, so that people come home again in it.
    aid.rules.stay_days = 1 + chance.below(4);
    aid.rules.rest_days = chance.below(3);
    aid
}

#[test]
fn no_plan_made_by_greed_breaks_a_rule() {
    for seed in 0..300 {
        let aid = small(seed);
        let verdict = check(&aid, &draft(&aid));
        assert_eq!(verdict.broken, [], "seed {seed}");
    }
}

#[test]
fn the_check_and_the_board_count_the_same() {
    for seed in 0..300 {
        let aid = small(seed);
        let plan = draft(&aid);
        let (verdict, board) = (check(&aid, &plan), Board::of(&aid, &plan));
        let levels = board.levels(&[]);
        assert_eq!(board.plan(), plan, "seed {seed}");
        assert_eq!(verdict.total as f64, levels.total, "seed {seed}");
        assert!((verdict.least - levels.least).abs() < 1e-12, "seed {seed}");
        assert!((verdict.burden - levels.burden).abs() < 1e-12, "seed {seed}");
        assert!((verdict.hours - levels.hours).abs() < 1e-6, "seed {seed}");
    }
}

/// A plan in which somebody goes.
fn planned(buses: bool) -> (Aid, AidPlan) {
    let aid = made(Size { donors: 6, districts: 3, days: 3, buses, asked: 1.5 }, 7);
    let plan = draft(&aid);
    assert!(plan.deployments.len() > 3);
    assert_eq!(check(&aid, &plan).broken, []);
    (aid, plan)
}

/// Samplers of the first donor in the first district.
fn gone(donor: usize, people: u32, from: i32, until: i32) -> Team {
    let name = "T".to_owned();
    Team { name, donor, district: 0, skill: 0, people, leaves: from, from, until, free: until + 1 }
}

#[test]
fn a_plan_may_go_to_a_limit_and_not_a_team_beyond_it() {
    let (aid, plan) = planned(true);
    let mut seen = 0;
    for at in (0..plan.deployments.len()).filter(|at| aid.skills[plan.deployments[*at].skill].team > 1) {
        let of = &plan.deployments[at];
        let limits = home::limits(&aid, of.donor, of.skill);
        let away = |day: i32| {
            let same = |other: &&Deployment| (other.donor, other.skill) == (of.donor, of.skill);
            let then = |other: &&Deployment| (other.leaves..other.free).contains(&day);
            plan.deployments.iter().filter(same).filter(then).map(|other| other.people).sum::<u32>()
        };
        let days = of.leaves..of.free.min(aid.days as i32);
        let left = days.map(|day| limits[day as usize] - away(day)).min().unwrap();
        let team = aid.skills[of.skill].team;
        let reserves = |teams: u32| {
            let mut changed = plan.clone();
            changed.deployments[at].people += teams * team;
            check(&aid, &changed).reserve_violations()
        };
        assert_eq!(reserves(left / team), 0);
        assert!(reserves(left / team + 1) > 0);
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn who_has_left_counts_at_home_only_after_the_journey_back() {
    let (mut aid, _) = planned(false);
    aid.rules.rest_days = 0;
    aid.requests.truncate(1);
    aid.requests[0] = domain::aid::Request { district: 0, skill: 0, people: 100, ..aid.requests[0].clone() };
    aid.districts[0].beds = None;
    aid.requests[0].from = 0;
    aid.donors.truncate(1);
    aid.travel_h.truncate(1);
    aid.donors[0].cases = 0.0;
    aid.donors[0].tests_per_day = 0.0;
    aid.donors[0].staff[0] = domain::aid::Staff { people: 100, offered: None, reserve: 0 };
    // 60 hours: two days and a bit beyond the four of the first day make three.
    aid.travel_h[0].fill(60.0);
    aid.days = 6;
    let mut team = gone(0, 100, -5, 0);
    team.free = aid.free(0, 0, 0);
    assert_eq!((aid.way_days(0, 0), team.free), (3, 4));
    aid.teams = vec![team];
    assert!(draft(&aid).deployments.is_empty(), "who leaves on day 4 would come after the last");
    // The check does not take the task's word for the day on which they are free.
    aid.teams[0].free = 1;
    let plan = draft(&aid);
    assert!(plan.deployments.iter().any(|of| of.leaves < 4));
    assert!(check(&aid, &plan).reserve_violations() > 0);
}

#[test]
fn planned_anew_and_anew_no_rule_is_broken_and_the_check_and_the_board_count_the_same() {
    for seed in 0..200 {
        let mut task = small(seed);
        task.days += 2;
        task.rules.same_day_h = 1.0;
        let mut chance = Chance(seed);
        let mut plan = draft(&task);
        for now in 1..3 {
            let names: Vec<String> = (0..plan.deployments.len()).map(|at| format!("{now}-{at}")).collect();
            let out = (!plan.deployments.is_empty()).then(|| {
                let deployment = chance.below(plan.deployments.len());
                aid::Withdrawal { deployment, day: chance.below(task.days) as i32 }
            });
            let (next, kept) = aid::after(&task, &plan, &names, &out.into_iter().collect::<Vec<_>>(), now);
            let mut board = Board::of(&next, &kept);
            let (verdict, levels) = (check(&next, &kept), board.levels(&[]));
            assert_eq!(verdict.broken, [], "seed {seed}");
            assert_eq!(verdict.total as f64, levels.total, "seed {seed}");
            assert!((verdict.burden - levels.burden).abs() < 1e-12, "seed {seed} {verdict:?} {levels:?}");
            let donors: Vec<usize> = (0..next.donors.len()).collect();
            board.fill(&donors, &[], 1, 0.0);
            let again = board.plan();
            assert_eq!(check(&next, &again).broken, [], "seed {seed}");
            drop(board);
            (task, plan) = (next, again);
        }
    }
}

#[test]
fn who_came_home_before_today_and_who_leaves_later_bear_nothing_today() {
    let (mut aid, _) = planned(false);
    aid.days = 3;
    aid.now = 1;
    // Home on day 1, with the rest: no day that is left.
    aid.rules.rest_days = 0;
    aid.travel_h[0].fill(1.0);
    aid.teams = vec![gone(0, 5, -3, 0)];
    let nobody = AidPlan::default();
    let (board, verdict) = (Board::of(&aid, &nobody), check(&aid, &nobody));
    assert_eq!((board.levels(&[]).burden, verdict.burden), (0.0, 0.0));
    assert!(board.levels(&[]).hours.is_sign_positive() && verdict.hours.is_sign_positive());
    // From day 2 on, and so many that it shows on no other.
    aid.teams = vec![gone(0, 5, 2, 9)];
    let board = Board::of(&aid, &nobody);
    assert_eq!((board.ground.gone[0][1], board.ground.gone[0][2]), (0, 5));
}

#[test]
fn an_order_withdrawn_before_it_leaves_is_gone_and_one_whose_work_is_done_stays_as_it_was() {
    let (aid, plan) = planned(false);
    let at = plan.deployments.iter().position(|of| of.leaves == 1).unwrap();
    let names = vec![String::new(); plan.deployments.len()];
    let after = |day: i32, now: usize| {
        aid::after(&aid, &plan, &names, &[aid::Withdrawal { deployment: at, day }], now)
    };
    let of = &plan.deployments[at];
    let (task, kept) = after(1, 1);
    assert_eq!(task.teams.len() + kept.deployments.len(), plan.deployments.len() - 1);
    assert!(!kept.deployments.contains(of));
    // Not a day of work for who would be called back at once, and no team that has left and yet stands in no order.
    assert_eq!(after(2, 1), (task, kept));
    let (task, _) = after(of.until + 2, 2);
    assert!(task.teams.iter().any(|team| (team.leaves, team.until, team.free) == (1, of.until, of.free)));
}

#[test]
fn no_number_of_people_is_too_large_to_be_counted() {
    let (mut aid, _) = planned(true);
    aid.teams = vec![gone(0, u32::MAX, -1, 2), gone(0, u32::MAX, -1, 2)];
    aid.requests.push(aid.requests[0].clone());
    aid.requests.iter_mut().for_each(|of| of.people = u32::MAX);
    aid.donors[1].staff.fill(domain::aid::Staff { people: u32::MAX, offered: None, reserve: 0 });
    let plan = draft(&aid);
    assert!(check(&aid, &plan).met.iter().any(|(_, asked)| *asked > u64::from(u32::MAX)));
    assert_eq!(check(&aid, &plan).reserve_violations(), 0);
}

#[test]
fn each_planted_fault_is_found() {
    let (aid, plan) = planned(true);
    let broken = |change: &dyn Fn(&mut AidPlan)| {
        let mut changed = plan.clone();
        change(&mut changed);
        check(&aid, &changed).broken
    };
    let first = plan.deployments.iter().position(|of| aid.skills[of.skill].team > 1).unwrap();
    let has = |found: &[Broken], is: &dyn Fn(&Broken) -> bool| found.iter().any(is);
    let found = broken(&|plan| plan.deployments[first].people += 1);
    assert!(has(&found, &|of| *of == Broken::Team(first)), "{found:?}");
    let found = broken(&|plan| plan.deployments[first].people += 100_000);
    assert!(has(&found, &|of| matches!(of, Broken::Reserve { .. })), "{found:?}");
    assert!(has(&found, &|of| matches!(of, Broken::Seats { .. })), "{found:?}");
    let found = broken(&|plan| plan.deployments[first].free -= 1);
    assert_eq!(found, [Broken::Days(first)]);
    let found = broken(&|plan| plan.deployments[first].until -= 1);
    assert!(has(&found, &|of| *of == Broken::Days(first)), "{found:?}");
    let found = broken(&|plan| plan.deployments[first].from += 1);
    assert!(has(&found, &|of| *of == Broken::Days(first)), "{found:?}");
    let found = broken(&|plan| plan.deployments.insert(first, plan.deployments[first].clone()));
    assert!(has(&found, &|of| *of == Broken::Twice(first + 1)), "{found:?}");
    let found = broken(&|plan| plan.deployments[first].donor = 99);
    assert!(has(&found, &|of| *of == Broken::Unknown(first)), "{found:?}");
    let found = broken(&|plan| plan.trips[0].buses = 0);
    assert!(has(&found, &|of| matches!(of, Broken::Seats { .. })), "{found:?}");
    let trips = plan.trips.len();
    for unknown in [
        Trip { donor: 99, ..plan.trips[0].clone() },
        Trip { district: 99, ..plan.trips[0].clone() },
        Trip { leaves: 99, ..plan.trips[0].clone() },
    ] {
        let found = broken(&|plan| plan.trips.push(unknown.clone()));
        assert_eq!(found, [Broken::UnknownTrip(trips)]);
    }
    let found = broken(&|plan| plan.trips.push(Trip { buses: 99, ..plan.trips[0].clone() }));
    assert!(has(&found, &|of| matches!(of, Broken::Buses { .. })), "{found:?}");
}

#[test]
fn too_few_beds_and_a_team_in_two_places_are_found() {
    let (mut aid, plan) = planned(false);
    let district = plan.deployments[0].district;
    aid.districts[district].beds = Some(1);
    let found = check(&aid, &plan).broken;
    assert!(found.iter().any(|of| matches!(of, Broken::Beds { .. })), "{found:?}");
    let team = gone(0, 1, -3, 1);
    aid.teams = vec![team.clone(), Team { district: 1, from: 1, until: 2, ..team.clone() }];
    let found = check(&aid, &AidPlan::default()).broken;
    assert_eq!(found, [Broken::TwoPlaces(0, 1)]);
    aid.teams[1] = Team { skill: 1, ..team };
    assert_eq!(check(&aid, &AidPlan::default()).broken, [], "two skills of one team in one place");
}

#[test]
fn a_donor_whose_cases_grow_keeps_everybody_from_the_day_on_which_it_tests_its_city() {
    let (mut aid, _) = planned(false);
    aid.donors[0].cases = 9.0;
    aid.donors[0].growth = 1.35;
    aid.donors[0].tests_per_day = 0.0;
    // 12.2, 16.4, 22.1: the threshold is 20.
    assert_eq!(home::turns(&aid, 0), Some(2));
    let limits = home::limits(&aid, 0, 0);
    assert!(limits[1] > 0 && limits[2] == 0, "{limits:?}");
    // Who would leave on day 0 is away on day 2, too: nobody goes.
    assert!(draft(&aid).deployments.iter().all(|of| of.donor != 0 || of.skill != 0));
}

#[test]
fn a_rule_of_daily_tests_keeps_samplers_until_its_last_day() {
    let (mut aid, _) = planned(false);
    aid.donors[0].cases = 0.0;
    aid.donors[0].tests_per_day = 36_000.0;
    aid.donors[0].tests_until = Some(1);
    aid.donors[0].staff[0].reserve = 40;
    let stays: Vec<u32> = (0..3).map(|day| home::stays(&aid, 0, 0, day)).collect();
    assert_eq!(stays, [100, 100, 40]);
}

#[test]
fn what_binds_is_named() {
    let (mut aid, _) = planned(false);
    aid.requests.truncate(1);
    let (district, skill) = (aid.requests[0].district, aid.requests[0].skill);
    aid.requests[0].people = 1_000_000;
    aid.requests[0].from = 0;
    aid.districts[district].beds = None;
    let why = |aid: &Aid| explain(aid, &draft(aid)).remove(0).why;
    assert!(why(&aid).iter().any(|why| matches!(why, Why::Spent { .. })), "{:?}", why(&aid));
    aid.districts[district].beds = Some(10);
    assert!(matches!(why(&aid)[0], Why::Beds { beds: 10, day: 0 }), "{:?}", why(&aid));
    aid.travel_h.iter_mut().flatten().for_each(|hours| *hours = 30.0);
    aid.districts[district].beds = None;
    assert!(why(&aid).contains(&Why::Travel { earliest: 2 }), "{:?}", why(&aid));
    aid.travel_h.iter_mut().flatten().for_each(|hours| *hours = 300.0);
    assert_eq!(why(&aid), [Why::Away]);
    for donor in &mut aid.donors {
        donor.staff[skill].people = 0;
    }
    assert_eq!(why(&aid), [Why::Nobody]);
}

#[test]
fn an_offer_below_what_can_be_spared_binds_as_an_offer() {
    let (mut aid, _) = planned(false);
    aid.requests.truncate(1);
    aid.requests[0].people = 1_000_000;
    let district = aid.requests[0].district;
    aid.districts[district].beds = None;
    for donor in &mut aid.donors {
        donor.cases = 0.0;
        donor.tests_per_day = 0.0;
        for staff in &mut donor.staff {
            *staff = domain::aid::Staff { people: 100, offered: Some(10), reserve: 20 };
        }
    }
    let found = explain(&aid, &draft(&aid)).remove(0).why;
    assert!(matches!(found[0], Why::Spent { kept: Kept::Offer, stay: 70, .. }), "{found:?}");
}

#[test]
fn who_is_not_needed_stays() {
    let (mut aid, _) = planned(false);
    aid.requests.truncate(1);
    aid.requests[0].people = 1;
    let left = idle(&aid, &draft(&aid));
    assert!(!left.is_empty() && left.iter().all(|of| of.people > 0));
}

#[test]
fn a_withdrawn_team_works_no_longer_and_is_missed_at_home_until_it_has_rested() {
    let (aid, plan) = planned(false);
    let at = plan.deployments.iter().position(|of| of.leaves == 0 && of.from == 0).unwrap();
    let names: Vec<String> = (0..plan.deployments.len()).map(|at| format!("A{at}")).collect();
    let out = aid::Withdrawal { deployment: at, day: 1 };
    let (after, kept) = aid::after(&aid, &plan, &names, &[out], 1);
    let Deployment { donor, district, people, from, .. } = plan.deployments[at];
    let team = after.teams.iter().find(|team| team.name == names[at]).unwrap();
    assert_eq!(
        (team.donor, team.district, team.people, team.from, team.until),
        (donor, district, people, from, 0)
    );
    assert_eq!(team.free, 1 + aid.rules.rest_days as i32);
    assert!(kept.deployments.iter().all(|of| of.leaves >= 1));
    assert_eq!(after.teams.len() + kept.deployments.len(), plan.deployments.len());
    assert_eq!(check(&after, &kept).broken, []);
}
