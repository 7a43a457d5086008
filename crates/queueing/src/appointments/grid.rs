//! A law of chance on a grid.

use chance::{Law, Sampler, TICKS_PER_SECOND};

/// Equally likely values that a law is asked for.
const ASKED: u32 = 1 << 18;
/// A service of more steps than this makes the recursion slow, and is no appointment.
const STEPS_MAX: usize = 4_096;

/// The law on a grid of so many seconds, each value shared between the steps to its left and right so that the mean
/// stays as it is, and a share of people who do not come and take no time. What would take more than 4,096 steps takes
/// as many.
pub fn on_grid(law: &Law, step_s: f64, no_show: f64) -> Vec<f64> {
    let sampler = Sampler::compile(law);
    let step = step_s * TICKS_PER_SECOND as f64;
    let mut shares = vec![no_show];
    let share = (1.0 - no_show) / f64::from(ASKED);
    let spacing = 1 << (32 - ASKED.trailing_zeros());
    for place in 0..ASKED {
        let steps = (sampler.draw(place * spacing + spacing / 2).max(0) as f64 / step).min(STEPS_MAX as f64);
        let below = steps as usize;
        if shares.len() < below + 2 {
            shares.resize(below + 2, 0.0);
        }
        shares[below + 1] += share * (steps - below as f64);
        shares[below] += share * (1.0 - (steps - below as f64));
    }
    super::trim(&mut shares);
    shares
}

/// Poisson of this mean, in steps, cut at its 0.9999 quantile and not made up to 1: as published schedules have it. A
/// share of people does not come and takes no time.
pub fn poisson(mean: f64, no_show: f64) -> Vec<f64> {
    const QUANTILE: f64 = 0.9999;
    let mut shares = Vec::new();
    let (mut share, mut below) = (libm::exp(-mean), 0.0);
    while below < QUANTILE && shares.len() < STEPS_MAX {
        shares.push(share * (1.0 - no_show));
        below += share;
        share *= mean / shares.len() as f64;
    }
    shares[0] += no_show;
    shares
}
