//! Ticks and minutes after opening as times of day.

use domain::{Moment, Scenario};
use jiff::{SignedDuration, civil::DateTime};

/// A time of day in an IANA time zone as a moment of the world; `None` if the zone is not known. Time zones come from
/// the mouths: the terminal brings its own tables, a page asks its browser.
pub type Zones<'a> = &'a dyn Fn(&str, DateTime) -> Option<Moment>;

/// The scenario's opening as a moment of the world; `None` if its time zone is not one that the mouth knows.
pub fn opening(scenario: &Scenario, zones: Zones<'_>) -> Option<Moment> {
    zones(&scenario.community.timezone, scenario.round.opens)
}

/// A time in minutes after opening as a local time of day, `10:46`.
pub fn time_of_day(scenario: &Scenario, minutes: f64) -> String {
    after(scenario.round.opens, minutes)
}

/// A time in minutes after a local opening, likewise.
pub fn after(opens: DateTime, minutes: f64) -> String {
    let seconds = (minutes * 60.0) as i64;
    let at = opens.saturating_add(SignedDuration::from_secs(seconds));
    let days = at.date().since(opens.date()).map_or(0, |span| span.get_days());
    let time = domain::time_of_day(at);
    if days == 0 { time } else { format!("{time} +{days}") }
}
