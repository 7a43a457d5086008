//! Entrances shared out among several who walk.

use super::tour::{EXACT_MAX, Map};

/// Who walks to which entrances.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared {
    /// Entrances of each, in order; none is empty.
    pub rounds: Vec<Vec<usize>>,
    /// Whether no other division is better.
    pub exact: bool,
}

/// Steps of improving: each makes the longest round shorter, or all together.
const STEPS_MAX: usize = 400;

/// Entrances shared out such that the longest round is short, then all together. `measured`: ways follow from where entrances are, else
/// from their numbers, whose order is the shortest way already.
pub(super) fn share(map: &Map, walkers: usize, measured: bool) -> Shared {
    let number = map.first_s.len();
    let walkers = walkers.clamp(1, number.max(1));
    let exact = number <= EXACT_MAX;
    let rounds = if exact {
        exactly(map, walkers)
    } else {
        let by_number: Vec<usize> = (0..number).collect();
        let mut order = map.improved(by_number);
        if measured {
            let other = map.improved(map.nearest());
            if map.cost_s(&other) < map.cost_s(&order) {
                order = other;
            }
        }
        balanced(map, cut(map, &order, walkers))
    };
    Shared { rounds, exact }
}

/// The longest round, and all together.
type Cost = (u32, u32);

fn both(one: Cost, other: Cost) -> Cost {
    (one.0.max(other.0), one.1 + other.1)
}

/// By dynamic programming over subsets: the round of the lowest number left, and the best of the others.
fn exactly(map: &Map, walkers: usize) -> Vec<Vec<usize>> {
    let of: Vec<usize> = (0..map.first_s.len()).collect();
    let ways = map.shortest(&of);
    let all = ways.len() - 1;
    let cost = |subset: usize| {
        let inside: u32 = of.iter().filter(|&&of| subset & 1 << of != 0).map(|&of| map.inside_s[of]).sum();
        let way = ways[subset].iter().min().copied().filter(|_| subset != 0).unwrap_or(0);
        (way + inside, way + inside)
    };
    let costs: Vec<Cost> = (0..=all).map(cost).collect();
    // For each number of rounds at most: the best of each subset, and its first round.
    let mut best: Vec<Vec<(Cost, usize)>> = vec![(0..=all).map(|subset| (costs[subset], subset)).collect()];
    for _ in 1..walkers {
        let fewer = &best[best.len() - 1];
        let of_subset = |subset: usize| {
            if subset == 0 {
                return (costs[0], 0);
            }
            let lowest = subset & subset.wrapping_neg();
            let others = subset & !lowest;
            let mut found = (costs[subset], subset);
            // Every subset of the others joins the lowest.
            let mut more = others;
            loop {
                let round = lowest | more;
                let cost = both(costs[round], fewer[subset & !round].0);
                if cost < found.0 {
                    found = (cost, round);
                }
                if more == 0 {
                    break;
                }
                more = (more - 1) & others;
            }
            found
        };
        best.push((0..=all).map(of_subset).collect());
    }
    let (mut left, mut rounds) = (all, Vec::new());
    for best in best.iter().rev() {
        if left == 0 {
            break;
        }
        let round = best[left].1;
        rounds.push(map.way(&of, &ways, round));
        left &= !round;
    }
    rounds
}

/// One way cut into rounds such that the longest is shortest.
fn cut(map: &Map, order: &[usize], walkers: usize) -> Vec<Vec<usize>> {
    let number = order.len();
    // For each number of rounds at most: the best of the first so many entrances, and where its last round begins.
    let mut best: Vec<Vec<(Cost, usize)>> = Vec::new();
    for rounds in 0..walkers {
        let until = |end: usize| {
            let mut found = ((u32::MAX, u32::MAX), 0);
            let mut cost = 0;
            for begin in (0..end).rev() {
                cost += map.inside_s[order[begin]];
                cost += if begin + 1 < end { map.legs_s[order[begin]][order[begin + 1]] } else { 0 };
                let own = cost + map.first_s[order[begin]];
                let before = match rounds {
                    0 if begin > 0 => continue,
                    0 => (0, 0),
                    _ if begin == 0 => (0, 0),
                    _ => best[rounds - 1][begin].0,
                };
                let all = both((own, own), before);
                if all < found.0 {
                    found = (all, begin);
                }
            }
            if end == 0 { ((0, 0), 0) } else { found }
        };
        best.push((0..=number).map(until).collect());
    }
    let (mut end, mut rounds) = (number, Vec::new());
    for best in best.iter().rev() {
        if end == 0 {
            break;
        }
        let begin = best[end].1;
        rounds.push(order[begin..end].to_vec());
        end = begin;
    }
    rounds.reverse();
    rounds
}

/// Made better by giving an entrance of the longest round to another, or changing it for one of another's.
fn balanced(map: &Map, mut rounds: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    rounds = rounds.into_iter().map(|round| map.ordered(round)).collect();
    for _ in 0..STEPS_MAX {
        let Some(better) = better(map, &rounds) else { break };
        rounds = better;
    }
    rounds.retain(|round| !round.is_empty());
    rounds
}

/// A round, and its places now.
type Changed = (usize, Vec<usize>);

fn better(map: &Map, rounds: &[Vec<usize>]) -> Option<Vec<Vec<usize>>> {
    let costs: Vec<u32> = rounds.iter().map(|round| map.cost_s(round)).collect();
    let longest = (0..rounds.len()).max_by_key(|&of| (costs[of], std::cmp::Reverse(of)))?;
    let now: Cost = costs.iter().fold((0, 0), |sum, &cost| both(sum, (cost, cost)));
    let mut found: Option<(Cost, [Changed; 2])> = None;
    for other in (0..rounds.len()).filter(|&other| other != longest) {
        let rest = (0..rounds.len()).filter(|&of| of != other && of != longest);
        let rest: Cost = rest.fold((0, 0), |sum, of| both(sum, (costs[of], costs[of])));
        let mut try_these = |mine: Vec<usize>, theirs: Vec<usize>| {
            let [one, two] = [map.cost_s(&mine), map.cost_s(&theirs)];
            let cost = both(rest, both((one, one), (two, two)));
            if cost < found.as_ref().map_or(now, |found| found.0) {
                found = Some((cost, [(longest, mine), (other, theirs)]));
            }
        };
        for place in 0..rounds[longest].len() {
            let mut mine = rounds[longest].clone();
            let given = mine.remove(place);
            for to in 0..=rounds[other].len() {
                let mut theirs = rounds[other].clone();
                theirs.insert(to, given);
                try_these(mine.clone(), theirs);
            }
            for to in 0..rounds[other].len() {
                let (mut mine, mut theirs) = (rounds[longest].clone(), rounds[other].clone());
                std::mem::swap(&mut mine[place], &mut theirs[to]);
                try_these(mine, theirs);
            }
        }
    }
    let (_, changed) = found?;
    let mut rounds = rounds.to_vec();
    for (place, round) in changed {
        rounds[place] = map.ordered(round);
    }
    Some(rounds)
}
