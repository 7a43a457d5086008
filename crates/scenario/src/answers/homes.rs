//! The mean household that makes the number of people that was answered.

use crate::made_roll::MadeRoll;

/// Steps of the mean size: four decimals, a person in every ten thousand households.
const STEPS: f64 = 10_000.0;
/// With more households, chance alone comes as close.
const HOUSEHOLDS_MAX: u32 = 50_000;
/// The greatest mean that a scenario takes.
const MEAN_MAX: f64 = 15.0;

/// The mean size with which a made roll of these households has this many people, or as nearly as four decimals come:
/// chance draws the households, and a planner who said 4,000 wants to read 4,000.
pub(super) fn fitted_mean(households: u32, people: u32) -> f64 {
    let mean = f64::from(people) / f64::from(households);
    if people == households || households > HOUSEHOLDS_MAX {
        return libm::round(mean * STEPS) / STEPS;
    }
    // More people with each step, because the same luck draws every household.
    let made = |step: u32| MadeRoll::new(households, Some(f64::from(step) / STEPS), None).make().people();
    let (mut below, mut enough) = (STEPS as u32, (MEAN_MAX * STEPS) as u32);
    while enough - below > 1 {
        let middle = below + (enough - below) / 2;
        if made(middle) < people { below = middle } else { enough = middle }
    }
    f64::from(enough) / STEPS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_made_roll_has_the_people_that_were_answered() {
        for (households, people) in [(1_538, 4_000), (10, 26), (7, 7), (120, 1_000), (40_000, 104_000)] {
            let made = MadeRoll::new(households, Some(fitted_mean(households, people)), None).make().people();
            assert!(made.abs_diff(people) <= people / 1_000, "{households} {people}: {made}");
        }
        let made = MadeRoll::new(1_538, Some(fitted_mean(1_538, 4_000)), None).make().people();
        assert_eq!(made, 4_000);
    }
}
