//! All that was told of one shipment, in the order of its own times.

use crate::{
    Counts, End, Event, Lines, Mark, Promise, Reason, Record, Role, Step, Store, To, Who,
    claim::{Claim, Holding, Says, Settling},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Who has taken something: a party, or a household of it. What one party says never stands against what another says.
pub(crate) type Taker = (Uuid, Option<Uuid>);

/// All that counts of what was told of one shipment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    promised: BTreeMap<Mark, Promise>,
    called_off: BTreeSet<Mark>,
    sent: BTreeSet<Claim>,
    at_gate: BTreeSet<Mark>,
    given: BTreeMap<Uuid, BTreeSet<Mark>>,
    took: BTreeMap<Taker, BTreeSet<Claim>>,
    settled_sent: BTreeSet<Settling>,
    settled: BTreeMap<Taker, BTreeSet<Settling>>,
    pub back: BTreeMap<Mark, (Store, Lines)>,
    pub found: BTreeMap<Mark, (Store, Lines)>,
    pub explained: BTreeMap<Mark, Reason>,
}

impl Facts {
    /// Takes in what was told. What is no step of a shipment is not taken in.
    pub fn take(&mut self, record: &Record) {
        let mark = record.mark();
        let mut took = |at: End, says: Says| {
            self.took.entry(taker(&at)).or_default().insert(Claim { mark, at, says });
        };
        match &record.event {
            Event::Promised { promise } => drop(self.promised.insert(mark, promise.clone())),
            Event::CalledOff { .. } => drop(self.called_off.insert(mark)),
            Event::Sent { from, lines, .. } => {
                let says = Says::Counted(lines.clone());
                self.sent.insert(Claim { mark, at: End::Store(*from), says });
            }
            Event::AtGate { .. } => drop(self.at_gate.insert(mark)),
            Event::Given { household, .. } => drop(self.given.entry(*household).or_default().insert(mark)),
            Event::Received { at, lines, rest: false, .. } => took(*at, Says::Counted(lines.clone())),
            Event::Received { at, lines, rest: true, .. } => took(*at, Says::Rest(lines.clone())),
            Event::Refused { at, reason, .. } => took(*at, Says::Refused(*reason)),
            Event::Settled { step, at, over, lines, .. } => {
                let settling =
                    Settling { mark, at: *at, over: over.iter().copied().collect(), lines: lines.clone() };
                match step {
                    Step::Sent => self.settled_sent.insert(settling),
                    Step::Received => self.settled.entry(taker(at)).or_default().insert(settling),
                };
            }
            Event::TakenBack { at, lines, .. } => drop(self.back.insert(mark, (*at, lines.clone()))),
            Event::Found { at, lines, .. } => drop(self.found.insert(mark, (*at, lines.clone()))),
            Event::Explained { reason, .. } => drop(self.explained.insert(mark, *reason)),
            _ => {}
        }
    }

    /// What was promised last.
    pub fn promise(&self) -> Option<&Promise> {
        self.promised.last_key_value().map(|(_, promise)| promise)
    }

    /// When it was promised first.
    pub fn first_promised(&self) -> Option<Mark> {
        self.promised.first_key_value().map(|(mark, _)| *mark)
    }

    /// To whom it was promised.
    pub fn receiver(&self) -> Option<Uuid> {
        self.promise().map(|promise| promise.to.party())
    }

    /// When it was called off; a promise after that stands.
    pub fn called_off(&self) -> Option<Mark> {
        let (promised, _) = self.promised.last_key_value()?;
        self.called_off.iter().copied().find(|mark| *mark > *promised)
    }

    /// When it was called off last, if no promise stands after that.
    pub fn called_off_last(&self) -> Option<Mark> {
        self.called_off().and_then(|_| self.called_off.last().copied())
    }

    /// What left.
    pub fn sent(&self) -> Holding {
        Holding::of(self.sent.iter(), self.settled_sent.iter())
    }

    /// Since when it stands at the gate.
    pub fn at_gate(&self) -> Option<Mark> {
        self.at_gate.first().copied()
    }

    /// Since when it is said to be at a door.
    pub fn given(&self, household: Uuid) -> Option<Mark> {
        self.given.get(&household)?.first().copied()
    }

    /// Whether this one, a volunteer, confirms what they left at the door themselves.
    pub fn is_own_gift(&self, household: Uuid, by: &Who) -> bool {
        let same = |of: Who| (of.party, of.person) == (by.party, by.person);
        by.role == Role::Volunteer && self.gave(household).any(same)
    }

    /// Who says that they left it at a door.
    pub fn gave(&self, household: Uuid) -> impl Iterator<Item = Who> {
        self.given.get(&household).into_iter().flatten().map(|mark| mark.by)
    }

    /// What each has taken. A volunteer who was at the door confirms for nobody.
    pub fn taken(&self) -> BTreeMap<Taker, Holding> {
        let keys: BTreeSet<Taker> = self.took.keys().chain(self.settled.keys()).copied().collect();
        let holding = |taker: Taker| {
            let gave = |mark: &Mark| taker.1.is_some_and(|household| self.is_own_gift(household, &mark.by));
            let claims = self.took.get(&taker).into_iter().flatten().filter(|claim| !gave(&claim.mark));
            Holding::of(claims, self.settled.get(&taker).into_iter().flatten())
        };
        keys.into_iter().map(|taker| (taker, holding(taker))).collect()
    }

    /// Households that should get something, each with what.
    pub fn shares(&self) -> BTreeMap<Uuid, Lines> {
        let Some(Promise { to: To::Doors { of, .. }, .. }) = self.promise() else { return BTreeMap::new() };
        of.iter().map(|share| (share.household, share.lines.clone())).collect()
    }

    /// The first record of it by one of its parties.
    pub fn since(&self) -> Option<Mark> {
        let receiver = self.receiver();
        let took = self.took.iter().filter(|((party, _), _)| receiver.is_none_or(|of| of == *party));
        let took = took.filter_map(|(_, claims)| claims.first());
        let claims = self.sent.iter().take(1).chain(took).map(|claim| claim.mark);
        let others = [self.first_promised(), self.at_gate(), self.back.keys().next().copied()];
        claims.chain(others.into_iter().flatten()).chain(self.found.keys().next().copied()).min()
    }
}

pub(crate) fn taker(at: &End) -> Taker {
    (at.party(), at.household())
}

/// Adds up what was told in lines.
pub(crate) fn sum<'a>(lines: impl Iterator<Item = &'a Lines>) -> Counts {
    let mut counts = Counts::new();
    lines.for_each(|lines| lines.add_to(&mut counts));
    counts
}
