//! What a party's desk should look at: nothing stays open unseen.

use crate::{Book, Subject};
use chance::{TICKS_PER_SECOND, Ticks};
use domain::Moment;
use uuid::Uuid;

/// A message that the other desk has not read after so long is said by telephone.
const READ_WITHIN: Ticks = 30 * 60 * TICKS_PER_SECOND;

/// Something that the desk should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// The message.
    pub of: Uuid,
    /// Why.
    pub why: NearWhy,
    /// The other party: whom to call.
    pub party: Uuid,
    /// Its time.
    pub by: Moment,
}

/// Why something is near its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NearWhy {
    /// It was written to this desk, and nobody has said that they have read it.
    ToRead,
    /// The other desk has not read it.
    NotRead,
}

impl NearWhy {
    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            NearWhy::ToRead => "party.near.to_read",
            NearWhy::NotRead => "party.near.not_read",
        }
    }
}

impl Book {
    /// What is due of requests, offers and teams, and whose turn it is. Who was asked knows nothing of what others answered: that is for whoever asks.
    pub fn near_aid(&self, now: Moment) -> Vec<teams::Near> {
        use teams::NearWhy::{RequestOver, RequestUnanswered, RequestUncovered};
        let is_ours = |near: &teams::Near| {
            let is_host = || self.teams().request(near.of).is_some_and(|of| of.request.host == self.own());
            match near.why {
                RequestUnanswered => near.turn.party == self.own() || is_host(),
                RequestUncovered | RequestOver => is_host(),
                _ => true,
            }
        };
        let is_ours = |near: &teams::Near| is_ours(near) && !self.is_parted(near.turn.party);
        self.teams().near(now).into_iter().filter(is_ours).collect()
    }

    /// What somebody should look at of stock and shipments, and whom to call: nobody whom the party hears no more, nor what only they could say.
    pub fn near_supplies(&self, now: Moment) -> Vec<supplies::Near> {
        use supplies::{
            NearWhy::{NotSent, Unconfirmed},
            Subject::Shipment,
        };
        let silent = |near: &supplies::Near| {
            let Shipment(id) = near.of else { return false };
            let promise = self.supplies().shipment(id).and_then(|of| of.promise);
            promise.is_some_and(|promise| match near.why {
                NotSent => self.is_parted(promise.party()),
                Unconfirmed => self.is_parted(promise.to.party()),
                _ => false,
            })
        };
        let mut all = self.supplies().near(now);
        all.retain_mut(|near| {
            let nobody = near.call.is_empty();
            near.call.retain(|call| !self.is_parted(call.party));
            (nobody || !near.call.is_empty()) && !silent(near)
        });
        all
    }

    fn is_parted(&self, party: Uuid) -> bool {
        self.partner(party).is_some_and(|of| of.parted)
    }

    /// What the desk should look at, the soonest first. What stands here stays here until somebody does something.
    pub fn near(&self, now: Moment) -> Vec<Near> {
        let near = self.unread_messages().filter_map(|message| {
            let (why, party, by) = if message.to == self.own() {
                (NearWhy::ToRead, message.from, message.at)
            } else {
                (NearWhy::NotRead, message.to, message.at + READ_WITHIN)
            };
            // What was written to us is ours to read, whatever we share; whom we parted from is called no more.
            let is_told = || self.partner(party).is_some_and(|of| of.is_told(Subject::Words));
            let is_due = why == NearWhy::ToRead || (now >= by && is_told());
            is_due.then_some(Near { of: message.id, why, party, by })
        });
        let mut near: Vec<Near> = near.collect();
        near.sort_by_key(|near| (near.by, near.why, near.of));
        near
    }
}
