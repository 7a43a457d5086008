//! shouhu: plan and rehearse a round of service for a whole population. The loop is plan, rehearse, run, review; each
//! verb takes a scenario folder.
//!
//! Map: [`args`] what may be typed · [`command`] one module for each verb · [`folder`] files on disk · [`rehearsing`]
//! rehearsals on this machine's threads and clocks · [`searching`] a search that somebody waits for · [`records`] every visit as a row · [`report`] the page · [`table`] figures in the terminal · [`speak`]
//! what the terminal is told · [`keeping`] data folders kept and put back · [`drilling`] rehearsals
//! played through a running server.
//!
//! This is a mouth of the house: it reads files and clocks, and decides nothing about queues or plans.

mod args;
mod clock;
mod command;
mod drilling;
mod folder;
mod keeping;
mod records;
mod rehearsing;
mod report;
mod searching;
mod speak;
mod table;

use clap::{CommandFactory, FromArgMatches};
use speak::Speaker;
use std::process::ExitCode;

/// Refused, with all notes.
const REFUSED: u8 = 1;
/// Wrong usage.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let matches = match args::Args::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => error.exit(),
    };
    let args = match args::Args::from_arg_matches(&matches) {
        Ok(args) => args,
        Err(error) => error.exit(),
    };
    let speaker = Speaker::new(args.lang);
    match command::run(args.command, speaker) {
        Ok(()) => ExitCode::SUCCESS,
        Err(command::Stop::Refused) => ExitCode::from(REFUSED),
        Err(command::Stop::Usage(message)) => {
            speaker.aside(&message);
            ExitCode::from(USAGE)
        }
        Err(command::Stop::Failed(error)) => {
            speaker.aside(&error.in_words(speaker));
            ExitCode::from(REFUSED)
        }
    }
}
