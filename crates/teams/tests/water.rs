//! Nobody works ten hours without water unseen.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "city/city.rs"]
mod city;

use city::{CITY, City, DAY, HOUR, MINUTE, desk, id, leader, midnight};
use domain::Moment;
use proptest::prelude::*;
use teams::{Event, Goods, Heat, NearWhy, Role, Shift, ShiftNow};
use uuid::Uuid;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Water comes whenever it comes: at each minute of a day at work, either it was confirmed lately enough, or it is on the list.
    #[test]
    fn at_work_water_was_confirmed_or_is_called_for(
        begins in 5..12i64,
        worked in 1..14i64,
        waters in prop::collection::vec((0..900i64, 1..4u32), 0..8),
        of_shift in any::<bool>(),
        celsius in prop::option::of(20..40i16),
        says_ended in any::<bool>(),
    ) {
        let mut city = City::lodged(2);
        let start = midnight() + DAY + begins * HOUR;
        if let Some(celsius) = celsius {
            city.tell(desk(CITY), Event::HeatForecast { heat: Heat { host: CITY, day: start, celsius } });
        }
        let shift = city.shift(1, &[1, 2], 1, (begins, 0), (begins + worked, 0));
        let end = shift.until;
        city.tell(leader(city::NINGBO), Event::ShiftPlanned { shift });
        city.now = start;
        city.tell(leader(city::NINGBO), Event::ShiftBegan { shift: id(0x2001) });
        let every = if celsius.is_some_and(|of| of >= 35) { 60 * MINUTE } else { 120 * MINUTE };
        let mut waters: Vec<_> = waters.into_iter().map(|(minute, count)| (start + minute * MINUTE, count)).filter(|(at, _)| *at < end).collect();
        waters.sort_unstable();
        for &(at, count) in &waters {
            city.now = at;
            let shift = of_shift.then_some(id(0x2001));
            city.tell(leader(city::NINGBO), Event::Received { team: id(0xf1), shift, goods: Goods::Water, count });
        }
        // Two people: so long ago both had a bottle. What is in the lodging is not at work.
        if !of_shift {
            waters.clear();
        }
        let last_at = |now: Moment| {
            let since = |from: Moment| waters.iter().filter(|(at, _)| from <= *at && *at <= now).map(|of| of.1).sum::<u32>();
            waters.iter().map(|of| of.0).filter(|at| since(*at) >= 2 && *at > start).max().unwrap_or(start)
        };
        if says_ended {
            city.now = end;
            city.tell(leader(city::NINGBO), Event::ShiftEnded { shift: id(0x2001) });
        }
        let mut dry = 0;
        // As the day went: at each minute with what was told until then.
        let mut teams = teams::Teams::default();
        let mut log = city.log.iter().peekable();
        let mut at = start;
        while at <= end + HOUR {
            while let Some(told) = log.next_if(|told| told.at <= at) {
                teams.apply(told);
            }
            let last = last_at(at);
            let over = says_ended && at >= end;
            let due = !over && at - last >= every;
            let near = teams.near(at);
            let called = near.iter().find(|of| of.why == NearWhy::WaterDue);
            prop_assert_eq!(called.is_some(), due, "at {}", at.rfc3339());
            if let Some(called) = called {
                prop_assert_eq!((called.by, called.turn.role, called.turn.party), (last + every, Role::Stores, CITY));
                dry += 1;
            }
            at = at + 5 * MINUTE;
        }
        // Afterwards the gaps are told exactly, and none where water came in time.
        let of = city.teams.shift(id(0x2001)).unwrap();
        let gaps = city.teams.dry(of, end);
        let (mut expected, mut last, mut at) = (Vec::new(), start, start);
        while at <= end {
            let next = last_at(at);
            if (next != last || at == end) && at - last > every {
                expected.push((last, at));
            }
            (last, at) = (next, at + MINUTE);
        }
        if last_at(end) != last_at(end + -MINUTE) && end - last_at(end) > every {
            expected.push((last_at(end), end));
        }
        let told: Vec<_> = gaps.iter().map(|of| (of.from, of.until)).collect();
        prop_assert_eq!(&told, &expected);
        prop_assert!(worked < 10 || !waters.is_empty() || (dry > 0 && !told.is_empty()), "ten hours without water, unseen");
    }
}

/// Six shifts of a minute less than two hours, one straight after the other, as one server sees them.
fn shifts(pause: i64, people: u128, bottles: u32) -> City {
    let mut city = City::lodged(people as u32);
    let members: Vec<u128> = (1..=people).collect();
    let mut from = midnight() + DAY + 6 * HOUR;
    for nth in 1..=6 {
        let until = from + 119 * MINUTE;
        let shift = Shift { from, until, ..city.shift(nth, &members, 1, (0, 0), (1, 0)) };
        let id = shift.id;
        city.tell(leader(city::NINGBO), Event::ShiftPlanned { shift });
        city.now = from;
        city.tell(leader(city::NINGBO), Event::ShiftBegan { shift: id });
        if bottles > 0 {
            city.now = from + HOUR;
            let water = Event::Received {
                team: self::id(0xf1),
                shift: Some(id),
                goods: Goods::Water,
                count: bottles,
            };
            city.tell(leader(city::NINGBO), water);
        }
        city.now = until;
        city.tell(leader(city::NINGBO), Event::ShiftEnded { shift: id });
        from = until + pause;
    }
    city
}

/// Minutes of a day at which water was called for, and the longest time without.
fn called(city: &City) -> (usize, i64) {
    let mut teams = teams::Teams::default();
    let mut log = city.log.iter().peekable();
    let mut minutes = 0;
    let start = midnight() + DAY;
    for minute in 0..24 * 60 {
        let at = start + minute * MINUTE;
        while let Some(told) = log.next_if(|told| told.at <= at) {
            teams.apply(told);
        }
        minutes += usize::from(teams.near(at).iter().any(|of| of.why == NearWhy::WaterDue));
    }
    let dry = city.teams.shifts().flat_map(|of| city.teams.dry(of, city.now));
    (minutes, dry.map(|of| of.until - of.from).max().unwrap_or(0) / MINUTE)
}

#[test]
fn who_goes_from_one_shift_to_the_next_was_without_water_before() {
    // A minute from one to the next: twelve hours, and the first two of them are allowed.
    assert_eq!(called(&shifts(MINUTE, 4, 0)), (12 * 60 - 121 - 4, 12 * 60 - 1));
    // After a break it begins anew.
    assert_eq!(called(&shifts(30 * MINUTE, 4, 0)), (0, 0));
}

#[test]
fn one_bottle_waters_one() {
    assert_eq!(called(&shifts(MINUTE, 4, 4)), (0, 0));
    let (minutes, longest) = called(&shifts(MINUTE, 4, 3));
    assert!(minutes > 0 && longest > 120, "three bottles for four: {minutes}, {longest}");
}

#[test]
fn bottles_of_one_moment_come_together() {
    let mut city = City::lodged(2);
    let start = midnight() + DAY + 5 * HOUR;
    let shift = city.shift(1, &[1, 2], 1, (5, 0), (17, 0));
    city.tell(leader(city::NINGBO), Event::ShiftPlanned { shift });
    city.now = start;
    city.tell(leader(city::NINGBO), Event::ShiftBegan { shift: id(0x2001) });
    for minute in [1, 691, 691] {
        city.now = start + minute * MINUTE;
        let (team, shift) = (id(0xf1), Some(id(0x2001)));
        city.tell(leader(city::NINGBO), Event::Received { team, shift, goods: Goods::Water, count: 1 });
    }
    let of = city.teams.shift(id(0x2001)).unwrap();
    let dry = city.teams.dry(of, start + 12 * HOUR);
    assert_eq!(dry, [teams::Dry { from: start, until: start + 691 * MINUTE }], "told once, and whole");
}

/// When a member who begins a shift has last had water, or began to work: by walking through all of it.
fn water_before(all: &[&ShiftNow], of: &ShiftNow, member: Uuid) -> Moment {
    let began = of.began.unwrap().0;
    let mut before: Vec<_> =
        all.iter().filter(|of| of.began.unwrap().0 < began && of.shift.members.contains(&member)).collect();
    before.sort_by_key(|of| of.began);
    let (mut last, mut ends) = (began, None::<Moment>);
    for of in before {
        let (from, until) = of.span();
        if ends.is_none_or(|ends| from - ends >= 30 * MINUTE) {
            last = from;
        }
        let bottles = of.received.iter().filter(|(at, ..)| from < *at && *at <= until.min(began));
        let mut sum = 0;
        for (at, _, count) in bottles.rev() {
            sum += count;
            if sum >= of.shift.members.len() as u32 {
                last = last.max(*at);
                break;
            }
        }
        ends = ends.max(Some(until));
    }
    if ends.is_none_or(|ends| began - ends >= 30 * MINUTE) { began } else { last }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Shifts that follow each other, overlap, or never end.
    #[test]
    fn water_of_earlier_shifts_is_what_a_walk_through_them_finds(
        shifts in prop::collection::vec((0..600i64, 0..200i64, 0..3usize, any::<bool>()), 1..8),
        waters in prop::collection::vec((0..8usize, 0..700i64, 0..3u32), 0..20),
    ) {
        let mut city = City::lodged(3);
        let start = midnight() + DAY + 6 * HOUR;
        let mut tell = |at, event| {
            city.now = at;
            city.tell(leader(city::NINGBO), event);
        };
        let number = shifts.len();
        for (nth, (begins, minutes, who, is_ended)) in shifts.into_iter().enumerate() {
            let members: &[u128] = [&[1][..], &[1, 2], &[2, 3]][who];
            let (from, until) = (start + begins * MINUTE, start + (begins + minutes) * MINUTE);
            let shift = Shift { from, until, ..City::default().shift(nth as u128, members, 1, (0, 0), (1, 0)) };
            let shift_id = shift.id;
            tell(start, Event::ShiftPlanned { shift });
            tell(from, Event::ShiftBegan { shift: shift_id });
            if is_ended {
                tell(until, Event::ShiftEnded { shift: shift_id });
            }
        }
        for (nth, minute, count) in waters {
            let shift = Some(id(0x2000 + (nth % number) as u128));
            tell(start + minute * MINUTE, Event::Received { team: id(0xf1), shift, goods: Goods::Water, count });
        }
        let all: Vec<&ShiftNow> = city.teams.shifts().collect();
        for of in &all {
            let began = of.began.unwrap().0;
            let walked = of.shift.members.iter().map(|member| water_before(&all, of, *member)).min();
            prop_assert_eq!(city.teams.last_water(of, began), walked);
        }
        let now = start + DAY;
        let each: Vec<_> = all.iter().flat_map(|of| city.teams.dry(of, now).into_iter().map(|dry| (*of, dry))).collect();
        prop_assert_eq!(city.teams.all_dry(now), each);
    }
}
