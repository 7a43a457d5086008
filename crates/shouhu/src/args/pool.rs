//! What may be typed after `pool`.

use super::Running;
use std::path::PathBuf;

/// `pool`
#[derive(Debug, clap::Args)]
pub struct PoolArgs {
    /// Share of the people who are positive, such as 0.001 or 0.1%; several give a table: 0.001,0.01
    #[arg(long, value_name = "P", required = true, value_delimiter = ',', value_parser = share)]
    pub prevalence: Vec<f64>,
    /// Share of positive people whom a test of their own finds
    #[arg(long, value_name = "S", default_value_t = 1.0, value_parser = share)]
    pub sensitivity: f64,
    /// Share of negative tubes that are told negative
    #[arg(long, value_name = "S", default_value_t = 1.0, value_parser = share)]
    pub specificity: f64,
    /// A laboratory's table of times and share: what is left of the sensitivity when a positive is diluted so many times
    #[arg(long, value_name = "FILE")]
    pub dilution: Option<PathBuf>,
    /// People in a tube, such as 1,5,10,20 or 1-30; default: 1-150, with a scenario 1-20, for a city 1,5,10,20
    #[arg(long, value_name = "N,N,…", value_delimiter = ',', value_parser = sizes)]
    pub sizes: Vec<Sizes>,
    /// Only sizes that find at least this share of the positive people can be the best
    #[arg(long, value_name = "S", default_value_t = 0.0, value_parser = share)]
    pub sensitivity_min: f64,
    /// What calling a person again counts beside the test, in tests
    #[arg(long, value_name = "TESTS", default_value_t = 0.0, value_parser = tests)]
    pub recall_tests: f64,
    /// Households of 1, 2, 3 … people, as numbers or weights: each is kept in one tube
    #[arg(long, value_name = "N,N,…", value_delimiter = ',', conflicts_with = "scenario")]
    pub households: Vec<u32>,
    /// Share of the others at home who are infected once one is; default: 0.427 (Omicron; JAMA Network Open, 28 April 2022)
    #[arg(long, value_name = "S", value_parser = share)]
    pub secondary: Option<f64>,
    /// A community's or a city's folder: its site is rehearsed with each size, and hours count
    #[arg(long, value_name = "FOLDER")]
    pub scenario: Option<PathBuf>,
    /// Override any key of its scenario.toml, such as site.lanes=3
    #[arg(long, value_name = "KEY=VALUE", requires = "scenario", value_parser = super::key_value)]
    pub set: Vec<(String, String)>,
    /// People of the roll share a tube as if they were strangers
    #[arg(long, requires = "scenario", conflicts_with = "secondary")]
    pub strangers: bool,
    /// Tubes that the laboratories test in an hour; default: no limit
    #[arg(long, value_name = "N", requires = "scenario", value_parser = super::positive)]
    pub lab_tubes_per_hour: Option<f64>,
    /// Hours from a tube to its result where the laboratory is free; default: the scenario's custody.to_result_h
    #[arg(long, value_name = "H", requires = "scenario", value_parser = hours)]
    pub turnaround_h: Option<f64>,
    /// Hours from a positive tube's result until its people stand at the table; default: 3
    #[arg(long, value_name = "H", requires = "scenario", value_parser = hours)]
    pub return_h: Option<f64>,
    #[command(flatten)]
    pub running: Running,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// A size, or a range of them.
#[derive(Clone, Debug)]
pub struct Sizes(pub std::ops::RangeInclusive<u32>);

fn sizes(text: &str) -> Result<Sizes, String> {
    let known =
        |text: &str| text.trim().parse().ok().filter(|size| (1..=verbs::pool::SIZE_MAX).contains(size));
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    match (known(from), known(to)) {
        (Some(from), Some(to)) if from <= to => Ok(Sizes(from..=to)),
        _ => Err(format!("1 – {}, 1-30", verbs::pool::SIZE_MAX)),
    }
}

/// A share, also as a percentage.
fn share(text: &str) -> Result<f64, String> {
    let (number, over) =
        text.trim().strip_suffix('%').map_or((text.trim(), 1.0), |percent| (percent.trim(), 100.0));
    let sound = number.parse::<f64>().ok().map(|number| number / over);
    sound.filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| "0 – 1, 0 % – 100 %".to_owned())
}

fn tests(text: &str) -> Result<f64, String> {
    let sound = text.parse().ok().filter(|tests| (0.0..=1_000.0).contains(tests));
    sound.ok_or_else(|| "0 – 1000".to_owned())
}

/// Up to a week.
fn hours(text: &str) -> Result<f64, String> {
    let sound = text.parse().ok().filter(|hours| (0.0..=168.0).contains(hours));
    sound.ok_or_else(|| "0 – 168".to_owned())
}
