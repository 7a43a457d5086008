//! Links that make an account, each once.

use super::{
    People, PeopleError,
    accounts::{self, Account},
    doing,
    id::AccountId,
    seconds,
};
use crate::{
    access::{
        role::{FIRST, Grant},
        secret::{Secret, SecretHash},
    },
    limits,
};
use rusqlite::{OptionalExtension, params};

impl People {
    /// The link for the first account, while there is none. Links that were shown before no longer work.
    ///
    /// # Errors
    /// The database says no.
    pub fn first_link(&self, now: i64) -> Result<Option<Secret>, PeopleError> {
        let invite = doing("make the first link");
        let mut connection = self.turn();
        let changes = connection.transaction().map_err(&invite)?;
        changes.execute("DELETE FROM invitation WHERE is_first", []).map_err(&invite)?;
        let secret = match accounts::has_accounts(&changes)? {
            true => None,
            false => {
                let secret = Secret::draw();
                write(&changes, &secret, true, None, &FIRST, now)?;
                Some(secret)
            }
        };
        changes.commit().map_err(&invite)?;
        Ok(secret)
    }

    /// A link for somebody else. Whether it may be given is asked before.
    ///
    /// # Errors
    /// Too many wait to be used, or the database says no.
    pub fn invite(&self, by: Option<AccountId>, grants: &[Grant], now: i64) -> Result<Secret, PeopleError> {
        let invite = doing("make an invitation");
        let mut connection = self.turn();
        let changes = connection.transaction().map_err(&invite)?;
        changes.execute("DELETE FROM invitation WHERE expires <= ?1", [now]).map_err(&invite)?;
        let waiting: i64 =
            changes.query_row("SELECT count(*) FROM invitation", [], |row| row.get(0)).map_err(&invite)?;
        if waiting >= limits::INVITATIONS as i64 {
            return Err(PeopleError::Full(limits::INVITATIONS));
        }
        let secret = Secret::draw();
        write(&changes, &secret, false, by, grants, now)?;
        changes.commit().map_err(&invite)?;
        Ok(secret)
    }

    /// What a link invites to; `None` if it is used, over, or none of ours.
    ///
    /// # Errors
    /// The database says no.
    pub fn invitation(&self, link: &SecretHash, now: i64) -> Result<Option<Vec<Grant>>, PeopleError> {
        let text = "SELECT grants FROM invitation WHERE hash = ?1 AND expires > ?2";
        let found = self.turn().query_row(text, params![link, now], |row| row.get::<_, String>(0));
        let found = found.optional().map_err(doing("find an invitation"))?;
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
        let mut connection = self.turn();
        let changes = connection.transaction().map_err(&accept)?;
        let text = "DELETE FROM invitation WHERE hash = ?1 AND expires > ?2 RETURNING grants, is_first";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?));
        let found = changes.query_row(text, params![link, now], read).optional().map_err(&accept)?;
        let (grants, is_first) = found.ok_or(PeopleError::Unknown)?;
        if is_first && accounts::has_accounts(&changes)? {
            return Err(PeopleError::Unknown);
        }
        let grants = serde_json::from_str(&grants).map_err(|_| PeopleError::Unknown)?;
        let taken = changes.query_row("SELECT 1 FROM account WHERE login = ?1", [login], |_| Ok(()));
        if taken.optional().map_err(&accept)?.is_some() {
            return Err(PeopleError::LoginTaken);
        }
        let account = Account { id: AccountId::draw(), login: login.to_owned(), grants };
        accounts::add(&changes, &account, password, now)?;
        changes.commit().map_err(&accept)?;
        Ok(account.id)
    }
}

fn write(
    connection: &rusqlite::Connection,
    secret: &Secret,
    is_first: bool,
    by: Option<AccountId>,
    grants: &[Grant],
    now: i64,
) -> Result<(), PeopleError> {
    let grants = serde_json::to_string(grants).expect("our own types are written as JSON");
    let expires = now + seconds(limits::INVITATION_WITHIN);
    let text =
        "INSERT INTO invitation (hash, is_first, made_by, grants, expires) VALUES (?1, ?2, ?3, ?4, ?5)";
    let written = connection.execute(text, params![secret.hash(), is_first, by, grants, expires]);
    written.map(drop).map_err(doing("make an invitation"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_link_works_once_and_only_while_there_is_nobody() {
        let data = tempfile::tempdir().unwrap();
        let people = People::open(data.path()).unwrap();
        let old = people.first_link(0).unwrap().unwrap();
        let link = people.first_link(10).unwrap().unwrap();
        assert!(people.invitation(&old.hash(), 10).unwrap().is_none(), "the link of the start before");
        assert_eq!(people.invitation(&link.hash(), 10).unwrap(), Some(FIRST.to_vec()));
        let late = 10 + seconds(limits::INVITATION_WITHIN);
        assert!(people.invitation(&link.hash(), late).unwrap().is_none());
        assert!(matches!(people.accept(&link.hash(), "anna", "x", late), Err(PeopleError::Unknown)));
        people.accept(&link.hash(), "anna", "x", 20).unwrap();
        assert!(matches!(people.accept(&link.hash(), "eve", "x", 20), Err(PeopleError::Unknown)));
        assert!(people.first_link(30).unwrap().is_none());
    }

    #[test]
    fn a_login_name_that_is_taken_does_not_cost_the_link() {
        let data = tempfile::tempdir().unwrap();
        let people = People::open(data.path()).unwrap();
        let link = people.first_link(0).unwrap().unwrap();
        people.accept(&link.hash(), "anna", "x", 0).unwrap();
        let link = people.invite(None, &FIRST, 0).unwrap();
        assert!(matches!(people.accept(&link.hash(), "anna", "x", 1), Err(PeopleError::LoginTaken)));
        people.accept(&link.hash(), "ben", "x", 1).unwrap();
        assert!(matches!(people.accept(&link.hash(), "carl", "x", 1), Err(PeopleError::Unknown)));
        assert_eq!(people.accounts().unwrap().len(), 2);
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
        people.set_password(anna, "y").unwrap();
        assert!(!is_good(&by_anna) && is_good(&by_owner));
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
