//! Draws from what a sample leaves open.

use chance::{Cause, Chance, normal};

/// A stream of normal draws; the same seed gives the same again.
#[derive(Clone, Debug)]
pub(crate) struct Dice {
    chance: Chance,
    next: u32,
}

/// Keeps these draws apart from those of a rehearsal with the same seed.
const SITE: u32 = (1 << 31) + 2;

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice { chance: Chance::new(seed, SITE, 0), next: 0 }
    }

    /// A standard normal draw.
    pub fn normal(&mut self) -> f64 {
        let word = self.chance.word(Cause::Planning, self.next, 0);
        self.next += 1;
        normal(word)
    }

    /// A share that a sample of `n` allows as well: normal on the scale of log odds.
    pub fn share(&mut self, share: f64, n: f64) -> f64 {
        let step = self.normal();
        // None or all of few people are not none or all of everyone: half a person is added to either side.
        let within = (share * n + 0.5) / (n + 1.0);
        let se = 1.0 / ((n + 1.0) * within * (1.0 - within)).sqrt();
        let odds = libm::log(within / (1.0 - within)) + se * step;
        1.0 / (1.0 + libm::exp(-odds))
    }

    /// A positive number: normal on the scale of logarithms.
    pub fn positive(&mut self, value: f64, se: f64) -> f64 {
        let step = self.normal();
        if value <= 0.0 { value } else { value * libm::exp(se / value * step) }
    }
}
