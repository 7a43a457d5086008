//! `shouhu rehearse`: what would happen.

use super::{Stop, admitted, refuse};
use crate::{
    args::{EngineArg, Rehearse},
    clock, findings, folder,
    rehearsing::{Cost, Run},
    report::{self, Finding, Report},
    speak::Speaker,
    table,
};
use domain::{Notes, Place, Plan, Policy, Scenario, scenario::Arrivals};
use queueing::Engine;
use rehearse::{Figures, Outcome, Paired, Rehearsal};
use serde::Serialize;

/// One rehearsal: its plan, how it was run, and what came out.
struct Lived {
    name: String,
    scenario: Scenario,
    plan: Option<Plan>,
    rehearsal: Rehearsal,
    outcome: Outcome,
    figures: Figures,
    cost: Cost,
}

#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    figures: &'a Figures,
    #[serde(flatten)]
    cost: Cost,
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<Compared<'a>>,
    findings: Vec<String>,
}

#[derive(Serialize)]
struct Compared<'a> {
    policy: &'a str,
    #[serde(flatten)]
    figures: &'a Figures,
    #[serde(flatten)]
    cost: Cost,
    /// The rehearsed plan less this one.
    difference: Paired,
}

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
    let later = [
        ("--fault", !args.fault.is_empty()),
        ("--stress", args.stress),
        ("--records", args.records.is_some()),
    ];
    if let Some((option, _)) = later.into_iter().find(|(_, given)| *given) {
        return Err(Stop::Usage(speaker.say("usage.later", &[("option", option)])));
    }
    let mut run = Run::new(&args.running, speaker);
    run.on_event_engine = args.engine == Some(EngineArg::Event);
    match &args.sweep {
        Some((key, values)) => sweep(args, &run, key, values, speaker),
        None => one(args, &run, speaker),
    }
}

/// One scenario, by its own law, by a plan, or by a policy; compared with another policy where that is asked for.
fn one(args: &Rehearse, run: &Run, speaker: Speaker) -> Result<(), Stop> {
    let scenario = admitted(&args.of, &[], speaker)?;
    let plan = plan_of(args, run, &scenario, speaker)?;
    let policy = plan.as_ref().map(|plan| plan.policy);
    let name = policy.map_or("as_given", Policy::name);
    let this = live(args, run, name, scenario, plan, speaker)?;
    let other = match (args.compare, policy) {
        (Some(other), _) => {
            refuse_policy(args, &this.scenario, speaker)?;
            Some(Policy::from(other))
        }
        // The page shows policies side by side.
        (None, Some(policy)) if args.report.is_some() => {
            Some(if policy == Policy::Broadcast { Policy::Waves } else { Policy::Broadcast })
        }
        _ => None,
    };
    let other = match other.filter(|other| Some(*other) != policy) {
        Some(other) => {
            let (plan, _) = run.plan(&this.scenario, other);
            Some(live(args, run, other.name(), this.scenario.clone(), Some(plan), speaker)?)
        }
        None => None,
    };
    let findings = said(run, &this, other.as_ref());
    let runs: Vec<&Lived> = other.iter().chain([&this]).collect();
    if args.of.json {
        speaker.json(&Output {
            figures: &this.figures,
            cost: this.cost,
            compared: other.as_ref().map(|other| Compared {
                policy: &other.name,
                figures: &other.figures,
                cost: other.cost,
                difference: Paired::of(&this.outcome, &other.outcome),
            }),
            findings: findings.iter().map(|finding| finding.sentence(speaker)).collect(),
        });
    } else {
        print(&runs, &findings, speaker);
    }
    write_files(args, run, &runs, &this, findings, speaker)
}

/// The same scenario with several values of one key, under common random numbers.
fn sweep(args: &Rehearse, run: &Run, key: &str, values: &str, speaker: Speaker) -> Result<(), Stop> {
    let mut lived: Vec<Lived> = Vec::new();
    for value in values.split(',').map(str::trim).filter(|value| !value.is_empty()) {
        let scenario = admitted(&args.of, &[(key.to_owned(), value.to_owned())], speaker)?;
        let plan = plan_of(args, run, &scenario, speaker)?;
        lived.push(live(args, run, &format!("{key}={value}"), scenario, plan, speaker)?);
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
    let findings = Vec::new();
    let runs: Vec<&Lived> = lived.iter().collect();
    write_files(args, run, &runs, first, findings, speaker)
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

/// The plan that the command line or the scenario's own law asks for; `None` where nobody is called.
fn plan_of(args: &Rehearse, run: &Run, scenario: &Scenario, speaker: Speaker) -> Result<Option<Plan>, Stop> {
    if let Some(path) = &args.plan {
        refuse_policy(args, scenario, speaker)?;
        let file = path.display().to_string();
        let (plan, mut notes) = scenario::read_plan(&file, &folder::read_file(path)?, scenario);
        let Some(plan) = plan else { return Err(refuse(&notes, args.of.json, speaker)) };
        notes.extend(plan::check(&plan, scenario, None, &file));
        speaker.aside_if_any(&speaker.notes_as_text(&notes));
        return Ok(Some(plan));
    }
    let policy = match args.policy {
        Some(policy) => {
            refuse_policy(args, scenario, speaker)?;
            Some(Policy::from(policy))
        }
        None => match &scenario.arrivals {
            Arrivals::Broadcast { .. } => Some(Policy::Broadcast),
            arrivals if arrivals.needs_roll() => Some(Policy::Waves),
            _ => None,
        },
    };
    Ok(policy.map(|policy| run.plan(scenario, policy).0))
}

/// A policy calls households: where nobody is called, there is nothing to override.
fn refuse_policy(args: &Rehearse, scenario: &Scenario, speaker: Speaker) -> Result<(), Stop> {
    if scenario.arrivals.needs_roll() {
        return Ok(());
    }
    let mut notes = Notes::default();
    notes.error(Place::file("scenario.toml").column("arrivals.law"), "policy_needs_roll", &[]);
    Err(refuse(&notes, args.of.json, speaker))
}

fn live(
    args: &Rehearse,
    run: &Run,
    name: &str,
    scenario: Scenario,
    plan: Option<Plan>,
    speaker: Speaker,
) -> Result<Lived, Stop> {
    let rehearsal = run.rehearsal(&scenario, plan.as_ref());
    if args.engine == Some(EngineArg::Fifo) && rehearsal.engine() != Engine::Fifo {
        return Err(Stop::Usage(speaker.word("usage.fifo_not_exact")));
    }
    let (outcome, cost) = run.rehearse(&rehearsal);
    let figures = outcome.figures();
    Ok(Lived { name: name.to_owned(), scenario, plan, rehearsal, outcome, figures, cost })
}

/// The findings: of the rehearsed plan, of the two side by side, and of the one move that gains most.
fn said(run: &Run, this: &Lived, other: Option<&Lived>) -> Vec<Finding> {
    let policy = |lived: &Lived| lived.plan.as_ref().map(|plan| plan.policy);
    let mut findings = Vec::new();
    // Of several rehearsals only what differs is said twice.
    let of_one = |lived: &Lived| findings::of_one(policy(lived), &lived.scenario, &lived.figures);
    match other {
        None => findings.extend(of_one(this)),
        Some(other) => {
            // Told from the waves' side, whichever was rehearsed.
            let (new, old) = if policy(this) == Some(Policy::Waves) { (this, other) } else { (other, this) };
            if let (Some(new_policy), Some(old_policy)) = (policy(new), policy(old)) {
                findings.extend(findings::of_two((new_policy, &new.figures), (old_policy, &old.figures)));
            }
            findings.extend(of_one(old).into_iter().filter(|finding| finding.code != "wait_and_done"));
            let again = |finding: &Finding| {
                matches!(finding.code, "wait_and_done" | "bottleneck" | "idle" | "idle_shared")
            };
            findings.extend(of_one(new).into_iter().filter(|finding| !again(finding)));
        }
    }
    for lived in other.into_iter().chain([this]) {
        if let Some(plan) = &lived.plan {
            findings.extend(findings::best_move(run, &lived.scenario, plan, &lived.outcome));
        }
    }
    findings
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
        last.scenario.round.opens.strftime("%Y-%m-%d %H:%M")
    ));
    if let Some((key, _)) = last.name.split_once('=') {
        speaker.result(&format!("{key} = …"));
    }
    speaker.result(&table::comparison(speaker, &last.scenario, &columns));
    for finding in findings {
        speaker.result(&format!("• {}", finding.sentence(speaker)));
    }
}

fn write_files(
    args: &Rehearse,
    run: &Run,
    runs: &[&Lived],
    this: &Lived,
    findings: Vec<Finding>,
    speaker: Speaker,
) -> Result<(), Stop> {
    if let Some(path) = &args.events {
        let opening = clock::opening(&this.scenario).expect("an unknown time zone was refused");
        let at = |ticks| clock::rfc3339(opening, ticks);
        let mut lines = Vec::new();
        for envelope in rehearse::events::replication_0(&this.rehearsal, &this.scenario, run.luck(), at) {
            serde_json::to_writer(&mut lines, &envelope).expect("events are written as JSON");
            lines.push(b'\n');
        }
        folder::write_file(path, &lines)?;
        speaker.aside(&speaker.say("rehearse.events_written", &[("path", &path.display().to_string())]));
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
fn command() -> String {
    let quoted = |word: String| {
        let plain = word.chars().all(|letter| letter.is_alphanumeric() || "-_./=,:+@".contains(letter));
        if plain { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
    };
    std::iter::once("shouhu".to_owned())
        .chain(std::env::args().skip(1).map(quoted))
        .collect::<Vec<_>>()
        .join(" ")
}
