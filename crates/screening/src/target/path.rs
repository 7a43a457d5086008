//! One way in which things may have gone, and may go on.

use super::{Assumptions, draws::Draws, regime::Regime};
use crate::transmission::DAYS;

/// Log of the dispersion of reports: from hardly more than guesses to nearly all of Poisson's law.
const DISPERSION_LOG: (f64, f64) = (0.4, 5.0);
/// What the dispersion of reports gains or loses in a day.
const DISPERSION_STEP: f64 = 0.03;
/// Log R beyond which no outbreak has been seen.
const R_LOG_MAX: f64 = 2.3;

/// A path on one day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    /// Infected people by days since their infection.
    infected: [f64; DAYS],
    /// Those of them who are not found yet.
    free: [f64; DAYS],
    /// Log of R under the present screening.
    r_log: f64,
    /// Log of the dispersion of reports.
    dispersion_log: f64,
}

impl Path {
    /// Before the first day of a series that begins with about `level` cases a day.
    pub fn before(level: f64, regime: &Regime, generation_days: f64, draws: &mut Draws) -> Path {
        let r_log = 0.2 + 0.4 * draws.normal();
        let growth = r_log / generation_days;
        let mut path = Path { infected: [0.0; DAYS], free: [0.0; DAYS], r_log, dispersion_log: 0.0 };
        path.dispersion_log = (2.3 + 0.8 * draws.normal()).clamp(DISPERSION_LOG.0, DISPERSION_LOG.1);
        let mut left = 1.0;
        for age in 0..DAYS {
            left *= 1.0 - regime.found[age];
            path.infected[age] = libm::exp(-growth * age as f64);
            path.free[age] = path.infected[age] * left;
        }
        let found: f64 =
            (1..DAYS).map(|age| path.free[age - 1] * regime.found[age]).sum::<f64>() + path.infected[0] * regime.found[0];
        let times = level * libm::exp(0.5 * draws.normal()) / found.max(1e-9);
        for people in path.infected.iter_mut().chain(&mut path.free) {
            *people *= times;
        }
        path
    }

    /// Lives one day, and says how many are found on it, in the mean.
    pub fn day(&mut self, regime: &Regime, contacts: f64, set: &Assumptions, draws: &mut Draws) -> f64 {
        self.r_log = (set.lasting * self.r_log + set.restless * draws.normal()).clamp(-R_LOG_MAX, R_LOG_MAX);
        let dispersion = self.dispersion_log + DISPERSION_STEP * draws.normal();
        self.dispersion_log = dispersion.clamp(DISPERSION_LOG.0, DISPERSION_LOG.1);
        self.infected.copy_within(..DAYS - 1, 1);
        self.free.copy_within(..DAYS - 1, 1);
        (self.infected[0], self.free[0]) = (0.0, 0.0);
        let (mut found, mut force) = (0.0, 0.0);
        for age in 1..DAYS {
            let today = self.free[age] * regime.found[age];
            found += today;
            self.free[age] -= today;
            force += self.free[age] * regime.free[age] + self.infected[age] * regime.any[age];
        }
        let mean = contacts * libm::exp(self.r_log) * force;
        let infected = draws.negative_binomial(mean, set.clustering * force) + draws.poisson(set.leaks_per_day);
        self.infected[0] = infected;
        self.free[0] = infected;
        found
    }

    /// R under the present screening.
    pub fn r(&self) -> f64 {
        libm::exp(self.r_log)
    }

    /// The dispersion of reports.
    pub fn dispersion(&self) -> f64 {
        libm::exp(self.dispersion_log)
    }

    /// What is reported of those found.
    pub fn report(&self, found: f64, draws: &mut Draws) -> f64 {
        draws.negative_binomial(found, self.dispersion())
    }
}
