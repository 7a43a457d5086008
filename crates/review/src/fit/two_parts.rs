//! Two kinds of service in one sample, most quick and some slow: expectation and maximisation (A. P. Dempster, N. M.
//! Laird and D. B. Rubin, Journal of the Royal Statistical Society B 39 (1977)).

use super::{
    form::{Form, log_odds, share},
    sample::Sample,
    single::Estimate,
};

/// Shares of the sample, from the slow end, with which the search begins.
const STARTS: [f64; 4] = [0.5, 0.2, 0.1, 0.03];
/// A part narrower than this (in ln seconds) is a point mass in disguise.
const NARROWEST: f64 = 1e-3;
/// A smaller part is left to the other.
const LEAST_SHARE: f64 = 0.002;

/// Weighted sums of a part.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    weight: f64,
    sum: f64,
    squares: f64,
}

impl Part {
    fn add(&mut self, weight: f64, value: f64) {
        self.weight += weight;
        self.sum += weight * value;
        self.squares += weight * value * value;
    }

    fn mean(&self) -> f64 {
        self.sum / self.weight
    }

    fn ln_sd(&self) -> f64 {
        let mean = self.mean();
        0.5 * libm::log((self.squares / self.weight - mean * mean).max(NARROWEST * NARROWEST))
    }
}

/// A quick and a slow lognormal law.
pub(crate) fn two_lognormals(sample: &Sample) -> Option<Estimate> {
    best(
        sample,
        Form::TwoLognormals,
        |part, _| vec![part.mean(), part.ln_sd()],
        |part, _| vec![part.mean(), part.ln_sd()],
    )
}

/// A quick lognormal law, and a slow one that is exponential above a floor.
pub(crate) fn slow_exponential(sample: &Sample) -> Option<Estimate> {
    let floors = [0.0, 0.05, 0.5, 0.9].map(|share| if share > 0.0 { sample.quantile(share) } else { 0.0 });
    let thin = sample.thinned();
    let tried = floors.into_iter().filter_map(|floor_s| {
        let form = Form::SlowExponential { floor_s };
        let found = best(
            &thin,
            form,
            |part, _| vec![part.mean(), part.ln_sd()],
            |_, part| vec![libm::log(part.mean().max(1e-6))],
        )?;
        Some((found.log_likelihood(&thin), found))
    });
    let (_, found) = tried.max_by(|a, b| a.0.total_cmp(&b.0))?;
    polish(
        sample,
        found,
        |part, _| vec![part.mean(), part.ln_sd()],
        |_, part| vec![libm::log(part.mean().max(1e-6))],
    )
}

/// What maximises a part's likelihood, from its sums of ln seconds and of seconds above the slow part's floor.
type Maximise = fn(&Part, &Part) -> Vec<f64>;

fn best(sample: &Sample, form: Form, quick: Maximise, slow: Maximise) -> Option<Estimate> {
    if !sample.positive() {
        return None;
    }
    let thin = sample.thinned();
    let tried = STARTS.into_iter().filter_map(|start| {
        let cut = thin.len() - ((start * thin.n()) as usize).clamp(2, thin.len().saturating_sub(2).max(2));
        let begun = maximise(&thin, form, quick, slow, |place| if place < cut { 0.02 } else { 0.98 })?;
        let found = climb(&thin, begun, quick, slow, 40)?;
        Some((found.log_likelihood(&thin), found))
    });
    let (_, found) = tried.max_by(|a, b| a.0.total_cmp(&b.0))?;
    polish(sample, found, quick, slow)
}

/// Goes on with the whole sample where the search used a part of it.
fn polish(sample: &Sample, found: Estimate, quick: Maximise, slow: Maximise) -> Option<Estimate> {
    let mut found = climb(sample, found, quick, slow, 60)?;
    if found.form == Form::TwoLognormals && found.theta[3] < found.theta[1] {
        found.theta = vec![-found.theta[0], found.theta[3], found.theta[4], found.theta[1], found.theta[2]];
    }
    let slow_share = share(found.theta[0]);
    (LEAST_SHARE..=1.0 - LEAST_SHARE).contains(&slow_share).then_some(found)
}

fn climb(
    sample: &Sample,
    mut found: Estimate,
    quick: Maximise,
    slow: Maximise,
    steps: u32,
) -> Option<Estimate> {
    for _ in 0..steps {
        let theta = found.theta.clone();
        let form = found.form;
        let next = maximise(sample, form, quick, slow, |place| {
            slow_weight(form, &theta, sample.seconds[place], sample.logs[place])
        })?;
        let moved = next.theta.iter().zip(&theta).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        found = next;
        if moved < 1e-6 {
            break;
        }
    }
    Some(found)
}

/// The chance that a time belongs to the slow part.
fn slow_weight(form: Form, theta: &[f64], x: f64, ln_x: f64) -> f64 {
    let away = (ln_x - theta[1]) * libm::exp(-theta[2]);
    let quick = -theta[2] - 0.5 * away * away;
    let slow = match form {
        Form::SlowExponential { floor_s } if x < floor_s => return 0.0,
        // The quick part's density is one of ln x here: so must be the slow one's. ½ ln 2π is common to lognormals only.
        Form::SlowExponential { floor_s } => {
            0.918_938_533_204_672_8 + ln_x - theta[3] - (x - floor_s) * libm::exp(-theta[3])
        }
        _ => {
            let away = (ln_x - theta[3]) * libm::exp(-theta[4]);
            -theta[4] - 0.5 * away * away
        }
    };
    share(theta[0] + slow - quick)
}

fn maximise(
    sample: &Sample,
    form: Form,
    quick: Maximise,
    slow: Maximise,
    weight: impl Fn(usize) -> f64,
) -> Option<Estimate> {
    let floor = if let Form::SlowExponential { floor_s } = form { floor_s } else { 0.0 };
    let [mut quick_logs, mut slow_logs, mut slow_above] = [Part::default(); 3];
    for (place, (&x, &ln_x)) in sample.seconds.iter().zip(&sample.logs).enumerate() {
        let weight = weight(place);
        quick_logs.add(1.0 - weight, ln_x);
        slow_logs.add(weight, ln_x);
        slow_above.add(weight, (x - floor).max(0.0));
    }
    let slow_share = slow_logs.weight / sample.n();
    if !(1e-4..=1.0 - 1e-4).contains(&slow_share) {
        return None;
    }
    let mut theta = vec![log_odds(slow_share)];
    theta.extend(quick(&quick_logs, &slow_above));
    theta.extend(slow(&slow_logs, &slow_above));
    Some(Estimate::plain(form, theta))
}
