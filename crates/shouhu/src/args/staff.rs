//! What may be typed after `staff`, `appointments` and `crews`.

use super::{Running, ScenarioArgs};
use std::path::PathBuf;

/// `staff`
#[derive(Debug, clap::Args)]
pub struct StaffArgs {
    #[command(flatten)]
    pub of: ScenarioArgs,
    /// The wait, in minutes, that 95 in 100 people should not exceed; default: the scenario's waves.wait_p95_min
    #[arg(long, value_name = "MINUTES")]
    pub wait: Option<f64>,
    /// Minutes for which a staffing stays the same
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u16).range(5..=1440))]
    pub every: u16,
    /// People come as this plan calls them; default: as the scenario's arrivals say
    #[arg(long, value_name = "plan.json")]
    pub plan: Option<PathBuf>,
    /// Write what a roster has to fill: each role's people by the hour, with those who scan and keep order
    #[arg(long, value_name = "shifts.csv")]
    pub shifts: Option<PathBuf>,
    /// Seconds after which the search stops with the best staff so far
    #[arg(long, value_name = "S")]
    pub time_limit: Option<f64>,
    #[command(flatten)]
    pub running: Running,
}

/// `appointments`
#[derive(Debug, clap::Args)]
pub struct AppointmentsArgs {
    /// People to be booked
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub people: u16,
    /// Slots that they can be booked into
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=500))]
    pub slots: u16,
    /// Minutes of a slot
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=240))]
    pub slot_min: u16,
    /// Mean minutes of a service, lognormal with --cv
    #[arg(long, value_name = "MINUTES", required_unless_present_any = ["law", "scenario"])]
    pub service_min: Option<f64>,
    /// The law of a service, as a scenario writes it: '{ law = "gamma", mean_min = 9, cv = 0.6 }'
    #[arg(long, value_name = "LAW", conflicts_with_all = ["service_min", "cv", "poisson", "scenario"])]
    pub law: Option<String>,
    /// Folder of a scenario, for the law of one of its stations
    #[arg(long, value_name = "FOLDER", requires = "station", conflicts_with_all = ["service_min", "cv", "poisson"])]
    pub scenario: Option<PathBuf>,
    /// The station whose service it is
    #[arg(long, value_name = "NAME", requires = "scenario")]
    pub station: Option<String>,
    /// Coefficient of variation of a service, lognormal; 0: always the same
    #[arg(long, default_value_t = 0.5)]
    pub cv: f64,
    /// The service is Poisson in whole minutes, cut at its 0.9999 quantile: to compare with published schedules
    #[arg(long, conflicts_with = "cv", requires = "service_min")]
    pub poisson: bool,
    /// Share of those booked who do not come
    #[arg(long, default_value_t = 0.0)]
    pub no_show: f64,
    /// What a minute of overtime counts, where a minute of the mean wait counts 1
    #[arg(long, default_value_t = 1.0)]
    pub overtime_weight: f64,
    /// People in each slot, such as 2,1,1,0: evaluate these instead of searching
    #[arg(long, value_delimiter = ',', value_name = "N,N,…")]
    pub counts: Vec<u32>,
    /// Seconds after which the proof stops with what is proven by then
    #[arg(long, value_name = "S", default_value_t = 60.0)]
    pub time_limit: f64,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `crews`
#[derive(Debug, clap::Args)]
pub struct CrewsArgs {
    /// Folder with crews.toml
    pub folder: PathBuf,
    /// Seed of the random numbers: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Days that are lived; default: 200
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub reps: Option<u32>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
