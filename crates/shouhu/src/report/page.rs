//! The page as a whole: style, script, the curves drawn once, and the content in each language.

use super::{
    Report, crowding, green, head, key_figures, making, queue,
    sheet::Sheet,
    stations,
    voice::{Voice, escape},
    waits,
};
use std::fmt::Write;
use words::Language;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page.
pub(super) fn page(report: &Report) -> String {
    let sheet = Sheet::new(report);
    let curves = [queue::paths(&sheet), waits::paths(&sheet), stations::paths(&sheet)].concat();
    let contents: String =
        report.languages.iter().map(|&language| content(&sheet, Voice { language })).collect();
    let first = report.languages.first().copied().unwrap_or(Language::En);
    html(&title(&sheet, Voice { language: first }), "", &curves, &contents, &report.languages)
}

/// A page that stands alone: its style and one more, its script, the curves that it uses, and its content, in each of the languages.
pub(super) fn html(title: &str, style: &str, curves: &str, contents: &str, languages: &[Language]) -> String {
    let tags: Vec<String> = languages.iter().map(|one| format!("{} {}", one.tag(), one.html())).collect();
    let first = languages.first().map_or("en", |first| first.html());
    let mut shown = String::new();
    for one in languages {
        let _ = write!(shown, "[data-lang={}] main[lang={}]{{display:block}}", one.tag(), one.html());
    }
    // The language and theme are chosen before the first line is drawn, so that nothing flickers.
    format!(
        r#"<!DOCTYPE html><html lang="{first}" data-languages="{tags}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title}</title>
<style>{STYLE}{shown}{style}</style><script>{SCRIPT}</script></head><body>
<svg class="curves" width="0" height="0" aria-hidden="true"><defs>{curves}</defs></svg>
{contents}</body></html>
"#,
        tags = tags.join(",")
    )
}

fn title(sheet: &Sheet, voice: Voice) -> String {
    let name = sheet.report.scenario.community.name.as_str();
    voice.say("report.title", &[("community", name)])
}

fn content(sheet: &Sheet, voice: Voice) -> String {
    let rooms = sheet.report.runs.iter().any(|run| run.site.room.is_some());
    let pair = if rooms { "pair sides" } else { "pair" };
    let parts = [
        head::findings(sheet, voice),
        key_figures::key_figures(sheet, voice),
        queue::queue(sheet, voice),
        format!(
            r#"<div class="{pair}">{}{}</div>"#,
            waits::waits(sheet, voice),
            crowding::crowding(sheet, voice)
        ),
        stations::stations(sheet, voice),
        green::green(sheet, voice),
        making::making(sheet, voice),
    ];
    format!(
        r#"<main lang="{lang}" data-title="{title}" data-minutes="{minutes}">{head}{parts}<footer>{foot}</footer></main>"#,
        lang = voice.tag(),
        title = title(sheet, voice),
        minutes = voice.word("report.min"),
        head = head::title(sheet, voice),
        parts = parts.concat(),
        foot = escape(&voice.plain("report.foot", &[])),
    )
}
