//! Names destroyed, and the proof of it: afterwards the bytes of all files of the database are searched.

use super::{
    People, PeopleError, doing,
    id::{CommunityId, ResidentId},
    names::{Looks, log},
};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use std::{collections::HashSet, fs, path::Path};
use utoipa::ToSchema;

/// What was destroyed, and what a search found of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Purged {
    /// Rows of residents and households.
    pub rows: u64,
    /// Bytes of the database's files that were searched afterwards.
    pub bytes_scanned: u64,
    /// Pieces of what was destroyed that were found there. Anything but 0 means that it is not gone.
    pub found: u64,
}

/// Bytes of a piece that is searched for: sealed cells are random, so no other bytes look like it.
const PIECE: usize = 16;
type Pieces = HashSet<[u8; PIECE]>;

impl People {
    /// Destroys the names of every community whose rounds are all past their days: rows, data key, and what was left of
    /// both in free pages and in the write-ahead log.
    ///
    /// # Errors
    /// The database or the disk says no. What was deleted by then is deleted; ask again.
    pub fn purge(&self, now: i64) -> Result<Purged, PeopleError> {
        let purge = doing("purge");
        let mut connection = self.turn();
        let text = "SELECT c.id FROM community c WHERE c.wrapped_key IS NOT NULL AND NOT EXISTS \
                    (SELECT 1 FROM round r WHERE r.community = c.id AND r.retain_until > ?1)";
        let due = {
            let mut rows = connection.prepare(text).map_err(&purge)?;
            let ids = rows.query_map([now], |row| row.get::<_, CommunityId>(0)).map_err(&purge)?;
            ids.collect::<rusqlite::Result<Vec<_>>>().map_err(&purge)?
        };
        let looks = Looks { who: "clock", why: "past its day", now };
        self.destroy(&mut connection, &due, looks)
    }

    /// Destroys the names of one community now, whatever day was set: its rounds are over, or somebody asks for it.
    ///
    /// # Errors
    /// As [`People::purge`].
    pub fn purge_community(&self, community: CommunityId, looks: Looks<'_>) -> Result<Purged, PeopleError> {
        let mut connection = self.turn();
        let text = "SELECT wrapped_key IS NOT NULL FROM community WHERE id = ?1";
        let has_names = connection.query_row(text, [community], |row| row.get(0)).optional();
        match has_names.map_err(doing("purge"))? {
            None => Err(PeopleError::Unknown),
            Some(false) => Ok(Purged::default()),
            Some(true) => self.destroy(&mut connection, &[community], looks),
        }
    }

    fn destroy(
        &self,
        connection: &mut Connection,
        due: &[CommunityId],
        looks: Looks<'_>,
    ) -> Result<Purged, PeopleError> {
        let purge = doing("purge");
        if due.is_empty() {
            return Ok(Purged::default());
        }
        let (mut pieces, mut rows) = (Pieces::new(), 0);
        let changes = connection.transaction().map_err(&purge)?;
        for &community in due {
            cells(&changes, community, None, &mut pieces)?;
            let sql = "SELECT door FROM household WHERE community = ?1";
            gather(&changes, sql, params![community], &mut pieces)?;
            let sql = "SELECT wrapped_key FROM community WHERE id = ?1";
            gather(&changes, sql, params![community], &mut pieces)?;
            for table in ["resident", "household"] {
                let text = format!("DELETE FROM {table} WHERE community = ?1");
                rows += changes.execute(&text, [community]).map_err(&purge)? as u64;
            }
            for text in [
                "DELETE FROM round WHERE community = ?1",
                "DELETE FROM session WHERE community = ?1",
                "UPDATE community SET wrapped_key = NULL WHERE id = ?1",
            ] {
                changes.execute(text, [community]).map_err(&purge)?;
            }
        }
        changes.commit().map_err(&purge)?;
        let purged = self.prove(connection, rows, &pieces)?;
        let said = format!("rows {rows}, bytes_scanned {}, found {}", purged.bytes_scanned, purged.found);
        // What was found stands first: a long reason is cut.
        let why = format!("{said}: {}", looks.why);
        for &community in due {
            log(connection, community, "purge", None, Looks { why: &why, ..looks })?;
        }
        Ok(purged)
    }

    /// Destroys what is known of one resident, who asked for it.
    ///
    /// # Errors
    /// There is none, or the database or the disk says no.
    pub fn erase(
        &self,
        community: CommunityId,
        id: ResidentId,
        looks: Looks<'_>,
    ) -> Result<Purged, PeopleError> {
        let erase = doing("erase a resident");
        let mut connection = self.turn();
        let mut pieces = Pieces::new();
        let changes = connection.transaction().map_err(&erase)?;
        cells(&changes, community, Some(id), &mut pieces)?;
        let text = "DELETE FROM resident WHERE community = ?1 AND id = ?2";
        let rows = changes.execute(text, params![community, id]).map_err(&erase)? as u64;
        if rows == 0 {
            return Err(PeopleError::Unknown);
        }
        log(&changes, community, "erase", Some(id), looks)?;
        changes.commit().map_err(&erase)?;
        self.prove(&connection, rows, &pieces)
    }

    /// Writes the database anew without what is gone, empties its write-ahead log, and searches all of its files.
    fn prove(&self, connection: &Connection, rows: u64, pieces: &Pieces) -> Result<Purged, PeopleError> {
        let empty = doing("empty the write-ahead log");
        connection.execute_batch("VACUUM").map_err(doing("write the database anew"))?;
        let busy: i64 =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(&empty)?;
        if busy != 0 {
            return Err(empty(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
                None,
            )));
        }
        let (bytes_scanned, found) = scan(&self.path, pieces)
            .map_err(|source| PeopleError::Disk { path: self.path.clone(), source })?;
        Ok(Purged { rows, bytes_scanned, found })
    }
}

/// What is sealed of everybody, or of one.
fn cells(
    connection: &Connection,
    community: CommunityId,
    only: Option<ResidentId>,
    pieces: &mut Pieces,
) -> Result<(), PeopleError> {
    for column in ["name", "phone", "document"] {
        let text = format!("SELECT {column} FROM resident WHERE community = ?1 AND (?2 IS NULL OR id = ?2)");
        gather(connection, &text, params![community, only], pieces)?;
    }
    Ok(())
}

fn gather(
    connection: &Connection,
    text: &str,
    values: &[&dyn rusqlite::ToSql],
    pieces: &mut Pieces,
) -> Result<(), PeopleError> {
    let gather = doing("gather what is purged");
    let mut rows = connection.prepare_cached(text).map_err(&gather)?;
    let mut rows = rows.query(values).map_err(&gather)?;
    while let Some(row) = rows.next().map_err(&gather)? {
        let sealed: Vec<u8> = row.get(0).map_err(&gather)?;
        // In pieces, so that half a cell that survived is found too.
        pieces.extend(sealed.as_chunks().0);
        pieces.extend(sealed.last_chunk());
    }
    Ok(())
}

/// Searches the file and those beside it whose names begin with its own.
fn scan(path: &Path, pieces: &Pieces) -> std::io::Result<(u64, u64)> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (mut scanned, mut found) = (0, 0);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(&name) || !entry.file_type()?.is_file() {
            continue;
        }
        let bytes = fs::read(entry.path())?;
        scanned += bytes.len() as u64;
        let windows = bytes.array_windows::<PIECE>();
        found += windows.filter(|window| pieces.contains(*window)).count() as u64;
    }
    Ok((scanned, found))
}

#[cfg(test)]
mod tests;
