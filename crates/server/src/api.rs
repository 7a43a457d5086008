//! The API under `/api/v1`: what can be asked, and its schema.

mod ask;
mod events;
mod examples;
mod review;
mod scenarios;
mod verbs_on;

pub use ask::{Asker, Body, Query};

use crate::{app::App, schema};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "shouhu",
        description = "Scenarios, plans and rehearsals. Every answer may grow; none of its fields changes its meaning.",
        license(name = "Apache-2.0")
    ),
    components(schemas(
        schema::events::Site,
        schema::events::Clock,
        schema::events::End,
        schema::events::Envelope
    ))
)]
struct Described;

/// All addresses of the API, with their schema.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Described::openapi())
        .routes(routes!(examples::health))
        .routes(routes!(examples::examples))
        .routes(routes!(scenarios::list, scenarios::create))
        .routes(routes!(scenarios::get, scenarios::change, scenarios::remove))
        .routes(routes!(scenarios::zip))
        .routes(routes!(verbs_on::view))
        .routes(routes!(verbs_on::check))
        .routes(routes!(verbs_on::plan))
        .routes(routes!(verbs_on::rehearse))
        .routes(routes!(verbs_on::sheets))
        .routes(routes!(events::events))
        .routes(routes!(review::review))
}
