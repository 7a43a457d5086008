//! From a call to arriving: how households react, how long calls take, and who comes at all.

use crate::{
    fit::{Fit, fit_reaction},
    observed::{Household, Observed, Round},
};
use chance::{TICKS_PER_SECOND, Ticks};
use domain::{Plan, Policy, Scenario};
use serde::Serialize;
use std::collections::BTreeMap;

/// A measured number with its standard error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// The value, in the unit of its name.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
    /// What it rests on: calls, households, people.
    pub n: usize,
}

impl Measured {
    /// A share of `n`.
    pub(crate) fn share(value: f64, n: usize) -> Measured {
        let count = n.max(1) as f64;
        let within = ((value * count + 0.5) / (count + 1.0)).clamp(0.0, 1.0);
        Measured { value, se: (within * (1.0 - within) / count).sqrt(), n }
    }
}

/// How households are reached, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calls {
    /// `broadcast` or `waves`.
    pub policy: &'static str,
    /// Households told to come, a round.
    pub households: f64,
    /// From the call to the household's first arrival; a `late` share where there is one.
    pub reaction: Option<Fit>,
    /// Seconds a call takes, with the way to the next door. Known where a plan says from when each wave was called.
    pub call_s: Option<Measured>,
    /// Share of the households called of which anybody came.
    pub come: Option<Measured>,
    /// Share of such a household's people who came; known where scenario and plan say how many live there.
    pub persons: Option<Measured>,
}

/// Calls within so short a time of each other were one message.
const ONE_MESSAGE: Ticks = 60 * TICKS_PER_SECOND;

fn called(round: &Round) -> impl Iterator<Item = (&Household, Ticks, u32)> {
    round.households.values().filter_map(|household| {
        let (at, wave) = household.called?;
        Some((household, at, wave))
    })
}

/// Measures the calls; `None` where nobody was called.
pub(crate) fn measure(
    observed: &Observed,
    scenario: Option<&Scenario>,
    plan: Option<&Plan>,
) -> Option<Calls> {
    let all = || observed.rounds.iter().flat_map(called);
    let count = all().count();
    if count == 0 {
        return None;
    }
    let policy = plan.map_or_else(|| policy_seen(observed), |plan| plan.policy);
    let reactions = reactions(observed);
    // Whether anyone's household is known on arrival: otherwise nobody is known to have come.
    let known = observed.visits().any(|visit| visit.household.is_some());
    let came = all().filter(|(household, ..)| household.people > 0).count();
    let attendance = scenario.zip(plan).filter(|_| known).and_then(|(scenario, plan)| {
        let people = all().map(|(household, ..)| household.people).sum();
        attendance(scenario, plan, count, came, people, &called_by_wave(observed))
    });
    let come = known.then(|| Measured::share(came as f64 / count as f64, count));
    Some(Calls {
        policy: policy.name(),
        households: count as f64 / observed.rounds.len().max(1) as f64,
        reaction: fit_reaction(&reactions),
        call_s: scenario.zip(plan).and_then(|(scenario, plan)| call_length(observed, scenario, plan)),
        come: attendance.map_or(come, |(households, _)| Some(households)),
        persons: attendance.map(|(_, persons)| persons),
    })
}

/// From each call to its household's first arrival.
pub(crate) fn reactions(observed: &Observed) -> Vec<Ticks> {
    let all = observed.rounds.iter().flat_map(called);
    all.filter_map(|(household, at, _)| Some(household.first_arrival? - at)).collect()
}

fn policy_seen(observed: &Observed) -> Policy {
    let spread = |round: &Round| {
        let times = || called(round).map(|(_, at, _)| at);
        times().max().unwrap_or(0) - times().min().unwrap_or(0)
    };
    if observed.rounds.iter().all(|round| spread(round) <= ONE_MESSAGE) {
        Policy::Broadcast
    } else {
        Policy::Waves
    }
}

/// Households called, by wave, over all rounds.
pub(crate) fn called_by_wave(observed: &Observed) -> BTreeMap<u32, usize> {
    let mut waves = BTreeMap::new();
    for (_, _, wave) in observed.rounds.iter().flat_map(called) {
        *waves.entry(wave).or_default() += 1;
    }
    waves
}

/// Shares of households and of persons. A household is seen to come if one of its people does: of a household of s people
/// who each come with chance p, that is 1 − (1 − p)ˢ of those that would. Both shares are found together: events do not
/// say which doors their households stand for, only how many of each wave were called.
fn attendance(
    scenario: &Scenario,
    plan: &Plan,
    called: usize,
    came: usize,
    people: u32,
    by_wave: &BTreeMap<u32, usize>,
) -> Option<(Measured, Measured)> {
    // Sizes of the households called, with how often: a wave that was called in part counts in part.
    let mut sizes = BTreeMap::<u32, f64>::new();
    for wave in &plan.waves {
        let share =
            by_wave.get(&wave.number).copied().unwrap_or(0) as f64 / wave.households.len().max(1) as f64;
        for &household in &wave.households {
            let household = scenario.roll.households.get(household as usize)?;
            let size = household.residents.end - household.residents.start;
            *sizes.entry(size).or_default() += share;
        }
    }
    let residents: f64 = sizes.iter().map(|(&size, count)| f64::from(size) * count).sum();
    if residents <= 0.0 || came == 0 {
        return None;
    }
    let (mut households, mut persons) = (1.0, 1.0);
    for _ in 0..200 {
        let seen: f64 = sizes
            .iter()
            .map(|(&size, count)| count * (1.0 - libm::pow(1.0 - persons, f64::from(size))))
            .sum();
        households = (came as f64 / seen.max(1e-9)).min(1.0);
        persons = (f64::from(people) / (households * residents)).min(1.0);
    }
    let living = (households * residents) as usize;
    Some((Measured::share(households, called), Measured::share(persons, living)))
}

/// Mean length of a call. Callers take calls as servers take people: the j-th call begins when its wave may be called and
/// the (j − callers)-th call has ended. So the sum of all lengths is known from the ends alone, whoever made which call.
fn call_length(observed: &Observed, scenario: &Scenario, plan: &Plan) -> Option<Measured> {
    if plan.policy != Policy::Waves {
        return None;
    }
    let callers = scenario.waves.callers.number.max(1) as usize;
    let from: BTreeMap<u32, Ticks> = plan.waves.iter().map(|wave| (wave.number, wave.call_at)).collect();
    let (mut sum, mut calls) = (0.0, 0usize);
    for round in &observed.rounds {
        let mut ends: Vec<Ticks> = called(round).map(|(_, at, _)| at).collect();
        ends.sort_unstable();
        let mut starts: Vec<Ticks> =
            called(round).filter_map(|(_, _, wave)| from.get(&wave).copied()).collect();
        starts.sort_unstable();
        if starts.len() != ends.len() {
            return None;
        }
        for (place, from) in starts.into_iter().enumerate() {
            let free = if place < callers { from } else { ends[place - callers].max(from) };
            sum += (ends[place] - free) as f64 / TICKS_PER_SECOND as f64;
            calls += 1;
        }
    }
    let mean = sum / calls.max(1) as f64;
    let longest = scenario.waves.callers.call.mean_s().max(1.0) * 20.0;
    if calls < crate::fit::LEAST || mean <= 0.0 || mean > longest {
        return None;
    }
    let se = mean * scenario.waves.callers.call.cv() / (calls as f64).sqrt();
    Some(Measured { value: mean, se, n: calls })
}
