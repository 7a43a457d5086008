//! Cumulative figures of a place: for those who answer for it, for DHIS2, and for everybody.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker, Body,
    file::{CSV, file},
    plain::{self, escaped},
};
use crate::{
    access::role::Place,
    app::App,
    machine::aside,
    people::{PeopleError, id::PlaceId},
    problem::{Fault, Problem},
    schema::notes::Refused,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Moment;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt::Write;
use utoipa::ToSchema;
use verbs::{
    Voice,
    cumulative::{self, Cumulative, Figure},
};

/// The public page asks again after so many seconds.
const AGAIN_S: u32 = 120;

/// Figures of a place, with what they mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceFigures {
    /// The place's name; empty for everything.
    name: String,
    /// Rounds that are in them.
    rounds: u64,
    /// Up to when all of them are known, RFC 3339; null where there is no round.
    #[schema(required)]
    as_of: Option<String>,
    /// The figures.
    figures: Vec<PlaceFigure>,
}

/// One figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceFigure {
    /// Its name in files.
    name: String,
    /// What people call it.
    title: String,
    /// The number; null where nothing is released yet.
    #[schema(required)]
    value: Option<u64>,
    /// What is counted and what is not.
    definition: String,
}

/// What is to be sent to DHIS2.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dhis2Export {
    /// The text of `dhis2.toml`: which figure and which place has which identifier there.
    mapping: String,
    /// The day, `20220404`.
    period: String,
}

/// Cumulative figures of a place: of the newest round of each of its communities.
#[utoipa::path(
    get, path = "/api/v1/places/{place}/figures",
    params(("place" = String, Path, description = "A place's id, or `all`"), ("lang" = Option<String>, Query)),
    responses((status = OK, body = PlaceFigures), (status = NOT_FOUND, body = Problem))
)]
pub async fn figures(
    State(app): State<App>,
    Path(place): Path<String>,
    Asker(voice): Asker,
) -> Result<Json<PlaceFigures>, Fault> {
    let (name, of) = aside(move || {
        let (name, place) = place_of(&app, &place)?;
        Ok((name, together(&by_community(&app, place)?)))
    })
    .await?;
    let figure = |figure: Figure| PlaceFigure {
        name: figure.name().to_owned(),
        title: figure.title(voice),
        value: of.count(figure),
        definition: figure.meaning(voice),
    };
    let figures = Figure::ALL.into_iter().map(figure).collect();
    Ok(Json(PlaceFigures { name, rounds: of.rounds, as_of: of.as_of.map(Moment::rfc3339), figures }))
}

/// The same as a table, community by community, with the definitions.
#[utoipa::path(
    get, path = "/api/v1/places/{place}/figures.csv",
    params(("place" = String, Path, description = "A place's id, or `all`"), ("lang" = Option<String>, Query)),
    responses((status = OK, content_type = "text/csv", body = String), (status = NOT_FOUND, body = Problem))
)]
pub async fn figures_csv(
    State(app): State<App>,
    Path(place): Path<String>,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    let all = aside(move || {
        let (_, place) = place_of(&app, &place)?;
        by_community(&app, place)
    })
    .await?;
    Ok(file(CSV, "figures.csv", format!("\u{feff}{}", cumulative::csv(&all, voice))))
}

/// The same as DHIS2 takes them (`POST /api/dataValueSets`), community by community; a note for whatever has no identifier there.
#[utoipa::path(
    post, path = "/api/v1/places/{place}/figures/dhis2", request_body = Dhis2Export,
    params(("place" = String, Path, description = "A place's id, or `all`"), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, description = "`data`, the JSON for DHIS2, and `notes`", body = Object),
        (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Refused)
    )
)]
pub async fn figures_dhis2(
    State(app): State<App>,
    Path(place): Path<String>,
    Asker(voice): Asker,
    Body(Dhis2Export { mapping, period }): Body<Dhis2Export>,
) -> Result<Json<Value>, Fault> {
    // `20220404`, and nothing that only looks like it.
    let day = Date::strptime("%Y%m%d", &period).ok().filter(|_| period.len() == 8);
    let day = day.ok_or_else(|| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "dhis2_period"))?;
    let names = Figure::ALL.map(Figure::name);
    let (mapping, notes) = scenario::read_dhis2(mapping.as_bytes(), &names);
    let Some(mapping) = mapping else { return Err(Fault::from(notes)) };
    let all = aside(move || {
        let (_, place) = place_of(&app, &place)?;
        by_community(&app, place)
    })
    .await?;
    let (data, more) = cumulative::dhis2(&all, &mapping, day);
    let mut notes = notes;
    notes.extend(more);
    Ok(Json(json!({ "data": data, "notes": voice.notes(&notes) })))
}

/// How far a place is: a page for everybody, a few kilobytes without a script. It ranks nobody, and tells no small number.
#[utoipa::path(
    get, path = "/status/{place}",
    params(("place" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, content_type = "text/html", body = String), (status = NOT_FOUND, body = Problem))
)]
pub async fn status(
    State(app): State<App>,
    Path(place): Path<String>,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    // Everything together is nobody's place.
    let id = PlaceId::parse(&place).ok_or(PeopleError::Unknown)?;
    let (name, of) = match app.statuses.seen(&id) {
        Some(seen) => seen,
        None => {
            // Anybody may ask for this: it waits for its own kind, and what one was told the others are told, too.
            let counting = app.counting.clone();
            let counted = counting.compute(move || {
                if let Some(seen) = app.statuses.seen(&id) {
                    return Ok(seen);
                }
                let name = app.people.place(id)?.name;
                let counted = (name, together(&by_community(&app, Place::Tree(id))?));
                app.statuses.keep(id, counted.clone());
                Ok(counted)
            });
            counted.await?
        }
    };
    let page = plain::Page {
        title: voice.word("status.title"),
        name: &name,
        note: voice.word("status.note"),
        again_s: Some(AGAIN_S),
    };
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, page.html(&body(&of, voice), voice)).into_response())
}

fn body(of: &Cumulative, voice: Voice) -> String {
    let Some(as_of) = of.as_of else {
        return format!("<p class=\"level\">{}</p>", escaped(&voice.word("status.nothing")));
    };
    // A place may have several clocks: the world's is said.
    let clock = as_of.rfc3339();
    let clock = format!("{} {} UTC", &clock[..10], &clock[11..16]);
    let mut body =
        format!("<p class=\"soft\">{}</p>", escaped(&voice.say("status.as_of", &[("clock", &clock)])));
    for figure in Figure::ALL {
        let (title, shown) = (figure.title(voice), of.public(figure).text(voice));
        let _ = write!(
            body,
            "<h2>{}</h2><p class=\"soft\">{}</p>",
            escaped(&voice.say("status.figure", &[("title", &title), ("value", &shown)])),
            escaped(&figure.meaning(voice)),
        );
    }
    body
}

/// A place of the path, with its name.
pub(super) fn place_of(app: &App, text: &str) -> Result<(String, Place), Fault> {
    match Place::parse_in_path(text).ok_or(PeopleError::Unknown)? {
        Place::Tree(id) => Ok((app.people.place(id)?.name, Place::Tree(id))),
        other => Ok((String::new(), other)),
    }
}

fn together(all: &[(String, Cumulative)]) -> Cumulative {
    let mut sum = Cumulative::default();
    for (_, of) in all {
        sum.add(of);
    }
    sum
}

/// Each community's newest round, by the communities' names.
fn by_community(app: &App, place: Place) -> Result<Vec<(String, Cumulative)>, Fault> {
    let now = Moment::from(jiff::Timestamp::now());
    let mut all = Vec::new();
    for community in app.people.communities_in(place)? {
        let newest = app.runs.book.rounds(community.id)?.into_iter().next();
        let of = match newest {
            None => Cumulative::default(),
            Some(listed) => app.runs.glance(&app.figures, community.id, listed.id, |running| {
                let zone = running.made.definition.zone();
                let opens = Timestamp::from_second(listed.opens).map(|at| zone.to_datetime(at).date());
                Ok(Cumulative::of(now, running.folded().live().round()).on(opens.ok()))
            })?,
        };
        all.push((community.name, of));
    }
    Ok(all)
}
