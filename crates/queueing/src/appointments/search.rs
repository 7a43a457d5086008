//! The pairwise neighbourhood: one person moved from a slot to another. All such moves are costed in one pass, from
//! the backlogs before each slot and from what each backlog costs from there on.

use super::{Session, mean, pass};

/// A move must gain more than this: less is the last digit of a sum.
const GAIN: f64 = 1e-12;

impl Session {
    /// Takes the best move as long as there is one; also says how many were costed.
    pub(super) fn descend(&self, mut counts: Vec<u32>) -> (Vec<u32>, u64) {
        let mut tried = 0;
        while let Some((from, to)) = self.best_move(&counts, &mut tried) {
            counts[from] -= 1;
            counts[to] += 1;
        }
        (counts, tried)
    }

    fn best_move(&self, counts: &[u32], tried: &mut u64) -> Option<(usize, usize)> {
        let people: u32 = counts.iter().sum();
        let to_go = self.to_go(counts);
        let stands = to_go[0][0];
        let mut best = (stands - GAIN, None);
        let mut before = vec![1.0];
        let mut paid = 0.0;
        for first in 0..self.slots {
            for more in [true, false] {
                if !more && counts[first] == 0 {
                    continue;
                }
                let here = if more { counts[first] + 1 } else { counts[first] - 1 };
                let (mut backlog, mut cost) = (before.clone(), paid);
                cost += self.slot_of(&mut backlog, here, people);
                for (second, &count) in counts.iter().enumerate().skip(first + 1) {
                    if !more || count > 0 {
                        let (mut then, mut whole) = (backlog.clone(), cost);
                        whole += self.slot_of(&mut then, if more { count - 1 } else { count + 1 }, people);
                        whole += then
                            .iter()
                            .zip(&to_go[second + 1])
                            .map(|(share, cost)| share * cost)
                            .sum::<f64>();
                        *tried += 1;
                        if whole < best.0 {
                            best = (whole, Some(if more { (second, first) } else { (first, second) }));
                        }
                    }
                    cost += self.slot_of(&mut backlog, count, people);
                }
            }
            paid += self.slot_of(&mut before, counts[first], people);
        }
        best.1
    }

    /// Lives a slot of so many people: their share of the mean wait, and the backlog that is left.
    fn slot_of(&self, backlog: &mut Vec<f64>, count: u32, people: u32) -> f64 {
        let mut wait = 0.0;
        for _ in 0..count {
            wait += mean(backlog);
            *backlog = self.served_after(backlog);
        }
        pass(backlog, self.slot);
        wait / f64::from(people)
    }

    /// What each backlog before each slot costs from there on; the last entry is before the end.
    fn to_go(&self, counts: &[u32]) -> Vec<Vec<f64>> {
        let people: u32 = counts.iter().sum();
        let longest = self.service.len() - 1;
        // One more than are booked can have come before.
        let mut booked = people as usize + 1;
        let mut after: Vec<f64> =
            (0..=booked * longest).map(|steps| self.overtime_weight * steps as f64).collect();
        let mut all = vec![after.clone()];
        for &count in counts.iter().rev() {
            let mut cost: Vec<f64> =
                (0..after.len()).map(|steps| after[steps.saturating_sub(self.slot)]).collect();
            for _ in 0..count {
                booked -= 1;
                let range = 0..=booked * longest;
                let served = |steps: usize| {
                    let then = self.service.iter().zip(&cost[steps..]);
                    steps as f64 / f64::from(people) + then.map(|(share, cost)| share * cost).sum::<f64>()
                };
                cost = range.map(served).collect();
            }
            after = cost;
            all.push(after.clone());
        }
        all.reverse();
        all
    }
}
