//! Times pool sizes: `cargo run --release -p screening --example pools`. A case is one size at one prevalence with one test.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures and tells")]

use screening::{Assay, Dilution, Filling, Households};
use std::{hint::black_box, time::Instant};

const PREVALENCES: [f64; 5] = [0.0001, 0.001, 0.01, 0.05, 0.3];
const ROUNDS: u32 = 20;

fn main() {
    let dilution = Dilution::new(&[(4.0, 0.98), (16.0, 0.9), (64.0, 0.7)]).expect("it falls");
    let perfect = Assay { sensitivity: 1.0, specificity: 1.0, dilution: Dilution::default() };
    let diluted = Assay { sensitivity: 0.95, specificity: 0.99, dilution };
    // Households by size, as a census has them.
    let households = Households::new(&[254, 297, 210, 130, 62, 47], 0.4).expect("there are some");
    let fillings = [("strangers", Filling::Strangers), ("households", Filling::Households(households))];
    for (who, filling) in &fillings {
        for (how, assay) in [("perfect", &perfect), ("diluted", &diluted)] {
            for largest in [20, 150] {
                let cases = PREVALENCES
                    .into_iter()
                    .flat_map(|prevalence| (1..=largest).map(move |size| (prevalence, size)));
                let times: Vec<f64> =
                    cases.map(|(prevalence, size)| least(filling, prevalence, size, assay)).collect();
                let mean = times.iter().sum::<f64>() / times.len() as f64;
                println!(
                    "{who:10} {how}  sizes 1 to {largest:3}: {:7.2} µs a case, {:7.1} µs the slowest, {:7.3} ms for all sizes",
                    mean * 1e6,
                    times.iter().fold(0.0, |most: f64, time| most.max(*time)) * 1e6,
                    mean * f64::from(largest) * 1e3
                );
            }
        }
    }
}

/// Seconds of a case: the least of several rounds, since others share the machine.
fn least(filling: &Filling, prevalence: f64, size: u32, assay: &Assay) -> f64 {
    let rounds = (0..ROUNDS).map(|_| {
        let started = Instant::now();
        black_box(filling.figures(size, black_box(prevalence), assay));
        started.elapsed().as_secs_f64()
    });
    rounds.fold(f64::INFINITY, f64::min)
}
