//! Cards on a page's desk: dealt, played, and shown on a board.

use super::{deal, play, read_faults};
use crate::{BoardSite, Desk, live, options::RehearseOptions, plan_of};
use ::rehearse::faults::{HANDS, faulted};
use domain::{Envelope, Notes};
use serde_json::json;

impl Desk<'_> {
    /// All cards as they are usually played, and whether the scenario can meet them: the JSON of `rehearse --fault list`.
    ///
    /// # Errors
    /// All notes, where one of them refuses.
    pub fn cards(&self, options: &RehearseOptions) -> Result<String, Notes> {
        let scenario = self.scenario(&options.set)?;
        let run = self.run(options.seed, options.reps, options.quick);
        let plan = plan_of(&scenario, &run, self.by(options, &scenario)?)?;
        let cards = deal(&scenario, plan.as_ref(), self.voice);
        let hand = |hand: &::rehearse::faults::Hand| json!({ "name": hand.name, "cards": hand.cards });
        let hands: Vec<_> = HANDS.iter().map(hand).collect();
        Ok(json!({ "cards": cards, "hands": hands }).to_string())
    }

    /// The day with these faults beside the day without: the JSON of `rehearse --fault`.
    ///
    /// # Errors
    /// All notes, where the folder or a fault refuses.
    pub fn faults(&self, options: &RehearseOptions, faults: &[String]) -> Result<String, Notes> {
        let scenario = self.scenario(&options.set)?;
        let faults = read_faults(faults, &scenario)?;
        let run = self.run(options.seed, options.reps, options.quick);
        let played = play(&scenario, &run, self.by(options, &scenario)?, &faults)?;
        Ok(serde_json::to_string(&played.output(self.voice)).expect("our own types are written as JSON"))
    }

    /// What a board plays of the day with these faults.
    ///
    /// # Errors
    /// All notes, where the folder or a fault refuses.
    pub fn board_with(
        &self,
        options: &RehearseOptions,
        faults: &[String],
    ) -> Result<(BoardSite, Vec<Envelope>), Notes> {
        let scenario = self.scenario(&options.set)?;
        let faults = read_faults(faults, &scenario)?;
        // Nothing is measured here: one replication is all that is looked at.
        let run = self.run(options.seed, 1, options.quick);
        let plan = plan_of(&scenario, &run, self.by(options, &scenario)?)?;
        let (day, plan) = faulted(&scenario, plan.as_ref(), &faults);
        let lived = live(&day, &run, "events", plan);
        let known = "an unknown time zone was refused";
        let site =
            crate::board_site(&lived.scenario, lived.plan.as_ref(), self.zones, self.voice).expect(known);
        Ok((site, crate::events(&lived, &run, self.zones).expect(known)))
    }
}
