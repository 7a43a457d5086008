//! Seven answers, and who it takes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The seven answers as they are given.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    /// What it is: the name of a service, `screening`.
    pub service: String,
    /// How many people it is for; this or `households`, or both.
    pub people: Option<f64>,
    /// How many households.
    pub households: Option<f64>,
    /// The day, `2026-12-01`.
    pub date: String,
    /// When it opens, `07:00`.
    pub opens: String,
    /// When it closes, `13:00`; with the date, `2026-12-03T13:00`, if that is another day.
    pub closes: String,
    /// How many people can staff it at one time, callers included.
    pub staff: Option<f64>,
    /// How residents are reached: `doors`, `chat`, `appointments` or `walk-in`.
    pub reach: String,
    /// How many can wait without crowding.
    pub room: Option<f64>,
    /// What wait, in minutes, 95 in 100 should not exceed.
    pub wait: Option<f64>,
    /// The place's IANA time zone.
    pub timezone: String,
    /// What people call the round; empty: the service and the day.
    pub name: String,
}

/// Who stands where, and how many it would take.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Needs {
    /// Identical lanes.
    pub lanes: u32,
    /// Each station with its servers, in a lane or for all lanes.
    pub posts: Vec<PostNeed>,
    /// Who call households; 0 where they come by themselves.
    pub callers: u32,
    /// Who relieve the others and keep order.
    pub relief: u32,
    /// People an hour at the slowest station, at full load.
    pub per_hour: f64,
    /// Local time at which everybody is served if the site stays open and runs at nine tenths of its capacity.
    pub ends: String,
    /// Whether that is before closing.
    pub in_time: bool,
    /// All the people it takes to be done before closing; null if that is more than one site can be.
    #[schema(required)]
    pub staff_needed: Option<u32>,
    /// The lanes that they make; null with the former.
    #[schema(required)]
    pub lanes_needed: Option<u32>,
}

/// The people at one station.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PostNeed {
    /// The station's name.
    pub station: String,
    /// Servers, in each lane unless it is shared.
    pub servers: u32,
    /// One for all lanes.
    pub shared: bool,
}
