//! What is destroyed on the day on which names end.

use super::{
    Book, Made, failed, made,
    sealed::{self, Sealed},
};
use crate::{
    db::{Cell, On, Row, values},
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use rusqlite::Connection;

/// Until when a round's names are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Seconds since 1970.
    pub until: i64,
    /// Whether all that leads to them is destroyed.
    pub forgotten: bool,
}

impl Book {
    /// Destroys what links the journals of rounds whose names are past their day to doors and people; which rounds those are.
    /// Their journals stay, and tell how many and when, and of nobody who it was.
    ///
    /// # Errors
    /// The database says no.
    pub fn forget(&self, now: i64) -> Result<Vec<(CommunityId, RoundId)>, Fault> {
        self.forget_where("retain_until <= ?1", values![now], |_| Ok(()))
    }

    /// The same of all rounds of one community, whatever their days: they end now.
    ///
    /// # Errors
    /// The database says no.
    pub fn forget_community(
        &self,
        community: CommunityId,
        now: i64,
    ) -> Result<Vec<(CommunityId, RoundId)>, Fault> {
        self.forget_where("retain_until <= ?1 AND community_id = ?2", values![now, community], |on| {
            // By their day, everything else knows that they are over.
            let text = "UPDATE round SET retain_until = ?2 WHERE community_id = ?1 AND retain_until > ?2";
            on.execute(text, values![community, now]).map(drop).map_err(failed)
        })
    }

    /// Until when a round's names are kept; `None` if there is no such round.
    ///
    /// # Errors
    /// The database says no.
    pub fn day(&self, community: CommunityId, round: RoundId) -> Result<Option<Day>, Fault> {
        let text = "SELECT retain_until, forgotten FROM round WHERE community_id = ?1 AND id = ?2";
        let read = |row: &Row<'_>| Ok(Day { until: row.get(0)?, forgotten: row.get(1)? });
        self.db.optional(text, values![community, round], read).map_err(failed)
    }

    /// Whether other processes write in the book, too.
    pub fn is_shared(&self) -> bool {
        self.db.connection().is_none()
    }

    /// Destroys all rounds of which that is true, once `before` is done: both, or neither.
    fn forget_where(
        &self,
        which: &str,
        values: &[Cell<'_>],
        before: impl Fn(&On<'_>) -> Result<(), Fault>,
    ) -> Result<Vec<(CommunityId, RoundId)>, Fault> {
        let over = self.db.change(failed, |on| {
            before(on)?;
            let text = format!("SELECT {} FROM round WHERE {which} AND forgotten = 0", sealed::COLUMNS);
            // One that does not open any more keeps nobody from destroying it, or the others.
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, made(row, &self.key).ok()));
            let over: Vec<(CommunityId, RoundId, Option<Made>)> =
                on.all(&text, values, read).map_err(failed)?;
            for (community, id, made) in &over {
                let Sealed { secret, desk_key, definition, .. } = match made {
                    Some(made) => {
                        let mut made = made.clone();
                        made.definition.forget();
                        (made.secret, made.desk_key) = ([0; 32], [0; 32]);
                        // The key of its tubes leads to nobody, and says for ever which tubes were the round's.
                        Sealed::of(&made, &self.key)
                    }
                    None => Sealed::of_nothing(*community, *id, &self.key),
                };
                let text = "UPDATE round SET forgotten = 1, secret = ?3, desk_key = ?4, definition = ?5 \
                            WHERE community_id = ?1 AND id = ?2";
                on.execute(text, values![community, id, secret, desk_key, definition]).map_err(failed)?;
                for table in ["code", "calling", "notice", "notice_receipt", "outbox"] {
                    let text = format!("DELETE FROM {table} WHERE community_id = ?1 AND round = ?2");
                    on.execute(&text, values![community, id]).map_err(failed)?;
                }
            }
            Ok(over.into_iter().map(|(community, id, _)| (community, id)).collect::<Vec<_>>())
        })?;
        // What was overwritten must not live on in the log of writes. Where somebody reads just now, the next hour's turn does it.
        match self.db.connection() {
            Some(file) => drop(emptied(&file).map_err(|error| failed(error.into()))?),
            None if over.is_empty() => {}
            None => self.db.read(failed, |on| on.batch("VACUUM round, code, notice").map_err(failed))?,
        }
        Ok(over)
    }
}

/// Moves everything from the log of writes to where it belongs, and empties it; false where somebody who reads is in the way.
pub(super) fn emptied(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map(|busy: bool| !busy)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::super::example;
    use crate::{db::both::Place, people::id::CommunityId};

    #[test]
    fn names_that_are_not_destroyed_are_not_over_either() {
        let place = Place::file();
        let book = place.book(place.people().rounds_key());
        let round = example::made(CommunityId::draw(), "court");
        book.make(&round).unwrap();
        let batch = |text| book.db.connection().unwrap().execute_batch(text).unwrap();
        batch(
            "CREATE TRIGGER full BEFORE UPDATE OF forgotten ON round BEGIN SELECT RAISE(ABORT, 'full'); END",
        );
        assert!(book.forget_community(round.community, 20).is_err());
        let day = || book.day(round.community, round.id).unwrap().unwrap();
        assert_eq!((day().until, day().forgotten), (round.retain_until, false), "all of it, or nothing");
        batch("DROP TRIGGER full");
        assert_eq!(book.forget_community(round.community, 20).unwrap(), [(round.community, round.id)]);
        assert_eq!((day().until, day().forgotten), (20, true));
    }
}
