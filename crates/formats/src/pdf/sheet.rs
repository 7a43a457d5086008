//! A document on sheets of paper, or on one picture as high as it needs: a title, what matters most in large letters, a code
//! for cameras, and its parts below each other.

use super::{A4, Fonts, Mark, Page, Style};
use crate::{Block, Document, Table};

/// What stands above the document's parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sheet<'a> {
    /// All that it says.
    pub document: &'a Document,
    /// Which one it is: in the upper right corner.
    pub number: &'a str,
    /// What to see from two steps away, a line each.
    pub large: &'a [String],
    /// What a camera reads; empty: no code.
    pub code: &'a str,
}

/// The paper, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paper {
    /// Its width.
    pub width: f32,
    /// Its height; absent: as high as it takes, on one page.
    pub height: Option<f32>,
    /// Around what is printed.
    pub margin: f32,
}

impl Paper {
    /// A4 upright.
    pub const A4: Paper = Paper { width: A4.0, height: Some(A4.1), margin: 16.0 };
    /// A picture that fills a telephone's width.
    pub const TELEPHONE: Paper = Paper { width: 120.0, height: None, margin: 8.0 };
}

const TITLE: f32 = 9.0;
const LARGE: f32 = 6.4;
/// Large letters become so much smaller at most to stay on one line.
const SMALLER_MIN: f32 = 0.8;
const HEADING: f32 = 5.0;
const TEXT: f32 = 4.1;
const SMALL: f32 = 3.2;
const LEADING: f32 = 1.42;
/// A code's side; its quiet zone is the space around it.
const CODE: f32 = 30.0;
const QUIET: f32 = 3.0;

/// The pages, and their height in millimetres.
pub fn sheets(sheet: &Sheet<'_>, paper: Paper, fonts: &Fonts) -> (Vec<Page>, f32) {
    let mut writer = Writer { fonts, paper, pages: vec![Page::default()], y: paper.margin };
    writer.head(sheet);
    for part in &sheet.document.parts {
        writer.space(3.0);
        // A heading is not left alone at the foot of a page.
        writer.room(HEADING * LEADING + 5.0 * TEXT * LEADING);
        writer.text(&part.heading, HEADING, 0.0);
        writer.rule(0.25);
        if !part.lead.is_empty() {
            writer.text(&part.lead, TEXT, 0.0);
        }
        for block in &part.blocks {
            writer.block(block);
        }
    }
    writer.finish(&sheet.document.foot)
}

struct Writer<'a> {
    fonts: &'a Fonts,
    paper: Paper,
    pages: Vec<Page>,
    y: f32,
}

impl Writer<'_> {
    fn left(&self) -> f32 {
        self.paper.margin
    }
    fn right(&self) -> f32 {
        self.paper.width - self.paper.margin
    }
    fn mark(&mut self, mark: Mark) {
        self.pages.last_mut().expect("there is one").marks.push(mark);
    }
    fn space(&mut self, high: f32) {
        self.y += high;
    }
    /// A new page, unless so much fits on this one.
    fn room(&mut self, high: f32) {
        let Some(height) = self.paper.height else { return };
        let foot = SMALL * LEADING + 2.0;
        if self.y + high > height - self.paper.margin - foot {
            self.pages.push(Page::default());
            self.y = self.paper.margin;
        }
    }
    fn line(&mut self, text: &str, size: f32, x: f32) {
        self.room(size * LEADING);
        self.y += size * LEADING;
        let at = (x, self.y - size * (LEADING - 1.0));
        self.mark(Mark::Text { at, size, style: Style::Text, text: text.to_owned() });
    }
    fn text(&mut self, text: &str, size: f32, indent: f32) {
        let width = self.right() - self.left() - indent;
        for paragraph in text.lines() {
            for line in self.fonts.lines(Style::Text, size, paragraph, width) {
                self.line(&line, size, self.left() + indent);
            }
        }
    }
    fn rule(&mut self, width: f32) {
        self.y += 1.4;
        let (from, to) = ((self.left(), self.y), (self.right(), self.y));
        self.mark(Mark::Line { from, to, width, dashed: false });
        self.y += 0.8;
    }

    /// The title with its number and code, and what is large.
    fn head(&mut self, sheet: &Sheet<'_>) {
        let (top, right) = (self.y, self.right());
        let mut below = top;
        let mut room = right - self.left();
        if !sheet.code.is_empty() {
            let side = CODE.min(self.paper.width * 0.27);
            self.mark(Mark::Qr { at: (right - side, top), side, text: sheet.code.to_owned() });
            below = top + side + QUIET;
            room -= side + QUIET * 2.0;
        }
        for line in self.fonts.lines(Style::Text, TITLE, &sheet.document.title, room) {
            self.line(&line, TITLE, self.left());
        }
        self.y += 1.5;
        let facts = std::iter::once(sheet.number.to_owned())
            .chain(sheet.document.facts.iter().map(|(name, value)| format!("{name}  {value}")));
        for fact in facts.filter(|fact| !fact.is_empty()) {
            for line in self.fonts.lines(Style::Text, TEXT, &fact, room) {
                self.line(&line, TEXT, self.left());
            }
        }
        self.y = self.y.max(below);
        if sheet.large.is_empty() {
            return;
        }
        self.rule(0.9);
        for large in sheet.large {
            // A last word alone on a line of its own is worse than slightly smaller letters.
            let own = self.fonts.width(Style::Text, LARGE, large).max(0.1);
            let fits = (right - self.left()) / own;
            self.text(large, if fits >= SMALLER_MIN { LARGE * fits.min(1.0) * 0.999 } else { LARGE }, 0.0);
            self.y += 1.0;
        }
        self.rule(0.9);
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => {
                self.y += 1.4;
                self.room(3.0 * TEXT * LEADING);
                self.text(text, TEXT * 1.16, 0.0);
            }
            Block::Paragraph(text) => {
                self.text(text, TEXT, 0.0);
                self.y += 1.0;
            }
            Block::Quote(text) => self.quote(text),
            Block::List(sentences) => {
                for sentence in sentences {
                    self.room(TEXT * LEADING);
                    let at = (self.left(), self.y + TEXT);
                    self.mark(Mark::Text { at, size: TEXT, style: Style::Text, text: "•".to_owned() });
                    self.text(sentence, TEXT, 4.0);
                }
            }
            Block::Table(table) => self.table(table),
            Block::Picture(picture) => {
                self.text(&picture.told, TEXT, 0.0);
                self.table(&picture.numbers);
            }
        }
    }

    /// A bar on the left of each line: these are somebody else's words.
    fn quote(&mut self, text: &str) {
        let width = self.right() - self.left() - 4.0;
        self.y += 0.8;
        for paragraph in text.lines() {
            for line in self.fonts.lines(Style::Text, TEXT * 0.94, paragraph, width) {
                let size = TEXT * 0.94;
                self.line(&line, size, self.left() + 4.0);
                let (x, bottom) = (self.left() + 1.0, self.y + 0.4);
                let (from, to) = ((x, bottom - size * LEADING), (x, bottom));
                self.mark(Mark::Line { from, to, width: 0.7, dashed: false });
            }
        }
        self.y += 1.0;
    }

    /// Columns as wide as their widest cell asks; the widest gives way where they do not fit.
    fn table(&mut self, table: &Table) {
        let columns = table.rows.iter().chain([&table.head]).map(Vec::len).max().unwrap_or(0);
        if columns == 0 {
            return;
        }
        let gap = 4.0;
        let widest = |column: usize| {
            let cells = table.rows.iter().chain([&table.head]).filter_map(|row| row.get(column));
            cells.map(|cell| self.fonts.width(Style::Text, TEXT, cell)).fold(4.0_f32, f32::max)
        };
        let mut widths: Vec<f32> = (0..columns).map(widest).collect();
        let room = self.right() - self.left() - gap * (columns - 1) as f32;
        let over = widths.iter().sum::<f32>() - room;
        if over > 0.0 {
            let wide = (0..columns).max_by(|&a, &b| widths[a].total_cmp(&widths[b])).unwrap_or(0);
            widths[wide] = (widths[wide] - over).max(room / columns as f32 / 2.0);
        }
        if !table.head.is_empty() {
            self.row(&table.head, &widths, gap, SMALL);
        }
        for row in &table.rows {
            self.row(row, &widths, gap, TEXT);
        }
        self.y += 1.0;
    }

    fn row(&mut self, cells: &[String], widths: &[f32], gap: f32, size: f32) {
        let broken: Vec<Vec<String>> = cells
            .iter()
            .zip(widths)
            .map(|(cell, &width)| self.fonts.lines(Style::Text, size, cell, width + 0.5))
            .collect();
        let high = broken.iter().map(Vec::len).max().unwrap_or(1) as f32 * size * LEADING;
        self.room(high + 1.0);
        let top = self.y;
        let mut x = self.left();
        for (lines, width) in broken.iter().zip(widths) {
            self.y = top;
            for line in lines {
                self.y += size * LEADING;
                let at = (x, self.y - size * (LEADING - 1.0));
                self.mark(Mark::Text { at, size, style: Style::Text, text: line.clone() });
            }
            x += width + gap;
        }
        self.y = top + high + 0.4;
        let (from, to) = ((self.left(), self.y), (self.right(), self.y));
        self.mark(Mark::Line { from, to, width: 0.1, dashed: false });
        self.y += 0.4;
    }

    /// The last line of each page, with its number where there are several.
    fn finish(mut self, foot: &str) -> (Vec<Page>, f32) {
        let high = self.paper.height.unwrap_or(self.y + SMALL * LEADING * 2.0 + self.paper.margin);
        let (left, right, y) = (self.left(), self.right(), high - self.paper.margin);
        let count = self.pages.len();
        for (index, page) in self.pages.iter_mut().enumerate() {
            let text = |x, text: String| Mark::Text { at: (x, y), size: SMALL, style: Style::Text, text };
            page.marks.push(text(left, foot.to_owned()));
            if count > 1 {
                let number = format!("{} / {count}", index + 1);
                let x = right - self.fonts.width(Style::Text, SMALL, &number);
                page.marks.push(text(x, number));
            }
        }
        (self.pages, high)
    }
}
