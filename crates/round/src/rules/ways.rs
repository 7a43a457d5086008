//! Where people go on from a station.

use super::Rules;
use domain::{
    Roll,
    scenario::{Station, Target},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One way on from a station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The next station's place in the list; absent: out.
    pub to: Option<usize>,
    /// Only for this visitor class.
    pub class: Option<String>,
}

impl Rules {
    /// The first station of a class; `None` if it passes by all of them.
    pub fn entry(&self, class: &str) -> Option<usize> {
        let skips = self.skips(class);
        (0..self.stations.len()).find(|station| !skips.contains(station))
    }

    /// Where a person of a class may go on to from a station: `None` is out. Stations that the class passes by are
    /// stepped over.
    pub fn ways_on(&self, class: &str, station: usize) -> BTreeSet<Option<usize>> {
        let skips = self.skips(class);
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![station];
        while let Some(from) = open.pop() {
            if !seen.insert(from) {
                continue;
            }
            for to in self.branches(class, from) {
                match to {
                    Some(next) if skips.contains(&next) => open.push(next),
                    Some(next) if next >= self.stations.len() => {}
                    to => drop(found.insert(to)),
                }
            }
        }
        found
    }

    fn branches(&self, class: &str, station: usize) -> Vec<Option<usize>> {
        let Some(rules) = self.stations.get(station) else { return Vec::new() };
        let own = rules.next.iter().any(|way| way.class.as_deref() == Some(class));
        let wanted = own.then_some(class);
        let branches = rules.next.iter().filter(|way| way.class.as_deref() == wanted);
        let mut branches: Vec<Option<usize>> = branches.map(|way| way.to).collect();
        if branches.is_empty() {
            branches.push((station + 1 < self.stations.len()).then_some(station + 1));
        }
        branches
    }

    fn skips(&self, class: &str) -> &[usize] {
        self.class(class).map_or(&[], |class| &class.skips)
    }
}

/// How often a person passes each station on average, by everyone's ways on. Ways back are followed a few times.
pub(super) fn passes(stations: &[Station]) -> Vec<f64> {
    const FOLLOWED: usize = 50;
    let mut passes = vec![0.0; stations.len()];
    let mut coming = vec![0.0; stations.len()];
    if let Some(first) = coming.first_mut() {
        *first = 1.0;
    }
    for _ in 0..stations.len() + FOLLOWED {
        let mut next = vec![0.0; stations.len()];
        for (place, station) in stations.iter().enumerate() {
            passes[place] += coming[place];
            let everyone: Vec<_> = station.next.iter().filter(|branch| branch.class.is_none()).collect();
            if everyone.is_empty() && place + 1 < stations.len() {
                next[place + 1] += coming[place];
            }
            for branch in everyone {
                if let Target::Station(to) = branch.to {
                    next[to] += coming[place] * branch.share;
                }
            }
        }
        coming = next;
    }
    passes
}

/// People in a household, on average; 1 without a roll.
pub(super) fn mean_household(roll: &Roll) -> f64 {
    (f64::from(roll.people()) / roll.households.len().max(1) as f64).max(1.0)
}
