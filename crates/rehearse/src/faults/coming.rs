//! Who comes when, once something went wrong with the calls.

use crate::TICKS_PER_MINUTE;
use chance::{Law, Shape, Ticks};
use domain::{
    Plan, Policy, Roll, Scenario, Wave,
    scenario::{Appointments, Arrivals},
};

/// Everybody comes so many minutes sooner.
pub(super) fn early(scenario: &mut Scenario, plan: Option<&mut Plan>, minutes: f64) {
    let sooner_by = (minutes * TICKS_PER_MINUTE as f64) as Ticks;
    if let Some(plan) = plan {
        plan.waves.iter_mut().for_each(|wave| wave.call_at -= sooner_by);
    }
    let booked = |appointments: &mut Appointments| {
        let law = appointments.punctuality.take().unwrap_or(Law::constant(0.0));
        appointments.punctuality = Some(sooner(&law, minutes * 60.0));
    };
    match &mut scenario.arrivals {
        Arrivals::Schedule { times, .. } => times.iter_mut().for_each(|time| *time -= sooner_by),
        Arrivals::Appointments(appointments) => booked(appointments),
        Arrivals::Mix(mix) => {
            if let Some(appointments) = &mut mix.appointments {
                booked(appointments);
            }
        }
        Arrivals::Broadcast { .. } | Arrivals::Waves | Arrivals::Poisson(_) => {}
    }
}

/// The law with every draw so many seconds less. A law that cannot be negative becomes a normal one of the same mean and
/// spread.
fn sooner(law: &Law, seconds: f64) -> Law {
    let less = law.floor_s - seconds;
    match &law.shape {
        Shape::Constant { mean_s } => Law::constant(mean_s + less),
        Shape::Triangular { min_s, mode_s, max_s } => {
            Law::triangular(min_s + less, mode_s + less, max_s + less)
        }
        Shape::Uniform { min_s, max_s } => Law::uniform(min_s + less, max_s + less),
        Shape::Normal { mean_s, sd_s } => Law::normal(mean_s + less, *sd_s),
        Shape::Empirical { values } => {
            Law::empirical(values.iter().map(|&(value, weight)| (value + less, weight)).collect())
        }
        Shape::Mixture { parts } => {
            Law::mixture(parts.iter().map(|(share, part)| (*share, sooner(part, -less))).collect())
        }
        Shape::Exponential { .. } | Shape::Lognormal { .. } | Shape::Gamma { .. } => {
            Law::normal(law.mean_s() - seconds, law.variance().sqrt())
        }
    }
}

/// Several waves of one lane are called together: the one in the middle of the plan, and so many of those after it.
pub(super) fn together(plan: &mut Plan, further: u32) {
    let Some((at, followers)) = middle(plan) else { return };
    for place in followers.into_iter().take(further as usize) {
        plan.waves[place].call_at = at;
    }
    plan.waves.sort_by_key(|wave| (wave.call_at, wave.lane, wave.number));
}

/// When the wave in the middle of the plan is called, and the places of those after it in its lane.
fn middle(plan: &Plan) -> Option<(Ticks, Vec<usize>)> {
    let mut order: Vec<usize> = (0..plan.waves.len()).collect();
    order.sort_by_key(|&place| (plan.waves[place].call_at, plan.waves[place].number));
    let half = order.len() / 2;
    let middle = &plan.waves[*order.get(half)?];
    let after = order[half + 1..].iter().copied().filter(|&place| plan.waves[place].lane == middle.lane);
    Some((middle.call_at, after.collect()))
}

/// Whether there is a wave that could be called too early.
pub(super) fn has_next(plan: &Plan) -> bool {
    middle(plan).is_some_and(|(_, followers)| !followers.is_empty())
}

/// Whether households are called wave by wave.
pub(super) fn calls_waves(plan: Option<&Plan>) -> bool {
    plan.is_some_and(|plan| plan.policy == Policy::Waves && !plan.waves.is_empty())
}

/// The first buildings of the roll are forgotten, and called all at once when the last wave is.
pub(super) fn forgotten(plan: &mut Plan, roll: &Roll, buildings: u32) {
    let mut names: Vec<&str> = Vec::new();
    for entrance in &roll.entrances {
        if !names.contains(&entrance.building.as_str()) {
            names.push(&entrance.building);
        }
    }
    names.truncate(buildings as usize);
    let missed = |&household: &u32| {
        let entrance = roll.households[household as usize].entrance;
        names.contains(&roll.entrances[entrance as usize].building.as_str())
    };
    let last = plan.waves.iter().map(|wave| wave.call_at).max().unwrap_or(0);
    let mut number = plan.waves.iter().map(|wave| wave.number).max().unwrap_or(0);
    let mut late: Vec<Wave> = Vec::new();
    for wave in &mut plan.waves {
        let (forgotten, called) = wave.households.iter().copied().partition(missed);
        wave.households = called;
        let forgotten: Vec<u32> = forgotten;
        match late.iter_mut().find(|late| late.lane == wave.lane) {
            _ if forgotten.is_empty() => {}
            Some(late) => late.households.extend(forgotten),
            None => {
                number += 1;
                let lane = wave.lane;
                late.push(Wave { number, call_at: last, lane, households: forgotten, pinned: false });
            }
        }
    }
    plan.waves.retain(|wave| !wave.households.is_empty());
    plan.waves.extend(late);
}
