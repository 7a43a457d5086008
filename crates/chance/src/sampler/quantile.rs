//! The quantile function of each continuous law.

use crate::law::Shape;
use crate::special::{gamma_quantile, normal_quantile_of_tails};

/// A quantile function in seconds, without the floor: of the probability `p` below and `q = 1 - p` above, each given
/// in full precision.
pub(super) type Quantile = Box<dyn Fn(f64, f64) -> f64>;

/// The quantile function of a continuous law.
///
/// # Panics
/// For empirical laws and mixtures, which are drawn without one.
pub(super) fn quantile_of(shape: &Shape) -> Quantile {
    match *shape {
        Shape::Exponential { mean_s } => Box::new(move |p, q| mean_s * -log_of_upper(p, q)),
        Shape::Lognormal { mu, sigma } => {
            Box::new(move |p, q| libm::exp(mu + sigma * normal_quantile_of_tails(p, q)))
        }
        Shape::Normal { mean_s, sd_s } => {
            Box::new(move |p, q| mean_s + sd_s * normal_quantile_of_tails(p, q))
        }
        Shape::Gamma { mean_s, cv } => {
            let k = 1.0 / (cv * cv);
            let scale_s = mean_s / k;
            Box::new(move |p, q| scale_s * gamma_quantile(k, p, q))
        }
        Shape::Uniform { min_s, max_s } => {
            let range = max_s - min_s;
            Box::new(move |p, q| if p <= q { min_s + range * p } else { max_s - range * q })
        }
        Shape::Triangular { min_s, mode_s, max_s } => {
            let range = max_s - min_s;
            let (left, right) = (mode_s - min_s, max_s - mode_s);
            Box::new(move |p, q| {
                if p * range <= left {
                    min_s + (p * range * left).sqrt()
                } else {
                    max_s - (q * range * right).sqrt()
                }
            })
        }
        Shape::Constant { mean_s } => Box::new(move |_, _| mean_s),
        Shape::Empirical { .. } | Shape::Mixture { .. } => unreachable!("drawn without a quantile function"),
    }
}

/// ln q, from whichever tail carries the precision.
fn log_of_upper(p: f64, q: f64) -> f64 {
    if q < 0.5 { libm::log(q) } else { libm::log1p(-p) }
}
