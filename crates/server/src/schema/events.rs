//! The messages of an event stream.

use super::{plan::PlanFile, view::View, view::layout::Drawing};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use utoipa::ToSchema;

/// `site`: what a board needs before the first event.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Site {
    /// The scenario.
    #[schema(value_type = View)]
    pub view: Box<RawValue>,
    /// Where everything stands.
    #[schema(value_type = Drawing)]
    pub layout: Box<RawValue>,
    /// Who is called when; null where nobody is called.
    #[schema(value_type = Option<PlanFile>, required)]
    pub plan: Option<Box<RawValue>>,
    /// The opening, RFC 3339.
    pub opens_at: String,
    /// Minutes after opening of the first event; negative where calls come earlier.
    pub first_min: f64,
    /// Of the last one; null while that is not known.
    #[schema(required)]
    pub last_min: Option<f64>,
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
