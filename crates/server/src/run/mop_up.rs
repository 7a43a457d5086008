//! A round for those whom an earlier one missed, and what that one still hears of them.

use super::{
    Runs,
    book::Made,
    held,
    ids::Secrets,
    roll::{OfRoll, OnRoll},
    running::Running,
};
use crate::{people::id::RoundId, problem::Fault};
use domain::Scenario;
use round::Live;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The round that missed those for whom another one is, and how each calls them. It leads to nobody who is not on both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Which round.
    pub round: RoundId,
    /// Whether one came for each household.
    pub one_for_all: bool,
    /// By household in this round.
    pub households: BTreeMap<Uuid, Home>,
}

/// A household in two rounds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// In the round before.
    pub before: Uuid,
    /// The visits of its people in this round and in the one before.
    pub people: Vec<(Uuid, Uuid)>,
}

/// Whom the round before turned out to have served, after all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServedBefore {
    /// Their visits in this round.
    pub people: BTreeSet<Uuid>,
    /// Households of which it is everybody.
    pub households: BTreeSet<Uuid>,
}

/// Leaves in a scenario's roll, and in what became of it, only those whom a round of the same community had on its roll and did
/// not serve, nor one before it. `one_comes`: one comes for each household of the new round, so its roll has one, and all of it are on the phones.
pub fn leave_missed(
    (before, earlier): (&Running, &ServedBefore),
    scenario: &mut Scenario,
    on_roll: &mut OfRoll,
    one_comes: bool,
) {
    let definition = &before.made.definition;
    let (secrets, live) = (Secrets(&before.made.secret), before.folded().live());
    let visit = |of: &OnRoll| secrets.visit(of.id.0);
    let mut at_home = vec![Vec::new(); on_roll.households.len()];
    for of in on_roll.residents.iter().filter(|of| definition.people.contains(&visit(of))) {
        at_home[of.home as usize].push(visit(of));
    }
    let missed = on_roll.households.iter().zip(&at_home).map(|(household, people)| {
        missed((live, earlier), secrets.household(household.0), people, definition.one_for_all)
    });
    let missed: Vec<BTreeSet<Uuid>> = missed.collect();
    let stays: Vec<bool> =
        on_roll.residents.iter().map(|of| missed[of.home as usize].contains(&visit(of))).collect();
    let of_roll: Vec<u32> = (0..)
        .zip(&scenario.roll.households)
        .flat_map(|(place, of)| of.residents.clone().map(move |_| place))
        .collect();
    let (roll, kept) = scenario.roll.only(|one| match one_comes {
        true => !missed[of_roll[one as usize] as usize].is_empty(),
        false => stays[one as usize],
    });
    scenario.roll = roll;
    on_roll.households = kept.iter().map(|&place| on_roll.households[place as usize]).collect();
    let places: BTreeMap<u32, u32> = kept.into_iter().zip(0..).collect();
    let residents = on_roll.residents.iter().zip(stays).filter(|(_, stays)| *stays);
    let residents = residents.filter_map(|(of, _)| Some(OnRoll { home: *places.get(&of.home)?, ..*of }));
    on_roll.residents = residents.collect();
}

/// Who of a household was not served, neither by this round nor before it: all of it where one comes for all.
fn missed(
    (live, earlier): (&Live, &ServedBefore),
    household: Uuid,
    people: &[Uuid],
    one_for_all: bool,
) -> BTreeSet<Uuid> {
    if live.reached(household, people, one_for_all).missing == 0 {
        return BTreeSet::new();
    }
    let served = |of: &Uuid| earlier.people.contains(of) || !one_for_all && live.was_served(*of);
    people.iter().copied().filter(|of| !served(of)).collect()
}

impl Before {
    /// Of a round that is made with this secret.
    pub fn new(before: &Made, on_roll: &OfRoll, secret: &[u8; 32]) -> Before {
        let (now, then) = (Secrets(secret), Secrets(&before.secret));
        let mut homes: Vec<Home> = on_roll
            .households
            .iter()
            .map(|of| Home { before: then.household(of.0), people: Vec::new() })
            .collect();
        for of in &on_roll.residents {
            homes[of.home as usize].people.push((now.visit(of.id.0), then.visit(of.id.0)));
        }
        let households = on_roll.households.iter().map(|of| now.household(of.0)).zip(homes);
        Before {
            round: before.id,
            one_for_all: before.definition.one_for_all,
            households: households.collect(),
        }
    }
}

impl Runs {
    /// Whom the round before this one, or one before that, turned out to have served: a phone without a network tells of it late.
    /// Nobody, where this round is for everybody.
    ///
    /// # Errors
    /// The disk says no.
    pub fn served_before(&self, made: &Made) -> Result<ServedBefore, Fault> {
        let mut served = ServedBefore::default();
        let Some(before) = &made.definition.before else { return Ok(served) };
        // Whoever holds a round may wait for an earlier one, never the other way round.
        let running = self.running(made.community, before.round)?;
        let running = held(&running);
        let earlier = self.served_before(&running.made)?;
        let live = running.folded().live();
        for (&household, home) in &before.households {
            let then: Vec<Uuid> = home.people.iter().map(|&(_, then)| then).collect();
            let missed = missed((live, &earlier), home.before, &then, before.one_for_all);
            let some = home.people.iter().filter(|(_, then)| !missed.contains(then));
            served.people.extend(some.map(|&(now, _)| now));
            if missed.is_empty() {
                served.households.insert(household);
            }
        }
        Ok(served)
    }
}
