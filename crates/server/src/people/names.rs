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
use crate::{
    db::{On, values},
    limits,
};
use domain::Roll;
use scenario::roll::Cells;
use std::{collections::BTreeMap, convert::Infallible};

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
    /// `import`, `read`, `count`, `copy`, `correct`, `exchange`, `erase` or `purge`.
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
        self.db.change(doing("import a roll"), |on| {
            let imported = self.take_in(on, import)?;
            log(on, community, "import", None, looks)?;
            Ok(imported)
        })
    }

    /// What would come of taking a community's roll in. Nothing is written; who is new has no id yet that stays.
    ///
    /// # Errors
    /// There is no such community, or the database says no.
    pub fn would_import(&self, import: &Import<'_>) -> Result<Imported, PeopleError> {
        // What fails is undone: so it says what it came to as if it had failed.
        let looked = self.db.change(
            |error| Err(doing("look at a roll")(error)),
            |on| -> Result<Infallible, Result<Imported, PeopleError>> { Err(self.take_in(on, import)) },
        );
        match looked {
            Err(came_to) => came_to,
        }
    }

    fn take_in(&self, on: &On<'_>, import: &Import<'_>) -> Result<Imported, PeopleError> {
        assert_eq!(import.roll.residents.len(), import.cells.len(), "each resident has cells");
        let community = import.community;
        let write = doing("import a roll");
        let key = self.data_key(on, community, true)?;
        let mut known: BTreeMap<(String, String, String), (HouseholdId, Vec<Resident>)> = BTreeMap::new();
        for (id, building, entrance, door) in households(on, community, &key)? {
            known.insert((building, entrance, door), (id, Vec::new()));
        }
        let mut before = 0;
        for resident in residents(on, community, &key, None)? {
            before += usize::from(resident.is_listed);
            let at = (resident.building.clone(), resident.entrance.clone(), resident.door.clone());
            if let Some((_, people)) = known.get_mut(&at) {
                people.push(resident);
            }
        }
        for table in ["household", "resident"] {
            let text = format!("UPDATE {table} SET is_listed = 0 WHERE community_id = ?1 AND is_listed = 1");
            on.execute(&text, values![community]).map_err(&write)?;
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
                    let text = "INSERT INTO household (community_id, id, building, entrance, door, is_listed) \
                                VALUES (?1, ?2, ?3, ?4, ?5, 1)";
                    let sealed = key.seal(&id.to_string(), "door", &door);
                    let values = values![community, id, entrance.building, entrance.entrance, sealed];
                    on.execute(text, values).map_err(&write)?;
                    (id, Vec::new())
                }
            };
            let text = "UPDATE household SET is_listed = 1 WHERE community_id = ?1 AND id = ?2";
            on.execute(text, values![community, home]).map_err(&write)?;
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
                    let text = "UPDATE resident SET is_listed = 1 WHERE community_id = ?1 AND id = ?2";
                    on.execute(text, values![community, id]).map_err(&write)?;
                } else {
                    put(on, &key, community, home, id, position, cells)?;
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
        self.db.change(doing("log an access"), |on| log(on, community, "count", None, looks))
    }

    fn all(
        &self,
        community: CommunityId,
        what: &str,
        looks: Looks<'_>,
    ) -> Result<Vec<Resident>, PeopleError> {
        self.db.change(doing("read residents"), |on| {
            let key = self.data_key(on, community, false)?;
            log(on, community, what, None, looks)?;
            residents(on, community, &key, None)
        })
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
        let found = self.db.change(doing("read a resident"), |on| {
            let key = self.data_key(on, community, false)?;
            log(on, community, "read", Some(id), looks)?;
            residents(on, community, &key, Some(id))
        });
        // That somebody looked is written down, also where there is nobody.
        found?.pop().ok_or(PeopleError::Unknown)
    }

    /// Whether anybody is written down of a community.
    ///
    /// # Errors
    /// The database says no.
    pub fn has_residents(&self, community: CommunityId) -> Result<bool, PeopleError> {
        let text = "SELECT 1 FROM resident WHERE community_id = ?1 LIMIT 1";
        let found = self.db.optional(text, values![community], |_| Ok(()));
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
        self.db.change(&correct, |on| {
            let key = self.data_key(on, community, false)?;
            let kept = residents(on, community, &key, Some(id))?.pop().ok_or(PeopleError::Unknown)?;
            put(on, &key, community, kept.household, id, kept.position, &shortened(cells))?;
            if !kept.is_listed {
                let text = "UPDATE resident SET is_listed = 0 WHERE community_id = ?1 AND id = ?2";
                on.execute(text, values![community, id]).map_err(&correct)?;
            }
            log(on, community, "correct", Some(id), looks)
        })
    }

    /// Who looked at a community's names, the first first.
    ///
    /// # Errors
    /// The database says no.
    pub fn accesses(&self, community: CommunityId) -> Result<Vec<Access>, PeopleError> {
        let text =
            "SELECT at, who, what, resident, why FROM access_log WHERE community_id = ?1 ORDER BY number";
        let all = self.db.all(text, values![community], |row| {
            let (at, who, what) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Access { at, who, what, resident: row.get(3)?, why: row.get(4)? })
        });
        all.map_err(doing("list accesses"))
    }

    /// The data key of a community; made where there is none yet and somebody writes.
    pub(super) fn data_key(
        &self,
        on: &On<'_>,
        community: CommunityId,
        make: bool,
    ) -> Result<DataKey, PeopleError> {
        let find = doing("find a key");
        let text = "SELECT wrapped_key FROM community WHERE community_id = ?1";
        let wrapped = on.optional(text, values![community], |row| row.get::<Option<Vec<u8>>>(0));
        let key = match wrapped.map_err(&find)?.ok_or(PeopleError::Unknown)? {
            Some(wrapped) => self.key.unwrap(community, &wrapped)?,
            None if make => {
                let key = cipher::draw();
                let text = "UPDATE community SET wrapped_key = ?2 WHERE community_id = ?1";
                on.execute(text, values![community, self.key.wrap(community, &key)]).map_err(&find)?;
                key
            }
            None => return Err(PeopleError::Unknown),
        };
        Ok(DataKey::new(community, key))
    }
}

/// Writes a line of the log, without anybody's name.
pub(super) fn log(
    on: &On<'_>,
    community: CommunityId,
    what: &str,
    resident: Option<ResidentId>,
    looks: Looks<'_>,
) -> Result<(), PeopleError> {
    let write = doing("log an access");
    let text = "SELECT coalesce(max(number), 0) FROM access_log WHERE community_id = ?1";
    let last = on.count(text, values![community]).map_err(&write)?;
    let text = "INSERT INTO access_log (community_id, number, at, who, what, resident, why) \
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let Looks { who, why, now } = looks;
    on.execute(text, values![community, last + 1, now, who, what, resident, cut(why)])
        .map(drop)
        .map_err(&write)
}

type Home = (HouseholdId, String, String, String);

fn households(on: &On<'_>, community: CommunityId, key: &DataKey) -> Result<Vec<Home>, PeopleError> {
    let text = "SELECT id, building, entrance, door FROM household WHERE community_id = ?1";
    let sealed = on.all(text, values![community], |row| {
        Ok((row.get::<HouseholdId>(0)?, row.get(1)?, row.get(2)?, row.get::<Vec<u8>>(3)?))
    });
    let sealed = sealed.map_err(doing("read households"))?.into_iter();
    let open = |(id, building, entrance, door): (HouseholdId, String, String, Vec<u8>)| {
        Ok((id, building, entrance, key.open(&id.to_string(), "door", &door)?))
    };
    sealed.map(open).collect()
}

/// Everybody, or one, opened; by household and position.
pub(super) fn residents(
    on: &On<'_>,
    community: CommunityId,
    key: &DataKey,
    only: Option<ResidentId>,
) -> Result<Vec<Resident>, PeopleError> {
    let text = "SELECT r.id, r.household, r.position, r.name, r.phone, r.document, r.is_listed, \
                       h.building, h.entrance, h.door \
                FROM resident r JOIN household h ON h.community_id = r.community_id AND h.id = r.household \
                WHERE r.community_id = ?1 AND (?2 IS NULL OR r.id = ?2) ORDER BY r.household, r.position, r.id";
    let sealed = on.all(text, values![community, only], |row| {
        let cell = |at| row.get::<Vec<u8>>(at);
        let home = (row.get(1)?, row.get(7)?, row.get(8)?, cell(9)?);
        Ok((row.get(0)?, home, row.get(2)?, [cell(3)?, cell(4)?, cell(5)?], row.get(6)?))
    });
    let open = |(id, home, position, cells, is_listed): SealedResident| {
        let (household, building, entrance, door) = home;
        let place = id.to_string();
        let [name, phone, document] = cells;
        let cells = Cells {
            name: key.open(&place, "name", &name)?,
            phone: key.open(&place, "phone", &phone)?,
            document: key.open(&place, "document", &document)?,
        };
        let door = key.open(&household.to_string(), "door", &door)?;
        Ok(Resident { id, household, building, entrance, door, position, cells, is_listed })
    };
    sealed.map_err(doing("read residents"))?.into_iter().map(open).collect()
}

/// A row of a resident: whose, at which door, where in the household, sealed cells, whether the newest roll has it.
type SealedResident = (ResidentId, (HouseholdId, String, String, Vec<u8>), u32, [Vec<u8>; 3], bool);

/// Writes a resident of the newest roll, sealed anew.
fn put(
    on: &On<'_>,
    key: &DataKey,
    community: CommunityId,
    household: HouseholdId,
    id: ResidentId,
    position: u32,
    cells: &Cells,
) -> Result<(), PeopleError> {
    let text = "INSERT INTO resident (community_id, id, household, position, name, phone, document, is_listed) \
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1) ON CONFLICT (community_id, id) DO UPDATE SET \
                position = excluded.position, name = excluded.name, phone = excluded.phone, \
                document = excluded.document, is_listed = 1";
    let place = id.to_string();
    let [name, phone, document] =
        [("name", &cells.name), ("phone", &cells.phone), ("document", &cells.document)]
            .map(|(column, text)| key.seal(&place, column, text));
    let values = values![community, id, household, position, name, phone, document];
    on.execute(text, values).map(drop).map_err(doing("write a resident"))
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
