//! Replications side by side give the bits that they give one by one, on random models and random days.

use chance::{Chance, Law, Sampler, Ticks};
use proptest::prelude::*;
use queueing::{
    Changeover, Class, Detail, Engine, LaneChoice, Model, NoProbe, Route, Servers, Station, Summary, Tally,
    Visit, Walk,
    abreast::{self, Column},
    poisson::Poisson,
    simulate,
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
        // More than one in a thousand of no length: such a model must not suit.
        1 => Just(Law::mixture(vec![(0.998, Law::constant(10.0)), (0.002, Law::constant(0.0))])),
        2 => (1u32..4).prop_map(|seconds| Law::constant(f64::from(seconds) * 10.0)),
        4 => (1.0..60.0).prop_map(|mean| seldom_short(Law::exponential(mean))),
        4 => (1.0..60.0, 0.1..2.0).prop_map(|(mean, cv)| seldom_short(Law::lognormal_mean_cv(mean, cv))),
        1 => Just(Law::mixture(vec![(0.7, Law::constant(10.0)), (0.3, Law::constant(30.0))])),
    ]
}

prop_compose! {
    fn station()(
        service in service(),
        servers in prop_oneof![
            8 => (1u32..=8, prop_oneof![Just(0i64), -300_000i64..600_000]).prop_map(|(servers, from)| Servers::Calendar(vec![(from, servers)])),
            1 => Just(Servers::Unlimited),
            4 => prop::collection::btree_map((-5i64..40).prop_map(|tens| tens * 100_000), 0u32..5, 1..5)
                .prop_map(|calendar| Servers::Calendar(calendar.into_iter().collect())),
        ],
        changeover in prop::option::weighted(0.3, (1u32..4, prop_oneof![Just(0i64), Just(100_000), 1i64..300_000])),
        walk in prop_oneof![3 => Just(0i64), 1 => Just(100_000i64)],
        observe in prop_oneof![3 => Just(0i64), 1 => 1i64..200_000],
    ) -> Station {
        Station {
            shared: false, servers, service: Arc::new(Sampler::compile(&service)),
            changeover: changeover.map(|(every, away)| Changeover { every, away }),
            routes: Vec::new(), party: false, plus_each: 0, room: None, walk: Walk::Constant(walk), observe, scrum: false,
        }
    }
}

/// Everyone alike, or classes of people, some of whom are served before others, or slowly.
fn classes() -> impl Strategy<Value = Vec<Class>> {
    let factor = prop_oneof![3 => Just(1u32 << 16), 1 => Just(100_000), 1 => Just(1 << 15)];
    let class = (0u8..2, factor, any::<bool>()).prop_map(|(priority, factor, watched)| Class {
        priority,
        factor,
        watched,
        ..Class::COMMON
    });
    prop_oneof![2 => Just(vec![Class::COMMON]), 3 => prop::collection::vec(class, 1..4)]
}

prop_compose! {
    fn model()(
        lanes in 1u16..4,
        classes in classes(),
        stations in prop::collection::vec(station(), 1..=4),
        closes in prop::option::weighted(0.4, (0i64..40).prop_map(|tens| tens * 100_000)),
        patience in prop::option::weighted(0.4, prop_oneof![Just(Law::constant(20.0)), Just(Law::exponential(40.0)), Just(Law::constant(0.0))]),
        room in prop::option::of(0u32..10),
        warmup in prop_oneof![Just(0u32), 0u32..30],
    ) -> Model {
        let mut model = Model {
            lanes, lane_choice: LaneChoice::Assigned, stations, classes,
            closes, patience: patience.map(|law| Arc::new(Sampler::compile(&law))), room, warmup,
        };
        let count = model.stations.len();
        for (number, station) in model.stations.iter_mut().enumerate() {
            let next = (number + 1 < count).then_some(number + 1);
            station.routes = vec![vec![Route { below: 1 << 32, to: next }]; model.classes.len()];
        }
        model
    }
}

/// When somebody comes, to which lane, of which class.
type Arrival = (Ticks, u16, u8);

/// One day's arrivals, often at the same time.
fn visits() -> impl Strategy<Value = Vec<Arrival>> {
    let arrival = (-50i64..400, prop::bool::weighted(0.6), 0u16..4, 0u8..3);
    prop::collection::vec(arrival, 0..220).prop_map(|arrivals| {
        let mut visits: Vec<_> = arrivals
            .into_iter()
            .map(|(at, round, lane, class)| {
                (if round { at / 10 * 100_000 } else { at * 10_007 }, lane, class)
            })
            .collect();
        visits.sort_by_key(|visit| visit.0);
        visits
    })
}

fn columns(model: &Model, days: &[Vec<Arrival>], seed: u64) -> Vec<Column> {
    let column = |(number, day): (usize, &Vec<Arrival>)| {
        let mut column = Column::default();
        column.begin(Chance::new(seed, 7, number as u32), number as u32);
        let visit = |(key, &(at, lane, class)): (usize, &Arrival)| Visit {
            at,
            key: key as u32,
            lane: lane % model.lanes,
            class: class % model.classes.len() as u8,
            party: 1,
        };
        column.people.visits.extend(day.iter().enumerate().map(visit));
        column
    };
    days.iter().enumerate().map(column).collect()
}

fn one_by_one(model: &Model, columns: &mut [Column]) -> Summary {
    let mut tally = Tally::new(model);
    for Column { people, chance, number, .. } in columns {
        simulate(model, model.engine(), people, chance, *number, &mut tally, &mut NoProbe);
    }
    tally.summary(model)
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(3000) })]
    #[test]
    fn side_by_side_gives_the_bits_of_one_by_one(
        model in model(),
        days in prop::collection::vec(visits(), 1..20),
        seed in any::<u64>(),
        width in prop_oneof![4 => Just(0usize), 1 => Just(4), 1 => Just(16)],
    ) {
        prop_assume!(abreast::suits(&model));
        let mut columns = columns(&model, &days, seed);
        let mut tally = Tally::new(&model);
        let mut workspace = abreast::Workspace::default();
        for batch in columns.chunks_mut(if width == 0 { abreast::width() } else { width }) {
            // A few days are too strange for it: then nothing has been counted.
            let done = match width {
                0 => abreast::run(&model, batch, &mut tally, &mut workspace),
                lanes => abreast::run_portably(lanes, &model, batch, &mut tally, &mut workspace),
            };
            if !done {
                for Column { people, chance, number, .. } in batch {
                    simulate(&model, model.engine(), people, chance, *number, &mut tally, &mut NoProbe);
                }
            }
        }
        prop_assert_eq!(tally.summary(&model), one_by_one(&model, &mut columns));
    }

    #[test]
    fn waits_alone_are_the_same_waits(
        model in model(),
        days in prop::collection::vec(visits(), 3..10),
        seed in any::<u64>(),
    ) {
        prop_assume!(abreast::suits(&model));
        let columns = columns(&model, &days, seed);
        let mut workspace = abreast::Workspace::default();
        let (mut everything, mut waits) = (Tally::new(&model), Tally::of(&model, Detail::Waits));
        for batch in columns.chunks(abreast::width()) {
            let done = abreast::run(&model, batch, &mut everything, &mut workspace);
            prop_assert_eq!(abreast::run(&model, batch, &mut waits, &mut workspace), done);
        }
        let (everything, waits) = (everything.summary(&model), waits.summary(&model));
        let counted = |summary: &Summary| (summary.people, summary.served, summary.left, summary.unserved);
        prop_assert_eq!(counted(&everything), counted(&waits));
        for (everything, waits) in everything.stations.iter().zip(&waits.stations) {
            let (everything, waits) = (&everything.wait, &waits.wait);
            prop_assert_eq!(everything.mean_ci95, waits.mean_ci95);
            let (everything, waits) = (&everything.distribution, &waits.distribution);
            prop_assert_eq!(
                (everything.people, everything.mean, everything.max, &everything.means),
                (waits.people, waits.mean, waits.max, &waits.means)
            );
        }
    }
}

/// A long day on which some are served before others, with all that a station can have.
#[test]
fn a_busy_day_with_a_green_channel_runs_side_by_side() {
    let law = |mean| Arc::new(Sampler::compile(&Law::lognormal_mean_cv(mean, 0.5)));
    let mut stations = vec![Station::plain(2, law(20.0), Some(1)), Station::plain(2, law(14.0), None)];
    stations[0].servers = Servers::Calendar(vec![(0, 2), (72_000_000, 3), (144_000_000, 2)]);
    stations[1].changeover = Some(Changeover { every: 10, away: 150_000 });
    stations.iter_mut().for_each(|station| station.routes.push(station.routes[0].clone()));
    let green = Class { priority: 0, factor: 80_000, watched: true, ..Class::COMMON };
    let model = Model {
        lanes: 2,
        lane_choice: LaneChoice::Assigned,
        stations,
        classes: vec![Class::COMMON, green],
        closes: Some(250_000_000),
        patience: Some(law(400.0)),
        room: Some(40),
        warmup: 0,
    };
    assert_eq!(model.engine(), Engine::Event);
    let poisson = Poisson::constant(640.0, 5_000, Ticks::MAX).marked(0.15, 1);
    for by_itself in [true, false] {
        let mut columns: Vec<Column> = (0..abreast::width() as u32)
            .map(|number| {
                let mut column = Column::default();
                column.begin(Chance::new(3, 7, number), number);
                column.poisson = by_itself.then(|| poisson.clone());
                if !by_itself {
                    poisson.arrive(&column.chance, 2, &mut column.people.visits);
                }
                column
            })
            .collect();
        let mut tally = Tally::new(&model);
        assert!(abreast::run(&model, &columns, &mut tally, &mut abreast::Workspace::default()));
        for column in columns.iter_mut().filter(|_| by_itself) {
            poisson.arrive(&column.chance, 2, &mut column.people.visits);
        }
        let summary = tally.summary(&model);
        let (green, everyone) = (summary.classes[1].0, summary.people);
        assert!((0.13..0.17).contains(&(green / everyone)), "{green} of {everyone}");
        let rare = (summary.left, summary.unserved, summary.beyond_room);
        assert!(rare.0 > 1.0 && rare.1 > 1.0 && rare.2 > Some(0.0), "{rare:?}");
        assert!(summary == one_by_one(&model, &mut columns), "side by side is another day");
    }
}

/// A process of people, now and then without anybody, or of more hours than the clocks have.
fn poisson() -> impl Strategy<Value = Poisson> {
    let rate = || prop_oneof![1 => Just(0.0), 6 => 1.0..100.0];
    let people = prop_oneof![2 => Just(u32::MAX), 1 => Just(0), 3 => 1u32..300];
    let until = prop_oneof![1 => Just(Ticks::MAX), 1 => -10i64..10, 6 => 0i64..200_000_000];
    let sooner = prop_oneof![2 => Just(0i64), 1 => -40_000_000i64..40_000_000];
    let hourly = (prop::collection::vec(rate(), 0..34), people.clone(), until);
    prop_oneof![
        (1.0..100.0, people, 0i64..1_300_000_000)
            .prop_map(|(rate, people, until)| Poisson::constant(rate, people, until)),
        hourly.prop_map(|(rates, people, until)| Poisson::hourly(&rates, people, until)),
    ]
    .prop_flat_map(move |poisson| sooner.clone().prop_map(move |sooner| poisson.clone().sooner(sooner)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn people_of_a_process_come_at_the_same_ticks_in_all_lanes(
        poisson in poisson(),
        lanes in 1u16..4,
        days in 1u32..17,
        seed in any::<u64>(),
        width in prop_oneof![2 => Just(0usize), 1 => Just(4), 1 => Just(16)],
    ) {
        let law = Arc::new(Sampler::compile(&Law::exponential(10.0)));
        let model = Model {
            lanes, lane_choice: LaneChoice::Assigned, stations: vec![Station::plain(2, law, None)],
            classes: vec![Class::COMMON], closes: None, patience: None, room: None, warmup: 0,
        };
        let mut columns: Vec<Column> = (0..days)
            .map(|number| {
                let mut column = Column::default();
                column.begin(Chance::new(seed, 7, number), number);
                column.poisson = Some(poisson.scaled(1.0 + f64::from(number) / 20.0));
                column
            })
            .collect();
        let (mut tally, mut counted) = (Tally::new(&model), Tally::new(&model));
        let mut workspace = abreast::Workspace::default();
        for batch in columns.chunks_mut(if width == 0 { abreast::width() } else { width }) {
            let done = match width {
                0 => abreast::run(&model, batch, &mut tally, &mut workspace),
                width => abreast::run_portably(width, &model, batch, &mut tally, &mut workspace),
            };
            for (place, Column { people, poisson, chance, number }) in batch.iter_mut().enumerate() {
                poisson.as_ref().expect("it was given").arrive(chance, lanes, &mut people.visits);
                let expected: Vec<Ticks> = people.visits.iter().map(|visit| visit.at).collect();
                if done {
                    workspace.arrivals(place, lanes, |people, at| {
                        assert_eq!((0..people).map(at).collect::<Vec<_>>(), expected);
                    });
                    simulate(&model, Engine::Fifo, people, chance, *number, &mut counted, &mut NoProbe);
                }
            }
        }
        prop_assert_eq!(tally.summary(&model), counted.summary(&model));
    }
}

#[test]
fn a_day_too_long_for_the_clocks_is_left_to_the_other_engine() {
    let law = Arc::new(Sampler::compile(&Law::constant(7_200.0)));
    let model = Model {
        lanes: 1,
        lane_choice: LaneChoice::Assigned,
        stations: vec![Station::plain(1, law, None)],
        classes: vec![Class::COMMON],
        closes: None,
        patience: None,
        room: None,
        warmup: 0,
    };
    assert!(abreast::suits(&model));
    let mut workspace = abreast::Workspace::default();
    for (people, fits) in [(10, true), (20, false), (1_000, false)] {
        let columns = columns(&model, &[vec![(0, 0, 0); people]], 1);
        let mut tally = Tally::new(&model);
        assert_eq!(abreast::run(&model, &columns, &mut tally, &mut workspace), fits, "{people} people");
        let counted = tally.summary(&model);
        assert_eq!(counted.people, if fits { people as f64 } else { 0.0 });
    }
}
