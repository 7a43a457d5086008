//! Where people stand and where staff stand idle: each station of each run.

mod panel;

use super::{
    Run, figure,
    figure::Table,
    number::{NONE, percent, short},
    sheet::{Sheet, at},
    voice::{Voice, escape},
};
use domain::scenario::{Servers, Station};
use panel::Panel;
use rehearse::StationFigures;
use std::fmt::Write;

/// The curves, drawn once for both languages.
pub(super) fn paths(sheet: &Sheet) -> String {
    let runs = 0..sheet.report.runs.len();
    runs.flat_map(|run| panels(sheet, run)).map(|panel| panel.paths()).collect()
}

/// All runs.
pub(super) fn stations(sheet: &Sheet, voice: Voice) -> String {
    let runs: String = (0..sheet.report.runs.len()).map(|run| block(sheet, voice, run)).collect();
    let class = match sheet.report.runs.len() {
        2 => "runs two",
        _ => "runs",
    };
    let body = format!(r#"<div class="{class}">{runs}</div>"#);
    let (title, lead) = (voice.word("report.stations.title"), voice.word("report.stations.lead"));
    figure::section("stations", &title, &lead, &body)
}

fn panels<'s>(sheet: &'s Sheet<'s>, run: usize) -> Vec<Panel<'s>> {
    let scale = panel::Scale::of(sheet, run);
    let stations = 0..sheet.report.runs[run].figures.stations.len();
    stations.map(|station| Panel::new(sheet, run, station, &scale)).collect()
}

/// One run: its table and its pictures.
fn block(sheet: &Sheet, voice: Voice, place: usize) -> String {
    let run = &sheet.report.runs[place];
    let name = escape(&voice.run(&run.name));
    let colour = sheet.colour(place);
    let swatch = if sheet.compares() { sheet.swatch(place) } else { String::new() };
    let pictures: String = panels(sheet, place).iter().map(|panel| panel.html(voice)).collect();
    let caption = voice.plain("report.stations.minutes", &[("run", &voice.run(&run.name))]);
    let numbers = figure::numbers(voice, &caption, &by_time(sheet, voice, run));
    format!(
        r#"<article class="run c{colour}"><h3>{swatch}{name}</h3>{table}
<div class="panels">{pictures}</div>{numbers}</article>"#,
        table = table(voice, run),
    )
}

/// Staff, use and waits of each station.
fn table(voice: Voice, run: &Run) -> String {
    let mut rows = String::new();
    for (place, station) in run.figures.stations.iter().enumerate() {
        let used = match station.utilisation {
            Some(used) if used.is_finite() => used_bar(voice, used.clamp(0.0, 1.0)),
            _ => NONE.to_owned(),
        };
        let wait = |value: Option<f64>| value.map_or(NONE.to_owned(), short);
        let _ = write!(
            rows,
            r#"<tr><th scope="row">{name}<small>{staff}</small></th><td>{used}</td><td><span class="used">{mean_is} <b>{mean}</b><br>{p95_is} <b>{p95}</b></span></td></tr>"#,
            name = escape(&voice.station(&station.name)),
            staff = staff(voice, run.site.lanes, run.site.stations.get(place), station),
            mean_is = voice.word("report.table.wait_mean"),
            mean = wait(station.wait_min.mean),
            p95_is = voice.word("report.table.wait_p95"),
            p95 = wait(station.wait_min.p95),
        );
    }
    let head = ["report.table.station", "report.table.use", "report.waits.axis"];
    let head: String =
        head.iter().map(|key| format!(r#"<th scope="col">{}</th>"#, voice.word(key))).collect();
    let caption = voice.word("report.stations.table");
    format!(
        r#"<table class="stations"><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"#
    )
}

/// Busy and idle as a bar and in words.
fn used_bar(voice: Voice, used: f64) -> String {
    format!(
        r#"<span class="use" aria-hidden="true"><i style="width:{width}"></i></span>
<span class="used">{busy}<br>{idle}</span>"#,
        width = super::number::place(used),
        busy = voice.say("report.busy", &[("n", &percent(used))]),
        idle = voice.say("report.idle", &[("n", &percent(1.0 - used))]),
    )
}

/// How many serve at a station.
fn staff(voice: Voice, lanes: u16, station: Option<&Station>, figures: &StationFigures) -> String {
    let Some(servers) = figures.servers else { return voice.word("report.staff.unlimited") };
    let servers = servers.to_string();
    let gaps = [("servers", servers.as_str())];
    match (station.is_some_and(|station| station.shared), lanes) {
        (true, _) => voice.say("report.staff.shared", &gaps),
        (false, 1) => voice.say("report.staff.one_lane", &gaps),
        (false, lanes) => {
            voice.say("report.staff.lanes", &[("servers", &servers), ("lanes", &lanes.to_string())])
        }
    }
}

/// Staff at a station in all lanes together, from these minutes after opening; `None` where they are not counted.
fn staffing(station: &Station, lanes: u16) -> Option<Vec<(f64, f64)>> {
    let lanes = if station.shared { 1.0 } else { f64::from(lanes) };
    match &station.servers {
        Servers::Unlimited => None,
        Servers::Calendar(calendar) => {
            let minute = |ticks: i64| ticks as f64 / rehearse::TICKS_PER_MINUTE as f64;
            Some(
                calendar
                    .0
                    .iter()
                    .map(|&(from, servers)| (minute(from), f64::from(servers) * lanes))
                    .collect(),
            )
        }
    }
}

/// People waiting and being served at every tick.
fn by_time(sheet: &Sheet, voice: Voice, run: &Run) -> Table {
    let stations = &run.figures.stations;
    let mut head = vec![voice.plain("report.table.time", &[])];
    for station in stations {
        let name = voice.station(&station.name);
        head.push(voice.plain("report.table.waiting_at", &[("station", &name)]));
        head.push(voice.plain("report.table.served_at", &[("station", &name)]));
    }
    let curves = &run.curves;
    let value = |curves: &[Vec<f64>], station: usize, tick: f64| {
        let known = curves.get(station).and_then(|values| at(values, run.curves.first_minute, tick));
        known.map_or(NONE.to_owned(), short)
    };
    let rows = sheet.day.ticks.iter().map(|&tick| {
        let mut row = vec![sheet.daytime.at(tick)];
        for station in 0..stations.len() {
            row.push(value(&curves.waiting_at, station, tick));
            row.push(value(&curves.served_at, station, tick));
        }
        row
    });
    Table { head, rows: rows.collect() }
}
