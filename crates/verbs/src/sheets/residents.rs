//! The page for residents: when to come, how long it takes, what to bring. It is read on a small telephone, over a slow
//! network, or as a paper on a door.

use super::{
    Papers, clock, doors_in_words,
    hours::hours,
    html::{escape, page, table_head},
    lines,
};
use crate::{clock::time_of_day, number::number};
use domain::{
    Policy,
    scenario::{Arrivals, Mix},
};
use rehearse::TICKS_PER_MINUTE;

const STYLE: &str = "body{font:18px/1.5 system-ui,'Noto Sans SC','Microsoft YaHei',sans-serif;max-width:38rem;margin:0 auto;\
padding:16px;color:#111;overflow-wrap:anywhere}h1{font-size:28px;line-height:1.2;margin:0}h2{font-size:20px;margin:24px 0 4px}\
p{margin:0 0 8px}.call{font-size:22px;font-weight:600}table{border-collapse:collapse;width:100%;margin:4px 0 12px}\
th,td{border-bottom:1px solid #999;padding:4px 6px 4px 0;text-align:left;vertical-align:top}th[colspan]{padding-top:14px;\
font-size:19px}tr{break-inside:avoid}@page{size:A4;margin:14mm}@media print{body{max-width:none;padding:0;font-size:15px}}";

/// Bytes of the list of call times. Such a list shrinks to less than a third when it is packed, so that the page stays
/// below 60,000 bytes on its way; a longer one is the business of the group chat.
const LIST_MAX: usize = 150_000;
/// The station at which a proof of attendance is given.
const PROOF: &str = "proof";

/// The page.
pub(super) fn residents(papers: &Papers<'_>) -> String {
    let (scenario, voice) = (papers.scenario, papers.voice);
    let notice = &papers.service.notice;
    let mut body = format!(
        "<h1>{}</h1><p>{}</p><p class=call>{}</p>",
        escape(&scenario.community.name),
        escape(&papers.head()),
        escape(&come(papers)),
    );
    let part = |key: &str, texts: &[String]| {
        let texts: String = texts.iter().map(|text| format!("<p>{}</p>", escape(text))).collect();
        if texts.is_empty() {
            return texts;
        }
        format!("<h2>{}</h2>{texts}", escape(&voice.word(&format!("sheet.{key}"))))
    };
    body += &part("call", notice.call.as_slice());
    body += &part("expect", &expected(papers));
    if scenario.site.green_channel {
        body += &part("green", &[voice.word("chat.green"), voice.word("sheet.green_how")]);
    }
    body += &part("bring", notice.bring.as_slice());
    body += &part("at_site", notice.at_site.as_slice());
    body += &part("after", notice.after.as_slice());
    if scenario.site.stations.iter().any(|station| station.name == PROOF) {
        body += &part("proof", &[voice.word("sheet.proof_how"), voice.word("sheet.proof_private")]);
    }
    body += &by_hour(papers);
    body += &call_times(papers);
    page(&voice.say("sheet.residents", &[("community", &scenario.community.name)]), STYLE, &body, voice)
}

/// When to come, or that somebody will knock.
fn come(papers: &Papers<'_>) -> String {
    let (scenario, voice) = (papers.scenario, papers.voice);
    if let Some(plan) = papers.plan {
        let how = voice.word(&format!("chat.how.{}", plan.policy.name()));
        return match &scenario.arrivals {
            Arrivals::Mix(_) => format!("{} {how}", voice.word("sheet.come.mix")),
            _ => how,
        };
    }
    match &scenario.arrivals {
        Arrivals::Poisson(_) | Arrivals::Mix(Mix { appointments: None, .. }) => {
            voice.word("sheet.come.walk_in")
        }
        Arrivals::Mix(_) => format!("{} {}", voice.word("sheet.come.mix"), voice.word("sheet.come.walk_in")),
        _ => voice.word("sheet.come.appointment"),
    }
}

/// What the rehearsal says of waits and of the end.
fn expected(papers: &Papers<'_>) -> Vec<String> {
    let (scenario, figures, voice) = (papers.scenario, papers.figures, papers.voice);
    let Some(p95) = figures.wait_min.p95 else { return Vec::new() };
    let wait = number(p95.ceil().max(1.0));
    let mut said = match (papers.plan, figures.done_97_min) {
        (Some(_), Some(done)) => {
            let done = time_of_day(scenario, done);
            vec![voice.say("chat.forecast", &[("wait", &wait), ("done", &done)])]
        }
        _ => vec![voice.say("sheet.wait", &[("wait", &wait)])],
    };
    if let Some(stay) = figures.stay_min.p50 {
        said.push(voice.say("sheet.stay", &[("stay", &number(stay.ceil().max(1.0)))]));
    }
    said.push(voice.word("sheet.may_differ"));
    said
}

/// The waits by hour where people come by themselves.
fn by_hour(papers: &Papers<'_>) -> String {
    let (scenario, voice) = (papers.scenario, papers.voice);
    let Some(curves) = &papers.curves else { return String::new() };
    let until = scenario.round.closes.map_or(f64::INFINITY, |ticks| ticks as f64 / TICKS_PER_MINUTE as f64);
    let rows: String = hours(curves, until)
        .into_iter()
        .map(|hour| {
            let minutes =
                |wait: f64| escape(&voice.say("sheet.minutes", &[("n", &number(wait.ceil().max(1.0)))]));
            let from = time_of_day(scenario, f64::from(hour.from_min));
            format!("<tr><td>{from}<td>{}<td>{}", minutes(hour.wait_min), minutes(hour.bad_day_min))
        })
        .collect();
    if rows.is_empty() {
        return rows;
    }
    let heads = table_head(&["from", "usual_wait", "bad_day_wait"], voice);
    format!("<h2>{}</h2>{heads}{rows}</table>", escape(&voice.word("sheet.by_hour")))
}

/// When each door is called, by entrance, so that people find their own.
fn call_times(papers: &Papers<'_>) -> String {
    let Some(plan) = papers.plan else { return String::new() };
    let (scenario, voice) = (papers.scenario, papers.voice);
    let roll = &scenario.roll;
    let in_waves = plan.policy == Policy::Waves;
    let mut found: Vec<_> = lines(plan, roll).collect();
    found.sort_by_key(|line| line.entrance);
    let mut list = String::new();
    for of_entrance in found.chunk_by(|a, b| a.entrance == b.entrance) {
        let label = escape(&roll.entrance_label(of_entrance[0].entrance));
        if in_waves {
            list += &format!("<tr><th colspan=3>{label}");
            for line in of_entrance {
                let time = clock(scenario, line.wave.call_at);
                let doors = escape(&doors_in_words(roll, line.households));
                list += &format!("<tr><td>{time}<td>{doors}<td>{}", line.wave.lane + 1);
            }
        } else {
            list += &format!("<tr><td>{label}<td>{}", of_entrance[0].wave.lane + 1);
        }
    }
    if list.len() > LIST_MAX {
        return format!("<p>{}</p>", escape(&voice.word("sheet.list_too_long")));
    }
    let (head, heads): (_, &[&str]) = if in_waves {
        ("sheet.your_time", &["time", "doors", "lane"])
    } else {
        ("sheet.your_lane", &["building_entrance", "lane"])
    };
    format!("<h2>{}</h2>{}{list}</table>", escape(&voice.word(head)), table_head(heads, voice))
}
