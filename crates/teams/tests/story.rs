//! Spring 2022, as it was told, and what would have been said when: a team whose members all turn positive and which has to withdraw, and a
//! team that worked a whole day without a bottle of water. Parties are called after cities of the story; what happens to them here is made up.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "city/city.rs"]
mod city;

use city::{CITY, City, DAY, HOUR, HUZHOU, MINUTE, NINGBO, control, desk, id, leader, midnight};
use domain::{Moment, event::Finding};
use std::{collections::BTreeSet, env, fmt::Write, fs};
use teams::{
    Command, Deployment, Event, Goods, Health, Member, Near, NearWhy, Offer, Room, Shift, Step, Strength,
    Team, Teams,
};
use words::{Language, say};

const SECOND: u128 = 0xf2;
const PEOPLE: u128 = 20;
const TEN: u128 = 10;

/// Everything that happened, in its order.
fn story() -> City {
    let mut city = City::committed(PEOPLE as u32);
    for (party, name) in [(CITY, "Shanghai"), (NINGBO, "Ningbo"), (HUZHOU, "Huzhou")] {
        city.does(desk(party), Command::Name { of: party, name: name.to_owned() });
    }
    second_team(&mut city);
    city.until(0, 22, 0);
    city.step(NINGBO, Step::Departed);
    city.until(1, 2, 0);
    for deployment in [id(0xe1), id(0xe2)] {
        city.does(desk(CITY), Command::Step { deployment, step: Step::Arrived });
    }
    let house = id(0x1d);
    city.does(desk(CITY), Command::OpenLodging(teams::Lodging { id: house, host: CITY, beds: 40 }));
    for (deployment, first, people) in [(id(0xe1), 1, PEOPLE), (id(0xe2), 101, TEN)] {
        let pair = |nth: u128| vec![id(0x1000 + nth), id(0x1001 + nth)];
        let rooms = (first..first + people)
            .step_by(2)
            .map(|nth| Room { number: nth.to_string(), members: pair(nth) });
        city.does(desk(CITY), Command::Lodge { deployment, lodging: house, rooms: rooms.collect() });
    }
    plans(&mut city);
    day(&mut city, 1, true);
    day(&mut city, 2, false);
    // A sample of the second morning is positive, and known at night.
    city.until(2, 21, 0);
    let taken = midnight() + 2 * DAY + 7 * HOUR;
    city.does(control(NINGBO), Command::Test { member: id(0x1004), taken, finding: Finding::Positive });
    // All the others, on the third day.
    city.until(3, 13, 0);
    let taken = midnight() + 3 * DAY + 7 * HOUR;
    for nth in (1..=PEOPLE).filter(|nth| *nth != 4) {
        city.does(
            control(NINGBO),
            Command::Test { member: id(0x1000 + nth), taken, finding: Finding::Positive },
        );
    }
    city.until(3, 14, 0);
    for nth in 1..=PEOPLE {
        city.does(control(NINGBO), Command::Isolate { member: id(0x1000 + nth) });
    }
    city.until(3, 15, 0);
    city.does(desk(CITY), Command::Step { deployment: id(0xe1), step: Step::Withdrawn });
    city
}

/// Ten people of the second donor.
fn second_team(city: &mut City) {
    let strength = Strength { donor: HUZHOU, skill: "sampling".to_owned(), people: 120, reserve: 100 };
    city.does(desk(HUZHOU), Command::Declare(strength));
    let ask = teams::Ask { id: id(0xa2), asked: vec![HUZHOU], ..city.ask(TEN as u32) };
    city.does(desk(CITY), Command::Request(ask));
    let offer = Offer { id: id(0xb2), request: id(0xa2), donor: HUZHOU, ..City::offer(TEN as u32) };
    city.does(desk(HUZHOU), Command::Offer(offer));
    city.does(desk(CITY), Command::AcceptOffer { offer: id(0xb2), number: TEN as u32 });
    let sent = Deployment { id: id(0xe2), offer: id(0xb2), team: id(SECOND), ..City::deployment(TEN as u32) };
    city.does(desk(HUZHOU), Command::Commit(sent));
    let team =
        Team { id: id(SECOND), donor: HUZHOU, skill: "sampling".to_owned(), name: "Huzhou 1".to_owned() };
    city.does(desk(HUZHOU), Command::Form(team));
    for nth in 101..101 + TEN {
        city.does(
            desk(HUZHOU),
            Command::Join {
                team: id(SECOND),
                member: Member { supervisor: nth == 101, ..City::member(nth) },
            },
        );
    }
}

/// All twenty work as one crew and ride in one bus, on each of four days; ten work from eight to six, which the rules would have refused.
fn plans(city: &mut City) {
    let all: Vec<u128> = (1..=PEOPLE).collect();
    for day in 1..5 {
        let shift = city.shift(u128::from(day as u64), &all, day, (8, 0), (12, 0));
        city.does(leader(NINGBO), Command::PlanShift(Shift { bus: Some("7".to_owned()), ..shift }));
    }
    let ten: Vec<u128> = (101..101 + TEN).collect();
    let shift = Shift { team: id(SECOND), ..city.shift(9, &ten, 1, (8, 0), (18, 0)) };
    assert!(city.teams.decide(city.now, &leader(HUZHOU), Command::PlanShift(shift.clone())).is_err());
    city.tell(leader(HUZHOU), Event::ShiftPlanned { shift });
}

/// A day as the first team had it; and the second's, who have nothing to drink.
fn day(city: &mut City, number: i64, both: bool) {
    city.until(number, 7, 30);
    let members = (1..=PEOPLE).map(|nth| (NINGBO, nth)).chain((101..101 + TEN).map(|nth| (HUZHOU, nth)));
    for (donor, nth) in members {
        city.does(leader(donor), Command::Check { member: id(0x1000 + nth), health: Health::Well });
    }
    let shift = id(0x2000 + u128::try_from(number).unwrap());
    let receive = |team, shift, goods, count| Command::Receive { team, shift, goods, count };
    city.does(leader(NINGBO), receive(id(0xf1), Some(shift), Goods::Clothing, 20));
    if both {
        city.does(leader(HUZHOU), receive(id(SECOND), Some(id(0x2009)), Goods::Clothing, 30));
    }
    for (team, donor, people) in [(id(0xf1), NINGBO, 20), (id(SECOND), HUZHOU, 10)] {
        city.does(leader(donor), receive(team, None, Goods::Meal, people));
    }
    city.until(number, 8, 0);
    city.does(leader(NINGBO), Command::BeginShift { shift });
    if both {
        city.does(leader(HUZHOU), Command::BeginShift { shift: id(0x2009) });
    }
    city.until(number, 9, 45);
    city.does(leader(NINGBO), receive(id(0xf1), Some(shift), Goods::Water, 20));
    city.until(number, 11, 30);
    city.does(leader(NINGBO), receive(id(0xf1), Some(shift), Goods::Water, 20));
    city.until(number, 12, 0);
    city.does(leader(NINGBO), Command::EndShift { shift });
    for (team, donor, people) in [(id(0xf1), NINGBO, 20), (id(SECOND), HUZHOU, 10)] {
        city.does(leader(donor), receive(team, None, Goods::Meal, people));
    }
    if both {
        city.until(number, 18, 0);
        city.does(leader(HUZHOU), Command::EndShift { shift: id(0x2009) });
    }
    city.until(number, 18, 30);
    for (team, donor, people) in [(id(0xf1), NINGBO, 20), (id(SECOND), HUZHOU, 10)] {
        city.does(leader(donor), receive(team, None, Goods::Meal, people));
    }
    city.until(number, 19, 0);
    let taken = midnight() + number * DAY + 7 * HOUR;
    let members = (1..=PEOPLE).map(|nth| (NINGBO, nth)).chain((101..101 + TEN).map(|nth| (HUZHOU, nth)));
    for (donor, nth) in members.filter(|(_, nth)| (number, *nth) != (2, 4)) {
        city.does(
            control(donor),
            Command::Test { member: id(0x1000 + nth), taken, finding: Finding::Negative },
        );
    }
}

/// What is said when: each thing once, as it first comes up with so many.
fn said(city: &City, until: Moment) -> String {
    let rules = teams::Rules::default();
    let mut text = String::new();
    let mut teams = Teams::default();
    let mut log = city.log.iter().peekable();
    let mut before: BTreeSet<(NearWhy, Option<uuid::Uuid>)> = BTreeSet::new();
    let mut alarms = 0;
    let mut now = city.log[0].at;
    while now <= until {
        while let Some(told) = log.next_if(|told| told.at <= now) {
            teams.apply(told);
        }
        let near = teams.near(now);
        let keys: BTreeSet<_> = near.iter().map(|of: &Near| (of.why, of.team)).collect();
        for key in keys.difference(&before) {
            let these: Vec<_> = near.iter().filter(|of| (of.why, of.team) == *key).collect();
            let team = key.1.map_or(String::new(), |team| teams.name(team));
            let turn = these[0].turn;
            writeln!(
                text,
                "{}  {} [{team}, {}] -> {}, {}",
                rules.clock(now),
                say::<&str, &str>(Language::En, key.0.key(), &[]),
                these.len(),
                teams.name(turn.party),
                turn.role.name(),
            )
            .unwrap();
        }
        before = keys;
        let found = teams.alarms(now);
        if found.len() != alarms {
            alarms = found.len();
            let exposed = teams.exposed(now);
            writeln!(text, "{}  ALARM: {alarms} positive, {} exposed", rules.clock(now), exposed.len())
                .unwrap();
            for of in teams.tomorrow(now) {
                let (day, fit, committed, seats) = (of.day, of.fit, of.committed, of.seats);
                writeln!(
                    text,
                    "{}  tomorrow {day}: {} has {fit} of {committed}, {seats} seats open",
                    rules.clock(now),
                    teams.name(of.team)
                )
                .unwrap();
            }
        }
        now = now + 15 * MINUTE;
    }
    text
}

#[test]
fn what_would_have_been_said_when() {
    let city = story();
    let mut text = said(&city, midnight() + 4 * DAY);
    assert_eq!((city.teams.days_worked(id(0x1001)), city.teams.days_worked(id(0x1000 + 105))), (2, 1));
    let of = city.teams.shift(id(0x2009)).unwrap();
    let rules = teams::Rules::default();
    for dry in city.teams.dry(of, city.now) {
        writeln!(
            text,
            "without water: {} from {} to {}",
            city.teams.name(id(SECOND)),
            rules.clock(dry.from),
            rules.clock(dry.until)
        )
        .unwrap();
    }
    // The evening before it was all over: what if they had to go?
    let mut then = Teams::default();
    let evening = midnight() + 2 * DAY + 21 * HOUR;
    then.take_in(city.log.iter().filter(|of| of.at <= evening).cloned());
    let drill = then.drill(id(0xf1), evening);
    for gap in &drill.gaps {
        writeln!(
            text,
            "drill: {} {}: {} missing{}, {} can be filled, {} cannot",
            gap.day,
            gap.skill,
            gap.people,
            if gap.is_planned { " in shifts" } else { "" },
            gap.fillers.len(),
            gap.uncovered
        )
        .unwrap();
    }
    for ask in &drill.requests {
        writeln!(
            text,
            "drill: ask for {} from {} to {}",
            ask.number,
            rules.clock(ask.from.unwrap()),
            rules.clock(ask.until.unwrap())
        )
        .unwrap();
    }
    insta::assert_snapshot!(text);
}

/// The same story, as a file for `shouhu team`.
#[test]
fn the_storys_file_is_the_story() {
    let lines: Vec<String> = story().log.iter().map(|told| serde_json::to_string(told).unwrap()).collect();
    let text = lines.join("\n") + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/story.ndjson");
    if env::var("INSTA_UPDATE").is_ok_and(|of| of == "always") {
        fs::write(path, &text).unwrap();
    }
    assert!(fs::read_to_string(path).unwrap() == text, "refresh it with INSTA_UPDATE=always");
}
