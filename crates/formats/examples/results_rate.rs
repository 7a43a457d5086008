//! How much time of a core a city's results take, read and written: `cargo run --release --package formats --features results --example
//! results_rate`.

use cpu_time::ProcessTime;
use formats::results::{
    Finding, LabReport, TubeName, Ways,
    fhir::{self, BundleKind},
    hl7::{self, Header},
    table,
};

const TUBES: usize = 100_000;

fn main() {
    let ways = Ways::default();
    let report = |number: usize| LabReport {
        id: Some(format!("R-{number}")),
        tube: TubeName {
            code: format!("2022040500{number:06}"),
            issuer: Some("https://example.org".to_owned()),
        },
        people: Some(10),
        reported: Some(jiff::Timestamp::UNIX_EPOCH),
        lab: Some("某某检测所".to_owned()),
        ..LabReport::new("", Finding::Negative)
    };
    let reports: Vec<LabReport> = (0..TUBES).map(report).collect();
    let say = |what: &str, began: ProcessTime, bytes: usize| {
        let seconds = began.elapsed().as_secs_f64();
        eprintln!("{what}: {TUBES} tubes, {:.1} MB, {seconds:.2} s of a core", bytes as f64 / 1e6);
    };

    let mut csv = Vec::new();
    let began = ProcessTime::now();
    table::csv(&reports, table::Language::Chinese, &ways, &mut csv).expect("memory takes it");
    say("table written", began, csv.len());
    let began = ProcessTime::now();
    let rows: Vec<Vec<&str>> = std::str::from_utf8(&csv[3..])
        .expect("it is UTF-8")
        .lines()
        .map(|line| line.split(',').map(|cell| cell.trim_matches('"')).collect())
        .collect();
    let mut reader = table::Reader::begin(1, rows[0].iter().copied(), &ways).expect("headings are known");
    for (number, row) in (2..).zip(&rows[1..]) {
        reader.row(number, |column| row.get(column).copied().unwrap_or_default());
    }
    assert_eq!(reader.finish().taken.len(), TUBES);
    say("table read", began, csv.len());
    let began = ProcessTime::now();
    let book = table::xlsx(&reports, table::Language::Chinese, &ways).expect("a sheet holds it");
    say("workbook written", began, book.len());

    let began = ProcessTime::now();
    let header = Header { id: "1".to_owned(), ..Header::default() };
    let messages: Vec<String> = reports.iter().map(|report| hl7::oru([report], &header, &ways)).collect();
    let file = hl7::batch(messages.iter().map(String::as_str), &header, &ways);
    say("HL7 written, a message a tube", began, file.len());
    let began = ProcessTime::now();
    assert_eq!(hl7::read_file(file.as_bytes(), &ways).taken.len(), TUBES);
    say("HL7 read", began, file.len());

    let (began, mut bytes) = (ProcessTime::now(), Vec::new());
    for part in reports.chunks(5_000) {
        let bundle = fhir::results(part, BundleKind::Collection, [7; 16], jiff::Timestamp::UNIX_EPOCH, &ways);
        bytes.push(serde_json::to_vec(&bundle).expect("JSON is written"));
    }
    let all = bytes.iter().map(Vec::len).sum();
    say("FHIR written, 5,000 tubes a bundle", began, all);
    let began = ProcessTime::now();
    let taken: usize = bytes.iter().map(|bytes| fhir::read(bytes, &ways).taken.len()).sum();
    assert_eq!(taken, TUBES);
    say("FHIR read", began, all);
}
