//! Where nobody comes any more.

use crate::{QUARTER_MIN, Site, Task};
use domain::city::rounds::Rounds;

/// A site's tubes of which fewer are left behind are chance: a plan is made for what three days filled.
pub const LEFT: f64 = 1.0;

/// Sites that no round reaches any more: of those that were visited before a moment, where none leaves for them from then on and more
/// than chance fills is closed after the last visit; and all where nobody comes at all.
pub fn unserved(task: &Task, rounds: &Rounds, from: f64) -> Vec<u32> {
    // By site: the last visit, and whether a round leaves for it from then on.
    let mut visits: Vec<(Option<f64>, bool)> = vec![(None, false); task.sites.len()];
    for route in &rounds.routes {
        let Some(leaves) = route.departs_min.iter().copied().reduce(f64::max) else { continue };
        for stop in &route.stops {
            let (last, goes_on) = &mut visits[stop.site as usize];
            *last = [*last, Some(leaves + stop.after_min)].into_iter().flatten().reduce(f64::max);
            *goes_on |= leaves >= from;
        }
    }
    let left = |site: &Site, last: f64| -> f64 {
        let quarters = (1..).zip(&site.tubes);
        quarters.filter(|(end, _)| f64::from(*end) * QUARTER_MIN > last + 0.5).map(|(_, tubes)| tubes).sum()
    };
    let unserved = |site: &Site, (last, goes_on): (Option<f64>, bool)| match last {
        None => site.tubes.iter().any(|tubes| *tubes > 0.0),
        Some(last) => !goes_on && left(site, last) >= LEFT,
    };
    let sites = (0u32..).zip(task.sites.iter().zip(visits));
    sites.filter(|(_, (site, visits))| unserved(site, *visits)).map(|(number, _)| number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Vehicle;
    use domain::city::{
        Position,
        rounds::{Route, Stop},
    };

    #[test]
    fn a_site_that_the_first_plan_could_not_reach_is_still_told_after_a_change() {
        let site = |tubes: Vec<f64>| Site {
            position: Position { latitude: 31.0, longitude: 121.0 },
            tubes,
            opens_min: 0.0,
            last_min: 60.0,
        };
        let task = Task {
            sites: vec![
                site(vec![3.0; 4]),
                site(vec![3.0; 4]),
                site(vec![3.0, 3.0, 0.1]),
                site(vec![3.0; 4]),
                site(vec![]),
            ],
            labs: Vec::new(),
            km_per_hour: 20.0,
            every_min: 60.0,
            vehicle: Vehicle { boxes: 9, tubes_per_box: 100, stop_min: 5.0, route_max_min: 120.0 },
            open_max_min: 30.0,
            within_min: 600.0,
            due_min: 900.0,
            run_min: 60.0,
            fill_min: 10.0,
        };
        let route = |leaves: f64, sites: &[u32]| Route {
            starts: 0,
            ends: 0,
            lab: 0,
            stops: sites.iter().map(|&site| Stop { site, after_min: 5.0, boxes: 1 }).collect(),
            back_min: 20.0,
            vehicles: 1,
            departs_min: vec![leaves],
        };
        // Site 1 is never reached; 2 has had all but what chance fills; for 3 the last round is under way when the plan changes.
        let routes = vec![route(25.0, &[0, 2, 3]), route(60.0, &[0])];
        let rounds = Rounds { places: Vec::new(), routes, trucks: Vec::new() };
        assert_eq!(unserved(&task, &rounds, f64::NEG_INFINITY), [1]);
        assert_eq!(unserved(&task, &rounds, 28.0), [1, 3]);
    }
}
