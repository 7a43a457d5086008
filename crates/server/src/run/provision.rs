//! What a round takes from a stock.

use super::{foresight::Foresight, running::Running};
use domain::{Moment, Supply};
use std::sync::Arc;
use supplies::Good;
use verbs::provision::{Needs, Provision, SlotLines};

/// What a round takes, apart from what else is known of it.
pub struct RoundProvision {
    foresight: Arc<Foresight>,
    needs: Needs,
    opens: Moment,
}

impl RoundProvision {
    /// Of a round; `None` where it takes nothing, or is from before that was kept.
    pub fn of(running: &mut Running) -> Option<RoundProvision> {
        let (foresight, needs) = (running.foresight(), running.made.definition.needs.clone());
        let of = RoundProvision { foresight, needs, opens: running.made.definition.rules.opens };
        of.with(|provision| provision.is_any()).then_some(of)
    }

    /// What each slot needs.
    pub fn slots(&self) -> Vec<SlotLines> {
        self.with(|of| of.slots())
    }

    /// By which rule a good is brought, and how many ticks before the slot that needs it.
    pub fn rule(&self, good: &Good) -> Option<(Supply, i64)> {
        self.with(|of| Some((of.rule(good)?.clone(), of.scenario.supplies.spare)))
    }

    /// What was used in each slot until now, as far as phones have told.
    pub fn used(&self, running: &Running, now: Moment) -> Vec<SlotLines> {
        let folded = running.folded();
        let events = folded.happened().filter(|event| running.made.can_be(event, now.0 / 10_000));
        self.with(|of| of.used(folded.live().round().phase(), events, now))
    }

    fn with<T: Default>(&self, see: impl FnOnce(&Provision<'_>) -> T) -> T {
        let Some(scenario) = self.foresight.scenario() else { return T::default() };
        see(&Provision { scenario, needs: &self.needs, opens: self.opens })
    }
}
