//! A document for a spreadsheet: Office Open XML (ECMA-376), a sheet for each part, numbers as numbers, pictures as charts.

use crate::document::{Block, Document, Part, Picture, Table};
use rust_xlsxwriter::{
    Chart, ChartType, Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet,
    XlsxError,
};
use std::borrow::Cow;

/// Units of a column's width are about a letter each.
const NAMES: f64 = 34.0;
const VALUES: f64 = 15.0;
/// Letters of a sheet's name, at most.
const NAME_MAX: usize = 31;
/// Letters of a cell, at most; bytes are never fewer.
const CELL_MAX: usize = 32_767;
/// A name that spreadsheets keep for themselves.
const RESERVED: &str = "history";
/// Rows over which a chart lies.
const CHART_ROWS: u32 = 18;
const CHART_SIZE: (u32, u32) = (760, 330);
const MINUTES_OF_DAY: f64 = 1_440.0;
const GREY: Color = Color::RGB(0x0055_606E);
const PALE: Color = Color::RGB(0x00EE_F0F0);
/// A4.
const PAPER: u8 = 9;

/// The document as the bytes of an `.xlsx` file.
///
/// # Errors
/// More rows or columns than a sheet holds.
pub fn xlsx(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same document gives the same bytes.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(&document.title).set_creation_datetime(&made));
    let mut names: Vec<String> = Vec::new();
    let mut first = Part { heading: document.title.clone(), ..Part::default() };
    if !document.facts.is_empty() {
        let rows = document.facts.iter().map(|(name, value)| vec![name.clone(), value.clone()]).collect();
        first.blocks.push(Block::Table(Table { rows, ..Table::default() }));
    }
    first.blocks.push(Block::Paragraph(document.foot.clone()));
    for part in std::iter::once(&first).chain(&document.parts) {
        let name = name(&part.heading, &names);
        let mut writer = Writer { sheet: book.add_worksheet(), name: &name, row: 0 };
        writer.part(part)?;
        names.push(name);
    }
    book.save_to_buffer()
}

/// A sheet's name for a heading: without what a spreadsheet forbids, not too long, and unlike the others.
fn name(heading: &str, others: &[String]) -> String {
    let allowed =
        |letter: char| if r"[]:*?/\".contains(letter) || letter.is_control() { ' ' } else { letter };
    let cut = |text: &str, most: usize| {
        let mut units = 0;
        let fits = |letter: &char| {
            units += letter.len_utf16();
            units <= most
        };
        let cut: String = text.chars().take_while(fits).collect();
        cut.trim_matches([' ', '\'']).to_owned()
    };
    let whole: String = heading.chars().map(allowed).collect();
    let whole = cut(&whole, NAME_MAX);
    let whole = if whole.is_empty() { "1".to_owned() } else { whole };
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let taken = |name: &String| same(name, RESERVED) || others.iter().any(|other| same(other, name));
    let numbered = (2..).map(|number: u32| {
        let number = format!(" {number}");
        format!("{}{number}", cut(&whole, NAME_MAX - number.len()))
    });
    std::iter::once(whole.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(whole)
}

/// What a cell holds at most; the rest of a longer text is left out, and dots say so.
fn fitting(text: &str) -> Cow<'_, str> {
    if text.len() <= CELL_MAX {
        return Cow::Borrowed(text);
    }
    let mut end = CELL_MAX - '…'.len_utf8();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Cow::Owned(format!("{}…", &text[..end]))
}

struct Writer<'a> {
    sheet: &'a mut Worksheet,
    name: &'a str,
    row: u32,
}

impl Writer<'_> {
    fn part(&mut self, part: &Part) -> Result<(), XlsxError> {
        self.sheet.set_name(self.name)?.set_paper_size(PAPER).set_landscape().set_print_fit_to_pages(1, 0);
        self.sheet.set_column_width(0, NAMES)?;
        self.text(&part.heading, &Format::new().set_bold().set_font_size(16))?;
        self.text(&part.lead, &Format::new().set_font_color(GREY))?;
        let plain = Format::new();
        for block in &part.blocks {
            match block {
                Block::Heading(text) => self.text(text, &Format::new().set_bold().set_font_size(13))?,
                Block::Paragraph(text) => self.text(text, &plain)?,
                Block::Quote(text) => {
                    for line in text.lines() {
                        self.text(line, &Format::new().set_italic())?;
                    }
                }
                Block::List(sentences) => {
                    for sentence in sentences {
                        self.text(&format!("• {sentence}"), &plain)?;
                    }
                }
                Block::Table(table) => self.table(table)?,
                Block::Picture(picture) => self.picture(picture)?,
            }
        }
        Ok(())
    }

    /// A line of its own; nothing where it is empty.
    fn text(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        if !text.is_empty() {
            self.sheet.write_string_with_format(self.row, 0, fitting(text), format)?;
            self.row += 1;
        }
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<(), XlsxError> {
        self.text(&table.caption, &Format::new().set_font_color(GREY).set_font_size(9))?;
        self.head(&table.head)?;
        let name = Format::new().set_bold();
        for row in &table.rows {
            for (column, cell) in (0u16..).zip(row) {
                let number = Number::read(cell).filter(|_| column > 0 && !table.head.is_empty());
                match number {
                    Some(number) => {
                        let format = Format::new().set_num_format(number.format);
                        self.sheet.write_number_with_format(self.row, column, number.value, &format)?;
                    }
                    None if cell.is_empty() => {}
                    None if column == 0 => {
                        self.sheet.write_string_with_format(self.row, column, fitting(cell), &name)?;
                    }
                    None => {
                        self.sheet.write_string(self.row, column, fitting(cell))?;
                    }
                }
            }
            self.row += 1;
        }
        let columns = table.rows.iter().chain([&table.head]).map(Vec::len).max().unwrap_or(0);
        for column in 1..columns as u16 {
            self.sheet.set_column_width(column, VALUES)?;
        }
        self.row += 1;
        Ok(())
    }

    fn head(&mut self, head: &[String]) -> Result<(), XlsxError> {
        let format =
            Format::new().set_bold().set_background_color(PALE).set_text_wrap().set_align(FormatAlign::Top);
        for (column, cell) in (0u16..).zip(head) {
            self.sheet.write_string_with_format(self.row, column, fitting(cell), &format)?;
        }
        self.row += u32::from(!head.is_empty());
        Ok(())
    }

    /// A chart, its numbers, and beneath them the values that it draws.
    fn picture(&mut self, picture: &Picture) -> Result<(), XlsxError> {
        self.text(&picture.told, &Format::new())?;
        let above = self.row;
        let minutes = minutes(picture);
        if minutes.is_some() {
            self.row += CHART_ROWS;
        }
        self.table(&picture.numbers)?;
        let Some((from, until)) = minutes else { return Ok(()) };
        let names: Vec<String> = picture.lines.iter().map(|line| line.name.clone()).collect();
        self.head(&[vec![String::new()], names].concat())?;
        let begins = self.row;
        let clock = Format::new().set_num_format("hh:mm").set_align(FormatAlign::Left);
        for minute in from..until {
            let time = (picture.opens_min + minute) as f64 / MINUTES_OF_DAY;
            self.sheet.write_number_with_format(self.row, 0, time.rem_euclid(1.0), &clock)?;
            for (column, line) in (1u16..).zip(&picture.lines) {
                let place = usize::try_from(minute - line.first_minute).ok();
                if let Some(value) =
                    place.and_then(|place| line.values.get(place)).filter(|value| value.is_finite())
                {
                    self.sheet.write_number(self.row, column, *value)?;
                }
            }
            self.row += 1;
        }
        let mut chart = Chart::new(ChartType::Line);
        chart.set_width(CHART_SIZE.0).set_height(CHART_SIZE.1);
        for (column, line) in (1u16..).zip(&picture.lines) {
            chart
                .add_series()
                .set_name(&line.name)
                .set_categories((self.name, begins, 0, self.row - 1, 0))
                .set_values((self.name, begins, column, self.row - 1, column));
        }
        self.sheet.insert_chart(above, 0, &chart)?;
        self.row += 1;
        Ok(())
    }
}

/// From which minute to which a picture's lines go; `None` where there are none.
fn minutes(picture: &Picture) -> Option<(i64, i64)> {
    let from = picture.lines.iter().map(|line| line.first_minute).min()?;
    let until = picture.lines.iter().map(|line| line.first_minute + line.values.len() as i64).max()?;
    (from < until).then_some((from, until))
}

/// A number as documents write it: `1,234.5`, `95 %`.
struct Number {
    value: f64,
    format: &'static str,
}

impl Number {
    /// What is a code, a time or a word stays a text.
    fn read(cell: &str) -> Option<Number> {
        let (digits, percent) = match cell.strip_suffix('%') {
            Some(rest) => (rest.trim_end_matches([' ', '\u{a0}']), true),
            None => (cell, false),
        };
        let (whole, decimals) =
            digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        let mut groups = unsigned.split(',');
        let first = groups.next().filter(|first| !first.is_empty() && all_digits(first))?;
        let grouped = unsigned.contains(',');
        let sound = (!grouped || first.len() <= 3)
            && groups.all(|group| group.len() == 3 && all_digits(group))
            && decimals.is_none_or(|part| !part.is_empty() && all_digits(part))
            // A leading zero is a code's; more figures than these a spreadsheet would round.
            && (first.len() == 1 || !first.starts_with('0'))
            && unsigned.len() + decimals.map_or(0, str::len) <= 15;
        let value: f64 = sound.then(|| digits.replace(',', "").parse().ok()).flatten()?;
        let format = match (percent, decimals.map_or(0, str::len)) {
            (true, 0) => "0%",
            (true, 1) => "0.0%",
            (true, _) => "0.00%",
            (false, 0) => "#,##0",
            (false, 1) => "#,##0.0",
            (false, _) => "#,##0.00##",
        };
        Some(Number { value: if percent { value / 100.0 } else { value }, format })
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Line;
    use std::io::{Cursor, Read};

    fn document() -> Document {
        let strings = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>();
        let table = Table {
            caption: "等候".to_owned(),
            head: strings(&["what", "planned", "share", "code"]),
            rows: vec![
                strings(&["p95 <wait>", "1,207.5", "95 %", "0123"]),
                strings(&["=1+1", "–", "", "7:30"]),
            ],
        };
        let picture = Picture {
            told: "The queue.".to_owned(),
            opens_min: 420,
            lines: vec![Line {
                name: "planned".to_owned(),
                first_minute: 0,
                values: vec![0.0, 3.0, f64::NAN],
            }],
            numbers: Table::default(),
        };
        let part = |heading: &str, blocks| Part { heading: heading.to_owned(), lead: String::new(), blocks };
        Document {
            language: "en".to_owned(),
            title: "After \"the\" round".to_owned(),
            facts: vec![("Site".to_owned(), "示例".to_owned())],
            parts: vec![
                part("What: happened?", vec![Block::Table(table)]),
                part("Queue", vec![Block::Picture(picture)]),
            ],
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
    fn a_part_is_a_sheet_and_its_numbers_can_be_summed() {
        let bytes = xlsx(&document()).unwrap();
        let book = text_of(&bytes, "xl/workbook.xml");
        for sheet in [r#"name="What  happened""#, r#"name="Queue""#] {
            assert!(book.contains(sheet), "{sheet}: {book}");
        }
        let sheet = text_of(&bytes, "xl/worksheets/sheet2.xml");
        for number in ["<v>1207.5</v>", "<v>0.95</v>"] {
            assert!(sheet.contains(number), "{number}: {sheet}");
        }
        assert!(!sheet.contains("<f>"), "what looks like a formula is a text: {sheet}");
        let strings = text_of(&bytes, "xl/sharedStrings.xml");
        for text in ["p95 &lt;wait&gt;", "=1+1", "0123", "7:30", "–", "示例", "Made."] {
            assert!(strings.contains(text), "{text}: {strings}");
        }
    }

    #[test]
    fn a_picture_is_a_chart_of_values_that_stand_beneath_it() {
        let bytes = xlsx(&document()).unwrap();
        let chart = text_of(&bytes, "xl/charts/chart1.xml");
        assert!(chart.contains("Queue!$B$23:$B$25"), "{chart}");
        let sheet = text_of(&bytes, "xl/worksheets/sheet3.xml");
        assert!(sheet.contains(r#"<c r="B24"><v>3</v></c>"#), "{sheet}");
    }

    #[test]
    fn the_same_document_gives_the_same_bytes() {
        assert_eq!(xlsx(&document()).unwrap(), xlsx(&document()).unwrap());
    }

    #[test]
    fn numbers_are_read_as_documents_write_them() {
        let read = |cell: &str| Number::read(cell).map(|number| (number.value, number.format));
        assert_eq!(read("1,234,567"), Some((1_234_567.0, "#,##0")));
        assert_eq!(read("-53.2"), Some((-53.2, "#,##0.0")));
        assert_eq!(read("12.35 %"), Some((0.1235, "0.00%")));
        for text in
            ["", "–", "-", "007", "7:30", "1,23", ",123", "1e5", "12-3-201", "1234567890123456", "5.", ".5"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn sheets_have_names_of_their_own() {
        let mut names: Vec<String> = Vec::new();
        let long = "一".repeat(40);
        for heading in ["Labs", "labs", "[a]/b", "", &long, &long, "'q'", "History"] {
            names.push(name(heading, &names));
        }
        let cut = "一".repeat(NAME_MAX);
        let second = format!("{} 2", "一".repeat(NAME_MAX - 2));
        assert_eq!(names, ["Labs", "labs 2", "a  b", "1", &cut, &second, "q", "History 2"]);
        let text = "一".repeat(20_000);
        assert_eq!(fitting(&text).len(), CELL_MAX - 1);
        assert!(fitting(&text).ends_with('…'));
    }
}
