//! Exponential stations in series, mean waits alone, on one thread: what the peers of the side-by-side measurement do, as
//! they are told and as they answer.
//!
//! `tandem PER_HOUR PEOPLE WARMUP REPLICATIONS SEED SERVERS:MEAN_S …` prints one JSON object, the mean wait in seconds at
//! each station for each replication, without the first WARMUP people; null where nobody is left.

#![allow(clippy::print_stdout, reason = "an example prints")]

use chance::{Chance, Law, Sampler, TICKS_PER_SECOND, Ticks};
use queueing::{Coming, Days, Detail, Model, Progress, Station, Summary, poisson::Poisson};
use std::{fmt, str::FromStr, sync::Arc};

fn main() {
    let mut words = std::env::args().skip(1);
    let arrivals = Poisson::constant(number(words.next()), number(words.next()), Ticks::MAX);
    let warmup = number(words.next());
    let (replications, seed) = (number(words.next()), number(words.next()));
    let words: Vec<String> = words.collect();
    let stations = words.iter().enumerate().map(|(place, word)| {
        let (servers, mean_s) = word.split_once(':').expect("a station is SERVERS:MEAN_S");
        let service = Law::exponential(number(Some(mean_s.to_owned())));
        let next = (place + 1 < words.len()).then_some(place + 1);
        Station::plain(number(Some(servers.to_owned())), Arc::new(Sampler::compile(&service)), next)
    });
    let model = Model { warmup, ..Model::plain(stations.collect()) };
    let days = Days {
        model: &model,
        engine: model.engine(),
        count: replications,
        chance: &|number| Chance::new(seed, 0, number),
        coming: Coming::Poisson(&|_| arrivals.clone()),
        came: None,
        left: None,
        detail: Detail::Waits,
    };
    let summary = days.run(1, &Progress::default()).summary(&model);
    let rows: Vec<String> = (0..replications).map(|number| row(&summary, number)).collect();
    println!("{{\"waits_s\":[{}]}}", rows.join(","));
}

/// The mean waits of one replication, station by station.
fn row(summary: &Summary, replication: u32) -> String {
    let waits = summary.stations.iter().map(|station| {
        let means = &station.wait.distribution.means;
        match means.binary_search_by_key(&replication, |mean| mean.0) {
            Ok(place) => (means[place].1 / TICKS_PER_SECOND as f64).to_string(),
            Err(_) => "null".to_owned(),
        }
    });
    format!("[{}]", waits.collect::<Vec<_>>().join(","))
}

fn number<N: FromStr<Err: fmt::Debug>>(word: Option<String>) -> N {
    let word = word.expect("tandem PER_HOUR PEOPLE WARMUP REPLICATIONS SEED SERVERS:MEAN_S …");
    word.parse().expect("a number")
}
