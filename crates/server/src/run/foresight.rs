//! How a round goes on, as it was foreseen last.

use super::{Runs, book::Made, held};
use crate::{
    limits,
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use domain::{Moment, Scenario};
use round::Phase;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, TryLockError},
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
    /// When, at which of the journal's positions, and what.
    last: Mutex<Option<Seen>>,
    /// Held by whoever foresees it: everybody else takes what was seen last.
    foreseeing: Mutex<()>,
}

type Seen = (Instant, u64, Option<Arc<Foreseen>>);

impl Foresight {
    /// Of a round of which nothing was foreseen yet.
    pub fn new(definition: &super::definition::Definition) -> Foresight {
        let waves = definition.waves.iter().map(|wave| (wave.number, wave.households.clone())).collect();
        Foresight { scenario: definition.kept.scenario(), waves, ..Foresight::default() }
    }

    /// The site as it was planned; of a round from before it was kept, nothing.
    pub fn scenario(&self) -> Option<&Scenario> {
        self.scenario.as_ref()
    }

    /// What was seen last, if it is no older than this; and whether anything is stored since.
    fn seen(&self, position: u64) -> Option<Seen> {
        let last = held(&self.last).clone();
        last.filter(|(since, at, _)| {
            since.elapsed() < if *at == position { limits::FORESEEN_QUIET } else { limits::FORESEEN }
        })
    }

    /// Looks ahead from a moment; at which of the journal's positions, and what is seen.
    fn look(&self, running: &Mutex<super::running::Running>, now: Moment) -> (u64, Option<Arc<Foreseen>>) {
        let (folded, position, shares, phones_until) = {
            let running = held(running);
            let Made { definition, phones_until, .. } = &running.made;
            (running.folded().clone(), running.position(), definition.shares.clone(), *phones_until)
        };
        let over = now.0 / 10_000 > phones_until;
        let Some(scenario) = self.scenario.as_ref().filter(|_| !over) else { return (position, None) };
        let round = folded.live().round();
        // Before it opens, it is foreseen from its opening.
        let from = if round.phase() == Phase::Before { now.max(round.rules().opens) } else { now };
        let running = Running { folded: &folded, scenario, waves: &self.waves, classes: &shares };
        (position, running.foresee(from).map(Arc::new))
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
        if foresight.scenario.is_none() {
            return Ok(None);
        }
        let position = held(&running).position();
        if let Some((_, _, seen)) = foresight.seen(position) {
            return Ok(seen);
        }
        let old = held(&foresight.last).clone().filter(|(since, ..)| since.elapsed() < limits::FORESEEN_OLD);
        let turn = match (foresight.foreseeing.try_lock(), old) {
            (Ok(turn), _) => turn,
            (Err(TryLockError::WouldBlock), Some((_, _, seen))) => return Ok(seen),
            (Err(TryLockError::WouldBlock), None) => held(&foresight.foreseeing),
            (Err(TryLockError::Poisoned(turn)), _) => turn.into_inner(),
        };
        if let Some((_, _, seen)) = foresight.seen(held(&running).position()) {
            return Ok(seen);
        }
        let (position, seen) = foresight.look(&running, now);
        *held(&foresight.last) = Some((Instant::now(), position, seen.clone()));
        drop(turn);
        Ok(seen)
    }

    /// How a round goes on from a moment that a drill names, by what is stored of it. Nobody else is told of it.
    ///
    /// # Errors
    /// There is no such round, or the disk says no.
    pub fn foresee_at(
        &self,
        community: CommunityId,
        round: RoundId,
        at: Moment,
    ) -> Result<Option<Arc<Foreseen>>, Fault> {
        let running = self.running(community, round)?;
        let foresight = held(&running).foresight();
        Ok(foresight.look(&running, at).1)
    }

    /// What was seen last of a round that is in memory, if it is of a moment that has come, and not of one too long ago to say anything of
    /// now: asking costs next to nothing.
    pub fn foreseen_last(
        &self,
        community: CommunityId,
        round: RoundId,
        now: Moment,
    ) -> Option<Arc<Foreseen>> {
        let running = self.lock().get(&(community, round)).map(|kept| kept.running.clone())?;
        let mut running = held(&running);
        let last = held(&running.foresight().last).clone();
        known(last, now)
    }

    /// What was seen last of a round that is in memory, if it is about a minute old at most, with the community's name: asking
    /// costs next to nothing.
    pub fn foreseen_lately(
        &self,
        community: CommunityId,
        round: RoundId,
    ) -> Option<(String, Option<Arc<Foreseen>>)> {
        let running = self.lock().get(&(community, round)).map(|kept| kept.running.clone())?;
        let mut running = held(&running);
        let last = held(&running.foresight().last).clone();
        let (_, _, seen) = last.filter(|(since, ..)| since.elapsed() < limits::FORESEEN_QUIET)?;
        Some((running.made.definition.community(), seen))
    }
}

fn known(last: Option<Seen>, now: Moment) -> Option<Arc<Foreseen>> {
    let (_, _, seen) = last?;
    seen.filter(|seen| (0..limits::QUEUE_TOLD_S * 10_000).contains(&(now - seen.from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_told_for_a_while_and_not_before_its_time() {
        let from = Moment(1_000 * 3600 * 10_000);
        let seen = Foreseen {
            clock: "07:00".to_owned(),
            from,
            done_97: None,
            done_97_min: None,
            waits: vec![],
            next_wave: None,
            advice: None,
            learnt: vec![],
        };
        let last = Some((Instant::now(), 1, Some(Arc::new(seen))));
        let is_told = |minutes: i64| known(last.clone(), from + minutes * 60 * 10_000).is_some();
        assert_eq!([-1, 0, 5, 179, 180].map(is_told), [false, true, true, true, false]);
        assert!(known(Some((Instant::now(), 1, None)), from).is_none());
    }
}
