//! Whether the loop closes: laws fitted to rehearsed rounds are put back into the scenario, and the scenario is rehearsed
//! again. Prints the table of docs/verification.md: `cargo run --release -p review --example loop [TRIALS] [EXAMPLE]`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program that prints a table, and stops if it cannot"
)]

#[path = "../tests/world/mod.rs"]
mod world;

fn main() {
    let trials = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100);
    let only = std::env::args().nth(2);
    println!("| example | p50, min | refit | p95, min | refit | p50 in interval | p95 in interval |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for world in world::worlds() {
        if only.as_ref().is_some_and(|only| !world.name.contains(only.as_str())) {
            continue;
        }
        let [original, refit] = world.pooled(50);
        let [p50, p95] = world.covered(trials, 100);
        println!(
            "| {} | {:.3} | {:.3} | {:.3} | {:.3} | {p50} of {trials} | {p95} of {trials} |",
            world.name, original[0], refit[0], original[1], refit[1]
        );
    }
}
