//! `target`: when there may be no cases outside quarantine any more, policies side by side, and what moves it most.
//!
//! Map: [`answer`] the question · `levers` single changes · `output` the JSON · `sentences` what people read.

mod levers;
mod output;
mod sentences;

pub use levers::{Lever, Levers};
pub use output::{TargetDate, TargetOutput};
pub use sentences::{chance_of, lever_key, set_key};

use crate::Voice;
use jiff::{ToSpan, civil::Date};
use scenario::target::{MEASURES, Measures, PolicyFile, PolicyStep, Series};
use screening::{
    target::{Forecast, Goal, Policy, SETS, Scores, Step, Tracker, backtest, forecast},
    transmission::{Effect, Infection, Screening},
};

/// Paths of each set of assumptions.
const PATHS: usize = 4_000;
/// Days ahead, where no date is asked for.
const DAYS: usize = 28;
/// The day ahead that is spoken of, where no date is asked for.
const BY_DAY: usize = 14;
/// Days ahead at most.
pub const DAYS_MAX: usize = 120;
/// Effective paths below which a forecast is that of a handful of paths, whatever their number.
const EFFECTIVE_MIN: f64 = 20.0;
/// Share of the work that each part is, for the bar.
const PARTS: [f64; 3] = [0.1, 0.35, 0.55];

/// What is asked.
pub struct Question<'a> {
    /// Cases so far: nothing after its last day is known.
    pub series: &'a Series,
    /// Policies with the names of their files; none: all goes on as it was.
    pub policies: &'a [(String, PolicyFile)],
    /// When the target counts as reached.
    pub goal: Goal,
    /// The date that is promised; default: two weeks ahead.
    pub by: Option<Date>,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Hears the share that is done.
    pub progress: &'a mut dyn FnMut(f64),
}

/// What one policy leads to.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The policy; `None`: all goes on as it was.
    pub policy: Option<PolicyFile>,
    /// Its file.
    pub file: Option<String>,
    /// By each day ahead, the probability under each set of assumptions.
    pub by_set: Vec<Vec<f64>>,
    /// The mean of all sets.
    pub probability: Vec<f64>,
    /// Cases of each day that 5, 25, 50, 75 and 95 in 100 paths do not exceed, all sets together.
    pub cases: Vec<[f64; 5]>,
    /// What screening takes from R in each step, the present one first, by the middle assumptions.
    pub reductions: Vec<f64>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Cases so far.
    pub series: Series,
    /// When the target counts as reached.
    pub goal: Goal,
    /// Days at the end of the series that keep it already.
    pub kept: usize,
    /// The day ahead (from 0) that is spoken of.
    pub by_day: usize,
    /// Policies in the order in which they were given.
    pub outlooks: Vec<Outlook>,
    /// For each set of assumptions: R under the present screening at 5, 50 and 95 in 100, and how well it foretold.
    pub sets: Vec<([f64; 3], f64)>,
    /// For each set: the fewest paths on which the last days rest.
    pub effective_paths: Vec<f64>,
    /// What moves the first policy.
    pub levers: Levers,
    /// How good such forecasts were within the series.
    pub scores: Scores,
}

/// Answers.
pub fn answer(question: Question<'_>) -> Answer {
    let Question { series, policies, goal, by, seed, progress } = question;
    let by_day = by.map_or(BY_DAY - 1, |date| days_ahead(series, date) - 1).min(DAYS_MAX - 1);
    let days = DAYS.max(by_day + 1);
    let kept = goal.kept(&series.cases);
    let now = screening(&policies.first().map_or(MEASURES, |(_, policy)| policy.now));
    let numbered = (0..).zip(SETS);
    let trackers: Vec<Tracker> = numbered
        .map(|(site, set)| {
            let mut tracker = Tracker::new(set, site, now, &series.cases, seed);
            series.cases.iter().for_each(|cases| tracker.learn(*cases));
            progress(PARTS[0] * f64::from(site + 1) / SETS.len() as f64);
            tracker
        })
        .collect();
    let asked: Vec<Option<&(String, PolicyFile)>> =
        if policies.is_empty() { vec![None] } else { policies.iter().map(Some).collect() };
    let last = days + goal.days - 1;
    let mut outlooks = Vec::new();
    for policy in &asked {
        let steps = policy.map(|(_, policy)| policy.steps.as_slice()).unwrap_or_default();
        let lived: Vec<Forecast> =
            trackers.iter().map(|tracker| forecast(tracker, &policy_of(steps), last, PATHS)).collect();
        let by_set: Vec<Vec<f64>> = lived.iter().map(|one| one.reached(&goal, kept)).collect();
        let all = Forecast::together(&lived);
        let cases = (0..days).map(|day| all.quantiles(day, [0.05, 0.25, 0.5, 0.75, 0.95])).collect();
        let reductions = std::iter::once(now).chain(steps.iter().map(|step| screening(&step.measures)));
        let reductions =
            reductions.map(|one| Effect::of(&SETS[0].really(&one), &middle()).reduction()).collect();
        outlooks.push(Outlook {
            policy: policy.map(|(_, policy)| policy.clone()),
            file: policy.map(|(file, _)| file.clone()),
            probability: all.reached(&goal, kept),
            by_set,
            cases,
            reductions,
        });
        progress(PARTS[0] + PARTS[1] * 0.5 * outlooks.len() as f64 / asked.len() as f64);
    }
    let first = asked.first().copied().flatten().map(|(_, policy)| policy);
    let levers = levers::pull(&trackers, first, &goal, kept, (by_day, days));
    progress(PARTS[0] + PARTS[1]);
    let scores = backtest(&series.cases, &|day| series.known_on(day), now, &goal, seed, &mut |done| {
        progress(PARTS[0] + PARTS[1] + PARTS[2] * done);
    });
    let sets = trackers.iter().map(|tracker| (tracker.r(), tracker.log_score())).collect();
    let effective_paths = trackers.iter().map(Tracker::effective_paths).collect();
    Answer { series: series.clone(), goal, kept, by_day, outlooks, sets, effective_paths, levers, scores }
}

/// Days from the last known one to a date; 1 is the next, and no date is earlier.
pub fn days_ahead(series: &Series, date: Date) -> usize {
    let days = series.last().until(date).map_or(1, |span| span.get_days());
    usize::try_from(days).unwrap_or(1).max(1)
}

/// How infections go in the middle set.
fn middle() -> Infection {
    SETS[0].infection()
}

/// As laboratories let it be: where they finish fewer tubes than are filled, people's turn comes later.
pub fn screening(measures: &Measures) -> Screening {
    Screening {
        interval_days: measures.interval_days.max(laboratory_interval(measures).unwrap_or(1.0)),
        delay_days: measures.delay_days,
        participation: measures.participation,
        limit_log10: measures.limit_log10,
        pool: measures.pool,
        isolate: measures.isolate,
    }
}

/// Days for which laboratories need to test everybody once.
fn laboratory_interval(measures: &Measures) -> Option<f64> {
    let (people, tubes) = (measures.people?, measures.lab_tubes_per_day?);
    Some(people * measures.participation / f64::from(measures.pool) / tubes)
}

/// Whether laboratories, and not the interval that is wished, say how often people are tested.
pub fn laboratories_bind(measures: &Measures) -> bool {
    laboratory_interval(measures).is_some_and(|interval| interval > measures.interval_days)
}

fn policy_of(steps: &[PolicyStep]) -> Policy {
    let step = |step: &PolicyStep| Step {
        from: step.from,
        screening: screening(&step.measures),
        contacts: step.measures.contacts,
    };
    Policy(steps.iter().map(step).collect())
}

impl Answer {
    /// The date of a day ahead, from 0.
    pub fn date(&self, day: usize) -> Date {
        self.series.last().saturating_add((day as i64 + 1).days())
    }

    /// A policy's name.
    pub fn name(&self, outlook: &Outlook, voice: Voice) -> String {
        match &outlook.policy {
            Some(policy) => voice.language.among(&policy.names).to_owned(),
            None => voice.word("target.as_now"),
        }
    }

    /// Whether the last numbers came as no path foretold them, under most sets of assumptions: what is said then rests on next to nothing.
    pub fn is_lost(&self) -> bool {
        let lost = self.effective_paths.iter().filter(|paths| **paths < EFFECTIVE_MIN);
        2 * lost.count() >= self.effective_paths.len()
    }

    /// Share of the last week's cases that were found in quarantine; `None` where the series does not tell.
    pub fn in_quarantine(&self) -> Option<f64> {
        let days = self.series.cases.len().saturating_sub(7)..self.series.cases.len();
        let both = days.filter_map(|day| Some((self.series.cases[day]?, (*self.series.inside.get(day)?)?)));
        let (outside, inside) = both.fold((0.0, 0.0), |sums, of| (sums.0 + of.0, sums.1 + of.1));
        (self.series.outside && outside + inside > 0.0).then(|| inside / (outside + inside))
    }
}

impl Outlook {
    /// The probability by a day ahead, with the least and the greatest of the sets of assumptions.
    pub fn by(&self, day: usize) -> [f64; 3] {
        let of = self.by_set.iter().map(|set| set[day]);
        let (low, high) = of.fold((1.0, 0.0), |(low, high), one| (one.min(low), one.max(high)));
        [self.probability[day], low, high]
    }

    /// The first day ahead by which it is as likely as not.
    pub fn likely(&self) -> Option<usize> {
        self.probability.iter().position(|probability| *probability >= 0.5)
    }
}
