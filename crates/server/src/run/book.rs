//! Which rounds, codes and phones there are: `rounds.sqlite` in the data folder, or the schema `rounds` of a database that
//! several processes share. No name is in it. A round's secrets, and all that leads from its identifiers to doors, are
//! `sealed`, and destroyed on the day on which names end. The tables stand in `forms`.

pub mod aside;
mod calling;
mod forms;
mod lease;
mod notices;
mod printing;
mod sealed;

pub(crate) use forms::TABLES;
pub use notices::{NoticeOfRound, notice_unknown};
pub use printing::Printed;

use sealed::Sealed;

use super::{RunsError, definition::Definition, held};
use crate::{
    access::{role::Role, secret::SecretHash},
    db::{self, Cell, Database, Db, FormError, On, Row, values},
    limits,
    people::{
        id::{CommunityId, DeviceId, RoundId},
        master_key::RoundsKey,
    },
    problem::Fault,
};
use axum::http::StatusCode;
use domain::{Envelope, Moment, command::Table};
use journal::LogName;
use round::TubeKey;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use std::{collections::BTreeMap, path::Path, sync::Mutex};
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

/// What a code lets a phone do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Whose round.
    pub community: CommunityId,
    /// Which round.
    pub round: RoundId,
    /// What is done with the phone.
    pub role: Role,
    /// At which table.
    pub table: Option<Table>,
    /// Until when, seconds since 1970.
    pub expires: i64,
}

/// A phone that joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The phone.
    pub device: DeviceId,
    /// What is done with it.
    pub role: Role,
    /// At which table it began.
    pub table: Option<Table>,
    /// When, seconds since 1970.
    pub joined: i64,
    /// By which code.
    pub code: SecretHash,
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

    /// Makes a code by which phones join.
    ///
    /// # Errors
    /// There are too many, or the database says no.
    pub fn add_code(&self, hash: &SecretHash, code: &Code) -> Result<(), Fault> {
        self.db.change(failed, |on| {
            let text = "SELECT count(*) FROM code WHERE community_id = ?1 AND round = ?2";
            let count = on.count(text, values![code.community, code.round]).map_err(failed)?;
            if count >= limits::CODES as i64 {
                return Err(Fault::new(StatusCode::CONFLICT, "full").with("most", limits::CODES));
            }
            let text = "INSERT INTO code (community_id, round, hash, role, seat, expires) \
                        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let (role, seat) = (code.role.name(), seat(&code.table));
            let values = values![code.community, code.round, hash, role, seat, code.expires];
            on.execute(text, values).map(drop).map_err(failed)
        })
    }

    /// What a code lets a phone do; `None` if there is none, or its time is over.
    ///
    /// # Errors
    /// The database says no.
    pub fn code(&self, hash: &SecretHash, now: i64) -> Result<Option<Code>, Fault> {
        let text =
            "SELECT community_id, round, role, seat, expires FROM code WHERE hash = ?1 AND expires > ?2";
        let found = self.db.optional(text, values![hash, now], |row| {
            Ok(Code {
                community: row.get(0)?,
                round: row.get(1)?,
                role: role(row, 2)?,
                table: table(row, 3)?,
                expires: row.get(4)?,
            })
        });
        found.map_err(failed)
    }

    /// Ends all codes of a round.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_codes(&self, community: CommunityId, round: RoundId) -> Result<(), Fault> {
        let text = "DELETE FROM code WHERE community_id = ?1 AND round = ?2";
        self.db.execute(text, values![community, round]).map(drop).map_err(failed)
    }

    /// Ends a code: who lost a phone lost the code in it, too.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_code(&self, hash: &SecretHash) -> Result<(), Fault> {
        self.db.execute("DELETE FROM code WHERE hash = ?1", values![hash]).map(drop).map_err(failed)
    }

    /// Until when a device was let into its round of the community, seconds since 1970; `None` if it never was. That never
    /// changes, and is asked of the file once.
    ///
    /// # Errors
    /// The database says no.
    pub fn until(&self, community: CommunityId, device: DeviceId) -> Result<Option<i64>, Fault> {
        if let Some(until) = self.until_known(community, device) {
            return Ok(Some(until));
        }
        let text = "SELECT phones_until FROM device JOIN round ON round.community_id = device.community_id \
                    AND round.id = device.round WHERE device.community_id = ?1 AND device.id = ?2";
        let found = self.db.optional(text, values![community, device], |row| row.get(0)).map_err(failed)?;
        if let Some(until) = found {
            held(&self.until).insert((community, device), until);
        }
        Ok(found)
    }

    /// The same, as far as it was asked before: no file is asked.
    pub fn until_known(&self, community: CommunityId, device: DeviceId) -> Option<i64> {
        held(&self.until).get(&(community, device)).copied()
    }

    /// Rounds for whose phones the time was over by then, and not before `since`: seconds since 1970.
    ///
    /// # Errors
    /// The database says no.
    pub fn over(&self, since: i64, now: i64) -> Result<Vec<(CommunityId, RoundId)>, Fault> {
        let text =
            "SELECT community_id, id FROM round WHERE phones_until > ?1 AND phones_until <= ?2 ORDER BY 1, 2";
        self.db.all(text, values![since, now], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)
    }

    /// Writes down that a phone joined.
    ///
    /// # Errors
    /// There are too many, or the database says no.
    pub fn add_device(&self, community: CommunityId, round: RoundId, joined: &Joined) -> Result<(), Fault> {
        self.db.change(failed, |on| {
            let text = "SELECT count(*) FROM device WHERE community_id = ?1 AND round = ?2";
            let count = on.count(text, values![community, round]).map_err(failed)?;
            if count >= limits::DEVICES as i64 {
                return Err(Fault::new(StatusCode::CONFLICT, "full").with("most", limits::DEVICES));
            }
            let text = "INSERT INTO device (community_id, id, round, role, seat, joined, code) \
                        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let (role, seat) = (joined.role.name(), seat(&joined.table));
            let values = values![community, joined.device, round, role, seat, joined.joined, joined.code];
            on.execute(text, values).map(drop).map_err(failed)
        })
    }

    /// The phones of a round, in the order in which they joined.
    ///
    /// # Errors
    /// The database says no.
    pub fn devices(&self, community: CommunityId, round: RoundId) -> Result<Vec<Joined>, Fault> {
        let text = "SELECT id, role, seat, joined, code FROM device WHERE community_id = ?1 AND round = ?2 \
                    ORDER BY joined, id";
        let read = |row: &Row<'_>| {
            let (device, joined, code) = (row.get(0)?, row.get(3)?, row.get(4)?);
            Ok(Joined { device, role: role(row, 1)?, table: table(row, 2)?, joined, code })
        };
        self.db.all(text, values![community, round], read).map_err(failed)
    }

    /// Destroys what links the journals of rounds whose names are past their day to doors and people; which rounds those are.
    /// Their journals stay, and tell how many and when, and of nobody who it was.
    ///
    /// # Errors
    /// The database says no.
    pub fn forget(&self, now: i64) -> Result<Vec<(CommunityId, RoundId)>, Fault> {
        self.forget_where("retain_until <= ?1", values![now])
    }

    /// The same of all rounds of one community, whatever their days: they end now.
    ///
    /// # Errors
    /// The database says no.
    pub fn forget_community(
        &self,
        community: CommunityId,
        now: i64,
    ) -> Result<Vec<(CommunityId, RoundId)>, Fault> {
        // By their day, everything else knows that they are over.
        let text = "UPDATE round SET retain_until = ?2 WHERE community_id = ?1 AND retain_until > ?2";
        self.db.execute(text, values![community, now]).map_err(failed)?;
        self.forget_where("retain_until <= ?1 AND community_id = ?2", values![now, community])
    }

    /// Until when a round's names are kept, seconds since 1970, where another process may have made that earlier; `None` where
    /// there is no other, or no such round.
    ///
    /// # Errors
    /// The database says no.
    pub fn shared_day(&self, community: CommunityId, round: RoundId) -> Result<Option<i64>, Fault> {
        if self.db.connection().is_some() {
            return Ok(None);
        }
        let text = "SELECT retain_until FROM round WHERE community_id = ?1 AND id = ?2";
        self.db.optional(text, values![community, round], |row| row.get(0)).map_err(failed)
    }

    fn forget_where(&self, which: &str, values: &[Cell<'_>]) -> Result<Vec<(CommunityId, RoundId)>, Fault> {
        let over = self.db.change(failed, |on| {
            let text = format!("SELECT {} FROM round WHERE {which} AND forgotten = 0", sealed::COLUMNS);
            // One that does not open any more keeps nobody from destroying it, or the others.
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, made(row, &self.key).ok()));
            let over: Vec<(CommunityId, RoundId, Option<Made>)> =
                on.all(&text, values, read).map_err(failed)?;
            for (community, id, made) in &over {
                let Sealed { secret, desk_key, definition, .. } = match made {
                    Some(made) => {
                        let mut made = made.clone();
                        made.definition.forget();
                        (made.secret, made.desk_key) = ([0; 32], [0; 32]);
                        // The key of its tubes leads to nobody, and says for ever which tubes were the round's.
                        Sealed::of(&made, &self.key)
                    }
                    None => Sealed::of_nothing(*community, *id, &self.key),
                };
                let text = "UPDATE round SET forgotten = 1, secret = ?3, desk_key = ?4, definition = ?5 \
                            WHERE community_id = ?1 AND id = ?2";
                on.execute(text, values![community, id, secret, desk_key, definition]).map_err(failed)?;
                for table in ["code", "calling", "notice", "notice_receipt"] {
                    let text = format!("DELETE FROM {table} WHERE community_id = ?1 AND round = ?2");
                    on.execute(&text, values![community, id]).map_err(failed)?;
                }
            }
            Ok(over.into_iter().map(|(community, id, _)| (community, id)).collect::<Vec<_>>())
        })?;
        // What was overwritten must not live on in the log of writes. Where somebody reads just now, the next hour's turn does it.
        match self.db.connection() {
            Some(file) => drop(emptied(&file).map_err(|error| failed(error.into()))?),
            None if over.is_empty() => {}
            None => self.db.read(failed, |on| on.batch("VACUUM round, code, notice").map_err(failed))?,
        }
        Ok(over)
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

/// Moves everything from the log of writes to where it belongs, and empties it; false where somebody who reads is in the way.
fn emptied(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map(|busy: bool| !busy)
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

fn seat(table: &Option<Table>) -> Option<String> {
    table.as_ref().map(|table| serde_json::to_string(table).expect("our own types are written as JSON"))
}

fn table(row: &Row<'_>, column: usize) -> db::Result<Option<Table>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

fn role(row: &Row<'_>, column: usize) -> db::Result<Role> {
    let text: String = row.get(column)?;
    Role::ALL.into_iter().find(|role| role.name() == text).ok_or(db::Error::Odd("there is no such role"))
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
