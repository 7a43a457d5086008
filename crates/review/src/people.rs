//! People and their waits: all, by class, lane and wave, and the queue by the minute.

use crate::{
    observed::{End, Observed, Round, Visit},
    spread::{Spread, minutes},
};
use chance::{TICKS_PER_SECOND, Ticks};
use serde::Serialize;
use std::collections::BTreeMap;

/// People of one kind: a class, a lane.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// Its name or number.
    pub name: String,
    /// People who came, a round.
    pub people: f64,
    /// Those of them who were served.
    pub served: f64,
    /// Their waits.
    pub wait_min: Spread,
}

/// People waiting, by the minute, on average over rounds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct QueueCurve {
    /// The first minute, after opening; may be negative.
    pub first_minute: i64,
    /// People waiting at that whole minute.
    pub waiting: Vec<f64>,
    /// People who had come by then.
    pub arrived: Vec<f64>,
    /// People who had left by then, all served.
    pub done: Vec<f64>,
}

const MINUTE: Ticks = 60 * TICKS_PER_SECOND;
/// People who come earlier than this are counted in the first minute, who comes later than the last in the last.
const EARLIEST: i64 = -120;
const MINUTES_MAX: usize = 24 * 60;

pub(crate) fn served(visit: &&Visit) -> bool {
    matches!(visit.end, End::Left(_))
}

/// Waits, by round, of those served among the chosen.
pub(crate) fn waits(observed: &Observed, chosen: impl Fn(&Visit) -> bool) -> Spread {
    times(observed, |visit| if chosen(visit) { visit.waited() } else { None })
}

/// A time of each person served, by round.
pub(crate) fn times(observed: &Observed, time: impl Fn(&Visit) -> Option<Ticks>) -> Spread {
    let of_round = |round: &Round| round.visits.iter().filter(served).filter_map(&time).collect();
    Spread::of(observed.rounds.iter().map(of_round).collect())
}

/// People chosen, a round.
pub(crate) fn count(observed: &Observed, chosen: impl Fn(&Visit) -> bool) -> f64 {
    let all = observed.visits().filter(|visit| chosen(visit)).count();
    all as f64 / observed.rounds.len().max(1) as f64
}

pub(crate) fn group(observed: &Observed, name: String, member: impl Fn(&Visit) -> bool) -> Group {
    Group {
        name,
        people: count(observed, &member),
        served: count(observed, |visit| member(visit) && served(&visit)),
        wait_min: waits(observed, member),
    }
}

/// Those of one wave, over all rounds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wave {
    pub people: usize,
    pub served: usize,
    pub arrivals: Vec<Ticks>,
    /// Waits of those served, by round.
    pub waits: Vec<Vec<Ticks>>,
}

/// People by the wave that their household was called in.
pub(crate) fn by_wave(observed: &Observed) -> BTreeMap<u32, Wave> {
    let mut waves = BTreeMap::<u32, Wave>::new();
    for (number, round) in observed.rounds.iter().enumerate() {
        for visit in &round.visits {
            let Some(wave) = visit.wave else { continue };
            let wave = waves.entry(wave).or_default();
            wave.waits.resize(number + 1, Vec::new());
            wave.people += 1;
            wave.arrivals.extend(visit.arrived);
            if served(&visit) {
                wave.served += 1;
                wave.waits[number].extend(visit.waited());
            }
        }
    }
    waves
}

/// Minutes after opening at which 97 % of those served had left, by round that served anybody.
pub(crate) fn done_97(observed: &Observed) -> Vec<f64> {
    let of_round = |round: &Round| {
        let mut left: Vec<Ticks> = round.visits.iter().filter_map(left_at).collect();
        left.sort_unstable();
        let place = libm::ceil(0.97 * left.len() as f64) as usize;
        left.get(place.max(1) - 1).map(|&at| minutes(at as f64))
    };
    observed.rounds.iter().filter_map(of_round).collect()
}

fn left_at(visit: &Visit) -> Option<Ticks> {
    match visit.end {
        End::Left(at) => Some(at),
        _ => None,
    }
}

/// When someone stood in a queue, from and until.
fn queueing(round: &Round) -> impl Iterator<Item = (Ticks, Ticks)> {
    let steps = round.visits.iter().flat_map(|visit| &visit.steps);
    steps.filter_map(|step| {
        let (from, until) = (step.queued?, step.started.or(step.quit)?);
        (until > from).then_some((from, until))
    })
}

/// Most people waiting at one time, mean over rounds.
pub(crate) fn queue_max(observed: &Observed) -> f64 {
    let of_round = |round: &Round| {
        // At equal times who starts goes before who comes: a queue of no duration is none.
        let mut changes: Vec<(Ticks, i32)> =
            queueing(round).flat_map(|(from, until)| [(from, 1), (until, -1)]).collect();
        changes.sort_unstable();
        let mut waiting = 0;
        changes
            .iter()
            .map(|change| {
                waiting += change.1;
                waiting
            })
            .max()
            .unwrap_or(0)
    };
    let all: i32 = observed.rounds.iter().map(of_round).sum();
    f64::from(all) / observed.rounds.len().max(1) as f64
}

/// The first whole minute that is not before this tick, as a place.
fn place(at: Ticks) -> usize {
    let minute = -(at.saturating_neg()).div_euclid(MINUTE);
    usize::try_from(minute.saturating_sub(EARLIEST)).unwrap_or(0).min(MINUTES_MAX - 1)
}

/// The queue by the minute.
pub(crate) fn curve(observed: &Observed) -> QueueCurve {
    let mut changes = vec![[0i64; 3]; MINUTES_MAX];
    for round in &observed.rounds {
        for (from, until) in queueing(round) {
            changes[place(from)][0] += 1;
            changes[place(until)][0] -= 1;
        }
        for visit in &round.visits {
            if let Some(at) = visit.arrived {
                changes[place(at)][1] += 1;
            }
            if let Some(at) = left_at(visit) {
                changes[place(at)][2] += 1;
            }
        }
    }
    let busy = |minute: &[i64; 3]| *minute != [0; 3];
    let (Some(first), Some(last)) = (changes.iter().position(busy), changes.iter().rposition(busy)) else {
        return QueueCurve::default();
    };
    let rounds = observed.rounds.len().max(1) as f64;
    let running = |kind: usize| {
        let mut sum = 0;
        changes[first..=last]
            .iter()
            .map(|minute| {
                sum += minute[kind];
                sum as f64 / rounds
            })
            .collect()
    };
    QueueCurve {
        first_minute: first as i64 + EARLIEST,
        waiting: running(0),
        arrived: running(1),
        done: running(2),
    }
}
