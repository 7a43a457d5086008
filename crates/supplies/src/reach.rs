//! Whether a stock reaches: what rounds need of it slot by slot, what they have used so far, and what is there by then.

use crate::{Account, CONFIRMED_WITHIN, Good, Lines, ShipmentNow, Stage, Store, Supplies, To};
use domain::Moment;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A slot that is not over, and whether a stock reaches until its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotNow {
    /// Its beginning.
    pub slot: Moment,
    /// Its end.
    pub until: Moment,
    /// Units that it needs, of all rounds together.
    pub needs: i64,
    /// Units of them that were used so far.
    pub used: i64,
    /// Units that are in stock or surely come before it.
    pub there: i64,
    /// Units that are lacking by its end, of it and the slots before it together.
    pub lacks: i64,
}

impl Supplies {
    /// Goods that rounds need of a stock: those of which some slot still needs anything.
    pub fn needed(&self, store: Store, now: Moment) -> impl Iterator<Item = &Good> {
        let of = self.needs.iter().filter(move |((of, _), _)| *of == store);
        let open = of.filter(move |(_, slots)| slots.values().any(|need| need.until > now && need.count > 0));
        open.map(|((_, good), _)| good)
    }

    /// Rounds that a stock provides for, with the end of their last slot that needs anything.
    pub fn provided(&self, store: Store) -> BTreeMap<Uuid, Moment> {
        let mut rounds = BTreeMap::new();
        let of = self.needs.iter().filter(|((of, _), _)| *of == store);
        for ((_, round), need) in of.flat_map(|(_, slots)| slots).filter(|(_, need)| need.count > 0) {
            if let Some(round) = round {
                let until = rounds.entry(*round).or_insert(need.until);
                *until = need.until.max(*until);
            }
        }
        rounds
    }

    /// The slots of a good that are not over, the first first.
    pub fn slots(&self, store: Store, good: &Good, now: Moment) -> Vec<SlotNow> {
        let all = self.needs.get(&(store, good.clone())).into_iter().flatten();
        let mut open: BTreeMap<Moment, (Moment, i64)> = BTreeMap::new();
        for ((slot, _), need) in all.filter(|(_, need)| need.until > now) {
            let (until, count) = open.entry(*slot).or_insert((need.until, 0));
            (*until, *count) = (need.until.max(*until), *count + i64::from(need.count));
        }
        // Of a stock from which more is told to have left than ever came nobody knows how much there is.
        let (stock, mut left) = (self.ledger().balance(Account::Stock(store), good).max(0), 0);
        let now_of = |(slot, (until, needs)): (Moment, (Moment, i64))| {
            let used = self.used_in(store, slot, good);
            left += (needs - used).max(0);
            let there = stock + self.coming(store, good, now, slot);
            SlotNow { slot, until, needs, used, there, lacks: (left - there).max(0) }
        };
        open.into_iter().map(now_of).collect()
    }

    /// What a stock was told that the slots of a round need, over or not, by their beginnings and ends.
    pub fn needs_of(&self, store: Store, round: Uuid) -> BTreeMap<(Moment, Moment), Lines> {
        let mut slots: BTreeMap<(Moment, Moment), Lines> = BTreeMap::new();
        let of = self.needs.iter().filter(|((of, _), _)| *of == store);
        let of = of.flat_map(|((_, good), slots)| slots.iter().map(move |of| (good, of)));
        for (good, ((slot, _), need)) in
            of.filter(|(_, ((_, of), need))| *of == Some(round) && need.count > 0)
        {
            slots.entry((*slot, need.until)).or_default().0.insert(good.clone(), need.count);
        }
        slots
    }

    /// Goods that a round takes from a stock.
    pub fn goods_of(&self, store: Store, round: Uuid) -> BTreeSet<Good> {
        self.needs_of(store, round).into_values().flat_map(|lines| lines.0.into_keys()).collect()
    }

    /// How many of a good somebody told as used in a slot, and when they told it last.
    pub fn used_by(&self, store: Store, slot: Moment, person: Uuid, good: &Good) -> Option<(Moment, u32)> {
        let told = self.used.get(&(store, slot, person, good.clone()))?;
        told.last_key_value().map(|(key, count)| (key.0, *count))
    }

    /// What is promised or on its way to a stock until then, and not late.
    pub fn coming(&self, store: Store, good: &Good, now: Moment, until: Moment) -> i64 {
        let open = |of: &ShipmentNow| matches!(of.stage, Stage::Promised | Stage::Sent | Stage::AtGate);
        let coming = self.shipments().filter(open).filter_map(|of| {
            let promise = of.promise.as_ref()?;
            let To::Store { store: to, lines } = &promise.to else { return None };
            let counts =
                *to == store && promise.due <= until.max(now) && now < promise.due + CONFIRMED_WITHIN;
            let count =
                if of.sent.is_empty() { lines.of(good) } else { of.transit.get(good).copied().unwrap_or(0) };
            counts.then_some(count)
        });
        coming.sum()
    }

    /// Whether a slot is known to need exactly this.
    pub(crate) fn is_needed(
        &self,
        store: Store,
        (slot, until): (Moment, Moment),
        round: Option<Uuid>,
        lines: &Lines,
    ) -> bool {
        lines.0.iter().all(|(good, count)| {
            let of = self.needs.get(&(store, good.clone())).and_then(|slots| slots.get(&(slot, round)));
            of.is_some_and(|need| (need.until, need.count) == (until, *count))
        })
    }
}
