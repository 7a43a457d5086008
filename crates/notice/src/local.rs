//! Local times in a notice's file: `2022-03-28T07:10`.

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

const FORMAT: &str = "%Y-%m-%dT%H:%M";

pub(crate) fn serialize<S: Serializer>(at: &DateTime, out: S) -> Result<S::Ok, S::Error> {
    out.collect_str(&at.strftime(FORMAT))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(D::Error::custom)
}

/// A time as people type it: `07:10` on this day, or `2022-03-28T07:10`.
pub fn local_time(text: &str, day: Date) -> Option<DateTime> {
    let text = text.trim();
    match text.parse::<DateTime>() {
        Ok(at) => Some(at),
        Err(_) => Some(day.to_datetime(text.parse::<Time>().ok()?)),
    }
}

/// The same where there may be none.
pub(crate) mod maybe {
    use super::{DateTime, Deserialize, Deserializer, Error, Serializer};

    pub(crate) fn serialize<S: Serializer>(at: &Option<DateTime>, out: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::serialize(at, out),
            None => out.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}
