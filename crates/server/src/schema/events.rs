//! The messages of an event stream.

use super::view::View;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// `site`: what a board needs before the first event.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Site {
    /// The scenario, with the plan of the site.
    pub view: View,
    /// What the site goes by: for the pages' own engine.
    #[schema(value_type = Object)]
    pub rules: Value,
    /// Who is expected when: for the pages' own engine.
    #[schema(value_type = Object)]
    pub calls: Value,
    /// The doors of each wave; empty where nobody is called in waves.
    pub doors: Vec<WaveDoors>,
    /// Minutes after opening of the first event; negative where calls come earlier.
    pub first_min: f64,
    /// Of the last one; null while that is not known.
    #[schema(required)]
    pub last_min: Option<f64>,
}

/// The doors of a wave.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct WaveDoors {
    /// The wave's number.
    pub wave: u32,
    /// Each entrance with its doors.
    pub doors: Vec<String>,
}

/// `clock`: the time at the site.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Clock {
    /// Minutes after opening.
    pub now_min: f64,
}

/// `end`: nothing happens any more.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct End {
    /// Minutes after opening of the last event.
    #[schema(required)]
    pub last_min: Option<f64>,
}

/// A line of `events`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Envelope {
    /// Of this event alone.
    pub id: String,
    /// The community that owns it.
    pub community_id: String,
    /// Who recorded it.
    pub device: String,
    /// Its place in the device's log, from 1.
    pub seq: u64,
    /// RFC 3339 in UTC to 0.1 ms.
    pub at: String,
    /// `real`, `paper`, or `{rehearsed: {seed, replication}}`.
    pub origin: Value,
    /// What happened: `Arrived`, `Queued`, `ServiceStarted` …
    #[serde(rename = "type")]
    pub kind: String,
    /// What that kind of event knows: `visit`, `station`, `lane` …
    #[serde(flatten)]
    pub more: Map<String, Value>,
}
