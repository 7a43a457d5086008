//! Who serves how many by a time, for given ways: a flow from crews through their stops to communities. A crew's stops are a
//! chain, for what it does at some of them together must fit into its day.

use super::{Crew, Stay, Task};

/// Smaller is no capacity.
const NOTHING: f64 = 1e-9;

struct Edge {
    to: usize,
    left: f64,
}

/// The network of one question. Edges stand in pairs: the one back is the next or the one before.
pub(super) struct Network {
    edges: Vec<Edge>,
    from: Vec<Vec<usize>>,
    /// For each crew and stop, its edge into the community.
    works: Vec<Vec<usize>>,
}

const SOURCE: usize = 0;
const SINK: usize = 1;

impl Network {
    /// All that is done in a community lies before its own time in `by`.
    pub(super) fn of(task: &Task, ways: &[Vec<usize>], by: &[f64]) -> Network {
        let nodes = 2 + task.communities.len() + ways.iter().map(Vec::len).sum::<usize>();
        let mut network = Network { edges: Vec::new(), from: vec![Vec::new(); nodes], works: Vec::new() };
        for (place, community) in task.communities.iter().enumerate() {
            network.edge(2 + place, SINK, community.people);
        }
        let mut node = 2 + task.communities.len();
        for (crew, way) in task.crews.iter().zip(ways) {
            let mut works = vec![0; way.len()];
            let mut before = SOURCE;
            for Step { stop, together_min, here_min } in steps(task, crew, way, by) {
                let per_min = crew.people_per_h / 60.0;
                network.edge(before, node, together_min * per_min);
                works[stop] = network.edge(node, 2 + way[stop], here_min * per_min);
                before = node;
                node += 1;
            }
            network.works.push(works);
        }
        network.fill();
        network
    }

    fn edge(&mut self, from: usize, to: usize, left: f64) -> usize {
        let place = self.edges.len();
        self.edges.extend([Edge { to, left }, Edge { to: from, left: 0.0 }]);
        self.from[from].push(place);
        self.from[to].push(place + 1);
        place
    }

    /// Dinic's method: along shortest ways, level by level.
    fn fill(&mut self) {
        while let Some(levels) = self.levels() {
            let mut next = vec![0; self.from.len()];
            while self.push(SOURCE, f64::INFINITY, &levels, &mut next) > NOTHING {}
        }
    }

    fn levels(&self) -> Option<Vec<usize>> {
        let mut levels = vec![usize::MAX; self.from.len()];
        levels[SOURCE] = 0;
        let mut open = vec![SOURCE];
        let mut seen = 0;
        while let Some(&node) = open.get(seen) {
            seen += 1;
            for &edge in &self.from[node] {
                let Edge { to, left } = self.edges[edge];
                if left > NOTHING && levels[to] == usize::MAX {
                    levels[to] = levels[node] + 1;
                    open.push(to);
                }
            }
        }
        (levels[SINK] != usize::MAX).then_some(levels)
    }

    fn push(&mut self, node: usize, most: f64, levels: &[usize], next: &mut [usize]) -> f64 {
        if node == SINK {
            return most;
        }
        while let Some(&edge) = self.from[node].get(next[node]) {
            let Edge { to, left } = self.edges[edge];
            if left > NOTHING && levels[to] == levels[node] + 1 {
                let pushed = self.push(to, most.min(left), levels, next);
                if pushed > NOTHING {
                    self.edges[edge].left -= pushed;
                    self.edges[edge ^ 1].left += pushed;
                    return pushed;
                }
            }
            next[node] += 1;
        }
        0.0
    }

    /// People who are served.
    pub(super) fn served(&self) -> f64 {
        self.from[SINK].iter().map(|&edge| self.edges[edge].left).sum()
    }

    /// When each crew is where. A stop at which it would serve nobody is left out.
    pub(super) fn stays(&self, task: &Task, ways: &[Vec<usize>]) -> Vec<Vec<Stay>> {
        let of_crew = |(place, way): (usize, &Vec<usize>)| {
            let crew = &task.crews[place];
            let mut stays: Vec<Stay> = Vec::new();
            for (&stop, &edge) in way.iter().zip(&self.works[place]) {
                let people = self.edges[edge ^ 1].left;
                let minutes = people / crew.people_per_h * 60.0;
                if minutes <= NOTHING {
                    continue;
                }
                let arrives = match stays.last() {
                    Some(last) => last.until_min + task.travel_min[last.community][stop],
                    None => crew.from_min + crew.reach_min[stop],
                };
                let from_min = arrives.max(task.communities[stop].opens_min);
                stays.push(Stay { community: stop, from_min, until_min: from_min + minutes, people });
            }
            stays
        };
        ways.iter().enumerate().map(of_crew).collect()
    }
}

/// One link of a crew's chain.
struct Step {
    /// Which stop of the way.
    stop: usize,
    /// Minutes of work at it and at all stops farther down the chain.
    together_min: f64,
    /// Minutes of work at it.
    here_min: f64,
}

/// A crew's chain. Where it never waits for an opening, what it does up to each stop must end by that stop's time: the chain
/// goes from the last stop to the first. Where it waits, what it does from each stop on must fit behind the earliest
/// beginning there, and all its stops have the earliest of their ends, which is a little less than there could be.
fn steps(task: &Task, crew: &Crew, way: &[usize], by: &[f64]) -> Vec<Step> {
    let begins = begins(task, crew, way);
    let travel = |stop: usize| task.travel_min[way[stop - 1]][way[stop]];
    let waits = (1..way.len()).any(|stop| begins[stop] > begins[stop - 1] + travel(stop));
    let end = |stop: usize| by[way[stop]].min(task.communities[way[stop]].closes_min).min(crew.until_min);
    let earliest = (0..way.len()).map(end).fold(f64::INFINITY, f64::min);
    let step = |stop: usize| {
        let (ends, between): (f64, f64) = if waits {
            (earliest, (stop + 1..way.len()).map(travel).sum())
        } else {
            (end(stop), (1..=stop).map(travel).sum())
        };
        let since = if waits { begins[stop] } else { begins[0] };
        let here_min = (ends - begins[stop]).max(0.0);
        Step { stop, together_min: (ends - since - between).max(0.0), here_min }
    };
    if waits { (0..way.len()).map(step).collect() } else { (0..way.len()).rev().map(step).collect() }
}

/// The earliest that a crew can begin at each stop of its way.
fn begins(task: &Task, crew: &Crew, way: &[usize]) -> Vec<f64> {
    let mut begins: Vec<f64> = Vec::with_capacity(way.len());
    for (place, &stop) in way.iter().enumerate() {
        let arrives = match begins.last() {
            Some(before) => before + task.travel_min[way[place - 1]][stop],
            None => crew.from_min + crew.reach_min[stop],
        };
        begins.push(arrives.max(task.communities[stop].opens_min));
    }
    begins
}
