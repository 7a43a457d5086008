//! Where somebody lives, as far as a way is concerned: stairs and buildings.

use serde::{Deserialize, Serialize};

/// A building, an entrance, a floor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// `12`.
    pub building: String,
    /// `2`; empty where a building has only one.
    pub entrance: String,
    /// From 1; `None`: the door does not tell.
    pub floor: Option<u8>,
}

/// The way between two doors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// On one staircase.
    Stairs {
        /// Flights between them.
        flights: u32,
    },
    /// Another entrance of the same building.
    Entrance {
        /// Flights down and up.
        flights: u32,
    },
    /// Another building.
    Building {
        /// Buildings farther, by their numbers; 1 where they have none.
        buildings: u32,
        /// Flights down and up.
        flights: u32,
    },
}

/// Where a door does not tell its floor it is taken to be on this one: the middle of a house of six.
const MIDDLE: u8 = 3;
/// To another entrance is as far as so many flights.
const ENTRANCE: u32 = 3;
/// To the next building is as far as so many flights.
const BUILDING: u32 = 6;

impl Place {
    /// The way to another.
    pub fn to(&self, other: &Place) -> Distance {
        let floor = |of: &Place| u32::from(of.floor.unwrap_or(MIDDLE));
        let down_and_up = floor(self).saturating_sub(1) + floor(other).saturating_sub(1);
        if self.building != other.building {
            let number = |of: &Place| of.building.parse::<u32>().ok();
            let buildings =
                number(self).zip(number(other)).map_or(1, |(one, other)| one.abs_diff(other).max(1));
            Distance::Building { buildings, flights: down_and_up }
        } else if self.entrance != other.entrance {
            Distance::Entrance { flights: down_and_up }
        } else {
            Distance::Stairs { flights: floor(self).abs_diff(floor(other)) }
        }
    }
}

impl Distance {
    /// It all in flights of stairs.
    pub fn flights(self) -> u32 {
        match self {
            Distance::Stairs { flights } => flights,
            Distance::Entrance { flights } => flights + ENTRANCE,
            Distance::Building { buildings, flights } => {
                buildings.saturating_mul(BUILDING).saturating_add(flights + ENTRANCE)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::roll::floor_of;

    fn place(building: &str, entrance: &str, door: &str) -> Place {
        Place { building: building.to_owned(), entrance: entrance.to_owned(), floor: floor_of(door) }
    }

    #[test]
    fn the_way_is_stairs_and_buildings() {
        let home = place("12", "2", "301");
        for (there, way, flights) in [
            (place("12", "2", "501"), Distance::Stairs { flights: 2 }, 2),
            (place("12", "2", "302"), Distance::Stairs { flights: 0 }, 0),
            (place("12", "1", "201"), Distance::Entrance { flights: 3 }, 6),
            (place("15", "1", "101"), Distance::Building { buildings: 3, flights: 2 }, 23),
            (place("甲", "", "101"), Distance::Building { buildings: 1, flights: 2 }, 11),
        ] {
            assert_eq!((home.to(&there), there.to(&home), home.to(&there).flights()), (way, way, flights));
        }
    }
}
