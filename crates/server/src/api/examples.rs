//! What is in the house: the examples, and that it is up.

use crate::app::App;
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

/// Whether the server is up.
#[utoipa::path(get, path = "/api/v1/health", responses((status = OK, body = Health)))]
pub async fn health(State(app): State<App>) -> Json<Health> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Json(Health { status: "ok".to_owned(), version, drill: app.for_drills })
}

/// The names of the ready scenarios to begin with.
#[utoipa::path(get, path = "/api/v1/examples", responses((status = OK, body = [String])))]
pub async fn examples() -> Json<&'static [&'static str]> {
    Json(scenario::examples())
}
