//! The JSON of `plan` on a city, which is the plan's file as well.

use super::{
    PlannedCity,
    file::{RoundFile, StoppedFile, TransferFile, round_file, rounded},
};
use crate::{
    Finding, Voice,
    number::{number, whole},
};
use couriers::{
    Planned,
    check::{Breach, Checked},
};
use domain::{City, city::rounds::Rounds};
use serde::Serialize;
use serde_json::{Value, json};

/// The plan's file.
#[derive(Debug, Serialize)]
pub struct Output {
    labs: Vec<Value>,
    rounds: Vec<RoundFile>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stopped: Vec<StoppedFile>,
    transfers: Vec<TransferFile>,
    unserved: Vec<String>,
    gap: Option<f64>,
    /// How much longer the tubes' way became so that vehicles drive less, as a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    way_more: Option<f64>,
    drive_min: f64,
    check: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Value>,
    promise: Option<rehearse::city::Promise>,
    map: super::map::Map,
    cpu_s: f64,
    wall_s: f64,
    findings: Vec<String>,
}

impl PlannedCity {
    /// The command's JSON.
    pub fn output(&self, voice: Voice) -> Output {
        let city = &self.city;
        let rounds = self.rounds();
        let site = |site: &u32| city.sites[*site as usize].name.clone();
        let transfer = |truck: &domain::city::rounds::Truck| TransferFile {
            from: self.lab(truck.from),
            to: self.lab(truck.to),
            departs_min: truck.departs_min,
            arrives_min: rounded(truck.arrives_min),
            tubes: truck.tubes.round(),
            notify_by_min: rounded(truck.notify_min),
            message: Finding { code: "city_truck", args: self.notice_args(truck) }.sentence(voice),
        };
        let drive = rounds
            .routes
            .iter()
            .map(|route| route.back_min - self.task.vehicle.stop_min * route.stops.len() as f64);
        Output {
            labs: (0..self.task.labs.len() as u32).map(|lab| self.lab_output(lab)).collect(),
            rounds: rounds.routes.iter().map(|route| round_file(city, route)).collect(),
            stopped: self
                .stopped
                .iter()
                .map(|of| StoppedFile { lab: self.lab(of.lab), at_min: of.at_min })
                .collect(),
            transfers: rounds.trucks.iter().map(transfer).collect(),
            unserved: self.unserved().iter().map(site).collect(),
            gap: self.planned.as_ref().and_then(Planned::gap),
            way_more: self.planned.as_ref().map(|of| of.way_min / of.shared_min.max(1e-9) - 1.0),
            drive_min: rounded(drive.sum()),
            check: check_output(city, rounds, &self.checked, voice),
            changed: self.replanned.as_ref().map(|of| {
                json!({
                    "sites": of.sites_moved.iter().map(site).collect::<Vec<_>>(),
                    "rounds_diverted": of.rounds_diverted,
                    "routes_whole": of.routes_whole,
                    "routes_made_anew": of.routes_made_anew,
                    "tubes_moved": of.tubes_moved.round(),
                })
            }),
            promise: self.promise,
            map: super::map::map(self),
            cpu_s: self.cost.cpu_s,
            wall_s: self.cost.wall_s,
            findings: self.sentences(voice),
        }
    }

    fn lab_output(&self, lab: u32) -> Value {
        let rounds = self.rounds();
        let of = &self.task.labs[lab as usize];
        let brought = &self.checked.brought[lab as usize];
        let mut sites: Vec<u32> = rounds
            .routes
            .iter()
            .filter(|route| route.lab == lab)
            .flat_map(|route| route.stops.iter().map(|stop| stop.site))
            .collect();
        sites.sort_unstable();
        sites.dedup();
        let place = rounds.places.get(lab as usize).copied().unwrap_or(0);
        let hours =
            brought.iter().enumerate().map(|(hour, tubes)| json!({ "hour": hour, "brought": tubes.round() }));
        json!({
            "name": self.lab(lab),
            "place": place + 1,
            "ready_min": of.places.get(place as usize).map(|place| place.ready_min),
            "tubes_per_hour": of.tubes_per_hour,
            "sites": sites.len(),
            "tubes": brought.iter().fold(0.0, |sum, tubes| sum + tubes).round(),
            "waiting_max": self.checked.waiting_max[lab as usize].round(),
            "load_by_hour": hours.collect::<Vec<_>>(),
        })
    }
}

/// What the replay says, as JSON.
pub(in crate::city) fn check_output(city: &City, rounds: &Rounds, checked: &Checked, voice: Voice) -> Value {
    let breaches = checked.breaches.iter().take(200).map(|breach| told(city, rounds, breach).sentence(voice));
    json!({
        "sound": checked.breaches.is_empty(),
        "tubes": checked.tubes.round(),
        "in_time": checked.in_time.round(),
        "elapsed_h": { "mean": checked.elapsed_h[0], "p95": checked.elapsed_h[1], "max": checked.elapsed_h[2] },
        "count": checked.breaches.len(),
        "breaches": breaches.collect::<Vec<_>>(),
    })
}

/// A breach as a sentence.
pub(super) fn told(city: &City, rounds: &Rounds, breach: &Breach) -> Finding {
    let labs = city.testing.as_ref().map_or(&[][..], |testing| &testing.labs);
    let site = |site: u32| ("site", city.sites[site as usize].name.clone());
    let lab = |lab: u32| ("lab", labs[lab as usize].name.clone());
    let route = |route: usize| ("route", (route + 1).to_string());
    let minutes = |minutes: f64| ("minutes", number(minutes));
    let tubes = |tubes: f64| ("tubes", whole(tubes.ceil()));
    let (code, args) = match *breach {
        Breach::Unknown { route: of } => ("city_breach_unknown", vec![route(of)]),
        Breach::Twice { site: of } => ("city_breach_twice", vec![site(of)]),
        Breach::Unvisited { site: of } => ("city_breach_unvisited", vec![site(of)]),
        Breach::TooLong { route: of, minutes: too } => ("city_breach_long", vec![route(of), minutes(too)]),
        Breach::WrongTime { route: of, minutes: off } => ("city_breach_time", vec![route(of), minutes(off)]),
        Breach::TooFull { route: of, boxes, .. } => {
            ("city_breach_full", vec![route(of), ("boxes", whole(boxes.ceil()))])
        }
        Breach::NoVehicle { route: of, .. } => ("city_breach_vehicle", vec![route(of)]),
        Breach::TooSeldom { site: of, minutes: apart } => {
            ("city_breach_seldom", vec![site(of), minutes(apart)])
        }
        Breach::LeftBehind { site: of, tubes: left } => ("city_breach_left", vec![site(of), tubes(left)]),
        Breach::Untold { truck, minutes: given } => {
            let to = rounds.trucks[truck].to;
            ("city_breach_untold", vec![lab(to), minutes(given.max(0.0))])
        }
        Breach::TooQuick { truck, minutes: early } => {
            let of = &rounds.trucks[truck];
            ("city_breach_truck", vec![("from", lab(of.from).1), lab(of.to), minutes(early)])
        }
        Breach::Late { lab: of, tubes: late } => ("city_breach_late", vec![lab(of), tubes(late)]),
    };
    Finding { code, args }
}
