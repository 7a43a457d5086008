//! A station at which somebody scans and somebody does the rest, as two.

use domain::{
    Notes, Place, Scenario,
    scenario::{Station, Target},
};

/// The station of those who scan.
pub const SCANNING: &str = "scanning";

/// The scenario in which a share of each service at a station is another's, who scans before it. The two times are drawn apart, so that
/// their sum spreads less than the one did: a person whose code reads badly need not be one whose papers are in disorder.
///
/// # Errors
/// A note: there is no such station, or there is one of those who scan already.
pub(super) fn split(scenario: &Scenario, station: &str, share: f64) -> Result<Scenario, Notes> {
    let stations = &scenario.site.stations;
    let at = stations.iter().position(|one| one.name == station);
    let Some(at) = at.filter(|_| stations.iter().all(|one| one.name != SCANNING)) else {
        let mut notes = Notes::default();
        let place = Place::file("scenario.toml").column("roster.scanning");
        notes.error(place, "scanning_station", &[("station", &station)]);
        return Err(notes);
    };
    let mut split = scenario.clone();
    let site = &mut split.site;
    for one in &mut site.stations {
        for branch in &mut one.next {
            if let Target::Station(to) = &mut branch.to {
                *to += usize::from(*to > at);
            }
        }
    }
    for visitor in &mut split.visitors {
        let both = |&skipped: &usize| match skipped == at {
            true => vec![at, at + 1],
            false => vec![skipped + usize::from(skipped > at)],
        };
        visitor.skips = visitor.skips.iter().flat_map(both).collect();
    }
    let whole = &site.stations[at];
    let scanning = Station {
        name: SCANNING.to_owned(),
        service: whole.service.scaled_by(share),
        plus_each_s: whole.plus_each_s * share,
        changeover: None,
        next: Vec::new(),
        walk: None,
        observe_min: 0.0,
        gives_here: false,
        ..whole.clone()
    };
    let rest = Station {
        service: whole.service.scaled_by(1.0 - share),
        plus_each_s: whole.plus_each_s * (1.0 - share),
        room: None,
        waiting_at_start: 0,
        ..whole.clone()
    };
    site.stations.splice(at..=at, [scanning, rest]);
    Ok(split)
}
