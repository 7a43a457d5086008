//! In which order entrances are walked to: from the first to the last, without a way back.

/// Entrances of at most this number are ordered and shared out exactly: 3 to the 8th divisions are looked at in a moment on a telephone.
pub(super) const EXACT_MAX: usize = 8;
/// Entrances that are followed by one another in a move.
const MOVED_MAX: usize = 3;
/// Steps of improving; each makes a way shorter by a second at least, and a few dozen are needed.
const STEPS_MAX: usize = 2_000;

/// How far entrances are apart, in seconds; the same there and back.
#[derive(Clone, Debug, Default)]
pub(super) struct Map {
    /// From each to each.
    pub legs_s: Vec<Vec<u32>>,
    /// From where everybody begins to each.
    pub first_s: Vec<u32>,
    /// Within each.
    pub inside_s: Vec<u32>,
}

impl Map {
    /// From one to another; `None` before the first: the beginning, and after the last: nowhere.
    pub fn leg_s(&self, from: Option<usize>, to: Option<usize>) -> u32 {
        match (from, to) {
            (Some(from), Some(to)) => self.legs_s[from][to],
            (None, Some(first)) => self.first_s[first],
            (_, None) => 0,
        }
    }

    /// The whole of a round: ways between entrances, and all within them.
    pub fn cost_s(&self, order: &[usize]) -> u32 {
        let inside: u32 = order.iter().map(|&of| self.inside_s[of]).sum();
        self.walked_s(order) + inside
    }

    fn walked_s(&self, order: &[usize]) -> u32 {
        let mut before = None;
        let mut walked = 0;
        for &of in order {
            walked += self.leg_s(before, Some(of));
            before = Some(of);
        }
        walked
    }

    /// The shortest way through each subset of these entrances, by dynamic programming (Held and Karp 1962): by bits of their places,
    /// and the last of it.
    pub fn shortest(&self, of: &[usize]) -> Vec<Vec<u32>> {
        let all = 1usize << of.len();
        let mut ways = vec![vec![u32::MAX; of.len()]; all];
        for subset in 1..all {
            for last in (0..of.len()).filter(|last| subset & 1 << last != 0) {
                let before = subset & !(1 << last);
                ways[subset][last] = if before == 0 {
                    self.first_s[of[last]]
                } else {
                    let from = (0..of.len()).filter(|from| before & 1 << from != 0);
                    from.map(|from| ways[before][from] + self.legs_s[of[from]][of[last]])
                        .min()
                        .unwrap_or(u32::MAX)
                };
            }
        }
        ways
    }

    /// The way behind [`Map::shortest`]; of equally short ones, one that ends at the highest number.
    pub fn way(&self, of: &[usize], ways: &[Vec<u32>], mut subset: usize) -> Vec<usize> {
        let mut way = Vec::new();
        let mut next: Option<usize> = None;
        while subset != 0 {
            let inside = (0..of.len()).rev().filter(|last| subset & 1 << last != 0);
            let cost =
                |last: usize| ways[subset][last] + self.leg_s(Some(of[last]), next.map(|next| of[next]));
            // The first of the least, from the highest number down.
            let Some(last) = inside.min_by_key(|&last| cost(last)) else { break };
            way.push(of[last]);
            subset &= !(1 << last);
            next = Some(last);
        }
        way.reverse();
        way
    }

    /// A good order of these: exact where they are few.
    pub fn ordered(&self, order: Vec<usize>) -> Vec<usize> {
        if order.len() > EXACT_MAX {
            return self.improved(order);
        }
        let mut of = order;
        of.sort_unstable();
        let ways = self.shortest(&of);
        let all = ways.len() - 1;
        self.way(&of, &ways, all)
    }

    /// Always on to the nearest, from each beginning in turn: the best of these ways.
    pub fn nearest(&self) -> Vec<usize> {
        let number = self.first_s.len();
        let from = |first: usize| {
            let mut order = vec![first];
            let mut left: Vec<usize> = (0..number).filter(|&of| of != first).collect();
            while let Some(at) = order.last().copied().filter(|_| !left.is_empty()) {
                let next = (0..left.len()).min_by_key(|&of| self.legs_s[at][left[of]]);
                order.push(left.remove(next.unwrap_or(0)));
            }
            order
        };
        // Thirty starts tell as much as all.
        (0..number)
            .step_by(number.div_ceil(32).max(1))
            .map(from)
            .min_by_key(|order| self.walked_s(order))
            .unwrap_or_default()
    }

    /// Made shorter by turning parts of it round (2-opt, Croes 1958) and by moving up to three that follow each other elsewhere
    /// (Or-opt, Or 1976), until neither helps.
    pub fn improved(&self, mut order: Vec<usize>) -> Vec<usize> {
        for _ in 0..STEPS_MAX {
            let Some(better) = self.turned(&order).or_else(|| self.moved(&order)) else { break };
            order = better;
        }
        order
    }

    fn turned(&self, order: &[usize]) -> Option<Vec<usize>> {
        let at = |place: Option<usize>| place.and_then(|place| order.get(place)).copied();
        for from in 0..order.len() {
            for to in from + 1..order.len() {
                let (before, after) = (at(from.checked_sub(1)), at(Some(to + 1)));
                let (first, last) = (at(Some(from)), at(Some(to)));
                let now = self.leg_s(before, first) + self.leg_s(last, after);
                if self.leg_s(before, last) + self.leg_s(first, after) < now {
                    let mut better = order.to_vec();
                    better[from..=to].reverse();
                    return Some(better);
                }
            }
        }
        None
    }

    fn moved(&self, order: &[usize]) -> Option<Vec<usize>> {
        for length in 1..=MOVED_MAX.min(order.len().saturating_sub(1)) {
            for from in 0..=order.len() - length {
                let mut rest = order.to_vec();
                let part: Vec<usize> = rest.drain(from..from + length).collect();
                let (first, last) = (part.first().copied(), part.last().copied());
                let at = |place: Option<usize>| place.and_then(|place| rest.get(place)).copied();
                let joined = |place: usize, first, last| {
                    let (before, after) = (at(place.checked_sub(1)), at(Some(place)));
                    // What it adds to the way between its neighbours.
                    i64::from(self.leg_s(before, first)) + i64::from(self.leg_s(last, after))
                        - i64::from(self.leg_s(before, after))
                };
                let now = joined(from, first, last);
                for place in (0..=rest.len()).filter(|&place| place != from) {
                    for (one, other, turn) in [(first, last, false), (last, first, true)] {
                        if joined(place, one, other) < now {
                            let mut part = part.clone();
                            if turn {
                                part.reverse();
                            }
                            rest.splice(place..place, part);
                            return Some(rest);
                        }
                    }
                }
            }
        }
        None
    }
}
