//! Shifts are held against a heat that is forecast after they were planned.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "city/city.rs"]
mod city;

use city::{CITY, City, DAY, HOUR, MINUTE, NINGBO, desk, id, leader, midnight};
use proptest::prelude::*;
use teams::{Command, Event, Heat, Member, Near, NearWhy, Refusal, Role, Rules, Shift};

/// A day on which shifts are planned, and of which heat is forecast afterwards.
const THEN: i64 = 3;

fn forecast(city: &mut City, celsius: i16) {
    city.does(desk(CITY), Command::Forecast(Heat { host: CITY, day: midnight() + THEN * DAY, celsius }));
}

fn said(city: &City) -> Vec<Near> {
    let kinds = [NearWhy::HeatAhead, NearWhy::HeatLong, NearWhy::SparedOut];
    city.teams.near(city.now).into_iter().filter(|of| kinds.contains(&of.why)).collect()
}

fn whys(city: &City) -> Vec<NearWhy> {
    said(city).iter().map(|of| of.why).collect()
}

#[test]
fn a_shift_planned_before_it_was_known_to_be_too_hot_is_seen_at_once() {
    let mut city = City::lodged(4);
    let shift = city.shift(1, &[1, 2], THEN, (6, 0), (8, 0));
    city.does(leader(NINGBO), Command::PlanShift(shift.clone()));
    let inside = Shift { outdoor: false, ..city.shift(2, &[3, 4], THEN, (6, 0), (10, 0)) };
    city.does(leader(NINGBO), Command::PlanShift(inside));
    forecast(&mut city, 39);
    assert_eq!(said(&city), [], "two hours in the morning");
    forecast(&mut city, 41);
    let found = said(&city);
    assert_eq!(found.iter().map(|of| (of.why, of.of)).collect::<Vec<_>>(), [(NearWhy::HeatAhead, shift.id)]);
    let of = found[0];
    assert_eq!((of.by, of.team, of.turn.party, of.turn.role), (shift.from, Some(id(0xf1)), CITY, Role::Desk));
    forecast(&mut city, 30);
    assert_eq!(said(&city), [], "it will be cooler");
    forecast(&mut city, 41);
    city.does(leader(NINGBO), Command::DropShift { shift: shift.id });
    assert_eq!(said(&city), []);
    // At noon, on a day that is hot.
    let noon = city.shift(3, &[1, 2], THEN, (9, 30), (11, 30));
    city.tell(leader(NINGBO), Event::ShiftPlanned { shift: noon });
    forecast(&mut city, 35);
    assert_eq!(whys(&city), [NearWhy::HeatAhead]);
}

#[test]
fn who_is_spared_on_a_hot_day_is_seen() {
    let mut city = City::lodged(2);
    let member = Member { id: id(0x1009), supervisor: false, spared: true };
    city.does(desk(NINGBO), Command::Join { team: id(0xf1), member });
    let shift = city.shift(1, &[1, 9], THEN, (6, 0), (8, 0));
    city.does(leader(NINGBO), Command::PlanShift(shift.clone()));
    forecast(&mut city, 34);
    assert_eq!(said(&city), []);
    forecast(&mut city, 36);
    assert_eq!(whys(&city), [NearWhy::SparedOut]);
    // Whoever began all the same is seen until it is over.
    city.until(THEN, 6, 0);
    city.does(leader(NINGBO), Command::BeginShift { shift: shift.id });
    assert_eq!(whys(&city), [NearWhy::SparedOut]);
    city.does(leader(NINGBO), Command::EndShift { shift: shift.id });
    assert_eq!(said(&city), []);
}

#[test]
fn too_many_hours_in_the_heat_are_seen() {
    let mut city = City::lodged(2);
    for (nth, from) in [(1, 2), (2, 5), (3, 8), (4, 16)] {
        let shift = city.shift(nth, &[1, 2], THEN, (from, 0), (from + 2, 0));
        city.does(leader(NINGBO), Command::PlanShift(shift));
    }
    forecast(&mut city, 36);
    assert_eq!(said(&city), [], "eight hours in twos");
    forecast(&mut city, 38);
    assert_eq!(whys(&city), [NearWhy::HeatLong; 4], "six are allowed");
    for shift in [id(0x2001), id(0x2002)] {
        city.does(leader(NINGBO), Command::DropShift { shift });
    }
    assert_eq!(said(&city), []);
    // Four hours without a break.
    let shift = city.shift(5, &[1, 2], THEN, (18, 0), (20, 0));
    city.tell(leader(NINGBO), Event::ShiftPlanned { shift });
    assert_eq!(whys(&city), [NearWhy::HeatLong; 2]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// What is shown of a shift is what would refuse it, were it planned now.
    #[test]
    fn what_is_shown_is_what_is_refused(
        shifts in prop::collection::vec((0..47i64, 1..20i64, any::<bool>(), 0..3u8), 1..7),
        celsius in 30..43i16,
        spared in any::<bool>(),
        spell in 1..5u8,
    ) {
        let mut city = City::lodged(2);
        let rules = Rules { hot_spell_h: spell, ..Rules::default() };
        city.does(desk(CITY), Command::SetRules { host: CITY, rules });
        let member = Member { id: id(0x1009), supervisor: false, spared };
        city.does(desk(NINGBO), Command::Join { team: id(0xf1), member });
        let mut all = vec![];
        for (nth, (begins, halves, outdoor, who)) in shifts.into_iter().enumerate() {
            let members: &[u128] = [&[1][..], &[2, 9], &[1, 9]][usize::from(who)];
            let from = midnight() + THEN * DAY + begins * 30 * MINUTE;
            let until = from + halves * 30 * MINUTE;
            let shift = Shift { from, until, outdoor, ..city.shift(nth as u128, members, 1, (0, 0), (1, 0)) };
            city.tell(leader(NINGBO), Event::ShiftPlanned { shift: shift.clone() });
            all.push(shift);
        }
        forecast(&mut city, celsius);
        let shown = said(&city);
        for shift in all {
            let mut others = teams::Teams::default();
            others.take_in(city.log.iter().filter(|told| !matches!(&told.event, Event::ShiftPlanned { shift: of } if of.id == shift.id)).cloned());
            let no = others.decide(city.now, &leader(NINGBO), Command::PlanShift(shift.clone())).err().unwrap_or_default();
            let has = |why| shown.iter().any(|of| of.of == shift.id && of.why == why);
            let is = |is: fn(&Refusal) -> bool| shift.outdoor && celsius >= 35 && no.iter().any(is);
            prop_assert_eq!(has(NearWhy::HeatAhead), is(|of| matches!(of, Refusal::HeatStop { .. } | Refusal::HeatWindow { .. })));
            prop_assert_eq!(has(NearWhy::SparedOut), is(|of| matches!(of, Refusal::SparedOut { .. })));
            prop_assert_eq!(has(NearWhy::HeatLong), is(|of| matches!(of, Refusal::WorkLong { .. } | Refusal::SpellLong { .. })), "{:?} {:?}", shift, no);
        }
        prop_assert!(shown.iter().all(|of| of.by - midnight() < 5 * DAY + HOUR));
    }
}
