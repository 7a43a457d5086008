//! A moment as people read it: RFC 3339.

use domain::Moment;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

pub fn serialize<S: Serializer>(at: &Moment, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&at.rfc3339())
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Moment, D::Error> {
    let text = String::deserialize(from)?;
    Moment::parse(&text)
        .ok_or_else(|| D::Error::custom(format!("{text:?} is no time such as 2022-04-04T08:00:00+08:00")))
}
