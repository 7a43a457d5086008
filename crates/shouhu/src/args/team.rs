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
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
