//! Which law, and how well it fits.

use super::{
    Doubt, Fit, Parameter,
    atoms::{atoms, seconds},
    form::Form,
    goodness::{distance, p_value},
    information::{covariance, root},
    late::normal_and_late,
    sample::{Sample, step},
    single::{Estimate, above_floor, exponential, exponential_above_floor, gamma, lognormal, normal},
    two_parts::{slow_exponential, two_lognormals},
};
use chance::{Law, TICKS_PER_SECOND, Ticks};

/// Fewer times than this say too little about a law.
pub const LEAST: usize = 20;
/// A law of two parts asks for more.
const LEAST_FOR_PARTS: usize = 100;
/// A law is dropped for the sample itself only if chance speaks against it and the distance matters.
const P_LEAST: f64 = 0.01;
const P_ENOUGH: f64 = 0.2;
const DISTANCE_HARMLESS: f64 = 0.02;
/// Values kept of a sample that no law describes.
const VALUES: usize = 400;
/// Times beyond this are not used: a tap forgotten for a day is no service.
const LONGEST: Ticks = 24 * 3600 * TICKS_PER_SECOND;

/// The law of times that cannot be negative, in ticks; `None` for fewer than [`LEAST`].
pub fn fit(times: &[Ticks]) -> Option<Fit> {
    let kept = times.iter().copied().filter(|time| (0..LONGEST).contains(time)).collect();
    choose(kept, |sample| {
        let mut all = vec![
            exponential(sample),
            exponential_above_floor(sample),
            lognormal(sample),
            gamma(sample),
            above_floor(sample, lognormal),
            above_floor(sample, gamma),
        ];
        if sample.len() >= LEAST_FOR_PARTS && !all.iter().flatten().any(|one| describes(one, sample)) {
            all.extend([two_lognormals(sample), slow_exponential(sample)]);
        }
        all
    })
}

/// Whether a law alone fits so well that no second part is looked for.
fn describes(estimate: &Estimate, sample: &Sample) -> bool {
    let law = estimate.form.law(&estimate.theta).with_floor(estimate.floor_s);
    p_value(distance(&law, &sample.seconds, sample.half_step), sample.len()) >= P_ENOUGH
}

/// The law of a reaction, in ticks, which may be negative: early.
pub fn fit_reaction(times: &[Ticks]) -> Option<Fit> {
    let kept = times.iter().copied().filter(|time| (-LONGEST..LONGEST).contains(time)).collect();
    choose(kept, |sample| {
        let mut all = vec![normal(sample)];
        if sample.positive() {
            all.extend([exponential(sample), lognormal(sample), gamma(sample)]);
            all.push(above_floor(sample, lognormal));
        }
        if sample.len() >= LEAST_FOR_PARTS {
            all.push(normal_and_late(sample));
        }
        all
    })
}

fn choose(mut ticks: Vec<Ticks>, candidates: impl Fn(&Sample) -> Vec<Option<Estimate>>) -> Option<Fit> {
    if ticks.len() < LEAST {
        return None;
    }
    ticks.sort_unstable();
    let whole = Sample::new(ticks.iter().map(|&time| seconds(time)).collect(), 0.0);
    let n = whole.n();
    let step = step(&ticks);
    let masses = atoms(&ticks, step);
    let is_mass = |time: Ticks| masses.iter().any(|&(value, _)| value == time);
    // Nothing takes no time: what was rounded down to nothing took a part of a step.
    let shortest = seconds(step) / 4.0;
    let positive = ticks.iter().all(|&time| time >= 0);
    let smooth = ticks
        .iter()
        .filter(|&&time| !is_mass(time))
        .map(|&time| if positive { seconds(time).max(shortest) } else { seconds(time) });
    let half_step = if step > 1 { seconds(step) / 2.0 } else { 0.0 };
    let smooth = Sample::new(smooth.collect(), half_step);
    let shares: Vec<(f64, f64)> =
        masses.iter().map(|&(value, count)| (seconds(value), count as f64 / n)).collect();
    let doubt = Doubt { n, atoms: shares, ..Doubt::default() };
    // Some stray values beside constants are no law of their own.
    if smooth.n() < (LEAST as f64).min(0.02 * n).max(2.0) || smooth.variance <= 0.0 {
        if masses.is_empty() {
            return Some(values_of(&whole, None));
        }
        return Some(constants(&whole, doubt));
    }
    let scored = candidates(&smooth).into_iter().flatten().filter_map(|estimate| {
        let floors = f64::from(u8::from(estimate.floor_s > 0.0));
        let freedom = estimate.form.freedom() + floors + masses.len() as f64;
        let likelihood = estimate.log_likelihood(&smooth) + log_of_shares(&masses, ticks.len());
        let law = estimate.form.law(&estimate.theta).with_floor(estimate.floor_s);
        let sound = likelihood.is_finite() && law.problems().is_empty();
        sound.then(|| (freedom * libm::log(n) - 2.0 * likelihood, freedom, likelihood, estimate))
    });
    let Some((bic, freedom, log_likelihood, estimate)) = scored.min_by(|a, b| a.0.total_cmp(&b.0)) else {
        return Some(values_of(&whole, None));
    };
    let above = if estimate.floor_s > 0.0 { smooth.above(estimate.floor_s) } else { smooth.clone() };
    let covariance = covariance(&estimate, &above);
    let smooth_law = estimate.form.law(&estimate.theta).with_floor(estimate.floor_s);
    let ks = distance(&smooth_law, &smooth.seconds, half_step);
    let p = p_value(ks, smooth.len());
    let doubt = Doubt {
        floor_s: estimate.floor_s,
        form: Some(estimate.form),
        theta: estimate.theta.clone(),
        root: root(&covariance),
        ..doubt
    };
    let found = Fit {
        law: doubt.law(),
        family: family(&estimate, masses.len()),
        n: ticks.len(),
        mean_s: whole.mean,
        cv: ratio(whole.variance.sqrt(), whole.mean),
        parameters: parameters(&estimate, &covariance, &doubt),
        log_likelihood,
        aic: 2.0 * (freedom - log_likelihood),
        bic,
        ks,
        p,
        fits: p >= P_LEAST || ks <= DISTANCE_HARMLESS,
        doubt,
    };
    Some(if found.fits { found } else { values_of(&whole, Some(found)) })
}

fn ratio(sd: f64, mean: f64) -> f64 {
    if mean == 0.0 { 0.0 } else { sd / mean }
}

/// ln of the chance of which times are point masses.
fn log_of_shares(masses: &[(Ticks, usize)], n: usize) -> f64 {
    let held: usize = masses.iter().map(|mass| mass.1).sum();
    let counts = masses.iter().map(|mass| mass.1).chain([n - held]).filter(|&count| count > 0);
    counts.map(|count| count as f64 * libm::log(count as f64 / n as f64)).sum()
}

fn family(estimate: &Estimate, masses: usize) -> String {
    let mut family = estimate.form.name().to_owned();
    if estimate.floor_s > 0.0 {
        family += " + floor";
    }
    if masses > 0 {
        family += ", constant";
    }
    family
}

fn constants(whole: &Sample, doubt: Doubt) -> Fit {
    let held: f64 = doubt.atoms.iter().map(|(_, share)| share).sum();
    Fit {
        law: doubt.law(),
        family: "constant".to_owned(),
        n: whole.len(),
        mean_s: whole.mean,
        cv: ratio(whole.variance.sqrt(), whole.mean),
        parameters: masses_of(&doubt),
        log_likelihood: 0.0,
        aic: 0.0,
        bic: 0.0,
        ks: 1.0 - held,
        p: 1.0,
        fits: true,
        doubt,
    }
}

/// The sample itself, where no law describes it: groups of equal size by their means, so that the mean is kept.
fn values_of(whole: &Sample, tried: Option<Fit>) -> Fit {
    let groups = VALUES.min(whole.len());
    let group = |number: usize| {
        let (from, to) = (number * whole.len() / groups, (number + 1) * whole.len() / groups);
        let members = &whole.seconds[from..to];
        (members.iter().sum::<f64>() / members.len() as f64, members.len() as f64)
    };
    let values: Vec<(f64, f64)> = (0..groups).map(group).collect();
    let doubt = Doubt { n: whole.n(), values, ..Doubt::default() };
    let (log_likelihood, ks, p) =
        tried.map_or((0.0, 0.0, 1.0), |tried| (tried.log_likelihood, tried.ks, tried.p));
    Fit {
        law: doubt.law(),
        family: "empirical".to_owned(),
        n: whole.len(),
        mean_s: whole.mean,
        cv: ratio(whole.variance.sqrt(), whole.mean),
        parameters: Vec::new(),
        log_likelihood,
        aic: -2.0 * log_likelihood,
        bic: -2.0 * log_likelihood,
        ks,
        p,
        fits: false,
        doubt,
    }
}

fn masses_of(doubt: &Doubt) -> Vec<Parameter> {
    let of = |&(value, share): &(f64, f64)| {
        let se = (share * (1.0 - share) / doubt.n).sqrt();
        [
            Parameter { name: "constant_s".to_owned(), value, se: None },
            Parameter { name: "constant_share".to_owned(), value: share, se: Some(se) },
        ]
    };
    doubt.atoms.iter().flat_map(of).collect()
}

/// Values and standard errors (delta method) in the words of the scenario's TOML.
fn parameters(estimate: &Estimate, covariance: &[Vec<f64>], doubt: &Doubt) -> Vec<Parameter> {
    let Estimate { form, theta, .. } = estimate;
    let readings = |theta: &[f64]| form.readings(theta);
    let gradients: Vec<Vec<f64>> = (0..theta.len())
        .map(|place| {
            let step = 1e-5 * theta[place].abs().max(1.0);
            let side = |sign: f64| {
                let mut moved = theta.clone();
                moved[place] += sign * step;
                readings(&moved)
            };
            let (up, down) = (side(1.0), side(-1.0));
            up.iter().zip(&down).map(|(up, down)| (up.1 - down.1) / (2.0 * step)).collect()
        })
        .collect();
    let se = |reading: usize| {
        let variance: f64 = (0..theta.len())
            .flat_map(|row| (0..theta.len()).map(move |column| (row, column)))
            .map(|(row, column)| {
                gradients[row][reading] * gradients[column][reading] * covariance[row][column]
            })
            .sum();
        variance.max(0.0).sqrt()
    };
    let mut all: Vec<Parameter> = readings(theta)
        .into_iter()
        .enumerate()
        .map(|(place, (name, value))| Parameter { name: name.to_owned(), value, se: Some(se(place)) })
        .collect();
    if estimate.floor_s > 0.0 {
        let (value, se) = (estimate.floor_s, estimate.floor_se);
        all.push(Parameter { name: "floor_s".to_owned(), value, se });
    }
    let bound = |(name, value): (&str, f64)| Parameter { name: name.to_owned(), value, se: None };
    all.extend(form.bounds().into_iter().map(bound));
    all.extend(masses_of(doubt));
    all
}

/// How far a given law lies from times in ticks: the distance and its chance.
pub(crate) fn distance_to(law: &Law, times: &[Ticks]) -> (f64, f64) {
    let mut ticks = times.to_vec();
    ticks.sort_unstable();
    let step = step(&ticks);
    let half_step = if step > 1 { seconds(step) / 2.0 } else { 0.0 };
    let all: Vec<f64> = ticks.iter().map(|&time| seconds(time)).collect();
    let far = distance(law, &all, half_step);
    (far, p_value(far, all.len()))
}

impl Fit {
    /// The late share and its law, where a reaction has one; the common law otherwise.
    pub(crate) fn parts(law: &Law, form: Option<Form>) -> (Law, Option<(f64, Law)>) {
        match (&law.shape, form) {
            (chance::Shape::Mixture { parts }, Some(Form::NormalAndLate { .. })) if parts.len() == 2 => {
                (parts[0].1.clone(), Some(parts[1].clone()))
            }
            _ => (law.clone(), None),
        }
    }
}
