//! The JSON of `rehearse`.

use super::figures::{Cost, Curves, Figures};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A rehearsal, perhaps with another beside it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Rehearsed {
    /// What was measured.
    #[serde(flatten)]
    pub figures: Figures,
    /// What it cost.
    #[serde(flatten)]
    pub cost: Cost,
    /// The other policy, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared>,
    /// What must be at the gate when, good by good, where that was asked for and the folder has a `supplies.csv`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub supplies: Option<Value>,
    /// What the figures say, in sentences.
    pub findings: Vec<String>,
    /// Who stands where, minute by minute, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curves: Option<Curves>,
}

/// The policy beside it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Compared {
    /// `broadcast` or `waves`.
    pub policy: String,
    /// What was measured.
    #[serde(flatten)]
    pub figures: Figures,
    /// What it cost.
    #[serde(flatten)]
    pub cost: Cost,
    /// The rehearsed plan less this one.
    pub difference: Paired,
    /// Who stands where, minute by minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curves: Option<Curves>,
}

/// A difference, replication by replication.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Paired {
    /// Of the mean wait.
    #[schema(required)]
    pub wait_mean_min: Option<Difference>,
    /// Of the wait that 95 in 100 do not exceed.
    #[schema(required)]
    pub wait_p95_min: Option<Difference>,
    /// Of the time at which 97 % of those served have left.
    #[schema(required)]
    pub done_97_min: Option<Difference>,
    /// Of the most people waiting at one time.
    #[schema(required)]
    pub queue_max: Option<Difference>,
}

/// A mean difference and its 95 % interval.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    /// Mean over replications.
    pub mean: f64,
    /// 95 % interval; null for one replication.
    #[schema(required, value_type = Option<Vec<f64>>)]
    pub ci95: Option<[f64; 2]>,
}
