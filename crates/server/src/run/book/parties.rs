//! Parties that keep a book of their own on this server: a place or a community, and what it signs with.

use super::{Book, failed};
use crate::{
    access::{role::Place, secret::random},
    db::{self, Row, values},
    limits,
    people::{PeopleError, id::DeviceId, master_key::RoundsKey},
    problem::Fault,
};
use axum::http::StatusCode;
use journal::{Log, LogName, SecretKey};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A party with a book on this server.
#[derive(Clone, Debug)]
pub struct Party {
    /// That of its place or its community.
    pub id: Uuid,
    /// Which of them.
    pub place: Place,
    /// Its desk, as a device of its book.
    pub desk: DeviceId,
    /// What it signs with.
    pub key: [u8; 32],
}

impl Party {
    /// The log of its desk. A party's book has the party's own id.
    pub fn desk_log(&self) -> Log {
        let name = LogName { community: *self.id.as_bytes(), device: *self.desk.0.as_bytes() };
        Log { name, book: *self.id.as_bytes(), key: SecretKey::from_random(self.key).public() }
    }

    /// The id of a place or a community; `None` for all of them together.
    pub fn id_of(place: Place) -> Option<Uuid> {
        match place {
            Place::All => None,
            Place::Tree(place) => Some(place.0),
            Place::Community(community) => Some(community.0),
        }
    }
}

const COLUMNS: &str = "id, place, desk, key";

impl Book {
    /// The party of a place; made with a key of its own where there is none yet.
    ///
    /// # Errors
    /// It is no single place, there are too many, or the database says no.
    pub fn open_party(&self, place: Place, now: i64) -> Result<Party, Fault> {
        let unknown = || Fault::new(StatusCode::NOT_FOUND, "unknown_here");
        let id = Party::id_of(place).ok_or_else(unknown)?;
        if let Some(party) = self.party(id)? {
            return Ok(party);
        }
        let (desk, key) = (DeviceId::draw(), random::<32>());
        let sealed = self.key.seal(&["party", &id.to_string()], &key);
        self.db.change(failed, |on| {
            if on.count("SELECT count(*) FROM party", &[]).map_err(failed)? >= limits::PARTIES as i64 {
                return Err(Fault::new(StatusCode::CONFLICT, "full").with("most", limits::PARTIES));
            }
            // Another process may have been first.
            let text = "INSERT INTO party (id, place, desk, key, made) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING";
            let (id, place) = (id.to_string(), place.to_string());
            on.execute(text, values![id, place, desk, sealed, now]).map(drop).map_err(failed)
        })?;
        self.party(id)?.ok_or_else(unknown)
    }

    /// A party of this server; `None` where it has none of this id.
    ///
    /// # Errors
    /// The database says no.
    pub fn party(&self, id: Uuid) -> Result<Option<Party>, Fault> {
        let text = format!("SELECT {COLUMNS} FROM party WHERE id = ?1");
        self.db.optional(&text, values![id.to_string()], |row| read(row, &self.key)).map_err(failed)
    }

    /// All parties of this server, by their ids.
    ///
    /// # Errors
    /// The database says no.
    pub fn parties(&self) -> Result<BTreeSet<Uuid>, Fault> {
        let id = |row: &Row<'_>| {
            let text: String = row.get(0)?;
            Uuid::try_parse(&text).map_err(|_| db::Error::Odd("a party cannot be read"))
        };
        Ok(self.db.all("SELECT id FROM party", &[], id).map_err(failed)?.into_iter().collect())
    }

    /// What parties say of how they are called, as this one knows it, by whom: its own words, too.
    ///
    /// # Errors
    /// The database says no, or it was changed.
    pub fn calls(&self, party: Uuid) -> Result<BTreeMap<Uuid, Zeroizing<Vec<u8>>>, Fault> {
        let odd = || db::Error::Odd("a telephone cannot be read");
        let own = party.to_string();
        let read = |row: &Row<'_>| {
            let (of, sealed): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let said = self.key.open(&["party_calls", &own, &of], &sealed);
            Ok((Uuid::try_parse(&of).map_err(|_| odd())?, said.map_err(|_: PeopleError| odd())?))
        };
        let text = "SELECT of, said FROM party_calls WHERE party = ?1";
        Ok(self.db.all(text, values![own.clone()], read).map_err(failed)?.into_iter().collect())
    }

    /// Keeps what one says of how it is called, in place of what it said before; nothing: it is forgotten.
    ///
    /// # Errors
    /// The database says no.
    pub fn keep_calls(&self, party: Uuid, of: Uuid, said: Option<&[u8]>) -> Result<(), Fault> {
        let (party, of) = (party.to_string(), of.to_string());
        let sealed = said.map(|said| self.key.seal(&["party_calls", &party, &of], said));
        self.db.change(failed, |on| {
            let (party, of) = (party.clone(), of.clone());
            let done = match sealed.clone() {
                None => on.execute("DELETE FROM party_calls WHERE party = ?1 AND of = ?2", values![party, of]),
                Some(sealed) => {
                    let text = "INSERT INTO party_calls (party, of, said) VALUES (?1, ?2, ?3) ON CONFLICT (party, of) DO UPDATE SET said = excluded.said";
                    on.execute(text, values![party, of, sealed])
                }
            };
            done.map(drop).map_err(failed)
        })
    }
}

fn read(row: &Row<'_>, key: &RoundsKey) -> db::Result<Party> {
    let odd = || db::Error::Odd("a party cannot be read");
    let (id, place): (String, String) = (row.get(0)?, row.get(1)?);
    let sealed: Vec<u8> = row.get(3)?;
    let opened = key.open(&["party", &id], &sealed).map_err(|_: PeopleError| odd())?;
    Ok(Party {
        id: Uuid::try_parse(&id).map_err(|_| odd())?,
        place: Place::parse(&place).ok_or_else(odd)?,
        desk: row.get(2)?,
        key: <[u8; 32]>::try_from(&**opened).map_err(|_| odd())?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use crate::{db::both::both, people::id::CommunityId};

    #[test]
    fn a_party_keeps_its_key_and_whoever_copies_the_file_does_not_get_it() {
        both(|place| {
            let book = place.book(place.people().rounds_key());
            let community = Place::Community(CommunityId::draw());
            let made = book.open_party(community, 1).unwrap();
            let again = book.open_party(community, 2).unwrap();
            assert_eq!((made.id, made.desk, made.key), (again.id, again.desk, again.key));
            assert!(book.open_party(Place::All, 3).is_err());
            assert_eq!(book.parties().unwrap().len(), 1);
            let sealed: Vec<u8> =
                book.db.all("SELECT key FROM party", &[], |row| row.get(0)).unwrap().remove(0);
            assert!(!sealed.windows(32).any(|window| window == made.key));
        });
    }

    #[test]
    fn telephones_are_kept_sealed_and_forgotten() {
        both(|place| {
            let book = place.book(place.people().rounds_key());
            let (own, of) = (Uuid::from_u128(1), Uuid::from_u128(2));
            book.keep_calls(own, of, Some(b"first")).unwrap();
            book.keep_calls(own, of, Some(b"010-5550100")).unwrap();
            assert_eq!(
                book.calls(own).unwrap().get(&of).map(|said| said.to_vec()),
                Some(b"010-5550100".to_vec())
            );
            let sealed: Vec<u8> =
                book.db.all("SELECT said FROM party_calls", &[], |row| row.get(0)).unwrap().remove(0);
            assert!(!sealed.windows(7).any(|window| window == b"5550100"));
            book.keep_calls(own, of, None).unwrap();
            assert!(book.calls(own).unwrap().is_empty());
        });
    }
}
