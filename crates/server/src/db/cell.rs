//! What stands in a cell: a number, text, bytes, or nothing.

use super::{Error, Result};
use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::{borrow::Cow, error};

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing, where there could be this.
    Nothing(Kind),
    /// A number, or a truth as 0 or 1.
    Number(i64),
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 64 bits, signed.
    Number,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// What can be written into a cell.
pub trait ToCell {
    /// What its column holds.
    const KIND: Kind;
    /// As it is written.
    fn cell(&self) -> Cell<'_>;
}

/// What can be read from a cell.
pub trait FromCell: Sized {
    /// As it was written; `None` if that is something else.
    fn of(cell: &Cell<'_>) -> Option<Self>;
}

/// A row that came back.
pub enum Row<'a> {
    /// Of a file.
    File(&'a rusqlite::Row<'a>),
    /// Of a shared database.
    Shared(&'a postgres::Row),
}

impl Row<'_> {
    /// What stands in a column, counted from 0.
    ///
    /// # Errors
    /// It is something else.
    pub fn get<T: FromCell>(&self, column: usize) -> Result<T> {
        let cell = self.cell(column)?;
        T::of(&cell).ok_or(Error::Odd("a column holds what this program cannot read"))
    }

    /// What stands in a column, as it is.
    ///
    /// # Errors
    /// It is nothing that we ever write.
    pub fn cell(&self, column: usize) -> Result<Cell<'_>> {
        match self {
            Row::File(row) => Ok(match row.get_ref(column)? {
                ValueRef::Null => Cell::Nothing(Kind::Text),
                ValueRef::Integer(number) => Cell::Number(number),
                ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text)),
                ValueRef::Blob(bytes) => Cell::Bytes(bytes),
                ValueRef::Real(_) => return Err(Error::Odd("a column holds a fraction")),
            }),
            Row::Shared(row) => Ok(row.try_get(column)?),
        }
    }
}

impl Kind {
    /// What PostgreSQL calls it.
    pub(super) fn shared(self) -> Type {
        match self {
            Kind::Number => Type::INT8,
            Kind::Text => Type::TEXT,
            Kind::Bytes => Type::BYTEA,
        }
    }
}

impl Cell<'_> {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Cell::Nothing(kind) => *kind,
            Cell::Number(_) => Kind::Number,
            Cell::Text(_) => Kind::Text,
            Cell::Bytes(_) => Kind::Bytes,
        }
    }
}

impl rusqlite::ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Cell::Nothing(_) => ValueRef::Null,
            Cell::Number(number) => ValueRef::Integer(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            Cell::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

type Odd = Box<dyn error::Error + Sync + Send>;

impl ToSql for Cell<'_> {
    fn to_sql(&self, of: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Odd> {
        match self {
            Cell::Nothing(_) => Ok(IsNull::Yes),
            Cell::Number(number) => number.to_sql(of, out),
            Cell::Text(text) => text.to_sql(of, out),
            Cell::Bytes(bytes) => bytes.to_sql(of, out),
        }
    }

    fn accepts(of: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(of)
    }

    postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(of: &Type, raw: &'a [u8]) -> std::result::Result<Cell<'a>, Odd> {
        Ok(match *of {
            Type::BOOL => Cell::Number(bool::from_sql(of, raw)?.into()),
            Type::INT4 => Cell::Number(i32::from_sql(of, raw)?.into()),
            Type::INT8 => Cell::Number(i64::from_sql(of, raw)?),
            Type::BYTEA => Cell::Bytes(raw),
            _ => Cell::Text(<&str>::from_sql(of, raw)?.into()),
        })
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Cell<'a>, Odd> {
        Ok(Cell::Nothing(Kind::Text))
    }

    fn accepts(of: &Type) -> bool {
        [Type::BOOL, Type::INT4, Type::INT8, Type::TEXT, Type::VARCHAR, Type::NAME, Type::BYTEA].contains(of)
    }
}

impl ToCell for i64 {
    const KIND: Kind = Kind::Number;
    fn cell(&self) -> Cell<'_> {
        Cell::Number(*self)
    }
}

impl FromCell for i64 {
    fn of(cell: &Cell<'_>) -> Option<i64> {
        if let Cell::Number(number) = cell { Some(*number) } else { None }
    }
}

impl ToCell for u32 {
    const KIND: Kind = Kind::Number;
    fn cell(&self) -> Cell<'_> {
        Cell::Number((*self).into())
    }
}

impl FromCell for u32 {
    fn of(cell: &Cell<'_>) -> Option<u32> {
        i64::of(cell)?.try_into().ok()
    }
}

impl ToCell for bool {
    const KIND: Kind = Kind::Number;
    fn cell(&self) -> Cell<'_> {
        Cell::Number((*self).into())
    }
}

impl FromCell for bool {
    fn of(cell: &Cell<'_>) -> Option<bool> {
        i64::of(cell).map(|number| number != 0)
    }
}

impl ToCell for str {
    const KIND: Kind = Kind::Text;
    fn cell(&self) -> Cell<'_> {
        Cell::Text(self.into())
    }
}

impl ToCell for String {
    const KIND: Kind = Kind::Text;
    fn cell(&self) -> Cell<'_> {
        Cell::Text(self.into())
    }
}

impl FromCell for String {
    fn of(cell: &Cell<'_>) -> Option<String> {
        if let Cell::Text(text) = cell { Some(text.clone().into_owned()) } else { None }
    }
}

impl ToCell for [u8] {
    const KIND: Kind = Kind::Bytes;
    fn cell(&self) -> Cell<'_> {
        Cell::Bytes(self)
    }
}

impl ToCell for Vec<u8> {
    const KIND: Kind = Kind::Bytes;
    fn cell(&self) -> Cell<'_> {
        Cell::Bytes(self)
    }
}

impl FromCell for Vec<u8> {
    fn of(cell: &Cell<'_>) -> Option<Vec<u8>> {
        if let Cell::Bytes(bytes) = cell { Some(bytes.to_vec()) } else { None }
    }
}

impl<const N: usize> ToCell for [u8; N] {
    const KIND: Kind = Kind::Bytes;
    fn cell(&self) -> Cell<'_> {
        Cell::Bytes(self)
    }
}

impl<const N: usize> FromCell for [u8; N] {
    fn of(cell: &Cell<'_>) -> Option<[u8; N]> {
        if let Cell::Bytes(bytes) = cell { (*bytes).try_into().ok() } else { None }
    }
}

impl<T: ToCell + ?Sized> ToCell for &T {
    const KIND: Kind = T::KIND;
    fn cell(&self) -> Cell<'_> {
        T::cell(self)
    }
}

impl<T: ToCell> ToCell for Option<T> {
    const KIND: Kind = T::KIND;
    fn cell(&self) -> Cell<'_> {
        self.as_ref().map_or(Cell::Nothing(T::KIND), T::cell)
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn of(cell: &Cell<'_>) -> Option<Option<T>> {
        if let Cell::Nothing(_) = cell { Some(None) } else { T::of(cell).map(Some) }
    }
}
