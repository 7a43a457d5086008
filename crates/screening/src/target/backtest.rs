//! How good forecasts would have been within a series: made each day from what was known then, held against what came.

use super::{
    Forecast, Goal, Policy, SETS, Tracker, crps, forecast,
    naive::{Naive, mean},
};
use crate::transmission::Screening;

/// Days ahead at which cases are scored.
pub const HORIZONS: [usize; 4] = [1, 3, 7, 14];
/// Days within which events are scored.
pub const WITHIN: [usize; 2] = [7, 14];
/// Known days before the first forecast.
const FIRST: usize = 14;
/// Paths of each set of assumptions.
const PATHS: usize = 300;

/// Scores of all forecasts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// Days on which forecasts were made.
    pub origins: usize,
    /// Of cases, for each horizon.
    pub counts: Vec<CountScore>,
    /// Of events.
    pub events: Vec<EventScore>,
}

/// Mean scores of cases at one horizon: the model, the last value, and last week's growth continued. Less is better.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CountScore {
    /// Days ahead.
    pub days: usize,
    /// Forecasts of which all three could be made and the outcome is known.
    pub forecasts: usize,
    /// Continuous ranked probability score in cases.
    pub crps: [f64; 3],
    /// The same of log(1 + cases): errors as shares, so that days with few cases count as much.
    pub crps_log: [f64; 3],
    /// Share of outcomes within the model's middle 90 in 100.
    pub covered_90: f64,
}

/// Mean Brier score of an event: the model, a constant probability (how often it happened before), the last value, last week's growth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventScore {
    /// `halved`: on the last of the days no more than half of last week's mean. `reached`: the goal, within these days.
    pub event: &'static str,
    /// Days.
    pub within_days: usize,
    /// Forecasts whose outcome is known.
    pub forecasts: usize,
    /// Of them those in which it happened.
    pub happened: usize,
    /// The scores; 0 is perfect, 0.25 is a coin.
    pub brier: [f64; 4],
}

/// Scores forecasts of each day by which two weeks are known. `cases` are what came, `known_on` what was known of each day so far on the evening
/// of a day: a correction that comes later is not in it. `done` hears the share that is done.
pub fn backtest(
    cases: &[Option<f64>],
    known_on: &dyn Fn(usize) -> Vec<Option<f64>>,
    now: Screening,
    goal: &Goal,
    seed: u64,
    done: &mut dyn FnMut(f64),
) -> Scores {
    let mut trackers: Vec<Tracker> = Vec::new();
    let mut learned: Vec<Option<f64>> = Vec::new();
    let farthest = HORIZONS[HORIZONS.len() - 1];
    let mut counts = HORIZONS.map(|days| CountScore { days, ..CountScore::default() });
    let mut events: Vec<Event> = ["halved", "reached"]
        .iter()
        .flat_map(|&name| WITHIN.map(|days| Event::new(name, days, goal)))
        .collect();
    let mut origins = 0;
    for today in 0..cases.len().saturating_sub(1) {
        let (known, coming) = (known_on(today), &cases[today + 1..]);
        done((today + 1) as f64 / cases.len() as f64);
        if known.iter().flatten().count() < FIRST {
            continue;
        }
        // A correction changes days before: then all is learned anew.
        if trackers.is_empty() || known[..learned.len()] != learned {
            let new = |(site, set)| Tracker::new(set, site, now, &known, seed);
            trackers = (0..).zip(SETS).map(new).collect();
            learned.clear();
        }
        for cases in &known[learned.len()..] {
            trackers.iter_mut().for_each(|tracker| tracker.learn(*cases));
        }
        learned.clone_from(&known);
        let days = farthest + goal.days - 1;
        let all: Vec<Forecast> =
            trackers.iter().map(|tracker| forecast(tracker, &Policy::default(), days, PATHS)).collect();
        let all = Forecast::together(&all);
        origins += 1;
        counts.iter_mut().for_each(|score| score.add(&all, &known, coming));
        events.iter_mut().for_each(|event| event.add(&all, &known, coming));
    }
    counts.iter_mut().for_each(CountScore::finish);
    let events = events.into_iter().map(Event::finish).collect();
    Scores { origins, counts: counts.to_vec(), events }
}

impl CountScore {
    fn add(&mut self, model: &Forecast, known: &[Option<f64>], coming: &[Option<f64>]) {
        let Some(&Some(came)) = coming.get(self.days - 1) else { return };
        let naive = [Naive::LastValue, Naive::LastWeek].map(|rule| rule.band(known, self.days));
        let [Some(last_value), Some(last_week)] = naive else { return };
        self.forecasts += 1;
        let model = model.on(self.days - 1);
        let band = [0.05, 0.95].map(|share| super::quantile(&model, share));
        self.covered_90 += if (band[0]..=band[1]).contains(&came) { 1.0 } else { 0.0 };
        for (place, values) in [model, last_value, last_week].iter().enumerate() {
            let logs: Vec<f64> = values.iter().map(|value| libm::log1p(*value)).collect();
            self.crps[place] += crps(values, came);
            self.crps_log[place] += crps(&logs, libm::log1p(came));
        }
    }

    fn finish(&mut self) {
        let count = self.forecasts.max(1) as f64;
        let sums = self.crps.iter_mut().chain(&mut self.crps_log).chain([&mut self.covered_90]);
        sums.for_each(|sum| *sum /= count);
    }
}

/// An event while it is scored.
struct Event {
    score: EventScore,
    goal: Goal,
    /// Outcomes by the day on which the forecast was made, and the day on which they were known.
    before: Vec<(usize, bool)>,
}

impl Event {
    fn new(event: &'static str, within_days: usize, goal: &Goal) -> Event {
        Event {
            score: EventScore { event, within_days, ..EventScore::default() },
            goal: *goal,
            before: Vec::new(),
        }
    }

    fn add(&mut self, model: &Forecast, known: &[Option<f64>], coming: &[Option<f64>]) {
        let days = self.score.within_days;
        let halved = self.score.event == "halved";
        // A run that begins on the last day has to stay.
        let until = if halved { days } else { days + self.goal.days - 1 };
        let Some(coming) = coming.get(..until) else { return };
        let Some(mean) = mean(&known[known.len().saturating_sub(7)..]) else { return };
        let kept = self.goal.kept(known);
        let limit = if halved { mean / 2.0 } else { self.goal.at_most + 0.5 };
        let (probability, came) = if halved {
            let Some(came) = coming[days - 1] else { return };
            let all = model.on(days - 1);
            (share_below(&all, limit), came <= limit)
        } else {
            if kept >= self.goal.days || coming.iter().any(Option::is_none) {
                return;
            }
            let run = self.goal.reached(kept, coming.iter().flatten().copied());
            (model.reached(&self.goal, kept)[days - 1], run.is_some_and(|day| day < days))
        };
        let naive = [Naive::LastValue, Naive::LastWeek].map(|rule| rule.band(known, days));
        let [Some(last_value), Some(last_week)] = naive else { return };
        let today = known.len();
        let told = self.before.iter().filter(|(known_on, _)| *known_on <= today);
        let (times, all) = told
            .fold((1.0, 2.0), |(times, all), (_, came)| (times + if *came { 1.0 } else { 0.0 }, all + 1.0));
        self.before.push((today + until, came));
        let is = if came { 1.0 } else { 0.0 };
        let said =
            [probability, times / all, share_below(&last_value, limit), share_below(&last_week, limit)];
        for (sum, said) in self.score.brier.iter_mut().zip(said) {
            *sum += (said - is) * (said - is);
        }
        self.score.forecasts += 1;
        self.score.happened += usize::from(came);
    }

    fn finish(mut self) -> EventScore {
        let count = self.score.forecasts.max(1) as f64;
        self.score.brier.iter_mut().for_each(|sum| *sum /= count);
        self.score
    }
}

fn share_below(sorted: &[f64], limit: f64) -> f64 {
    sorted.partition_point(|value| *value <= limit) as f64 / sorted.len().max(1) as f64
}
