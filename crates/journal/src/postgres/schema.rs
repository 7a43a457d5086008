//! The tables, and how those of an older form become those of this form. A form is never changed once it was released: the
//! next one is a step more.

use super::session::Session;
use crate::{
    OpenError, StorageError,
    store::rows::{Cause, Result},
};

/// What each step adds. A database's version is how many it has had.
const STEPS: [&str; 1] = [FIRST];

/// As in the file. Frames are not compressed: much of them is hashes and random numbers, and compressing costs more than
/// writing. Rows that are updated again and again leave room for that on their own page.
const FIRST: &str = "
CREATE TABLE journal.community (
    community_id BYTEA NOT NULL PRIMARY KEY,
    -- How many frames the community's journal has.
    position BIGINT NOT NULL
) WITH (fillfactor = 50);
CREATE TABLE journal.log (
    community_id BYTEA NOT NULL,
    device BYTEA NOT NULL,
    book BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'revoked')),
    -- The head.
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (community_id, device)
) WITH (fillfactor = 50);
CREATE TABLE journal.slice (
    community_id BYTEA NOT NULL,
    device BYTEA NOT NULL,
    after_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL CHECK (last_seq > after_seq),
    book BYTEA NOT NULL,
    first_position BIGINT NOT NULL,
    -- The head that the frames lead to is (last_seq, hash), and this the device's signature over it.
    hash BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    frames BYTEA NOT NULL,
    PRIMARY KEY (community_id, device, last_seq)
);
ALTER TABLE journal.slice ALTER COLUMN frames SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX slice_of_book ON journal.slice (community_id, book, first_position);
CREATE TABLE journal.quarantine (
    community_id BYTEA NOT NULL,
    number BIGINT NOT NULL,
    device BYTEA NOT NULL,
    received_at_ms BIGINT NOT NULL,
    why TEXT NOT NULL,
    -- SHA-256 of the bytes: what is sent again is kept once.
    digest BYTEA NOT NULL,
    bytes BYTEA NOT NULL,
    settled BOOLEAN NOT NULL DEFAULT false,
    PRIMARY KEY (community_id, number)
);
ALTER TABLE journal.quarantine ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX quarantine_of_device ON journal.quarantine (community_id, device, digest);
CREATE INDEX quarantine_unsettled ON journal.quarantine (community_id, device) WHERE NOT settled;
";

/// The version that this program writes.
const VERSION: u32 = STEPS.len() as u32;

/// The statements that spread the tables over the machines of a Citus cluster, each community whole on one of them. They are
/// run once, after the tables were made, by a user who owns them; the extension `citus` must be there.
pub fn distribution() -> [&'static str; 4] {
    [
        "SELECT create_distributed_table('journal.community', 'community_id')",
        "SELECT create_distributed_table('journal.log', 'community_id', colocate_with => 'journal.community')",
        "SELECT create_distributed_table('journal.slice', 'community_id', colocate_with => 'journal.community')",
        "SELECT create_distributed_table('journal.quarantine', 'community_id', colocate_with => 'journal.community')",
    ]
}

/// Brings a database to this program's form, in one transaction, whoever else tries to at the same time.
pub(super) fn upgrade(db: &mut Session) -> Result<(), OpenError> {
    let place = db.place();
    let failed = |source: Cause| {
        OpenError::Storage(StorageError { doing: "open", place: place.clone(), source: Some(source) })
    };
    // One after the other; the lock goes with the transaction.
    let begun = db.batch("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('shouhu journal', 0))");
    let version = begun.and_then(|()| version(db)).map_err(failed)?;
    let refused = match version {
        Some(version) if version > VERSION => Some(OpenError::Newer { place: place.clone(), version }),
        Some(_) => None,
        None => Some(OpenError::Foreign(place.clone())),
    };
    if let Some(refused) = refused {
        db.batch("ROLLBACK").map_err(failed)?;
        return Err(refused);
    }
    let version = version.unwrap_or(0);
    let mut steps = String::new();
    if version == 0 {
        steps += "CREATE SCHEMA IF NOT EXISTS journal;
             CREATE TABLE journal.meta (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);";
    }
    STEPS[version as usize..].iter().for_each(|step| steps += step);
    if version < VERSION {
        steps += &format!(
            "INSERT INTO journal.meta VALUES ('schema', {VERSION}) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value;"
        );
    }
    steps += "COMMIT";
    db.batch(&steps).map_err(failed)
}

/// The version of a database; 0 where there is nothing of a journal yet, `None` where something else stands in its place.
fn version(db: &mut Session) -> Result<Option<u32>> {
    const TABLES: &str =
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'journal' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')";
    let tables: Vec<String> = db.query(TABLES, &[])?.iter().map(|row| row.get(0)).collect();
    if !tables.iter().any(|table| table == "meta") {
        return Ok(tables.is_empty().then_some(0));
    }
    const COLUMNS: &str = "SELECT count(*) FROM information_schema.columns
         WHERE table_schema = 'journal' AND table_name = 'meta' AND column_name IN ('name', 'value')";
    if db.query(COLUMNS, &[])?[0].get::<_, i64>(0) != 2 {
        return Ok(None);
    }
    let rows = db.query("SELECT value::bigint FROM journal.meta WHERE name::text = 'schema'", &[])?;
    Ok(rows.first().and_then(|row| u32::try_from(row.get::<_, i64>(0)).ok()))
}
