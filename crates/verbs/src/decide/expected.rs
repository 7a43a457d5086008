//! The same days lived without a change and with it.

use crate::{
    clock::Zones,
    rehearse::{By, Lived, live, plan_of},
    run::Run,
};
use ::rehearse::{Difference, Paired};
use domain::{
    Notes, Policy, Scenario,
    decision::{Change, Expected, Figure},
    scenario::{Lesson, Measured},
};
use scenario::Files;

/// What a rehearsal is asked.
pub struct Asked<'a> {
    /// The folder as it is.
    pub files: &'a Files,
    /// What would be changed.
    pub change: &'a Change,
    /// What it is to better.
    pub figure: &'a Figure,
    /// Whether the change says how things are, as a review found it, rather than makes them otherwise: then the days are those of the
    /// changed scenario both times, and the old plan is held against the new one.
    pub taught: bool,
    /// How people are reached; `None`: as the scenario's own law says.
    pub policy: Option<Policy>,
    /// How rehearsals are run.
    pub run: &'a Run<'a>,
    /// What knows time zones.
    pub zones: Zones<'a>,
}

/// What rehearsals expect, with the same people and the same luck both times; `None` of a rule in words, and of what no rehearsal counts.
///
/// # Errors
/// All notes, if the folder or the change is refused.
pub fn expected(asked: &Asked<'_>) -> Result<Option<Expected>, Notes> {
    let Change::Value { key, value } = asked.change else { return Ok(None) };
    if asked.figure.is_count() {
        return Ok(None);
    }
    let lesson = Lesson {
        key: key.clone(),
        old: None,
        new: value.clone(),
        why: String::new(),
        date: None,
        measured: Measured::default(),
    };
    let (changed, notes) = scenario::learn(asked.files, &[lesson]);
    let changed = changed.ok_or(notes)?;
    let read = |files: &Files| {
        let (scenario, notes) = crate::read(files, &[], asked.zones, &mut |_, _| ());
        scenario.ok_or(notes)
    };
    let (old, new) = (read(asked.files)?, read(&changed)?);
    if let Figure::Service(station) = asked.figure {
        let mean = |scenario: &Scenario| {
            let of = scenario.site.stations.iter().find(|of| of.name == *station)?;
            Some(of.service.mean_s())
        };
        let both = mean(&old).zip(mean(&new));
        return Ok(both.map(|(before, after)| Expected { before, after, ..Expected::default() }));
    }
    // Where nobody is called there is no choice.
    let policy = asked.policy.filter(|_| old.arrivals.needs_roll() && new.arrivals.needs_roll());
    let by = || policy.map_or(By::Law, By::Policy);
    let world = if asked.taught { &new } else { &old };
    let without = live(world, asked.run, "without", plan_of(&old, asked.run, by())?);
    let with = live(&new, asked.run, "with", plan_of(&new, asked.run, by())?);
    Ok(compared(asked.figure, &without, &with))
}

fn compared(figure: &Figure, without: &Lived, with: &Lived) -> Option<Expected> {
    let value = |lived: &Lived| match figure {
        Figure::WaitMean => lived.figures.wait_min.mean,
        Figure::WaitP95 => lived.figures.wait_min.p95,
        Figure::Done97 => lived.figures.done_97_min,
        Figure::QueueMax => Some(lived.figures.queue_max),
        Figure::Unserved => Some(lived.figures.unserved),
        Figure::DoorsMissed | Figure::Complaints | Figure::Service(_) => None,
    };
    let paired = Paired::of(&with.outcome, &without.outcome);
    let difference = match figure {
        Figure::WaitMean => paired.wait_mean_min,
        Figure::WaitP95 => paired.wait_p95_min,
        Figure::Done97 => paired.done_97_min,
        Figure::QueueMax => paired.queue_max,
        _ => None,
    };
    let one_day = one_day(figure, without).zip(one_day(figure, with));
    Some(Expected {
        before: value(without)?,
        after: value(with)?,
        difference: difference.and_then(|of: Difference| of.ci95),
        one_day: one_day.map(|(without, with)| [without, with]),
    })
}

/// The standard deviation of one day's figure, from those of all replications.
fn one_day(figure: &Figure, lived: &Lived) -> Option<f64> {
    let summary = &lived.outcome.summary;
    let (days, unit) = match figure {
        Figure::WaitMean => (&summary.wait.distribution.means, ::rehearse::TICKS_PER_MINUTE as f64),
        Figure::WaitP95 => (&summary.wait.distribution.p95s, ::rehearse::TICKS_PER_MINUTE as f64),
        Figure::Done97 => (&summary.done_97, ::rehearse::TICKS_PER_MINUTE as f64),
        Figure::QueueMax => (&summary.queue_max, 1.0),
        _ => return None,
    };
    let n = days.len() as f64;
    let mean = days.iter().map(|(_, value)| value).sum::<f64>() / n;
    let squares = days.iter().map(|(_, value)| (value - mean) * (value - mean)).sum::<f64>();
    (days.len() > 1).then(|| (squares / (n - 1.0)).sqrt() / unit)
}
