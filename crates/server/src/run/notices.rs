//! What residents of a round are told: by the scenario that it was made from, with the round's own day, doors and calls. The scenario may
//! have changed since; who is called when has not.

use super::{
    Runs,
    book::{Made, Posted},
    ids::Secrets,
};
use crate::{
    limits,
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use ::notice::{EntranceReceipts, Notice};
use domain::{Plan, Policy, Scenario, Wave};
use jiff::{Timestamp, tz::TimeZone};
use phone::Door;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The scenario on the round's day, with those doors alone that are on its roll, and the plan by which it calls them; `None` where it
/// calls nobody.
pub fn as_round(made: &Made, mut scenario: Scenario, doors: &[Door]) -> (Scenario, Option<Plan>) {
    let zone = TimeZone::get(&scenario.community.timezone).unwrap_or(TimeZone::UTC);
    if let Ok(opens) = Timestamp::from_second(made.opens) {
        scenario.round.opens = zone.to_datetime(opens);
    }
    let on_it: BTreeSet<[&str; 3]> = doors.iter().map(label).collect();
    let stays = scenario.roll.households.iter().flat_map(|home| {
        let at = &scenario.roll.entrances[home.entrance as usize];
        let is_on_it = on_it.contains(&[&*at.building, &*at.entrance, &*home.door]);
        home.residents.clone().map(move |_| is_on_it)
    });
    let stays: Vec<bool> = stays.collect();
    scenario.roll = scenario.roll.only(|one| stays[one as usize]).0;
    let plan = plan(made, &scenario, doors);
    (scenario, plan)
}

fn plan(made: &Made, scenario: &Scenario, doors: &[Door]) -> Option<Plan> {
    let (roll, definition) = (&scenario.roll, &made.definition);
    let places = (0..).zip(&roll.households).map(|(place, home)| {
        let at = &roll.entrances[home.entrance as usize];
        ([&*at.building, &*at.entrance, &*home.door], place)
    });
    let places: BTreeMap<[&str; 3], u32> = places.collect();
    let of_round = doors.iter().filter_map(|door| Some((door.household, *places.get(&label(door))?)));
    let of_round: BTreeMap<Uuid, u32> = of_round.collect();
    let calls = &definition.calls;
    let waves = definition.waves.iter().filter_map(|wave| {
        let planned = calls.waves.iter().find(|planned| planned.number == wave.number)?;
        let households: Vec<u32> =
            wave.households.iter().filter_map(|household| of_round.get(household).copied()).collect();
        let (number, call_at, lane) = (wave.number, planned.call_at, planned.lane.saturating_sub(1));
        (!households.is_empty()).then_some(Wave { number, call_at, lane, households, pinned: false })
    });
    let waves: Vec<Wave> = waves.collect();
    let policy = if calls.broadcast { Policy::Broadcast } else { Policy::Waves };
    (!waves.is_empty()).then_some(Plan { policy, load: None, waves, staff: Vec::new(), callers: None })
}

fn label(door: &Door) -> [&str; 3] {
    [&door.building, &door.entrance, &door.door]
}

/// Where an entrance's notices are read; the same for all notices of a round, so that paper which hangs there leads to the newest.
pub fn path(secret: &[u8; 32], (community, round): (CommunityId, RoundId), of: &EntranceReceipts) -> String {
    let code = Secrets(secret).entrance_code(&of.building, &of.entrance);
    format!("/notice/{community}/{round}/{code}")
}

/// The place of the entrance whose code this is; `None` for one that is none, and once the round's secret is destroyed.
pub fn place_of<'e>(
    secret: &[u8; 32],
    code: &str,
    mut entrances: impl Iterator<Item = (&'e str, &'e str)>,
) -> Option<usize> {
    let secrets = Secrets(secret);
    let place = entrances.position(|(building, entrance)| secrets.entrance_code(building, entrance) == code);
    place.filter(|_| *secret != [0; 32])
}

impl Runs {
    /// Takes what waits longest for a channel, so that no other process sends it meanwhile.
    ///
    /// # Errors
    /// The database says no.
    pub fn next_posted(&self, channel: &str) -> Result<Option<Posted>, Fault> {
        self.book.next_posted(channel, &self.name, limits::OUTBOX_LEASE)
    }
}

/// A notice as it hangs at an entrance.
pub fn hung_up(notice: &Notice, of: &EntranceReceipts, link: Option<String>) -> Notice {
    Notice { link, ..notice.narrowed(&of.building, &of.entrance) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_of_one_entrance_of_one_round_and_dies_with_the_rounds_secret() {
        let of = |building: &str, entrance: &str| EntranceReceipts {
            building: building.to_owned(),
            entrance: entrance.to_owned(),
            ..EntranceReceipts::default()
        };
        // Label by label they read the same.
        let entrances = [of("1", "12"), of("11", "2"), of("1-12", "")];
        let (ours, others) = ([7; 32], [8; 32]);
        let names = || entrances.iter().map(|of| (&*of.building, &*of.entrance));
        for (place, entrance) in entrances.iter().enumerate() {
            let at = path(&ours, (CommunityId::draw(), RoundId::draw()), entrance);
            let code = at.rsplit('/').next().unwrap_or_default();
            assert_eq!(code.len(), 16);
            assert_eq!(place_of(&ours, code, names()), Some(place));
            assert_eq!(place_of(&others, code, names()), None);
        }
        let forgotten = Secrets(&[0; 32]).entrance_code("1", "12");
        assert_eq!(place_of(&[0; 32], &forgotten, names()), None);
    }
}
