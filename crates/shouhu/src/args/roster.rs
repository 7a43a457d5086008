//! What may be typed after `roster`.

use super::{Running, ScenarioArgs};
use std::path::PathBuf;

/// `roster`
#[derive(Debug, clap::Args)]
pub struct RosterArgs {
    #[command(flatten)]
    pub of: ScenarioArgs,
    /// The plan whose stations and calls are staffed where there is no shifts.csv; without it one is made
    #[arg(long, value_name = "plan.json")]
    pub plan: Option<PathBuf>,
    /// A roster that was made before: what is pinned in it stays; with --out the whole of it is repaired
    #[arg(long, value_name = "roster.json")]
    pub keep: Option<PathBuf>,
    /// Somebody who cannot come after all, by name, and of namesakes by the row in the sheet, on one day or from now on; needs --keep,
    /// and may be given several times
    #[arg(long, value_name = "NAME[#ROW][@DATE]", requires = "keep")]
    pub out: Vec<String>,
    /// Shifts that began before this stay as they are, such as 2022-03-28T06:00; default: the first day's midnight
    #[arg(long, value_name = "TIME", requires = "out")]
    pub now: Option<String>,
    /// Seconds for the solver, at most
    #[arg(long, value_name = "S", default_value_t = 30.0, value_parser = seconds)]
    pub time_limit: f64,
    /// Stop at this relative gap; 0 for a roster that is proven to be the best
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    pub gap: f64,
    /// Write the roster to this file
    #[arg(short = 'o', long = "output", value_name = "roster.json")]
    pub output: Option<PathBuf>,
    /// Write what volunteers get into this folder: shifts and role cards, calendars, hours, thanks
    #[arg(long, value_name = "DIR")]
    pub papers: Option<PathBuf>,
    #[command(flatten)]
    pub running: Running,
}

/// Seconds that somebody waits: up to an hour.
pub(super) fn seconds(text: &str) -> Result<f64, String> {
    let sound = text.parse().ok().filter(|seconds| (0.1..=3_600.0).contains(seconds));
    sound.ok_or_else(|| "0.1 – 3600".to_owned())
}

/// A share.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let sound = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    sound.ok_or_else(|| "0 – 1".to_owned())
}
