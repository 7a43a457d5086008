//! Policies, and what they come to by days after an infection.

use super::Assumptions;
use crate::transmission::{ByAge, DAYS, Effect, Screening};

/// What is done from a day on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// First day of it, counted from the last known one: 1 is the day after.
    pub from: u32,
    /// How people are screened.
    pub screening: Screening,
    /// Contacts between people outside quarantine, as a multiple of what they were when the cases were reported.
    pub contacts: f64,
}

/// What is done, step after step; before the first all goes on as it was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy(pub Vec<Step>);

/// What a way of screening comes to, relative to the one under which cases were reported.
#[derive(Clone, Copy, Debug)]
pub(super) struct Regime {
    /// Of those not found yet, the share that is found on each day after the infection.
    pub found: ByAge,
    /// What each who is not found infects on that day, in units of what one infects in all under the present screening.
    pub free: ByAge,
    /// What each infects, found or not, since not all who are found isolate.
    pub any: ByAge,
}

impl Regime {
    /// Of screening under a set of assumptions, where `now` is the present screening.
    pub fn new(screening: &Screening, now: &Screening, assumptions: &Assumptions) -> Regime {
        let effect = Effect::of(&assumptions.really(screening), &assumptions.infection());
        let present = Effect::of(&assumptions.really(now), &assumptions.infection());
        let untreated: f64 = present.untreated.iter().sum();
        let one = untreated * (1.0 - present.reduction());
        let mut regime = Regime { found: [0.0; DAYS], free: [0.0; DAYS], any: [0.0; DAYS] };
        let mut left = 1.0;
        for age in 0..DAYS {
            let found = effect.found[age];
            // What is left in the end is rounding.
            regime.found[age] = if left > 1e-9 { (found / left).clamp(0.0, 1.0) } else { 1.0 };
            left = (left - found).max(0.0);
            if left > 1e-9 {
                regime.free[age] = effect.isolate * effect.infectious[age] / left / one;
            }
            regime.any[age] = (1.0 - effect.isolate) * effect.untreated[age] / one;
        }
        regime
    }
}

/// The regime and the contacts of each day from the next one on.
pub(super) fn calendar(
    policy: &Policy,
    now: &Screening,
    assumptions: &Assumptions,
    days: usize,
) -> Vec<(Regime, f64)> {
    let mut today = (Regime::new(now, now, assumptions), 1.0);
    let mut calendar = Vec::with_capacity(days);
    for day in 1..=days as u32 {
        for step in policy.0.iter().filter(|step| step.from.max(1) == day) {
            today = (Regime::new(&step.screening, now, assumptions), step.contacts);
        }
        calendar.push(today);
    }
    calendar
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::SETS;

    #[test]
    fn one_who_is_infected_under_the_present_screening_infects_one_unit_in_all() {
        let now = Screening { isolate: 0.7, participation: 0.9, ..Screening::default() };
        for set in &SETS {
            let regime = Regime::new(&now, &now, set);
            let (mut left, mut all) = (1.0, 0.0);
            for age in 0..DAYS {
                left *= 1.0 - regime.found[age];
                all += left * regime.free[age] + regime.any[age];
            }
            assert!((all - 1.0).abs() < 1e-6, "{}: {all}", set.name);
        }
    }
}
