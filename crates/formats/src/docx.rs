//! A document for a word processor: Office Open XML (ECMA-376), A4, with headings that its outline shows.

use crate::document::{Block, Document, Part, Table};
use docx_rs::{
    AbstractNumbering, AlignmentType, Docx, Footer, IndentLevel, Level, LevelJc, LevelText, LineSpacing,
    NumberFormat, Numbering, NumberingId, PageMargin, Paragraph, Run, RunFonts, Shading, SpecialIndentType,
    Start, Style, StyleType, Table as DocxTable, TableCell, TableCellMargins, TableLayoutType, TableRow,
    WidthType,
};
use std::io::Cursor;

/// Twentieths of a point: A4 with margins of 2 cm.
const PAGE: (u32, u32) = (11_906, 16_838);
const MARGIN: i32 = 1_134;
const WIDTH: usize = 9_638;
/// Half points.
const TEXT: usize = 21;
const SMALL: usize = 18;
const CELL: usize = 19;
/// The one list: a dot before each sentence. The first number is the library's own.
const DOTS: usize = 2;
/// Columns beyond this many share what the first leaves evenly, and the first is no wider than a third.
const EVEN: usize = 3;
const GREY: &str = "55606E";
const PALE: &str = "EEF0F0";
/// A reader's own fonts: the first where they have it. Nothing is embedded.
const LATIN: &str = "Calibri";
const CHINESE: &str = "Microsoft YaHei";

/// The document as the bytes of a `.docx` file.
pub fn docx(document: &Document) -> Vec<u8> {
    let mut writer = Writer { docx: prepared(document), paragraphs: 0 };
    writer.title(document);
    for part in &document.parts {
        writer.part(part);
    }
    let mut bytes = Cursor::new(Vec::new());
    writer.docx.pack(&mut bytes).expect("a file in memory takes all that is written");
    bytes.into_inner()
}

fn prepared(document: &Document) -> Docx {
    let fonts = || RunFonts::new().ascii(LATIN).hi_ansi(LATIN).east_asia(CHINESE).cs(LATIN);
    let heading = |level: usize, size: usize| {
        Style::new(format!("Heading{level}"), StyleType::Paragraph)
            .name(format!("heading {level}"))
            .based_on("Normal")
            .next("Normal")
            .q_format(true)
            .size(size)
            .bold()
            .outline_lvl(level - 1)
            .line_spacing(LineSpacing::new().before(360 / level as u32).after(100))
    };
    let title = Style::new("Title", StyleType::Paragraph).name("Title").based_on("Normal").next("Normal");
    let dot =
        Level::new(0, Start::new(1), NumberFormat::new("bullet"), LevelText::new("•"), LevelJc::new("left"))
            .indent(Some(360), Some(SpecialIndentType::Hanging(260)), None, None);
    let margin = PageMargin {
        top: MARGIN,
        left: MARGIN,
        bottom: MARGIN,
        right: MARGIN,
        header: MARGIN / 2,
        footer: MARGIN / 2,
        gutter: 0,
    };
    let foot = Run::new().add_text(&document.foot).size(SMALL).color(GREY);
    Docx::new()
        .page_size(PAGE.0, PAGE.1)
        .page_margin(margin)
        .default_fonts(fonts())
        .default_size(TEXT)
        .add_style(title.q_format(true).size(44).bold().line_spacing(LineSpacing::new().after(120)))
        .add_style(heading(1, 30))
        .add_style(heading(2, 24))
        .add_abstract_numbering(AbstractNumbering::new(DOTS).add_level(dot))
        .add_numbering(Numbering::new(DOTS, DOTS))
        .footer(Footer::new().add_paragraph(Paragraph::new().id("00000001").add_run(foot)))
}

/// What stands in a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    /// Headings.
    Head,
    /// A name and numbers.
    Numbers,
    /// A name and a value.
    Form,
}

struct Writer {
    docx: Docx,
    /// Each paragraph's identifier is its number, so that the same document gives the same bytes.
    paragraphs: u32,
}

impl Writer {
    fn paragraph(&mut self) -> Paragraph {
        self.paragraphs += 1;
        // Below 0x80000000, as the format asks; the footer is the first.
        Paragraph::new().id(format!("{:08X}", self.paragraphs + 1))
    }

    fn add(&mut self, paragraph: Paragraph) {
        let docx = std::mem::take(&mut self.docx);
        self.docx = docx.add_paragraph(paragraph);
    }

    fn text(&mut self, text: &str, style: &str) {
        let paragraph = self.paragraph().add_run(Run::new().add_text(text));
        let paragraph = if style.is_empty() {
            paragraph.line_spacing(LineSpacing::new().after(120))
        } else {
            paragraph.style(style).keep_next(true)
        };
        self.add(paragraph);
    }

    fn title(&mut self, document: &Document) {
        self.text(&document.title, "Title");
        if !document.facts.is_empty() {
            let rows = document.facts.iter().map(|(name, value)| vec![name.clone(), value.clone()]).collect();
            self.table(&Table { rows, ..Table::default() });
        }
    }

    fn part(&mut self, part: &Part) {
        self.text(&part.heading, "Heading1");
        if !part.lead.is_empty() {
            let run = Run::new().add_text(&part.lead).color(GREY);
            let lead = self.paragraph().add_run(run).line_spacing(LineSpacing::new().after(120));
            self.add(lead);
        }
        for block in &part.blocks {
            match block {
                Block::Heading(text) => self.text(text, "Heading2"),
                Block::Paragraph(text) => self.text(text, ""),
                Block::Quote(text) => text.lines().for_each(|line| self.quoted(line)),
                Block::List(sentences) => sentences.iter().for_each(|sentence| self.dotted(sentence)),
                Block::Table(table) => self.table(table),
                Block::Picture(picture) => {
                    self.text(&picture.told, "");
                    self.table(&picture.numbers);
                }
            }
        }
    }

    fn quoted(&mut self, line: &str) {
        let quoted = self
            .paragraph()
            .indent(Some(360), None, None, None)
            .line_spacing(LineSpacing::new().after(40))
            .add_run(Run::new().add_text(line));
        self.add(quoted);
    }

    fn dotted(&mut self, sentence: &str) {
        let item = self
            .paragraph()
            .numbering(NumberingId::new(DOTS), IndentLevel::new(0))
            .line_spacing(LineSpacing::new().after(80))
            .add_run(Run::new().add_text(sentence));
        self.add(item);
    }

    fn table(&mut self, table: &Table) {
        let columns = table.rows.iter().chain([&table.head]).map(Vec::len).max().unwrap_or(0);
        if columns == 0 {
            return;
        }
        if !table.caption.is_empty() {
            let run = Run::new().add_text(&table.caption).size(SMALL).color(GREY);
            let caption =
                self.paragraph().add_run(run).keep_next(true).line_spacing(LineSpacing::new().before(120));
            self.add(caption);
        }
        let widths = widths(columns);
        let kind = if table.head.is_empty() { Row::Form } else { Row::Numbers };
        let mut rows = Vec::with_capacity(table.rows.len() + 1);
        if !table.head.is_empty() {
            rows.push(self.row(&table.head, &widths, Row::Head));
        }
        for row in &table.rows {
            rows.push(self.row(row, &widths, kind));
        }
        let written = DocxTable::new(rows)
            .layout(TableLayoutType::Fixed)
            .set_grid(widths)
            .width(WIDTH, WidthType::Dxa)
            .margins(TableCellMargins::new().margin(40, 80, 40, 80));
        let docx = std::mem::take(&mut self.docx);
        self.docx = docx.add_table(written);
        // Two tables with nothing between them would become one.
        let space = self.paragraph().line_spacing(LineSpacing::new().after(60));
        self.add(space);
    }

    fn row(&mut self, cells: &[String], widths: &[usize], kind: Row) -> TableRow {
        let head = kind == Row::Head;
        let made = widths.iter().enumerate().map(|(column, &width)| {
            let text = cells.get(column).map_or("", String::as_str);
            let run = Run::new().add_text(text).size(if head { SMALL } else { CELL });
            let run = if head || column == 0 { run.bold() } else { run };
            let number =
                kind == Row::Numbers && column > 0 && !text.is_empty() && text.chars().all(is_of_a_number);
            let align = if number { AlignmentType::Right } else { AlignmentType::Left };
            let cell = TableCell::new()
                .width(width, WidthType::Dxa)
                .add_paragraph(self.paragraph().align(align).add_run(run));
            if head { cell.shading(Shading::new().fill(PALE)) } else { cell }
        });
        TableRow::new(made.collect()).cant_split()
    }
}

fn is_of_a_number(letter: char) -> bool {
    letter.is_ascii_digit() || ".,:%–- \u{a0}".contains(letter)
}

/// Widths of so many columns: the first, which names the row, is wider.
fn widths(columns: usize) -> Vec<usize> {
    if columns == 1 {
        return vec![WIDTH];
    }
    let first = if columns < EVEN { WIDTH * 2 / 5 } else { (WIDTH / columns * 3 / 2).min(WIDTH / 3) };
    let other = (WIDTH - first) / (columns - 1);
    let mut widths = vec![other; columns];
    widths[0] = WIDTH - other * (columns - 1);
    widths
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn document() -> Document {
        let table = Table {
            caption: "等候".to_owned(),
            head: vec!["what".to_owned(), "planned".to_owned(), "actual".to_owned()],
            rows: vec![vec!["p95 <wait> & more".to_owned(), "7.5".to_owned()]],
        };
        let blocks = vec![
            Block::Heading("Waits".to_owned()),
            Block::List(vec!["One.".to_owned()]),
            Block::Table(table.clone()),
            Block::Table(table),
        ];
        let part = Part { heading: "What happened".to_owned(), lead: String::new(), blocks };
        Document {
            language: "en".to_owned(),
            title: "After \"the\" round".to_owned(),
            facts: vec![("Site".to_owned(), "示例".to_owned())],
            parts: vec![part],
            foot: "Made.".to_owned(),
        }
    }

    fn text_of(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_document_holds_all_that_it_says_escaped() {
        let body = text_of(&docx(&document()), "word/document.xml");
        for said in ["What happened", "p95 &lt;wait&gt; &amp; more", "示例", "等候", "One."] {
            assert!(body.contains(said), "{said}: {body}");
        }
        assert_eq!(body.matches("<w:tbl>").count(), 3);
        assert!(body.contains("Heading1"));
        // The row that lacks a cell has as many as the others.
        assert_eq!(body.matches("<w:tc>").count(), 2 + 2 * 6);
    }

    #[test]
    fn the_same_document_gives_the_same_bytes() {
        assert_eq!(docx(&document()), docx(&document()));
    }

    #[test]
    fn columns_fill_the_page() {
        for columns in 1..12 {
            assert_eq!(widths(columns).iter().sum::<usize>(), WIDTH);
        }
    }
}
