//! `shouhu plan`: who is called when.

use super::{Stop, admitted, refuse};
use crate::{
    args::PlanArgs,
    clock::time_of_day,
    folder,
    rehearsing::Run,
    sheets,
    speak::{Speaker, number},
    table,
};
use domain::{Notes, Place, Plan, Policy, Scenario};
use plan::{Choice, Forecast};
use rehearse::Figures;
use scenario::WaveFile;
use serde::Serialize;
use serde_json::{Value, json};

/// The plan's file: what is read back stands first.
#[derive(Serialize)]
struct Output {
    policy: String,
    load: Option<f64>,
    waves: Vec<WaveFile>,
    stations: Vec<Value>,
    /// Posts and how many fill them; names of volunteers come with rosters.
    roster: Vec<Value>,
    /// Proven optimality gap; null where nothing is proven.
    gap: Option<f64>,
    tail: Option<Value>,
    choice: Option<Value>,
    forecast: Figures,
    notes: Value,
}

pub fn run(args: &PlanArgs, speaker: Speaker) -> Result<(), Stop> {
    if args.time_limit.is_some() {
        return Err(Stop::Usage(speaker.say("usage.later", &[("option", "--time-limit")])));
    }
    let scenario = admitted(&args.of, &[], speaker)?;
    if scenario.roll.households.is_empty() {
        let mut notes = Notes::default();
        notes.error(Place::file("scenario.toml").column("arrivals.law"), "policy_needs_roll", &[]);
        return Err(refuse(&notes, args.of.json, speaker));
    }
    let run = Run::new(&args.running, speaker);
    let (plan, choice) = run.plan(&scenario, args.policy.into());
    let (outcome, _) = run.rehearse(&run.rehearsal(&scenario, Some(&plan)));
    let figures = outcome.figures();
    let p95 = figures.wait_min.p95.unwrap_or(0.0);
    let forecast = Forecast {
        wait_p95_upper_min: match &choice {
            Some(choice) => choice.confirmed.wait_p95_upper_min,
            None => figures.wait_min.p95_ci95.map_or(p95, |limits| limits[1]),
        },
        queue_max: figures.queue_max,
        unserved: figures.unserved,
        done_97_min: figures.done_97_min.unwrap_or(f64::NAN),
    };
    let notes = plan::check(&plan, &scenario, Some(&forecast), "plan.json");
    let output = output(&scenario, &plan, choice.as_ref(), figures, &notes, speaker);
    if let Some(path) = &args.output {
        let mut text = serde_json::to_vec_pretty(&output).expect("our own types are written as JSON");
        text.push(b'\n');
        folder::write_file(path, &text)?;
        speaker.aside(&speaker.say("plan.written", &[("path", &path.display().to_string())]));
    }
    if let Some(path) = &args.sheets {
        for (name, content) in sheets::all(&plan, &scenario, &output.forecast, speaker) {
            folder::write_file(&path.join(name), content.as_bytes())?;
        }
        speaker.aside(&speaker.say("plan.sheets_written", &[("path", &path.display().to_string())]));
    }
    if args.of.json {
        speaker.json(&output);
    } else {
        speaker.result(&sheets::chat_text(&plan, &scenario, &output.forecast, speaker));
        summary(&scenario, &plan, choice.as_ref(), &output.forecast, speaker);
        speaker.aside_if_any(&speaker.notes_as_text(&notes));
    }
    Ok(())
}

fn output(
    scenario: &Scenario,
    plan: &Plan,
    choice: Option<&Choice>,
    figures: Figures,
    notes: &Notes,
    speaker: Speaker,
) -> Output {
    let file = scenario::write_plan(plan, scenario);
    let stations = figures.stations.iter().zip(&scenario.site.stations).map(|(figures, station)| {
        let lanes = if station.shared { 1 } else { scenario.site.lanes };
        json!({ "name": figures.name, "lanes": lanes, "servers": figures.servers, "utilisation": figures.utilisation })
    });
    let roster = plan::needs(plan, scenario)
        .into_iter()
        .map(|need| json!({ "post": need.post, "people": need.people }));
    let tail = plan::tail(plan, scenario).map(|tail| {
        json!({
            "last_call_at": scenario::local_time(scenario.round.opens, tail.last_call_at),
            "households_expected": tail.households_expected,
            "at_home": tail.at_home,
        })
    });
    let choice = choice.map(|choice| {
        json!({
            "target_p95_min": scenario.waves.wait_p95_min,
            "meets_target": choice.meets_target,
            "chosen_by": { "wait_p95_min": choice.chosen_by.wait_p95_min, "upper": choice.chosen_by.wait_p95_upper_min },
            "confirmed": {
                "wait_p95_min": choice.confirmed.wait_p95_min,
                "upper": choice.confirmed.wait_p95_upper_min,
                "done_97_min": choice.confirmed.done_97_min,
            },
            "loads_tried": choice.tries.iter().map(|tried| json!([tried.load, tried.score.wait_p95_min])).collect::<Vec<_>>(),
        })
    });
    Output {
        policy: file.policy,
        load: file.load,
        waves: file.waves,
        stations: stations.collect(),
        roster: roster.collect(),
        gap: None,
        tail,
        choice,
        forecast: figures,
        notes: serde_json::to_value(speaker.notes(notes)).expect("notes are written as JSON"),
    }
}

/// The forecast, the posts and the tail, after the timetable.
fn summary(scenario: &Scenario, plan: &Plan, choice: Option<&Choice>, figures: &Figures, speaker: Speaker) {
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
            let post = crate::findings::station_word(&need.post);
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
