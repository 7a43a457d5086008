//! A scenario as a page shows it: what can be seen and moved, without the roll's households.

mod services;

pub use services::{NoticeView, RoleView, ServiceView, service, services};

use crate::voice::Voice;
use chance::TICKS_PER_SECOND;
use domain::{
    Layout, Scenario,
    layout::Drawing,
    scenario::{Arrivals, Servers, Target},
};
use serde::Serialize;
use std::borrow::Cow;

/// A scenario, to be shown.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    /// The community's name.
    pub community: String,
    /// IANA name.
    pub timezone: String,
    /// The service file's name.
    pub purpose: String,
    /// `2022-03-28`.
    pub date: String,
    /// `07:00`.
    pub opens: String,
    /// Minutes after opening at which the last service may start; null: when all are served.
    pub closes_min: Option<f64>,
    /// People in a tube.
    pub pool: u8,
    /// `broadcast`, `waves`, `appointments` …
    pub arrivals: &'static str,
    /// Whether households are called, so that policies can be compared.
    pub called: bool,
    /// Of the roll.
    pub roll: RollView,
    /// The place.
    pub site: SiteView,
    /// The wait, in minutes, that 95 in 100 should not exceed.
    pub wait_p95_min: f64,
    /// Share of the bottleneck's capacity at which households are called; null: chosen by rehearsal.
    pub load: Option<f64>,
    /// Who knocks.
    pub callers: u32,
    /// Share of households of which anybody comes.
    pub attendance_households: f64,
    /// Share of their people who come.
    pub attendance_persons: f64,
    /// The plan of the site, to scale; drawn by the house where the scenario has none.
    pub layout: Drawing,
}

/// The size of a roll.
#[derive(Clone, Debug, Serialize)]
pub struct RollView {
    /// Entrances.
    pub entrances: usize,
    /// Households.
    pub households: usize,
    /// Residents.
    pub people: u32,
}

/// The place, to be shown.
#[derive(Clone, Debug, Serialize)]
pub struct SiteView {
    /// Identical lanes.
    pub lanes: u16,
    /// Whether the green class has priority.
    pub green_channel: bool,
    /// People who can wait without crowding.
    pub room: Option<u32>,
    /// Names of the stations at which people begin.
    pub starts: Vec<String>,
    /// The stations in order.
    pub stations: Vec<StationView>,
}

/// A station, to be shown.
#[derive(Clone, Debug, Serialize)]
pub struct StationView {
    /// Its name in the files.
    pub name: String,
    /// What people call it.
    pub word: String,
    /// One for all lanes.
    pub shared: bool,
    /// Servers at most, in each lane unless shared; null: nobody ever waits.
    pub servers: Option<u32>,
    /// Whether the number of servers is the same all day, so that a slider can set it.
    pub steady: bool,
    /// Mean seconds of a service.
    pub mean_s: f64,
    /// Minutes of observation after it.
    pub observe_min: f64,
    /// Where people of any class go from here, each once: names of stations, and `exit`.
    pub next: Vec<String>,
}

/// Shows a scenario.
pub fn view(scenario: &Scenario, voice: Voice) -> View {
    let round = &scenario.round;
    View {
        community: scenario.community.name.clone(),
        timezone: scenario.community.timezone.clone(),
        purpose: round.purpose.clone(),
        date: round.opens.date().to_string(),
        opens: domain::time_of_day(round.opens),
        closes_min: round.closes.map(|ticks| ticks as f64 / (60 * TICKS_PER_SECOND) as f64),
        pool: round.pool,
        arrivals: law_name(&scenario.arrivals),
        called: scenario.arrivals.needs_roll(),
        roll: RollView {
            entrances: scenario.roll.entrances.len(),
            households: scenario.roll.households.len(),
            people: scenario.roll.people(),
        },
        site: SiteView {
            lanes: scenario.site.lanes,
            green_channel: scenario.site.green_channel,
            room: scenario.site.room,
            starts: scenario.starts().into_iter().map(|place| name_of(scenario, place)).collect(),
            stations: (0..scenario.site.stations.len())
                .map(|place| station_view(scenario, place, voice))
                .collect(),
        },
        wait_p95_min: scenario.waves.wait_p95_min,
        load: scenario.waves.load,
        callers: scenario.waves.callers.number,
        attendance_households: scenario.attendance.households,
        attendance_persons: scenario.attendance.persons,
        layout: layout(scenario).drawing(scenario),
    }
}

/// The scenario's layout, or the one that the house draws.
pub fn layout(scenario: &Scenario) -> Cow<'_, Layout> {
    scenario.layout.as_ref().map_or_else(|| Cow::Owned(Layout::drawn(scenario)), Cow::Borrowed)
}

fn name_of(scenario: &Scenario, place: usize) -> String {
    scenario.site.stations[place].name.clone()
}

fn station_view(scenario: &Scenario, place: usize, voice: Voice) -> StationView {
    let station = &scenario.site.stations[place];
    let next = scenario.next_of(place).into_iter().map(|to| match to {
        Target::Station(to) => name_of(scenario, to),
        Target::Exit => "exit".to_owned(),
    });
    let (servers, steady) = match &station.servers {
        Servers::Unlimited => (None, false),
        Servers::Calendar(calendar) => (calendar.0.iter().map(|entry| entry.1).max(), calendar.0.len() == 1),
    };
    StationView {
        name: station.name.clone(),
        word: voice.station(&station.name),
        shared: station.shared,
        servers,
        steady,
        mean_s: station.service.mean_s(),
        observe_min: station.observe_min,
        next: next.collect(),
    }
}

fn law_name(arrivals: &Arrivals) -> &'static str {
    match arrivals {
        Arrivals::Broadcast { .. } => "broadcast",
        Arrivals::Waves => "waves",
        Arrivals::Appointments(_) => "appointments",
        Arrivals::Poisson(_) => "poisson",
        Arrivals::Schedule { .. } => "schedule",
        Arrivals::Mix(_) => "mix",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use words::Language;

    fn shown(example: &str) -> View {
        let files = scenario::example(example).unwrap();
        let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| ());
        view(&scenario.unwrap_or_else(|| panic!("{example}: {notes:?}")), Voice { language: Language::En })
    }

    fn ways(view: &View) -> Vec<(&str, &str)> {
        let from = view.site.stations.iter();
        from.flat_map(|station| station.next.iter().map(|to| (&*station.name, &**to))).collect()
    }

    #[test]
    fn the_two_lines_of_a_dispensing_site_never_join_before_the_exit() {
        let view = shown("pod-antibiotics");
        assert_eq!(view.site.starts, ["form"]);
        let wanted = [
            ("form", "intake"),
            ("intake", "express"),
            ("intake", "screening"),
            ("express", "exit"),
            ("screening", "dispensing"),
            ("dispensing", "exit"),
        ];
        assert_eq!(ways(&view), wanted);
    }

    #[test]
    fn a_class_with_a_way_of_its_own_has_it_drawn_and_no_other() {
        let view = shown("relief-goods");
        let wanted = [("list", "gate"), ("list", "door"), ("gate", "exit"), ("door", "exit")];
        assert_eq!(ways(&view), wanted);
    }

    #[test]
    fn every_way_of_every_example_ends_at_a_station_or_the_exit() {
        for example in scenario::examples() {
            let view = shown(example);
            for (from, to) in ways(&view) {
                let known = to == "exit" || view.site.stations.iter().any(|station| station.name == to);
                assert!(known && from != to, "{example}: {from} → {to}");
            }
        }
    }

    #[test]
    fn a_class_passes_by_what_it_skips() {
        let files = scenario::example("flu-clinic").unwrap();
        let (scenario, _) = scenario::read(&files, &[], &mut |_, _| ());
        let mut scenario = scenario.unwrap();
        scenario.visitors = vec![domain::scenario::Visitor {
            class: "vaccinated".to_owned(),
            share: 0.1,
            service_factor: 1.0,
            skips: vec![0, 2],
            priority: false,
            parties: Vec::new(),
        }];
        let view = view(&scenario, Voice { language: Language::En });
        assert_eq!(view.site.starts, ["entrance", "registration"]);
        assert!(ways(&view).contains(&("registration", "vaccination")), "{:?}", ways(&view));
        assert!(!ways(&view).contains(&("entrance", "vaccination")), "{:?}", ways(&view));
    }
}
