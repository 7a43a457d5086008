//! Which rounds, codes and phones there are: `rounds.sqlite` in the data folder, or the schema `rounds` of a database that
//! several processes share. No name is in it. A round's secrets, and all that leads from its identifiers to doors, are
//! `sealed`, and destroyed on the day on which names end. The tables stand in `forms`.

pub mod aside;
mod calling;
#[cfg(test)]
pub(crate) mod example;
mod forget;
mod forms;
mod gate;
mod lease;
mod notices;
mod outbox;
mod parties;
mod phones;
mod printing;
mod sealed;

pub use forget::Day;
pub(crate) use forms::TABLES;
pub use gate::GateCode;
pub use notices::{NewestNotice, NoticeOfRound, notice_unknown};
pub use outbox::{PostState, Posted, PostedSeen};
pub use parties::Party;
pub use phones::{Code, Joined};
pub use printing::Printed;

use forget::emptied;
use sealed::Sealed;

use super::{RunsError, definition::Definition};
use crate::{
    db::{self, Database, Db, FormError, On, Row, values},
    limits,
    people::{
        id::{CommunityId, DeviceId, RoundId},
        master_key::RoundsKey,
    },
    problem::Fault,
};
use axum::http::StatusCode;
use domain::{Envelope, Moment};
use journal::LogName;
use round::TubeKey;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Mutex,
};
use utoipa::ToSchema;

/// The file in the data folder.
pub const FILE: &str = "rounds.sqlite";
/// Connections of a process to a shared database: a request takes a millisecond, and an upload none.
const CONNECTIONS: usize = 4;

/// Rounds, codes and phones.
pub struct Book {
    db: Db,
    /// What seals each round's secrets, and all that leads from its identifiers to doors.
    key: RoundsKey,
    /// Until when devices were let in: some hundred bytes each, of those that have sent anything since the start.
    until: Mutex<BTreeMap<(CommunityId, DeviceId), i64>>,
}

/// A round as it was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Whose.
    pub community: CommunityId,
    /// Which.
    pub id: RoundId,
    /// What people call it.
    pub name: String,
    /// The planned opening, seconds since 1970.
    pub opens: i64,
    /// When it was made, seconds since 1970.
    pub made: i64,
    /// When phones forget their part of the roll, and their codes end.
    pub phones_until: i64,
    /// Until when names are kept, seconds since 1970.
    pub retain_until: i64,
    /// What the round's identifiers come from.
    pub secret: [u8; 32],
    /// The key of its tubes.
    pub tube_key: [u8; 32],
    /// The server's own desk, as a device of the round.
    pub desk: DeviceId,
    /// What the desk signs with.
    pub desk_key: [u8; 32],
    /// Whether its phones' roles bound what of them counts: not where it was made before they did.
    pub bound: bool,
    /// What it goes by.
    pub definition: Definition,
}

/// A round as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoundListed {
    /// Its id.
    pub id: RoundId,
    /// What people call it.
    pub name: String,
    /// The planned opening, seconds since 1970.
    pub opens: i64,
    /// Until when phones may work, seconds since 1970.
    pub phones_until: i64,
    /// Until when names are kept, seconds since 1970.
    pub retain_until: i64,
}

impl Made {
    /// Whether an event can have happened when it says: not before the round was made, nor after it came, by more than a day.
    pub fn can_be(&self, event: &Envelope, now: i64) -> bool {
        let off = limits::CLOCK_OFF.as_secs() as i64;
        let span = self.made - off..=now + off;
        Moment::parse(&event.at).is_some_and(|at| span.contains(&(at.0 / 10_000)))
    }

    /// The key of its tubes, if it gives any. An older program destroyed it with the names.
    pub fn tubes(&self) -> Option<TubeKey> {
        let gives = self.definition.rules.gives.as_ref().is_some_and(|(kind, _)| kind == "tube");
        (gives && self.tube_key != [0; 32]).then(|| TubeKey::new(self.community.0, self.tube_key))
    }

    /// The log of the server's own desk.
    pub fn desk_log(&self) -> LogName {
        LogName { community: *self.community.0.as_bytes(), device: *self.desk.0.as_bytes() }
    }
}

impl Book {
    pub(crate) fn open(data: &Path, key: RoundsKey) -> Result<Book, RunsError> {
        let path = data.join(FILE);
        let failed = |source: rusqlite::Error| RunsError::Book { place: path.clone(), source: source.into() };
        let mut db = Connection::open(&path).map_err(failed)?;
        private(&path);
        let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed)?;
        let Some(missing) = forms::missing(version) else { return Err(RunsError::Newer(path)) };
        for (name, value) in [("journal_mode", "WAL"), ("synchronous", "FULL"), ("secure_delete", "ON")] {
            db.pragma_update(None, name, value).map_err(failed)?;
        }
        forms::bring_up(&mut db, missing, &key).map_err(failed)?;
        // What was written over must not live on beside what is written now, also where this was cut short the last time.
        if !emptied(&db).map_err(failed)? && !missing.is_empty() {
            return Err(RunsError::InUse(path));
        }
        if !sealed::is_key_of(&On::file(&db), &key)
            .map_err(|source| RunsError::Book { place: path.clone(), source })?
        {
            return Err(RunsError::OtherKey(path));
        }
        Ok(Book { db: Db::file(db), key, until: Mutex::default() })
    }

    pub(crate) fn shared(data: &Path, database: &Database, key: RoundsKey) -> Result<Book, RunsError> {
        let path = data.join(FILE);
        let failed = |source| RunsError::Book { place: TABLES.schema.into(), source };
        let db = Db::shared(database, TABLES.schema, CONNECTIONS);
        let is_ours = db.alone(failed, |on| {
            db::bring_up(on, &TABLES).map_err(|error| match error {
                FormError::Newer(..) => RunsError::Newer(path.clone()),
                FormError::Database(source) => failed(source),
            })?;
            sealed::prove(on, &key).map_err(failed)?;
            sealed::is_key_of(on, &key).map_err(failed)
        })?;
        if !is_ours {
            return Err(RunsError::OtherKey(path));
        }
        Ok(Book { db, key, until: Mutex::default() })
    }

    /// Writes a round down.
    ///
    /// # Errors
    /// There are too many, or the database says no.
    pub fn make(&self, made: &Made) -> Result<(), Fault> {
        let sealed = Sealed::of(made, &self.key);
        self.db.change(failed, |on| {
            has_room(on, made.community)?;
            let text = "INSERT INTO round (community_id, id, name, opens, made, phones_until, retain_until, forgotten, \
                        desk, bound, secret, tube_key, desk_key, definition) \
                        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?13, ?9, ?10, ?11, ?12)";
            let values = values![
                made.community,
                made.id,
                made.name,
                made.opens,
                made.made,
                made.phones_until,
                made.retain_until,
                made.desk,
                sealed.secret,
                sealed.tube_key,
                sealed.desk_key,
                sealed.definition,
                made.bound
            ];
            on.execute(text, values).map(drop).map_err(failed)
        })
    }

    /// Whether a round more can be written down.
    ///
    /// # Errors
    /// There are too many, or the database says no.
    pub fn has_room(&self, community: CommunityId) -> Result<(), Fault> {
        self.db.read(failed, |on| has_room(on, community))
    }

    /// A round.
    ///
    /// # Errors
    /// There is none of this id in this community, or the database says no.
    pub fn round(&self, community: CommunityId, id: RoundId) -> Result<Made, Fault> {
        let text = format!("SELECT {} FROM round WHERE community_id = ?1 AND id = ?2", sealed::COLUMNS);
        let found = self.db.optional(&text, values![community, id], |row| made(row, &self.key));
        found.map_err(failed)?.ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "round_unknown"))
    }

    /// The rounds of a community, the newest first.
    ///
    /// # Errors
    /// The database says no.
    pub fn rounds(&self, community: CommunityId) -> Result<Vec<RoundListed>, Fault> {
        let text = "SELECT id, name, opens, phones_until, retain_until FROM round WHERE community_id = ?1 \
                    ORDER BY opens DESC, id";
        let listed = |row: &Row<'_>| {
            let (id, name, opens) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(RoundListed { id, name, opens, phones_until: row.get(3)?, retain_until: row.get(4)? })
        };
        self.db.all(text, values![community], listed).map_err(failed)
    }

    /// The scenarios of which rounds of a community were made. A round that does not open says nothing.
    ///
    /// # Errors
    /// The database says no.
    pub fn made_from(&self, community: CommunityId) -> Result<BTreeSet<String>, Fault> {
        let text = format!("SELECT {} FROM round WHERE community_id = ?1", sealed::COLUMNS);
        let of = |row: &Row<'_>| Ok(made(row, &self.key).ok().map(|made| made.definition.made_from));
        Ok(self.db.all(&text, values![community], of).map_err(failed)?.into_iter().flatten().collect())
    }
}

/// Whether a file is whole, as far as can be told without the key: what is wrong with it, or `None`.
pub fn check(path: &Path) -> Option<String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let said = Connection::open_with_flags(path, flags).and_then(|db| {
        db.query_row("SELECT count(*) FROM round", [], |_| Ok(()))?;
        db.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0))
    });
    said.map_or_else(|error| Some(error.to_string()), |said| (said != "ok").then_some(said))
}

fn has_room(on: &On<'_>, community: CommunityId) -> Result<(), Fault> {
    let text = "SELECT count(*) FROM round WHERE community_id = ?1";
    let count = on.count(text, values![community]).map_err(failed)?;
    if count >= limits::ROUNDS as i64 {
        return Err(Fault::new(StatusCode::CONFLICT, "full").with("most", limits::ROUNDS));
    }
    Ok(())
}

fn made(row: &Row<'_>, key: &RoundsKey) -> db::Result<Made> {
    let (community, id) = (row.get(0)?, row.get(1)?);
    let opened = Sealed::read(row)?.open(community, id, key)?;
    Ok(Made {
        community,
        id,
        name: row.get(2)?,
        opens: row.get(3)?,
        made: row.get(4)?,
        phones_until: row.get(5)?,
        retain_until: row.get(6)?,
        secret: opened.secret,
        tube_key: opened.tube_key,
        desk: row.get(7)?,
        desk_key: opened.desk_key,
        bound: row.get(8)?,
        definition: opened.definition,
    })
}

fn failed(source: db::Error) -> Fault {
    source.into()
}

/// Keys lie in it.
fn private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Where the file system knows no owners, there is nothing to set.
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600));
    }
}
