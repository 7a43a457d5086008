//! Who is signed in: accounts, and phones that joined one round.

use super::{
    People, PeopleError, accounts, doing,
    id::{AccountId, CommunityId, DeviceId, RoundId, SessionId},
    seconds,
};
use crate::{
    access::{
        role::Role,
        secret::{Secret, SecretHash},
        who::Who,
    },
    limits,
};
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A phone that joined one round, in one role. Nobody's account stands behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Device {
    /// Whose round.
    pub community: CommunityId,
    /// Which round.
    pub round: RoundId,
    /// The phone; its journal goes by the same id.
    pub device: DeviceId,
    /// What is done with it.
    pub role: Role,
}

/// A session as it is listed. It holds nothing that opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// To end it.
    pub id: SessionId,
    /// Whose it is; [`Who::Account`] or [`Who::Device`].
    pub who: Who,
    /// When it began, seconds since 1970.
    pub created: i64,
    /// When it was last used, to the minute.
    pub seen: i64,
    /// When it ends.
    pub expires: i64,
}

impl People {
    /// Signs an account in. Where it has too many sessions, the one that was not used for longest ends.
    ///
    /// # Errors
    /// The database says no.
    pub fn sign_in(&self, account: AccountId, now: i64) -> Result<Secret, PeopleError> {
        let sign_in = doing("sign in");
        let secret = Secret::draw();
        let mut connection = self.turn();
        let changes = connection.transaction().map_err(&sign_in)?;
        over(&changes, now)?;
        let text = "DELETE FROM session WHERE account = ?1 AND id NOT IN \
                    (SELECT id FROM session WHERE account = ?1 ORDER BY seen DESC, id LIMIT ?2)";
        changes.execute(text, params![account, limits::SESSIONS as i64 - 1]).map_err(&sign_in)?;
        let text =
            "INSERT INTO session (id, hash, account, created, seen, expires) VALUES (?1, ?2, ?3, ?4, ?4, ?5)";
        let expires = now + seconds(limits::SESSION_WITHIN);
        let values = params![SessionId::draw(), secret.hash(), account, now, expires];
        changes.execute(text, values).map_err(&sign_in)?;
        changes.commit().map_err(&sign_in)?;
        Ok(secret)
    }

    /// Lets a phone into one round until `expires`. A session that it had for the same community ends.
    ///
    /// # Errors
    /// The database says no.
    pub fn join(&self, device: Device, now: i64, expires: i64) -> Result<Secret, PeopleError> {
        let join = doing("let a device join");
        let secret = Secret::draw();
        let mut connection = self.turn();
        let changes = connection.transaction().map_err(&join)?;
        over(&changes, now)?;
        let text = "DELETE FROM session WHERE community = ?1 AND device = ?2";
        changes.execute(text, params![device.community, device.device]).map_err(&join)?;
        let text = "INSERT INTO session (id, hash, community, round, device, role, created, seen, expires) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)";
        let Device { community, round, device, role } = device;
        let (id, role) = (SessionId::draw(), role.name());
        let values = params![id, secret.hash(), community, round, device, role, now, expires];
        changes.execute(text, values).map_err(&join)?;
        changes.commit().map_err(&join)?;
        Ok(secret)
    }

    /// Whose session a cookie is; `None` if it ended, or never was.
    ///
    /// # Errors
    /// The database says no.
    pub fn session(&self, cookie: &SecretHash, now: i64) -> Result<Option<(SessionId, Who)>, PeopleError> {
        let find = doing("find a session");
        let connection = self.turn();
        let text = format!("{READ} WHERE hash = ?1 AND expires > ?2 AND (account IS NULL OR seen > ?3)");
        let mut statement = connection.prepare_cached(&text).map_err(&find)?;
        let idle = now - seconds(limits::SESSION_IDLE);
        let found = statement.query_row(params![cookie, now, idle], Kept::read).optional().map_err(&find)?;
        let Some(kept) = found else { return Ok(None) };
        if now - kept.seen >= seconds(limits::SEEN_EVERY) {
            let text = "UPDATE session SET seen = ?2 WHERE id = ?1";
            connection.execute(text, params![kept.id, now]).map_err(&find)?;
        }
        let id = kept.id;
        Ok(kept.who(&connection)?.map(|who| (id, who)))
    }

    /// All sessions that are open, the last used first.
    ///
    /// # Errors
    /// The database says no.
    pub fn sessions(&self, now: i64) -> Result<Vec<Session>, PeopleError> {
        let list = doing("list sessions");
        let connection = self.turn();
        over(&connection, now)?;
        let text = format!("{READ} ORDER BY seen DESC, id");
        let mut statement = connection.prepare_cached(&text).map_err(&list)?;
        let kept = statement.query_map([], Kept::read).map_err(&list)?;
        let mut sessions = Vec::new();
        for kept in kept {
            let kept = kept.map_err(&list)?;
            let (id, created, seen, expires) = (kept.id, kept.created, kept.seen, kept.expires);
            if let Some(who) = kept.who(&connection)? {
                sessions.push(Session { id, who, created, seen, expires });
            }
        }
        Ok(sessions)
    }

    /// Whether a session is still open.
    ///
    /// # Errors
    /// The database says no.
    pub fn is_open(&self, id: SessionId, now: i64) -> Result<bool, PeopleError> {
        let text = "SELECT 1 FROM session WHERE id = ?1 AND expires > ?2";
        let found = self.turn().query_row(text, params![id, now], |_| Ok(())).optional();
        found.map(|found| found.is_some()).map_err(doing("find a session"))
    }

    /// Ends a session at once.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_session(&self, id: SessionId) -> Result<(), PeopleError> {
        let ended = self.turn().execute("DELETE FROM session WHERE id = ?1", [id]);
        ended.map(drop).map_err(doing("end a session"))
    }

    /// Ends what a phone may do in a community: it was lost.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_device(&self, community: CommunityId, device: DeviceId) -> Result<(), PeopleError> {
        let text = "DELETE FROM session WHERE community = ?1 AND device = ?2";
        let ended = self.turn().execute(text, params![community, device]);
        ended.map(drop).map_err(doing("end a device's sessions"))
    }

    /// When each phone of a round last asked for anything, to the minute, seconds since 1970; of those whose session is open.
    ///
    /// # Errors
    /// The database says no.
    pub fn seen_in(
        &self,
        community: CommunityId,
        round: RoundId,
    ) -> Result<BTreeMap<DeviceId, i64>, PeopleError> {
        let list = doing("list when phones were seen");
        let connection = self.turn();
        let text = "SELECT device, seen FROM session WHERE community = ?1 AND round = ?2";
        let mut rows = connection.prepare_cached(text).map_err(&list)?;
        let seen = rows.query_map(params![community, round], |row| Ok((row.get(0)?, row.get(1)?)));
        seen.map_err(&list)?.collect::<rusqlite::Result<_>>().map_err(&list)
    }

    /// Ends what all phones may do in a round: it is over.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_round(&self, community: CommunityId, round: RoundId) -> Result<(), PeopleError> {
        let text = "DELETE FROM session WHERE community = ?1 AND round = ?2";
        let ended = self.turn().execute(text, params![community, round]);
        ended.map(drop).map_err(doing("end a round's sessions"))
    }
}

const READ: &str = "SELECT id, account, community, round, device, role, created, seen, expires FROM session";

/// A row as it stands there.
struct Kept {
    id: SessionId,
    account: Option<AccountId>,
    device: (Option<CommunityId>, Option<RoundId>, Option<DeviceId>, Option<String>),
    created: i64,
    seen: i64,
    expires: i64,
}

impl Kept {
    fn read(row: &Row<'_>) -> rusqlite::Result<Kept> {
        Ok(Kept {
            id: row.get(0)?,
            account: row.get(1)?,
            device: (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?),
            created: row.get(6)?,
            seen: row.get(7)?,
            expires: row.get(8)?,
        })
    }

    /// Whose it is; `None` if that cannot be said any more.
    fn who(self, connection: &rusqlite::Connection) -> Result<Option<Who>, PeopleError> {
        if let Some(account) = self.account {
            return Ok(accounts::account(connection, account)?.map(Who::Account));
        }
        let (Some(community), Some(round), Some(device), Some(role)) = self.device else { return Ok(None) };
        Ok(Role::parse(&role).map(|role| Who::Device(Device { community, round, device, role })))
    }
}

/// Takes away what is over.
fn over(connection: &rusqlite::Connection, now: i64) -> Result<(), PeopleError> {
    let text = "DELETE FROM session WHERE expires <= ?1 OR (account IS NOT NULL AND seen <= ?2)";
    let ended = connection.execute(text, params![now, now - seconds(limits::SESSION_IDLE)]);
    ended.map(drop).map_err(doing("end old sessions"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::role::FIRST;

    fn open() -> (tempfile::TempDir, People, AccountId) {
        let data = tempfile::tempdir().unwrap();
        let people = People::open(data.path()).unwrap();
        let link = people.first_link(0).unwrap().unwrap();
        let id = people.accept(&link.hash(), "anna", "x", 0).unwrap();
        (data, people, id)
    }

    #[test]
    fn a_session_ends_by_time_by_idleness_by_its_owner_and_with_the_password() {
        let (_data, people, anna) = open();
        let day = 86_400;
        let cookie = people.sign_in(anna, 0).unwrap().hash();
        let (_, who) = people.session(&cookie, 100).unwrap().unwrap();
        assert!(
            matches!(&who, Who::Account(account) if account.login == "anna" && account.grants.len() == FIRST.len())
        );
        assert!(people.session(&cookie, 3 * day).unwrap().is_none(), "idle for two days");
        for hour in 0..7 * 24 {
            assert!(people.session(&cookie, hour * 3600).unwrap().is_some(), "hour {hour}");
        }
        assert!(people.session(&cookie, 7 * day).unwrap().is_none(), "after a week");
        let cookie = people.sign_in(anna, 8 * day).unwrap().hash();
        let (id, _) = people.session(&cookie, 8 * day).unwrap().unwrap();
        people.end_session(id).unwrap();
        assert!(people.session(&cookie, 8 * day).unwrap().is_none());
        let cookie = people.sign_in(anna, 8 * day).unwrap().hash();
        people.set_password(anna, "y").unwrap();
        assert!(people.session(&cookie, 8 * day).unwrap().is_none());
        assert!(people.sessions(8 * day).unwrap().is_empty());
        let cookie = people.sign_in(anna, 8 * day).unwrap().hash();
        people.remove_account(anna).unwrap();
        assert!(people.session(&cookie, 8 * day).unwrap().is_none());
    }

    #[test]
    fn the_oldest_of_too_many_gives_way() {
        let (_data, people, anna) = open();
        let cookies: Vec<_> =
            (0..=limits::SESSIONS as i64).map(|n| people.sign_in(anna, n).unwrap().hash()).collect();
        assert!(people.session(&cookies[0], 100).unwrap().is_none());
        assert!(people.session(&cookies[1], 100).unwrap().is_some());
        assert_eq!(people.sessions(100).unwrap().len(), limits::SESSIONS);
    }

    #[test]
    fn a_phone_belongs_to_one_round() {
        let (_data, people, _) = open();
        let (community, round) = (CommunityId::draw(), RoundId::draw());
        let phone = |device| Device { community, round, device, role: Role::Sampler };
        let (one, two) = (phone(DeviceId::draw()), phone(DeviceId::draw()));
        let cookie = people.join(one, 0, 1000).unwrap().hash();
        assert_eq!(people.session(&cookie, 999).unwrap().unwrap().1, Who::Device(one));
        assert!(people.session(&cookie, 1000).unwrap().is_none());
        let again = people.join(one, 0, 1000).unwrap().hash();
        assert!(people.session(&cookie, 1).unwrap().is_none(), "it scanned the code again");
        let other = people.join(two, 0, 1000).unwrap().hash();
        people.end_device(community, one.device).unwrap();
        assert!(people.session(&again, 1).unwrap().is_none());
        assert!(people.session(&other, 1).unwrap().is_some());
        people.end_round(CommunityId::draw(), round).unwrap();
        assert!(people.session(&other, 1).unwrap().is_some(), "a round of another community");
        people.end_round(community, round).unwrap();
        assert!(people.session(&other, 1).unwrap().is_none());
    }
}
