//! What a shipment's records come to: where its units went, entry by entry.

use crate::{
    Account, Counts, End, Good, Lines, Loss, Mark, Store,
    claim::{Holding, Part},
    facts::{Facts, Taker, sum, taker},
    ledger::Entry,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Where the units of a shipment went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flow {
    /// What the ledger writes.
    pub entries: Vec<Entry>,
    pub sent: Holding,
    /// By whomever it was promised to; by anybody, where nobody promised it.
    pub taken: BTreeMap<Taker, Holding>,
    /// By anybody else.
    pub astray: BTreeMap<Taker, Holding>,
    /// Still on its way.
    pub transit: Counts,
    /// Neither came nor stayed on its way, and nobody has found it or written it off.
    pub missing: Counts,
    /// By the word of its parties alone something is still on its way.
    pub is_out: bool,
    /// By the word of its parties alone something is missing.
    pub is_short: bool,
    /// Came though it had not left.
    pub surplus: Counts,
}

impl Flow {
    /// Where the units went, with what two have written off.
    pub fn of(shipment: Uuid, facts: &Facts, write_offs: &[(Mark, Lines)]) -> Flow {
        let receiver = facts.receiver();
        let (taken, astray) =
            facts.taken().into_iter().partition(|((party, _), _)| receiver.is_none_or(|of| of == *party));
        let promised = facts.promise().map(|promise| promise.from);
        let mut flow = Flow { sent: facts.sent(), taken, astray, ..Flow::default() };
        let (transit, missing) = (Account::Transit(shipment), Account::Missing(shipment));
        let origin = promised.flatten().map_or(Account::Outside, Account::Stock);
        for Part { mark, at, lines } in flow.sent.parts.clone() {
            flow.write(mark, &lines, account(&at), transit);
        }
        flow.transit = sum(flow.sent.parts.iter().map(|part| &part.lines));
        let shares = facts.shares();
        if flow.sent.parts.is_empty() {
            // Nobody has said that it left, and it came: it left as it was promised, or else as it came.
            for ((_, share), holding) in flow.taken.clone() {
                let Some(first) = holding.parts.first().map(|part| part.mark) else { continue };
                let promised = match share {
                    None => facts.promise().map(|promise| promise.to.lines()),
                    Some(household) => shares.get(&household).cloned(),
                };
                for lines in promised
                    .iter()
                    .chain(holding.parts.iter().map(|part| &part.lines).filter(|_| promised.is_none()))
                {
                    flow.write(first, lines, origin, transit);
                    lines.add_to(&mut flow.transit);
                }
            }
        }
        let mut taken: Vec<(Taker, Holding)> = flow
            .taken
            .iter()
            .filter(|(_, of)| !of.parts.is_empty())
            .map(|(taker, of)| (*taker, of.clone()))
            .collect();
        taken.sort_by_key(|(taker, of)| (of.parts.iter().map(|part| part.mark).min(), *taker));
        for ((_, share), holding) in taken {
            let awaited = match share {
                None => flow.transit.clone(),
                Some(household) => sum(shares.get(&household).into_iter()),
            };
            for part in &holding.parts {
                for (good, count) in &part.lines.0 {
                    let count = i64::from(*count);
                    let came = count.min(flow.in_transit(good));
                    flow.shift(part.mark, good, came, transit, account(&part.at));
                    flow.extra(part.mark, good, count - came, &part.at);
                }
            }
            let came = sum(holding.parts.iter().map(|part| &part.lines));
            let Some(last) = holding.parts.last().map(|part| part.mark) else { continue };
            for (good, awaited) in awaited {
                let short = awaited - came.get(&good).copied().unwrap_or(0);
                let short = short.min(flow.in_transit(&good));
                flow.shift(last, &good, short, transit, missing);
            }
        }
        for (mark, (store, lines)) in &facts.back {
            for (good, count) in &lines.0 {
                let count = i64::from(*count);
                let back = count.min(flow.in_transit(good));
                flow.shift(*mark, good, back, transit, Account::Stock(*store));
                let found = (count - back).min(flow.missing(good));
                flow.shift(*mark, good, found, missing, Account::Stock(*store));
                flow.extra(*mark, good, count - back - found, &End::Store(*store));
            }
        }
        for (mark, (store, lines)) in &facts.found {
            for (good, count) in &lines.0 {
                let found = i64::from(*count).min(flow.missing(good));
                flow.shift(*mark, good, found, missing, Account::Stock(*store));
                flow.extra(*mark, good, i64::from(*count) - found, &End::Store(*store));
            }
        }
        for (mark, lines) in write_offs {
            for (good, count) in &lines.0 {
                let gone = i64::from(*count).min(flow.missing(good));
                flow.shift(*mark, good, gone, missing, Account::WrittenOff(Loss::Shipment(shipment)));
            }
        }
        flow.is_out = flow.transit.values().any(|count| *count != 0);
        flow.is_short = flow.missing.values().any(|count| *count != 0);
        // Whoever else says that they have it gets what is accounted for by none of its parties.
        for Part { mark, at, lines } in
            flow.astray.values().flat_map(|of| of.parts.clone()).collect::<Vec<_>>()
        {
            for (good, count) in &lines.0 {
                let count = i64::from(*count);
                let came = count.min(flow.in_transit(good));
                flow.shift(mark, good, came, transit, account(&at));
                let found = (count - came).min(flow.missing(good));
                flow.shift(mark, good, found, missing, account(&at));
                flow.extra(mark, good, count - came - found, &at);
            }
        }
        for counts in [&mut flow.transit, &mut flow.missing, &mut flow.surplus] {
            counts.retain(|_, count| *count != 0);
        }
        flow
    }

    /// What a receiver has said, or somebody else who has it.
    pub fn told(&self, at: &End) -> Option<&Holding> {
        self.taken.get(&taker(at)).or_else(|| self.astray.get(&taker(at)))
    }

    /// Records that contradict each other, with where it was said.
    pub fn contested(&self) -> BTreeSet<Uuid> {
        let taken = self.taken.values().flat_map(|of| of.contested.iter().copied());
        self.sent.contested.iter().copied().chain(taken).collect()
    }

    fn in_transit(&self, good: &Good) -> i64 {
        self.transit.get(good).copied().unwrap_or(0)
    }

    fn missing(&self, good: &Good) -> i64 {
        self.missing.get(good).copied().unwrap_or(0)
    }

    fn write(&mut self, mark: Mark, lines: &Lines, from: Account, to: Account) {
        for (good, count) in &lines.0 {
            self.entry(mark, good, i64::from(*count), from, to);
        }
    }

    /// Takes units out of what is on its way or missing.
    fn shift(&mut self, mark: Mark, good: &Good, count: i64, from: Account, to: Account) {
        if count <= 0 {
            return;
        }
        let of = if matches!(from, Account::Transit(_)) { &mut self.transit } else { &mut self.missing };
        *of.entry(good.clone()).or_default() -= count;
        if matches!(to, Account::Missing(_)) {
            *self.missing.entry(good.clone()).or_default() += count;
        }
        self.entry(mark, good, count, from, to);
    }

    /// What came though nobody has sent it is a difference, to be explained.
    fn extra(&mut self, mark: Mark, good: &Good, count: i64, at: &End) {
        if count > 0 {
            *self.surplus.entry(good.clone()).or_default() += count;
            self.entry(mark, good, count, Account::Difference(at.party()), account(at));
        }
    }

    fn entry(&mut self, mark: Mark, good: &Good, count: i64, from: Account, to: Account) {
        if count > 0 {
            self.entries.push(Entry { at: (mark.at, mark.id), good: good.clone(), count, from, to });
        }
    }
}

fn account(at: &End) -> Account {
    match *at {
        End::Store(store) => Account::Stock(Store { ..store }),
        End::Door { party, .. } => Account::Given(party),
    }
}
