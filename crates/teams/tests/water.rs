//! Nobody works ten hours without water unseen.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "city/city.rs"]
mod city;

use city::{CITY, City, DAY, HOUR, MINUTE, desk, id, leader, midnight};
use proptest::prelude::*;
use teams::{Event, Goods, Heat, NearWhy, Role};

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Water comes whenever it comes: at each minute of a day at work, either it was confirmed lately enough, or it is on the list.
    #[test]
    fn at_work_water_was_confirmed_or_is_called_for(
        begins in 5..12i64,
        worked in 1..14i64,
        waters in prop::collection::vec(0..900i64, 0..8),
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
        let mut waters: Vec<_> = waters.into_iter().map(|minute| start + minute * MINUTE).filter(|at| *at < end).collect();
        waters.sort_unstable();
        for &at in &waters {
            city.now = at;
            let shift = of_shift.then_some(id(0x2001));
            city.tell(leader(city::NINGBO), Event::Received { team: id(0xf1), shift, goods: Goods::Water, count: 2 });
        }
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
            let last = waters.iter().copied().rfind(|of| *of <= at).unwrap_or(start);
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
        let mut times = vec![start];
        times.extend(&waters);
        times.push(end);
        let expected: Vec<_> = times.windows(2).filter(|pair| pair[1] - pair[0] > every).map(|pair| (pair[0], pair[1])).collect();
        let told: Vec<_> = gaps.iter().map(|of| (of.from, of.until)).collect();
        prop_assert_eq!(&told, &expected);
        prop_assert!(worked < 10 || !waters.is_empty() || (dry > 0 && !told.is_empty()), "ten hours without water, unseen");
    }
}
