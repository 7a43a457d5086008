//! What happened to accounts: who signed in, whose password or second factor changed, who let whom in. By ids, never by names, and
//! without from where. It says nothing of names that nobody has: guesses at those are counted, and kept nowhere.

use super::{People, PeopleError, doing, id::AccountId, seconds};
use crate::{
    db::{Row, values},
    limits,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// The account was made, by a link.
    Made,
    /// Somebody signed in.
    SignedIn,
    /// A password or a one-time code was wrong.
    Refused,
    /// Somebody signed out.
    SignedOut,
    /// A session was ended.
    SessionEnded,
    /// The password was changed.
    PasswordChanged,
    /// A second factor is asked for from now on.
    FactorAdded,
    /// It is not any more.
    FactorRemoved,
    /// Somebody signed in by a recovery code, which is used up.
    RecoveryUsed,
    /// A link that lets somebody in was made.
    Invited,
    /// A link by which a forgotten password is replaced was made.
    Renewal,
    /// The account was taken away.
    Removed,
}

impl Happened {
    const ALL: [(&str, Happened); 12] = [
        ("made", Happened::Made),
        ("signed_in", Happened::SignedIn),
        ("refused", Happened::Refused),
        ("signed_out", Happened::SignedOut),
        ("session_ended", Happened::SessionEnded),
        ("password_changed", Happened::PasswordChanged),
        ("factor_added", Happened::FactorAdded),
        ("factor_removed", Happened::FactorRemoved),
        ("recovery_used", Happened::RecoveryUsed),
        ("invited", Happened::Invited),
        ("renewal", Happened::Renewal),
        ("removed", Happened::Removed),
    ];

    fn name(self) -> &'static str {
        Happened::ALL.iter().find(|(_, of)| *of == self).expect("all are listed").0
    }
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When, seconds since 1970.
    pub at: i64,
    /// To whose account; none for a link.
    pub account: Option<AccountId>,
    /// What.
    pub what: Happened,
    /// Who did it: an account's id, `owner`, or `nobody` for somebody who was not let in.
    pub who: String,
}

impl People {
    /// Writes a line, and forgets those that are too old.
    ///
    /// # Errors
    /// The database says no.
    pub fn note(
        &self,
        account: Option<AccountId>,
        what: Happened,
        who: &str,
        now: i64,
    ) -> Result<(), PeopleError> {
        let write = doing("write down what happened to an account");
        self.db.change(&write, |on| {
            let old = now - seconds(limits::ACCOUNT_LOG_WITHIN);
            on.execute("DELETE FROM account_log WHERE at <= ?1", values![old]).map_err(&write)?;
            let text = "INSERT INTO account_log (number, at, account, what, who) \
                        VALUES ((SELECT coalesce(max(number), 0) + 1 FROM account_log), ?1, ?2, ?3, ?4)";
            on.execute(text, values![now, account, what.name(), who]).map(drop).map_err(&write)
        })
    }

    /// The log, the last first.
    ///
    /// # Errors
    /// The database says no.
    pub fn account_log(&self) -> Result<Vec<Line>, PeopleError> {
        let text = "SELECT at, account, what, who FROM account_log ORDER BY number DESC";
        let read = |row: &Row<'_>| {
            let what = row.get::<String>(2)?;
            let what = Happened::ALL.iter().find(|(name, _)| *name == what);
            // A newer program may have written what this one does not know.
            let Some(&(_, what)) = what else { return Ok(None) };
            Ok(Some(Line { at: row.get(0)?, account: row.get(1)?, what, who: row.get(3)? }))
        };
        let lines = self.db.all(text, &[], read).map_err(doing("read what happened to accounts"))?;
        Ok(lines.into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::both::both;

    #[test]
    fn what_happened_to_an_account_stays_for_half_a_year_and_no_longer() {
        both(|place| {
            let people = place.people();
            let id = AccountId::draw();
            people.note(None, Happened::Invited, "owner", 10).unwrap();
            for (_, what) in Happened::ALL {
                people.note(Some(id), what, &id.to_string(), 20).unwrap();
            }
            let log = people.account_log().unwrap();
            assert_eq!(log.len(), 13);
            assert_eq!((log[0].what, log[12].what), (Happened::Removed, Happened::Invited), "the last first");
            assert_eq!(log[12], Line { at: 10, account: None, what: Happened::Invited, who: "owner".into() });
            people.note(None, Happened::Invited, "owner", 10 + seconds(limits::ACCOUNT_LOG_WITHIN)).unwrap();
            assert_eq!(people.account_log().unwrap().len(), 13, "the first is gone");
        });
    }
}
