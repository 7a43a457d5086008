//! Notes of one file, the first few of each code: ten thousand rows with one fault are one thing to mend, not ten
//! thousand things to read.

use domain::{Note, Notes, Place, Severity};
use std::fmt::Display;

/// Notes of one code that are shown; the rest is counted. Twenty rows show a pattern and fit a screen.
const SHOWN_MAX: usize = 20;

/// Notes of one file, collected by code in the order in which the codes first appear.
#[derive(Debug)]
pub struct Grouped {
    file: String,
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    shown: Vec<Note>,
    more: u64,
}

impl Grouped {
    /// No notes yet on this file.
    pub fn new(file: &str) -> Self {
        Grouped { file: file.to_owned(), groups: Vec::new() }
    }

    /// Adds a note at a row and a column (its heading; empty where the note is on the whole row).
    pub fn push(
        &mut self,
        severity: Severity,
        row: Option<u32>,
        column: &str,
        code: &'static str,
        args: &[(&'static str, &dyn Display)],
    ) {
        let at = match self.groups.iter().position(|group| group.shown[0].code == code) {
            Some(at) => at,
            None => {
                self.groups.push(Group { shown: Vec::new(), more: 0 });
                self.groups.len() - 1
            }
        };
        let group = &mut self.groups[at];
        if group.shown.len() == SHOWN_MAX {
            group.more += 1;
            return;
        }
        let column = (!column.is_empty()).then(|| column.to_owned());
        let place = Place { file: self.file.clone(), row, column };
        let args = args.iter().map(|(name, value)| (*name, value.to_string())).collect();
        group.shown.push(Note { severity, place, code, args });
    }
    /// Adds an error.
    pub fn error(
        &mut self,
        row: Option<u32>,
        column: &str,
        code: &'static str,
        args: &[(&'static str, &dyn Display)],
    ) {
        self.push(Severity::Error, row, column, code, args);
    }
    /// Adds a warning.
    pub fn warning(
        &mut self,
        row: Option<u32>,
        column: &str,
        code: &'static str,
        args: &[(&'static str, &dyn Display)],
    ) {
        self.push(Severity::Warning, row, column, code, args);
    }
    /// Adds a hint.
    pub fn hint(
        &mut self,
        row: Option<u32>,
        column: &str,
        code: &'static str,
        args: &[(&'static str, &dyn Display)],
    ) {
        self.push(Severity::Hint, row, column, code, args);
    }
    /// Whether the next note of this code would still be shown: some arguments cost work.
    pub fn shows(&self, code: &str) -> bool {
        self.groups.iter().all(|group| group.shown[0].code != code || group.shown.len() < SHOWN_MAX)
    }

    /// All of them, errors first; what is not shown is one note that says how many more there are.
    pub fn finish(mut self) -> Notes {
        self.groups.sort_by_key(|group| group.shown[0].severity);
        let mut notes = Notes::default();
        for group in self.groups {
            let Note { severity, place, .. } = group.shown[0].clone();
            notes.0.extend(group.shown);
            if group.more > 0 {
                let like = place.row.unwrap_or(1);
                let place = Place { row: None, ..place };
                notes.push(severity, place, "sheet_more_like_it", &[("count", &group.more), ("row", &like)]);
            }
        }
        notes
    }
}
