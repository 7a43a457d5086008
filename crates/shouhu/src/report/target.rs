//! A target's page: cases so far and a fan of those to come, the probability by each date, and what moves it.

use super::{
    figure::{Table, figure, numbers, section},
    head,
    number::{percent, short, whole},
    page,
    voice::{Voice, escape},
};
use screening::target::SETS;
use std::fmt::Write;
use verbs::target::{Answer, Outlook, chance_of, set_key};
use words::Language;

const STYLE: &str = concat!(include_str!("review.css"), include_str!("target.css"));
/// Known days that are drawn.
const DRAWN: usize = 42;
/// Width and height of a picture, and what its labels take on the left and below.
const SIZE: (f64, f64) = (1_000.0, 340.0);
const LABELS: (f64, f64) = (70.0, 30.0);

/// The page: one HTML file that loads nothing.
pub fn target_page(answer: &Answer, command: &str, seed: u64, languages: &[Language]) -> String {
    let content = |&language: &Language| content(answer, command, seed, languages, Voice { language });
    let contents: String = languages.iter().map(content).collect();
    let first = languages.first().copied().unwrap_or(Language::En);
    let title = Voice { language: first }.word("target.title");
    page::html(&title, STYLE, "", &contents, languages)
}

fn content(answer: &Answer, command: &str, seed: u64, languages: &[Language], voice: Voice) -> String {
    let spoken = verbs::Voice { language: voice.language };
    let said: String =
        answer.sentences(spoken).iter().map(|one| format!("<li>{}</li>", escape(one))).collect();
    let name = |outlook: &Outlook| answer.name(outlook, spoken);
    let fans: String =
        answer.outlooks.iter().map(|outlook| fan(answer, outlook, &name(outlook), voice)).collect();
    let names: Vec<String> = answer.outlooks.iter().map(name).collect();
    let seed = seed.to_string();
    let parts = [
        format!(r#"<section class="findings"><ol>{said}</ol></section>"#),
        chances(answer, &names, voice),
        section("fans", &voice.word("target.fan"), &voice.word("target.fan.lead"), &fans),
        assumptions(answer, voice),
        section(
            "making",
            &voice.word("report.city.making"),
            "",
            &format!(
                "<p>{}</p><p><code>{}</code></p>",
                voice.say("target.making", &[("seed", &seed)]),
                escape(command)
            ),
        ),
    ];
    format!(
        r#"<main lang="{lang}" data-title="{title}" data-minutes="{minutes}"><header>{switches}<p class="brand">{brand}</p><h1>{title}</h1><p class="date">{first} – {last}</p></header>{parts}<footer>{foot}</footer></main>"#,
        lang = voice.tag(),
        title = voice.word("target.title"),
        minutes = voice.word("report.min"),
        switches = head::switches(languages, voice),
        brand = voice.word("target.brand"),
        first = answer.series.first,
        last = answer.series.last(),
        parts = parts.concat(),
        foot = voice.word("report.foot"),
    )
}

/// A picture's frame: days from left to right, `top` of its own units from below.
struct Frame {
    before: usize,
    days: usize,
    top: f64,
    svg: String,
}

impl Frame {
    fn new(answer: &Answer, before: usize, top: f64) -> Frame {
        let days = answer.outlooks[0].cases.len();
        let mut frame = Frame { before, days, top, svg: String::new() };
        let all = before + days;
        let step = all.div_ceil(8).max(1);
        for place in (0..all).step_by(step) {
            let x = frame.x(place as f64);
            let date =
                answer.series.last().saturating_add(jiff::ToSpan::days(place as i64 + 1 - before as i64));
            let _ = write!(
                frame.svg,
                r#"<text class="at" x="{x:.1}" y="{:.1}" text-anchor="middle">{}-{:02}</text>"#,
                SIZE.1 - 8.0,
                date.month(),
                date.day()
            );
        }
        frame
    }

    /// From a day's place, 0 being the first that is drawn.
    fn x(&self, place: f64) -> f64 {
        LABELS.0 + (SIZE.0 - LABELS.0 - 12.0) * place / (self.before + self.days - 1).max(1) as f64
    }

    fn y(&self, value: f64) -> f64 {
        12.0 + (SIZE.1 - LABELS.1 - 12.0) * (1.0 - (value / self.top).clamp(0.0, 1.0))
    }

    fn level(&mut self, value: f64, label: &str) {
        let y = self.y(value);
        let (left, right) = (LABELS.0, SIZE.0 - 12.0);
        let _ = write!(
            self.svg,
            r#"<line class="level" x1="{left}" x2="{right}" y1="{y:.1}" y2="{y:.1}"/><text class="at" x="{:.1}" y="{:.1}" text-anchor="end">{label}</text>"#,
            left - 6.0,
            y + 4.0
        );
    }

    fn band(&mut self, class: &str, low: &[f64], high: &[f64]) {
        let point = |(day, value): (usize, &f64)| {
            format!("{:.1},{:.1}", self.x((self.before + day) as f64), self.y(*value))
        };
        let there = high.iter().enumerate().map(point);
        let back = low.iter().enumerate().rev().map(point);
        let points: Vec<String> = there.chain(back).collect();
        let _ = write!(self.svg, r#"<polygon class="{class}" points="{}"/>"#, points.join(" "));
    }

    fn line(&mut self, class: &str, values: &[f64]) {
        let point = |(day, value): (usize, &f64)| {
            format!("{:.1},{:.1}", self.x((self.before + day) as f64), self.y(*value))
        };
        let points: Vec<String> = values.iter().enumerate().map(point).collect();
        let _ = write!(self.svg, r#"<polyline class="{class}" points="{}"/>"#, points.join(" "));
    }

    fn moment(&mut self, place: usize) {
        let x = self.x(place as f64);
        let _ = write!(
            self.svg,
            r#"<line class="moment" x1="{x:.1}" x2="{x:.1}" y1="12" y2="{:.1}"/>"#,
            SIZE.1 - LABELS.1
        );
    }

    fn html(self, told: &str) -> String {
        format!(
            r#"<svg class="fan" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>"#,
            SIZE.0,
            SIZE.1,
            escape(told),
            self.svg
        )
    }
}

/// Cases so far, and those to come, on a scale of shares: each line is ten times the one below.
fn fan(answer: &Answer, outlook: &Outlook, name: &str, voice: Voice) -> String {
    let known = &answer.series.cases[answer.series.cases.len().saturating_sub(DRAWN)..];
    let high = outlook.cases.iter().map(|of| of[4]).chain(known.iter().flatten().copied());
    let log = |cases: f64| (1.0 + cases).log10();
    let top = log(high.fold(9.0, f64::max));
    let mut frame = Frame::new(answer, known.len(), top);
    frame.level(0.0, "0");
    for power in 0..=top.floor() as i32 {
        let cases = 10_f64.powi(power);
        frame.level(log(cases), &whole(cases));
    }
    let all = |place: usize| outlook.cases.iter().map(|of| log(of[place])).collect::<Vec<f64>>();
    frame.band("wide", &all(0), &all(4));
    frame.band("narrow", &all(1), &all(3));
    frame.line("curve c0", &all(2));
    for (place, cases) in known.iter().enumerate() {
        if let Some(cases) = cases {
            let (x, y) = (frame.x(place as f64), frame.y(log(*cases)));
            let _ = write!(frame.svg, r#"<circle class="known" cx="{x:.1}" cy="{y:.1}" r="3.5"/>"#);
        }
    }
    frame.moment(known.len() + answer.by_day);
    let head = ["target.table.by", "target.p05", "target.p25", "target.p50", "target.p75", "target.p95"];
    let rows = outlook
        .cases
        .iter()
        .enumerate()
        .map(|(day, of)| std::iter::once(answer.date(day).to_string()).chain(of.map(whole)).collect());
    let head = head.map(|key| voice.plain(key, &[])).to_vec();
    let table = numbers(voice, name, &Table { head, rows: rows.collect() });
    figure(&frame.html(name), &escape(name), &table)
}

/// The probability by each date, a line for each policy, and the first one's spread.
fn chances(answer: &Answer, names: &[String], voice: Voice) -> String {
    let mut frame = Frame::new(answer, 0, 1.0);
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        frame.level(share, &percent(share));
    }
    let first = &answer.outlooks[0];
    let spread: Vec<[f64; 3]> = (0..first.cases.len()).map(|day| first.by(day)).collect();
    let of = |place: usize| spread.iter().map(|one| one[place]).collect::<Vec<f64>>();
    frame.band("wide", &of(1), &of(2));
    let mut legend = String::new();
    for (place, (outlook, name)) in answer.outlooks.iter().zip(names).enumerate() {
        let class = place % 8;
        frame.line(&format!("curve c{class}"), &outlook.probability[..first.cases.len()]);
        let _ = write!(
            legend,
            r#"<li class="c{class}"><svg class="swatch c{class}" aria-hidden="true"><line x1="1" y1="50%" x2="25" y2="50%"/></svg>{}</li>"#,
            escape(name)
        );
    }
    frame.moment(answer.by_day);
    let head = std::iter::once(voice.plain("target.table.by", &[])).chain(names.iter().cloned()).collect();
    let rows = (0..first.cases.len()).map(|day| {
        let shares = answer.outlooks.iter().map(|outlook| {
            let [probability, low, high] = outlook.by(day).map(chance_of);
            format!("{probability} ({low} – {high})")
        });
        std::iter::once(answer.date(day).to_string()).chain(shares).collect()
    });
    let title = voice.word("target.chances");
    let table = numbers(voice, &title, &Table { head, rows: rows.collect() });
    let lead = escape(&answer.goal_in_words(verbs::Voice { language: voice.language }));
    let picture = format!(r#"<ul class="legend">{legend}</ul>{}"#, frame.html(&title));
    section("chances", &title, &lead, &figure(&picture, &voice.word("target.chances.lead"), &table))
}

/// Each set of assumptions by itself.
fn assumptions(answer: &Answer, voice: Voice) -> String {
    let head = ["target.table.assumptions", "target.table.by_date", "target.table.r"];
    let sets = SETS.iter().zip(&answer.sets).zip(&answer.outlooks[0].by_set);
    let rows = sets.map(|((set, (r, _)), by)| {
        let [low, median, high] = r.map(short);
        let name = voice.plain(set_key(set.name), &[]);
        vec![name, chance_of(by[answer.by_day]), format!("{median} ({low} – {high})")]
    });
    let title = voice.word("target.assumptions");
    let head = head.map(|key| voice.plain(key, &[])).to_vec();
    let table = Table { head, rows: rows.collect() }.html(&title, "numbers");
    section("assumptions", &title, &voice.word("target.assumptions.lead"), &table)
}
