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

pub use file::{ReadPlan, read_rounds};
pub(super) use file::{RoundFile, StopFile, TransferFile};
pub use map::{Map, MapBrought, MapDistrict, MapFlow, MapLab, MapSite};
pub(super) use output::check_output;
pub use papers::{desk_document, sheet_csv, sheets_docx};
pub use task::{foreseen, ready};

use crate::{
    Finding, Voice,
    clock::after,
    number::{number, percent, whole},
    run::Cost,
};
use chance::Ticks;
use couriers::{
    Effort, LEFT, Planned, Replanned, Task,
    check::{Breach, Checked, check},
};
use domain::{City, Notes, Place, city::rounds::Rounds};
use rehearse::{
    TICKS_PER_MINUTE,
    city::{CityOutcome, DAYS_NEEDED, Promise, SiteTubes},
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
    /// What the independent replay says of it,
    pub checked: Checked,
    /// and of the plan that was changed.
    pub as_read: Option<AsRead>,
    /// Labs that have stopped.
    pub stopped: Vec<Stopped>,
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

impl Stopped {
    /// The city in which the lab starts no batch from then on.
    fn settle(&self, city: &mut City) {
        if let Some(testing) = &mut city.testing {
            let from = (self.at_min * TICKS_PER_MINUTE as f64) as Ticks;
            testing.labs[self.lab as usize].stops = Some((from, testing.ends + 1));
        }
    }
}

/// When the last of them stops; before all where none does.
fn last_stop(stopped: &[Stopped]) -> f64 {
    stopped.iter().map(|stopped| stopped.at_min).fold(f64::NEG_INFINITY, f64::max)
}

/// A plan as it stands in its file, and what the independent replay says of it.
#[derive(Clone, Debug)]
pub struct AsRead {
    /// What is driven.
    pub rounds: Rounds,
    /// What the replay says.
    pub checked: Checked,
}

impl ReadPlan {
    /// The city with these rounds, each lab where it is to stand, and without those that have stopped.
    pub fn settle(&self, city: City) -> City {
        let mut city = self.rounds.clone().settle(city);
        self.stopped.iter().for_each(|stopped| stopped.settle(&mut city));
        city
    }

    /// From when on it is judged: it was changed when the last lab stopped.
    fn judged_from(&self) -> f64 {
        last_stop(&self.stopped)
    }

    /// What the independent replay says, for a city whose sites fill these tubes.
    ///
    /// # Errors
    /// Notes, where the city says too little of ways.
    pub fn check(self, city: &City, tubes: &[SiteTubes]) -> Result<AsRead, Notes> {
        let task = task::task(city, tubes, &self.stopped)?;
        let checked = check(&task, &self.rounds, self.judged_from());
        Ok(AsRead { rounds: self.rounds, checked })
    }
}

/// Breaches with which no promise is given: what cannot be driven as it stands there, and tubes that nobody brings. A rehearsal takes
/// a plan's times as they are, and so would promise on them.
pub fn holds_up(checked: &Checked) -> usize {
    let held = |breach: &&Breach| match breach {
        Breach::LeftBehind { tubes, .. } => *tubes >= LEFT,
        Breach::WrongTime { .. }
        | Breach::TooQuick { .. }
        | Breach::NoVehicle { .. }
        | Breach::TooLong { .. }
        | Breach::Unvisited { .. }
        | Breach::Untold { .. }
        | Breach::Unknown { .. } => true,
        Breach::Twice { .. } | Breach::TooFull { .. } | Breach::TooSeldom { .. } | Breach::Late { .. } => {
            false
        }
    };
    checked.breaches.iter().filter(held).count()
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
    let task = task::task(&city, tubes, &[])?;
    let planned = couriers::plan(&task, effort, progress);
    let checked = check(&task, &planned.rounds, f64::NEG_INFINITY);
    Ok(PlannedCity {
        city: planned.rounds.clone().settle(city),
        task,
        planned: Some(planned),
        replanned: None,
        checked,
        as_read: None,
        stopped: Vec::new(),
        promise: None,
        cost: Cost::new(0.0, 0.0, 0.0),
    })
}

/// Changes a plan because labs stop: of each it is known from the first on, and it is planned around when it stops.
///
/// # Errors
/// Notes, where no rounds can be planned, a lab has stopped before, or something was changed later already.
pub fn replan(
    city: City,
    mut plan: ReadPlan,
    tubes: &[SiteTubes],
    stopped: &[Stopped],
    effort: &Effort,
) -> Result<PlannedCity, Notes> {
    let mut stopped = stopped.to_vec();
    stopped.sort_by(|one, other| one.at_min.total_cmp(&other.at_min));
    in_order(&city, &plan, &stopped)?;
    let as_read = plan.clone().check(&city, tubes)?;
    plan.stopped.extend_from_slice(&stopped);
    let task = task::task(&city, tubes, &plan.stopped)?;
    let mut changed: Option<Replanned> = None;
    for Stopped { lab, at_min } in stopped {
        let next = couriers::replan(&task, &plan.rounds, at_min, lab, effort);
        plan.rounds = next.rounds.clone();
        changed = Some(match changed {
            None => next,
            Some(before) => before.then(next),
        });
    }
    let checked = check(&task, &plan.rounds, plan.judged_from());
    Ok(PlannedCity {
        city: plan.settle(city),
        task,
        planned: None,
        replanned: changed,
        checked,
        as_read: Some(as_read),
        stopped: plan.stopped,
        promise: None,
        cost: Cost::new(0.0, 0.0, 0.0),
    })
}

/// Time goes on: no lab stops twice, and none before the plan was changed last.
fn in_order(city: &City, plan: &ReadPlan, stopped: &[Stopped]) -> Result<(), Notes> {
    let mut notes = Notes::default();
    let labs = city.testing.as_ref().map_or(&[][..], |testing| &testing.labs);
    let changed = plan.judged_from();
    for (place, stop) in stopped.iter().enumerate() {
        let name = &labs[stop.lab as usize].name;
        if plan.stopped.iter().chain(&stopped[..place]).any(|other| other.lab == stop.lab) {
            notes.error(Place::file("--stopped"), "city_stopped_twice", &[("name", name)]);
        } else if stop.at_min < changed {
            let clock = after(city.round.opens, changed);
            notes.error(
                Place::file("--stopped"),
                "city_stopped_before",
                &[("name", name), ("clock", &clock)],
            );
        }
    }
    if notes.0.is_empty() { Ok(()) } else { Err(notes) }
}

/// What days say of the promise of a city; none is given where the independent replay finds what holds it up.
pub fn promise(city: &City, outcome: &CityOutcome, checked: Option<&Checked>) -> Option<Promise> {
    let due = city.testing.as_ref()?.due as f64 / TICKS_PER_MINUTE as f64;
    city.rounds.as_ref()?;
    let promise = outcome.promise(PROMISED_SHARE, due, KEPT_ON)?;
    let held = checked.is_some_and(|checked| holds_up(checked) > 0);
    Some(if held { Promise { given: false, could_be_by_min: None, ..promise } } else { promise })
}

/// A share of a hundred with one decimal: 99.5 is no 100.
fn tenths(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A promise as a sentence.
pub(super) fn promised(city: &City, promise: &Promise, checked: Option<&Checked>) -> Finding {
    let clock = |minutes: f64| after(city.round.opens, minutes);
    let args = |by: f64| {
        vec![
            ("share", tenths(promise.share)),
            ("clock", clock(by)),
            ("kept", percent(promise.kept)),
            ("days", promise.days.to_string()),
        ]
    };
    let held = checked.map_or(0, holds_up);
    if held > 0 {
        let mut args = args(promise.by_min);
        args.push(("count", held.to_string()));
        return Finding { code: "city_promise_broken", args };
    }
    if promise.days < DAYS_NEEDED {
        let mut args = args(promise.by_min);
        args.push(("needed", DAYS_NEEDED.to_string()));
        return Finding { code: "city_promise_few", args };
    }
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

/// The first things that are broken, one by one.
fn broken<'a>(
    city: &'a City,
    rounds: &'a Rounds,
    checked: &'a Checked,
) -> impl Iterator<Item = Finding> + 'a {
    checked.breaches.iter().take(TOLD).map(|breach| output::told(city, rounds, breach))
}

/// What is broken in a plan as it was read; nothing where nothing is.
pub(super) fn read_findings(city: &City, as_read: &AsRead) -> Vec<Finding> {
    let checked = &as_read.checked;
    if checked.breaches.is_empty() {
        return Vec::new();
    }
    let args = vec![
        ("count", whole(checked.breaches.len() as f64)),
        ("share", tenths(checked.in_time / checked.tubes.max(1e-9))),
    ];
    let said = Finding { code: "city_rounds_broken", args };
    std::iter::once(said).chain(broken(city, &as_read.rounds, checked)).collect()
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
        if let Some(as_read) = self.as_read.as_ref().filter(|of| !of.checked.breaches.is_empty()) {
            let count = whole(as_read.checked.breaches.len() as f64);
            findings.push(Finding { code: "city_rounds_were_broken", args: vec![("count", count)] });
            findings.extend(broken(&self.city, &as_read.rounds, &as_read.checked));
        }
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
            let sites = ("sites", whole(unserved as f64));
            let changed = self.changed_min();
            if self.stopped.is_empty() || self.task.labs.iter().any(|lab| lab.tests_after(changed)) {
                say("city_rounds_unserved", vec![sites]);
            } else {
                say("city_no_lab_left", vec![sites, ("clock", self.clock(changed))]);
            }
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
            findings.extend(broken(&self.city, rounds, checked));
        }
        let checked = Some(&self.checked);
        findings.extend(self.promise.as_ref().map(|promise| promised(&self.city, promise, checked)));
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

    /// Sites that no round reaches, or none any more since the plan was changed last.
    pub fn unserved(&self) -> Vec<u32> {
        couriers::unserved(&self.task, self.rounds(), self.changed_min())
    }

    /// When the plan was changed last; before all where it never was.
    fn changed_min(&self) -> f64 {
        last_stop(&self.stopped)
    }

    /// What is to be said, in the user's words.
    pub fn sentences(&self, voice: Voice) -> Vec<String> {
        self.findings().iter().map(|finding| finding.sentence(voice)).collect()
    }
}
