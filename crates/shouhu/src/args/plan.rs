//! What may be typed after `plan`.

use super::{Running, ScenarioArgs};
use clap::ValueEnum;
use std::path::PathBuf;

/// A policy by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolicyArg {
    /// One message to all at once
    Broadcast,
    /// Door by door, wave by wave
    Waves,
}

impl From<PolicyArg> for domain::Policy {
    fn from(policy: PolicyArg) -> domain::Policy {
        match policy {
            PolicyArg::Broadcast => domain::Policy::Broadcast,
            PolicyArg::Waves => domain::Policy::Waves,
        }
    }
}

/// How a plan is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlanPolicyArg {
    /// One message to all at once
    Broadcast,
    /// Door by door, wave by wave, at one load all day
    Waves,
    /// Waves whose call times, lanes and staff are searched for, by rehearsing many plans
    Search,
}

impl PlanPolicyArg {
    /// The policy; `None` where a plan is searched for.
    pub fn policy(self) -> Option<domain::Policy> {
        match self {
            PlanPolicyArg::Broadcast => Some(domain::Policy::Broadcast),
            PlanPolicyArg::Waves => Some(domain::Policy::Waves),
            PlanPolicyArg::Search => None,
        }
    }
}

/// `plan`
#[derive(Debug, clap::Args)]
pub struct PlanArgs {
    #[command(flatten)]
    pub of: ScenarioArgs,
    /// How residents are reached
    #[arg(long, value_enum, default_value = "waves")]
    pub policy: PlanPolicyArg,
    #[command(flatten)]
    pub running: Running,
    /// Seconds after which the search stops with the best plan so far; so does Ctrl-C. In a city: seconds for a second opinion on the
    /// couriers' rounds, which is not asked where nothing is said
    #[arg(long, value_name = "S")]
    pub time_limit: Option<f64>,
    /// The search leaves the staff at the stations where the scenario has them
    #[arg(long)]
    pub keep_staff: bool,
    /// Keep the waves that are pinned in this plan, and plan the others around them; in a city the plan that --stopped changes
    #[arg(long, value_name = "plan.json")]
    pub keep: Option<PathBuf>,
    /// In a city: this lab tests nothing from then on; change the plan that is kept, and little of it. Several may be given
    #[arg(long, value_name = "LAB@TIME", requires = "keep")]
    pub stopped: Vec<String>,
    /// Write the plan to this file
    #[arg(short = 'o', long = "output", value_name = "plan.json")]
    pub output: Option<PathBuf>,
    /// Write tonight's papers into this folder: a page for residents, role cards, the call timetable as text for the group
    /// chat, as CSV and to print, and the door lists; in a city the drivers' sheets
    #[arg(long, value_name = "DIR")]
    pub sheets: Option<PathBuf>,
}
