//! What the model is made of: ways, people, services, servers, queues.

use super::{
    page::Page,
    parameters::{law, servers, ways},
};
use crate::number::NONE;
use domain::{
    Scenario,
    scenario::{Order, Station, Target, Unit},
};

/// Every way through the site, one a line.
pub(super) fn diagram(scenario: &Scenario) -> String {
    let stations = &scenario.site.stations;
    let name = |place: usize| {
        let station = &stations[place];
        let servers = servers(scenario, station);
        let lanes = if station.shared { 1 } else { scenario.site.lanes };
        format!("{} [{lanes} × ({servers})]", station.name)
    };
    let mut lines: Vec<String> =
        scenario.starts().into_iter().map(|start| format!("in → {}", name(start))).collect();
    for place in 0..stations.len() {
        for to in scenario.next_of(place) {
            let to = match to {
                Target::Station(to) => name(to),
                Target::Exit => "out".to_owned(),
            };
            lines.push(format!("{} → {to}", name(place)));
        }
    }
    lines.join("\n")
}

/// People, their parties, and the classes among them.
pub(super) fn entities(page: &mut Page, scenario: &Scenario) {
    page.say("entities", &[]);
    if scenario.visitors.is_empty() {
        return;
    }
    let stations = &scenario.site.stations;
    let rows: Vec<[String; 5]> = scenario
        .visitors
        .iter()
        .map(|visitor| {
            let skips: Vec<&str> = visitor.skips.iter().map(|&station| &*stations[station].name).collect();
            let parties = visitor.parties.iter().map(|party| format!("{}: {}", party.size, party.weight));
            let parties: Vec<String> = parties.collect();
            [
                format!("`{}`", visitor.class),
                visitor.share.to_string(),
                visitor.service_factor.to_string(),
                or_none(skips.join(", ")),
                or_none(parties.join(", ")),
            ]
        })
        .collect();
    page.table(&["head_class", "head_share", "head_factor", "head_skips", "head_parties"], &rows);
}

fn or_none(text: String) -> String {
    if text.is_empty() { NONE.to_owned() } else { text }
}

/// What is done at each station, and how long it takes.
pub(super) fn activities(page: &mut Page, scenario: &Scenario) {
    page.say("activities", &[]);
    let afterwards = |station: &Station| {
        let mut parts = Vec::new();
        if let Some(pause) = station.changeover {
            parts.push(format!("`changeover` {} s / {}", pause.away_s, pause.every));
        }
        if station.observe_min > 0.0 {
            parts.push(format!("`observe_min` {}", station.observe_min));
        }
        if let Some(walk) = &station.walk {
            parts.push(format!("`walk_s` {}", law(walk)));
        }
        if !station.next.is_empty() {
            parts.push(format!("`next` {}", ways(scenario, station)));
        }
        or_none(parts.join("; "))
    };
    let rows = scenario.site.stations.iter().map(|station| {
        let unit = match station.unit {
            Unit::Person => "person",
            Unit::Household => "household",
            Unit::Vehicle => "vehicle",
        };
        let more = if station.plus_each_s > 0.0 {
            format!("{} + {} s", law(&station.service), station.plus_each_s)
        } else {
            law(&station.service)
        };
        [station.name.clone(), format!("`{unit}`"), more, afterwards(station)]
    });
    let rows: Vec<[String; 4]> = rows.collect();
    page.table(&["head_station", "head_unit", "head_service", "head_afterwards"], &rows);
}

/// Servers, when, and callers.
pub(super) fn resources(page: &mut Page, scenario: &Scenario) {
    page.say("resources", &[]);
    let rows = scenario.site.stations.iter().map(|station| {
        let lanes = if station.shared { 1 } else { scenario.site.lanes };
        [station.name.clone(), lanes.to_string(), servers(scenario, station)]
    });
    let rows: Vec<[String; 3]> = rows.collect();
    page.table(&["head_station", "head_desks", "head_servers"], &rows);
    if scenario.arrivals.needs_roll() {
        let callers = &scenario.waves.callers;
        page.say("callers", &[("callers", &callers.number.to_string()), ("law", &law(&callers.call))]);
    }
}

/// Who is next, and how many fit.
pub(super) fn queues(page: &mut Page, scenario: &Scenario) {
    page.say("queues", &[]);
    let rows = scenario.site.stations.iter().map(|station| {
        let order = match station.order {
            Order::Fifo => "fifo",
            Order::Scrum => "scrum",
        };
        let room = station.room.map_or_else(|| "∞".to_owned(), |room| room.to_string());
        [station.name.clone(), format!("`{order}`"), room]
    });
    let rows: Vec<[String; 3]> = rows.collect();
    page.table(&["head_station", "head_order", "head_room"], &rows);
    if let Some(room) = scenario.site.room {
        page.say("site_room", &[("room", &room.to_string())]);
    }
}
