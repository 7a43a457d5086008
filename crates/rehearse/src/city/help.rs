//! Which sites to help first, and with what: the worst sites of each shape are run again with one server more at each
//! station in turn, and with one lane more, under the same luck.

use super::{
    CityRehearsal,
    day::live_group,
    outcome::{CityOutcome, Level},
    shapes::Group,
};
use crate::{Luck, TICKS_PER_MINUTE};
use chance::Interner;
use domain::{
    City,
    city::Shape,
    scenario::{Servers, Station},
};
use queueing::Progress;
use serde::Serialize;

/// Sites of a shape that are tried: enough to tell one help from another.
const TRIED: usize = 24;
/// Shapes that are looked at: those with the most people at sites that are not clear.
const SHAPES: usize = 6;

/// A help, and what it does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Help {
    /// The shape whose sites need it.
    pub shape: String,
    /// Its sites that are busy or jammed.
    pub sites: u64,
    /// Their districts, those with the most such sites first, at most five.
    pub districts: Vec<String>,
    /// What was added to each of them.
    pub more: More,
    /// The station, where it is a server.
    pub station: Option<String>,
    /// People it takes at a site.
    pub staff_per_site: u32,
    /// Of the sites that were tried, the mean wait that 95 in 100 do not exceed, before and after.
    pub wait_p95_before_min: f64,
    /// See above.
    pub wait_p95_after_min: f64,
    /// How many were tried, and how many of them were jammed before and after.
    pub tried: u64,
    /// See above.
    pub jammed_before: u64,
    /// See above.
    pub jammed_after: u64,
}

/// What is added to a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum More {
    /// One more at a station of each lane, or at a shared one.
    Server,
    /// A whole lane.
    Lane,
}

/// What trying came to.
struct Tried {
    wait_p95: f64,
    jammed: u64,
}

pub(super) fn first(
    rehearsal: &CityRehearsal<'_>,
    luck: Luck,
    outcome: &CityOutcome,
    threads: usize,
) -> Vec<Help> {
    let city = rehearsal.city;
    let mut needy: Vec<(u64, usize, Vec<u32>)> = Vec::new();
    for (number, group) in rehearsal.shapes.all.iter().enumerate() {
        let unclear = |site: &&u32| outcome.level(**site as usize) != Level::Clear;
        let mut sites: Vec<u32> = group.sites.iter().filter(unclear).copied().collect();
        let people = sites.iter().map(|&site| u64::from(city.sites[site as usize].residents)).sum();
        sites.sort_by(|&one, &other| {
            let wait = |site: u32| outcome.wait_p95_min(site as usize);
            wait(other).total_cmp(&wait(one)).then(one.cmp(&other))
        });
        if !sites.is_empty() {
            needy.push((people, number, sites));
        }
    }
    needy.sort_by_key(|(people, number, _)| (std::cmp::Reverse(*people), *number));
    needy.truncate(SHAPES);
    let mut interner = rehearsal.shapes.interner.clone();
    let mut help = |shape, sites: &[u32]| help(city, shape, sites, luck, threads, &mut interner);
    needy.iter().filter_map(|(_, shape, sites)| help(*shape, sites)).collect()
}

fn help(
    city: &City,
    number: usize,
    sites: &[u32],
    luck: Luck,
    threads: usize,
    interner: &mut Interner,
) -> Option<Help> {
    let shape = &city.shapes[number];
    let tried = spread_over(sites, TRIED);
    let mut live = |shape: &Shape| attempt(city, shape, &tried, luck, threads, interner);
    let before = live(shape);
    let mut best: Option<(Tried, More, Option<usize>, u32)> = None;
    for (more, station, staff, with) in candidates(shape) {
        let after = live(&with);
        // A lane costs several people: what counts is what each of them gains.
        let gain = |tried: &Tried, staff: u32| {
            let jams = before.jammed as f64 - tried.jammed as f64;
            (before.wait_p95 - tried.wait_p95 + jams) / f64::from(staff.max(1))
        };
        if best.as_ref().is_none_or(|(tried, _, _, other)| gain(&after, staff) > gain(tried, *other)) {
            best = Some((after, more, station, staff));
        }
    }
    let (after, more, station, staff_per_site) = best?;
    Some(Help {
        shape: shape.name.clone(),
        sites: sites.len() as u64,
        districts: districts(city, sites),
        more,
        station: station.map(|station| shape.site.stations[station].name.clone()),
        staff_per_site,
        wait_p95_before_min: before.wait_p95,
        wait_p95_after_min: after.wait_p95,
        tried: tried.len() as u64,
        jammed_before: before.jammed,
        jammed_after: after.jammed,
    })
}

/// So many of a list, evenly, the first among them.
fn spread_over(sites: &[u32], count: usize) -> Vec<u32> {
    let step = sites.len().div_ceil(count).max(1);
    sites.iter().step_by(step).copied().collect()
}

/// Each help that can be tried: what, where, how many people, and the shape with it.
fn candidates(shape: &Shape) -> Vec<(More, Option<usize>, u32, Shape)> {
    let lanes = u32::from(shape.site.lanes);
    let most = |station: &Station| match &station.servers {
        Servers::Unlimited => 0,
        Servers::Calendar(calendar) => calendar.0.iter().map(|(_, servers)| *servers).max().unwrap_or(0),
    };
    let mut all = Vec::new();
    for (place, station) in shape.site.stations.iter().enumerate() {
        if most(station) == 0 {
            continue;
        }
        let mut with = shape.clone();
        if let Servers::Calendar(calendar) = &mut with.site.stations[place].servers {
            calendar.0.iter_mut().filter(|(_, servers)| *servers > 0).for_each(|(_, servers)| *servers += 1);
        }
        all.push((More::Server, Some(place), if station.shared { 1 } else { lanes }, with));
    }
    let of_a_lane = shape.site.stations.iter().filter(|station| !station.shared).map(most).sum();
    if of_a_lane > 0 {
        let mut with = shape.clone();
        with.site.lanes += 1;
        all.push((More::Lane, None, of_a_lane, with));
    }
    all
}

fn attempt(
    city: &City,
    shape: &Shape,
    sites: &[u32],
    luck: Luck,
    threads: usize,
    interner: &mut Interner,
) -> Tried {
    let group = Group::new(city, shape, interner);
    let (_, summary, days) = live_group(city, &group, sites, (luck, 0), None, threads, &Progress::default());
    let mut waits = vec![0.0; sites.len()];
    for &(place, p95) in &summary.wait.distribution.p95s {
        waits[place as usize] = p95 / TICKS_PER_MINUTE as f64;
    }
    let jammed = |(wait, day): &(&f64, &super::day::SiteDay)| {
        day.served < day.people || Level::of(**wait) == Level::Jammed
    };
    Tried {
        wait_p95: waits.iter().sum::<f64>() / waits.len().max(1) as f64,
        jammed: waits.iter().zip(&days).filter(jammed).count() as u64,
    }
}

/// The districts of these sites, those with the most of them first, at most five.
fn districts(city: &City, sites: &[u32]) -> Vec<String> {
    const NAMED: usize = 5;
    let mut counts = vec![0u64; city.districts.len()];
    sites.iter().for_each(|&site| counts[city.sites[site as usize].district as usize] += 1);
    let mut order: Vec<usize> = (0..counts.len()).filter(|&district| counts[district] > 0).collect();
    order.sort_by_key(|&district| (std::cmp::Reverse(counts[district]), district));
    order.into_iter().take(NAMED).map(|district| city.districts[district].name.clone()).collect()
}
