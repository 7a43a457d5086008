//! Whether the server can take requests now: what a load balancer asks before it sends anybody here.

use crate::{app::App, machine::aside, problem::Fault};
use axum::http::StatusCode;
use std::time::Duration;
use tokio::time::timeout;

/// A store that has not answered by then is no store to work with.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// Why it cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReady {
    /// Somebody stops it.
    Stopping,
    /// Accounts and names cannot be read.
    People,
    /// The journal cannot be read.
    Journal,
    /// A store does not answer in time.
    Slow,
}

impl NotReady {
    /// Its word in answers.
    pub fn name(self) -> &'static str {
        match self {
            NotReady::Stopping => "stopping",
            NotReady::People => "people",
            NotReady::Journal => "journal",
            NotReady::Slow => "slow",
        }
    }
}

impl From<NotReady> for Fault {
    fn from(why: NotReady) -> Fault {
        Fault::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready").with("why", why.name())
    }
}

/// Looks at each store.
///
/// # Errors
/// The first thing that stands in the way.
pub async fn ready(app: &App) -> Result<(), NotReady> {
    if *app.stopping.borrow() {
        return Err(NotReady::Stopping);
    }
    let (people, runs) = (app.people.clone(), app.runs.clone());
    let looked = aside(move || {
        if people.communities().is_err() {
            return Ok(Err(NotReady::People));
        }
        // No community has this id: an index is looked into, and nothing comes out.
        Ok(runs.journal.heads([0; 16]).map(drop).map_err(|_| NotReady::Journal))
    });
    match timeout(ANSWER_WITHIN, looked).await {
        Ok(looked) => looked.unwrap_or(Err(NotReady::People)),
        Err(_) => Err(NotReady::Slow),
    }
}
