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
#[schema(as = HappenedToAccount)]
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
    /// Writes a line.
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
            let text = "INSERT INTO account_log (number, at, account, what, who) \
                        VALUES ((SELECT coalesce(max(number), 0) + 1 FROM account_log), ?1, ?2, ?3, ?4)";
            on.execute(text, values![now, account, what.name(), who]).map(drop).map_err(&write)
        })
    }

    /// Forgets lines that are too old.
    ///
    /// # Errors
    /// The database says no.
    pub fn forget_log(&self, now: i64) -> Result<(), PeopleError> {
        let old = now - seconds(limits::ACCOUNT_LOG_WITHIN);
        let gone = self.db.execute("DELETE FROM account_log WHERE at <= ?1", values![old]);
        gone.map(drop).map_err(doing("forget what happened to accounts"))
    }

    /// The last lines that are seen, the last first, and so many at most. They are read in pieces: half a year of a city is long.
    ///
    /// # Errors
    /// The database says no.
    pub fn account_log(
        &self,
        most: usize,
        is_seen: impl Fn(&Line) -> bool,
    ) -> Result<Vec<Line>, PeopleError> {
        let text = "SELECT number, at, account, what, who FROM account_log WHERE number < ?1 \
                    ORDER BY number DESC LIMIT ?2";
        let read = |row: &Row<'_>| {
            let (number, what) = (row.get::<i64>(0)?, row.get::<String>(3)?);
            // A newer program may have written what this one does not know.
            let what = Happened::ALL.iter().find(|(name, _)| *name == what);
            let Some(&(_, what)) = what else { return Ok((number, None)) };
            Ok((number, Some(Line { at: row.get(1)?, account: row.get(2)?, what, who: row.get(4)? })))
        };
        let (mut seen, mut before) = (Vec::new(), i64::MAX);
        loop {
            let lines = self.db.all(text, values![before, limits::ACCOUNT_LOG_READ], read);
            let lines = lines.map_err(doing("read what happened to accounts"))?;
            let Some(&(last, _)) = lines.last() else { return Ok(seen) };
            let room = most - seen.len();
            seen.extend(lines.into_iter().filter_map(|(_, line)| line).filter(&is_seen).take(room));
            if seen.len() == most {
                return Ok(seen);
            }
            before = last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::both::{Place, both};

    #[test]
    fn what_happened_to_an_account_stays_for_half_a_year_and_no_longer() {
        both(|place| {
            let people = place.people();
            let id = AccountId::draw();
            people.note(None, Happened::Invited, "owner", 10).unwrap();
            for (_, what) in Happened::ALL {
                people.note(Some(id), what, &id.to_string(), 20).unwrap();
            }
            let all = || people.account_log(usize::MAX, |_| true).unwrap();
            let log = all();
            assert_eq!(log.len(), 13);
            assert_eq!((log[0].what, log[12].what), (Happened::Removed, Happened::Invited), "the last first");
            assert_eq!(log[12], Line { at: 10, account: None, what: Happened::Invited, who: "owner".into() });
            people.forget_log(9 + seconds(limits::ACCOUNT_LOG_WITHIN)).unwrap();
            assert_eq!(all().len(), 13);
            people.forget_log(10 + seconds(limits::ACCOUNT_LOG_WITHIN)).unwrap();
            assert_eq!(all(), log[..12], "the first is gone");
        });
    }

    /// A half year's lines of a city, all of them old.
    fn fill(people: &People, lines: i64) {
        let text = "INSERT INTO account_log (number, at, account, what, who) \
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) \
                    SELECT i, i, NULL, 'invited', 'owner' FROM n";
        people.db.execute(text, values![lines]).unwrap();
    }

    #[test]
    fn the_last_lines_that_somebody_sees_are_found_however_far_back_they_are() {
        both(|place| {
            let people = place.people();
            fill(&people, 2 * limits::ACCOUNT_LOG_READ + 500);
            people.note(None, Happened::SignedIn, "anna", 9000).unwrap();
            let ats = |most, is_seen: &dyn Fn(&Line) -> bool| {
                let lines = people.account_log(most, is_seen).unwrap();
                lines.iter().map(|line| line.at).collect::<Vec<_>>()
            };
            assert_eq!(ats(3, &|_| true), [9000, 2500, 2499]);
            assert_eq!(ats(3, &|line| line.at < 3), [2, 1]);
            assert_eq!(ats(3, &|line| line.at % 900 == 0), [9000, 1800, 900], "over pieces");
        });
    }

    #[test]
    fn two_processes_that_write_at_once_over_a_long_log_lose_no_line() {
        let place = Place::shared();
        let processes = [place.people(), place.people()];
        fill(&processes[0], 20_000);
        let now = 20_000 + seconds(limits::ACCOUNT_LOG_WITHIN);
        std::thread::scope(|scope| {
            for people in [&processes[0], &processes[0], &processes[1], &processes[1]] {
                scope.spawn(move || {
                    for _ in 0..25 {
                        people.note(None, Happened::SignedIn, "anna", now).unwrap();
                    }
                });
            }
        });
        let count = || processes[1].account_log(usize::MAX, |_| true).unwrap().len();
        assert_eq!(count(), 20_100, "whoever signs in tidies nothing up");
        processes[1].forget_log(now).unwrap();
        assert_eq!(count(), 100);
    }
}
