//! What the rounds of a community take from its stock: what each slot needs, what is there by then, and what is to be brought.

use super::place_of;
use crate::{
    access::role::Place,
    app::App,
    limits,
    parties::{OpenBook, stock_of},
    people::{
        self,
        id::{CommunityId, RoundId},
    },
    problem::Fault,
    run::{book::RoundListed, held, provision::RoundProvision},
};
use axum::http::StatusCode;
use domain::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use supplies::{Asked, Command, Good, Lines, Role, SlotNow, Supplies, demand};
use utoipa::ToSchema;

/// A round of the community that takes something.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoundTakes {
    /// Its id.
    round: RoundId,
    /// What people call it.
    name: String,
    /// The planned opening, seconds since 1970.
    opens: i64,
    /// What it takes in all.
    goods: Vec<Taken>,
}

/// A good, and how many a round takes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Taken {
    good: String,
    unit: String,
    count: u64,
    /// Whether it comes from the stock.
    provided: bool,
}

/// What a good is called, and in what it is counted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GoodNamed {
    good: String,
    unit: String,
}

/// A good that rounds need of the stock.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoodNeeded {
    good: String,
    unit: String,
    /// How many are lacking in all, also when what is surely on its way has come.
    lacks: i64,
    /// Slots that are not over.
    slots: Vec<SlotSeen>,
}

/// A slot.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotSeen {
    /// Its beginning, seconds since 1970.
    from: i64,
    /// Its end.
    until: i64,
    /// How many it needs on 98 of 100 rehearsed days.
    needs: i64,
    /// How many of them were used so far, as far as phones have told.
    used: i64,
    /// How many are in stock or surely come before it.
    there: i64,
    /// How many are lacking by its end, of it and the slots before it together.
    lacks: i64,
}

/// Something is to be brought, whole boxes.
#[derive(Debug, Serialize, ToSchema)]
pub struct BringSeen {
    good: String,
    unit: String,
    boxes: u64,
    count: u64,
    /// When it is at the gate, seconds since 1970; what should have come is to come now.
    due: i64,
    /// When it leaves at the latest.
    leaves: i64,
}

/// Rounds that a stock provides for, or may.
#[derive(Default)]
pub struct Rounds(Vec<(RoundListed, RoundProvision)>);

impl Rounds {
    /// Of a party, those that are not over, the soonest first. Blocks on the disk.
    ///
    /// # Errors
    /// A store says no.
    pub fn of(app: &App, party: &str) -> Result<Rounds, Fault> {
        let Place::Community(community) = place_of(app, party)?.0 else { return Ok(Rounds::default()) };
        let now = people::now();
        let known = app.runs.book.rounds(community)?.into_iter().filter(|of| of.phones_until > now);
        let mut rounds = Vec::new();
        for listed in known.take(limits::ROUNDS_PROVIDED) {
            if let Some(provision) = provision(app, community, listed.id)? {
                rounds.push((listed, provision));
            }
        }
        rounds.reverse();
        Ok(Rounds(rounds))
    }

    /// As a desk sees them.
    pub fn seen(&self, supplies: &Supplies) -> Vec<RoundTakes> {
        let store = stock_of(supplies.own());
        let seen = |(of, provision): &(RoundListed, RoundProvision)| {
            let mut goods: BTreeMap<Good, u64> = BTreeMap::new();
            for (good, count) in provision.slots().into_iter().flat_map(|slot| slot.lines) {
                *goods.entry(good).or_default() += count;
            }
            let provided = supplies.goods_of(store, of.id.0);
            let taken = |(good, count): (Good, u64)| {
                let provided = provided.contains(&good);
                Taken { good: good.name, unit: good.unit, count, provided }
            };
            RoundTakes {
                round: of.id,
                name: of.name.clone(),
                opens: of.opens,
                goods: goods.into_iter().map(taken).collect(),
            }
        };
        self.0.iter().map(seen).collect()
    }

    /// What is to be brought, the first first.
    pub fn bring(&self, supplies: &Supplies, now: Moment) -> Vec<BringSeen> {
        let store = stock_of(supplies.own());
        let mut all = Vec::new();
        for good in supplies.needed(store, now) {
            let Some((rule, spare)) = self.0.iter().find_map(|(_, of)| of.rule(good)) else { continue };
            let mut brought = 0;
            let slots = supplies.slots(store, good, now).into_iter();
            let lacks = slots.map(|of| (of.slot.0, of.lacks.max(0) as u64));
            for of in lacks.filter_map(|slot| demand::bring(&rule, spare, slot, &mut brought)) {
                let due = Moment(of.due).max(now);
                all.push(BringSeen {
                    good: good.name.clone(),
                    unit: good.unit.clone(),
                    boxes: of.boxes,
                    count: of.count,
                    due: super::seconds(due),
                    leaves: super::seconds(Moment(of.leaves).max(now)),
                });
            }
        }
        all.sort_by_key(|of| (of.due, of.leaves));
        all
    }
}

/// What rounds need, good by good: first those that are lacking.
pub fn needs(supplies: &Supplies, now: Moment) -> Vec<GoodNeeded> {
    let store = stock_of(supplies.own());
    let slot = |of: &SlotNow| SlotSeen {
        from: super::seconds(of.slot),
        until: super::seconds(of.until),
        needs: of.needs,
        used: of.used,
        there: of.there,
        lacks: of.lacks,
    };
    let seen = |good: &Good| {
        let slots = supplies.slots(store, good, now);
        GoodNeeded {
            good: good.name.clone(),
            unit: good.unit.clone(),
            lacks: slots.iter().map(|of| of.lacks).max().unwrap_or(0),
            slots: slots.iter().map(slot).collect(),
        }
    };
    let mut all: Vec<GoodNeeded> = supplies.needed(store, now).map(seen).collect();
    all.sort_by_key(|of| of.lacks == 0);
    all
}

/// What the slots of a round need of these goods, as it is to be known of a party's stock. Blocks on the disk.
///
/// # Errors
/// It is no round of this party, it takes nothing, or a store says no.
pub fn wanted(
    app: &App,
    party: &str,
    round: RoundId,
    goods: &[GoodNamed],
) -> Result<Vec<(Slot, Asked)>, Fault> {
    let none = || Fault::new(StatusCode::CONFLICT, "supplies_round_takes_nothing");
    let Place::Community(community) = place_of(app, party)?.0 else { return Err(none()) };
    let slots = provision(app, community, round)?.ok_or_else(none)?.slots();
    let is_named = |good: &Good| goods.iter().any(|of| (&of.good, &of.unit) == (&good.name, &good.unit));
    let asked = |lines: BTreeMap<Good, u64>| -> Asked {
        let lines = lines.into_iter().filter(|(good, _)| is_named(good));
        lines.map(|(good, count)| (good, i64::try_from(count).unwrap_or(i64::MAX))).collect()
    };
    let slots = slots.into_iter().map(|of| ((of.slot, of.until), asked(of.lines)));
    Ok(slots.filter(|(_, lines)| !lines.is_empty()).collect())
}

type Slot = (Moment, Moment);

/// Commands by which a stock provides for these slots of a round and for no others of it.
pub fn commands(open: &OpenBook, round: RoundId, wanted: &[(Slot, Asked)]) -> Vec<(Role, Command)> {
    let (supplies, store) = (open.book().supplies(), stock_of(open.book().own()));
    let mut slots: BTreeMap<Slot, Asked> = wanted.iter().cloned().collect();
    for (slot, Lines(lines)) in supplies.needs_of(store, round.0) {
        let asked = slots.entry(slot).or_default();
        let known: BTreeSet<Good> = asked.iter().map(|(good, _)| good.clone()).collect();
        asked.extend(lines.into_keys().filter(|good| !known.contains(good)).map(|good| (good, 0)));
    }
    let need = |((slot, until), lines): (Slot, Asked)| {
        (Role::Desk, Command::Need { store, slot, until, round: Some(round.0), lines })
    };
    slots.into_iter().map(need).collect()
}

fn provision(app: &App, community: CommunityId, round: RoundId) -> Result<Option<RoundProvision>, Fault> {
    let running = app.runs.running(community, round)?;
    Ok(RoundProvision::of(&mut held(&running)))
}
