//! What may be typed after `rehearse`.

use super::{EngineArg, PlanPolicyArg, PolicyArg, Running, ScenarioArgs, key_value};
use std::path::PathBuf;

/// `rehearse`
#[derive(Debug, clap::Args)]
pub struct Rehearse {
    #[command(flatten)]
    pub of: ScenarioArgs,
    /// Rehearse this plan
    #[arg(long, value_name = "plan.json", conflicts_with = "policy")]
    pub plan: Option<PathBuf>,
    /// Plan by this policy first; default: as the scenario's arrivals say
    #[arg(long, value_enum)]
    pub policy: Option<PlanPolicyArg>,
    /// Rehearse this policy too, with the same luck, and print both side by side
    #[arg(long, value_enum, conflicts_with = "sweep")]
    pub compare: Option<PolicyArg>,
    #[command(flatten)]
    pub running: Running,
    /// Compare values of a key under common random numbers, such as site.lanes=2,3,4
    #[arg(long, value_name = "KEY=A,B,C", value_parser = key_value)]
    pub sweep: Option<(String, String)>,
    /// Write the events of replication 0, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// Write tonight's papers into this folder: a page for residents and role cards, and where households are called the
    /// timetable and the door lists
    #[arg(long, value_name = "DIR", conflicts_with = "sweep")]
    pub sheets: Option<PathBuf>,
    /// Write one self-contained page of pictures
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Let something go wrong, such as system-down=45@08:30; several go together, and `list` shows all cards. In a city
    /// some may be at one place: lab-stops=240@12:00/NAME
    #[arg(long, value_name = "NAME[=VALUE][@TIME]", conflicts_with_all = ["compare", "sweep"])]
    pub fault: Vec<String>,
    /// Play every fault card and every pair, in a city every card, and say what breaks first, how much it takes, and what survives it; with
    /// --sheets a table-top exercise too
    #[arg(long, conflicts_with_all = ["compare", "sweep", "fault", "events", "records", "report", "stress_des"])]
    pub stress: bool,
    /// Write a row for each visit of each replication, with all of its times: as CSV or Parquet, by the file's ending
    #[arg(long, value_name = "FILE.csv|FILE.parquet")]
    pub records: Option<PathBuf>,
    /// Write what a paper must tell of this simulation, as far as the program knows it: the reporting checklist STRESS-DES,
    /// as Markdown (no relation of --stress)
    #[arg(long, value_name = "FILE.md")]
    pub stress_des: Option<PathBuf>,
    /// Which engine, to measure and to compare; default: the fastest that is exact
    #[arg(long, value_enum)]
    pub engine: Option<EngineArg>,
}
