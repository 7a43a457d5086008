//! What was seen of rounds that are not in memory, and of whole places: each would have to be folded anew for everybody who looks.

use super::held;
use crate::{
    limits,
    people::id::{CommunityId, RoundId},
};
use std::{collections::BTreeMap, fmt, sync::Mutex, time::Instant};

/// A round, and whose.
pub type RoundOf = (CommunityId, RoundId);

/// What was seen of each, for a minute.
pub struct Lately<Of, T>(Mutex<BTreeMap<Of, (Instant, T)>>);

impl<Of, T> Default for Lately<Of, T> {
    fn default() -> Lately<Of, T> {
        Lately(Mutex::default())
    }
}

impl<Of, T> fmt::Debug for Lately<Of, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Lately").finish_non_exhaustive()
    }
}

impl<Of: Ord, T: Clone> Lately<Of, T> {
    /// What was seen of it, if it is not too old.
    pub fn seen(&self, of: &Of) -> Option<T> {
        let seen = held(&self.0);
        let (at, what) = seen.get(of)?;
        (at.elapsed() < limits::SEEN_LATELY).then(|| what.clone())
    }

    /// Keeps what is seen of it now.
    pub fn keep(&self, of: Of, what: T) {
        let mut seen = held(&self.0);
        seen.retain(|_, (at, _)| at.elapsed() < limits::SEEN_LATELY);
        seen.insert(of, (Instant::now(), what));
    }
}
