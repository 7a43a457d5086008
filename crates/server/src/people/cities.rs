//! What a city keeps for those who hold it or a part of it: the documents that its desk put there, and which place looks after which of
//! their districts and labs. The city says so, not that place: a name is its own to change.

use super::{
    People, PeopleError, doing,
    id::PlaceId,
    places::{all_below, place},
};
use crate::{
    db::{On, Row, values},
    limits,
};

/// A document as it was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CityDocument {
    /// Its kind: `rounds`, `aid` or `target`.
    pub what: String,
    /// Its text.
    pub document: String,
    /// When, in seconds since 1970.
    pub at: i64,
    /// An account's id, or `owner`.
    pub who: String,
}

/// Of what in a city's documents the city says who looks after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Of a district.
    District,
    /// Of a lab.
    Lab,
}

impl Holding {
    fn table(self) -> &'static str {
        match self {
            Holding::District => "place_district",
            Holding::Lab => "place_lab",
        }
    }
}

/// Names in a city's documents, and who looks after them.
pub type Holders = Vec<(String, PlaceId)>;

/// A place that keeps documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeper {
    /// That place.
    pub place: PlaceId,
    /// Its name.
    pub name: String,
    /// Its documents, by their kind, but for those of which a nearer place keeps one of its own.
    pub documents: Vec<CityDocument>,
    /// Districts of the documents.
    pub districts: Holders,
    /// Labs of the documents.
    pub labs: Holders,
}

/// What is kept of each kind at the nearest place that keeps one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CityKept {
    /// Whether the place from which was looked may keep documents itself.
    pub may_keep: bool,
    /// The places that keep them, the nearest first.
    pub keepers: Vec<Keeper>,
    /// The place from which was looked, and all below it.
    pub within: Vec<PlaceId>,
}

impl People {
    /// What a city keeps, seen from a place: from the city itself, or from any place below it.
    ///
    /// # Errors
    /// There is no such place, or the database says no.
    pub fn city(&self, from: PlaceId) -> Result<CityKept, PeopleError> {
        let find = doing("find what a city keeps");
        self.db.read(&find, |on| {
            let may_keep = place(on, from)?.kind.holds_cities();
            let (mut keepers, mut next): (Vec<Keeper>, _) = (Vec::new(), Some(from));
            while let Some(at) = next {
                let here = place(on, at)?;
                let text = "SELECT what, document, at, who FROM place_city WHERE place = ?1 ORDER BY what";
                let documents = on.all(text, values![at], document);
                let mut documents: Vec<CityDocument> = documents.map_err(&find)?;
                let nearer =
                    |what: &str| keepers.iter().flat_map(|of| &of.documents).any(|of| of.what == what);
                documents.retain(|of| !nearer(&of.what));
                if !documents.is_empty() {
                    let (districts, labs) =
                        (holders(on, at, Holding::District)?, holders(on, at, Holding::Lab)?);
                    keepers.push(Keeper { place: at, name: here.name, documents, districts, labs });
                }
                next = here.parent;
            }
            Ok(CityKept { may_keep, keepers, within: all_below(on, from)? })
        })
    }

    /// The document of a kind that a place keeps itself.
    ///
    /// # Errors
    /// The database says no.
    pub fn city_document(&self, at: PlaceId, what: &str) -> Result<Option<CityDocument>, PeopleError> {
        let find = doing("find a document of a city");
        let text = "SELECT what, document, at, who FROM place_city WHERE place = ?1 AND what = ?2";
        self.db.read(&find, |on| {
            let found = on.all(text, values![at, what], document);
            Ok(found.map_err(&find)?.pop())
        })
    }

    /// Puts a document of a city in the place of the one before.
    ///
    /// # Errors
    /// The place is no city and nothing wider, or the database says no.
    pub fn put_city(
        &self,
        at: PlaceId,
        what: &str,
        document: &str,
        (who, now): (&str, i64),
    ) -> Result<(), PeopleError> {
        let put = doing("keep a document of a city");
        self.db.change(&put, |on| {
            city(on, at)?;
            let text = "INSERT INTO place_city (place, what, document, at, who) VALUES (?1, ?2, ?3, ?4, ?5) \
                        ON CONFLICT (place, what) DO UPDATE SET document = excluded.document, at = excluded.at, \
                        who = excluded.who";
            on.execute(text, values![at, what, document, now, who]).map(drop).map_err(&put)
        })
    }

    /// Takes a document of a city back.
    ///
    /// # Errors
    /// There is none, or the database says no.
    pub fn take_city_back(&self, at: PlaceId, what: &str) -> Result<(), PeopleError> {
        let text = "DELETE FROM place_city WHERE place = ?1 AND what = ?2";
        let gone = self.db.execute(text, values![at, what]).map_err(doing("take a document back"))?;
        if gone == 0 { Err(PeopleError::Unknown) } else { Ok(()) }
    }

    /// Says anew which place looks after which district, or which lab.
    ///
    /// # Errors
    /// The place is no city and nothing wider, one of the others does not lie below it, or the database says no.
    pub fn put_holders(
        &self,
        at: PlaceId,
        of: Holding,
        holders: &[(String, PlaceId)],
        (who, now): (&str, i64),
    ) -> Result<(), PeopleError> {
        let put = doing("keep who looks after a part of a city");
        self.db.change(&put, |on| {
            city(on, at)?;
            let below = all_below(on, at)?;
            if holders.iter().any(|(_, holder)| !below[1..].contains(holder)) {
                return Err(PeopleError::NotBelow);
            }
            let table = of.table();
            on.execute(&format!("DELETE FROM {table} WHERE place = ?1"), values![at]).map_err(&put)?;
            let text =
                format!("INSERT INTO {table} (place, name, holder, at, who) VALUES (?1, ?2, ?3, ?4, ?5)");
            for (name, holder) in holders.iter().take(limits::CITY_HOLDERS) {
                on.execute(&text, values![at, name.as_str(), *holder, now, who]).map_err(&put)?;
            }
            Ok(())
        })
    }
}

fn holders(on: &On<'_>, at: PlaceId, of: Holding) -> Result<Holders, PeopleError> {
    let text = format!("SELECT name, holder FROM {} WHERE place = ?1 ORDER BY name", of.table());
    let all = on.all(&text, values![at], |row| Ok((row.get(0)?, row.get(1)?)));
    all.map_err(doing("find who looks after a part of a city"))
}

/// Whether a place may keep a city's documents.
fn city(on: &On<'_>, at: PlaceId) -> Result<(), PeopleError> {
    if place(on, at)?.kind.holds_cities() { Ok(()) } else { Err(PeopleError::NoCity) }
}

fn document(row: &Row<'_>) -> crate::db::Result<CityDocument> {
    Ok(CityDocument { what: row.get(0)?, document: row.get(1)?, at: row.get(2)?, who: row.get(3)? })
}
