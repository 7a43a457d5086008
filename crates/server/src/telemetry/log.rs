//! Lines on stderr, for machines or for people.

use std::{fmt, io};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{filter::Targets, fmt::layer, layer::SubscriberExt, util::SubscriberInitExt};

/// Ours alone is written: what libraries say could quote what they work on.
pub(crate) const TARGET: &str = "shouhu";

/// How much is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing.
    Off,
    /// Start, stop, and what went wrong on our side.
    Problems,
    /// Each request as well.
    Requests,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Level::Off => "off",
            Level::Problems => "problems",
            Level::Requests => "requests",
        })
    }
}

/// Begins to write, for as long as the program runs. Called once; a second time changes nothing.
pub fn log(level: Level, format: Format) {
    let most = match level {
        Level::Off => LevelFilter::OFF,
        Level::Problems => LevelFilter::WARN,
        Level::Requests => LevelFilter::INFO,
    };
    let ours = tracing_subscriber::registry().with(Targets::new().with_target(TARGET, most));
    let lines = layer().with_writer(io::stderr).with_target(false);
    let begun = match format {
        Format::Text => ours.with(lines.with_ansi(false)).try_init(),
        Format::Json => ours
            .with(lines.json().flatten_event(true).with_current_span(false).with_span_list(false))
            .try_init(),
    };
    drop(begun);
}
