//! Communities, and how long the names of each round are kept.

use super::{
    People, PeopleError, doing,
    id::{CommunityId, RoundId},
};
use crate::limits;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use utoipa::ToSchema;

/// A compound: the unit of rounds and of data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Community {
    /// Random.
    pub id: CommunityId,
    /// What people call it.
    pub name: String,
    /// When it was made, seconds since 1970.
    pub created: i64,
}

impl People {
    /// All communities, by their names.
    ///
    /// # Errors
    /// The database says no.
    pub fn communities(&self) -> Result<Vec<Community>, PeopleError> {
        let list = doing("list communities");
        let connection = self.turn();
        let text = "SELECT id, name, created FROM community ORDER BY name, id";
        let mut rows = connection.prepare(text).map_err(&list)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Community { id: row.get(0)?, name: row.get(1)?, created: row.get(2)? })
        };
        rows.query_map([], read).map_err(&list)?.collect::<rusqlite::Result<_>>().map_err(&list)
    }

    /// A community.
    ///
    /// # Errors
    /// There is none of this id, or the database says no.
    pub fn community(&self, id: CommunityId) -> Result<Community, PeopleError> {
        let text = "SELECT name, created FROM community WHERE id = ?1";
        let read = |row: &rusqlite::Row<'_>| Ok(Community { id, name: row.get(0)?, created: row.get(1)? });
        let found = self.turn().query_row(text, [id], read).optional();
        found.map_err(doing("find a community"))?.ok_or(PeopleError::Unknown)
    }

    /// Makes a community.
    ///
    /// # Errors
    /// There are too many, or the database says no.
    pub fn make_community(&self, name: &str, now: i64) -> Result<Community, PeopleError> {
        let make = doing("make a community");
        let connection = self.turn();
        let count: i64 =
            connection.query_row("SELECT count(*) FROM community", [], |row| row.get(0)).map_err(&make)?;
        if count >= limits::COMMUNITIES as i64 {
            return Err(PeopleError::Full(limits::COMMUNITIES));
        }
        let community = Community { id: CommunityId::draw(), name: name.to_owned(), created: now };
        let text = "INSERT INTO community (id, name, created) VALUES (?1, ?2, ?3)";
        connection.execute(text, params![community.id, community.name, now]).map_err(&make)?;
        Ok(community)
    }

    /// Says until when the names of a round are kept. A round that is known keeps the day that was set at its start:
    /// it can be made earlier, never later.
    ///
    /// # Errors
    /// The day is past, there is no such community, or the database says no.
    pub fn keep_names_until(
        &self,
        community: CommunityId,
        round: RoundId,
        retain_until: i64,
        now: i64,
    ) -> Result<(), PeopleError> {
        if retain_until <= now {
            return Err(PeopleError::Retention);
        }
        self.community(community)?;
        let text = "INSERT INTO round (community, id, retain_until) VALUES (?1, ?2, ?3) \
                    ON CONFLICT DO UPDATE SET retain_until = min(retain_until, excluded.retain_until)";
        let kept = self.turn().execute(text, params![community, round, retain_until]);
        kept.map(drop).map_err(doing("keep a round's day"))
    }

    /// Takes back what [`People::keep_names_until`] said of a round that is not made after all.
    ///
    /// # Errors
    /// The database says no.
    pub fn keep_names_no_more(&self, community: CommunityId, round: RoundId) -> Result<(), PeopleError> {
        let text = "DELETE FROM round WHERE community = ?1 AND id = ?2";
        let gone = self.turn().execute(text, params![community, round]);
        gone.map(drop).map_err(doing("take a round's day back"))
    }
}
