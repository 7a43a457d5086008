//! Communities, and who looked at the names of one.

use super::Body;
use crate::{
    access::who::Asking,
    app::App,
    limits,
    machine::aside,
    people::{
        self, PeopleError,
        communities::Community,
        id::{CommunityId, ResidentId},
    },
    problem::{Fault, Problem},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A community to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCommunity {
    /// What people call it.
    name: String,
}

/// That somebody looked at names, or changed them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Access {
    /// Seconds since 1970.
    at: i64,
    /// An account's or a device's id, `owner`, or `clock` for a purge.
    who: String,
    /// `import`, `read`, `count`, `copy`, `correct`, `exchange`, `erase` or `purge`.
    what: String,
    /// The resident's id; null for the whole community.
    #[schema(required)]
    resident: Option<ResidentId>,
    /// The reason that was given.
    why: String,
}

impl From<people::names::Access> for Access {
    fn from(access: people::names::Access) -> Access {
        let people::names::Access { at, who, what, resident, why } = access;
        Access { at, who, what, resident, why }
    }
}

/// Communities that whoever asks has to do with.
#[utoipa::path(get, path = "/api/v1/communities", responses((status = OK, body = [Community])))]
pub async fn communities(State(app): State<App>, asking: Asking) -> Result<Json<Vec<Community>>, Fault> {
    let communities = aside(move || {
        let mut all = app.people.communities()?;
        all.retain(|community| asking.who.knows(community.id));
        Ok(all)
    });
    communities.await.map(Json)
}

/// Makes a community.
#[utoipa::path(
    post, path = "/api/v1/communities", request_body = NewCommunity,
    responses((status = CREATED, body = Community), (status = BAD_REQUEST, body = Problem))
)]
pub async fn make_community(
    State(app): State<App>,
    Body(new): Body<NewCommunity>,
) -> Result<(StatusCode, Json<Community>), Fault> {
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.len() > limits::NAME_BYTES || name.contains(char::is_control) {
        return Err(Fault::new(StatusCode::BAD_REQUEST, "name_long"));
    }
    let made = aside(move || Ok(app.people.make_community(&name, people::now())?)).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// A community.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}", params(("community" = String, Path)),
    responses((status = OK, body = Community), (status = NOT_FOUND, body = Problem))
)]
pub async fn community(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Community>, Fault> {
    aside(move || Ok(app.people.community(known(&id)?)?)).await.map(Json)
}

/// Who looked at the names of a community, when and why; the first first.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/accesses", params(("community" = String, Path)),
    responses((status = OK, body = [Access]), (status = NOT_FOUND, body = Problem))
)]
pub async fn accesses(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Vec<Access>>, Fault> {
    let accesses = aside(move || {
        let community = app.people.community(known(&id)?)?;
        let all = app.people.accesses(community.id)?;
        Ok(all.into_iter().map(Access::from).collect())
    });
    accesses.await.map(Json)
}

fn known(id: &str) -> Result<CommunityId, PeopleError> {
    CommunityId::parse(id).ok_or(PeopleError::Unknown)
}
