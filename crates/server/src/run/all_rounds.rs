//! What all rounds of a community came to. A round that nothing came to since is not folded again.

use super::{Runs, held};
use crate::{
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use domain::Moment;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};
use verbs::all_rounds::AllRounds;

/// Rounds of which the sums are kept in memory, a few kilobytes each; where there are more, it begins anew.
const KEPT: usize = 2000;

/// What rounds came to, and up to which position of the journal.
#[derive(Debug, Default)]
pub(super) struct Sums(Mutex<BTreeMap<(CommunityId, RoundId), (u64, AllRounds)>>);

impl Runs {
    /// All rounds of a community together, as of now. Blocks on the disk: a round that was not looked at since the start is folded
    /// once.
    ///
    /// # Errors
    /// The disk or the database says no.
    pub fn all_rounds(&self, community: CommunityId, now: Moment) -> Result<AllRounds, Fault> {
        let mut all = AllRounds::default();
        for listed in self.book.rounds(community)? {
            let of = self.sum_of(community, listed.id, now)?;
            all.add(&of);
        }
        all.sum.as_of = Some(now);
        Ok(all)
    }

    fn sum_of(&self, community: CommunityId, round: RoundId, now: Moment) -> Result<AllRounds, Fault> {
        let lock = || self.sums.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().get(&(community, round)).cloned();
        if let Some((position, of)) = known {
            let (community, book) = (*community.0.as_bytes(), *round.0.as_bytes());
            let newer =
                self.journal.read(community, book, position, 1).map_err(|error| Fault::from(&error))?;
            if newer.is_empty() {
                return Ok(of);
            }
        }
        let running = self.beside(community, round)?;
        let (position, of) = {
            let running = held(&running);
            (running.position(), AllRounds::of_round(now, running.folded().live().round()))
        };
        let mut sums = lock();
        if sums.len() >= KEPT {
            sums.clear();
        }
        sums.insert((community, round), (position, of.clone()));
        Ok(of)
    }
}
