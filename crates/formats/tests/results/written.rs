//! What is written, as it stands on paper: golden texts.

use super::{said, ways};
use formats::results::{
    Ct, DoseGiven, Finding, Gene, LabReport, Person, Reason, Replaced, Sex, Status, Test, TubeName,
    fhir::{self, BundleKind},
    hl7::{self, Code, Header},
    table,
};
use jiff::{Timestamp, civil::date};

pub fn header() -> Header {
    Header {
        application: "SHOUHU".to_owned(),
        facility: "某某社区".to_owned(),
        to_application: "LIS".to_owned(),
        to_facility: "Lab|One".to_owned(),
        id: "M-1".to_owned(),
        at: "2022-04-05T05:30:00Z".parse().unwrap(),
        exercise: false,
    }
}

pub fn reports() -> Vec<LabReport> {
    let at = |text: &str| -> Option<Timestamp> { Some(text.parse().unwrap()) };
    let negative = LabReport {
        id: Some("R-1".to_owned()),
        tube: TubeName {
            code: "010J-S22P-E".to_owned(),
            issuer: Some("https://shouhu.example/tubes".to_owned()),
        },
        people: Some(10),
        finding: Some(Finding::Negative),
        test: Test::Respiratory,
        method: Some("Kit 7".to_owned()),
        cts: Vec::new(),
        sampled: at("2022-04-05T00:10:00Z"),
        received: at("2022-04-05T01:30:00Z"),
        reported: at("2022-04-05T05:20:00Z"),
        lab: Some("某某检测所".to_owned()),
        status: Status::Final,
        replaces: None,
    };
    let positive = LabReport {
        id: Some("R-2".to_owned()),
        tube: TubeName { code: "20220405000002".to_owned(), issuer: None },
        finding: Some(Finding::Positive),
        cts: vec![Ct { gene: Gene::Orf1ab, hundredths: 3125 }, Ct { gene: Gene::N, hundredths: 3340 }],
        ..negative.clone()
    };
    let corrected = LabReport {
        id: Some("R-3".to_owned()),
        finding: Some(Finding::Invalid),
        status: Status::Corrected,
        replaces: Some(Replaced { report: "R-2".to_owned(), reason: Some(Reason::PlateSwapped) }),
        cts: Vec::new(),
        ..positive.clone()
    };
    let withdrawn = LabReport {
        status: Status::Cancelled,
        finding: None,
        replaces: Some(Replaced { report: "R-1".to_owned(), reason: None }),
        ..negative.clone()
    };
    let mut formula = LabReport::new("=cmd|'/c calc'!A1", Finding::Inconclusive);
    formula.lab = Some("@lab & ^co".to_owned());
    vec![negative, positive, corrected, withdrawn, formula]
}

pub fn dose() -> DoseGiven {
    DoseGiven {
        id: "D-1".to_owned(),
        issuer: "https://shouhu.example".to_owned(),
        person: Person {
            id: "P-1".to_owned(),
            document: Some("110101195002030011".to_owned()),
            family: "示".to_owned(),
            given: "例".to_owned(),
            born: Some(date(1950, 2, 3)),
            sex: Some(Sex::Female),
        },
        cvx: "511".to_owned(),
        vaccine: "CoronaVac".to_owned(),
        lot: Some("2022A|7".to_owned()),
        expires: Some(date(2023, 6, 30)),
        given: "2022-04-05T02:00:00Z".parse().unwrap(),
        nth: Some(3),
        hundredths_ml: Some(50),
        site: Some("Hall 1".to_owned()),
    }
}

/// Segments as lines.
fn lines(message: &str) -> String {
    message.replace('\r', "\n")
}

#[test]
fn reports_as_hl7() {
    insta::assert_snapshot!(lines(&hl7::oru(&reports(), &header(), &ways())));
}

#[test]
fn reports_as_fhir() {
    let at = header().at;
    let bundle = fhir::results(&reports()[1..3], BundleKind::Transaction, [7; 16], at, &ways());
    insta::assert_snapshot!(serde_json::to_string_pretty(&bundle).unwrap());
}

#[test]
fn reports_as_a_table() {
    for language in [table::Language::Chinese, table::Language::English] {
        let mut bytes = Vec::new();
        table::csv(&reports(), language, &ways(), &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with('\u{feff}'));
        insta::assert_snapshot!(format!("{language:?}.csv"), text.trim_start_matches('\u{feff}'));
    }
}

#[test]
fn a_dose_for_a_registry() {
    insta::assert_snapshot!("dose.hl7", lines(&hl7::vxu(&dose(), &header(), &ways())));
    let bundle = fhir::doses([&dose()], BundleKind::Collection, [9; 16], header().at, &ways());
    insta::assert_snapshot!("dose.json", serde_json::to_string_pretty(&bundle).unwrap());
}

#[test]
fn what_is_answered_to_a_message() {
    let data = include_bytes!("data/wrong_groups.hl7");
    let read = hl7::read_oru(data, 1, &ways());
    let code = Code::of(read.taken.len(), read.refused);
    let say = |note: &formats::results::ProblemNote| said(note).lines().nth(1).unwrap().trim().to_owned();
    let answer = hl7::ack(data, &header(), &ways(), code, &read.notes, &say);
    insta::assert_snapshot!("answer.hl7", lines(&answer));
    let understood = hl7::read_ack(answer.as_bytes()).unwrap();
    assert_eq!((understood.code, understood.of.as_str()), (Code::Error, "M1"));
    assert_eq!(understood.said.len(), read.notes.len());
    // What is no message has an answer, too.
    let note = hl7::read_oru(b"hello", 1, &ways()).notes;
    let answer = hl7::ack(b"hello", &header(), &ways(), Code::of(0, 1), &note, &say);
    assert_eq!(hl7::read_ack(answer.as_bytes()).unwrap().code, Code::Reject);
    let outcome = fhir::outcome(&read.notes[..2], &say);
    insta::assert_snapshot!("outcome.json", serde_json::to_string_pretty(&outcome).unwrap());
}

#[test]
fn an_answer_says_what_was_taken() {
    assert_eq!(
        [(1, 0), (0, 0), (1, 1), (0, 1)].map(|(taken, refused)| Code::of(taken, refused).letters()),
        ["AA", "AA", "AE", "AR"]
    );
}

#[test]
fn who_wants_no_answer_gets_none() {
    let asks = |wish: &str, code| {
        let message = format!("MSH|^~\\&|LAB||||20220405||ORU^R01|1|P|2.5.1||||{wish}\rNTE|1|阴");
        hl7::is_answered(message.as_bytes(), code)
    };
    let expected = [
        ("", [true, true]),
        ("AL", [true, true]),
        ("NE", [false, false]),
        ("ER", [false, true]),
        ("SU", [true, false]),
    ];
    for (wish, answers) in expected {
        assert_eq!([Code::Accept, Code::Reject].map(|code| asks(wish, code)), answers, "{wish}");
    }
    assert!(hl7::is_answered(b"hello", Code::Reject));
}
