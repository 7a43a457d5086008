//! What happened, from files of events.

use super::{
    Asker, Body,
    scenarios::{decode, read},
    verbs_on::desk,
};
use crate::{
    access::who::Asking,
    app::App,
    machine::{Processors, zones},
    problem::{Fault, Problem},
    schema::notes::{Note, Refused},
    store::Kept,
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{Plan, Scenario};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use verbs::{Run, SpokenNote, Trials, Voice};

/// Replications of the plan's rehearsal that is put beside.
const REPS: u32 = 100;

/// What is to be reviewed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Happened {
    /// Files of events, one a round, and tables of stopwatch cards (`.csv`): name → base64.
    files: BTreeMap<String, String>,
    /// The scenario that they belong to: plan against actual, and lessons, need it.
    scenario: Option<String>,
    /// The plan's file in that scenario's folder.
    plan: Option<String>,
}

/// What happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reviewed {
    /// People, waits, stations, coverage, plan against actual, lessons: the fields of `shouhu review --json`.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    review: Map<String, Value>,
    /// What could not be read, or is not what it seems.
    #[schema(value_type = [Note])]
    notes: Vec<SpokenNote>,
}

/// Events into waits, queues, fitted laws, plan against actual, and lessons.
#[utoipa::path(
    post, path = "/api/v1/review", request_body = Happened, params(("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Reviewed),
        (status = NOT_FOUND, description = "No such scenario or plan", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "Nothing in the files can be reviewed", body = Refused),
    )
)]
pub async fn review(
    State(app): State<App>,
    asking: Asking,
    Asker(voice): Asker,
    Body(happened): Body<Happened>,
) -> Result<Json<Reviewed>, Fault> {
    let kept = match &happened.scenario {
        Some(id) => Some(read(app.clone(), asking, id).await?),
        None => None,
    };
    app.turns.compute(move || reviewed(&happened, kept.as_ref(), voice)).await.map(Json)
}

fn reviewed(happened: &Happened, kept: Option<&Kept>, voice: Voice) -> Result<Reviewed, Fault> {
    let scenario = kept.map(|kept| desk(&kept.files, voice).scenario(&[])).transpose()?;
    let plan = match (&happened.plan, kept, &scenario) {
        (Some(name), Some(kept), Some(scenario)) => Some(plan(name, kept, scenario)?),
        (Some(_), _, _) => return Err(unknown_plan()),
        (None, _, _) => None,
    };
    // Cards say times of day, so the day must be known.
    let cards = |name: &String| name.to_ascii_lowercase().ends_with(".csv");
    if scenario.is_none() && happened.files.keys().any(cards) {
        return Err(Fault::new(StatusCode::BAD_REQUEST, "cards_need_scenario"));
    }
    let mut files = BTreeMap::new();
    for (name, text) in &happened.files {
        files.insert(name.clone(), decode(name, text)?);
    }
    let run =
        Run { seed: 1, reps: REPS, trials: Trials::QUICK, on_event_engine: false, machine: &Processors };
    let (reviewed, notes) = verbs::review(&verbs::Happened {
        files: &files,
        scenario: scenario.as_ref(),
        plan: plan.as_ref(),
        run: plan.is_some().then_some(&run),
        curves: 0,
        zones: &zones,
    });
    let reviewed = reviewed.ok_or(notes)?;
    Ok(Reviewed::of(&reviewed, scenario.as_ref(), voice))
}

impl Reviewed {
    /// The JSON of a review.
    pub(super) fn of(reviewed: &verbs::Reviewed, scenario: Option<&Scenario>, voice: Voice) -> Reviewed {
        let Value::Object(mut review) = reviewed.output(scenario, voice) else {
            unreachable!("a review is written as one object")
        };
        review.remove("notes");
        Reviewed { review, notes: voice.notes(&reviewed.notes) }
    }
}

fn plan(name: &str, kept: &Kept, scenario: &Scenario) -> Result<Plan, Fault> {
    let bytes = kept.files.0.get(name).ok_or_else(unknown_plan)?;
    let (plan, notes) = scenario::read_plan(name, bytes, scenario);
    Ok(plan.ok_or(notes)?)
}

fn unknown_plan() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "plan_unknown")
}
