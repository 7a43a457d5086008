#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::unwrap_used, reason = "an example that measures")]
#[path = "../tests/made/mod.rs"]
mod made;
use aid::{ground::Ground, program::{Program, View}};
use made::{Size, made};
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let size = Size { donors: args[0].parse().unwrap(), districts: 16, days: args[1].parse().unwrap(), buses: args[2] == "b" };
    let task = made(size, 1);
    let ground = Ground::new(&task);
    let donors: Vec<usize> = (0..size.donors).collect();
    let t = Instant::now();
    let mut p = Program::new(&ground, &donors, View::Pools, &[]);
    println!("{:?} {:.2}", p.solver.size(), t.elapsed().as_secs_f64());
    let solver = args.get(3).map_or("choose", |s| s.as_str());
    p.solver.choose("solver", solver);
    p.aim(&[(p.least, -1.0)]);
    let a = p.solver.solve(100.0).unwrap();
    println!("L1 {} {:.2}", a.at(p.least), t.elapsed().as_secs_f64());
    if args.len() > 4 { p.solver.choose_number("simplex_strategy", 4); }
    let least = a.at(p.least);
    p.solver.bounds(p.least, least - 1e-7, 1.0);
    p.aim(&[(p.total, -1.0)]);
    let a = p.solver.solve(100.0).unwrap();
    let total = a.at(p.total);
    println!("L2 {} {:.2}", total, t.elapsed().as_secs_f64());
    p.solver.bounds(p.total, total - 1e-3, f64::INFINITY);
    p.aim(&[(p.burden, 1.0)]);
    let a = p.solver.solve(100.0).unwrap();
    let burden = a.at(p.burden);
    println!("L3 {} {:.2}", burden, t.elapsed().as_secs_f64());
    let mut p = Program::new(&ground, &donors, View::Pairs, &[]);
    println!("{:?} {:.2}", p.solver.size(), t.elapsed().as_secs_f64());
    p.solver.choose("solver", solver);
    p.solver.bounds(p.least, least - 1e-6, 1.0);
    p.solver.bounds(p.total, total - 1e-1, f64::INFINITY);
    p.solver.bounds(p.burden, 0.0, burden + 1e-6);
    p.aim(&[(p.hours, 1.0)]);
    let a = p.solver.solve(100.0);
    println!("L4 {:?} {:.2}", a.map(|a| a.objective), t.elapsed().as_secs_f64());
}
