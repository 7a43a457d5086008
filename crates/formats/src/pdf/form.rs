//! A form to be filled in by hand: a heading, what it is of, a table of rows, and how to fill it in.

use super::{A4, Fonts, Mark, Page, Style};

/// A form, a page of A4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// What it is.
    pub title: String,
    /// Which one: large, in the upper right corner.
    pub number: String,
    /// What it is of, a line each.
    pub facts: Vec<String>,
    /// The table's columns.
    pub columns: Vec<Column>,
    /// Rows, numbered from 1 in a column of their own.
    pub rows: usize,
    /// What stands in the cells of the first rows, from the left; the others are empty.
    pub cells: Vec<Vec<String>>,
    /// How to fill it in, a sentence each.
    pub how: Vec<String>,
}

/// A column of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its heading.
    pub head: String,
    /// Its share of the width.
    pub share: f32,
}

const MARGIN: f32 = 14.0;
const NUMBERS: f32 = 8.0;
const TITLE: f32 = 7.0;
const FACT: f32 = 4.0;
const HEAD: f32 = 3.6;
const HOW: f32 = 3.4;
const LEADING: f32 = 1.4;

/// The forms, a page each.
pub fn forms(forms: &[Form], fonts: &Fonts) -> Vec<Page> {
    forms.iter().map(|form| page(form, fonts)).collect()
}

fn page(form: &Form, fonts: &Fonts) -> Page {
    let mut marks = Vec::new();
    let text = |at, size, style, text: &str| Mark::Text { at, size, style, text: text.to_owned() };
    let right = A4.0 - MARGIN;
    let mut y = MARGIN + TITLE;
    marks.push(text((MARGIN, y), TITLE, Style::Text, &form.title));
    let number = TITLE * 1.4;
    let x = right - fonts.width(Style::Code, number, &form.number);
    marks.push(text((x, y + 1.0), number, Style::Code, &form.number));
    for fact in &form.facts {
        y += FACT * LEADING * 1.1;
        marks.push(text((MARGIN, y), FACT, Style::Text, fact));
    }
    let how: Vec<String> =
        form.how.iter().flat_map(|line| fonts.lines(Style::Text, HOW, line, right - MARGIN)).collect();
    let below = how.len() as f32 * HOW * LEADING + 3.0;
    table(form, fonts, (y + 4.0, A4.1 - MARGIN - below), &mut marks);
    let mut y = A4.1 - MARGIN - below + 3.0;
    for line in &how {
        y += HOW * LEADING;
        marks.push(text((MARGIN, y), HOW, Style::Text, line));
    }
    Page { marks }
}

fn table(form: &Form, fonts: &Fonts, (top, bottom): (f32, f32), marks: &mut Vec<Mark>) {
    let right = A4.0 - MARGIN;
    let shares: f32 = form.columns.iter().map(|column| column.share).sum();
    let mut x = MARGIN + NUMBERS;
    let mut edges = vec![MARGIN, x];
    for column in &form.columns {
        let width = (right - MARGIN - NUMBERS) * column.share / shares;
        // A heading that is too long for its column is printed smaller, not over its neighbour.
        let own = fonts.width(Style::Text, HEAD, &column.head).max(0.1);
        let size = HEAD * ((width - 2.0) / own).min(1.0);
        marks.push(Mark::Text {
            at: (x + 1.0, top + 5.0),
            size,
            style: Style::Text,
            text: column.head.clone(),
        });
        x += width;
        edges.push(x);
    }
    let head = 7.0;
    let high = (bottom - top - head) / form.rows.max(1) as f32;
    let line = |from, to, width| Mark::Line { from, to, width, dashed: false };
    marks.push(line((MARGIN, top), (right, top), 0.4));
    for row in 0..=form.rows {
        let y = top + head + row as f32 * high;
        marks.push(line((MARGIN, y), (right, y), if row == 0 { 0.4 } else { 0.15 }));
        if row < form.rows {
            let (at, text) = ((MARGIN + 1.0, y + high * 0.68), (row + 1).to_string());
            marks.push(Mark::Text { at, size: HEAD, style: Style::Text, text });
        }
    }
    for (row, cells) in form.cells.iter().enumerate() {
        for (cell, edge) in cells.iter().zip(edges[1..].windows(2)) {
            // What is too long for its cell is printed smaller, not over its neighbour.
            let own = fonts.width(Style::Text, FACT, cell).max(0.1);
            let size = FACT * ((edge[1] - edge[0] - 2.0) / own).min(1.0);
            let at = (edge[0] + 1.0, top + head + row as f32 * high + high * 0.68);
            marks.push(Mark::Text { at, size, style: Style::Text, text: cell.clone() });
        }
    }
    marks.extend(edges.into_iter().map(|x| line((x, top), (x, bottom), 0.15)));
}
