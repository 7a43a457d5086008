//! Who could help whom, and why.

use crate::{Distance, Exchange, Kind, Life, Meet, Need, Offer, Said, Subject, Urgency, assign, decide::Fit};
use domain::Moment;
use uuid::Uuid;

/// Two who could come together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Whose need.
    pub need: Uuid,
    /// By whose offer.
    pub offer: Uuid,
    /// Why these two, what weighs most first.
    pub reasons: Vec<Reason>,
}

/// Why two are brought together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// How urgent it is.
    Urgency(Urgency),
    /// What exactly is needed is offered.
    Subject(Subject),
    /// One of them did not say what exactly.
    SubjectUnsaid,
    /// The way.
    Way(Distance),
    /// They meet elsewhere than at a door: each goes there by themselves.
    Meet(Meet),
    /// What they have on their hands.
    Load(u32),
}

/// Needs of one kind that are brought together with offers at one time, those with the least time first; others follow when these are done.
const AT_ONCE: usize = 150;
/// What it costs that one did not say what exactly, in flights of stairs.
const UNSAID: i64 = 8;
/// What each need costs that somebody has on their hands, in flights of stairs.
const LOAD: i64 = 4;
/// What any pair costs at most: less than that there is nobody.
const PAIR_MOST: i64 = 999;
/// What it costs that there is nobody.
const NOBODY: i64 = 10_000;
/// What no pair costs: they do not fit.
const NEVER: i64 = 1_000_000;

impl Exchange {
    /// Who could help whom: as many as can be helped, the urgent before others; among such, the assignment of the shortest ways, of what
    /// fits exactly, and of those who have least on their hands. The most urgent first.
    pub fn proposals(&self, now: Moment) -> Vec<Proposal> {
        let mut all: Vec<Proposal> = Kind::ALL.iter().flat_map(|kind| self.of_kind(now, *kind)).collect();
        let urgency =
            |of: &Proposal| self.needs.get(&of.need).map(|need| (need.posting.urgency, need.posting.until));
        all.sort_by_key(|of| (urgency(of), of.need));
        all
    }

    fn of_kind(&self, now: Moment, kind: Kind) -> Vec<Proposal> {
        let waits =
            |need: &&Need| need.posting.kind == kind && matches!(need.life, Life::Open | Life::Handed { .. });
        let mut needs: Vec<&Need> = self.needs.values().filter(waits).collect();
        needs.sort_by_key(|need| (need.posting.urgency, need.posting.until, need.posting.id));
        needs.truncate(AT_ONCE);
        let offers = self.offers.values().filter(|offer| offer.posting.kind == kind && offer.is_open(now));
        // One who can help several stands there several times, each time a little less readily.
        let places: Vec<(&Offer, i64)> = offers
            .flat_map(|offer| {
                let free = usize::from(offer.posting.most).saturating_sub(self.on_hand(offer.posting.id));
                (0..free.min(needs.len())).map(move |nth| (offer, nth as i64))
            })
            .take(2 * AT_ONCE)
            .collect();
        let fits: Vec<Vec<Option<Fit>>> = needs
            .iter()
            .map(|need| places.iter().map(|(offer, _)| self.fit(now, need, offer).ok()).collect())
            .collect();
        let costs: Vec<Vec<i64>> = needs
            .iter()
            .zip(&fits)
            .map(|(need, fits)| {
                let weight = need.posting.urgency.weight();
                let pairs = fits.iter().zip(&places);
                let pairs = pairs.map(|(fit, (_, nth))| fit.map_or(NEVER, |fit| cost(fit, *nth)) * weight);
                // Each may also stay without anybody.
                pairs.chain(std::iter::repeat_n(NOBODY * weight, needs.len())).collect()
            })
            .collect();
        let pair = |(row, column): (usize, usize)| {
            let fit = (*fits[row].get(column)?)?;
            let (need, offer) = (&needs[row].posting, &places[column].0.posting);
            Some(Proposal { need: need.id, offer: offer.id, reasons: reasons(need.urgency, fit) })
        };
        assign(&costs).into_iter().enumerate().filter_map(pair).collect()
    }
}

fn cost(fit: Fit, nth: i64) -> i64 {
    let unsaid = if fit.is_unsaid { UNSAID } else { 0 };
    (i64::from(fit.way.map_or(0, Distance::flights)) + unsaid + (i64::from(fit.load) + nth) * LOAD)
        .min(PAIR_MOST)
}

fn reasons(urgency: Urgency, fit: Fit) -> Vec<Reason> {
    let mut reasons = vec![Reason::Urgency(urgency)];
    reasons.extend(fit.subject.map(Reason::Subject));
    if fit.is_unsaid {
        reasons.push(Reason::SubjectUnsaid);
    }
    reasons.extend([fit.way.map_or(Reason::Meet(fit.meet), Reason::Way), Reason::Load(fit.load)]);
    reasons
}

impl Reason {
    /// Its key in the catalogue, and what fills its gaps; what begins with `@` is a key itself.
    pub fn said(self) -> Said {
        let number = |name, of: u32| (name, of.to_string());
        match self {
            Reason::Urgency(Urgency::Urgent) => ("exchange.why.urgent", vec![]),
            Reason::Urgency(Urgency::Usual) => ("exchange.why.usual", vec![]),
            Reason::Urgency(Urgency::Later) => ("exchange.why.later", vec![]),
            Reason::Subject(subject) => {
                ("exchange.why.subject", vec![("subject", format!("@exchange.subject.{}", subject.name()))])
            }
            Reason::SubjectUnsaid => ("exchange.why.subject_unsaid", vec![]),
            Reason::Meet(meet) => {
                ("exchange.why.meet", vec![("place", format!("@exchange.meet.{}", meet.name()))])
            }
            Reason::Way(Distance::Stairs { flights: 0 }) => ("exchange.why.same_floor", vec![]),
            Reason::Way(Distance::Stairs { flights }) => {
                ("exchange.why.stairs", vec![number("flights", flights)])
            }
            Reason::Way(Distance::Entrance { flights }) => {
                ("exchange.why.entrance", vec![number("flights", flights)])
            }
            Reason::Way(Distance::Building { buildings: 1, flights }) => {
                ("exchange.why.next_building", vec![number("flights", flights)])
            }
            Reason::Way(Distance::Building { buildings, flights }) => {
                ("exchange.why.buildings", vec![number("buildings", buildings), number("flights", flights)])
            }
            Reason::Load(0) => ("exchange.why.free", vec![]),
            Reason::Load(load) => ("exchange.why.load", vec![number("load", load)]),
        }
    }
}
