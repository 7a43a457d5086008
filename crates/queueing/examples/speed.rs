//! Measures the engines on one thread: `cargo run --release -p queueing --example speed [REPLICATIONS PEOPLE ROUNDS]`.
//!
//! Two exponential stations of 2 and 4 servers, 80 % busy, Poisson arrivals, every statistic on; the time taken holds
//! the drawing of arrivals too. The best of the rounds counts, because others may use the machine.

#![allow(clippy::print_stdout, reason = "an example prints")]

use chance::{Chance, Law, Sampler, Ticks};
use queueing::{Class, Coming, Days, Engine, LaneChoice, Model, Progress, Station, poisson::Poisson};
use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().expect("a number"));
    let replications: u32 = arguments.next().unwrap_or(200);
    let people: u32 = arguments.next().unwrap_or(20_000);
    let rounds = arguments.next().unwrap_or(9);
    let only = arguments.next();
    println!("{replications} replications of {people} people, best of {rounds}");
    let model = two_stations();
    let arrivals = Poisson::constant(576.0, people, Ticks::MAX);
    for (number, engine) in [Engine::Fifo, Engine::Event].into_iter().enumerate() {
        if only.is_some_and(|only| only as usize != number) {
            continue;
        }
        let mut best = f64::INFINITY;
        for _ in 0..rounds {
            let start = cpu_seconds();
            let days = Days {
                model: &model,
                engine,
                count: replications,
                chance: &|number| Chance::new(1, 0, number),
                coming: Coming::Poisson(&|_| arrivals.clone()),
                left: None,
            };
            let tally = days.run(1, &Progress::default());
            best = best.min(cpu_seconds() - start);
            std::hint::black_box(&tally);
        }
        let everyone = f64::from(replications) * f64::from(people);
        println!("{:>6}: {:6.2} M people/s", engine.name(), everyone / best / 1e6);
    }
}

/// Seconds that this thread has computed, where Linux tells them; elsewhere seconds by the clock.
fn cpu_seconds() -> f64 {
    #[allow(clippy::disallowed_methods, reason = "speed is what this example is about")]
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let computed = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = computed.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds * 1e-9)
}

fn two_stations() -> Model {
    let exponential = |mean_s| Arc::new(Sampler::compile(&Law::exponential(mean_s)));
    Model {
        lanes: 1,
        lane_choice: LaneChoice::Assigned,
        stations: vec![
            Station::plain(2, exponential(10.0), Some(1)),
            Station::plain(4, exponential(20.0), None),
        ],
        classes: vec![Class::COMMON],
        closes: None,
        patience: None,
        room: Some(30),
        warmup: 0,
    }
}
