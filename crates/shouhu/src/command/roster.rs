//! `shouhu roster`: who does what when.

use super::{Stop, admitted, name_at, read_plan, refuse};
use crate::{args::RosterArgs, clock, folder, rehearsing::Terminal, speak::Speaker, table::columns};
use domain::{
    Notes, Policy, Scenario,
    roster::{DAY_MIN, Roster, Span, Task},
};
use jiff::civil::DateTime;
use verbs::roster::{Kept, Rostered};

pub fn run(args: &RosterArgs, speaker: Speaker) -> Result<(), Stop> {
    let json = args.of.json;
    let scenario = admitted(&args.of, &[], speaker)?;
    let files = folder::read(&args.of.scenario)?;
    let (sheets, said) = scenario::read_volunteers(&files, &scenario, &args.of.set);
    let Some(sheets) = sheets else { return Err(refuse(&said, json, speaker)) };
    let plan = match &args.plan {
        Some(path) => Some(read_plan(path, &scenario, json, speaker)?),
        None if sheets.shifts.is_none() && !scenario.roll.households.is_empty() => {
            let terminal = Terminal::new(&args.running, speaker);
            let run = terminal.run_of(&args.running);
            Some(run.plan(&scenario, Policy::Waves, None).0)
        }
        None => None,
    };
    let (mut task, mut notes) = verbs::roster::task(&scenario, plan.as_ref(), sheets);
    if notes.refuses() {
        return Err(refuse(&notes, json, speaker));
    }
    let kept = match &args.keep {
        Some(path) => {
            let bytes = folder::read_file(path)?;
            let (kept, more) = verbs::roster::read_kept(&path.display().to_string(), &bytes, &mut task)
                .map_err(|notes| refuse(&notes, json, speaker))?;
            notes.extend(more);
            kept
        }
        None => Kept::default(),
    };
    task.pinned.clone_from(&kept.pinned);
    // The scenario's reader has said these already; the JSON has all.
    if json {
        notes.extend(said);
    }
    let rostered = if args.out.is_empty() {
        let (roster, bound) = solved(&task, args, speaker);
        Rostered::new(task, roster, kept.out, bound, notes)
    } else {
        repaired(task, kept, args, notes, speaker)?
    };
    hand_out(&rostered, &scenario, &files, args, speaker)
}

/// The best roster that is found in time, and its bound; without a solver a draft.
fn solved(task: &Task, args: &RosterArgs, speaker: Speaker) -> (Roster, Option<u64>) {
    let best = roster::best(task, args.time_limit, args.gap);
    if let Some(why) = &best.unsolved {
        speaker.aside(&speaker.say("rostered.not_solved", &[("why", why)]));
    }
    (best.roster, best.bound)
}

/// A roster without those who cannot come, one after the other.
fn repaired(
    mut task: Task,
    kept: Kept,
    args: &RosterArgs,
    notes: Notes,
    speaker: Speaker,
) -> Result<Rostered, Stop> {
    let Kept { mut roster, mut out, .. } = kept;
    let usage = |value: &str| Stop::Usage(speaker.say("usage.roster_now", &[("value", value)]));
    let midnight = task.midnight;
    let minute = |at: DateTime| at.duration_since(midnight).as_mins() as i32;
    let now_min = match &args.now {
        Some(text) => minute(text.parse().map_err(|_| usage(text))?),
        None => 0,
    };
    for text in &args.out {
        let (name, date) = name_at(text, speaker)?;
        let who = verbs::roster::named(&task, name).map_err(|notes| refuse(&notes, args.of.json, speaker))?;
        let span = match date {
            Some(date) => {
                let from_min = minute(date.at(0, 0, 0, 0));
                Span { from_min, until_min: from_min + DAY_MIN }
            }
            None => Span { from_min: now_min, until_min: i32::MAX },
        };
        let found = roster::mended(&task, &roster, who, span, now_min);
        let names: Vec<&str> =
            found.changed.iter().map(|who| found.task.volunteers[*who].name.as_str()).collect();
        let names = if names.is_empty() {
            speaker.word("rostered.none")
        } else {
            names.join(&speaker.word("list.separator"))
        };
        let lost = found.lost.to_string();
        speaker.aside(&speaker.say(
            "rostered.repaired",
            &[("name", &task.volunteers[who].name), ("changed", &names), ("lost", &lost)],
        ));
        if found.lost > 0 && found.proven == found.lost {
            speaker.aside(&speaker.word("rostered.lost_proven"));
        }
        out.push((who, span));
        (task, roster) = (found.task, found.roster);
    }
    Ok(Rostered::new(task, roster, out, None, notes))
}

/// Prints the roster, and writes what was asked for.
fn hand_out(
    rostered: &Rostered,
    scenario: &Scenario,
    files: &scenario::Files,
    args: &RosterArgs,
    speaker: Speaker,
) -> Result<(), Stop> {
    let output = rostered.output(speaker.voice);
    if let Some(path) = &args.output {
        let mut text = serde_json::to_vec_pretty(&output).expect("our own types are written as JSON");
        text.push(b'\n');
        folder::write_file(path, &text)?;
        speaker.aside(&speaker.say("rostered.written", &[("path", &path.display().to_string())]));
    }
    if let Some(path) = &args.papers {
        for (name, content) in verbs::roster::papers(rostered, scenario, files, &clock::zones, speaker.voice)
        {
            folder::write_file(&path.join(name), &content)?;
        }
        speaker.aside(&speaker.say("rostered.papers_written", &[("path", &path.display().to_string())]));
    }
    if args.of.json {
        speaker.json(&output);
        return Ok(());
    }
    speaker.aside_if_any(&speaker.notes_as_text(&rostered.notes));
    let head = ["rostered.head_when", "rostered.head_role", "rostered.head_places", "rostered.head_who"];
    let head = head.map(|key| speaker.word(key)).to_vec();
    let rows = rostered.rows(speaker.voice);
    speaker.result(&columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
    for sentence in rostered.sentences(speaker.voice) {
        speaker.result(&sentence);
    }
    Ok(())
}
