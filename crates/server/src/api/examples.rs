//! What is in the house: the examples, and that it is up.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// That the server is up.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// Of the program.
    pub version: String,
}

/// Whether the server is up.
#[utoipa::path(get, path = "/api/v1/health", responses((status = OK, body = Health)))]
pub async fn health() -> Json<Health> {
    Json(Health { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() })
}

/// The names of the ready scenarios to begin with.
#[utoipa::path(get, path = "/api/v1/examples", responses((status = OK, body = [String])))]
pub async fn examples() -> Json<&'static [&'static str]> {
    Json(scenario::examples())
}
