//! Codes by which phones join a round, and the phones that did.

use super::{Book, failed};
use crate::{
    access::{role::Role, secret::SecretHash},
    db::{self, Row, values},
    limits,
    people::id::{CommunityId, DeviceId, RoundId},
    problem::Fault,
    run::held,
};
use axum::http::StatusCode;
use domain::command::Table;
use std::collections::BTreeSet;

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

impl Book {
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

    /// Writes down that a phone joined. Where there are many, those that were taken out are asked for: they take nobody's room.
    ///
    /// # Errors
    /// There are too many, `out` fails, or the database says no.
    pub fn add_device(
        &self,
        community: CommunityId,
        round: RoundId,
        joined: &Joined,
        out: impl Fn() -> Result<BTreeSet<DeviceId>, Fault>,
    ) -> Result<(), Fault> {
        let full = |most: usize| Err(Fault::new(StatusCode::CONFLICT, "full").with("most", most));
        self.db.change(failed, |on| {
            let text = "SELECT id FROM device WHERE community_id = ?1 AND round = ?2";
            let all =
                on.all(text, values![community, round], |row| row.get::<DeviceId>(0)).map_err(failed)?;
            if all.len() >= limits::DEVICES_EVER {
                return full(limits::DEVICES_EVER);
            }
            if all.len() >= limits::DEVICES {
                let out = out()?;
                if all.iter().filter(|device| !out.contains(device)).count() >= limits::DEVICES {
                    return full(limits::DEVICES);
                }
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
