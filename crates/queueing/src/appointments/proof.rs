//! How good any schedule can be, proven.
//!
//! Let person k be booked into slot `a[k]`. Their service starts at the latest of `a[j]` + the services from j to k − 1,
//! over all j ≤ k, so the sum of waits and the overtime are maxima of such sums: L♮-convex in `a` (Murota, Discrete
//! Convex Analysis, SIAM 2003), also where `a` is not in order. For such a function f and any two points,
//! f(a) + f(b) ≥ f(a + χ) + f(b − χ), χ being the coordinates in which b exceeds a most. So if no set of people can gain
//! more than g⁺ by moving one slot later together, nor g⁻ by moving earlier, no schedule that is up to p slots later
//! and n slots earlier gains more than p·g⁺ + n·g⁻. What a set gains is submodular in the set; the least of it is bounded
//! by the point of least norm in its base polytope (Fujishige 1980; Wolfe's algorithm, Mathematical Programming 11, 1976).
//! In slots this is the neighbourhood of Kaandorp and Koole (Health Care Management Science 10, 2007).

use super::{Session, mean, pass};

/// A lower bound on the cost of any schedule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proof {
    /// No schedule costs less, in steps.
    pub least: f64,
    /// Share by which the schedule found may exceed the best: 0 is proven best.
    pub gap: f64,
}

/// Gains below this are the last digits of sums.
const NOTHING: f64 = 1e-11;
/// Turns of Wolfe's algorithm: it needs few, and each improves a bound that holds at any time.
const TURNS: usize = 2_000;

impl Session {
    /// What is proven of a schedule, or one that is better.
    pub(super) fn prove(&self, counts: &[u32], stop: &dyn Fn() -> bool) -> (Proof, Option<Vec<u32>>) {
        let slots: Vec<i64> = counts
            .iter()
            .enumerate()
            .flat_map(|(slot, &people)| (0..people).map(move |_| slot as i64))
            .collect();
        let cost = self.cost(&slots);
        let mut least = cost;
        for step in [1, -1] {
            let reach = |&slot: &i64| if step > 0 { self.slots as i64 - 1 - slot } else { slot };
            let free: Vec<usize> = (0..slots.len()).filter(|&person| reach(&slots[person]) > 0).collect();
            let moves = Moves { session: self, slots: &slots, cost, step, free };
            let (bound, better) = moves.least(stop);
            if let Some(better) = better {
                let mut counts = vec![0; self.slots];
                better.iter().for_each(|&slot| counts[slot as usize] += 1);
                return (Proof { least: f64::NEG_INFINITY, gap: f64::INFINITY }, Some(counts));
            }
            let farthest = slots.iter().map(reach).max().unwrap_or(0);
            least += bound * farthest as f64;
        }
        let least = if cost - least <= NOTHING * self.slots as f64 { cost } else { least.max(0.0) };
        let gap = if cost > least { (cost - least) / cost } else { 0.0 };
        (Proof { least, gap }, None)
    }

    /// The cost of people booked into these slots, served in this order whatever the slots.
    fn cost(&self, slots: &[i64]) -> f64 {
        let mut backlog = vec![1.0];
        let mut wait = 0.0;
        let mut at = 0;
        for &slot in slots {
            self.go(&mut backlog, slot - at);
            at = slot;
            wait += mean(&backlog);
            backlog = self.served_after(&backlog);
        }
        self.go(&mut backlog, self.slots as i64 - at);
        let people = slots.len().max(1) as f64;
        wait / people + self.overtime_weight * mean(&backlog)
    }

    /// So many slots pass, or the next person was booked so many before.
    fn go(&self, backlog: &mut Vec<f64>, slots: i64) {
        if slots >= 0 {
            pass(backlog, slots as usize * self.slot);
        } else {
            let more = slots.unsigned_abs() as usize * self.slot;
            backlog.splice(0..0, std::iter::repeat_n(0.0, more));
        }
    }
}

/// What sets of people cost when they move one slot together.
struct Moves<'a> {
    session: &'a Session,
    slots: &'a [i64],
    cost: f64,
    step: i64,
    /// People who can move.
    free: Vec<usize>,
}

/// A corner of the base polytope: what each person adds, in one order of moving.
struct Corner {
    adds: Vec<f64>,
    /// The best set met on the way, if it gains.
    best: (f64, Vec<i64>),
}

impl Moves<'_> {
    /// A lower bound on what any set costs (at most 0), and a better schedule if one was met.
    fn least(&self, stop: &dyn Fn() -> bool) -> (f64, Option<Vec<i64>>) {
        let people = self.free.len();
        if people == 0 {
            return (0.0, None);
        }
        let first = self.corner(&vec![0.0; people]);
        let mut bound = below(&first.adds);
        if first.best.0 < -NOTHING {
            return (bound, Some(first.best.1));
        }
        let mut point = first.adds.clone();
        let mut corners = vec![first.adds];
        let mut shares = vec![1.0];
        for _ in 0..TURNS {
            if bound >= -NOTHING || stop() {
                break;
            }
            let corner = self.corner(&point);
            if corner.best.0 < -NOTHING {
                return (bound, Some(corner.best.1));
            }
            if dot(&point, &corner.adds) >= dot(&point, &point) - NOTHING * NOTHING {
                break;
            }
            corners.push(corner.adds);
            shares.push(0.0);
            nearest(&mut corners, &mut shares);
            point = mix(&corners, &shares);
            bound = bound.max(below(&point));
        }
        (bound.min(0.0), None)
    }

    /// The corner in the direction of a point: who adds least there moves first.
    fn corner(&self, point: &[f64]) -> Corner {
        let mut order: Vec<usize> = (0..point.len()).collect();
        // Of equals the last moves first when moving later, and the first when moving earlier: nobody overtakes.
        if self.step > 0 {
            order.reverse();
        }
        order.sort_by(|&a, &b| point[a].total_cmp(&point[b]));
        let mut slots = self.slots.to_vec();
        let mut before = self.cost;
        let mut adds = vec![0.0; point.len()];
        let mut best = (0.0, Vec::new());
        for place in order {
            slots[self.free[place]] += self.step;
            let cost = self.session.cost(&slots);
            adds[place] = cost - before;
            before = cost;
            if cost - self.cost < best.0 {
                best = (cost - self.cost, slots.clone());
            }
        }
        // In order it costs no more.
        best.1.sort_unstable();
        Corner { adds, best }
    }
}

/// What no set can cost less than, by a point of the base polytope.
fn below(point: &[f64]) -> f64 {
    point.iter().map(|add| add.min(0.0)).sum()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn mix(corners: &[Vec<f64>], shares: &[f64]) -> Vec<f64> {
    let mut point = vec![0.0; corners[0].len()];
    for (corner, share) in corners.iter().zip(shares) {
        point.iter_mut().zip(corner).for_each(|(at, add)| *at += share * add);
    }
    point
}

/// Wolfe's minor cycle: the mix of corners nearest to nothing, without those that it does not need.
fn nearest(corners: &mut Vec<Vec<f64>>, shares: &mut Vec<f64>) {
    const NEEDED: f64 = 1e-12;
    while corners.len() > 1 {
        let Some(wanted) = affine(corners) else {
            // The corners are as good as dependent: the newest adds nothing.
            corners.pop();
            shares.pop();
            return;
        };
        if wanted.iter().all(|&share| share > NEEDED) {
            *shares = wanted;
            return;
        }
        let limits = shares.iter().zip(&wanted).filter(|&(_, &wanted)| wanted <= NEEDED);
        let far =
            limits.map(|(&has, &wanted)| has / (has - wanted).max(f64::MIN_POSITIVE)).fold(1.0, f64::min);
        shares.iter_mut().zip(&wanted).for_each(|(has, wanted)| *has += far * (wanted - *has));
        let least = (0..shares.len()).min_by(|&a, &b| shares[a].total_cmp(&shares[b])).unwrap_or(0);
        shares[least] = 0.0;
        let mut place = 0;
        corners.retain(|_| {
            place += 1;
            shares[place - 1] > NEEDED
        });
        shares.retain(|&share| share > NEEDED);
        let sum: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= sum);
    }
}

/// The mix of corners nearest to nothing, shares below 0 allowed: (1 + q·q) u = 1, normed.
#[allow(clippy::needless_range_loop, reason = "rows of one matrix are read and written together")]
fn affine(corners: &[Vec<f64>]) -> Option<Vec<f64>> {
    let size = corners.len();
    let scale = corners.iter().map(|corner| dot(corner, corner)).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let mut rows: Vec<Vec<f64>> = corners
        .iter()
        .map(|a| corners.iter().map(|b| 1.0 + dot(a, b) / scale).chain([1.0]).collect())
        .collect();
    for column in 0..size {
        let pivot =
            (column..size).max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))?;
        rows.swap(column, pivot);
        if rows[column][column].abs() < 1e-14 {
            return None;
        }
        for row in column + 1..size {
            let factor = rows[row][column] / rows[column][column];
            for place in column..=size {
                rows[row][place] -= factor * rows[column][place];
            }
        }
    }
    let mut shares = vec![0.0; size];
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|place| rows[row][place] * shares[place]).sum();
        shares[row] = (rows[row][size] - known) / rows[row][row];
    }
    let sum: f64 = shares.iter().sum();
    Some(shares.into_iter().map(|share| share / sum).collect())
}
