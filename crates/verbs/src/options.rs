//! What a page asks for, as JSON: the command line's options by their names.

use crate::rehearse::{Beside, By};
use domain::Policy;
use serde::Deserialize;
use serde_json::Value;

/// Of `plan`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlanOptions {
    /// `broadcast` or `waves`.
    pub policy: PolicyName,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Replications of the forecast.
    pub reps: u32,
    /// A first answer while somebody looks on: fewer replications choose and confirm the load.
    pub quick: bool,
    /// Keys of scenario.toml that are overridden.
    pub set: Vec<(String, String)>,
    /// A plan's file: what is pinned in it stays.
    pub keep: Option<Value>,
    /// Replications whose minutes are drawn; 0: none.
    pub curves: u32,
}

/// Of `rehearse`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RehearseOptions {
    /// Plan by this policy first; absent: as the scenario's law says.
    pub policy: Option<PolicyName>,
    /// Rehearse this plan's file.
    pub plan: Option<Value>,
    /// Rehearse this policy too.
    pub compare: Option<PolicyName>,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Replications.
    pub reps: u32,
    /// Fewer replications choose and confirm the load of a policy.
    pub quick: bool,
    /// Look for the move of one server that gains most.
    pub moves: bool,
    /// Keys of scenario.toml that are overridden.
    pub set: Vec<(String, String)>,
    /// Replications whose minutes are drawn; 0: none.
    pub curves: u32,
}

/// A policy by its word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PolicyName {
    /// One message to all at once.
    Broadcast,
    /// Door by door, wave by wave.
    #[default]
    Waves,
}

impl From<PolicyName> for Policy {
    fn from(name: PolicyName) -> Policy {
        match name {
            PolicyName::Broadcast => Policy::Broadcast,
            PolicyName::Waves => Policy::Waves,
        }
    }
}

/// As the command line's defaults.
const SEED: u64 = 1;
const REPS: u32 = 200;

impl Default for PlanOptions {
    fn default() -> PlanOptions {
        let policy = PolicyName::default();
        PlanOptions { policy, seed: SEED, reps: REPS, quick: false, set: Vec::new(), keep: None, curves: 0 }
    }
}

impl Default for RehearseOptions {
    fn default() -> RehearseOptions {
        RehearseOptions {
            policy: None,
            plan: None,
            compare: None,
            seed: SEED,
            reps: REPS,
            quick: false,
            moves: true,
            set: Vec::new(),
            curves: 0,
        }
    }
}

impl RehearseOptions {
    /// How people come, but for a plan's file.
    pub fn by(&self) -> By {
        self.policy.map_or(By::Law, |policy| By::Policy(policy.into()))
    }

    /// What is rehearsed beside it.
    pub fn beside(&self) -> Beside {
        self.compare.map_or(Beside::Nothing, |policy| Beside::Policy(policy.into()))
    }
}
