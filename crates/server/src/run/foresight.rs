//! How a round goes on, as it was foreseen last.

use super::{Runs, held};
use crate::{
    limits,
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use domain::{Moment, Scenario};
use round::Phase;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Instant,
};
use uuid::Uuid;
use verbs::ahead::{Foreseen, Running};

/// What a round is foreseen with, and what was seen.
#[derive(Default)]
pub struct Foresight {
    /// The site as it was planned; of a round from before it was kept, nothing.
    scenario: Option<Scenario>,
    waves: BTreeMap<u32, Vec<Uuid>>,
    /// When, at which of the journal's positions, and what. Whoever else asks meanwhile waits for it.
    last: Mutex<Option<Seen>>,
}

type Seen = (Instant, u64, Option<Arc<Foreseen>>);

impl Foresight {
    /// Of a round of which nothing was foreseen yet.
    pub fn new(definition: &super::definition::Definition) -> Foresight {
        let waves = definition.waves.iter().map(|wave| (wave.number, wave.households.clone())).collect();
        Foresight { scenario: definition.kept.scenario(), waves, last: Mutex::default() }
    }
}

impl Runs {
    /// How a round goes on: as it was foreseen a moment ago, or foreseen anew. `None` where it is over, or where the round
    /// is from before there was any foresight. Computes for about a second.
    ///
    /// # Errors
    /// There is no such round, or the disk says no.
    pub fn foresee(
        &self,
        community: CommunityId,
        round: RoundId,
        now: Moment,
    ) -> Result<Option<Arc<Foreseen>>, Fault> {
        let running = self.running(community, round)?;
        let foresight = held(&running).foresight();
        let Some(scenario) = &foresight.scenario else { return Ok(None) };
        let mut last = held(&foresight.last);
        let (folded, position, shares) = {
            let running = held(&running);
            let position = running.position();
            let fresh = last.as_ref().filter(|(since, at, _)| {
                let most = if *at == position { limits::FORESEEN_QUIET } else { limits::FORESEEN };
                since.elapsed() < most
            });
            if let Some((_, _, seen)) = fresh {
                return Ok(seen.clone());
            }
            (running.folded().clone(), position, running.made.definition.shares.clone())
        };
        let round = folded.live().round();
        // Before it opens, it is foreseen from its opening.
        let from = if round.phase() == Phase::Before { now.max(round.rules().opens) } else { now };
        let running = Running { folded: &folded, scenario, waves: &foresight.waves, classes: &shares };
        let seen = running.foresee(from).map(Arc::new);
        *last = Some((Instant::now(), position, seen.clone()));
        Ok(seen)
    }
}
