//! A shipment as all that was told of it comes to.

use crate::{
    Counts, Mark, Promise, Reason, Role, Who,
    facts::{Facts, Taker},
    flow::Flow,
};
use domain::Moment;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A shipment as all that was told of it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipmentNow {
    /// Which.
    pub id: Uuid,
    /// What was promised last; `None`: it came or left, and nobody here has heard of a promise.
    pub promise: Option<Promise>,
    /// How far it is.
    pub stage: Stage,
    /// Since when.
    pub since: Moment,
    /// What left.
    pub sent: Counts,
    /// What came to whomever it was promised to.
    pub received: Counts,
    /// Still on its way.
    pub transit: Counts,
    /// Left, did not come, and is neither found nor written off.
    pub missing: Counts,
    /// Came and had not left.
    pub surplus: Counts,
    /// Its receivers: households, or one party.
    pub shares: Vec<ShareNow>,
    /// Records that contradict each other; until the desk has looked, the first of them holds.
    pub contested: BTreeSet<Uuid>,
    /// What somebody knows of what is missing or too much: who, as what, and why.
    pub explained: Vec<(Uuid, Role, Reason)>,
    /// Another party than the one that it was promised to has it.
    pub astray: Option<Uuid>,
    /// What each such party says that it has.
    pub elsewhere: BTreeMap<Uuid, Counts>,
}

/// How far a shipment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is promised.
    Promised,
    /// It will not come.
    CalledOff,
    /// It left.
    Sent,
    /// It stands at the gate, or at a door, and nobody has said that it came.
    AtGate,
    /// All receivers have said that it came, all of it.
    Received,
    /// All receivers have spoken, and something is missing.
    Short,
    /// It was refused, and is not in the sender's stock again.
    Refused,
    /// It was refused, or came back in part, and is in the sender's stock again.
    TakenBack,
}

/// A receiver of a shipment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareNow {
    /// Which household; `None`: the party.
    pub household: Option<Uuid>,
    /// Since when it is said to stand there.
    pub brought: Option<Moment>,
    /// Who said that they left it at the door: as volunteers they confirm it for nobody.
    pub gave: BTreeSet<Who>,
    /// What came, by the word that holds.
    pub received: Counts,
    /// Since when it is confirmed: received or refused.
    pub confirmed: Option<Moment>,
    /// It was refused, and why.
    pub refused: Option<Reason>,
    /// The records in which receivers have said so: what the desk has looked at when it settles them.
    pub told: BTreeSet<Uuid>,
}

impl Stage {
    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Promised => "supplies.stage.promised",
            Stage::CalledOff => "supplies.stage.called_off",
            Stage::Sent => "supplies.stage.sent",
            Stage::AtGate => "supplies.stage.at_gate",
            Stage::Received => "supplies.stage.received",
            Stage::Short => "supplies.stage.short",
            Stage::Refused => "supplies.stage.refused",
            Stage::TakenBack => "supplies.stage.taken_back",
        }
    }
}

impl ShipmentNow {
    /// What whoever takes it in should find: what left; as long as nobody has said that, what was promised.
    pub fn awaited(&self) -> Counts {
        if self.sent.is_empty() {
            crate::facts::sum(self.promise.as_ref().map(|promise| promise.to.lines()).iter())
        } else {
            self.sent.clone()
        }
    }

    pub(crate) fn of(id: Uuid, facts: &Facts, flow: &Flow) -> Option<ShipmentNow> {
        let first = facts.since()?;
        let promise = facts.promise().cloned();
        let mut elsewhere: BTreeMap<Uuid, Counts> = BTreeMap::new();
        for ((party, _), of) in &flow.astray {
            let counts = elsewhere.entry(*party).or_default();
            of.parts.iter().for_each(|part| part.lines.add_to(counts));
        }
        elsewhere.values_mut().for_each(|counts| counts.retain(|_, count| *count != 0));
        // Whoever has settled that they have nothing has nothing.
        elsewhere.retain(|_, counts| !counts.is_empty());
        let gate = facts.at_gate();
        let share = |(party, household): Taker| {
            let of = flow.taken.get(&(party, household));
            let theirs = of.into_iter().flat_map(|of| &of.parts);
            let refused = of.and_then(|of| of.refused);
            let spoken = theirs.map(|part| part.mark).chain(refused.map(|(mark, _)| mark)).min();
            let brought = household.map_or(gate, |household| facts.given(household));
            ShareNow {
                household,
                brought: brought.map(|mark| mark.at),
                gave: household.map(|household| facts.gave(household).collect()).unwrap_or_default(),
                received: crate::facts::sum(of.into_iter().flat_map(|of| &of.parts).map(|part| &part.lines)),
                confirmed: spoken.map(|mark| mark.at),
                refused: refused.map(|(_, reason)| reason),
                told: of.map(|of| of.told.clone()).unwrap_or_default(),
            }
        };
        let receiver = facts.receiver().unwrap_or_default();
        let mut takers: BTreeSet<Taker> =
            facts.shares().into_keys().map(|household| (receiver, Some(household))).collect();
        takers.extend(flow.taken.keys().copied());
        if takers.is_empty() {
            takers.insert((receiver, None));
        }
        let shares: Vec<ShareNow> = takers.into_iter().map(share).collect();
        let (stage, since) = stage(facts, flow, &shares, first);
        Some(ShipmentNow {
            id,
            promise,
            stage,
            since,
            sent: crate::facts::sum(flow.sent.parts.iter().map(|part| &part.lines)),
            received: crate::facts::sum(flow.taken.values().flat_map(|of| &of.parts).map(|part| &part.lines)),
            transit: flow.transit.clone(),
            missing: flow.missing.clone(),
            surplus: flow.surplus.clone(),
            shares,
            contested: flow.contested(),
            explained: facts
                .explained
                .iter()
                .map(|(mark, why)| (mark.by.party, mark.by.role, *why))
                .collect(),
            astray: elsewhere.keys().next().copied(),
            elsewhere,
        })
    }

    /// Receivers who have not said that it came.
    pub fn unconfirmed(&self) -> impl Iterator<Item = &ShareNow> {
        self.shares.iter().filter(|share| share.confirmed.is_none())
    }

    /// Whether nothing of it is still to be done or asked.
    pub fn is_over(&self) -> bool {
        let done = matches!(self.stage, Stage::Received | Stage::CalledOff | Stage::TakenBack);
        done && self.transit.is_empty()
            && self.missing.is_empty()
            && self.contested.is_empty()
            && self.astray.is_none()
    }
}

/// How far it is, and since when.
fn stage(facts: &Facts, flow: &Flow, shares: &[ShareNow], first: Mark) -> (Stage, Moment) {
    let parts = flow.taken.values().flat_map(|of| &of.parts).map(|part| part.mark);
    let refused = flow.taken.values().filter_map(|of| of.refused).map(|(mark, _)| mark);
    let sent = flow.sent.parts.iter().map(|part| part.mark).min();
    if shares.iter().all(|share| share.confirmed.is_some()) {
        let all_refused = parts.clone().next().is_none() && refused.clone().next().is_some();
        let since = parts.chain(refused.clone()).max().unwrap_or(first).at;
        let back = facts.back.keys().next_back().map(|mark| mark.at);
        // What is called off after it was refused never left.
        let off = facts.called_off_last().filter(|off| Some(*off) > refused.clone().max());
        return match back {
            _ if flow.is_short => (Stage::Short, since),
            // What a refusal leaves on its way is to come back. Of several households one may have refused what the others have.
            Some(back) if all_refused && !flow.is_out => (Stage::TakenBack, back),
            None if all_refused && sent.is_none() && off.is_some() => {
                (Stage::CalledOff, off.unwrap_or(first).at)
            }
            _ if refused.clone().next().is_some() && (sent.is_none() || flow.is_out) => {
                (Stage::Refused, since)
            }
            _ => (Stage::Received, since),
        };
    }
    // All came back, unless somebody has spoken: then what is not on its way any more says nothing of those who have not.
    let nobody_spoke = shares.iter().all(|share| share.confirmed.is_none());
    let back = facts.back.keys().next_back().filter(|_| sent.is_some() && !flow.is_out && nobody_spoke);
    let brought = shares.iter().filter_map(|share| share.brought).min();
    match (back, sent, facts.called_off()) {
        (Some(mark), ..) => (Stage::TakenBack, mark.at),
        (None, None, Some(mark)) if brought.is_none() && parts.clone().next().is_none() => {
            (Stage::CalledOff, mark.at)
        }
        _ if brought.is_some() => (Stage::AtGate, brought.unwrap_or(first.at)),
        (None, Some(mark), _) => (Stage::Sent, mark.at),
        _ => (Stage::Promised, first.at),
    }
}
