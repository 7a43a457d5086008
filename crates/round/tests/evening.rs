//! What a day came to, household by household, and hour by hour of the green channel.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/scenarios.rs"]
mod scenarios;

use domain::{Envelope, Event, Moment, Origin, event::Answer};
use round::{Calls, Live, Reached};
use uuid::Uuid;

/// Households of two people, what was written down of them in this order, and what it comes to. Person 3 is no one on the roll.
const DAY: &str = "
-                          | 0 of 2: not_called
call                       | 0 of 2: not_come
call out                   | 0 of 2: not_at_home
call coming                | 0 of 2: coming
call cannot                | 0 of 2: cannot_come
out                        | 0 of 2: not_at_home
call out coming            | 0 of 2: coming
call coming come1 left1    | 1 of 2: some_came
call cannot come1 left1    | 1 of 2: some_came
come1 left1 come2          | 1 of 2: not_served
come1 left1 come2 away2    | 1 of 2: not_served
come1 come2 left1 left2    | 2 of 2: all
call out come1 come2 left2 left1 | 2 of 2: all
call come3 left3           | 0 of 2: not_come
";

/// Somebody is watched after the last station, and goes without being let go; or turns round after it; or is sent away with the
/// dose. Nobody who has it is called for a second one.
const WATCHED: &str = "
call come1 reg1             | 0 of 2: not_served
call come1 reg1 jab1        | 1 of 2: some_came
call come1 dose1            | 1 of 2: some_came
call come1 reg1 jab1 dose1 come2 reg2 jab2 dose2 | 2 of 2: all
call come1 dose1 away1 come2 jab2 gone2 | 2 of 2: all
call come1 reg1 gone1       | 0 of 2: not_served
";

/// The same where one comes for all of a household.
const ONE_FOR_ALL: &str = "
call           | 0 of 2: not_come
call come2 left2 | 2 of 2: all
call come1 away1 | 0 of 2: not_served
come3 left3    | 2 of 2: all
";

fn live(called: bool) -> Live {
    let scenario = scenarios::scenario(scenarios::TWO_LANES);
    let plan = plan::waves(&scenario, 0.9);
    let (rules, calls) = scenarios::rules(&scenario, called.then_some(&plan));
    Live::new(rules, if called { calls } else { Calls::default() })
}

fn happen(live: &mut Live, at: Moment, event: Event) {
    let id = Uuid::from_u128(1 << 100 | live.round().visits().len() as u128 | (at.0 as u128) << 20);
    let place = Uuid::nil();
    let envelope = Envelope {
        id,
        community_id: place,
        device: place,
        seq: 1,
        at: at.rfc3339(),
        origin: Origin::Real,
        event,
    };
    live.admit(&envelope);
}

/// Each line of a day, lived.
fn lived(script: &str, called: bool, one_for_all: bool) -> String {
    lived_at(script, one_for_all, || live(called))
}

fn lived_at(script: &str, one_for_all: bool, live: impl Fn() -> Live) -> String {
    let mut told = String::from("\n");
    for line in script.lines().filter(|line| !line.is_empty()) {
        let (events, _) = line.split_once('|').unwrap();
        let mut live = live();
        let household = Uuid::from_u128(7);
        let visit = |person: &str| Uuid::from_u128(person.parse().unwrap());
        for (minute, word) in (0..).zip(events.split_whitespace()) {
            let at = scenarios::opening() + minute * 600_000;
            let answered = |answer| Event::HouseholdAnswered { household, answer };
            let station = || "sampling".to_owned();
            let served = |station: &str, visit| Event::Served {
                visit,
                station: station.to_owned(),
                lane: 1,
                server: 1,
            };
            let event = match word.split_at(word.len() - 1) {
                _ if word == "-" => continue,
                _ if word == "call" => Event::HouseholdCalled { household, wave: 1 },
                _ if word == "out" => answered(Answer::NotAtHome),
                _ if word == "coming" => answered(Answer::Coming),
                _ if word == "cannot" => answered(Answer::CannotCome),
                ("come", person) => {
                    let (visit, class) = (visit(person), "general".to_owned());
                    Event::Arrived { visit, household: Some(household), class, lane: Some(1) }
                }
                ("reg", person) => served("registration", visit(person)),
                ("jab", person) => served("sampling", visit(person)),
                ("dose", person) => Event::ItemGiven {
                    visit: visit(person),
                    kind: "dose".to_owned(),
                    item: Uuid::from_u128(90 + visit(person).as_u128()),
                    lot: None,
                },
                ("gone", person) => Event::Deferred { visit: visit(person), station: station() },
                ("left", person) => Event::Left { visit: visit(person) },
                ("away", person) => Event::TurnedAway { visit: visit(person), station: station() },
                _ => panic!("{word}?"),
            };
            happen(&mut live, at, event);
        }
        let people = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let Reached { served, missing, why } = live.reached(household, &people, one_for_all);
        let why = why.map_or("all", round::Why::name);
        told += &format!("{events}| {served} of {}: {why}\n", served + missing);
    }
    told
}

#[test]
fn why_somebody_was_missed_is_what_was_written_down_last() {
    assert_eq!(lived(DAY, true, false), DAY);
}

#[test]
fn whoever_was_given_something_is_served_whether_or_not_somebody_lets_them_go() {
    let watched = || {
        let of = live(true);
        let mut rules = of.round().rules().clone();
        rules.stations[1].observe = 600 * 600_000;
        rules.gives = Some(("dose".to_owned(), vec![1]));
        Live::new(rules, of.calls().clone())
    };
    assert_eq!(lived_at(WATCHED, false, watched), WATCHED);
}

#[test]
fn who_comes_for_all_is_served_for_all() {
    assert_eq!(lived(ONE_FOR_ALL, true, true), ONE_FOR_ALL);
}

#[test]
fn whoever_was_to_come_by_themselves_did_not_come() {
    assert_eq!(lived("- | 0 of 2: not_come\n", false, false), "\n- | 0 of 2: not_come\n");
}

#[test]
fn the_green_channel_is_counted_by_hour_and_class_and_nobody_is_named() {
    let mut live = live(true);
    // Person, minutes after 07:00, class; persons from 10 on stand on the roll with theirs.
    let day = [
        (1, 0, "green"),
        (2, 59, "green"),
        (3, 60, "green"),
        (10, 61, "green"),
        (4, 62, "general"),
        (11, -1, "frail"),
    ];
    for (person, minute, class) in day {
        let at = scenarios::opening() + minute * 600_000;
        let visit = Uuid::from_u128(person);
        happen(&mut live, at, Event::Arrived { visit, household: None, class: class.to_owned(), lane: None });
    }
    // A class that the site does not know is not green, whatever it is called.
    let hours = live.green_hours(|visit| visit.as_u128() >= 10);
    let told: Vec<String> =
        hours.iter().map(|of| format!("{} {} {}+{}", of.hour, of.class, of.claimed, of.marked)).collect();
    assert_eq!(told, ["07:00 green 2+0", "08:00 green 1+1"]);
}
