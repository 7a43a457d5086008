//! What may be typed after `team`.

use std::path::PathBuf;

/// `team`
#[derive(Debug, clap::Args)]
pub struct TeamArgs {
    /// What happened, one JSON object a line; several books may be given, in any order
    #[arg(value_name = "EVENTS.ndjson", required = true)]
    pub events: Vec<PathBuf>,
    /// As it was at this time, such as 2022-04-04T08:00:00+08:00, by what was told until then; default: the last time that was told
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// What if this team, by name or identifier, were withdrawn then; nothing is written
    #[arg(long, value_name = "TEAM")]
    pub withdraw: Option<String>,
    /// Divide this team's day into crews and spells that keep the rules of rest, heat and water; needs --from, --until and --people
    #[arg(long, value_name = "TEAM", requires_all = ["from", "until", "people"])]
    pub schedule: Option<String>,
    /// From when people are needed
    #[arg(long, value_name = "TIME", requires = "schedule")]
    pub from: Option<String>,
    /// Until when
    #[arg(long, value_name = "TIME", requires = "schedule")]
    pub until: Option<String>,
    /// People at a time
    #[arg(long, value_name = "N", requires = "schedule")]
    pub people: Option<usize>,
    /// The work is indoors; heat rules are of work outdoors
    #[arg(long, requires = "schedule")]
    pub indoors: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
