//! Draws of one path on one day, from a stream of its own.

use chance::{Cause, Chance, normal, unit};

/// Above this mean a Poisson number is drawn as a normal one: its relative error is below a hundredth of its own scatter.
const POISSON_EXACT_MAX: f64 = 40.0;
/// Above this shape a gamma is drawn by the cube of a normal (Wilson and Hilferty, PNAS 17, 1931).
const GAMMA_EXACT_MAX: f64 = 50.0;

/// A stream of draws.
pub(super) struct Draws {
    chance: Chance,
    path: u32,
    next: u32,
    block: [u32; 4],
}

impl Draws {
    /// Of a path, from streams that are the day's.
    pub fn new(chance: Chance, path: u32) -> Draws {
        Draws { chance, path, next: 0, block: [0; 4] }
    }

    fn word(&mut self) -> u32 {
        let place = self.next % 4;
        if place == 0 {
            self.block = self.chance.block(Cause::Epidemic, self.path, (self.next / 4) as u16);
        }
        self.next += 1;
        self.block[place as usize]
    }

    /// Above 0 and below 1.
    fn even(&mut self) -> f64 {
        unit(self.word()) + 0.5 / 4_294_967_296.0
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        normal(self.word())
    }

    /// Gamma of this shape and scale 1 (Marsaglia and Tsang, ACM TOMS 26, 2000).
    /// 0 of a shape that is no positive number: the draw would never end.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if !(shape > 0.0 && shape.is_finite()) {
            return 0.0;
        }
        if shape > GAMMA_EXACT_MAX {
            let root = 1.0 - 1.0 / (9.0 * shape) + self.normal() / (3.0 * shape.sqrt());
            return shape * (root * root * root).max(0.0);
        }
        if shape < 1.0 {
            let lift = libm::exp(libm::log(self.even()) / shape);
            return self.gamma(shape + 1.0) * lift;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            if libm::log(self.even()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }

    /// Poisson of this mean; 0 of a mean that is no number above 0.
    pub fn poisson(&mut self, mean: f64) -> f64 {
        if !(mean > 0.0 && mean.is_finite()) {
            return 0.0;
        }
        if mean > POISSON_EXACT_MAX {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0);
        }
        let at = self.even();
        let (mut number, mut share) = (0.0, libm::exp(-mean));
        let mut below = share;
        while below < at && share > 1e-18 {
            number += 1.0;
            share *= mean / number;
            below += share;
        }
        number
    }

    /// Negative binomial of this mean; its variance is mean + mean² / size.
    pub fn negative_binomial(&mut self, mean: f64, size: f64) -> f64 {
        if !(mean > 0.0 && mean.is_finite()) {
            return 0.0;
        }
        let rate = self.gamma(size) * mean / size;
        self.poisson(rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(draw: impl Fn(&mut Draws) -> f64) -> (f64, f64) {
        let values: Vec<f64> =
            (0..40_000).map(|path| draw(&mut Draws::new(Chance::new(5, 0, 0), path))).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let square = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
        (mean, square / values.len() as f64)
    }

    #[test]
    fn draws_have_the_mean_and_variance_of_their_laws() {
        for shape in [0.05, 0.4, 1.0, 3.0, 80.0] {
            let (mean, variance) = moments(|draws| draws.gamma(shape));
            assert!((mean - shape).abs() < 5.0 * (shape / 40_000.0).sqrt(), "{shape}: {mean}");
            assert!((variance / shape - 1.0).abs() < 0.15, "{shape}: {variance}");
        }
        for (of, size) in [(0.2, 0.1), (3.0, 0.5), (30.0, 4.0), (900.0, 10.0)] {
            let (mean, variance) = moments(|draws| draws.negative_binomial(of, size));
            let wanted: f64 = of + of * of / size;
            assert!((mean - of).abs() < 5.0 * (wanted / 40_000.0).sqrt(), "{of}: {mean}");
            assert!((variance / wanted - 1.0).abs() < 0.2, "{of}: {variance} for {wanted}");
        }
        for no in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
            let mut draws = Draws::new(Chance::new(5, 0, 0), 0);
            assert_eq!([draws.gamma(no), draws.poisson(no), draws.negative_binomial(no, no)], [0.0; 3]);
            assert_eq!(draws.negative_binomial(3.0, no), 0.0);
        }
        let (mean, variance) = moments(|draws| draws.poisson(12.0));
        assert!((mean - 12.0).abs() < 0.09 && (variance - 12.0).abs() < 0.5, "{mean} {variance}");
    }
}
