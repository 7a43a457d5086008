//! `shouhu backup`: a data folder, or the database that several processes share, into a new folder, while servers run.

use super::{
    Stop,
    keeping::{stop, under_bar},
    serve::database,
};
use crate::{args::Backup, keeping, speak::Speaker};
use serde_json::json;

pub fn run(args: &Backup, speaker: Speaker) -> Result<(), Stop> {
    let made = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let (data, to, keys) = (&args.data, &args.to, args.with_keys);
    let result = under_bar(speaker, |tell| match database(args.database_url.as_ref()) {
        Some(database) => keeping::backup_of_database(&database, data, to, keys, made, tell),
        None => keeping::backup(data, to, keys, made, tell),
    });
    let kept = result.map_err(|error| stop(&error, args.json, speaker))?;
    let manifest = &kept.manifest;
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    if args.json {
        speaker.json(&json!({
            "path": kept.path, "format": manifest.format, "made": manifest.made, "keys": manifest.keys,
            "files": manifest.files.len(), "bytes": bytes, "logs": manifest.logs.len(), "frames": kept.frames,
            "left_out": kept.left_out,
        }));
        return Ok(());
    }
    let counts = [manifest.files.len() as u64, bytes, manifest.logs.len() as u64, kept.frames];
    let [files, bytes, logs, frames] = counts.map(|count| count.to_string());
    let args = [
        ("path", &*kept.path.display().to_string()),
        ("files", &files),
        ("bytes", &bytes),
        ("logs", &logs),
        ("frames", &frames),
    ];
    speaker.result(&speaker.say("keep.backed_up", &args));
    speaker.result(speaker.word(if manifest.keys { "keep.with_keys" } else { "keep.without_keys" }).as_ref());
    if !kept.left_out.is_empty() {
        speaker.aside(&speaker.say("keep.left_out", &[("names", &kept.left_out.join(", "))]));
    }
    Ok(())
}
