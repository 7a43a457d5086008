//! `shouhu init`: a ready example, or a scenario made from seven answers.

mod here;
mod questions;

use super::Stop;
use crate::{
    args::{Answering, Init},
    clock, folder,
    speak::Speaker,
};
use questions::Questions;
use scenario::Answers;
use std::io::{self, IsTerminal};
use verbs::ask::{Asked, Needs, PostNeed, ask};

pub fn run(args: &Init, speaker: Speaker) -> Result<(), Stop> {
    if let Some(example) = &args.example {
        let files = scenario::example(example).expect("the command line takes known examples only");
        let written = folder::write_new(&args.dir, &files)?;
        if args.json {
            speaker.json(&serde_json::json!({ "files": written }));
        } else {
            say_done(args, &written, speaker);
        }
        return Ok(());
    }
    let Asked { files, mut notes, needs } = ask(&answers(args, speaker)?);
    let (Some(files), Some(needs)) = (files, needs) else {
        return Err(super::refuse(&notes, args.json, speaker));
    };
    // The house knows the shape of a time zone's name; whether there is one of that name this machine knows.
    let (scenario, wrong) = verbs::read(&files, &[], &clock::zones, &mut |_, _| {});
    if scenario.is_none() {
        notes.extend(wrong);
        return Err(super::refuse(&notes, args.json, speaker));
    }
    let written = folder::write_new(&args.dir, &files)?;
    if args.json {
        let notes = speaker.notes(&notes);
        speaker.json(&serde_json::json!({ "files": written, "notes": notes, "needs": needs }));
    } else {
        speaker.aside_if_any(&speaker.notes_as_text(&notes));
        speaker.result(&in_words(&needs, speaker));
        say_done(args, &written, speaker);
    }
    Ok(())
}

fn say_done(args: &Init, written: &[String], speaker: Speaker) {
    let folder = args.dir.display().to_string();
    let is_outbreak = args.example.as_deref().is_some_and(|name| scenario::outbreaks().contains(&name));
    let key = if is_outbreak { "init.done_outbreak" } else { "init.done" };
    speaker.result(&speaker.say(key, &[("folder", &folder), ("files", &written.join(", "))]));
}

/// What was typed, and what is asked for where somebody sits at the terminal.
fn answers(args: &Init, speaker: Speaker) -> Result<Answers, Stop> {
    let given = given(&args.answers);
    if args.json || !io::stdin().is_terminal() {
        let nothing = given == Answers { timezone: given.timezone.clone(), ..Answers::default() };
        return if nothing { Err(Stop::Usage(speaker.word("init.nothing"))) } else { Ok(given) };
    }
    let mut lines = io::stdin().lock();
    let mut questions = Questions { speaker, lines: &mut lines, say: &|text| speaker.aside_if_any(text) };
    questions.ask(given, here::tomorrow()).ok_or_else(|| Stop::Usage(speaker.word("init.unanswered")))
}

fn given(args: &Answering) -> Answers {
    let text = |given: &Option<String>| given.clone().unwrap_or_default();
    Answers {
        service: text(&args.service),
        people: args.people,
        households: args.households,
        date: text(&args.date),
        opens: text(&args.opens),
        closes: text(&args.closes),
        staff: args.staff,
        reach: text(&args.reach),
        room: args.room,
        wait: args.wait,
        timezone: args.timezone.clone().or_else(here::timezone).unwrap_or_default(),
        name: text(&args.name),
    }
}

/// Who stands where, and when all are served.
fn in_words(needs: &Needs, speaker: Speaker) -> String {
    let posts = |shared: bool| -> String {
        let post = |post: &PostNeed| format!("{} {}", speaker.station(&post.station), post.servers);
        needs.posts.iter().filter(|post| post.shared == shared).map(post).collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    let lanes = needs.lanes.to_string();
    if !posts(false).is_empty() {
        lines.push(speaker.say("init.lanes", &[("lanes", &lanes), ("stations", &posts(false))]));
    }
    if !posts(true).is_empty() {
        lines.push(speaker.say("init.shared", &[("stations", &posts(true))]));
    }
    let (callers, relief) = (needs.callers.to_string(), needs.relief.to_string());
    if needs.callers > 0 {
        lines.push(speaker.say("init.callers", &[("callers", &callers)]));
    }
    if needs.relief > 0 {
        lines.push(speaker.say("init.relief", &[("relief", &relief)]));
    }
    if needs.per_hour.is_finite() {
        let per_hour = format!("{:.0}", needs.per_hour);
        let ends = needs.ends.replace('T', " ");
        lines.push(speaker.say("init.ends", &[("per_hour", &per_hour), ("ends", &ends)]));
    }
    lines.join("\n")
}
