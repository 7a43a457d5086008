//! Where labs that can move should stand: each place is tried with all others as they are, until none is better.

use crate::{
    Task,
    assign::{Ground, Shares, assign},
    ways::Ways,
};

/// Rounds over all labs that can move; each has found its place in the second as a rule.
const ROUNDS: u32 = 3;

/// The places, and the assignment with them.
pub(crate) fn settle(task: &Task, keep: Option<&[u32]>) -> (Vec<u32>, Ways, Ground, Shares) {
    let mut places = keep.map_or_else(|| vec![0; task.labs.len()], <[u32]>::to_vec);
    let lived = |places: &[u32]| {
        let ways = Ways::new(task, places);
        let ground = Ground::new(task, &ways, places);
        let shares = assign(&ground);
        let cost = ground.cost(&shares.lab_of, &shares.rooms);
        // Sites that nobody reaches are worse than any way.
        let unreached = shares.lab_of.iter().zip(&ground.all).filter(|(lab, _)| lab.is_none());
        let unreached: f64 = unreached.map(|(_, tubes)| 2.0 * crate::assign::LATE_MIN * tubes).sum();
        (cost + unreached, ways, ground, shares)
    };
    let mut best = lived(&places);
    let movable: Vec<usize> = (0..places.len()).filter(|&lab| task.labs[lab].places.len() > 1).collect();
    for _ in 0..if keep.is_some() { 0 } else { ROUNDS } {
        let mut changed = false;
        for &lab in &movable {
            for place in 0..task.labs[lab].places.len() as u32 {
                if place == places[lab] {
                    continue;
                }
                let mut other = places.clone();
                other[lab] = place;
                let with = lived(&other);
                // A lab is not taken down for what nobody would notice.
                if with.0 < best.0 * (1.0 - WORTH_MOVING) {
                    (places, best, changed) = (other, with, true);
                }
            }
        }
        if !changed {
            break;
        }
    }
    let (_, ways, ground, shares) = best;
    (places, ways, ground, shares)
}

/// The share of all ways that a move must save.
const WORTH_MOVING: f64 = 0.001;
