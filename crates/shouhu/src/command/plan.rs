//! `shouhu plan`: who is called when.

use super::{Stop, admitted, read_plan, refuse, write_sheets};
use crate::{args::PlanArgs, folder, rehearsing::Terminal, speak::Speaker, table};
use domain::{Policy, Scenario};
use verbs::{
    Planned,
    clock::time_of_day,
    number::number,
    sheets::{self, Papers},
};

pub fn run(args: &PlanArgs, speaker: Speaker) -> Result<(), Stop> {
    if args.time_limit.is_some() {
        return Err(Stop::Usage(speaker.say("usage.later", &[("option", "--time-limit")])));
    }
    let scenario = admitted(&args.of, &[], speaker)?;
    let kept = match &args.keep {
        Some(path) => Some(read_plan(path, &scenario, args.of.json, speaker)?),
        None => None,
    };
    let terminal = Terminal::new(&args.running, speaker);
    let run = terminal.run_of(&args.running);
    let planned = verbs::plan(&scenario, &run, args.policy.into(), kept.as_ref())
        .map_err(|notes| refuse(&notes, args.of.json, speaker))?;
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
        let papers = Papers::new(&scenario, plan, figures, &run, &files, speaker.voice);
        write_sheets(path, &papers, speaker)?;
    }
    if args.of.json {
        speaker.json(&output);
    } else {
        let text = sheets::chat_text(&planned.plan, &scenario, &planned.forecast, speaker.voice);
        speaker.result(&text);
        summary(&scenario, &planned, speaker);
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
