//! Rows of a CSV file, whatever separates its cells. Rows without their last cells are common and fine; a file that
//! ends inside a quoted cell, or stops in the middle of its last row, was cut off.

use super::decode::decode;
use super::row::{Kind, Row};
use super::{
    CELL_CHARS_MAX, COLUMNS_MAX, Grouped, HEADING_ROWS, Outcome, ROWS_MAX, ROWS_PER_PROGRESS, RowReader,
    refuse,
};

/// Lines that are looked at to find the separator.
const SAMPLE_LINES: usize = 30;

pub(super) fn read(
    bytes: &[u8],
    reader: &mut dyn RowReader,
    notes: &mut Grouped,
    progress: &mut dyn FnMut(u64, u64),
) -> Outcome {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(why) => {
            notes.error(why.line(), "", why.code(), &[]);
            return Outcome::Refused;
        }
    };
    if text.trim().is_empty() {
        return refuse(notes, "sheet_empty");
    }
    Separated { text: &text, notes, reader }.read(progress)
}

struct Separated<'a> {
    text: &'a str,
    notes: &'a mut Grouped,
    reader: &'a mut dyn RowReader,
}

/// What is remembered of the last row.
#[derive(Default)]
struct Last {
    line: u32,
    start: usize,
    cells: usize,
    data: bool,
}

impl Separated<'_> {
    fn read(mut self, progress: &mut dyn FnMut(u64, u64)) -> Outcome {
        let (skipped, separator) = separator(self.text);
        let total = self.text.len() as u64;
        let body = &self.text.as_bytes()[skipped..];
        let first_line = if skipped > 0 { 2 } else { 1 };
        let mut csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(body);
        let mut record = csv::StringRecord::new();
        let mut row = Row::default();
        let mut headings: Option<Vec<String>> = None;
        // The fewest cells that a row of data had before the last one: such rows are this file's habit.
        let mut fewest = usize::MAX;
        let mut last = Last::default();
        let mut rows = 0;
        while let Ok(true) = csv.read_record(&mut record) {
            rows += 1;
            if rows > ROWS_MAX {
                self.notes.error(None, "", "sheet_too_many_rows", &[("limit", &ROWS_MAX)]);
                return Outcome::Refused;
            }
            if rows % ROWS_PER_PROGRESS == 0 {
                progress(skipped as u64 + csv.position().byte(), total);
            }
            if last.data {
                fewest = fewest.min(last.cells);
            }
            let position = record.position().expect("a record that was read has a position");
            last.start = usize::try_from(position.byte()).expect("the text stands in memory");
            last.line = first_line + self.lines_before(body, last.start, position.line());
            last.cells = record.len();
            row.clear(last.line);
            for (column, cell) in record.iter().take(COLUMNS_MAX).enumerate() {
                if cell.len() > CELL_CHARS_MAX && cell.chars().count() > CELL_CHARS_MAX {
                    let heading =
                        headings.as_ref().and_then(|all| all.get(column)).map_or("", String::as_str);
                    self.notes.error(
                        Some(last.line),
                        heading,
                        "sheet_cell_too_long",
                        &[("limit", &CELL_CHARS_MAX)],
                    );
                    row.push("", Kind::Own);
                } else {
                    row.push(cell, Kind::Own);
                }
            }
            last.data = if row.is_blank() {
                false
            } else if headings.is_some() {
                self.reader.row(&row, self.notes)
            } else if rows <= HEADING_ROWS as u64 && self.reader.is_heading(&row) {
                self.reader.begin(&row);
                headings = Some(row.cells().map(str::to_owned).collect());
                false
            } else {
                false
            };
            if headings.is_none() && rows > HEADING_ROWS as u64 {
                return Outcome::NoHeading;
            }
        }
        progress(total, total);
        self.check_end(body, separator, &last, headings.as_ref().map_or(0, Vec::len), fewest);
        if headings.is_some() { Outcome::Read } else { Outcome::NoHeading }
    }

    /// Lines above a record. The CSV reader counts line feeds, which a record's start may still follow.
    fn lines_before(&self, body: &[u8], start: usize, counted: u64) -> u32 {
        let blank = body[start.min(body.len())..].iter().take_while(|&&byte| byte == b'\n' || byte == b'\r');
        let blank = blank.filter(|&&byte| byte == b'\n').count() as u64;
        u32::try_from(counted - 1 + blank).unwrap_or(u32::MAX)
    }

    /// Whether the file ends where a row ends.
    fn check_end(&mut self, body: &[u8], separator: u8, last: &Last, headings: usize, fewest: usize) {
        let tail = &body[last.start.min(body.len())..];
        if ends_in_quotes(tail, separator) {
            self.notes.error(Some(last.line), "", "sheet_ends_in_quotes", &[]);
        } else if last.data && last.cells < headings && last.cells < fewest && !tail.ends_with(b"\n") {
            let args: [(&str, &dyn std::fmt::Display); 2] = [("cells", &last.cells), ("headings", &headings)];
            self.notes.error(Some(last.line), "", "sheet_ends_in_row", &args);
        }
    }
}

/// Whether a record that is the last of its file is still inside quotation marks at its end.
fn ends_in_quotes(record: &[u8], separator: u8) -> bool {
    let mut quoted = false;
    let mut at_start = true;
    let mut letters = record.iter().copied().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            b'"' if quoted => {
                if letters.peek() == Some(&b'"') {
                    letters.next();
                } else {
                    quoted = false;
                }
            }
            b'"' if at_start => quoted = true,
            _ => {}
        }
        at_start = !quoted && (letter == separator || letter == b'\n' || letter == b'\r');
    }
    quoted
}

/// The length of a first line that only names the separator (`sep=;`, as Excel writes it), and the separator: the one
/// that cuts the most lines into the same number of cells.
fn separator(text: &str) -> (usize, u8) {
    let first = text.lines().next().unwrap_or("");
    if let Some(named) = first.trim().strip_prefix("sep=")
        && let [separator] = named.as_bytes()
    {
        let length = text.find('\n').map_or(text.len(), |end| end + 1);
        return (length, *separator);
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(SAMPLE_LINES).collect();
    let score = |separator: u8| {
        let counts: Vec<usize> = lines.iter().map(|line| cells(line, separator)).collect();
        let agree = |&count: &usize| (counts.iter().filter(|&&other| other == count).count(), count);
        counts.iter().filter(|&&count| count > 1).map(agree).max().unwrap_or((0, 0))
    };
    let best = [b'\t', b';', b','].into_iter().max_by_key(|&separator| score(separator));
    (0, best.expect("there are three candidates"))
}

/// Cells of a line, were this the separator.
fn cells(line: &str, separator: u8) -> usize {
    let mut quoted = false;
    let mut cells = 1;
    for byte in line.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        } else if byte == separator && !quoted {
            cells += 1;
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_one_that_cuts_lines_alike() {
        assert_eq!(separator("a;b;c\n1,2;2;3\n4,5;5;6\n"), (0, b';'));
        assert_eq!(separator("title\na\tb\n1\t2\n"), (0, b'\t'));
        assert_eq!(separator("a,b\n\"1;2;3\",2\n"), (0, b','));
        assert_eq!(separator("only\n"), (0, b','));
        assert_eq!(separator("sep=;\na;b\n"), (6, b';'));
    }

    #[test]
    fn an_open_quotation_mark_is_seen_at_the_end() {
        assert!(ends_in_quotes(b"a,\"b", b','));
        assert!(ends_in_quotes(b"a,\"b\"\"", b','));
        assert!(!ends_in_quotes(b"a,\"b\"", b','));
        assert!(!ends_in_quotes(b"a,5\" pipe", b','));
    }
}
