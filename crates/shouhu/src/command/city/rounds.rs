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
use domain::{City, Notes, Place, city::rounds::Rounds};
use rehearse::{Luck, Purpose, city::CityRehearsal};
use scenario::Files;
use std::{path::Path, sync::atomic::Ordering};
use verbs::{
    city::rounds::{
        PlannedCity, Stopped, plan as plan_rounds, promise, read_rounds, ready, replan, sheet_csv,
        sheets_docx,
    },
    number::{number, whole},
};

/// Days from which it is taken what sites fill.
const DAYS_BEFORE: u32 = 3;
/// Days on which the promise is tried, where nothing is said.
const DAYS: u32 = 20;
/// Seconds for a second opinion where nothing is said, and up to how many sites anybody waits for one.
const SECOND_OPINION_S: f64 = 10.0;
const SMALL_SITES: usize = 1_000;
/// Routes that are shown; the file has all.
const SHOWN: usize = 12;

/// The rounds of a plan's file, or its refusal said.
pub(super) fn read(path: &Path, city: &City, json: bool, speaker: Speaker) -> Result<Rounds, Stop> {
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
    if args.keep.is_some() && args.stopped.is_none() {
        return Err(Stop::Usage(speaker.word("usage.city_keep")));
    }
    let (city, notes) = super::read(files, &args.of);
    let Some(city) = city else { return Err(refuse(&notes, args.of.json, speaker)) };
    speaker.aside_if_any(&speaker.notes_as_text(&notes));
    let refused = |notes: Notes| refuse(&notes, args.of.json, speaker);
    ready(&city).map_err(refused)?;
    let kept = match (&args.keep, &args.stopped) {
        (Some(path), Some(text)) => {
            let rounds = read(path, &city, args.of.json, speaker)?;
            Some((rounds, stopped(text, &city).map_err(refused)?))
        }
        _ => None,
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

/// Looks at what sites fill, plans, and lives the plan.
fn planned(
    args: &PlanArgs,
    city: City,
    kept: Option<(Rounds, Stopped)>,
    speaker: Speaker,
) -> Result<PlannedCity, Notes> {
    let terminal = Terminal::new(&args.running, speaker);
    let sites = city.sites.len() as u64;
    let luck = |purpose| Luck { seed: args.running.seed, purpose };
    let (tubes, looked) =
        terminal.watched("progress.city_tubes", u64::from(DAYS_BEFORE) * sites, |threads, progress| {
            (CityRehearsal::new(&city).tubes(luck(Purpose::Choose), DAYS_BEFORE, threads, progress), 0.0)
        });
    let otherwise = if city.sites.len() <= SMALL_SITES { SECOND_OPINION_S } else { 0.0 };
    let effort = Effort {
        seed: args.running.seed,
        tries: None,
        second_opinion_s: args.time_limit.unwrap_or(otherwise),
        threads: terminal.threads(),
    };
    let tries = effort.tries_of(city.sites.len());
    let (planned, cost) = terminal.watched("progress.city_rounds", tries, |_, progress| {
        let planned = match kept {
            None => {
                plan_rounds(city, &tubes, &effort, &mut |done| progress.done.store(done, Ordering::Relaxed))
            }
            Some((rounds, stopped)) => replan(city, &rounds, &tubes, &stopped, &effort),
        };
        (planned, 0.0)
    });
    let mut planned = planned?;
    let days = args.running.reps.unwrap_or(DAYS);
    let (outcome, lived) = terminal.watched("progress.city", u64::from(days) * sites, |threads, progress| {
        (CityRehearsal::new(&planned.city).run(luck(Purpose::Confirm), days, threads, progress), 0.0)
    });
    planned.promise = promise(&planned.city, &outcome);
    let sum = |of: fn(&verbs::Cost) -> f64| of(&looked) + of(&cost) + of(&lived);
    planned.cost = verbs::Cost::new(0.0, sum(|cost| cost.cpu_s), sum(|cost| cost.wall_s));
    Ok(planned)
}

/// `Lab 4@10:30`.
fn stopped(text: &str, city: &City) -> Result<Stopped, Notes> {
    let mut notes = Notes::default();
    let labs = city.testing.as_ref().map_or(&[][..], |testing| &testing.labs);
    let (name, time) = text.rsplit_once('@').unwrap_or((text, ""));
    let lab = labs.iter().position(|lab| lab.name == name.trim());
    if lab.is_none() {
        let known = labs.iter().map(|lab| lab.name.as_str()).take(10).collect::<Vec<_>>().join(", ");
        notes.error(Place::file("--stopped"), "city_stopped_lab", &[("name", &name), ("known", &known)]);
    }
    let minutes = time.trim().split_once(':').and_then(|(hour, minute)| {
        let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(f64::from(hour * 60 + minute))
    });
    if minutes.is_none() {
        notes.error(Place::file("--stopped"), "city_stopped_time", &[("text", &text)]);
    }
    let opens = city.round.opens.time();
    let opens = f64::from(opens.hour()) * 60.0 + f64::from(opens.minute());
    match (lab, minutes) {
        (Some(lab), Some(minutes)) => {
            Ok(Stopped { lab: lab as u32, at_min: (minutes - opens).rem_euclid(24.0 * 60.0) })
        }
        _ => Err(notes),
    }
}

/// What drivers are handed.
fn sheets(path: &Path, planned: &PlannedCity, speaker: Speaker) -> Result<(), Stop> {
    folder::write_file(&path.join("couriers.csv"), sheet_csv(planned, speaker.voice).as_bytes())?;
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
