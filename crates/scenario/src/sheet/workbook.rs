//! Rows of an XLSX workbook: of its first visible sheet with a row of headings. A cell merged over several rows says
//! the same in each of them.

use super::archive;
use super::row::{Kind, Row};
use super::{
    CELL_CHARS_MAX, COLUMNS_MAX, Grouped, HEADING_ROWS, Outcome, ROWS_MAX, ROWS_PER_PROGRESS, RowReader,
    refuse,
};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use merges::Merges;
use std::io::Cursor;

mod merges;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

pub(super) fn read(
    bytes: &[u8],
    reader: &mut dyn RowReader,
    notes: &mut Grouped,
    progress: &mut dyn FnMut(u64, u64),
) -> Outcome {
    let contents = match archive::check(bytes) {
        Ok(contents) => contents,
        Err(code) => return refuse(notes, code),
    };
    let mut book: Book = match Xlsx::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(XlsxError::Password) => return refuse(notes, "sheet_is_locked"),
        Err(_) => return refuse(notes, "sheet_damaged"),
    };
    let visible = book.sheets_metadata().iter();
    let visible =
        visible.filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    for (index, name) in names.iter().enumerate() {
        let mut sheet = Sheet { name, reader, notes, headings: None, rows: 0 };
        match sheet.read(&mut book, contents.merges, progress) {
            Ok(Outcome::NoHeading) => {}
            Ok(Outcome::Read) => {
                say_which(&mut book, &names, index, reader, notes);
                return Outcome::Read;
            }
            Ok(Outcome::Refused) => return Outcome::Refused,
            Err(_) => return refuse(notes, "sheet_damaged"),
        }
    }
    Outcome::NoHeading
}

/// Of several sheets, says which one was read, and warns of others that look like lists too.
fn say_which(
    book: &mut Book,
    names: &[String],
    read: usize,
    reader: &mut dyn RowReader,
    notes: &mut Grouped,
) {
    if names.len() < 2 {
        return;
    }
    notes.hint(None, "", "sheet_read", &[("sheet", &names[read])]);
    let mut others = Vec::new();
    for name in &names[read + 1..] {
        let mut probe = Probe { reader, found: false };
        let mut unsaid = Grouped::new("");
        let mut sheet = Sheet { name, reader: &mut probe, notes: &mut unsaid, headings: None, rows: 0 };
        // A sheet that is not read need not be sound.
        let _ = sheet.read(book, false, &mut |_, _| {});
        if probe.found {
            others.push(name.as_str());
        }
    }
    if !others.is_empty() {
        let others = others.join(" · ");
        notes.warning(None, "", "sheet_others_unread", &[("sheet", &names[read]), ("others", &others)]);
    }
}

/// Asks only whether a sheet has headings.
struct Probe<'a> {
    reader: &'a mut dyn RowReader,
    found: bool,
}

impl RowReader for Probe<'_> {
    fn is_heading(&mut self, row: &Row) -> bool {
        self.found |= self.reader.is_heading(row);
        false
    }
    fn begin(&mut self, _: &Row) {}
    fn row(&mut self, _: &Row, _: &mut Grouped) -> bool {
        false
    }
}

struct Sheet<'a> {
    name: &'a str,
    reader: &'a mut dyn RowReader,
    notes: &'a mut Grouped,
    headings: Option<Vec<String>>,
    rows: u64,
}

impl Sheet<'_> {
    fn read(
        &mut self,
        book: &mut Book,
        with_merges: bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Outcome, XlsxError> {
        let merges = if with_merges { book.merge_cells_by_sheet_name(self.name)? } else { Vec::new() };
        let mut merges = Merges::new(&merges);
        let mut cells = book.worksheet_cells_reader(self.name)?;
        let total = u64::from(cells.dimensions().end.0).saturating_add(1).min(ROWS_MAX);
        let mut wide = Wide::default();
        let mut row = Row::default();
        let mut text = String::new();
        let mut before = None;
        loop {
            let cell = cells.next_cell()?;
            let at = cell.as_ref().map(|cell| cell.get_position());
            if let Some(number) = before
                && at.is_none_or(|(number_now, _)| number_now != number)
            {
                merges.fill(number, &mut wide);
                wide.write(number, &mut row);
                wide.clear();
                if let Some(outcome) = self.row(&row, total, progress) {
                    return Ok(outcome);
                }
            }
            let (Some(cell), Some((number, column))) = (cell, at) else { break };
            before = Some(number);
            if column as usize >= COLUMNS_MAX {
                continue;
            }
            text.clear();
            let kind = write_value(cell.get_value(), &mut text);
            if text.len() > CELL_CHARS_MAX && text.chars().count() > CELL_CHARS_MAX {
                let heading = self.headings.as_ref().and_then(|all| all.get(column as usize));
                let heading = heading.map_or("", String::as_str);
                let args: [(&str, &dyn std::fmt::Display); 1] = [("limit", &CELL_CHARS_MAX)];
                self.notes.error(Some(number.saturating_add(1)), heading, "sheet_cell_too_long", &args);
                text.clear();
            }
            wide.set(column as usize, &text, kind);
        }
        progress(total.max(1), total.max(1));
        Ok(if self.headings.is_some() { Outcome::Read } else { Outcome::NoHeading })
    }

    /// Hands a row on. Returns an outcome if no more rows are wanted.
    fn row(&mut self, row: &Row, total: u64, progress: &mut dyn FnMut(u64, u64)) -> Option<Outcome> {
        self.rows += 1;
        if self.rows > ROWS_MAX {
            self.notes.error(None, "", "sheet_too_many_rows", &[("limit", &ROWS_MAX)]);
            return Some(Outcome::Refused);
        }
        if self.rows.is_multiple_of(ROWS_PER_PROGRESS) {
            progress(self.rows.min(total), total);
        }
        if self.headings.is_some() {
            if !row.is_blank() {
                self.reader.row(row, self.notes);
            }
        } else if row.number() as usize > HEADING_ROWS {
            return Some(Outcome::NoHeading);
        } else if !row.is_blank() && self.reader.is_heading(row) {
            self.reader.begin(row);
            self.headings = Some(row.cells().map(str::to_owned).collect());
        }
        None
    }
}

/// The cells of one row by column, while they arrive.
#[derive(Default)]
struct Wide {
    cells: Vec<(String, Kind)>,
    length: usize,
}

impl Wide {
    fn clear(&mut self) {
        for (text, kind) in &mut self.cells[..self.length] {
            text.clear();
            *kind = Kind::Own;
        }
        self.length = 0;
    }
    fn set(&mut self, column: usize, text: &str, kind: Kind) {
        self.length = self.length.max(column + 1);
        if self.cells.len() < self.length {
            self.cells.resize(self.length, (String::new(), Kind::Own));
        }
        let cell = &mut self.cells[column];
        cell.0.clear();
        cell.0.push_str(text);
        cell.1 = kind;
    }
    fn text(&self, column: usize) -> &str {
        if column < self.length { &self.cells[column].0 } else { "" }
    }
    fn write(&self, number: u32, row: &mut Row) {
        row.clear(number.saturating_add(1));
        for (text, kind) in &self.cells[..self.length] {
            row.push(text, *kind);
        }
    }
}

/// Writes a value as a person would read it. From 15 digits on, a number has lost some of them, and is written with
/// an exponent, as spreadsheets show it.
fn write_value(value: &DataRef, out: &mut String) -> Kind {
    use std::fmt::Write;
    const EXACT: f64 = 1e15;
    let written = match value {
        DataRef::Empty => Ok(()),
        DataRef::String(text) => write!(out, "{text}"),
        DataRef::SharedString(text) => write!(out, "{text}"),
        DataRef::Int(number) => write!(out, "{number}"),
        DataRef::Float(number) if number.abs() >= EXACT => write!(out, "{number:E}"),
        DataRef::Float(number) => write!(out, "{number}"),
        DataRef::Bool(yes) => write!(out, "{yes}"),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            out.push_str(&text.replace('T', " "));
            return Kind::Date;
        }
        DataRef::DateTime(moment) => {
            write_moment(moment, out);
            return Kind::Date;
        }
        DataRef::Error(_) => return Kind::Failed,
    };
    written.expect("writing to a string cannot fail");
    Kind::Own
}

/// Spreadsheets count days; a moment before the first day is a time of day.
fn write_moment(moment: &ExcelDateTime, out: &mut String) {
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}");
    if moment.as_f64() < 1.0 {
        out.push_str(&time);
    } else if moment.as_f64().fract() == 0.0 {
        out.push_str(&date);
    } else {
        out.push_str(&format!("{date} {time}"));
    }
}
