//! What was measured at each station.

use crate::{
    fit::{Fit, LEAST, fit},
    observed::{End, Observed},
    pauses::Pauses,
    people,
    service::{self, Services},
    spread::Spread,
    written,
};
use chance::{Law, TICKS_PER_SECOND, Ticks};
use domain::{
    Notes, Place, Scenario,
    scenario::{Servers, Station},
};
use serde::Serialize;

/// One station, its lanes pooled.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StationReview {
    /// Its name.
    pub name: String,
    /// The fitted law of one person's service, with the keys of the scenario's TOML; null for too few services.
    #[serde(serialize_with = "written::optional_law")]
    pub service: Option<Law>,
    /// Mean seconds of a service; null where none was measured.
    pub mean_s: Option<f64>,
    /// Standard deviation over mean.
    pub cv: Option<f64>,
    /// Services measured.
    pub n: usize,
    /// Whether most starts were not tapped, and follow from ends and arrivals.
    pub inferred: bool,
    /// Services whose start was tapped.
    pub starts_tapped: u64,
    /// Services whose start was inferred.
    pub starts_inferred: u64,
    /// Most servers seen in one lane; null where servers are not told apart.
    pub servers: Option<u32>,
    /// Busy time, changeovers included, over staffed time until the last departure; null where servers are not counted, or only
    /// some of the people were (stopwatch cards).
    pub utilisation: Option<f64>,
    /// Waits before it, of those it served.
    pub wait_min: Spread,
    /// What servers do after every so many people; null where no such habit was seen.
    pub changeover: Option<Pauses>,
    /// Seconds lost between two people while someone waited; part of the service.
    pub between_s: f64,
    /// Seconds for each further person served together, with its standard error; null where people are served singly.
    pub plus_each_s: Option<[f64; 2]>,
    /// How the law was chosen, and how sure it is.
    pub fit: Option<Fit>,
}

/// Measures all stations, in the scenario's order; those it does not know come last. Returns the times of each too.
pub(crate) fn measure(
    observed: &mut Observed,
    scenario: Option<&Scenario>,
    notes: &mut Notes,
) -> Vec<(StationReview, Vec<Ticks>)> {
    let planned: &[Station] = scenario.map_or(&[], |scenario| &scenario.site.stations);
    let rank = |name: &String| planned.iter().position(|station| station.name == *name);
    let mut order: Vec<usize> = (0..observed.stations.len()).collect();
    order.sort_by_key(|&place| (rank(&observed.stations[place]).unwrap_or(usize::MAX), place));
    let mut found = Vec::new();
    for place in order {
        let name = observed.stations[place].clone();
        let known = rank(&name).map(|rank| &planned[rank]);
        if scenario.is_some() && known.is_none() {
            notes.warning(Place::default(), "review_station_unknown", &[("station", &name)]);
        }
        let services = service::measure(observed, place, scenario);
        say(&name, &services, notes);
        let law = fit(&services.times);
        if law.as_ref().is_some_and(|law| !law.fits) {
            notes.hint(Place::default(), "review_no_law", &[("station", &name)]);
        }
        let review = StationReview {
            service: law.as_ref().map(|fit| fit.law.clone()),
            mean_s: mean_s(&services.times),
            cv: cv(&services.times),
            n: services.times.len(),
            inferred: services.inferred > services.tapped,
            starts_tapped: services.tapped,
            starts_inferred: services.inferred,
            servers: services.servers,
            utilisation: utilisation(observed, scenario, known, &services),
            wait_min: waits(observed, place),
            changeover: services.pauses,
            between_s: services.between_s,
            plus_each_s: services.plus_each.map(|(slope, se)| [slope, se]),
            fit: law,
            name,
        };
        found.push((review, services.times));
    }
    found
}

/// What a reader should know about how these times came to be.
fn say(name: &str, services: &Services, notes: &mut Notes) {
    let place = Place::default;
    if services.inferred > 0 {
        let all = services.tapped + services.inferred;
        let args: [(&str, &dyn std::fmt::Display); 3] =
            [("station", &name), ("count", &services.inferred), ("all", &all)];
        notes.hint(place(), "review_starts_inferred", &args);
    }
    if services.unplaced > 0 {
        let args: [(&str, &dyn std::fmt::Display); 2] = [("station", &name), ("count", &services.unplaced)];
        notes.warning(place(), "review_servers_unknown", &args);
    }
    if services.times.len() < LEAST {
        let args: [(&str, &dyn std::fmt::Display); 3] =
            [("station", &name), ("count", &services.times.len()), ("least", &LEAST)];
        notes.warning(place(), "review_few", &args);
    }
}

fn mean_s(times: &[Ticks]) -> Option<f64> {
    let sum: i128 = times.iter().map(|&time| i128::from(time)).sum();
    (!times.is_empty()).then(|| sum as f64 / times.len() as f64 / TICKS_PER_SECOND as f64)
}

fn cv(times: &[Ticks]) -> Option<f64> {
    let mean = mean_s(times)? * TICKS_PER_SECOND as f64;
    let away = |&time: &Ticks| (time as f64 - mean) * (time as f64 - mean);
    let variance = times.iter().map(away).sum::<f64>() / times.len() as f64;
    (mean > 0.0).then(|| variance.sqrt() / mean)
}

fn waits(observed: &Observed, station: usize) -> Spread {
    let of_round = |round: &crate::observed::Round| {
        let steps = round.visits.iter().flat_map(|visit| &visit.steps);
        steps
            .filter(|step| step.station == station && step.ended.is_some())
            .filter_map(|step| step.waited())
            .collect()
    };
    Spread::of(observed.rounds.iter().map(of_round).collect())
}

/// Busy over staffed time, by the scenario's calendar where there is one.
fn utilisation(
    observed: &Observed,
    scenario: Option<&Scenario>,
    known: Option<&Station>,
    services: &Services,
) -> Option<f64> {
    if observed.rounds.iter().any(|round| round.sample) {
        return None;
    }
    let lanes = match (known, scenario) {
        (Some(station), Some(scenario)) if !station.shared => Ticks::from(scenario.site.lanes),
        (Some(_), _) => 1,
        _ => Ticks::from(observed.visits().map(|visit| visit.lane).max().unwrap_or(1).max(1)),
    };
    let last = |round: &crate::observed::Round| {
        let left = round.visits.iter().filter_map(|visit| match visit.end {
            End::Left(at) => Some(at),
            _ => None,
        });
        left.max().unwrap_or(0)
    };
    let staffed = |until: Ticks| match known.map(|station| &station.servers) {
        Some(Servers::Unlimited) => None,
        Some(Servers::Calendar(calendar)) => {
            let ends = calendar.0.iter().skip(1).map(|&(at, _)| at).chain([Ticks::MAX]);
            let spans = calendar
                .0
                .iter()
                .zip(ends)
                .map(|(&(from, servers), end)| Ticks::from(servers) * (end.min(until) - from).max(0));
            Some(spans.sum::<Ticks>())
        }
        None => services.servers.map(|servers| Ticks::from(servers) * until.max(0)),
    };
    let all: Option<Ticks> =
        observed.rounds.iter().map(|round| staffed(last(round)).map(|ticks| ticks * lanes)).sum();
    all.filter(|&ticks| ticks > 0).map(|ticks| services.busy as f64 / ticks as f64)
}

/// Whether the wait before a station rests on arrivals that were written down.
pub(crate) fn arrivals_known(observed: &Observed) -> bool {
    let steps = || observed.visits().flat_map(|visit| &visit.steps).filter(|step| step.ended.is_some());
    let known = steps().filter(|step| step.queued.is_some()).count();
    10 * known >= 9 * steps().count() && people::count(observed, |visit| visit.arrived.is_some()) > 0.0
}
