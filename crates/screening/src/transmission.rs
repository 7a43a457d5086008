//! What screening does to transmission: a viral-load model after Larremore et al., "Test sensitivity is secondary to
//! frequency and turnaround time for COVID-19 screening", Science Advances 7, 2021 (eabd5393).
//!
//! The conventions are those of the paper's own calculations. A day is one number: loads, tests and isolation are looked at on
//! whole days after the infection, 0 to 27; who is tested every n days has the first test on any of the first n days; a result
//! that is known on a day takes that whole day's transmission away. 35 in 100 have symptoms and isolate when they come.
//! The baseline is the untreated infection's own R: with isolation at symptoms, without any screening. (The paper's notebook
//! takes as baseline what is left of symptoms where screening came first, which makes the reduction greater than it is: its
//! R of 0.91 instead of 2.5 is 1.06 by the baseline here.)
//!
//! People are not drawn: 2,048 of them fill the space of courses evenly, and all days of a first test are averaged, so the same
//! question has one answer, within 0.2 points of what a hundred times as many say.

mod course;

use course::courses;

/// Days after the infection that are looked at.
pub const DAYS: usize = 28;

/// An average over people, for each day after the infection.
pub type ByAge = [f64; DAYS];

/// How an infection goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Infection {
    /// How long all takes, as a share of the paper's times (those of 2020): below 1 everything is quicker.
    pub pace: f64,
    /// Share of people who have symptoms and isolate by themselves when they come.
    pub symptomatic: f64,
}

impl Default for Infection {
    /// As published.
    fn default() -> Self {
        Infection { pace: 1.0, symptomatic: 0.35 }
    }
}

/// How people are screened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screening {
    /// Days from one test of a person to the next, 1 and more. Between two whole numbers some people have the one and some the other.
    pub interval_days: f64,
    /// Days from the swab until who is positive is taken out of circulation.
    pub delay_days: f64,
    /// Share of people who come to be tested, always the same ones.
    pub participation: f64,
    /// Least load that a tube of one's own shows, as log10 of copies a millilitre; PCR 3, an antigen test 5 or 6.
    pub limit_log10: f64,
    /// People in a tube: one positive among n is diluted n times, and the limit rises by log10 n.
    pub pool: u32,
    /// Share of those found who really stay away from others.
    pub isolate: f64,
}

impl Default for Screening {
    /// Every second day, PCR alone in a tube, result the day after, everybody comes and isolates.
    fn default() -> Self {
        let (limit_log10, pool) = (3.0, 1);
        Screening { interval_days: 2.0, delay_days: 1.0, participation: 1.0, limit_log10, pool, isolate: 1.0 }
    }
}

/// Longest interval between tests. Where people's turn comes later, only the share of them that has it within this interval counts as taking part.
pub const INTERVAL_DAYS_MAX: f64 = DAYS as f64;

/// What becomes of infected people, by days after the infection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Share who are found on that day, by a test or by their symptoms.
    pub found: ByAge,
    /// Mean infectiousness of people not found yet, over all people, in units of log10 of the load above 10⁶.
    pub infectious: ByAge,
    /// The same without screening: who has symptoms isolates.
    pub untreated: ByAge,
    /// Share of those found who really stay away.
    pub isolate: f64,
}

impl Effect {
    /// Of a way of screening on infections of a kind.
    pub fn of(screening: &Screening, infection: &Infection) -> Effect {
        let parts = blend(screening);
        let mut effect = Effect {
            found: [0.0; DAYS],
            infectious: [0.0; DAYS],
            untreated: [0.0; DAYS],
            isolate: screening.isolate,
        };
        // Beyond the longest interval only so many have their turn within an infection.
        let participation = screening.participation * (INTERVAL_DAYS_MAX / screening.interval_days).min(1.0);
        let limit = screening.limit_log10 + libm::log10(f64::from(screening.pool.max(1)));
        for course in courses(infection) {
            let mut free = [1.0 - participation; DAYS];
            for &(interval, delay, share) in &parts {
                let tested = course.not_found_yet(limit, interval, delay);
                for (free, tested) in free.iter_mut().zip(tested) {
                    *free += participation * share * tested;
                }
            }
            let mut before = 1.0;
            for (age, free) in free.into_iter().enumerate() {
                let at_large = age < course.isolates;
                let load = course.weight * course.infectious[age];
                let left = if at_large { free } else { 0.0 };
                effect.found[age] += course.weight * (before - left);
                effect.infectious[age] += load * left;
                effect.untreated[age] += if at_large { load } else { 0.0 };
                before = left;
            }
        }
        effect
    }

    /// The share of R that screening takes away from the untreated infection.
    pub fn reduction(&self) -> f64 {
        let untreated: f64 = self.untreated.iter().sum();
        let screened: f64 = self.infectious.iter().sum();
        self.isolate * (1.0 - screened / untreated)
    }

    /// Mean days from an infection to those that it causes, without screening.
    pub fn generation_days(&self) -> f64 {
        let all: f64 = self.untreated.iter().sum();
        self.untreated.iter().enumerate().map(|(age, value)| age as f64 * value).sum::<f64>() / all
    }
}

/// Whole days of interval and delay, and the share of people who have them: as many tests a day, and the same mean delay.
fn blend(screening: &Screening) -> Vec<(usize, usize, f64)> {
    let interval = screening.interval_days.clamp(1.0, INTERVAL_DAYS_MAX);
    let (short, long) = (interval.floor(), interval.ceil());
    let often = if long > short { (1.0 / interval - 1.0 / long) / (1.0 / short - 1.0 / long) } else { 1.0 };
    let delay = screening.delay_days.clamp(0.0, DAYS as f64);
    let late = delay - delay.floor();
    let mut parts = Vec::new();
    for (interval, share) in [(short, often), (long, 1.0 - often)] {
        for (delay, of) in [(delay.floor(), 1.0 - late), (delay.ceil(), late)] {
            if share * of > 0.0 {
                parts.push((interval as usize, delay as usize, share * of));
            }
        }
    }
    parts
}
