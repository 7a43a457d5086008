//! Waves are called from the server's own desk: by one tap, or by themselves when few will wait as they come.

use super::{
    Runs, held,
    running::{CommandFault, Running},
};
use crate::{
    limits,
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use axum::http::StatusCode;
use domain::{Command, Moment};
use round::{Household, Phase, TOGETHER_MAX};
use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};
use uuid::Uuid;

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
        let served = self.served_before(&running.made)?.households;
        let mut called = 0;
        loop {
            let commands = calls(&running, wave, &served)
                .ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "wave_unknown").with("wave", wave))?;
            let Some(together) = commands.chunks(TOGETHER_MAX).next() else { return Ok(called) };
            let told = running.folded().told().len();
            match running.command(self, now, together) {
                Ok(_) => called += together.len(),
                // Another process called them meanwhile: whom it left is called.
                Err(CommandFault::Refused(..)) if running.folded().told().len() > told => {}
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Calls the next wave of each round that has its waves called by themselves, where it may be called now. One that failed is
    /// tried again at the next look.
    pub fn call_due(&self, now: Moment) {
        // Of several processes one looks; if it ends, another does so in its place.
        if !self.leads("calls", limits::CALLS_LEASE).unwrap_or(false) {
            return;
        }
        for (community, round) in self.book.calling(now.0 / 10_000).unwrap_or_default() {
            // One round that cannot be foreseen holds up no other.
            let call = || {
                if let Some(wave) = self.due(community, round, now) {
                    drop(self.call_wave(community, round, wave, now));
                }
            };
            drop(catch_unwind(AssertUnwindSafe(call)));
        }
    }

    /// The wave of a round that may be called now.
    fn due(&self, community: CommunityId, round: RoundId, now: Moment) -> Option<u32> {
        {
            let running = self.running(community, round).ok()?;
            let running = held(&running);
            let live = running.folded().live();
            let rules = live.round().rules();
            let first = live.calls().waves.first().map(|wave| rules.opens + wave.call_at)?;
            // The first waves are called before the site opens; a site that opens late calls nobody more.
            let opens = match live.round().phase() {
                Phase::Before => now < rules.opens,
                Phase::Open { .. } => true,
                Phase::Closed { .. } => false,
            };
            if now < first || !opens || !is_heard_of(&running, now) {
                return None;
            }
        }
        let next = self.foresee(community, round, now).ok()??.next_wave.clone()?;
        next.may.then_some(next.wave)
    }
}

/// Whether it is known what goes on: nobody was called yet, or a phone has told of it lately. Without a network the queue seems
/// empty, however long it is.
fn is_heard_of(running: &Running, now: Moment) -> bool {
    let desk = running.made.desk.0;
    let called = !running.folded().live().round().waves().is_empty();
    let phones = running.folded().told().iter().filter(|told| told.device != desk);
    let last = phones.filter_map(|told| Moment::parse(&told.at)).filter(|&at| at <= now).max();
    !called || last.is_some_and(|at| (now - at) / 10_000 <= limits::HEARD_WITHIN.as_secs() as i64)
}

/// Commands that call the households of a wave that were not called yet, and not those that are served; `None` for a wave that the
/// plan does not have.
fn calls(running: &Running, wave: u32, served: &BTreeSet<Uuid>) -> Option<Vec<Command>> {
    let planned = running.made.definition.waves.iter().find(|of| of.number == wave)?;
    let known = running.folded().live().round().households();
    let uncalled = planned.households.iter().filter(|id| known.get(id).is_none_or(Household::may_be_called));
    let uncalled = uncalled.filter(|id| !served.contains(id));
    Some(uncalled.map(|&household| Command::CallHousehold { household, wave }).collect())
}
