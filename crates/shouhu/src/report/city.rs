//! A city's page: its map over the day, the sites and districts to look at first, its tubes and labs.

use super::{
    figure::{Table, numbers, section},
    head,
    number::{NONE, percent, short, whole},
    page,
    voice::{Voice, escape},
};
use crate::command::city::level_word;
use rehearse::city::{HourFigures, Level};
use std::fmt::Write;
use verbs::city::LivedCity;
use words::Language;

const STYLE: &str = concat!(include_str!("review.css"), include_str!("city.css"));
const SCRIPT: &str = include_str!("city.js");
/// Units across the map.
const WIDTH: f64 = 1_000.0;

/// The page: one HTML file that loads nothing.
pub fn city_page(lived: &LivedCity, command: &str, seed: u64, languages: &[Language]) -> String {
    let contents: String = languages
        .iter()
        .map(|&language| content(lived, command, seed, languages, Voice { language }))
        .collect();
    let data = Map::of(lived).map_or_else(String::new, |map| {
        format!(
            r#"<script type="application/json" id="city">{}</script><script>{SCRIPT}</script>"#,
            map.json()
        )
    });
    page::html(&escape(&lived.city.name), STYLE, "", &(contents + &data), languages)
}

fn content(lived: &LivedCity, command: &str, seed: u64, languages: &[Language], voice: Voice) -> String {
    let city = &lived.city;
    let findings: String =
        lived.findings().iter().map(|one| format!("<li>{}</li>", voice.finding(one))).collect();
    let parts = [
        format!(r#"<section class="findings"><ol>{findings}</ol></section>"#),
        map(lived, voice),
        worst(lived, voice),
        tubes(lived, voice),
        districts(lived, voice),
        labs(lived, voice),
        making(lived, command, seed, voice),
    ];
    format!(
        r#"<main lang="{lang}" data-title="{title}" data-minutes="{minutes}"><header>{switches}<p class="brand">{brand}</p><h1>{title}</h1><p class="date">{date}</p></header>{parts}<footer>{foot}</footer></main>"#,
        lang = voice.tag(),
        title = escape(&city.name),
        minutes = voice.word("report.min"),
        switches = head::switches(languages, voice),
        brand = voice.word("review.brand"),
        date = domain::day_and_time(city.round.opens),
        parts = parts.concat(),
        foot = voice.word("report.foot"),
    )
}

/// Where each site is on the map, and its levels over the day.
struct Map {
    height: f64,
    places: Vec<(f64, f64)>,
    levels: Vec<String>,
    quarters: usize,
    opens_min: i64,
}

impl Map {
    /// `None` where positions or waits are not known.
    fn of(lived: &LivedCity) -> Option<Map> {
        let city = &lived.city;
        let known: Vec<_> = city.sites.iter().map(|site| site.position).collect::<Option<_>>()?;
        let limits = |of: &dyn Fn(usize) -> f64| {
            (0..known.len()).map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            })
        };
        let (south, north) = limits(&|site| known[site].latitude);
        let (west, east) = limits(&|site| known[site].longitude);
        let narrowing = domain::city::narrowing((south + north) / 2.0);
        let (across, down) = (((east - west) * narrowing).max(1e-6), (north - south).max(1e-6));
        // A city along one line still has a map to look at.
        let height = (WIDTH * down / across).clamp(WIDTH / 4.0, WIDTH * 1.2).round();
        let scale = (WIDTH / across).min(height / down);
        let place = |site: &domain::city::Position| {
            let x = (site.longitude - west) * narrowing * scale;
            let y = (north - site.latitude) * scale;
            (x + (WIDTH - across * scale) / 2.0, y + (height - down * scale) / 2.0)
        };
        let levels: Vec<String> = (0..known.len()).map(|site| runs(&lived.outcome.waits(site))).collect();
        if levels.iter().all(String::is_empty) {
            return None;
        }
        let opens = city.round.opens.time();
        Some(Map {
            height,
            places: known.iter().map(place).collect(),
            levels,
            quarters: lived.outcome.quarters(),
            opens_min: i64::from(opens.hour()) * 60 + i64::from(opens.minute()),
        })
    }

    fn json(&self) -> String {
        let mut sites = String::new();
        for ((x, y), levels) in self.places.iter().zip(&self.levels) {
            let _ = write!(sites, "{}{x:.0} {y:.0} {levels}", if sites.is_empty() { "" } else { "," });
        }
        format!(
            r#"{{"height":{},"quarters":{},"opens":{},"sites":"{sites}"}}"#,
            self.height, self.quarters, self.opens_min
        )
    }
}

/// Levels by quarter of an hour as runs: `a12b3c1` is twelve clear, three busy, one jammed.
fn runs(waits: &[Option<f64>]) -> String {
    let mut text = String::new();
    let letter = |wait: &Option<f64>| match wait.map(Level::of) {
        Some(Level::Clear) => 'a',
        Some(Level::Busy) => 'b',
        Some(Level::Jammed) | None => 'c',
    };
    for run in waits.chunk_by(|one, other| letter(one) == letter(other)) {
        let _ = write!(text, "{}{}", letter(&run[0]), run.len());
    }
    text
}

fn map(lived: &LivedCity, voice: Voice) -> String {
    let title = voice.word("report.city.map");
    let Some(map) = Map::of(lived) else {
        return section("map", &title, &voice.word("report.city.no_map"), "");
    };
    let legend: String = [Level::Clear, Level::Busy, Level::Jammed]
        .into_iter()
        .map(|level| {
            let word = voice.word(level_word(level));
            format!(r#"<li class="{}"><i aria-hidden="true"></i>{word} <output></output></li>"#, class(level))
        })
        .collect();
    let last = map.quarters.saturating_sub(1);
    let body = format!(
        r#"<figure class="city" data-play="{play}" data-stop="{stop}"><canvas width="1000" height="{height}" role="img" aria-label="{title}"></canvas>
<ul class="legend levels">{legend}</ul><p class="day"><button type="button" class="play">{play}</button>
<label>{time} <output class="clock"></output><input type="range" min="0" max="{last}" value="0"></label></p></figure>"#,
        play = voice.word("report.city.play"),
        stop = voice.word("report.city.stop"),
        time = voice.word("report.city.time"),
        height = map.height,
    );
    section("map", &title, &voice.word("report.city.map.lead"), &body)
}

fn class(level: Level) -> &'static str {
    match level {
        Level::Clear => "clear",
        Level::Busy => "busy",
        Level::Jammed => "jammed",
    }
}

fn plain(voice: Voice, key: &str) -> String {
    voice.plain(key, &[])
}

fn worst(lived: &LivedCity, voice: Voice) -> String {
    let word = |key: &str| plain(voice, key);
    let head = vec![
        word("table.city_site"),
        word("table.city_level"),
        word("report.city.wait"),
        word("table.city_queue"),
        word("table.city_unserved"),
        word("report.city.done_97"),
    ];
    let rows = lived.figures.sites.worst.iter().map(|site| {
        vec![
            format!("{} · {}", site.district, site.name),
            plain(voice, level_word(site.level)),
            short(site.wait_p95_min),
            whole(f64::from(site.queue_max)),
            whole(site.unserved),
            site.done_97_min.map_or_else(|| NONE.to_owned(), |minutes| lived.clock(minutes)),
        ]
    });
    let title = word("report.city.worst");
    let table = Table { head, rows: rows.collect() }.html(&title, "numbers");
    section("worst", &escape(&title), &voice.word("report.city.worst.lead"), &table)
}

fn districts(lived: &LivedCity, voice: Voice) -> String {
    let word = |key: &str| plain(voice, key);
    let head = vec![
        word("report.city.district"),
        word("report.city.residents"),
        word("report.city.sites"),
        word("level.clear"),
        word("level.busy"),
        word("level.jammed"),
        word("table.city_unserved"),
    ];
    let rows = lived.figures.districts.iter().map(|district| {
        let counts = [district.residents, district.sites, district.clear, district.busy, district.jammed];
        let counts = counts.map(|count| whole(count as f64));
        let unserved = whole(district.unserved);
        std::iter::once(district.name.clone()).chain(counts).chain([unserved]).collect()
    });
    let title = word("report.city.districts");
    section("districts", &escape(&title), "", &Table { head, rows: rows.collect() }.html(&title, "numbers"))
}

fn labs(lived: &LivedCity, voice: Voice) -> String {
    if lived.figures.labs.is_empty() {
        return String::new();
    }
    let word = |key: &str| plain(voice, key);
    let head = vec![
        word("report.city.lab"),
        word("report.city.tubes_of"),
        word("report.city.busy"),
        word("report.city.lab_queue"),
        word("report.city.lab_wait"),
    ];
    let rows = lived.figures.labs.iter().map(|lab| {
        vec![
            lab.name.clone(),
            whole(lab.tubes),
            percent(lab.utilisation),
            whole(lab.queue_max as f64),
            lab.wait_p95_min.map_or_else(|| NONE.to_owned(), short),
        ]
    });
    let title = word("report.city.labs");
    section("labs", &escape(&title), "", &Table { head, rows: rows.collect() }.html(&title, "numbers"))
}

/// A sum over the hours, as it grows.
type Of = fn(&HourFigures) -> f64;

/// Closed, brought and tested, as sums since the opening.
fn tubes(lived: &LivedCity, voice: Voice) -> String {
    if lived.figures.tubes.is_none() {
        return String::new();
    }
    let columns: [(&str, Of); 3] = [
        ("report.city.closed", |hour| hour.tubes_closed),
        ("report.city.brought", |hour| hour.tubes_brought),
        ("report.city.done", |hour| hour.tubes_done),
    ];
    let hours = &lived.figures.hours;
    let sums = columns.map(|(_, of)| {
        let mut sum = 0.0;
        let mut add = |hour| {
            sum += of(hour);
            sum
        };
        hours.iter().map(&mut add).collect::<Vec<f64>>()
    });
    let most = sums.iter().flatten().copied().fold(1.0, f64::max);
    let (mut lines, mut legend) = (String::new(), String::new());
    for (place, (sum, (key, _))) in sums.iter().zip(&columns).enumerate() {
        let mut points = "0,300".to_owned();
        for (hour, value) in (1u32..).zip(sum) {
            let x = 1_000.0 * f64::from(hour) / hours.len() as f64;
            let _ = write!(points, " {x:.0},{:.0}", 300.0 * (1.0 - value / most));
        }
        let _ = write!(lines, r#"<polyline class="curve c{place}" points="{points}"/>"#);
        let _ = write!(
            legend,
            r#"<li class="c{place}"><svg class="swatch" aria-hidden="true"><line x1="1" y1="50%" x2="25" y2="50%"/></svg>{}</li>"#,
            voice.word(key)
        );
    }
    let title = plain(voice, "report.city.tubes");
    let head = std::iter::once("report.city.time").chain(columns.iter().map(|(key, _)| *key));
    let head = head.map(|key| plain(voice, key)).collect();
    let row = |hour: usize| {
        let clock = lived.clock(60.0 * (hours[hour].hour + 1) as f64);
        std::iter::once(clock).chain(sums.iter().map(|sum| whole(sum[hour]))).collect()
    };
    let table = Table { head, rows: (0..hours.len()).map(row).collect() };
    let body = format!(
        r#"<figure><ul class="legend">{legend}</ul><svg class="growing" viewBox="0 0 1000 300" preserveAspectRatio="none" aria-hidden="true">{lines}</svg>{}</figure>"#,
        numbers(voice, &title, &table)
    );
    section("tubes", &escape(&title), &voice.word("report.city.tubes.lead"), &body)
}

fn making(lived: &LivedCity, command: &str, seed: u64, voice: Voice) -> String {
    let gaps = [("seed", &*seed.to_string()), ("days", &*lived.figures.replications.to_string())];
    let body =
        format!("<p>{}</p><p><code>{}</code></p>", voice.say("report.city.seed", &gaps), escape(command));
    section("making", &voice.word("report.city.making"), "", &body)
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn levels_are_written_as_runs() {
        let waits = [Some(0.0), Some(25.0), Some(25.1), Some(50.0), None];
        assert_eq!(runs(&waits), "a2b1c2");
        assert_eq!(runs(&[]), "");
    }
}
