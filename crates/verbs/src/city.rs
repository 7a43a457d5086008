//! A city, checked and rehearsed, as every mouth gives it.
//!
//! Map: [`read`] the folder · [`LivedCity`] a rehearsal, its JSON and what it says · [`faults`] the day on which something goes
//! wrong · [`stress`] every card in turn · [`rounds`] tubes to labs: rounds planned, checked, promised · [`page`] what a page draws.

pub mod faults;
pub mod page;
pub mod rounds;
pub mod stress;

use crate::city::rounds::check_output;
use crate::{
    clock::{Zones, after},
    findings::Finding,
    number::{number, percent, whole},
    run::Cost,
    voice::{Voice, station_word},
};
use domain::{City, Notes, Place};
use rehearse::{
    TICKS_PER_MINUTE,
    city::{CityFigures, CityOutcome, Help, More, Promise},
};
use scenario::Files;
use serde::Serialize;

/// A city that was rehearsed.
#[derive(Debug)]
pub struct LivedCity {
    /// What was rehearsed.
    pub city: City,
    /// What came out.
    pub outcome: CityOutcome,
    /// In minutes and people.
    pub figures: CityFigures,
    /// Which sites to help first, and with what.
    pub help_first: Vec<Help>,
    /// What it cost, without the helps that were tried.
    pub cost: Cost,
    /// What the independent replay says of its plan, where it has one that was read.
    pub as_read: Option<rounds::AsRead>,
    /// What it says beside a day that was lived with the same luck, said first.
    pub beside: Vec<Finding>,
}

#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    day: DayOutput<'a>,
    findings: Vec<String>,
}

/// What the JSON of any rehearsal of a city begins with.
#[derive(Serialize)]
struct DayOutput<'a> {
    #[serde(flatten)]
    figures: &'a CityFigures,
    help_first: &'a [Help],
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promise: Option<Promise>,
    #[serde(flatten)]
    cost: Cost,
}

/// Reads a city with what is set in it, and all notes on it; a time zone that the mouth does not know is one of them.
pub fn read(
    files: &Files,
    sets: &[(String, String)],
    zones: Zones<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> (Option<City>, Notes) {
    let (city, mut notes) = scenario::read_city(files, sets, progress);
    if let Some(city) = &city
        && zones(&city.timezone, city.round.opens).is_none()
    {
        let place = Place::file("scenario.toml").column("city.timezone");
        notes.error(place, "timezone_unknown", &[("timezone", &city.timezone)]);
        return (None, notes);
    }
    (city, notes)
}

impl LivedCity {
    /// The command's JSON.
    pub fn output(&self, voice: Voice) -> impl Serialize + '_ {
        Output {
            day: self.day_output(voice),
            findings: self.findings().iter().map(|finding| finding.sentence(voice)).collect(),
        }
    }

    fn day_output(&self, voice: Voice) -> DayOutput<'_> {
        DayOutput {
            figures: &self.figures,
            help_first: &self.help_first,
            check: self.as_read.as_ref().map(|of| check_output(&self.city, &of.rounds, &of.checked, voice)),
            promise: self.promise(),
            cost: self.cost,
        }
    }

    fn promise(&self) -> Option<Promise> {
        rounds::promise(&self.city, &self.outcome, self.as_read.as_ref().map(|of| &of.checked))
    }

    /// A time in minutes after the city's opening.
    pub fn clock(&self, minutes: f64) -> String {
        after(self.city.round.opens, minutes)
    }

    /// What the figures say.
    pub fn findings(&self) -> Vec<Finding> {
        let figures = &self.figures;
        let mut findings = self.beside.clone();
        let mut say = |code, args: &[(&'static str, String)]| {
            findings.push(Finding { code, args: args.to_vec() });
        };
        if let (Some(wait), Some(done)) = (figures.wait_min.p95, figures.done_97_min) {
            let args =
                [("people", whole(figures.people)), ("clock", self.clock(done)), ("wait", number(wait))];
            say("city_waits", &args);
        }
        let sites = &figures.sites;
        let counts = [
            ("sites", whole(sites.count as f64)),
            ("clear", whole(sites.clear as f64)),
            ("busy", whole(sites.busy as f64)),
            ("jammed", whole(sites.jammed as f64)),
        ];
        say("city_levels", &counts);
        if figures.unserved > 0.0 {
            say("city_unserved", &[("unserved", whole(figures.unserved))]);
        }
        if figures.left > 0.0 {
            say("city_left", &[("left", whole(figures.left))]);
        }
        if let (Some(tubes), Some(testing)) = (&figures.tubes, &self.city.testing) {
            let due = testing.due as f64 / TICKS_PER_MINUTE as f64;
            let args = [
                ("tubes", whole(tubes.filled)),
                ("share", percent(tubes.in_time_share)),
                ("clock", self.clock(due)),
            ];
            say("city_tubes", &args);
        }
        if let Some(driven) = figures.rounds {
            let args = [
                ("driven", whole(driven.driven)),
                ("late", whole(driven.late)),
                ("most", number(driven.late_max_min)),
                ("left", whole(driven.left_behind)),
            ];
            say("city_driven", &args);
        }
        let longest = figures.labs.iter().rev().max_by_key(|lab| lab.queue_max);
        if let Some((lab, wait)) = longest.and_then(|lab| Some((lab, lab.wait_p95_min?))) {
            let args =
                [("lab", lab.name.clone()), ("tubes", whole(lab.queue_max as f64)), ("wait", number(wait))];
            say("city_lab", &args);
        }
        if let Some(recalls) = figures.recalls.filter(|recalls| recalls.tubes > 0.0) {
            say("city_recalls", &[("tubes", whole(recalls.tubes)), ("people", whole(recalls.people))]);
        }
        findings.extend(self.help_first.first().map(helped));
        findings.extend(self.as_read.iter().flat_map(|of| rounds::read_findings(&self.city, of)));
        let checked = self.as_read.as_ref().map(|of| &of.checked);
        findings.extend(self.promise().map(|promise| rounds::promised(&self.city, &promise, checked)));
        findings
    }
}

fn helped(help: &Help) -> Finding {
    let saved = help.jammed_before.saturating_sub(help.jammed_after);
    let mut args = vec![
        ("shape", help.shape.clone()),
        ("sites", whole(help.sites as f64)),
        ("tried", help.tried.to_string()),
        ("before", number(help.wait_p95_before_min)),
        ("after", number(help.wait_p95_after_min)),
        ("saved", saved.to_string()),
    ];
    match (help.more, &help.station) {
        (More::Server, Some(station)) => {
            args.push(("station", station_word(station)));
            Finding { code: "city_help_server", args }
        }
        _ => {
            args.push(("staff", help.staff_per_site.to_string()));
            Finding { code: "city_help_lane", args }
        }
    }
}
