//! The course of single infections: the load by days, when symptoms come.

use super::{ByAge, DAYS, Infection};

/// People who fill the space of courses: more change no reduction by more than 0.2 points.
const PEOPLE: usize = 2_048;
/// Log10 of the load above which somebody is infectious.
const INFECTIOUS_FROM: f64 = 6.0;
/// Log10 of the load at which the course begins.
const FIRST_SEEN: f64 = 3.0;
/// The real root of x⁶ = x + 1: its powers fill five dimensions evenly (Roberts' sequence).
const ROOT: f64 = 1.134_724_138_401_519_5;
/// Days from 10³ to the peak: 0.5 and a gamma of shape 1.5, no more than 3 together.
const TO_PEAK: (f64, f64) = (0.5, 3.0);
/// Places of the table of that gamma.
const PLACES: usize = 512;

/// One person with symptoms, or one without.
pub(super) struct Course {
    /// Share of all people whom this one stands for.
    pub weight: f64,
    /// Log10 of the load.
    pub load: ByAge,
    /// How far it is above what infects.
    pub infectious: ByAge,
    /// Day on which symptoms come; beyond the last where none do.
    pub isolates: usize,
}

/// All of them.
pub(super) fn courses(infection: &Infection) -> impl Iterator<Item = Course> {
    let (pace, symptomatic) = (infection.pace, infection.symptomatic.clamp(0.0, 1.0));
    let gamma = truncated_gamma();
    (0..PEOPLE).flat_map(move |person| {
        let mut step = 1.0;
        let mut even = || {
            step /= ROOT;
            let place = 0.5 + (person + 1) as f64 * step;
            place - place.floor()
        };
        let seen = 2.5 + even();
        let peak = seen + TO_PEAK.0 + at(&gamma, even());
        let most = 7.0 + 4.0 * even();
        let clearing = 4.0 + 5.0 * even();
        let onset = 3.0 * even();
        [(0.0, 1.0 - symptomatic, false), (onset, symptomatic, true)].map(|(longer, share, ill)| {
            let mut load = [f64::NEG_INFINITY; DAYS];
            let mut infectious = [0.0; DAYS];
            for (age, (load, infectious)) in load.iter_mut().zip(&mut infectious).enumerate() {
                let day = age as f64 / pace;
                if day >= peak {
                    *load = most + (INFECTIOUS_FROM - most) * (day - peak) / (clearing + longer);
                } else if day >= seen {
                    *load = FIRST_SEEN + (most - FIRST_SEEN) * (day - seen) / (peak - seen);
                }
                *infectious = (*load - INFECTIOUS_FROM).max(0.0);
            }
            let isolates = if ill { libm::round((peak + onset) * pace) as usize } else { DAYS };
            Course { weight: share / PEOPLE as f64, load, infectious, isolates }
        })
    })
}

impl Course {
    /// The probability that tests every so many days have not led to isolation by the end of each day.
    pub fn not_found_yet(&self, limit: f64, interval: usize, delay: usize) -> ByAge {
        let mut free = [1.0; DAYS];
        for phase in 0..interval {
            let shows = (phase..DAYS).step_by(interval).find(|&day| self.load[day] > limit);
            if let Some(day) = shows {
                free.iter_mut().skip(day + delay).for_each(|free| *free -= 1.0 / interval as f64);
            }
        }
        free.map(|free| free.max(0.0))
    }
}

/// Quantiles of a gamma of shape 1.5, cut where the peak would be later than it may.
fn truncated_gamma() -> Vec<f64> {
    let below = |x: f64| libm::erf(x.sqrt()) - 2.0 * (x / std::f64::consts::PI).sqrt() * libm::exp(-x);
    let last = TO_PEAK.1 - TO_PEAK.0;
    let all = below(last);
    let quantile = |place: usize| {
        let wanted = all * place as f64 / PLACES as f64;
        let (mut low, mut high) = (0.0, last);
        for _ in 0..30 {
            let middle = 0.5 * (low + high);
            if below(middle) < wanted { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    };
    (0..=PLACES).map(quantile).collect()
}

/// The value of a table of quantiles at a place from 0 to 1.
fn at(quantiles: &[f64], place: f64) -> f64 {
    let exact = place * PLACES as f64;
    let low = (exact as usize).min(PLACES - 1);
    quantiles[low] + (quantiles[low + 1] - quantiles[low]) * (exact - low as f64)
}
