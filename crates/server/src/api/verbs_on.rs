//! The verbs on a scenario: the JSON of the terminal's commands.

use super::{Asker, Body, scenarios::read};
use crate::{
    access::who::Asking,
    app::App,
    limits,
    machine::{Processors, zones},
    problem::{Fault, Problem},
    schema::{
        notes::Refused,
        options::{PlanOptions, RehearseOptions, SearchOptions},
        plan::Planned,
        rehearsal::Rehearsed,
        view::View,
    },
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use scenario::Files;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    thread,
    time::{Duration, Instant},
};
use utoipa::ToSchema;
use verbs::{Desk, Voice, options};

/// `check` asks for nothing yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckOptions {}

/// Of `sheets`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetOptions {
    /// A plan, as `plan` gives it; without one, the sheets are those of the round as its own arrivals say.
    #[serde(default)]
    #[schema(value_type = Option<Planned>)]
    pub plan: Option<Value>,
}

/// What a secretary hands out.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sheets {
    /// Where households are called, the text for the group chat first.
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sheet {
    /// Its file's name.
    pub name: String,
    /// Text, CSV or HTML.
    pub content: String,
}

/// The scenario as a page shows it, without its households.
#[utoipa::path(
    get, path = "/api/v1/scenarios/{id}/view", params(("id" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = View), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Refused)
    )
)]
pub async fn view(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
    asker: Asker,
) -> Result<Response, Fault> {
    work(app, asking, &id, asker, |desk| Ok(json(&desk.view()?))).await
}

/// Says all that is wrong with a scenario.
#[utoipa::path(
    post, path = "/api/v1/scenarios/{id}/check", request_body = CheckOptions,
    params(("id" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = Refused), (status = NOT_FOUND, body = Problem))
)]
pub async fn check(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
    asker: Asker,
    Body(_): Body<CheckOptions>,
) -> Result<Response, Fault> {
    work(app, asking, &id, asker, |desk| {
        Ok(json(&serde_json::json!({ "notes": desk.voice.notes(&desk.check()) })))
    })
    .await
}

/// Plans who is called when: the JSON of `shouhu plan --json`.
#[utoipa::path(
    post, path = "/api/v1/scenarios/{id}/plan", request_body = PlanOptions,
    params(("id" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Planned), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Refused)
    )
)]
pub async fn plan(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
    asker: Asker,
    Body(options): Body<options::PlanOptions>,
) -> Result<Response, Fault> {
    work(app, asking, &id, asker, move |desk| Ok(desk.plan(&options)?)).await
}

/// Searches for the waves by which all are done earliest while the wait keeps its target: the JSON of `shouhu plan --policy search
/// --keep-staff --json`. It ends after so many seconds with the best plan so far.
#[utoipa::path(
    post, path = "/api/v1/scenarios/{id}/search", request_body = SearchOptions,
    params(("id" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Planned), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Refused),
        (status = SERVICE_UNAVAILABLE, body = Problem)
    )
)]
pub async fn search(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
    asker: Asker,
    Body(options): Body<options::SearchOptions>,
) -> Result<Response, Fault> {
    work(app, asking, &id, asker, move |desk| {
        if !(1.0..=limits::SEARCH_SECONDS).contains(&options.seconds) {
            let fault = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "search_seconds");
            return Err(fault.with("most", limits::SEARCH_SECONDS));
        }
        let ends = Instant::now() + Duration::from_secs_f64(options.seconds);
        let threads = thread::available_parallelism().map_or(1, usize::from);
        Ok(desk.search(&options, threads, &mut |_| Instant::now() < ends)?)
    })
    .await
}

/// Lives a plan under seeds: the JSON of `shouhu rehearse --json`.
#[utoipa::path(
    post, path = "/api/v1/scenarios/{id}/rehearse", request_body = RehearseOptions,
    params(("id" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Rehearsed), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Refused)
    )
)]
pub async fn rehearse(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
    asker: Asker,
    Body(options): Body<options::RehearseOptions>,
) -> Result<Response, Fault> {
    work(app, asking, &id, asker, move |desk| Ok(desk.rehearse(&options)?)).await
}

/// What a secretary hands out: a page for residents, role cards, and under a plan the text for the group chat, tables, pages
/// to print.
#[utoipa::path(
    post, path = "/api/v1/scenarios/{id}/sheets", request_body = SheetOptions,
    params(("id" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Sheets), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Refused)
    )
)]
pub async fn sheets(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
    asker: Asker,
    Body(options): Body<SheetOptions>,
) -> Result<Json<Sheets>, Fault> {
    let files = read(app.clone(), asking, &id).await?.files;
    let sheets = app.turns.compute(move || {
        let sheets = desk(&files, asker.0).sheets(options.plan.as_ref())?;
        Ok(sheets.into_iter().map(|(name, content)| Sheet { name: name.to_owned(), content }).collect())
    });
    Ok(Json(Sheets { sheets: sheets.await? }))
}

/// A folder on the desk of this machine.
pub(super) fn desk(files: &Files, voice: Voice) -> Desk<'_> {
    Desk { files, machine: &Processors, zones: &zones, voice }
}

async fn work(
    app: App,
    asking: Asking,
    id: &str,
    Asker(voice): Asker,
    verb: impl FnOnce(Desk<'_>) -> Result<String, Fault> + Send + 'static,
) -> Result<Response, Fault> {
    let files = read(app.clone(), asking, id).await?.files;
    let text = app.turns.compute(move || verb(desk(&files, voice))).await?;
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("our own types are written as JSON")
}
