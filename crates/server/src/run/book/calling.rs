//! Rounds whose waves are called by themselves.

use super::{Book, failed};
use crate::{
    db::values,
    people::id::{CommunityId, RoundId},
    problem::Fault,
};

impl Book {
    /// Rounds whose waves are called by themselves, as long as phones work in them.
    ///
    /// # Errors
    /// The database says no.
    pub fn calling(&self, now: i64) -> Result<Vec<(CommunityId, RoundId)>, Fault> {
        let text = "SELECT calling.community_id, calling.round FROM calling JOIN round \
                    ON round.community_id = calling.community_id AND round.id = calling.round \
                    WHERE round.phones_until > ?1 ORDER BY 1, 2";
        self.db.all(text, values![now], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)
    }

    /// Has a round's waves called by themselves, or not any more.
    ///
    /// # Errors
    /// The database says no.
    pub fn call_by_itself(&self, community: CommunityId, round: RoundId, on: bool) -> Result<(), Fault> {
        let text = if on {
            "INSERT INTO calling (community_id, round) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM calling WHERE community_id = ?1 AND round = ?2"
        };
        self.db.execute(text, values![community, round]).map(drop).map_err(failed)
    }
}
