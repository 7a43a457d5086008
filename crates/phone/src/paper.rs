//! A shift that was written down by hand, typed in afterwards: a row is a time, a door, how many people, how many of them
//! are green, and the tube or lot. What comes of it is decided by the same rules as at a phone.
//!
//! Map: [`Shift`] what was typed · [`Roll`] what it is read against · [`read`] what comes of it: for each row what
//! is wrong with it or how many people it has, and the frames to store · `cells` what a cell says · `people` whom a row
//! is about · `ids` identifiers that come from sheet and row · [`stored`] the rows of a sheet that are stored, each of which can be
//! taken back.
//!
//! A station's paper is a device that has heard of no other: it refuses what other sheets of the station contradict, and
//! never what a phone wrote down. That becomes a conflict where all events are folded together, as between two phones.

mod cells;
mod ids;
mod people;
mod read;
mod stored;

pub use read::read;
pub use stored::{StoredRow, stored};

use crate::Door;
use domain::{Moment, command::Table};
use journal::Frame;
use round::{Folded, Refusal, Said, TubeKey, label};
use uuid::Uuid;

/// Rows that are typed or imported at once: twenty sheets.
pub const ROWS_MAX: usize = 500;
/// Numbers that rows may have, from 0: a spreadsheet's own go beyond those that are taken at once.
pub const ROW_NUMBERS: u32 = 4096;
/// People of one row.
pub const PEOPLE_MAX: u32 = round::TOGETHER_MAX as u32;

/// A sheet as it was typed. All its texts are in plain letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// What stands on the sheet: its number, or whatever whoever types it calls it. It tells sheets of a round apart.
    pub sheet: String,
    /// Whose sheet it is.
    pub table: Table,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Whether the tubes on it that are not full were closed, too.
    pub seals: bool,
    /// Whether rows that say what they said when they were taken back are meant all the same.
    pub anew: bool,
}

/// A row as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number on the sheet: the same row sent again is the same row.
    pub row: u32,
    /// The time of day.
    pub time: String,
    /// The door.
    pub door: String,
    /// How many people.
    pub people: String,
    /// How many of them are green.
    pub green: String,
    /// The tube's code, or the lot.
    pub item: String,
}

/// What a sheet is read against.
#[derive(Clone, Copy, Debug)]
pub struct Roll<'a> {
    /// The round whose sheet it is.
    pub round: Uuid,
    /// The doors of the roll, in its order.
    pub doors: &'a [Door],
    /// The key of the round's tubes.
    pub tubes: &'a TubeKey,
    /// All that is known of the round.
    pub folded: &'a Folded,
    /// The present: nothing that was written down comes after it.
    pub now: Moment,
}

/// What comes of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// The rows that say anything, in their order.
    pub rows: Vec<(u32, State)>,
    /// What is to be stored of the rows that are right and new.
    pub frames: Vec<Frame>,
}

/// What a row is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It was stored before, and says the same.
    Known,
    /// It is right and new, with so many people.
    Right(u32),
    /// It cannot be taken: all that is wrong with it.
    Wrong(Vec<Wrong>),
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// In which cell.
    pub cell: Cell,
    /// Why.
    pub why: Why,
}

/// A cell of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the cell of its name")]
pub enum Cell {
    Time,
    Door,
    People,
    Green,
    Item,
}

/// Why a row cannot be taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// A cell cannot be read, or does not fit the round or the rest of the sheet: the catalogue's `paper.CODE`.
    Cell(Said),
    /// A rule says no: the catalogue's `refusal.CODE`.
    Rule(Said),
}

impl Cell {
    /// Its word in data.
    pub fn name(self) -> &'static str {
        match self {
            Cell::Time => "time",
            Cell::Door => "door",
            Cell::People => "people",
            Cell::Green => "green",
            Cell::Item => "item",
        }
    }
}

impl Wrong {
    fn cell(cell: Cell, code: &'static str, args: &[(&'static str, &dyn std::fmt::Display)]) -> Wrong {
        Wrong { cell, why: Why::Cell(Said::new(code, args)) }
    }

    /// A refusal. What it tells a volunteer to do at the table with a full tube is too late on paper.
    fn refused(refusal: &Refusal, rules: &round::Rules) -> Wrong {
        match refusal {
            Refusal::TubeFull { tube, .. } | Refusal::TubeSealed { tube } => {
                Wrong::cell(Cell::Item, "tube_full", &[("tube", &label(*tube)), ("most", &rules.pool)])
            }
            Refusal::AfterClosing { .. } => Wrong { cell: Cell::Time, why: Why::Rule(refusal.said(rules)) },
            _ => Wrong { cell: Cell::Item, why: Why::Rule(refusal.said(rules)) },
        }
    }
}
