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
                let (started, mut longest) = (Instant::now(), 0.0f64);
                let mut cases = 0;
                for _ in 0..ROUNDS {
                    for prevalence in PREVALENCES {
                        for size in 1..=largest {
                            let case = Instant::now();
                            black_box(filling.figures(size, black_box(prevalence), assay));
                            longest = longest.max(case.elapsed().as_secs_f64());
                            cases += 1;
                        }
                    }
                }
                let mean = started.elapsed().as_secs_f64() / f64::from(cases);
                println!(
                    "{who:10} {how}  sizes 1 to {largest:3}: {:8.2} µs a case, {:8.1} µs the longest, {:7.3} ms a curve",
                    mean * 1e6,
                    longest * 1e6,
                    mean * f64::from(largest) * 1e3
                );
            }
        }
    }
}
