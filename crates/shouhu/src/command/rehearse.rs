//! `shouhu rehearse`: what would happen.

pub mod cards;
mod faults;

use super::{Stop, admitted, read_plan, refuse, write_sheets};
use crate::{
    args::{EngineArg, Rehearse},
    clock, folder,
    records::Format,
    rehearsing::Terminal,
    report::{self, Report},
    searching,
    speak::Speaker,
    table,
};
use domain::Scenario;
use plan::search::Free;
use queueing::Engine;
use rehearse::{Figures, Paired};
use serde::Serialize;
use verbs::{
    Beside, By, Cost, Finding, Lived, Run,
    number::whole,
    sheets::Papers,
    stress_des::{Study, stress_des},
    supplies::SupplyPlan,
};

#[derive(Serialize)]
struct Swept<'a> {
    value: &'a str,
    #[serde(flatten)]
    figures: &'a Figures,
    #[serde(flatten)]
    cost: Cost,
    /// This value less the first one.
    difference: Option<Paired>,
}

/// Replications whose minutes are drawn.
const DRAWN_REPS: u32 = 50;

pub fn run(args: &Rehearse, speaker: Speaker) -> Result<(), Stop> {
    if args.records.as_ref().is_some_and(|path| Format::of(path).is_none()) {
        return Err(Stop::Usage(speaker.word("usage.records_format")));
    }
    if let Some(files) = super::city::files(&args.of)? {
        return super::city::rehearse(args, &files, speaker);
    }
    let terminal = Terminal::new(&args.running, speaker);
    let mut run = terminal.run_of(&args.running);
    run.on_event_engine = args.engine == Some(EngineArg::Event);
    match &args.sweep {
        _ if args.stress => faults::stress(args, &run, speaker),
        _ if !args.fault.is_empty() => faults::play(args, &run, speaker),
        Some((key, values)) => sweep(args, &run, key, values, speaker),
        None => one(args, &run, speaker),
    }
}

/// One scenario, by its own law, by a plan, or by a policy; compared with another policy where that is asked for.
fn one(args: &Rehearse, run: &Run<'_>, speaker: Speaker) -> Result<(), Stop> {
    let scenario = admitted(&args.of, &[], speaker)?;
    let beside = match args.compare {
        Some(other) => Beside::Policy(other.into()),
        // The page shows policies side by side.
        None if args.report.is_some() => Beside::TheOther,
        None => Beside::Nothing,
    };
    refuse_engine(args, &scenario, run, speaker)?;
    let by = by(args, &scenario, speaker)?;
    let mut rehearsed = verbs::rehearse(&scenario, run, by, beside, true)
        .map_err(|notes| refuse(&notes, args.of.json, speaker))?;
    rehearsed.provide(run);
    let runs: Vec<&Lived> = rehearsed.other.iter().chain([&rehearsed.this]).collect();
    if args.of.json {
        speaker.json(&rehearsed.output(speaker.voice));
    } else {
        print(&runs, &rehearsed.findings, speaker);
        super::supplies(rehearsed.supplies.as_ref(), &rehearsed.this.scenario, speaker);
    }
    write_files(
        args,
        run,
        &runs,
        &rehearsed.this,
        (rehearsed.findings.clone(), rehearsed.supplies.clone()),
        speaker,
    )
}

/// The same scenario with several values of one key, under common random numbers.
fn sweep(args: &Rehearse, run: &Run<'_>, key: &str, values: &str, speaker: Speaker) -> Result<(), Stop> {
    let mut lived: Vec<Lived> = Vec::new();
    for value in values.split(',').map(str::trim).filter(|value| !value.is_empty()) {
        let scenario = admitted(&args.of, &[(key.to_owned(), value.to_owned())], speaker)?;
        refuse_engine(args, &scenario, run, speaker)?;
        let by = by(args, &scenario, speaker)?;
        let plan =
            verbs::plan_of(&scenario, run, by).map_err(|notes| refuse(&notes, args.of.json, speaker))?;
        lived.push(verbs::live(&scenario, run, &format!("{key}={value}"), plan));
    }
    let Some(first) = lived.first() else { return Err(Stop::Usage(speaker.word("usage.sweep_empty"))) };
    let difference =
        |number: usize, this: &Lived| (number > 0).then(|| Paired::of(&this.outcome, &first.outcome));
    if args.of.json {
        let swept = lived.iter().enumerate().map(|(number, this)| Swept {
            value: this.name.split_once('=').map_or("", |(_, value)| value),
            figures: &this.figures,
            cost: this.cost,
            difference: difference(number, this),
        });
        let swept: Vec<Swept> = swept.collect();
        speaker.json(&serde_json::json!({ "sweep": key, "values": swept }));
    } else {
        print(&lived.iter().collect::<Vec<_>>(), &[], speaker);
        for (number, this) in lived.iter().enumerate().skip(1) {
            if let Some(sentence) =
                difference(number, this).and_then(|paired| against(&paired, this, first, speaker))
            {
                speaker.result(&sentence);
            }
        }
    }
    let runs: Vec<&Lived> = lived.iter().collect();
    write_files(args, run, &runs, first, (Vec::new(), None), speaker)
}

/// "site.lanes=4 against site.lanes=3: …"
fn against(paired: &Paired, this: &Lived, first: &Lived, speaker: Speaker) -> Option<String> {
    let shown = |value: f64| format!("{value:+.1}");
    let part = |difference: Option<rehearse::Difference>| {
        let difference = difference?;
        let [low, high] = difference.ci95?;
        Some(format!("{} ({} … {})", shown(difference.mean), shown(low), shown(high)))
    };
    let (wait, done) = (part(paired.wait_p95_min)?, part(paired.done_97_min)?);
    let args = [("this", &*this.name), ("that", &*first.name), ("wait", &*wait), ("done", &*done)];
    Some(speaker.say("sweep.difference", &args))
}

/// How people come, as the command line says.
fn by(args: &Rehearse, scenario: &Scenario, speaker: Speaker) -> Result<By, Stop> {
    if let Some(path) = args.plan.as_ref().filter(|_| scenario.arrivals.needs_roll()) {
        let plan = read_plan(path, scenario, args.of.json, speaker)?;
        let notes = plan::check(&plan, scenario, None, &path.display().to_string());
        speaker.aside_if_any(&speaker.notes_as_text(&notes));
        return Ok(By::Plan(plan));
    }
    // A plan or a policy where nobody is called is refused by the verb.
    Ok(match (args.policy, &args.plan) {
        (Some(policy), _) => match policy.policy() {
            Some(policy) => By::Policy(policy),
            None if scenario.arrivals.needs_roll() => {
                let found =
                    searching::plan(scenario, &args.running, None, (Free { staff: true }, None), speaker)
                        .map_err(|notes| refuse(&notes, args.of.json, speaker))?;
                By::Plan(found.plan)
            }
            None => By::Policy(domain::Policy::Waves),
        },
        (None, Some(_)) => By::Policy(domain::Policy::Waves),
        (None, None) => By::Law,
    })
}

/// The engine that was asked for by name must be exact.
fn refuse_engine(args: &Rehearse, scenario: &Scenario, run: &Run<'_>, speaker: Speaker) -> Result<(), Stop> {
    let any_plan = scenario.arrivals.needs_roll().then(|| plan::broadcast(scenario));
    let exact = || run.rehearsal(scenario, any_plan.as_ref()).engine();
    if args.engine == Some(EngineArg::Fifo) && exact() != Engine::Fifo {
        return Err(Stop::Usage(speaker.word("usage.fifo_not_exact")));
    }
    Ok(())
}

fn print(runs: &[&Lived], findings: &[Finding], speaker: Speaker) {
    let Some(last) = runs.last() else { return };
    let name = |lived: &Lived| match &lived.plan {
        Some(plan) if !lived.name.contains('=') => speaker.word(&format!("policy.{}", plan.policy.name())),
        None if !lived.name.contains('=') => speaker.word("policy.as_given"),
        // A swept key stands once, above its values.
        _ => lived.name.split_once('=').map_or_else(String::new, |(_, value)| value.to_owned()),
    };
    let columns: Vec<(String, &Figures)> = runs.iter().map(|lived| (name(lived), &lived.figures)).collect();
    speaker.result(&format!(
        "{} · {}",
        last.scenario.community.name,
        domain::day_and_time(last.scenario.round.opens)
    ));
    if let Some((key, _)) = last.name.split_once('=') {
        speaker.result(&format!("{key} = …"));
    }
    speaker.result(&table::comparison(speaker, &last.scenario, &columns));
    for finding in findings {
        speaker.result(&format!("• {}", finding.sentence(speaker.voice)));
    }
}

fn write_files(
    args: &Rehearse,
    run: &Run<'_>,
    runs: &[&Lived],
    this: &Lived,
    (findings, supplies): (Vec<Finding>, Option<SupplyPlan>),
    speaker: Speaker,
) -> Result<(), Stop> {
    if let Some(path) = &args.events {
        let events = verbs::events(this, run, &clock::zones).expect("an unknown time zone was refused");
        folder::write_file(path, &verbs::lines(&events))?;
        speaker.aside(&speaker.say("rehearse.events_written", &[("path", &path.display().to_string())]));
    }
    if let Some((path, format)) = args.records.as_ref().and_then(|path| Some((path, Format::of(path)?))) {
        let parts = u64::from(run.reps) * runs.len() as u64;
        let terminal = Terminal::new(&args.running, speaker);
        let reps = (run.luck(), run.reps);
        let (visits, _) = terminal.watched("progress.records", parts, |_, progress| {
            (folder::write_by(path, |beside| format.write(beside, runs, reps, progress)), 0.0)
        });
        let visits = whole(visits? as f64);
        let args = [("visits", &*visits), ("path", &*path.display().to_string())];
        speaker.aside(&speaker.say("rehearse.records_written", &args));
    }
    if let Some(path) = &args.stress_des {
        let study = Study { runs, command: &command() };
        folder::write_file(path, stress_des(study, run, speaker.voice).as_bytes())?;
        let args = [("path", &*path.display().to_string())];
        speaker.aside(&speaker.say("rehearse.stress_des_written", &args));
    }
    if let Some(path) = &args.sheets {
        let files = folder::read(&args.of.scenario)?;
        let (scenario, plan) = (&this.scenario, this.plan.as_ref());
        // Of faults and of swept values nobody has asked yet.
        let supplies = supplies.or_else(|| verbs::supplies::supplies(scenario, run, plan));
        let papers = Papers::new(scenario, plan, &this.figures, supplies, run, &files, speaker.voice);
        write_sheets(path, &papers, speaker)?;
    }
    if let Some(path) = &args.report {
        let drawn = runs.iter().map(|lived| report::Run {
            name: lived.name.clone(),
            site: lived.scenario.site.clone(),
            figures: lived.figures.clone(),
            curves: lived.rehearsal.curves(run.luck(), run.reps.min(DRAWN_REPS)),
            waited_at_most: by_minute(lived.outcome.waited_at_most()),
        });
        let report = Report {
            scenario: &this.scenario,
            runs: drawn.collect(),
            findings,
            command: command(),
            seed: run.seed,
            languages: speaker.language.on_paper(),
        };
        folder::write_file(path, report.page().as_bytes())?;
        let shown = std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string();
        speaker.aside(&speaker.say("rehearse.report_written", &[("path", &shown)]));
    }
    Ok(())
}

/// Every sixtieth second, up to the last.
fn by_minute(by_second: &[f64]) -> Vec<f64> {
    let minutes = by_second.len().div_ceil(60) + 1;
    let last = by_second.last().copied().unwrap_or(1.0);
    (0..minutes).map(|minute| by_second.get(minute * 60).copied().unwrap_or(last)).collect()
}

/// The command as it was typed, to make the page again.
pub fn command() -> String {
    let quoted = |word: String| {
        let plain = word.chars().all(|letter| letter.is_alphanumeric() || "-_./=,:+@".contains(letter));
        if plain { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
    };
    std::iter::once("shouhu".to_owned())
        .chain(std::env::args().skip(1).map(quoted))
        .collect::<Vec<_>>()
        .join(" ")
}
