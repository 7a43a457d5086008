//! Time zones of this program: the tables are in the binary.

use domain::Moment;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// A time of day in an IANA time zone as a moment of the world; `None` if the zone is not one that we know.
pub fn zones(name: &str, at: DateTime) -> Option<Moment> {
    Some(Moment::from(TimeZone::get(name).ok()?.to_timestamp(at).ok()?))
}

/// Now, at a place whose time zone was read before.
pub fn now_in(zone: &str) -> DateTime {
    Timestamp::now().to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC)).datetime()
}

/// A local time with its offset, `2022-03-28T07:00:00+08:00`; UTC as `-00:00`, as public alerts want it.
pub fn with_offset(zone: &str, at: DateTime) -> String {
    let zoned = TimeZone::get(zone).unwrap_or(TimeZone::UTC).to_ambiguous_zoned(at).compatible();
    let text = zoned.map_or_else(|_| format!("{}+00:00", at.strftime("%Y-%m-%dT%H:%M:%S")), |zoned| {
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    });
    text.replace("+00:00", "-00:00")
}
