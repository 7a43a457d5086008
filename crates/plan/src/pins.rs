//! What pinned waves cost: time at the end, and people who meet in one queue.

use crate::{
    pace::{MINUTE, Pace},
    waves::waves_around,
};
use chance::Ticks;
use domain::{Notes, Place, Plan, Scenario, Wave};
use std::fmt::Display;

/// Pinned waves times households: beyond it, which of the pins costs most is not asked, for each question is a plan.
const PLANNED_MAX: usize = 400_000;
/// Minutes at the end that are worth a word.
const DELAY_MIN: Ticks = 5;
/// The part of a wave's people that may still wait when a pinned one arrives.
const CROWD_SHARE: f64 = 0.5;

/// Hints on the pinned wave that ends the round latest and on the one that meets most people still waiting.
pub(crate) fn check(plan: &Plan, scenario: &Scenario, notes: &mut Notes, file: &str) {
    let pins: Vec<&Wave> = plan.pinned().collect();
    let Some(load) = plan.load.filter(|_| !pins.is_empty()) else { return };
    let pace = Pace::new(scenario, load);
    let place = |wave: &Wave| Place::file(file).column(format!("waves[{}]", wave.number));
    if pins.len() * scenario.roll.households.len() <= PLANNED_MAX {
        let end = ends(plan, scenario, &pace);
        let without = |pin: &Wave| {
            let mut kept = plan.clone();
            kept.waves.retain(|wave| wave.pinned && wave.number != pin.number);
            ends(&waves_around(scenario, load, &kept), scenario, &pace)
        };
        let costs = pins.iter().map(|pin| (end - without(pin), *pin));
        if let Some((cost, pin)) = costs.max_by_key(|&(cost, pin)| (cost, std::cmp::Reverse(pin.number)))
            && cost >= DELAY_MIN * MINUTE
        {
            let args: [(&str, &dyn Display); 2] = [("wave", &pin.number), ("minutes", &(cost / MINUTE))];
            notes.hint(place(pin), "plan_pin_delays", &args);
        }
    }
    let met = meetings(plan, scenario, &pace);
    let most = met.into_iter().max_by(|a, b| a.waiting.total_cmp(&b.waiting));
    if let Some(most) = most.filter(|most| most.waiting > CROWD_SHARE * f64::from(scenario.waves.size)) {
        let people = format!("{:.0}", most.waiting);
        let args: [(&str, &dyn Display); 3] =
            [("wave", &most.pin.number), ("people", &people), ("minutes", &(most.longer / MINUTE + 1))];
        notes.hint(place(most.pin), "plan_pin_crowds", &args);
    }
}

/// A pinned wave that arrives while people of its lane still wait.
struct Meeting<'a> {
    pin: &'a Wave,
    /// How many, at the plan's pace.
    waiting: f64,
    /// How long until they have been served.
    longer: Ticks,
}

/// When the last lane has served all, at the plan's pace; those for whom the calendar ends too early are left out.
fn ends(plan: &Plan, scenario: &Scenario, pace: &Pace<'_>) -> Ticks {
    let lane_ends = lanes(plan, scenario, pace).into_iter().filter_map(|waves| {
        let people = waves.iter().fold(0.0, |before, wave| pace.after(before, wave));
        pace.served_at(people)
    });
    lane_ends.max().unwrap_or(0)
}

fn meetings<'a>(plan: &'a Plan, scenario: &Scenario, pace: &Pace<'_>) -> Vec<Meeting<'a>> {
    let mut met = Vec::new();
    for waves in lanes(plan, scenario, pace) {
        let mut before = 0.0;
        for wave in waves {
            let arrives = wave.call_at + pace.ahead(&wave.households);
            if let Some(done) = pace.served_at(before).filter(|_| wave.pinned) {
                // Before the opening the first wave meets nobody, and everybody waits for the doors.
                let waiting = before - pace.served_by(arrives);
                met.push(Meeting { pin: wave, waiting, longer: done - arrives });
            }
            before = pace.after(before, wave);
        }
    }
    met
}

/// The waves of each lane, in the order of their arrival.
fn lanes<'a>(plan: &'a Plan, scenario: &Scenario, pace: &Pace<'_>) -> Vec<Vec<&'a Wave>> {
    let mut lanes = vec![Vec::new(); usize::from(scenario.site.lanes)];
    for wave in &plan.waves {
        if let Some(lane) = lanes.get_mut(usize::from(wave.lane)) {
            lane.push(wave);
        }
    }
    for waves in &mut lanes {
        waves.sort_by_key(|wave| wave.call_at + pace.ahead(&wave.households));
    }
    lanes
}
