//! `shouhu check`: all notes on a scenario.

use super::{Stop, read};
use crate::{args::Check, speak::Speaker};
use domain::Severity;

pub fn run(args: &Check, speaker: Speaker) -> Result<(), Stop> {
    if let Some(files) = super::city::files(&args.of)? {
        return super::city::check(args, &files, speaker);
    }
    let (scenario, notes) = read(&args.of, &[], speaker)?;
    if args.of.json {
        speaker.json(&serde_json::json!({ "notes": speaker.notes(&notes) }));
    } else {
        let text = speaker.notes_as_text(&notes);
        if !text.is_empty() {
            speaker.result(text.trim_end());
        }
        let count = |severity| notes.0.iter().filter(|note| note.severity == severity).count().to_string();
        let counts = [
            ("errors", count(Severity::Error)),
            ("warnings", count(Severity::Warning)),
            ("hints", count(Severity::Hint)),
        ];
        let counts: Vec<(&str, &str)> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let key = if scenario.is_some() { "check.usable" } else { "check.refused" };
        speaker.result(&speaker.say(key, &counts));
        if let Some(scenario) = scenario {
            let roll = &scenario.roll;
            let size = [roll.entrances.len(), roll.households.len(), roll.residents.len()]
                .map(|size| size.to_string());
            if !roll.residents.is_empty() {
                let args = [("entrances", &*size[0]), ("households", &*size[1]), ("people", &*size[2])];
                speaker.result(&speaker.say("check.roll", &args));
            }
            return Ok(());
        }
    }
    if notes.refuses() { Err(Stop::Refused) } else { Ok(()) }
}
