//! People who react soon, and a share that comes late: a normal law, and a uniform one.

use super::{
    form::{Form, log_odds},
    sample::Sample,
    single::Estimate,
};

/// Where the late share may begin: quantiles of the sample, not before about half of the others have come.
const FROM: std::ops::RangeInclusive<u32> = 20..=48;
const FROM_STEPS: f64 = 50.0;

/// Expectation and maximisation for each place where the late share may begin. The likelihood jumps from one place to the
/// next, and the likeliest favours an early one; so the mean over all of them is taken, each by its likelihood.
pub(crate) fn normal_and_late(sample: &Sample) -> Option<Estimate> {
    let thin = sample.thinned();
    let high = sample.seconds.last().copied()?;
    let at = |step: u32| thin.quantile(f64::from(step) / FROM_STEPS);
    let tried = FROM.filter_map(|step| {
        let found = climb(&thin, start(&thin, at(step), high)?, 60)?;
        let width = (at(step + 1) - at(step - 1)).max(0.0);
        Some((found.log_likelihood(&thin) * sample.n() / thin.n(), width, found))
    });
    let tried: Vec<(f64, f64, Estimate)> = tried.collect();
    let most = tried.iter().map(|(likelihood, ..)| *likelihood).fold(f64::NEG_INFINITY, f64::max);
    let weighed =
        tried.iter().map(|(likelihood, width, found)| (width * libm::exp(likelihood - most), found));
    let weights: f64 = weighed.clone().map(|(weight, _)| weight).sum();
    if weights <= 0.0 {
        return None;
    }
    let mean = |of: &dyn Fn(&Estimate) -> f64| {
        weighed.clone().map(|(weight, found)| weight * of(found)).sum::<f64>() / weights
    };
    let low = mean(&|found| if let Form::NormalAndLate { low_s, .. } = found.form { low_s } else { 0.0 });
    let centre: Vec<f64> = (0..3).map(|place| mean(&|found| found.theta[place])).collect();
    let away = |found: &Estimate, place: usize| found.theta[place] - centre[place];
    let of_bound = |row: usize, column: usize| mean(&|found| away(found, row) * away(found, column));
    let bound_covariance = (0..3).map(|row| (0..3).map(|column| of_bound(row, column)).collect()).collect();
    let begun = climb(&thin, start(&thin, low, high)?, 60)?;
    // The latest of k uniform times lies a (k + 1)-th of their range below the bound.
    let late = super::form::share(begun.theta[0]) * sample.n();
    let form = Form::NormalAndLate { low_s: low, high_s: high + (high - low) / (late + 1.0) };
    let found = climb(sample, Estimate { form, ..begun }, 60)?;
    Some(Estimate { bound_covariance: Some(bound_covariance), ..found })
}

fn start(thin: &Sample, low: f64, high: f64) -> Option<Estimate> {
    let middle = thin.quantile(0.45);
    let spread = (thin.quantile(0.45) - thin.quantile(0.1)).max(1.0);
    let form = Form::NormalAndLate { low_s: low, high_s: high };
    (high > low).then(|| Estimate::plain(form, vec![log_odds(0.1), middle, libm::log(spread)]))
}

fn climb(sample: &Sample, mut found: Estimate, steps: u32) -> Option<Estimate> {
    let Form::NormalAndLate { low_s, high_s } = found.form else { return None };
    for _ in 0..steps {
        let (odds, mean, ln_sd) = (found.theta[0], found.theta[1], found.theta[2]);
        let late_log = odds - libm::log(high_s - low_s);
        let [mut late, mut weight, mut sum, mut squares] = [0.0; 4];
        for &x in &sample.seconds {
            let is_late = if x < low_s || x > high_s {
                0.0
            } else {
                let away = (x - mean) * libm::exp(-ln_sd);
                super::form::share(late_log + 0.918_938_533_204_672_8 + ln_sd + 0.5 * away * away)
            };
            late += is_late;
            weight += 1.0 - is_late;
            sum += (1.0 - is_late) * x;
            squares += (1.0 - is_late) * x * x;
        }
        let late_share = late / sample.n();
        let centre = sum / weight;
        let variance = squares / weight - centre * centre;
        if !(1e-4..=0.6).contains(&late_share) || variance <= 1e-6 {
            return None;
        }
        let theta = vec![log_odds(late_share), centre, 0.5 * libm::log(variance)];
        let moved = theta.iter().zip(&found.theta).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        found.theta = theta;
        if moved < 1e-5 {
            break;
        }
    }
    Some(found)
}
