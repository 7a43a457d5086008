//! Local times, as people and other systems write them: the tables of time zones are in the binary.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// Now, at a place whose time zone was read before.
pub fn now_in(zone: &str) -> DateTime {
    TimeZone::get(zone).unwrap_or(TimeZone::UTC).to_datetime(Timestamp::now())
}

/// A local time with its offset, `2022-03-28T07:00:00+08:00`; UTC as `-00:00`, as public alerts want it.
pub fn with_offset(zone: &str, at: DateTime) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let minutes = zone.to_timestamp(at).map_or(0, |moment| zone.to_offset(moment).seconds() / 60);
    let sign = if minutes > 0 { '+' } else { '-' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    format!("{}{sign}{hours:02}:{minutes:02}", at.strftime("%Y-%m-%dT%H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_carries_its_offset_and_utc_a_minus() {
        let at = jiff::civil::date(2022, 3, 28).at(7, 10, 0, 0);
        for (zone, offset) in [
            ("Asia/Shanghai", "+08:00"),
            ("UTC", "-00:00"),
            ("America/St_Johns", "-02:30"),
            ("Asia/Kolkata", "+05:30"),
        ] {
            assert_eq!(with_offset(zone, at), format!("2022-03-28T07:10:00{offset}"), "{zone}");
        }
    }
}
