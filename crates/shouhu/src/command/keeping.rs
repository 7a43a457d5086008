//! What `backup`, `restore` and `verify` say alike: how far they are, what is wrong, and why nothing was done.

use super::{Stop, migrate, serve::people_of};
use crate::{
    keeping::{Found, KeepError, Report, Step, id_text},
    speak::Speaker,
};
use domain::Severity;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use journal::{OpenError, What};
use serde_json::{Value, json};
use server::migrate::MigrateError;
use std::path::Path;

/// Runs a long work under a bar.
pub(super) fn under_bar<T>(
    speaker: Speaker,
    work: impl FnOnce(&(dyn Fn(Step, u64, u64) + Sync)) -> Result<T, KeepError>,
) -> Result<T, KeepError> {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
    bar.set_style(style.expect("the template is right"));
    let result = work(&|step, done, all| {
        bar.set_message(match step {
            Step::Copy => speaker.word("progress.copy"),
            Step::Verify => speaker.word("progress.verify"),
        });
        bar.set_length(all);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    result
}

/// Says why, what to do, and stops.
pub(super) fn stop(error: &KeepError, json: bool, speaker: Speaker) -> Stop {
    let why = in_words(error, speaker);
    match error {
        KeepError::Faulty(report) => {
            if json {
                speaker.json(&report_json(report, speaker));
            } else {
                say_faults(report, speaker);
            }
        }
        _ if json => {
            let note = json!({ "severity": Severity::Error, "code": code(error), "message": why });
            speaker.json(&json!({ "notes": [note] }));
            return Stop::Refused;
        }
        _ => {}
    }
    speaker.aside(&why);
    Stop::Refused
}

/// What is wrong, a line each.
pub(super) fn say_faults(report: &Report, speaker: Speaker) {
    for found in &report.faults {
        speaker.result(&fault_in_words(found, speaker));
    }
}

/// As other programs read it.
pub(super) fn report_json(report: &Report, speaker: Speaker) -> Value {
    let faults: Vec<Value> = report.faults.iter().map(|found| fault_json(found, speaker)).collect();
    json!({ "logs": report.logs, "frames": report.frames, "faults": faults })
}

fn code(error: &KeepError) -> &'static str {
    match error {
        KeepError::NoData(_) => "no_data",
        KeepError::Exists(_) => "exists",
        KeepError::Inside(_) => "inside",
        KeepError::NoManifest { .. } => "no_manifest",
        KeepError::Newer { .. } | KeepError::Journal(OpenError::Newer { .. }) => "newer",
        KeepError::Changing(_) => "changing",
        KeepError::Drill(_) => "drill",
        KeepError::NoKeys(_) => "no_keys",
        KeepError::Faulty(_) => "faulty",
        KeepError::Disk { .. } => "disk",
        KeepError::Journal(_) | KeepError::Storage(_) => "journal",
        KeepError::People(_) => "people",
        KeepError::Database { .. } => "database",
    }
}

fn in_words(error: &KeepError, speaker: Speaker) -> String {
    let of = |key: &str, path: &Path| speaker.say(key, &[("path", &path.display().to_string())]);
    match error {
        KeepError::NoData(path) => of("keep.no_data", path),
        KeepError::Exists(path) => of("keep.exists", path),
        KeepError::Inside(path) => of("keep.inside", path),
        KeepError::NoManifest { path, why } => {
            speaker.say("keep.no_manifest", &[("path", &*path.display().to_string()), ("why", why)])
        }
        KeepError::Newer { path, found } => {
            let (path, found) = (path.display().to_string(), found.to_string());
            speaker.say("keep.newer", &[("path", &*path), ("found", &found)])
        }
        KeepError::Changing(path) => of("keep.changing", path),
        KeepError::Drill(path) => of("keep.drill", path),
        KeepError::NoKeys(path) => of("keep.no_keys", path),
        KeepError::Faulty(_) => speaker.word("keep.faulty").to_owned(),
        KeepError::Disk { path, source } => {
            let args = [("path", &*path.display().to_string()), ("why", &*source.to_string())];
            format!("{} {}", speaker.say("problem.disk", &args), speaker.word("problem_mend.disk"))
        }
        KeepError::Journal(OpenError::Newer { place, version }) => {
            speaker.say("keep.newer", &[("path", &**place), ("found", &*version.to_string())])
        }
        KeepError::Journal(error) => speaker.say("keep.journal", &[("why", &error.to_string())]),
        KeepError::Storage(error) => speaker.say("keep.journal", &[("why", &error.to_string())]),
        KeepError::People(error) => people_of(error, speaker),
        KeepError::Database { path, why } => match &**why {
            MigrateError::NoData => speaker.word("keep.no_data_in_database").to_owned(),
            error => migrate::in_words(error, path, speaker),
        },
    }
}

/// What a fault is, in one word, with its numbers.
fn what_of(found: &Found) -> (&'static str, Vec<(&'static str, Value)>) {
    match found {
        Found::People(why) => ("people_damaged", vec![("why", json!(why))]),
        Found::Rounds(why) => ("rounds_damaged", vec![("why", json!(why))]),
        Found::FileMissing(path) => ("file_missing", vec![("path", json!(path))]),
        Found::FileChanged(path) => ("file_changed", vec![("path", json!(path))]),
        Found::Journal(fault) => match &fault.what {
            What::Missing { until } => ("missing", vec![("last", json!(until))]),
            What::Changed { last } => ("changed", vec![("last", json!(last))]),
            What::OtherHash => ("other_hash", vec![]),
            What::Unsigned => ("unsigned", vec![]),
            What::OtherBook => ("other_book", vec![]),
            What::TailLost { until } => ("tail_lost", vec![("last", json!(until))]),
            What::OtherHead => ("other_head", vec![]),
            What::Rewound { had, has } => ("rewound", vec![("had", json!(had)), ("has", json!(has))]),
            What::OtherHistory => ("other_history", vec![]),
            What::NoLog => ("no_log", vec![]),
            What::Positions => ("positions", vec![]),
            What::Unreadable(why) => ("unreadable", vec![("why", json!(why))]),
        },
    }
}

fn fault_json(found: &Found, speaker: Speaker) -> Value {
    let (what, numbers) = what_of(found);
    let mut object = json!({
        "community": null, "device": null, "seq": null, "what": what, "message": fault_in_words(found, speaker),
    });
    if let Found::Journal(fault) = found {
        object["community"] = json!(fault.community.map(id_text));
        object["device"] = json!(fault.device.map(id_text));
        object["seq"] = json!(fault.device.map(|_| fault.seq));
    }
    for (name, value) in numbers {
        object[name] = value;
    }
    object
}

fn fault_in_words(found: &Found, speaker: Speaker) -> String {
    let (what, numbers) = what_of(found);
    let texts: Vec<(&str, String)> = numbers
        .into_iter()
        .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let mut args: Vec<(&str, &str)> = texts.iter().map(|(name, value)| (*name, &**value)).collect();
    let Found::Journal(fault) = found else { return speaker.say(&format!("keep.fault.{what}"), &args) };
    let seq = fault.seq.to_string();
    args.push(("seq", &seq));
    // One frame is not told as a range of one.
    let key = match fault.what {
        What::Changed { last } if last <= fault.seq => "keep.fault.changed_one".to_owned(),
        _ => format!("keep.fault.{what}"),
    };
    let said = speaker.say(&key, &args);
    let id = |id: Option<[u8; 16]>| id.map(id_text).unwrap_or_default();
    let (community, device) = (id(fault.community), id(fault.device));
    let place = [("community", &*community), ("device", &*device), ("what", &*said)];
    match (fault.community, fault.device) {
        (_, Some(_)) => speaker.say("keep.of_log", &place),
        (Some(_), None) => speaker.say("keep.of_community", &place),
        (None, None) => said,
    }
}
