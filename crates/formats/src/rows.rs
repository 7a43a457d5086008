//! A long table, written row by row: no more than a part of it is in memory. As CSV (RFC 4180, UTF-8) or as Apache
//! Parquet, with the same values in both.

mod csv;
mod parquet;

pub use self::{csv::csv, parquet::parquet};

use std::io;

/// A column of a long table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading, unique in its table.
    pub name: String,
    /// What stands in it; any cell may be empty.
    pub kind: Kind,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers of 64 bits.
    Whole,
    /// Numbers, written so that reading them gives the same bits.
    Decimal,
    /// `true` or `false`.
    Flag,
    /// Text.
    Word,
}

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Empty.
    Nothing,
    /// Of a column of whole numbers.
    Whole(i64),
    /// Of a column of numbers.
    Decimal(f64),
    /// Of a column of flags.
    Flag(bool),
    /// Of a column of text.
    Word(&'a str),
}

/// Takes the rows of a table.
pub trait Rows {
    /// Writes a row: one value for each column, of its kind.
    ///
    /// # Errors
    /// Those of what is written to.
    ///
    /// # Panics
    /// If a value is not of its column's kind.
    fn row(&mut self, values: &[Value<'_>]) -> io::Result<()>;

    /// Writes what is left; a table that is not finished cannot be read.
    ///
    /// # Errors
    /// Those of what is written to.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

#[cfg(test)]
mod tests;
