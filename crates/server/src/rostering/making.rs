//! Rosters that are being made, so that nobody makes one twice at a time, and whoever looks sees how long it takes.

use crate::{people::id::CommunityId, problem::Fault};
use axum::http::StatusCode;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

type Key = (CommunityId, String);

/// Which rosters this process makes now.
#[derive(Clone, Debug, Default)]
pub struct Making(Arc<Mutex<BTreeMap<Key, (Instant, f64)>>>);

/// That a roster is being made. It ends when this is let go, also by a panic.
#[derive(Debug)]
pub struct Working {
    making: Making,
    key: Key,
}

impl Making {
    /// Begins to make one, for so many seconds at most.
    ///
    /// # Errors
    /// Somebody does already.
    pub fn begin(&self, community: CommunityId, scenario: &str, seconds: f64) -> Result<Working, Fault> {
        let key = (community, scenario.to_owned());
        let mut under_way = self.under_way();
        if under_way.contains_key(&key) {
            return Err(Fault::new(StatusCode::CONFLICT, "roster_making"));
        }
        under_way.insert(key.clone(), (Instant::now(), seconds));
        Ok(Working { making: self.clone(), key })
    }

    /// For how many seconds one has been made, and how many it may take to solve it; `None` if it is not.
    pub fn since(&self, community: CommunityId, scenario: &str) -> Option<(f64, f64)> {
        let under_way = self.under_way();
        let (began, seconds) = under_way.get(&(community, scenario.to_owned()))?;
        Some((began.elapsed().as_secs_f64(), *seconds))
    }

    fn under_way(&self) -> MutexGuard<'_, BTreeMap<Key, (Instant, f64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.making.under_way().remove(&self.key);
    }
}
