//! The JSON of `plan`.

use super::{
    figures::{Curves, Figures},
    notes::Note,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A plan and what its rehearsal says.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Planned {
    /// `broadcast` or `waves`.
    pub policy: String,
    /// Share of the bottleneck's capacity at which waves follow each other.
    #[schema(required)]
    pub load: Option<f64>,
    /// Who is called when.
    pub waves: Vec<Wave>,
    /// Stations with their lanes, servers and utilisation.
    pub stations: Vec<PlannedStation>,
    /// Posts and how many fill them.
    pub roster: Vec<Post>,
    /// Proven optimality gap; null where nothing is proven.
    #[schema(required)]
    pub gap: Option<f64>,
    /// Last call and home visits; null where there is none.
    #[schema(required)]
    pub tail: Option<Tail>,
    /// How the load was chosen; null where none was.
    #[schema(required, value_type = Option<Object>)]
    pub choice: Option<Value>,
    /// What its rehearsal says.
    pub forecast: Figures,
    /// What it breaks.
    pub notes: Vec<Note>,
    /// Who stands where, minute by minute, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curves: Option<Curves>,
}

/// The households called for one time.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Wave {
    /// From 1, unique in the plan.
    pub number: u32,
    /// Local clock time, `07:05:00`, or with its date if that is not the opening day.
    pub call_at: String,
    /// The lane they go to, from 1.
    pub lane: u16,
    /// How many households.
    pub households: u32,
    /// How many people live in them.
    pub people: u32,
    /// The households by their doors, in the order in which they are called.
    pub members: Vec<String>,
    /// Whether planning anew leaves it as it is; absent if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub pinned: bool,
}

/// A station of a plan.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PlannedStation {
    /// Its name.
    pub name: String,
    /// Lanes that have one; 1 for a shared station.
    pub lanes: u16,
    /// Servers in each lane; null where they are not counted.
    #[schema(required)]
    pub servers: Option<u32>,
    /// Busy time over staffed time.
    #[schema(required)]
    pub utilisation: Option<f64>,
}

/// A post, and how many fill it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Post {
    /// A station's name, `caller` or another post.
    pub post: String,
    /// How many.
    pub people: u32,
}

/// After the last wave.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Tail {
    /// Local clock time.
    pub last_call_at: String,
    /// Households that have not come by then, as expected.
    pub households_expected: u32,
    /// People who are served at home.
    pub at_home: u32,
}
