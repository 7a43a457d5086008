//! Places above communities: listed, made, renamed, moved.

use super::Body;
use crate::{
    access::{
        gate::forbidden,
        role::{Place, Role},
        who::Asking,
    },
    app::App,
    limits,
    machine::aside,
    people::{
        self, PeopleError,
        id::{CommunityId, PlaceId},
        places::{PlaceKind, PlaceMove, TreePlace},
    },
    problem::{Fault, Problem},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// A place to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlace {
    /// What people call it.
    name: String,
    /// How wide it is.
    kind: PlaceKind,
    /// The wider place in which it lies; absent: at the top.
    parent: Option<PlaceId>,
}

/// What is to be changed of a place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedPlace {
    /// Another name; absent: it keeps its own.
    name: Option<String>,
    /// Another place in which it lies; absent: it stays where it is.
    parent: Option<PlaceId>,
}

/// Where a community is to stand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutCommunity {
    /// Below this place; null: below none.
    place: Option<PlaceId>,
}

/// Places in which whoever asks has a role, by their names.
#[utoipa::path(get, path = "/api/v1/places", responses((status = OK, body = [TreePlace])))]
pub async fn places(State(app): State<App>, asking: Asking) -> Result<Json<Vec<TreePlace>>, Fault> {
    let places = aside(move || {
        let mut all = app.people.places()?;
        let sees =
            |place: PlaceId| asking.who.grants().iter().any(|grant| grant.place.covers(Place::Tree(place)));
        all.retain(|place| sees(place.id));
        Ok(all)
    });
    places.await.map(Json)
}

/// Makes a place; of a place below another one whoever has charge of that.
#[utoipa::path(
    post, path = "/api/v1/places", request_body = NewPlace,
    responses(
        (status = CREATED, body = TreePlace), (status = BAD_REQUEST, body = Problem),
        (status = CONFLICT, description = "The place above is not wider, or there are too many", body = Problem)
    )
)]
pub async fn make_place(
    State(app): State<App>,
    asking: Asking,
    Body(new): Body<NewPlace>,
) -> Result<(StatusCode, Json<TreePlace>), Fault> {
    let name = named(&new.name)?;
    in_charge(&asking, new.parent)?;
    let made = aside(move || Ok(app.people.make_place(new.parent, new.kind, &name, people::now())?)).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Calls a place otherwise, or puts it with all that is below it into another one; a move is written down.
#[utoipa::path(
    put, path = "/api/v1/places/{place}", request_body = ChangedPlace, params(("place" = String, Path)),
    responses(
        (status = OK, body = TreePlace), (status = BAD_REQUEST, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "The place above is not wider", body = Problem)
    )
)]
pub async fn change_place(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
    Body(changed): Body<ChangedPlace>,
) -> Result<Json<TreePlace>, Fault> {
    let id = PlaceId::parse(&id).ok_or(PeopleError::Unknown)?;
    let name = changed.name.as_deref().map(named).transpose()?;
    if changed.parent.is_some() {
        in_charge(&asking, changed.parent)?;
    }
    let changed = aside(move || {
        if let Some(name) = name {
            app.people.rename_place(id, &name)?;
        }
        if changed.parent.is_some() {
            app.people.move_place(id, changed.parent, &asking.who.label(), people::now())?;
        }
        Ok(app.people.place(id)?)
    });
    changed.await.map(Json)
}

/// Puts a community below another place; it is written down. From then on its old committee sees nothing of it.
#[utoipa::path(
    put, path = "/api/v1/communities/{community}/place", request_body = PutCommunity,
    params(("community" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn put_community(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Body(PutCommunity { place }): Body<PutCommunity>,
) -> Result<StatusCode, Fault> {
    let community = CommunityId::parse(&community).ok_or(PeopleError::Unknown)?;
    in_charge(&asking, place)?;
    let put =
        aside(move || Ok(app.people.put_community(community, place, &asking.who.label(), people::now())?));
    put.await.map(|()| StatusCode::NO_CONTENT)
}

/// Which places and communities were moved, the last first.
#[utoipa::path(get, path = "/api/v1/places/moves", responses((status = OK, body = [PlaceMove])))]
pub async fn moves(State(app): State<App>, asking: Asking) -> Result<Json<Vec<PlaceMove>>, Fault> {
    let moves = aside(move || {
        let mut all = app.people.moves()?;
        let sees =
            |place: Option<PlaceId>| place.is_some_and(|place| in_charge(&asking, Some(place)).is_ok());
        all.retain(|of| in_charge(&asking, None).is_ok() || sees(of.before) || sees(of.after));
        Ok(all)
    });
    moves.await.map(Json)
}

/// Whether somebody is the authority of a place; of none: of everything.
fn in_charge(asking: &Asking, place: Option<PlaceId>) -> Result<(), Fault> {
    let place = place.map_or(Place::All, Place::Tree);
    let may =
        asking.who.grants().iter().any(|grant| grant.role == Role::Authority && grant.place.covers(place));
    if may { Ok(()) } else { Err(forbidden()) }
}

fn named(name: &str) -> Result<String, Fault> {
    let name = name.trim().to_owned();
    if name.is_empty() || name.len() > limits::NAME_BYTES || name.contains(char::is_control) {
        return Err(Fault::new(StatusCode::BAD_REQUEST, "name_long"));
    }
    Ok(name)
}
