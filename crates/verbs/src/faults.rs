//! `rehearse --fault`: the day on which something goes wrong, beside the day as planned, with the same luck.
//!
//! Map: [`read_faults`] what was asked for · `dealt` what a page asks of its desk · [`play`] both days · [`deal`] the cards that a scenario can meet, in words.

mod dealt;
mod read;
mod words;

pub use read::{read_city_faults, read_faults};
pub use words::{CardWords, clock_of, deal, deal_city, in_words, played, title, value_in_words};

use crate::{By, Cost, Finding, Lived, Run, Voice, findings, live, rehearse::plan_of};
use ::rehearse::{
    Figures, Paired, TICKS_PER_MINUTE,
    faults::{Fault, PlaceKind, Unmet, faulted},
};
use domain::{City, Notes, Plan, Scenario};
use serde::Serialize;

/// A day with faults and the same day without.
#[derive(Clone, Debug)]
pub struct Played {
    /// What goes wrong.
    pub faults: Vec<PlayedFault>,
    /// The day with it.
    pub with: Lived,
    /// The day as planned.
    pub without: Lived,
    /// What the figures of the day with it say.
    pub findings: Vec<Finding>,
}

/// A fault as the JSON has it.
#[derive(Clone, Debug, Serialize)]
pub struct PlayedFault {
    /// The card's name.
    pub name: &'static str,
    /// How much; null where the card has no value.
    pub value: Option<f64>,
    /// What is counted.
    pub unit: Option<&'static str>,
    /// From when, in minutes after opening; null where it lasts all day.
    pub from_min: Option<f64>,
    /// Why the scenario cannot meet it: then it changed nothing; null where it can.
    pub unmet: Option<&'static str>,
    /// Where in a city it is, as the city names it; absent where it is everywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The fault itself.
    #[serde(skip)]
    pub fault: Fault,
}

impl PlayedFault {
    /// As it meets this scenario and plan.
    pub fn new(fault: Fault, scenario: &Scenario, plan: Option<&Plan>) -> PlayedFault {
        PlayedFault::told(fault, None, fault.unmet(scenario, plan))
    }

    /// As it meets this city; a card of one lab is at the largest where none is named.
    pub fn of_city(fault: Fault, city: &City) -> PlayedFault {
        let place = match (fault.card.place, fault.place) {
            (Some(PlaceKind::Lab), number) => city.testing.as_ref().and_then(|testing| {
                let lab = testing.labs.get(number.unwrap_or(testing.largest_lab()) as usize);
                lab.map(|lab| lab.name.clone())
            }),
            (Some(PlaceKind::District), Some(number)) => {
                city.districts.get(number as usize).map(|district| district.name.clone())
            }
            _ => None,
        };
        PlayedFault::told(fault, place, fault.unmet_by(city))
    }

    fn told(fault: Fault, place: Option<String>, unmet: Option<Unmet>) -> PlayedFault {
        PlayedFault {
            name: fault.card.name,
            value: fault.card.scale.as_ref().map(|_| fault.value),
            unit: fault.card.scale.as_ref().map(|scale| scale.unit.name()),
            from_min: fault.card.from_min.map(|_| fault.from as f64 / TICKS_PER_MINUTE as f64),
            unmet: unmet.map(Unmet::name),
            place,
            fault,
        }
    }
}

#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    figures: &'a Figures,
    #[serde(flatten)]
    cost: Cost,
    faults: &'a [PlayedFault],
    without: Without<'a, Figures, Paired>,
    findings: Vec<String>,
}

/// The day without the faults, as JSON.
#[derive(Serialize)]
pub(crate) struct Without<'a, F, D> {
    #[serde(flatten)]
    pub figures: &'a F,
    #[serde(flatten)]
    pub cost: Cost,
    /// The day with the faults less this one.
    pub difference: D,
}

/// Rehearses both days. The plan is made for the day without, for nobody knew.
///
/// # Errors
/// Notes, where a policy is asked for and nobody can be called.
pub fn play(scenario: &Scenario, run: &Run<'_>, by: By, faults: &[Fault]) -> Result<Played, Notes> {
    let plan = plan_of(scenario, run, by)?;
    let name = plan.as_ref().map_or("as_given", |plan| plan.policy.name());
    let told: Vec<PlayedFault> =
        faults.iter().map(|&fault| PlayedFault::new(fault, scenario, plan.as_ref())).collect();
    let (day, on_the_day) = faulted(scenario, plan.as_ref(), faults);
    let without = live(scenario, run, name, plan);
    let with = live(&day, run, &format!("fault={}", title(faults)), on_the_day);
    let policy = with.plan.as_ref().map(|plan| plan.policy);
    let findings = findings::of_one(policy, &with.scenario, &with.figures);
    Ok(Played { faults: told, with, without, findings })
}

impl Played {
    /// The day with the faults less the day without.
    pub fn difference(&self) -> Paired {
        Paired::of(&self.with.outcome, &self.without.outcome)
    }

    /// The command's JSON.
    pub fn output(&self, voice: Voice) -> impl Serialize + '_ {
        Output {
            figures: &self.with.figures,
            cost: self.with.cost,
            faults: &self.faults,
            without: Without {
                figures: &self.without.figures,
                cost: self.without.cost,
                difference: self.difference(),
            },
            findings: self.findings.iter().map(|finding| finding.sentence(voice)).collect(),
        }
    }
}
