//! Axes: from a value to a place on the picture, with ticks at round numbers and round times of day.

use super::number;
use domain::Scenario;

/// A straight scale with its ticks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    /// Value at the start.
    pub low: f64,
    /// Value at the end; greater than `low`.
    pub high: f64,
    /// Values with a tick.
    pub ticks: Vec<f64>,
}

/// Minutes after opening as times of day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Daytime {
    /// Minutes from midnight to opening.
    pub opens: i64,
}

/// Minutes between ticks of the day, each a part of a day, so that ticks stand at full times.
const STEPS: [i64; 11] = [1, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720];
/// More labels than this do not stand side by side.
const TICKS_MAX: i64 = 10;
const DAY: i64 = 24 * 60;

impl Axis {
    /// From nothing to at least `most`, with three to six ticks at round whole numbers.
    pub fn from_zero(most: f64) -> Axis {
        let most = if most.is_finite() { most.max(1.0) } else { 1.0 };
        let mut ten = 1.0;
        let step = loop {
            let found = [1.0, 2.0, 5.0].into_iter().map(|part| part * ten).find(|step| most / step <= 5.0);
            match found {
                Some(step) => break step,
                None => ten *= 10.0,
            }
        };
        let steps = (most / step).ceil().max(1.0);
        Axis {
            low: 0.0,
            high: steps * step,
            ticks: (0..=steps as i64).map(|tick| tick as f64 * step).collect(),
        }
    }

    /// The same axis for a small picture: ticks at its ends and, where there is one, at its middle.
    pub fn sparse(mut self) -> Axis {
        let steps = self.ticks.len().saturating_sub(1);
        let kept = |place: &usize| *place == 0 || *place == steps || *place * 2 == steps;
        self.ticks =
            self.ticks.iter().enumerate().filter(|(place, _)| kept(place)).map(|(_, tick)| *tick).collect();
        self
    }

    /// Minutes after opening, ticks at full times of day.
    pub fn of_day(first: i64, last: i64, daytime: Daytime) -> Axis {
        let last = last.max(first + 10);
        let step = STEPS.into_iter().find(|step| (last - first) / step < TICKS_MAX).unwrap_or(DAY);
        // The axis begins and ends at a twelfth hour: at a minute, no label would explain it.
        let low = (first + daytime.opens).div_euclid(5) * 5 - daytime.opens;
        let high = -(-(last + daytime.opens)).div_euclid(5) * 5 - daytime.opens;
        let start = -(-(low + daytime.opens)).div_euclid(step) * step - daytime.opens;
        let ticks = (0..).map(|tick| start + tick * step).take_while(|tick| *tick <= high);
        Axis { low: low as f64, high: high as f64, ticks: ticks.map(|tick| tick as f64).collect() }
    }

    /// The place of a value, 0 at the start and 1 at the end.
    pub fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// The same for an attribute, from the left.
    pub fn across(&self, value: f64) -> String {
        number::place(self.share(value))
    }

    /// The same for an attribute, from the top.
    pub fn down(&self, value: f64) -> String {
        number::place(1.0 - self.share(value))
    }
}

impl Daytime {
    /// The scenario's opening.
    pub fn of(scenario: &Scenario) -> Daytime {
        let opens = scenario.round.opens;
        Daytime { opens: i64::from(opens.hour()) * 60 + i64::from(opens.minute()) }
    }

    /// A number of minutes after opening as a time of day; other days are counted from the round's.
    pub fn at(self, minutes: f64) -> String {
        if !minutes.is_finite() {
            return number::NONE.to_owned();
        }
        let minute = minutes.floor() as i64 + self.opens;
        let (day, minute) = (minute.div_euclid(DAY), minute.rem_euclid(DAY));
        let time = format!("{:02}:{:02}", minute / 60, minute % 60);
        if day == 0 { time } else { format!("{time} {day:+}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEVEN: Daytime = Daytime { opens: 7 * 60 };

    #[test]
    fn ticks_of_a_day_stand_at_full_times() {
        let axis = Axis::of_day(-7, 231, SEVEN);
        let times: Vec<String> = axis.ticks.iter().map(|tick| SEVEN.at(*tick)).collect();
        assert_eq!(times, ["07:00", "07:30", "08:00", "08:30", "09:00", "09:30", "10:00", "10:30"]);
        assert_eq!((axis.low, axis.high), (-10.0, 235.0));
    }

    #[test]
    fn an_axis_of_people_ends_at_a_round_number() {
        assert_eq!(Axis::from_zero(1_390.0).ticks, [0.0, 500.0, 1_000.0, 1_500.0]);
        assert_eq!(Axis::from_zero(0.0).high, 1.0);
        assert_eq!(Axis::from_zero(f64::NAN).high, 1.0);
        assert_eq!(Axis::from_zero(4.2).high, 5.0);
    }

    #[test]
    fn a_time_after_midnight_says_so() {
        assert_eq!(SEVEN.at(226.9), "10:46");
        assert_eq!(SEVEN.at(17.0 * 60.0 + 5.0), "00:05 +1");
        assert_eq!(SEVEN.at(-7.0 * 60.0 - 1.0), "23:59 -1");
    }
}
