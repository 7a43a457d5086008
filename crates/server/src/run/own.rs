//! A person's own result, by a link that nobody else has: made of the round's secret, and gone with it.

use super::{Runs, held, ids::Secrets};
use crate::{
    access::secret::{hex, same},
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use axum::http::StatusCode;
use round::Outcome;
use uuid::Uuid;

/// What a person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// What people call the community.
    pub community: String,
    /// What people call the round.
    pub round: String,
    /// When the site was to open, seconds since 1970.
    pub opens: i64,
    /// The result; `None` where nothing of theirs was written down.
    pub outcome: Option<Outcome>,
}

/// What stands behind `#` in a person's link: whose it is, and that we made it. 64 letters.
pub(super) fn token(secret: &[u8; 32], visit: Uuid) -> String {
    let proof = Secrets(secret).own_result(visit);
    hex(visit.as_bytes()) + &hex(&proof)
}

impl Runs {
    /// What the person of a link is told; the same words for a link that is wrong and one whose round has forgotten whose it
    /// was. Blocks on the disk.
    ///
    /// # Errors
    /// The link opens nothing, or the disk says no.
    pub fn own(&self, community: CommunityId, round: RoundId, link: &str) -> Result<Own, Fault> {
        let made = self.book.round(community, round).map_err(|fault| match fault.status() {
            StatusCode::NOT_FOUND => own_unknown(),
            _ => fault,
        })?;
        let visit = link.get(..32).and_then(|text| Uuid::try_parse(text).ok()).ok_or_else(own_unknown)?;
        let is_ours = made.secret != [0; 32] && same(token(&made.secret, visit).as_bytes(), link.as_bytes());
        if !is_ours || !made.definition.people.contains(&visit) {
            return Err(own_unknown());
        }
        let running = self.running(community, round)?;
        let running = held(&running);
        let outcome = running.folded().live().round().outcome(visit);
        Ok(Own { community: made.definition.community(), round: made.name, opens: made.opens, outcome })
    }
}

/// A link opens nothing: nobody is told why, and whoever holds it is told what to do.
pub fn own_unknown() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "own_unknown")
}
