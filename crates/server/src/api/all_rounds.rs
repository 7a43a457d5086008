//! What all rounds of a community came to: for its secretary, and for whoever tells it to others.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker,
    file::{CSV, file},
    rounds::community_of,
};
use crate::{
    app::App,
    problem::{Fault, Problem},
};
use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use domain::Moment;
use serde::Serialize;
use utoipa::ToSchema;
use verbs::all_rounds::AllRounds;

/// Figures of a community over all of its rounds, with what they mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommunityFigures {
    /// The community's name.
    name: String,
    /// Rounds that are in them.
    rounds: u64,
    /// As of when, RFC 3339.
    as_of: String,
    /// The figures.
    figures: Vec<CommunityFigure>,
}

/// One figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommunityFigure {
    /// Its name in files.
    name: &'static str,
    /// What people call it.
    title: String,
    /// The number, of people, doors or tubes, or minutes where the name ends so; null where there is none yet.
    #[schema(required)]
    value: Option<u64>,
    /// As it may be told to everybody: small numbers of people are not.
    public: String,
    /// What is counted and what is not.
    definition: String,
}

/// Figures of a community over all of its rounds.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/figures",
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = CommunityFigures), (status = NOT_FOUND, body = Problem))
)]
pub async fn community_figures(
    State(app): State<App>,
    Path(community): Path<String>,
    Asker(voice): Asker,
) -> Result<Json<CommunityFigures>, Fault> {
    let (name, now, of) = summed(app, &community).await?;
    let figures = of.told(voice).into_iter().map(|told| {
        let verbs::all_rounds::Told { name, title, value, public, definition } = told;
        CommunityFigure { name, title, value, public, definition }
    });
    let figures = figures.collect();
    Ok(Json(CommunityFigures { name, rounds: of.sum.rounds, as_of: now.rfc3339(), figures }))
}

/// The same as a table.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/figures.csv",
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, content_type = "text/csv", body = String), (status = NOT_FOUND, body = Problem))
)]
pub async fn community_figures_csv(
    State(app): State<App>,
    Path(community): Path<String>,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    let (_, _, of) = summed(app, &community).await?;
    Ok(file(CSV, "figures.csv", format!("\u{feff}{}", of.csv(voice))))
}

/// The same to be read and quoted: numbers as they may be told to everybody.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/figures.txt",
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, content_type = "text/plain", body = String), (status = NOT_FOUND, body = Problem))
)]
pub async fn community_figures_text(
    State(app): State<App>,
    Path(community): Path<String>,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    let (name, _, of) = summed(app, &community).await?;
    Ok(file("text/plain; charset=utf-8", "figures.txt", of.text(&name, voice)))
}

/// Folding many rounds is work.
async fn summed(app: App, community: &str) -> Result<(String, Moment, AllRounds), Fault> {
    let community = community_of(community)?;
    let turns = app.turns.clone();
    let summed = turns.compute(move || {
        let now = Moment::from(jiff::Timestamp::now());
        let name = app.people.community(community)?.name;
        Ok((name, now, app.runs.all_rounds(community, now)?))
    });
    summed.await
}
