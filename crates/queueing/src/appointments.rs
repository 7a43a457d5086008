//! Appointments before one server, exactly: how long people wait and how late the last is done, for any number of people
//! booked into each slot; the best such numbers; and a proof of how good they can be at most.
//!
//! Time is a grid, and a service takes so many of its steps by a law that is given step by step, so Lindley's recursion
//! (Mathematical Proceedings of the Cambridge Philosophical Society 48, 1952) is a convolution and nothing is sampled.

mod grid;
mod proof;
mod search;

pub use grid::{on_grid, poisson};
pub use proof::Proof;

/// A session of equal slots before one server. Times are in steps of the grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Slots in which people can be booked.
    pub slots: usize,
    /// Steps of a slot.
    pub slot: usize,
    /// Probability that a service takes so many steps, from none on. What it lacks of 1 is left out of every figure.
    pub service: Vec<f64>,
    /// What a step of overtime counts, where a step of the mean wait counts 1.
    pub overtime_weight: f64,
}

/// What a schedule comes to, in steps of the grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Mean wait of all who are booked.
    pub wait_mean: f64,
    /// Mean time from the end of the last slot until all are done; 0 on days on which they are before.
    pub overtime: f64,
    /// Mean time that the server is idle before the end of the last slot.
    pub idle: f64,
    /// Mean wait, plus the overtime by its weight: what the search makes small.
    pub cost: f64,
}

/// The best schedule found, what it comes to, and how good any can be.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// People booked into each slot.
    pub counts: Vec<u32>,
    /// What they come to.
    pub outcome: Outcome,
    /// What is proven.
    pub proof: Proof,
    /// Schedules of the neighbourhoods that were looked at.
    pub tried: u64,
}

impl Session {
    /// What a number of people booked into each slot comes to.
    ///
    /// # Panics
    /// If there are not as many numbers as slots.
    pub fn outcome(&self, counts: &[u32]) -> Outcome {
        assert_eq!(counts.len(), self.slots, "a number for each slot");
        let mut backlog = vec![1.0];
        let mut wait = 0.0;
        for &people in counts {
            for _ in 0..people {
                wait += mean(&backlog);
                backlog = self.served_after(&backlog);
            }
            pass(&mut backlog, self.slot);
        }
        self.outcome_of(counts.iter().sum(), wait, mean(&backlog))
    }

    fn outcome_of(&self, people: u32, wait: f64, overtime: f64) -> Outcome {
        let wait_mean = if people == 0 { 0.0 } else { wait / f64::from(people) };
        let work = f64::from(people) * mean(&self.service);
        Outcome {
            wait_mean,
            overtime,
            idle: (self.slots * self.slot) as f64 + overtime - work,
            cost: wait_mean + self.overtime_weight * overtime,
        }
    }

    /// The best schedule for so many people. First the neighbourhood: one person moved from any slot to any other, as
    /// long as that makes the cost smaller. Then the proof, which also finds what no single move would. `stop` ends either
    /// with what is found and proven by then.
    pub fn best(&self, people: u32, stop: &dyn Fn() -> bool) -> Found {
        self.best_from(&self.spread(people), stop, stop)
    }

    /// The same without the proof's work: the schedule that no move of one person makes better.
    pub fn neighbourhood(&self, people: u32) -> Found {
        self.best_from(&self.spread(people), &|| false, &|| true)
    }

    /// `stop` ends the search, `proven` the proof.
    fn best_from(&self, counts: &[u32], stop: &dyn Fn() -> bool, proven: &dyn Fn() -> bool) -> Found {
        let (mut counts, mut tried) = self.descend(counts.to_vec(), stop);
        loop {
            let (proof, better) = if stop() { (Proof::NONE, None) } else { self.prove(&counts, proven) };
            let Some(better) = better else {
                return Found { outcome: self.outcome(&counts), counts, proof, tried };
            };
            let (next, more) = self.descend(better, stop);
            (counts, tried) = (next, tried + more);
        }
    }

    /// So many people spread evenly over the slots.
    pub fn spread(&self, people: u32) -> Vec<u32> {
        let mut counts = vec![0; self.slots];
        for person in 0..people as usize {
            counts[person * self.slots / people as usize] += 1;
        }
        counts
    }

    /// The backlog after one more service.
    fn served_after(&self, backlog: &[f64]) -> Vec<f64> {
        let mut after = vec![0.0; backlog.len() + self.service.len() - 1];
        for (steps, &share) in backlog.iter().enumerate().filter(|&(_, &share)| share > 0.0) {
            for (to, &service) in after[steps..].iter_mut().zip(&self.service) {
                *to += share * service;
            }
        }
        trim(&mut after);
        after
    }
}

/// What is less likely than this is left out: far below what the figures' last digit shows.
const NEVER: f64 = 1e-22;

fn trim(shares: &mut Vec<f64>) {
    let used = shares.iter().rposition(|&share| share > NEVER).map_or(1, |last| last + 1);
    shares.truncate(used);
}

/// So many steps pass.
fn pass(backlog: &mut Vec<f64>, steps: usize) {
    let passed = steps.min(backlog.len() - 1);
    let done: f64 = backlog[..=passed].iter().sum();
    backlog.drain(..passed);
    backlog[0] = done;
}

fn mean(shares: &[f64]) -> f64 {
    shares.iter().enumerate().map(|(steps, &share)| steps as f64 * share).sum()
}
