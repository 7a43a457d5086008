//! Slips to be handed out, with codes that whoever gets one shows or opens: plain paper with lines along which to cut.

use super::{A4, Fonts, Mark, Page, Style};

/// A slip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// For whom it is, large: a door.
    pub large: String,
    /// The same more closely, beside it; may be empty.
    pub small: String,
    /// What is on it, from the left; two at most.
    pub codes: Vec<SlipCode>,
}

/// A code on a slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipCode {
    /// What a camera reads.
    pub code: String,
    /// The same for people, where it can be typed.
    pub letters: String,
    /// What it is for.
    pub says: String,
}

/// Slips that are handed out on one way, on sheets of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// What stands above each sheet.
    pub head: String,
    /// The slips, in the order of the way.
    pub slips: Vec<Slip>,
}

const COLUMNS: usize = 2;
const ROWS: usize = 5;
/// A slip's width and height.
const SIZE: (f32, f32) = (96.0, 54.0);
/// Below the head of a sheet.
const TOP: f32 = 16.0;
const INSET: f32 = 5.0;
/// From the line to the letters below it: less than beside them, so that a code has its quiet zone.
const ABOVE: f32 = 4.0;
/// A link of 180 letters has 57 modules: half a millimetre each, which any telephone reads at arm's length.
const SIDE: f32 = 28.0;
/// A tube's or a visit's code has 21: a millimetre each. Wider ones would want a wider quiet zone.
const SIDE_SHORT: f32 = 21.0;
/// Letters that such a code has at most.
const SHORT: usize = 20;
const LARGE: f32 = 7.0;
const SMALL: f32 = 4.2;
const SAYS: f32 = 3.0;
const HEAD: f32 = 4.0;

/// The slips on as many sheets as they need, row by row.
pub fn slips(ways: &[Way], fonts: &Fonts) -> Vec<Page> {
    ways.iter().flat_map(|way| way.slips.chunks(COLUMNS * ROWS).map(|some| page(way, some, fonts))).collect()
}

fn page(way: &Way, some: &[Slip], fonts: &Fonts) -> Page {
    let left = (A4.0 - COLUMNS as f32 * SIZE.0) / 2.0;
    let mut marks = vec![text((left + INSET, TOP - 4.0), HEAD, Style::Text, &way.head)];
    for (place, slip) in some.iter().enumerate() {
        let (column, row) = (place % COLUMNS, place / COLUMNS);
        let corner = (left + column as f32 * SIZE.0, TOP + row as f32 * SIZE.1);
        marks_of(slip, corner, fonts, &mut marks);
    }
    marks.extend(cuts(left, some.len().div_ceil(COLUMNS)));
    Page { marks }
}

fn marks_of(slip: &Slip, (left, top): (f32, f32), fonts: &Fonts, marks: &mut Vec<Mark>) {
    let room = SIZE.0 - 2.0 * INSET;
    // What is too long for the slip is printed smaller, not over its neighbour.
    let own = fonts.width(Style::Code, LARGE, &slip.large).max(0.1);
    let beside = fonts.width(Style::Text, SMALL, &slip.small).max(0.1);
    let large = LARGE * (room * 0.55 / own).min(1.0);
    let small = SMALL * (room * 0.42 / beside).min(1.0);
    let y = top + ABOVE + LARGE * 0.8;
    marks.push(text((left + INSET, y), large, Style::Code, &slip.large));
    let x = left + SIZE.0 - INSET - fonts.width(Style::Text, small, &slip.small);
    marks.push(text((x, y), small, Style::Text, &slip.small));
    for (place, code) in slip.codes.iter().enumerate() {
        let x = left + INSET + place as f32 * SIZE.0 / 2.0;
        let at = (x, top + ABOVE + LARGE + 2.8);
        let side = if code.code.len() > SHORT { SIDE } else { SIDE_SHORT };
        marks.push(Mark::Qr { at, side, text: code.code.clone() });
        let mut y = at.1 + SIDE + 3.0;
        let room = if slip.codes.len() > 1 { SIZE.0 / 2.0 - INSET - 1.0 } else { SIZE.0 - 2.0 * INSET };
        let mut line = |style, said: &str| {
            y += SAYS * 1.25;
            let wide = fonts.width(style, SAYS, said).max(0.1);
            marks.push(text((x, y), SAYS * (room / wide).min(1.0), style, said));
        };
        if !code.letters.is_empty() {
            line(Style::Code, &code.letters);
        }
        line(Style::Text, &code.says);
    }
}

/// Lines along which a sheet with so many rows is cut.
fn cuts(left: f32, rows: usize) -> impl Iterator<Item = Mark> {
    let bottom = TOP + rows as f32 * SIZE.1;
    let line = |from, to| Mark::Line { from, to, width: 0.15, dashed: true };
    let across = (0..=rows).map(move |row| {
        let y = TOP + row as f32 * SIZE.1;
        line((left, y), (A4.0 - left, y))
    });
    let down = (0..=COLUMNS).map(move |column| {
        let x = left + column as f32 * SIZE.0;
        line((x, TOP), (x, bottom))
    });
    across.chain(down)
}

fn text(at: (f32, f32), size: f32, style: Style, text: &str) -> Mark {
    Mark::Text { at, size, style, text: text.to_owned() }
}
