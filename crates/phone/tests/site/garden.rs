//! A small site with two lanes, registration and sampling; three people in a tube.

use domain::{Moment, command::Table};
use phone::{Bundle, Door, Person, Task, Wave};
use round::person_code;
use serde_json::json;
use uuid::Uuid;

const OPENS: &str = "2022-03-27T23:00:00Z";

pub fn id(of: u128) -> Uuid {
    Uuid::from_u128(of)
}

pub fn at(seconds: i64) -> Moment {
    Moment::parse(OPENS).unwrap() + seconds * 10_000
}

/// What a phone is given.
pub fn bundle(device: u128, role: &str, table: Option<(&str, u16)>) -> Bundle {
    let station = |name: &str| {
        json!({ "name": name, "shared": false, "servers": [[0, 2]], "seconds_a_person": 10.0, "passes": 1.0,
            "together": false, "observe": 0, "next": [] })
    };
    let rules = json!({
        "opens": at(0), "opens_s": 7 * 3600, "closes": 6 * 36_000_000i64, "lanes": 2, "room": 40,
        "stations": [station("registration"), station("sampling")],
        "classes": [{ "name": "green", "green": true, "first": true, "skips": [] }],
        "gives": ["tube", [1]], "pool": 3, "households": 40, "wait_p95_min": 10.0
    });
    let calls = json!({
        "waves": [
            { "number": 1, "call_at": 0, "lane": 1, "households": 20, "people": 40, "calling_min": 5.0 },
            { "number": 2, "call_at": 12_000_000, "lane": 2, "households": 20, "people": 40, "calling_min": 5.0 }
        ],
        "broadcast": false, "reaction": [[3.0, 1.0]], "attendance": 1.0, "others": []
    });
    let doors = (0..40u32).map(|number| Door {
        household: id(0x100 + u128::from(number)),
        code: person_code([1, 0, 0, 0, number as u8]),
        building: (1 + number / 20).to_string(),
        entrance: String::new(),
        door: format!("{}{:02}", 1 + number % 20 / 4, 1 + number % 4),
        lane: 1 + (number / 20) as u16,
        people: (0..2).map(|place| person(number, place)).collect(),
    });
    let wave = |number: u32| Wave {
        number,
        households: (0..20).map(|of| id(0x100 + u128::from((number - 1) * 20 + of))).collect(),
    };
    let table = table.map(|(station, lane)| Table { station: station.to_owned(), lane, server: 1 });
    Bundle {
        community: id(7),
        name: "Example Garden".to_owned(),
        round: id(8),
        device: id(device),
        task: Task { role: role.to_owned(), table },
        rules: serde_json::from_value(rules).unwrap(),
        calls: serde_json::from_value(calls).unwrap(),
        waves: vec![wave(1), wave(2)],
        walking: domain::Walking::default(),
        callers: 1,
        one_for_all: false,
        doors: doors.collect(),
        tube_key: Some([5; 32]),
        code_key: Some([6; 32]),
        forget_at: at(12 * 3600),
    }
}

fn person(door: u32, place: u32) -> Person {
    Person {
        visit: visit(door, place),
        code: person_code([2, 0, 0, place as u8, door as u8]),
        name: format!("Person {place}"),
        class: if (door, place) == (3, 1) { "green".to_owned() } else { String::new() },
        frail: (door, place) == (5, 0),
        language: None,
    }
}

pub fn visit(door: u32, place: u32) -> Uuid {
    id(0x1000 + u128::from(door) * 16 + u128::from(place))
}
