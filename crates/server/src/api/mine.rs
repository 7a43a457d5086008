//! A person's own result, for whoever has their link.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

pub mod goods;

use super::{Asker, Body, rounds::place};
use crate::{
    app::App,
    machine::aside,
    problem::{Fault, Problem},
    run::own::own_unknown,
};
use axum::{
    Json,
    extract::{Path, State},
};
use domain::Moment;
use round::Outcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose result is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnLink {
    /// What stands behind `#` in the link.
    token: String,
}

/// What a person is told of their own result.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnResult {
    /// What people call the community.
    community: String,
    /// What people call the round.
    round: String,
    /// When the site was to open, seconds since 1970.
    opens: i64,
    /// Whether people have results in this round: tubes are given.
    has_results: bool,
    /// `waiting`, `negative`, `again`, `contact`, or `nothing`.
    state: &'static str,
    /// Since when it is known, seconds since 1970.
    #[schema(required)]
    since: Option<i64>,
    /// It, in words.
    message: String,
    /// What to do.
    next: String,
}

/// A person's own result, by their link: nobody else's is ever told, and nothing but what is released.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/mine", request_body = OwnLink,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = OwnResult), (status = NOT_FOUND, body = Problem))
)]
pub async fn mine(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(OwnLink { token }): Body<OwnLink>,
) -> Result<Json<OwnResult>, Fault> {
    let (community, round) = place(&community, &round).map_err(|_| own_unknown())?;
    let own = aside(move || app.runs.own(community, round, &token)).await?;
    let (state, since) = match own.outcome {
        None => ("nothing", None),
        Some(Outcome::Waiting) => ("waiting", None),
        Some(Outcome::Negative { since }) => ("negative", Some(since)),
        Some(Outcome::Again { since }) => ("again", Some(since)),
        Some(Outcome::Contact { since }) => ("contact", Some(since)),
    };
    Ok(Json(OwnResult {
        community: own.community,
        round: own.round,
        opens: own.opens,
        has_results: own.has_results,
        state,
        since: since.map(|Moment(ticks)| ticks / 10_000),
        message: voice.word(&format!("own.{state}")),
        next: voice.word(&format!("own.{state}.next")),
    }))
}
