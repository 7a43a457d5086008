//! What the callers' threads know of the logs, so that chains are checked beside the writer, not in it.
//! It may lag behind the file, and never decides: the writer compares.

use crate::{Head, LogName, PublicKey};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

/// A log as it was seen last.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    /// Never another, once it is enrolled.
    pub(crate) key: PublicKey,
    /// Where the log stood.
    pub(crate) head: Head,
}

/// All logs that are enrolled: some 300 bytes each, and the devices of a whole city are some hundred thousand.
#[derive(Default)]
pub(crate) struct Known(RwLock<HashMap<LogName, Seen>>);

impl Known {
    pub(crate) fn of(&self, name: LogName) -> Option<Seen> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&name).copied()
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn put(&self, name: LogName, seen: Seen) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(name, seen);
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn put_all(&self, seen: impl IntoIterator<Item = (LogName, Seen)>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).extend(seen);
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn advance(&self, moved: impl IntoIterator<Item = (LogName, Head)>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for (name, head) in moved {
            if let Some(seen) = known.get_mut(&name) {
                seen.head = head;
            }
        }
    }
}
