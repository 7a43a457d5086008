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
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut reader: Option<table::Reader> = None;
    for (number, row) in (1..).zip(rows.records()) {
        let row = row.ok()?;
        match &mut reader {
            Some(reader) => {
                reader.row(number, |column| row.get(column).unwrap_or_default());
            }
            None if table::is_heading(row.iter()) => {
                reader = table::Reader::begin(number, row.iter(), ways).ok();
            }
            None => {}
        }
    }
    reader.map(table::Reader::finish)
}
