//! Where the staff may stand: all ways to share a lane's servers between its stations, the most promising first.

use crate::capacity::Capacity;
use domain::{
    Plan, Roll, Scenario,
    scenario::{Servers, Station},
};

/// Divisions that are rehearsed at all.
const TRIED: usize = 6;
/// Ways beyond this are not counted out: a lane of so many is staffed by rates ([`crate::staffing`]) first.
const WAYS: usize = 2_000;

/// Servers of a station that could be others: the same number all day.
fn servers(station: &Station) -> Option<u32> {
    match &station.servers {
        Servers::Calendar(calendar) if calendar.0.len() == 1 && !station.shared => Some(calendar.0[0].1),
        _ => None,
    }
}

/// Divisions of the staff, the scenario's own first and then by how many people an hour they let through.
pub(super) fn divisions(scenario: &Scenario) -> Vec<Vec<(usize, u32)>> {
    let stations = scenario.site.stations.iter().enumerate();
    let free: Vec<(usize, u32)> =
        stations.filter_map(|(place, station)| servers(station).map(|servers| (place, servers))).collect();
    let total: u32 = free.iter().map(|&(_, servers)| servers).sum();
    let mut ways = vec![Vec::new()];
    for place in 0..free.len() {
        let last = place + 1 == free.len();
        let mut next = Vec::new();
        for way in &ways {
            let left = total - way.iter().sum::<u32>();
            let others = (free.len() - place - 1) as u32;
            for here in if last { left..=left } else { 1..=left.saturating_sub(others) } {
                next.push(way.iter().copied().chain([here]).collect::<Vec<u32>>());
            }
        }
        if next.len() > WAYS {
            return vec![Vec::new()];
        }
        ways = next;
    }
    let own: Vec<u32> = free.iter().map(|&(_, servers)| servers).collect();
    let bare = Scenario { roll: Roll::default(), ..scenario.clone() };
    let rate = |way: &Vec<u32>| {
        let staff = free.iter().zip(way).map(|(&(place, _), &servers)| (place, servers)).collect();
        let plan = Plan { staff, ..Plan::default() };
        Capacity::of_lane(plan.staffed(&bare).as_ref().unwrap_or(&bare)).mean_rate(1_000.0)
    };
    let mut ranked: Vec<(f64, Vec<u32>)> =
        ways.into_iter().filter(|way| *way != own).map(|way| (rate(&way), way)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.truncate(TRIED - 1);
    let named = |way: Vec<u32>| free.iter().zip(way).map(|(&(place, _), servers)| (place, servers)).collect();
    std::iter::once(Vec::new()).chain(ranked.into_iter().map(|(_, way)| named(way))).collect()
}
