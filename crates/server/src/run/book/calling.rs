//! Rounds whose waves are called by themselves.

use super::{Book, failed};
use crate::{
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use rusqlite::params;

impl Book {
    /// Rounds whose waves are called by themselves, as long as phones work in them.
    ///
    /// # Errors
    /// The database says no.
    pub fn calling(&self, now: i64) -> Result<Vec<(CommunityId, RoundId)>, Fault> {
        let db = self.turn();
        let text = "SELECT calling.community, calling.round FROM calling JOIN round \
                    ON round.community = calling.community AND round.id = calling.round \
                    WHERE round.phones_until > ?1 ORDER BY 1, 2";
        let mut rows = db.prepare_cached(text).map_err(failed)?;
        let found = rows.query_map([now], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)?;
        found.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// Has a round's waves called by themselves, or not any more.
    ///
    /// # Errors
    /// The database says no.
    pub fn call_by_itself(&self, community: CommunityId, round: RoundId, on: bool) -> Result<(), Fault> {
        let text = if on {
            "INSERT OR IGNORE INTO calling (community, round) VALUES (?1, ?2)"
        } else {
            "DELETE FROM calling WHERE community = ?1 AND round = ?2"
        };
        self.turn().execute(text, params![community, round]).map(drop).map_err(failed)
    }
}
