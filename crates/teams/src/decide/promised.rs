//! How many people are promised, sent, and still lacking.

use crate::{Stage, Step, Teams, state::OfferNow};
use chance::Ticks;
use domain::Moment;
use uuid::Uuid;

impl Teams {
    /// People that a request still needs, by what was accepted and not ended since.
    pub fn uncovered(&self, of: &crate::RequestNow) -> u32 {
        let offers = of.offers.iter().filter_map(|id| self.now().offers.get(id));
        let covered = offers.map(|offer| self.holds(offer)).fold(0, u32::saturating_add);
        of.request.number.saturating_sub(covered)
    }

    /// People of an offer who are to come, are there or were.
    pub(super) fn holds(&self, offer: &OfferNow) -> u32 {
        let sent = offer.deployments.iter().filter_map(|id| self.now().deployments.get(id));
        let lost = |of: &&crate::DeploymentNow| {
            [Step::Cancelled, Step::Withdrawn].iter().any(|step| of.steps.contains_key(step))
        };
        let gone: u32 = sent.clone().filter(lost).map(|of| of.deployment.number).fold(0, u32::saturating_add);
        let whole = if offer.ended.is_some() {
            sent.map(|of| of.deployment.number).fold(0, u32::saturating_add)
        } else {
            offer.accepted()
        };
        whole.saturating_sub(gone)
    }

    /// People of an accepted offer for whom there is no deployment yet.
    pub fn uncommitted(&self, offer: &OfferNow) -> u32 {
        if offer.ended.is_some() { 0 } else { offer.accepted().saturating_sub(self.committed(offer)) }
    }

    /// People of an offer who were committed.
    pub(crate) fn committed(&self, offer: &OfferNow) -> u32 {
        let sent = offer.deployments.iter().filter_map(|id| self.now().deployments.get(id));
        sent.map(|of| of.deployment.number).fold(0, u32::saturating_add)
    }

    /// The most people with a skill that a donor has promised or sent at any one time of a window.
    pub(crate) fn promised(&self, donor: Uuid, skill: &str, from: Moment, until: Moment) -> u32 {
        let mut spans: Vec<(Moment, Moment, u32)> = Vec::new();
        for offer in self.now().offers.values().filter(|of| of.offer.donor == donor) {
            let asks = self.now().requests.get(&offer.offer.request);
            if asks.is_none_or(|of| of.request.skill != skill) {
                continue;
            }
            let rest = match offer.answer {
                None => offer.offer.number,
                _ => self.uncommitted(offer),
            };
            spans.push((offer.offer.from, offer.offer.until, rest));
            for of in offer.deployments.iter().filter_map(|id| self.now().deployments.get(id)) {
                // Who is not home yet is away, whatever was agreed.
                let until = match of.stage() {
                    Stage::Over => continue,
                    Stage::Committed => of.until,
                    _ => Moment(Ticks::MAX),
                };
                spans.push((of.deployment.departs, until, of.deployment.number));
            }
        }
        let meets = |of: &&(Moment, Moment, u32)| of.0 < until && from < of.1;
        let starts = spans.iter().filter(meets).map(|of| of.0.max(from));
        let away = |at: Moment| {
            spans.iter().filter(|of| of.0 <= at && at < of.1).map(|of| of.2).fold(0, u32::saturating_add)
        };
        starts.map(away).max().unwrap_or(0)
    }
}
