//! Few crews, several communities: who works where, and until when, so that the last of them is done as early as can be.
//!
//! A crew serves one lane. People are a fluid here, served at each crew's own pace; whether the promise holds under chance is
//! for the rehearsal. A division says for each crew which communities it goes to, in which order. For given ways, who serves
//! how many by a time is a flow in a small network (`flow`), so the earliest finish is found by halving; the ways
//! are searched by small changes (`ways`). [`Division::bound_min`] is what no division can beat: it leaves out that crews which
//! move on lose time on the way.

mod bound;
mod flow;
mod ways;

use flow::Network;
use ways::Ways;

/// Communities that one crew goes to in a day, at most: more often it packs than it works.
pub const STOPS_MAX: usize = 4;
/// What a division must gain for each stop more, or each change to what was agreed, in minutes: telling people costs more than
/// a few seconds of a round.
const WORTH_MIN: f64 = 1.0;
/// People that are nobody: sums of shares.
const NOBODY: f64 = 1e-6;
/// Halvings of a time: a day to less than a second.
const HALVINGS: u32 = 24;

/// What one community needs. Times are minutes after any moment that all share.
#[derive(Clone, Debug, PartialEq)]
pub struct Community {
    /// People who are still to be served.
    pub people: f64,
    /// Not before.
    pub opens_min: f64,
    /// Not after.
    pub closes_min: f64,
    /// Crews that find room there at one time.
    pub lanes_max: usize,
}

/// A crew, as it is from now on.
#[derive(Clone, Debug, PartialEq)]
pub struct Crew {
    /// When it can set out, or go on where it stands.
    pub from_min: f64,
    /// When its shift ends.
    pub until_min: f64,
    /// People an hour whom it serves.
    pub people_per_h: f64,
    /// Minutes until it can begin at each community: the way there and setting up; 0 where it stands.
    pub reach_min: Vec<f64>,
    /// Where it was told to go so far, in order: what is changed of that must be worth it.
    pub agreed: Vec<usize>,
}

/// What is to be divided.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The communities.
    pub communities: Vec<Community>,
    /// The crews.
    pub crews: Vec<Crew>,
    /// Minutes from the end of work at one community to its beginning at another: packing, the way, setting up.
    pub travel_min: Vec<Vec<f64>>,
}

/// Work of a crew at one community, without a break.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stay {
    /// The community's place in the task.
    pub community: usize,
    /// When it begins, in minutes.
    pub from_min: f64,
    /// When it ends, in minutes.
    pub until_min: f64,
    /// People whom it serves.
    pub people: f64,
}

/// Who works where.
#[derive(Clone, Debug, PartialEq)]
pub struct Division {
    /// The stays of each crew, in order.
    pub stays: Vec<Vec<Stay>>,
    /// When the last crew leaves each community, in minutes; `None` where nobody is to be served.
    pub done_min: Vec<Option<f64>>,
    /// When the last community is done, in minutes.
    pub latest_min: f64,
    /// No division is done earlier than this, in minutes.
    pub bound_min: f64,
    /// People of each community whom nobody can serve in time.
    pub unserved: Vec<f64>,
}

/// Divides the crews.
///
/// # Panics
/// If a table of minutes does not fit the numbers of crews and communities.
pub fn divide(task: &Task) -> Division {
    check(task);
    divided(task, &ways::search(task))
}

/// The crews as they were agreed, whatever that leaves undone: what a new division is held against.
///
/// # Panics
/// If a table of minutes does not fit the numbers of crews and communities.
pub fn as_agreed(task: &Task) -> Division {
    check(task);
    divided(task, &ways::agreed(task))
}

fn check(task: &Task) {
    let count = task.communities.len();
    let fits = |row: &Vec<f64>| row.len() == count;
    assert!(task.travel_min.len() == count && task.travel_min.iter().all(fits), "minutes from each to each");
    assert!(task.crews.iter().all(|crew| fits(&crew.reach_min)), "minutes of each crew to each community");
}

fn divided(task: &Task, ways: &Ways) -> Division {
    let count = task.communities.len();
    let stays = settle(task, ways);
    let done_min: Vec<Option<f64>> = (0..count)
        .map(|place| {
            let here = stays.iter().flatten().filter(|stay| stay.community == place);
            here.map(|stay| stay.until_min).reduce(f64::max)
        })
        .collect();
    let served = |place: usize| {
        stays.iter().flatten().filter(|stay| stay.community == place).map(|stay| stay.people).sum::<f64>()
    };
    let unserved = task.communities.iter().enumerate().map(|(place, of)| {
        let left = of.people - served(place);
        // As little as settling lets go for want of digits.
        if left > 2.0 * (people(task) * NOBODY + NOBODY) { left } else { 0.0 }
    });
    Division {
        unserved: unserved.collect(),
        latest_min: done_min.iter().flatten().copied().fold(0.0, f64::max),
        bound_min: bound::earliest(task),
        done_min,
        stays,
    }
}

/// The end of the last shift or opening: nobody is served later.
fn horizon(task: &Task) -> f64 {
    let closes = task.communities.iter().map(|of| of.closes_min).fold(0.0, f64::max);
    task.crews.iter().map(|of| of.until_min).fold(0.0, f64::max).min(closes)
}

fn people(task: &Task) -> f64 {
    task.communities.iter().map(|of| of.people).sum()
}

/// The least time between two at which `done` holds, where it holds from some time on; the later one if not before.
fn least(mut early: f64, mut late: f64, mut done: impl FnMut(f64) -> bool) -> f64 {
    for _ in 0..HALVINGS {
        let middle = (early + late) / 2.0;
        if done(middle) { late = middle } else { early = middle }
    }
    late
}

/// Lets each community of the best ways be done as early as the others allow, and says when each crew is where.
fn settle(task: &Task, ways: &Ways) -> Vec<Vec<Stay>> {
    let horizon = horizon(task);
    let wanted = Network::of(task, &ways.0, &vec![horizon; task.communities.len()]).served();
    let all = |by: &[f64]| Network::of(task, &ways.0, by).served() >= wanted - people(task) * NOBODY - NOBODY;
    let latest = least(0.0, horizon, |time| all(&vec![time; task.communities.len()]));
    let mut by = vec![latest; task.communities.len()];
    for place in 0..by.len() {
        let mut tried = by.clone();
        by[place] = least(0.0, latest, |time| {
            tried[place] = time;
            all(&tried)
        });
    }
    Network::of(task, &ways.0, &by).stays(task, &ways.0)
}
