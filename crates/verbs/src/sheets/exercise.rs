//! A table-top exercise for the facilitator: the situation, the cards in the order of the day, what the figures say of each,
//! what to ask, and what a good answer does. All figures are those of a stress test.

use super::html::{escape, page};
use crate::{
    Voice,
    clock::time_of_day,
    faults::{clock_of, played},
    number::number,
    station_word,
    stress::{Found, Margin, Stressed, Trial, answer_in_words, limits_in_words, margin_in_words},
};
use domain::{Scenario, scenario::Servers};
use rehearse::Figures;

const STYLE: &str = "body{font:17px/1.45 system-ui,'Noto Sans SC','Microsoft YaHei',sans-serif;margin:14mm;color:#111;max-width:50em}\
h1{font-size:34px;line-height:1.1;margin:0 0 4px}h2{font-size:26px;margin:0 0 2px}h3{font-size:17px;margin:14px 0 2px}\
p{margin:2px 0 8px}.time{font-size:20px;font-weight:700;margin:0}.aloud{font-size:21px;border-left:5px solid #111;padding-left:12px}\
ul{margin:0;padding-left:1.3em}li{margin:0 0 4px}section{break-inside:avoid;border-top:3px solid #111;padding-top:10px;margin-top:22px}\
@page{size:A4;margin:14mm}@media print{body{margin:0}}@media(max-width:480px){body{margin:16px}}";

/// The questions that are asked at every card.
const QUESTIONS: [&str; 4] = ["ask_see", "ask_five", "ask_residents", "ask_prepare"];

/// One page to print.
pub fn exercise(stressed: &Stressed, seed: u64, voice: Voice) -> String {
    let scenario = &stressed.plain.scenario;
    let title = voice.say("exercise.head", &[("community", &scenario.community.name)]);
    let mut body = format!("<h1>{}</h1><p>{}</p>", escape(&title), said(voice, "how"));
    body += &format!("<h3>{}</h3>", said(voice, "situation"));
    body += &situation(scenario, &stressed.plain.figures, voice);
    let mut met: Vec<&Trial> = stressed.cards.iter().filter(|trial| trial.found.is_some()).collect();
    // In the order of the day; at the same time what breaks most comes last.
    met.sort_by(|left, right| {
        let (one, other) = (left.faults[0].from, right.faults[0].from);
        one.cmp(&other).then(left.worst().total_cmp(&right.worst()))
    });
    for trial in met {
        if let Some(found) = &trial.found {
            body += &card(stressed, trial, found, voice);
        }
    }
    let unmet: Vec<&Trial> = stressed.cards.iter().filter(|trial| trial.unmet.is_some()).collect();
    if !unmet.is_empty() {
        body += &format!("<section><h3>{}</h3><ul>", said(voice, "not_here"));
        for trial in unmet {
            let title = voice.word(&format!("fault.{}.title", trial.faults[0].card.name));
            let why = trial
                .unmet
                .map_or_else(String::new, |unmet| voice.word(&format!("fault.unmet.{}", unmet.name())));
            let line = voice.say("fault.not_met", &[("title", &title), ("why", &why)]);
            body += &format!("<li>{}", escape(&line));
        }
        body += "</ul></section>";
    }
    let basis =
        voice.say("exercise.basis", &[("reps", &stressed.reps.to_string()), ("seed", &seed.to_string())]);
    body += &format!("<section><p class=aloud>{}</p><p>{}</p></section>", said(voice, "end"), escape(&basis));
    page(&voice.word("exercise.title"), STYLE, &body, voice)
}

/// A sentence of the exercise, escaped.
fn said(voice: Voice, key: &str) -> String {
    escape(&voice.word(&format!("exercise.{key}")))
}

fn situation(scenario: &Scenario, figures: &Figures, voice: Voice) -> String {
    let posts = |shared: bool| -> String {
        let posts = scenario.site.stations.iter().filter(|station| station.shared == shared);
        let posts = posts.filter_map(|station| match &station.servers {
            Servers::Unlimited => None,
            Servers::Calendar(calendar) => {
                let servers = calendar.0.iter().map(|entry| entry.1).max().unwrap_or(0).to_string();
                let args = [("station", &*station_word(&station.name)), ("servers", &*servers)];
                Some(voice.say("exercise.post", &args))
            }
        });
        posts.collect::<Vec<_>>().join(&voice.word("list.separator"))
    };
    let args = [
        ("date", scenario.round.opens.date().to_string()),
        ("opens", domain::time_of_day(scenario.round.opens)),
        ("people", number(figures.people)),
        ("lanes", scenario.site.lanes.to_string()),
        ("posts", posts(false)),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut text = format!("<p>{}", escape(&voice.say("exercise.situation_line", &args)));
    let shared = posts(true);
    if !shared.is_empty() {
        text += &format!(" {}", escape(&voice.say("exercise.shared_line", &[("posts", &shared)])));
    }
    let args = [
        ("wait", number(figures.wait_min.p95.unwrap_or(0.0))),
        ("done", time_of_day(scenario, figures.done_97_min.unwrap_or(0.0))),
        ("queue", number(figures.queue_max)),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    text + &format!("<p>{}", escape(&voice.say("exercise.planned", &args)))
}

fn card(stressed: &Stressed, trial: &Trial, found: &Found, voice: Voice) -> String {
    let scenario = &stressed.plain.scenario;
    let fault = &trial.faults[0];
    let part = |part: &str| escape(&voice.word(&format!("fault.{}.{part}", fault.card.name)));
    let time = clock_of(fault, scenario.round.opens).unwrap_or_else(|| voice.word("exercise.all_day"));
    let mut text = format!(
        "<section><p class=time>{}</p><h2>{}</h2><h3>{}</h3><p class=aloud>{}</p>",
        escape(&time),
        escape(&played(fault, scenario.round.opens, voice)),
        said(voice, "what_happened"),
        part("happened"),
    );
    text += &format!("<h3>{}</h3><ul>", said(voice, "questions"));
    for question in QUESTIONS {
        text += &format!("<li>{}", said(voice, question));
    }
    text += &format!("</ul><h3>{}</h3><p>{}</p>", said(voice, "decide"), part("decide"));
    text +=
        &format!("<h3>{}</h3><p>{}", said(voice, "figures"), escape(&figures_line(stressed, found, voice)));
    let margin = stressed.margins.iter().find(|margin| margin.fault == *fault);
    let margin = margin.map(|margin: &Margin| margin_in_words(margin, voice));
    text += &margin.map_or_else(String::new, |margin| format!(" {}", escape(&margin)));
    text += &format!("</p><h3>{}</h3><p>{}</p>", said(voice, "look"), part("look"));
    let answer = match stressed.answer_to(&trial.faults) {
        _ if !trial.breaks() => voice.word("exercise.answer_holds"),
        Some(answer) if answer.survives.is_some() => answer_in_words(answer, scenario, voice),
        _ => voice.word("exercise.answer_none"),
    };
    text + &format!("<h3>{}</h3><p>{}</p></section>", said(voice, "answer"), escape(&answer))
}

fn figures_line(stressed: &Stressed, found: &Found, voice: Voice) -> String {
    let (scenario, planned) = (&stressed.plain.scenario, &stressed.plain.figures);
    let some = |value: Option<f64>| number(value.unwrap_or(f64::NAN));
    let args = [
        ("wait", some(found.figures.wait_min.p95)),
        ("wait_before", some(planned.wait_min.p95)),
        ("done", time_of_day(scenario, found.figures.done_97_min.unwrap_or(0.0))),
        ("queue", number(found.figures.queue_max)),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut lines = vec![voice.say("exercise.figures_line", &args)];
    let lost = found.figures.left + found.figures.unserved;
    if lost >= 0.5 {
        lines.push(voice.say("exercise.unserved_line", &[("people", &number(lost))]));
    }
    let breaks = found.strain.breaks();
    lines.push(if breaks.is_empty() {
        voice.word("exercise.holds_line")
    } else {
        voice.say("exercise.breaks_line", &[("limits", &limits_in_words(&breaks, voice))])
    });
    lines.join(" ")
}
