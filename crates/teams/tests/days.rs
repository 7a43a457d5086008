//! A day's schedule, over random days: what is granted breaks nothing, by a checker that counts minutes and knows nothing of how it was made.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "city/city.rs"]
mod city;

use city::{DAY, HOUR, MINUTE, id, midnight};
use proptest::prelude::*;
use teams::{Broken, DayPlan, Member, Refusal, Rules, check, schedule};

fn plan(members: usize, people: usize, from: i64, hours: i64, celsius: Option<i16>) -> DayPlan {
    let member = |nth: usize| {
        (Member { id: id(nth as u128 + 1), supervisor: nth.is_multiple_of(100), spared: false }, None)
    };
    DayPlan {
        rules: Rules::default(),
        from: midnight() + from * HOUR,
        until: midnight() + (from + hours) * HOUR,
        people,
        outdoor: true,
        celsius,
        members: (0..members).map(member).collect(),
    }
}

#[test]
fn on_a_hot_day_crews_take_turns_and_nobody_is_outside_at_noon() {
    let day = plan(20, 10, 7, 11, Some(36));
    let crews = schedule(&day).unwrap();
    assert_eq!(check(&day, &crews), []);
    let told: Vec<String> = crews
        .iter()
        .map(|crew| {
            let spell = |of: &teams::Spell| {
                format!("{}–{}", &day.rules.clock(of.from)[11..], &day.rules.clock(of.until)[11..])
            };
            format!("{}: {}", crew.members.len(), crew.spells.iter().map(spell).collect::<Vec<_>>().join(" "))
        })
        .collect();
    assert_eq!(
        told,
        ["10: 07:00–08:00 09:00–10:00 15:00–16:00 17:00–18:00", "10: 08:00–09:00 10:00–11:00 16:00–17:00"]
    );
    assert_eq!(day.too_hot(), [(midnight() + 11 * HOUR, midnight() + 15 * HOUR)]);
    for spell in crews.iter().flat_map(|crew| &crew.spells) {
        assert_eq!(spell.water, [spell.from], "nobody goes into the heat without water");
    }
    // A shift of a night sees the noon on either side of it, and none where it is not hot or not outdoors.
    let late = plan(20, 10, 14, 22, Some(36));
    let noons =
        [(14, 15), (35, 36)].map(|(from, until)| (midnight() + from * HOUR, midnight() + until * HOUR));
    assert_eq!(late.too_hot(), noons);
    assert_eq!(DayPlan { celsius: Some(30), ..late.clone() }.too_hot(), []);
    assert_eq!(DayPlan { outdoor: false, ..late }.too_hot(), []);
}

#[test]
fn why_a_day_cannot_be_divided_is_told() {
    let no = |day: &DayPlan| schedule(day).unwrap_err();
    assert_eq!(no(&plan(20, 10, 7, 11, Some(40))), [Refusal::HeatStop { celsius: 40 }]);
    assert_eq!(no(&plan(20, 10, 11, 4, Some(36))), [Refusal::HeatWindow { from: 11, until: 15 }]);
    let few = Refusal::CrewsShort { from: "2022-04-01 07:00".to_owned(), people: 10, free: 8 };
    assert_eq!(no(&plan(8, 10, 7, 4, None)), [few]);
    // Ten people for sixteen hours need more than one crew.
    let late = |hour: &str| Refusal::CrewsShort { from: format!("2022-04-01 {hour}"), people: 10, free: 10 };
    assert_eq!(no(&plan(10, 10, 6, 16, None)), [late("10:00"), late("18:00")]);
    let mut nobody = plan(20, 10, 7, 4, None);
    nobody.members.iter_mut().for_each(|(of, _)| of.supervisor = false);
    assert_eq!(no(&nobody), [Refusal::SupervisorsShort { needed: 1, has: 0 }]);
}

#[test]
fn rules_that_ask_for_water_all_the_time_end() {
    let mut day = plan(20, 10, 7, 4, None);
    day.rules.water_min = 0;
    let water: usize =
        schedule(&day).unwrap().iter().flat_map(|of| &of.spells).map(|of| of.water.len()).sum();
    assert!((200..=240).contains(&water), "once a minute: {water}");
}

#[test]
fn the_checker_finds_what_is_planted() {
    let day = plan(20, 10, 7, 11, Some(36));
    let good = schedule(&day).unwrap();
    let broken = |change: &dyn Fn(&mut Vec<teams::Crew>)| {
        let mut crews = good.clone();
        change(&mut crews);
        check(&day, &crews)
    };
    let has = |found: &[Broken], is: fn(&Broken) -> bool| assert!(found.iter().any(is), "{found:?}");
    has(&broken(&|crews| drop(crews[0].spells.remove(0))), |of| {
        matches!(of, Broken::FewPeople { people: 0, .. })
    });
    has(&broken(&|crews| crews[0].members.truncate(9)), |of| {
        matches!(of, Broken::FewPeople { people: 9, .. })
    });
    has(&broken(&|crews| crews[0].spells[1].until = crews[0].spells[1].until + 90 * MINUTE), |of| {
        matches!(of, Broken::Heat { .. })
    });
    has(&broken(&|crews| crews[0].spells[0].until = crews[0].spells[0].until + 70 * MINUTE), |of| {
        matches!(of, Broken::Spell { .. })
    });
    has(&broken(&|crews| crews[0].spells[0].until = crews[0].spells[0].until + 70 * MINUTE), |of| {
        matches!(of, Broken::Water { .. })
    });
    has(&broken(&|crews| crews[0].spells[0].from = crews[0].spells[0].from + -10 * HOUR), |of| {
        matches!(of, Broken::Rest { .. })
    });
    has(&broken(&|crews| crews[0].spells[0].from = crews[0].spells[0].from + -10 * HOUR), |of| {
        matches!(of, Broken::Work { .. })
    });
    has(&broken(&|crews| crews[0].spells[0].from = crews[0].spells[0].from + -HOUR), |of| {
        matches!(of, Broken::Outside { .. })
    });
    has(&broken(&|crews| crews[1].members[0] = id(999)), |of| matches!(of, Broken::Stranger { .. }));
    has(&broken(&|crews| crews[1].members[0] = crews[0].members[0]), |of| {
        matches!(of, Broken::TwoCrews { .. })
    });
    has(
        &broken(&|crews| {
            let spell = crews[0].spells[0].clone();
            crews[0].spells.push(spell);
        }),
        |of| matches!(of, Broken::Twice { .. }),
    );
    let mut spared = day.clone();
    spared.members[3].0.spared = true;
    has(&check(&spared, &good), |of| matches!(of, Broken::Spared { .. }));
    let mut alone = day.clone();
    alone.members[0].0.supervisor = false;
    has(&check(&alone, &good), |of| matches!(of, Broken::Supervisors { has: 0 }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_granted_breaks_nothing(
        members in 1..220usize,
        people in 1..40usize,
        from in 0..20i64,
        hours in 1..20i64,
        celsius in prop::option::of(15..42i16),
        outdoor in any::<bool>(),
        spared in prop::collection::vec(0..220usize, 0..5),
        before in prop::collection::vec((0..220usize, 0..30i64), 0..20),
        spell in 1..6u8,
        turn in 1..3u8,
        water in 20..130u32,
    ) {
        let mut day = plan(members, people, from, hours, celsius);
        day.outdoor = outdoor;
        (day.rules.spell_h, day.rules.hot_turn_h) = (spell, turn);
        (day.rules.water_min, day.rules.hot_water_min) = (water, water / 2);
        for nth in spared.into_iter().filter(|nth| *nth < members) {
            day.members[nth].0.spared = true;
        }
        for (nth, hours) in before.into_iter().filter(|(nth, _)| *nth < members) {
            day.members[nth].1 = Some(midnight() + -DAY + hours * HOUR);
        }
        match schedule(&day) {
            Ok(crews) => prop_assert_eq!(check(&day, &crews), []),
            Err(no) => prop_assert!(!no.is_empty()),
        }
    }
}
