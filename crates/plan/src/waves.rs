//! Plans: everyone at once, or wave after wave at the rate of the bottleneck.

use crate::{lanes::lane_of_entrances, pace::Pace};
use domain::{
    Plan, Policy, Scenario, Wave,
    scenario::{Arrivals, LaneChoice},
};
use std::collections::BTreeSet;

/// One message to all: a single wave for each lane.
pub fn broadcast(scenario: &Scenario) -> Plan {
    let at = match &scenario.arrivals {
        Arrivals::Broadcast { at, .. } => *at,
        _ => 0,
    };
    let mut waves: Vec<Wave> = (0..scenario.site.lanes)
        .map(|lane| Wave { number: u32::from(lane) + 1, call_at: at, lane, ..Wave::default() })
        .collect();
    let lane_of = lane_of_entrances(&scenario.roll, scenario.site.lanes);
    for (household, home) in scenario.roll.households.iter().enumerate() {
        waves[usize::from(lane_of[home.entrance as usize])].households.push(household as u32);
    }
    waves.retain(|wave| !wave.households.is_empty());
    Plan { policy: Policy::Broadcast, load: None, waves, ..Plan::default() }
}

/// Waves of about half an entrance, called lane by lane so that they arrive at `load` times the rate at which the lane's
/// bottleneck serves; the first is there when the site opens. Calls fall on whole minutes.
pub fn waves(scenario: &Scenario, load: f64) -> Plan {
    waves_around(
        scenario,
        load,
        &Plan { policy: Policy::Waves, load: None, waves: Vec::new(), ..Plan::default() },
    )
}

/// The same around the pinned waves of a plan of this scenario. They keep their time, lane and households and take what
/// their lane can serve from their arrival on; all other households follow each other in what is left, in the order of
/// the roll, as long as a whole wave fits before the next pinned one. Waves are numbered anew in the order of calls.
///
/// What is not pinned of `kept` is forgotten. A pinned wave in a lane that the site no longer has goes to the last.
pub fn waves_around(scenario: &Scenario, load: f64, kept: &Plan) -> Plan {
    let lane_of = lane_of_entrances(&scenario.roll, scenario.site.lanes);
    let by_arrival = scenario.site.lane_choice == LaneChoice::Shortest;
    let pace = Pace::new(scenario, load);
    let pinned_households: BTreeSet<u32> =
        kept.pinned().flat_map(|wave| wave.households.iter().copied()).collect();
    let mut waves = Vec::new();
    for lane in 0..scenario.site.lanes {
        let pins = kept.pinned().filter(|wave| {
            let home =
                wave.households.first().map(|&first| scenario.roll.households[first as usize].entrance);
            let paced = home.filter(|_| by_arrival).map(|entrance| lane_of[entrance as usize]);
            paced.unwrap_or(wave.lane).min(scenario.site.lanes - 1) == lane
        });
        let pins = pins.map(|wave| Wave { lane, ..wave.clone() }).collect();
        let entrances = (0..lane_of.len()).filter(|&entrance| lane_of[entrance] == lane);
        let groups = entrances.flat_map(|entrance| free_parts(scenario, entrance, &pinned_households));
        waves.extend(pace.lane(lane, pins, groups.collect()));
    }
    if by_arrival {
        // Lanes are chosen on arrival: the plan's lanes only pace the calls.
        waves.iter_mut().for_each(|wave| wave.lane = 0);
    }
    number(&mut waves);
    Plan { policy: Policy::Waves, load: Some(load), waves, ..Plan::default() }
}

/// Numbers waves in the order of their calls.
pub(crate) fn number(waves: &mut [Wave]) {
    waves.sort_by_key(|wave| (wave.call_at, wave.lane));
    waves.iter_mut().zip(1..).for_each(|(wave, number)| wave.number = number);
}

/// The parts of an entrance without the households of pinned waves. What is left of a part joins its neighbour if it is
/// small, so that nobody is called for three people.
pub(crate) fn free_parts(scenario: &Scenario, entrance: usize, pinned: &BTreeSet<u32>) -> Vec<Vec<u32>> {
    let people = |part: &[u32]| part.iter().map(|&household| scenario.roll.size(household)).sum::<u32>();
    let size = scenario.waves.size;
    let mut free: Vec<Vec<u32>> = Vec::new();
    // Whether the last of them is such a rest.
    let mut rest_before = false;
    for part in parts(scenario, entrance) {
        let whole = part.len();
        let left: Vec<u32> = part.into_iter().filter(|household| !pinned.contains(household)).collect();
        if left.is_empty() {
            continue;
        }
        let rest = left.len() < whole && people(&left) * 2 < size;
        match free.last_mut() {
            Some(before) if (rest || rest_before) && people(before) + people(&left) <= size + size / 2 => {
                before.extend(left);
                rest_before = people(before) * 2 < size;
            }
            _ => {
                free.push(left);
                rest_before = rest;
            }
        }
    }
    free
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
