//! One way in which things may have gone, and may go on.

use super::{Assumptions, draws::Draws, regime::Regime};
use crate::transmission::DAYS;

/// Log of the dispersion of reports: from hardly more than guesses to nearly all of Poisson's law.
const DISPERSION_LOG: (f64, f64) = (0.4, 5.0);
/// What the dispersion of reports gains or loses in a day.
const DISPERSION_STEP: f64 = 0.03;
/// Most people infected on a day: as many as live on earth. Without a limit a path that nothing corrects for months leaves all numbers.
const INFECTED_MAX: f64 = 1e10;
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
        let found: f64 = (1..DAYS).map(|age| path.free[age - 1] * regime.found[age]).sum::<f64>()
            + path.infected[0] * regime.found[0];
        let times = level * libm::exp(0.5 * draws.normal()) / found.max(1e-9);
        for people in path.infected.iter_mut().chain(&mut path.free) {
            *people = (*people * times).min(INFECTED_MAX);
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
        let infected =
            draws.negative_binomial(mean, set.clustering * force) + draws.poisson(set.leaks_per_day);
        let infected = infected.min(INFECTED_MAX);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{target::SETS, transmission::Screening};
    use chance::Chance;

    /// R stands still, and one person was infected today.
    fn from_one(set: &Assumptions, r: f64) -> Path {
        let mut path =
            Path { infected: [0.0; DAYS], free: [0.0; DAYS], r_log: libm::log(r), dispersion_log: 2.0 };
        (path.infected[0], path.free[0]) = (1.0, 1.0);
        assert_eq!((set.restless, set.lasting), (0.0, 1.0));
        path
    }

    fn still(clustering: f64) -> Assumptions {
        Assumptions { restless: 0.0, lasting: 1.0, clustering, ..SETS[0] }
    }

    /// Whatever nobody corrects for years stays a number.
    #[test]
    fn a_path_that_grows_for_years_stays_a_number() {
        let now = Screening::default();
        let set = still(0.3);
        let regime = Regime::new(&now, &now, &set);
        let mut path = from_one(&set, 9.0);
        path.infected[0] = 1_000.0;
        path.free[0] = 1_000.0;
        for day in 0..1_000 {
            let found = path.day(&regime, 1.0, &set, &mut Draws::new(Chance::new(9, 0, day), 0));
            assert!(found.is_finite() && path.infected[0] <= INFECTED_MAX, "day {day}: {found}");
        }
        assert_eq!(path.infected[0], INFECTED_MAX);
    }

    /// An outbreak from one person dies out with the probability q that is its own generating function: q = (1 + R (1 − q) / k)⁻ᵏ.
    #[test]
    fn outbreaks_from_one_person_die_out_as_theory_says() {
        let now = Screening::default();
        for (r, k) in [(1.5, 0.3), (2.0, 0.1), (2.5, 1.0)] {
            let set = still(k);
            let regime = Regime::new(&now, &now, &set);
            let mut q = 0.0;
            for _ in 0..10_000 {
                q = libm::pow(1.0 + r * (1.0 - q) / k, -k);
            }
            let paths = 4_000;
            let dead = (0..paths).filter(|&number| {
                let mut path = from_one(&set, r);
                for day in 0..400 {
                    let mut draws = Draws::new(Chance::new(7, 0, day), number);
                    path.day(&regime, 1.0, &set, &mut draws);
                    let all: f64 = path.infected.iter().sum();
                    if all == 0.0 {
                        return true;
                    }
                    if all > 5_000.0 {
                        return false;
                    }
                }
                false
            });
            let share = dead.count() as f64 / f64::from(paths);
            let error = (q * (1.0 - q) / f64::from(paths)).sqrt();
            assert!((share - q).abs() < 3.5 * error, "R {r}, k {k}: {share} for {q}");
        }
    }

    /// Mean growth is Euler's and Lotka's: the mean number infected on day t is R Σ g(a) of those before.
    #[test]
    fn mean_cases_grow_as_the_renewal_equation_says() {
        let now = Screening { interval_days: 3.0, participation: 0.8, ..Screening::default() };
        let set = still(1.0);
        let regime = Regime::new(&now, &now, &set);
        let (r, days, paths) = (1.3, 30, 6_000);
        let mut mean = vec![0.0; days + 1];
        mean[0] = 1.0;
        let mut left = 1.0;
        let mut infects = [0.0; DAYS];
        for (age, infects) in infects.iter_mut().enumerate().skip(1) {
            left *= 1.0 - regime.found[age];
            *infects = r * left * regime.free[age];
        }
        for day in 1..=days {
            mean[day] = (1..=day.min(DAYS - 1)).map(|age| mean[day - age] * infects[age]).sum();
        }
        let mut sum = 0.0;
        for number in 0..paths {
            let mut path = from_one(&set, r);
            for day in 1..=days {
                path.day(&regime, 1.0, &set, &mut Draws::new(Chance::new(8, 1, day as u32), number));
            }
            sum += path.infected.iter().sum::<f64>();
        }
        let wanted: f64 = mean[days + 1 - DAYS..].iter().sum();
        let got = sum / f64::from(paths);
        assert!((got / wanted - 1.0).abs() < 0.1, "{got} for {wanted}");
    }
}
