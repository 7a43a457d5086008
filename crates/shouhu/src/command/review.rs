//! `shouhu review`: what happened, and what it teaches the next plan.

use super::{Stop, refuse};
use crate::{
    args::Review,
    clock,
    folder::{self, FileError},
    rehearsing::Terminal,
    report,
    speak::Speaker,
    table,
};
use domain::Notes;
use formats::{Block, Document, Part};
use std::{collections::BTreeMap, path::Path};
use verbs::{
    Happened, Reviewed, Taught, Voice,
    decide::{self, Seen, Told, judge},
};

/// Replications whose minutes are drawn beside.
const DRAWN_REPS: u32 = 50;

pub fn run(args: &Review, speaker: Speaker) -> Result<(), Stop> {
    let kind = args.output.as_deref().map(|path| Kind::of(path, speaker)).transpose()?;
    let folder_of = args.scenario.as_ref().or(args.write.as_ref());
    if args.plan.is_some() && folder_of.is_none() {
        return Err(Stop::Usage(speaker.word("usage.review_plan")));
    }
    let mut events = BTreeMap::new();
    for path in &args.events {
        events.insert(path.display().to_string(), folder::read_file(path)?);
    }
    let files = folder_of.map(|path| folder::read(path)).transpose()?;
    let (scenario, mut notes) = match &files {
        None => (None, Notes::default()),
        Some(files) => verbs::read(files, &[], &clock::zones, &mut |_, _| ()),
    };
    let log = files.as_ref().map(|files| scenario::read_decisions(files).0).unwrap_or_default();
    let mut plan = None;
    if let (Some(path), Some(scenario)) = (&args.plan, &scenario) {
        let (read, more) =
            scenario::read_plan(&path.display().to_string(), &folder::read_file(path)?, scenario);
        notes.extend(more);
        plan = read;
    }
    let terminal = Terminal::new(&args.running, speaker);
    let run = terminal.run_of(&args.running);
    let refused = notes.refuses();
    let happened = Happened {
        files: &events,
        scenario: scenario.as_ref(),
        plan: plan.as_ref(),
        // What is refused anyway is not rehearsed.
        run: (!refused).then_some(&run),
        curves: if args.output.is_some() { DRAWN_REPS } else { 0 },
        zones: &clock::zones,
    };
    let (reviewed, more) = verbs::review(&happened);
    notes.extend(more);
    let Some(reviewed) = reviewed.filter(|_| !refused) else {
        return Err(refuse(&notes, args.json, speaker));
    };
    let scenario = scenario.as_ref();
    let doors = decide::missed(&reviewed);
    let judged = judge(&log, Some(&Seen { reviewed: &reviewed, doors, complaints: None }));
    let decided = |voice| decide::part(&log, &judged, voice);
    let written = args.write.as_deref().map(|path| write(path, &reviewed, args.json, speaker)).transpose()?;
    if args.json {
        let mut output = reviewed.output(scenario, speaker.voice);
        output["notes"] = serde_json::json!(speaker.notes(&notes));
        // A page that reviews knows no log: without one, both say the same.
        if let (Some(files), Some(scenario), false) = (&files, scenario, log.all.is_empty()) {
            let lessons = &reviewed.review.lessons;
            let told = Told { log: &log, judged: &judged, files, scenario, lessons, voice: speaker.voice };
            output["decisions"] = decide::output(&told)["decisions"].take();
        }
        if let Some(keys) = &written {
            output["written"] = serde_json::json!(keys);
        }
        speaker.json(&output);
    } else {
        let mut parts = reviewed.brief(scenario, speaker.voice);
        parts.extend(decided(speaker.voice));
        speaker.result(text(&parts).trim_end());
        speaker.aside_if_any(&speaker.notes_as_text(&notes));
    }
    if let (Some(path), Some(kind)) = (&args.output, kind) {
        let document = |voice| {
            let mut document = reviewed.document(scenario, voice);
            // Beneath what the evening is in short.
            let place = document.parts.len().min(1);
            document.parts.splice(place..place, decided(voice));
            document
        };
        kind.write(path, document, speaker.voice)?;
        speaker.aside(&speaker.say("review.report_written", &[("path", &path.display().to_string())]));
    }
    Ok(())
}

/// How a report is written.
#[derive(Clone, Copy)]
enum Kind {
    Docx,
    Html,
    Xlsx,
}

impl Kind {
    fn of(path: &Path, speaker: Speaker) -> Result<Kind, Stop> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("docx") => Ok(Kind::Docx),
            Some("html" | "htm") => Ok(Kind::Html),
            Some("xlsx") => Ok(Kind::Xlsx),
            _ => Err(Stop::Usage(speaker.word("usage.review_output"))),
        }
    }

    /// A document and a workbook speak one language, a page also those that stand in for it.
    fn write(self, path: &Path, document: impl Fn(Voice) -> Document, voice: Voice) -> Result<(), FileError> {
        match self {
            Kind::Docx => folder::write_file(path, &formats::docx(&document(voice))),
            Kind::Xlsx => folder::write_workbook(path, &document(voice)),
            Kind::Html => {
                let document = |language| (language, document(Voice { language }));
                let all: Vec<_> = voice.language.on_paper().into_iter().map(document).collect();
                folder::write_file(path, report::review_page(&all).as_bytes())
            }
        }
    }
}

/// Writes all lessons into a scenario's folder, and says which; the keys that were written.
fn write(path: &Path, reviewed: &Reviewed, json: bool, speaker: Speaker) -> Result<Vec<String>, Stop> {
    let lessons: Vec<Taught> =
        reviewed.review.lessons.iter().map(|lesson| Taught::of(lesson, speaker.voice)).collect();
    if lessons.is_empty() {
        speaker.aside(&speaker.word("review.nothing_to_write"));
        return Ok(Vec::new());
    }
    let files = folder::read(path)?;
    let (learned, notes) = verbs::learn(&files, &lessons, &clock::zones);
    let Some(learned) = learned else { return Err(refuse(&notes, json, speaker)) };
    folder::write_changed(path, &files, &learned)?;
    for lesson in &lessons {
        let args = [("key", lesson.key.as_str()), ("why", lesson.sentence.as_str())];
        speaker.aside(&speaker.say("review.written", &args));
    }
    Ok(lessons.into_iter().map(|lesson| lesson.key).collect())
}

/// Parts of the report as text.
pub(super) fn text(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        text += &format!("{}\n\n", part.heading);
        for block in &part.blocks {
            text += &match block {
                Block::Heading(said) | Block::Paragraph(said) | Block::Quote(said) => format!("{said}\n"),
                Block::List(said) => said.iter().map(|one| format!("- {one}\n")).collect(),
                Block::Table(one) => aligned(one),
                Block::Picture(picture) => format!("{}\n", picture.told),
            };
            text.push('\n');
        }
    }
    text
}

fn aligned(one: &formats::Table) -> String {
    // Names and values are read one below the other.
    if one.head.is_empty() && one.caption.is_empty() {
        return one.rows.iter().map(|row| format!("{}\n", row.join(": "))).collect();
    }
    let head = if one.head.is_empty() { vec![one.caption.clone()] } else { one.head.clone() };
    table::columns(&std::iter::once(head).chain(one.rows.iter().cloned()).collect::<Vec<_>>())
}
