//! Events into measurements, fitted laws, plan against actual, and lessons.
//!
//! # Map
//! [`read()`] lines of events into envelopes · [`Observed`] envelopes into visits, round by round · `desks`, `pauses`,
//! `service` what servers did · [`fit`] laws by maximum likelihood · `people`, `stations`, `coverage`, `planned` what is
//! measured · `calls`, `patience`, `arrivals` how people come and go · `lesson` what to change · `refit` the scenario with
//! what was measured · [`card`] stopwatch cards as another source.
//!
//! # What it deliberately does not know
//! Whether a round was real: nothing here asks for an event's origin. No name, no door: households are identifiers. No
//! clock and no file. It neither plans nor rehearses; who wants to know what a lesson is worth rehearses
//! [`Review::refit`].

pub mod card;
pub mod fit;

mod arrivals;
mod calls;
mod coverage;
mod desks;
mod dice;
mod lesson;
mod observed;
mod patience;
mod pauses;
mod people;
mod planned;
mod read;
mod refit;
mod service;
mod spread;
mod stations;
mod written;

pub use arrivals::Pattern;
pub use calls::{Calls, Measured};
pub use card::{Card, read_cards};
pub use coverage::{Coverage, Missed};
pub use fit::{Fit, Parameter};
pub use lesson::{Before, Lesson};
pub use observed::Observed;
pub use patience::Patience;
pub use pauses::Pauses;
pub use people::{Group, QueueCurve};
pub use planned::{Forecast, Planned, PlannedStation, PlannedWave};
pub use read::read;
pub use refit::stations_drawn;
pub use spread::Spread;
pub use stations::StationReview;
pub use written::to_json as law_to_json;

use chance::Ticks;
use domain::{Notes, Place, Plan, Scenario, event::Envelope, scenario::Changeover};
use serde::Serialize;

/// What happened in one round or several, against what was planned. Times are minutes after opening; counts are of one
/// round, on average.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Review {
    /// Rounds reviewed together.
    pub rounds: usize,
    /// When the last of them opened, RFC 3339; null without events.
    pub date: Option<String>,
    /// Events used.
    pub events: u64,
    /// People who came.
    pub people: f64,
    /// People who left, all served.
    pub served: f64,
    /// People who gave up waiting.
    pub left: f64,
    /// People turned away.
    pub unserved: f64,
    /// Whether waits were `measured`, rest on `inferred` starts, are those of people with stopwatch cards alone (`sampled`), or
    /// are `estimated` because arrivals are not known.
    pub waits: &'static str,
    /// Waiting before all stations together, of all who were served. Where `waits` is `sampled`: of people whose stopwatch card
    /// was shown at every station of their way, in rounds that have at least ten of them; classes, lanes, waves and
    /// stations keep the waits that were written down.
    pub wait_min: Spread,
    /// From arriving to leaving, of all who were served.
    pub stay_min: Spread,
    /// Minutes after opening at which 97 % of those served have left.
    pub done_97_min: Option<f64>,
    /// 95 % interval of it, from the variance between rounds.
    pub done_97_ci95: Option<[f64; 2]>,
    /// Most people waiting at one time.
    pub queue_max: f64,
    /// The queue by the minute.
    pub queue: QueueCurve,
    /// Stations, in the scenario's order.
    pub stations: Vec<StationReview>,
    /// Visitor classes.
    pub classes: Vec<Group>,
    /// Lanes.
    pub lanes: Vec<Group>,
    /// Waves, by number; empty where nobody was called.
    pub waves: Vec<Group>,
    /// How households were called and came; null where nobody was called.
    pub calls: Option<Calls>,
    /// How people came where nobody called them; null without a scenario that says how they should.
    pub arrivals: Option<Pattern>,
    /// Who gave up.
    pub patience: Patience,
    /// Who was reached and who was missed.
    pub coverage: Coverage,
    /// Plan against actual; null without scenario and plan.
    pub planned: Option<Planned>,
    /// What to change; empty without a scenario.
    pub lessons: Vec<Lesson>,
}

impl Review {
    /// Reviews streams of events, one a round, rehearsed or real.
    pub fn of(
        streams: &[Vec<Envelope>],
        scenario: Option<&Scenario>,
        plan: Option<&Plan>,
    ) -> (Review, Notes) {
        let mut notes = Notes::default();
        let mut observed = Observed::new();
        for stream in streams {
            observed.take_in(stream, &mut notes);
        }
        let (review, more) = observed.review(scenario, plan);
        notes.extend(more);
        (review, notes)
    }

    /// Puts what a rehearsal of the plan had said beside what came.
    pub fn beside(&mut self, forecast: Forecast) {
        let planned =
            self.planned.get_or_insert(Planned { waves: Vec::new(), stations: Vec::new(), forecast: None });
        planned.forecast = Some(forecast);
    }
}

impl StationReview {
    /// Whether so many people were served that this changeover would have been seen.
    pub(crate) fn no_changeover(&self, pause: Changeover) -> bool {
        let seen = if self.inferred { self.starts_inferred } else { self.starts_tapped };
        self.changeover.is_none() && seen >= 40 * u64::from(pause.every) && self.utilisation >= Some(0.5)
    }
}

impl Observed {
    /// Reviews what was taken in.
    pub fn review(mut self, scenario: Option<&Scenario>, plan: Option<&Plan>) -> (Review, Notes) {
        let mut notes = Notes::default();
        if self.visits().next().is_none() {
            notes.error(Place::default(), "review_nobody", &[]);
        }
        self.say_backwards(&mut notes);
        let arrivals_known = stations::arrivals_known(&self);
        let measured = stations::measure(&mut self, scenario, &mut notes);
        let (stations, times): (Vec<StationReview>, Vec<Vec<Ticks>>) = measured.into_iter().unzip();
        let sampled = if arrivals_known { None } else { self.sampled(&mut notes) };
        if sampled.is_none() && !arrivals_known && self.visits().next().is_some() {
            notes.warning(Place::default(), "review_waits_estimated", &[]);
        }
        let waits = match stations.iter().any(|station| station.inferred) {
            _ if sampled.is_some() => "sampled",
            _ if !arrivals_known => "estimated",
            true => "inferred",
            false => "measured",
        };
        let wait_min = sampled.unwrap_or_else(|| people::waits(&self, |_| true));
        let stay_min = people::times(&self, |visit| match visit.end {
            observed::End::Left(at) => Some(at - visit.arrived?),
            _ => None,
        });
        self.keep_whole(&mut notes);
        let calls = calls::measure(&self, scenario, plan);
        if calls.as_ref().is_some_and(|calls| calls.come.is_none()) {
            notes.hint(Place::default(), "review_households_unknown", &[]);
        }
        let arrivals = scenario.and_then(|scenario| arrivals::measure(&self, scenario));
        if arrivals.as_ref().and_then(|pattern| pattern.pattern_fits) == Some(true) {
            notes.hint(Place::default(), "review_arrivals_kept", &[]);
        }
        let done: Vec<f64> = people::done_97(&self);
        let done_97 = (!done.is_empty()).then(|| done.iter().sum::<f64>() / done.len() as f64);
        let mut review = Review {
            rounds: self.rounds.len(),
            date: self.rounds.iter().map(|round| round.opened).max().map(|at| at.rfc3339()),
            events: self.events,
            people: people::count(&self, |_| true),
            served: people::count(&self, |visit| matches!(visit.end, observed::End::Left(_))),
            left: people::count(&self, |visit| matches!(visit.end, observed::End::GaveUp(_))),
            unserved: people::count(&self, |visit| matches!(visit.end, observed::End::TurnedAway(_))),
            waits,
            wait_min,
            stay_min,
            done_97_min: done_97,
            done_97_ci95: done_97.and_then(|mean| spread::interval(mean, &done)),
            queue_max: people::queue_max(&self),
            queue: people::curve(&self),
            classes: self.by_class(),
            lanes: self.by_lane(),
            waves: self.by_wave(),
            calls,
            arrivals,
            patience: patience::measure(&self),
            coverage: coverage::measure(&self, scenario, plan),
            planned: planned::measure(&self, &stations, scenario, plan),
            lessons: Vec::new(),
            stations,
        };
        if let Some(scenario) = scenario {
            let names = review.stations.iter().map(|station| station.name.clone());
            let services: Vec<(String, Vec<Ticks>)> = names.zip(times).collect();
            let reactions = calls::reactions(&self);
            let evidence = lesson::Evidence { services: &services, reactions: &reactions };
            review.lessons = lesson::lessons(&review, scenario, plan, &evidence);
        }
        (review, notes)
    }

    /// The stations alone, of a day that is still running: who has not come yet is no lesson.
    pub fn stations(mut self, scenario: Option<&Scenario>) -> Vec<StationReview> {
        let measured = stations::measure(&mut self, scenario, &mut Notes::default());
        measured.into_iter().map(|(station, _)| station).collect()
    }

    /// Waits of people with stopwatch cards, of rounds that have enough of them.
    fn sampled(&self, notes: &mut Notes) -> Option<Spread> {
        let mut waits = card::sampled_waits(self);
        let most = waits.iter().map(Vec::len).max().unwrap_or(0);
        if most < card::WHOLE_LEAST {
            if self.rounds.iter().any(|round| round.sample || !round.cards.is_empty()) {
                let args: [(&str, &dyn std::fmt::Display); 2] =
                    [("people", &most), ("least", &card::WHOLE_LEAST)];
                notes.hint(Place::default(), "review_cards_few", &args);
            }
            return None;
        }
        waits.retain(|round| round.len() >= card::WHOLE_LEAST);
        let people: usize = waits.iter().map(Vec::len).sum();
        notes.hint(Place::default(), "review_waits_sampled", &[("people", &people)]);
        Some(Spread::of(waits))
    }

    /// Clocks that ran backwards: a service that ended before it began.
    fn say_backwards(&self, notes: &mut Notes) {
        let steps = self.visits().flat_map(|visit| &visit.steps);
        let count = steps.filter(|step| step.started > step.ended && step.ended.is_some()).count();
        if count > 0 {
            notes.warning(Place::default(), "review_backwards", &[("count", &count)]);
        }
    }

    fn by_class(&self) -> Vec<Group> {
        let classes = self.classes.iter().enumerate();
        classes
            .map(|(place, name)| people::group(self, name.clone(), |visit| visit.class == Some(place)))
            .collect()
    }

    fn by_lane(&self) -> Vec<Group> {
        let mut lanes: Vec<u16> = self.visits().map(|visit| visit.lane).collect();
        lanes.sort_unstable();
        lanes.dedup();
        lanes
            .into_iter()
            .map(|lane| people::group(self, lane.to_string(), |visit| visit.lane == lane))
            .collect()
    }

    fn by_wave(&self) -> Vec<Group> {
        let rounds = self.rounds.len().max(1) as f64;
        let mut members = people::by_wave(self);
        let group = |wave: u32| {
            let came = members.remove(&wave).unwrap_or_default();
            Group {
                name: wave.to_string(),
                people: came.people as f64 / rounds,
                served: came.served as f64 / rounds,
                wait_min: Spread::of(came.waits),
            }
        };
        calls::called_by_wave(self).into_keys().map(group).collect()
    }
}
