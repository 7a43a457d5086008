//! Communities, and how long the names of each round are kept.

use super::{
    People, PeopleError, doing,
    id::{CommunityId, PlaceId, RoundId},
};
use crate::{db::values, limits};
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
    /// The place below which it stands; null for none.
    #[schema(required)]
    pub place: Option<PlaceId>,
}

impl People {
    /// All communities, by their names.
    ///
    /// # Errors
    /// The database says no.
    pub fn communities(&self) -> Result<Vec<Community>, PeopleError> {
        let text = "SELECT community_id, name, created, place FROM community ORDER BY name, community_id";
        let all = self.db.all(text, &[], |row| {
            Ok(Community { id: row.get(0)?, name: row.get(1)?, created: row.get(2)?, place: row.get(3)? })
        });
        all.map_err(doing("list communities"))
    }

    /// A community.
    ///
    /// # Errors
    /// There is none of this id, or the database says no.
    pub fn community(&self, id: CommunityId) -> Result<Community, PeopleError> {
        let text = "SELECT name, created, place FROM community WHERE community_id = ?1";
        let found = self.db.optional(text, values![id], |row| {
            Ok(Community { id, name: row.get(0)?, created: row.get(1)?, place: row.get(2)? })
        });
        found.map_err(doing("find a community"))?.ok_or(PeopleError::Unknown)
    }

    /// Makes a community.
    ///
    /// # Errors
    /// There are too many, or the database says no.
    pub fn make_community(&self, name: &str, now: i64) -> Result<Community, PeopleError> {
        let make = doing("make a community");
        self.db.change(&make, |on| {
            let count = on.count("SELECT count(*) FROM community", &[]).map_err(&make)?;
            if count >= limits::COMMUNITIES as i64 {
                return Err(PeopleError::Full(limits::COMMUNITIES));
            }
            let community =
                Community { id: CommunityId::draw(), name: name.to_owned(), created: now, place: None };
            let text = "INSERT INTO community (community_id, name, created) VALUES (?1, ?2, ?3)";
            on.execute(text, values![community.id, community.name, now]).map_err(&make)?;
            Ok(community)
        })
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
        let keep = doing("keep a round's day");
        self.db.change(&keep, |on| {
            let text = "SELECT 1 FROM community WHERE community_id = ?1";
            let known = on.optional(text, values![community], |_| Ok(())).map_err(&keep)?;
            known.ok_or(PeopleError::Unknown)?;
            let text = "INSERT INTO round (community_id, id, retain_until) VALUES (?1, ?2, ?3) \
                        ON CONFLICT (community_id, id) DO UPDATE SET retain_until = \
                        CASE WHEN excluded.retain_until < round.retain_until THEN excluded.retain_until \
                        ELSE round.retain_until END";
            on.execute(text, values![community, round, retain_until]).map(drop).map_err(&keep)
        })
    }

    /// Takes back what [`People::keep_names_until`] said of a round that is not made after all.
    ///
    /// # Errors
    /// The database says no.
    pub fn keep_names_no_more(&self, community: CommunityId, round: RoundId) -> Result<(), PeopleError> {
        let text = "DELETE FROM round WHERE community_id = ?1 AND id = ?2";
        let gone = self.db.execute(text, values![community, round]);
        gone.map(drop).map_err(doing("take a round's day back"))
    }
}
