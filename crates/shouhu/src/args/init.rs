//! What may be typed after `init`.

use std::path::PathBuf;

/// `init`
#[derive(Debug, clap::Args)]
pub struct Init {
    /// Folder to write; it must not hold any of the files yet
    pub dir: PathBuf,
    /// A ready example; without it, seven questions make a scenario of your own
    #[arg(long, value_name = "NAME", conflicts_with = "Answering", value_parser = ready())]
    pub example: Option<String>,
    #[command(flatten)]
    pub answers: Answering,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// The answers to seven questions; those that are missing are asked for in the terminal.
#[derive(Debug, clap::Args)]
#[group(id = "Answering", multiple = true)]
pub struct Answering {
    /// What it is: a service such as screening, flu-clinic, relief-goods
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// How many people it is for
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub people: Option<f64>,
    /// How many households; instead of people, or beside them
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub households: Option<f64>,
    /// The day, such as 2026-12-01
    #[arg(long)]
    pub date: Option<String>,
    /// When it opens, such as 07:00
    #[arg(long, value_name = "TIME")]
    pub opens: Option<String>,
    /// When it closes, such as 13:00, or 2026-12-03T13:00 on another day
    #[arg(long, value_name = "TIME")]
    pub closes: Option<String>,
    /// How many people can staff it at one time, callers included
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub staff: Option<f64>,
    /// How residents are reached: doors, chat, appointments or walk-in
    #[arg(long, value_name = "HOW")]
    pub reach: Option<String>,
    /// How many can wait without crowding
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub room: Option<f64>,
    /// What wait is too long, in minutes
    #[arg(long, value_name = "MINUTES", allow_negative_numbers = true)]
    pub wait: Option<f64>,
    /// IANA time zone of the place, such as Asia/Shanghai; default: this machine's
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// What people call the round; default: the service and the day
    #[arg(long)]
    pub name: Option<String>,
}

/// The examples that can be written: communities, then cities, days of crews, aid between cities, and outbreaks.
fn ready() -> clap::builder::PossibleValuesParser {
    let all = scenario::examples()
        .iter()
        .chain(scenario::cities())
        .chain(scenario::crew_days())
        .chain(scenario::aids())
        .chain(scenario::outbreaks());
    clap::builder::PossibleValuesParser::new(all)
}
