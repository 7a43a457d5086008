//! How people come where nobody calls them: booked places, given times, or by chance.

use crate::{calls::Measured, observed::Observed};
use chance::{Law, TICKS_PER_SECOND, Ticks, special::normal_cdf};
use domain::{
    Scenario,
    scenario::{Arrivals, Flow},
};
use serde::Serialize;

/// Arrivals that no call explains.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pattern {
    /// The scenario's law: `appointments`, `schedule`, `poisson`.
    pub law: &'static str,
    /// People who came, a round.
    pub people: f64,
    /// Share of booked people who stayed away.
    pub no_show: Option<Measured>,
    /// People an hour, by hour after opening (one number for a constant rate).
    pub per_hour: Option<Vec<Measured>>,
    /// Whether the scenario's own pattern describes the arrivals: if so its punctuality is kept.
    pub pattern_fits: Option<bool>,
    /// Chance of so great a distance between pattern and arrivals, if the pattern were true.
    pub p: Option<f64>,
    /// Mean and standard deviation in seconds of a normal punctuality, by maximum likelihood; only where the scenario's
    /// own does not fit.
    pub punctuality: Option<[Measured; 2]>,
}

const HOUR: Ticks = 3600 * TICKS_PER_SECOND;
/// A pattern is dropped only for good reason.
const P_LEAST: f64 = 0.01;

/// Compares arrivals with the scenario's law; `None` where people are called, or the law is a mix.
pub(crate) fn measure(observed: &Observed, scenario: &Scenario) -> Option<Pattern> {
    let rounds = observed.rounds.len().max(1);
    let mut times: Vec<Ticks> = observed.visits().filter_map(|visit| visit.arrived).collect();
    times.sort_unstable();
    let pattern = |law| Pattern {
        law,
        people: times.len() as f64 / rounds as f64,
        no_show: None,
        per_hour: None,
        pattern_fits: None,
        p: None,
        punctuality: None,
    };
    match &scenario.arrivals {
        Arrivals::Appointments(booked) => {
            let slots: Vec<Ticks> = (0..Ticks::from(booked.slots)).map(|slot| slot * booked.slot).collect();
            let places = (slots.len() * booked.places as usize * rounds).max(1);
            let in_parties = scenario.visitors.iter().any(|visitor| !visitor.parties.is_empty());
            let parties = if in_parties { parties(observed, times.len()) } else { times.len() };
            let stayed_away = (1.0 - parties as f64 / places as f64).max(0.0);
            let known =
                Pattern { no_show: Some(Measured::share(stayed_away, places)), ..pattern("appointments") };
            Some(punctual(known, &times, &slots, booked.punctuality.as_ref()))
        }
        Arrivals::Schedule { times: booked, punctuality } => {
            Some(punctual(pattern("schedule"), &times, booked, punctuality.as_ref()))
        }
        Arrivals::Poisson(walk_ins) => {
            let until = walk_ins.until.or(times.last().copied()).unwrap_or(HOUR).max(1);
            let rate = |count: usize, hours: f64| {
                let value = count as f64 / hours;
                Measured { value, se: (count as f64).max(1.0).sqrt() / hours, n: count }
            };
            let per_hour = match &walk_ins.per_hour {
                Flow::Constant(_) => {
                    // Who reached the cap stopped the count: the rate rests on the time that this took.
                    let last = |round: &crate::observed::Round| {
                        let came = round.visits.iter().filter_map(|visit| visit.arrived);
                        let full = walk_ins.people.is_some_and(|cap| round.visits.len() >= cap as usize);
                        if full { came.max().unwrap_or(until) } else { until }
                    };
                    let hours: f64 =
                        observed.rounds.iter().map(|round| last(round).max(1) as f64 / HOUR as f64).sum();
                    vec![rate(times.len(), hours)]
                }
                Flow::Hourly(rates) => {
                    let of_hour = |hour: usize| {
                        let hour = hour as Ticks;
                        let inside = |&&at: &&Ticks| at >= hour * HOUR && at < (hour + 1) * HOUR;
                        rate(times.iter().filter(inside).count(), rounds as f64)
                    };
                    (0..rates.len()).map(of_hour).collect()
                }
            };
            Some(Pattern { per_hour: Some(per_hour), ..pattern("poisson") })
        }
        Arrivals::Broadcast { .. } | Arrivals::Waves | Arrivals::Mix(_) => None,
    }
}

/// People who came together in one vehicle hold one booking: they arrive at one tick in one lane.
fn parties(observed: &Observed, people: usize) -> usize {
    let together: usize = observed
        .rounds
        .iter()
        .map(|round| {
            round
                .visits
                .windows(2)
                .filter(|pair| {
                    pair[0].arrived.is_some()
                        && pair[0].arrived == pair[1].arrived
                        && pair[0].lane == pair[1].lane
                })
                .count()
        })
        .sum();
    people - together
}

/// The chance of having come by `at`, if all come `mean_s ± sd_s` seconds around their booked times.
fn share_by(at: f64, booked: &[Ticks], mean_s: f64, sd_s: f64) -> f64 {
    let come = |time: &Ticks| {
        let booked = *time as f64 / TICKS_PER_SECOND as f64 + mean_s;
        if sd_s > 0.0 { normal_cdf((at - booked) / sd_s) } else { f64::from(u8::from(at >= booked)) }
    };
    booked.iter().map(come).sum::<f64>() / booked.len().max(1) as f64
}

/// Holds arrivals against booked times; fits a normal punctuality where the scenario's does not describe them.
fn punctual(pattern: Pattern, times: &[Ticks], booked: &[Ticks], law: Option<&Law>) -> Pattern {
    if times.len() < crate::fit::LEAST || booked.is_empty() {
        return pattern;
    }
    let seconds: Vec<f64> = thinned(times).iter().map(|&at| at as f64 / TICKS_PER_SECOND as f64).collect();
    let (mean_s, sd_s) = law.map_or((0.0, 0.0), |law| (law.mean_s(), law.variance().sqrt()));
    let n = seconds.len() as f64;
    let far = seconds.iter().enumerate().map(|(place, &at)| {
        let share = share_by(at, booked, mean_s, sd_s);
        (share - place as f64 / n).abs().max((share - (place as f64 + 1.0) / n).abs())
    });
    let far = far.fold(0.0, f64::max);
    // Booked times are not drawn by chance, so arrivals spread less than a sample would: the chance is an upper bound.
    let p = crate::fit::p_value(far, times.len());
    let fits = p >= P_LEAST;
    let punctuality = if fits { None } else { normal(&seconds, booked, times.len()) };
    Pattern { pattern_fits: Some(fits), p: Some(p), punctuality, ..pattern }
}

fn thinned(times: &[Ticks]) -> Vec<Ticks> {
    let step = times.len().div_ceil(2_000).max(1);
    times.iter().copied().skip(step / 2).step_by(step).collect()
}

/// The likeliest normal punctuality: the mean is what arrivals are later than their bookings on average; the standard
/// deviation by a search over a range of two hours.
fn normal(seconds: &[f64], booked: &[Ticks], n: usize) -> Option<[Measured; 2]> {
    let mean_of = |values: &mut dyn Iterator<Item = f64>| {
        let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        sum / f64::max(count, 1.0)
    };
    let booked_s = || booked.iter().map(|&time| time as f64 / TICKS_PER_SECOND as f64);
    let mean = mean_of(&mut seconds.iter().copied()) - mean_of(&mut booked_s());
    let likelihood = |ln_sd: f64| -> f64 {
        let sd = libm::exp(ln_sd);
        let density = |at: f64| {
            booked_s()
                .map(|time| {
                    let away = (at - time - mean) / sd;
                    libm::exp(-0.5 * away * away)
                })
                .sum::<f64>()
                / sd
        };
        seconds.iter().map(|&at| libm::log(density(at).max(1e-300))).sum()
    };
    let (mut low, mut high) = (libm::log(5.0), libm::log(7200.0));
    for _ in 0..30 {
        let (left, right) = (low + 0.382 * (high - low), low + 0.618 * (high - low));
        if likelihood(left) > likelihood(right) { high = right } else { low = left }
    }
    let (ln_sd, step) = (0.5 * (low + high), 0.05);
    let bend =
        (likelihood(ln_sd + step) - 2.0 * likelihood(ln_sd) + likelihood(ln_sd - step)) / (step * step);
    let bend = bend * n as f64 / seconds.len() as f64;
    let sd = libm::exp(ln_sd);
    let se = if bend < 0.0 { sd / (-bend).sqrt() } else { sd };
    let mean = Measured { value: mean, se: sd / (n as f64).sqrt(), n };
    Some([mean, Measured { value: sd, se, n }])
}
