//! `shouhu restore`: a backup into a new data folder.

use super::{
    Stop,
    keeping::{stop, under_bar},
};
use crate::{args::Restore, keeping, speak::Speaker};
use serde_json::json;

pub fn run(args: &Restore, speaker: Speaker) -> Result<(), Stop> {
    let result = under_bar(speaker, |tell| keeping::restore(&args.from, &args.data, tell));
    let (path, manifest, report) = result.map_err(|error| stop(&error, args.json, speaker))?;
    if args.json {
        speaker.json(&json!({
            "path": path, "made": manifest.made, "keys": manifest.keys, "files": manifest.files.len(),
            "logs": report.logs, "frames": report.frames,
        }));
        return Ok(());
    }
    let counts = [manifest.files.len() as u64, report.logs, report.frames];
    let [files, logs, frames] = counts.map(|count| count.to_string());
    let shown = path.display().to_string();
    let told = [
        ("path", &*shown),
        ("made", &*manifest.made),
        ("files", &files),
        ("logs", &logs),
        ("frames", &frames),
    ];
    speaker.result(&speaker.say("keep.restored", &told));
    if !manifest.keys {
        let key = path.join("keys").join("master.key").display().to_string();
        speaker.result(&speaker.say("keep.put_key_back", &[("path", &key)]));
    }
    speaker.result(&speaker.say("keep.since", &[("made", &manifest.made)]));
    Ok(())
}
