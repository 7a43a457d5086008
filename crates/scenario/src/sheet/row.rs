//! One row of a sheet, its buffers used again for the next.

use super::plain::push_plain;

/// What a cell is, beside its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text or a number, as written in this row.
    Own,
    /// The text of a cell above with which this one is merged.
    Merged,
    /// A date or a time of a spreadsheet, written `2022-03-28`, `07:30` or `2022-03-28 07:30`.
    Date,
    /// The result of a formula that failed (`#REF!`); its text is empty.
    Failed,
}

/// The cells of one row. Their texts are [`plain`](super::plain()): half-width, trimmed.
#[derive(Debug, Default)]
pub struct Row {
    number: u32,
    text: String,
    ends: Vec<usize>,
    kinds: Vec<Kind>,
}

impl Row {
    /// Line of the file or row of the sheet, counted from 1.
    pub fn number(&self) -> u32 {
        self.number
    }
    /// The number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    /// Whether there are no cells at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
    /// Whether no cell says anything of its own.
    pub fn is_blank(&self) -> bool {
        (0..self.len()).all(|column| self.own(column).is_empty() && self.kind(column) != Kind::Failed)
    }
    /// The text of a cell; empty beyond the last.
    pub fn cell(&self, column: usize) -> &str {
        let Some(&end) = self.ends.get(column) else { return "" };
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        &self.text[start..end]
    }
    /// The text of a cell unless it came from above.
    pub fn own(&self, column: usize) -> &str {
        if self.kind(column) == Kind::Merged { "" } else { self.cell(column) }
    }
    /// What the cell is.
    pub fn kind(&self, column: usize) -> Kind {
        self.kinds.get(column).copied().unwrap_or(Kind::Own)
    }
    /// The texts of all cells.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.cell(column))
    }

    pub(super) fn clear(&mut self, number: u32) {
        self.number = number;
        self.text.clear();
        self.ends.clear();
        self.kinds.clear();
    }
    pub(super) fn push(&mut self, raw: &str, kind: Kind) {
        push_plain(raw, &mut self.text);
        self.ends.push(self.text.len());
        self.kinds.push(kind);
    }
}
