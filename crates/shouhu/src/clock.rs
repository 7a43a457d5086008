//! Ticks after opening as times of day.

use chance::{TICKS_PER_SECOND, Ticks};
use domain::Scenario;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// The scenario's opening as a moment of the world; `None` if its time zone is not one that we know.
pub fn opening(scenario: &Scenario) -> Option<Timestamp> {
    let zone = TimeZone::get(&scenario.community.timezone).ok()?;
    zone.to_timestamp(scenario.round.opens).ok()
}

/// A time in ticks after `opening` as RFC 3339 in UTC, to 0.1 ms.
pub fn rfc3339(opening: Timestamp, ticks: Ticks) -> String {
    let nanoseconds = 1_000_000_000 / TICKS_PER_SECOND;
    let at = opening.saturating_add(SignedDuration::from_nanos(ticks.saturating_mul(nanoseconds)));
    let at = at.expect("a signed duration saturates");
    let fraction = at.subsec_nanosecond() / 100_000;
    format!("{}.{fraction:04}Z", at.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// A time in minutes after opening as a local time of day, `10:46`.
pub fn time_of_day(scenario: &Scenario, minutes: f64) -> String {
    let seconds = (minutes * 60.0) as i64;
    let at = scenario.round.opens.saturating_add(SignedDuration::from_secs(seconds));
    let days = at.date().since(scenario.round.opens.date()).map_or(0, |span| span.get_days());
    let time = at.strftime("%H:%M").to_string();
    if days == 0 { time } else { format!("{time} +{days}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_is_a_tenth_of_a_millisecond() {
        let opening: Timestamp = "2022-03-27T23:00:00Z".parse().unwrap();
        assert_eq!(rfc3339(opening, 0), "2022-03-27T23:00:00.0000Z");
        assert_eq!(rfc3339(opening, 10_000 * 60 + 1), "2022-03-27T23:01:00.0001Z");
        assert_eq!(rfc3339(opening, -1), "2022-03-27T22:59:59.9999Z");
    }
}
