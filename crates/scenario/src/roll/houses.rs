//! Entrances and households as they are met, and at the end the roll: entrances in the order in which they were first
//! met, each one's households together, each household's residents together.

use super::people::{Hashed, hash};
use crate::sheet::Grouped;
use domain::roll::{Entrance, Household};
use domain::{Marks, Roll};
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

/// Residents of one household from which on it is probably something else: a dormitory, a shop, a list's mistake.
const LARGE: u32 = 20;
/// The building of residents whose door cannot be read.
pub(super) const NOWHERE: &str = "?";

/// Where somebody lives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Door {
    pub zone: String,
    pub building: String,
    pub entrance: String,
    pub door: String,
}

impl Door {
    /// A hash of the whole way to the door.
    pub(super) fn key(&self) -> u64 {
        hash(hash(self.entrance_key(), "door"), &self.door)
    }
    fn entrance_key(&self) -> u64 {
        let building = hash(hash(1, &self.zone), &self.building);
        hash(hash(building, "entrance"), &self.entrance)
    }
}

struct Stair {
    zone: String,
    building: String,
    entrance: String,
    households: u32,
    row: u32,
}

struct Home {
    stair: u32,
    door: String,
    people: u32,
    row: u32,
}

/// Everybody met so far.
#[derive(Default)]
pub(super) struct Houses {
    stairs: Vec<Stair>,
    homes: Vec<Home>,
    residents: Vec<(u32, Marks)>,
    stair_of: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
    home_of: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
    /// The household of the resident before.
    last: Option<u32>,
}

impl Houses {
    /// The number of residents.
    pub(super) fn people(&self) -> u32 {
        u32::try_from(self.residents.len()).expect("the number of rows is limited")
    }

    /// Adds a resident. If the household was met before, and somebody else's in between, says in which row it began.
    pub(super) fn add(&mut self, door: &Door, marks: Marks, row: u32) -> Option<u32> {
        let key = door.key();
        let (home, is_new) = match self.home_of.get(&key) {
            Some(&home) => (home, false),
            None => {
                let stair = self.stair(door, row);
                self.stairs[stair as usize].households += 1;
                let home = u32::try_from(self.homes.len()).expect("the number of rows is limited");
                self.homes.push(Home { stair, door: door.door.clone(), people: 0, row });
                self.home_of.insert(key, home);
                (home, true)
            }
        };
        let split = !is_new && self.last != Some(home);
        self.last = Some(home);
        self.homes[home as usize].people += 1;
        self.residents.push((home, marks));
        split.then(|| self.homes[home as usize].row)
    }

    /// Adds marks to a resident met before.
    pub(super) fn mark(&mut self, resident: u32, marks: Marks) {
        let known = &mut self.residents[resident as usize].1;
        *known = known.union(marks);
    }

    fn stair(&mut self, door: &Door, row: u32) -> u32 {
        let stairs = &mut self.stairs;
        *self.stair_of.entry(door.entrance_key()).or_insert_with(|| {
            let Door { zone, building, entrance, .. } = door.clone();
            stairs.push(Stair { zone, building, entrance, households: 0, row });
            u32::try_from(stairs.len() - 1).expect("the number of rows is limited")
        })
    }

    /// The roll with the place in it of each resident as they were met, and notes on what looks odd in the whole of it.
    pub(super) fn finish(mut self, notes: &mut Grouped) -> (Roll, Vec<u32>) {
        self.drop_common_zone();
        self.check(notes);
        let first_homes = starts(self.stairs.iter().map(|stair| stair.households));
        let mut next = first_homes.clone();
        let mut order = vec![0; self.homes.len()];
        for (home, place) in self.homes.iter().zip(&mut order) {
            *place = next[home.stair as usize];
            next[home.stair as usize] += 1;
        }
        let mut homes: Vec<(u32, Home)> =
            order.iter().copied().zip(std::mem::take(&mut self.homes)).collect();
        homes.sort_unstable_by_key(|&(place, _)| place);
        let first_people = starts(homes.iter().map(|(_, home)| home.people));
        let mut next = first_people.clone();
        let mut residents = vec![Marks::default(); self.residents.len()];
        let mut places = Vec::with_capacity(self.residents.len());
        for (home, marks) in self.residents {
            let place = order[home as usize] as usize;
            residents[next[place] as usize] = marks;
            places.push(next[place]);
            next[place] += 1;
        }
        let entrances = self.stairs.into_iter().zip(first_homes.windows(2)).map(|(stair, first)| Entrance {
            building: stair.zone + &stair.building,
            entrance: stair.entrance,
            households: first[0]..first[1],
        });
        let households = homes.into_iter().zip(first_people.windows(2)).map(|((_, home), first)| Household {
            entrance: home.stair,
            door: home.door,
            residents: first[0]..first[1],
        });
        (Roll { entrances: entrances.collect(), households: households.collect(), residents }, places)
    }

    /// A lane or a phase that all addresses name tells nothing apart.
    fn drop_common_zone(&mut self) {
        let mut known = self.stairs.iter().filter(|stair| stair.building != NOWHERE);
        let common = known.next().map(|stair| stair.zone.clone()).unwrap_or_default();
        if known.all(|stair| stair.zone == common) {
            self.stairs.iter_mut().for_each(|stair| stair.zone.clear());
        }
    }

    fn check(&self, notes: &mut Grouped) {
        for home in self.homes.iter().filter(|home| home.people > LARGE) {
            notes.warning(Some(home.row), "", "roll_household_large", &[("people", &home.people)]);
        }
        // A building with and without entrances: some addresses were not written in full.
        let mut without: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        let is_bare = |stair: &&Stair| stair.entrance.is_empty() && stair.building != NOWHERE;
        for stair in self.stairs.iter().filter(is_bare) {
            without.insert((&stair.zone, &stair.building), stair.row);
        }
        for stair in self.stairs.iter().filter(|stair| !stair.entrance.is_empty()) {
            if let Some(row) = without.remove(&(stair.zone.as_str(), stair.building.as_str())) {
                let building = format!("{}{}", stair.zone, stair.building);
                notes.warning(Some(row), "", "roll_entrance_missing", &[("building", &building)]);
            }
        }
    }
}

/// Where each of several stretches begins, and where the last ends.
fn starts(lengths: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0];
    let mut end = 0;
    for length in lengths {
        end += length;
        starts.push(end);
    }
    starts
}
