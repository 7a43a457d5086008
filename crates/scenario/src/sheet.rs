//! Spreadsheets as people have them: the bytes of a CSV or XLSX file become rows of cells, each with its row number.
//!
//! Map: `kind` what the bytes are · `decode` bytes → text · `separated` rows of a CSV file · `archive` what an
//! XLSX file may hold · `workbook` rows of an XLSX file · `row` the cells · `plain` one way to write a letter ·
//! `grouped` notes, the first few of each code.
//!
//! Rows are pushed to a [`RowReader`], one at a time, so a list of a million residents never stands in memory twice.
//! This module knows no heading and no column: what a row means is its reader's business.

#[cfg(feature = "sheets")]
mod archive;
mod decode;
mod grouped;
mod kind;
mod plain;
mod row;
mod separated;
#[cfg(feature = "sheets")]
mod workbook;

pub use grouped::Grouped;
pub use plain::{plain, push_plain};
pub use row::{Kind, Row};

use domain::Notes;
use kind::FileKind;
use std::borrow::Cow;

/// Rows above the heading row: titles, dates, instructions. More than these is not a list with a title, but another file.
/// A page that mends a roll looks as far: `HEAD_ROWS` in web/src/roll/mending.svelte.ts.
pub const HEADING_ROWS: usize = 30;
/// Rows of one file. A compound has thousands, a district a million; an XLSX sheet cannot hold more than 1,048,576.
pub const ROWS_MAX: u64 = 2_000_000;
/// Characters of one cell. An address or a remark has a few dozen; a longer cell is a quotation mark never closed.
pub const CELL_CHARS_MAX: usize = 10_000;
/// Columns that are read. Lists have about ten; a stray cell far to the right must not make every row wide.
pub const COLUMNS_MAX: usize = 256;
/// Rows between two calls of `progress`: often enough for a bar, too seldom to be felt.
const ROWS_PER_PROGRESS: u64 = 4096;

/// Who understands the rows.
pub trait RowReader {
    /// Whether this row holds the headings. Asked of the first [`HEADING_ROWS`] rows of each sheet until one does.
    fn is_heading(&mut self, row: &Row) -> bool;
    /// The heading row was found; the rows below it follow.
    fn begin(&mut self, heading: &Row);
    /// A row below the headings. Returns whether it holds data (and is no title, total or blank row).
    fn row(&mut self, row: &Row, notes: &mut Grouped) -> bool;
}

/// What came of reading a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The headings were found and the rows below were read.
    Read,
    /// The file is a sound spreadsheet in which no row was taken for the headings.
    NoHeading,
    /// The notes say why the file could not be read.
    Refused,
}

/// Reads a spreadsheet and hands its rows to `reader`. `progress` is told how much is done of how much: bytes of a
/// CSV file, rows of an XLSX sheet (0 of 0 where the sheet does not say).
pub fn read_sheet(
    bytes: &[u8],
    reader: &mut dyn RowReader,
    notes: &mut Grouped,
    progress: &mut dyn FnMut(u64, u64),
) -> Outcome {
    match FileKind::of(bytes) {
        FileKind::Text => separated::read(bytes, reader, notes, progress),
        #[cfg(feature = "sheets")]
        FileKind::Zip => workbook::read(bytes, reader, notes, progress),
        #[cfg(not(feature = "sheets"))]
        FileKind::Zip => refuse(notes, "sheet_not_converted"),
        FileKind::Empty => refuse(notes, "sheet_empty"),
        FileKind::Wrong(code) => refuse(notes, code),
    }
}

/// The text of a small table in whatever encoding it came, for who reads its lines alone; a note where it is no text.
pub fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, Notes> {
    let (line, code) = match FileKind::of(bytes) {
        FileKind::Text => match decode::decode(bytes) {
            Ok(text) => return Ok(text),
            Err(why) => (why.line(), why.code()),
        },
        FileKind::Zip => (None, "sheet_not_converted"),
        FileKind::Empty => (None, "sheet_empty"),
        FileKind::Wrong(code) => (None, code),
    };
    let mut notes = Grouped::new(file);
    notes.error(line, "", code, &[]);
    Err(notes.finish())
}

fn refuse(notes: &mut Grouped, code: &'static str) -> Outcome {
    notes.error(None, "", code, &[]);
    Outcome::Refused
}
