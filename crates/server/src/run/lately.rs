//! What was seen of rounds that are not in memory: each would have to be folded anew for everybody who looks.

use super::held;
use crate::{
    limits,
    people::id::{CommunityId, RoundId},
};
use std::{collections::BTreeMap, fmt, sync::Mutex, time::Instant};

/// What was seen of each round, for a minute.
pub struct Lately<T>(Mutex<BTreeMap<(CommunityId, RoundId), (Instant, T)>>);

impl<T> Default for Lately<T> {
    fn default() -> Lately<T> {
        Lately(Mutex::default())
    }
}

impl<T> fmt::Debug for Lately<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Lately").finish_non_exhaustive()
    }
}

impl<T: Clone> Lately<T> {
    /// What was seen of a round, if it is not too old.
    pub fn seen(&self, community: CommunityId, round: RoundId) -> Option<T> {
        let seen = held(&self.0);
        let (at, of) = seen.get(&(community, round))?;
        (at.elapsed() < limits::SEEN_LATELY).then(|| of.clone())
    }

    /// Keeps what is seen of a round now.
    pub fn keep(&self, community: CommunityId, round: RoundId, of: T) {
        let mut seen = held(&self.0);
        seen.retain(|_, (at, _)| at.elapsed() < limits::SEEN_LATELY);
        seen.insert((community, round), (Instant::now(), of));
    }
}
