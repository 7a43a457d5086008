//! What may be typed after `decide`.

use super::{PolicyArg, Running, key_value};
use domain::decision::{By, Figure};
use jiff::civil::{Date, DateTime};
use std::path::PathBuf;

/// `decide`
#[derive(Debug, clap::Args)]
pub struct Decide {
    /// The scenario's folder; its decisions.toml is the log
    pub scenario: PathBuf,
    /// What is done; without it the log is printed
    #[command(subcommand)]
    pub act: Option<DecideAct>,
    /// Print one JSON object
    #[arg(long, global = true)]
    pub json: bool,
}

/// What is done.
#[derive(Debug, clap::Subcommand)]
pub enum DecideAct {
    /// Write down what somebody said of the day
    Say(Speaking),
    /// Propose a value of the scenario, or a rule in words
    Propose(Box<Proposing>),
    /// Say what speaks against a proposal
    Object(OfOne),
    /// Try it in a round, on all of the site or on a part
    Try(Trying),
    /// Let it hold: a value is put into the scenario, a rule into the notice or onto its card
    Agree(Box<Agreeing>),
    /// Let it go; what was agreed is taken back
    Drop(OfOne),
}

/// Who said what, and when.
#[derive(Debug, clap::Args)]
pub struct Speaking {
    /// Whose word it is, several with commas: resident, volunteer, adviser, secretariat, committee, property
    #[arg(long, value_name = "ROLE", value_parser = by, value_delimiter = ',', default_value = "secretariat")]
    pub by: Vec<By>,
    /// In a sentence that names nobody
    #[arg(long, value_name = "TEXT")]
    pub words: Option<String>,
    /// When, on the community's clock; default: now
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
    pub at: Option<DateTime>,
}

/// What was measured, and how the expectation is rehearsed.
#[derive(Debug, clap::Args)]
pub struct Measuring {
    /// Files of events of the evening's round: its figure is kept beside the decision
    #[arg(long, value_name = "FILE")]
    pub events: Vec<PathBuf>,
    /// The plan that was followed in it
    #[arg(long, value_name = "plan.json")]
    pub plan: Option<PathBuf>,
    /// How people are reached when the change is rehearsed; default: as the scenario's own law says
    #[arg(long, value_enum)]
    pub policy: Option<PolicyArg>,
    #[command(flatten)]
    pub running: Running,
}

/// `decide DIR propose`
#[derive(Debug, clap::Args)]
pub struct Proposing {
    #[command(flatten)]
    pub speaking: Speaking,
    /// The problem that it answers
    #[arg(long, value_name = "TEXT")]
    pub problem: Option<String>,
    /// The value that would be changed, such as site.station.registration.servers=2
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value, conflicts_with_all = ["lesson", "notice", "role"])]
    pub set: Option<(String, String)>,
    /// The lesson of the round's review at this key; needs --events
    #[arg(long, value_name = "KEY", requires = "events", conflicts_with_all = ["notice", "role"])]
    pub lesson: Option<String>,
    /// The words are a rule for the notice of every round
    #[arg(long, conflicts_with = "role")]
    pub notice: bool,
    /// The words are a rule for the card of this role, such as Caller
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// What it is to better: wait_p95_min, wait_mean_min, done_97_min, queue_max, unserved, doors_missed, complaints or
    /// service_s.STATION
    #[arg(long, value_name = "FIGURE", value_parser = figure, default_value = "wait_p95_min")]
    pub figure: Figure,
    #[command(flatten)]
    pub measuring: Measuring,
}

/// `decide DIR object`, `decide DIR drop`
#[derive(Debug, clap::Args)]
pub struct OfOne {
    /// The decision's number
    pub number: u32,
    #[command(flatten)]
    pub speaking: Speaking,
}

/// `decide DIR try`
#[derive(Debug, clap::Args)]
pub struct Trying {
    /// The decision's number
    pub number: u32,
    /// In the round of this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<Date>,
    /// On which part of the site, such as "buildings 1 to 6"
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub part: String,
    #[command(flatten)]
    pub speaking: Speaking,
}

/// `decide DIR agree`
#[derive(Debug, clap::Args)]
pub struct Agreeing {
    /// The decision's number
    pub number: u32,
    #[command(flatten)]
    pub speaking: Speaking,
    #[command(flatten)]
    pub measuring: Measuring,
}

fn by(text: &str) -> Result<By, String> {
    let found = By::ALL.into_iter().find(|(name, by)| *name == text && by.is_people());
    found.map(|(_, by)| by).ok_or_else(|| {
        let people = By::ALL.into_iter().filter(|(_, by)| by.is_people());
        people.map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    })
}

fn figure(text: &str) -> Result<Figure, String> {
    Figure::parse(text).ok_or_else(|| {
        let known: Vec<&str> = Figure::ALL.iter().map(|(name, _)| *name).collect();
        format!("{}, service_s.STATION", known.join(", "))
    })
}
