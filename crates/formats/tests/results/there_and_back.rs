//! What was written is read as the same.

use super::{
    read_table, ways,
    written::{header, reports},
};
use formats::results::{
    Ct, Finding, Gene, LabReport, NOTES_MAX, Reason, Replaced, Reports, Status, Test, TubeName,
    fhir::{self, BundleKind},
    hl7, table,
};
use jiff::Timestamp;
use proptest::{collection::vec, option, prelude::*, sample::select};

/// Any text of a lab: separators of every form, quotation marks, formulas, other scripts.
fn text() -> impl Strategy<Value = String> {
    "[ -~阴東é“\u{1f9ea}]{0,20}[!-~é東]"
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("a number that a spreadsheet made", |text| !text.contains(['e', 'E']))
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (0_i64..4_000_000_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn report() -> impl Strategy<Value = LabReport> {
    let gene = |gene: Gene| option::of(any::<u16>().prop_map(move |hundredths| Ct { gene, hundredths }));
    let cts = Gene::ALL.map(gene);
    let named =
        (text(), option::of(text()), text(), option::of(1_u32..=200), option::of(text()), option::of(text()));
    let said = (
        select(Finding::ALL.to_vec()),
        select(Test::ALL.to_vec()),
        select(Status::ALL.to_vec()),
        text(),
        option::of(select(Reason::ALL.to_vec())),
    );
    (named, said, cts, option::of(moment()), option::of(moment()), option::of(moment())).prop_map(
        |(
            (code, issuer, id, people, method, lab),
            (finding, test, status, earlier, reason),
            cts,
            a,
            b,
            c,
        )| LabReport {
            id: Some(id),
            tube: TubeName { code, issuer },
            people,
            finding: Some(finding),
            test,
            method,
            cts: cts.into_iter().flatten().collect(),
            sampled: a,
            received: b,
            reported: c,
            lab,
            status,
            replaces: (status != Status::Final).then_some(Replaced { report: earlier, reason }),
        },
    )
}

fn same(read: Reports, reports: &[LabReport]) -> Result<(), TestCaseError> {
    let taken: Vec<LabReport> = read.taken.into_iter().map(|taken| taken.report).collect();
    prop_assert_eq!(&taken, reports, "{:?}", read.notes);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn as_a_table(reports in vec(report(), 1..4), chinese in any::<bool>()) {
        let language = if chinese { table::Language::Chinese } else { table::Language::English };
        let mut bytes = Vec::new();
        table::csv(&reports, language, &ways(), &mut bytes).unwrap();
        same(read_table(&bytes), &reports)?;
    }

    #[test]
    fn as_fhir(reports in vec(report(), 1..4), id in any::<[u8; 16]>()) {
        let kind = BundleKind::Collection;
        let bundle = fhir::results(&reports, kind, id, Timestamp::UNIX_EPOCH, &ways());
        super::rules::resource(&bundle);
        same(fhir::read(&serde_json::to_vec(&bundle).unwrap(), &ways()), &reports)?;
    }

    #[test]
    fn as_hl7(mut reports in vec(report(), 1..4)) {
        for report in &mut reports {
            // A message names the lab by its facility where its report does not.
            report.lab.get_or_insert_with(|| "某某社区".to_owned());
        }
        let message = hl7::oru(&reports, &header(), &ways());
        same(hl7::read_oru(message.as_bytes(), 1, &ways()), &reports)?;
        let file = hl7::batch([message.as_str(), message.as_str()], &header(), &ways());
        let twice = [reports.clone(), reports].concat();
        same(hl7::read_file(file.as_bytes(), &ways()), &twice)?;
    }
}

#[test]
fn a_workbook_holds_texts_and_nothing_else() {
    let bytes = table::xlsx(&reports(), table::Language::Chinese, &ways()).unwrap();
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut sheet = String::new();
    std::io::Read::read_to_string(&mut book.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut sheet)
        .unwrap();
    assert!(sheet.contains("t=\"s\"") && !sheet.contains("<f>") && !sheet.contains("t=\"n\""));
    let cells = sheet.matches("<c ").count();
    assert_eq!(cells, sheet.matches("t=\"s\"").count());
}

/// A city's day in a file, and how long that takes.
#[test]
fn a_hundred_thousand_rows_take_no_second() {
    let rows: String = (0..100_000)
        .map(|row| {
            format!("2022040500{row:06},阴性,10,2022-04-05 08:10,2022-04-05 13:20,某某检测所,R-{row}\n")
        })
        .collect();
    let file = format!("管号,结果,人数,采样时间,报告时间,实验室,报告编号\n{rows}");
    let began = std::time::Instant::now();
    let read = read_table(file.as_bytes());
    let took = began.elapsed();
    assert_eq!((read.taken.len(), read.refused, read.notes.len()), (100_000, 0, 0));
    // Ten times what it takes unoptimised on a machine that is busy otherwise.
    assert!(took.as_secs() < 20, "{took:?}");
    println!("100,000 rows: {took:?}");
}

#[test]
fn a_file_of_mistakes_is_refused_row_by_row_and_told_up_to_a_limit() {
    let rows = "T,弱阳性,0\n".repeat(NOTES_MAX);
    let read = read_table(format!("管号,结果,人数\n{rows}").as_bytes());
    assert_eq!((read.taken.len(), read.refused), (0, NOTES_MAX));
    assert_eq!(read.notes.len(), NOTES_MAX);
    assert_eq!(read.untold, NOTES_MAX / 2);
    let messages = "MSH|^~\\&|\r".repeat(NOTES_MAX);
    let read = hl7::read_file(messages.as_bytes(), &ways());
    assert_eq!((read.refused, read.notes.len() + read.untold), (NOTES_MAX, NOTES_MAX));
}
