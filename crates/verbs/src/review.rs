//! `review`: what happened, from files of events and stopwatch cards, beside what a rehearsal of the plan had said.
//!
//! Map: [`Happened`] what is reviewed · [`Reviewed`] what came out, as figures, sentences, JSON and a document · `said`
//! what the figures say · `cards` stopwatch cards · `helped` what earlier lessons were worth · `doors` who was missed ·
//! `drill` the fields of a throughput drill · `paper` the report · `taught` lessons written into a folder ·
//! [`slow_day`] a day to try it on.

mod cards;
mod doors;
mod drill;
mod helped;
mod paper;
mod said;
mod slow_day;
pub(crate) mod taught;

pub use doors::{MissedDoor, missed_csv};
pub use drill::{Drill, DrillStation};
pub use helped::{Helped, Verdict};
pub use slow_day::slow_day;
pub use taught::{Taught, learn};

use crate::{
    clock::{Zones, opening},
    findings::Finding,
    run::Run,
    voice::Voice,
};
use ::rehearse::{Curves, Figures};
use ::review::{Forecast, Observed, Review};
use domain::{
    Moment, Notes, Place, Plan, Scenario,
    event::{Envelope, Event},
};
use jiff::civil::DateTime;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What is to be reviewed.
pub struct Happened<'a> {
    /// Files of events, one a round, by name; those that end in `.csv` are tables of stopwatch cards.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    /// The scenario that they belong to: lessons need it, and cards, which say times of day.
    pub scenario: Option<&'a Scenario>,
    /// The plan that was followed.
    pub plan: Option<&'a Plan>,
    /// How the plan is rehearsed, to be put beside; `None`: it is not.
    pub run: Option<&'a Run<'a>>,
    /// Replications whose minutes are drawn beside; 0: none.
    pub curves: u32,
    /// What knows time zones.
    pub zones: Zones<'a>,
}

/// What happened, and what it means.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// All that was measured.
    pub review: Review,
    /// What could not be read, or is not what it seems.
    pub notes: Notes,
    /// What a rehearsal of the plan says.
    pub forecast: Option<Figures>,
    /// Its minutes.
    pub curves: Option<Curves>,
    /// Who was missed, by door where the doors are known: tomorrow's list.
    pub missed: Vec<MissedDoor>,
    /// What earlier lessons were worth.
    pub helped: Vec<Helped>,
    /// The fields of a throughput drill.
    pub drill: Drill,
    /// Local time at which the (last) round opened; the time in UTC where no scenario tells the time zone.
    pub opened: Option<DateTime>,
}

/// Reviews files. All notes come back; `None` if one of them refuses.
pub fn review(happened: &Happened<'_>) -> (Option<Reviewed>, Notes) {
    let Happened { scenario, plan, .. } = *happened;
    let (mut observed, mut notes) = (Observed::new(), Notes::default());
    let (mut rehearsed, mut known) = (Vec::new(), BTreeSet::new());
    let mut all_ours = true;
    for (name, bytes) in happened.files {
        if name.to_ascii_lowercase().ends_with(".csv") {
            cards::take_in(&mut observed, name, bytes, happened, &mut notes);
            continue;
        }
        let (events, more) = ::review::read(bytes, name);
        notes.extend(more);
        if let Some(community) = scenario.map(|scenario| scenario.community.name.as_str())
            && !are_of(community, &events)
        {
            notes.warning(Place::file(name), "review_other_community", &[("community", &community)]);
            all_ours = false;
        }
        rehearsed.extend(seeds(&events));
        known.extend(events.iter().filter_map(household));
        observed.take_in(&events, &mut notes);
    }
    let any = observed.rounds() > 0;
    let (mut review, more) = observed.review(scenario, plan);
    // A file without any event says so itself.
    let said = |code| notes.0.iter().any(|note| note.code == code);
    let silent = |note: &domain::Note| note.code == "review_nobody" && (!any || said("event_none"));
    let more: Vec<domain::Note> = more.0.into_iter().filter(|note| !silent(note)).collect();
    notes.0.extend(more);
    if happened.files.is_empty() {
        notes.error(Place::default(), "review_nobody", &[]);
    }
    if notes.refuses() {
        return (None, notes);
    }
    let (forecast, curves) = forecast(happened).unzip();
    if let Some(figures) = &forecast {
        review.beside(beside(figures));
    }
    let opened = opened(&review, happened);
    // Another community's households have the same identifiers where it was rehearsed with the same seed.
    if !all_ours {
        rehearsed.clear();
    }
    let reviewed = Reviewed {
        missed: doors::missed(&review, scenario, plan, &known, &rehearsed),
        helped: scenario
            .map(|scenario| helped::helped(&review, scenario, forecast.as_ref()))
            .unwrap_or_default(),
        drill: drill::drill(&review, scenario),
        notes: notes.clone(),
        curves: curves.flatten(),
        forecast,
        opened,
        review,
    };
    (Some(reviewed), notes)
}

impl Reviewed {
    /// What the figures say.
    pub fn findings(&self, scenario: Option<&Scenario>) -> Vec<Finding> {
        said::findings(self, scenario)
    }

    /// The command's JSON: the review's own fields, and beside them `notes`, `findings`, `helped`, `doors`, `drill`,
    /// and the forecast's `curves` where they were asked for. Each lesson has its `sentence`.
    pub fn output(&self, scenario: Option<&Scenario>, voice: Voice) -> Value {
        let mut output = serde_json::to_value(&self.review).expect("our own types are written as JSON");
        if let Some(lessons) = output.get_mut("lessons").and_then(Value::as_array_mut) {
            for (written, lesson) in lessons.iter_mut().zip(&self.review.lessons) {
                written["sentence"] = json!(taught::sentence(lesson, voice));
                written["about"] = json!(taught::about(&lesson.key, voice));
            }
        }
        let findings: Vec<String> =
            self.findings(scenario).iter().map(|finding| finding.sentence(voice)).collect();
        let helped: Vec<Value> = self.helped.iter().map(|helped| helped.json(voice)).collect();
        output["notes"] = json!(voice.notes(&self.notes));
        output["findings"] = json!(findings);
        output["helped"] = json!(helped);
        output["doors"] = json!(self.missed);
        output["drill"] = json!(self.drill);
        output["opened"] = json!(self.opened.map(|at| format!("{}T{}", at.date(), domain::time_of_day(at))));
        if let Some(curves) = &self.curves {
            output["curves"] = json!(curves);
        }
        output
    }

    /// The report: what happened, plan against actual, who was missed, what was learned, whether it helped, the fields
    /// of a throughput drill, and an after-action outline to be filled in.
    pub fn document(&self, scenario: Option<&Scenario>, voice: Voice) -> formats::Document {
        paper::document(self, scenario, voice)
    }

    /// The parts of it that a terminal shows.
    pub fn brief(&self, scenario: Option<&Scenario>, voice: Voice) -> Vec<formats::Part> {
        paper::brief(self, scenario, voice)
    }

    /// Minutes after opening as a local time of day.
    pub(crate) fn clock(&self, minutes: f64) -> Option<String> {
        let opened = self.opened?;
        let at = opened.saturating_add(jiff::SignedDuration::from_secs((minutes * 60.0) as i64));
        Some(domain::time_of_day(at))
    }
}

/// Whether all rehearsed events are of the community of this name: the identifier of a real one is random.
fn are_of(community: &str, events: &[Envelope]) -> bool {
    let id = ::rehearse::events::community(community);
    let rehearsed = |event: &&Envelope| matches!(event.origin, domain::Origin::Rehearsed { .. });
    events.iter().filter(rehearsed).all(|event| event.community_id == id)
}

/// The seeds of rehearsals that these events come from: their households are then known.
fn seeds(events: &[Envelope]) -> Vec<u64> {
    let of = |event: &Envelope| match event.origin {
        domain::Origin::Rehearsed { seed, replication: 0 } => Some(seed),
        _ => None,
    };
    let mut seeds: Vec<u64> = events.iter().filter_map(of).collect();
    seeds.dedup();
    seeds
}

/// The household that an event tells of.
fn household(envelope: &Envelope) -> Option<Uuid> {
    match envelope.event {
        Event::HouseholdCalled { household, .. } => Some(household),
        Event::Arrived { household, .. } => household,
        _ => None,
    }
}

/// What a rehearsal of the plan says, or of the scenario's own law where nobody is called.
fn forecast(happened: &Happened<'_>) -> Option<(Figures, Option<Curves>)> {
    let (scenario, run) = (happened.scenario?, happened.run?);
    let plan = happened.plan.filter(|_| scenario.arrivals.needs_roll());
    if plan.is_none() && scenario.arrivals.needs_roll() {
        return None;
    }
    let rehearsal = run.rehearsal(scenario, plan);
    let figures = run.rehearse(&rehearsal).0.figures();
    let curves = (happened.curves > 0).then(|| rehearsal.curves(run.luck(), happened.curves));
    Some((figures, curves))
}

fn beside(figures: &Figures) -> Forecast {
    Forecast {
        people: figures.people,
        wait_p50_min: figures.wait_min.p50,
        wait_p95_min: figures.wait_min.p95,
        done_97_min: figures.done_97_min,
        queue_max: figures.queue_max,
    }
}

/// When the last round opened, in the scenario's time zone.
fn opened(review: &Review, happened: &Happened<'_>) -> Option<DateTime> {
    local(review.date.as_deref()?, happened.scenario, happened.zones)
}

/// An RFC 3339 time in the scenario's time zone, by its distance from the planned opening; in UTC without a scenario.
fn local(date: &str, scenario: Option<&Scenario>, zones: Zones<'_>) -> Option<DateTime> {
    let at = Moment::parse(date)?;
    let (from, known) =
        match scenario.and_then(|scenario| Some((scenario.round.opens, opening(scenario, zones)?))) {
            Some(known) => known,
            None => (jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0), Moment(0)),
        };
    let later = (at - known) / (chance::TICKS_PER_SECOND / 1_000);
    Some(from.saturating_add(jiff::SignedDuration::from_millis(later)))
}
