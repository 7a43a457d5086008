//! What the secretariat should look at: nothing stays open unseen.

use crate::{DAY, Exchange, How, Kind, Life, Need, Offer};
use chance::Ticks;
use domain::Moment;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is over is forgotten after so long: until then somebody may ask how it ended.
pub const FORGOTTEN_AFTER: Ticks = 14 * DAY;
/// Who has got something says so within a day, or is asked.
const CONFIRMED_WITHIN: Ticks = DAY;

/// Something that the secretariat should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// The need, or the voice.
    pub of: Uuid,
    /// Why.
    pub why: NearWhy,
    /// Its time.
    pub by: Moment,
}

/// Why something is near its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NearWhy {
    /// The secretariat was asked to see to it.
    Handed,
    /// There is nobody yet.
    Nobody,
    /// Both were asked, and have not both said yes.
    Asked,
    /// A volunteer who was to carry it cannot.
    GivenBack,
    /// It was promised, and its time is over.
    NotCarried,
    /// It was done, and not both have said so.
    NotConfirmed,
    /// A complaint or praise waits for an answer.
    Voice,
}

impl NearWhy {
    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            NearWhy::Handed => "exchange.near.handed",
            NearWhy::Nobody => "exchange.near.nobody",
            NearWhy::Asked => "exchange.near.asked",
            NearWhy::GivenBack => "exchange.near.given_back",
            NearWhy::NotCarried => "exchange.near.not_carried",
            NearWhy::NotConfirmed => "exchange.near.not_confirmed",
            NearWhy::Voice => "exchange.near.voice",
        }
    }
}

impl Exchange {
    /// What the secretariat should look at, the soonest first. What stands here stays here until somebody does something.
    pub fn near(&self, now: Moment) -> Vec<Near> {
        let needs = self.needs.values().filter_map(|need| {
            let (why, from) = due(need)?;
            let by = match why {
                NearWhy::NotConfirmed => from,
                NearWhy::NotCarried => need.posting.until,
                _ => need.posting.time(),
            };
            (now >= from).then_some(Near { of: need.posting.id, why, by })
        });
        let voices = self.voices.values().filter(|voice| voice.answer.is_none());
        let voices = voices.map(|voice| Near { of: voice.id, why: NearWhy::Voice, by: voice.due });
        let mut near: Vec<Near> = needs.chain(voices).collect();
        near.sort_by_key(|near| (near.by, near.why, near.of));
        near
    }

    /// From when on each need and each voice is one of those, the soonest first. Nothing of whose they are is in it.
    pub fn near_from(&self) -> Vec<Moment> {
        let needs = self.needs.values().filter_map(|need| due(need).map(|(_, from)| from));
        let voices = self.voices.values().filter(|voice| voice.answer.is_none()).map(|voice| voice.at);
        let mut all: Vec<Moment> = needs.chain(voices).collect();
        all.sort_unstable();
        all
    }

    /// Needs for which there is nobody yet and that somebody else of the household seems to have posted, too: of each, the one as which it
    /// could go on, one that is under way or else the first.
    pub fn doubles(&self) -> Vec<(Uuid, Uuid)> {
        let free = |need: &Need| matches!(need.life, Life::Open | Life::Handed { .. });
        let goes_on = |need: &Need| !matches!(need.life, Life::Carried { .. } | Life::Closed { .. });
        let open: Vec<&Need> = self.needs.values().filter(|need| goes_on(need)).collect();
        let first = |need: &&Need| (free(need), need.posted, need.posting.id);
        let one = |need: &&Need| {
            let same = open.iter().copied().filter(|other| need.posting.is_double(&other.posting));
            let other = same.min_by_key(first)?;
            (first(&other) < first(need)).then_some((need.posting.id, other.posting.id))
        };
        open.iter().filter(|need| free(need)).filter_map(one).collect()
    }

    /// Offers that wait for the secretariat's word: those to children as a rule, and those of a kind that a child needs. Until it is
    /// given they are brought together with no child.
    pub fn flagged(&self, now: Moment) -> impl Iterator<Item = &Offer> {
        let of_child = |need: &&Need| need.posting.for_child && !need.life.is_closed();
        let kinds: BTreeSet<Kind> =
            self.needs.values().filter(of_child).map(|need| need.posting.kind).collect();
        self.offers.values().filter(move |offer| {
            let kind = offer.posting.kind;
            let is_meant = kind.is_for_children() || kinds.contains(&kind);
            is_meant && offer.word.is_none() && offer.is_open(now)
        })
    }

    /// Needs, offers and voices that were over long ago: to be forgotten.
    pub fn past(&self, now: Moment) -> BTreeSet<Uuid> {
        let is_past = |since: Moment| now - since >= FORGOTTEN_AFTER;
        let needs =
            self.needs.values().filter(|need| matches!(need.life, Life::Closed { at, .. } if is_past(at)));
        // What closed a need stays as long as that: without it the need would come up again.
        let asked = self.needs.values().filter_map(|need| match need.life {
            Life::Closed { at, how: How::Confirmed { offer } } if !is_past(at) => offer,
            life => life.offer(),
        });
        let asked: BTreeSet<Uuid> = asked.collect();
        let offers = self.offers.values().filter(|offer| !asked.contains(&offer.posting.id));
        let offers = offers.filter(|offer| is_past(offer.withdrawn.unwrap_or(offer.posting.until)));
        let voices =
            self.voices.values().filter(|voice| voice.answer.as_ref().is_some_and(|(at, _)| is_past(*at)));
        let ids = needs.map(|need| need.posting.id).chain(offers.map(|offer| offer.posting.id));
        ids.chain(voices.map(|voice| voice.id)).collect()
    }

    /// All that goes with somebody who is forgotten: theirs, and what is over and was done by them. What of others is under way with
    /// them has nobody again.
    pub fn of_person(&self, person: Uuid) -> BTreeSet<Uuid> {
        let offers: BTreeSet<Uuid> =
            self.offers.values().map(|of| &of.posting).filter(|of| of.by == person).map(|of| of.id).collect();
        let done_by = |need: &&Need| match need.life {
            Life::Closed { how: How::Confirmed { offer: Some(offer) }, .. } => offers.contains(&offer),
            _ => false,
        };
        let needs = self.needs.values().filter(|need| need.posting.by == person || done_by(need));
        let voices = self.voices.values().filter(|voice| voice.by == person).map(|voice| voice.id);
        needs.map(|need| need.posting.id).chain(voices).chain(offers.iter().copied()).collect()
    }
}

/// Why a need is to be looked at, and from when on.
fn due(need: &Need) -> Option<(NearWhy, Moment)> {
    let before = need.posting.time() + -need.posting.urgency.lead();
    match need.life {
        Life::Open => Some((NearWhy::Nobody, before)),
        Life::Offered { .. } => Some((NearWhy::Asked, before)),
        Life::Agreed { .. } if need.given_back.is_some() => {
            need.given_back.map(|at| (NearWhy::GivenBack, at))
        }
        Life::Agreed { .. } => Some((NearWhy::NotCarried, need.posting.until)),
        Life::Carried { since, .. } => Some((NearWhy::NotConfirmed, since + CONFIRMED_WITHIN)),
        Life::Handed { since } => Some((NearWhy::Handed, since)),
        Life::Closed { .. } => None,
    }
}
