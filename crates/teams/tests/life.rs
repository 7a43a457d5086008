//! A deployment from the request to the return, step by step: who may do what when, and what is shown to whom.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "city/city.rs"]
mod city;

use city::{CITY, City, DAY, HOUR, HUZHOU, NINGBO, control, desk, id, leader, midnight};
use domain::event::{Finding, Keeps};
use teams::{
    By, Close, Command, ConflictKind, Event, Fitness, Goods, Health, Member, NearWhy, Offer, Refusal, Role,
    Shift, Stage, Step, Strength, Teams, Told,
};
use uuid::Uuid;

#[test]
fn a_team_is_asked_for_and_sent_and_comes_home() {
    let mut city = City::default();
    let strength = Strength { donor: NINGBO, skill: "sampling".to_owned(), people: 300, reserve: 200 };
    city.does(desk(NINGBO), Command::Declare(strength));
    let ask = city.ask(20);
    city.does(desk(CITY), Command::Request(ask.clone()));
    assert!(city.again(desk(CITY), Command::Request(ask)), "asked once is asked");
    assert_eq!(city.near(), ["request_uncovered"], "its people are needed within a day");
    city.later(4 * HOUR);
    assert_eq!(city.near(), ["request_unanswered", "request_uncovered"]);
    let turn = city.teams.near(city.now)[0].turn;
    assert_eq!((turn.party, turn.role), (NINGBO, Role::Desk), "whom to call");
    city.does(desk(NINGBO), Command::Offer(City::offer(30)));
    assert_eq!(city.near(), ["request_uncovered"]);
    city.later(3 * HOUR);
    assert_eq!(city.near(), ["offer_unanswered", "request_uncovered"]);
    city.does(desk(CITY), Command::AcceptOffer { offer: id(0xb1), number: 20 });
    assert!(city.near().is_empty());
    city.later(3 * HOUR);
    assert_eq!(city.near(), ["not_committed"]);
    city.does(desk(NINGBO), Command::Commit(City::deployment(20)));
    assert_eq!(city.near(), ["team_not_formed"]);
    assert_eq!(city.teams.deployment(id(0xe1)).unwrap().stage(), Stage::Committed);

    let mut city = City::committed(20);
    assert!(city.near().is_empty(), "{:?}", city.near());
    city.until(0, 22, 0);
    assert_eq!(city.near(), ["not_departed"]);
    city.step(NINGBO, Step::Departed);
    assert!(city.near().is_empty());
    city.until(1, 2, 30);
    assert_eq!(city.near(), ["not_arrived"]);
    city.step(CITY, Step::Arrived);
    city.later(HOUR);
    assert_eq!(city.near(), ["not_lodged"]);

    let mut city = City::lodged(20);
    assert!(city.near().is_empty(), "{:?}", city.near());
    city.until(10, 0, 0);
    assert!(city.near().contains(&"return_due"));
    city.does(desk(CITY), city.extend(midnight() + 13 * DAY));
    city.later(4 * HOUR);
    assert!(city.near().contains(&"change_unanswered"));
    city.does(desk(NINGBO), Command::AnswerChange { change: id(0xcc), granted: true });
    assert!(!city.near().contains(&"return_due"), "they stay longer");
    assert_eq!(city.teams.deployment(id(0xe1)).unwrap().until, midnight() + 13 * DAY);
    city.step(CITY, Step::Released);
    assert!(city.near().is_empty(), "{:?}", city.near());
    city.later(DAY);
    assert_eq!(city.near(), ["not_returned"]);
    city.does(leader(NINGBO), Command::Step { deployment: id(0xe1), step: Step::Returned });
    assert!(city.near().is_empty(), "{:?}", city.near());
    city.later(100 * DAY);
    assert!(city.near().is_empty(), "what is over is not shown");
}

#[test]
fn a_donor_offers_no_more_than_it_has_above_its_reserve() {
    let mut city = City::default();
    let ask = city.ask(500);
    city.does(desk(CITY), Command::Request(ask));
    assert_eq!(city.refused(desk(NINGBO), Command::Offer(City::offer(10))), [Refusal::StrengthUnknown]);
    let strength = Strength { donor: NINGBO, skill: "sampling".to_owned(), people: 300, reserve: 200 };
    city.does(desk(NINGBO), Command::Declare(strength));
    city.does(desk(NINGBO), Command::Offer(City::offer(60)));
    let second = Offer { id: id(0xb2), ..City::offer(50) };
    let no = city.refused(desk(NINGBO), Command::Offer(second.clone()));
    assert_eq!(no, [Refusal::AboveReserve { people: 300, reserve: 200, promised: 60, most: 40 }]);
    // Those who are back before can go again.
    let later = Offer { from: midnight() + 11 * DAY, until: midnight() + 12 * DAY, ..second.clone() };
    city.does(desk(NINGBO), Command::Offer(Offer { id: id(0xb3), ..later }));
    city.does(desk(CITY), Command::DeclineOffer { offer: id(0xb1) });
    city.does(desk(NINGBO), Command::Offer(second));
    // Its own situation grows worse: that is seen.
    let strength = Strength { donor: NINGBO, skill: "sampling".to_owned(), people: 300, reserve: 260 };
    city.does(desk(NINGBO), Command::Declare(strength));
    assert!(city.near().contains(&"reserve_short"));
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let mut city = City::committed(20);
    let ask = teams::Ask {
        id: id(0xa9),
        until: None,
        number: 0,
        why: " ".to_owned(),
        district: "长".repeat(61),
        ..city.ask(1)
    };
    assert_eq!(
        city.refused(desk(NINGBO), Command::Request(ask)),
        [
            Refusal::NotYours,
            Refusal::TextMissing,
            Refusal::TextLong { most: 60 },
            Refusal::NoEnd,
            Refusal::NumberOff { most: 1_000_000 }
        ]
    );
    let second = teams::Deployment { id: id(0xe2), ..City::deployment(20) };
    assert_eq!(
        city.refused(desk(NINGBO), Command::Commit(second)),
        [
            Refusal::AboveAccepted { most: 0 },
            Refusal::TeamElsewhere { team: "宁波一队".to_owned(), until: "2022-04-12 00:00".to_owned() }
        ]
    );
    let other =
        teams::Team { id: id(0xf2), donor: NINGBO, skill: "sampling".to_owned(), name: "二队".to_owned() };
    city.does(desk(NINGBO), Command::Form(other));
    let twice = Command::Join { team: id(0xf2), member: City::member(3) };
    assert_eq!(city.refused(desk(NINGBO), twice), [Refusal::MemberElsewhere]);
    assert!(
        city.again(desk(NINGBO), Command::Join { team: id(0xf1), member: City::member(3) }),
        "a member is a member once"
    );
    assert_eq!(
        city.refused(desk(CITY), Command::Step { deployment: id(0xe1), step: Step::Released }),
        [Refusal::StepOrder { stage: "team.stage.committed" }]
    );
    assert_eq!(
        city.refused(desk(CITY), Command::Check { member: id(77), health: Health::Well }),
        [Refusal::Unknown]
    );
    let name = Command::Name { of: id(0x1003), name: "示例".to_owned() };
    assert_eq!(city.refused(desk(NINGBO), name), [Refusal::NameOfMember]);
}

#[test]
fn a_shift_is_held_against_rest_work_heat_and_health() {
    let mut city = City::lodged(6);
    let by = leader(NINGBO);
    let first = city.shift(1, &[1, 2, 3], 1, (6, 0), (10, 0));
    city.does(by, Command::PlanShift(first));
    let overlapping = city.shift(2, &[3, 4, 3, 99], 1, (9, 0), (13, 30));
    assert_eq!(
        city.refused(by, Command::PlanShift(overlapping)),
        [
            Refusal::NotMembers { people: 1 },
            Refusal::MembersTwice { people: 1 },
            Refusal::AtWork { people: 1 },
            Refusal::WorkLong { people: 1, hours: 8 },
            Refusal::SpellLong { hours: 4 },
        ]
    );
    city.does(by, Command::PlanShift(city.shift(3, &[1], 1, (18, 0), (22, 0))));
    let early = city.shift(4, &[1, 2], 2, (6, 0), (8, 0));
    assert_eq!(city.refused(by, Command::PlanShift(early)), [Refusal::RestShort { people: 1, hours: 11 }]);
    let heat = |celsius| Command::Forecast(teams::Heat { host: CITY, day: midnight() + 3 * DAY, celsius });
    city.does(desk(CITY), heat(36));
    let noon = city.shift(5, &[1, 2], 3, (9, 0), (11, 30));
    assert_eq!(
        city.refused(by, Command::PlanShift(noon)),
        [Refusal::SpellLong { hours: 2 }, Refusal::HeatWindow { from: 11, until: 15 }]
    );
    city.does(desk(CITY), heat(40));
    let morning = city.shift(5, &[1, 2], 3, (6, 0), (8, 0));
    assert_eq!(city.refused(by, Command::PlanShift(morning.clone())), [Refusal::HeatStop { celsius: 40 }]);
    city.does(by, Command::PlanShift(Shift { outdoor: false, ..morning }));
    city.does(control(NINGBO), Command::Check { member: id(0x1005), health: Health::Ill });
    let with_ill = city.shift(6, &[4, 5], 2, (6, 0), (8, 0));
    assert_eq!(city.refused(by, Command::PlanShift(with_ill)), [Refusal::Unfit { people: 1 }]);
    assert!(matches!(city.teams.fitness(city.now)[&id(0x1005)], Fitness::ToIsolate { .. }));
    assert!(city.near().contains(&"to_isolate"));
    city.does(control(NINGBO), Command::Isolate { member: id(0x1005) });
    assert!(!city.near().contains(&"to_isolate"));
}

#[test]
fn who_brings_something_does_not_say_that_it_arrived() {
    let mut city = City::lodged(4);
    city.does(leader(NINGBO), Command::PlanShift(city.shift(1, &[1, 2], 1, (6, 0), (10, 0))));
    let water = Command::Receive { team: id(0xf1), shift: Some(id(0x2001)), goods: Goods::Water, count: 4 };
    let stores = By { party: CITY, role: Role::Stores, person: None };
    assert_eq!(city.refused(stores, water.clone()), [Refusal::ReceiverSays]);
    assert_eq!(city.refused(desk(CITY), water.clone()), [Refusal::NotYours]);
    city.does(leader(NINGBO), water);
}

#[test]
fn what_contradicts_itself_is_seen_and_a_person_settles_it() {
    let mut city = City::lodged(4);
    // The other city's server tells of the same team.
    let ask = teams::Ask { id: id(0xa2), host: HUZHOU, asked: vec![], ..city.ask(4) };
    city.does(desk(HUZHOU), Command::Request(ask));
    city.tell(
        desk(NINGBO),
        Event::Offered { offer: Offer { id: id(0xb2), request: id(0xa2), ..City::offer(4) } },
    );
    city.tell(desk(HUZHOU), Event::OfferAccepted { offer: id(0xb2), number: 4 });
    let other = teams::Deployment { id: id(0xe2), offer: id(0xb2), ..City::deployment(4) };
    city.tell(desk(NINGBO), Event::Committed { deployment: other });
    city.later(HOUR);
    let arrived = city.tell(desk(HUZHOU), Event::Stepped { deployment: id(0xe2), step: Step::Arrived });
    let found: Vec<_> = city.teams.conflicts().collect();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].kind, found[0].of, found[0].second.1),
        (ConflictKind::TeamInTwoPlaces, id(0xf1), arrived)
    );
    assert!(city.near().contains(&"conflict"));
    let settle = |first, second| Command::Settle { first, second, keeps: Keeps::First };
    let (first, second) = found[0].pair();
    assert_eq!(city.refused(desk(HUZHOU), settle(second, first)), [Refusal::NotInConflict]);
    city.does(desk(HUZHOU), settle(first, second));
    assert_eq!(city.teams.conflicts().count(), 0);
    assert_eq!(
        city.teams.deployment(id(0xe2)).unwrap().stage(),
        Stage::Committed,
        "they have not arrived there"
    );
    // Two districts of one city are two places, too.
    let ask = teams::Ask { id: id(0xa3), district: "West".to_owned(), ..city.ask(4) };
    city.does(desk(CITY), Command::Request(ask));
    let offer = Offer { id: id(0xb3), request: id(0xa3), ..City::offer(4) };
    city.tell(desk(NINGBO), Event::Offered { offer });
    city.tell(desk(CITY), Event::OfferAccepted { offer: id(0xb3), number: 4 });
    let other = teams::Deployment { id: id(0xe3), offer: id(0xb3), ..City::deployment(4) };
    city.tell(desk(NINGBO), Event::Committed { deployment: other });
    city.tell(desk(CITY), Event::Stepped { deployment: id(0xe3), step: Step::Arrived });
    let found: Vec<_> = city.teams.conflicts().map(|of| (of.kind, of.of)).collect();
    assert_eq!(found, [(ConflictKind::TeamInTwoPlaces, id(0xf1))]);
    // A member in two teams, and two answers to one offer.
    let team =
        teams::Team { id: id(0xf9), donor: NINGBO, skill: "sampling".to_owned(), name: "二队".to_owned() };
    city.tell(desk(NINGBO), Event::Formed { team });
    city.tell(desk(NINGBO), Event::Joined { team: id(0xf9), member: City::member(2) });
    city.tell(desk(HUZHOU), Event::OfferDeclined { offer: id(0xb2) });
    let kinds: Vec<_> = city.teams.conflicts().map(|of| of.kind).collect();
    assert!(
        kinds.contains(&ConflictKind::MemberInTwoTeams) && kinds.contains(&ConflictKind::TwoAnswers),
        "{kinds:?}"
    );
}

#[test]
fn what_tells_of_something_unknown_waits_and_is_seen() {
    let log = City::lodged(3).log;
    let (asked, others): (Vec<Told>, Vec<Told>) =
        log.into_iter().partition(|of| matches!(of.event, Event::Requested { .. }));
    let mut teams = Teams::default();
    others.iter().for_each(|of| teams.apply(of));
    assert!(teams.deployments().next().is_none());
    let now = midnight() + 2 * DAY;
    assert!(teams.near(now).iter().any(|of| of.why == NearWhy::Unplaced));
    asked.iter().for_each(|of| teams.apply(of));
    assert_eq!(teams.unplaced().count(), 0);
    assert_eq!(teams.deployment(id(0xe1)).unwrap().stage(), Stage::Lodged);
}

#[test]
fn a_request_that_is_closed_declines_what_waits() {
    let mut city = City::default();
    let strength = Strength { donor: NINGBO, skill: "sampling".to_owned(), people: 300, reserve: 200 };
    city.does(desk(NINGBO), Command::Declare(strength));
    let ask = city.ask(20);
    city.does(desk(CITY), Command::Request(ask));
    city.does(desk(NINGBO), Command::Offer(City::offer(20)));
    let events = city.does(desk(CITY), Command::CloseRequest { request: id(0xa1), how: Close::Cancelled });
    assert_eq!(events.len(), 2);
    city.later(30 * DAY);
    assert!(city.near().is_empty(), "{:?}", city.near());
    assert_eq!(
        city.refused(
            desk(NINGBO),
            Command::Offer(Offer { id: id(0xb5), until: city.now + DAY, ..City::offer(1) })
        ),
        [Refusal::Over]
    );
}

#[test]
fn a_positive_sample_frees_nobody_by_itself() {
    let mut city = City::lodged(4);
    city.until(2, 9, 0);
    let taken = midnight() + 2 * DAY + 7 * HOUR;
    city.does(control(NINGBO), Command::Test { member: id(0x1001), taken, finding: Finding::Positive });
    let alarms = city.teams.alarms(city.now);
    assert_eq!(alarms.len(), 1);
    let near: Vec<Uuid> = alarms[0].contacts.iter().map(|of| of.member).collect();
    assert_eq!(near, [id(0x1002)], "who shares the room");
    assert!(city.near().contains(&"to_isolate") && city.near().contains(&"exposed_untested"));
    city.does(control(NINGBO), Command::Isolate { member: id(0x1001) });
    city.does(
        control(NINGBO),
        Command::Test { member: id(0x1002), taken: city.now, finding: Finding::Negative },
    );
    assert!(!city.near().contains(&"exposed_untested"));
    assert!(
        matches!(city.teams.fitness(city.now)[&id(0x1002)], Fitness::Exposed { .. }),
        "too early to be clear"
    );
    city.later(DAY);
    assert!(city.near().contains(&"exposed_untested"), "tested again every day");
    city.until(5, 12, 0);
    city.does(
        control(NINGBO),
        Command::Test { member: id(0x1002), taken: city.now, finding: Finding::Negative },
    );
    assert_eq!(city.teams.fitness(city.now).get(&id(0x1002)), None, "three days after the last contact");
    city.until(9, 9, 0);
    assert!(city.near().contains(&"isolation_long"));
    city.does(control(NINGBO), Command::Free { member: id(0x1001) });
    assert_eq!(city.teams.fitness(city.now).get(&id(0x1001)), None);
}

#[test]
fn a_withdrawn_team_leaves_gaps_that_others_fill_without_breaking_rest() {
    let mut city = City::lodged(4);
    // A second team of three, one of whom works until late the evening before.
    let ask = teams::Ask { id: id(0xa2), asked: vec![], ..city.ask(3) };
    city.does(desk(CITY), Command::Request(ask));
    city.does(desk(NINGBO), Command::Offer(Offer { id: id(0xb2), request: id(0xa2), ..City::offer(3) }));
    city.does(desk(CITY), Command::AcceptOffer { offer: id(0xb2), number: 3 });
    let arrives = city.now + HOUR;
    let sent = teams::Deployment {
        id: id(0xe2),
        offer: id(0xb2),
        team: id(0xf2),
        number: 3,
        departs: city.now,
        arrives,
    };
    city.does(desk(NINGBO), Command::Commit(sent));
    let team = teams::Team {
        id: id(0xf2),
        donor: NINGBO,
        skill: "sampling".to_owned(),
        name: "宁波二队".to_owned(),
    };
    city.does(desk(NINGBO), Command::Form(team));
    for nth in 11..14 {
        let member = Member { supervisor: nth == 11, ..City::member(nth) };
        city.does(desk(NINGBO), Command::Join { team: id(0xf2), member });
    }
    city.does(desk(CITY), Command::Step { deployment: id(0xe2), step: Step::Arrived });
    let by = leader(NINGBO);
    city.does(by, Command::PlanShift(Shift { team: id(0xf2), ..city.shift(9, &[11], 1, (20, 0), (23, 0)) }));
    city.does(by, Command::PlanShift(city.shift(1, &[1, 2, 3], 2, (8, 0), (11, 0))));
    city.does(by, Command::PlanShift(city.shift(2, &[1], 2, (14, 0), (17, 0))));
    let before = city.teams.clone();
    let drill = city.teams.drill(id(0xf1), city.now);
    assert_eq!(city.teams, before, "a drill writes nothing");
    let gap = drill.gaps.iter().find(|of| of.is_planned).unwrap();
    assert_eq!((&*gap.day, gap.people, gap.uncovered), ("2022-04-03", 3, 1));
    let who: Vec<Uuid> = gap.fillers.iter().map(|of| of.member).collect();
    assert_eq!(who, [id(0x100c), id(0x100d)], "who worked until 23:00 has not rested by 08:00");
    let unplanned: Vec<_> =
        drill.gaps.iter().filter(|of| !of.is_planned).map(|of| (&*of.day, of.people)).collect();
    assert_eq!(unplanned.first(), Some(&("2022-04-02", 4)));
    assert_eq!(unplanned.last(), Some(&("2022-04-11", 4)), "to the end of the deployment");
    assert_eq!(drill.requests.len(), 1);
    let ask = &drill.requests[0];
    assert_eq!((ask.number, &*ask.district, ask.until), (4, "浦东", Some(midnight() + 11 * DAY)));
    // Asked as it stands, it is granted.
    let ask = teams::Ask { id: id(0xaa), why: "撤队".to_owned(), ..ask.clone() };
    city.does(desk(CITY), Command::Request(ask));
}

#[test]
fn what_is_scheduled_is_granted() {
    for (celsius, outdoor, people) in
        [(None, true, 3), (Some(36), true, 3), (Some(38), true, 4), (Some(41), false, 5)]
    {
        let mut city = City::lodged(12);
        let day = midnight() + 3 * DAY;
        city.does(leader(NINGBO), Command::PlanShift(city.shift(1, &[1, 2, 3], 2, (16, 0), (20, 0))));
        city.does(control(NINGBO), Command::Check { member: id(0x1009), health: Health::Ill });
        if let Some(celsius) = celsius {
            city.does(desk(CITY), Command::Forecast(teams::Heat { host: CITY, day, celsius }));
        }
        let plan =
            city.teams.day_plan(id(0xf1), city.now, (day + 7 * HOUR, day + 18 * HOUR), people, outdoor);
        assert_eq!(plan.members.len(), 11, "who is ill stays in bed");
        let crews = teams::schedule(&plan).unwrap();
        assert_eq!(teams::check(&plan, &crews), []);
        for crew in crews {
            for spell in crew.spells {
                let (members, (from, until)) = (crew.members.clone(), (spell.from, spell.until));
                let shift = Shift {
                    id: city.draw(),
                    members,
                    from,
                    until,
                    outdoor,
                    ..city.shift(1, &[], 3, (0, 0), (1, 0))
                };
                city.does(leader(NINGBO), Command::PlanShift(shift));
            }
        }
    }
}

#[test]
fn who_was_set_apart_before_the_sample_was_near_nobody_since() {
    let mut city = City::lodged(4);
    city.until(2, 8, 0);
    let (ill, other) = (id(0x1001), id(0x1002));
    city.does(control(NINGBO), Command::Check { member: ill, health: Health::Ill });
    let apart = city.now;
    city.does(control(NINGBO), Command::Isolate { member: ill });
    city.until(2, 20, 0);
    let taken = midnight() + 2 * DAY + 9 * HOUR;
    city.does(control(NINGBO), Command::Test { member: ill, taken, finding: Finding::Positive });
    // Told once more, which the desk would refuse as done.
    city.tell(control(NINGBO), Event::Isolated { member: ill });
    for day in 2..5 {
        city.until(day, 21, 0);
        let contacts = &city.teams.alarms(city.now)[0].contacts;
        let last: Vec<_> = contacts.iter().map(|of| (of.member, of.last, of.clear_from)).collect();
        assert_eq!(last, [(other, apart, apart + 3 * DAY)], "day {day}: the room is theirs alone since");
    }
    city.until(5, 8, 0);
    city.does(control(NINGBO), Command::Test { member: other, taken: city.now, finding: Finding::Negative });
    assert_eq!(city.teams.fitness(city.now).get(&other), None, "cleared");
}

#[test]
fn who_was_let_back_between_was_near_others_again() {
    let mut city = City::lodged(4);
    let (ill, other) = (id(0x1001), id(0x1002));
    let contact = |city: &City| {
        let alarms = city.teams.alarms(city.now);
        alarms[0].contacts.iter().map(|of| (of.member, of.last)).collect::<Vec<_>>()
    };
    city.until(1, 8, 0);
    city.does(control(NINGBO), Command::Isolate { member: ill });
    city.until(2, 12, 0);
    city.does(control(NINGBO), Command::Free { member: ill });
    city.until(2, 18, 0);
    let again = city.now;
    city.does(control(NINGBO), Command::Isolate { member: ill });
    city.until(2, 20, 0);
    // Taken while they were apart for the first time.
    let taken = midnight() + 2 * DAY + 9 * HOUR;
    city.does(control(NINGBO), Command::Test { member: ill, taken, finding: Finding::Positive });
    city.later(DAY);
    assert_eq!(contact(&city), [(other, again)]);
    // Apart from before those days on: near nobody.
    let mut city = City::lodged(4);
    city.until(1, 8, 0);
    city.does(control(NINGBO), Command::Isolate { member: ill });
    city.until(4, 20, 0);
    let taken = midnight() + 4 * DAY + 9 * HOUR;
    city.does(control(NINGBO), Command::Test { member: ill, taken, finding: Finding::Positive });
    assert_eq!(contact(&city), []);
}
