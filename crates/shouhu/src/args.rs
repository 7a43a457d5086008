//! What may be typed. A public contract: other people's scripts use it.

mod aid;
mod decide;
mod init;
mod keeping;
pub mod method;
mod notice;
mod plan;
mod pool;
mod rehearse;
mod review;
mod roster;
mod serve;
mod staff;
mod target;
mod team;

pub use aid::AidArgs;
pub use decide::{Decide, DecideAct, Measuring, Proposing, Speaking};
pub use init::{Answering, Init};
pub use keeping::{Backup, Migrate, Restore, Verify};
pub use method::MethodArgs;
pub use notice::NoticeArgs;
pub use plan::{PlanArgs, PlanPolicyArg, PolicyArg};
pub use pool::PoolArgs;
pub use rehearse::Rehearse;
pub use review::{Drill, Review};
pub use roster::RosterArgs;
pub use serve::{Log, LogFormat, Serve};
pub use staff::{AppointmentsArgs, CrewsArgs, StaffArgs};
pub use target::TargetArgs;
pub use team::TeamArgs;

use clap::{
    Parser, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use std::path::PathBuf;
use words::Language;

/// Plan a round of service for a whole population, and rehearse it before anyone queues.
///
/// Start with: shouhu init my-round --example sunshine-garden
#[derive(Debug, Parser)]
#[command(name = "shouhu", version, arg_required_else_help = true)]
pub struct Args {
    /// Language of what is printed; default: from LC_ALL, LC_MESSAGES or LANG
    #[arg(long, global = true, value_parser = language(), ignore_case = true)]
    pub lang: Option<Language>,
    #[command(subcommand)]
    pub command: Command,
}

/// A language of the catalogue by its tag.
pub fn language() -> impl TypedValueParser<Value = Language> {
    let all = Language::ALL.map(|language| PossibleValue::new(language.tag()).help(language.name()));
    PossibleValuesParser::new(all).map(|tag| Language::of_tag(&tag).expect("one of those that are possible"))
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a ready scenario to begin with
    Init(Init),
    /// Say all that is wrong with a scenario, not only the first
    Check(Check),
    /// Plan who is called when
    Plan(PlanArgs),
    /// Live the plan under seeds before anyone queues
    Rehearse(Box<Rehearse>),
    /// Say how many each station needs, hour by hour, for a wait
    Staff(StaffArgs),
    /// Find the best appointments before one server, and prove how good they are
    Appointments(AppointmentsArgs),
    /// Say which city sends whom to which district, day by day, never below what it needs itself
    Aid(Box<AidArgs>),
    /// Divide few crews over several communities, so that the last of them is done early
    Crews(CrewsArgs),
    /// Say how many people to put in a tube: tests, recalls and misses by size, and hours at a site
    Pool(Box<PoolArgs>),
    /// Say which volunteer does what when, what stays empty, and what would fill it
    Roster(Box<RosterArgs>),
    /// Say of teams that went to help who is where, what is due and whose turn it is, and what if one were withdrawn
    Team(TeamArgs),
    /// Say when there may be no cases outside quarantine any more, policies side by side, and what moves it most
    Target(Box<TargetArgs>),
    /// Write the community's notice beneath the directives: for the door, the chat, the loudspeaker
    Notice(Box<NoticeArgs>),
    /// Serve the pages and the API to browsers on this machine
    Serve(Serve),
    /// Say what happened, and what it teaches the next plan
    Review(Review),
    /// Keep the log of the evenings: what was said, proposed, objected to, tried and agreed, and whether it helped
    Decide(Box<Decide>),
    /// Hand on what a community learned, as a folder, or take it over
    #[command(subcommand)]
    Method(MethodArgs),
    /// Play a rehearsal through a running server as many phones, and check that each event arrived once
    Drill(Drill),
    /// Copy a data folder into a new one, while the server runs
    Backup(Backup),
    /// Put a backup back, into a folder that is missing or empty
    Restore(Restore),
    /// Check that a data folder, a backup or a journal is as it was written
    Verify(Verify),
    /// Move a data folder into an empty PostgreSQL database, and prove that nothing changed
    Migrate(Migrate),
}

/// Names the database of a server without being seen in the list of processes.
pub const DATABASE_URL: &str = "SHOUHU_DATABASE_URL";

/// The scenario and what is set in it.
#[derive(Debug, clap::Args)]
pub struct ScenarioArgs {
    /// The scenario's folder
    pub scenario: PathBuf,
    /// Override any key of scenario.toml, such as site.lanes=3 or site.station.sampling.servers=1
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub set: Vec<(String, String)>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `check`
#[derive(Debug, clap::Args)]
pub struct Check {
    #[command(flatten)]
    pub of: ScenarioArgs,
}

/// How many simulations, on which random numbers.
#[derive(Debug, clap::Args)]
pub struct Running {
    /// Seed of the random numbers: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Replications; default: 200, of a city 1
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub reps: Option<u32>,
    /// Threads; default: as many as the machine has. They change nothing but the time
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// An engine by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EngineArg {
    /// Sorted server-free times; refused where it is not exact
    Fifo,
    /// An agenda of events
    Event,
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (1e-3..=1e6).contains(number));
    number.ok_or_else(|| "write a number from 0.001 to 1000000".to_owned())
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() && !value.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as KEY=VALUE, such as site.lanes=3".to_owned()),
    }
}
