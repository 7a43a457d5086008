//! Time zones of this program: the tables are in the binary.

use domain::Moment;
use jiff::{civil::DateTime, tz::TimeZone};

pub use server::clock::{now_in, with_offset};

/// A time of day in an IANA time zone as a moment of the world; `None` if the zone is not one that we know.
pub fn zones(name: &str, at: DateTime) -> Option<Moment> {
    Some(Moment::from(TimeZone::get(name).ok()?.to_timestamp(at).ok()?))
}
