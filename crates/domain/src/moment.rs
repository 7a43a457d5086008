//! Points in time of the world, in the house's ticks.

use chance::{TICKS_PER_SECOND, Ticks};
use jiff::{Timestamp, civil::DateTime};
use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};

/// Ticks of 0.1 ms since 1970-01-01T00:00:00Z; written as that number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub Ticks);

const NANOSECONDS_PER_TICK: i64 = 1_000_000_000 / TICKS_PER_SECOND;

impl Moment {
    /// Reads RFC 3339, `2022-03-27T23:05:00.0000Z`; what is finer than a tick is cut off. `None` for anything else.
    pub fn parse(text: &str) -> Option<Moment> {
        Some(Moment::from(text.parse::<Timestamp>().ok()?))
    }

    /// RFC 3339 in UTC to 0.1 ms. Beyond the years -9999 and 9999 the nearest that can be written.
    pub fn rfc3339(self) -> String {
        let nanoseconds = i128::from(self.0) * i128::from(NANOSECONDS_PER_TICK);
        let end = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let at = Timestamp::from_nanosecond(nanoseconds).unwrap_or(end);
        let second = at.as_nanosecond().div_euclid(1_000_000_000);
        let fraction = at.as_nanosecond().rem_euclid(1_000_000_000) / i128::from(NANOSECONDS_PER_TICK);
        let whole = i64::try_from(second).ok().and_then(|second| Timestamp::from_second(second).ok());
        let whole = whole.unwrap_or(end).to_string();
        format!("{}.{fraction:04}Z", whole.trim_end_matches('Z'))
    }
}

/// Moments in JSON as people and other programs read them: `#[serde(with = "domain::rfc3339")]`.
pub mod rfc3339 {
    use super::Moment;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// As RFC 3339 in UTC.
    ///
    /// # Errors
    /// Those of whoever writes.
    pub fn serialize<S: Serializer>(at: &Moment, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&at.rfc3339())
    }

    /// From RFC 3339.
    ///
    /// # Errors
    /// It is no time.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Moment, D::Error> {
        let text = String::deserialize(from)?;
        let none = || D::Error::custom(format!("{text:?} is no time such as 2022-04-04T08:00:00+08:00"));
        Moment::parse(&text).ok_or_else(none)
    }

    /// Those that may be left out: `#[serde(with = "domain::rfc3339::option", default)]`.
    pub mod option {
        use super::Moment;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        #[derive(Serialize, Deserialize)]
        struct At(#[serde(with = "super")] Moment);

        /// As RFC 3339 in UTC, or null.
        ///
        /// # Errors
        /// Those of whoever writes.
        pub fn serialize<S: Serializer>(at: &Option<Moment>, to: S) -> Result<S::Ok, S::Error> {
            at.map(At).serialize(to)
        }

        /// From RFC 3339, or null.
        ///
        /// # Errors
        /// It is neither.
        pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Moment>, D::Error> {
            Ok(Option::<At>::deserialize(from)?.map(|At(at)| at))
        }
    }
}

/// The day and the time of day, `2022-03-28 07:05`.
pub fn day_and_time(at: DateTime) -> String {
    format!("{} {}", at.date(), time_of_day(at))
}

/// The time of day, `07:05`.
pub fn time_of_day(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Moment {
        let ticks = at.as_nanosecond().div_euclid(i128::from(NANOSECONDS_PER_TICK));
        Moment(ticks.clamp(i128::from(Ticks::MIN), i128::from(Ticks::MAX)) as Ticks)
    }
}

impl Add<Ticks> for Moment {
    type Output = Moment;

    fn add(self, ticks: Ticks) -> Moment {
        Moment(self.0.saturating_add(ticks))
    }
}

impl Sub for Moment {
    type Output = Ticks;

    fn sub(self, earlier: Moment) -> Ticks {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_is_a_tenth_of_a_millisecond() {
        let opening = Moment::parse("2022-03-27T23:00:00Z").unwrap();
        assert_eq!(opening.rfc3339(), "2022-03-27T23:00:00.0000Z");
        assert_eq!((opening + 10_000 * 60 + 1).rfc3339(), "2022-03-27T23:01:00.0001Z");
        assert_eq!((opening + -1).rfc3339(), "2022-03-27T22:59:59.9999Z");
    }

    #[test]
    fn what_is_written_is_read_back() {
        for ticks in [0, 1, -1, 16_484_256_000_123, -9_999] {
            assert_eq!(Moment::parse(&Moment(ticks).rfc3339()), Some(Moment(ticks)));
        }
        assert_eq!(Moment::parse("2022-03-28T07:00:00+08:00"), Moment::parse("2022-03-27T23:00:00Z"));
        assert_eq!(Moment::parse("seven"), None);
    }

    #[test]
    fn the_ends_of_time_are_written_too() {
        assert!(Moment(Ticks::MAX).rfc3339().starts_with("9999-"));
    }
}
