//! What may be typed after `aid`.

use super::{
    ScenarioArgs,
    roster::{seconds, share},
};
use std::path::PathBuf;

/// `aid`
#[derive(Debug, clap::Args)]
pub struct AidArgs {
    #[command(flatten)]
    pub of: ScenarioArgs,
    /// A plan that was made before: its orders are kept where they can be
    #[arg(long, value_name = "plan.json")]
    pub plan: Option<PathBuf>,
    /// A team of that plan that works no longer, from a day on; may be given several times
    #[arg(long, value_name = "TEAM[@DATE]", requires = "plan")]
    pub withdraw: Vec<String>,
    /// Who left before this day has left; default: the first withdrawal, or the plan's first day
    #[arg(long, value_name = "DATE", requires = "plan")]
    pub now: Option<String>,
    /// Person-days that it must gain to take back one person's orders
    #[arg(long, value_name = "DAYS", default_value_t = 2.0, requires = "plan", value_parser = person_days)]
    pub change_days: f64,
    /// Seconds for the solver, at most
    #[arg(long, value_name = "S", default_value_t = 60.0, value_parser = seconds)]
    pub time_limit: f64,
    /// Relative gap of the first two levels at which it goes on to the others
    #[arg(long, default_value_t = 0.001, value_parser = share)]
    pub gap: f64,
    /// Write the plan to this file
    #[arg(short = 'o', long = "output", value_name = "plan.json")]
    pub output: Option<PathBuf>,
    /// Write orders into this folder: for each donor whom to send, when the bus leaves, where they lodge, when they return
    #[arg(long, value_name = "DIR")]
    pub papers: Option<PathBuf>,
}

/// Person-days for one person: no longer than a stay can be, and to spare.
fn person_days(text: &str) -> Result<f64, String> {
    let sound = text.parse().ok().filter(|days| (0.0..=10_000.0).contains(days));
    sound.ok_or_else(|| "0 – 10000".to_owned())
}
