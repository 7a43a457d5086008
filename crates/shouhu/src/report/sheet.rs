//! What all pictures share: the axis of the day, and each run's colour, dash and place.

use super::{
    Report, Run,
    axis::{Axis, Daytime},
};

/// The report, with what its pictures have in common.
pub(super) struct Sheet<'a> {
    /// The report.
    pub report: &'a Report<'a>,
    /// Opening as a time of day.
    pub daytime: Daytime,
    /// The axis of all pictures over time, so that they can be read one below the other.
    pub day: Axis,
}

/// The axis ends when this share of those who are served on the day have left: a few stragglers would make it twice as
/// long.
const NEARLY_ALL: f64 = 0.99;
/// Fewer people waiting than this, on average, are stragglers.
const STRAGGLERS: f64 = 1.0;
/// Minutes after that.
const MARGIN: i64 = 10;
/// Runs with a colour and a dash of their own.
const COLOURS: usize = 8;

impl<'a> Sheet<'a> {
    /// Lays out the report.
    pub fn new(report: &'a Report<'a>) -> Sheet<'a> {
        let daytime = Daytime::of(report.scenario);
        let first = report.runs.iter().map(|run| run.curves.first_minute).min().unwrap_or(0).min(0);
        let last = report.runs.iter().map(last_minute).max().unwrap_or(0);
        Sheet { report, daytime, day: Axis::of_day(first, last, daytime) }
    }

    /// The class of a run's colour. The run under discussion, which is the last, always has the first colour.
    pub fn colour(&self, run: usize) -> usize {
        let last = self.report.runs.len().saturating_sub(1);
        if run == last { 0 } else { 1 + run % (COLOURS - 1) }
    }

    /// A piece of the run's line, for legends.
    pub fn swatch(&self, run: usize) -> String {
        let colour = self.colour(run);
        format!(
            r#"<svg class="swatch c{colour}" aria-hidden="true"><line x1="1" y1="50%" x2="25" y2="50%"/></svg>"#
        )
    }

    /// A legend's entry for a limit.
    pub fn limit(label: &str) -> String {
        format!(
            r#"<li class="limit"><svg class="swatch" aria-hidden="true"><line class="limit" x1="1" y1="50%" x2="25" y2="50%"/></svg>{label}</li>"#
        )
    }

    /// Whether any run has a value of its own of this key, or of one under it.
    pub fn sweeps(&self, key: &str) -> bool {
        let under = |run: &Run| run.name.strip_prefix(key).is_some_and(|rest| rest.starts_with(['=', '.']));
        self.report.runs.iter().any(|run| under(run) && run.name.contains('='))
    }

    /// The room that all runs share.
    pub fn common_room(&self) -> Option<u32> {
        let rooms: Vec<_> = self.report.runs.iter().map(|run| run.site.room).collect();
        rooms.first().copied().flatten().filter(|_| rooms.windows(2).all(|pair| pair[0] == pair[1]))
    }

    /// The wait that 95 in 100 should not exceed, in minutes, if all runs share it.
    pub fn target(&self) -> Option<f64> {
        let target = self.report.scenario.waves.wait_p95_min;
        (target.is_finite() && !self.sweeps("waves.wait_p95_min")).then_some(target)
    }

    /// Whether there is more than one run to tell apart.
    pub fn compares(&self) -> bool {
        self.report.runs.len() > 1
    }
}

/// The last minute worth drawing: nearly all have left, and nobody but stragglers waits.
fn last_minute(run: &Run) -> i64 {
    let curves = &run.curves;
    let all = curves.done.last().copied().unwrap_or(0.0);
    let left = curves.done.iter().position(|done| *done >= all * NEARLY_ALL).unwrap_or(0);
    let waited = curves.waiting[1].iter().rposition(|waiting| *waiting >= STRAGGLERS).unwrap_or(0);
    curves.first_minute + left.max(waited) as i64 + MARGIN
}

/// The greatest value of a curve and its minute after opening; `None` where the curve is empty.
pub(super) fn peak(values: &[f64], first_minute: i64) -> Option<(f64, i64)> {
    let finite = values.iter().enumerate().filter(|(_, value)| value.is_finite());
    // The first of equals: when it becomes worst, not when it stops being so.
    let greatest = finite.fold(None, |best: Option<(usize, f64)>, (place, value)| match best {
        Some((_, greatest)) if greatest >= *value => best,
        _ => Some((place, *value)),
    });
    greatest.map(|(place, value)| (value, first_minute + place as i64))
}

/// The value of a curve at a minute after opening; `None` outside of it.
pub(super) fn at(values: &[f64], first_minute: i64, minute: f64) -> Option<f64> {
    let place = minute.round() as i64 - first_minute;
    usize::try_from(place).ok().and_then(|place| values.get(place)).copied().filter(|value| value.is_finite())
}
