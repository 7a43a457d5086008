//! Waves are called from the server's own desk: by one tap, or by themselves when few will wait as they come.

use super::{
    Runs, held,
    running::{CommandFault, Running},
};
use crate::{
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use axum::http::StatusCode;
use domain::{Command, Moment};
use round::{Phase, TOGETHER_MAX};

impl Runs {
    /// Calls what was not called yet of a wave; how many households.
    ///
    /// # Errors
    /// There is no such wave, a rule says no, or it could not be stored.
    pub fn call_wave(
        &self,
        community: CommunityId,
        round: RoundId,
        wave: u32,
        now: Moment,
    ) -> Result<usize, CommandFault> {
        let running = self.running(community, round)?;
        let mut running = held(&running);
        let commands = calls(&running, wave)
            .ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "wave_unknown").with("wave", wave))?;
        for together in commands.chunks(TOGETHER_MAX) {
            running.command(&self.journal, now, together)?;
        }
        Ok(commands.len())
    }

    /// Calls the next wave of each round that has its waves called by themselves, where it may be called now. One that failed is
    /// tried again at the next look.
    pub fn call_due(&self, now: Moment) {
        for (community, round) in self.book.calling().unwrap_or_default() {
            if let Some(wave) = self.due(community, round, now) {
                drop(self.call_wave(community, round, wave, now));
            }
        }
    }

    /// The wave of a round that may be called now.
    fn due(&self, community: CommunityId, round: RoundId, now: Moment) -> Option<u32> {
        let begun = {
            let running = self.running(community, round).ok()?;
            let running = held(&running);
            let live = running.folded().live();
            let first = live.calls().waves.first().map(|wave| live.round().rules().opens + wave.call_at)?;
            !matches!(live.round().phase(), Phase::Closed { .. }) && now >= first
        };
        if !begun {
            return None;
        }
        let next = self.foresee(community, round, now).ok()??.next_wave.clone()?;
        next.may.then_some(next.wave)
    }
}

/// Commands that call the households of a wave that were not called yet; `None` for a wave that the plan does not have.
fn calls(running: &Running, wave: u32) -> Option<Vec<Command>> {
    let planned = running.made.definition.waves.iter().find(|of| of.number == wave)?;
    let known = running.folded().live().round().households();
    let uncalled = planned.households.iter().filter(|id| known.get(id).is_none_or(|of| of.called.is_none()));
    Some(uncalled.map(|&household| Command::CallHousehold { household, wave }).collect())
}
