//! `shouhu staff`: how many each station needs, hour by hour.

use super::{Stop, admitted, read_plan, refuse};
use crate::{
    args::StaffArgs, folder, rehearsing::Terminal, searching::Searching, speak::Speaker, table::columns,
};
use std::time::Duration;
use verbs::{By, Question, number::number};

/// Waits that can be asked for, in minutes.
const WAIT_MAX_MIN: f64 = 1_440.0;

pub fn run(args: &StaffArgs, speaker: Speaker) -> Result<(), Stop> {
    if args.wait.is_some_and(|wait| !(wait > 0.0 && wait <= WAIT_MAX_MIN)) {
        return Err(Stop::Usage(speaker.word("usage.wait")));
    }
    let limit = match args.time_limit.map(Duration::try_from_secs_f64) {
        Some(Err(_)) => return Err(Stop::Usage(speaker.word("usage.time_limit"))),
        Some(Ok(limit)) => Some(limit),
        None => None,
    };
    let scenario = admitted(&args.of, &[], speaker)?;
    let by = match &args.plan {
        Some(path) => By::Plan(read_plan(path, &scenario, args.of.json, speaker)?),
        None => By::Law,
    };
    let (_, posts) = scenario::roster_rules(&folder::read(&args.of.scenario)?, &args.of.set);
    let terminal = Terminal::new(&args.running, speaker).without_bars();
    let run = terminal.run_of(&args.running);
    let mut searching = Searching::new(limit, speaker);
    let mut tried = 0.0;
    let question = Question {
        target_min: args.wait.unwrap_or(scenario.waves.wait_p95_min),
        hour: i64::from(args.every) * rehearse::TICKS_PER_MINUTE,
        posts: &posts,
        goes_on: &mut || {
            // Nobody knows how many staffings it takes: the bar nears its end, and never reaches it.
            tried += 1.0;
            searching.goes_on(tried / (tried + 200.0))
        },
    };
    let answer = verbs::staff(&scenario, &run, by, question);
    searching.end();
    let answer = answer.map_err(|notes| refuse(&notes, args.of.json, speaker))?;
    if let Some(path) = &args.shifts {
        folder::write_file(path, &scenario::write_shifts(&answer.shifts()))?;
        speaker.aside(&speaker.say("table.staff_shifts", &[("path", &path.display().to_string())]));
    }
    let output = answer.output();
    if args.of.json {
        speaker.json(&output);
        return Ok(());
    }
    let word = |key: &str| speaker.word(&format!("table.{key}"));
    let stations = output.hours.first().map_or(&[][..], |hour| hour.stations.as_slice());
    let names = stations.iter().map(|post| {
        let name = verbs::station_word(&post.station);
        let own = || verbs::roster::role_word(&post.station, *speaker);
        let name = name.strip_prefix('@').map_or_else(own, |key| speaker.word(key));
        if post.lanes > 1 { format!("{name} × {}", post.lanes) } else { name }
    });
    let head = std::iter::once(word("staff_from"))
        .chain(names)
        .chain([word("staff_order"), word("staff_waiting"), word("staff_waiting_p95")])
        .collect();
    let rows = output.hours.iter().map(|hour| {
        let servers = hour.stations.iter().map(|post| post.servers.to_string());
        let kept = [hour.order_keepers.to_string(), number(hour.waiting), number(hour.waiting_p95)];
        std::iter::once(hour.from.clone()).chain(servers).chain(kept).collect::<Vec<_>>()
    });
    speaker.result(&columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
    let each = output.waiting_per_keeper.to_string();
    speaker.result(&speaker.say("table.staff_keepers", &[("each", &each)]));
    let key = if output.meets_target { "plan.staff_kept" } else { "plan.staff_missed" };
    let args = [
        ("target", number(output.target_p95_min)),
        ("search", number(output.searched_p95_min)),
        ("confirmed", number(output.confirmed_p95_min)),
        ("upper", number(output.upper_p95_min)),
        ("hours", number(output.staff_hours)),
        ("root", number(output.square_root_hours)),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    speaker.result(&speaker.say(key, &args));
    Ok(())
}
