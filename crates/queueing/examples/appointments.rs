//! Times the search for 24 appointments in 48 slots of five minutes: `cargo run --release -p queueing --example appointments`.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures and tells")]

use queueing::appointments::Session;
use std::time::Instant;

fn main() {
    let service = queueing::appointments::poisson(9.0, 0.0);
    for overtime_weight in [0.2, 1.0, 5.0] {
        let session = Session { slots: 48, slot: 5, service: service.clone(), overtime_weight };
        let started = Instant::now();
        let found = session.neighbourhood(24);
        let neighbourhood_s = started.elapsed().as_secs_f64();
        let whole = session.best(24, &|| started.elapsed().as_secs_f64() > 60.0);
        println!(
            "weight {overtime_weight}: neighbourhood {:.9} in {neighbourhood_s:.3} s ({} moves costed); best {:.9}, gap {:e}, in {:.3} s\n  {:?}",
            found.outcome.cost,
            found.tried,
            whole.outcome.cost,
            whole.proof.gap,
            started.elapsed().as_secs_f64() - neighbourhood_s,
            whole.counts,
        );
    }
}
