//! Codes on sheets of labels, or on plain paper with lines along which to cut.

use super::{A4, Mark, Page, Style};

/// A sheet of A4 with labels, or with fields to cut out; all measures in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelSheet {
    /// How it is called: columns and rows.
    pub name: &'static str,
    /// Labels beside each other.
    pub columns: usize,
    /// Labels below each other.
    pub rows: usize,
    /// A label's width.
    pub width: f32,
    /// A label's height.
    pub height: f32,
    /// Between two columns.
    pub gap: f32,
    /// Whether the paper has no labels, and is cut.
    pub cut: bool,
}

/// Sheets that shops have, and plain paper.
pub const SHEETS: &[LabelSheet] = &[
    LabelSheet { name: "3x8", columns: 3, rows: 8, width: 70.0, height: 37.0, gap: 0.0, cut: false },
    LabelSheet { name: "5x13", columns: 5, rows: 13, width: 38.1, height: 21.2, gap: 2.54, cut: false },
    LabelSheet { name: "plain", columns: 4, rows: 9, width: 48.0, height: 30.0, gap: 0.0, cut: true },
];

/// What a label says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What a camera reads.
    pub code: String,
    /// The same for people, the part that is typed by hand first: `010J-S22P-E`.
    pub large: String,
    /// What may be left out when it is typed.
    pub small: String,
}

/// Around what is printed: printers and labels are a millimetre off.
const INSET: f32 = 3.0;
/// Modules of a QR code of a tube's code, and of the quiet zone that it needs on each side.
const MODULES: f32 = 21.0;
const QUIET: f32 = 4.0;
/// A code's letters are so wide, as a part of their size.
const ADVANCE: f32 = 0.603;
/// No letters are larger than this.
const LARGEST: f32 = 6.0;

/// The labels on as many sheets as they need, row by row.
pub fn labels(sheet: &LabelSheet, labels: &[Label]) -> Vec<Page> {
    let page = |some: &[Label]| {
        let mut marks = if sheet.cut { cuts(sheet) } else { Vec::new() };
        for (place, label) in some.iter().enumerate() {
            marks.extend(marks_of(sheet, sheet.corner(place), label));
        }
        Page { marks }
    };
    labels.chunks(sheet.columns * sheet.rows).map(page).collect()
}

impl LabelSheet {
    /// The sheet of this name.
    pub fn named(name: &str) -> Option<&'static LabelSheet> {
        SHEETS.iter().find(|sheet| sheet.name == name)
    }

    /// The upper left corner of a label.
    fn corner(&self, place: usize) -> (f32, f32) {
        let (column, row) = (place % self.columns, place / self.columns);
        let (left, top) = self.margins();
        (left + column as f32 * (self.width + self.gap), top + row as f32 * self.height)
    }

    /// Left and above; the labels stand in the middle of the sheet.
    fn margins(&self) -> (f32, f32) {
        let wide = self.columns as f32 * self.width + (self.columns - 1) as f32 * self.gap;
        ((A4.0 - wide) / 2.0, (A4.1 - self.rows as f32 * self.height) / 2.0)
    }
}

/// The QR code on the left, the letters beside it: what is read aloud is the largest.
fn marks_of(sheet: &LabelSheet, (left, top): (f32, f32), label: &Label) -> Vec<Mark> {
    let high = sheet.height - 2.0 * INSET;
    let side = high.min(sheet.width * 0.42);
    let quiet = QUIET * side / MODULES;
    let at = (left + quiet.max(INSET), top + (sheet.height - side) / 2.0);
    let letters = at.0 + side + quiet;
    let room = left + sheet.width - INSET - letters;
    let (first, rest) = label.large.split_once('-').unwrap_or((&label.large, ""));
    let fits = |text: &str, most: f32| (room / (text.chars().count().max(1) as f32 * ADVANCE)).min(most);
    let large = fits(first, (high * 0.36).min(LARGEST * 1.6));
    let middle = fits(rest, (high * 0.22).min(LARGEST));
    let small = fits(&label.small, (high * 0.16).min(LARGEST * 0.6));
    let lines = [(first, large), (rest, middle), (label.small.as_str(), small)];
    // Capitals fill three quarters of their square.
    let all: f32 = lines.iter().map(|(_, size)| size * 1.15).sum();
    let mut y = top + (sheet.height - all) / 2.0;
    let mut marks = vec![Mark::Qr { at, side, text: label.code.clone() }];
    for (text, size) in lines {
        y += size * 1.15;
        let text = text.to_owned();
        marks.push(Mark::Text { at: (letters, y - size * 0.25), size, style: Style::Code, text });
    }
    marks
}

/// Lines along which a plain sheet is cut.
fn cuts(sheet: &LabelSheet) -> Vec<Mark> {
    let (left, top) = sheet.margins();
    let (right, bottom) = (A4.0 - left, A4.1 - top);
    let line = |from, to| Mark::Line { from, to, width: 0.15, dashed: true };
    let down = (0..=sheet.columns).map(|column| {
        let x = left + column as f32 * sheet.width;
        line((x, top), (x, bottom))
    });
    let across = (0..=sheet.rows).map(|row| {
        let y = top + row as f32 * sheet.height;
        line((left, y), (right, y))
    });
    down.chain(across).collect()
}
