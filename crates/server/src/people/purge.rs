//! Names destroyed, and the proof of it: afterwards the bytes of all files of the database are searched. In a database that
//! several processes share it is every row of every table: what the server's own files, its log of writes and its copies
//! still hold of deleted rows is beyond our reach.

use super::{
    People, PeopleError, doing,
    id::{CommunityId, ResidentId},
    names::{Looks, log},
};
use crate::{
    access::secret::random,
    db::{Cell, On, values},
};
use rusqlite::Connection;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{array, collections::HashSet, fs, path::Path};
use utoipa::ToSchema;

/// What was destroyed, and what a search found of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Purged {
    /// Rows of residents and households.
    pub rows: u64,
    /// Bytes that were searched afterwards: of the database's files, or of all rows of a shared database.
    pub bytes_scanned: u64,
    /// Pieces of what was destroyed that were found there. Anything but 0 means that it is not gone.
    pub found: u64,
}

/// Bytes of a piece that is searched for: sealed cells are random, so no other bytes look like it.
const PIECE: usize = 16;
type Piece = [u8; PIECE];

/// What is searched for.
#[derive(Default)]
struct Pieces {
    /// As it stood there: of what is destroyed now.
    plain: HashSet<Piece>,
    /// Digests of it, which lead back to nothing: of what was destroyed before, and not searched for to the end.
    digests: HashSet<Piece>,
}

impl Pieces {
    fn has(&self, window: &Piece) -> bool {
        self.plain.contains(window) || (!self.digests.is_empty() && self.digests.contains(&digest(window)))
    }

    /// In pieces, so that half a cell that survived is found too.
    fn take(&mut self, sealed: &[u8]) {
        self.plain.extend(sealed.as_chunks().0);
        self.plain.extend(sealed.last_chunk());
    }

    /// The digests of what is destroyed now, to be written down.
    fn written(&self) -> Vec<u8> {
        self.plain.iter().flat_map(digest).collect()
    }
}

fn digest(piece: &Piece) -> Piece {
    let digest = Sha256::digest(piece);
    array::from_fn(|at| digest[at])
}

/// Something destroyed of which no search has told yet: it is written down with what is deleted, and stays until it is told.
struct Unproved {
    community: CommunityId,
    number: i64,
    who: String,
    /// Of whom; `None`: of the whole community.
    resident: Option<ResidentId>,
    why: String,
    /// Rows of residents and households.
    gone: u64,
}

impl People {
    /// Destroys the names of every community whose rounds are all past their days: rows, data key, and, in a file, what was
    /// left of both in free pages and in the write-ahead log. A purge that broke off before is searched for and told, too. What neighbours did
    /// for each other long ago is deleted without a search.
    ///
    /// # Errors
    /// The database or the disk says no. What was deleted by then is deleted, and its search is done at the next call.
    pub fn purge(&self, now: i64) -> Result<Purged, PeopleError> {
        self.forget_what_is_over(now)?;
        let looks = Looks { who: "clock", why: "past its day", now };
        self.destroy(looks, None, |on| {
            let text = "SELECT c.community_id FROM community c WHERE c.wrapped_key IS NOT NULL AND NOT EXISTS \
                        (SELECT 1 FROM round r WHERE r.community_id = c.community_id AND r.retain_until > ?1)";
            on.all(text, values![now], |row| row.get(0)).map_err(doing("purge"))
        })
    }

    /// Destroys the names of one community now, whatever day was set: its rounds are over, or somebody asks for it.
    ///
    /// # Errors
    /// As [`People::purge`].
    pub fn purge_community(&self, community: CommunityId, looks: Looks<'_>) -> Result<Purged, PeopleError> {
        self.destroy(looks, Some(community), |on| {
            let text = "SELECT wrapped_key IS NOT NULL FROM community WHERE community_id = ?1";
            let has_names = on.optional(text, values![community], |row| row.get::<bool>(0));
            let has_names = has_names.map_err(doing("purge"))?.ok_or(PeopleError::Unknown)?;
            Ok(has_names.then_some(community).into_iter().collect())
        })
    }

    fn destroy(
        &self,
        looks: Looks<'_>,
        only: Option<CommunityId>,
        find: impl Fn(&On<'_>) -> Result<Vec<CommunityId>, PeopleError>,
    ) -> Result<Purged, PeopleError> {
        let purge = doing("purge");
        let (left, pieces) = self.db.change(&purge, |on| {
            let (mut left, mut pieces) = unproved(on, only)?;
            for community in find(on)? {
                let mut own = Pieces::default();
                cells(on, community, None, &mut own)?;
                let text = "SELECT door FROM household WHERE community_id = ?1";
                gather(on, text, values![community], &mut own)?;
                let text = "SELECT event FROM exchange WHERE community_id = ?1";
                gather(on, text, values![community], &mut own)?;
                let text = "SELECT wrapped_key FROM community WHERE community_id = ?1";
                gather(on, text, values![community], &mut own)?;
                let mut gone = 0;
                for table in ["resident", "household"] {
                    let text = format!("DELETE FROM {table} WHERE community_id = ?1");
                    gone += on.execute(&text, values![community]).map_err(&purge)?;
                }
                for text in [
                    "DELETE FROM exchange WHERE community_id = ?1",
                    "DELETE FROM round WHERE community_id = ?1",
                    "DELETE FROM session WHERE community_id = ?1",
                    "UPDATE community SET wrapped_key = NULL WHERE community_id = ?1",
                ] {
                    on.execute(text, values![community]).map_err(&purge)?;
                }
                left.push(write_down(on, community, None, gone, &own, looks)?);
                pieces.plain.extend(own.plain);
            }
            Ok((left, pieces))
        })?;
        self.prove(&left, &pieces, looks.now)
    }

    /// Destroys what is known of one resident, who asked for it.
    ///
    /// # Errors
    /// There is none, or the database or the disk says no; then ask again.
    pub fn erase(
        &self,
        community: CommunityId,
        id: ResidentId,
        looks: Looks<'_>,
    ) -> Result<Purged, PeopleError> {
        let erase = doing("erase a resident");
        let (left, pieces) = self.db.change(&erase, |on| {
            let (mut left, mut pieces) = unproved(on, Some(community))?;
            let mut own = Pieces::default();
            cells(on, community, Some(id), &mut own)?;
            self.forget_in_exchange(on, community, id, |sealed| own.take(sealed))?;
            let text = "DELETE FROM resident WHERE community_id = ?1 AND id = ?2";
            let gone = on.execute(text, values![community, id]).map_err(&erase)?;
            if gone > 0 {
                log(on, community, "erase", Some(id), looks)?;
                left.push(write_down(on, community, Some(id), gone, &own, looks)?);
                pieces.plain.extend(own.plain);
            } else if !left.iter().any(|of| of.resident == Some(id)) {
                return Err(PeopleError::Unknown);
            }
            Ok((left, pieces))
        })?;
        self.prove(&left, &pieces, looks.now)
    }

    /// Searches for what was destroyed, and tells of it.
    fn prove(&self, left: &[Unproved], pieces: &Pieces, now: i64) -> Result<Purged, PeopleError> {
        if left.is_empty() {
            return Ok(Purged::default());
        }
        let searched = match self.db.connection() {
            Some(connection) => self.search_file(&connection, pieces),
            None => self.db.read(doing("search what is purged"), |on| search_rows(on, pieces)),
        };
        let (bytes_scanned, found) = searched?;
        let rows = left.iter().map(|of| of.gone).sum();
        let told = doing("tell of a purge");
        self.db.change(&told, |on| {
            for Unproved { community, number, who, resident, why, gone: _ } in left {
                let text = "DELETE FROM unproved WHERE community_id = ?1 AND number = ?2";
                let mine = on.execute(text, values![community, number]).map_err(&told)? > 0;
                // An erasure was told of when it was done; and another process may have searched at the same time.
                if mine && resident.is_none() {
                    // What was found stands first: a long reason is cut.
                    let why = format!("rows {rows}, bytes_scanned {bytes_scanned}, found {found}: {why}");
                    log(on, *community, "purge", None, Looks { who, why: &why, now })?;
                }
            }
            Ok(())
        })?;
        Ok(Purged { rows, bytes_scanned, found })
    }

    /// Writes the database anew without what is gone, empties its write-ahead log, and searches all of its files.
    fn search_file(&self, connection: &Connection, pieces: &Pieces) -> Result<(u64, u64), PeopleError> {
        let empty = doing("empty the write-ahead log");
        let written = connection.execute_batch("VACUUM");
        written.map_err(|error| doing("write the database anew")(error.into()))?;
        let busy: i64 = connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(|error| empty(error.into()))?;
        if busy != 0 {
            let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
            return Err(empty(rusqlite::Error::SqliteFailure(busy, None).into()));
        }
        scan(&self.path, pieces).map_err(|source| PeopleError::Disk { path: self.path.clone(), source })
    }
}

/// Has the database clear deleted rows away, and searches every cell of bytes that any table has.
fn search_rows(on: &On<'_>, pieces: &Pieces) -> Result<(u64, u64), PeopleError> {
    let search = doing("search what is purged");
    on.batch("VACUUM resident, household, exchange, community, session, round")
        .map_err(doing("clear rows away"))?;
    let text = "SELECT table_name::text, column_name::text FROM information_schema.columns \
                WHERE table_schema = current_schema() AND data_type = 'bytea' ORDER BY 1, 2";
    let columns = on.all(text, &[], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)));
    let (mut scanned, mut found) = (0, 0);
    for (table, column) in columns.map_err(&search)? {
        let text = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL");
        let mut look = |bytes: &[u8]| {
            scanned += bytes.len() as u64;
            found += hits(bytes, pieces);
        };
        on.each(&text, &[], |row| {
            if let Cell::Bytes(bytes) = row.cell(0)? {
                look(bytes);
            }
            Ok(())
        })
        .map_err(&search)?;
    }
    Ok((scanned, found))
}

/// What was destroyed and not searched for to the end: of all communities, or of one.
fn unproved(on: &On<'_>, only: Option<CommunityId>) -> Result<(Vec<Unproved>, Pieces), PeopleError> {
    let text = "SELECT community_id, number, who, resident, why, gone, pieces FROM unproved \
                WHERE ?1 IS NULL OR community_id = ?1 ORDER BY community_id, number";
    let found = on.all(text, values![only], |row| {
        let (community, number, who) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let gone = row.get::<i64>(5)?.unsigned_abs();
        let of = Unproved { community, number, who, resident: row.get(3)?, why: row.get(4)?, gone };
        Ok((of, row.get::<Vec<u8>>(6)?))
    });
    let mut pieces = Pieces::default();
    let left = found.map_err(doing("look for what is not proved"))?.into_iter().map(|(of, digests)| {
        pieces.digests.extend(digests.as_chunks().0);
        of
    });
    Ok((left.collect(), pieces))
}

/// Writes down that this was destroyed and is still to be searched for.
fn write_down(
    on: &On<'_>,
    community: CommunityId,
    resident: Option<ResidentId>,
    gone: u64,
    pieces: &Pieces,
    looks: Looks<'_>,
) -> Result<Unproved, PeopleError> {
    let write = doing("write down what is to be proved");
    // By chance: a number that counts up is given again once it is free, and whoever still searches for the old one would tell of this.
    let number = i64::from_be_bytes(random()) & i64::MAX;
    let text = "INSERT INTO unproved (community_id, number, who, resident, why, gone, pieces) \
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let Looks { who, why, .. } = looks;
    let count = i64::try_from(gone).unwrap_or(i64::MAX);
    on.execute(text, values![community, number, who, resident, why, count, pieces.written()])
        .map_err(&write)?;
    Ok(Unproved { community, number, who: who.to_owned(), resident, why: why.to_owned(), gone })
}

/// What is sealed of everybody, or of one.
fn cells(
    on: &On<'_>,
    community: CommunityId,
    only: Option<ResidentId>,
    pieces: &mut Pieces,
) -> Result<(), PeopleError> {
    for column in ["name", "phone", "document"] {
        let text =
            format!("SELECT {column} FROM resident WHERE community_id = ?1 AND (?2 IS NULL OR id = ?2)");
        gather(on, &text, values![community, only], pieces)?;
    }
    Ok(())
}

fn gather(on: &On<'_>, text: &str, values: &[Cell<'_>], pieces: &mut Pieces) -> Result<(), PeopleError> {
    let sealed = on.all(text, values, |row| row.get::<Vec<u8>>(0));
    for sealed in sealed.map_err(doing("gather what is purged"))? {
        pieces.take(&sealed);
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
        found += hits(&bytes, pieces);
    }
    Ok((scanned, found))
}

/// How many pieces stand in these bytes.
fn hits(bytes: &[u8], pieces: &Pieces) -> u64 {
    bytes.array_windows::<PIECE>().filter(|window| pieces.has(window)).count() as u64
}

#[cfg(test)]
mod tests;
