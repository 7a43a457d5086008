//! How good plans are and how long they take, on tasks made from seeds, beside the plain program.
//!
//!     cargo run --release -p aid --features solver --example aids -- people 300 16 7 3
//!     cargo run --release -p aid --features solver --example aids -- buses 300 16 3 1
//!     cargo run --release -p aid --features solver --example aids -- plain 300 16 3 1 90
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "an example that measures"
)]

#[path = "../tests/made/mod.rs"]
mod made;

use aid::{
    Board, Limits, check,
    program::{Program, View},
    solve,
};
use cpu_time::ProcessTime;
use domain::aid::Aid;
use made::{Size, made};
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, default: f64| args.get(place).map_or(default, |word| word.parse().unwrap());
    let what = args.first().map_or("people", String::as_str);
    let size = |asked: f64| Size {
        donors: number(1, 300.0) as usize,
        districts: number(2, 16.0) as usize,
        days: number(3, 7.0) as usize,
        buses: what != "people",
        asked,
    };
    let seeds = 1..=number(4, 1.0) as u64;
    for seed in seeds {
        for asked in [1.2, 0.7] {
            let task = made(size(asked), seed);
            match what {
                "plain" => plain(&task, seed, asked, number(5, 90.0)),
                _ => measure(&task, seed, asked, number(5, 60.0)),
            }
        }
    }
}

fn measure(task: &Aid, seed: u64, asked: f64, time_s: f64) {
    // On a machine that is shared the processor's time says more than the clock's.
    let (begin, clock) = (ProcessTime::now(), Instant::now());
    let seconds = || begin.elapsed().as_secs_f64();
    let limits = Limits { time_s, gap: 0.001 };
    let solved = solve(task, limits, &seconds, &mut |what, at| {
        if std::env::var_os("WATCH").is_some() {
            eprintln!("{what} {at:.1}");
        }
    })
    .unwrap();
    let verdict = check(task, &solved.plan);
    let bounds = solved.bounds;
    println!(
        "seed {seed}, asked for {asked} of what can be spared: {} columns, {} rows; {} deployments, {} buses",
        solved.size.0,
        solved.size.1,
        solved.plan.deployments.len(),
        solved.plan.trips.iter().map(|trip| trip.buses).sum::<u32>(),
    );
    for (name, level) in [
        ("least share", bounds.least),
        ("person-days", bounds.total),
        ("burden", bounds.burden),
        ("hours", bounds.hours),
    ] {
        println!(
            "  {name:12} {:12.4}  bound {:12.4}  gap {:7.4} %",
            level.value,
            level.bound,
            100.0 * level.gap
        );
    }
    println!(
        "  first two levels {:.2} s, all four {:.2} s of one core ({:.1} s by the clock); {} rules broken, {} of them reserves; the checker's own figures: {:.4} {} {:.4} {:.1}",
        solved.first_two_s,
        solved.all_s,
        clock.elapsed().as_secs_f64(),
        verdict.broken.len(),
        verdict.reserve_violations(),
        verdict.least,
        verdict.total,
        verdict.burden,
        verdict.hours,
    );
    for broken in verdict.broken.iter().take(5) {
        println!("  {broken:?}");
    }
}

/// The first two levels as one program with a column for each journey and each bus, from nothing.
fn plain(task: &Aid, seed: u64, asked: f64, time_s: f64) {
    let begin = Instant::now();
    let board = Board::new(task);
    let donors: Vec<usize> = (0..task.donors.len()).collect();
    let view = if task.rules.seats.is_some() { View::Whole } else { View::Pairs };
    let mut program = Program::new(&board.ground, &donors, view, &[], None);
    let all: u64 = board.ground.asked.iter().sum();
    program.aim(&[(program.least, -10.0 * all as f64), (program.total, -1.0)]);
    let answer = program.solver.solve(time_s);
    println!(
        "seed {seed}, asked for {asked}: plain program {:?}, {:.1} s",
        program.solver.size(),
        begin.elapsed().as_secs_f64()
    );
    match answer {
        Ok(answer) => println!(
            "  least share {:.4}, person-days {:.1}, objective {:.1}, bound {:.1}, gap {:.4} %",
            answer.at(program.least),
            answer.at(program.total),
            -answer.objective,
            -answer.bound,
            100.0 * (1.0 - answer.objective / answer.bound),
        ),
        Err(error) => println!("  nothing: {error}"),
    }
}
