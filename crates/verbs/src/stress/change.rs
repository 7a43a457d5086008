//! What survives a fault: single changes, each tried under the same luck, the cheapest of those that hold confirmed on
//! luck of its own.

use super::{Bench, Strain};
use ::rehearse::{
    Figures, Luck, Paired, Purpose, TICKS_PER_MINUTE,
    faults::{Fault, card},
};
use domain::{
    Plan, Policy, Scenario,
    scenario::{Calendar, Servers, Station},
};

/// Shares by which the load is lowered.
const SLOWER: [f64; 3] = [0.1, 0.2, 0.3];
/// Minutes that the site stays open longer.
const LONGER_MIN: [u32; 3] = [30, 60, 120];
/// A room is made larger by this factor, where there is a place for it.
const ROOMIER: u32 = 2;
/// Replications that confirm a change, at most.
const CONFIRM_MAX: u32 = 200;

/// One change of the site or of the plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// One more server at this station, in each lane unless it is shared.
    Server(usize),
    /// One more lane with all of its staff, and the calls at the same pace in all.
    Lane,
    /// One server of each lane goes from one station to another.
    Move(usize, usize),
    /// Households are called at this share of the load that was planned.
    Load(f64),
    /// The site stays open so many minutes longer.
    Longer(u32),
    /// Room for so many who wait.
    Room(u32),
    /// Stations write on paper while the system is down or slow.
    Offline,
}

/// What was found for a fault.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The fault; nothing for the plan itself.
    pub faults: Vec<Fault>,
    /// Changes that were tried.
    pub tried: usize,
    /// The cheapest that survives; `None` if none does.
    pub survives: Option<Survives>,
    /// The change with the least strain, and that strain, at the upper ends of the intervals.
    pub nearest: Option<(Change, f64)>,
}

/// A change that survives.
#[derive(Clone, Debug)]
pub struct Survives {
    /// What is changed.
    pub change: Change,
    /// What it costs, in people-hours.
    pub people_hours: f64,
    /// The day with the fault and the change, on luck that chose nothing.
    pub figures: Figures,
    /// Replications that confirmed it.
    pub reps: u32,
    /// That day less the day with the fault alone, on the same luck.
    pub difference: Paired,
}

/// Tries every change, cheapest first of those that hold.
pub(super) fn answer(bench: &Bench<'_>, faults: Vec<Fault>) -> Answer {
    let planned = bench.plain.figures();
    let mut held: Vec<(f64, Change)> = Vec::new();
    let mut nearest: Option<(Change, f64)> = None;
    let candidates = candidates(bench.scenario, bench.plan, &faults);
    let tried = candidates.len();
    for change in candidates {
        let Some(changed) = changed(change, bench.scenario, bench.plan, &faults) else { continue };
        let (day, outcome) = bench.day(&changed.scenario, changed.plan.as_ref(), &changed.faults);
        let figures = outcome.figures();
        let strain = Strain::at_most(&day, &figures);
        if nearest.is_none_or(|(_, least)| strain.worst() < least) {
            nearest = Some((change, strain.worst()));
        }
        if strain.holds() {
            held.push((cost(change, bench.scenario, &planned, &figures), change));
        }
    }
    // Stable: of those that cost the same, the first that was thought of.
    held.sort_by(|left, right| left.0.total_cmp(&right.0));
    let reps = bench.run.reps.min(CONFIRM_MAX);
    let luck = Luck { seed: bench.run.seed, purpose: Purpose::Confirm };
    let survives = held.into_iter().find_map(|(people_hours, change)| {
        let changed = changed(change, bench.scenario, bench.plan, &faults)?;
        let (day, outcome) =
            bench.day_on(luck, reps, &changed.scenario, changed.plan.as_ref(), &changed.faults);
        let figures = outcome.figures();
        if !Strain::at_most(&day, &figures).holds() {
            return None;
        }
        let (_, alone) = bench.day_on(luck, reps, bench.scenario, bench.plan, &faults);
        let difference = Paired::of(&outcome, &alone);
        Some(Survives { change, people_hours, figures, reps, difference })
    });
    Answer { faults, tried, survives, nearest }
}

fn candidates(scenario: &Scenario, plan: Option<&Plan>, faults: &[Fault]) -> Vec<Change> {
    let stations = &scenario.site.stations;
    let counted = |place: &usize| matches!(stations[*place].servers, Servers::Calendar(_));
    let places: Vec<usize> = (0..stations.len()).filter(counted).collect();
    let mut changes = Vec::new();
    if offline(faults) != faults {
        changes.push(Change::Offline);
    }
    for &from in &places {
        let to = places.iter().filter(|&&to| to != from && stations[to].shared == stations[from].shared);
        changes.extend(to.map(|&to| Change::Move(from, to)));
    }
    if plan.is_some_and(|plan| plan.policy == Policy::Waves && plan.load.is_some()) {
        changes.extend(SLOWER.map(|share| Change::Load(1.0 - share)));
    }
    let room = scenario.site.room.map(|room| room.saturating_mul(ROOMIER));
    changes.extend(room.map(Change::Room));
    changes.extend(scenario.round.closes.iter().flat_map(|_| LONGER_MIN.map(Change::Longer)));
    changes.extend(places.into_iter().map(Change::Server));
    changes.push(Change::Lane);
    changes
}

/// A site and a plan with a change, and the faults that it still meets.
struct Changed {
    scenario: Scenario,
    plan: Option<Plan>,
    faults: Vec<Fault>,
}

fn changed(change: Change, scenario: &Scenario, plan: Option<&Plan>, faults: &[Fault]) -> Option<Changed> {
    let mut to = Changed { scenario: scenario.clone(), plan: plan.cloned(), faults: faults.to_vec() };
    let site = &mut to.scenario.site;
    match change {
        Change::Server(place) => more(&mut site.stations[place], 1),
        Change::Move(from, into) => {
            let Servers::Calendar(calendar) = &site.stations[from].servers else { return None };
            if calendar.0.iter().any(|entry| entry.1 == 1) {
                return None;
            }
            more(&mut site.stations[from], -1);
            more(&mut site.stations[into], 1);
        }
        Change::Lane => {
            let before = f64::from(site.lanes);
            site.lanes = site.lanes.checked_add(1)?;
            to.scenario.layout = None;
            to.plan = plan.map(|plan| match (plan.policy, plan.load) {
                (Policy::Waves, Some(load)) => {
                    ::plan::waves_around(&to.scenario, load * before / (before + 1.0), plan)
                }
                _ => ::plan::broadcast(&to.scenario),
            });
        }
        Change::Load(share) => {
            let plan = plan?;
            to.plan = Some(::plan::waves_around(scenario, plan.load? * share, plan));
        }
        Change::Longer(minutes) => {
            let longer = i64::from(minutes) * TICKS_PER_MINUTE;
            to.scenario.round.closes = Some(scenario.round.closes? + longer);
        }
        Change::Room(room) => {
            site.room = Some(room);
            // A roof over all of it, in the rain.
            to.faults.retain(|fault| fault.card.name != "rain");
            let rain = faults.iter().find(|fault| fault.card.name == "rain");
            to.faults.extend(rain.map(|rain| rain.with_value(f64::from(room))));
        }
        Change::Offline => {
            to.faults = offline(faults);
        }
    }
    Some(to)
}

/// These faults where stations write on paper while the system is down or slow.
pub(crate) fn offline(faults: &[Fault]) -> Vec<Fault> {
    let Some(paper) = card("system-down-offline") else { return faults.to_vec() };
    let written = |fault: &Fault| match fault.card.name {
        "system-down" => Fault { card: paper, ..*fault },
        "system-slow" => Fault::usual(paper),
        _ => *fault,
    };
    faults.iter().map(written).collect()
}

/// Most servers of a station in a lane, or at all if it is shared.
pub(crate) fn most(station: &Station) -> f64 {
    match &station.servers {
        Servers::Unlimited => 0.0,
        Servers::Calendar(calendar) => calendar.0.iter().map(|entry| f64::from(entry.1)).fold(0.0, f64::max),
    }
}

/// So many servers more whenever anybody is on duty.
pub(crate) fn more(station: &mut Station, by: i64) {
    if let Servers::Calendar(calendar) = &mut station.servers {
        let entry = |&(at, servers): &(i64, u32)| match servers {
            0 => (at, 0),
            servers => (at, (i64::from(servers) + by).max(0) as u32),
        };
        *calendar = Calendar(calendar.0.iter().map(entry).collect());
    }
}

/// What a change costs in people-hours: who comes in addition, for as long as the site is open; and what all stand longer
/// because it ends later than planned.
fn cost(change: Change, scenario: &Scenario, planned: &Figures, after: &Figures) -> f64 {
    let site = &scenario.site;
    let lanes = f64::from(site.lanes);
    let staff: f64 =
        site.stations.iter().map(|station| most(station) * if station.shared { 1.0 } else { lanes }).sum();
    let closes = scenario.round.closes.map(|closes| closes as f64 / TICKS_PER_MINUTE as f64);
    let open = closes.or(planned.done_97_min).unwrap_or(0.0).max(0.0) / 60.0;
    let later = (after.done_97_min.unwrap_or(0.0) - planned.done_97_min.unwrap_or(0.0)).max(0.0) / 60.0;
    let added = match change {
        Change::Server(place) if site.stations[place].shared => open,
        Change::Server(_) => lanes * open,
        Change::Lane => site.stations.iter().filter(|station| !station.shared).map(most).sum::<f64>() * open,
        // Somebody keeps the longer line in order.
        Change::Room(_) => open,
        Change::Longer(minutes) => return staff * f64::from(minutes) / 60.0,
        Change::Move(..) | Change::Load(_) | Change::Offline => 0.0,
    };
    added + staff * later
}
