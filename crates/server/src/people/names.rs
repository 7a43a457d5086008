//! Names, telephones, document numbers and doors of a community's residents, sealed; and who looked at them.
//!
//! Ids are drawn by chance and stay the same when the roll is read again, so that a journal of ids alone stays true.

mod matching;
mod own;

pub use own::Own;

use super::{
    People, PeopleError, cipher,
    cipher::DataKey,
    doing,
    id::{CommunityId, HouseholdId, ResidentId, RoundId},
};
use crate::limits;
use domain::Roll;
use rusqlite::{Connection, OptionalExtension, params};
use scenario::roll::Cells;
use std::collections::BTreeMap;

/// A roll that comes in.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// Whose roll.
    pub community: CommunityId,
    /// For which round.
    pub round: RoundId,
    /// Until when the round's names are kept, seconds since 1970.
    pub retain_until: i64,
    /// Doors and households.
    pub roll: &'a Roll,
    /// Each resident's cells, in the roll's order.
    pub cells: &'a [Cells],
}

/// What came of a roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// In the order of the roll's households.
    pub households: Vec<HouseholdId>,
    /// In the order of the roll's residents.
    pub residents: Vec<ResidentId>,
    /// Residents who were not known before.
    pub new: usize,
    /// Residents who were known and are no longer in the roll. They stay until they are erased or purged.
    pub gone: usize,
}

/// Somebody who looks, and for what. Without a reason nobody looks.
#[derive(Clone, Copy, Debug)]
pub struct Looks<'a> {
    /// An account's, a device's or the owner's id.
    pub who: &'a str,
    /// A few words, never a name.
    pub why: &'a str,
    /// Seconds since 1970.
    pub now: i64,
}

/// A resident, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// Random.
    pub id: ResidentId,
    /// Whom they live with.
    pub household: HouseholdId,
    /// `12`.
    pub building: String,
    /// `2`; empty where a building has only one.
    pub entrance: String,
    /// `301`.
    pub door: String,
    /// From 0, in the household.
    pub position: u32,
    /// Name, telephone, document number.
    pub cells: Cells,
    /// Whether the newest roll has them.
    pub is_listed: bool,
}

/// A line of the log of accesses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Seconds since 1970.
    pub at: i64,
    /// An id.
    pub who: String,
    /// `import`, `read`, `count`, `copy`, `correct`, `erase` or `purge`.
    pub what: String,
    /// Whom it was about; `None`: the whole community.
    pub resident: Option<ResidentId>,
    /// The reason that was given.
    pub why: String,
}

impl People {
    /// Takes a community's roll in. Households are found again by building, entrance and door, residents within them by
    /// document, name and position.
    ///
    /// # Errors
    /// The day until which names are kept is past, there is no such community, or the database says no.
    pub fn import(&self, import: &Import<'_>, looks: Looks<'_>) -> Result<Imported, PeopleError> {
        let Import { community, round, retain_until, .. } = *import;
        self.keep_names_until(community, round, retain_until, looks.now)?;
        let write = doing("import a roll");
        let mut connection = self.turn();
        let changes = connection.transaction().map_err(&write)?;
        let imported = self.take_in(&changes, import)?;
        log(&changes, community, "import", None, looks)?;
        changes.commit().map_err(&write)?;
        Ok(imported)
    }

    /// What would come of taking a community's roll in. Nothing is written; who is new has no id yet that stays.
    ///
    /// # Errors
    /// There is no such community, or the database says no.
    pub fn would_import(&self, import: &Import<'_>) -> Result<Imported, PeopleError> {
        let mut connection = self.turn();
        let changes = connection.transaction().map_err(doing("look at a roll"))?;
        // What is not committed is undone.
        self.take_in(&changes, import)
    }

    fn take_in(&self, changes: &Connection, import: &Import<'_>) -> Result<Imported, PeopleError> {
        assert_eq!(import.roll.residents.len(), import.cells.len(), "each resident has cells");
        let community = import.community;
        let write = doing("import a roll");
        let key = self.data_key(changes, community, true)?;
        let mut known: BTreeMap<(String, String, String), (HouseholdId, Vec<Resident>)> = BTreeMap::new();
        for (id, building, entrance, door) in households(changes, community, &key)? {
            known.insert((building, entrance, door), (id, Vec::new()));
        }
        let mut before = 0;
        for resident in residents(changes, community, &key, None)? {
            before += usize::from(resident.is_listed);
            let at = (resident.building.clone(), resident.entrance.clone(), resident.door.clone());
            if let Some((_, people)) = known.get_mut(&at) {
                people.push(resident);
            }
        }
        for table in ["household", "resident"] {
            let text = format!("UPDATE {table} SET is_listed = 0 WHERE community = ?1 AND is_listed");
            changes.execute(&text, [community]).map_err(&write)?;
        }
        let roll = import.roll;
        let mut imported = Imported { households: Vec::new(), residents: Vec::new(), new: 0, gone: 0 };
        let mut again = 0;
        for household in &roll.households {
            let entrance = &roll.entrances[household.entrance as usize];
            let door = cut(&household.door);
            let at = (entrance.building.clone(), entrance.entrance.clone(), door.clone());
            let (home, people) = match known.remove(&at) {
                Some(found) => found,
                None => {
                    let id = HouseholdId::draw();
                    let text = "INSERT INTO household (community, id, building, entrance, door, is_listed) \
                                VALUES (?1, ?2, ?3, ?4, ?5, 1)";
                    let sealed = key.seal(&id.to_string(), "door", &door);
                    let values = params![community, id, entrance.building, entrance.entrance, sealed];
                    changes
                        .prepare_cached(text)
                        .and_then(|mut insert| insert.execute(values))
                        .map_err(&write)?;
                    (id, Vec::new())
                }
            };
            let text = "UPDATE household SET is_listed = 1 WHERE community = ?1 AND id = ?2";
            let mut listed = changes.prepare_cached(text).map_err(&write)?;
            listed.execute(params![community, home]).map_err(&write)?;
            imported.households.push(home);
            let range = household.residents.start as usize..household.residents.end as usize;
            let cells: Vec<Cells> = import.cells[range].iter().map(shortened).collect();
            let met = matching::meet(&people, &cells);
            for (position, (cells, met)) in cells.iter().zip(met).enumerate() {
                let kept = met.map(|at| &people[at]);
                let id = kept.map_or_else(ResidentId::draw, |kept| kept.id);
                imported.residents.push(id);
                imported.new += usize::from(kept.is_none());
                again += usize::from(kept.is_some_and(|kept| kept.is_listed));
                let position = u32::try_from(position).expect("the importer limits rows");
                let same = kept.is_some_and(|kept| kept.cells == *cells && kept.position == position);
                if same {
                    let text = "UPDATE resident SET is_listed = 1 WHERE community = ?1 AND id = ?2";
                    let mut listed = changes.prepare_cached(text).map_err(&write)?;
                    listed.execute(params![community, id]).map_err(&write)?;
                } else {
                    put(changes, &key, community, home, id, position, cells)?;
                }
            }
        }
        imported.gone = before - again;
        Ok(imported)
    }

    /// Everybody of a community, with their doors: what a site's phones take with them.
    ///
    /// # Errors
    /// There is no such community, or the database says no.
    pub fn read_all(&self, community: CommunityId, looks: Looks<'_>) -> Result<Vec<Resident>, PeopleError> {
        self.all(community, "read", looks)
    }

    /// The same where people and doors are only counted, or looked up by what somebody types: nobody reads the list.
    ///
    /// # Errors
    /// As [`People::read_all`].
    pub fn read_to_count(
        &self,
        community: CommunityId,
        looks: Looks<'_>,
    ) -> Result<Vec<Resident>, PeopleError> {
        self.all(community, "count", looks)
    }

    /// Writes down that somebody counts what is in memory.
    ///
    /// # Errors
    /// The database says no.
    pub fn log_count(&self, community: CommunityId, looks: Looks<'_>) -> Result<(), PeopleError> {
        log(&self.turn(), community, "count", None, looks)
    }

    fn all(
        &self,
        community: CommunityId,
        what: &str,
        looks: Looks<'_>,
    ) -> Result<Vec<Resident>, PeopleError> {
        let connection = self.turn();
        let key = self.data_key(&connection, community, false)?;
        log(&connection, community, what, None, looks)?;
        residents(&connection, community, &key, None)
    }

    /// One resident.
    ///
    /// # Errors
    /// There is none, or the database says no.
    pub fn read(
        &self,
        community: CommunityId,
        id: ResidentId,
        looks: Looks<'_>,
    ) -> Result<Resident, PeopleError> {
        let connection = self.turn();
        let key = self.data_key(&connection, community, false)?;
        log(&connection, community, "read", Some(id), looks)?;
        residents(&connection, community, &key, Some(id))?.pop().ok_or(PeopleError::Unknown)
    }

    /// Whether anybody is written down of a community.
    ///
    /// # Errors
    /// The database says no.
    pub fn has_residents(&self, community: CommunityId) -> Result<bool, PeopleError> {
        let text = "SELECT 1 FROM resident WHERE community = ?1 LIMIT 1";
        let found = self.turn().query_row(text, [community], |_| Ok(())).optional();
        found.map(|found| found.is_some()).map_err(doing("look for residents"))
    }

    /// Corrects what is written of a resident. Who corrects the roll's file too has the same at the next import.
    ///
    /// # Errors
    /// There is none, or the database says no.
    pub fn correct(
        &self,
        community: CommunityId,
        id: ResidentId,
        cells: &Cells,
        looks: Looks<'_>,
    ) -> Result<(), PeopleError> {
        let correct = doing("correct a resident");
        let mut connection = self.turn();
        let changes = connection.transaction().map_err(&correct)?;
        let key = self.data_key(&changes, community, false)?;
        let kept = residents(&changes, community, &key, Some(id))?.pop().ok_or(PeopleError::Unknown)?;
        put(&changes, &key, community, kept.household, id, kept.position, &shortened(cells))?;
        if !kept.is_listed {
            let text = "UPDATE resident SET is_listed = 0 WHERE community = ?1 AND id = ?2";
            changes.execute(text, params![community, id]).map_err(&correct)?;
        }
        log(&changes, community, "correct", Some(id), looks)?;
        changes.commit().map_err(&correct)
    }

    /// Who looked at a community's names, the first first.
    ///
    /// # Errors
    /// The database says no.
    pub fn accesses(&self, community: CommunityId) -> Result<Vec<Access>, PeopleError> {
        let list = doing("list accesses");
        let connection = self.turn();
        let text = "SELECT at, who, what, resident, why FROM access_log WHERE community = ?1 ORDER BY number";
        let mut rows = connection.prepare(text).map_err(&list)?;
        let read = |row: &rusqlite::Row<'_>| {
            let (at, who, what) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Access { at, who, what, resident: row.get(3)?, why: row.get(4)? })
        };
        rows.query_map([community], read).map_err(&list)?.collect::<rusqlite::Result<_>>().map_err(&list)
    }

    /// The data key of a community; made where there is none yet and somebody writes.
    fn data_key(
        &self,
        connection: &Connection,
        community: CommunityId,
        make: bool,
    ) -> Result<DataKey, PeopleError> {
        let find = doing("find a key");
        let text = "SELECT wrapped_key FROM community WHERE id = ?1";
        let wrapped = connection.query_row(text, [community], |row| row.get::<_, Option<Vec<u8>>>(0));
        let key = match wrapped.optional().map_err(&find)?.ok_or(PeopleError::Unknown)? {
            Some(wrapped) => self.key.unwrap(community, &wrapped)?,
            None if make => {
                let key = cipher::draw();
                let text = "UPDATE community SET wrapped_key = ?2 WHERE id = ?1";
                connection
                    .execute(text, params![community, self.key.wrap(community, &key)])
                    .map_err(&find)?;
                key
            }
            None => return Err(PeopleError::Unknown),
        };
        Ok(DataKey::new(community, key))
    }
}

/// Writes a line of the log, without anybody's name.
pub(super) fn log(
    connection: &Connection,
    community: CommunityId,
    what: &str,
    resident: Option<ResidentId>,
    looks: Looks<'_>,
) -> Result<(), PeopleError> {
    let text = "INSERT INTO access_log (community, number, at, who, what, resident, why) VALUES (?1, \
                (SELECT coalesce(max(number), 0) + 1 FROM access_log WHERE community = ?1), ?2, ?3, ?4, ?5, ?6)";
    let Looks { who, why, now } = looks;
    let written = connection.execute(text, params![community, now, who, what, resident, cut(why)]);
    written.map(drop).map_err(doing("log an access"))
}

type Home = (HouseholdId, String, String, String);

fn households(
    connection: &Connection,
    community: CommunityId,
    key: &DataKey,
) -> Result<Vec<Home>, PeopleError> {
    let read = doing("read households");
    let text = "SELECT id, building, entrance, door FROM household WHERE community = ?1";
    let mut rows = connection.prepare(text).map_err(&read)?;
    let mut rows = rows.query([community]).map_err(&read)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(&read)? {
        let column = |at| row.get::<_, String>(at).map_err(&read);
        let id: HouseholdId = row.get(0).map_err(&read)?;
        let door: Vec<u8> = row.get(3).map_err(&read)?;
        all.push((id, column(1)?, column(2)?, key.open(&id.to_string(), "door", &door)?));
    }
    Ok(all)
}

/// Everybody, or one, opened; by household and position.
fn residents(
    connection: &Connection,
    community: CommunityId,
    key: &DataKey,
    only: Option<ResidentId>,
) -> Result<Vec<Resident>, PeopleError> {
    let read = doing("read residents");
    let text = "SELECT r.id, r.household, r.position, r.name, r.phone, r.document, r.is_listed, \
                       h.building, h.entrance, h.door \
                FROM resident r JOIN household h ON h.community = r.community AND h.id = r.household \
                WHERE r.community = ?1 AND (?2 IS NULL OR r.id = ?2) ORDER BY r.household, r.position, r.id";
    let mut rows = connection.prepare_cached(text).map_err(&read)?;
    let mut rows = rows.query(params![community, only]).map_err(&read)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(&read)? {
        let id: ResidentId = row.get(0).map_err(&read)?;
        let household: HouseholdId = row.get(1).map_err(&read)?;
        let place = id.to_string();
        let cell = |at, column| key.open(&place, column, &row.get::<_, Vec<u8>>(at).map_err(&read)?);
        let door: Vec<u8> = row.get(9).map_err(&read)?;
        all.push(Resident {
            id,
            household,
            building: row.get(7).map_err(&read)?,
            entrance: row.get(8).map_err(&read)?,
            door: key.open(&household.to_string(), "door", &door)?,
            position: row.get(2).map_err(&read)?,
            cells: Cells { name: cell(3, "name")?, phone: cell(4, "phone")?, document: cell(5, "document")? },
            is_listed: row.get(6).map_err(&read)?,
        });
    }
    Ok(all)
}

/// Writes a resident of the newest roll, sealed anew.
fn put(
    connection: &Connection,
    key: &DataKey,
    community: CommunityId,
    household: HouseholdId,
    id: ResidentId,
    position: u32,
    cells: &Cells,
) -> Result<(), PeopleError> {
    let write = doing("write a resident");
    let text = "INSERT INTO resident (community, id, household, position, name, phone, document, is_listed) \
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1) ON CONFLICT (community, id) DO UPDATE SET \
                position = excluded.position, name = excluded.name, phone = excluded.phone, \
                document = excluded.document, is_listed = 1";
    let place = id.to_string();
    let [name, phone, document] =
        [("name", &cells.name), ("phone", &cells.phone), ("document", &cells.document)]
            .map(|(column, text)| key.seal(&place, column, text));
    let mut put = connection.prepare_cached(text).map_err(&write)?;
    let values = params![community, id, household, position, name, phone, document];
    put.execute(values).map(drop).map_err(&write)
}

fn shortened(cells: &Cells) -> Cells {
    Cells { name: cut(&cells.name), phone: cut(&cells.phone), document: cut(&cells.document) }
}

/// A cell's text, no longer than a cell may be.
fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(limits::CELL_BYTES)].to_owned()
}

#[cfg(test)]
mod tests;
