//! Results that are let out, given to others: tables, FHIR, HL7. Of tubes, never of people.

use crate::problem::Fault;
use axum::http::StatusCode;
use formats::results::{
    LabReport, Replaced, Status, Ways,
    fhir::{self, BundleKind},
    hl7, table,
};
use jiff::Timestamp;
use round::{Round, TubeCode};
use words::Language;

/// The reports of a round that hold and are let out, in the order of their tubes.
pub fn released(round: &Round) -> Vec<LabReport> {
    let results = round.reported_tubes().filter_map(|item| round.result(item));
    let out = results.filter(|of| of.released.is_some()).map(|of| {
        let report = of.report;
        let time = |at: domain::Moment| Timestamp::from_millisecond(at.0 / 10).ok();
        let code =
            TubeCode::of_item(report.item).map_or_else(|| report.item.to_string(), |code| code.to_string());
        LabReport {
            id: Some(report.report.to_string()),
            people: u32::try_from(round.people_in(report.item)).ok(),
            sampled: round.first_swab(report.item).and_then(time),
            reported: time(report.evidence.at),
            status: if report.instead_of.is_some() { Status::Corrected } else { Status::Final },
            replaces: report
                .instead_of
                .map(|old| Replaced { report: old.to_string(), reason: report.reason }),
            ..LabReport::new(code, report.finding)
        }
    });
    out.collect()
}

/// As CSV.
///
/// # Errors
/// None that a buffer in memory has.
pub fn csv(reports: &[LabReport], language: Language, ways: &Ways) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    table::csv(reports, of(language), ways, &mut bytes).map_err(unwritten)?;
    Ok(bytes)
}

/// As a workbook.
///
/// # Errors
/// More rows than a sheet holds.
pub fn xlsx(reports: &[LabReport], language: Language, ways: &Ways) -> Result<Vec<u8>, Fault> {
    table::xlsx(reports, of(language), ways).map_err(unwritten)
}

/// As a FHIR bundle.
pub fn fhir(reports: &[LabReport], ways: &Ways) -> Vec<u8> {
    let id = *uuid::Uuid::new_v4().as_bytes();
    fhir::results(reports, BundleKind::Collection, id, Timestamp::now(), ways).to_string().into_bytes()
}

/// As one HL7 message.
pub fn hl7(reports: &[LabReport], ways: &Ways) -> Vec<u8> {
    let header = hl7::Header {
        application: "shouhu".to_owned(),
        id: uuid::Uuid::new_v4().simple().to_string(),
        at: Timestamp::now(),
        ..hl7::Header::default()
    };
    hl7::oru(reports, &header, ways).into_bytes()
}

fn unwritten(why: impl ToString) -> Fault {
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "results_unwritten").with("why", why)
}

fn of(language: Language) -> table::Language {
    // What other systems read has headings of two languages.
    match language.and_instead().any(|language| language == Language::Zh) {
        true => table::Language::Chinese,
        false => table::Language::English,
    }
}
