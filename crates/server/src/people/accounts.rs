//! Those who sign in.

use super::{People, PeopleError, doing, id::AccountId};
use crate::{
    access::role::{Grant, Place, Role},
    db::{On, values},
};
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
    /// Whether signing in asks for a second factor.
    pub factor: bool,
    /// The same with all places and communities below those of the tree.
    #[serde(skip)]
    pub reach: Vec<Grant>,
}

impl People {
    /// Whether anybody can sign in.
    ///
    /// # Errors
    /// The database says no.
    pub fn has_accounts(&self) -> Result<bool, PeopleError> {
        self.db.read(doing("count accounts"), has_accounts)
    }

    /// All accounts, by their login names.
    ///
    /// # Errors
    /// The database says no.
    pub fn accounts(&self) -> Result<Vec<Account>, PeopleError> {
        let list = doing("list accounts");
        self.db.read(&list, |on| {
            let ids =
                on.all("SELECT id FROM account ORDER BY login", &[], |row| row.get(0)).map_err(&list)?;
            ids.into_iter().filter_map(|id| account(on, id).transpose()).collect()
        })
    }

    /// An account.
    ///
    /// # Errors
    /// The database says no.
    pub fn account(&self, id: AccountId) -> Result<Option<Account>, PeopleError> {
        self.db.read(doing("find an account"), |on| account(on, id))
    }

    /// The account of a login name, with its password's hash.
    ///
    /// # Errors
    /// The database says no.
    pub fn login(&self, login: &str) -> Result<Option<(AccountId, String)>, PeopleError> {
        let text = "SELECT id, password FROM account WHERE login = ?1";
        let found = self.db.optional(text, values![login], |row| Ok((row.get(0)?, row.get(1)?)));
        found.map_err(doing("find an account"))
    }

    /// Gives an account another password, and ends all of its sessions, the links that it made, and one for another password of its
    /// own: somebody else may have them.
    ///
    /// # Errors
    /// The database says no.
    pub fn set_password(&self, id: AccountId, hash: &str) -> Result<(), PeopleError> {
        self.db.change(doing("change a password"), |on| set_password(on, id, hash))
    }

    /// Takes an account away, with its sessions and the links that it made.
    ///
    /// # Errors
    /// The database says no.
    pub fn remove_account(&self, id: AccountId) -> Result<(), PeopleError> {
        let remove = doing("remove an account");
        self.db.change(&remove, |on| {
            on.execute("DELETE FROM account WHERE id = ?1", values![id]).map_err(&remove)?;
            end_links(on, id)
        })
    }
}

pub(super) fn set_password(on: &On<'_>, id: AccountId, hash: &str) -> Result<(), PeopleError> {
    let change = doing("change a password");
    on.execute("UPDATE account SET password = ?2 WHERE id = ?1", values![id, hash]).map_err(&change)?;
    on.execute("DELETE FROM session WHERE account = ?1", values![id]).map_err(&change)?;
    end_links(on, id)
}

/// Ends the links that an account made, and those that are for it.
fn end_links(on: &On<'_>, id: AccountId) -> Result<(), PeopleError> {
    let text = "DELETE FROM invitation WHERE made_by = ?1 OR account = ?1";
    on.execute(text, values![id]).map(drop).map_err(doing("end links"))
}

pub(super) fn has_accounts(on: &On<'_>) -> Result<bool, PeopleError> {
    let any = on.one("SELECT EXISTS (SELECT 1 FROM account)", &[], |row| row.get(0));
    any.map_err(doing("count accounts"))
}

pub(super) fn account(on: &On<'_>, id: AccountId) -> Result<Option<Account>, PeopleError> {
    let find = doing("find an account");
    let text = "SELECT login, EXISTS (SELECT 1 FROM second_factor WHERE account = ?1 AND is_asked = 1) \
                FROM account WHERE id = ?1";
    let found = on.optional(text, values![id], |row| Ok((row.get(0)?, row.get(1)?)));
    let Some((login, factor)) = found.map_err(&find)? else { return Ok(None) };
    let text = "SELECT role, place FROM account_grant WHERE account = ?1 ORDER BY role, place";
    let read = on.all(text, values![id], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)));
    // A role that this program does not know grants nothing.
    let grant = |(role, place): (String, String)| {
        Some(Grant { role: Role::parse(&role)?, place: Place::parse(&place)? })
    };
    let grants: Vec<Grant> = read.map_err(&find)?.into_iter().filter_map(grant).collect();
    let reach = super::places::reach(on, &grants)?;
    Ok(Some(Account { id, login, grants, factor, reach }))
}

/// Writes an account with its grants.
pub(super) fn add(on: &On<'_>, account: &Account, password: &str, now: i64) -> Result<(), PeopleError> {
    let make = doing("make an account");
    let text = "INSERT INTO account (id, login, password, created) VALUES (?1, ?2, ?3, ?4)";
    on.execute(text, values![account.id, account.login, password, now]).map_err(&make)?;
    for grant in &account.grants {
        let text =
            "INSERT INTO account_grant (account, role, place) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let (role, place) = (grant.role.name(), grant.place.to_string());
        on.execute(text, values![account.id, role, place]).map_err(&make)?;
    }
    Ok(())
}
