//! What is in the house: the examples, and that it is up.

use crate::{
    app::App,
    problem::{Fault, Problem},
    telemetry,
};
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

/// That the server is up.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// Of the program.
    pub version: String,
    /// Whether it was started for drills: nothing on it is real.
    pub drill: bool,
}

/// That the server can take requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ready {
    /// `ready`.
    pub status: String,
}

/// Whether the server is up.
#[utoipa::path(get, path = "/api/v1/health", responses((status = OK, body = Health)))]
pub async fn health(State(app): State<App>) -> Json<Health> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Json(Health { status: "ok".to_owned(), version, drill: app.for_drills })
}

/// Whether it can take requests now: its stores answer, and nobody stops it.
#[utoipa::path(get, path = "/api/v1/ready", responses(
    (status = OK, body = Ready), (status = SERVICE_UNAVAILABLE, body = Problem)
))]
pub async fn ready(State(app): State<App>) -> Result<Json<Ready>, Fault> {
    telemetry::ready(&app).await?;
    Ok(Json(Ready { status: "ready".to_owned() }))
}

/// The names of the ready scenarios to begin with.
#[utoipa::path(get, path = "/api/v1/examples", responses((status = OK, body = [String])))]
pub async fn examples() -> Json<&'static [&'static str]> {
    Json(scenario::examples())
}
