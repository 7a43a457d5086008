//! What rounds keep of one person, for a copy that everybody may ask for.

use super::{Runs, held, ids::Secrets, own::token};
use crate::{
    people::id::{CommunityId, ResidentId, RoundId},
    problem::Fault,
};
use domain::Event;
use serde::Serialize;
use utoipa::ToSchema;

/// What a round keeps of one person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stay {
    /// The round.
    id: RoundId,
    /// What people call it.
    round: String,
    /// When the site was to open, seconds since 1970.
    opens: i64,
    /// What the roll said of them when the round was made: the visitor class, `green` where it has no rules of its own; empty where it
    /// said nothing.
    class: String,
    /// The page of their own result, for them alone.
    pub own: String,
    /// What happened, in the order in which it came in; nothing where they did not come.
    events: Vec<Seen>,
}

/// One thing that happened to a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Seen {
    /// RFC 3339.
    at: String,
    /// The event as it is written, without who wrote it.
    event: serde_json::Value,
    /// What is read on the thing that was given; empty where there is none, or where only its code says which it is.
    label: String,
}

impl Runs {
    /// What the rounds of a community keep of a resident, the newest first: those that have them on their roll, or linked
    /// something to them. Of a round whose secret is destroyed nobody can tell any more.
    ///
    /// # Errors
    /// The disk says no.
    pub fn stays(&self, community: CommunityId, resident: ResidentId, now: i64) -> Result<Vec<Stay>, Fault> {
        let mut stays = Vec::new();
        // The others have no secret any more, and so nobody can tell.
        let rounds = self.book.rounds(community)?.into_iter().filter(|listed| listed.retain_until > now);
        for listed in rounds {
            let made = self.book.round(community, listed.id)?;
            let visit = Secrets(&made.secret).visit(resident.0);
            if !made.definition.people.contains(&visit) {
                continue;
            }
            let class = made.definition.classes.get(&visit).cloned().unwrap_or_default();
            let own = format!("/mine#{community}/{}/{}", listed.id, token(&made.secret, visit));
            let running = self.beside(community, listed.id)?;
            let running = held(&running);
            let told = running.folded().happened().filter(|told| told.event.visit() == Some(visit));
            let events = told.map(|told| Seen {
                at: told.at.clone(),
                event: serde_json::to_value(&told.event).unwrap_or_default(),
                label: item(&told.event),
            });
            let events = events.collect();
            let (id, round, opens) = (listed.id, listed.name, listed.opens);
            stays.push(Stay { id, round, opens, class, own, events });
        }
        Ok(stays)
    }
}

/// What is read on the thing that an event is of.
fn item(event: &Event) -> String {
    match event {
        Event::ItemGiven { item, .. } | Event::Resampled { item, .. } => round::label(*item),
        _ => String::new(),
    }
}
