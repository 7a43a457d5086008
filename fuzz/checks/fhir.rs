//! Bundles of FHIR R4.

use formats::results::{
    LabReport, Ways,
    fhir::{self, BundleKind},
};

/// What must hold for any bytes.
pub fn check(bytes: &[u8]) {
    let ways = Ways::default();
    let read = fhir::read(bytes, &ways);
    assert!(read.refused == 0 || !read.notes.is_empty());
    let outcome = fhir::outcome(&read.notes, &|note| note.code().to_owned());
    assert!(outcome["issue"].as_array().is_some_and(|issues| !issues.is_empty()));
    // What was read is read again as the same from what is written of it.
    let reports: Vec<LabReport> = read.taken.into_iter().map(|taken| taken.report).collect();
    let written =
        fhir::results(&reports, BundleKind::Transaction, [7; 16], jiff::Timestamp::UNIX_EPOCH, &ways);
    let again = fhir::read(&serde_json::to_vec(&written).expect("JSON is written"), &ways);
    let again: Vec<LabReport> = again.taken.into_iter().map(|taken| taken.report).collect();
    assert_eq!(again.len(), reports.len());
    for (again, report) in again.iter().zip(&reports) {
        let told = |report: &LabReport| {
            (report.tube.clone(), report.finding, report.status, report.people, report.cts.clone())
        };
        assert_eq!(told(again), told(report));
    }
}
