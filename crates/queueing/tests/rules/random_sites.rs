//! Random sites with everything at once. Each run also checks itself: the engine stops if someone is lost, or if the
//! queue's area is not the sum of the waits (Little's law).

use crate::day::{Day, live_on};
use chance::{Law, Sampler};
use proptest::prelude::*;
use queueing::{Changeover, Class, Engine, LaneChoice, Model, Route, Servers, Station, Visit, Walk};
use std::sync::Arc;

fn law() -> impl Strategy<Value = Arc<Sampler>> {
    let law = prop_oneof![
        2 => (0u32..4).prop_map(|tens| Law::constant(f64::from(tens) * 10.0)),
        1 => (1.0..50.0).prop_map(Law::exponential),
    ];
    law.prop_map(|law| Arc::new(Sampler::compile(&law)))
}

fn servers() -> impl Strategy<Value = Servers> {
    let changes = prop::collection::btree_map((-5i64..40).prop_map(|tens| tens * 100_000), 0u32..4, 0..4);
    prop_oneof![
        3 => (1u32..4).prop_map(|servers| Servers::Calendar(vec![(0, servers)])),
        1 => Just(Servers::Unlimited),
        2 => changes.prop_map(|changes| Servers::Calendar(changes.into_iter().collect())),
    ]
}

prop_compose! {
    fn station()(
        service in law(),
        servers in servers(),
        changeover in prop::option::weighted(0.3, (1u32..4, 0i64..300_000)),
        (party, plus_each, shared, scrum) in (any::<bool>(), 0i64..50_000, any::<bool>(), any::<bool>()),
        walk in prop_oneof![2 => Just(Walk::Constant(0)), 1 => Just(Walk::Constant(100_000)), 1 => law().prop_map(Walk::Random)],
        observe in prop_oneof![3 => Just(0i64), 1 => 1i64..200_000],
        room in prop::option::of(0u32..4),
        back in (0u64..1 << 31, prop::option::of(0usize..4)),
    ) -> Station {
        let routes = vec![vec![Route { below: back.0, to: back.1 }]];
        let changeover = changeover.map(|(every, away)| Changeover { every, away });
        Station { shared, servers, service, changeover, routes, party, plus_each, room, walk, observe, scrum }
    }
}

prop_compose! {
    fn model()(
        lanes in 1u16..4,
        shortest in any::<bool>(),
        mut stations in prop::collection::vec(station(), 1..4),
        (skips, priority) in (0u64..8, 0u8..3),
        closes in prop::option::weighted(0.3, (0i64..40).prop_map(|tens| tens * 100_000)),
        patience in prop::option::weighted(0.4, law()),
        room in prop::option::of(0u32..10),
    ) -> Model {
        let count = stations.len();
        for (number, station) in stations.iter_mut().enumerate() {
            let mut ways = station.routes[0].clone();
            ways[0].to = ways[0].to.filter(|&to| to < count);
            ways.push(Route { below: 1 << 32, to: (number + 1 < count).then_some(number + 1) });
            station.routes = vec![ways; 2];
        }
        Model {
            lanes, stations, closes, patience, room,
            lane_choice: if shortest { LaneChoice::Shortest } else { LaneChoice::Assigned },
            classes: vec![Class::COMMON, Class { skips, priority, ..Class::COMMON }],
            warmup: 0,
        }
    }
}

fn visits() -> impl Strategy<Value = Vec<Visit>> {
    let arrival = (-5i64..40, 0u16..4, 0u8..2, 1u8..4);
    prop::collection::vec(arrival, 0..50).prop_map(|mut parties| {
        parties.sort_by_key(|party| party.0);
        let mut visits = Vec::new();
        for (tens, lane, class, size) in parties {
            for member in 0..size {
                let party = if member == 0 { size } else { 0 };
                visits.push(Visit { at: tens * 100_000, key: visits.len() as u32, lane, class, party });
            }
        }
        visits
    })
}

fn check(day: &Day, people: usize) {
    let mut out: Vec<usize> =
        [&day.departed, &day.gave_up, &day.turned_away].into_iter().flatten().map(|out| out.1).collect();
    out.sort_unstable();
    assert_eq!(out, (0..people).collect::<Vec<_>>(), "everyone goes home once");
    assert_eq!(day.started.len(), day.ended.len(), "every service ends");
    // The event engine tells things in the order of time, so starts and ends of a person alternate.
    for who in 0..people {
        let starts = day.started.iter().filter(|start| start.1 == who);
        let ends = day.ended.iter().filter(|end| end.1 == who);
        let mut last: Option<i64> = None;
        for (start, end) in starts.zip(ends) {
            assert!(
                start.2 == end.2 && start.0 <= end.0 && last.is_none_or(|last| last <= start.0),
                "one after the other"
            );
            last = Some(end.0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn nobody_is_lost_and_every_service_ends(model in model(), mut visits in visits()) {
        for visit in &mut visits {
            visit.lane %= model.lanes;
        }
        let (day, summary) = live_on(Engine::Event, &model, &visits);
        check(&day, visits.len());
        prop_assert_eq!(summary.people, summary.served + summary.left + summary.unserved);
    }
}
