//! The roll (花名册) from the spreadsheets that people really have.
//!
//! Map: `columns` headings → columns · `lines` rows → residents, with what is left out taken from above ·
//! `place` the door of a row · `address` and `part` how doors are written · `marks` words for marks ·
//! `people` who is entered twice · `document` numbers that a spreadsheet spoilt · `houses` households together, in the order of the list ·
//! `as_csv` a workbook as text.
//!
//! Names and document numbers are looked at to find people entered twice, telephones to see that there are two, and
//! none of them is kept or shown: a note tells the row and the column. Only a server, which seals them, takes them along
//! (feature `names`).

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
#[cfg(feature = "names")]
pub use lines::Cells;

use crate::sheet::{Grouped, Outcome, read_sheet};
use domain::{Notes, Roll};
#[cfg(not(feature = "names"))]
use lines::Cells;
use lines::Lines;

/// Reads a roll from the bytes of a CSV or XLSX file; `file` is the name that notes give. `progress` is told from time
/// to time how much is done of how much (bytes or rows).
///
/// All notes come at once. If they refuse ([`Notes::refuses`]), the roll must not be used.
pub fn read_roll(file: &str, bytes: &[u8], progress: &mut dyn FnMut(u64, u64)) -> (Roll, Notes) {
    let mut notes = Grouped::new(file);
    let (roll, _) = read_lines(bytes, Lines::default(), &mut notes, progress);
    (roll, notes.finish())
}

/// The roll's file in a folder: its name and content.
#[cfg(feature = "names")]
pub fn roll_file(files: &crate::Files) -> Option<(&'static str, &[u8])> {
    crate::compose::ROLLS.into_iter().find_map(|name| Some((name, files.0.get(name)?.as_slice())))
}

/// Reads a roll as [`read_roll`] does, and takes along what each row says of its resident, in the roll's order. For a
/// server that seals it: nothing else may keep it.
#[cfg(feature = "names")]
pub fn read_roll_with_cells(
    file: &str,
    bytes: &[u8],
    progress: &mut dyn FnMut(u64, u64),
) -> (Roll, Vec<Cells>, Notes) {
    let mut notes = Grouped::new(file);
    let (roll, cells) = read_lines(bytes, Lines::with_cells(), &mut notes, progress);
    (roll, cells, notes.finish())
}

fn read_lines(
    bytes: &[u8],
    mut lines: Lines,
    notes: &mut Grouped,
    progress: &mut dyn FnMut(u64, u64),
) -> (Roll, Vec<Cells>) {
    match read_sheet(bytes, &mut lines, notes, progress) {
        Outcome::Read => return lines.finish(notes),
        Outcome::NoHeading => lines.say_no_heading(notes),
        Outcome::Refused => {}
    }
    (Roll::default(), Vec::new())
}
