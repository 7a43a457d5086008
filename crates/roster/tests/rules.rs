//! The check catches every rule, and nobody else breaks one.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod made;

use domain::roster::{DAY_MIN, Role, Roster, Rule, Rules, Shift, Span, Task, Volunteer};
use made::{Chance, made};
use roster::{Change, check, draft, excuse, explain, helpers, hours, prices, redraft, repair};

fn span(from_h: i32, until_h: i32) -> Span {
    Span { from_min: 60 * from_h, until_min: 60 * until_h }
}

fn shift(from_h: i32, until_h: i32, people: u32) -> Shift {
    Shift { span: span(from_h, until_h), role: 0, people, site: 0, suit: false, heat: false }
}

fn person(name: &str) -> Volunteer {
    Volunteer { name: name.to_owned(), roles: vec![0], available: vec![span(0, 48)], ..Volunteer::default() }
}

fn task(volunteers: Vec<Volunteer>, shifts: Vec<Shift>) -> Task {
    Task {
        midnight: jiff::civil::date(2022, 3, 28).at(0, 0, 0, 0),
        roles: ["registration", "order"]
            .map(|name| Role { name: name.to_owned(), anyone: name == "order" })
            .into(),
        sites: vec!["here".to_owned(), "there".to_owned()],
        volunteers,
        shifts,
        together: Vec::new(),
        apart: Vec::new(),
        rules: Rules::default(),
        pinned: Vec::new(),
    }
}

/// The rules that a roster breaks.
fn broken(task: &Task, shifts: &[&[usize]]) -> Vec<Rule> {
    let roster = Roster { shifts: shifts.iter().map(|people| people.to_vec()).collect() };
    check(task, &roster).broken.into_iter().map(|broken| broken.rule).collect()
}

#[test]
fn each_hard_rule_is_caught_when_it_is_broken_and_only_then() {
    let two = || vec![person("a"), person("b")];
    let base = task(two(), vec![shift(7, 9, 1), shift(9, 11, 1)]);
    assert_eq!(broken(&base, &[&[0], &[1]]), []);

    let mut untrained = base.clone();
    untrained.volunteers[0].roles.clear();
    assert_eq!(broken(&untrained, &[&[0], &[1]]), [Rule::Trained]);
    untrained.shifts[0].role = 1;
    assert_eq!(broken(&untrained, &[&[0], &[1]]), [], "anyone keeps order");

    let mut away = base.clone();
    away.volunteers[0].available = vec![span(0, 8)];
    assert_eq!(broken(&away, &[&[0], &[1]]), [Rule::Available]);

    let mut twice = base.clone();
    twice.shifts[1] = shift(8, 10, 1);
    assert!(broken(&twice, &[&[0], &[0]]).contains(&Rule::OnePlace));
    twice.shifts[1] = Shift { site: 1, ..shift(9, 11, 1) };
    assert!(broken(&twice, &[&[0], &[0]]).contains(&Rule::OnePlace), "the way takes time");
    assert!(broken(&base, &[&[0, 1], &[]]).contains(&Rule::OnePlace), "more than the places");

    let mut suits = task(two(), vec![shift(7, 9, 1), shift(9, 10, 1)]);
    for shift in &mut suits.shifts {
        (shift.suit, shift.heat) = (true, true);
    }
    assert!(broken(&suits, &[&[0], &[0]]).contains(&Rule::SuitInHeat));
    suits.shifts[1].span = span(10, 11);
    assert!(!broken(&suits, &[&[0], &[0]]).contains(&Rule::SuitInHeat), "an hour without");
    suits.rules.suits = Some(1);
    assert!(broken(&suits, &[&[0], &[1]]).contains(&Rule::Suits));
    suits.volunteers[0].no_suit = true;
    assert!(broken(&suits, &[&[0], &[]]).contains(&Rule::Fit));

    let long = task(two(), vec![shift(7, 9, 1), shift(9, 11, 1), shift(11, 13, 1)]);
    assert!(broken(&long, &[&[0], &[0], &[0]]).contains(&Rule::Rest));
    assert!(!broken(&long, &[&[0], &[1], &[0]]).contains(&Rule::Rest));

    let night = task(two(), vec![shift(22, 24, 1), shift(29, 31, 1)]);
    assert!(broken(&night, &[&[0], &[0]]).contains(&Rule::Night));
    assert_eq!(broken(&night, &[&[0], &[1]]), []);

    let mut limited = base.clone();
    limited.volunteers[0].minutes_per_day_max = Some(180);
    assert!(broken(&limited, &[&[0], &[0]]).contains(&Rule::Limit));

    let mut tied = task(two(), vec![shift(7, 9, 1), shift(7, 9, 1)]);
    tied.together = vec![(0, 1)];
    assert_eq!(broken(&tied, &[&[0], &[]]), [Rule::Together]);
    assert_eq!(broken(&tied, &[&[0], &[1]]), []);
    (tied.together, tied.apart) = (Vec::new(), vec![(0, 1)]);
    assert_eq!(broken(&tied, &[&[0], &[1]]), [Rule::Apart]);

    let mut new = task(two(), vec![shift(7, 9, 2)]);
    new.volunteers[0].first_timer = true;
    assert_eq!(broken(&new, &[&[0]]), [Rule::FirstTimers]);
    assert_eq!(broken(&new, &[&[0, 1]]), []);
    new.rules.vests = Some(1);
    assert_eq!(broken(&new, &[&[0, 1]]), [Rule::Vests]);

    let three = vec![person("a"), person("b"), person("c")];
    let unfair = task(
        three,
        (0..5).map(|day| shift(24 * day % 48 + 3 * day, 24 * day % 48 + 3 * day + 2, 1)).collect(),
    );
    let all: Vec<&[usize]> = vec![&[0], &[0], &[0], &[1], &[2]];
    assert!(broken(&unfair, &all).contains(&Rule::TwiceMedian));
    let mut lifted = unfair.clone();
    lifted.rules.lifted = vec![Rule::TwiceMedian];
    assert!(!broken(&lifted, &all).contains(&Rule::TwiceMedian));
}

#[test]
fn drafts_of_many_tasks_break_no_hard_rule() {
    for seed in 0..40 {
        for (volunteers, shifts, load) in [(12, 7, 0.5), (40, 10, 0.8), (40, 10, 1.5), (60, 14, 1.0)] {
            let task = made(volunteers, shifts, load, seed);
            let verdict = check(&task, &draft(&task));
            assert_eq!(verdict.broken, [], "{volunteers} × {shifts}, {load}, seed {seed}");
        }
    }
}

#[test]
fn a_drop_out_leaves_no_hard_rule_broken_and_nothing_that_began_is_touched() {
    let mut chance = Chance(7);
    for seed in 0..60 {
        let task = made(60, 14, 0.8, seed);
        let roster = draft(&task);
        let now_min = DAY_MIN * (seed as i32 % 2);
        let who = chance.below(60);
        let out = Span { from_min: now_min, until_min: now_min + DAY_MIN };
        let found = repair(&task, &roster, who, out, now_min);
        assert_eq!(check(&found.task, &found.roster).broken, [], "seed {seed}");
        assert!(found.roster.of(who).all(|at| !task.shifts[at].span.overlaps(out)), "seed {seed}");
        for (at, shift) in task.shifts.iter().enumerate().filter(|(_, shift)| shift.span.from_min < now_min) {
            assert_eq!(found.roster.shifts[at], roster.shifts[at], "seed {seed}: {shift:?}");
        }
        for one in (0..60).filter(|one| *one != who && !found.changed.contains(one)) {
            assert!(roster.of(one).eq(found.roster.of(one)));
        }
    }
}

#[test]
fn who_is_pinned_stays() {
    for seed in 0..20 {
        let mut task = made(40, 10, 0.8, seed);
        let roster = draft(&task);
        task.pinned = (0..10).flat_map(|at| roster.shifts[at].first().map(|who| (*who, at))).collect();
        let again = draft(&task);
        assert!(task.pinned.iter().all(|(who, at)| again.shifts[*at].contains(who)), "seed {seed}");
        assert_eq!(check(&task, &again).broken, [], "seed {seed}");
    }
}

#[test]
fn what_changed_while_a_roster_was_made_holds_and_the_rest_stays_as_it_was_made() {
    let (mut kept, mut all) = (0, 0);
    for seed in 0..40 {
        let mut task = made(40, 10, 0.8, seed);
        let roster = draft(&task);
        let same = redraft(&task, &roster);
        let stays = |at: usize| roster.shifts[at].iter().all(|who| same.shifts[at].contains(who));
        assert!((0..task.shifts.len()).all(stays), "seed {seed}: nothing changed");
        let out = Span { from_min: 0, until_min: DAY_MIN };
        let gone = roster.shifts.iter().flatten().copied().next().unwrap();
        excuse(&mut task, gone, out);
        // Somebody was put at a shift that was another's.
        let at = (0..task.shifts.len()).find(|&at| !roster.shifts[at].is_empty()).unwrap();
        let free = (0..40).find(|&who| who != gone && roster.of(who).next().is_none());
        task.pinned.extend(free.map(|who| (who, at)));
        let after = redraft(&task, &roster);
        assert!(after.of(gone).all(|at| !task.shifts[at].span.overlaps(out)), "seed {seed}");
        assert!(free.is_none_or(|who| after.shifts[at].contains(&who)), "seed {seed}");
        let broken = check(&task, &after).broken;
        // By nobody but whom a person put there.
        let by_hand = |of: &roster::Broken| {
            free.is_some_and(|who| of.volunteers.contains(&who)) || of.shifts.contains(&at)
        };
        assert!(broken.iter().all(by_hand), "seed {seed}: {broken:?}");
        let same = (0..40).filter(|who| roster.of(*who).eq(after.of(*who))).count();
        (kept, all) = (kept + same, all + 40);
    }
    assert!(kept * 10 >= all * 8, "{kept} of {all} have what they had");
}

#[test]
fn the_least_change_that_fills_a_gap_stands_first_and_somebody_to_recruit_last() {
    let mut volunteers = vec![person("busy"), person("early"), person("untrained")];
    volunteers[0].available = vec![span(10, 20)];
    volunteers[1].available = vec![Span { from_min: 420, until_min: 525 }];
    volunteers[2].roles.clear();
    let task = task(volunteers, vec![shift(7, 9, 1)]);
    let gaps = explain(&task, &draft(&task));
    let [gap] = &gaps[..] else { panic!("{gaps:?}") };
    assert_eq!((gap.places, gap.could), (1, 0));
    let expected = [
        Change::Longer { volunteer: 1, minutes: 15 },
        Change::Train { volunteer: 2 },
        Change::Recruit { people: 1 },
    ];
    assert_eq!(gap.changes, expected);
    // What is told first does fill it.
    let mut longer = task.clone();
    longer.volunteers[1].available[0].until_min += 15;
    assert_eq!(draft(&longer).places_empty(&longer), 0);
}

#[test]
fn the_best_helper_is_the_one_whose_wishes_it_breaks_least() {
    let mut volunteers = vec![person("if needed"), person("tired"), person("free")];
    volunteers[0].if_needed = true;
    let mut task = task(volunteers, vec![shift(7, 9, 1), shift(10, 12, 1)]);
    task.rules.lifted = vec![Rule::TwiceMedian];
    let roster = Roster { shifts: vec![vec![1], vec![]] };
    let found: Vec<usize> = helpers(&task, &roster, 1).iter().map(|helper| helper.volunteer).collect();
    assert_eq!(
        found,
        [2, 1, 0],
        "who has nothing, then who has something, then who comes only if nobody does"
    );
}

#[test]
fn a_broken_wish_says_what_keeping_it_would_cost() {
    let mut task = task(vec![person("a"), person("b")], vec![shift(7, 9, 2)]);
    task.volunteers[0].prefers = vec![1];
    let found = prices(&task, &draft(&task));
    let [price] = &found[..] else { panic!("{found:?}") };
    assert_eq!((price.rule, price.cost, price.places), (Rule::Preference, 10, 1));
    // The place stays empty, and the one who is let off has nothing.
    assert_eq!(price.kept_cost, Some(1_000 + 100));
}

#[test]
fn hours_count_in_full_with_each_organisation_and_lent_ones_are_told_apart() {
    let mut task = task(vec![person("a")], vec![shift(7, 9, 1), Shift { site: 1, ..shift(10, 12, 1) }]);
    task.volunteers[0].organisations = vec!["committee".to_owned(), "employer".to_owned()];
    let credit = &hours(&task, &Roster { shifts: vec![vec![0], vec![0]] })[0];
    assert_eq!(
        (credit.minutes, credit.lent_min, credit.shifts, credit.organisations.len()),
        (240, 120, 2, 2)
    );
}

#[test]
fn who_is_pinned_stays_though_those_who_belong_to_them_serve_too_much() {
    let people = ["ann", "bob", "cem", "dai", "eva", "fen", "gao"].map(person).into();
    let mut task = task(people, vec![shift(7, 9, 2), shift(10, 12, 2)]);
    task.together = vec![(0, 1)];
    task.pinned = vec![(0, 0), (0, 1)];
    let made = draft(&task);
    assert!(made.shifts.iter().all(|shift| shift.contains(&0)), "{made:?}");
    let rules: Vec<Rule> = check(&task, &made).broken.into_iter().map(|broken| broken.rule).collect();
    assert!(!rules.contains(&Rule::Pinned), "{rules:?}");
    assert!(broken(&task, &[&[2], &[0, 1]]).contains(&Rule::Pinned));
}

#[test]
fn nobody_is_asked_to_give_up_their_rest_their_word_or_their_sleep() {
    // Each has one rule in the way of the last shift, and it is one that is never broken.
    let mut volunteers = vec![person("late"), person("tired"), person("said two hours")];
    volunteers[2].minutes_per_day_max = Some(120);
    let shifts = vec![shift(22, 24, 1), shift(24, 28, 1), shift(28, 30, 1), shift(33, 35, 1)];
    let mut task = task(volunteers, shifts);
    task.rules.lifted = vec![Rule::TwiceMedian];
    task.rules.agreed_max_min = Some(600);
    task.pinned = vec![(0, 0), (1, 1), (2, 3)];
    let roster = Roster { shifts: vec![vec![0], vec![1], vec![], vec![2]] };
    let gaps = explain(&task, &roster);
    let [gap] = &gaps[..] else { panic!("{gaps:?}") };
    assert_eq!((gap.shift, &gap.changes[..]), (2, &[Change::Recruit { people: 1 }][..]));
}

#[test]
fn where_clothing_runs_out_one_more_set_is_told_once() {
    let mut task = task(["a", "b", "c"].map(person).into(), vec![shift(7, 9, 3)]);
    task.shifts[0].suit = true;
    task.rules.suits = Some(1);
    let explained = |task: &Task| explain(task, &Roster { shifts: vec![vec![0]] })[0].changes.clone();
    let recruit = Change::Recruit { people: 2 };
    assert_eq!(explained(&task), [Change::Stock { rule: Rule::Suits, pieces: 1 }, recruit]);
    // It does fill a place.
    task.rules.suits = Some(2);
    assert_eq!(draft(&task).places_empty(&task), 1);
    (task.rules.suits, task.rules.vests) = (None, Some(1));
    assert_eq!(explained(&task), [Change::Stock { rule: Rule::Vests, pieces: 1 }, recruit]);
}

#[test]
fn what_wishes_cost_adds_up_with_missed_rotations_among_it() {
    let mut task = task(vec![person("a")], vec![shift(7, 8, 1), shift(8, 9, 1), shift(9, 10, 2)]);
    for shift in &mut task.shifts {
        shift.suit = true;
    }
    let verdict = check(&task, &Roster { shifts: vec![vec![0], vec![0], vec![0]] });
    let sums: Vec<(Rule, u32, u64)> =
        verdict.sums().iter().map(|sum| (sum.rule, sum.times, sum.cost)).collect();
    assert_eq!(sums, [(Rule::Filled, 1, 1_000), (Rule::Rotation, 2, 10)]);
    assert_eq!(sums.iter().map(|sum| sum.2).sum::<u64>(), verdict.cost);
}

#[test]
fn an_hour_at_a_hard_post_is_a_wish_or_a_hard_rule_as_the_community_says() {
    let half = |at: i32| Shift {
        span: Span { from_min: 420 + 30 * at, until_min: 450 + 30 * at },
        ..shift(0, 0, 1)
    };
    let mut task = task(vec![person("a"), person("b")], vec![shift(7, 8, 1), shift(8, 9, 1)]);
    for shift in &mut task.shifts {
        shift.suit = true;
    }
    task.rules.lifted = vec![Rule::TwiceMedian];
    let both = Roster { shifts: vec![vec![0], vec![0]] };
    let soft = check(&task, &both);
    assert!(soft.broken.is_empty() && soft.wishes.iter().any(|wish| wish.rule == Rule::Rotation));
    task.rules.rotation_hard = true;
    assert_eq!(broken(&task, &[&[0], &[0]]), [Rule::Rotation]);
    assert!(check(&task, &both).wishes.iter().all(|wish| wish.rule != Rule::Rotation), "not twice");
    // Another post, a mild post, or a break between is a change.
    let changed = |change: &dyn Fn(&mut Shift)| {
        let mut other = task.clone();
        change(&mut other.shifts[1]);
        broken(&other, &[&[0], &[0]])
    };
    assert_eq!(changed(&|shift| shift.role = 1), []);
    assert_eq!(changed(&|shift| shift.suit = false), []);
    assert_eq!(changed(&|shift| shift.span = span(9, 10)), []);
    // Two halves are an hour, three are more.
    task.shifts = (0..3).map(|at| Shift { suit: true, ..half(at) }).collect();
    assert_eq!(broken(&task, &[&[0], &[0], &[1]]), []);
    assert_eq!(broken(&task, &[&[0], &[0], &[0]]), [Rule::Rotation]);
    assert!(prices(&task, &draft(&task)).is_empty() && check(&task, &draft(&task)).broken.is_empty());
    for seed in 0..20 {
        let mut task = made(40, 10, 1.0, seed);
        (task.rules.rotation_hard, task.rules.rotation_min) = (true, 120);
        assert_eq!(check(&task, &draft(&task)).broken, [], "seed {seed}");
    }
}
