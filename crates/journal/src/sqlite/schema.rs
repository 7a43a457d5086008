//! The tables, and how a file of an older form becomes one of this form. A form is never changed once it was released:
//! the next one is a step more.

use super::failed_at;
use crate::OpenError;
use rusqlite::{Connection, OptionalExtension, Result, TransactionBehavior};
use std::path::Path;

/// What each step adds. A file's version is how many it has had.
const STEPS: [&str; 1] = [FIRST];

/// `slice` keeps its row id: its rows are long, and are best written one after the other. The others are short and are
/// found by their key alone.
const FIRST: &str = "
CREATE TABLE community (
    community_id BLOB NOT NULL PRIMARY KEY,
    -- How many frames the community's journal has.
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE log (
    community_id BLOB NOT NULL,
    device BLOB NOT NULL,
    book BLOB NOT NULL,
    public_key BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'revoked')),
    -- The head.
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (community_id, device)
) STRICT, WITHOUT ROWID;
CREATE TABLE slice (
    community_id BLOB NOT NULL,
    device BLOB NOT NULL,
    after_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL CHECK (last_seq > after_seq),
    book BLOB NOT NULL,
    first_position INTEGER NOT NULL,
    -- The head that the frames lead to is (last_seq, hash), and this the device's signature over it.
    hash BLOB NOT NULL,
    signature BLOB NOT NULL,
    frames BLOB NOT NULL,
    PRIMARY KEY (community_id, device, last_seq)
) STRICT;
CREATE UNIQUE INDEX slice_of_book ON slice (community_id, book, first_position);
CREATE TABLE quarantine (
    community_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    device BLOB NOT NULL,
    received_at_ms INTEGER NOT NULL,
    why TEXT NOT NULL,
    -- SHA-256 of the bytes: what is sent again is kept once.
    digest BLOB NOT NULL,
    bytes BLOB NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (community_id, number)
) STRICT;
CREATE UNIQUE INDEX quarantine_of_device ON quarantine (community_id, device, digest);
CREATE INDEX quarantine_unsettled ON quarantine (community_id, device) WHERE NOT settled;
";

/// The version that this program writes.
const VERSION: u32 = STEPS.len() as u32;

/// The version of a file, which is no newer than this program's; 0 is an empty file. Looks, and changes nothing.
pub(super) fn known(db: &Connection, path: &Path) -> std::result::Result<u32, OpenError> {
    let failed = |source| OpenError::Storage(failed_at("open", path, source));
    let place = || path.display().to_string();
    match version(db).map_err(failed)? {
        Some(version) if version > VERSION => Err(OpenError::Newer { place: place(), version }),
        Some(version) => Ok(version),
        None if empty(db).map_err(failed)? => Ok(0),
        None => Err(OpenError::Foreign(place())),
    }
}

/// Brings a file of this version to this program's form, in one transaction.
pub(super) fn upgrade(db: &mut Connection, version: u32) -> Result<()> {
    if version == VERSION {
        return Ok(());
    }
    let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if version == 0 {
        step.execute_batch(
            "CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;",
        )?;
    }
    for next in &STEPS[version as usize..] {
        step.execute_batch(next)?;
    }
    step.execute("INSERT OR REPLACE INTO meta VALUES ('schema', ?1)", [VERSION])?;
    step.commit()
}

/// The version of a file; `None` if it is no journal.
fn version(db: &Connection) -> Result<Option<u32>> {
    if !exists(db, "meta")? {
        return Ok(None);
    }
    db.query_row("SELECT value FROM meta WHERE name = 'schema'", [], |row| row.get(0)).optional()
}

fn exists(db: &Connection, table: &str) -> Result<bool> {
    db.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?1)", [table], |row| row.get(0))
}

fn empty(db: &Connection) -> Result<bool> {
    db.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))
}
