//! How long it takes where much was told: the first is a figure to be read, so it is not among the usual tests.
//! `cargo test -p teams --test large -- --ignored --nocapture`
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "it measures")]

#[path = "city/city.rs"]
mod city;

use city::{CITY, City, DAY, HOUR, NINGBO, control, desk, id, leader, midnight};
use domain::event::Finding;
use std::time::Instant;
use teams::{
    Deployment, Event, Goods, Health, Member, NearWhy, Offer, Role, Room, Shift, Step, Team, Teams, Told,
};

const TEAMS: u128 = 300;
const PEOPLE: u128 = 127;
const DAYS: i64 = 14;

/// 38,100 people in 300 teams for two weeks: each is checked and tested every day and works once, twenty are positive on the last.
fn facts() -> Vec<Told> {
    let mut all = Vec::new();
    let mut tell = |at, by, event| {
        let id = id(1 << 90 | all.len() as u128);
        all.push(Told { id, at, by, event });
    };
    let city = City::default();
    let start = midnight() + 8 * HOUR;
    let request = teams::Request {
        id: id(0xa1),
        host: CITY,
        asked: vec![],
        skill: "sampling".to_owned(),
        number: (TEAMS * PEOPLE) as u32,
        district: "浦东".to_owned(),
        from: start,
        until: start + 30 * DAY,
        answer_by: start,
        why: "x".to_owned(),
    };
    tell(start, desk(CITY), Event::Requested { request });
    for team in 0..TEAMS {
        let (offer, of, sent) = (id(0xb << 40 | team), id(0xf << 40 | team), id(0xe << 40 | team));
        let offered = Offer { id: offer, number: PEOPLE as u32, until: start + 30 * DAY, ..City::offer(1) };
        tell(start, desk(NINGBO), Event::Offered { offer: offered });
        tell(start, desk(CITY), Event::OfferAccepted { offer, number: PEOPLE as u32 });
        let deployment =
            Deployment { id: sent, offer, team: of, number: PEOPLE as u32, ..City::deployment(1) };
        tell(start, desk(NINGBO), Event::Committed { deployment });
        let formed = Team { id: of, donor: NINGBO, skill: "sampling".to_owned(), name: team.to_string() };
        tell(start, desk(NINGBO), Event::Formed { team: formed });
        let members: Vec<_> = (0..PEOPLE).map(|nth| id(1 << 60 | team << 20 | nth)).collect();
        for (nth, member) in members.iter().enumerate() {
            let member = Member { id: *member, supervisor: nth < 2, spared: false };
            tell(start, desk(NINGBO), Event::Joined { team: of, member });
        }
        tell(start + DAY, desk(CITY), Event::Stepped { deployment: sent, step: Step::Arrived });
        let rooms =
            members.chunks(2).map(|of| Room { number: String::new(), members: of.to_vec() }).collect();
        tell(start + DAY, desk(CITY), Event::Lodged { deployment: sent, lodging: id(0x1d), rooms });
        for day in 1..=DAYS {
            let morning = midnight() + day * DAY + 7 * HOUR;
            for (nth, &member) in members.iter().enumerate() {
                tell(morning, leader(NINGBO), Event::Checked { member, health: Health::Well });
                let is_found = day == DAYS && nth == 0 && team < 20;
                let finding = if is_found { Finding::Positive } else { Finding::Negative };
                tell(morning + 10 * HOUR, control(NINGBO), Event::Tested { member, taken: morning, finding });
            }
            for (crew, members) in members.chunks(32).enumerate() {
                let shift = id(2 << 60 | team << 20 | (day as u128) << 8 | crew as u128);
                let from = morning + crew as i64 * HOUR;
                let planned = Shift {
                    id: shift,
                    team: of,
                    members: members.to_vec(),
                    from,
                    until: from + 4 * HOUR,
                    bus: Some(format!("{team}-{crew}")),
                    ..city.shift(1, &[], 1, (0, 0), (1, 0))
                };
                tell(from + -HOUR, leader(NINGBO), Event::ShiftPlanned { shift: planned });
                tell(from, leader(NINGBO), Event::ShiftBegan { shift });
                let water = Event::Received { team: of, shift: Some(shift), goods: Goods::Water, count: 32 };
                tell(from + 2 * HOUR, leader(NINGBO), water);
                tell(from + 4 * HOUR, leader(NINGBO), Event::ShiftEnded { shift });
            }
        }
    }
    all
}

#[test]
#[ignore = "a measurement"]
fn two_weeks_of_a_city() {
    let facts = facts();
    let now = midnight() + DAYS * DAY + 22 * HOUR;
    let mut teams = Teams::default();
    let clock = Instant::now();
    let number = facts.len();
    teams.take_in(facts);
    println!("{number} facts folded in {:?}", clock.elapsed());
    let clock = Instant::now();
    let near = teams.near(now);
    println!("{} due things in {:?}", near.len(), clock.elapsed());
    let clock = Instant::now();
    println!("{} alarms in {:?}", teams.alarms(now).len(), clock.elapsed());
    let clock = Instant::now();
    println!("{} gaps of a drill in {:?}", teams.drill(id(0xf << 40 | 1), now).gaps.len(), clock.elapsed());
    let told = Told {
        id: id(7 << 100),
        at: now,
        by: leader(NINGBO),
        event: Event::Checked { member: id(1 << 60), health: Health::Well },
    };
    let clock = Instant::now();
    teams.apply(&told);
    println!("one fact more in {:?}", clock.elapsed());
    assert_eq!(teams.alarms(now).len(), 20);
    let unfed = near.iter().filter(|of| of.why == NearWhy::MealDue && of.turn.role == Role::Stores);
    assert_eq!(unfed.count(), 3 * TEAMS as usize, "each meal of the day");
}

/// A host may tell of many shifts that began and never ended: a look at what is due takes each member's shifts once, not once for each shift.
#[test]
fn many_open_shifts_are_looked_through_once() {
    const SHIFTS: u128 = 3_000;
    const SEATS: u128 = 240;
    let mut city = City::lodged(SEATS as u32);
    let seats: Vec<u128> = (1..=SEATS).collect();
    let mut all = Vec::new();
    for nth in 0..SHIFTS {
        let from = city.now + nth as i64 * HOUR / 60;
        let until = from + HOUR / 120;
        let shift = Shift { from, until, ..city.shift(nth, &seats, 1, (0, 0), (1, 0)) };
        let mut tell = |event| {
            all.push(Told { id: id(8 << 90 | all.len() as u128), at: from, by: leader(NINGBO), event });
        };
        let shift_id = shift.id;
        tell(Event::ShiftPlanned { shift });
        tell(Event::ShiftBegan { shift: shift_id });
    }
    city.teams.take_in(all);
    let begins = city.now;
    let now = begins + 3 * DAY;
    // Folding and contradictions are not what is measured.
    city.teams.conflicts().count();
    let clock = Instant::now();
    let near = city.teams.near(now);
    let dry = city.teams.all_dry(now).len();
    let took = clock.elapsed();
    let water: Vec<_> = near.iter().filter(|of| of.why == NearWhy::WaterDue).collect();
    assert_eq!((water.len(), dry), (SHIFTS as usize, SHIFTS as usize));
    assert!(water.iter().all(|of| of.by == begins + 2 * HOUR), "without a break since the first");
    println!("{} due things of {SHIFTS} shifts in {took:?}", near.len());
    assert!(took.as_secs() < 10, "{took:?}");
}
