//! Document numbers: looked at to find people entered twice, and to see whether a spreadsheet has spoilt them.

use super::columns::Columns;
use super::people::hash;
use crate::sheet::{Grouped, Row};

/// Letters of the shortest number that is taken for a document: `无`, `123` and `待补` are none.
const SHORTEST: usize = 6;
/// Digits that a spreadsheet keeps of a number; it puts zeros for those behind.
const KEPT: usize = 15;
/// Of resident identity numbers one in 1,100 ends in three zeros. Where it is one in fifty and at least three, a
/// spreadsheet made them.
const ROUNDED_SHARE: u64 = 50;
const ROUNDED_MIN: u64 = 3;

/// What the column of documents looks like so far.
#[derive(Default)]
pub(super) struct Documents {
    long: u64,
    rounded: u64,
    rounded_row: u32,
}

impl Documents {
    /// The hash of a row's document number, if it has a sound one.
    pub(super) fn read(&mut self, row: &Row, columns: &Columns, notes: &mut Grouped) -> Option<u64> {
        let column = columns.document?;
        let cell = row.own(column);
        if is_scientific(cell) {
            notes.error(Some(row.number()), columns.heading(column), "roll_document_scientific", &[]);
            return None;
        }
        let letters = || cell.chars().filter(char::is_ascii_alphanumeric);
        let first = letters().next()?;
        if letters().count() < SHORTEST || letters().all(|letter| letter == first) {
            return None;
        }
        let digits = cell.len() > KEPT && cell.bytes().all(|byte| byte.is_ascii_digit());
        if digits {
            self.long += 1;
            if cell[KEPT..].bytes().all(|byte| byte == b'0') && cell.len() >= KEPT + 3 {
                if self.rounded == 0 {
                    self.rounded_row = row.number();
                }
                self.rounded += 1;
                return None;
            }
        }
        let bare: String = letters().collect();
        Some(hash(7, &bare))
    }

    /// Says whether many numbers end in zeros.
    pub(super) fn finish(self, columns: &Columns, notes: &mut Grouped) {
        if self.rounded >= ROUNDED_MIN && self.rounded * ROUNDED_SHARE >= self.long {
            let heading = columns.heading_of(columns.document);
            let args: [(&str, &dyn std::fmt::Display); 1] = [("count", &self.rounded)];
            notes.error(Some(self.rounded_row), heading, "roll_document_rounded", &args);
        }
    }
}

/// Whether a number is written with an exponent: `1.2E+17`, `3.10110199001011E17`.
fn is_scientific(cell: &str) -> bool {
    let Some((number, exponent)) = cell.split_once(['e', 'E']) else { return false };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    whole.len() == 1
        && digits(whole)
        && digits(fraction)
        && digits(exponent)
        && exponent.parse::<u32>().is_ok_and(|exponent| (8..30).contains(&exponent))
}

#[cfg(test)]
mod tests {
    use super::is_scientific;

    #[test]
    fn numbers_with_an_exponent_are_seen_and_passports_are_not() {
        for cell in ["1.2E+17", "3.10110199001011E17", "1e+17", "3.1E+17"] {
            assert!(is_scientific(cell), "{cell}");
        }
        for cell in ["310110199001011234", "E12345678", "1E1234567", "12E+17", ""] {
            assert!(!is_scientific(cell), "{cell}");
        }
    }
}
