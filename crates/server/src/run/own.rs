//! A person's own result, by a link that nobody else has: made of the round's secret, and gone with it.

use super::{Runs, book::Made, held, ids::Secrets};
use crate::{
    access::secret::{hex, same},
    people::id::{CommunityId, HouseholdId, ResidentId, RoundId},
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
    /// Whether people have results in it: tubes are given.
    pub has_results: bool,
    /// The result; `None` where nothing of theirs was written down.
    pub outcome: Option<Outcome>,
}

/// What stands behind `#` in a person's link: whose it is, and that we made it. 64 letters.
pub(super) fn token(secret: &[u8; 32], visit: Uuid) -> String {
    let proof = Secrets(secret).own_result(visit);
    hex(visit.as_bytes()) + &hex(&proof)
}

/// Whose link it is: a round, and a visit of it.
pub struct Whose {
    made: Made,
    visit: Uuid,
}

/// When somebody is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnCall {
    /// The time of the plan, seconds since 1970.
    pub at: i64,
    /// The lane, from 1; 0 where people choose.
    pub lane: u16,
    /// Whether their household was called already.
    pub called: bool,
}

impl Whose {
    /// The round.
    pub fn made(&self) -> &Made {
        &self.made
    }

    /// A household in the round's events.
    pub fn household(&self, home: HouseholdId) -> Uuid {
        Secrets(&self.made.secret).household(home.0)
    }

    /// Whether it is this resident's.
    pub fn is(&self, resident: ResidentId) -> bool {
        Secrets(&self.made.secret).visit(resident.0) == self.visit
    }
}

impl Runs {
    /// Whose a link is; the same words for a link that is wrong and one whose round has forgotten whose it was. Blocks on the disk.
    ///
    /// # Errors
    /// The link opens nothing, or the disk says no.
    pub fn whose(&self, community: CommunityId, round: RoundId, link: &str) -> Result<Whose, Fault> {
        let made = self.book.round(community, round).map_err(|fault| match fault.status() {
            StatusCode::NOT_FOUND => own_unknown(),
            _ => fault,
        })?;
        let visit = link.get(..32).and_then(|text| Uuid::try_parse(text).ok()).ok_or_else(own_unknown)?;
        let is_ours = made.secret != [0; 32] && same(token(&made.secret, visit).as_bytes(), link.as_bytes());
        if !is_ours || !made.definition.people.contains(&visit) {
            return Err(own_unknown());
        }
        Ok(Whose { made, visit })
    }

    /// What the person of a link is told. Blocks on the disk.
    ///
    /// # Errors
    /// The link opens nothing, or the disk says no.
    pub fn own(&self, community: CommunityId, round: RoundId, link: &str) -> Result<Own, Fault> {
        let Whose { made, visit } = self.whose(community, round, link)?;
        let running = self.running(community, round)?;
        let running = held(&running);
        let outcome = running.folded().live().round().outcome(visit);
        let has_results = made.definition.rules.gives.as_ref().is_some_and(|(kind, _)| kind == "tube");
        let community = made.definition.community();
        Ok(Own { community, round: made.name, opens: made.opens, has_results, outcome })
    }

    /// When a household is called; `None` where the plan calls nobody, or not them. Blocks on the disk.
    ///
    /// # Errors
    /// The disk says no.
    pub fn own_call(&self, whose: &Whose, home: HouseholdId) -> Result<Option<OwnCall>, Fault> {
        let Made { community, id, definition, opens, secret, .. } = &whose.made;
        let household = Secrets(secret).household(home.0);
        let wave = definition.waves.iter().find(|wave| wave.households.contains(&household));
        let planned = wave.and_then(|wave| definition.calls.waves.iter().find(|of| of.number == wave.number));
        let Some(planned) = planned else { return Ok(None) };
        let running = self.running(*community, *id)?;
        let running = held(&running);
        let known = running.folded().live().round().households().get(&household);
        let called = known.is_some_and(|of| of.called.is_some());
        let lane = definition.lanes.get(&household).copied().unwrap_or(0);
        Ok(Some(OwnCall { at: opens + planned.call_at / 10_000, lane, called }))
    }
}

/// A link opens nothing: nobody is told why, and whoever holds it is told what to do.
pub fn own_unknown() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "own_unknown")
}
