//! Plans: everyone at once, or wave after wave at the rate of the bottleneck.

use crate::{capacity::Capacity, lanes::lane_of_entrances};
use chance::{TICKS_PER_SECOND, Ticks};
use domain::{
    Plan, Policy, Scenario, Wave,
    scenario::{Arrivals, LaneChoice},
};

const MINUTE: Ticks = 60 * TICKS_PER_SECOND;

/// One message to all: a single wave for each lane.
pub fn broadcast(scenario: &Scenario) -> Plan {
    let at = match &scenario.arrivals {
        Arrivals::Broadcast { at, .. } => *at,
        _ => 0,
    };
    let mut waves: Vec<Wave> = (0..scenario.site.lanes)
        .map(|lane| Wave { number: u32::from(lane) + 1, call_at: at, lane, households: Vec::new() })
        .collect();
    let lane_of = lane_of_entrances(&scenario.roll, scenario.site.lanes);
    for (household, home) in scenario.roll.households.iter().enumerate() {
        waves[usize::from(lane_of[home.entrance as usize])].households.push(household as u32);
    }
    waves.retain(|wave| !wave.households.is_empty());
    Plan { policy: Policy::Broadcast, load: None, waves }
}

/// Waves of about half an entrance, called lane by lane so that they arrive at `load` times the rate at which the lane's
/// bottleneck serves; the first is there when the site opens. Calls fall on whole minutes.
pub fn waves(scenario: &Scenario, load: f64) -> Plan {
    let capacity = Capacity::of_lane(scenario);
    let lane_of = lane_of_entrances(&scenario.roll, scenario.site.lanes);
    let rules = &scenario.waves;
    let coming = scenario.attendance.households * scenario.attendance.persons;
    let mut waves = Vec::new();
    for lane in 0..scenario.site.lanes {
        let entrances = (0..lane_of.len()).filter(|&entrance| lane_of[entrance] == lane);
        let groups: Vec<Vec<u32>> = entrances.flat_map(|entrance| parts(scenario, entrance)).collect();
        let expected = |group: &[u32]| {
            let people: u32 = group.iter().map(|&household| scenario.roll.size(household)).sum();
            f64::from(people) * coming
        };
        let mut before = 0.0;
        let mut last = 0;
        for group in groups {
            // The first group is there at opening, each next one when those before it have been served at this load.
            // Where the calendar ends too early for all, the rest is called at the last time there is; the check says so.
            last = capacity.time_of(before, load).unwrap_or(last);
            before += expected(&group);
            let calls =
                group.len() as f64 * rules.callers.call.mean_s() / f64::from(rules.callers.number.max(1));
            let ahead = rules.reaction.mean_s() + calls / 2.0;
            let at = last - (ahead * TICKS_PER_SECOND as f64) as Ticks;
            waves.push(Wave { number: 0, call_at: at.div_euclid(MINUTE) * MINUTE, lane, households: group });
        }
    }
    if scenario.site.lane_choice == LaneChoice::Shortest {
        // Lanes are chosen on arrival: the plan's lanes only pace the calls.
        waves.iter_mut().for_each(|wave| wave.lane = 0);
    }
    waves.sort_by_key(|wave| (wave.call_at, wave.lane));
    waves.iter_mut().zip(1..).for_each(|(wave, number)| wave.number = number);
    Plan { policy: Policy::Waves, load: Some(load), waves }
}

/// The households of an entrance in equal parts of about the wanted size.
fn parts(scenario: &Scenario, entrance: usize) -> Vec<Vec<u32>> {
    let roll = &scenario.roll;
    let people = roll.people_of_entrance(entrance);
    let wanted = (f64::from(people) / f64::from(scenario.waves.size.max(1)) + 0.5) as u32;
    let count = wanted.clamp(1, people.max(1)) as usize;
    let mut parts = vec![Vec::new(); count];
    let mut before = 0;
    for household in roll.entrances[entrance].households.clone() {
        let middle = before as f64 + f64::from(roll.size(household)) / 2.0;
        let part = (middle / f64::from(people.max(1)) * count as f64) as usize;
        parts[part.min(count - 1)].push(household);
        before += roll.size(household);
    }
    parts.retain(|part| !part.is_empty());
    parts
}
