//! A stress test as JSON.

use super::{Answer, Change, First, Limit, Margin, Strain, Stressed, Trial};
use crate::{Cost, Voice, faults::PlayedFault};
use ::rehearse::{Figures, Paired, faults::Fault};
use domain::Scenario;
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    figures: &'a Figures,
    #[serde(flatten)]
    cost: Cost,
    stress: Stress<'a>,
    findings: Vec<String>,
}

#[derive(Serialize)]
struct Stress<'a> {
    /// Replications of each trial.
    replications: u32,
    /// How near the plan is to its limits by itself.
    strain: Strain,
    cards: Vec<TrialOutput<'a>>,
    pairs: Vec<TrialOutput<'a>>,
    /// What breaks first: `{faults, breaks, strain}`, without faults where the plan breaks by itself; null where nothing
    /// breaks.
    first: Option<Value>,
    margins: Vec<Value>,
    /// The answer to what breaks first; null where nothing breaks.
    change: Option<Value>,
    /// The answer to each card that breaks the day.
    changes: Vec<Value>,
}

#[derive(Serialize)]
struct TrialOutput<'a> {
    faults: Vec<PlayedFault>,
    unmet: Option<&'static str>,
    breaks: Vec<Limit>,
    strain: Option<Strain>,
    wait_p95_min: Option<f64>,
    done_97_min: Option<f64>,
    queue_max: Option<f64>,
    left: Option<f64>,
    unserved: Option<f64>,
    crowd_person_min: Option<f64>,
    /// The day with the faults less the day without.
    difference: Option<&'a Paired>,
}

impl Stressed {
    /// The command's JSON.
    pub fn output(&self, voice: Voice) -> impl Serialize + '_ {
        let scenario = &self.plain.scenario;
        let plan = self.plain.plan.as_ref();
        let told = |faults: &[Fault]| -> Vec<PlayedFault> {
            faults.iter().map(|&fault| PlayedFault::new(fault, scenario, plan)).collect()
        };
        fn outputs<'t>(
            trials: &'t [Trial],
            told: &dyn Fn(&[Fault]) -> Vec<PlayedFault>,
        ) -> Vec<TrialOutput<'t>> {
            trials.iter().map(|trial| trial_output(trial, told(&trial.faults))).collect()
        }
        let first = self.first_faults().map(|faults| {
            let strain = match self.first {
                First::Card(place) => {
                    self.cards[place].found.as_ref().map_or(self.strain, |found| found.strain)
                }
                First::Pair(place) => {
                    self.pairs[place].found.as_ref().map_or(self.strain, |found| found.strain)
                }
                First::Plan | First::Nothing => self.strain,
            };
            json!({ "faults": told(faults), "breaks": strain.breaks(), "strain": strain })
        });
        let answered = |answer: &Answer| answer_output(answer, told(&answer.faults), scenario);
        Output {
            figures: &self.plain.figures,
            cost: self.plain.cost,
            stress: Stress {
                replications: self.reps,
                strain: self.strain,
                cards: outputs(&self.cards, &told),
                pairs: outputs(&self.pairs, &told),
                first,
                margins: self.margins.iter().map(margin_output).collect(),
                change: self.first_faults().and_then(|faults| self.answer_to(faults)).map(answered),
                changes: self.answers.iter().map(answered).collect(),
            },
            findings: super::sentences(self, voice),
        }
    }
}

fn trial_output(trial: &Trial, faults: Vec<PlayedFault>) -> TrialOutput<'_> {
    let found = trial.found.as_ref();
    let figures = found.map(|found| &found.figures);
    TrialOutput {
        faults,
        unmet: trial.unmet.map(|unmet| unmet.name()),
        breaks: found.map_or_else(Vec::new, |found| found.strain.breaks()),
        strain: found.map(|found| found.strain),
        wait_p95_min: figures.and_then(|figures| figures.wait_min.p95),
        done_97_min: figures.and_then(|figures| figures.done_97_min),
        queue_max: figures.map(|figures| figures.queue_max),
        left: figures.map(|figures| figures.left),
        unserved: figures.map(|figures| figures.unserved),
        crowd_person_min: figures.and_then(|figures| figures.crowd_person_min),
        difference: found.map(|found| &found.difference),
    }
}

pub(crate) fn margin_output(margin: &Margin) -> Value {
    let card = margin.fault.card;
    json!({
        "name": card.name,
        "unit": card.scale.as_ref().map(|scale| scale.unit.name()),
        "usual": margin.fault.value,
        "holds": margin.holds,
        "breaks": margin.breaks,
        // How much more of it than usual it takes; below 0 the usual breaks already.
        "margin": margin.breaks.map(|breaks| breaks - margin.fault.value),
    })
}

fn answer_output(answer: &Answer, faults: Vec<PlayedFault>, scenario: &Scenario) -> Value {
    let found = answer.survives.as_ref().map(|survives| {
        let (kind, detail) = change_output(survives.change, scenario);
        json!({
            "kind": kind,
            "detail": detail,
            "people_hours": survives.people_hours,
            "replications": survives.reps,
            "wait_p95_min": survives.figures.wait_min.p95,
            "wait_p95_ci95": survives.figures.wait_min.p95_ci95,
            "done_97_min": survives.figures.done_97_min,
            "difference": survives.difference,
        })
    });
    let nearest = answer.nearest.map(|(change, strain)| {
        let (kind, detail) = change_output(change, scenario);
        json!({ "kind": kind, "detail": detail, "strain": strain })
    });
    json!({ "faults": faults, "tried": answer.tried, "survives": found, "nearest": nearest })
}

fn change_output(change: Change, scenario: &Scenario) -> (&'static str, Value) {
    let station = |place: usize| scenario.site.stations[place].name.clone();
    match change {
        Change::Server(place) => ("server", json!({ "station": station(place) })),
        Change::Lane => ("lane", json!({})),
        Change::Move(from, to) => ("move", json!({ "from": station(from), "to": station(to) })),
        Change::Load(share) => ("load", json!({ "share": share })),
        Change::Longer(minutes) => ("longer", json!({ "minutes": minutes })),
        Change::Room(room) => ("room", json!({ "people": room })),
        Change::Offline => ("offline", json!({})),
    }
}
