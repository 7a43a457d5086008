//! Codes by which phones at a party's gate tell what came.

use super::{Book, failed};
use crate::{
    access::secret::SecretHash,
    db::{self, Row, values},
    limits,
    problem::Fault,
};
use uuid::Uuid;

/// A party's code. Only the hash of what proves it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GateCode {
    /// Until when it opens the gate, seconds since 1970.
    pub expires: i64,
    /// When a phone asked by it last, seconds since 1970, to the minute; 0 for never.
    pub heard: i64,
}

impl Book {
    /// Gives a party's gate this code; one that it had before ends.
    ///
    /// # Errors
    /// The database says no.
    pub fn open_gate(&self, party: Uuid, hash: &SecretHash, expires: i64) -> Result<(), Fault> {
        let text = "INSERT INTO gate_code (party, hash, expires, heard) VALUES (?1, ?2, ?3, 0) \
                    ON CONFLICT (party) DO UPDATE SET hash = excluded.hash, expires = excluded.expires, heard = 0";
        self.db.execute(text, values![party.to_string(), hash, expires]).map(drop).map_err(failed)
    }

    /// The code of a party's gate; `None` if it has none, or its time is over.
    ///
    /// # Errors
    /// The database says no.
    pub fn gate(&self, party: Uuid, now: i64) -> Result<Option<GateCode>, Fault> {
        let text = "SELECT expires, heard FROM gate_code WHERE party = ?1 AND expires > ?2";
        self.db.optional(text, values![party.to_string(), now], read).map_err(failed)
    }

    /// The same for a phone that shows it: that it was heard is written down. `None` for another code, too.
    ///
    /// # Errors
    /// The database says no.
    pub fn gate_of(&self, party: Uuid, hash: &SecretHash, now: i64) -> Result<Option<GateCode>, Fault> {
        let text = "SELECT expires, heard FROM gate_code WHERE party = ?1 AND hash = ?2 AND expires > ?3";
        let found = self.db.optional(text, values![party.to_string(), hash, now], read).map_err(failed)?;
        if found.is_some_and(|code| now - code.heard >= limits::SEEN_EVERY.as_secs() as i64) {
            let text = "UPDATE gate_code SET heard = ?3 WHERE party = ?1 AND hash = ?2";
            self.db.execute(text, values![party.to_string(), hash, now]).map_err(failed)?;
        }
        Ok(found)
    }

    /// Ends the code of a party's gate.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_gate(&self, party: Uuid) -> Result<(), Fault> {
        let text = "DELETE FROM gate_code WHERE party = ?1";
        self.db.execute(text, values![party.to_string()]).map(drop).map_err(failed)
    }

    /// Takes away codes whose time is over.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_gates_over(&self, now: i64) -> Result<(), Fault> {
        self.db.execute("DELETE FROM gate_code WHERE expires <= ?1", values![now]).map(drop).map_err(failed)
    }
}

fn read(row: &Row<'_>) -> db::Result<GateCode> {
    Ok(GateCode { expires: row.get(0)?, heard: row.get(1)? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::{super::FILE, *};
    use crate::{access::secret::Secret, db::both::both, people::People};
    use rusqlite::Connection;

    #[test]
    fn a_party_has_one_code_and_of_it_only_the_hash() {
        both(|place| {
            let book = place.book(place.people().rounds_key());
            let (party, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
            let (first, second) = (Secret::draw(), Secret::draw());
            book.open_gate(party, &first.hash(), 1000).unwrap();
            assert_eq!(
                book.gate_of(party, &first.hash(), 100).unwrap(),
                Some(GateCode { expires: 1000, heard: 0 })
            );
            // To the minute: not each question costs a write.
            book.gate_of(party, &first.hash(), 130).unwrap();
            assert_eq!(book.gate(party, 130).unwrap().unwrap().heard, 100);
            for (of, hash, now) in [(other, &first, 100), (party, &second, 100), (party, &first, 1000)] {
                assert_eq!(book.gate_of(of, &hash.hash(), now).unwrap(), None);
            }
            // The next one ends it.
            book.open_gate(party, &second.hash(), 2000).unwrap();
            assert_eq!(book.gate_of(party, &first.hash(), 200).unwrap(), None);
            assert_eq!(
                book.gate_of(party, &second.hash(), 200).unwrap(),
                Some(GateCode { expires: 2000, heard: 0 })
            );
            let rows =
                || book.db.read(failed, |on| on.count("SELECT count(*) FROM gate_code", &[]).map_err(failed));
            book.end_gates_over(1999).unwrap();
            assert_eq!(rows().unwrap(), 1);
            book.end_gates_over(2000).unwrap();
            assert_eq!(rows().unwrap(), 0);
            book.open_gate(party, &second.hash(), 3000).unwrap();
            book.end_gate(party).unwrap();
            assert_eq!(book.gate(party, 1).unwrap(), None);
        });
    }

    #[test]
    fn a_book_from_before_there_were_gates_is_brought_up() {
        let data = tempfile::tempdir().unwrap();
        let people = People::open(data.path()).unwrap();
        let path = data.path().join(FILE);
        drop(Book::open(data.path(), people.rounds_key()).unwrap());
        let old = Connection::open(&path).unwrap();
        old.execute_batch("DROP TABLE gate_code; PRAGMA user_version = 11;").unwrap();
        drop(old);
        let (party, token) = (Uuid::from_u128(1), Secret::draw());
        let book = Book::open(data.path(), people.rounds_key()).unwrap();
        book.open_gate(party, &token.hash(), 10).unwrap();
        drop(book);
        // What is in it outlives the server.
        let book = Book::open(data.path(), people.rounds_key()).unwrap();
        assert_eq!(book.gate(party, 1).unwrap().map(|code| code.expires), Some(10));
    }
}
