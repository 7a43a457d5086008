//! Ways from door to door: in which order doors are walked to, by one person or by several who share them, and how long that takes.
//!
//! Map: [`Walking`] what a community says of its ways · [`Ways`] the same with what its doors tell · [`Stop`] a door and how long
//! somebody stays there · [`Rounds`] who walks to which doors, in order, and when · `entrance` the doors of one entrance · `tour`
//! the order of entrances · `share` entrances shared out.
//!
//! All times are whole seconds. What is not measured is assumed, from sources that stand at each figure; a floor is what a door's
//! number says, and a door that says none is on the ground floor.

mod entrance;
mod share;
mod tour;

use crate::{layout::Point, roll::floor_of};
use entrance::{Unit, key, natural, units};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tour::Map;

/// A building with more floors than this has a lift, where nobody says otherwise: it must, by China's code of residential buildings
/// (GB 50096-2011, 6.4.1: from the seventh floor on).
pub const FLOORS_WITHOUT_LIFT: u8 = 6;
/// Centimetres that somebody walks in a second, outside: what crossings were long planned for (4 feet).
const WALKED_CM: f64 = 120.0;
/// A floor up by the stairs, and a floor down: 4.8 m along the ground at 0.51 and at 0.67 m/s (Fruin, Pedestrian Planning and Design,
/// 1971, stairs of 32°), and the landing.
const FLOOR_UP_S: u32 = 12;
/// See [`FLOOR_UP_S`].
const FLOOR_DOWN_S: u32 = 9;
/// Until a lift is there and its doors have opened and closed: assumed.
const LIFT_S: u32 = 40;
/// A floor by lift, at 1.5 m/s.
const LIFT_FLOOR_S: u32 = 2;
/// To the next entrance of a building, where nobody has measured: assumed.
const ENTRANCE_M: f64 = 20.0;
/// To the next building, by their numbers, where nobody has measured: assumed.
const BUILDING_M: f64 = 50.0;

/// Entrances whose order is made shorter: a compound has fewer. Of more, nobody walks all, and they follow each other by their numbers.
const ENTRANCES_ORDERED: usize = 300;

/// What a community says of the ways between its doors: `[walking]` of a scenario. Points are metres to the right and down on a plan of
/// the compound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Walking {
    /// Where whoever walks begins; `None`: at the first door.
    pub from_m: Option<Point>,
    /// Which buildings have a lift.
    pub lifts: Lifts,
    /// Where buildings and entrances are; what is missing here is not measured.
    pub spots: Vec<Spot>,
    /// Seconds at a door that is knocked at.
    pub knock_s: u32,
    /// Seconds with each person who is visited at home.
    pub visit_s: u32,
    /// Pairs of people who go to those who cannot come.
    pub pairs: u16,
}

impl Default for Walking {
    /// Half a minute at a door, five minutes with a person, one pair: assumed, until somebody has used a watch.
    fn default() -> Walking {
        Walking {
            from_m: None,
            lifts: Lifts::Assumed,
            spots: Vec::new(),
            knock_s: 30,
            visit_s: 300,
            pairs: 1,
        }
    }
}

/// Which buildings have a lift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifts {
    /// Those of more than [`FLOORS_WITHOUT_LIFT`] floors.
    #[default]
    Assumed,
    /// All.
    All,
    /// None.
    Nowhere,
    /// These.
    In(Vec<String>),
}

/// Where a building's door is, or an entrance's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// The building, as on its wall.
    pub building: String,
    /// The entrance; empty: each of the building that has no spot of its own.
    pub entrance: String,
    /// Where.
    pub at_m: Point,
}

/// A door, and how long somebody stays there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop<'a> {
    /// The building.
    pub building: &'a str,
    /// The entrance; empty where the building has only one.
    pub entrance: &'a str,
    /// The door: `301`.
    pub door: &'a str,
    /// Seconds at the door, or behind it.
    pub stay_s: u32,
}

/// Who walks to which doors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rounds {
    /// One for each who walks, none of them empty; the longest is as short as was found.
    pub rounds: Vec<Tour>,
    /// The longest, in seconds, if the doors were handed out by their numbers, as many to each.
    pub by_number_s: u32,
    /// Whether it is known where each entrance is; else ways follow from the buildings' numbers.
    pub measured: bool,
    /// Whether no division into whole entrances is better; else it was improved step by step.
    pub exact: bool,
}

/// The doors of one who walks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tour {
    /// Places of the stops, in order.
    pub stops: Vec<usize>,
    /// When each is reached: seconds from the beginning.
    pub at_s: Vec<u32>,
    /// Seconds on the way, stairs and lifts included.
    pub walk_s: u32,
    /// When the last is done and whoever walks is out of the building again: seconds from the beginning.
    pub ends_s: u32,
}

/// The ways of a community whose doors are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ways {
    walking: Walking,
    /// Buildings of so many floors that they have a lift.
    tall: BTreeSet<String>,
}

impl Ways {
    /// Of a community with these doors: building and number.
    pub fn new<'a>(walking: Walking, doors: impl IntoIterator<Item = (&'a str, &'a str)>) -> Ways {
        let tall = doors.into_iter().filter(|(_, door)| floor_of(door) > Some(FLOORS_WITHOUT_LIFT));
        let tall = tall.map(|(building, _)| building.to_owned()).collect();
        Ways { walking, tall }
    }

    /// What the community says of its ways.
    pub fn walking(&self) -> &Walking {
        &self.walking
    }

    /// Whether a building has a lift, as far as is said or assumed.
    pub fn has_lift(&self, building: &str) -> bool {
        match &self.walking.lifts {
            Lifts::Assumed => self.tall.contains(building),
            Lifts::All => true,
            Lifts::Nowhere => false,
            Lifts::In(buildings) => buildings.iter().any(|of| of == building),
        }
    }

    /// The order in which one person walks to all of these: places in the list.
    pub fn order(&self, stops: &[Stop<'_>]) -> Vec<usize> {
        self.rounds(stops, 1).rounds.into_iter().flat_map(|round| round.stops).collect()
    }

    /// The stops shared out among so many who walk, such that the longest round is short, and then all of them together. An entrance
    /// is divided, at a floor, only where the longest round becomes a tenth shorter by it.
    pub fn rounds(&self, stops: &[Stop<'_>], walkers: usize) -> Rounds {
        let units = units(self, stops, (0..stops.len()).collect());
        let measured = stops.iter().all(|stop| self.spot(stop).is_some());
        if units.len() > ENTRANCES_ORDERED {
            let by_numbers = units.iter().flat_map(|unit| unit.stops.iter().copied()).collect();
            let whole = self.tour(stops, by_numbers, measured);
            return Rounds {
                rounds: self.runs(stops, &whole, walkers.max(1), measured),
                by_number_s: self.by_number(&units, stops, walkers, measured),
                measured,
                exact: false,
            };
        }
        let shared = |units: &[Unit], walkers: usize| {
            let found = share::share(&self.map(units, stops, measured), walkers, measured);
            let tours = found.rounds.iter().map(|round| {
                let places = round.iter().flat_map(|&unit| units[unit].stops.iter().copied());
                self.tour(stops, places.collect(), measured)
            });
            (tours.collect::<Vec<Tour>>(), found.exact)
        };
        let (mut rounds, exact) = shared(&units, walkers);
        if walkers > 1 {
            let whole_s: u32 = units.iter().map(|unit| unit.inside_s).sum();
            let equal_s = (whole_s / walkers as u32).max(1);
            let divided: Vec<Unit> =
                units.iter().flat_map(|unit| unit.divided(self, stops, equal_s)).collect();
            let alone = shared(&units, 1).0;
            let runs = alone.first().map_or_else(Vec::new, |tour| self.runs(stops, tour, walkers, measured));
            // Runs first: whoever walks by floors that follow each other is not told to pass some by.
            for other in [runs, shared(&divided, walkers).0] {
                if u64::from(longest_s(&other)) * 10 <= u64::from(longest_s(&rounds)) * 9 {
                    rounds = other;
                }
            }
        }
        let by_number_s = self.by_number(&units, stops, walkers, measured);
        Rounds { rounds, by_number_s, measured, exact }
    }

    /// One person's round cut into runs of about equal time, at floors.
    fn runs(&self, stops: &[Stop<'_>], whole: &Tour, walkers: usize, measured: bool) -> Vec<Tour> {
        let floor = |place: usize| {
            let Stop { building, entrance, door, .. } = stops[place];
            (building, entrance, floor_of(door))
        };
        let mut runs = vec![Vec::new(); walkers];
        let mut before = 0;
        for same in whole.stops.chunk_by(|&one, &other| floor(one) == floor(other)) {
            let (first_s, last_s) = (whole.at_s[before], whole.at_s[before + same.len() - 1]);
            before += same.len();
            // The middle of a floor says to which run it belongs.
            let middle_s = (u64::from(first_s) + u64::from(last_s)) / 2;
            let run = middle_s * walkers as u64 / u64::from(whole.ends_s.max(1));
            runs[run as usize].extend(same);
        }
        let tours = runs.into_iter().filter(|run| !run.is_empty());
        tours.map(|run| self.tour(stops, run, measured)).collect()
    }

    /// A round of these stops, whose entrances follow each other in this order.
    fn tour(&self, stops: &[Stop<'_>], places: Vec<usize>, measured: bool) -> Tour {
        let entrance = |place: usize| (stops[place].building, stops[place].entrance);
        let mut order: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for &place in &places {
            let next = order.len();
            order.entry(entrance(place)).or_insert(next);
        }
        let mut units = units(self, stops, places);
        units.sort_by_key(|unit| order[&entrance(unit.stops[0])]);
        let legs = self.legs(&units, stops, measured);
        let mut tour = Tour::default();
        let mut before = None;
        for (place, unit) in units.iter().enumerate() {
            let way_s = match before {
                Some(before) => legs.leg_s(before, place),
                None => legs.first_s(place),
            };
            let begins = tour.ends_s + way_s;
            tour.stops.extend(&unit.stops);
            tour.at_s.extend(unit.at_s.iter().map(|at| begins + at));
            tour.walk_s += way_s + unit.inside_s - unit.stay_s;
            tour.ends_s = begins + unit.inside_s;
            before = Some(place);
        }
        tour
    }

    /// The longest round if doors are handed out by their numbers.
    fn by_number(&self, listed: &[Unit], stops: &[Stop<'_>], walkers: usize, measured: bool) -> u32 {
        let mut all: Vec<usize> = listed.iter().flat_map(|unit| unit.stops.iter().copied()).collect();
        // From the lowest number up within an entrance, too.
        all.sort_by_cached_key(|&place| {
            let Stop { building, entrance, door, .. } = stops[place];
            (natural(building), natural(entrance), building, entrance, natural(door))
        });
        let each = all.len().div_ceil(walkers.max(1)).max(1);
        all.chunks(each).map(|some| self.tour(stops, some.to_vec(), measured).ends_s).max().unwrap_or(0)
    }

    /// How far entrances are apart, each from each.
    fn map(&self, units: &[Unit], stops: &[Stop<'_>], measured: bool) -> Map {
        let legs = self.legs(units, stops, measured);
        let all = 0..units.len();
        Map {
            legs_s: all.clone().map(|one| all.clone().map(|to| legs.leg_s(one, to)).collect()).collect(),
            first_s: all.map(|place| legs.first_s(place)).collect(),
            inside_s: units.iter().map(|unit| unit.inside_s).collect(),
        }
    }

    /// Where entrances are: measured, or by their numbers.
    fn legs<'a>(&self, units: &[Unit], stops: &'a [Stop<'a>], measured: bool) -> Legs<'a> {
        let places: Vec<&Stop<'_>> = units.iter().map(|unit| &stops[unit.stops[0]]).collect();
        Legs {
            spots: places.iter().map(|stop| self.spot(stop).filter(|_| measured)).collect(),
            along_m: if measured { Vec::new() } else { by_numbers_m(&places) },
            from_m: self.walking.from_m,
            places,
        }
    }

    fn spot(&self, stop: &Stop<'_>) -> Option<Point> {
        let of_building = || self.walking.spots.iter().filter(|spot| spot.building == stop.building);
        let own = of_building().find(|spot| spot.entrance == stop.entrance);
        own.or_else(|| of_building().find(|spot| spot.entrance.is_empty())).map(|spot| spot.at_m)
    }
}

/// Ways between entrances, by their places.
struct Legs<'a> {
    places: Vec<&'a Stop<'a>>,
    spots: Vec<Option<Point>>,
    /// Where they stand in a row, where nobody has measured.
    along_m: Vec<f64>,
    from_m: Option<Point>,
}

impl Legs<'_> {
    fn leg_s(&self, one: usize, other: usize) -> u32 {
        let (from, to) = (self.places[one], self.places[other]);
        if (from.building, from.entrance) == (to.building, to.entrance) {
            return 0;
        }
        seconds(match (self.spots[one], self.spots[other]) {
            // Entrances that have the spot of their building.
            (Some(one), Some(other)) if one == other => ENTRANCE_M,
            (Some(one), Some(other)) => along(one, other),
            _ => (self.along_m[one] - self.along_m[other]).abs(),
        })
    }

    fn first_s(&self, place: usize) -> u32 {
        match (self.from_m, self.spots[place]) {
            (Some(from), Some(spot)) => seconds(along(from, spot)),
            _ => 0,
        }
    }
}

fn longest_s(rounds: &[Tour]) -> u32 {
    rounds.iter().map(|tour| tour.ends_s).max().unwrap_or(0)
}

/// Along rows of houses and across: paths are not straight.
fn along(one: Point, other: Point) -> f64 {
    (one[0] - other[0]).abs() + (one[1] - other[1]).abs()
}

/// Where entrances are if they stand in a row, by their numbers: as far apart as the numbers are, where they are numbers.
fn by_numbers_m(places: &[&Stop<'_>]) -> Vec<f64> {
    let mut row: Vec<usize> = (0..places.len()).collect();
    row.sort_by_cached_key(|&place| key(places[place]));
    let mut at_m = vec![0.0; places.len()];
    for pair in row.windows(2) {
        at_m[pair[1]] = at_m[pair[0]] + next_m(places[pair[0]], places[pair[1]]);
    }
    at_m
}

fn next_m(one: &Stop<'_>, other: &Stop<'_>) -> f64 {
    let apart = |one: &str, other: &str| {
        let numbers = one.parse::<u32>().ok().zip(other.parse::<u32>().ok());
        f64::from(numbers.map_or(1, |(one, other)| one.abs_diff(other).max(1)))
    };
    if (one.building, one.entrance) == (other.building, other.entrance) {
        0.0
    } else if one.building == other.building {
        ENTRANCE_M * apart(one.entrance, other.entrance)
    } else {
        BUILDING_M * apart(one.building, other.building)
    }
}

fn seconds(way_m: f64) -> u32 {
    (way_m * 100.0 / WALKED_CM + 0.5) as u32
}
