//! The second factor of an account: the secret of its one-time codes, sealed by the master key, and its recovery codes, hashed.

use super::{People, PeopleError, doing, id::AccountId};
use crate::{
    access::one_time::{OneTime, RECOVERY_CODES, Recovery},
    db::{On, values},
};
use zeroize::Zeroizing;

/// By what somebody showed that they have the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A one-time code.
    Code,
    /// A recovery code; it is used up.
    Recovery,
    /// Nothing that fits.
    Nothing,
}

impl People {
    /// Gives an account a secret whose codes are not asked for until one was typed. One that waits for that is replaced.
    ///
    /// # Errors
    /// It has a second factor already, there is no such account, or the database says no.
    pub fn propose_factor(&self, account: AccountId, one_time: &OneTime) -> Result<(), PeopleError> {
        let propose = doing("propose a second factor");
        let sealed = self.rounds_key().seal(&place(&account.to_string()), one_time.secret());
        self.db.change(&propose, |on| {
            if is_asked(on, account)? {
                return Err(PeopleError::Full(1));
            }
            on.execute("DELETE FROM second_factor WHERE account = ?1", values![account]).map_err(&propose)?;
            let text =
                "INSERT INTO second_factor (account, secret, is_asked, last_step) VALUES (?1, ?2, 0, 0)";
            on.execute(text, values![account, sealed]).map(drop).map_err(&propose)
        })
    }

    /// Asks for the codes from now on, if this is one: the account's recovery codes, shown this once. `None` if it is not.
    ///
    /// # Errors
    /// The database says no, or the secret was sealed by another key.
    pub fn add_factor(
        &self,
        account: AccountId,
        code: &str,
        now: i64,
    ) -> Result<Option<Vec<Recovery>>, PeopleError> {
        let add = doing("add a second factor");
        self.db.change(&add, |on| {
            if is_asked(on, account)? || self.take_code(on, account, code, now)?.is_none() {
                return Ok(None);
            }
            let text = "UPDATE second_factor SET is_asked = 1 WHERE account = ?1";
            on.execute(text, values![account]).map_err(&add)?;
            let codes: Vec<Recovery> = (0..RECOVERY_CODES).map(|_| Recovery::draw()).collect();
            for code in &codes {
                let text = "INSERT INTO recovery_code (hash, account) VALUES (?1, ?2)";
                on.execute(text, values![code.hash(), account]).map_err(&add)?;
            }
            Ok(Some(codes))
        })
    }

    /// Whether an account's second factor is asked for.
    ///
    /// # Errors
    /// The database says no.
    pub fn has_factor(&self, account: AccountId) -> Result<bool, PeopleError> {
        self.db.read(doing("find a second factor"), |on| is_asked(on, account))
    }

    /// Takes what somebody shows: no code is taken twice.
    ///
    /// # Errors
    /// The database says no, or the secret was sealed by another key.
    pub fn show_factor(&self, account: AccountId, shown: &str, now: i64) -> Result<Shown, PeopleError> {
        let show = doing("use a second factor");
        self.db.change(&show, |on| {
            if self.take_code(on, account, shown, now)?.is_some() {
                return Ok(Shown::Code);
            }
            let Some(recovery) = Recovery::parse(shown) else { return Ok(Shown::Nothing) };
            let text = "DELETE FROM recovery_code WHERE hash = ?1 AND account = ?2";
            let used = on.execute(text, values![recovery.hash(), account]).map_err(&show)?;
            Ok(if used == 1 { Shown::Recovery } else { Shown::Nothing })
        })
    }

    /// Takes the second factor of an account away, with its recovery codes; whether it had one.
    ///
    /// # Errors
    /// The database says no.
    pub fn remove_factor(&self, account: AccountId) -> Result<bool, PeopleError> {
        let remove = doing("remove a second factor");
        self.db.change(&remove, |on| {
            on.execute("DELETE FROM recovery_code WHERE account = ?1", values![account]).map_err(&remove)?;
            let gone = on.execute("DELETE FROM second_factor WHERE account = ?1", values![account]);
            gone.map(|gone| gone > 0).map_err(&remove)
        })
    }

    /// The step of a one-time code that was not used before, which is used up now.
    fn take_code(
        &self,
        on: &On<'_>,
        account: AccountId,
        code: &str,
        now: i64,
    ) -> Result<Option<i64>, PeopleError> {
        let take = doing("use a one-time code");
        let text = "SELECT secret, last_step FROM second_factor WHERE account = ?1";
        let found =
            on.optional(text, values![account], |row| Ok((row.get::<Vec<u8>>(0)?, row.get::<i64>(1)?)));
        let Some((sealed, last)) = found.map_err(&take)? else { return Ok(None) };
        let secret: Zeroizing<Vec<u8>> = self.rounds_key().open(&place(&account.to_string()), &sealed)?;
        let one_time = OneTime::of(&secret).ok_or(PeopleError::Broken)?;
        let Some(step) = one_time.step_of(code, now).filter(|step| *step > last) else { return Ok(None) };
        let text = "UPDATE second_factor SET last_step = ?2 WHERE account = ?1";
        on.execute(text, values![account, step]).map_err(&take)?;
        Ok(Some(step))
    }
}

fn is_asked(on: &On<'_>, account: AccountId) -> Result<bool, PeopleError> {
    let text = "SELECT count(*) FROM second_factor WHERE account = ?1 AND is_asked = 1";
    let count = on.count(text, values![account]).map_err(doing("find a second factor"))?;
    Ok(count > 0)
}

fn place(account: &str) -> [&str; 2] {
    ["second factor", account]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::both::both;

    #[test]
    fn a_code_is_taken_once_and_a_recovery_code_once() {
        both(|disk| {
            let people = disk.people();
            let link = people.first_link(0).unwrap().unwrap();
            let anna = people.accept(&link.hash(), "anna", "x", 0).unwrap();
            let one_time = OneTime::draw();
            let now = 1_650_000_000;
            people.propose_factor(anna, &one_time).unwrap();
            assert!(!people.has_factor(anna).unwrap(), "until a code was typed");
            let wrong = if one_time.code(now) == "000000" { "000001" } else { "000000" };
            assert!(people.add_factor(anna, wrong, now).unwrap().is_none());
            let codes = people.add_factor(anna, &one_time.code(now), now).unwrap().unwrap();
            assert!(people.has_factor(anna).unwrap());
            assert!(matches!(people.propose_factor(anna, &OneTime::draw()), Err(PeopleError::Full(_))));
            let show = |shown: &str, now| people.show_factor(anna, shown, now).unwrap();
            assert_eq!(show(&one_time.code(now), now), Shown::Nothing, "it was used to add it");
            let later = now + 60;
            assert_eq!(show(&one_time.code(later), later), Shown::Code);
            assert_eq!(show(&one_time.code(later), later + 1), Shown::Nothing, "twice");
            assert_eq!(show(&one_time.code(later - 30), later + 1), Shown::Nothing, "an earlier one");
            let recovery = codes[3].text().to_string();
            assert_eq!(show(&recovery, later), Shown::Recovery);
            assert_eq!(show(&recovery, later), Shown::Nothing);
            assert_eq!(show(&codes[4].text().to_lowercase().replace('-', " "), later), Shown::Recovery);
            assert!(people.remove_factor(anna).unwrap());
            assert_eq!(show(&codes[5].text(), later), Shown::Nothing);
            assert!(!people.remove_factor(anna).unwrap() && !people.has_factor(anna).unwrap());
        });
    }

    #[test]
    fn no_file_holds_a_secret_or_a_recovery_code() {
        let data = tempfile::tempdir().unwrap();
        let people = People::open(data.path()).unwrap();
        let link = people.first_link(0).unwrap().unwrap();
        let anna = people.accept(&link.hash(), "anna", "x", 0).unwrap();
        let one_time = OneTime::draw();
        people.propose_factor(anna, &one_time).unwrap();
        let codes = people.add_factor(anna, &one_time.code(1_650_000_000), 1_650_000_000).unwrap().unwrap();
        for file in ["people.sqlite", "people.sqlite-wal"] {
            let bytes = std::fs::read(data.path().join(file)).unwrap();
            let holds = |part: &[u8]| bytes.windows(part.len()).any(|of| of == part);
            assert!(!holds(one_time.secret()) && !holds(one_time.text().as_bytes()), "{file}");
            assert!(!codes.iter().any(|code| holds(code.text().as_bytes())), "{file}");
        }
    }
}
