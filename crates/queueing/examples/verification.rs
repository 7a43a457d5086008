//! Prints what the engines measured against theory as a Markdown table:
//! `cargo run --release -p queueing --example verification [TIMES [FAMILY]]`.
//!
//! TIMES: so many times ten million people for each system. FAMILY: only those of `mmc`, `mmc-event`, `mg1`, `series`,
//! `priority`, `impatience` or `varying`.

#![allow(clippy::print_stdout, reason = "an example prints")]

#[path = "../tests/theory/cases.rs"]
mod cases;
#[path = "../tests/theory/families.rs"]
mod families;
#[path = "../tests/theory/lab.rs"]
mod lab;

use std::sync::atomic::Ordering;

type Family = fn() -> Vec<lab::Finding>;

fn main() {
    let mut arguments = std::env::args().skip(1);
    if let Some(times) = arguments.next() {
        lab::TIMES.store(times.parse().expect("how many times ten million people"), Ordering::Relaxed);
    }
    let only = arguments.next();
    let families: [(&str, Family); 7] = [
        ("mmc", families::mmc_fifo),
        ("mmc-event", families::mmc_event),
        ("mg1", families::mg1),
        ("series", families::series),
        ("priority", families::priority),
        ("impatience", families::impatience),
        ("varying", families::varying),
    ];
    if let Some(only) = &only {
        let names = families.map(|(name, _)| name);
        assert!(names.contains(&only.as_str()), "no family {only}; there are {}", names.join(", "));
    }
    println!("{}", lab::HEAD);
    let wanted = families.into_iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name));
    for finding in wanted.flat_map(|(_, family)| family()) {
        println!("{}{}", finding.row(), if finding.agrees() { "" } else { " DISAGREES" });
    }
}
