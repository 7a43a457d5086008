//! Places as a tree: regions, cities, districts, towns, neighbourhoods; communities stand below any of them.

use super::{
    People, PeopleError,
    communities::Community,
    doing,
    id::{CommunityId, PlaceId},
};
use crate::{
    access::role::{Grant, Place},
    db::{On, Row, values},
    limits,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How wide a place is. A place stands below a wider one, so that the tree has no circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlaceKind {
    /// A province or another large part of a country.
    Region,
    /// A city.
    City,
    /// A part of a city.
    District,
    /// A town or a street office.
    Town,
    /// What one committee looks after.
    Neighbourhood,
    /// Where tubes are tested. Nobody lives there: nothing stands below it.
    Lab,
}

impl PlaceKind {
    const ALL: [(&str, PlaceKind); 6] = [
        ("region", PlaceKind::Region),
        ("city", PlaceKind::City),
        ("district", PlaceKind::District),
        ("town", PlaceKind::Town),
        ("neighbourhood", PlaceKind::Neighbourhood),
        ("lab", PlaceKind::Lab),
    ];

    fn name(self) -> &'static str {
        PlaceKind::ALL.iter().find(|(_, kind)| *kind == self).expect("all are listed").0
    }

    /// Whether it is a city, or wider.
    pub fn holds_cities(self) -> bool {
        self <= PlaceKind::City
    }

    fn parse(word: &str) -> Option<PlaceKind> {
        PlaceKind::ALL.iter().find(|(name, _)| *name == word).map(|&(_, kind)| kind)
    }
}

/// A place above communities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TreePlace {
    /// Random.
    pub id: PlaceId,
    /// The place in which it lies; null at the top.
    #[schema(required)]
    pub parent: Option<PlaceId>,
    /// How wide it is.
    pub kind: PlaceKind,
    /// What people call it.
    pub name: String,
    /// When it was made, seconds since 1970.
    pub created: i64,
}

/// That a place or a community was put below another place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlaceMove {
    /// Seconds since 1970.
    pub at: i64,
    /// An account's id, or `owner`.
    pub who: String,
    /// The id of what was moved.
    pub moved: String,
    /// Below which place it stood; null for none.
    #[schema(required)]
    pub before: Option<PlaceId>,
    /// Below which place it stands since; null for none.
    #[schema(required)]
    pub after: Option<PlaceId>,
}

const READ: &str = "SELECT id, parent, kind, name, created FROM place";

fn read(row: &Row<'_>) -> crate::db::Result<TreePlace> {
    let kind = PlaceKind::parse(&row.get::<String>(2)?).ok_or(crate::db::Error::Odd("a kind of place"))?;
    Ok(TreePlace { id: row.get(0)?, parent: row.get(1)?, kind, name: row.get(3)?, created: row.get(4)? })
}

impl People {
    /// All places, by their names.
    ///
    /// # Errors
    /// The database says no.
    pub fn places(&self) -> Result<Vec<TreePlace>, PeopleError> {
        self.db.all(&format!("{READ} ORDER BY name, id"), &[], read).map_err(doing("list places"))
    }

    /// A place.
    ///
    /// # Errors
    /// There is none of this id, or the database says no.
    pub fn place(&self, id: PlaceId) -> Result<TreePlace, PeopleError> {
        self.db.read(doing("find a place"), |on| place(on, id))
    }

    /// Makes a place below a wider one, or at the top.
    ///
    /// # Errors
    /// There is no such place above it, it is not wider, there are too many, or the database says no.
    pub fn make_place(
        &self,
        parent: Option<PlaceId>,
        kind: PlaceKind,
        name: &str,
        now: i64,
    ) -> Result<TreePlace, PeopleError> {
        let make = doing("make a place");
        self.db.change(&make, |on| {
            below(on, parent, kind)?;
            if on.count("SELECT count(*) FROM place", &[]).map_err(&make)? >= limits::PLACES as i64 {
                return Err(PeopleError::Full(limits::PLACES));
            }
            let made = TreePlace { id: PlaceId::draw(), parent, kind, name: name.to_owned(), created: now };
            let text = "INSERT INTO place (id, parent, kind, name, created) VALUES (?1, ?2, ?3, ?4, ?5)";
            on.execute(text, values![made.id, parent, kind.name(), name, now]).map_err(&make)?;
            Ok(made)
        })
    }

    /// Calls a place otherwise.
    ///
    /// # Errors
    /// There is none of this id, or the database says no.
    pub fn rename_place(&self, id: PlaceId, name: &str) -> Result<(), PeopleError> {
        let rename = doing("rename a place");
        let done = self.db.execute("UPDATE place SET name = ?2 WHERE id = ?1", values![id, name]);
        if done.map_err(&rename)? == 0 { Err(PeopleError::Unknown) } else { Ok(()) }
    }

    /// Puts a place, with all that is below it, below another one; it is written down.
    ///
    /// # Errors
    /// There is no such place, the other is not wider, or the database says no.
    pub fn move_place(
        &self,
        id: PlaceId,
        parent: Option<PlaceId>,
        who: &str,
        now: i64,
    ) -> Result<(), PeopleError> {
        let change = doing("move a place");
        self.db.change(&change, |on| {
            let of = place(on, id)?;
            below(on, parent, of.kind)?;
            if of.parent == parent {
                return Ok(());
            }
            on.execute("UPDATE place SET parent = ?2 WHERE id = ?1", values![id, parent]).map_err(&change)?;
            write_down(on, &id.to_string(), (of.parent, parent), who, now)
        })
    }

    /// Puts a community below a place, or below none; it is written down.
    ///
    /// # Errors
    /// There is no such community or place, the place is a lab, or the database says no.
    pub fn put_community(
        &self,
        community: CommunityId,
        into: Option<PlaceId>,
        who: &str,
        now: i64,
    ) -> Result<(), PeopleError> {
        let change = doing("move a community");
        self.db.change(&change, |on| {
            if let Some(into) = into
                && place(on, into)?.kind == PlaceKind::Lab
            {
                return Err(PeopleError::NotWider);
            }
            let text = "SELECT place FROM community WHERE community_id = ?1";
            let before = on.optional(text, values![community], |row| row.get::<Option<PlaceId>>(0));
            let before = before.map_err(&change)?.ok_or(PeopleError::Unknown)?;
            if before == into {
                return Ok(());
            }
            let text = "UPDATE community SET place = ?2 WHERE community_id = ?1";
            on.execute(text, values![community, into]).map_err(&change)?;
            write_down(on, &community.to_string(), (before, into), who, now)
        })
    }

    /// What was moved, the last first.
    ///
    /// # Errors
    /// The database says no.
    pub fn moves(&self) -> Result<Vec<PlaceMove>, PeopleError> {
        let text = "SELECT at, who, moved, from_place, to_place FROM place_move ORDER BY number DESC";
        let read = |row: &Row<'_>| {
            Ok(PlaceMove {
                at: row.get(0)?,
                who: row.get(1)?,
                moved: row.get(2)?,
                before: row.get(3)?,
                after: row.get(4)?,
            })
        };
        self.db.all(text, &[], read).map_err(doing("list moves"))
    }

    /// The crews that a place has written down, as they were given.
    ///
    /// # Errors
    /// The database says no.
    pub fn crews(&self, place: &str) -> Result<Option<String>, PeopleError> {
        let text = "SELECT crews FROM place_crews WHERE place = ?1";
        self.db.optional(text, values![place], |row| row.get(0)).map_err(doing("find crews"))
    }

    /// Writes the crews of a place down, if what is written there is still what they were made from.
    ///
    /// # Errors
    /// It is not any more, or the database says no.
    pub fn keep_crews(
        &self,
        place: &str,
        is_same: impl Fn(Option<&str>) -> bool,
        crews: &str,
        (who, now): (&str, i64),
    ) -> Result<(), PeopleError> {
        let keep = doing("keep crews");
        self.db.change(&keep, |on| {
            let text = "SELECT crews FROM place_crews WHERE place = ?1";
            let found = on.optional(text, values![place], |row| row.get::<String>(0)).map_err(&keep)?;
            if !is_same(found.as_deref()) {
                return Err(PeopleError::CrewsChanged);
            }
            let text = "INSERT INTO place_crews (place, crews, at, who) VALUES (?1, ?2, ?3, ?4) \
                        ON CONFLICT (place) DO UPDATE SET crews = excluded.crews, at = excluded.at, who = excluded.who";
            on.execute(text, values![place, crews, now, who]).map(drop).map_err(&keep)
        })
    }

    /// The communities that lie in a place, by their names.
    ///
    /// # Errors
    /// The database says no.
    pub fn communities_in(&self, within: Place) -> Result<Vec<Community>, PeopleError> {
        let mut all = self.communities()?;
        match within {
            Place::All => {}
            Place::Community(id) => all.retain(|community| community.id == id),
            Place::Tree(id) => {
                let below = self.db.read(doing("list places"), |on| all_below(on, id))?;
                all.retain(|community| community.place.is_some_and(|place| below.contains(&place)));
            }
        }
        Ok(all)
    }
}

pub(super) fn place(on: &On<'_>, id: PlaceId) -> Result<TreePlace, PeopleError> {
    let found = on.optional(&format!("{READ} WHERE id = ?1"), values![id], read);
    found.map_err(doing("find a place"))?.ok_or(PeopleError::Unknown)
}

/// Whether a place of this kind may stand there.
fn below(on: &On<'_>, parent: Option<PlaceId>, kind: PlaceKind) -> Result<(), PeopleError> {
    let Some(parent) = parent else { return Ok(()) };
    if place(on, parent)?.kind < kind { Ok(()) } else { Err(PeopleError::NotWider) }
}

fn write_down(
    on: &On<'_>,
    moved: &str,
    (before, after): (Option<PlaceId>, Option<PlaceId>),
    who: &str,
    now: i64,
) -> Result<(), PeopleError> {
    let text = "INSERT INTO place_move (number, at, who, moved, from_place, to_place) \
                VALUES ((SELECT coalesce(max(number), 0) + 1 FROM place_move), ?1, ?2, ?3, ?4, ?5)";
    on.execute(text, values![now, who, moved, before, after]).map(drop).map_err(doing("write a move down"))
}

/// A place and all places below it.
pub(super) fn all_below(on: &On<'_>, id: PlaceId) -> Result<Vec<PlaceId>, PeopleError> {
    let text = "SELECT id, parent FROM place WHERE parent IS NOT NULL";
    let pairs = on.all(text, &[], |row| Ok((row.get::<PlaceId>(0)?, row.get::<PlaceId>(1)?)));
    let pairs = pairs.map_err(doing("list places"))?;
    let mut below = vec![id];
    let mut seen = 0;
    while let Some(&above) = below.get(seen) {
        seen += 1;
        below.extend(pairs.iter().filter(|(_, parent)| *parent == above).map(|&(id, _)| id));
    }
    Ok(below)
}

/// Grants with what they reach: one at a place of the tree holds at all that lies below it.
pub(super) fn reach(on: &On<'_>, grants: &[Grant]) -> Result<Vec<Grant>, PeopleError> {
    let mut reach = grants.to_vec();
    for grant in grants {
        let Place::Tree(id) = grant.place else { continue };
        let below = all_below(on, id)?;
        let text = "SELECT community_id, place FROM community WHERE place IS NOT NULL";
        let all = on.all(text, &[], |row| Ok((row.get::<CommunityId>(0)?, row.get::<PlaceId>(1)?)));
        let all = all.map_err(doing("list communities"))?;
        let communities = all.into_iter().filter(|(_, place)| below.contains(place));
        let places = communities.map(|(community, _)| Place::Community(community));
        let places = places.chain(below[1..].iter().map(|&id| Place::Tree(id)));
        reach.extend(places.map(|place| Grant { role: grant.role, place }));
    }
    Ok(reach)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::role::Role, db::both::both};

    #[test]
    fn a_grant_at_a_place_reaches_all_below_it_and_follows_a_move() {
        both(|place| {
            let people = place.people();
            let city = people.make_place(None, PlaceKind::City, "City", 1).unwrap().id;
            let [west, east] = ["West", "East"]
                .map(|name| people.make_place(Some(city), PlaceKind::Neighbourhood, name, 1).unwrap().id);
            let court = people.make_community("Court", 1).unwrap().id;
            people.put_community(court, Some(west), "owner", 2).unwrap();
            let reaches = |at: PlaceId| {
                let grants = [Grant { role: Role::Committee, place: Place::Tree(at) }];
                let reach = people.db.read(doing("read"), |on| reach(on, &grants)).unwrap();
                reach.iter().any(|grant| grant.place == Place::Community(court))
            };
            assert_eq!([reaches(city), reaches(west), reaches(east)], [true, true, false]);
            people.put_community(court, Some(east), "owner", 3).unwrap();
            assert_eq!([reaches(city), reaches(west), reaches(east)], [true, false, true]);
            // Written down once for each change, and not for what changes nothing.
            people.put_community(court, Some(east), "owner", 4).unwrap();
            let moves = people.moves().unwrap();
            assert_eq!(
                moves.iter().map(|of| (of.at, of.before, of.after)).collect::<Vec<_>>(),
                [(3, Some(west), Some(east)), (2, None, Some(west)),]
            );
            assert_eq!(people.communities_in(Place::Tree(city)).unwrap()[0].place, Some(east));
            assert_eq!(people.communities_in(Place::Tree(west)).unwrap(), []);
        });
    }

    #[test]
    fn a_place_stands_below_a_wider_one_only_so_that_there_is_no_circle() {
        both(|place| {
            let people = place.people();
            let town = people.make_place(None, PlaceKind::Town, "Town", 1).unwrap().id;
            let refused = people.make_place(Some(town), PlaceKind::City, "City", 1).unwrap_err();
            assert!(matches!(refused, PeopleError::NotWider), "{refused:?}");
            let refused = people.move_place(town, Some(town), "owner", 1).unwrap_err();
            assert!(matches!(refused, PeopleError::NotWider), "{refused:?}");
            let lab = people.make_place(Some(town), PlaceKind::Lab, "Lab", 1).unwrap().id;
            let court = people.make_community("Court", 1).unwrap().id;
            let refused = people.put_community(court, Some(lab), "owner", 2).unwrap_err();
            assert!(matches!(refused, PeopleError::NotWider), "nobody lives in a lab: {refused:?}");
            let district = people.make_place(None, PlaceKind::District, "District", 1).unwrap().id;
            people.move_place(town, Some(district), "owner", 2).unwrap();
            people.rename_place(town, "Old Town").unwrap();
            let found = people.place(town).unwrap();
            assert_eq!((found.parent, found.name.as_str()), (Some(district), "Old Town"));
            assert!(matches!(people.rename_place(PlaceId::draw(), "x"), Err(PeopleError::Unknown)));
        });
    }
}
