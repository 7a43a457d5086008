//! What no division can beat: a crew loses only the way to where it begins, may be at several communities in turn without
//! a way between, and each community takes at most so many crews as it has room for.

use super::{NOBODY, Task, horizon, least, people};

/// The earliest moment at which all could be served, in minutes; the horizon if never.
pub(super) fn earliest(task: &Task) -> f64 {
    least(0.0, horizon(task), |time| could_serve(task, time))
}

/// Whether no cut of the relaxed flow forbids that all are served by `time`. For each set of communities the crews' time that can
/// reach it must do; a set matters only through the crews, so each crew counts with the largest share that it can bring.
fn could_serve(task: &Task, time: f64) -> bool {
    let share = |crew: &super::Crew, place: usize| {
        let community = &task.communities[place];
        let begins = (crew.from_min + reach(task, crew, place)).max(community.opens_min);
        let ends = time.min(community.closes_min).min(crew.until_min);
        (ends - begins).max(0.0) * crew.people_per_h / 60.0
    };
    let enough = |brought: f64, needed: f64| brought >= needed - needed * NOBODY - NOBODY;
    // Each community by itself, with as many crews as find room.
    let alone = (0..task.communities.len()).all(|place| {
        let mut shares: Vec<f64> = task.crews.iter().map(|crew| share(crew, place)).collect();
        shares.sort_by(|one, other| other.total_cmp(one));
        let room = task.communities[place].lanes_max;
        enough(shares.iter().take(room).sum(), task.communities[place].people)
    });
    // All together, and all but those that a crew could serve from its first minute on: each crew brings its best.
    let best = |crew: &super::Crew| {
        let needed = (0..task.communities.len()).filter(|&place| task.communities[place].people > 0.0);
        needed.map(|place| share(crew, place)).fold(0.0, f64::max)
    };
    alone && enough(task.crews.iter().map(best).sum(), people(task))
}

/// The least time until a crew can begin somewhere, by way of others or straight.
fn reach(task: &Task, crew: &super::Crew, place: usize) -> f64 {
    let by_way = |first: usize| crew.reach_min[first] + task.travel_min[first][place];
    let others = (0..task.communities.len()).filter(|&first| first != place).map(by_way);
    others.fold(crew.reach_min[place], f64::min)
}
