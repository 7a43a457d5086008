//! `shouhu check`: all notes on a scenario.

use super::{Stop, read, say_notes};
use crate::{args::Check, speak::Speaker};
use domain::Scenario;
use notice::Held;
use serde_json::json;
use verbs::notice::clauses;

pub fn run(args: &Check, speaker: Speaker) -> Result<(), Stop> {
    if let Some(files) = super::city::files(&args.of)? {
        return super::city::check(args, &files, speaker);
    }
    if let Some(files) = super::aid::files(&args.of)? {
        return super::aid::check(args, &files, speaker);
    }
    let (scenario, notes) = read(&args.of, &[], speaker)?;
    if args.of.json {
        let held = |scenario: &Scenario| notice::check(scenario, None).0;
        let clauses = scenario.as_ref().map(|scenario| clauses(&held(scenario), speaker.voice));
        let notes = speaker.notes(&notes);
        speaker.json(&match clauses.filter(|all| !all.is_empty()) {
            Some(clauses) => json!({ "notes": notes, "clauses": clauses }),
            None => json!({ "notes": notes }),
        });
    } else {
        say_notes(&notes, scenario.is_some(), speaker);
        if let Some(scenario) = scenario {
            let roll = &scenario.roll;
            let size = [roll.entrances.len(), roll.households.len(), roll.residents.len()]
                .map(|size| size.to_string());
            if !roll.residents.is_empty() {
                let args = [("entrances", &*size[0]), ("households", &*size[1]), ("people", &*size[2])];
                speaker.result(&speaker.say("check.roll", &args));
            }
            directives(&scenario, speaker);
            return Ok(());
        }
    }
    if notes.refuses() { Err(Stop::Refused) } else { Ok(()) }
}

/// Clause by clause: looser is refused before, stricter is shown, and what is not said is seen.
fn directives(scenario: &Scenario, speaker: Speaker) {
    let (held, _) = notice::check(scenario, None);
    if held.is_empty() {
        return;
    }
    speaker.result(&speaker.word("check.directives"));
    for one in &held {
        let level = format!("@directive.level.{}", one.level);
        let verdict = verdict(one);
        let kind = one.kind.map(|kind| format!("@directive.kind.{kind}")).unwrap_or_default();
        let found = if one.found.is_empty() { "@directive.found_nothing" } else { &one.found };
        let args = [
            ("level", &*level),
            ("issuer", &*one.issued_by),
            ("clause", &*one.clause),
            ("verdict", &*verdict),
            ("kind", &*kind),
            ("asked", &*one.asked),
            ("found", found),
            ("words", &*one.text),
        ];
        let key = if one.kind.is_some() { "check.directive" } else { "check.directive_unread" };
        speaker.result(&format!("  {}", speaker.say(key, &args)));
    }
}

fn verdict(one: &Held) -> String {
    if one.superseded {
        "@directive.superseded".to_owned()
    } else {
        format!("@directive.verdict.{}", one.verdict.name())
    }
}
