//! `shouhu aid`, and `check` on a folder of that kind: who sends whom.

use super::{Stop, day, files_of, name_at, refuse, say_check};
use crate::{
    args::{AidArgs, Check, ScenarioArgs},
    folder,
    speak::Speaker,
    table::columns,
};
use aid::{Limits, Unsolved};
use domain::{Aid, Notes};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scenario::Files;
use std::{ffi::OsStr, path::Path, time::Instant};
use verbs::{
    aid::{Aided, ORDER, look, read_before, withdraw},
    number::whole,
};

/// A bar is shown for what takes longer than this.
const PATIENCE_S: f64 = 1.0;
/// All orders as one table.
const TABLE: &str = "orders.csv";

/// The folder's files, if it is aid between cities.
pub fn files(args: &ScenarioArgs) -> Result<Option<Files>, Stop> {
    files_of(args, scenario::is_aid)
}

fn read(files: &Files, args: &ScenarioArgs) -> (Option<Aid>, Notes) {
    let (aid, mut notes) = scenario::read_aid(files, &args.set);
    if let Some(aid) = &aid {
        notes.extend(look(aid));
    }
    (aid, notes)
}

/// All notes.
pub fn check(args: &Check, files: &Files, speaker: Speaker) -> Result<(), Stop> {
    let (aid, notes) = read(files, &args.of);
    say_check(args.of.json, &notes, aid.map(|aid| size(&aid, speaker)), speaker)
}

fn size(aid: &Aid, speaker: Speaker) -> String {
    let asked: u64 = aid.requests.iter().map(|of| u64::from(of.people)).sum();
    let staff = aid.donors.iter().flat_map(|of| &of.staff);
    let offered: u64 = staff.map(|of| u64::from(of.offered.unwrap_or(of.people))).sum();
    let numbers = [aid.donors.len(), aid.districts.len(), aid.skills.len(), aid.days];
    let [donors, districts, skills, days] = numbers.map(|count| count.to_string());
    let (asked, offered) = (whole(asked as f64), whole(offered as f64));
    let args = [
        ("donors", &*donors),
        ("districts", &*districts),
        ("skills", &*skills),
        ("days", &*days),
        ("asked", &*asked),
        ("offered", &*offered),
    ];
    speaker.say("check.aid", &args)
}

/// Who sends whom.
pub fn run(args: &AidArgs, speaker: Speaker) -> Result<(), Stop> {
    let json = args.of.json;
    let Some(files) = files(&args.of)? else { return Err(Stop::Usage(speaker.word("usage.aid_other"))) };
    if let Some(path) = args.papers.as_ref().filter(|path| holds_orders(path)) {
        let path = path.display().to_string();
        return Err(Stop::Usage(speaker.say("usage.aid_papers_there", &[("path", &path)])));
    }
    let (aid, notes) = read(&files, &args.of);
    let Some(aid) = aid else { return Err(refuse(&notes, json, speaker)) };
    speaker.aside_if_any(&speaker.notes_as_text(&notes));
    let refused = |notes: Notes| refuse(&notes, json, speaker);
    let (aid, before) = match &args.plan {
        None => (aid, None),
        Some(path) => {
            let bytes = folder::read_file(path)?;
            let mut before = read_before(&path.display().to_string(), &bytes, &aid).map_err(refused)?;
            let now = args.now.as_deref().map(|text| day(text, speaker)).transpose()?;
            let owned = |(name, day): (&str, _)| (name.to_owned(), day);
            let out = args.withdraw.iter().map(|text| name_at(text, speaker).map(owned));
            let out = out.collect::<Result<Vec<_>, Stop>>()?;
            let (aid, kept) = withdraw(&aid, &mut before, &out, now).map_err(refused)?;
            (aid, Some((kept, before)))
        }
    };
    let limits = Limits { time_s: args.time_limit, gap: args.gap };
    let kept = before.as_ref().map(|(kept, _)| (kept, args.change_days));
    let best = solve(&aid, kept, limits, speaker);
    if let Some(why) = &best.unsolved {
        speaker.aside(&match why {
            Unsolved::Time => speaker.word("aided.not_solved_time"),
            Unsolved::Impossible => speaker.word("aided.not_solved_impossible"),
            Unsolved::Failed(why) => speaker.say("aided.not_solved", &[("why", why)]),
        });
    }
    let aided = Aided::new(aid, best, before.map(|(_, before)| before), notes);
    hand_out(&aided, args, speaker)
}

/// Whether a folder has orders of an earlier plan: those of donors that send nobody now would stay beside the new ones.
fn holds_orders(path: &Path) -> bool {
    let order = |name: &OsStr| name.to_str().is_some_and(|name| name == TABLE || name.starts_with(ORDER));
    path.read_dir().is_ok_and(|files| files.flatten().any(|file| order(&file.file_name())))
}

/// With a bar of its seconds where it takes long.
fn solve(aid: &Aid, kept: Option<(&domain::AidPlan, f64)>, limits: Limits, speaker: Speaker) -> aid::Best {
    let begun = Instant::now();
    let bar = ProgressBar::with_draw_target(Some(limits.time_s.ceil() as u64), ProgressDrawTarget::hidden());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} s");
    bar.set_style(style.expect("the template is right"));
    bar.set_message(speaker.word("progress.aid"));
    let best = aid::best(aid, kept, limits, &|| begun.elapsed().as_secs_f64(), &mut |at| {
        if at > PATIENCE_S {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.set_position(at as u64);
        }
    });
    bar.finish_and_clear();
    best
}

/// Prints the plan, and writes what was asked for.
fn hand_out(aided: &Aided, args: &AidArgs, speaker: Speaker) -> Result<(), Stop> {
    let output = aided.output(speaker.voice);
    // A plan that breaks a rule is shown, so that it can be reported, and never written where somebody could act on it.
    let sound = aided.verdict.broken.is_empty();
    if !sound && (args.output.is_some() || args.papers.is_some()) {
        speaker.aside(&speaker.word("aided.not_written"));
    }
    if let Some(path) = args.output.as_ref().filter(|_| sound) {
        let mut text = serde_json::to_vec_pretty(&output).expect("our own types are written as JSON");
        text.push(b'\n');
        folder::write_file(path, &text)?;
        speaker.aside(&speaker.say("aided.written", &[("path", &path.display().to_string())]));
    }
    if let Some(path) = args.papers.as_ref().filter(|_| sound) {
        for (name, document) in aided.orders(speaker.voice) {
            folder::write_file(&path.join(format!("{name}.docx")), &formats::docx(&document))?;
        }
        folder::write_file(&path.join(TABLE), aided.table(speaker.voice).as_bytes())?;
        speaker.aside(&speaker.say("aided.papers_written", &[("path", &path.display().to_string())]));
    }
    if args.of.json {
        speaker.json(&output);
        return if sound { Ok(()) } else { Err(Stop::Refused) };
    }
    let word = |key: &str| speaker.word(&format!("table.{key}"));
    let table = |head: Vec<String>, rows: Vec<Vec<String>>| {
        speaker.result(&columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
    };
    let head = [
        "aid_leaves",
        "aid_donor",
        "aid_place",
        "aid_who",
        "aid_buses",
        "aid_works",
        "aid_home",
        "aid_teams",
    ];
    table(head.map(word).to_vec(), aided.rows());
    let mut head = ["aid_place", "aid_share"].map(word).to_vec();
    head.extend(aided.aid.skills.iter().map(|skill| skill.name.clone()));
    head.push(word("aid_beds"));
    table(head, aided.districts());
    let head = ["aid_donor", "aid_has", "aid_spare", "aid_away", "aid_turns"].map(word).to_vec();
    table(head, aided.donors());
    for sentence in aided.sentences(speaker.voice) {
        speaker.result(&sentence);
    }
    if sound { Ok(()) } else { Err(Stop::Refused) }
}
