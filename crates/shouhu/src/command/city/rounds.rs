//! `shouhu plan` on a city: rounds planned, checked, lived, written.

use crate::{
    args::PlanArgs,
    command::{Stop, refuse},
    folder,
    rehearsing::Terminal,
    speak::Speaker,
    table::columns,
};
use couriers::Effort;
use domain::{City, Notes, Place};
use rehearse::{
    Luck, Purpose, TICKS_PER_MINUTE,
    city::{CityRehearsal, SiteTubes},
};
use scenario::Files;
use std::{path::Path, sync::atomic::Ordering};
use verbs::{
    city::rounds::{
        PlannedCity, ReadPlan, Stopped, desk_document, plan as plan_rounds, promise, read_rounds, ready,
        replan, sheet_csv, sheets_docx,
    },
    number::{number, whole},
};

/// Days from which it is taken what sites fill.
const DAYS_BEFORE: u32 = 3;
/// Routes that are shown; the file has all.
const SHOWN: usize = 12;

/// A plan's file, or its refusal said.
pub(super) fn read(path: &Path, city: &City, json: bool, speaker: Speaker) -> Result<ReadPlan, Stop> {
    let bytes = folder::read_file(path)?;
    read_rounds(&path.display().to_string(), &bytes, city).map_err(|notes| refuse(&notes, json, speaker))
}

/// Whose tubes go to which lab, and when.
pub fn plan(args: &PlanArgs, files: &Files, speaker: Speaker) -> Result<(), Stop> {
    use crate::args::PlanPolicyArg;
    let others =
        [("--policy", !matches!(args.policy, PlanPolicyArg::Waves)), ("--keep-staff", args.keep_staff)];
    if let Some((option, _)) = others.into_iter().find(|(_, given)| *given) {
        return Err(Stop::Usage(speaker.say("usage.city_option", &[("option", option)])));
    }
    if args.keep.is_some() && args.stopped.is_empty() {
        return Err(Stop::Usage(speaker.word("usage.city_keep")));
    }
    let (city, notes) = super::read(files, &args.of);
    let Some(city) = city else { return Err(refuse(&notes, args.of.json, speaker)) };
    speaker.aside_if_any(&speaker.notes_as_text(&notes));
    let refused = |notes: Notes| refuse(&notes, args.of.json, speaker);
    ready(&city).map_err(refused)?;
    let kept = match &args.keep {
        Some(path) => {
            let read = read(path, &city, args.of.json, speaker)?;
            Some((read, stopped(&args.stopped, &city).map_err(refused)?))
        }
        None => None,
    };
    let planned = planned(args, city, kept, speaker).map_err(refused)?;
    let output = planned.output(speaker.voice);
    if let Some(path) = &args.output {
        let mut text = serde_json::to_vec(&output).expect("our own types are written as JSON");
        text.push(b'\n');
        folder::write_file(path, &text)?;
        speaker.aside(&speaker.say("plan.written", &[("path", &path.display().to_string())]));
    }
    if let Some(path) = &args.sheets {
        sheets(path, &planned, speaker)?;
    }
    if args.of.json {
        speaker.json(&output);
    } else {
        print(&planned, speaker);
    }
    Ok(())
}

/// What sites fill, on days of luck that no promise is tried on.
pub(super) fn filled(city: &City, seed: u64, terminal: &Terminal) -> (Vec<SiteTubes>, verbs::Cost) {
    let (luck, sites) = (Luck { seed, purpose: Purpose::Choose }, city.sites.len() as u64);
    terminal.watched("progress.city_tubes", u64::from(DAYS_BEFORE) * sites, |threads, progress| {
        (CityRehearsal::new(city).tubes(luck, DAYS_BEFORE, threads, progress), 0.0)
    })
}

/// Looks at what sites fill, plans, and lives the plan.
fn planned(
    args: &PlanArgs,
    city: City,
    kept: Option<(ReadPlan, Vec<Stopped>)>,
    speaker: Speaker,
) -> Result<PlannedCity, Notes> {
    let terminal = Terminal::new(&args.running, speaker);
    let sites = city.sites.len() as u64;
    let (tubes, looked) = filled(&city, args.running.seed, &terminal);
    let effort = Effort {
        seed: args.running.seed,
        tries: None,
        second_opinion_s: args.time_limit.unwrap_or(0.0),
        threads: terminal.threads(),
    };
    let tries = effort.tries_of(city.sites.len());
    let (planned, cost) = terminal.watched("progress.city_rounds", tries, |_, progress| {
        let planned = match kept {
            None => {
                plan_rounds(city, &tubes, &effort, &mut |done| progress.done.store(done, Ordering::Relaxed))
            }
            Some((read, stopped)) => replan(city, read, &tubes, &stopped, &effort),
        };
        (planned, 0.0)
    });
    let mut planned = planned?;
    let luck = Luck { seed: args.running.seed, purpose: Purpose::Confirm };
    let days = args.running.reps.unwrap_or(super::DAYS_OF_PLAN);
    let (outcome, lived) = terminal.watched("progress.city", u64::from(days) * sites, |threads, progress| {
        (CityRehearsal::new(&planned.city).run(luck, days, threads, progress), 0.0)
    });
    planned.promise = promise(&planned.city, &outcome, Some(&planned.checked));
    let sum = |of: fn(&verbs::Cost) -> f64| of(&looked) + of(&cost) + of(&lived);
    planned.cost = verbs::Cost::new(0.0, sum(|cost| cost.cpu_s), sum(|cost| cost.wall_s));
    Ok(planned)
}

/// `Lab 4@10:30`, and `Lab 4@2022-04-10T02:00` on another day than the opening's; all that is wrong with any of them.
fn stopped(texts: &[String], city: &City) -> Result<Vec<Stopped>, Notes> {
    let mut notes = Notes::default();
    let labs = city.testing.as_ref().map_or(&[][..], |testing| &testing.labs);
    let ends = city.testing.as_ref().map_or(0.0, |of| of.ends as f64 / TICKS_PER_MINUTE as f64);
    let mut stopped = Vec::new();
    for text in texts {
        let (name, time) = text.rsplit_once('@').unwrap_or((text, ""));
        let lab = labs.iter().position(|lab| lab.name == name.trim());
        if lab.is_none() {
            let known = labs.iter().map(|lab| lab.name.as_str()).take(10).collect::<Vec<_>>().join(", ");
            notes.error(Place::file("--stopped"), "city_stopped_lab", &[("name", &name), ("known", &known)]);
        }
        let at_min = scenario::minutes_after(city.round.opens, time);
        if at_min.is_none() {
            notes.error(Place::file("--stopped"), "city_stopped_time", &[("text", &text)]);
        }
        if at_min.is_some_and(|at_min| !(0.0..=ends).contains(&at_min)) {
            let [opens, ends] = [0.0, ends].map(|minutes| verbs::clock::after(city.round.opens, minutes));
            let args: [(&str, &dyn std::fmt::Display); 3] =
                [("text", &text), ("opens", &opens), ("ends", &ends)];
            notes.error(Place::file("--stopped"), "city_stopped_outside", &args);
        }
        stopped.extend(lab.zip(at_min).map(|(lab, at_min)| Stopped { lab: lab as u32, at_min }));
    }
    if notes.0.is_empty() { Ok(stopped) } else { Err(notes) }
}

/// What drivers are handed.
fn sheets(path: &Path, planned: &PlannedCity, speaker: Speaker) -> Result<(), Stop> {
    folder::write_file(&path.join("couriers.csv"), sheet_csv(planned, speaker.voice).as_bytes())?;
    folder::write_workbook(&path.join("rounds.xlsx"), &desk_document(planned, speaker.voice))?;
    for (lab, document) in sheets_docx(planned, speaker.voice) {
        folder::write_file(&path.join(format!("couriers-{}.docx", lab + 1)), &formats::docx(&document))?;
    }
    speaker.aside(&speaker.say("plan.city_sheets_written", &[("path", &path.display().to_string())]));
    Ok(())
}

fn print(planned: &PlannedCity, speaker: Speaker) {
    for sentence in planned.sentences(speaker.voice) {
        speaker.result(&format!("• {sentence}"));
    }
    let word = |key: &str| speaker.word(&format!("table.{key}"));
    let name = |lab: u32| planned.city.testing.as_ref().map_or("", |of| of.labs[lab as usize].name.as_str());
    let head =
        ["city_lab", "city_routes", "city_vehicles", "city_lab_tubes", "city_lab_hour", "city_lab_waiting"];
    let rounds = planned.rounds();
    let row = |lab: u32| {
        let its = || rounds.routes.iter().filter(|route| route.lab == lab);
        let brought = &planned.checked.brought[lab as usize];
        vec![
            name(lab).to_owned(),
            its().count().to_string(),
            its().map(|route| route.vehicles).sum::<u32>().to_string(),
            whole(brought.iter().sum()),
            whole(brought.iter().copied().fold(0.0, f64::max)),
            whole(planned.checked.waiting_max[lab as usize]),
        ]
    };
    let labs = 0..planned.task.labs.len() as u32;
    speaker.result("");
    speaker
        .result(&columns(&std::iter::once(head.map(word).to_vec()).chain(labs.map(row)).collect::<Vec<_>>()));
    let head = ["city_route", "city_lab", "city_stops", "city_minutes", "city_vehicles", "city_departs"];
    let shown = rounds.routes.iter().enumerate().take(SHOWN).map(|(number_of, route)| {
        let first = route.departs_min.first().copied().unwrap_or(0.0);
        vec![
            (number_of + 1).to_string(),
            name(route.ends).to_owned(),
            route.stops.len().to_string(),
            number(route.back_min),
            route.vehicles.to_string(),
            verbs::clock::after(planned.city.round.opens, first),
        ]
    });
    speaker.result("");
    speaker.result(&columns(&std::iter::once(head.map(word).to_vec()).chain(shown).collect::<Vec<_>>()));
}
