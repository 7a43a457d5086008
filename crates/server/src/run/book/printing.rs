//! What of a round was printed.

use super::{Book, failed};
use crate::{
    db::{self, On, values},
    people::id::{CommunityId, RoundId},
    problem::Fault,
};

/// What of a round was printed: numbers from 1, each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The next tube.
    pub tube: u32,
    /// The next box.
    pub batch: u32,
    /// The next shift sheet.
    pub sheet: u32,
}

impl Book {
    /// The next numbers that were not printed yet.
    ///
    /// # Errors
    /// The database says no.
    pub fn printed(&self, community: CommunityId, round: RoundId) -> Result<Printed, Fault> {
        self.db.read(failed, |on| printed(on, community, round).map_err(failed))
    }

    /// Writes down what is printed now, as `step` says it from what was printed before; what else it says. Where another process
    /// printed meanwhile, `step` is asked again.
    ///
    /// # Errors
    /// `step` says no, or the database.
    pub fn print<T>(
        &self,
        community: CommunityId,
        round: RoundId,
        mut step: impl FnMut(&mut Printed) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.db.change(failed, |on| {
            let mut next = printed(on, community, round).map_err(failed)?;
            let said = step(&mut next)?;
            let text = "INSERT INTO printed (community_id, round, tube, sheet, batch) VALUES (?1, ?2, ?3, ?4, ?5) \
                        ON CONFLICT (community_id, round) DO UPDATE \
                        SET tube = excluded.tube, sheet = excluded.sheet, batch = excluded.batch";
            let values = values![community, round, next.tube, next.sheet, next.batch];
            on.execute(text, values).map_err(failed)?;
            Ok(said)
        })
    }
}

fn printed(on: &On<'_>, community: CommunityId, round: RoundId) -> db::Result<Printed> {
    let text = "SELECT tube, sheet, batch FROM printed WHERE community_id = ?1 AND round = ?2";
    let found = on.optional(text, values![community, round], |row| {
        Ok(Printed { tube: row.get(0)?, sheet: row.get(1)?, batch: row.get(2)? })
    });
    Ok(found?.unwrap_or(Printed { tube: 1, batch: 1, sheet: 1 }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::{
        super::{
            FILE,
            forms::{KNOWN, ROUNDS},
        },
        *,
    };
    use crate::{db::both::both, people::People, run::RunsError};
    use axum::http::StatusCode;
    use rusqlite::Connection;

    #[test]
    fn a_book_from_before_anything_was_printed_is_brought_up_once() {
        let data = tempfile::tempdir().unwrap();
        let old = Connection::open(data.path().join(FILE)).unwrap();
        old.execute_batch(&format!("{ROUNDS} PRAGMA user_version = 1;")).unwrap();
        drop(old);
        let people = People::open(data.path()).unwrap();
        let (community, round) = (CommunityId::draw(), RoundId::draw());
        for next in [1, 41] {
            let book = Book::open(data.path(), people.rounds_key()).unwrap();
            let printed = book.printed(community, round).unwrap();
            assert_eq!(
                (printed.tube, printed.batch, printed.sheet),
                (next, next, 1),
                "what was printed outlives the server"
            );
            book.print(community, round, |printed| {
                printed.tube += 40;
                printed.batch += 40;
                Ok(())
            })
            .unwrap();
            let refused: Result<(), Fault> = book.print(community, round, |printed| {
                printed.tube += 1000;
                Err(Fault::new(StatusCode::CONFLICT, "tubes_over"))
            });
            assert!(refused.is_err());
        }
        let later = Connection::open(data.path().join(FILE)).unwrap();
        later.pragma_update(None, "user_version", KNOWN + 1).unwrap();
        assert!(matches!(Book::open(data.path(), people.rounds_key()), Err(RunsError::Newer(_))));
    }

    #[test]
    fn a_number_is_printed_once_whoever_prints() {
        both(|place| {
            let people = place.people();
            let one = place.book(people.rounds_key());
            // A file has one process.
            let other = place.is_shared().then(|| place.book(people.rounds_key()));
            let books = [&one, other.as_ref().unwrap_or(&one)];
            let (community, round) = (CommunityId::draw(), RoundId::draw());
            let print = &|book: &Book| {
                let each = (0..10).map(|_| {
                    book.print(community, round, |printed| {
                        printed.tube += 1;
                        Ok(printed.tube)
                    })
                });
                each.collect::<Result<Vec<u32>, Fault>>().unwrap()
            };
            let mut all: Vec<u32> = std::thread::scope(|scope| {
                let of = books.map(|book| scope.spawn(move || print(book)));
                of.into_iter().flat_map(|of| of.join().unwrap()).collect()
            });
            all.sort_unstable();
            assert_eq!(all, (2..22).collect::<Vec<u32>>());
        });
    }
}
