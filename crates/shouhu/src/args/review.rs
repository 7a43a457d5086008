//! What may be typed after `review` and `drill`.

use super::{Running, positive};
use std::path::PathBuf;

/// `review`
#[derive(Debug, clap::Args)]
pub struct Review {
    /// Files of events, one a round, and tables of stopwatch cards (.csv)
    #[arg(required = true)]
    pub events: Vec<PathBuf>,
    /// The plan that was followed: it is rehearsed, and its waves are put beside what came
    #[arg(long, value_name = "plan.json")]
    pub plan: Option<PathBuf>,
    /// The scenario's folder, to be held against; default: that of --write
    #[arg(long, value_name = "DIR")]
    pub scenario: Option<PathBuf>,
    /// Write the report: for a word processor (.docx), for a spreadsheet (.xlsx) or as a page (.html)
    #[arg(short = 'o', long = "output", value_name = "FILE.docx|FILE.xlsx|FILE.html")]
    pub output: Option<PathBuf>,
    /// Write what was learned into this scenario's folder
    #[arg(long, value_name = "SCENARIO")]
    pub write: Option<PathBuf>,
    #[command(flatten)]
    pub running: Running,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `drill`
#[derive(Debug, clap::Args)]
pub struct Drill {
    /// The server, started with --drill on a data folder of its own, such as http://127.0.0.1:8300; or an empty PostgreSQL
    /// database, postgresql://…: server processes are started over it on this machine, and one is killed again and again
    pub url: String,
    /// The scenario's folder
    pub scenario: PathBuf,
    /// Phones; a round is made for each 500
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=4000))]
    pub phones: u16,
    /// Connections on which they send; default: one for each phone, with --foresee 2
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4000))]
    pub connections: Option<u16>,
    /// Events of an upload
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub batch: u16,
    /// Minutes of the rehearsal in one of yours; default: 60
    #[arg(long, value_name = "N", value_parser = positive, conflicts_with = "rate")]
    pub speed: Option<f64>,
    /// Send evenly, so many events a second
    #[arg(long, value_name = "EVENTS_PER_S", value_parser = positive)]
    pub rate: Option<f64>,
    /// For so long, with as many rehearsals as it takes; default: one rehearsal, with --rate 10 seconds, over a database 600
    #[arg(long = "for", value_name = "SECONDS", value_parser = positive)]
    pub lasts: Option<f64>,
    /// Afterwards let all phones come back at once, for 5 seconds at ten times the rate, and look on for 15 more
    #[arg(long)]
    pub reconnect: bool,
    /// How well the desk foresees the day: so many rounds, at sites that are not quite as planned, whose waits and end are held
    /// against what the server shows every half hour
    #[arg(long, value_name = "ROUNDS", value_parser = clap::value_parser!(u16).range(1..=1000),
        conflicts_with_all = ["phones", "batch", "speed", "rate", "lasts", "reconnect"])]
    pub foresee: Option<u16>,
    /// Over a database: so many processes; default: 2
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=8), conflicts_with_all = ["foresee", "reconnect"])]
    pub processes: Option<u8>,
    /// Over a database: one of them is killed after so long, again and again, and started anew; default: 60
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(2..=3600), conflicts_with_all = ["foresee", "reconnect"])]
    pub kill_every: Option<u16>,
    /// Seed of the rehearsal
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
