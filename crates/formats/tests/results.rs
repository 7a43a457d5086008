//! What labs send, and what is made of it: each file of `results/data` with the reports and notes that come of it.
#![cfg(feature = "results")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod results {
    mod any_bytes;
    mod files;
    mod rules;
    mod there_and_back;
    mod written;

    use formats::results::{LabReport, Place, Problem, ProblemNote, Reports, Severity, Ways, hl7, table};
    use jiff::tz::{Offset, TimeZone};
    use words::{Language, say};

    /// Clocks of Shanghai.
    pub fn ways() -> Ways {
        Ways {
            zone: TimeZone::fixed(Offset::constant(8)),
            issuer: Some("https://shouhu.example/tubes".to_owned()),
            exercise: false,
        }
    }

    /// A table of a file, by the first row that holds headings.
    pub fn read_table(bytes: &[u8]) -> Reports {
        let ways = ways();
        let mut rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes));
        let mut reader: Option<table::Reader> = None;
        for (number, row) in (1..).zip(rows.byte_records()) {
            let Ok(row) = row else { break };
            let cells: Vec<String> =
                row.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            match &mut reader {
                Some(reader) => {
                    reader.row(number, |column| cells.get(column).map_or("", String::as_str));
                }
                None if table::is_heading(cells.iter().map(String::as_str)) || number == 30 => {
                    match table::Reader::begin(number, cells.iter().map(String::as_str), &ways) {
                        Ok(begun) => reader = Some(begun),
                        Err(notes) => return Reports { notes, ..Reports::default() },
                    }
                }
                None => {}
            }
        }
        reader.map_or_else(Reports::default, table::Reader::finish)
    }
    /// A note in both languages.
    pub fn said(note: &ProblemNote) -> String {
        let level = match note.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        };
        let mut text = format!("{level} {}", note.code());
        for language in [Language::En, Language::Zh] {
            let (key, args) = note.place.said();
            let place = say(language, key, &args);
            let what = say(language, &format!("results.{}", note.code()), &note.args);
            let mend = say(language, &format!("results_mend.{}", note.code()), &note.args);
            text += &format!("\n    {place}: {what} {mend}");
        }
        text
    }

    /// A report in a line.
    pub fn line(report: &LabReport) -> String {
        let mut parts = vec![report.tube.code.clone()];
        parts.extend(report.tube.issuer.as_ref().map(|issuer| format!("of {issuer}")));
        parts.push(report.finding.map_or("nothing", |finding| finding.name()).to_owned());
        parts.push(report.status.name().to_owned());
        parts.extend(report.people.map(|people| format!("{people} people")));
        parts.push(report.test.loinc().0.to_owned());
        parts.extend(report.method.clone());
        parts.extend(
            report.cts.iter().map(|ct| format!("{:?} {}", ct.gene, f64::from(ct.hundredths) / 100.0)),
        );
        parts.extend(report.sampled.map(|moment| format!("sampled {moment}")));
        parts.extend(report.received.map(|moment| format!("received {moment}")));
        parts.extend(report.reported.map(|moment| format!("reported {moment}")));
        parts.extend(report.lab.as_ref().map(|lab| format!("by {lab}")));
        parts.extend(report.id.as_ref().map(|id| format!("as {id}")));
        parts.extend(report.replaces.as_ref().map(|earlier| {
            format!("instead of {} ({})", earlier.report, earlier.reason.map_or("–", |reason| reason.name()))
        }));
        parts.join(" · ")
    }

    /// All that was read.
    pub fn shown(reports: &Reports) -> String {
        let mut text = format!("{} taken, {} refused\n", reports.taken.len(), reports.refused);
        for taken in &reports.taken {
            text += &format!("{}: {}\n", taken.place, line(&taken.report));
        }
        for note in &reports.notes {
            text += &format!("{}\n", said(note));
        }
        text
    }

    #[test]
    fn every_problem_has_words_and_a_mend_in_both_languages() {
        for &problem in Problem::ALL {
            for language in Language::ALL {
                for first in ["results", "results_mend"] {
                    let key = format!("{first}.{}", problem.code());
                    assert!(language.catalogue().contains_key(&key), "{key}");
                }
            }
        }
        let places = [
            Place::Whole,
            Place::row(1),
            Place::Cell { row: 1, column: Some((2, "管号".to_owned())) },
            Place::Field { message: 1, segment: "OBX".to_owned(), nth: 1, field: Some(5) },
            Place::Path("Bundle".to_owned()),
        ];
        for place in places {
            let (key, args) = place.said();
            assert!(!say(Language::En, key, &args).contains(['{', '}']), "{key}");
        }
    }

    /// What a file's name says it is.
    pub fn read_file(name: &str, bytes: &[u8]) -> Reports {
        match name.rsplit('.').next().unwrap() {
            "csv" => read_table(bytes),
            "json" => formats::results::fhir::read(bytes, &ways()),
            _ => hl7::read_file(bytes, &ways()),
        }
    }
}
