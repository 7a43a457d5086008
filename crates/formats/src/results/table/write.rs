//! The same table out: what a spreadsheet opens without making numbers, dates or formulas of it.

use super::{
    super::{Gene, LabReport, Ways, codes, times, written},
    Column,
};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::{borrow::Cow, io};

/// In which language headings and values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Chinese,
    /// English.
    English,
}

/// Columns in the order in which they are written; a test's time is that of its report.
const COLUMNS: [(Column, &str, &str); 19] = [
    (Column::Tube, "管号", "tube"),
    (Column::Issuer, "标签来源", "issuer"),
    (Column::Finding, "结果", "result"),
    (Column::People, "人数", "people"),
    (Column::Ct(Gene::Orf1ab), "ORF1ab基因Ct值", "Ct ORF1ab"),
    (Column::Ct(Gene::N), "N基因Ct值", "Ct N"),
    (Column::Ct(Gene::E), "E基因Ct值", "Ct E"),
    (Column::Ct(Gene::S), "S基因Ct值", "Ct S"),
    (Column::Ct(Gene::Any), "Ct值", "Ct"),
    (Column::Sampled, "采样时间", "sampled at"),
    (Column::Received, "接收时间", "received at"),
    (Column::Reported, "报告时间", "reported at"),
    (Column::Lab, "实验室", "lab"),
    (Column::Report, "报告编号", "report"),
    (Column::Status, "状态", "status"),
    (Column::Replaces, "原报告编号", "replaces"),
    (Column::Reason, "更正原因", "reason"),
    (Column::Test, "检测项目", "test"),
    (Column::Method, "检测方法", "method"),
];

/// Reports as CSV: UTF-8 with a byte order mark, by which Excel knows it.
///
/// # Errors
/// Those of what is written to.
pub fn csv<'r>(
    reports: impl IntoIterator<Item = &'r LabReport>,
    language: Language,
    ways: &Ways,
    mut to: impl io::Write,
) -> io::Result<()> {
    to.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
    writer.write_record(COLUMNS.map(|column| heading(&column, language)))?;
    for report in reports {
        for (column, ..) in COLUMNS {
            writer.write_field(defused(&value(report, column, language, ways)).as_ref())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

/// Reports as a workbook of one sheet; every cell is a text.
///
/// # Errors
/// More rows than a sheet holds.
pub fn xlsx<'r>(
    reports: impl IntoIterator<Item = &'r LabReport>,
    language: Language,
    ways: &Ways,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (head, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    sheet.set_freeze_panes(1, 0)?;
    for (at, column) in (0..).zip(&COLUMNS) {
        sheet.set_column_width(at, 18)?;
        sheet.write_string_with_format(0, at, heading(column, language), &head)?;
    }
    for (row, report) in (1..).zip(reports) {
        for (at, (column, ..)) in (0..).zip(COLUMNS) {
            let value = value(report, column, language, ways);
            if !value.is_empty() {
                sheet.write_string_with_format(row, at, quoted(&value), &text)?;
            }
        }
    }
    book.save_to_buffer()
}

fn heading(column: &(Column, &'static str, &'static str), language: Language) -> &'static str {
    match language {
        Language::Chinese => column.1,
        Language::English => column.2,
    }
}

fn value<'r>(report: &'r LabReport, column: Column, language: Language, ways: &Ways) -> Cow<'r, str> {
    let chinese = language == Language::Chinese;
    let said =
        |english: &'static str, other: &'static str| Cow::Borrowed(if chinese { other } else { english });
    let text = |text: &'r Option<String>| Cow::Borrowed(text.as_deref().unwrap_or_default());
    let time = |moment: Option<jiff::Timestamp>| {
        moment.map_or(Cow::Borrowed(""), |moment| times::to_typed(moment, &ways.zone).into())
    };
    match column {
        Column::Tube => Cow::Borrowed(&report.tube.code),
        Column::Issuer => text(&report.tube.issuer),
        Column::Finding => report
            .finding
            .map_or(Cow::Borrowed(""), |finding| said(finding.name(), codes::finding_in_chinese(finding))),
        Column::People => report.people.map_or(Cow::Borrowed(""), |people| people.to_string().into()),
        Column::Ct(gene) => {
            let ct = report.cts.iter().find(|ct| ct.gene == gene);
            ct.map_or(Cow::Borrowed(""), |ct| written(ct.hundredths.into()).into())
        }
        Column::Sampled => time(report.sampled),
        Column::Received => time(report.received),
        Column::Tested => Cow::Borrowed(""),
        Column::Reported => time(report.reported),
        Column::Lab => text(&report.lab),
        Column::Report => text(&report.id),
        Column::Status => said(report.status.name(), report.status.chinese()),
        Column::Replaces => report.replaces.as_ref().map_or("", |replaced| &replaced.report).into(),
        Column::Reason => {
            let reason = report.replaces.as_ref().and_then(|replaced| replaced.reason);
            reason.map_or(Cow::Borrowed(""), |reason| said(reason.name(), codes::reason_in_chinese(reason)))
        }
        Column::Test => report.test.loinc().0.into(),
        Column::Method => text(&report.method),
    }
}

/// What the reader would take off stands once more before it.
fn quoted(value: &str) -> Cow<'_, str> {
    let taken_off = value.starts_with('\'') || value.starts_with("=\"");
    if taken_off { format!("'{value}").into() } else { value.into() }
}

/// A formula becomes a text, and so does what a spreadsheet would make a number of: long codes, leading zeros, powers.
fn defused(value: &str) -> Cow<'_, str> {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']);
    let figures = value.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let number = figures
        && (digits >= 12
            || value.contains(['e', 'E'])
            || (value.starts_with('0') && value.len() > 1 && !value.starts_with("0.")));
    if formula || number { format!("'{value}").into() } else { value.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_read_as_what_they_are() {
        for (column, chinese, english) in COLUMNS {
            for heading in [chinese, english] {
                let (known, unread) = super::super::headings::columns([heading].into_iter());
                assert_eq!((known[0].0, unread), (column, 0), "{heading}");
            }
        }
    }
}
