//! Every input with its value, by the key that the scenario has for it.

use crate::sheets::clock;
use ::rehearse::TICKS_PER_MINUTE;
use chance::{Law, Ticks};
use domain::{
    Scenario,
    scenario::{Appointments, Arrivals, Flow, Servers, Station, Target, WalkIns},
};
use serde_json::Value;

/// A law by the scenario's words: `lognormal (mean_s = 9, cv = 0.4)`.
pub(super) fn law(law: &Law) -> String {
    described(&Value::Object(review::law_to_json(law)))
}

fn described(law: &Value) -> String {
    let name = law["law"].as_str().unwrap_or_default();
    let mut parts = Vec::new();
    for (key, value) in law.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("law" | "share", _) => {}
            ("parts", Value::Array(list)) => {
                parts.extend(list.iter().map(|part| format!("{} × {}", part["share"], described(part))));
            }
            // Measured times stand in a file of the folder.
            ("values", Value::Array(values)) => parts.push(format!("n = {}", values.len())),
            (key, Value::Number(number)) => parts.push(format!("{key} = {}", plain(number))),
            _ => {}
        }
    }
    format!("{name} ({})", parts.join(", "))
}

/// `9` instead of `9.0`.
fn plain(number: &serde_json::Number) -> String {
    number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string())
}

/// Servers of a station, and from when on.
pub(super) fn servers(scenario: &Scenario, station: &Station) -> String {
    match &station.servers {
        Servers::Unlimited => "∞".to_owned(),
        Servers::Calendar(calendar) => match calendar.0.as_slice() {
            [(0, servers)] => servers.to_string(),
            changes => {
                let changes: Vec<String> = changes
                    .iter()
                    .map(|&(from, servers)| format!("{}: {servers}", clock(scenario, from)))
                    .collect();
                changes.join(", ")
            }
        },
    }
}

/// The ways on from a station with their shares.
pub(super) fn ways(scenario: &Scenario, station: &Station) -> String {
    let ways = station.next.iter().map(|way| {
        let to = match way.to {
            Target::Station(to) => &scenario.site.stations[to].name,
            Target::Exit => "exit",
        };
        let class = way.class.as_ref().map_or_else(String::new, |class| format!(" ({class})"));
        format!("{} → {to}{class}", way.share)
    });
    ways.collect::<Vec<_>>().join(", ")
}

/// All of them, in the order of the scenario's reference.
pub(super) fn parameters(scenario: &Scenario) -> Vec<[String; 2]> {
    let mut list = List(Vec::new());
    let round = &scenario.round;
    list.add("round.opens", round.opens.strftime("%Y-%m-%dT%H:%M:%S"));
    list.optional("round.closes", round.closes.map(|closes| clock(scenario, closes)));
    list.add("round.pool", round.pool);
    let site = &scenario.site;
    list.add("site.lanes", site.lanes);
    list.add("site.green_channel", site.green_channel);
    list.optional("site.room", site.room);
    for station in &site.stations {
        let key = |what: &str| format!("site.station.{}.{what}", station.name);
        list.add(&key("servers"), servers(scenario, station));
        list.add(&key("service"), law(&station.service));
        if let Some(pause) = station.changeover {
            list.add(&key("changeover"), format!("every = {}, away_s = {}", pause.every, pause.away_s));
        }
        if !station.next.is_empty() {
            list.add(&key("next"), ways(scenario, station));
        }
        if station.plus_each_s > 0.0 {
            list.add(&key("plus_each_s"), station.plus_each_s);
        }
        if station.waiting_at_start > 0 {
            list.add(&key("waiting_at_start"), station.waiting_at_start);
        }
        list.optional(&key("room"), station.room);
        list.optional(&key("walk_s"), station.walk.as_ref().map(law));
        if station.observe_min > 0.0 {
            list.add(&key("observe_min"), station.observe_min);
        }
    }
    for visitor in &scenario.visitors {
        list.add(&format!("visitor.{}.share", visitor.class), visitor.share);
        list.add(&format!("visitor.{}.service_factor", visitor.class), visitor.service_factor);
    }
    arrivals(&mut list, &scenario.arrivals);
    if scenario.arrivals.needs_roll() {
        let waves = &scenario.waves;
        list.add("waves.reaction", law(&waves.reaction));
        if let Some(late) = &waves.late {
            list.add("waves.late", format!("{} × {}", late.share, law(&late.reaction)));
        }
        list.add("waves.callers", format!("{} × {}", waves.callers.number, law(&waves.callers.call)));
        list.add("waves.size", waves.size);
        list.optional("waves.load", waves.load);
        list.add("waves.wait_p95_min", waves.wait_p95_min);
        list.add("attendance.households", scenario.attendance.households);
        list.add("attendance.persons", scenario.attendance.persons);
    }
    list.optional("patience", scenario.patience.as_ref().map(law));
    list.add("statistics.warmup_people", scenario.statistics.warmup_people);
    list.0
}

struct List(Vec<[String; 2]>);

impl List {
    fn add(&mut self, key: &str, value: impl std::fmt::Display) {
        self.0.push([format!("`{key}`"), value.to_string()]);
    }

    fn optional(&mut self, key: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.add(key, value);
        }
    }
}

fn arrivals(list: &mut List, arrivals: &Arrivals) {
    match arrivals {
        Arrivals::Broadcast { at, reaction } => {
            list.add("arrivals.law", "broadcast");
            list.add("arrivals.at", format!("{} min", minutes(*at)));
            list.add("arrivals.reaction", law(reaction));
        }
        Arrivals::Waves => list.add("arrivals.law", "waves"),
        Arrivals::Appointments(booked) => {
            list.add("arrivals.law", "appointments");
            appointments(list, "arrivals", booked);
        }
        Arrivals::Poisson(coming) => {
            list.add("arrivals.law", "poisson");
            walk_ins(list, "arrivals", coming);
        }
        Arrivals::Schedule { times, punctuality } => {
            list.add("arrivals.law", "schedule");
            list.add("arrivals.times_min", format!("n = {}", times.len()));
            list.optional("arrivals.punctuality", punctuality.as_ref().map(law));
        }
        Arrivals::Mix(mix) => {
            list.add("arrivals.law", "mix");
            list.add("arrivals.waves", mix.waves);
            if let Some(booked) = &mix.appointments {
                appointments(list, "arrivals.appointments", booked);
            }
            if let Some(coming) = &mix.walk_ins {
                walk_ins(list, "arrivals.walk_ins", coming);
            }
        }
    }
}

fn appointments(list: &mut List, under: &str, booked: &Appointments) {
    list.add(&format!("{under}.slot_min"), minutes(booked.slot));
    list.add(&format!("{under}.places"), booked.places);
    list.add(&format!("{under}.slots"), booked.slots);
    list.add(&format!("{under}.no_show"), booked.no_show);
    list.optional(&format!("{under}.punctuality"), booked.punctuality.as_ref().map(law));
}

fn walk_ins(list: &mut List, under: &str, coming: &WalkIns) {
    let per_hour = match &coming.per_hour {
        Flow::Constant(per_hour) => per_hour.to_string(),
        Flow::Hourly(per_hour) => {
            let hours: Vec<String> = per_hour.iter().map(f64::to_string).collect();
            hours.join(", ")
        }
    };
    list.add(&format!("{under}.per_hour"), per_hour);
    list.optional(&format!("{under}.people"), coming.people);
    list.optional(&format!("{under}.until_min"), coming.until.map(minutes));
    list.add(&format!("{under}.green_share"), coming.green_share);
}

fn minutes(ticks: Ticks) -> f64 {
    ticks as f64 / TICKS_PER_MINUTE as f64
}
