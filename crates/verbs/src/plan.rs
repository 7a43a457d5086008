//! `plan`: who is called when, as every mouth gives it.

use crate::{
    run::Run,
    search::{Search, search},
    supplies::{SupplyPlan, supplies},
    voice::{SpokenNote, Voice},
};
use ::plan::{
    Choice, Forecast,
    search::{CurvePoint, Did, Searched},
};
use domain::{Notes, Place, Plan, Policy, Scenario};
use rehearse::Figures;
use scenario::{StaffFile, WaveFile};
use serde::Serialize;
use serde_json::{Value, json};

/// A plan, how it was chosen, and what its rehearsal says.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// How its load was chosen; `None` where none was.
    pub choice: Option<Choice>,
    /// How it was searched for; `None` where it was not.
    pub search: Option<Searched>,
    /// What its rehearsal says.
    pub forecast: Figures,
    /// What must be at the gate when, where the folder says what is used; `None` where nobody asked.
    pub supplies: Option<SupplyPlan>,
    /// What it breaks.
    pub notes: Notes,
}

/// The plan's file: what is read back stands first.
#[derive(Clone, Debug, Serialize)]
pub struct PlanOutput {
    /// `broadcast` or `waves`.
    pub policy: String,
    /// Share of the bottleneck's capacity at which waves follow each other.
    pub load: Option<f64>,
    /// Who is called when.
    pub waves: Vec<WaveFile>,
    /// Stations that the plan staffs otherwise than the scenario.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub staff: Vec<StaffFile>,
    /// Stations with their lanes, servers and utilisation.
    pub stations: Vec<Value>,
    /// Posts and how many fill them; names of volunteers come with rosters.
    pub roster: Vec<Value>,
    /// Proven optimality gap; null where nothing is proven.
    pub gap: Option<f64>,
    /// Last call and home visits.
    pub tail: Option<Value>,
    /// How the load was chosen.
    pub choice: Option<Value>,
    /// How it was searched for, and what else could be chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<Value>,
    /// What its rehearsal says.
    pub forecast: Figures,
    /// What must be at the gate when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplies: Option<Value>,
    /// What it breaks, in words.
    pub notes: Vec<SpokenNote>,
}

/// Plans by a policy, around the pinned waves of a plan that is kept, and rehearses the plan.
///
/// # Errors
/// Notes, where nobody can be called.
pub fn plan(
    scenario: &Scenario,
    run: &Run<'_>,
    policy: Policy,
    kept: Option<&Plan>,
) -> Result<Planned, Notes> {
    if scenario.roll.households.is_empty() {
        return Err(needs_roll());
    }
    let (plan, choice) = run.plan(scenario, policy, kept);
    let upper = choice.as_ref().map(|choice| choice.confirmed.wait_p95_upper_min);
    let (forecast, notes) = foreseen(scenario, run, &plan, upper);
    Ok(Planned { plan, choice, search: None, forecast, supplies: None, notes })
}

/// Plans waves by search, around the pinned waves of a plan that is kept, and rehearses the plan.
///
/// # Errors
/// Notes, where nobody can be called.
pub fn plan_by_search(
    scenario: &Scenario,
    run: &Run<'_>,
    kept: Option<&Plan>,
    how: Search<'_>,
) -> Result<Planned, Notes> {
    if scenario.roll.households.is_empty() {
        return Err(needs_roll());
    }
    let found = search(scenario, run, kept, how);
    let (forecast, notes) = foreseen(scenario, run, &found.plan, Some(found.confirmed.wait_p95_upper_min));
    Ok(Planned {
        plan: found.plan.clone(),
        choice: None,
        search: Some(found),
        forecast,
        supplies: None,
        notes,
    })
}

/// What a rehearsal says of a plan, and what the plan breaks. `upper`: the limit of the p95 wait, where it is known
/// better.
fn foreseen(scenario: &Scenario, run: &Run<'_>, plan: &Plan, upper: Option<f64>) -> (Figures, Notes) {
    let forecast = run.rehearse(&run.rehearsal(scenario, Some(plan))).0.figures();
    let p95 = forecast.wait_min.p95.unwrap_or(0.0);
    let foreseen = Forecast {
        wait_p95_upper_min: upper.or(forecast.wait_min.p95_ci95.map(|limits| limits[1])).unwrap_or(p95),
        queue_max: forecast.queue_max,
        unserved: forecast.unserved,
        done_97_min: forecast.done_97_min.unwrap_or(f64::NAN),
    };
    let staffed = plan.staffed(scenario);
    let notes = ::plan::check(plan, staffed.as_ref().unwrap_or(scenario), Some(&foreseen), "plan.json");
    (forecast, notes)
}

/// A policy calls households: where nobody is called, there is nothing to plan or to override.
pub(crate) fn needs_roll() -> Notes {
    let mut notes = Notes::default();
    notes.error(Place::file("scenario.toml").column("arrivals.law"), "policy_needs_roll", &[]);
    notes
}

impl Planned {
    /// Says what must be at the gate when.
    pub fn provide(&mut self, scenario: &Scenario, run: &Run<'_>) {
        self.supplies = supplies(scenario, run, Some(&self.plan));
    }

    /// As the JSON and the plan's file have it.
    pub fn output(&self, scenario: &Scenario, voice: Voice) -> PlanOutput {
        let file = scenario::write_plan(&self.plan, scenario);
        let stations = self.forecast.stations.iter().zip(&scenario.site.stations).map(|(figures, station)| {
            let lanes = if station.shared { 1 } else { scenario.site.lanes };
            json!({ "name": figures.name, "lanes": lanes, "servers": figures.servers, "utilisation": figures.utilisation })
        });
        let roster = ::plan::needs(&self.plan, scenario)
            .into_iter()
            .map(|need| json!({ "post": need.post, "people": need.people }));
        let tail = ::plan::tail(&self.plan, scenario).map(|tail| {
            json!({
                "last_call_at": scenario::local_time(scenario.round.opens, tail.last_call_at),
                "households_expected": tail.households_expected,
                "at_home": tail.at_home,
            })
        });
        PlanOutput {
            policy: file.policy,
            load: file.load,
            waves: file.waves,
            stations: stations.collect(),
            roster: roster.collect(),
            gap: None,
            tail,
            choice: self.choice.as_ref().map(|choice| chosen(choice, scenario)),
            search: self.search.as_ref().map(|search| searched(search, scenario)),
            staff: file.staff,
            forecast: self.forecast.clone(),
            supplies: self.supplies.as_ref().map(|supplies| json!(supplies.output(scenario))),
            notes: voice.notes(&self.notes),
        }
    }
}

fn chosen(choice: &Choice, scenario: &Scenario) -> Value {
    json!({
        "target_p95_min": scenario.waves.wait_p95_min,
        "meets_target": choice.meets_target,
        "chosen_by": { "wait_p95_min": choice.chosen_by.wait_p95_min, "upper": choice.chosen_by.wait_p95_upper_min },
        "confirmed": {
            "wait_p95_min": choice.confirmed.wait_p95_min,
            "upper": choice.confirmed.wait_p95_upper_min,
            "done_97_min": choice.confirmed.done_97_min,
        },
        "loads_tried": choice.tries.iter().map(|tried| json!([tried.load, tried.score.wait_p95_min])).collect::<Vec<_>>(),
    })
}

fn searched(search: &Searched, scenario: &Scenario) -> Value {
    let did = |did: &Did| {
        json!({
            "wait_p95_min": did.wait_p95_min,
            "upper": did.wait_p95_upper_min,
            "done_97_min": did.done_97_min,
            "unserved": did.unserved,
            "caller_hours": did.caller_hours,
        })
    };
    let point = |point: &CurvePoint| {
        json!({
            "callers": point.callers,
            "caller_hours": point.did.caller_hours,
            "wait_p95_min": point.did.wait_p95_min,
            "done_97_min": point.did.done_97_min,
            "chosen": point.chosen,
        })
    };
    json!({
        "target_p95_min": scenario.waves.wait_p95_min,
        "meets_target": search.meets_target,
        "searched": did(&search.search),
        "confirmed": did(&search.confirmed),
        "plans_tried": search.tried,
        "cut_short": search.cut_short,
        "curve": search.curve.iter().map(point).collect::<Vec<_>>(),
    })
}
