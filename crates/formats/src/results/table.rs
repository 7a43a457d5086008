//! Results as rows of cells, as labs keep them in spreadsheets: read from whoever turns a file into rows, and written.
//!
//! Which column holds what is told by its heading, Chinese or English, in any order. What is not asked for is left unread:
//! a file of a lab may hold names.

mod headings;
mod write;

pub use headings::{Column, is_heading};
pub use write::{Language, csv, xlsx};

use super::{
    CTS_MAX, Ct, Finding, Gene, LabReport, PEOPLE_MAX, Place, Problem, Reason, Replaced, Reports, Status,
    TEXT_MAX, Test, TubeName, Ways, codes, hundredths, problem::ProblemNote, sound, times,
};
use jiff::Timestamp;
use std::fmt::Display;

/// Rows of one file: a district's day. A spreadsheet cannot hold more than 1,048,576.
pub const ROWS_MAX: usize = 500_000;
/// Figures that a spreadsheet keeps of a number.
const FIGURES: usize = 15;
/// So many numbers that all end in a zero were rounded; fewer may be chance.
const ROUNDED: usize = 3;

/// Reads the rows below a heading.
pub struct Reader<'w> {
    ways: &'w Ways,
    /// What stands in which column, and its heading.
    columns: Vec<(Column, u32, String)>,
    reports: Reports,
    rows: usize,
    /// Codes of more figures than a spreadsheet keeps: all of them, and those that end in a zero.
    long: (usize, usize),
}

impl<'w> Reader<'w> {
    /// Begins below the row of this number, which holds the headings.
    ///
    /// # Errors
    /// A column that is needed is not there, or is there twice.
    pub fn begin<'c>(
        row: u32,
        headings: impl Iterator<Item = &'c str>,
        ways: &'w Ways,
    ) -> Result<Reader<'w>, Vec<ProblemNote>> {
        let mut reports = Reports::default();
        let (columns, unread) = headings::columns(headings);
        let mut wrong = |column: Option<(u32, String)>, problem, args: &[(&'static str, &dyn Display)]| {
            reports.note(Place::Cell { row, column }, problem, args);
        };
        for (at, (column, number, heading)) in columns.iter().enumerate() {
            if let Some((_, _, other)) = columns[..at].iter().find(|(earlier, ..)| earlier == column) {
                wrong(
                    Some((*number, heading.clone())),
                    Problem::ColumnTwice,
                    &[("heading", heading), ("other", other)],
                );
            }
        }
        for (needed, name) in [(Column::Tube, "管号 / tube"), (Column::Finding, "结果 / result")] {
            if !columns.iter().any(|(column, ..)| *column == needed) {
                wrong(None, Problem::ColumnMissing, &[("heading", &name)]);
            }
        }
        if !reports.notes.is_empty() {
            return Err(reports.notes);
        }
        if unread > 0 {
            reports.note(Place::row(row), Problem::ColumnsUnread, &[("columns", &unread)]);
        }
        Ok(Reader { ways, columns, reports, rows: 0, long: (0, 0) })
    }

    /// Reads a row. Returns whether it says anything.
    pub fn row<'c>(&mut self, number: u32, cell: impl Fn(usize) -> &'c str) -> bool {
        if self.columns.iter().all(|(_, column, _)| cell(*column as usize - 1).trim().is_empty()) {
            return false;
        }
        self.rows += 1;
        if self.rows > ROWS_MAX {
            if self.rows == ROWS_MAX + 1 {
                self.reports.note(Place::row(number), Problem::RowsTooMany, &[("limit", &ROWS_MAX)]);
            }
            self.reports.refused += 1;
            return true;
        }
        let since = self.reports.notes.len();
        let mut line = Line { number, columns: &self.columns, reports: &mut self.reports, cell: &cell };
        let report = line.report(self.ways);
        if let Some(report) = &report {
            let code = &report.tube.code;
            if code.len() > FIGURES && code.bytes().all(|byte| byte.is_ascii_digit()) {
                self.long.0 += 1;
                self.long.1 += usize::from(code.ends_with('0'));
            }
        }
        self.reports.settle(Place::row(number), report, since);
        true
    }

    /// What was read.
    pub fn finish(mut self) -> Reports {
        if self.long.0 >= ROUNDED && self.long.0 == self.long.1 {
            self.reports.note(Place::Whole, Problem::CodesRounded, &[("codes", &self.long.0)]);
        }
        self.reports
    }
}

/// A row that is being read.
struct Line<'a, C> {
    number: u32,
    columns: &'a [(Column, u32, String)],
    reports: &'a mut Reports,
    cell: &'a C,
}

impl<'c, C: Fn(usize) -> &'c str> Line<'_, C> {
    fn report(&mut self, ways: &Ways) -> Option<LabReport> {
        let tube = self.tube();
        let issuer = self.text(Column::Issuer);
        let status = self.status();
        let finding = self.finding(status);
        let test = self.test();
        let report = LabReport {
            id: self.text(Column::Report),
            tube: TubeName { code: tube.unwrap_or_default(), issuer },
            people: self.people(),
            finding,
            test,
            method: self.text(Column::Method),
            cts: self.cts(),
            sampled: self.time(Column::Sampled, ways),
            received: self.time(Column::Received, ways),
            reported: self.reported(ways),
            lab: self.text(Column::Lab),
            status,
            replaces: self.replaces(),
        };
        (!report.tube.code.is_empty()).then_some(report)
    }

    /// What stands in that column: blanks and what defuses a formula taken off.
    fn says(&self, column: Column) -> &'c str {
        let known = self.columns.iter().find(|(known, ..)| *known == column);
        known.map_or("", |(_, number, _)| unwrapped((self.cell)(*number as usize - 1).trim()))
    }

    fn wrong(&mut self, column: Column, problem: Problem, args: &[(&'static str, &dyn Display)]) {
        let known = self.columns.iter().find(|(known, ..)| *known == column);
        let column = known.map(|(_, number, heading)| (*number, heading.clone()));
        self.reports.note(Place::Cell { row: self.number, column }, problem, args);
    }

    fn text(&mut self, column: Column) -> Option<String> {
        match sound(self.says(column)) {
            Ok(text) => text.map(str::to_owned),
            Err(problem) => {
                self.wrong(column, problem, &[("limit", &TEXT_MAX)]);
                None
            }
        }
    }

    fn tube(&mut self) -> Option<String> {
        let code = self.text(Column::Tube);
        match &code {
            None if self.says(Column::Tube).is_empty() => self.wrong(Column::Tube, Problem::TubeMissing, &[]),
            Some(code) if powers(code) => self.wrong(Column::Tube, Problem::CodeAsNumber, &[("typed", code)]),
            _ => {}
        }
        code
    }

    fn finding(&mut self, status: Status) -> Option<Finding> {
        let typed = self.says(Column::Finding);
        match codes::finding_of_word(typed) {
            Ok(finding) => return Some(finding),
            Err(Problem::FindingMissing) if status == Status::Cancelled => {}
            Err(problem) => self.wrong(Column::Finding, problem, &[("typed", &typed)]),
        }
        None
    }

    fn status(&mut self) -> Status {
        let typed = self.says(Column::Status);
        if typed.is_empty() {
            return if self.says(Column::Replaces).is_empty() { Status::Final } else { Status::Corrected };
        }
        Status::of_word(typed).unwrap_or_else(|problem| {
            self.wrong(Column::Status, problem, &[("typed", &typed)]);
            Status::Final
        })
    }

    fn test(&mut self) -> Test {
        let typed = self.says(Column::Test);
        match codes::bare(typed).as_str() {
            ""
            | "核酸"
            | "核酸检测"
            | "新冠核酸"
            | "新型冠状病毒核酸检测"
            | "新冠病毒核酸检测"
            | "pcr"
            | "rt-pcr"
            | "naat" => Test::Specimen,
            code => Test::of_loinc(code).unwrap_or_else(|| {
                self.wrong(Column::Test, Problem::TestUnknown, &[("typed", &typed)]);
                Test::Specimen
            }),
        }
    }

    fn people(&mut self) -> Option<u32> {
        let typed = self.says(Column::People);
        if typed.is_empty() {
            return None;
        }
        let bare = codes::bare(typed);
        // 单采 one alone, 10混1 or 10合1 ten in one.
        let number = match bare.as_str() {
            "单采" | "单管" | "单人单管" | "single" => Some(1),
            text => {
                let text = text.strip_suffix("混1").or_else(|| text.strip_suffix("合1")).unwrap_or(text);
                text.strip_suffix('人').unwrap_or(text).parse().ok()
            }
        };
        let number = number.filter(|number| (1..=PEOPLE_MAX).contains(number));
        if number.is_none() {
            self.wrong(Column::People, Problem::PeopleWrong, &[("typed", &typed), ("limit", &PEOPLE_MAX)]);
        }
        number
    }

    fn cts(&mut self) -> Vec<Ct> {
        let mut cts = Vec::new();
        for gene in Gene::ALL {
            let column = Column::Ct(gene);
            let typed = self.says(column);
            // What was not amplified has no Ct.
            match codes::bare(typed).as_str() {
                "" | "-" | "/" | "noct" | "n/a" | "na" | "undetermined" | "undet" | "未检出" | "无"
                | "无ct" => {}
                // Beyond the last cycle that the machine runs.
                text if text.starts_with('>') => {}
                text => match hundredths(text) {
                    Some(hundredths) => cts.push(Ct { gene, hundredths }),
                    None => self.wrong(column, Problem::CtWrong, &[("typed", &typed)]),
                },
            }
        }
        debug_assert!(cts.len() <= CTS_MAX, "a column for each gene");
        cts
    }

    fn time(&mut self, column: Column, ways: &Ways) -> Option<Timestamp> {
        let typed = self.says(column);
        if typed.is_empty() {
            return None;
        }
        match times::typed(typed, &ways.zone) {
            Ok(times::Said::Moment(moment)) => return Some(moment),
            Ok(times::Said::Day) => self.wrong(column, Problem::TimeNoHour, &[("typed", &typed)]),
            Err(problem) => self.wrong(column, problem, &[("typed", &typed)]),
        }
        None
    }

    /// When it was tested, where nothing says when it was reported.
    fn reported(&mut self, ways: &Ways) -> Option<Timestamp> {
        let column = if self.says(Column::Reported).is_empty() { Column::Tested } else { Column::Reported };
        self.time(column, ways)
    }

    fn replaces(&mut self) -> Option<Replaced> {
        let report = self.text(Column::Replaces)?;
        let typed = self.says(Column::Reason);
        let reason = if typed.is_empty() { None } else { Some(codes::reason_of_word(typed)) };
        if reason == Some(None) {
            self.wrong(Column::Reason, Problem::ReasonUnknown, &[]);
        }
        Some(Replaced { report, reason: reason.map(|reason| reason.unwrap_or(Reason::Other)) })
    }
}

/// `="0123"` and `'0123`, with which people keep a spreadsheet from making a number of it.
fn unwrapped(text: &str) -> &str {
    let formula = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
    formula.or_else(|| text.strip_prefix('\'')).unwrap_or(text)
}

/// Whether a spreadsheet made a number of it: `1.23E+12`.
fn powers(code: &str) -> bool {
    let Some((figures, power)) = code.split_once(['e', 'E']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = figures.split_once('.').unwrap_or((figures, "0"));
    let signed = power.strip_prefix('+');
    // Without a point and a sign it may be a code: 1E12.
    digits(whole)
        && digits(part)
        && digits(signed.unwrap_or(power))
        && (signed.is_some() || figures.contains('.'))
}
