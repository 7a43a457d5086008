//! Which rounds, codes and phones there are: `rounds.sqlite` in the data folder. No name is in it. A round's secrets, and
//! all that leads from its identifiers to doors, are `sealed`, and destroyed on the day on which names end.

mod calling;
mod printing;
mod sealed;

pub use printing::Printed;

use sealed::Sealed;

use super::{RunsError, definition::Definition, held};
use crate::{
    access::{role::Role, secret::SecretHash},
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
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, MutexGuard},
};
use utoipa::ToSchema;

/// The file in the data folder.
pub const FILE: &str = "rounds.sqlite";
/// What each form of the file has more than the one before. This program writes the last.
const FORMS: [Form; 4] =
    [Form::More(ROUNDS), Form::More(PRINTED), Form::More(CALLING), Form::Changed(sealed::seal_all)];

/// A step from one form of the file to the next.
enum Form {
    /// Tables that it did not have.
    More(&'static str),
    /// What is written anew.
    Changed(fn(&Connection, &RoundsKey) -> rusqlite::Result<()>),
}

const ROUNDS: &str = "
    CREATE TABLE IF NOT EXISTS round (
        community TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, opens INTEGER NOT NULL,
        made INTEGER NOT NULL, phones_until INTEGER NOT NULL, retain_until INTEGER NOT NULL,
        secret BLOB NOT NULL, tube_key BLOB NOT NULL, desk TEXT NOT NULL, desk_key BLOB NOT NULL,
        definition TEXT NOT NULL, PRIMARY KEY (community, id)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS code (
        hash BLOB PRIMARY KEY, community TEXT NOT NULL, round TEXT NOT NULL, role TEXT NOT NULL, seat TEXT,
        expires INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS code_round ON code (community, round);
    CREATE TABLE IF NOT EXISTS device (
        community TEXT NOT NULL, id TEXT NOT NULL, round TEXT NOT NULL, role TEXT NOT NULL, seat TEXT,
        joined INTEGER NOT NULL, code BLOB NOT NULL, PRIMARY KEY (community, id)
    ) STRICT;
";

/// The next number of a tube, and of a shift sheet, that was not printed yet. A round of which nothing was has no row.
const PRINTED: &str = "
    CREATE TABLE printed (
        community TEXT NOT NULL, round TEXT NOT NULL, tube INTEGER NOT NULL, sheet INTEGER NOT NULL,
        PRIMARY KEY (community, round)
    ) STRICT;
";

/// Rounds whose waves are called by themselves.
const CALLING: &str = "
    CREATE TABLE calling (community TEXT NOT NULL, round TEXT NOT NULL, PRIMARY KEY (community, round)) STRICT;
";

/// Rounds, codes and phones.
pub struct Book {
    db: Mutex<Connection>,
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
    pub(super) fn open(data: &Path, key: RoundsKey) -> Result<Book, RunsError> {
        let path = data.join(FILE);
        let failed = |source| RunsError::Book { path: path.clone(), source };
        let mut db = Connection::open(&path).map_err(failed)?;
        private(&path);
        let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed)?;
        let known = usize::try_from(version).ok().and_then(|version| FORMS.get(version..));
        let Some(missing) = known else { return Err(RunsError::Newer(path)) };
        for (name, value) in [("journal_mode", "WAL"), ("synchronous", "FULL"), ("secure_delete", "ON")] {
            db.pragma_update(None, name, value).map_err(failed)?;
        }
        bring_up(&mut db, version, missing, &key).map_err(failed)?;
        // What was written over must not live on beside what is written now, also where this was cut short the last time.
        if !emptied(&db).map_err(failed)? && !missing.is_empty() {
            return Err(RunsError::InUse(path));
        }
        if !sealed::is_key_of(&db, &key).map_err(failed)? {
            return Err(RunsError::OtherKey(path));
        }
        Ok(Book { db: Mutex::new(db), key, until: Mutex::default() })
    }

    /// Writes a round down.
    ///
    /// # Errors
    /// There are too many, or the database says no.
    pub fn make(&self, made: &Made) -> Result<(), Fault> {
        let db = self.turn();
        has_room(&db, made.community)?;
        let sealed = Sealed::of(made, &self.key);
        let text = "INSERT INTO round (community, id, name, opens, made, phones_until, retain_until, forgotten, desk, \
                    bound, secret, tube_key, desk_key, definition) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?13, ?9, ?10, ?11, ?12)";
        let values = params![
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
        db.execute(text, values).map(drop).map_err(failed)
    }

    /// Whether a round more can be written down.
    ///
    /// # Errors
    /// There are too many, or the database says no.
    pub fn has_room(&self, community: CommunityId) -> Result<(), Fault> {
        has_room(&self.turn(), community)
    }

    /// A round.
    ///
    /// # Errors
    /// There is none of this id in this community, or the database says no.
    pub fn round(&self, community: CommunityId, id: RoundId) -> Result<Made, Fault> {
        let text = "SELECT * FROM round WHERE community = ?1 AND id = ?2";
        let found =
            self.turn().query_row(text, params![community, id], |row| made(row, &self.key)).optional();
        found.map_err(failed)?.ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "round_unknown"))
    }

    /// The rounds of a community, the newest first.
    ///
    /// # Errors
    /// The database says no.
    pub fn rounds(&self, community: CommunityId) -> Result<Vec<RoundListed>, Fault> {
        let db = self.turn();
        let text = "SELECT id, name, opens, phones_until, retain_until FROM round WHERE community = ?1 \
                    ORDER BY opens DESC, id";
        let mut rows = db.prepare(text).map_err(failed)?;
        let listed = |row: &Row<'_>| {
            let (id, name, opens) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(RoundListed { id, name, opens, phones_until: row.get(3)?, retain_until: row.get(4)? })
        };
        rows.query_map([community], listed).map_err(failed)?.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// Makes a code by which phones join.
    ///
    /// # Errors
    /// There are too many, or the database says no.
    pub fn add_code(&self, hash: &SecretHash, code: &Code) -> Result<(), Fault> {
        let db = self.turn();
        let count: i64 = db
            .query_row(
                "SELECT count(*) FROM code WHERE community = ?1 AND round = ?2",
                params![code.community, code.round],
                |row| row.get(0),
            )
            .map_err(failed)?;
        if count >= limits::CODES as i64 {
            return Err(Fault::new(StatusCode::CONFLICT, "full").with("most", limits::CODES));
        }
        let text = "INSERT INTO code VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values =
            params![hash, code.community, code.round, code.role.name(), seat(&code.table), code.expires];
        db.execute(text, values).map(drop).map_err(failed)
    }

    /// What a code lets a phone do; `None` if there is none, or its time is over.
    ///
    /// # Errors
    /// The database says no.
    pub fn code(&self, hash: &SecretHash, now: i64) -> Result<Option<Code>, Fault> {
        let text = "SELECT community, round, role, seat, expires FROM code WHERE hash = ?1 AND expires > ?2";
        let found = self.turn().query_row(text, params![hash, now], |row| {
            Ok(Code {
                community: row.get(0)?,
                round: row.get(1)?,
                role: role(row, 2)?,
                table: table(row, 3)?,
                expires: row.get(4)?,
            })
        });
        found.optional().map_err(failed)
    }

    /// Ends all codes of a round.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_codes(&self, community: CommunityId, round: RoundId) -> Result<(), Fault> {
        let text = "DELETE FROM code WHERE community = ?1 AND round = ?2";
        self.turn().execute(text, params![community, round]).map(drop).map_err(failed)
    }

    /// Ends a code: who lost a phone lost the code in it, too.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_code(&self, hash: &SecretHash) -> Result<(), Fault> {
        self.turn().execute("DELETE FROM code WHERE hash = ?1", [hash]).map(drop).map_err(failed)
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
        let text = "SELECT phones_until FROM device JOIN round ON round.community = device.community \
                    AND round.id = device.round WHERE device.community = ?1 AND device.id = ?2";
        let found = self.turn().query_row(text, params![community, device], |row| row.get(0)).optional();
        let found = found.map_err(failed)?;
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
        let db = self.turn();
        let text =
            "SELECT community, id FROM round WHERE phones_until > ?1 AND phones_until <= ?2 ORDER BY 1, 2";
        let mut rows = db.prepare_cached(text).map_err(failed)?;
        let found = rows.query_map([since, now], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)?;
        found.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// Writes down that a phone joined.
    ///
    /// # Errors
    /// There are too many, or the database says no.
    pub fn add_device(&self, community: CommunityId, round: RoundId, joined: &Joined) -> Result<(), Fault> {
        let db = self.turn();
        let count: i64 = db
            .query_row(
                "SELECT count(*) FROM device WHERE community = ?1 AND round = ?2",
                params![community, round],
                |row| row.get(0),
            )
            .map_err(failed)?;
        if count >= limits::DEVICES as i64 {
            return Err(Fault::new(StatusCode::CONFLICT, "full").with("most", limits::DEVICES));
        }
        let text = "INSERT INTO device VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let seat = seat(&joined.table);
        let values =
            params![community, joined.device, round, joined.role.name(), seat, joined.joined, joined.code];
        db.execute(text, values).map(drop).map_err(failed)
    }

    /// The phones of a round, in the order in which they joined.
    ///
    /// # Errors
    /// The database says no.
    pub fn devices(&self, community: CommunityId, round: RoundId) -> Result<Vec<Joined>, Fault> {
        let db = self.turn();
        let text = "SELECT id, role, seat, joined, code FROM device WHERE community = ?1 AND round = ?2 ORDER BY joined, id";
        let mut rows = db.prepare(text).map_err(failed)?;
        let read = |row: &Row<'_>| {
            let (device, joined, code) = (row.get(0)?, row.get(3)?, row.get(4)?);
            Ok(Joined { device, role: role(row, 1)?, table: table(row, 2)?, joined, code })
        };
        let found = rows.query_map(params![community, round], read).map_err(failed)?;
        found.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// Destroys what links the journals of rounds whose names are past their day to doors and people; which rounds those are.
    /// Their journals stay, and tell how many and when, and of nobody who it was.
    ///
    /// # Errors
    /// The database says no.
    pub fn forget(&self, now: i64) -> Result<Vec<(CommunityId, RoundId)>, Fault> {
        let mut db = self.turn();
        let changes = db.transaction().map_err(failed)?;
        let over: Vec<(CommunityId, RoundId, Option<Made>)> = {
            let text = "SELECT * FROM round WHERE retain_until <= ?1 AND NOT forgotten";
            let mut rows = changes.prepare(text).map_err(failed)?;
            // One that does not open any more keeps nobody from destroying it, or the others.
            let read = |row: &Row<'_>| Ok((row.get("community")?, row.get("id")?, made(row, &self.key).ok()));
            let over = rows.query_map([now], read).map_err(failed)?;
            over.collect::<rusqlite::Result<_>>().map_err(failed)?
        };
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
                        WHERE community = ?1 AND id = ?2";
            let values = params![community, id, secret, desk_key, definition];
            changes.execute(text, values).map_err(failed)?;
            for table in ["code", "calling"] {
                let text = format!("DELETE FROM {table} WHERE community = ?1 AND round = ?2");
                changes.execute(&text, params![community, id]).map_err(failed)?;
            }
        }
        changes.commit().map_err(failed)?;
        // What was overwritten must not live on in the log of writes. Where somebody reads just now, the next hour's turn does it.
        emptied(&db).map_err(failed)?;
        Ok(over.into_iter().map(|(community, id, _)| (community, id)).collect())
    }

    fn turn(&self) -> MutexGuard<'_, Connection> {
        held(&self.db)
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

/// Brings the file up to the form that this program writes.
fn bring_up(db: &mut Connection, version: i64, missing: &[Form], key: &RoundsKey) -> rusqlite::Result<()> {
    for (version, form) in (version + 1..).zip(missing) {
        // The tables and the number that says that they are there: both or none.
        let step = db.transaction()?;
        match form {
            Form::More(tables) => step.execute_batch(tables)?,
            Form::Changed(change) => change(&step, key)?,
        }
        step.pragma_update(None, "user_version", version)?;
        step.commit()?;
    }
    Ok(())
}

/// Moves everything from the log of writes to where it belongs, and empties it; false where somebody who reads is in the way.
fn emptied(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map(|busy: bool| !busy)
}

fn has_room(db: &Connection, community: CommunityId) -> Result<(), Fault> {
    let text = "SELECT count(*) FROM round WHERE community = ?1";
    let count: i64 = db.query_row(text, [community], |row| row.get(0)).map_err(failed)?;
    if count >= limits::ROUNDS as i64 {
        return Err(Fault::new(StatusCode::CONFLICT, "full").with("most", limits::ROUNDS));
    }
    Ok(())
}

fn made(row: &Row<'_>, key: &RoundsKey) -> rusqlite::Result<Made> {
    let (community, id) = (row.get("community")?, row.get("id")?);
    let opened = Sealed::read(row)?.open(community, id, key)?;
    Ok(Made {
        community,
        id,
        name: row.get("name")?,
        opens: row.get("opens")?,
        made: row.get("made")?,
        phones_until: row.get("phones_until")?,
        retain_until: row.get("retain_until")?,
        secret: opened.secret,
        tube_key: opened.tube_key,
        desk: row.get("desk")?,
        desk_key: opened.desk_key,
        bound: row.get("bound")?,
        definition: opened.definition,
    })
}

fn seat(table: &Option<Table>) -> Option<String> {
    table.as_ref().map(|table| serde_json::to_string(table).expect("our own types are written as JSON"))
}

fn table(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Table>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

fn role(row: &Row<'_>, column: usize) -> rusqlite::Result<Role> {
    let text: String = row.get(column)?;
    let known = Role::ALL.into_iter().find(|role| role.name() == text);
    known.ok_or_else(|| rusqlite::Error::InvalidColumnType(column, text, rusqlite::types::Type::Text))
}

fn failed(source: rusqlite::Error) -> Fault {
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "database").with("why", source)
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
