//! What is wrong with a scenario, a roll or a plan: collected, never thrown at the first.

use serde::Serialize;

/// How bad it is. Only errors refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing can be done with it as it stands.
    Error,
    /// It can be used, and someone should look at it.
    Warning,
    /// It could be better.
    Hint,
}

/// Where it is: a file of the scenario folder, a row (1 is the first line) and a column heading or field name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// File name inside the scenario folder; empty for the folder as a whole.
    pub file: String,
    /// Line of a text file or row of a sheet, counted from 1.
    pub row: Option<u32>,
    /// Column heading of a table, or the dotted name of a field.
    pub column: Option<String>,
}

impl Place {
    /// The file as a whole.
    pub fn file(file: impl Into<String>) -> Self {
        Place { file: file.into(), row: None, column: None }
    }
    /// The same file at this row.
    pub fn row(mut self, row: u32) -> Self {
        self.row = Some(row);
        self
    }
    /// The same row at this column or field.
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }
}

/// One thing that is wrong. Its words stand in the catalogue of messages under `note.CODE` (what is wrong) and
/// `mend.CODE` (what to do), with the arguments filled in: so a note speaks every language of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// Which message of the catalogue says it.
    pub code: &'static str,
    /// What fills the message's `{name}` gaps.
    pub args: Vec<(&'static str, String)>,
}

/// A collection of notes, in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes(pub Vec<Note>);

impl Notes {
    /// Adds a note.
    pub fn push(
        &mut self,
        severity: Severity,
        place: Place,
        code: &'static str,
        args: &[(&'static str, &dyn std::fmt::Display)],
    ) {
        let args = args.iter().map(|(name, value)| (*name, value.to_string())).collect();
        self.0.push(Note { severity, place, code, args });
    }
    /// Adds an error.
    pub fn error(
        &mut self,
        place: Place,
        code: &'static str,
        args: &[(&'static str, &dyn std::fmt::Display)],
    ) {
        self.push(Severity::Error, place, code, args);
    }
    /// Adds a warning.
    pub fn warning(
        &mut self,
        place: Place,
        code: &'static str,
        args: &[(&'static str, &dyn std::fmt::Display)],
    ) {
        self.push(Severity::Warning, place, code, args);
    }
    /// Adds a hint.
    pub fn hint(
        &mut self,
        place: Place,
        code: &'static str,
        args: &[(&'static str, &dyn std::fmt::Display)],
    ) {
        self.push(Severity::Hint, place, code, args);
    }
    /// Whether any of them refuses.
    pub fn refuses(&self) -> bool {
        self.0.iter().any(|note| note.severity == Severity::Error)
    }
    /// Takes over the notes of another collection.
    pub fn extend(&mut self, other: Notes) {
        self.0.extend(other.0);
    }
}
