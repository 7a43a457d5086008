//! A connection with its prepared statements, and values as rows hold them.

use super::connect::{Address, ConnectError, Told};
use crate::store::rows::{Cause, Odd, Result};
use postgres::{
    Client, Row, RowIter, Statement,
    error::SqlState,
    types::{FromSql, ToSql},
};
use std::{collections::HashMap, error::Error, fmt};

/// Values of a statement.
pub(super) type Values<'v> = &'v [&'v (dyn ToSql + Sync)];

/// A connection.
pub(super) struct Session {
    address: Address,
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl Session {
    pub(super) fn open(address: &Address) -> Result<Session, ConnectError> {
        Ok(Session { address: address.clone(), client: address.connect()?, statements: HashMap::new() })
    }

    pub(super) fn place(&self) -> String {
        self.address.to_string()
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// Statements without values, sent together.
    pub(super) fn batch(&mut self, text: &str) -> Result<()> {
        Ok(self.client.batch_execute(text).map_err(Failed)?)
    }

    pub(super) fn query(&mut self, text: &'static str, values: Values<'_>) -> Result<Vec<Row>> {
        let statement = self.prepared(text)?;
        Ok(self.client.query(&statement, values).map_err(Failed)?)
    }

    /// One row, or none.
    pub(super) fn first(&mut self, text: &'static str, values: Values<'_>) -> Result<Option<Row>> {
        Ok(self.query(text, values)?.into_iter().next())
    }

    /// Rows as they come: whatever their number, few are in memory.
    pub(super) fn stream(&mut self, text: &'static str, values: Values<'_>) -> Result<RowIter<'_>> {
        let statement = self.prepared(text)?;
        Ok(self.client.query_raw(&statement, values.iter().copied()).map_err(Failed)?)
    }

    fn prepared(&mut self, text: &'static str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(text) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(text).map_err(Failed)?;
        self.statements.insert(text, statement.clone());
        Ok(statement)
    }

    /// Takes back what was begun; false where the connection can be used no more.
    pub(super) fn roll_back(&mut self) -> bool {
        !self.client.is_closed() && self.client.batch_execute("ROLLBACK").is_ok()
    }
}

/// What a database says, whole: alone its error says "db error".
#[derive(Debug)]
pub(super) struct Failed(pub(super) postgres::Error);

impl fmt::Display for Failed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Told(&self.0).fmt(out)
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// What is to be tried again at once.
#[derive(Debug)]
pub(super) struct Again;

impl fmt::Display for Again {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "it was tried again too often")
    }
}

impl Error for Again {}

/// Whether a failure is none of the transaction's own, so that the same may succeed when it is tried again: two were in each
/// other's way, or the connection or the server is gone, or not ready, or no longer the one that writes.
pub(super) fn is_passing(cause: &Cause) -> bool {
    if cause.is::<Again>() || cause.is::<ConnectError>() {
        return true;
    }
    let Some(Failed(error)) = cause.downcast_ref() else { return false };
    let Some(code) = error.code() else { return true };
    let passing = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::UNIQUE_VIOLATION,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::TOO_MANY_CONNECTIONS,
    ];
    passing.contains(code) || code.code().starts_with("08") || code.code().starts_with("57P")
}

/// A value of a column.
pub(super) fn value<'r, T: FromSql<'r>>(row: &'r Row, column: usize) -> Result<T> {
    Ok(row.try_get(column).map_err(Failed)?)
}

/// An identifier, a hash or the like.
pub(super) fn bytes<const N: usize>(row: &Row, column: usize) -> Result<[u8; N]> {
    let bytes: &[u8] = value(row, column)?;
    Ok(bytes.try_into().map_err(|_| Odd("a value of another length"))?)
}

/// A count as it is stored: PostgreSQL knows signed integers alone.
pub(super) fn number(row: &Row, column: usize) -> Result<u64> {
    let number: i64 = value(row, column)?;
    Ok(u64::try_from(number).map_err(|_| Odd("a count below zero"))?)
}

/// A value as it is written within a statement's text.
pub(super) fn literal(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("'\\x{digits}'::bytea")
}
