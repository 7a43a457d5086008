//! A meal that has not come is called for until the day is over, and none stands for another.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "city/city.rs"]
mod city;

use city::{City, HOUR, MINUTE, NINGBO, id, leader, midnight};
use proptest::prelude::*;
use teams::{Event, Goods, NearWhy, Teams};

/// Four people on their second day there, who confirm portions at some times of it.
fn confirmed(meals: &[(i64, i64, u32)]) -> City {
    let mut city = City::lodged(4);
    for &(hour, minute, count) in meals {
        city.until(2, hour, minute);
        let event = Event::Received { team: id(0xf1), shift: None, goods: Goods::Meal, count };
        city.tell(leader(NINGBO), event);
    }
    city
}

/// Meals of which somebody is to be called at a time of that day.
fn due(teams: &Teams, hour: i64, minute: i64) -> Vec<(i64, i64)> {
    let day = midnight() + 2 * city::DAY;
    let near = teams.near(day + hour * HOUR + minute * MINUTE);
    let by = near.iter().filter(|of| of.why == NearWhy::MealDue).map(|of| (of.by - day) / MINUTE);
    by.map(|minute| (minute / 60, minute % 60)).collect()
}

const BREAKFAST: (i64, i64) = (8, 0);
const LUNCH: (i64, i64) = (12, 30);
const DINNER: (i64, i64) = (18, 30);

#[test]
fn a_late_meal_is_not_the_next() {
    let city = confirmed(&[(9, 45, 4)]);
    assert_eq!(due(&city.teams, 9, 40), [BREAKFAST]);
    assert_eq!(due(&city.teams, 9, 45), []);
    assert_eq!(due(&city.teams, 12, 30), [LUNCH]);
}

#[test]
fn a_meal_that_never_came_is_called_for_until_the_day_is_over() {
    let city = confirmed(&[(7, 30, 4), (18, 15, 4)]);
    for (hour, minute) in [(12, 30), (18, 0), (18, 30), (23, 59), (24 + 7, 59)] {
        assert_eq!(due(&city.teams, hour, minute), [LUNCH], "{hour}:{minute}");
    }
    assert_eq!(due(&city.teams, 24 + 8, 0), [(24 + 8, 0)], "another day");
    let city = confirmed(&[]);
    assert_eq!(due(&city.teams, 22, 0), [BREAKFAST, LUNCH, DINNER]);
    // Who says so late takes it off, the first first.
    let city = confirmed(&[(12, 30, 4), (18, 30, 4), (20, 0, 4)]);
    assert_eq!((due(&city.teams, 19, 0), due(&city.teams, 20, 0)), (vec![BREAKFAST], vec![]));
    let city = confirmed(&[(20, 0, 8)]);
    assert_eq!(due(&city.teams, 20, 0), [LUNCH], "dinner, and breakfast");
}

#[test]
fn portions_are_counted() {
    let city = confirmed(&[(7, 30, 3), (12, 0, 5), (16, 0, 2), (18, 30, 1)]);
    assert_eq!(due(&city.teams, 11, 59), [BREAKFAST]);
    assert_eq!(due(&city.teams, 12, 30), [], "one more than lunch needs");
    assert_eq!(due(&city.teams, 18, 30), [DINNER], "three of four");
    // Too early for any meal.
    let city = confirmed(&[(4, 59, 4)]);
    assert_eq!(due(&city.teams, 8, 0), [BREAKFAST]);
}

proptest! {
    /// In whatever order it comes in; and whoever confirms a meal for all takes a line off the list while one stands, and adds none.
    #[test]
    fn what_is_confirmed_counts_once(
        meals in prop::collection::vec((5 * 60..29 * 60i64, 1..9u32), 0..8),
        more in 8 * 60..29 * 60i64,
    ) {
        let mut meals = meals;
        meals.sort_unstable();
        let told: Vec<(i64, i64, u32)> = meals.iter().map(|(at, count)| (at / 60, at % 60, *count)).collect();
        let city = confirmed(&told);
        let mut late = Teams::default();
        for told in city.log.iter().rev() {
            late.apply(told);
            late.near(midnight());
        }
        for hour in 5..32 {
            prop_assert_eq!(due(&city.teams, hour, 0), due(&late, hour, 0));
        }
        let before: Vec<_> = meals.iter().filter(|(at, _)| *at <= more).map(|(at, count)| (at / 60, at % 60, *count)).collect();
        let now = (more / 60, more % 60);
        let open = due(&confirmed(&before).teams, now.0, now.1);
        let eaten: u32 = before.iter().map(|of| of.2).sum();
        prop_assert!(open.len() as u32 * 4 + eaten >= 4 * [BREAKFAST, LUNCH, DINNER].iter().filter(|of| **of <= now).count() as u32);
        let mut all = before;
        all.push((now.0, now.1, 12));
        prop_assert_eq!(due(&confirmed(&all).teams, now.0, now.1), [], "three meals for all, at once");
    }
}
