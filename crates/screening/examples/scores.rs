//! Scores of a series given as numbers on lines, `-` for unknown days: `cargo run -p screening --example scores --release < FILE`.
use screening::{target::{Goal, Policy, SETS, Tracker, backtest, forecast}, transmission::Screening};
use std::io::Read;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let cases: Vec<Option<f64>> = text.split_whitespace().map(|word| word.parse().ok()).collect();
    let goal = Goal { at_most: 0.0, days: 3 };
    let now = Screening { participation: 0.9, pool: 10, ..Screening::default() };
    for (site, set) in (0..).zip(SETS) {
        let mut tracker = Tracker::new(set, site, now, &cases, 1);
        cases.iter().for_each(|cases| tracker.learn(*cases));
        let f = forecast(&tracker, &Policy::default(), 30, 4000);
        println!("{} {:.3} r {:?} 7d {:?} reached {:?}", set.name, tracker.log_score(), tracker.r(), f.quantiles(6, [0.05, 0.5, 0.95]), f.reached(&goal, goal.kept(&cases)).iter().step_by(7).collect::<Vec<_>>());
    }
    let scores = backtest(&cases, now, &goal, 0, 1, &mut |_| {});
    println!("{}", scores.origins);
    for s in scores.counts { println!("{s:?}"); }
    for s in scores.events { println!("{s:?}"); }
}
