//! `shouhu verify`: whether a data folder, a backup or a journal is as it was written.

use super::{
    Stop,
    keeping::{report_json, say_faults, stop, under_bar},
    serve::database,
};
use crate::{args::Verify, keeping, keeping::Manifest, speak::Speaker};

pub fn run(args: &Verify, speaker: Speaker) -> Result<(), Stop> {
    let place = args.file.as_deref().unwrap_or(&args.data);
    // What is named is looked at, and else what a server would use.
    let database = if args.file.is_none() { database(args.database_url.as_ref()) } else { None };
    let failed = |error| stop(&error, args.json, speaker);
    let against = args.against.as_deref().map(Manifest::read).transpose().map_err(failed)?;
    let result = under_bar(speaker, |tell| match database {
        Some(database) => keeping::verify_database(&database, against.as_ref(), tell),
        None => keeping::verify(place, against.as_ref(), tell),
    });
    let report = result.map_err(failed)?;
    if args.json {
        speaker.json(&report_json(&report, speaker));
    } else {
        say_faults(&report, speaker);
        let [logs, frames, faults] =
            [report.logs, report.frames, report.faults.len() as u64].map(|count| count.to_string());
        let counts = [("logs", &*logs), ("frames", &*frames), ("faults", &*faults)];
        let key = if report.faults.is_empty() { "keep.sound" } else { "keep.faults" };
        speaker.result(&speaker.say(key, &counts));
        if let Some(backup) = against.filter(|_| report.faults.is_empty()) {
            speaker.result(&speaker.say("keep.sound_against", &[("made", &backup.made)]));
        }
    }
    if report.faults.is_empty() { Ok(()) } else { Err(Stop::Refused) }
}
