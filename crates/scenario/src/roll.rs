//! The roll (花名册) from the spreadsheets that people really have.
//!
//! Map: `columns` headings → columns · `lines` rows → residents, with what is left out taken from above ·
//! `place` the door of a row · `address` and `part` how doors are written · `marks` words for marks ·
//! `people` who is entered twice · `document` numbers that a spreadsheet spoilt · `houses` households together, in the order of the list ·
//! `as_csv` a workbook as text.
//!
//! Names and document numbers are looked at to find people entered twice, telephones to see that there are two, and
//! none of them is kept or shown: a note tells the row and the column.

mod address;
#[cfg(feature = "sheets")]
mod as_csv;
mod columns;
mod document;
mod houses;
mod lines;
mod marks;
mod part;
mod people;
mod place;

#[cfg(feature = "sheets")]
pub use as_csv::roll_as_csv;

use crate::sheet::{Grouped, Outcome, read_sheet};
use domain::{Notes, Roll};
use lines::Lines;

/// Reads a roll from the bytes of a CSV or XLSX file; `file` is the name that notes give. `progress` is told from time
/// to time how much is done of how much (bytes or rows).
///
/// All notes come at once. If they refuse ([`Notes::refuses`]), the roll must not be used.
pub fn read_roll(file: &str, bytes: &[u8], progress: &mut dyn FnMut(u64, u64)) -> (Roll, Notes) {
    let mut notes = Grouped::new(file);
    let mut lines = Lines::default();
    let outcome = read_sheet(bytes, &mut lines, &mut notes, progress);
    let roll = match outcome {
        Outcome::Read => lines.finish(&mut notes),
        Outcome::NoHeading => {
            lines.say_no_heading(&mut notes);
            Roll::default()
        }
        Outcome::Refused => Roll::default(),
    };
    (roll, notes.finish())
}
