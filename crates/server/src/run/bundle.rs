//! What a phone is given when it joins: as much of the roll as its task needs, and no more.

use super::{book::Made, ids::Secrets, mop_up::ServedBefore};
use crate::{
    access::role::Role,
    people::{
        id::{DeviceId, HouseholdId},
        names::Resident,
    },
};
use domain::{Moment, command::Table};
use phone::{Bundle, Door, Person, Task};
use std::collections::BTreeMap;

/// The bundle of a phone.
pub fn bundle(
    made: &Made,
    community: &str,
    device: DeviceId,
    role: Role,
    table: Option<Table>,
    (residents, served): (&[Resident], &ServedBefore),
) -> Bundle {
    let residents = if sees_roll(role) { residents } else { &[] };
    let definition = &made.definition;
    let kept = definition.kept.scenario();
    let gives_tubes = definition.rules.gives.as_ref().is_some_and(|(kind, _)| kind == "tube");
    // Whoever scans a tube or a box: a made-up one is refused without a network.
    let handles = !matches!(role, Role::Caller);
    Bundle {
        community: made.community.0,
        name: community.to_owned(),
        round: made.id.0,
        device: device.0,
        task: Task { role: role.name().to_owned(), table },
        rules: definition.rules.clone(),
        calls: definition.calls.clone(),
        waves: definition.waves.clone(),
        walking: kept.as_ref().map(|kept| kept.walking.clone()).unwrap_or_default(),
        callers: kept.map_or(0, |kept| kept.waves.callers.number),
        one_for_all: definition.one_for_all,
        doors: doors(made, (residents, served), |name| shown(role, name)),
        tube_key: (gives_tubes && handles).then_some(made.tube_key),
        code_key: sees_roll(role).then(|| Secrets(&made.secret).code_key()),
        forget_at: Moment(made.phones_until.min(made.retain_until).saturating_mul(10_000)),
    }
}

/// The doors of the round's roll, in order, without whom an earlier round turned out to have served; `shown` is what may be read of a
/// name.
pub fn doors(
    made: &Made,
    (residents, served): (&[Resident], &ServedBefore),
    shown: impl Fn(&str) -> String,
) -> Vec<Door> {
    let secrets = Secrets(&made.secret);
    let mut homes: BTreeMap<HouseholdId, Vec<&Resident>> = BTreeMap::new();
    let definition = &made.definition;
    let on_the_roll = |resident: &&Resident| {
        let visit = secrets.visit(resident.id.0);
        definition.people.contains(&visit) && !served.people.contains(&visit)
    };
    for resident in residents.iter().filter(on_the_roll) {
        homes.entry(resident.household).or_default().push(resident);
    }
    let doors = homes.into_iter().filter_map(|(id, people)| {
        let first = people.first()?;
        let household = secrets.household(id.0);
        let person = |resident: &&Resident| {
            let visit = secrets.visit(resident.id.0);
            Person {
                visit,
                code: secrets.person_code(resident.id.0),
                name: shown(&resident.cells.name),
                class: definition.classes.get(&visit).cloned().unwrap_or_default(),
                frail: definition.frail.contains(&visit),
                language: definition.languages.get(&visit).cloned(),
            }
        };
        Some(Door {
            household,
            code: secrets.door_code(id.0),
            building: first.building.clone(),
            entrance: first.entrance.clone(),
            door: first.door.clone(),
            lane: definition.lanes.get(&household).copied().unwrap_or(0),
            people: people.iter().map(person).collect(),
        })
    });
    let mut doors: Vec<Door> = doors.collect();
    doors.sort_by(|one, other| {
        (&one.building, &one.entrance, &one.door).cmp(&(&other.building, &other.entrance, &other.door))
    });
    doors
}

/// Who has anything to do with people on the roll.
pub fn sees_roll(role: Role) -> bool {
    matches!(role, Role::Secretary | Role::Caller | Role::Registrar | Role::Sampler)
}

/// What a role may read of a name: who registers compares it with a card; who samples or calls needs to tell people of one
/// household apart.
fn shown(role: Role, name: &str) -> String {
    let letters = name.chars().count();
    if matches!(role, Role::Registrar | Role::Secretary) || letters < 2 {
        return name.to_owned();
    }
    name.chars()
        .enumerate()
        .map(
            |(place, letter)| {
                if place == 0 || (place + 1 == letters && letters > 2) { letter } else { '＊' }
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_samples_tells_people_apart_and_reads_no_names() {
        assert_eq!(shown(Role::Registrar, "王小明"), "王小明");
        assert_eq!(shown(Role::Sampler, "王小明"), "王＊明");
        assert_eq!(shown(Role::Caller, "李四"), "李＊");
        assert_eq!(shown(Role::Sampler, ""), "");
    }
}
