//! `shouhu plan`: who is called when; in a city, which tubes go to which lab.

use super::{Stop, admitted, read_plan, refuse, write_sheets};
use crate::{args::PlanArgs, folder, rehearsing::Terminal, searching, speak::Speaker, table};
use domain::{Policy, Scenario, scenario::Servers};
use plan::search::{Free, Searched};
use std::time::Duration;
use verbs::{
    Planned,
    clock::time_of_day,
    number::number,
    sheets::{self, Papers},
};

pub fn run(args: &PlanArgs, speaker: Speaker) -> Result<(), Stop> {
    if let Some(files) = super::city::files(&args.of)? {
        return super::city::plan(args, &files, speaker);
    }
    if !args.stopped.is_empty() {
        return Err(Stop::Usage(speaker.word("usage.only_city")));
    }
    let policy = args.policy.policy();
    let limit = match args.time_limit {
        None => None,
        Some(_) if policy.is_some() => return Err(Stop::Usage(speaker.word("usage.only_search"))),
        Some(seconds) => match Duration::try_from_secs_f64(seconds) {
            Ok(limit) => Some(limit),
            Err(_) => return Err(Stop::Usage(speaker.word("usage.time_limit"))),
        },
    };
    if args.keep_staff && policy.is_some() {
        return Err(Stop::Usage(speaker.word("usage.only_search")));
    }
    let scenario = admitted(&args.of, &[], speaker)?;
    let kept = match &args.keep {
        Some(path) => Some(read_plan(path, &scenario, args.of.json, speaker)?),
        None => None,
    };
    let terminal = Terminal::new(&args.running, speaker);
    let run = terminal.run_of(&args.running);
    let planned = match policy {
        Some(policy) => verbs::plan(&scenario, &run, policy, kept.as_ref()),
        None => {
            let free = Free { staff: !args.keep_staff };
            searching::plan(&scenario, &args.running, kept.as_ref(), (free, limit), speaker)
        }
    };
    let mut planned = planned.map_err(|notes| refuse(&notes, args.of.json, speaker))?;
    planned.provide(&scenario, &run);
    let output = planned.output(&scenario, speaker.voice);
    if let Some(path) = &args.output {
        let mut text = serde_json::to_vec_pretty(&output).expect("our own types are written as JSON");
        text.push(b'\n');
        folder::write_file(path, &text)?;
        speaker.aside(&speaker.say("plan.written", &[("path", &path.display().to_string())]));
    }
    if let Some(path) = &args.sheets {
        let files = folder::read(&args.of.scenario)?;
        let (plan, figures) = (Some(&planned.plan), &planned.forecast);
        let supplies = planned.supplies.clone();
        let papers = Papers::new(&scenario, plan, figures, supplies, &run, &files, speaker.voice);
        write_sheets(path, &papers, speaker)?;
    }
    if args.of.json {
        speaker.json(&output);
    } else {
        let text = sheets::chat_text(&planned.plan, &scenario, &planned.forecast, speaker.voice);
        speaker.result(&text);
        summary(&scenario, &planned, speaker);
        super::supplies(planned.supplies.as_ref(), &scenario, speaker);
        speaker.aside_if_any(&speaker.notes_as_text(&planned.notes));
    }
    Ok(())
}

/// The forecast, the posts and the tail, after the timetable.
fn summary(scenario: &Scenario, planned: &Planned, speaker: Speaker) {
    let (plan, choice, figures) = (&planned.plan, planned.choice.as_ref(), &planned.forecast);
    let name = speaker.word(&format!("policy.{}", plan.policy.name()));
    speaker.result(&table::comparison(speaker, scenario, &[(name, figures)]));
    if let Some(choice) = choice {
        let key = if choice.meets_target { "plan.target_kept" } else { "plan.target_missed" };
        let args = [
            ("load", format!("{:.2}", plan.load.unwrap_or(f64::NAN))),
            ("target", number(scenario.waves.wait_p95_min)),
            ("search", number(choice.chosen_by.wait_p95_min)),
            ("confirmed", number(choice.confirmed.wait_p95_min)),
            ("upper", number(choice.confirmed.wait_p95_upper_min)),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        speaker.result(&speaker.say(key, &args));
    }
    if let Some(search) = &planned.search {
        found(scenario, search, speaker);
    }
    let posts: Vec<String> = plan::needs(plan, scenario)
        .into_iter()
        .map(|need| {
            let post = verbs::station_word(&need.post);
            speaker.say("plan.post", &[("post", &post), ("people", &need.people.to_string())])
        })
        .collect();
    speaker.result(&speaker.say("plan.posts", &[("posts", &posts.join(&speaker.word("list.separator")))]));
    if let Some(tail) = plan::tail(plan, scenario).filter(|_| plan.policy == Policy::Waves) {
        let minutes = tail.last_call_at as f64 / rehearse::TICKS_PER_MINUTE as f64;
        let args = [
            ("time", time_of_day(scenario, minutes)),
            ("households", tail.households_expected.to_string()),
            ("people", tail.at_home.to_string()),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        speaker.result(&speaker.say("plan.tail", &args));
    }
}

/// What the search found, in its own figures and on fresh luck, whom it moved, and what else could be chosen.
fn found(scenario: &Scenario, search: &Searched, speaker: Speaker) {
    let key = if search.meets_target { "plan.search_kept" } else { "plan.search_missed" };
    let args = [
        ("target", number(scenario.waves.wait_p95_min)),
        ("search", number(search.search.wait_p95_min)),
        ("search_done", number(search.search.done_97_min)),
        ("confirmed", number(search.confirmed.wait_p95_min)),
        ("upper", number(search.confirmed.wait_p95_upper_min)),
        ("done", number(search.confirmed.done_97_min)),
        ("tried", search.tried.to_string()),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    speaker.result(&speaker.say(key, &args));
    if search.cut_short {
        speaker.result(&speaker.word("plan.search_cut_short"));
    }
    for &(place, servers) in &search.plan.staff {
        let station = &scenario.site.stations[place];
        let Servers::Calendar(calendar) = &station.servers else { continue };
        let before = calendar.0.first().map_or(0, |entry| entry.1);
        let (name, servers, before) =
            (verbs::station_word(&station.name), servers.to_string(), before.to_string());
        if servers != before {
            let args: [(&str, &str); 3] = [("station", &name), ("servers", &servers), ("before", &before)];
            speaker.result(&speaker.say("plan.search_staff", &args));
        }
    }
    let word = |key: &str| speaker.word(&format!("table.{key}"));
    let head = ["curve_callers", "curve_hours", "curve_wait", "curve_done"]
        .map(word)
        .into_iter()
        .chain([String::new()])
        .collect();
    let rows = search.curve.iter().map(|point| {
        vec![
            point.callers.to_string(),
            number(point.did.caller_hours),
            number(point.did.wait_p95_min),
            time_of_day(scenario, point.did.done_97_min),
            if point.chosen { word("curve_this") } else { String::new() },
        ]
    });
    speaker.result(&table::columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
    speaker.result(&speaker.word("plan.search_choose"));
}
