//! A review's document as a page that stands alone, in each language.

use super::{
    axis::{Axis, Daytime},
    curve, figure, head, page,
    plot::{Across, Plot, define},
    voice::{Voice, escape},
};
use formats::{Block, Document, Part, Picture, Table};
use std::fmt::Write;
use words::Language;

const STYLE: &str = include_str!("review.css");

/// The same document in each of the languages as one page.
pub fn review_page(documents: &[(Language, Document)]) -> String {
    let title = documents.first().map_or("", |(_, document)| document.title.as_str());
    let pictures = documents.first().map(|(_, document)| pictures(document)).unwrap_or_default();
    let curves: String = pictures.iter().enumerate().map(|(place, picture)| paths(place, picture)).collect();
    let languages: Vec<Language> = documents.iter().map(|(language, _)| *language).collect();
    let contents: String = documents
        .iter()
        .map(|(language, document)| content(document, &languages, Voice { language: *language }))
        .collect();
    page::html(&escape(title), STYLE, &curves, &contents, &languages)
}

fn pictures(document: &Document) -> Vec<&Picture> {
    let blocks = document.parts.iter().flat_map(|part| &part.blocks);
    let pictures = blocks.filter_map(|block| match block {
        Block::Picture(picture) => Some(picture),
        _ => None,
    });
    pictures.collect()
}

fn content(document: &Document, languages: &[Language], voice: Voice) -> String {
    let mut facts = String::new();
    for (name, value) in &document.facts {
        let _ = write!(facts, "<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(value));
    }
    let mut drawn = 0;
    let parts: String = document.parts.iter().map(|one| part(one, &mut drawn, voice)).collect();
    format!(
        r#"<main lang="{lang}" data-title="{title}" data-minutes="{minutes}"><header>{switches}<p class="brand">{brand}</p><h1>{title}</h1><dl class="facts">{facts}</dl></header>{parts}<footer>{foot}</footer></main>"#,
        lang = voice.tag(),
        title = escape(&document.title),
        minutes = voice.word("report.min"),
        switches = head::switches(languages, voice),
        brand = voice.word("review.brand"),
        foot = escape(&document.foot),
    )
}

fn part(part: &Part, drawn: &mut usize, voice: Voice) -> String {
    let body: String = part.blocks.iter().map(|one| block(one, drawn, voice)).collect();
    figure::section("part", &escape(&part.heading), &escape(&part.lead), &body)
}

fn block(block: &Block, drawn: &mut usize, voice: Voice) -> String {
    match block {
        Block::Heading(text) => format!("<h3>{}</h3>", escape(text)),
        Block::Paragraph(text) => format!("<p>{}</p>", escape(text)),
        Block::Quote(text) => format!("<blockquote>{}</blockquote>", escape(text).replace('\n', "<br>")),
        Block::List(sentences) => {
            let list: String = sentences.iter().map(|one| format!("<li>{}</li>", escape(one))).collect();
            format!(r#"<ul class="said">{list}</ul>"#)
        }
        Block::Table(one) => table(one),
        Block::Picture(picture) => {
            *drawn += 1;
            drawing(picture, *drawn - 1, voice)
        }
    }
}

/// A table; one without heading is a form of names and values.
fn table(table: &Table) -> String {
    if !table.head.is_empty() {
        let numbers = figure::Table { head: table.head.clone(), rows: table.rows.clone() };
        return numbers.html(&table.caption, if is_text(table) { "text" } else { "numbers" });
    }
    let mut rows = String::new();
    for row in &table.rows {
        let _ = match row.split_first() {
            // A line to write on has no name.
            Some((only, [])) => write!(rows, "<tr><td>{}</td></tr>", escape(only)),
            Some((name, cells)) => {
                let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
                write!(rows, r#"<tr><th scope="row">{}</th>{cells}</tr>"#, escape(name))
            }
            None => Ok(()),
        };
    }
    let caption = if table.caption.is_empty() {
        String::new()
    } else {
        format!("<caption>{}</caption>", escape(&table.caption))
    };
    format!(r#"<table class="form">{caption}<tbody>{rows}</tbody></table>"#)
}

/// Whether sentences stand in it, or room to write, rather than numbers.
fn is_text(table: &Table) -> bool {
    let long = |cell: &String| cell.is_empty() || cell.chars().count() > 24;
    table.rows.iter().any(|row| row.iter().skip(1).any(long))
}

fn axes(picture: &Picture) -> (Axis, Axis) {
    let ends = picture.lines.iter().map(|line| line.first_minute + line.values.len() as i64);
    let first = picture.lines.iter().map(|line| line.first_minute).min().unwrap_or(0).min(0);
    let most = picture.lines.iter().flat_map(|line| &line.values).copied().fold(0.0, f64::max);
    (Axis::of_day(first, ends.max().unwrap_or(0), daytime(picture)), Axis::from_zero(most))
}

fn daytime(picture: &Picture) -> Daytime {
    Daytime { opens: picture.opens_min }
}

/// The lines, drawn once for all languages.
fn paths(place: usize, picture: &Picture) -> String {
    let (day, people) = axes(picture);
    let line = |(number, line): (usize, &formats::Line)| {
        let points = curve::points(&line.values, line.first_minute as f64, &day, &people);
        define(&format!("r{place}-{number}"), &curve::line(&points))
    };
    picture.lines.iter().enumerate().map(line).collect()
}

fn drawing(picture: &Picture, place: usize, voice: Voice) -> String {
    let (day, people) = axes(picture);
    let mut plot = Plot::new("tall", &day, &people, Across::Day(daytime(picture)));
    let mut legend = String::new();
    for (number, line) in picture.lines.iter().enumerate() {
        plot.path(&format!("r{place}-{number}"), &format!("curve c{number}"), Some(&line.name));
        let _ = write!(
            legend,
            r#"<li class="c{number}"><svg class="swatch c{number}" aria-hidden="true"><line x1="1" y1="50%" x2="25" y2="50%"/></svg><b>{}</b></li>"#,
            escape(&line.name)
        );
    }
    let drawn = format!(r#"<ul class="legend">{legend}</ul>{}"#, plot.html(&picture.told, ""));
    let numbers = figure::Table { head: picture.numbers.head.clone(), rows: picture.numbers.rows.clone() };
    let numbers = figure::numbers(voice, &picture.numbers.caption, &numbers);
    figure::figure(&drawn, &escape(&picture.told), &numbers)
}
