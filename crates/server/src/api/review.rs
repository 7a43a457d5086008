//! What happened, from files of events.

use super::{
    Asker, Body,
    scenarios::{decode, read},
    verbs_on::desk,
};
use crate::{
    app::App,
    machine::zones,
    problem::{Fault, Problem},
    schema::notes::{Note, Refused},
    store::Kept,
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{Notes, Plan, Scenario};
use review::{Observed, Review};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use verbs::{SpokenNote, Voice};

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
    review: Review,
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
    Asker(voice): Asker,
    Body(happened): Body<Happened>,
) -> Result<Json<Reviewed>, Fault> {
    let kept = match &happened.scenario {
        Some(id) => Some(read(app.clone(), id).await?),
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
    let (mut observed, mut notes) = (Observed::new(), Notes::default());
    for (name, text) in &happened.files {
        let bytes = decode(name, text)?;
        if name.to_ascii_lowercase().ends_with(".csv") {
            take_in_cards(&mut observed, name, &bytes, scenario.as_ref(), &mut notes)?;
        } else {
            let (events, more) = review::read(&bytes, name);
            notes.extend(more);
            observed.take_in(&events, &mut notes);
        }
    }
    let (review, more) = observed.review(scenario.as_ref(), plan.as_ref());
    notes.extend(more);
    if notes.refuses() {
        return Err(notes.into());
    }
    Ok(Reviewed { review, notes: voice.notes(&notes) })
}

/// Cards say times of day, so the day must be known.
fn take_in_cards(
    observed: &mut Observed,
    name: &str,
    bytes: &[u8],
    scenario: Option<&Scenario>,
    notes: &mut Notes,
) -> Result<(), Fault> {
    let scenario = scenario.ok_or_else(|| Fault::new(StatusCode::BAD_REQUEST, "cards_need_scenario"))?;
    let midnight = scenario.round.opens.date().to_datetime(jiff::civil::Time::midnight());
    let midnight = zones(&scenario.community.timezone, midnight).expect("an unknown time zone was refused");
    let (cards, more) = review::read_cards(&String::from_utf8_lossy(bytes), name, midnight);
    notes.extend(more);
    observed.take_in_cards(&cards);
    Ok(())
}

fn plan(name: &str, kept: &Kept, scenario: &Scenario) -> Result<Plan, Fault> {
    let bytes = kept.files.0.get(name).ok_or_else(unknown_plan)?;
    let (plan, notes) = scenario::read_plan(name, bytes, scenario);
    Ok(plan.ok_or(notes)?)
}

fn unknown_plan() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "plan_unknown")
}
