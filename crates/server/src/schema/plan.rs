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
    /// How it was searched for, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<SearchFound>,
    /// What its rehearsal says.
    pub forecast: Figures,
    /// What must be at the gate when, good by good, where that was asked for and the folder has a `supplies.csv`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub supplies: Option<Value>,
    /// What it breaks.
    pub notes: Vec<Note>,
    /// Who stands where, minute by minute, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curves: Option<Curves>,
}

/// What a search for waves found.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SearchFound {
    /// The wait that 95 of 100 are not to exceed, in minutes.
    pub target_p95_min: f64,
    /// Whether the plan keeps it on fresh luck.
    pub meets_target: bool,
    /// How the plan did on the luck on which it was searched.
    pub searched: PlanDid,
    /// How it does on fresh luck.
    pub confirmed: PlanDid,
    /// Plans that were rehearsed.
    pub plans_tried: u32,
    /// Whether it ended before it had tried all that it wanted to.
    pub cut_short: bool,
    /// The trade of callers, wait and finish: plans of which none is better in everything.
    pub curve: Vec<CurvePlan>,
}

/// How a plan does.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PlanDid {
    /// The wait that 95 of 100 do not exceed, in minutes.
    pub wait_p95_min: f64,
    /// The upper end of its 95 % confidence interval.
    pub upper: f64,
    /// Minutes after opening at which 97 % are done; null: they are not.
    #[schema(required)]
    pub done_97_min: Option<f64>,
    /// People not served.
    pub unserved: f64,
    /// Hours that all callers are out.
    pub caller_hours: f64,
}

/// A plan that could be chosen.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CurvePlan {
    /// Callers.
    pub callers: u32,
    /// Hours that all of them are out.
    pub caller_hours: f64,
    /// The wait that 95 of 100 do not exceed, in minutes.
    pub wait_p95_min: f64,
    /// Minutes after opening at which 97 % are done; null: they are not.
    #[schema(required)]
    pub done_97_min: Option<f64>,
    /// Whether it is the plan that was found.
    pub chosen: bool,
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
