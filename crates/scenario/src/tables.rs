//! The other tables of a scenario folder: volunteers, labs, donors and so on, each a CSV or XLSX file.
//!
//! Map: `columns` which tables there are and what their columns hold · `cell` whether a cell holds that.
//!
//! A city reads `sites`, `places` and `labs`. What is not used is checked, so that a folder written today is right tomorrow,
//! and then refused: a file that is read and not heeded would be a promise not kept.

mod cell;
mod columns;

pub use columns::{Column, Holds, TABLES, Table};

use crate::sheet::{Grouped, HEADING_ROWS, Kind, Outcome, Row, RowReader, read_sheet};
use domain::Notes;
use std::fmt::Display;

/// Checks a table of the scenario folder: its headings, and each cell. None if no table has this name
/// (`labs.csv`, `labs.xlsx`, … in small letters).
pub fn check_table(file: &str, bytes: &[u8]) -> Option<Notes> {
    let stem = file.strip_suffix(".csv").or_else(|| file.strip_suffix(".xlsx"))?;
    let table = TABLES.iter().find(|table| table.name == stem)?;
    let mut notes = Grouped::new(file);
    read(table, bytes, &mut notes, &mut |_, _| {}, &mut |_, _| {});
    notes.error(None, "", "table_not_used_yet", &[("file", &file)]);
    Some(notes.finish())
}

/// The rows of a table one by one, each cell checked before; headings that are not known are noted at the end.
pub(crate) fn read(
    table: &'static Table,
    bytes: &[u8],
    notes: &mut Grouped,
    progress: &mut dyn FnMut(u64, u64),
    take: &mut dyn FnMut(&Cells<'_>, &mut Grouped),
) {
    let mut check =
        Check { table, columns: Vec::new(), headings: Vec::new(), rows: 0, held: Vec::new(), take };
    match read_sheet(bytes, &mut check, notes, progress) {
        Outcome::Read if check.rows == 0 => notes.warning(None, "", "table_empty", &[]),
        Outcome::Read => check.say_unknown(notes),
        Outcome::NoHeading => {
            let needed = table.required().map(Column::label).collect::<Vec<_>>().join(" · ");
            let args: [(&str, &dyn Display); 2] = [("needed", &needed), ("rows", &HEADING_ROWS)];
            notes.error(None, "", "table_heading_missing", &args);
        }
        Outcome::Refused => {}
    }
}

/// The cells of one row by the names of their columns.
pub(crate) struct Cells<'r> {
    row: &'r Row,
    columns: &'r [Option<&'static Column>],
    headings: &'r [String],
    /// Whether every cell holds what its column should.
    pub sound: bool,
    /// The same, cell by cell.
    held: &'r [bool],
}

impl Cells<'_> {
    /// The row's number.
    pub fn number(&self) -> u32 {
        self.row.number()
    }

    /// Whether something is wrong with these cells, which is noted already: nothing follows from them.
    pub fn noted(&self, names: &[&str]) -> bool {
        names.iter().filter_map(|name| self.place(name)).any(|place| !self.held[place])
    }

    /// The text of a cell; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.place(name).map_or("", |place| self.row.cell(place))
    }

    /// The number in a cell; `None` as well where it is not what its column holds.
    pub fn number_in(&self, name: &str) -> Option<f64> {
        let place = self.place(name).filter(|&place| self.held[place])?;
        self.row.cell(place).parse().ok()
    }

    /// The whole number in a cell.
    pub fn whole(&self, name: &str) -> Option<u32> {
        self.number_in(name).map(|number| number as u32)
    }

    /// The heading of a column as the file has it.
    pub fn heading<'s>(&'s self, name: &'s str) -> &'s str {
        self.place(name).map_or(name, |place| &self.headings[place])
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.is_some_and(|column| column.name == name))
    }
}

struct Check<'t> {
    table: &'static Table,
    /// What each column holds, as far as its heading is known.
    columns: Vec<Option<&'static Column>>,
    headings: Vec<String>,
    rows: u64,
    /// Which cells of the row hold what they should.
    held: Vec<bool>,
    take: &'t mut dyn FnMut(&Cells<'_>, &mut Grouped),
}

impl Check<'_> {
    fn columns_of(&self, row: &Row) -> Vec<Option<&'static Column>> {
        row.cells().map(|heading| self.table.column(heading)).collect()
    }

    /// Headings that are not known, with the nearest that is.
    fn say_unknown(&self, notes: &mut Grouped) {
        let unknown =
            |(heading, column): &(&String, &Option<&Column>)| column.is_none() && !heading.is_empty();
        for (heading, _) in self.headings.iter().zip(&self.columns).filter(unknown) {
            match self.table.nearest(heading) {
                Some(near) => {
                    let near = near.label();
                    notes.warning(None, heading, "table_heading_unknown_near", &[("nearest", &near)]);
                }
                None => notes.warning(None, heading, "table_heading_unknown", &[]),
            }
        }
    }
}

impl RowReader for Check<'_> {
    fn is_heading(&mut self, row: &Row) -> bool {
        let known = self.columns_of(row);
        self.table.required().all(|needed| known.iter().flatten().any(|column| column.name == needed.name))
    }

    fn begin(&mut self, heading: &Row) {
        self.columns = self.columns_of(heading);
        self.headings = heading.cells().map(|heading| heading.chars().take(40).collect()).collect();
    }

    fn row(&mut self, row: &Row, notes: &mut Grouped) -> bool {
        self.rows += 1;
        let Check { columns, headings, held, .. } = self;
        held.clear();
        held.resize(columns.len(), true);
        for (index, column) in columns.iter().enumerate() {
            let Some(column) = column else { continue };
            let mut wrong = |code, args: &[(&'static str, &dyn Display)]| {
                notes.error(Some(row.number()), &headings[index], code, args);
                held[index] = false;
            };
            let text = row.cell(index);
            if row.kind(index) == Kind::Failed {
                wrong("sheet_formula_failed", &[]);
            } else if text.is_empty() {
                if column.required {
                    wrong("table_cell_missing", &[]);
                }
            } else if let Err(code) = cell::check(text, column.holds) {
                wrong(code, &[("range", &column.holds.range())]);
            }
        }
        let sound = held.iter().all(|held| *held);
        let cells = Cells { row, columns, headings, sound, held };
        (self.take)(&cells, notes);
        true
    }
}
