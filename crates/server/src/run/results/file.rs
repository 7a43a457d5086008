//! What was sent, as reports: a table, FHIR or HL7.

use domain::Notes;
use formats::results::{ProblemNote, Reports, Ways, fhir, hl7, table};
use scenario::sheet::{Grouped, Outcome, Row, RowReader, read_sheet};

/// In which form results are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// CSV in UTF-8 or GB 18030, XLSX, ODS.
    Table,
    /// FHIR R4 in JSON.
    Fhir,
    /// HL7 v2.5.1, one message or many.
    Hl7,
}

impl Form {
    /// The form of a content type; `None` for one that says nothing.
    pub fn of_type(content_type: &str) -> Option<Form> {
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "text/csv"
            | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            | "application/vnd.ms-excel" => Some(Form::Table),
            "application/fhir+json" => Some(Form::Fhir),
            "application/hl7-v2" | "x-application/hl7-v2+er7" => Some(Form::Hl7),
            _ => None,
        }
    }

    /// The form of a file, by how it begins.
    pub fn of_bytes(bytes: &[u8]) -> Form {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        match text {
            [b'{', ..] => Form::Fhir,
            _ if [&b"MSH"[..], b"FHS", b"BHS"].iter().any(|begin| {
                text.starts_with(begin)
                    && text.get(3).is_some_and(u8::is_ascii_punctuation)
                    && text.get(3) != Some(&b',')
            }) =>
            {
                Form::Hl7
            }
            _ => Form::Table,
        }
    }
}

/// Reads what was sent.
///
/// # Errors
/// A file that is no spreadsheet, in the words of whoever reads those.
pub fn read(name: &str, bytes: &[u8], form: Form, ways: &Ways) -> Result<Reports, Notes> {
    match form {
        Form::Fhir => Ok(fhir::read(bytes, ways)),
        Form::Hl7 => Ok(hl7::read_file(bytes, ways)),
        Form::Table => {
            let mut notes = Grouped::new(name);
            let mut lines = Lines { ways, reader: None, wrong: Vec::new() };
            let outcome = read_sheet(bytes, &mut lines, &mut notes, &mut |_, _| ());
            let notes = notes.finish();
            if notes.refuses() {
                return Err(notes);
            }
            let mut reports = lines.reader.map(table::Reader::finish).unwrap_or_default();
            reports.notes.extend(lines.wrong);
            if outcome == Outcome::NoHeading {
                reports
                    .notes
                    .extend(table::Reader::begin(1, [].into_iter(), ways).err().into_iter().flatten());
            }
            Ok(reports)
        }
    }
}

struct Lines<'w> {
    ways: &'w Ways,
    reader: Option<table::Reader<'w>>,
    wrong: Vec<ProblemNote>,
}

impl RowReader for Lines<'_> {
    fn is_heading(&mut self, row: &Row) -> bool {
        table::is_heading(row.cells())
    }

    fn begin(&mut self, heading: &Row) {
        match table::Reader::begin(heading.number(), heading.cells(), self.ways) {
            Ok(reader) => self.reader = Some(reader),
            Err(wrong) => self.wrong = wrong,
        }
    }

    fn row(&mut self, row: &Row, _: &mut Grouped) -> bool {
        self.reader.as_mut().is_some_and(|reader| reader.row(row.number(), |column| row.cell(column)))
    }
}
