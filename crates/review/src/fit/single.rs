//! Maximum likelihood of one law, with or without a floor.

use super::{
    form::Form,
    sample::Sample,
    special::{digamma, trigamma},
};

/// A family with the parameters that make the sample likeliest.
#[derive(Clone, Debug)]
pub(crate) struct Estimate {
    pub form: Form,
    pub theta: Vec<f64>,
    pub floor_s: f64,
    pub floor_se: Option<f64>,
    /// Covariance where it is known in closed form.
    pub covariance: Option<Vec<Vec<f64>>>,
    /// What not knowing a bound adds to the covariance.
    pub bound_covariance: Option<Vec<Vec<f64>>>,
}

impl Estimate {
    pub fn plain(form: Form, theta: Vec<f64>) -> Estimate {
        Estimate { form, theta, floor_s: 0.0, floor_se: None, covariance: None, bound_covariance: None }
    }

    fn with_variances(self, first: f64, second: f64) -> Estimate {
        Estimate { covariance: Some(vec![vec![first, 0.0], vec![0.0, second]]), ..self }
    }

    /// ln likelihood of a sample whose floor has not been taken off yet.
    pub fn log_likelihood(&self, sample: &Sample) -> f64 {
        let sum = |sample: &Sample| {
            let logs = sample.logs.iter().copied().chain(std::iter::repeat(0.0));
            let each = sample.seconds.iter().zip(logs);
            each.map(|(&x, ln_x)| self.form.log_density(&self.theta, x, ln_x)).sum()
        };
        if self.floor_s == 0.0 { sum(sample) } else { sum(&sample.above(self.floor_s)) }
    }
}

pub(crate) fn exponential(sample: &Sample) -> Option<Estimate> {
    if sample.least() < 0.0 || sample.mean <= 0.0 {
        return None;
    }
    let estimate = Estimate::plain(Form::Exponential, vec![libm::log(sample.mean)]);
    Some(Estimate { covariance: Some(vec![vec![1.0 / sample.n()]]), ..estimate })
}

/// The least time is the likeliest floor; on average it lies a mean / n too high, which is taken off.
pub(crate) fn exponential_above_floor(sample: &Sample) -> Option<Estimate> {
    let above = (sample.mean - sample.least()) / (sample.n() - 1.0);
    let floor_s = (sample.least() - above).max(0.0);
    if floor_s == 0.0 || sample.mean <= floor_s {
        return None;
    }
    let estimate = exponential(&sample.above(floor_s))?;
    Some(Estimate { floor_s, floor_se: Some(above), ..estimate })
}

pub(crate) fn lognormal(sample: &Sample) -> Option<Estimate> {
    if !sample.positive() || sample.variance_log <= 0.0 {
        return None;
    }
    let theta = vec![sample.mean_log, 0.5 * libm::log(sample.variance_log)];
    let n = sample.n();
    Some(Estimate::plain(Form::Lognormal, theta).with_variances(sample.variance_log / n, 0.5 / n))
}

/// Newton's method on ln k − ψ(k) = ln mean − mean of ln.
pub(crate) fn gamma(sample: &Sample) -> Option<Estimate> {
    if !sample.positive() {
        return None;
    }
    let gap = libm::log(sample.mean) - sample.mean_log;
    if gap <= 1e-9 {
        return None;
    }
    // T. Minka's start: within 1.5 % of the answer.
    let mut k = (3.0 - gap + ((gap - 3.0) * (gap - 3.0) + 24.0 * gap).sqrt()) / (12.0 * gap);
    for _ in 0..20 {
        let step = (libm::log(k) - digamma(k) - gap) / (1.0 / k - trigamma(k));
        let next = if step < k { k - step } else { 0.5 * k };
        if (next - k).abs() <= 1e-12 * k {
            break;
        }
        k = next;
    }
    let n = sample.n();
    let of_k = 1.0 / (n * (trigamma(k) - 1.0 / k));
    let estimate = Estimate::plain(Form::Gamma, vec![libm::log(sample.mean), -0.5 * libm::log(k)]);
    Some(estimate.with_variances(1.0 / (k * n), 0.25 * of_k / (k * k)))
}

pub(crate) fn normal(sample: &Sample) -> Option<Estimate> {
    if sample.variance <= 0.0 {
        return None;
    }
    let n = sample.n();
    let theta = vec![sample.mean, 0.5 * libm::log(sample.variance)];
    Some(Estimate::plain(Form::Normal, theta).with_variances(sample.variance / n, 0.5 / n))
}

/// Shares of the least time at which a floor is looked for. Not up to it: there the likelihood of a lognormal or gamma
/// law grows without bound, and says nothing.
const FLOORS: [f64; 8] = [0.2, 0.4, 0.55, 0.7, 0.8, 0.88, 0.94, 0.975];

/// The floor that makes a two-parameter law likeliest.
pub(crate) fn above_floor(sample: &Sample, of: fn(&Sample) -> Option<Estimate>) -> Option<Estimate> {
    let least = sample.least();
    if least <= 0.02 * sample.quantile(0.5) {
        return None;
    }
    let thin = sample.thinned();
    // The least of all stays, thinned or not: no time may lie below its floor.
    let score = |floor: f64| {
        let above = thin.above(floor);
        of(&above).map_or(f64::NEG_INFINITY, |estimate| estimate.log_likelihood(&above))
    };
    let scores = FLOORS.map(|share| score(share * least));
    let best = (0..FLOORS.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b]))?;
    let mut low = if best == 0 { 0.0 } else { FLOORS[best - 1] };
    let mut high = *FLOORS.get(best + 1).unwrap_or(&FLOORS[FLOORS.len() - 1]);
    for _ in 0..14 {
        let (left, right) = (low + 0.382 * (high - low), low + 0.618 * (high - low));
        if score(left * least) > score(right * least) {
            high = right;
        } else {
            low = left;
        }
    }
    let floor_s = 0.5 * (low + high) * least;
    let estimate = of(&sample.above(floor_s))?;
    // The profile likelihood bends by the information on the floor.
    let step = 0.01 * least;
    let bend = (score(floor_s + step) - 2.0 * score(floor_s) + score(floor_s - step)) / (step * step);
    let scale = thin.n() / sample.n();
    let floor_se = (bend < 0.0 && floor_s + step < least).then(|| (scale / -bend).sqrt());
    Some(Estimate { floor_s, floor_se, ..estimate })
}
