//! The top of the page: whose round it is, when and what for, and what the figures say.

use super::{
    number,
    sheet::Sheet,
    voice::{Voice, escape},
};
use domain::Scenario;
use std::fmt::Write;
use words::Language;

/// Title, date and purpose.
pub(super) fn title(sheet: &Sheet, voice: Voice) -> String {
    let scenario = sheet.report.scenario;
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: String| facts.push((voice.word(key), value));
    fact("report.head.purpose", escape(&purpose(voice, scenario)));
    let opens = sheet.daytime.at(0.0);
    let closes =
        scenario.round.closes.map(|ticks| sheet.daytime.at(ticks as f64 / rehearse::TICKS_PER_MINUTE as f64));
    fact(
        "report.head.time",
        match &closes {
            Some(closes) => voice.say("report.head.from_to", &[("opens", &opens), ("closes", closes)]),
            None => voice.say("report.head.from", &[("opens", &opens)]),
        },
    );
    if scenario.roll.people() > 0 {
        let people = number::whole(f64::from(scenario.roll.people()));
        let households = number::whole(scenario.roll.households.len() as f64);
        fact(
            "report.head.roll",
            voice.say("report.head.people", &[("people", &people), ("households", &households)]),
        );
    }
    let stations: Vec<String> =
        scenario.site.stations.iter().map(|station| voice.station(&station.name)).collect();
    let lanes = scenario.site.lanes.to_string();
    let stations = stations.join(" → ");
    fact(
        "report.head.site",
        if scenario.site.lanes == 1 || sheet.sweeps("site.lanes") {
            escape(&stations)
        } else {
            voice.say("report.head.lanes", &[("lanes", &lanes), ("stations", &stations)])
        },
    );
    let reps = sheet.report.runs.iter().map(|run| run.figures.replications).max().unwrap_or(0);
    let reps = number::whole(f64::from(reps));
    fact("report.head.lived", voice.say("report.head.times", &[("n", &reps)]));

    let mut list = String::new();
    for (name, value) in facts {
        let _ = write!(list, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    }
    format!(
        r#"<header>{switches}<p class="brand">{brand}</p><h1>{name}</h1><p class="date">{date}</p><dl class="facts">{list}</dl></header>"#,
        switches = switches(&sheet.report.languages, voice),
        brand = voice.word("report.brand"),
        name = escape(&scenario.community.name),
        date = date(voice, scenario),
    )
}

/// What the figures say.
pub(super) fn findings(sheet: &Sheet, voice: Voice) -> String {
    let mut said: Vec<String> = Vec::new();
    for finding in &sheet.report.findings {
        let sentence = voice.finding(finding);
        if !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    if said.is_empty() {
        return String::new();
    }
    let list: String = said.iter().map(|sentence| format!("<li>{sentence}</li>")).collect();
    super::figure::section("findings", &voice.word("report.findings.title"), "", &format!("<ol>{list}</ol>"))
}

/// Switches of language and theme; without JavaScript they are not shown.
pub(super) fn switches(languages: &[Language], voice: Voice) -> String {
    let mut others = String::new();
    for other in languages.iter().filter(|other| **other != voice.language) {
        let (tag, html, name) = (other.tag(), other.html(), other.name());
        let _ = writeln!(others, r#"<button type="button" data-lang="{tag}" lang="{html}">{name}</button>"#);
    }
    format!(
        r#"<p class="switches">{others}<button type="button" data-theme="">{theme}</button></p>"#,
        theme = voice.word("report.head.theme"),
    )
}

/// What a round of the house is called, or else its service file's name.
fn purpose(voice: Voice, scenario: &Scenario) -> String {
    let id = &scenario.round.purpose;
    let service = scenario::service(id, &scenario::Files::default()).0;
    service.map_or_else(|| id.clone(), |service| voice.language.among(&service.name.0).to_owned())
}

fn date(voice: Voice, scenario: &Scenario) -> String {
    let opens = scenario.round.opens;
    let month = voice.plain(&format!("report.month.{}", opens.month()), &[]);
    let weekday = voice.plain(&format!("weekday.{}", opens.weekday().to_monday_one_offset()), &[]);
    let (year, day) = (opens.year().to_string(), opens.day().to_string());
    voice.say("report.date", &[("year", &year), ("month", &month), ("day", &day), ("weekday", &weekday)])
}
