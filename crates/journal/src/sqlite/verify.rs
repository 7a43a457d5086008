//! The file, looked at: what [`crate::store`] says of all journals, and SQLite's own check.

use super::{failed_at, log, log::number, reader};
use crate::{
    Head, LogName, Progress, StorageError, Verified,
    store::{
        rows::Result,
        verify::{self, Each, Heads, Item, SliceRow},
    },
};
use rusqlite::{Connection, OptionalExtension, params};
use std::path::Path;

/// Checks a journal's file, a copy for instance, whoever has it open: all that is stored, on all processors.
///
/// # Errors
/// If the file cannot be opened, or its list of logs cannot be read. What cannot be read of a log is a fault of it.
pub fn verify(path: &Path, progress: &(dyn Fn(Progress) + Sync)) -> Result<Verified, StorageError> {
    verify_against(path, &[], progress)
}

/// The same, and whether each of these logs still has the head that it once had: what is consistent in itself may still be
/// an older state.
///
/// # Errors
/// As [`verify()`].
pub fn verify_against(
    path: &Path,
    heads: &[(LogName, Head)],
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Verified, StorageError> {
    let heads: Heads = heads.iter().copied().collect();
    let items = reader::open(path)
        .and_then(|db| items(&db, &heads))
        .map_err(|source| failed_at("verify", path, source))?;
    let connect = || Ok(reader::open(path)?);
    let found = verify::all(&items, progress, connect, |db, item, seen| {
        // One transaction sees one moment, whatever is appended meanwhile.
        let found = db
            .unchecked_transaction()
            .map_err(Into::into)
            .and_then(|moment| look(&moment, item, &heads, seen));
        seen.faults.extend(found.err().map(|error| item.unreadable(error.to_string())));
        Ok(())
    });
    found.map_err(|source| StorageError {
        doing: "verify",
        place: path.display().to_string(),
        source: Some(source),
    })
}

fn items(db: &Connection, heads: &Heads) -> rusqlite::Result<Vec<Item>> {
    const COMMUNITIES: &str =
        "SELECT community_id FROM community UNION SELECT DISTINCT community_id FROM slice ORDER BY 1";
    const LOGS: &str =
        "SELECT community_id, device FROM log UNION SELECT DISTINCT community_id, device FROM slice";
    let communities: rusqlite::Result<Vec<[u8; 16]>> =
        db.prepare(COMMUNITIES)?.query_map([], |row| row.get(0))?.collect();
    let named = |row: &rusqlite::Row<'_>| Ok(LogName { community: row.get(0)?, device: row.get(1)? });
    let logs: rusqlite::Result<Vec<LogName>> = db.prepare(LOGS)?.query_map([], named)?.collect();
    Ok(Item::all(communities?, logs?, heads))
}

fn look(db: &Connection, item: &Item, heads: &Heads, seen: &mut Verified) -> Result<()> {
    match item {
        Item::Whole => {
            // What SQLite itself finds.
            let said: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
            seen.faults.extend((said != "ok").then(|| item.unreadable(said)));
        }
        Item::Community(community) => {
            const ROWS: &str = "SELECT first_position, last_seq - after_seq, device, after_seq + 1 FROM slice WHERE community_id = ?1";
            let mut statement = db.prepare_cached(ROWS)?;
            let rows = statement
                .query_map([community], |row| {
                    Ok((number(row, 0)?, number(row, 1)?, row.get(2)?, number(row, 3)?))
                })?
                .collect::<rusqlite::Result<_>>()?;
            let held = db
                .prepare_cached("SELECT position FROM community WHERE community_id = ?1")?
                .query_row([community], |row| number(row, 0))
                .optional()?;
            seen.faults.extend(verify::positions(*community, rows, held));
        }
        Item::Log(name) => {
            let state = log::one(db, *name)?;
            verify::check(*name, state.as_ref(), heads.get(name), seen, |each| rows(db, *name, each))?;
        }
    }
    Ok(())
}

fn rows(db: &Connection, name: LogName, each: Each<'_>) -> Result<()> {
    const ROWS: &str = "SELECT after_seq, last_seq, book, hash, signature, frames FROM slice
         WHERE community_id = ?1 AND device = ?2 ORDER BY last_seq";
    let mut statement = db.prepare_cached(ROWS)?;
    let mut rows = statement.query(params![name.community, name.device])?;
    while let Some(row) = rows.next()? {
        let frames = row.get_ref(5)?.as_blob()?;
        let (after, last) = (number(row, 0)?, number(row, 1)?);
        let row =
            SliceRow { after, last, book: row.get(2)?, hash: row.get(3)?, signature: row.get(4)?, frames };
        if !each(&row) {
            break;
        }
    }
    Ok(())
}
