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
    db::{self, On, Row, values},
    limits,
};
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
        self.db.change(&sign_in, |on| {
            let secret = Secret::draw();
            over(on, now)?;
            let text = "DELETE FROM session WHERE account = ?1 AND id NOT IN \
                        (SELECT id FROM session WHERE account = ?1 ORDER BY seen DESC, id LIMIT ?2)";
            on.execute(text, values![account, limits::SESSIONS as i64 - 1]).map_err(&sign_in)?;
            let text = "INSERT INTO session (id, hash, account, created, seen, expires) \
                        VALUES (?1, ?2, ?3, ?4, ?4, ?5)";
            let expires = now + seconds(limits::SESSION_WITHIN);
            on.execute(text, values![SessionId::draw(), secret.hash(), account, now, expires])
                .map_err(&sign_in)?;
            Ok(secret)
        })
    }

    /// Lets a phone into one round until `expires`. A session that it had for the same community ends.
    ///
    /// # Errors
    /// The database says no.
    pub fn join(&self, device: Device, now: i64, expires: i64) -> Result<Secret, PeopleError> {
        let join = doing("let a device join");
        let Device { community, round, device, role } = device;
        self.db.change(&join, |on| {
            let secret = Secret::draw();
            over(on, now)?;
            let text = "DELETE FROM session WHERE community_id = ?1 AND device = ?2";
            on.execute(text, values![community, device]).map_err(&join)?;
            let text = "INSERT INTO session (id, hash, community_id, round, device, role, created, seen, expires) \
                        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)";
            let (id, role) = (SessionId::draw(), role.name());
            on.execute(text, values![id, secret.hash(), community, round, device, role, now, expires])
                .map_err(&join)?;
            Ok(secret)
        })
    }

    /// Whose session a cookie is; `None` if it ended, or never was.
    ///
    /// # Errors
    /// The database says no.
    pub fn session(&self, cookie: &SecretHash, now: i64) -> Result<Option<(SessionId, Who)>, PeopleError> {
        let find = doing("find a session");
        let idle = now - seconds(limits::SESSION_IDLE);
        let found = self.db.read(&find, |on| {
            let text = format!("{READ} WHERE hash = ?1 AND {OPEN}");
            let found = on.optional(&text, values![cookie, now, idle], Kept::read).map_err(&find)?;
            let Some(kept) = found else { return Ok(None) };
            let (id, seen) = (kept.id, kept.seen);
            Ok(kept.who(on)?.map(|who| (id, who, seen)))
        })?;
        let Some((id, who, seen)) = found else { return Ok(None) };
        if now - seen >= seconds(limits::SEEN_EVERY) {
            let text = "UPDATE session SET seen = ?2 WHERE id = ?1 AND seen < ?2";
            self.db.execute(text, values![id, now]).map_err(&find)?;
        }
        Ok(Some((id, who)))
    }

    /// All sessions that are open, the last used first.
    ///
    /// # Errors
    /// The database says no.
    pub fn sessions(&self, now: i64) -> Result<Vec<Session>, PeopleError> {
        let list = doing("list sessions");
        self.db.change(&list, |on| {
            over(on, now)?;
            let text = format!("{READ} ORDER BY seen DESC, id");
            let mut sessions = Vec::new();
            for kept in on.all(&text, &[], Kept::read).map_err(&list)? {
                let (id, created, seen, expires) = (kept.id, kept.created, kept.seen, kept.expires);
                if let Some(who) = kept.who(on)? {
                    sessions.push(Session { id, who, created, seen, expires });
                }
            }
            Ok(sessions)
        })
    }

    /// Whose session it still is, with what they may do by now; `None` if it ended. Nobody is seen by this.
    ///
    /// # Errors
    /// The database says no.
    pub fn who_is(&self, id: SessionId, now: i64) -> Result<Option<Who>, PeopleError> {
        let find = doing("find a session");
        let idle = now - seconds(limits::SESSION_IDLE);
        self.db.read(&find, |on| {
            let text = format!("{READ} WHERE id = ?1 AND {OPEN}");
            let kept = on.optional(&text, values![id, now, idle], Kept::read).map_err(&find)?;
            kept.map_or(Ok(None), |kept| kept.who(on))
        })
    }

    /// Ends a session at once.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_session(&self, id: SessionId) -> Result<(), PeopleError> {
        let ended = self.db.execute("DELETE FROM session WHERE id = ?1", values![id]);
        ended.map(drop).map_err(doing("end a session"))
    }

    /// Ends what a phone may do in a community: it was lost.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_device(&self, community: CommunityId, device: DeviceId) -> Result<(), PeopleError> {
        let text = "DELETE FROM session WHERE community_id = ?1 AND device = ?2";
        let ended = self.db.execute(text, values![community, device]);
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
        let text = "SELECT device, seen FROM session WHERE community_id = ?1 AND round = ?2";
        let seen = self.db.all(text, values![community, round], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(seen.map_err(&list)?.into_iter().collect())
    }

    /// Ends what all phones may do in a round: it is over.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_round(&self, community: CommunityId, round: RoundId) -> Result<(), PeopleError> {
        let text = "DELETE FROM session WHERE community_id = ?1 AND round = ?2";
        let ended = self.db.execute(text, values![community, round]);
        ended.map(drop).map_err(doing("end a round's sessions"))
    }
}

const READ: &str =
    "SELECT id, account, community_id, round, device, role, created, seen, expires FROM session";

/// Which are open by `?2`, seconds since 1970; an account's if it was seen after `?3`.
const OPEN: &str = "expires > ?2 AND (account IS NULL OR seen > ?3)";

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
    fn read(row: &Row<'_>) -> db::Result<Kept> {
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
    fn who(self, on: &On<'_>) -> Result<Option<Who>, PeopleError> {
        if let Some(account) = self.account {
            return Ok(accounts::account(on, account)?.map(Who::Account));
        }
        let (Some(community), Some(round), Some(device), Some(role)) = self.device else { return Ok(None) };
        Ok(Role::parse(&role).map(|role| Who::Device(Device { community, round, device, role })))
    }
}

/// Takes away what is over.
fn over(on: &On<'_>, now: i64) -> Result<(), PeopleError> {
    let text = "DELETE FROM session WHERE expires <= ?1 OR (account IS NOT NULL AND seen <= ?2)";
    let ended = on.execute(text, values![now, now - seconds(limits::SESSION_IDLE)]);
    ended.map(drop).map_err(doing("end old sessions"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::role::FIRST,
        db::both::{Place, both},
    };

    fn open(place: &Place) -> (People, AccountId) {
        let people = place.people();
        let link = people.first_link(0).unwrap().unwrap();
        let id = people.accept(&link.hash(), "anna", "x", 0).unwrap();
        (people, id)
    }

    #[test]
    fn who_watches_is_asked_for_by_idleness_too_and_is_not_seen_by_it() {
        both(|place| {
            let (people, anna) = open(place);
            let cookie = people.sign_in(anna, 0).unwrap().hash();
            let (id, _) = people.session(&cookie, 100).unwrap().unwrap();
            let idle = 100 + seconds(limits::SESSION_IDLE);
            for now in [200, idle - 1] {
                assert!(
                    matches!(people.who_is(id, now).unwrap(), Some(Who::Account(of)) if of.login == "anna")
                );
            }
            assert!(people.who_is(id, idle).unwrap().is_none());
            people.end_session(id).unwrap();
            assert!(people.who_is(id, 200).unwrap().is_none());
        });
    }

    #[test]
    fn a_session_ends_by_time_by_idleness_by_its_owner_and_with_the_password() {
        both(|place| {
            let (people, anna) = open(place);
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
        });
    }

    #[test]
    fn the_oldest_of_too_many_gives_way() {
        both(|place| {
            let (people, anna) = open(place);
            let cookies: Vec<_> =
                (0..=limits::SESSIONS as i64).map(|n| people.sign_in(anna, n).unwrap().hash()).collect();
            assert!(people.session(&cookies[0], 100).unwrap().is_none());
            assert!(people.session(&cookies[1], 100).unwrap().is_some());
            assert_eq!(people.sessions(100).unwrap().len(), limits::SESSIONS);
        });
    }

    #[test]
    fn a_phone_belongs_to_one_round() {
        both(|place| {
            let (people, _) = open(place);
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
        });
    }
}
