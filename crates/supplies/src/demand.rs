//! What must be at the gate when: from how many are served by the end of each slot in each rehearsed day, and from what is there already.
//!
//! What a slot needs is asked of the sum up to its end, not of the slot alone: what the hour before has left over is there, and the sum of
//! what each hour needs on its own worst day is more than any day needs.

use chance::Ticks;
use domain::{Supply, supply::Per};

/// In so many of a hundred rehearsed days it reaches.
pub const REACHES: u64 = 98;

/// Slots of equal length, from the opening on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slots {
    /// Ticks of one.
    pub length: Ticks,
    /// How many.
    pub count: usize,
    /// So long before a slot what it needs is there.
    pub spare: Ticks,
}

/// What a day needs of a good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Slot by slot.
    pub slots: Vec<SlotDemand>,
    /// What is to be brought, the first first.
    pub bring: Vec<Bring>,
    /// Units that are left over on a day that needs all that the slots say.
    pub left: u64,
}

/// What a slot needs of a good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotDemand {
    /// Its beginning, in ticks after opening.
    pub from: Ticks,
    /// Units that are used in it: what the sum to its end is more than that to its beginning.
    pub needs: u64,
    /// Units that are used from the opening to its end.
    pub through: u64,
    /// Units that are surely there by then: on hand at the opening, and come until the slot begins.
    pub there: u64,
    /// Units that are lacking where nothing is brought.
    pub lacks: u64,
}

/// Something is to be brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bring {
    /// When it leaves, in ticks after opening.
    pub leaves: Ticks,
    /// When it is at the gate.
    pub due: Ticks,
    /// Whole boxes.
    pub boxes: u64,
    /// Units in them.
    pub count: u64,
}

/// What a day needs of a good. `used`: for each rehearsed day, for how many something was used from the opening to the end of each slot
/// (people, parties, tubes; staff by the minute), never falling.
pub fn demand(supply: &Supply, hot: bool, used: &[Vec<u64>], slots: Slots) -> Demand {
    let mut demand = Demand { slots: Vec::with_capacity(slots.count), bring: Vec::new(), left: 0 };
    let (mut before, mut brought) = (0, 0);
    for slot in 0..slots.count {
        let from = slots.length * slot as Ticks;
        let most = quantile(used.iter().map(|day| day.get(slot).copied().unwrap_or(0)).collect());
        let through = amount(supply, hot, most).max(before);
        let come = supply.coming.iter().filter(|(at, _)| *at <= from).map(|(_, count)| u64::from(*count));
        let there = u64::from(supply.on_hand) + come.sum::<u64>();
        let lacks = through.saturating_sub(there);
        demand.bring.extend(bring(supply, slots.spare, (from, lacks), &mut brought));
        demand.slots.push(SlotDemand { from, needs: through - before, through, there, lacks });
        (before, demand.left) = (through, (there + brought).saturating_sub(through));
    }
    demand
}

/// What a slot has brought, where by its end, of it and all before it together, more is lacking than was brought for those: whole boxes, so long
/// before the slot. Slots are asked of one after the other.
pub fn bring(supply: &Supply, spare: Ticks, (from, lacks): (Ticks, u64), brought: &mut u64) -> Option<Bring> {
    let more = lacks.checked_sub(*brought).filter(|more| *more > 0)?;
    let per_box = u64::from(supply.per_box.max(1));
    let (boxes, due) = (more.div_ceil(per_box), from - spare);
    *brought += boxes * per_box;
    Some(Bring { leaves: due - supply.lead, due, boxes, count: boxes * per_box })
}

/// How much of a good so many use up (people, parties, tubes; staff by the minute), a unit that is begun counted whole: what a site has used so
/// far follows from whom it has served by the same rule.
pub fn amount(supply: &Supply, hot: bool, used: u64) -> u64 {
    let scale = match supply.per {
        Per::StaffHour => 60_000_000,
        Per::Person | Per::Party | Per::Tube => 1_000_000,
    };
    u64::try_from((u128::from(used) * u128::from(supply.rate(hot))).div_ceil(scale)).unwrap_or(u64::MAX)
}

/// The least value that so many of a hundred do not exceed; 0 of none.
fn quantile(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    let place = (values.len() as u64 * REACHES).div_ceil(100).saturating_sub(1);
    values.get(place as usize).copied().unwrap_or(0)
}

/// The most tubes that so many people can have begun at one table of so many servers, each with a tube of their own.
pub fn tubes(people: u64, servers: u64, pool: u64) -> u64 {
    let servers = servers.max(1);
    if people < servers { people } else { (people - servers) / pool.max(1) + servers }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: Ticks = 36_000_000;

    fn swabs() -> Supply {
        Supply {
            good: "swabs".to_owned(),
            unit: "piece".to_owned(),
            per: Per::Person,
            rate_millionths: 1_050_000,
            hot_rate_millionths: None,
            station: None,
            per_box: 100,
            on_hand: 250,
            coming: vec![(2 * HOUR, 500)],
            lead: HOUR / 2,
        }
    }

    #[test]
    fn a_day_of_three_hours_by_hand() {
        // Fifty days: 98 of a hundred is the second worst.
        let mut days = vec![vec![200, 400, 900]; 48];
        days.extend([vec![300, 600, 1000], vec![999, 9999, 99_999]]);
        let found = demand(&swabs(), false, &days, Slots { length: HOUR, count: 3, spare: HOUR / 4 });
        // 315, 630 and 1050 by the ends; 250, 250 and 750 there.
        let told: Vec<_> = found.slots.iter().map(|of| (of.needs, of.through, of.there, of.lacks)).collect();
        assert_eq!(told, [(315, 315, 250, 65), (315, 630, 250, 380), (420, 1050, 750, 300)]);
        let bring = |due, boxes| Bring { leaves: due - HOUR / 2, due, boxes, count: boxes * 100 };
        assert_eq!(found.bring, [bring(-HOUR / 4, 1), bring(HOUR - HOUR / 4, 3)]);
        assert_eq!(found.left, 100);
    }

    #[test]
    fn water_by_the_hour_of_staff_and_by_heat() {
        let water = Supply {
            per: Per::StaffHour,
            rate_millionths: 500_000,
            hot_rate_millionths: Some(2_000_000),
            per_box: 24,
            on_hand: 0,
            coming: vec![],
            ..swabs()
        };
        let slots = Slots { length: HOUR, count: 2, spare: 0 };
        // Ten people work for two hours.
        let through = |hot| {
            demand(&water, hot, &[vec![600, 1200]], slots)
                .slots
                .iter()
                .map(|of| of.through)
                .collect::<Vec<_>>()
        };
        assert_eq!((through(false), through(true)), (vec![5, 10], vec![20, 40]));
    }

    proptest! {
        /// Against what it should do, not how: with what is brought each slot has what it needs in 98 of 100 days, and one box less would not do.
        #[test]
        fn enough_is_there_in_time_and_no_box_too_many(
            days in prop::collection::vec(prop::collection::vec(0..200u64, 1..8), 1..60),
            (rate, per_box, on_hand) in (1..3_000_000u64, 1..150u32, 0..400u32),
            coming in prop::collection::vec((-2..8i64, 0..200u32), 0..3),
            count in 1..8usize,
        ) {
            let coming = coming.into_iter().map(|(hour, count)| (hour * HOUR / 2, count)).collect();
            let supply = Supply { rate_millionths: rate, per_box, on_hand, coming, ..swabs() };
            let days: Vec<Vec<u64>> = days.into_iter().map(|day| {
                (0..count).scan(0, |sum, slot| { *sum += day[slot % day.len()]; Some(*sum) }).collect()
            }).collect();
            let found = demand(&supply, false, &days, Slots { length: HOUR, count, spare: HOUR / 4 });
            let there = |slot: usize, bring: &[Bring]| {
                let at = slot as Ticks * HOUR;
                let come: u64 = supply.coming.iter().filter(|of| of.0 <= at).map(|of| u64::from(of.1)).sum();
                let brought: u64 = bring.iter().filter(|of| of.due + HOUR / 4 <= at).map(|of| of.count).sum();
                u64::from(on_hand) + come + brought
            };
            let reaches = |slot: usize, bring: &[Bring]| {
                let has = there(slot, bring) as f64 + 1e-6;
                let enough = days.iter().filter(|day| day[slot] as f64 * (rate as f64 / 1e6) <= has).count();
                enough * 100 >= 98 * days.len()
            };
            for slot in 0..count {
                prop_assert!(reaches(slot, &found.bring), "slot {slot} of {found:?}");
            }
            for (at, one) in found.bring.iter().enumerate() {
                prop_assert_eq!(one.count, one.boxes * u64::from(per_box));
                let mut less = found.bring[..=at].to_vec();
                less[at].count -= u64::from(per_box);
                prop_assert!((0..count).any(|slot| !reaches(slot, &less)), "a box too many: {found:?}");
            }
        }

        #[test]
        fn no_way_to_share_people_out_begins_more_tubes(shared in prop::collection::vec(0..40u64, 1..6), pool in 1..21u64) {
            let begun: u64 = shared.iter().map(|people| people.div_ceil(pool)).sum();
            prop_assert!(begun <= tubes(shared.iter().sum(), shared.len() as u64, pool));
        }
    }
}
