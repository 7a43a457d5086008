//! A round in the evening: how far it came, entrance by entrance, and whom it missed. All of it is what the folded journal
//! says of the doors of the roll; nothing is kept.

use super::{definition::Definition, running::Running, walks::as_walked};
use crate::{machine::zones, people};
use domain::{
    Envelope, Plan, Policy, Scenario, Wave,
    roll::{Entrance, Household, Marks, Roll},
};
use phone::Door;
use round::{Folded, GreenHour, Live, Reached, Why};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::{Happened, Reviewed};

/// How many doors and people were reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reach {
    /// Doors of the roll.
    doors: u32,
    /// People behind them.
    people: u32,
    /// People of them who were served.
    served: u32,
    /// Doors of which all were served.
    done: u32,
    /// The other doors, by why: `not_called`, `not_at_home`, `coming`, `not_come`, `cannot_come`, `some_came`, `not_served`.
    why: BTreeMap<&'static str, u32>,
}

impl Reach {
    /// Doors of which somebody was missed.
    pub fn missed(&self) -> u32 {
        self.doors - self.done
    }
}

/// The same of one entrance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntranceReach {
    /// The building.
    building: String,
    /// The entrance; empty where the building has only one.
    entrance: String,
    /// How many were reached.
    reach: Reach,
}

/// A door of which somebody was not served yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissedDoor {
    /// The building.
    pub building: String,
    /// The entrance; empty where the building has only one.
    pub entrance: String,
    /// The door.
    pub door: String,
    /// People on the roll.
    pub people: u32,
    /// People of them who were not served.
    pub missing: u32,
    /// The wave in which it was to be called.
    #[schema(required)]
    pub wave: Option<u32>,
    /// `not_called`, `not_at_home`, `coming`, `not_come`, `cannot_come`, `some_came` or `not_served`.
    pub why: &'static str,
}

/// What an evening came to, in no language.
#[derive(Debug)]
pub struct Counted {
    /// How much of the roll was reached.
    pub reach: Option<Reach>,
    /// The same by entrance.
    pub entrances: Vec<EntranceReach>,
    /// People who were served and were not on the roll.
    pub unlisted: u32,
    /// Who came to the green channel.
    pub green: Vec<GreenHour>,
    /// How it went, and what it was held against; `None` where there is nothing to tell.
    pub review: Option<(Reviewed, Option<Scenario>)>,
}

/// A round whose doors are known.
pub struct Evening<'a> {
    live: &'a Live,
    definition: &'a Definition,
    /// The doors as people walk.
    doors: Vec<&'a Door>,
}

impl<'a> Evening<'a> {
    /// Of what happened, and the doors of its roll.
    pub fn new(folded: &'a Folded, definition: &'a Definition, doors: &'a [Door]) -> Evening<'a> {
        Evening { live: folded.live(), definition, doors: as_walked(definition, doors) }
    }

    /// The whole roll; `None` where there is none, or its names ended.
    pub fn reach(&self) -> Option<Reach> {
        (!self.doors.is_empty()).then(|| self.reach_of(&self.doors))
    }

    /// Entrance by entrance.
    pub fn entrances(&self) -> Vec<EntranceReach> {
        let same =
            |one: &&Door, other: &&Door| (&one.building, &one.entrance) == (&other.building, &other.entrance);
        let each = self.doors.chunk_by(same).map(|doors| EntranceReach {
            building: doors[0].building.clone(),
            entrance: doors[0].entrance.clone(),
            reach: self.reach_of(doors),
        });
        each.collect()
    }

    /// People who were served and were not on the roll of the round; where that is not known any more, those of whom somebody said
    /// so. Who was erased or moved away since was on it.
    pub fn unlisted(&self) -> u32 {
        let on_roll = &self.definition.people;
        let visits = self.live.round().visits().iter();
        let others = visits.filter(|(id, visit)| match on_roll.is_empty() {
            true => visit.guest.is_some(),
            false => !on_roll.contains(id),
        });
        others.filter(|(id, _)| self.live.was_served(**id)).count() as u32
    }

    /// Tomorrow's list: the doors of which somebody was not served.
    pub fn missed(&self) -> Vec<MissedDoor> {
        let waves = self.definition.waves.iter();
        let planned: BTreeMap<Uuid, u32> =
            waves.flat_map(|wave| wave.households.iter().map(|&of| (of, wave.number))).collect();
        let missed = self.doors.iter().filter_map(|door| {
            let Reached { missing, why, .. } = self.reached(door);
            Some(MissedDoor {
                building: door.building.clone(),
                entrance: door.entrance.clone(),
                door: door.door.clone(),
                people: door.people.len() as u32,
                missing,
                wave: planned.get(&door.household).copied(),
                why: why?.name(),
            })
        });
        missed.collect()
    }

    /// All of it, with a review of what the phones wrote down.
    pub fn counted(&self, told: &[Arc<Envelope>]) -> Counted {
        let classes = &self.definition.classes;
        Counted {
            reach: self.reach(),
            entrances: self.entrances(),
            unlisted: self.unlisted(),
            green: self.live.green_hours(|visit| classes.contains_key(&visit)),
            review: self.reviewed(verbs::lines(told.iter().map(|event| &**event))),
        }
    }

    fn reviewed(&self, lines: Vec<u8>) -> Option<(Reviewed, Option<Scenario>)> {
        let (scenario, plan) = self.planned().unzip();
        let (reviewed, _) = verbs::review(&Happened {
            files: &BTreeMap::from([("events.jsonl".to_owned(), lines)]),
            scenario: scenario.as_ref(),
            plan: plan.flatten().as_ref(),
            run: None,
            curves: 0,
            zones: &zones,
        });
        let mut reviewed = reviewed?;
        // Whom the round missed is told from the doors of the roll, which a review does not know; and to the secretary alone.
        reviewed.review.coverage.missed.clear();
        reviewed.missed.clear();
        Some((reviewed, scenario))
    }

    fn reached(&self, door: &Door) -> Reached {
        let people: Vec<Uuid> = visits(door).collect();
        self.live.reached(door.household, &people, self.definition.one_for_all)
    }

    fn reach_of(&self, doors: &[&Door]) -> Reach {
        let mut reach = Reach::default();
        for door in doors {
            let Reached { served, why, .. } = self.reached(door);
            reach.doors += 1;
            reach.people += door.people.len() as u32;
            reach.served += served;
            match why.map(Why::name) {
                None => reach.done += 1,
                Some(why) => *reach.why.entry(why).or_default() += 1,
            }
        }
        reach
    }

    /// What a review holds the day against: the scenario with the roll's sizes, and the waves as they were planned.
    fn planned(&self) -> Option<(Scenario, Option<Plan>)> {
        let mut scenario = self.definition.kept.scenario()?;
        let mut roll = Roll::default();
        let mut places = BTreeMap::new();
        for (place, door) in (0..).zip(&self.doors) {
            places.insert(door.household, place);
            let start = roll.people();
            let come = if self.definition.one_for_all { 1 } else { door.people.len() };
            roll.residents.extend(vec![Marks::default(); come]);
            let residents = start..roll.people();
            roll.households.push(Household { entrance: 0, door: door.door.clone(), residents });
        }
        roll.entrances.extend((!self.doors.is_empty()).then(|| Entrance {
            building: String::new(),
            entrance: String::new(),
            households: 0..roll.households.len() as u32,
        }));
        scenario.roll = roll;
        let calls = &self.definition.calls;
        let of_wave = |number: u32| {
            let of = self.definition.waves.iter().filter(move |wave| wave.number == number);
            of.flat_map(|wave| &wave.households).filter_map(|of| places.get(of).copied()).collect()
        };
        let waves = calls.waves.iter().map(|wave| Wave {
            number: wave.number,
            call_at: wave.call_at,
            lane: wave.lane.saturating_sub(1),
            households: of_wave(wave.number),
            pinned: false,
        });
        let waves: Vec<Wave> = waves.collect();
        let policy = if calls.broadcast { Policy::Broadcast } else { Policy::Waves };
        let plan = (!waves.is_empty() && !places.is_empty()).then_some(Plan {
            policy,
            load: None,
            waves,
            ..Plan::default()
        });
        Some((scenario, plan))
    }
}

/// What the phones wrote down, taken back or not, as a review takes it: all whose time can be. A clock that is a year wrong would
/// make a day of a year.
pub fn told(running: &Running) -> Vec<Arc<Envelope>> {
    let now = people::now();
    let told = running.folded().told().iter();
    told.filter(|event| running.made.can_be(event, now)).cloned().collect()
}

fn visits(door: &Door) -> impl Iterator<Item = Uuid> {
    door.people.iter().map(|person| person.visit)
}
