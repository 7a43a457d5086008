//! `shouhu target`: when there may be no cases outside quarantine any more, and what moves it.

use super::{Stop, refuse, rehearse};
use crate::{args::TargetArgs, folder, report::target_page, speak::Speaker, table::columns};
use domain::{Notes, Place};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scenario::target::{PolicyFile, Series, read_policies, read_series};
use screening::target::Goal;
use std::path::Path;
use verbs::{
    number::{number, whole},
    target::{Answer, DAYS_MAX, Question, answer, chance_of, days_ahead, set_key},
};

/// Parts of the bar.
const PARTS: u64 = 1_000;
/// Rows of the table of dates: four weeks; later dates are in the JSON.
const ROWS_MAX: usize = 28;

pub fn run(args: &TargetArgs, speaker: Speaker) -> Result<(), Stop> {
    let (series, policies, notes) = read(args, speaker)?;
    if !args.json {
        speaker.aside_if_any(&speaker.notes_as_text(&notes));
    }
    let bar = ProgressBar::with_draw_target(Some(PARTS), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} % {elapsed}");
    bar.set_style(style.expect("the template is right"));
    bar.set_message(speaker.word("target.progress"));
    let answer = answer(Question {
        series: &series,
        policies: &policies,
        goal: Goal { at_most: f64::from(args.at_most), days: usize::from(args.clear_days) },
        by: args.by,
        seed: args.seed,
        progress: &mut |done| bar.set_position((done * PARTS as f64) as u64),
    });
    bar.finish_and_clear();
    if args.json {
        speaker.json(&answer.output(&notes, speaker.voice));
    } else {
        print(&answer, speaker);
    }
    if let Some(path) = &args.report {
        let page = target_page(&answer, &rehearse::command(), args.seed, &speaker.language.on_paper());
        folder::write_file(path, page.as_bytes())?;
        let shown = std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string();
        speaker.aside(&speaker.say("rehearse.report_written", &[("path", &shown)]));
    }
    Ok(())
}

type Asked = (Series, Vec<(String, PolicyFile)>, Notes);

/// The series as far as it is to be known, the policies after it, and all notes.
fn read(args: &TargetArgs, speaker: Speaker) -> Result<Asked, Stop> {
    let name = |path: &Path| path.display().to_string();
    let bytes = folder::read_file(&args.series)?;
    let (series, mut notes) = read_series(&name(&args.series), &bytes, &args.column);
    let mut files = Vec::new();
    for path in &args.policy {
        files.push((name(path), folder::read_file(path)?));
    }
    let Some(series) = series else { return Err(refuse(&notes, args.json, speaker)) };
    let (first, last) = (series.first, series.last());
    let series = match args.from_day {
        None => Some(series),
        Some(day) => {
            let known = series.place(day).map(|place| series.until(place));
            let enough = known.filter(|known| known.cases.iter().flatten().count() >= 7);
            if enough.is_none() {
                let args: [(&str, &dyn std::fmt::Display); 3] =
                    [("day", &day), ("first", &first), ("last", &last)];
                notes.error(Place::file("--from-day"), "target_from_day", &args);
            }
            enough
        }
    };
    let end = series.as_ref().map_or(last, Series::last);
    if let (Some(by), Some(series)) = (args.by, &series)
        && !(by > end && days_ahead(series, by) <= DAYS_MAX)
    {
        let args: [(&str, &dyn std::fmt::Display); 3] = [("by", &by), ("last", &end), ("max", &DAYS_MAX)];
        notes.error(Place::file("--by"), "target_by", &args);
    }
    let (policies, more) = read_policies(&files, end);
    notes.extend(more);
    match (series, policies) {
        (Some(series), Some(policies)) if !notes.refuses() => {
            let named = files.into_iter().map(|(name, _)| name).zip(policies).collect();
            Ok((series, named, notes))
        }
        _ => Err(refuse(&notes, args.json, speaker)),
    }
}

fn print(answer: &Answer, speaker: Speaker) {
    let name = |outlook| answer.name(outlook, speaker.voice);
    let cases = format!("{} {}", speaker.word("target.table.cases"), "5–50–95 %");
    let head = std::iter::once(speaker.word("target.table.by"))
        .chain(answer.outlooks.iter().map(name))
        .chain([cases])
        .collect();
    let days = answer.outlooks[0].cases.len().min(ROWS_MAX.max(answer.by_day + 1));
    let rows = (0..days).map(|day| {
        let shares = answer.outlooks.iter().map(|outlook| {
            let [probability, low, high] = outlook.by(day).map(chance_of);
            format!("{probability} ({low} – {high})")
        });
        let [low, _, median, _, high] = answer.outlooks[0].cases[day].map(whole);
        let cases = format!("{low} – {median} – {high}");
        let mark = if day == answer.by_day { " ←" } else { "" };
        let date = format!("{}{mark}", answer.date(day));
        std::iter::once(date).chain(shares).chain([cases]).collect::<Vec<_>>()
    });
    speaker.result(&columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
    let head =
        ["target.table.assumptions", "target.table.by_date", "target.table.r", "target.table.foretold"];
    let sets = screening::target::SETS.iter().zip(&answer.sets).zip(&answer.outlooks[0].by_set);
    let rows = sets.map(|((set, (r, log_score)), by)| {
        let [low, median, high] = r.map(number);
        vec![
            speaker.word(set_key(set.name)),
            chance_of(by[answer.by_day]),
            format!("{median} ({low} – {high})"),
            format!("{log_score:.2}"),
        ]
    });
    let head = head.map(|key| speaker.word(key)).to_vec();
    speaker.result(&columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
    scores(answer, speaker);
    for sentence in answer.sentences(speaker.voice) {
        speaker.result(&sentence);
    }
}

/// How good such forecasts were within the series.
fn scores(answer: &Answer, speaker: Speaker) {
    let word = |key: &str| speaker.word(key);
    let scored = answer.scores.counts.iter().filter(|score| score.forecasts > 0);
    let rows: Vec<Vec<String>> = scored
        .map(|score| {
            let days = score.days.to_string();
            let shown = score.crps_log.map(|score| format!("{score:.2}"));
            let name = speaker.say("target.table.ahead", &[("days", &days)]);
            std::iter::once(name).chain(shown).chain(["–".to_owned(), score.forecasts.to_string()]).collect()
        })
        .collect();
    let events = answer.scores.events.iter().filter(|score| score.forecasts > 0);
    let events = events.map(|score| {
        let days = score.within_days.to_string();
        let key = if score.event == "halved" { "target.table.halved" } else { "target.table.reached" };
        let [model, constant, value, week] = score.brier.map(|score| format!("{score:.3}"));
        // What a constant probability would have scored that knew from the beginning how often it would happen.
        let share = score.happened as f64 / score.forecasts as f64;
        let constant = format!("{constant} ({:.3})", share * (1.0 - share));
        vec![speaker.say(key, &[("days", &days)]), model, value, week, constant, score.forecasts.to_string()]
    });
    let rows: Vec<Vec<String>> = rows.into_iter().chain(events).collect();
    if rows.is_empty() {
        return;
    }
    let head = vec![
        word("target.table.scores"),
        word("target.table.model"),
        word("target.table.last_value"),
        word("target.table.last_week"),
        word("target.table.constant"),
        word("target.table.forecasts"),
    ];
    speaker.result(&columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
}
