//! Who may tell what, what stands aside, and what does not leave the list by itself.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "city/city.rs"]
mod city;

use city::{CITY, City, DAY, HOUR, HUZHOU, NINGBO, control, desk, id, leader, midnight};
use domain::event::{Finding, Keeps};
use std::collections::BTreeSet;
use teams::{
    By, Close, Command, Event, Fitness, Health, Member, NearWhy, Refusal, Role, Room, Rules, Stage, Step,
    Strength, Teams,
};

#[test]
fn what_is_not_ones_own_to_tell_stands_aside_and_is_seen() {
    let mut city = City::lodged(4);
    city.until(2, 9, 0);
    let taken = midnight() + 2 * DAY + 7 * HOUR;
    city.does(control(NINGBO), Command::Test { member: id(0x1001), taken, finding: Finding::Positive });
    let before = (city.near(), city.teams.fitness(city.now));
    let by = desk(HUZHOU);
    let asked = city.teams.request(id(0xa1)).unwrap().request.clone();
    let told = [
        city.tell(by, Event::Freed { member: id(0x1001) }),
        city.tell(by, Event::Stepped { deployment: id(0xe1), step: Step::Returned }),
        city.tell(desk(CITY), Event::Stepped { deployment: id(0xe1), step: Step::Returned }),
        city.tell(by, Event::OfferDeclined { offer: id(0xb1) }),
        city.tell(by, Event::RequestClosed { request: id(0xa1), how: Close::Enough }),
        city.tell(by, Event::Named { of: id(0x1001), name: "X".to_owned() }),
        city.tell(by, Event::RulesSet { host: CITY, rules: Rules::default() }),
        city.tell(by, Event::Requested { request: teams::Request { host: HUZHOU, ..asked } }),
        city.tell(leader(CITY), Event::Checked { member: id(0x1001), health: Health::Well }),
    ];
    assert_eq!(city.teams.aside().collect::<BTreeSet<_>>(), BTreeSet::from(told));
    assert_eq!(city.teams.deployment(id(0xe1)).unwrap().stage(), Stage::Lodged);
    let name = city.teams.name(CITY);
    let waits = city.tell(by, Event::Named { of: CITY, name: "X".to_owned() });
    assert_eq!((city.teams.name(CITY), city.teams.unplaced().collect::<Vec<_>>()), (name, vec![waits]));
    assert_eq!(city.teams.fitness(city.now), before.1);
    let mut near: BTreeSet<_> = city.near().into_iter().collect();
    assert!(near.remove("not_theirs") && near.remove("unplaced"));
    assert_eq!(near, before.0.into_iter().collect());
    let turn = city.teams.near(city.now).into_iter().find(|of| of.why == NearWhy::NotTheirs).unwrap().turn;
    assert!([HUZHOU, CITY].contains(&turn.party), "whoever told it");
}

#[test]
fn nobody_takes_back_what_another_told() {
    let mut city = City::lodged(4);
    city.later(HOUR);
    let first = city.log.iter().find(|of| matches!(of.event, Event::OfferAccepted { .. })).unwrap().id;
    let second = city.tell(desk(CITY), Event::OfferDeclined { offer: id(0xb1) });
    for party in [HUZHOU, NINGBO] {
        for keeps in [Keeps::First, Keeps::Second, Keeps::Both] {
            let settle = Command::Settle { first, second, keeps };
            assert_eq!(city.refused(desk(party), settle), [Refusal::NotYours]);
            city.tell(desk(party), Event::Settled { first, second, keeps });
        }
    }
    assert_eq!(city.teams.conflicts().count(), 1);
    assert_eq!(city.teams.offer(id(0xb1)).unwrap().accepted(), 4);
    city.does(desk(CITY), Command::Settle { first, second, keeps: Keeps::Second });
    assert_eq!((city.teams.conflicts().count(), city.teams.offer(id(0xb1)).unwrap().accepted()), (0, 0));
}

#[test]
fn a_team_that_another_forms_was_not_anothers_to_commit() {
    let mut city = City::committed(4);
    let strength = Strength { donor: HUZHOU, skill: "sampling".to_owned(), people: 300, reserve: 200 };
    city.does(desk(HUZHOU), Command::Declare(strength));
    let ask = teams::Ask { id: id(0xa2), asked: vec![HUZHOU], ..city.ask(4) };
    city.does(desk(CITY), Command::Request(ask));
    let offer = teams::Offer { id: id(0xb2), request: id(0xa2), donor: HUZHOU, ..City::offer(4) };
    city.does(desk(HUZHOU), Command::Offer(offer));
    city.does(desk(CITY), Command::AcceptOffer { offer: id(0xb2), number: 4 });
    let sent = teams::Deployment { id: id(0xe2), offer: id(0xb2), team: id(0xf2), ..City::deployment(4) };
    city.does(desk(HUZHOU), Command::Commit(sent));
    assert!(city.teams.deployment(id(0xe2)).is_some());
    let team =
        teams::Team { id: id(0xf2), donor: NINGBO, skill: "sampling".to_owned(), name: "二队".to_owned() };
    city.tell(desk(NINGBO), Event::Formed { team });
    let mut late = Teams::default();
    late.take_in(city.log.iter().rev().cloned());
    assert!(city.teams == late);
    assert!(city.teams.deployment(id(0xe2)).is_none());
    assert!(city.near().contains(&"not_theirs"));
}

#[test]
fn rules_that_cannot_be_stand_aside() {
    let mut city = City::lodged(4);
    let rules = Rules { water_min: 0, ..Rules::default() };
    let set = Command::SetRules { host: CITY, rules: rules.clone() };
    assert_eq!(city.refused(desk(CITY), set), [Refusal::RulesOff]);
    city.tell(desk(CITY), Event::RulesSet { host: CITY, rules });
    assert_eq!(city.teams.rules(CITY), &Rules::default());
    assert_eq!(city.near(), ["not_theirs"]);
}

#[test]
fn who_is_positive_travels_home_seen() {
    let mut city = City::lodged(4);
    city.until(2, 9, 0);
    let taken = midnight() + 2 * DAY + 7 * HOUR;
    city.does(control(NINGBO), Command::Test { member: id(0x1001), taken, finding: Finding::Positive });
    city.step(CITY, Step::Released);
    assert!(
        city.near().contains(&"to_isolate") && city.near().contains(&"exposed_untested"),
        "{:?}",
        city.near()
    );
    city.does(control(NINGBO), Command::Isolate { member: id(0x1001) });
    city.later(8 * DAY);
    assert!(city.near().contains(&"isolation_long"));
    city.does(desk(NINGBO), Command::Step { deployment: id(0xe1), step: Step::Returned });
    assert!(city.near().is_empty(), "{:?}", city.near());
    // On the way there, too.
    let mut city = City::committed(4);
    city.until(0, 22, 0);
    city.step(NINGBO, Step::Departed);
    city.does(control(NINGBO), Command::Check { member: id(0x1002), health: Health::Ill });
    assert!(matches!(city.teams.fitness(city.now)[&id(0x1002)], Fitness::ToIsolate { .. }));
    assert_eq!(city.near(), ["to_isolate"]);
}

#[test]
fn time_alone_takes_nothing_off_the_list_at_any_hour() {
    let city = City::lodged(4);
    let kinds = [NearWhy::CheckMissing, NearWhy::TestMissing, NearWhy::MealDue];
    let mut before = BTreeSet::new();
    for hour in 0..72 {
        let near = city.teams.near(city.now + hour * HOUR);
        let now: BTreeSet<_> =
            near.iter().filter(|of| kinds.contains(&of.why)).map(|of| (of.why, of.of)).collect();
        assert!(before.is_subset(&now), "after {hour} hours {:?}", before.difference(&now));
        before = now;
    }
    assert_eq!(before.len(), 4 + 4 + 1);
    // The first that was missed is told.
    let near = city.teams.near(city.now + 71 * HOUR);
    let by = |why| near.iter().find(|of| of.why == why).unwrap().by;
    assert_eq!(by(NearWhy::CheckMissing), midnight() + DAY + 8 * HOUR);
    assert_eq!(by(NearWhy::TestMissing), midnight() + DAY + 20 * HOUR);
}

#[test]
fn a_number_above_its_most_is_refused() {
    let mut city = City::default();
    let most = [Refusal::NumberOff { most: 1_000_000 }];
    assert_eq!(city.refused(desk(CITY), Command::Request(city.ask(1_000_001))), most);
    let strength = |people| Strength { donor: NINGBO, skill: "sampling".to_owned(), people, reserve: 0 };
    assert_eq!(city.refused(desk(NINGBO), Command::Declare(strength(1_000_001))), most);
    city.does(desk(NINGBO), Command::Declare(strength(1_000_000)));
    city.does(desk(CITY), Command::Request(city.ask(1_000_000)));
}

#[test]
fn who_has_a_name_does_not_join() {
    let mut city = City::committed(2);
    city.does(desk(NINGBO), Command::Name { of: NINGBO, name: "Ningbo".to_owned() });
    let join = |of| Command::Join { team: id(0xf1), member: Member { id: of, ..City::member(9) } };
    assert_eq!(city.refused(desk(NINGBO), join(NINGBO)), [Refusal::NameOfMember]);
    // A name of something that nobody knows is not decided, and a fact of it waits: told to nobody, whatever it becomes.
    let name = Command::Name { of: id(0x1009), name: "示例".to_owned() };
    assert_eq!(city.refused(desk(NINGBO), name), [Refusal::Unknown]);
    city.tell(desk(NINGBO), Event::Named { of: id(0x1009), name: "示例".to_owned() });
    assert_eq!(city.refused(desk(NINGBO), join(id(0x1009))), [Refusal::NameOfMember]);
    city.tell(desk(NINGBO), Event::Joined { team: id(0xf1), member: City::member(9) });
    assert_eq!(city.teams.name(id(0x1009)), "00001009");
}

#[test]
fn what_is_granted_fits_a_frame_of_the_journal() {
    let mut city = City::committed(400);
    city.until(0, 22, 0);
    city.step(NINGBO, Step::Departed);
    city.until(1, 2, 0);
    city.step(CITY, Step::Arrived);
    city.does(desk(CITY), Command::OpenLodging(teams::Lodging { id: id(0x1d), host: CITY, beds: 400 }));
    let seats = |people: u128| (1..=people).collect::<Vec<_>>();
    let plan = |city: &City, people| Command::PlanShift(city.shift(1, &seats(people), 1, (6, 0), (9, 0)));
    let no = city.refused(desk(CITY), plan(&city, 390));
    assert!(
        no.contains(&Refusal::FactLong { bytes: 15_000 }) && no.contains(&Refusal::NumberOff { most: 350 }),
        "{no:?}"
    );
    let members = |of: std::ops::RangeInclusive<u128>| of.map(|nth| id(0x1000 + nth)).collect::<Vec<_>>();
    let rooms: Vec<Room> =
        (1..=300).map(|nth| Room { number: nth.to_string(), members: members(nth..=nth) }).collect();
    let lodge = Command::Lodge { deployment: id(0xe1), lodging: id(0x1d), rooms };
    assert!(city.refused(desk(CITY), lodge).contains(&Refusal::FactLong { bytes: 15_000 }));
    let rules = Rules { members_a_supervisor: 400, ..Rules::default() };
    city.does(desk(CITY), Command::SetRules { host: CITY, rules });
    city.does(desk(CITY), plan(&city, 350));
    let longest = |of: &City| of.log.last().map(|told| serde_json::to_string(told).unwrap().len());
    assert!(longest(&city).is_some_and(|of| (13_000..16 * 1024).contains(&of)), "{:?}", longest(&city));
}

#[test]
fn a_member_tells_of_their_own_check_alone() {
    let mut city = City::lodged(2);
    let by = By { party: NINGBO, role: Role::Member, person: Some(id(0x1001)) };
    city.does(by, Command::Check { member: id(0x1001), health: Health::Well });
    for command in [
        Command::Check { member: id(0x1002), health: Health::Well },
        Command::Test { member: id(0x1001), taken: city.now, finding: Finding::Negative },
    ] {
        assert_eq!(city.refused(by, command), [Refusal::NotYours]);
    }
}
