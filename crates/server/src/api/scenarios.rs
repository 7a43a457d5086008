//! The scenarios of the data folder: listed, made, read, written, put away, downloaded.

use super::{Asker, Body};
use crate::{
    access::{
        role::Place,
        who::{Asking, Who},
    },
    app::App,
    limits,
    machine::aside,
    people::PeopleError,
    problem::{Fault, Problem},
    schema::{answers::Answers, answers::Needs, notes::Note, notes::Refused},
    store::{Changes, Id, Kept, Listed, Packed, Written},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::Notes;
use scenario::Files;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    io::{Cursor, Write},
    sync::Arc,
};
use utoipa::ToSchema;
use zip::{ZipWriter, write::SimpleFileOptions};

/// A new scenario: exactly one of `example`, `answers` and `files`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct New {
    /// What people call it; absent: the community's name.
    pub name: Option<String>,
    /// A ready scenario.
    pub example: Option<String>,
    /// Seven answers, from which a folder is made.
    #[schema(value_type = Option<Answers>)]
    pub answers: Option<scenario::Answers>,
    /// Its files: path → base64.
    pub files: Option<BTreeMap<String, String>>,
    /// For which place it is planned: who plans there sees it. Absent: the one place for which whoever asks plans.
    pub place: Option<Place>,
}

/// A scenario that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Made {
    /// Its folder's name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Of its content.
    pub version: String,
    /// What the answers' staff cannot do in the time, and other warnings; empty for an example or files.
    #[schema(value_type = [Note])]
    pub notes: serde_json::Value,
    /// Who stands where, and how many it takes; null for an example or files.
    #[schema(value_type = Option<Needs>, required)]
    pub needs: Option<verbs::ask::Needs>,
    /// For which place it is planned.
    pub place: Place,
}

/// What is to be written into a scenario.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Its new name; absent: as it is.
    pub name: Option<String>,
    /// Files: path → base64; null takes one out; those not named stay.
    #[serde(default)]
    pub files: BTreeMap<String, Option<String>>,
    /// For which place it is planned from now on, one of those for which whoever asks plans; absent: as it is.
    pub place: Option<Place>,
}

/// A scenario that was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changed {
    /// Its folder's name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Of its content now.
    pub version: String,
    /// For which place it is planned.
    pub place: Place,
}

/// A place for which somebody plans.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedFor {
    /// Which.
    pub place: Place,
    /// What people call it; null for all of them.
    #[schema(required)]
    pub name: Option<String>,
}

/// The places for which whoever asks plans; the first is where they most likely mean. None for the owner of the machine, who need not
/// tell places apart.
#[utoipa::path(get, path = "/api/v1/planning", responses((status = OK, body = [PlannedFor])))]
pub async fn planning(State(app): State<App>, asking: Asking) -> Result<Json<Vec<PlannedFor>>, Fault> {
    if asking.who == Who::Owner {
        return Ok(Json(Vec::new()));
    }
    let places = aside(move || {
        let communities = app.people.communities()?.into_iter();
        let mut all: Vec<(Place, Option<String>)> =
            communities.map(|of| (Place::Community(of.id), Some(of.name))).collect();
        all.retain(|(place, _)| asking.who.plans_for(*place));
        let is_one = all.len() == 1;
        all.extend(app.people.places()?.into_iter().map(|of| (Place::Tree(of.id), Some(of.name))));
        all.push((Place::All, None));
        all.retain(|(place, _)| asking.who.plans_for(*place));
        // Who looks after many plans for all of them, unless there is but one.
        if let Some(own) = asking.who.one_place().filter(|_| !is_one) {
            all.sort_by_key(|(place, _)| *place != own);
        }
        Ok(all.into_iter().map(|(place, name)| PlannedFor { place, name }).collect())
    });
    places.await.map(Json)
}

/// The scenarios of the places for which whoever asks plans, the last written first.
#[utoipa::path(get, path = "/api/v1/scenarios", responses((status = OK, body = [Listed])))]
pub async fn list(State(app): State<App>, asking: Asking) -> Result<Json<Vec<Listed>>, Fault> {
    Ok(Json(aside(move || Ok(app.store.list(&asking.who)?.0)).await?))
}

/// Makes a scenario from an example, from seven answers, or from files, for a place.
#[utoipa::path(
    post, path = "/api/v1/scenarios", request_body = New, params(("lang" = Option<String>, Query)),
    responses(
        (status = CREATED, body = Made),
        (status = BAD_REQUEST, body = Problem),
        (status = NOT_FOUND, description = "There is no such place, or whoever asks does not plan for it", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "The answers are refused, or no place was chosen", body = Refused),
    )
)]
pub async fn create(
    State(app): State<App>,
    asking: Asking,
    Asker(voice): Asker,
    Body(new): Body<New>,
) -> Result<(StatusCode, Json<Made>), Fault> {
    let made = aside(move || {
        check_name(new.name.as_deref())?;
        let place = new.place.or_else(|| asking.who.one_place());
        let place = place.ok_or_else(|| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "place_missing"))?;
        check_place(&app, &asking, place)?;
        let (files, notes, needs) = source(&new)?;
        let purpose = new.answers.as_ref().map(|answers| format!("{} {}", answers.service, answers.date));
        let hint = new.example.clone().or(purpose).unwrap_or_default();
        let kept = app.store.create(place, new.name.as_deref(), &hint, &files)?;
        let notes = serde_json::to_value(voice.notes(&notes)).expect("our own types are written as JSON");
        Ok(Made { id: kept.id.to_string(), name: kept.name, version: kept.version, notes, needs, place })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// A scenario with its files. `ETag` is its version.
#[utoipa::path(
    get, path = "/api/v1/scenarios/{id}", params(("id" = String, Path)),
    responses((status = OK, body = Packed), (status = NOT_FOUND, body = Problem))
)]
pub async fn get(State(app): State<App>, asking: Asking, Path(id): Path<String>) -> Result<Response, Fault> {
    let kept = read(app, asking, &id).await?;
    let mut response = Json(kept.packed()).into_response();
    let tag = HeaderValue::from_str(&format!("\"{}\"", kept.version)).expect("it is hexadecimal");
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

/// Writes into a scenario, if nobody else has written since the version in `If-Match`. All of it is written, or nothing.
#[utoipa::path(
    put, path = "/api/v1/scenarios/{id}", request_body = Change,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version that was read")),
    responses(
        (status = OK, body = Changed),
        (status = NOT_FOUND, body = Problem),
        (status = PRECONDITION_FAILED, description = "Somebody else wrote since: as it is now", body = Packed),
        (status = PRECONDITION_REQUIRED, description = "`If-Match` is missing", body = Problem),
    )
)]
pub async fn change(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
    headers: HeaderMap,
    Body(change): Body<Change>,
) -> Result<Json<Changed>, Fault> {
    let version = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    let version = version.map(|version| version.trim_start_matches("W/").trim_matches('"').to_owned());
    let version = version.ok_or_else(|| Fault::new(StatusCode::PRECONDITION_REQUIRED, "if_match_missing"))?;
    let id = known(&id)?;
    let written = aside(move || {
        check_name(change.name.as_deref())?;
        if let Some(place) = change.place {
            check_place(&app, &asking, place)?;
        }
        let files = change.files.into_iter().map(|(path, text)| {
            let content = text.map(|text| decode(&path, &text)).transpose()?;
            Ok((path, content))
        });
        let files = files.collect::<Result<_, Fault>>()?;
        let changes = Changes { name: change.name, files, place: change.place };
        Ok(app.store.change(&asking.who, &id, &version, &changes)?)
    });
    match written.await? {
        Written::Now(kept) => {
            let Kept { id, name, version, place, .. } = kept;
            Ok(Json(Changed { id: id.to_string(), name, version, place }))
        }
        Written::Conflict(kept) => Err(Fault::Conflict(Arc::new(kept))),
    }
}

/// Moves a scenario to the bin of the data folder.
#[utoipa::path(
    delete, path = "/api/v1/scenarios/{id}", params(("id" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn remove(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    let id = known(&id)?;
    aside(move || Ok(app.store.remove(&asking.who, &id)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A scenario's folder as one file, to keep or to hand on.
#[utoipa::path(
    get, path = "/api/v1/scenarios/{id}/folder.zip", params(("id" = String, Path)),
    responses((status = OK, content_type = "application/zip"), (status = NOT_FOUND, body = Problem))
)]
pub async fn zip(State(app): State<App>, asking: Asking, Path(id): Path<String>) -> Result<Response, Fault> {
    let kept = read(app, asking, &id).await?;
    let name = format!("attachment; filename=\"{}.zip\"", kept.id);
    let bytes = aside(move || Ok(zipped(&kept))).await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).expect("an id is ASCII"));
    Ok(response)
}

/// The scenario of an address, if whoever asks plans with it.
pub(super) async fn read(app: App, asking: Asking, id: &str) -> Result<Kept, Fault> {
    let id = known(id)?;
    aside(move || Ok(app.store.get(&asking.who, &id)?)).await
}

/// A text that is no id names no scenario.
fn known(id: &str) -> Result<Id, Fault> {
    Id::parse(id).ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "scenario_unknown"))
}

/// Whether there is such a place, and whoever asks plans for it. Blocks on the disk.
fn check_place(app: &App, asking: &Asking, place: Place) -> Result<(), Fault> {
    if !asking.who.plans_for(place) {
        return Err(PeopleError::Unknown.into());
    }
    match place {
        Place::All => {}
        Place::Tree(id) => drop(app.people.place(id)?),
        Place::Community(id) => drop(app.people.community(id)?),
    }
    Ok(())
}

fn check_name(name: Option<&str>) -> Result<(), Fault> {
    let long = |name: &str| name.len() > limits::NAME_BYTES || name.contains(char::is_control);
    if name.is_some_and(long) { Err(Fault::new(StatusCode::BAD_REQUEST, "name_long")) } else { Ok(()) }
}

type Source = (Files, Notes, Option<verbs::ask::Needs>);

/// The files of a new scenario.
fn source(new: &New) -> Result<Source, Fault> {
    match (&new.example, &new.answers, &new.files) {
        (Some(name), None, None) => {
            let files = scenario::example(name);
            let files = files.ok_or_else(|| Fault::new(StatusCode::BAD_REQUEST, "example_unknown"))?;
            Ok((files, Notes::default(), None))
        }
        (None, Some(answers), None) => {
            let asked = verbs::ask::ask(answers);
            match asked.files {
                Some(files) => Ok((files, asked.notes, asked.needs)),
                None => Err(asked.notes.into()),
            }
        }
        (None, None, Some(files)) => {
            let files = files.iter().map(|(path, text)| Ok((path.clone(), decode(path, text)?)));
            Ok((Files(files.collect::<Result<_, Fault>>()?), Notes::default(), None))
        }
        _ => Err(Fault::new(StatusCode::BAD_REQUEST, "scenario_source")),
    }
}

pub(super) fn decode(path: &str, text: &str) -> Result<Vec<u8>, Fault> {
    let shown: String = path.chars().filter(|letter| !letter.is_control()).take(80).collect();
    let wrong = |_| Fault::new(StatusCode::BAD_REQUEST, "base64").with("path", shown);
    BASE64_STANDARD.decode(text).map_err(wrong)
}

fn zipped(kept: &Kept) -> Vec<u8> {
    const IN_MEMORY: &str = "memory takes every byte";
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in &kept.files.0 {
        zip.start_file(format!("{}/{path}", kept.id), SimpleFileOptions::default()).expect(IN_MEMORY);
        zip.write_all(content).expect(IN_MEMORY);
    }
    zip.finish().expect(IN_MEMORY).into_inner()
}
