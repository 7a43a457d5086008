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
    let team =
        Team { name: "T".into(), donor: 0, district: 0, skill: 0, people: 1, from: -3, until: 1, free: 9 };
    aid.teams = vec![team.clone(), Team { district: 1, from: 1, until: 2, ..team }];
    let found = check(&aid, &AidPlan::default()).broken;
    assert_eq!(found, [Broken::TwoPlaces(0, 1)]);
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
    assert!(matches!(found[0], Why::Spent { kept: Kept::Offer, stay: 90, .. }), "{found:?}");
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
