//! How another party's server is heard: both directions in one question.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use crate::{
    access::who::Asking,
    api::{Query, phones::body_of},
    app::App,
    machine::aside,
    parties::{
        BESIDE, BESIDE_PROOF,
        calls::{Beside, signature},
        hear::{Heard, Question},
    },
    problem::{Fault, Problem},
    run::held,
};
use axum::{
    Json,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use journal::{BYTES_MAX, Slice};
use serde::Deserialize;
use std::time::Instant;
use utoipa::IntoParams;
use uuid::Uuid;

/// Who asks, and what it holds already.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asks {
    /// The asking party.
    #[param(value_type = String)]
    from: Uuid,
    /// The number of the last frame that it holds of what it was told.
    after: u64,
    /// When it asks, seconds since 1970.
    at: i64,
    /// Its signature over the question, 128 hexadecimal digits.
    proof: String,
}

/// Takes what a partner says, a slice of its log, and answers what there is for it. Sending again is always a success. Whose word it is, its
/// signature says. How it is called may stand in the header `shouhu-beside`, base64, with its signature in `shouhu-beside-proof`.
#[utoipa::path(
    post, path = "/api/v1/hear/{to}",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("to" = String, Path, description = "The party that is spoken to"), Asks),
    responses(
        (status = OK, body = Heard),
        (status = BAD_REQUEST, body = Problem),
        (status = NOT_FOUND, description = "There is no such party here, or it has not met the asking one", body = Problem),
        (status = CONFLICT, description = "It is not believed", body = Problem),
        (status = PRECONDITION_FAILED, description = "It was asked too long ago, or too early, or something is dated ahead", body = Problem),
        (status = INSUFFICIENT_STORAGE, description = "As many records of the asking party are held as are taken of one", body = Problem),
        (status = SERVICE_UNAVAILABLE, body = Problem),
    )
)]
pub async fn hear(
    State(app): State<App>,
    asking: Asking,
    Path(to): Path<String>,
    Query(Asks { from, after, at, proof }): Query<Asks>,
    request: Request,
) -> Result<Json<Heard>, Fault> {
    let unknown = || Fault::new(StatusCode::NOT_FOUND, "party_not_met");
    let to = Uuid::try_parse(&to).map_err(|_| unknown())?;
    let within = app.clone();
    let proof = signature(&proof).ok_or_else(|| Fault::new(StatusCode::CONFLICT, "party_not_believed"))?;
    let is_met = aside(move || {
        let Some(book) = within.parties.of(to)? else { return Ok(false) };
        Ok(held(&book).book().partner(from).is_some_and(|partner| !partner.parted))
    });
    if !is_met.await? {
        app.attempts.stranger(asking.address, Instant::now())?;
        return Err(unknown());
    }
    let beside = beside_of(request.headers());
    let (body, _room) = body_of(&app, request, BYTES_MAX).await?;
    let slice = Slice::from_bytes(&body)
        .map_err(|why| Fault::new(StatusCode::BAD_REQUEST, "slice").with("why", why))?;
    let asked = Question { from, after, at, proof, beside };
    let within = app.clone();
    let heard = aside(move || within.parties.hear(to, asked, slice)).await;
    if heard.as_ref().is_err_and(|fault| fault.status() == StatusCode::CONFLICT) {
        app.attempts.stranger(asking.address, Instant::now())?;
    }
    heard.map(Json)
}

/// What the asking party says beside its log.
fn beside_of(headers: &HeaderMap) -> Option<Beside> {
    let header = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
    let text = BASE64_STANDARD.decode(header(BESIDE)?).ok()?;
    Some(Beside { text: String::from_utf8(text).ok()?, proof: header(BESIDE_PROOF)? })
}
