//! A round for those whom an earlier one missed.

use super::{definition::Definition, ids::Secrets, running::Running};
use crate::people::names::Imported;
use domain::Scenario;
use uuid::Uuid;

/// Leaves in a scenario's roll, and in what became of it, only those whom a round of the same community had on its roll and did
/// not serve. `homes`: the household of each resident, as its place.
pub fn leave_missed(before: &Running, scenario: &mut Scenario, imported: &mut Imported, homes: &[u32]) {
    let Definition { people, one_for_all, .. } = &before.made.definition;
    let (secrets, live) = (Secrets(&before.made.secret), before.folded().live());
    let visits: Vec<Uuid> = imported.residents.iter().map(|of| secrets.visit(of.0)).collect();
    let mut at_home = vec![Vec::new(); imported.households.len()];
    for (visit, &home) in visits.iter().zip(homes).filter(|(visit, _)| people.contains(*visit)) {
        at_home[home as usize].push(*visit);
    }
    let missed_homes = imported.households.iter().zip(&at_home).map(|(household, of)| {
        let reached = live.reached(secrets.household(household.0), of, *one_for_all);
        reached.missing > 0
    });
    let missed_homes: Vec<bool> = missed_homes.collect();
    let stays = |(visit, home): (&Uuid, u32)| {
        let served = !one_for_all && live.was_served(*visit);
        people.contains(visit) && missed_homes[home as usize] && !served
    };
    let stays: Vec<bool> = visits.iter().zip(homes.iter().copied()).map(stays).collect();
    // Where one comes for each household, the roll has one, and all of it are on the phones.
    let heads = scenario.roll.residents.len() < visits.len();
    let of_roll: Vec<u32> = (0..)
        .zip(&scenario.roll.households)
        .flat_map(|(place, of)| of.residents.clone().map(move |_| place))
        .collect();
    let (roll, kept) = scenario.roll.only(|one| match heads {
        true => missed_homes[of_roll[one as usize] as usize],
        false => stays[one as usize],
    });
    scenario.roll = roll;
    imported.households = kept.iter().map(|&place| imported.households[place as usize]).collect();
    let residents = imported.residents.iter().zip(stays).filter(|(_, stays)| *stays);
    imported.residents = residents.map(|(of, _)| *of).collect();
}
