//! A roll made from three numbers, for a compound whose list nobody has yet: `[community] households = 1536,
//! mean_size = 2.6, entrances = 48`. The same numbers make the same roll each time. It carries no marks.

use chance::{Cause, Chance, unit};
use domain::Roll;
use domain::roll::{Entrance, Household, Marks};

/// People in a household where nothing is said: about the mean of Chinese cities' 2020 census (2.62 a family
/// household, "Communiqué of the Seventh National Population Census", No. 2, National Bureau of Statistics, 2021).
pub(crate) const MEAN_SIZE: f64 = 2.6;
/// Households of an entrance where nothing is said: sixteen floors of two doors.
const HOUSEHOLDS_OF_ENTRANCE: u32 = 32;
/// Entrances of a building.
const ENTRANCES_OF_BUILDING: u32 = 4;
/// Doors on a floor.
const DOORS_OF_FLOOR: u32 = 2;
/// The largest household made: beyond twenty people it is a dormitory, and wants a roll.
const SIZE_MAX: u32 = 20;
/// Any number would do, as long as it never changes: scenarios without a roll would meet other people.
const SEED: u64 = 20_220_328;

/// What the roll is made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MadeRoll {
    households: u32,
    mean_size: f64,
    entrances: u32,
}

impl MadeRoll {
    /// The numbers given, with defaults for those that are not. Entrances are no more than households.
    pub fn new(households: u32, mean_size: Option<f64>, entrances: Option<u32>) -> Self {
        let entrances = entrances.unwrap_or(households.div_ceil(HOUSEHOLDS_OF_ENTRANCE));
        MadeRoll {
            households,
            mean_size: mean_size.unwrap_or(MEAN_SIZE),
            entrances: entrances.min(households),
        }
    }

    /// The roll: households spread evenly over the entrances `1-1` to `1-4`, `2-1` …, with doors 101, 102, 201 …
    /// A household has one person and a Poisson number more.
    pub fn make(&self) -> Roll {
        let sizes = Sizes { none: libm::exp(1.0 - self.mean_size), mean: self.mean_size - 1.0 };
        let chance = Chance::new(SEED, 0, 0);
        let mut roll = Roll::default();
        for number in 0..self.entrances {
            let first = self.first_of(number);
            let end = self.first_of(number + 1);
            for household in first..end {
                let people = sizes.draw(unit(chance.word(Cause::Household, household, 0)));
                let start = roll.people();
                roll.residents.extend((0..people).map(|_| Marks::default()));
                let place = household - first;
                let door = (place / DOORS_OF_FLOOR + 1) * 100 + place % DOORS_OF_FLOOR + 1;
                roll.households.push(Household {
                    entrance: number,
                    door: door.to_string(),
                    residents: start..start + people,
                });
            }
            roll.entrances.push(Entrance {
                building: (number / ENTRANCES_OF_BUILDING + 1).to_string(),
                entrance: (number % ENTRANCES_OF_BUILDING + 1).to_string(),
                households: first..end,
            });
        }
        roll
    }

    /// The first household of an entrance: entrances differ by one household at most.
    fn first_of(&self, entrance: u32) -> u32 {
        let spread = u64::from(self.households) * u64::from(entrance) / u64::from(self.entrances);
        u32::try_from(spread).expect("no more than all households")
    }
}

/// Sizes of households: 1 + Poisson, by inversion.
struct Sizes {
    /// The probability of a household of one.
    none: f64,
    /// Mean number of the others.
    mean: f64,
}

impl Sizes {
    fn draw(&self, uniform: f64) -> u32 {
        let (mut more, mut probability, mut below) = (0, self.none, self.none);
        while uniform >= below && more + 1 < SIZE_MAX {
            more += 1;
            probability *= self.mean / f64::from(more);
            below += probability;
        }
        more + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_roll_has_the_households_entrances_and_mean_size_asked_for_and_is_the_same_each_time() {
        let made = MadeRoll::new(1_536, Some(2.6), Some(48));
        let roll = made.make();
        assert_eq!((roll.entrances.len(), roll.households.len()), (48, 1_536));
        let mean = f64::from(roll.people()) / 1_536.0;
        assert!((mean - 2.6).abs() < 0.1, "{mean}");
        assert_eq!(roll, made.make());
        assert_eq!(roll.household_id(0), "1-1-101");
        assert_eq!(roll.household_id(1_535), "12-4-1602");
        let last = roll.households.last().expect("it has households");
        assert_eq!(last.residents.end, roll.people());
    }

    #[test]
    fn households_that_do_not_divide_evenly_are_spread_and_none_is_lost() {
        let roll = MadeRoll::new(10, Some(1.0), Some(3)).make();
        let counts: Vec<usize> = roll.entrances.iter().map(|entrance| entrance.households.len()).collect();
        assert_eq!(counts, [3, 3, 4]);
        assert_eq!(roll.people(), 10);
    }
}
