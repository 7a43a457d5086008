//! Pages to print: plain A4, large type, nothing that needs a network.

use super::{
    clock, doors_in_words,
    html::{escape, page, table_head},
    lines, marks_in_words,
    walks::{Walked, minutes, walked},
};
use crate::{clock::time_of_day, number::number, voice::Voice};
use domain::{Plan, Scenario};
use rehearse::Figures;

const STYLE: &str = "body{font:15px/1.45 system-ui,'Noto Sans SC','Microsoft YaHei',sans-serif;margin:14mm;color:#111}\
h1{font-size:24px;margin:0 0 4px}h2{font-size:19px;margin:0 0 2px}p{margin:2px 0 10px}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid #555;padding:4px 7px;text-align:left;vertical-align:top}\
th{background:#eee}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.t{font-size:18px;\
font-weight:700;white-space:nowrap}td.box{width:13mm}tr{break-inside:avoid}section+section{break-before:page}div{break-inside:avoid;margin-bottom:8mm}\
@page{size:A4;margin:12mm}@media print{body{margin:0}}";

/// The call timetable.
pub fn timetable(plan: &Plan, scenario: &Scenario, figures: &Figures, voice: Voice) -> String {
    let roll = &scenario.roll;
    let heads = ["time", "lane", "building_entrance", "doors", "households", "people"];
    let mut body = format!("<h1>{}</h1>", title(scenario, voice));
    if let (Some(p95), Some(done)) = (figures.wait_min.p95, figures.done_97_min) {
        let args = [("wait", &*number(p95.ceil())), ("done", &*time_of_day(scenario, done))];
        body += &format!("<p>{}</p>", escape(&voice.say("chat.forecast", &args)));
    }
    body += &table_head(&heads, voice);
    for line in lines(plan, roll) {
        let people: u32 = line.households.iter().map(|&household| roll.size(household)).sum();
        body += &format!(
            "<tr><td class=t>{}</td><td class=n>{}</td><td>{}</td><td>{}</td><td class=n>{}</td><td class=n>{people}</td></tr>",
            escape(&clock(scenario, line.wave.call_at)),
            line.wave.lane + 1,
            escape(&roll.entrance_label(line.entrance)),
            escape(&doors_in_words(roll, line.households)),
            line.households.len(),
        );
    }
    body += "</table>";
    if scenario.site.green_channel {
        body += &format!("<p>{}</p>", escape(&voice.word("chat.green")));
    }
    page(&voice.word("sheet.timetable"), STYLE, &body, voice)
}

/// The door lists of each wave, a page each, to be cut apart for its callers: in the order of walking, with boxes to tick.
pub fn doors(plan: &Plan, scenario: &Scenario, voice: Voice) -> String {
    let roll = &scenario.roll;
    let heads = ["door", "people", "marks", "knocked", "coming", "not_at_home"];
    let mut body = String::new();
    for Walked { wave, rounds } in walked(plan, scenario) {
        let (number, time, lane) =
            (wave.number.to_string(), clock(scenario, wave.call_at), (wave.lane + 1).to_string());
        let of = rounds.rounds.len().to_string();
        let [longest, by_number] = minutes(&rounds).map(|minutes| minutes.to_string());
        body += "<section>";
        for (caller, tour) in (1..).zip(&rounds.rounds) {
            let (caller, minutes) = (caller.to_string(), tour.ends_s.div_ceil(60).to_string());
            let args = [
                ("wave", &*number),
                ("time", &*time),
                ("lane", &*lane),
                ("caller", &*caller),
                ("callers", &*of),
                ("minutes", &*minutes),
                ("longest", &*longest),
                ("by_number", &*by_number),
            ];
            body += &format!("<div><h2>{}</h2>", escape(&voice.say("sheet.doors_of", &args)));
            let mut how = voice.say("sheet.doors_how", &args);
            if longest != by_number {
                how = how + " " + &voice.say("sheet.doors_longest", &args);
            }
            body += &format!("<p>{}</p>", escape(&how));
            body += &table_head(&heads, voice);
            let entrance_of = |place: usize| roll.households[wave.households[place] as usize].entrance;
            for places in tour.stops.chunk_by(|&one, &other| entrance_of(one) == entrance_of(other)) {
                let entrance = roll.entrance_label(entrance_of(places[0]) as usize);
                body += &format!("<tr><th colspan=6>{}</th></tr>", escape(&entrance));
                for household in places.iter().map(|&place| wave.households[place]) {
                    body += &format!(
                        "<tr><td class=t>{}</td><td class=n>{}</td><td>{}</td><td class=box></td><td class=box></td><td class=box></td></tr>",
                        escape(&roll.households[household as usize].door),
                        roll.size(household),
                        escape(&marks_in_words(roll, household, voice)),
                    );
                }
            }
            body += "</table></div>";
        }
        body += "</section>";
    }
    page(&voice.word("sheet.door_lists"), STYLE, &body, voice)
}

fn title(scenario: &Scenario, voice: Voice) -> String {
    let date = scenario.round.opens.date().to_string();
    escape(&voice.say("chat.title", &[("community", &scenario.community.name), ("date", &date)]))
}
