//! What the cases so far say of how things stand.

use super::{Assumptions, draws::Draws, path::Path, regime::Regime};
use crate::transmission::{Effect, Screening};
use chance::{Cause, Chance, unit};

/// Paths of each set of assumptions.
pub(super) const PATHS: u32 = 4_000;
/// Days from which the level at the beginning is taken.
const FIRST_DAYS: usize = 7;
/// Days on end, the last ones, of which the least number of effective paths is told.
const LAST_DAYS: usize = 7;
/// A mean found of nobody still leaves room for a case that nobody foresaw.
const UNFORESEEN: f64 = 0.01;

/// Thousands of paths, kept as they foretell what is reported.
#[derive(Clone)]
pub struct Tracker {
    pub(super) assumptions: Assumptions,
    pub(super) now: Screening,
    pub(super) paths: Vec<Path>,
    regime: Regime,
    seed: u64,
    site: u32,
    day: u32,
    evidence: f64,
    judged: u32,
    /// Effective paths of the last days that were learned.
    effective: Vec<f64>,
}

impl Tracker {
    /// Before a series, under the number `site` of a set. `first` are its first cases, by which the level is known.
    pub fn new(
        assumptions: Assumptions,
        site: u32,
        now: Screening,
        first: &[Option<f64>],
        seed: u64,
    ) -> Tracker {
        let regime = Regime::new(&now, &now, &assumptions);
        let known: Vec<f64> = first.iter().take(FIRST_DAYS).flatten().copied().collect();
        let level = (known.iter().sum::<f64>() / known.len().max(1) as f64).max(0.5);
        let generation = Effect::of(&assumptions.really(&now), &assumptions.infection()).generation_days();
        let chance = Chance::new(seed, site, 0);
        let paths =
            (0..PATHS).map(|path| Path::before(level, &regime, generation, &mut Draws::new(chance, path)));
        let paths = paths.collect();
        Tracker {
            assumptions,
            now,
            paths,
            regime,
            seed,
            site,
            day: 0,
            evidence: 0.0,
            judged: 0,
            effective: Vec::new(),
        }
    }

    /// Learns one day; `None` where nothing is known of it.
    pub fn learn(&mut self, cases: Option<f64>) {
        self.day += 1;
        let chance = Chance::new(self.seed, self.site, self.day);
        let regime = &self.regime;
        let set = &self.assumptions;
        let found: Vec<f64> = (0..)
            .zip(&mut self.paths)
            .map(|(number, path)| path.day(regime, 1.0, set, &mut Draws::new(chance, number)))
            .collect();
        let Some(cases) = cases else { return };
        let logs: Vec<f64> = self
            .paths
            .iter()
            .zip(&found)
            .map(|(path, found)| log_probability(cases, found.max(UNFORESEEN), path.dispersion()))
            .collect();
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = logs.iter().map(|log| libm::exp(log - most)).collect();
        let all: f64 = weights.iter().sum();
        self.evidence += most + libm::log(all / weights.len() as f64);
        self.judged += 1;
        // Kish's effective sample size: (Σw)² / Σw².
        let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
        self.effective.push(all * all / squares);
        self.resample(&weights, all, unit(chance.word(Cause::Weighing, 0, 0)));
    }

    /// Mean log probability that the day before gave to what was reported.
    pub fn log_score(&self) -> f64 {
        self.evidence / f64::from(self.judged.max(1))
    }

    /// The fewest paths on which what is known rested, on any of the last seven known days: of equally weighed paths their number, of one that
    /// alone foretold what came 1.
    pub fn effective_paths(&self) -> f64 {
        let last = self.effective.iter().rev().take(LAST_DAYS);
        last.copied().fold(f64::from(PATHS), f64::min)
    }

    /// R under the present screening: 5, 50 and 95 in 100.
    pub fn r(&self) -> [f64; 3] {
        let mut all: Vec<f64> = self.paths.iter().map(Path::r).collect();
        all.sort_by(f64::total_cmp);
        [0.05, 0.5, 0.95].map(|share| super::quantile(&all, share))
    }

    pub(super) fn chance(&self, day: u32) -> Chance {
        Chance::new(self.seed, self.site, self.day + day)
    }

    /// Systematic resampling: a path of weight w goes on as often as w asks, to within one.
    fn resample(&mut self, weights: &[f64], all: f64, offset: f64) {
        let step = all / weights.len() as f64;
        let mut kept = Vec::with_capacity(weights.len());
        let (mut sum, mut at) = (weights[0], 0);
        for number in 0..weights.len() {
            let wanted = (number as f64 + offset) * step;
            while sum < wanted && at + 1 < weights.len() {
                at += 1;
                sum += weights[at];
            }
            kept.push(self.paths[at]);
        }
        self.paths = kept;
    }
}

/// Log of the negative binomial probability of so many cases.
fn log_probability(cases: f64, mean: f64, size: f64) -> f64 {
    libm::lgamma(cases + size) - libm::lgamma(size) - libm::lgamma(cases + 1.0)
        + size * libm::log(size / (size + mean))
        + cases * libm::log(mean / (size + mean))
}

#[cfg(test)]
mod tests {
    use super::log_probability;

    #[test]
    fn probabilities_of_all_numbers_of_cases_are_one() {
        for (mean, size) in [(0.3, 0.7), (4.0, 2.0), (60.0, 9.0)] {
            let shares = (0..4_000).map(|cases| libm::exp(log_probability(f64::from(cases), mean, size)));
            let (all, first) = shares
                .enumerate()
                .fold((0.0, 0.0), |(all, first), (cases, share)| (all + share, first + share * cases as f64));
            assert!((all - 1.0).abs() < 1e-9 && (first - mean).abs() < 1e-6, "{mean}: {all} {first}");
        }
    }
}
