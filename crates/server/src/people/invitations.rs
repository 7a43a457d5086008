//! Links that make an account, or give one another password, each once.

use super::{
    People, PeopleError,
    accounts::{self, Account},
    doing,
    id::AccountId,
    lineage, seconds,
};
use crate::{
    access::{
        role::{FIRST, Grant},
        secret::{Secret, SecretHash},
    },
    db::{On, values},
    limits,
};

impl People {
    /// The link for the first account, while there is none. Links that were shown before no longer work.
    ///
    /// # Errors
    /// The database says no.
    pub fn first_link(&self, now: i64) -> Result<Option<Secret>, PeopleError> {
        let invite = doing("make the first link");
        self.db.change(&invite, |on| {
            // Another process has told its own link: that one holds, too, until there is an account.
            let over = if on.is_shared() { now } else { i64::MAX };
            let text = "DELETE FROM invitation WHERE is_first = 1 AND expires <= ?1";
            on.execute(text, values![over]).map_err(&invite)?;
            if accounts::has_accounts(on)? {
                return Ok(None);
            }
            let secret = Secret::draw();
            write(on, &secret, true, None, &FIRST, None, now)?;
            Ok(Some(secret))
        })
    }

    /// A link for somebody else. Whether it may be given is asked before.
    ///
    /// # Errors
    /// Too many wait to be used, or the database says no.
    pub fn invite(&self, by: Option<AccountId>, grants: &[Grant], now: i64) -> Result<Secret, PeopleError> {
        let invite = doing("make an invitation");
        self.db.change(&invite, |on| {
            on.execute("DELETE FROM invitation WHERE expires <= ?1", values![now]).map_err(&invite)?;
            let waiting = on.count("SELECT count(*) FROM invitation", &[]).map_err(&invite)?;
            if waiting >= limits::INVITATIONS as i64 {
                return Err(PeopleError::Full(limits::INVITATIONS));
            }
            let secret = Secret::draw();
            write(on, &secret, false, by, grants, None, now)?;
            Ok(secret)
        })
    }

    /// A link by which somebody who forgot their password chooses another one. Whether it may be given is asked before.
    ///
    /// # Errors
    /// Too many wait to be used, or the database says no.
    pub fn renew(&self, by: Option<AccountId>, of: AccountId, now: i64) -> Result<Secret, PeopleError> {
        let renew = doing("make a link for another password");
        self.db.change(&renew, |on| {
            let text = "DELETE FROM invitation WHERE expires <= ?1 OR account = ?2";
            on.execute(text, values![now, of]).map_err(&renew)?;
            let waiting = on.count("SELECT count(*) FROM invitation", &[]).map_err(&renew)?;
            if waiting >= limits::INVITATIONS as i64 {
                return Err(PeopleError::Full(limits::INVITATIONS));
            }
            let secret = Secret::draw();
            write(on, &secret, false, by, &[], Some(of), now)?;
            Ok(secret)
        })
    }

    /// Gives the account of such a link this password, ends its sessions, and the link can never be used again: the account, and whose
    /// link it was (`None`: the owner's). `None` for a link that makes an account.
    ///
    /// # Errors
    /// The link is none, its account has another login name, or the database says no. The link stays good then.
    pub fn renewed(
        &self,
        link: &SecretHash,
        login: &str,
        password: &str,
        now: i64,
    ) -> Result<Option<(AccountId, Option<AccountId>)>, PeopleError> {
        let renew = doing("use a link for another password");
        self.db.change(&renew, |on| {
            let text = "SELECT account, made_by FROM invitation WHERE hash = ?1 AND expires > ?2";
            let found = on.optional(text, values![link, now], |row| Ok((row.get(0)?, row.get(1)?)));
            let (of, by): (Option<AccountId>, _) = found.map_err(&renew)?.ok_or(PeopleError::Unknown)?;
            let Some(id) = of else { return Ok(None) };
            let account = accounts::account(on, id)?.ok_or(PeopleError::Unknown)?;
            if account.login != login {
                return Err(PeopleError::LoginOther);
            }
            accounts::set_password(on, id, password)?;
            Ok(Some((id, by)))
        })
    }

    /// What a link invites to; `None` if it is used, over, or none of ours.
    ///
    /// # Errors
    /// The database says no.
    pub fn invitation(&self, link: &SecretHash, now: i64) -> Result<Option<Vec<Grant>>, PeopleError> {
        let text = "SELECT grants FROM invitation WHERE hash = ?1 AND expires > ?2";
        let found = self.db.optional(text, values![link, now], |row| row.get::<String>(0));
        let found = found.map_err(doing("find an invitation"))?;
        Ok(found.and_then(|grants| serde_json::from_str(&grants).ok()))
    }

    /// Makes the account of a link, and the link can never be used again.
    ///
    /// # Errors
    /// The link is none, the login name is taken, or the database says no. The link stays good then.
    pub fn accept(
        &self,
        link: &SecretHash,
        login: &str,
        password: &str,
        now: i64,
    ) -> Result<AccountId, PeopleError> {
        let accept = doing("accept an invitation");
        self.db.change(&accept, |on| {
            let text = "DELETE FROM invitation WHERE hash = ?1 AND expires > ?2 AND account IS NULL \
                        RETURNING grants, is_first, made_by";
            let found = on.optional(text, values![link, now], |row| {
                Ok((row.get::<String>(0)?, row.get(1)?, row.get(2)?))
            });
            let (grants, is_first, by) = found.map_err(&accept)?.ok_or(PeopleError::Unknown)?;
            if is_first && accounts::has_accounts(on)? {
                return Err(PeopleError::Unknown);
            }
            let grants: Vec<Grant> = serde_json::from_str(&grants).map_err(|_| PeopleError::Unknown)?;
            let taken = on.optional("SELECT 1 FROM account WHERE login = ?1", values![login], |_| Ok(()));
            if taken.map_err(&accept)?.is_some() {
                return Err(PeopleError::LoginTaken);
            }
            let reach = super::places::reach(on, &grants)?;
            let account =
                Account { id: AccountId::draw(), login: login.to_owned(), grants, factor: false, reach };
            accounts::add(on, &account, password, now)?;
            lineage::note(on, account.id, by, &account.grants)?;
            Ok(account.id)
        })
    }
}

fn write(
    on: &On<'_>,
    secret: &Secret,
    is_first: bool,
    by: Option<AccountId>,
    grants: &[Grant],
    account: Option<AccountId>,
    now: i64,
) -> Result<(), PeopleError> {
    let grants = serde_json::to_string(grants).expect("our own types are written as JSON");
    let expires = now + seconds(limits::INVITATION_WITHIN);
    let text = "INSERT INTO invitation (hash, is_first, made_by, grants, expires, account) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let written = on.execute(text, values![secret.hash(), is_first, by, grants, expires, account]);
    written.map(drop).map_err(doing("make an invitation"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::both::{Place, both};

    #[test]
    fn the_first_link_works_once_and_only_while_there_is_nobody() {
        both(|place| {
            let people = place.people();
            let old = people.first_link(0).unwrap().unwrap();
            let link = people.first_link(10).unwrap().unwrap();
            let old = people.invitation(&old.hash(), 10).unwrap();
            assert_eq!(
                old.is_some(),
                place.is_shared(),
                "the link of the start before, or of another process"
            );
            assert_eq!(people.invitation(&link.hash(), 10).unwrap(), Some(FIRST.to_vec()));
            let late = 10 + seconds(limits::INVITATION_WITHIN);
            assert!(people.invitation(&link.hash(), late).unwrap().is_none());
            assert!(matches!(people.accept(&link.hash(), "anna", "x", late), Err(PeopleError::Unknown)));
            people.accept(&link.hash(), "anna", "x", 20).unwrap();
            assert!(matches!(people.accept(&link.hash(), "eve", "x", 20), Err(PeopleError::Unknown)));
            assert!(people.first_link(30).unwrap().is_none());
        });
    }

    #[test]
    fn of_the_first_links_of_two_processes_one_makes_an_account() {
        let place = Place::shared();
        let (one, two) = (place.people(), place.people());
        let links = [&one, &two].map(|people| people.first_link(0).unwrap().unwrap().hash());
        let made = std::thread::scope(|scope| {
            let first = scope.spawn(|| one.accept(&links[0], "anna", "x", 1).is_ok());
            let second = scope.spawn(|| two.accept(&links[1], "eve", "x", 1).is_ok());
            [first.join().unwrap(), second.join().unwrap()]
        });
        assert!(made[0] != made[1], "{made:?}");
        assert_eq!(one.accounts().unwrap().len(), 1);
    }

    #[test]
    fn a_login_name_that_is_taken_does_not_cost_the_link() {
        both(|place| {
            let people = place.people();
            let link = people.first_link(0).unwrap().unwrap();
            people.accept(&link.hash(), "anna", "x", 0).unwrap();
            let link = people.invite(None, &FIRST, 0).unwrap();
            assert!(matches!(people.accept(&link.hash(), "anna", "x", 1), Err(PeopleError::LoginTaken)));
            people.accept(&link.hash(), "ben", "x", 1).unwrap();
            assert!(matches!(people.accept(&link.hash(), "carl", "x", 1), Err(PeopleError::Unknown)));
            assert_eq!(people.accounts().unwrap().len(), 2);
        });
    }

    #[test]
    fn links_end_with_the_account_or_the_password_of_whoever_made_them() {
        let data = tempfile::tempdir().unwrap();
        let people = People::open(data.path()).unwrap();
        let link = people.first_link(0).unwrap().unwrap();
        let anna = people.accept(&link.hash(), "anna", "x", 0).unwrap();
        let link = people.invite(Some(anna), &FIRST, 0).unwrap();
        let ben = people.accept(&link.hash(), "ben", "x", 0).unwrap();
        let [by_anna, by_ben, by_owner] =
            [Some(anna), Some(ben), None].map(|by| people.invite(by, &FIRST, 0).unwrap().hash());
        let is_good = |link| people.invitation(link, 1).unwrap().is_some();
        people.remove_account(ben).unwrap();
        assert!(!is_good(&by_ben) && is_good(&by_anna) && is_good(&by_owner));
        let renewal = people.renew(None, anna, 0).unwrap().hash();
        assert!(is_good(&renewal));
        people.set_password(anna, "y").unwrap();
        assert!(!is_good(&by_anna) && is_good(&by_owner));
        assert!(!is_good(&renewal), "whoever found the password again needs no link any more");
    }

    #[test]
    fn no_file_holds_a_link() {
        let data = tempfile::tempdir().unwrap();
        let people = People::open(data.path()).unwrap();
        let link = people.first_link(0).unwrap().unwrap();
        for file in ["people.sqlite", "people.sqlite-wal"] {
            let bytes = std::fs::read(data.path().join(file)).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains(&link.text()), "{file}");
        }
    }
}
