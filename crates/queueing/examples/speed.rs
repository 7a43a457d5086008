//! Measures the engines on one thread:
//! `cargo run --release -p queueing --example speed [REPLICATIONS [PEOPLE [ROUNDS [CASE]]]]`.
//!
//! Every statistic is on, but where it says otherwise; the time taken holds the drawing of arrivals too. The best of the rounds counts, because others
//! may use the machine. Ratios between cases are what counts, and only those of one run.

#![allow(clippy::print_stdout, reason = "an example prints")]

use chance::{Chance, Law, Sampler, Ticks};
use queueing::{
    Changeover, Class, Coming, Days, Detail, Engine, Model, Progress, Route, Servers, Station,
    poisson::Poisson,
};
use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};

struct Case {
    name: &'static str,
    model: Model,
    engine: Engine,
    arrivals: Poisson,
    detail: Detail,
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().expect("a number"));
    let replications: u32 = arguments.next().unwrap_or(400);
    let people: u32 = arguments.next().unwrap_or(4_000);
    let rounds = arguments.next().unwrap_or(9);
    let only = arguments.next();
    println!("{replications} replications of about {people} people, best of {rounds}");
    for (number, case) in cases(people).into_iter().enumerate() {
        if only.is_none_or(|only| only as usize == number) {
            println!(
                "{number} {:<52} {:6.2} M people/s",
                case.name,
                speed(&case, replications, rounds) / 1e6
            );
        }
    }
}

/// People a second of one thread's time.
fn speed(case: &Case, replications: u32, rounds: u32) -> f64 {
    let process = |_| case.arrivals.clone();
    let days = Days {
        model: &case.model,
        engine: case.engine,
        count: replications,
        chance: &|number| Chance::new(1, 0, number),
        coming: Coming::Poisson(&process),
        came: None,
        left: None,
        detail: case.detail,
    };
    let mut best = 0.0_f64;
    for _ in 0..rounds {
        let start = cpu_seconds();
        let summary = days.run(1, &Progress::default()).summary(&case.model);
        let spent = cpu_seconds() - start;
        best = best.max(summary.people * f64::from(replications) / spent);
    }
    best
}

/// Seconds that this thread has computed, where Linux tells them; elsewhere seconds by the clock.
fn cpu_seconds() -> f64 {
    #[allow(clippy::disallowed_methods, reason = "speed is what this example is about")]
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let computed = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = computed.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds * 1e-9)
}

fn cases(people: u32) -> Vec<Case> {
    // 10 people a minute, whatever their number.
    let constant = Poisson::constant(576.0, people, Ticks::MAX);
    let hours = f64::from(people) / 1_200.0;
    let day: Vec<f64> =
        (0..hours.ceil() as u32).map(|hour| [900.0, 1_500.0, 1_200.0][hour as usize % 3]).collect();
    let varying = Poisson::hourly(&day, people, Ticks::MAX);
    let case = |name, model, engine, arrivals: &Poisson| Case {
        name,
        model,
        engine,
        arrivals: arrivals.clone(),
        detail: Detail::Everything,
    };
    let (tandem, green) = ("two exponential stations", "4 lanes, changeover, green channel");
    let waits = Case {
        detail: Detail::Waits,
        ..case("the same, mean waits alone", two_stations(None), Engine::Fifo, &constant)
    };
    vec![
        case(tandem, two_stations(None), Engine::Fifo, &constant),
        case("the same, and the time beyond a room for 30", two_stations(Some(30)), Engine::Fifo, &constant),
        case("the same on the event engine", two_stations(Some(30)), Engine::Event, &constant),
        case("four stations, patience, calendars, changeover", full(), Engine::Fifo, &varying),
        case("4 lanes, changeover", compound(false), Engine::Fifo, &varying),
        case(green, compound(true), Engine::Event, &varying.marked(0.125, 1)),
        waits,
    ]
}

fn two_stations(room: Option<u32>) -> Model {
    let exponential = |mean_s| Arc::new(Sampler::compile(&Law::exponential(mean_s)));
    site(
        1,
        vec![Station::plain(2, exponential(10.0), Some(1)), Station::plain(4, exponential(20.0), None)],
        room,
    )
}

fn lognormal(mean_s: f64) -> Arc<Sampler> {
    Arc::new(Sampler::compile(&Law::lognormal_mean_cv(mean_s, 0.4)))
}

/// Entrance, registration, sampling by a calendar and with pauses, leaving; people give up, and the site closes.
fn full() -> Model {
    let mut stations = vec![
        Station::plain(1, lognormal(2.0), Some(1)),
        Station::plain(4, lognormal(9.0), Some(2)),
        Station::plain(5, lognormal(9.0), Some(3)),
        Station::plain(1, lognormal(1.5), None),
    ];
    let hour = 36_000_000;
    stations[2].servers = Servers::Calendar(vec![(0, 4), (hour, 6), (2 * hour, 5)]);
    stations[2].changeover = Some(Changeover { every: 10, away: 150_000 });
    let mut model = site(1, stations, Some(200));
    model.patience = Some(Arc::new(Sampler::compile(&Law::exponential(3_600.0))));
    model.closes = Some(24 * hour);
    model
}

/// Registration and sampling in each of four lanes, with or without people who go first.
fn compound(green: bool) -> Model {
    let mut stations =
        vec![Station::plain(1, lognormal(9.0), Some(1)), Station::plain(2, lognormal(9.0), None)];
    stations[1].changeover = Some(Changeover { every: 10, away: 150_000 });
    let mut model = site(4, stations, Some(200));
    if green {
        model.classes.push(Class { priority: 0, watched: true, ..Class::COMMON });
        for station in &mut model.stations {
            station.routes.push(station.routes[0].clone());
        }
    }
    model
}

fn site(lanes: u16, stations: Vec<Station>, room: Option<u32>) -> Model {
    let mut model = Model { lanes, room, ..Model::plain(stations) };
    let last = model.stations.len() - 1;
    model.stations[last].routes = vec![vec![Route { below: 1 << 32, to: None }]];
    model
}
