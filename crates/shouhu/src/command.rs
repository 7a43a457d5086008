//! One module for each verb.

pub mod aid;
mod appointments;
mod backup;
mod check;
pub mod city;
mod crews;
mod decide;
mod drill;
mod init;
mod keeping;
mod method;
mod migrate;
mod notice;
mod plan;
mod pool;
mod rehearse;
mod restore;
mod review;
mod roster;
mod serve;
mod staff;
mod target;
mod team;
mod verify;

use crate::{
    args::{Command, ScenarioArgs},
    clock,
    folder::{self, FileError},
    speak::Speaker,
    table,
};
use domain::{Notes, Plan, Scenario, Severity};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::civil::Date;
use scenario::Files;
use std::path::Path;
use verbs::{SpokenNote, sheets::Papers, supplies::SupplyPlan};

/// Why a command stopped.
#[derive(Debug)]
pub enum Stop {
    /// Notes refused; they have been said.
    Refused,
    /// The command line asks for something that cannot be asked for.
    Usage(String),
    /// The world failed.
    Failed(FileError),
}

impl From<FileError> for Stop {
    fn from(error: FileError) -> Stop {
        Stop::Failed(error)
    }
}

/// Does what was typed.
pub fn run(command: Command, speaker: Speaker) -> Result<(), Stop> {
    match command {
        Command::Init(args) => init::run(&args, speaker),
        Command::Check(args) => check::run(&args, speaker),
        Command::Plan(args) => plan::run(&args, speaker),
        Command::Rehearse(args) => rehearse::run(&args, speaker),
        Command::Staff(args) => staff::run(&args, speaker),
        Command::Appointments(args) => appointments::run(&args, speaker),
        Command::Notice(args) => notice::run(&args, speaker),
        Command::Method(args) => method::run(&args, speaker),
        Command::Aid(args) => aid::run(&args, speaker),
        Command::Crews(args) => crews::run(&args, speaker),
        Command::Pool(args) => pool::run(&args, speaker),
        Command::Roster(args) => roster::run(&args, speaker),
        Command::Team(args) => team::run(&args, speaker),
        Command::Target(args) => target::run(&args, speaker),
        Command::Serve(args) => serve::run(&args, speaker),
        Command::Review(args) => review::run(&args, speaker),
        Command::Decide(args) => decide::run(&args, speaker),
        Command::Drill(args) => drill::run(&args, speaker),
        Command::Backup(args) => backup::run(&args, speaker),
        Command::Migrate(args) => migrate::run(&args, speaker),
        Command::Restore(args) => restore::run(&args, speaker),
        Command::Verify(args) => verify::run(&args, speaker),
    }
}

/// Rolls smaller than this are read before a bar could be drawn.
const BAR_BYTES: u64 = 8 << 20;

/// Reads a scenario with what is set in it, and all notes on it.
fn read(
    args: &ScenarioArgs,
    more: &[(String, String)],
    speaker: Speaker,
) -> Result<(Option<Scenario>, Notes), Stop> {
    let files = folder::read(&args.scenario)?;
    if scenario::is_city(&files) {
        return Err(Stop::Usage(speaker.word("usage.city_verb")));
    }
    if scenario::is_aid(&files) {
        return Err(Stop::Usage(speaker.word("usage.aid_verb")));
    }
    let sets: Vec<(String, String)> = args.set.iter().chain(more).cloned().collect();
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}");
    bar.set_style(style.expect("the template is right"));
    bar.set_message(speaker.word("progress.roll"));
    let read = verbs::read(&files, &sets, &clock::zones, &mut |done, total| {
        if total > BAR_BYTES {
            if bar.length().is_none() {
                bar.set_length(total);
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            bar.set_position(done);
        }
    });
    bar.finish_and_clear();
    Ok(read)
}

/// The scenario, or its refusal said; warnings and hints are said on the side.
fn admitted(args: &ScenarioArgs, more: &[(String, String)], speaker: Speaker) -> Result<Scenario, Stop> {
    let (scenario, notes) = read(args, more, speaker)?;
    match scenario {
        Some(scenario) => {
            speaker.aside_if_any(&speaker.notes_as_text(&notes));
            Ok(scenario)
        }
        None => Err(refuse(&notes, args.json, speaker)),
    }
}

/// Writes all sheets into a folder, and says so.
fn write_sheets(folder: &Path, papers: &Papers<'_>, speaker: Speaker) -> Result<(), Stop> {
    for (name, content) in papers.sheets() {
        folder::write_file(&folder.join(name), content.as_bytes())?;
    }
    speaker.aside(&speaker.say("plan.sheets_written", &[("path", &folder.display().to_string())]));
    Ok(())
}

/// What must be at the gate when, as a table, and how far what is there reaches; nothing where the folder says nothing of it.
fn supplies(plan: Option<&SupplyPlan>, scenario: &Scenario, speaker: Speaker) {
    let Some(plan) = plan else { return };
    speaker.result(&speaker.word("sheet.supplies"));
    let rows: Vec<Vec<String>> = plan.rows(scenario, speaker.voice).into_iter().map(Vec::from).collect();
    if rows.len() > 1 {
        speaker.result(&table::columns(&rows));
    }
    for sentence in plan.sentences(scenario, speaker.voice) {
        speaker.result(&format!("• {sentence}"));
    }
}

/// Says why, with all notes.
fn refuse(notes: &Notes, json: bool, speaker: Speaker) -> Stop {
    refuse_in_words(speaker.notes(notes), json, speaker)
}

/// The same of notes that are in words.
fn refuse_in_words(notes: Vec<SpokenNote>, json: bool, speaker: Speaker) -> Stop {
    if json {
        speaker.json(&serde_json::json!({ "notes": notes }));
    } else {
        speaker.aside_if_any(&speaker.spoken_as_text(notes));
    }
    Stop::Refused
}

/// The folder's files, if it is of a kind.
fn files_of(args: &ScenarioArgs, is: fn(&Files) -> bool) -> Result<Option<Files>, Stop> {
    let Ok(text) = folder::read_file(&args.scenario.join("scenario.toml")) else { return Ok(None) };
    let alone = Files([("scenario.toml".to_owned(), text)].into());
    if is(&alone) { folder::read(&args.scenario).map(Some).map_err(Stop::from) } else { Ok(None) }
}

/// All notes on a folder, and what it holds if it can be used.
fn say_check(json: bool, notes: &Notes, holds: Option<String>, speaker: Speaker) -> Result<(), Stop> {
    if json {
        speaker.json(&serde_json::json!({ "notes": speaker.notes(notes) }));
    } else {
        say_notes(notes, holds.is_some(), speaker);
        holds.iter().for_each(|sentence| speaker.result(sentence));
    }
    if holds.is_some() { Ok(()) } else { Err(Stop::Refused) }
}

/// All notes, how many they are, and whether the folder can be used.
fn say_notes(notes: &Notes, usable: bool, speaker: Speaker) {
    let text = speaker.notes_as_text(notes);
    if !text.is_empty() {
        speaker.result(text.trim_end());
    }
    let count = |severity| notes.0.iter().filter(|note| note.severity == severity).count().to_string();
    let counts = [count(Severity::Error), count(Severity::Warning), count(Severity::Hint)];
    let counts = [("errors", &*counts[0]), ("warnings", &*counts[1]), ("hints", &*counts[2])];
    speaker.result(&speaker.say(if usable { "check.usable" } else { "check.refused" }, &counts));
}

/// A day as it was typed.
fn day(text: &str, speaker: Speaker) -> Result<Date, Stop> {
    text.parse().map_err(|_| Stop::Usage(speaker.say("usage.roster_date", &[("value", text)])))
}

/// A name, or a name on a day: `NAME@DATE`.
fn name_at(text: &str, speaker: Speaker) -> Result<(&str, Option<Date>), Stop> {
    match text.rsplit_once('@') {
        Some((name, date)) => Ok((name, Some(day(date, speaker)?))),
        None => Ok((text, None)),
    }
}

/// A plan's file, or its refusal said.
fn read_plan(path: &Path, scenario: &Scenario, json: bool, speaker: Speaker) -> Result<Plan, Stop> {
    let (plan, notes) = scenario::read_plan(&path.display().to_string(), &folder::read_file(path)?, scenario);
    match plan {
        Some(plan) => {
            speaker.aside_if_any(&speaker.notes_as_text(&notes));
            Ok(plan)
        }
        None => Err(refuse(&notes, json, speaker)),
    }
}
