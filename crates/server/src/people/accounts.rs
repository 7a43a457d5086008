//! Those who sign in.

use super::{People, PeopleError, doing, id::AccountId};
use crate::access::role::{Grant, Place, Role};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Account {
    /// Random.
    pub id: AccountId,
    /// What they type.
    pub login: String,
    /// What they may do, and where.
    pub grants: Vec<Grant>,
}

impl People {
    /// Whether anybody can sign in.
    ///
    /// # Errors
    /// The database says no.
    pub fn has_accounts(&self) -> Result<bool, PeopleError> {
        has_accounts(&self.turn())
    }

    /// All accounts, by their login names.
    ///
    /// # Errors
    /// The database says no.
    pub fn accounts(&self) -> Result<Vec<Account>, PeopleError> {
        let connection = self.turn();
        let list = doing("list accounts");
        let mut rows = connection.prepare("SELECT id FROM account ORDER BY login").map_err(&list)?;
        let ids = rows.query_map([], |row| row.get(0)).map_err(&list)?;
        let ids = ids.collect::<rusqlite::Result<Vec<AccountId>>>().map_err(&list)?;
        let accounts = ids.into_iter().filter_map(|id| account(&connection, id).transpose());
        accounts.collect()
    }

    /// An account.
    ///
    /// # Errors
    /// The database says no.
    pub fn account(&self, id: AccountId) -> Result<Option<Account>, PeopleError> {
        account(&self.turn(), id)
    }

    /// The account of a login name, with its password's hash.
    ///
    /// # Errors
    /// The database says no.
    pub fn login(&self, login: &str) -> Result<Option<(AccountId, String)>, PeopleError> {
        let text = "SELECT id, password FROM account WHERE login = ?1";
        let found = self.turn().query_row(text, [login], |row| Ok((row.get(0)?, row.get(1)?)));
        found.optional().map_err(doing("find an account"))
    }

    /// Gives an account another password, and ends all of its sessions and the links that it made: somebody else may have made them.
    ///
    /// # Errors
    /// The database says no.
    pub fn set_password(&self, id: AccountId, hash: &str) -> Result<(), PeopleError> {
        let change = doing("change a password");
        let mut connection = self.turn();
        let changes = connection.transaction().map_err(&change)?;
        changes
            .execute("UPDATE account SET password = ?2 WHERE id = ?1", params![id, hash])
            .map_err(&change)?;
        changes.execute("DELETE FROM session WHERE account = ?1", [id]).map_err(&change)?;
        changes.execute("DELETE FROM invitation WHERE made_by = ?1", [id]).map_err(&change)?;
        changes.commit().map_err(&change)
    }

    /// Takes an account away, with its sessions and the links that it made.
    ///
    /// # Errors
    /// The database says no.
    pub fn remove_account(&self, id: AccountId) -> Result<(), PeopleError> {
        let remove = doing("remove an account");
        let mut connection = self.turn();
        let changes = connection.transaction().map_err(&remove)?;
        changes.execute("DELETE FROM account WHERE id = ?1", [id]).map_err(&remove)?;
        changes.execute("DELETE FROM invitation WHERE made_by = ?1", [id]).map_err(&remove)?;
        changes.commit().map_err(&remove)
    }
}

pub(super) fn has_accounts(connection: &Connection) -> Result<bool, PeopleError> {
    let any = connection.query_row("SELECT EXISTS (SELECT 1 FROM account)", [], |row| row.get(0));
    any.map_err(doing("count accounts"))
}

pub(super) fn account(connection: &Connection, id: AccountId) -> Result<Option<Account>, PeopleError> {
    let find = doing("find an account");
    let login = connection.query_row("SELECT login FROM account WHERE id = ?1", [id], |row| row.get(0));
    let Some(login) = login.optional().map_err(&find)? else { return Ok(None) };
    let text = "SELECT role, place FROM account_grant WHERE account = ?1 ORDER BY role, place";
    let mut rows = connection.prepare_cached(text).map_err(&find)?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let mut grants = Vec::new();
    for row in rows.query_map([id], read).map_err(&find)? {
        let (role, place) = row.map_err(&find)?;
        // A role that this program does not know grants nothing.
        if let (Some(role), Some(place)) = (Role::parse(&role), Place::parse(&place)) {
            grants.push(Grant { role, place });
        }
    }
    Ok(Some(Account { id, login, grants }))
}

/// Writes an account with its grants.
pub(super) fn add(
    connection: &Connection,
    account: &Account,
    password: &str,
    now: i64,
) -> Result<(), PeopleError> {
    let make = doing("make an account");
    let text = "INSERT INTO account (id, login, password, created) VALUES (?1, ?2, ?3, ?4)";
    connection.execute(text, params![account.id, account.login, password, now]).map_err(&make)?;
    for grant in &account.grants {
        let text = "INSERT OR IGNORE INTO account_grant (account, role, place) VALUES (?1, ?2, ?3)";
        let (role, place) = (grant.role.name(), grant.place.to_string());
        connection.execute(text, params![account.id, role, place]).map_err(&make)?;
    }
    Ok(())
}
