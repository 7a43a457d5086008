//! Ways through the site: each must end, and what stands on them must fit together.

use crate::reader::Context;
use domain::Place;
use domain::scenario::{Scenario, Station, Target, Unit};

/// Mean visits to one station beyond which a way back is not meant so: nobody tries ten times.
const VISITS_MAX: f64 = 10.0;

/// Checks the ways of everybody and of each class with ways of its own.
pub(crate) fn check(context: &Context<'_>, scenario: &Scenario, places: &[Place]) {
    let stations = &scenario.site.stations;
    let mut classes: Vec<Option<&str>> = vec![None];
    classes.extend(scenario.visitors.iter().map(|visitor| Some(visitor.class.as_str())));
    let mut stuck = vec![false; stations.len()];
    let mut reached = vec![false; stations.len()];
    let mut passed = vec![0.0_f64; stations.len()];
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); stations.len()];
    for class in classes {
        let ends = can_leave(stations, class);
        let reaches = reached_from_first(stations, class);
        let visits = visits(stations, class);
        for (index, station) in stations.iter().enumerate() {
            stuck[index] |= reaches[index] && !ends[index];
            reached[index] |= reaches[index];
            passed[index] = passed[index].max(visits[index]);
            for (to, _) in ways(station, index, stations.len(), class) {
                if let Target::Station(to) = to
                    && !before[to].contains(&index)
                {
                    before[to].push(index);
                }
            }
        }
    }
    for (index, station) in stations.iter().enumerate() {
        let name = &station.name;
        if stuck[index] {
            context.error(&places[index], "no_way_out", &[("station", name)]);
        } else if passed[index] > VISITS_MAX {
            let visits = format!("{:.0}", passed[index]);
            context.warning(&places[index], "long_circle", &[("station", name), ("visits", &visits)]);
        }
        if !reached[index] {
            context.hint(&places[index], "station_not_reached", &[("station", name)]);
        }
        check_room(context, stations, index, &before[index], &places[index]);
        check_unit(context, stations, index, &before, &places[index]);
    }
}

/// Where people of a class go from a station, with shares above 0. A class follows the ways that name it, where there
/// are any, and else those that name no class; without any, the next station of the list.
pub(super) fn ways(station: &Station, index: usize, count: usize, class: Option<&str>) -> Vec<(Target, f64)> {
    let of = |class: Option<&str>| -> Vec<(Target, f64)> {
        let own = station.next.iter().filter(|branch| branch.class.as_deref() == class);
        own.map(|branch| (branch.to, branch.share)).collect()
    };
    let mut found = of(class);
    if found.is_empty() {
        found = of(None);
    }
    if found.is_empty() {
        let next = if index + 1 < count { Target::Station(index + 1) } else { Target::Exit };
        found.push((next, 1.0));
    }
    found.retain(|(_, share)| *share > 0.0);
    found
}

fn can_leave(stations: &[Station], class: Option<&str>) -> Vec<bool> {
    let mut leaves = vec![false; stations.len()];
    loop {
        let mut changed = false;
        for (index, station) in stations.iter().enumerate() {
            let now = ways(station, index, stations.len(), class).iter().any(|(to, _)| match to {
                Target::Exit => true,
                Target::Station(to) => leaves[*to],
            });
            changed |= now && !leaves[index];
            leaves[index] |= now;
        }
        if !changed {
            return leaves;
        }
    }
}

fn reached_from_first(stations: &[Station], class: Option<&str>) -> Vec<bool> {
    let mut reached = vec![false; stations.len()];
    let mut open = Vec::new();
    if !stations.is_empty() {
        reached[0] = true;
        open.push(0);
    }
    while let Some(index) = open.pop() {
        for (to, _) in ways(&stations[index], index, stations.len(), class) {
            if let Target::Station(to) = to
                && !reached[to]
            {
                reached[to] = true;
                open.push(to);
            }
        }
    }
    reached
}

/// Mean visits of one person of a class to each station: a lower bound where ways lead back with a share near 1.
pub(super) fn visits(stations: &[Station], class: Option<&str>) -> Vec<f64> {
    /// Rounds of the fixed point: a loop of share 0.9 has died out to 10⁻⁹ by then.
    const ROUNDS: usize = 200;
    let mut visits = vec![0.0; stations.len()];
    let mut flow = vec![0.0; stations.len()];
    if let Some(first) = flow.first_mut() {
        *first = 1.0;
    }
    for _ in 0..ROUNDS {
        let mut next = vec![0.0; stations.len()];
        for (index, station) in stations.iter().enumerate() {
            visits[index] += flow[index];
            for (to, share) in ways(station, index, stations.len(), class) {
                if let Target::Station(to) = to {
                    next[to] += flow[index] * share;
                }
            }
        }
        flow = next;
    }
    visits
}

/// A full room holds people at the station before, so they must come straight from there.
fn check_room(context: &Context<'_>, stations: &[Station], index: usize, before: &[usize], place: &Place) {
    let station = &stations[index];
    if station.room.is_none() {
        return;
    }
    if before.is_empty() {
        context.hint(place, "room_at_first", &[("station", &station.name)]);
    }
    for &from in before {
        let from = &stations[from];
        if from.walk.is_some() || from.observe_min > 0.0 {
            let args: [(&'static str, &dyn std::fmt::Display); 2] =
                [("station", &station.name), ("before", &from.name)];
            context.error(place, "room_after_walk", &args);
        }
    }
}

/// A unit goes through together or not at all: after a station that serves persons it is not gathered again.
fn check_unit(
    context: &Context<'_>,
    stations: &[Station],
    index: usize,
    before: &[Vec<usize>],
    place: &Place,
) {
    if stations[index].unit == Unit::Person {
        return;
    }
    let mut seen = vec![false; stations.len()];
    let mut open = before[index].clone();
    while let Some(from) = open.pop() {
        if seen[from] {
            continue;
        }
        seen[from] = true;
        if stations[from].unit == Unit::Person {
            let args: [(&'static str, &dyn std::fmt::Display); 2] =
                [("station", &stations[index].name), ("before", &stations[from].name)];
            context.error(place, "unit_after_person", &args);
            return;
        }
        open.extend(&before[from]);
    }
}
