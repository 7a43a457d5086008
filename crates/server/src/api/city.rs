//! A city's documents, as its desk put them, and of them what whoever asks may see.

use super::{Body, figures::place_of};
use crate::{
    access::{role::Place, who::Asking},
    app::App,
    limits,
    machine::aside,
    people::{
        self, PeopleError,
        cities::{CityKept, Holders, Holding},
        id::PlaceId,
    },
    problem::{Fault, Problem},
};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use domain::Notes;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};
use utoipa::ToSchema;
use verbs::city::page::{CityView, Kind, Sees, read, text};

/// What of a city whoever asks may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct CityNow {
    /// What the nearest place that keeps any of it is called; empty where none does.
    name: String,
    /// Whether this place may keep documents. Of its own all is shown; of those of a place above, what belongs to `own` and
    /// `own_labs`.
    whole: bool,
    /// The districts that are shown of what a place above keeps.
    own: Vec<String>,
    /// The labs that are shown of it: what comes to them.
    own_labs: Vec<String>,
    /// Of each kind the document of the nearest place that keeps one.
    documents: Vec<KeptDocument>,
    /// All districts of the documents that this place keeps, and who looks after them.
    districts: Vec<PartHolder>,
    /// Likewise all labs.
    labs: Vec<PartHolder>,
    /// What a page draws, as `web/src/city/contract.ts` has it.
    #[schema(value_type = Object)]
    view: CityView,
}

/// A document that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptDocument {
    /// `rounds`, `aid` or `target`.
    what: String,
    /// Since when, in seconds since 1970.
    at: i64,
    /// Whether this program can read it: an older one may have written it.
    is_read: bool,
    /// What the place above is called that keeps it; null where this place does.
    #[schema(required)]
    from: Option<String>,
}

/// Who looks after a district or a lab of the documents.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartHolder {
    /// Its name in the documents.
    name: String,
    /// The place that sees it; null: nobody but the city.
    #[schema(required)]
    place: Option<PlaceId>,
}

/// What is planned for a city, as far as whoever holds this place may see it: all at the city itself; its own districts and labs below it.
#[utoipa::path(
    get, path = "/api/v1/places/{place}/city",
    params(("place" = String, Path, description = "A place's id, or `all`")),
    responses((status = OK, body = CityNow), (status = NOT_FOUND, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem))
)]
pub async fn city(State(app): State<App>, Path(place): Path<String>) -> Result<Json<CityNow>, Fault> {
    let within = app.clone();
    let seen = app.turns.compute(move || {
        let kept = match place_of(&within, &place)?.1 {
            Place::Tree(id) => within.people.city(id)?,
            _ => CityKept { may_keep: false, keepers: Vec::new(), within: Vec::new() },
        };
        Ok(shown(&kept))
    });
    seen.await.map(Json)
}

/// Whoever looks from the place that keeps a document sees all of it; from below it, the districts and labs that it gave to that place
/// or to one below that. Where it gave none, nothing is shown.
fn shown(kept: &CityKept) -> CityNow {
    let here = kept.within.first();
    let mut now = CityNow {
        name: kept.keepers.first().map_or_else(String::new, |of| of.name.clone()),
        whole: kept.may_keep,
        own: Vec::new(),
        own_labs: Vec::new(),
        documents: Vec::new(),
        districts: Vec::new(),
        labs: Vec::new(),
        view: CityView::default(),
    };
    for keeper in &kept.keepers {
        let whole = here == Some(&keeper.place);
        let held = |of: &Holders| -> BTreeSet<String> {
            of.iter().filter(|(_, place)| kept.within.contains(place)).map(|(name, _)| name.clone()).collect()
        };
        let (districts, labs) = (held(&keeper.districts), held(&keeper.labs));
        let shown = whole || !districts.is_empty() || !labs.is_empty();
        if !whole {
            now.own.extend(districts.iter().cloned());
            now.own_labs.extend(labs.iter().cloned());
        }
        let sees = if whole { Sees::All } else { Sees::Part { districts, labs } };
        let (mut districts, mut labs) = (BTreeSet::new(), BTreeSet::new());
        for of in &keeper.documents {
            let read = read(&of.what, of.document.as_bytes()).ok();
            if let Some(document) = read.as_ref().filter(|_| shown) {
                now.view.add(document, &sees);
                districts.extend(document.districts().into_iter().map(str::to_owned));
                labs.extend(document.labs().into_iter().map(str::to_owned));
            }
            let from = (!whole).then(|| keeper.name.clone());
            now.documents.push(KeptDocument {
                what: of.what.clone(),
                at: of.at,
                is_read: read.is_some(),
                from,
            });
        }
        if whole {
            now.districts = holders(districts, &keeper.districts);
            now.labs = holders(labs, &keeper.labs);
        }
    }
    for own in [&mut now.own, &mut now.own_labs] {
        own.sort_unstable();
        own.dedup();
    }
    now
}

/// Who looks after each of these names, and of those that were given and stand in no document any more.
fn holders(mut names: BTreeSet<String>, given: &Holders) -> Vec<PartHolder> {
    names.extend(given.iter().map(|(name, _)| name.clone()));
    let holder = |name: String| {
        let place = given.iter().find(|(of, _)| *of == name).map(|&(_, place)| place);
        PartHolder { name, place }
    };
    names.into_iter().map(holder).collect()
}

/// Puts a document of a city in the place of the one before: the JSON of `plan CITY` (`rounds`), `aid` or `target`.
#[utoipa::path(
    put, path = "/api/v1/places/{place}/city/{what}", request_body = Object,
    params(("place" = String, Path), ("what" = String, Path, description = "`rounds`, `aid` or `target`")),
    responses(
        (status = NO_CONTENT), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "The place is no city", body = Problem),
        (status = PAYLOAD_TOO_LARGE, body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "It is not as the command writes it")
    )
)]
pub async fn put_city(
    State(app): State<App>,
    asking: Asking,
    Path((place, what)): Path<(String, String)>,
    body: Bytes,
) -> Result<StatusCode, Fault> {
    let (id, wanted) = (PlaceId::parse(&place).ok_or(PeopleError::Unknown)?, kind(&what)?);
    if body.len() > limits::CITY_BYTES {
        let large = Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "city_large");
        return Err(large.with("megabytes", limits::CITY_BYTES >> 20));
    }
    let within = app.clone();
    let put = app.turns.compute(move || {
        let found = read(wanted.name(), &body).map_err(refused)?.kind();
        if found != wanted {
            let mut notes = Notes::default();
            let (found, wanted) = (found.name(), wanted.name());
            let args: [(&str, &dyn std::fmt::Display); 2] = [("found", &found), ("wanted", &wanted)];
            notes.error(domain::Place::file(wanted), "document_other", &args);
            return Err(refused(notes));
        }
        let text = text(&body);
        let text = String::from_utf8_lossy(&text);
        let (who, now) = (asking.who.label(), people::now());
        Ok(within.people.put_city(id, wanted.name(), &text, (&who, now))?)
    });
    put.await.map(|()| StatusCode::NO_CONTENT)
}

/// Takes a document of a city back: nobody sees it any more.
#[utoipa::path(
    delete, path = "/api/v1/places/{place}/city/{what}",
    params(("place" = String, Path), ("what" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn take_city_back(
    State(app): State<App>,
    Path((place, what)): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    let (id, what) = (PlaceId::parse(&place).ok_or(PeopleError::Unknown)?, kind(&what)?);
    aside(move || Ok(app.people.take_city_back(id, what.name())?)).await.map(|()| StatusCode::NO_CONTENT)
}

/// Says anew which place looks after which district of the documents, and so who sees it.
#[utoipa::path(
    put, path = "/api/v1/places/{place}/city-districts", request_body = Vec<PartHolder>,
    params(("place" = String, Path)),
    responses(
        (status = NO_CONTENT), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "A place does not lie in the city", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "A district stands there twice, or there are too many", body = Problem)
    )
)]
pub async fn put_city_districts(
    State(app): State<App>,
    asking: Asking,
    Path(place): Path<String>,
    Body(districts): Body<Vec<PartHolder>>,
) -> Result<StatusCode, Fault> {
    put_holders(app, asking, &place, Holding::District, districts).await
}

/// Says anew which place looks after which lab of the documents, and so who sees what comes to it.
#[utoipa::path(
    put, path = "/api/v1/places/{place}/city-labs", request_body = Vec<PartHolder>,
    params(("place" = String, Path)),
    responses(
        (status = NO_CONTENT), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "A place does not lie in the city", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "A lab stands there twice, or there are too many", body = Problem)
    )
)]
pub async fn put_city_labs(
    State(app): State<App>,
    asking: Asking,
    Path(place): Path<String>,
    Body(labs): Body<Vec<PartHolder>>,
) -> Result<StatusCode, Fault> {
    put_holders(app, asking, &place, Holding::Lab, labs).await
}

async fn put_holders(
    app: App,
    asking: Asking,
    place: &str,
    of: Holding,
    parts: Vec<PartHolder>,
) -> Result<StatusCode, Fault> {
    let id = PlaceId::parse(place).ok_or(PeopleError::Unknown)?;
    let once: BTreeSet<&str> = parts.iter().map(|of| of.name.as_str()).collect();
    let short = parts.iter().all(|of| !of.name.is_empty() && of.name.len() <= limits::NAME_BYTES);
    if once.len() != parts.len() || parts.len() > limits::CITY_HOLDERS || !short {
        let many = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "city_districts");
        return Err(many.with("most", limits::CITY_HOLDERS));
    }
    let holders: Holders = parts.into_iter().filter_map(|of| Some((of.name, of.place?))).collect();
    let put = aside(move || {
        let (who, now) = (asking.who.label(), people::now());
        Ok(app.people.put_holders(id, of, &holders, (&who, now))?)
    });
    put.await.map(|()| StatusCode::NO_CONTENT)
}

fn kind(what: &str) -> Result<Kind, Fault> {
    Ok(Kind::parse(what).ok_or(PeopleError::Unknown)?)
}

fn refused(notes: Notes) -> Fault {
    Fault::Notes(Arc::new(notes))
}
