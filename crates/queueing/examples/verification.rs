//! Prints what the engines measured against theory as a Markdown table:
//! `cargo run --release -p queueing --example verification`.

#![allow(clippy::print_stdout, reason = "an example prints")]

#[path = "../tests/theory/cases.rs"]
mod cases;
#[path = "../tests/theory/families.rs"]
mod families;
#[path = "../tests/theory/lab.rs"]
mod lab;

fn main() {
    println!("{}", lab::HEAD);
    let families = [
        families::mmc_fifo,
        families::mmc_event,
        families::mg1,
        families::series,
        families::priority,
        families::impatience,
        families::varying,
    ];
    for finding in families.into_iter().flat_map(|family| family()) {
        println!("{}{}", finding.row(), if finding.agrees() { "" } else { " DISAGREES" });
    }
}
