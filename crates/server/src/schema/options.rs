//! The command line's options by their names.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A key of `scenario.toml` and what it is set to: `["site.lanes", "3"]`.
pub type Set = (String, String);

/// Of `plan`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanOptions {
    /// Default `waves`.
    #[schema(required = false)]
    pub policy: PolicyName,
    /// Seed of the random numbers; default 1.
    #[schema(required = false)]
    pub seed: u64,
    /// Replications of the forecast; default 200.
    #[schema(required = false)]
    pub reps: u32,
    /// A first answer while somebody looks on: fewer replications choose and confirm the load.
    #[schema(required = false)]
    pub quick: bool,
    /// Keys of `scenario.toml` that are overridden.
    #[schema(required = false, value_type = Vec<Vec<String>>)]
    pub set: Vec<Set>,
    /// A plan's file: what is pinned in it stays.
    pub keep: Option<Value>,
    /// Replications whose minutes are drawn; default 0: none.
    #[schema(required = false)]
    pub curves: u32,
    /// What must be at the gate when, for which the day is lived once more; default false.
    #[schema(required = false)]
    pub supplies: bool,
}

/// Of a search for waves.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchOptions {
    /// Seconds after which it ends with the best plan so far, 1 to 60; default 30.
    #[schema(required = false)]
    pub seconds: f64,
    /// Seed of the random numbers; absent: 1.
    pub seed: Option<u64>,
    /// A plan's file: what is pinned in it stays.
    pub keep: Option<Value>,
    /// What must be at the gate when, for which the day is lived once more; default false.
    #[schema(required = false)]
    pub supplies: bool,
}

/// Of `rehearse`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RehearseOptions {
    /// Plan by this policy first; absent: as the scenario's law says.
    pub policy: Option<PolicyName>,
    /// Rehearse this plan's file.
    pub plan: Option<Value>,
    /// Rehearse this policy too.
    pub compare: Option<PolicyName>,
    /// Seed of the random numbers; default 1.
    #[schema(required = false)]
    pub seed: u64,
    /// Replications; default 200.
    #[schema(required = false)]
    pub reps: u32,
    /// Fewer replications choose and confirm the load of a policy.
    #[schema(required = false)]
    pub quick: bool,
    /// Look for the move of one server that gains most; default true.
    #[schema(required = false)]
    pub moves: bool,
    /// Keys of `scenario.toml` that are overridden.
    #[schema(required = false, value_type = Vec<Vec<String>>)]
    pub set: Vec<Set>,
    /// Replications whose minutes are drawn; default 0: none.
    #[schema(required = false)]
    pub curves: u32,
    /// What must be at the gate when, for which the day is lived once more; default false.
    #[schema(required = false)]
    pub supplies: bool,
}

/// A policy by its word.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PolicyName {
    /// One message to all at once.
    Broadcast,
    /// Door by door, wave by wave.
    Waves,
}
