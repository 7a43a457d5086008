//! Results as rows of cells.

use formats::results::{LabReport, Reports, Ways, table};

/// What must hold for any bytes that are rows.
pub fn check(bytes: &[u8]) {
    let ways = Ways::default();
    let Some(read) = read(bytes, &ways) else { return };
    assert!(read.refused == 0 || !read.notes.is_empty());
    let reports: Vec<LabReport> = read.taken.into_iter().map(|taken| taken.report).collect();
    if reports.is_empty() {
        return;
    }
    let language =
        if bytes.len().is_multiple_of(2) { table::Language::Chinese } else { table::Language::English };
    let mut written = Vec::new();
    table::csv(&reports, language, &ways, &mut written).expect("memory takes it");
    let again = self::read(&written, &ways).expect("its own headings are known");
    let again: Vec<LabReport> = again.taken.into_iter().map(|taken| taken.report).collect();
    assert_eq!(again, reports);
}

fn read(bytes: &[u8], ways: &Ways) -> Option<Reports> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader: Option<table::Reader> = None;
    for (number, row) in (1..).zip(rows(text.strip_prefix('\u{feff}').unwrap_or(text))) {
        let cells = || row.iter().map(String::as_str);
        match &mut reader {
            Some(reader) => {
                reader.row(number, |column| row.get(column).map_or("", String::as_str));
            }
            None if !table::is_heading(cells()) => {}
            None => reader = table::Reader::begin(number, cells(), ways).ok(),
        }
    }
    reader.map(table::Reader::finish)
}

/// Rows of a CSV file: a reader that is made anew for each of millions of files would take most of the time.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let (mut quoted, mut letters) = (false, text.chars().peekable());
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().expect("there is a row");
        let cell = row.last_mut().expect("a row has a cell");
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted && letters.peek() == Some(&'\n') => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            letter => cell.push(letter),
        }
    }
    rows
}
