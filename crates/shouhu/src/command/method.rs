//! `shouhu method`: what a community learned, handed to another as a folder.

use super::{Stop, refuse};
use crate::{
    args::method::{Export, Import, MethodArgs},
    clock, folder,
    speak::Speaker,
};
use domain::{Notes, Place};
use scenario::{Learned, NotTaken, Takes, Took, WithTexts};
use serde_json::{Value, json};
use std::path::Path;

pub fn run(args: &MethodArgs, speaker: Speaker) -> Result<(), Stop> {
    match args {
        MethodArgs::Export(args) => export(args, speaker),
        MethodArgs::Import(args) => import(args, speaker),
    }
}

fn export(args: &Export, speaker: Speaker) -> Result<(), Stop> {
    let files = folder::read(&args.scenario)?;
    let with = WithTexts { questions: args.questions, texts: args.texts };
    let (method, notes) = scenario::export_method(&files, args.about.as_deref(), with);
    let Some(method) = method else { return Err(refuse(&notes, args.json, speaker)) };
    let there = method.0.keys().find(|name| args.to.join(name).exists());
    if let Some(name) = there {
        let mut notes = Notes::default();
        notes.error(Place::file(name), "method_exists", &[("path", &args.to.display())]);
        return Err(refuse(&notes, args.json, speaker));
    }
    for (name, content) in &method.0 {
        folder::write_file(&args.to.join(name), content)?;
    }
    let (read, _) = scenario::read_method(&method);
    let learned = read.map(|method| method.learned).unwrap_or_default();
    if args.json {
        let files: Vec<&String> = method.0.keys().collect();
        let learned: Vec<Value> = learned.iter().map(of_learned).collect();
        let notes = speaker.notes(&notes);
        speaker.json(&json!({ "files": files, "learned": learned, "notes": notes }));
        return Ok(());
    }
    for one in &learned {
        speaker.result(&format!("{} = {}", one.key, one.value));
    }
    speaker.aside_if_any(&speaker.notes_as_text(&notes));
    let args = [("path", &*args.to.display().to_string()), ("count", &learned.len().to_string())];
    speaker.aside(&speaker.say("method.exported", &args));
    Ok(())
}

fn import(args: &Import, speaker: Speaker) -> Result<(), Stop> {
    let of = folder::read(&args.from)?;
    let (method, mut notes) = scenario::read_method(&of);
    let Some(method) = method else { return Err(refuse(&notes, args.json, speaker)) };
    let files = folder::read(&args.scenario)?;
    let about = method.about.clone().unwrap_or_else(|| speaker.word("method.elsewhere").to_owned());
    let zone = scenario::read(&files, &[], &mut |_, _| ()).0.map(|scenario| scenario.community.timezone);
    let at = clock::now_in(zone.as_deref().unwrap_or("UTC"));
    let why = |one: &Learned| {
        let said = speaker.say("method.why", &[("about", &about)]);
        one.why.as_ref().map_or_else(|| said.clone(), |why| format!("{said} {why}"))
    };
    let (taken, more) =
        scenario::take_method(&method, &of, &files, &Takes { only: &args.only, at, why: &why });
    notes.extend(more);
    let Some((changed, took)) = taken else { return Err(refuse(&notes, args.json, speaker)) };
    if !args.dry_run {
        folder::write_changed(&args.scenario, &files, &changed)?;
    }
    if args.json {
        speaker.json(&as_json(&took, &notes, speaker));
        return Ok(());
    }
    say(&took, &args.scenario, args.dry_run, speaker);
    speaker.aside_if_any(&speaker.notes_as_text(&notes));
    Ok(())
}

fn say(took: &Took, scenario: &Path, dry_run: bool, speaker: Speaker) {
    for (key, old, new) in &took.taken {
        let old = old.clone().unwrap_or_else(|| "–".to_owned());
        speaker.result(&format!("{key}\n  {old}\n  → {}", new.value));
        if let Some(why) = &new.why {
            speaker.result(&format!("  {why}"));
        }
    }
    for (why, word) in [(NotTaken::Same, "method.same"), (NotTaken::NoStation, "method.no_station")] {
        let keys: Vec<&str> =
            took.left.iter().filter(|(_, because)| *because == why).map(|(key, _)| &**key).collect();
        if !keys.is_empty() {
            speaker.result(&speaker.say(word, &[("keys", &keys.join(", "))]));
        }
    }
    if !took.other_services.is_empty() {
        let services = took.other_services.join(", ");
        speaker.result(&speaker.say("method.other_services", &[("services", &services)]));
    }
    let [taken, rules, questions, sentences, services] =
        [took.taken.len(), took.rules, took.questions, took.sentences, took.services.len()]
            .map(|count| count.to_string());
    let path = scenario.display().to_string();
    let args = [
        ("count", &*taken),
        ("rules", &rules),
        ("questions", &questions),
        ("sentences", &sentences),
        ("services", &services),
        ("path", &path),
    ];
    speaker.aside(&speaker.say(if dry_run { "method.would_take" } else { "method.taken" }, &args));
}

fn as_json(took: &Took, notes: &Notes, speaker: Speaker) -> Value {
    let taken = took
        .taken
        .iter()
        .map(|(key, old, new)| json!({ "key": key, "old": old, "new": new.value, "why": new.why }));
    let left = took.left.iter().map(|(key, why)| {
        let code = match why {
            NotTaken::Same => "same",
            NotTaken::NoStation => "no_station",
            NotTaken::NotAsked => "not_asked",
        };
        json!({ "key": key, "because": code })
    });
    json!({
        "taken": taken.collect::<Vec<Value>>(), "left": left.collect::<Vec<Value>>(),
        "rules": took.rules, "questions": took.questions, "sentences": took.sentences, "services": took.services,
        "other_services": took.other_services, "notes": speaker.notes(notes),
    })
}

fn of_learned(one: &Learned) -> Value {
    json!({ "key": one.key, "value": one.value, "why": one.why })
}
