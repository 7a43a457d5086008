//! Where both engines apply they agree bit for bit, on random models with every feature that the FIFO engine has.

use chance::{Cause, Chance, Law, Sampler, Ticks};
use proptest::prelude::*;
use queueing::{
    Changeover, Class, Coming, Days, Detail, Engine, LaneChoice, Model, NoProbe, People, Progress, Route,
    Servers, Station, Tally, Visit, Walk, simulate,
};
use std::sync::Arc;

/// Without the one service in some ten thousand that takes no time: of the order within a tick nothing is promised then (see
/// `Model::engine`). A class may be twice as fast.
fn seldom_short(law: Law) -> Law {
    law.with_floor(0.001)
}

fn service() -> impl Strategy<Value = Law> {
    prop_oneof![
        1 => Just(Law::constant(0.0)),
        4 => (1u32..4).prop_map(|seconds| Law::constant(f64::from(seconds) * 10.0)),
        4 => (1.0..60.0).prop_map(|mean| seldom_short(Law::exponential(mean))),
        4 => (1.0..60.0, 0.1..2.0).prop_map(|(mean, cv)| seldom_short(Law::lognormal_mean_cv(mean, cv))),
        1 => Just(Law::mixture(vec![(0.7, Law::constant(10.0)), (0.3, Law::constant(0.0))])),
    ]
}

fn servers() -> impl Strategy<Value = Servers> {
    let time = (-5i64..40).prop_map(|tens| tens * 100_000);
    prop_oneof![
        4 => (1u32..4).prop_map(|servers| Servers::Calendar(vec![(0, servers)])),
        1 => Just(Servers::Unlimited),
        2 => prop::collection::btree_map(time, 0u32..4, 1..5).prop_map(|calendar| Servers::Calendar(calendar.into_iter().collect())),
    ]
}

prop_compose! {
    fn station()(
        service in service(),
        servers in servers(),
        changeover in prop::option::weighted(0.3, (1u32..4, prop_oneof![Just(0i64), Just(100_000), 1i64..300_000])),
        (party, plus_each) in (any::<bool>(), 0i64..50_000),
        walk in prop_oneof![3 => Just(0i64), 1 => Just(100_000i64)],
        observe in prop_oneof![3 => Just(0i64), 1 => 1i64..200_000],
        shared in prop::bool::weighted(0.3),
    ) -> Station {
        Station {
            shared, servers, service: Arc::new(Sampler::compile(&service)),
            changeover: changeover.map(|(every, away)| Changeover { every, away }),
            routes: Vec::new(), party, plus_each, room: None, walk: Walk::Constant(walk), observe, scrum: false,
        }
    }
}

prop_compose! {
    fn model()(
        lanes in 1u16..4,
        stations in prop::collection::vec(station(), 1..4),
        skips in 0u64..8,
        enters in 0u8..3,
        factor in prop_oneof![Just(1u32 << 16), Just(1 << 15), Just(100_000)],
        closes in prop::option::weighted(0.4, (0i64..40).prop_map(|tens| tens * 100_000)),
        patience in prop::option::weighted(0.4, prop_oneof![Just(Law::constant(20.0)), Just(Law::exponential(40.0)), Just(Law::constant(0.0))]),
        room in prop::option::of(0u32..10),
        warmup in 0u32..5,
        parties in any::<bool>(),
    ) -> Model {
        let mut model = Model {
            lanes, lane_choice: LaneChoice::Assigned, stations,
            classes: vec![Class::COMMON, Class { skips, enters, factor, watched: true, ..Class::COMMON }],
            closes, patience: patience.map(|law| Arc::new(Sampler::compile(&law))), room, warmup,
        };
        let count = model.stations.len();
        let mut together = parties;
        for (number, station) in model.stations.iter_mut().enumerate() {
            // A party that parted is not gathered again.
            together &= station.party;
            station.party = together;
            let next = (number + 1 < count).then_some(number + 1);
            station.routes = vec![vec![Route { below: 1 << 32, to: next }]; 2];
        }
        model
    }
}

fn visits() -> impl Strategy<Value = Vec<Visit>> {
    // Few distinct times, so that ties are common.
    let arrival = (-50i64..400, prop::bool::weighted(0.6), 0u16..4, 0u8..2, 1u8..4);
    prop::collection::vec(arrival, 0..80).prop_map(|arrivals| {
        let mut parties: Vec<(Ticks, u16, u8, u8)> = arrivals
            .into_iter()
            .map(|(at, round, lane, class, size)| {
                (if round { at / 10 * 100_000 } else { at * 10_007 }, lane, class, size)
            })
            .collect();
        parties.sort_by_key(|party| party.0);
        let mut visits = Vec::new();
        for (at, lane, class, size) in parties {
            for member in 0..size {
                let party = if member == 0 { size } else { 0 };
                visits.push(Visit { at, key: visits.len() as u32, lane, class, party });
            }
        }
        visits
    })
}

fn outcome(model: &Model, engine: Engine, visits: &[Visit], seed: u64) -> queueing::Summary {
    let mut tally = Tally::new(model);
    for number in 0..2 {
        let mut people = People::new(visits.to_vec());
        for visit in &mut people.visits {
            visit.lane %= model.lanes;
        }
        simulate(model, engine, &mut people, &Chance::new(seed, 0, number), number, &mut tally, &mut NoProbe);
    }
    tally.summary(model)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn both_engines_give_the_same_bits(model in model(), visits in visits(), seed in any::<u64>()) {
        prop_assume!(model.engine() == Engine::Fifo);
        prop_assert_eq!(outcome(&model, Engine::Fifo, &visits, seed), outcome(&model, Engine::Event, &visits, seed));
    }
}

/// The same as the event engine makes of it, by whatever way a run of days takes.
fn outcome_of_days(model: &Model, visits: &[Visit], seed: u64) -> queueing::Summary {
    let arrive = |_, _: &Chance, coming: &mut Vec<Visit>| {
        coming.extend(visits.iter().map(|visit| Visit { lane: visit.lane % model.lanes, ..*visit }));
    };
    let days = Days {
        model,
        engine: Engine::Event,
        count: 2,
        chance: &|number| Chance::new(seed, 0, number),
        coming: Coming::Anyone(&arrive),
        came: None,
        left: None,
        detail: Detail::Everything,
    };
    days.run(1, &Progress::default()).summary(model)
}

prop_compose! {
    /// Stations that stand apart, at which not always the first is next.
    fn picked_model()(
        model in model(),
        priorities in prop::collection::vec(0u8..3, 2),
        scrum in prop::collection::vec(prop::bool::weighted(0.3), 4),
        walks in prop::collection::vec(prop::bool::weighted(0.2), 4),
        law in service(),
    ) -> Model {
        let mut model = model;
        for (class, priority) in model.classes.iter_mut().zip(priorities) {
            class.priority = priority;
        }
        for ((station, scrum), random) in model.stations.iter_mut().zip(scrum).zip(walks) {
            station.scrum = scrum;
            if random {
                station.walk = Walk::Random(Arc::new(Sampler::compile(&law)));
            }
        }
        model
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn stations_one_after_the_other_give_the_bits_of_all_at_once(
        model in picked_model(),
        visits in visits(),
        seed in any::<u64>(),
    ) {
        prop_assert!(model.stations_apart());
        prop_assert_eq!(outcome_of_days(&model, &visits, seed), outcome(&model, Engine::Event, &visits, seed));
    }
}

#[test]
fn the_engines_agree_on_a_long_busy_day() {
    let law = |mean| Arc::new(Sampler::compile(&Law::exponential(mean)));
    let mut model = Model {
        lanes: 3,
        lane_choice: LaneChoice::Assigned,
        stations: vec![Station::plain(2, law(55.0), Some(1)), Station::plain(4, law(110.0), None)],
        classes: vec![Class::COMMON],
        closes: Some(400 * 600_000),
        patience: Some(law(900.0)),
        room: Some(30),
        warmup: 100,
    };
    model.stations[1].changeover = Some(Changeover { every: 10, away: 150_000 });
    let gaps = Sampler::compile(&Law::exponential(9.0));
    let mut at = 0;
    let chance = Chance::new(7, 0, 0);
    let visits: Vec<Visit> = (0..30_000u32)
        .map(|key| {
            at += gaps.draw(chance.word(Cause::Gap, key, 0));
            Visit { at, key, lane: (key % 3) as u16, class: 0, party: 1 }
        })
        .collect();
    assert_eq!(outcome(&model, Engine::Fifo, &visits, 3), outcome(&model, Engine::Event, &visits, 3));
}
