//! A poster: what it is, a code that is read from three steps away, and what to do.

use super::{A4, Fonts, Mark, Page, Style};

/// A poster on one sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Poster {
    /// What it is, in large letters.
    pub title: String,
    /// What a camera reads.
    pub code: String,
    /// What to do, a sentence each.
    pub lines: Vec<String>,
    /// What is small, such as what becomes of what people write.
    pub foot: String,
}

const MARGIN: f32 = 18.0;
const TITLE: f32 = 13.0;
const TEXT: f32 = 6.6;
const FOOT: f32 = 4.0;
const LEADING: f32 = 1.4;
const SIDE: f32 = 112.0;
/// Around the code: four modules of the smallest one that holds a link.
const QUIET: f32 = 14.0;

/// The sheet.
pub fn poster(poster: &Poster, fonts: &Fonts) -> Page {
    let mut marks = Vec::new();
    let mut y = MARGIN + 4.0;
    let centred = |y: &mut f32, size: f32, text: &str, marks: &mut Vec<Mark>| {
        for line in fonts.lines(Style::Text, size, text, A4.0 - 2.0 * MARGIN) {
            *y += size * LEADING;
            let x = (A4.0 - fonts.width(Style::Text, size, &line)) / 2.0;
            marks.push(Mark::Text { at: (x, *y), size, style: Style::Text, text: line });
        }
    };
    centred(&mut y, TITLE, &poster.title, &mut marks);
    y += QUIET;
    marks.push(Mark::Qr { at: ((A4.0 - SIDE) / 2.0, y), side: SIDE, text: poster.code.clone() });
    y += SIDE + QUIET;
    for line in &poster.lines {
        centred(&mut y, TEXT, line, &mut marks);
        y += 2.0;
    }
    y += 2.0;
    centred(&mut y, FOOT, &poster.foot, &mut marks);
    Page { marks }
}
