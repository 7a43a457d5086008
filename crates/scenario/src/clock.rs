//! Clock times as people write them, and the ticks after opening that everything else counts in. All times are those
//! of one place: a change to or from summer time within a round is not looked at.

use crate::value::{Kind, Value};
use chance::{TICKS_PER_SECOND, Ticks};
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use toml::value::Datetime;

/// A round lasts a week at most: longer operations are several rounds, and ticks stay far from their limits.
pub(crate) const ROUND_DAYS_MAX: i64 = 7;

/// Ticks in a minute and in a day.
pub(crate) const TICKS_PER_MINUTE: Ticks = 60 * TICKS_PER_SECOND;
pub(crate) const TICKS_PER_DAY: Ticks = 24 * 60 * TICKS_PER_MINUTE;

/// A time of day on the opening day, or any local date and time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Clock {
    Time(Time),
    Moment(DateTime),
}

impl Clock {
    /// `"07:00"`, `"7:00:30"`, `"2022-03-28T07:00"`, with a space for the T, or TOML's own local times.
    pub fn of(value: &Value) -> Option<Self> {
        match &value.kind {
            Kind::Text(text) => Clock::parse(text),
            Kind::Moment(Datetime { date, time: Some(found), offset: None }) => {
                let time = time(found.hour, found.minute, found.second.unwrap_or(0))?;
                Some(match date {
                    Some(date) => Clock::Moment(civil_date(*date)?.to_datetime(time)),
                    None => Clock::Time(time),
                })
            }
            _ => None,
        }
    }

    /// The same from a text.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.split_once(['T', 't', ' ']) {
            Some((date, time)) => Some(Clock::Moment(parse_date(date)?.to_datetime(parse_time(time)?))),
            None => parse_time(text).map(Clock::Time),
        }
    }

    /// The local date and time, on this day if it is a time of day.
    pub fn on(self, day: Date) -> DateTime {
        match self {
            Clock::Time(time) => day.to_datetime(time),
            Clock::Moment(moment) => moment,
        }
    }
}

/// A date: TOML's own, or as a text.
pub(crate) fn date(value: &Value) -> Option<Date> {
    match &value.kind {
        Kind::Text(text) => parse_date(text.trim()),
        Kind::Moment(Datetime { date: Some(date), time: None, offset: None }) => civil_date(*date),
        _ => None,
    }
}

/// Ticks from the opening to a local time; negative before it.
pub(crate) fn ticks_after(opens: DateTime, moment: DateTime) -> Ticks {
    let micros = moment.duration_since(opens).as_micros();
    // A local date lies within ±10,000 years: 3·10¹⁷ µs.
    i64::try_from(micros / 100).expect("ticks of 20,000 years fit")
}

/// The local time so many ticks after the opening, to the nearest second, as plan files write it: `07:05:00` on the
/// opening day, with the date on another.
pub fn local_time(opens: DateTime, ticks: Ticks) -> String {
    let seconds = (ticks + TICKS_PER_SECOND / 2).div_euclid(TICKS_PER_SECOND);
    let moment = opens.saturating_add(SignedDuration::from_secs(seconds));
    let (date, time) = (moment.date(), moment.time());
    let clock = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    if date == opens.date() { clock } else { format!("{date}T{clock}") }
}

/// Minutes from the opening to a time as people write it, of the opening's day where no date is given; `None` if it is none.
pub fn minutes_after(opens: DateTime, text: &str) -> Option<f64> {
    let ticks = ticks_after(opens, Clock::parse(text)?.on(opens.date()));
    Some(ticks as f64 / TICKS_PER_MINUTE as f64)
}

fn parse_time(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let mut part = || -> Option<Option<u8>> {
        let Some(digits) = parts.next() else {
            return Some(None);
        };
        let sound = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if sound { digits.parse().ok().map(Some) } else { None }
    };
    let (hour, minute, second) = (part()??, part()??, part()?.unwrap_or(0));
    if parts.next().is_some() { None } else { time(hour, minute, second) }
}

fn time(hour: u8, minute: u8, second: u8) -> Option<Time> {
    let part = |number: u8| i8::try_from(number).ok();
    Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()
}

/// A date from a text, `2022-03-28`.
pub(crate) fn date_of(text: &str) -> Option<Date> {
    parse_date(text.trim())
}

fn parse_date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    if year.len() != 4
        || [year, month, day].iter().any(|part| !part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn civil_date(date: toml::value::Date) -> Option<Date> {
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_time_of_day_or_a_local_date_and_time_is_understood_and_a_time_zone_is_not() {
        assert_eq!(Clock::parse("7:05"), Some(Clock::Time(Time::constant(7, 5, 0, 0))));
        assert_eq!(
            Clock::parse("2022-03-28 07:00:30"),
            Some(Clock::Moment(date(2022, 3, 28).at(7, 0, 30, 0)))
        );
        for wrong in
            ["", "7", "25:00", "24:00", "07:00Z", "2022-03-28T07:00+08:00", "2022-02-30T07:00", "07:00:00:00"]
        {
            assert_eq!(Clock::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ticks_become_the_nearest_second_on_the_clock_and_another_day_carries_its_date() {
        let opens = date(2022, 3, 28).at(7, 0, 0, 0);
        assert_eq!(local_time(opens, 3_004_999), "07:05:00");
        assert_eq!(local_time(opens, 3_005_000), "07:05:01");
        assert_eq!(local_time(opens, -TICKS_PER_MINUTE), "06:59:00");
        assert_eq!(local_time(opens, TICKS_PER_DAY), "2022-03-29T07:00:00");
        assert_eq!(ticks_after(opens, date(2022, 3, 28).at(6, 59, 0, 0)), -TICKS_PER_MINUTE);
    }
}
