//! What residents of a round are told: by the scenario that it was made from, with the round's own day, doors and calls. The scenario may
//! have changed since; who is called when has not.

use super::{
    Runs,
    book::{Made, NoticeOfRound, Posted},
    ids::Secrets,
    running::Running,
};
use crate::{
    limits,
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use ::notice::{EntranceReceipts, Notice};
use domain::{Moment, Plan, Policy, Scenario, Wave};
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

/// Which households phones reported as told at the door, and when.
pub fn told_at_doors(running: &Running) -> BTreeMap<Uuid, BTreeSet<Moment>> {
    let households = running.folded().live().round().households().iter();
    households.filter(|(_, of)| !of.told.is_empty()).map(|(&id, of)| (id, of.told.clone())).collect()
}

/// Counts what phones reported: of each entrance the households that were told at the door while a notice was the newest there. The desk
/// may have heard of some of them as well, so the larger number holds. The newest notice comes first.
pub fn count_told<'t>(
    notices: &mut [NoticeOfRound],
    doors: &[Door],
    told: impl Fn(Uuid) -> Option<&'t BTreeSet<Moment>>,
) {
    let mut counted: BTreeMap<(usize, usize), BTreeSet<Uuid>> = BTreeMap::new();
    let since: Vec<Moment> = notices.iter().map(|of| since(&of.notice)).collect();
    for door in doors {
        for at in told(door.household).into_iter().flatten() {
            let then = notices.iter().enumerate().filter(|(place, _)| since[*place] <= *at);
            let mut of = then.filter_map(|(place, of)| Some((place, entrance_of(&of.entrances, door)?)));
            if let Some(place) = of.next() {
                counted.entry(place).or_default().insert(door.household);
            }
        }
    }
    for ((notice, entrance), homes) in counted {
        let of = &mut notices[notice].entrances[entrance];
        let homes = u32::try_from(homes.len()).unwrap_or(u32::MAX);
        of.told = of.told.max(homes).min(of.households);
    }
}

fn entrance_of(entrances: &[EntranceReceipts], door: &Door) -> Option<usize> {
    entrances.iter().position(|of| (&of.building, &of.entrance) == (&door.building, &door.entrance))
}

/// When a notice was issued, to the minute.
fn since(notice: &Notice) -> Moment {
    let zone = TimeZone::get(&notice.timezone).unwrap_or(TimeZone::UTC);
    zone.to_timestamp(notice.at).map(Moment::from).unwrap_or_default()
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
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

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

    #[test]
    fn a_household_that_was_told_is_counted_for_the_notice_that_was_the_newest_then() {
        let notice = |number: u32, at: &str, building: &str, told: u32| {
            let notice = serde_json::json!({
                "format": 1, "number": number, "kind": "round", "at": at, "community": "Willow Court",
                "timezone": "Asia/Shanghai", "issued_by": null, "contact": null, "link": null, "sender": null,
                "addressed": "everybody", "service": { "en": "Screening", "zh": "筛查" }, "site": null,
                "opens": "2026-03-28T07:00", "closes": null, "from": null, "until": null, "how": "waves",
                "calls": [], "green": false, "pool": null, "result_h": null, "spacing_m": null,
                "names_kept_days": null, "bring": null, "at_site": null, "after": null, "more": [], "answers": [],
                "above": [], "replaces": null, "changed": [], "told": []
            });
            let building = building.to_owned();
            let of = EntranceReceipts { building, households: 3, told, ..EntranceReceipts::default() };
            NoticeOfRound { notice: serde_json::from_value(notice).unwrap(), entrances: vec![of] }
        };
        let door = |building: &str, id: u128| Door {
            household: Uuid::from_u128(id),
            code: String::new(),
            building: building.to_owned(),
            entrance: String::new(),
            door: id.to_string(),
            lane: 0,
            people: Vec::new(),
        };
        let at = |text: &str| Moment::parse(text).unwrap();
        let (before, first, second) =
            (at("2026-03-27T11:59:00Z"), at("2026-03-27T12:00:30Z"), at("2026-03-27T13:05:00Z"));
        let told = BTreeMap::from([
            (Uuid::from_u128(1), BTreeSet::from([before, first, second])),
            (Uuid::from_u128(2), BTreeSet::from([first])),
            (Uuid::from_u128(3), BTreeSet::from([second])),
        ]);
        let doors = [door("1", 1), door("1", 2), door("2", 3)];
        // The newest is for building 1 alone; there the desk knows of none.
        let mut all = [notice(2, "2026-03-27T21:00", "1", 0), notice(1, "2026-03-27T20:00", "1", 1)];
        count_told(&mut all, &doors, |household| told.get(&household));
        assert_eq!([all[0].entrances[0].told, all[1].entrances[0].told], [1, 2]);
        let mut all = [notice(2, "2026-03-27T21:00", "1", 0), notice(1, "2026-03-27T20:00", "2", 3)];
        count_told(&mut all, &doors, |household| told.get(&household));
        assert_eq!(
            [all[0].entrances[0].told, all[1].entrances[0].told],
            [1, 3],
            "what the desk heard is more"
        );
    }
}
