//! How good rosters are and how long they take, on tasks made from seeds, and how often a drop-out is mended.
//!
//!     cargo run -p roster --features solver --example rosters -- solve 40 10 1 5
//!     cargo run -p roster --features solver --example rosters -- repair 1000
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "an example that measures"
)]

#[path = "../tests/made/mod.rs"]
mod made;

use cpu_time::ProcessTime;
use domain::roster::{DAY_MIN, Span};
use made::{Chance, made};
use roster::{check, draft, model};
use std::time::Instant;

/// Places for each volunteer and day.
const LOAD: f64 = 0.8;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize| args.get(place).and_then(|word| word.parse::<f64>().ok());
    match args.first().map(String::as_str) {
        Some("solve") => {
            let (volunteers, shifts) =
                (number(1).unwrap_or(40.0) as usize, number(2).unwrap_or(10.0) as usize);
            let (time_s, seeds) = (number(3).unwrap_or(1.0), number(4).unwrap_or(5.0) as u64);
            let (gap, load) = (number(5).unwrap_or(0.01), number(6).unwrap_or(LOAD));
            solve(volunteers, shifts, model::Limits { time_s, gap }, seeds, load);
        }
        Some("repair") => repairs(number(1).unwrap_or(1000.0) as usize),
        _ => println!("solve VOLUNTEERS SHIFTS SECONDS SEEDS GAP LOAD, or repair CASES"),
    }
}

fn solve(volunteers: usize, shifts: usize, limits: model::Limits, seeds: u64, load: f64) {
    println!(
        "seed  places  draft cost  seconds | columns    rows  cost  bound     gap  seconds  cpu s  hard rules broken"
    );
    for seed in 1..=seeds {
        let task = made(volunteers, shifts, load, seed);
        let places: u32 = task.shifts.iter().map(|shift| shift.people).sum();
        let begin = Instant::now();
        let first = check(&task, &draft(&task));
        let drafted = begin.elapsed().as_secs_f64();
        let (begin, cpu) = (Instant::now(), ProcessTime::now());
        let solved = model::solve(&task, limits).unwrap();
        let verdict = check(&task, &solved.roster);
        println!(
            "{seed:4} {places:7} {:11} {drafted:8.2} | {:7} {:7} {:5} {:6} {:5.2} % {:8.2} {:6.2} {:4} ({} in the draft, {} places empty)",
            first.cost,
            solved.size.0,
            solved.size.1,
            solved.cost,
            solved.bound,
            100.0 * solved.gap(),
            begin.elapsed().as_secs_f64(),
            cpu.elapsed().as_secs_f64(),
            verdict.broken.len(),
            first.broken.len(),
            solved.roster.places_empty(&task),
        );
    }
}

fn repairs(cases: usize) {
    let sizes = [(40, 10), (120, 14), (500, 28)];
    let mut chance = Chance(2022);
    let (mut proven, mut quick) = (0, 0);
    let (mut mended, mut broken, mut lost, mut many, mut slowest) = (0, 0, 0, 0, 0.0f64);
    let mut changed = [0usize; 8];
    let mut by_size = [(0, 0); 3];
    let per = 20;
    let mut done = 0;
    while done < cases {
        let size = done / per % sizes.len();
        let (volunteers, shifts) = sizes[size];
        let task = made(volunteers, shifts, LOAD, done as u64);
        let roster = model::solve(&task, model::Limits { time_s: 5.0, gap: 0.01 }).unwrap().roster;
        for _ in 0..per.min(cases - done) {
            done += 1;
            let (who, day) = loop {
                let at = chance.below(task.shifts.len());
                let people = &roster.shifts[at];
                if !people.is_empty() {
                    break (
                        people[chance.below(people.len())],
                        task.shifts[at].span.from_min.div_euclid(DAY_MIN),
                    );
                }
            };
            let out = Span { from_min: day * DAY_MIN, until_min: (day + 1) * DAY_MIN };
            let begin = Instant::now();
            let found = model::repair(&task, &roster, who, out, day * DAY_MIN, 0.7);
            slowest = slowest.max(begin.elapsed().as_secs_f64());
            let verdict = check(&found.task, &found.roster);
            if !verdict.broken.is_empty() {
                println!("{:?} {:?}", verdict.broken, found.changed);
            }
            broken += usize::from(!verdict.broken.is_empty());
            lost += usize::from(found.lost > 0);
            proven += usize::from(found.lost > 0 && found.proven == found.lost);
            quick += usize::from(found.changed.len() <= 3 && begin.elapsed().as_secs_f64() <= 1.0);
            many += usize::from(found.changed.len() > 3);
            by_size[size].0 += usize::from(found.lost > 0);
            by_size[size].1 += usize::from(found.changed.len() > 3);
            changed[found.changed.len().min(7)] += 1;
            mended += usize::from(found.lost == 0 && found.changed.len() <= 3);
        }
    }
    println!(
        "{cases} drop-outs: {mended} mended with 3 others changed at most; {lost} left a place empty, {many} changed more"
    );
    println!(
        "{quick} within a second with 3 others changed at most; of those that left a place empty, {proven} are proven to have no such repair"
    );
    println!("of them by size {by_size:?}");
    println!("others changed 0, 1, 2 … : {changed:?}; slowest {slowest:.3} s; {broken} broke a hard rule");
}
