//! A distribution of times, in the shape that a rehearsal's figures have.

use chance::{TICKS_PER_SECOND, Ticks, special::student_t_quantile};
use serde::Serialize;

/// A distribution of times, in minutes; null where nobody was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// Mean.
    pub mean: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 95 in 100 do not exceed it.
    pub p95: Option<f64>,
    /// The longest.
    pub max: Option<f64>,
    /// 95 % interval of the mean, from the variance between rounds; null for one.
    pub ci95: Option<[f64; 2]>,
    /// 95 % interval of the p95, in the same way.
    pub p95_ci95: Option<[f64; 2]>,
}

pub(crate) fn minutes(ticks: f64) -> f64 {
    ticks / (60 * TICKS_PER_SECOND) as f64
}

/// 95 % interval around `centre` (Student's t) from the rounds' own values; `None` for fewer than two.
pub(crate) fn interval(centre: f64, values: &[f64]) -> Option<[f64; 2]> {
    if values.len() < 2 {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    let half = student_t_quantile(0.975, n - 1.0) * (variance / n).sqrt();
    Some([centre - half, centre + half])
}

/// The value that this share of sorted values do not exceed.
fn quantile(sorted: &[Ticks], share: f64) -> f64 {
    let place = libm::ceil(share * sorted.len() as f64) as usize;
    sorted[place.clamp(1, sorted.len()) - 1] as f64
}

impl Spread {
    /// Of times by round.
    pub(crate) fn of(rounds: Vec<Vec<Ticks>>) -> Spread {
        let rounds = rounds.into_iter().filter(|round| !round.is_empty());
        let (mut means, mut p95s, mut all) = (Vec::new(), Vec::new(), Vec::new());
        for mut round in rounds {
            round.sort_unstable();
            means.push(minutes(mean(&round)));
            p95s.push(minutes(quantile(&round, 0.95)));
            all.append(&mut round);
        }
        if all.is_empty() {
            return Spread::default();
        }
        all.sort_unstable();
        let (centre, p95) = (minutes(mean(&all)), minutes(quantile(&all, 0.95)));
        Spread {
            mean: Some(centre),
            p50: Some(minutes(quantile(&all, 0.5))),
            p95: Some(p95),
            max: all.last().map(|&most| minutes(most as f64)),
            ci95: interval(centre, &means),
            p95_ci95: interval(p95, &p95s),
        }
    }
}

fn mean(times: &[Ticks]) -> f64 {
    times.iter().map(|&time| i128::from(time)).sum::<i128>() as f64 / times.len() as f64
}
