//! Laws fitted to measured times by maximum likelihood, chosen by the Bayesian information criterion (G. Schwarz,
//! "Estimating the dimension of a model", Annals of Statistics 6 (1978)) and held against the sample by the
//! Kolmogorov–Smirnov distance.
//!
//! Map: `sample` the times in order · `atoms` values that come too often for chance · `form` a family and its parameters
//! · `single`, `two_parts`, `late` the estimates · `information` how sure they are · `goodness` whether the law fits ·
//! `choose` which one.

mod atoms;
mod choose;
mod form;
mod goodness;
mod information;
mod late;
mod sample;
mod single;
mod special;
mod two_parts;

pub(crate) use choose::distance_to;
pub use choose::{LEAST, fit, fit_reaction};
pub(crate) use goodness::p_value;

use crate::{dice::Dice, written};
use chance::Law;
use form::Form;
use serde::Serialize;

/// A law fitted to a sample.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    /// The law, with the keys of the scenario's TOML.
    #[serde(serialize_with = "written::law")]
    pub law: Law,
    /// Its family: `lognormal`, `gamma + floor`, `lognormal, slow constant` …
    pub family: String,
    /// Times in the sample.
    pub n: usize,
    /// Mean of the sample, in seconds.
    pub mean_s: f64,
    /// Standard deviation over mean of the sample.
    pub cv: f64,
    /// The parameters with their standard errors.
    pub parameters: Vec<Parameter>,
    /// Natural logarithm of the likelihood, point masses included.
    pub log_likelihood: f64,
    /// Akaike's information criterion.
    pub aic: f64,
    /// Bayesian information criterion: the least one was chosen.
    pub bic: f64,
    /// Kolmogorov–Smirnov distance between law and sample, point masses set apart.
    pub ks: f64,
    /// Chance of so great a distance if the law were true and had not been fitted: an upper bound.
    pub p: f64,
    /// Whether the law describes the sample; where none does, the law is empirical.
    pub fits: bool,
    #[serde(skip)]
    pub(crate) doubt: Doubt,
}

/// One parameter of a fitted law.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// Its name, as in the scenario's TOML where there is one; `slow_` for the second part of a mixture.
    pub name: String,
    /// Its value, in seconds or a share.
    pub value: f64,
    /// Its standard error; null where it has none (a bound, a point mass).
    pub se: Option<f64>,
}

/// How sure a fit is: enough to draw another law that the sample allows as well.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Doubt {
    pub n: f64,
    pub floor_s: f64,
    /// Point masses: value in seconds, and share of the sample.
    pub atoms: Vec<(f64, f64)>,
    pub form: Option<Form>,
    pub theta: Vec<f64>,
    /// Lower triangular root of the covariance of `theta`.
    pub root: Vec<Vec<f64>>,
    /// Where no law fits: the values with their weights.
    pub values: Vec<(f64, f64)>,
}

impl Doubt {
    pub fn law(&self) -> Law {
        self.law_with(&self.theta, &self.atoms, self.values.clone())
    }

    /// A law drawn from what the sample leaves open.
    pub fn drawn(&self, dice: &mut Dice) -> Law {
        let steps: Vec<f64> = self.theta.iter().map(|_| dice.normal()).collect();
        let moved = self.root.iter().zip(&self.theta).map(|(row, centre)| {
            centre + row.iter().zip(&steps).map(|(part, step)| part * step).sum::<f64>()
        });
        let theta: Vec<f64> = moved.collect();
        let atoms = self.atoms.iter().map(|&(value, share)| (value, dice.share(share, self.n)));
        let atoms: Vec<(f64, f64)> =
            if self.form.is_some() || self.atoms.len() > 1 { atoms.collect() } else { self.atoms.clone() };
        // The Bayesian bootstrap, for groups of n / m values each.
        let spread = (self.values.len() as f64 / self.n.max(1.0)).sqrt();
        let weigh = |&(value, weight): &(f64, f64)| (value, weight * (1.0 + spread * dice.normal()).max(0.0));
        let values: Vec<(f64, f64)> = self.values.iter().map(weigh).collect();
        let drawn = self.law_with(&theta, &atoms, values);
        if drawn.problems().is_empty() { drawn } else { self.law() }
    }

    fn law_with(&self, theta: &[f64], atoms: &[(f64, f64)], values: Vec<(f64, f64)>) -> Law {
        if !values.is_empty() {
            return Law::empirical(values);
        }
        let constant = |&(value, _): &(f64, f64)| Law::constant(value);
        let Some(form) = &self.form else {
            let all: f64 = atoms.iter().map(|(_, share)| share).sum();
            return match atoms {
                [] => Law::constant(0.0),
                [one] => constant(one),
                many => mixture(many.iter().map(|atom| (atom.1 / all, constant(atom))).collect()),
            };
        };
        let base = form.law(theta).with_floor(self.floor_s);
        if atoms.is_empty() {
            return base;
        }
        let held: f64 = atoms.iter().map(|(_, share)| share).sum::<f64>().min(0.999);
        let mut parts = match base.shape {
            chance::Shape::Mixture { parts } => {
                parts.into_iter().map(|(share, part)| (share * (1.0 - held), part)).collect()
            }
            shape => vec![(1.0 - held, Law { floor_s: base.floor_s, shape })],
        };
        parts.extend(atoms.iter().map(|atom| (atom.1, constant(atom))));
        mixture(parts)
    }
}

/// A mixture whose shares sum to 1 whatever was lost in rounding: the first part takes it.
fn mixture(mut parts: Vec<(f64, Law)>) -> Law {
    let others: f64 = parts.iter().skip(1).map(|(share, _)| share).sum();
    if let Some(first) = parts.first_mut() {
        first.0 = (1.0 - others).max(0.0);
    }
    Law::mixture(parts)
}
