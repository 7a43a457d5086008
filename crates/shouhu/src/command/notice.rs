//! `shouhu notice`: what residents are told, on paper, in the chat, by loudspeaker, and as a public alert.

mod output;
mod voice;

use super::{Stop, admitted, read_plan, refuse};
use crate::{args::NoticeArgs, clock, folder, speak::Speaker};
use domain::{Notes, Place, Scenario, notice::NoticeKind};
use jiff::civil::DateTime;
use notice::{Addressed, Notice, Request};
use output::Form;
use std::path::Path;

pub fn run(args: &NoticeArgs, speaker: Speaker) -> Result<(), Stop> {
    let form = args.output.as_deref().map(|path| Form::of(path, speaker)).transpose()?;
    let scenario = admitted(&args.of, &[], speaker)?;
    let files = folder::read(&args.of.scenario)?;
    let json = args.of.json;
    let plan = args.plan.as_ref().map(|path| read_plan(path, &scenario, json, speaker)).transpose()?;
    let (service, _) = scenario::service(&scenario.round.purpose, &files);
    let service = service.expect("a scenario without its service was refused");
    let refused = |notes: Notes| refuse(&notes, json, speaker);
    let addressed = match &args.addressed {
        Some(text) => Addressed::parse(text, &scenario.roll).map_err(refused)?,
        None => Addressed::Everybody,
    };
    let replaces = args.replaces.as_deref().map(kept).transpose()?.transpose().map_err(refused)?;
    let day = scenario.round.opens.date();
    let time = |name: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => {
            let read = notice::local_time(text, day).map(Some);
            read.ok_or_else(|| {
                Stop::Usage(speaker.say("usage.notice_time", &[("option", name), ("value", text)]))
            })
        }
    };
    let at = match time("--at", &args.at)? {
        Some(at) => at,
        None => now(&scenario),
    };
    let request = Request {
        scenario: &scenario,
        plan: plan.as_ref(),
        service: &service,
        kind: kind(args, replaces.as_ref()),
        number: args.number,
        at,
        addressed,
        replaces: replaces.as_ref(),
        told: &args.changed,
        from: time("--from", &args.from)?,
        until: time("--until", &args.until)?,
    };
    let written = verbs::notice::write(&request).map_err(refused)?;
    let notice = &written.notice;
    let language = args.language.unwrap_or(speaker.language);
    if let (Some(path), Some(form)) = (&args.output, form) {
        form.write(path, notice, language, args, speaker)?;
        speaker.aside(&speaker.say("notice.written", &[("path", &path.display().to_string())]));
    }
    if json {
        speaker.json(&written.output(language, speaker.voice));
    } else {
        speaker.aside_if_any(&speaker.notes_as_text(&written.notes));
        if args.script {
            speaker.result(&notice.script(language).join("\n"));
        } else if args.output.is_none() {
            speaker.result(notice.chat(language).trim_end());
        }
    }
    Ok(())
}

fn kind(args: &NoticeArgs, replaces: Option<&Notice>) -> NoticeKind {
    match args.kind {
        Some(kind) => kind.into(),
        None if replaces.is_some() => NoticeKind::Change,
        None => NoticeKind::Round,
    }
}

/// A notice that was kept.
fn kept(path: &Path) -> Result<Result<Notice, Notes>, Stop> {
    let bytes = folder::read_file(path)?;
    Ok(serde_json::from_slice(&bytes).map_err(|error| {
        let mut notes = Notes::default();
        notes.error(Place::file(path.display().to_string()), "notice_unreadable", &[("why", &error)]);
        notes
    }))
}

/// Now, at the community's place.
fn now(scenario: &Scenario) -> DateTime {
    clock::now_in(&scenario.community.timezone)
}
