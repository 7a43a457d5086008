//! What may be typed after `target`.

use jiff::civil::Date;
use std::path::PathBuf;

/// `target`
#[derive(Debug, clap::Args)]
pub struct TargetArgs {
    /// Table (CSV or XLSX) with a column of dates and one or more of new cases a day
    pub series: PathBuf,
    /// A policy file: what is done from which day on; repeat it to see several side by side. Without one all goes on as it is
    #[arg(long, value_name = "FILE.toml")]
    pub policy: Vec<PathBuf>,
    /// A column of new cases; several are added up. Default: those whose headings say that they were found outside quarantine, or else all new cases
    #[arg(long, value_name = "HEADING")]
    pub column: Vec<String>,
    /// The date that is promised, such as 2022-04-11; default: two weeks ahead
    #[arg(long, value_name = "DATE")]
    pub by: Option<Date>,
    /// Forget what came after this day: what could have been said on its evening
    #[arg(long, value_name = "DATE")]
    pub from_day: Option<Date>,
    /// Days on end without a case, of which the first is the day on which the target is reached
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=28))]
    pub clear_days: u8,
    /// Most cases of such a day
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub at_most: u32,
    /// Seed of the random numbers: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write one self-contained page of pictures
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
