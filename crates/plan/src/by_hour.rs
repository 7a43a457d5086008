//! How many people each station needs, hour by hour, so that the wait keeps a target.
//!
//! The start is the offered load with its square root on top (Halfin and Whitt, Operations Research 29, 1981). From
//! there servers are added where one more shortens the wait most, taken away where the target still holds without, and
//! exchanged between stations and hours, all on the same luck (marginal allocation; Fox, Management Science 13, 1966).

use crate::capacity::{passes, server_s};
use chance::{TICKS_PER_SECOND, Ticks};
use domain::{
    Scenario,
    scenario::{Calendar, Servers},
};

/// Servers at a station in an hour, at most.
const SERVERS_MAX: u32 = 500;
/// Cells up to which two servers are tried for one elsewhere: all such exchanges are counted out.
const COUNTED_OUT: usize = 8;

/// What can be staffed: stations by place, and when each hour starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Places of the stations that take staff.
    pub stations: Vec<usize>,
    /// When each hour starts, in ticks after opening; the last goes on until all are done.
    pub starts: Vec<Ticks>,
    /// Ticks of an hour.
    pub hour: Ticks,
    /// Desks of each station: its lanes, or 1 for a shared one.
    pub desks: Vec<u32>,
    /// Servers that would be busy if nobody waited, at each desk of each station in each hour.
    pub offered: Vec<Vec<f64>>,
}

/// Servers at each desk of each station in each hour.
pub type Servings = Vec<Vec<u32>>;

/// The staff found.
#[derive(Clone, Debug, PartialEq)]
pub struct Staffed {
    /// Servers at each desk of each station in each hour.
    pub servers: Servings,
    /// The wait on the luck that it was searched on, in minutes.
    pub wait_min: f64,
    /// Whether that keeps the target.
    pub keeps: bool,
    /// Staffings rehearsed.
    pub tried: u32,
}

impl Table {
    /// The table of a scenario to whose site so many people come in each hour, on average.
    pub fn new(scenario: &Scenario, hour: Ticks, coming: &[f64]) -> Table {
        let site = &scenario.site;
        let passes = passes(&site.stations);
        let counted =
            |place: &usize| site.stations[*place].servers != Servers::Unlimited && passes[*place] > 0.0;
        let stations: Vec<usize> = (0..site.stations.len()).filter(counted).collect();
        let desks: Vec<u32> = stations
            .iter()
            .map(|&place| if site.stations[place].shared { 1 } else { u32::from(site.lanes) })
            .collect();
        let seconds = hour as f64 / TICKS_PER_SECOND as f64;
        let offered = stations.iter().zip(&desks).map(|(&place, &desks)| {
            let work_s = server_s(scenario, &site.stations[place]) * passes[place];
            coming.iter().map(|people| people * work_s / seconds / f64::from(desks)).collect()
        });
        Table {
            offered: offered.collect(),
            starts: (0..coming.len()).map(|number| number as Ticks * hour).collect(),
            stations,
            hour,
            desks,
        }
    }

    /// The scenario with this staff.
    pub fn staffed(&self, scenario: &Scenario, servers: &Servings) -> Scenario {
        let mut staffed = scenario.clone();
        for (&place, servers) in self.stations.iter().zip(servers) {
            let entries = self.starts.iter().copied().zip(servers.iter().copied());
            staffed.site.stations[place].servers = Servers::Calendar(Calendar(entries.collect()));
        }
        staffed
    }

    /// Hours of work of a staffing, all desks together.
    pub fn staff_hours(&self, servers: &Servings) -> f64 {
        let hours = self.hour as f64 / (3_600 * TICKS_PER_SECOND) as f64;
        self.cost(servers) as f64 * hours
    }

    fn cost(&self, servers: &Servings) -> u64 {
        let of = |(servers, &desks): (&Vec<u32>, &u32)| {
            servers.iter().map(|&servers| u64::from(servers * desks)).sum::<u64>()
        };
        servers.iter().zip(&self.desks).map(of).sum()
    }

    /// The square-root rule.
    pub fn start(&self) -> Servings {
        let up = |load: f64| {
            let wanted = load + load.sqrt();
            let whole = wanted as u32;
            (whole + u32::from(f64::from(whole) < wanted)).clamp(1, SERVERS_MAX)
        };
        self.offered.iter().map(|hours| hours.iter().map(|&load| up(load)).collect()).collect()
    }

    /// The least staff found that keeps the target; `wait` rehearses a staffing and tells its wait in minutes, infinite
    /// where somebody is not served, and `goes_on` whether there is time.
    pub fn least(
        &self,
        target_min: f64,
        wait: &mut dyn FnMut(&Servings) -> f64,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Staffed {
        let mut search = Search { table: self, target: target_min, wait, goes_on, tried: 0 };
        let mut servers = self.start();
        let mut at = search.wait(&servers);
        search.add(&mut servers, &mut at);
        if at <= target_min {
            search.settle(&mut servers, &mut at);
        }
        Staffed { servers, wait_min: at, keeps: at <= target_min, tried: search.tried }
    }

    /// One more where it shortens the wait most for what it costs; what it then waits.
    pub fn one_more(&self, servers: &mut Servings, at: f64, wait: &mut dyn FnMut(&Servings) -> f64) -> f64 {
        let mut search = Search { table: self, target: 0.0, wait, goes_on: &mut || true, tried: 0 };
        search.more(servers, at)
    }

    fn cells(&self) -> Vec<(usize, usize)> {
        (0..self.stations.len())
            .flat_map(|station| (0..self.starts.len()).map(move |hour| (station, hour)))
            .collect()
    }
}

struct Search<'a> {
    table: &'a Table,
    target: f64,
    wait: &'a mut dyn FnMut(&Servings) -> f64,
    goes_on: &'a mut dyn FnMut() -> bool,
    tried: u32,
}

impl Search<'_> {
    fn wait(&mut self, servers: &Servings) -> f64 {
        self.tried += 1;
        (self.wait)(servers)
    }

    fn add(&mut self, servers: &mut Servings, at: &mut f64) {
        while *at > self.target && (self.goes_on)() {
            let before = servers.clone();
            *at = self.more(servers, *at);
            if *servers == before {
                return;
            }
        }
    }

    fn more(&mut self, servers: &mut Servings, at: f64) -> f64 {
        let mut best: Option<(f64, Servings, f64)> = None;
        for (station, hour) in self.table.cells() {
            if servers[station][hour] >= SERVERS_MAX {
                continue;
            }
            let mut more = servers.clone();
            more[station][hour] += 1;
            let wait = self.wait(&more);
            // Where somebody is still not served, any gain is as good as another: the busiest is next.
            let load = self.table.offered[station][hour] / f64::from(servers[station][hour]);
            let gain = if wait.is_finite() {
                (if at.is_finite() { at - wait } else { f64::MAX / 1e9 })
                    / f64::from(self.table.desks[station])
            } else {
                load - 1e9
            };
            if best.as_ref().is_none_or(|best| gain > best.0) {
                best = Some((gain, more, wait));
            }
        }
        match best {
            Some((_, more, wait)) => {
                *servers = more;
                wait
            }
            None => at,
        }
    }

    /// Less as long as the target holds, then the same staff elsewhere if that shortens the wait, and again.
    fn settle(&mut self, servers: &mut Servings, at: &mut f64) {
        loop {
            self.remove(servers, at);
            if self.two_for_one(servers, at) {
                continue;
            }
            if !self.exchange(servers, at) {
                return;
            }
        }
    }

    /// Takes away, cell by cell, what leaves the shortest wait of those that keep the target.
    fn remove(&mut self, servers: &mut Servings, at: &mut f64) {
        loop {
            let mut best: Option<(u32, f64, Servings)> = None;
            for (station, hour) in self.table.cells() {
                if servers[station][hour] <= 1 || !(self.goes_on)() {
                    continue;
                }
                let mut less = servers.clone();
                less[station][hour] -= 1;
                let wait = self.wait(&less);
                let desks = self.table.desks[station];
                let better =
                    best.as_ref().is_none_or(|best| desks > best.0 || desks == best.0 && wait < best.1);
                if wait <= self.target && better {
                    best = Some((desks, wait, less));
                }
            }
            let Some((_, wait, less)) = best else { return };
            (*servers, *at) = (less, wait);
        }
    }

    /// One more somewhere for two elsewhere.
    fn two_for_one(&mut self, servers: &mut Servings, at: &mut f64) -> bool {
        let cells = self.table.cells();
        if cells.len() > COUNTED_OUT {
            return false;
        }
        let cost = self.table.cost(servers);
        for &(station, hour) in &cells {
            for first in 0..cells.len() {
                for second in first..cells.len() {
                    let mut other = servers.clone();
                    other[station][hour] += 1;
                    for &(from, when) in [&cells[first], &cells[second]] {
                        other[from][when] = other[from][when].saturating_sub(1);
                    }
                    let staffed = other.iter().flatten().all(|&servers| servers > 0);
                    if !staffed || self.table.cost(&other) >= cost || !(self.goes_on)() {
                        continue;
                    }
                    let wait = self.wait(&other);
                    if wait <= self.target {
                        (*servers, *at) = (other, wait);
                        return true;
                    }
                }
            }
        }
        false
    }

    /// The exchange of one server that shortens the wait most at no more cost.
    fn exchange(&mut self, servers: &mut Servings, at: &mut f64) -> bool {
        const GAIN_MIN: f64 = 0.01;
        let cost = self.table.cost(servers);
        let mut best: Option<(f64, Servings)> = None;
        for (station, hour) in self.table.cells() {
            for (from, when) in self.table.cells() {
                if (station, hour) == (from, when) || servers[from][when] <= 1 || !(self.goes_on)() {
                    continue;
                }
                let mut other = servers.clone();
                other[from][when] -= 1;
                other[station][hour] += 1;
                if self.table.cost(&other) > cost {
                    continue;
                }
                let wait = self.wait(&other);
                if wait < best.as_ref().map_or(*at - GAIN_MIN, |best| best.0) {
                    best = Some((wait, other));
                }
            }
        }
        let Some((wait, other)) = best else { return false };
        (*servers, *at) = (other, wait);
        true
    }
}
