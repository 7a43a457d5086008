//! The other tables of a scenario folder: volunteers, labs, donors and so on, each a CSV or XLSX file.
//!
//! Map: `columns` which tables there are and what their columns hold · `cell` whether a cell holds that.
//!
//! This version checks them, so that a folder written today is right tomorrow, and then refuses them: nothing uses
//! them yet, and a file that is read and not heeded would be a promise not kept.

mod cell;
mod columns;

pub use columns::{Column, Holds, TABLES, Table};

use crate::sheet::{Grouped, HEADING_ROWS, Kind, Outcome, Row, RowReader, read_sheet};
use domain::Notes;

/// Checks a table of the scenario folder: its headings, and each cell. None if no table has this name
/// (`labs.csv`, `labs.xlsx`, … in small letters).
pub fn check_table(file: &str, bytes: &[u8]) -> Option<Notes> {
    let stem = file.strip_suffix(".csv").or_else(|| file.strip_suffix(".xlsx"))?;
    let table = TABLES.iter().find(|table| table.name == stem)?;
    let mut notes = Grouped::new(file);
    let mut check = Check { table, columns: Vec::new(), headings: Vec::new(), rows: 0 };
    match read_sheet(bytes, &mut check, &mut notes, &mut |_, _| {}) {
        Outcome::Read if check.rows == 0 => notes.warning(None, "", "table_empty", &[]),
        Outcome::Read => check.say_unknown(&mut notes),
        Outcome::NoHeading => {
            let needed = table.required().map(Column::label).collect::<Vec<_>>().join(" · ");
            let args: [(&str, &dyn std::fmt::Display); 2] = [("needed", &needed), ("rows", &HEADING_ROWS)];
            notes.error(None, "", "table_heading_missing", &args);
        }
        Outcome::Refused => {}
    }
    notes.error(None, "", "table_not_used_yet", &[("file", &file)]);
    Some(notes.finish())
}

struct Check {
    table: &'static Table,
    /// What each column holds, as far as its heading is known.
    columns: Vec<Option<&'static Column>>,
    headings: Vec<String>,
    rows: u64,
}

impl Check {
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

impl RowReader for Check {
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
        for (index, column) in self.columns.iter().enumerate() {
            let Some(column) = column else { continue };
            let at = Some(row.number());
            let text = row.cell(index);
            if row.kind(index) == Kind::Failed {
                notes.error(at, &self.headings[index], "sheet_formula_failed", &[]);
            } else if text.is_empty() {
                if column.required {
                    notes.error(at, &self.headings[index], "table_cell_missing", &[]);
                }
            } else if let Err(code) = cell::check(text, column.holds) {
                let range = column.holds.range();
                notes.error(at, &self.headings[index], code, &[("range", &range)]);
            }
        }
        true
    }
}
