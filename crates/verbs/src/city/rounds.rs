//! `plan` on a city: whose tubes go to which lab on which rounds, whether an independent replay agrees, and what can be promised once
//! the rounds were lived.
//!
//! Map: `task` the city as the planner takes it · `file` the plan's file, written and read · `output` the JSON · `map` what it can be drawn from · `papers` what drivers
//! are handed · [`plan`], [`replan`] the verb.

mod file;
mod map;
mod output;
mod papers;
mod task;

pub use file::read_rounds;
pub use map::{Map, MapDistrict, MapFlow, MapLab, MapSite};
pub use papers::{sheet_csv, sheets_docx};
pub use task::ready;

use crate::{
    Finding, Voice,
    clock::after,
    number::{number, percent, whole},
    run::Cost,
};
use chance::Ticks;
use couriers::{Effort, Planned, Replanned, Task, check::Checked};
use domain::{City, Notes, city::rounds::Rounds};
use rehearse::{
    TICKS_PER_MINUTE,
    city::{CityOutcome, Promise, SiteTubes},
};

/// The share of all tubes of which a promise speaks.
pub const PROMISED_SHARE: f64 = 0.995;
/// A promise is given where it was kept on so many of the days that were rehearsed.
pub const KEPT_ON: f64 = 0.9;
/// Breaches that are told one by one.
const TOLD: usize = 5;

/// A city with its rounds.
#[derive(Debug)]
pub struct PlannedCity {
    /// The city, with rounds, each lab where it is to stand.
    pub city: City,
    /// What was asked of the planner.
    pub task: Task,
    /// How the rounds came about; `None` where a plan was changed.
    pub planned: Option<Planned>,
    /// What was changed; `None` where all is new.
    pub replanned: Option<Replanned>,
    /// What the independent replay says.
    pub checked: Checked,
    /// What can be promised; `None` until the rounds were lived.
    pub promise: Option<Promise>,
    /// What planning cost, without rehearsing.
    pub cost: Cost,
}

/// A lab that stops.
#[derive(Clone, Debug, PartialEq)]
pub struct Stopped {
    /// Its place in the city's list.
    pub lab: u32,
    /// When, in minutes after the opening.
    pub at_min: f64,
}

/// Plans the rounds of a city whose sites fill these tubes; `progress` is told how many tries are done.
///
/// # Errors
/// Notes, where no rounds can be planned.
pub fn plan(
    city: City,
    tubes: &[SiteTubes],
    effort: &Effort,
    progress: &mut dyn FnMut(u64),
) -> Result<PlannedCity, Notes> {
    let task = task::task(&city, tubes, None)?;
    let planned = couriers::plan(&task, effort, progress);
    let checked = couriers::check::check(&task, &planned.rounds, f64::NEG_INFINITY);
    Ok(PlannedCity {
        city: planned.rounds.clone().settle(city),
        task,
        planned: Some(planned),
        replanned: None,
        checked,
        promise: None,
        cost: Cost::new(0.0, 0.0, 0.0),
    })
}

/// Changes rounds because a lab stops.
///
/// # Errors
/// Notes, where no rounds can be planned.
pub fn replan(
    mut city: City,
    rounds: &Rounds,
    tubes: &[SiteTubes],
    stopped: &Stopped,
    effort: &Effort,
) -> Result<PlannedCity, Notes> {
    let task = task::task(&city, tubes, Some(stopped))?;
    let replanned = couriers::replan(&task, rounds, stopped.at_min, stopped.lab, effort);
    let checked = couriers::check::check(&task, &replanned.rounds, stopped.at_min);
    if let Some(testing) = &mut city.testing {
        let from = (stopped.at_min * TICKS_PER_MINUTE as f64) as Ticks;
        testing.labs[stopped.lab as usize].stops = Some((from, testing.ends + 1));
    }
    Ok(PlannedCity {
        city: replanned.rounds.clone().settle(city),
        task,
        planned: None,
        replanned: Some(replanned),
        checked,
        promise: None,
        cost: Cost::new(0.0, 0.0, 0.0),
    })
}

/// What days say of the promise of a city.
pub fn promise(city: &City, outcome: &CityOutcome) -> Option<Promise> {
    let due = city.testing.as_ref()?.due as f64 / TICKS_PER_MINUTE as f64;
    city.rounds.as_ref()?;
    outcome.promise(PROMISED_SHARE, due, KEPT_ON)
}

/// A share of a hundred with one decimal: 99.5 is no 100.
fn tenths(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A promise as a sentence.
pub(super) fn promised(city: &City, promise: &Promise) -> Finding {
    let clock = |minutes: f64| after(city.round.opens, minutes);
    let args = |by: f64| {
        vec![("share", tenths(promise.share)), ("clock", clock(by)), ("kept", percent(promise.kept))]
    };
    match promise.could_be_by_min {
        _ if promise.given => {
            let mut args = args(promise.by_min);
            args.push(("could", promise.could_be_by_min.map_or_else(|| clock(promise.by_min), clock)));
            Finding { code: "city_promise", args }
        }
        Some(by) => {
            let mut args = args(promise.by_min);
            args.push(("could", clock(by)));
            Finding { code: "city_promise_later", args }
        }
        None => Finding { code: "city_promise_none", args: args(promise.by_min) },
    }
}

impl PlannedCity {
    /// The rounds.
    pub fn rounds(&self) -> &Rounds {
        self.city.rounds.as_ref().expect("a planned city has rounds")
    }

    fn clock(&self, minutes: f64) -> String {
        after(self.city.round.opens, minutes)
    }

    fn lab(&self, lab: u32) -> String {
        self.city.testing.as_ref().map_or_else(String::new, |testing| testing.labs[lab as usize].name.clone())
    }

    /// What is to be said, the promise last.
    pub fn findings(&self) -> Vec<Finding> {
        let rounds = self.rounds();
        let mut findings = Vec::new();
        let mut say = |code, args: Vec<(&'static str, String)>| findings.push(Finding { code, args });
        let vehicles: u32 = rounds.routes.iter().map(|route| route.vehicles).sum();
        let longest = rounds.routes.iter().map(|route| route.back_min).fold(0.0, f64::max);
        if let Some(replanned) = &self.replanned {
            let args = vec![
                ("sites", whole(replanned.sites_moved.len() as f64)),
                ("all", whole(self.city.sites.len() as f64)),
                ("whole", replanned.routes_whole.to_string()),
                ("anew", replanned.routes_made_anew.to_string()),
                ("diverted", replanned.rounds_diverted.to_string()),
                ("tubes", whole(replanned.tubes_moved)),
            ];
            say("city_replanned", args);
        } else {
            let args = vec![
                ("routes", whole(rounds.routes.len() as f64)),
                ("vehicles", whole(f64::from(vehicles))),
                ("minutes", number(longest)),
            ];
            say("city_rounds", args);
        }
        if let Some((planned, gap)) = self.planned.as_ref().and_then(|of| Some((of, of.gap()?))) {
            let more = (planned.way_min / planned.shared_min.max(1e-9) - 1.0).max(0.0);
            say("city_rounds_gap", vec![("gap", tenths(gap)), ("more", tenths(more))]);
        }
        for (lab, &place) in rounds.places.iter().enumerate().filter(|(_, place)| **place > 0) {
            let ready = self.task.labs[lab].places[place as usize].ready_min;
            let args = vec![
                ("lab", self.lab(lab as u32)),
                ("place", (place + 1).to_string()),
                ("clock", self.clock(ready)),
            ];
            say("city_lab_moved", args);
        }
        for truck in &rounds.trucks {
            say("city_truck", self.notice_args(truck));
        }
        let unserved = self.unserved().len();
        if unserved > 0 {
            say("city_rounds_unserved", vec![("sites", whole(unserved as f64))]);
        }
        let checked = &self.checked;
        if checked.breaches.is_empty() {
            let args = vec![("hours", number(checked.elapsed_h[1])), ("most", number(checked.elapsed_h[2]))];
            say("city_rounds_sound", args);
        } else {
            let args = vec![
                ("count", whole(checked.breaches.len() as f64)),
                ("share", tenths(checked.in_time / checked.tubes.max(1e-9))),
            ];
            say("city_rounds_broken", args);
            for breach in checked.breaches.iter().take(TOLD) {
                findings.push(output::told(self, breach));
            }
        }
        findings.extend(self.promise.as_ref().map(|promise| promised(&self.city, promise)));
        findings
    }

    fn notice_args(&self, truck: &domain::city::rounds::Truck) -> Vec<(&'static str, String)> {
        vec![
            ("lab", self.lab(truck.to)),
            ("tubes", whole(truck.tubes)),
            ("clock", self.clock(truck.arrives_min)),
            ("notify", self.clock(truck.notify_min)),
            ("from", self.lab(truck.from)),
        ]
    }

    /// Sites that no round reaches.
    pub fn unserved(&self) -> &[u32] {
        match (&self.planned, &self.replanned) {
            (Some(planned), _) => &planned.unserved,
            (None, Some(replanned)) => &replanned.unserved,
            (None, None) => &[],
        }
    }

    /// What is to be said, in the user's words.
    pub fn sentences(&self, voice: Voice) -> Vec<String> {
        self.findings().iter().map(|finding| finding.sentence(voice)).collect()
    }
}
