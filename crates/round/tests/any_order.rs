//! Random days: whatever is asked, what is granted holds the invariants; and whatever is told in whatever order, folding
//! it never fails and loses nobody.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/scenarios.rs"]
mod scenarios;

use domain::{
    Command, Event, Moment,
    command::{Table, Thing},
    event::Guest,
};
use proptest::prelude::*;
use round::{Calls, Conflict, Counts, Live, Round, Rules, Seal};
use std::{collections::BTreeMap, sync::LazyLock};
use uuid::Uuid;

/// A small site with all its rules: observation, a shared desk that serves households, green people, a closing time.
static SITE: LazyLock<(Rules, Calls)> = LazyLock::new(|| {
    let more = scenarios::TWO_LANES
        .replace("name = \"registration\"", "name = \"registration\"\nshared = true\nunit = \"household\"")
        .replace("[waves]", "[[site.station]]\nname = \"rest\"\nservers = 1\nobserve_min = 3\nservice = { law = \"constant\", mean_s = 9 }\n[waves]")
        .replace("pool = 3", "pool = 2");
    let scenario = scenarios::scenario(&more);
    let mut rules = scenarios::rules(&scenario, None).0;
    rules.gives = Some(("tube".to_owned(), vec![1]));
    let calls = Calls::new(&scenario, Some(&plan::waves(&scenario, 0.9)));
    (rules, calls)
});

/// Few people, stations and tubes, so that they meet; and some that the site does not know.
fn uuid(of: u128, many: u128) -> impl Strategy<Value = Uuid> {
    (0..many).prop_map(move |number| Uuid::from_u128(of << 8 | number))
}

fn visit() -> impl Strategy<Value = Uuid> {
    uuid(1, 6)
}

fn tube() -> impl Strategy<Value = Uuid> {
    uuid(3, 3)
}

fn desk() -> impl Strategy<Value = (String, u16, u32)> {
    let at = |station: &'static str, lanes: std::ops::RangeInclusive<u16>| {
        (lanes, 0..3u32).prop_map(move |(lane, server)| (station.to_owned(), lane, server))
    };
    prop_oneof![
        8 => at("registration", 0..=0),
        8 => at("sampling", 1..=2),
        4 => at("rest", 1..=2),
        1 => at("registration", 1..=1),
        1 => at("sampling", 0..=3),
        1 => at("booth", 0..=1),
    ]
}

fn arrival() -> impl Strategy<Value = (Uuid, Option<Uuid>, String, Option<u16>)> {
    let class = prop_oneof![Just("general".to_owned()), Just("green".to_owned()), Just("frail".to_owned())];
    (visit(), proptest::option::of(uuid(2, 3)), class, proptest::option::of(1..4u16))
}

fn kind() -> impl Strategy<Value = String> {
    prop_oneof![9 => Just("tube".to_owned()), 1 => Just("dose".to_owned())]
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        1 => Just(Command::OpenRound),
        1 => (uuid(2, 3), 1..4u32).prop_map(|(household, wave)| Command::CallHousehold { household, wave }),
        4 => arrival().prop_map(|(visit, household, class, lane)| Command::Arrive { visit, household, class, lane }),
        1 => arrival().prop_map(|(visit, household, class, lane)| Command::ArriveLate { visit, household, class, lane }),
        6 => (visit(), desk()).prop_map(|(visit, (station, lane, _))| Command::JoinQueue { visit, station, lane }),
        6 => (visit(), desk()).prop_map(|(visit, (station, lane, server))| Command::StartService { visit, station, lane, server }),
        6 => (visit(), desk()).prop_map(|(visit, (station, lane, server))| Command::FinishService { visit, station, lane, server }),
        6 => (visit(), kind(), tube()).prop_map(|(visit, kind, item)| Command::GiveItem { visit, kind, item, lot: None }),
        2 => tube().prop_map(|item| Command::SealTube { item }),
        1 => visit().prop_map(|visit| Command::EndObservation { visit }),
        1 => (visit(), desk()).prop_map(|(visit, (station, ..))| Command::Defer { visit, station }),
        1 => (visit(), desk()).prop_map(|(visit, (station, ..))| Command::TurnAway { visit, station }),
        1 => visit().prop_map(|visit| Command::LetGo { visit }),
        2 => visit().prop_map(|visit| Command::Leave { visit }),
        1 => Just(Command::CloseRound),
        6 => (arrival(), desk()).prop_map(|((visit, household, class, _), (station, lane, server))| {
            Command::CheckIn { visit, household, class, guest: None, table: Table { station, lane, server } }
        }),
        6 => (visit(), desk(), proptest::option::of((kind(), tube()))).prop_map(|(visit, (station, lane, server), item)| {
            let item = item.map(|(kind, item)| Thing { kind, item, lot: None });
            Command::Serve { visit, table: Table { station, lane, server }, item }
        }),
        1 => (desk(), 0..99u32).prop_map(|((station, lane, _), people)| Command::CountQueue { station, lane, people }),
        1 => (uuid(2, 3), proptest::option::of(visit()), 0..20u32).prop_map(|(household, visit, code)| {
            Command::BookElsewhere { household, visit, reference: format!("X{code}-{code}") }
        }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        1 => Just(Event::RoundOpened),
        1 => (uuid(2, 3), 1..4u32).prop_map(|(household, wave)| Event::HouseholdCalled { household, wave }),
        4 => arrival().prop_map(|(visit, household, class, lane)| Event::Arrived { visit, household, class, lane }),
        6 => (visit(), desk()).prop_map(|(visit, (station, lane, _))| Event::Queued { visit, station, lane }),
        6 => (visit(), desk()).prop_map(|(visit, (station, lane, server))| Event::ServiceStarted { visit, station, lane, server }),
        6 => (visit(), desk()).prop_map(|(visit, (station, lane, server))| Event::Served { visit, station, lane, server }),
        4 => (visit(), kind(), tube()).prop_map(|(visit, kind, item)| Event::ItemGiven { visit, kind, item, lot: None }),
        2 => (tube(), any::<u8>()).prop_map(|(item, people)| Event::TubeSealed { item, people: people % 4 }),
        1 => visit().prop_map(|visit| Event::ObservationEnded { visit }),
        1 => (visit(), desk()).prop_map(|(visit, (station, ..))| Event::Deferred { visit, station }),
        1 => (visit(), desk()).prop_map(|(visit, (station, ..))| Event::TurnedAway { visit, station }),
        2 => visit().prop_map(|visit| Event::Left { visit }),
        1 => Just(Event::RoundClosed),
        1 => (1..4u32, proptest::option::of(desk())).prop_map(|(card, of)| Event::CardTapped {
            card,
            table: of.map(|(station, lane, server)| Table { station, lane, server }),
        }),
        1 => (uuid(4, 2), proptest::option::of(visit()), any::<bool>()).prop_map(|(code, visit, instead)| Event::CodeLinked {
            code,
            visit,
            household: Some(Uuid::from_u128(2)),
            instead,
        }),
        1 => (desk(), 0..99u32).prop_map(|((station, lane, _), people)| Event::QueueCounted { station, lane, people }),
        1 => (uuid(2, 3), proptest::option::of(visit())).prop_map(|(household, visit)| Event::BookedElsewhere {
            household,
            visit,
            reference: "AB-4711".to_owned(),
        }),
        1 => visit().prop_map(|visit| Event::Unlisted { visit, kind: Guest::Visitor }),
    ]
}

/// Everyone who was seen is in exactly one place, and that place knows it.
fn nobody_is_lost(round: &Round) {
    let counts = round.counts();
    let Counts { arrived, walking, waiting, serving, observed, served, left, unserved, green } = counts;
    assert_eq!(arrived, walking + waiting + serving + observed + served + left + unserved);
    assert_eq!(arrived as usize, round.visits().len());
    let here = round.visits().values().filter(|of| of.green && !of.stands.gone()).count();
    assert_eq!(green as usize, here);
    let mut in_queues: Vec<Uuid> =
        round.counters().values().flat_map(|counter| counter.queue().map(|waiting| waiting.visit)).collect();
    let mut at_tables: Vec<Uuid> = round
        .counters()
        .values()
        .flat_map(|counter| counter.busy().flat_map(|(_, people)| people.to_vec()))
        .collect();
    let stands = |which: fn(&round::Stands) -> bool| -> Vec<Uuid> {
        round.visits().iter().filter(|(_, of)| which(&of.stands)).map(|(&visit, _)| visit).collect()
    };
    in_queues.sort_unstable();
    at_tables.sort_unstable();
    assert_eq!(in_queues, stands(|stands| matches!(stands, round::Stands::Waiting { .. })));
    assert_eq!(at_tables, stands(|stands| matches!(stands, round::Stands::Serving { .. })));
    assert_eq!((in_queues.len(), at_tables.len()), (waiting as usize, serving as usize));
}

fn moment(second: i64) -> Moment {
    scenarios::opening() + second * 10_000
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_granted_holds_the_invariants(
        begin in prop_oneof![Just(-60i64), Just(0), Just(7_100)],
        asked in prop::collection::vec((0..40i64, command()), 1..300),
    ) {
        let rules = &SITE.0;
        let mut round = Round::new(rules.clone());
        let mut second = begin;
        let mut sealed: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        for (pause, command) in asked {
            second += pause;
            let at = moment(second);
            let Ok(events) = round.decide(at, &command) else { continue };
            // A booking that is known already is granted, and is nothing new.
            if events.is_empty() && matches!(command, Command::BookElsewhere { .. }) {
                continue;
            }
            prop_assert!(!events.is_empty());
            let before = round.clone();
            for event in &events {
                round.apply(at, event);
            }
            prop_assert_ne!(&before, &round, "{:?} changes nothing", events);
            // A table may serve somebody whose arrival it has not heard of.
            let mut told = round.conflicts().iter();
            prop_assert!(told.all(|of| matches!(of, Conflict::NeverArrived { .. })), "{:?}: {:?}", events, round.conflicts());
            nobody_is_lost(&round);
            // Every specimen is in one tube, no tube overflows, and a sealed one stays as it is.
            let mut specimens: Vec<Uuid> = round.tubes().values().flat_map(|tube| tube.people.clone()).collect();
            let all = specimens.len();
            specimens.sort_unstable();
            specimens.dedup();
            prop_assert_eq!(all, specimens.len());
            for (&id, tube) in round.tubes() {
                prop_assert!(tube.people.len() <= usize::from(rules.pool));
                if let Seal::Sealed { people, .. } = tube.seal {
                    prop_assert_eq!(tube.people.len(), usize::from(people));
                    prop_assert_eq!(&tube.people, sealed.entry(id).or_insert_with(|| tube.people.clone()));
                }
            }
            // A table serves one person, or one household where they are served together.
            for (desk, counter) in round.counters() {
                for (server, people) in counter.busy().filter(|(server, _)| *server > 0) {
                    let homes = people.iter().map(|&visit| round.visit(visit).unwrap().household);
                    let same = homes.clone().all(|home| home.is_some() && Some(home) == homes.clone().next());
                    let began = people.iter().map(|&visit| round.visit(visit).unwrap().stands.since());
                    let at_once = began.clone().all(|since| Some(since) == began.clone().next());
                    prop_assert!(people.len() == 1 || desk.station == 0 && (same || at_once || people.len() > 2), "table {server}");
                }
            }
        }
    }

    #[test]
    fn folding_never_fails_and_loses_nobody(
        told in prop::collection::vec((-4000..9000i64, event()), 1..200),
        looks in prop::collection::vec(-4000..9000i64, 0..4),
    ) {
        let mut round = Round::new(SITE.0.clone());
        for (second, event) in &told {
            round.apply(moment(*second), event);
            nobody_is_lost(&round);
        }
        // A board can be shown at any time, also of the past.
        for second in looks {
            let board = round::Board::now(&round, &SITE.1, moment(second));
            let shown: usize = board.desks.iter().map(|desk| desk.queue).sum();
            let unknown: usize = round.counters().iter()
                .filter(|(desk, _)| desk.station >= SITE.0.stations.len())
                .map(|(_, counter)| counter.waiting()).sum();
            prop_assert_eq!(shown + unknown, round.counts().waiting as usize);
            prop_assert!(round.forecast(&SITE.1, moment(second), 60).iter().all(|(_, queue)| queue.is_finite() && *queue >= 0.0));
        }
    }

    #[test]
    fn the_order_of_looks_does_not_change_what_is_found(
        told in prop::collection::vec((0..60i64, event()), 1..120),
        looks in prop::collection::vec(0..3000i64, 0..10),
    ) {
        let (rules, calls) = SITE.clone();
        let mut once = Live::new(rules.clone(), calls.clone());
        let mut often = Live::new(rules, calls);
        let mut second = 0;
        for (number, (pause, event)) in told.into_iter().enumerate() {
            for look in looks.iter().filter(|look| (second..second + pause).contains(look)) {
                often.advance(moment(*look));
            }
            second += pause;
            let envelope = domain::Envelope {
                id: Uuid::from_u128(number as u128),
                community_id: Uuid::nil(),
                device: Uuid::nil(),
                seq: number as u64,
                at: moment(second).rfc3339(),
                origin: domain::Origin::Real,
                event,
            };
            once.admit(&envelope);
            often.admit(&envelope);
        }
        prop_assert_eq!(once.findings(), often.findings());
        let live = once.findings().iter().filter(|finding| finding.until.is_none());
        let codes: Vec<_> = live.map(|finding| (finding.said.code, &finding.said.args)).collect();
        let mut unique = codes.clone();
        unique.dedup();
        prop_assert_eq!(codes, unique);
    }
}

#[test]
fn the_site_of_these_tests_has_what_they_ask_for() {
    let rules = &SITE.0;
    assert_eq!(
        rules.stations.iter().map(|station| station.name.as_str()).collect::<Vec<_>>(),
        ["registration", "sampling", "rest"]
    );
    assert!(rules.stations[0].shared && rules.stations[0].together && rules.stations[2].observe > 0);
    assert!(!SITE.1.waves.is_empty());
}
