//! What a round takes from a stock: what its plan needs of each good slot by slot, kept with the round, and what it has used so far by the rules
//! of the same `supplies.csv`.

use crate::supplies::{SupplyPlan, used};
use domain::{Envelope, Event, Moment, Scenario, Supply, SupplyRules, supply::Per};
use queueing::Probe;
use rehearse::Begun;
use round::Phase;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use supplies::{Good, demand::amount};
use uuid::Uuid;

/// Units of each good that each slot needs, the goods as the file has them: what a round keeps of its plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Needs(Vec<Vec<u64>>);

/// A round, and what it takes.
#[derive(Clone, Copy, Debug)]
pub struct Provision<'a> {
    /// The site as it was planned, with its rules of supplies.
    pub scenario: &'a Scenario,
    /// What its plan needs.
    pub needs: &'a Needs,
    /// Its planned opening, at which the first slot begins.
    pub opens: Moment,
}

/// A slot, and units of goods: what it needs, or what was used in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotLines {
    /// Its beginning.
    pub slot: Moment,
    /// Its end.
    pub until: Moment,
    /// Goods that stand in several rows once, with their sum.
    pub lines: BTreeMap<Good, u64>,
}

impl From<&SupplyPlan> for Needs {
    fn from(plan: &SupplyPlan) -> Needs {
        Needs(plan.goods.iter().map(|(_, demand)| demand.slots.iter().map(|of| of.needs).collect()).collect())
    }
}

impl Provision<'_> {
    /// Whether it takes anything.
    pub fn is_any(&self) -> bool {
        self.rows().any(|(_, needs)| needs.iter().any(|count| *count > 0))
    }

    /// What each slot needs; none that needs nothing.
    pub fn slots(&self) -> Vec<SlotLines> {
        let mut slots = self.by_slot(self.rows().map(|(supply, needs)| (supply, needs.clone())));
        slots.iter_mut().for_each(|slot| slot.lines.retain(|_, count| *count > 0));
        slots.retain(|slot| !slot.lines.is_empty());
        slots
    }

    /// The rule by which a good is brought: of several rows the first.
    pub fn rule(&self, good: &Good) -> Option<&Supply> {
        self.rules().goods.iter().find(|of| good_of(of) == *good)
    }

    /// What was used in each slot until now: by whom the round has served, tubes as they were begun where that was written down, and of what
    /// staff use the part of their hours that is over. A slot in which nothing was, as when somebody took back what was told, says 0.
    pub fn used<'e>(
        &self,
        phase: Phase,
        events: impl Iterator<Item = &'e Envelope>,
        now: Moment,
    ) -> Vec<SlotLines> {
        let rules = self.rules();
        let (served, tubes) = self.served(events);
        let planned = self.needs.0.iter().map(Vec::len).max().unwrap_or(0);
        let count = planned.max(served.slots()).max(tubes.slots());
        let until = match phase {
            Phase::Before => self.opens,
            Phase::Open { .. } => now,
            Phase::Closed { at } => at,
        };
        let of = |(supply, needs): (&Supply, &Vec<u64>)| -> Vec<u64> {
            if supply.per == Per::StaffHour {
                let past = |slot: i64| (until - self.opens - slot * rules.slot).clamp(0, rules.slot);
                let part =
                    |(slot, count): (i64, &u64)| u128::from(*count) * past(slot) as u128 / rules.slot as u128;
                return (0..).zip(needs).map(|of| part(of) as u64).collect();
            }
            let so_far = |slot: usize| match supply.per {
                Per::Tube if tubes.slots() > 0 => tubes.people(0, slot).sum(),
                _ => used(self.scenario, supply, &served, slot, rules.slot),
            };
            let sums: Vec<u64> = (0..count).map(|slot| amount(supply, rules.hot, so_far(slot))).collect();
            (0..count).map(|slot| sums[slot] - slot.checked_sub(1).map_or(0, |before| sums[before])).collect()
        };
        self.by_slot(self.rows().map(|row| (row.0, of(row))))
    }

    /// Whose service had begun when, and tubes likewise, at a station of their own.
    fn served<'e>(&self, events: impl Iterator<Item = &'e Envelope>) -> (Begun, Begun) {
        let (length, stations) = (self.rules().slot, &self.scenario.site.stations);
        let (mut begun, mut given, mut tubes) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let first = |of: &mut BTreeMap<(Uuid, usize), (Moment, usize)>, key, at, lane| {
            let known = of.entry(key).or_insert((at, lane));
            *known = (at, lane).min(*known);
        };
        for envelope in events {
            let Some(at) = Moment::parse(&envelope.at) else { continue };
            match &envelope.event {
                Event::ServiceStarted { visit, station, lane, .. }
                | Event::Served { visit, station, lane, .. } => {
                    if let Some(place) = stations.iter().position(|of| of.name == *station) {
                        first(&mut begun, (*visit, place), at, usize::from(*lane));
                    }
                }
                Event::ItemGiven { visit, kind, item, .. } => {
                    first(&mut given, (*visit, 0), at, 0);
                    if kind == "tube" {
                        first(&mut tubes, (*item, 0), at, 0);
                    }
                }
                _ => {}
            }
        }
        // Who was given something was served, also where nobody wrote down the service.
        let giving = self.scenario.site.giving();
        for ((visit, _), (at, lane)) in given {
            if let Some(&place) = giving.first()
                && !giving.iter().any(|place| begun.contains_key(&(visit, *place)))
            {
                begun.insert((visit, place), (at, lane));
            }
        }
        let count = |of: BTreeMap<(Uuid, usize), (Moment, usize)>| {
            let mut counted = Begun::by_slots(length);
            for ((_, station), (at, lane)) in of {
                counted.started(at - self.opens, 0, 1, station, lane, 0);
            }
            counted
        };
        (count(begun), count(tubes))
    }

    fn rules(&self) -> &SupplyRules {
        &self.scenario.supplies
    }

    fn rows(&self) -> impl Iterator<Item = (&Supply, &Vec<u64>)> {
        self.rules().goods.iter().zip(&self.needs.0)
    }

    fn by_slot<'s>(&self, rows: impl Iterator<Item = (&'s Supply, Vec<u64>)>) -> Vec<SlotLines> {
        let length = self.rules().slot;
        let mut slots: BTreeMap<i64, BTreeMap<Good, u64>> = BTreeMap::new();
        for (supply, counts) in rows {
            for (slot, count) in (0..).zip(counts) {
                *slots.entry(slot).or_default().entry(good_of(supply)).or_default() += count;
            }
        }
        let lines = |(slot, lines)| {
            let slot = self.opens + slot * length;
            SlotLines { slot, until: slot + length, lines }
        };
        slots.into_iter().map(lines).collect()
    }
}

fn good_of(supply: &Supply) -> Good {
    Good::new(&supply.good, &supply.unit)
}
