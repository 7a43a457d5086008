//! What rounds wrote down of one person, for a copy that everybody may ask for.

use super::{Runs, held, ids::Secrets};
use crate::{
    people::id::{CommunityId, ResidentId},
    problem::Fault,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What a round wrote down of one person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stay {
    /// What people call the round.
    round: String,
    /// When the site was to open, seconds since 1970.
    opens: i64,
    /// What happened, in the order in which it came in.
    events: Vec<Seen>,
}

/// One thing that happened to a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Seen {
    /// RFC 3339.
    at: String,
    /// The event as it is written, without who wrote it.
    event: serde_json::Value,
}

impl Runs {
    /// What the rounds of a community wrote down of a resident, the newest first. Of a round whose secret is destroyed nobody can
    /// tell any more.
    ///
    /// # Errors
    /// The disk says no.
    pub fn stays(&self, community: CommunityId, resident: ResidentId) -> Result<Vec<Stay>, Fault> {
        let mut stays = Vec::new();
        for listed in self.book.rounds(community)? {
            let running = self.running(community, listed.id)?;
            let running = held(&running);
            let visit = Secrets(&running.made.secret).visit(resident.0);
            let own = running.folded().happened().filter(|told| told.event.visit() == Some(visit));
            let events: Vec<Seen> = own
                .map(|told| Seen {
                    at: told.at.clone(),
                    event: serde_json::to_value(&told.event).unwrap_or_default(),
                })
                .collect();
            if !events.is_empty() {
                stays.push(Stay { round: listed.name, opens: listed.opens, events });
            }
        }
        Ok(stays)
    }
}
