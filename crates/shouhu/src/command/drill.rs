//! `shouhu drill`: a rehearsal played through a running server.

use super::{Stop, admitted, refuse};
use crate::{
    args::{Drill, Running, ScenarioArgs},
    clock,
    drilling::{
        self, DrillFault, Drilled, EVENTS_MAX, Pace, Step, Wanted,
        count::Figures,
        foresee::{
            self, foresee,
            score::{Foresights, Score},
        },
        killing::{self, Kills, Survival, Survived},
    },
    folder,
    rehearsing::Terminal,
    speak::Speaker,
    table::columns,
};
use domain::{Moment, Policy, Severity};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde_json::json;
use std::time::Duration;
use verbs::{
    By, Trials,
    number::{number, percent},
};

/// Minutes of a rehearsal in one of ours, where nothing is said.
const SPEED: f64 = 60.0;
/// For how long, where a rate and nothing else is said.
const LASTS_S: f64 = 10.0;
/// How long all phones come back at once, and how long is looked on afterwards.
const WAVE: Duration = Duration::from_secs(5);
const AFTER: Duration = Duration::from_secs(15);
/// Over a database, where nothing is said: ten minutes, in each of which one of two processes is killed.
const KILLING: Duration = Duration::from_secs(600);
const KILLING_RATE: f64 = 200.0;
const KILL_EVERY: Duration = Duration::from_secs(60);
const PROCESSES: usize = 2;
/// It stops by itself, after so long at most.
const KILLING_MOST: Duration = Duration::from_secs(7200);
/// A drill's round holds no names, and says until when it would: longer than any drill.
const DAYS: i64 = 3;

/// So many rounds are foreseen at a time where nothing is said: a server computes for so many.
const ROUNDS_AT_A_TIME: u16 = server::limits::COMPUTING as u16;

pub fn run(args: &Drill, speaker: Speaker) -> Result<(), Stop> {
    let of = ScenarioArgs { scenario: args.scenario.clone(), set: Vec::new(), json: args.json };
    let scenario = admitted(&of, &[], speaker)?;
    let files = folder::read(&args.scenario)?;
    let kills = kills(args, speaker)?;
    let wanted = wanted(args, kills.is_some(), speaker)?;
    let running = Running { seed: args.seed, reps: Some(1), threads: None };
    let terminal = Terminal::new(&running, speaker);
    let mut run = terminal.run_of(&running);
    run.trials = Trials::QUICK;
    // A day that is foreseen is led from the desk, wave by wave.
    let led = args.foresee.is_some() && scenario.arrivals.needs_roll();
    let by = if led { By::Policy(Policy::Waves) } else { By::Law };
    let plan = verbs::plan_of(&scenario, &run, by).map_err(|notes| refuse(&notes, args.json, speaker))?;
    let until = TimeZone::UTC.to_datetime(Timestamp::now()).saturating_add(DAYS.days()).date().to_string();
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
    bar.set_style(style.expect("the template is right"));
    let tell = |step: Step, done: u64, all: u64| {
        bar.set_message(match step {
            Step::Join => speaker.word("progress.drill_join"),
            Step::Send => speaker.word("progress.drill_send"),
            Step::Compare => speaker.word("progress.drill_compare"),
            Step::Foresee => speaker.word("progress.drill_foresee"),
        });
        bar.set_length(all);
        bar.set_position(done);
    };
    if let Some(rounds) = args.foresee {
        let connections = usize::from(args.connections.unwrap_or(ROUNDS_AT_A_TIME));
        let seed = args.seed;
        let wanted = foresee::Wanted { files, scenario, plan, rounds, connections, seed, until, random };
        let seen = foresee(&args.url, wanted, &tell);
        bar.finish_and_clear();
        let seen = seen.map_err(|fault| stop(&fault, args, speaker))?;
        if args.json {
            speaker.json(&seen);
        } else {
            print_seen(&seen, speaker);
        }
        return Ok(());
    }
    let lived = |luck: u64| {
        let run = verbs::Run { seed: args.seed.wrapping_add(luck), ..run };
        let lived = verbs::live(&scenario, &run, "drill", plan.clone());
        verbs::events(&lived, &run, &clock::zones).expect("an unknown time zone was refused")
    };
    let drill = drilling::Drill {
        url: &args.url,
        files: &files,
        phones: usize::from(args.phones),
        connections: usize::from(args.connections.unwrap_or(args.phones)),
        wanted,
        until,
    };
    let now = || Moment::from(Timestamp::now());
    if let Some(kills) = kills {
        let held = killing::hold(&drill, kills, lived, random, now, &tell);
        bar.finish_and_clear();
        let Survived { figures, odd } = held.map_err(|fault| stop(&fault, args, speaker))?;
        if args.json {
            speaker.json(&figures);
        } else {
            print(&figures.figures, speaker);
            print_killed(&figures, speaker);
        }
        return judged(figures.holds(), "drilling.not_held", odd, speaker);
    }
    let held = drilling::hold(&drill, lived, random, now, &tell);
    bar.finish_and_clear();
    let Drilled { figures, odd } = held.map_err(|fault| stop(&fault, args, speaker))?;
    if args.json {
        speaker.json(&figures);
    } else {
        print(&figures, speaker);
    }
    judged(figures.is_whole(), "drilling.not_whole", odd, speaker)
}

fn judged(holds: bool, not: &'static str, odd: Option<String>, speaker: Speaker) -> Result<(), Stop> {
    if let Some(odd) = odd {
        speaker.aside(&speaker.say("drilling.odd", &[("answer", &odd)]));
    }
    if holds {
        return Ok(());
    }
    speaker.aside(&speaker.word(not));
    Err(Stop::Refused)
}

/// Whether it is over a database, and who is killed then; `None` where a server is named.
fn kills(args: &Drill, speaker: Speaker) -> Result<Option<Kills>, Stop> {
    if !["postgresql://", "postgres://"].iter().any(|scheme| args.url.starts_with(scheme)) {
        return match (args.processes, args.kill_every) {
            (None, None) => Ok(None),
            _ => Err(Stop::Usage(speaker.word("usage.drill_processes"))),
        };
    }
    if args.foresee.is_some() || args.reconnect {
        return Err(Stop::Usage(speaker.word("usage.drill_database")));
    }
    let kills = Kills {
        processes: args.processes.map_or(PROCESSES, usize::from),
        every: args.kill_every.map_or(KILL_EVERY, |seconds| Duration::from_secs(u64::from(seconds))),
    };
    let lasts = args.lasts.map_or(KILLING, Duration::from_secs_f64);
    if lasts > KILLING_MOST || kills.every > lasts {
        let most = number(KILLING_MOST.as_secs_f64());
        return Err(Stop::Usage(speaker.say("usage.drill_killing", &[("most", &most)])));
    }
    Ok(Some(kills))
}

fn wanted(args: &Drill, is_killing: bool, speaker: Speaker) -> Result<Wanted, Stop> {
    let asked = args.lasts.map(Duration::from_secs_f64).or(is_killing.then_some(KILLING));
    let pace = match args.rate {
        Some(rate) => Pace::Rate(rate),
        None if is_killing && args.speed.is_none() => Pace::Rate(KILLING_RATE),
        None if args.reconnect => return Err(Stop::Usage(speaker.word("usage.drill_reconnect"))),
        None => Pace::Speed(args.speed.unwrap_or(SPEED)),
    };
    let lasts = match pace {
        Pace::Rate(_) => Some(asked.unwrap_or(Duration::from_secs_f64(LASTS_S))),
        Pace::Speed(_) => asked,
    };
    let wave = lasts.filter(|_| args.reconnect).map(|from| (from, WAVE));
    let lasts = lasts.map(|lasts| if wave.is_some() { lasts + WAVE + AFTER } else { lasts });
    let wanted = Wanted { pace, lasts, batch: usize::from(args.batch), wave };
    if wanted.events() > EVENTS_MAX as f64 {
        let most = number(EVENTS_MAX as f64);
        return Err(Stop::Usage(speaker.say("usage.drill_events", &[("most", &most)])));
    }
    Ok(wanted)
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("every system that we build for gives random bytes");
    bytes
}

fn print(figures: &Figures, speaker: Speaker) {
    let mut rows: Vec<Vec<String>> = vec![vec![speaker.word("drilling.figure"), String::new()]];
    let mut row = |name: String, value: String| rows.push(vec![name, value]);
    let ms = |value: f64| format!("{value:.1} ms");
    row(speaker.word("drilling.events"), number(figures.events as f64));
    row(speaker.word("drilling.per_second"), number(figures.per_second.round()));
    row(speaker.word("drilling.offered"), number(figures.offered_per_second.round()));
    row(speaker.word("drilling.p50"), ms(figures.p50_ms));
    row(speaker.word("drilling.p99"), ms(figures.p99_ms));
    row(speaker.word("drilling.max"), ms(figures.max_ms));
    row(speaker.word("drilling.refused"), number(figures.refused as f64));
    if let Some(wave) = &figures.reconnect {
        row(speaker.word("drilling.wave_offered"), number(wave.offered_per_second.round()));
        row(speaker.word("drilling.wave_accepted"), number(wave.accepted_per_second.round()));
        let recovered = wave.recovered_s.map_or_else(|| "–".to_owned(), |seconds| format!("{seconds} s"));
        row(speaker.word("drilling.recovered"), recovered);
    }
    row(speaker.word("drilling.lost"), number(figures.lost as f64));
    row(speaker.word("drilling.doubled"), number(figures.doubled as f64));
    row(speaker.word("drilling.unsent"), number(figures.unsent as f64));
    speaker.result(&columns(&rows));
}

fn print_killed(of: &Survival, speaker: Speaker) {
    let words = ["at", "process", "acknowledged", "complete", "back"];
    let mut rows = vec![words.map(|word| speaker.word(&format!("drilling.kill.{word}"))).to_vec()];
    let seconds = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2} s"));
    rows.extend(of.kills.iter().map(|kill| {
        let process = number((kill.process + 1) as f64);
        let (at, events) = (format!("{:.0} s", kill.at_s), number(kill.events as f64));
        vec![at, process, events, seconds(kill.complete_s), seconds(kill.back_s)]
    }));
    speaker.result(&columns(&rows));
    let [p99, most] = [of.shown_p99_ms, of.shown_max_ms].map(|ms| format!("{ms:.0}"));
    speaker.aside(&speaker.say("drilling.shown", &[("p99", &p99), ("max", &most)]));
}

fn print_seen(seen: &Foresights, speaker: Speaker) {
    let words = ["what", "shown", "median", "p90", "mean", "band"];
    let mut rows = vec![words.map(|word| speaker.word(&format!("drilling.foresee.{word}"))).to_vec()];
    let minutes =
        |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1} min"));
    let mut row = |what: String, score: &Score| {
        let share = score.in_band.map_or_else(|| "–".to_owned(), percent);
        let errors = [score.error_median_min, score.error_p90_min, score.error_mean_min].map(minutes);
        let [median, p90, mean] = errors;
        rows.push(vec![what, number(score.shown as f64), median, p90, mean, share]);
    };
    row(speaker.word("drilling.foresee.wait"), &seen.wait);
    row(speaker.word("drilling.foresee.later"), &seen.wait_in_an_hour);
    row(speaker.word("drilling.foresee.done"), &seen.done_97);
    for look in &seen.done_97_by_look {
        row(
            speaker.say("drilling.foresee.done_at", &[("minutes", &number(look.minute as f64))]),
            &look.score,
        );
    }
    speaker.result(&columns(&rows));
    let (rounds, off) = (number(seen.rounds as f64), percent(verbs::ahead::PLAN_DOUBT));
    speaker.aside(&speaker.say("drilling.foresee.rounds", &[("rounds", &rounds), ("percent", &off)]));
}

/// Says why, and stops.
fn stop(fault: &DrillFault, args: &Drill, speaker: Speaker) -> Stop {
    let url = [("url", &*args.url)];
    let (code, why) = match fault {
        DrillFault::NoAddress => return Stop::Usage(speaker.say("drilling.no_address", &url)),
        DrillFault::NotForDrills => ("not_for_drills", speaker.say("drilling.not_for_drills", &url)),
        DrillFault::NeedsAccount => ("needs_account", speaker.say("drilling.needs_account", &url)),
        DrillFault::Foreign => ("foreign", speaker.say("drilling.foreign", &url)),
        DrillFault::Broken(why) => {
            ("broken", speaker.say("drilling.broken", &[("url", &*args.url), ("why", &why.to_string())]))
        }
        DrillFault::Refused { path, status, why } => {
            let status = status.to_string();
            let args = [("path", &**path), ("status", &*status), ("why", &**why)];
            ("refused", speaker.say("drilling.refused_by_server", &args))
        }
        DrillFault::Odd(answer) => ("odd", speaker.say("drilling.odd", &[("answer", &**answer)])),
        DrillFault::Process(why) => ("process", speaker.say("drilling.process", &[("why", why)])),
        DrillFault::System(why) => ("system", speaker.say("drilling.system", &[("why", &why.to_string())])),
    };
    if args.json {
        let note = json!({ "severity": Severity::Error, "code": code, "message": why });
        speaker.json(&json!({ "notes": [note] }));
    } else {
        speaker.aside(&why);
    }
    Stop::Refused
}
