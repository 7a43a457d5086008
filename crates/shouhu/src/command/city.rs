//! `check`, `plan` and `rehearse` on a folder of kind city.
//!
//! Map: `faults` what goes wrong · `rounds` tubes to labs.

mod faults;
mod rounds;

pub use rounds::plan;

use super::{Stop, refuse};
use crate::{
    args::{Check, Rehearse, ScenarioArgs},
    clock, folder,
    rehearsing::Terminal,
    report::city_page,
    speak::Speaker,
    table::columns,
};
use domain::{City, Notes, Severity, day_and_time};
use rehearse::{
    Luck, Purpose,
    city::{CityRehearsal, SiteFigures},
};
use scenario::Files;
use verbs::{
    city::{
        LivedCity,
        rounds::{AsRead, foreseen, ready},
    },
    number::{NONE, number, whole},
};

/// Days of a city where nothing is said: one has millions of people,
const DAYS: u32 = 1;
/// and a plan with its promise more.
const DAYS_OF_PLAN: u32 = 20;

/// The folder's files, if it is a city.
pub fn files(args: &ScenarioArgs) -> Result<Option<Files>, Stop> {
    let Ok(text) = folder::read_file(&args.scenario.join("scenario.toml")) else { return Ok(None) };
    let alone = Files([("scenario.toml".to_owned(), text)].into());
    if scenario::is_city(&alone) {
        folder::read(&args.scenario).map(Some).map_err(Stop::from)
    } else {
        Ok(None)
    }
}

/// All notes on a city.
pub fn check(args: &Check, files: &Files, speaker: Speaker) -> Result<(), Stop> {
    let (city, mut notes) = read(files, &args.of);
    notes.extend(city.as_ref().map(foreseen).unwrap_or_default());
    if args.of.json {
        speaker.json(&serde_json::json!({ "notes": speaker.notes(&notes) }));
    } else {
        let text = speaker.notes_as_text(&notes);
        if !text.is_empty() {
            speaker.result(text.trim_end());
        }
        let count = |severity| notes.0.iter().filter(|note| note.severity == severity).count().to_string();
        let counts = [count(Severity::Error), count(Severity::Warning), count(Severity::Hint)];
        let counts = [("errors", &*counts[0]), ("warnings", &*counts[1]), ("hints", &*counts[2])];
        let key = if city.is_some() { "check.usable" } else { "check.refused" };
        speaker.result(&speaker.say(key, &counts));
        if let Some(city) = &city {
            speaker.result(&size(city, speaker));
        }
    }
    if city.is_some() { Ok(()) } else { Err(Stop::Refused) }
}

fn size(city: &City, speaker: Speaker) -> String {
    let labs = city.testing.as_ref().map_or(0, |testing| testing.labs.len());
    let numbers = [city.districts.len(), city.sites.len(), city.shapes.len(), labs];
    let [districts, sites, shapes, labs] = numbers.map(|count| whole(count as f64));
    let residents = whole(city.residents() as f64);
    let args = [
        ("districts", &*districts),
        ("sites", &*sites),
        ("shapes", &*shapes),
        ("labs", &*labs),
        ("residents", &*residents),
    ];
    speaker.say("check.city", &args)
}

fn read(files: &Files, args: &ScenarioArgs) -> (Option<City>, Notes) {
    verbs::city::read(files, &args.set, &clock::zones, &mut |_, _| ())
}

/// What would happen in a city.
pub fn rehearse(args: &Rehearse, files: &Files, speaker: Speaker) -> Result<(), Stop> {
    refuse_options(args, speaker)?;
    let (city, notes) = read(files, &args.of);
    let Some(mut city) = city else { return Err(refuse(&notes, args.of.json, speaker)) };
    let mut as_read = None;
    speaker.aside_if_any(&speaker.notes_as_text(&notes));
    if let Some(path) = &args.plan {
        let read = rounds::read(path, &city, args.of.json, speaker)?;
        let refused = |notes| refuse(&notes, args.of.json, speaker);
        ready(&city).map_err(refused)?;
        let (tubes, _) = rounds::filled(&city, args.running.seed, &Terminal::new(&args.running, speaker));
        let settled = read.settle(city.clone());
        as_read = Some(read.check(&city, &tubes).map_err(refused)?);
        city = settled;
    }
    let as_read = as_read.as_ref();
    if args.stress {
        return faults::stress(args, city, as_read, speaker);
    }
    if !args.fault.is_empty() {
        return faults::play(args, city, as_read, speaker);
    }
    let lived = live(args, city, as_read, true, speaker)?;
    if args.of.json {
        speaker.json(&lived.output(speaker.voice));
    } else {
        print(&lived, speaker);
    }
    write_report(args, &lived, speaker)
}

fn write_report(args: &Rehearse, lived: &LivedCity, speaker: Speaker) -> Result<(), Stop> {
    if let Some(path) = &args.report {
        let page =
            city_page(lived, &super::rehearse::command(), args.running.seed, &speaker.language.on_paper());
        folder::write_file(path, page.as_bytes())?;
        let shown = std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string();
        speaker.aside(&speaker.say("rehearse.report_written", &[("path", &shown)]));
    }
    Ok(())
}

/// What is asked of a community only.
fn refuse_options(args: &Rehearse, speaker: Speaker) -> Result<(), Stop> {
    let others = [
        ("--policy", args.policy.is_some()),
        ("--compare", args.compare.is_some()),
        ("--sweep", args.sweep.is_some()),
        ("--events", args.events.is_some()),
        ("--sheets", args.sheets.is_some()),
    ];
    if args.records.is_some() {
        return Err(Stop::Usage(speaker.word("usage.city_records")));
    }
    if args.stress_des.is_some() {
        return Err(Stop::Usage(speaker.word("usage.city_stress_des")));
    }
    match others.into_iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(Stop::Usage(speaker.say("usage.city_option", &[("option", option)]))),
        None => Ok(()),
    }
}

/// Lives a city's days, and with `help` looks for what would help first.
fn live(
    args: &Rehearse,
    city: City,
    as_read: Option<&AsRead>,
    help: bool,
    speaker: Speaker,
) -> Result<LivedCity, Stop> {
    let terminal = Terminal::new(&args.running, speaker);
    let mut lived = live_for(args, city, as_read, Purpose::Rehearse, terminal, speaker)?;
    if help {
        let luck = terminal.run_of(&args.running).luck();
        let rehearsal = CityRehearsal::new(&lived.city);
        lived.help_first = rehearsal.help(luck, &lived.outcome, terminal.threads());
    }
    Ok(lived)
}

/// Lives them for a purpose.
fn live_for(
    args: &Rehearse,
    city: City,
    as_read: Option<&AsRead>,
    purpose: Purpose,
    terminal: Terminal,
    speaker: Speaker,
) -> Result<LivedCity, Stop> {
    use crate::args::EngineArg;
    let otherwise = if args.plan.is_some() && !args.stress { DAYS_OF_PLAN } else { DAYS };
    let (luck, days) = (Luck { seed: args.running.seed, purpose }, args.running.reps.unwrap_or(otherwise));
    let mut rehearsal = CityRehearsal::new(&city);
    match args.engine {
        Some(EngineArg::Fifo) if !rehearsal.is_fifo() => {
            return Err(Stop::Usage(speaker.word("usage.fifo_not_exact")));
        }
        Some(EngineArg::Event) => rehearsal = rehearsal.on_event_engine(),
        _ => {}
    }
    let sites = u64::from(days) * city.sites.len() as u64;
    let (outcome, cost) = terminal.watched("progress.city", sites, |threads, progress| {
        let outcome = rehearsal.run(luck, days, threads, progress);
        let people = outcome.people_simulated();
        (outcome, people)
    });
    drop(rehearsal);
    let figures = outcome.figures(&city);
    Ok(LivedCity {
        city,
        outcome,
        figures,
        help_first: Vec::new(),
        cost,
        as_read: as_read.cloned(),
        beside: Vec::new(),
    })
}

fn print(lived: &LivedCity, speaker: Speaker) {
    print_heads(lived, speaker);
    said(lived, speaker);
    if let Some(result) = &lived.figures.result_h {
        let hours = |value: Option<f64>| value.map_or_else(|| NONE.to_owned(), number);
        let word = speaker.word("table.city_result");
        speaker.result(&format!("{word}: {} · {}", hours(result.p50), hours(result.p95)));
    }
    print_worst(lived, speaker);
}

fn print_heads(lived: &LivedCity, speaker: Speaker) {
    let city = &lived.city;
    speaker.result(&format!("{} · {}", city.name, day_and_time(city.round.opens)));
    speaker.result(&size(city, speaker));
}

fn said(lived: &LivedCity, speaker: Speaker) {
    for finding in lived.findings() {
        speaker.result(&format!("• {}", finding.sentence(speaker.voice)));
    }
}

fn print_worst(lived: &LivedCity, speaker: Speaker) {
    let word = |key: &str| speaker.word(&format!("table.{key}"));
    let head = ["city_site", "city_level", "wait_p95", "city_queue", "city_unserved", "done_97"];
    let row = |site: &SiteFigures| -> Vec<String> {
        vec![
            format!("{} · {}", site.district, site.name),
            speaker.word(level_word(site.level)),
            number(site.wait_p95_min),
            whole(f64::from(site.queue_max)),
            whole(site.unserved),
            site.done_97_min.map_or_else(|| NONE.to_owned(), |minutes| lived.clock(minutes)),
        ]
    };
    let rows =
        std::iter::once(head.map(word).to_vec()).chain(lived.figures.sites.worst.iter().take(10).map(row));
    speaker.result("");
    speaker.result(&word("city_worst"));
    speaker.result(&columns(&rows.collect::<Vec<_>>()));
}

/// The key of a level's word.
pub fn level_word(level: rehearse::city::Level) -> &'static str {
    use rehearse::city::Level;
    match level {
        Level::Clear => "level.clear",
        Level::Busy => "level.busy",
        Level::Jammed => "level.jammed",
    }
}
