//! Finding a door or a person on the phone's part of the roll.

use crate::{Door, Phone, bundle::Person};
use domain::Moment;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where each household, visit and code is: an index of the bundle's doors, and of the people behind one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Doors {
    households: BTreeMap<Uuid, usize>,
    visits: BTreeMap<Uuid, (usize, usize)>,
    codes: BTreeMap<String, Found>,
}

/// Somebody or some household on the roll, by place in the bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A household.
    Door(usize),
    /// One of its people.
    Person(usize, usize),
}

/// Households that a search gives, at most: what fits on a screen without a second look.
pub const HOUSEHOLDS_MAX: usize = 12;

impl Doors {
    pub(crate) fn new(doors: &[Door]) -> Doors {
        let mut found = Doors::default();
        for (place, door) in doors.iter().enumerate() {
            found.households.insert(door.household, place);
            found.codes.insert(door.code.clone(), Found::Door(place));
            for (number, person) in door.people.iter().enumerate() {
                found.visits.insert(person.visit, (place, number));
                found.codes.insert(person.code.clone(), Found::Person(place, number));
            }
        }
        found
    }

    pub(crate) fn of_visit(&self, visit: Uuid) -> Option<Found> {
        self.visits.get(&visit).map(|&(place, number)| Found::Person(place, number))
    }

    pub(crate) fn of_code(&self, code: &str) -> Option<Found> {
        self.codes.get(code).copied()
    }
}

impl Phone {
    /// The place of a household on the phone's roll.
    pub fn door_of(&self, household: Uuid) -> Option<usize> {
        self.doors.households.get(&household).copied()
    }

    /// Whose visit it is, if the person is on the phone's roll.
    pub fn person_of(&self, visit: Uuid) -> Option<(&Door, &Person)> {
        let &(place, number) = self.doors.visits.get(&visit)?;
        let door = self.bundle.doors.get(place)?;
        Some((door, door.people.get(number)?))
    }

    /// The door with this label, however it is separated.
    pub(crate) fn door_labelled(&self, typed: &str) -> Option<Found> {
        let typed = plain(typed);
        self.bundle.doors.iter().position(|door| plain(&door.label()) == typed).map(Found::Door)
    }

    /// Doors whose number has these digits, or whose label these letters: first who was called and has not come, then who
    /// has not been called, then who is here already; in each, the lane of this table first.
    pub fn find(&self, typed: &str) -> Vec<usize> {
        let typed = plain(typed);
        if typed.is_empty() {
            return Vec::new();
        }
        let own = self.table.as_ref().map_or(0, |table| table.lane);
        let households = self.folded.live().round().households();
        let mut found: Vec<(u8, bool, bool, usize)> = Vec::new();
        for (place, door) in self.bundle.doors.iter().enumerate() {
            let number = plain(&door.door);
            let whole = plain(&door.label());
            if !number.contains(&typed) && !whole.contains(&typed) {
                continue;
            }
            let known = households.get(&door.household);
            let come = known.map_or(0, |of| of.people.len());
            let state = match known {
                _ if come >= door.people.len() && come > 0 => 2,
                Some(of) if of.called.is_some() || come > 0 => 0,
                _ => 1,
            };
            found.push((
                state,
                own > 0 && door.lane > 0 && door.lane != own,
                !number.ends_with(&typed),
                place,
            ));
        }
        found.sort_unstable();
        found.into_iter().map(|(.., place)| place).take(HOUSEHOLDS_MAX).collect()
    }

    /// The wave whose doors are to be called now: the last that was begun and is not over, or the next whose time has come;
    /// its place among the bundle's waves.
    pub fn wave_now(&self, at: Moment) -> Option<usize> {
        let round = self.folded.live().round();
        let now = round.rules().ticks(at);
        let open = |number: u32, households: &[Uuid]| {
            let called = round.waves().get(&number).map_or(0, |of| of.called as usize);
            called < households.len()
        };
        let waves = self.bundle.waves.iter().enumerate();
        let mut begun = waves.clone().filter(|(_, wave)| round.waves().contains_key(&wave.number));
        if let Some((place, _)) = begun.clone().find(|(_, wave)| open(wave.number, &wave.households)) {
            return Some(place);
        }
        let next = waves.clone().find(|(_, wave)| !round.waves().contains_key(&wave.number));
        let due = |number: u32| {
            self.bundle.calls.waves.iter().find(|of| of.number == number).is_none_or(|of| of.call_at <= now)
        };
        match next.filter(|(_, wave)| due(wave.number)) {
            Some((place, _)) => Some(place),
            // Until the next is due, the last one stays on the screen: some were not at home.
            None => begun.next_back().map(|(place, _)| place).or(next.map(|(place, _)| place)),
        }
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase()
}
