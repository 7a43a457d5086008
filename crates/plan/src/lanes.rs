//! Which lane each entrance goes to: whole entrances, so that neighbours stay together and a sign can name them.

use domain::Roll;
use std::cmp::Reverse;

/// The lane of each entrance, balanced by people: the largest entrance first, each to the lane with the fewest so far
/// (Graham's longest-processing-time rule: never more than a third above the best possible).
pub fn lane_of_entrances(roll: &Roll, lanes: u16) -> Vec<u16> {
    let mut order: Vec<usize> = (0..roll.entrances.len()).collect();
    order.sort_by_key(|&entrance| Reverse(roll.people_of_entrance(entrance)));
    let mut people = vec![0u64; usize::from(lanes.max(1))];
    let mut lane_of = vec![0; order.len()];
    for entrance in order {
        let lane = (0..people.len()).min_by_key(|&lane| people[lane]).expect("there is at least one lane");
        people[lane] += u64::from(roll.people_of_entrance(entrance));
        lane_of[entrance] = u16::try_from(lane).expect("lanes are counted in 16 bits");
    }
    lane_of
}
