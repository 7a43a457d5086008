//! Rounds of couriers: what a page reads of a plan's file.

mod view;

pub(super) use view::{RoundsView, view};

use super::read::Odd;
use crate::city::rounds::{Map, RoundFile, TransferFile};
use jiff::civil::DateTime;
use serde::Deserialize;
use std::collections::BTreeSet;

/// More than the largest city has.
const SITES_MAX: usize = 100_000;
pub(super) const DISTRICTS_MAX: usize = 1_000;
const LABS_MAX: usize = 1_000;
/// Stops and departures of all rounds together; of the largest city there are some twenty thousand.
const DRIVEN_MAX: usize = 200_000;

/// What is read of a plan's file.
#[derive(Clone, Debug, Deserialize)]
pub struct RoundsDocument {
    labs: Vec<LabDocument>,
    rounds: Vec<RoundFile>,
    #[serde(default)]
    transfers: Vec<TransferFile>,
    #[serde(default)]
    unserved: Vec<String>,
    #[serde(default)]
    findings: Vec<String>,
    map: Map,
}

#[derive(Clone, Debug, Deserialize)]
struct LabDocument {
    name: String,
    tubes_per_hour: f64,
    waiting_max: f64,
}

impl RoundsDocument {
    pub(super) fn districts(&self) -> Vec<&str> {
        self.map.districts.iter().map(|of| of.name.as_str()).collect()
    }

    pub(super) fn labs(&self) -> Vec<&str> {
        self.labs.iter().map(|of| of.name.as_str()).collect()
    }

    fn opens(&self) -> Option<DateTime> {
        self.map.opens.parse().ok()
    }

    /// Whether all that is named is there.
    pub(super) fn check(&self, odd: &mut Odd<'_>) {
        let map = &self.map;
        let fits = |latitude: f64, longitude: f64| {
            (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)
        };
        odd.unless(self.opens().is_some(), || "map.opens".to_owned());
        odd.unless(map.sites.len() <= SITES_MAX, || "map.sites".to_owned());
        odd.unless(map.districts.len() <= DISTRICTS_MAX, || "map.districts".to_owned());
        odd.unless(self.unserved.len() <= SITES_MAX, || "unserved".to_owned());
        let driven =
            self.rounds.iter().map(|round| round.stops.len() + round.departs_min.len() + 1).sum::<usize>();
        odd.unless(driven <= DRIVEN_MAX, || "rounds".to_owned());
        odd.unless(self.transfers.len() <= DRIVEN_MAX, || "transfers".to_owned());
        let labs = self.labs.iter().map(|lab| &lab.name).eq(map.labs.iter().map(|lab| &lab.name));
        let names: BTreeSet<&str> = map.labs.iter().map(|lab| lab.name.as_str()).collect();
        odd.unless(labs && names.len() == map.labs.len() && names.len() <= LABS_MAX, || {
            "map.labs".to_owned()
        });
        let mut districts = BTreeSet::new();
        for (number, of) in map.districts.iter().enumerate() {
            let points = of.outline.iter().flatten().flatten().flatten();
            let outline = points.into_iter().all(|&[longitude, latitude]| fits(latitude, longitude));
            let centre =
                of.latitude.zip(of.longitude).is_none_or(|(latitude, longitude)| fits(latitude, longitude));
            let once = districts.insert(of.name.as_str());
            odd.unless(outline && centre && once, || format!("map.districts[{number}]"));
        }
        for (number, of) in map.labs.iter().enumerate() {
            odd.unless(fits(of.latitude, of.longitude), || format!("map.labs[{number}]"));
        }
        for (number, of) in map.sites.iter().enumerate() {
            let labs: BTreeSet<u32> = of.brought.iter().map(|of| of.lab).collect();
            let known = (of.district as usize) < map.districts.len()
                && labs.last().is_none_or(|&lab| (lab as usize) < map.labs.len());
            let once = labs.len() == of.brought.len();
            odd.unless(known && once && fits(of.latitude, of.longitude), || format!("map.sites[{number}]"));
        }
        let mut flows = BTreeSet::new();
        for (number, of) in map.flows.iter().enumerate() {
            let known = (of.district as usize) < map.districts.len() && (of.lab as usize) < map.labs.len();
            odd.unless(known && flows.insert((of.district, of.lab)), || format!("map.flows[{number}]"));
        }
        for (number, of) in self.rounds.iter().enumerate() {
            let labs = [&of.starts, &of.ends, &of.lab].iter().all(|name| names.contains(name.as_str()));
            let stops = of.stops.iter().all(|stop| (1..=map.sites.len()).contains(&(stop.number as usize)));
            odd.unless(labs && stops, || format!("rounds[{number}]"));
        }
        for (number, of) in self.transfers.iter().enumerate() {
            let known = names.contains(of.from.as_str()) && names.contains(of.to.as_str());
            odd.unless(known, || format!("transfers[{number}]"));
        }
    }
}
