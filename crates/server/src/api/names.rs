//! Residents' names: listed, corrected, erased, copied for whoever they are of, and destroyed. Each look is written down
//! with its reason. A name never stands in an address.

use super::{Body, Query, kept::last_day, rounds::reached_at};
use crate::{
    access::who::Asking,
    app::App,
    limits,
    machine::aside,
    people::{
        self, PeopleError,
        id::{CommunityId, HouseholdId, ResidentId},
        names::{self, Looks},
        purge::Purged,
    },
    problem::{Fault, Problem},
    run::person::Stay,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use scenario::roll::Cells;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why somebody looks: what whoever it is of asked for. No words of one's own, for it stands in the address, and in the log of
/// accesses for everybody to read.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// A copy of what is kept.
    Copy,
    /// That something is corrected.
    Correction,
    /// That it is erased.
    Erasure,
    /// Something else.
    Other,
}

impl Why {
    /// As it stands in the log of accesses.
    fn name(self) -> &'static str {
        match self {
            Why::Copy => "copy",
            Why::Correction => "correction",
            Why::Erasure => "erasure",
            Why::Other => "other",
        }
    }
}

/// Why somebody looks.
#[derive(Debug, Deserialize)]
pub struct Reason {
    why: Why,
}

/// A resident as the roll has them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    /// Random, and all that a journal knows of them.
    id: ResidentId,
    /// Whom they live with.
    household: HouseholdId,
    /// `12`.
    building: String,
    /// `2`; empty where a building has only one.
    entrance: String,
    /// `301`.
    door: String,
    /// From 0, in the household.
    position: u32,
    /// As it was written, whatever stands in it: text, never markup or a formula.
    name: String,
    /// One number or several.
    phone: String,
    /// Of an identity document.
    document: String,
    /// Whether the newest roll has them.
    is_listed: bool,
}

/// What is to be written of a resident.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// For the log of accesses.
    why: Why,
    /// The name.
    name: String,
    /// One number or several.
    phone: String,
    /// Of an identity document.
    document: String,
}

/// All that is kept of one resident, to be handed to them.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnCopy {
    /// What stands in the roll.
    resident: Named,
    /// The last day on which it is kept, at the site; null where no round needs it any more, and it is destroyed within a day.
    #[schema(required)]
    kept_until: Option<String>,
    /// Who looked at it and why, the first first; of looks at all names of the community, only what and when.
    accesses: Vec<super::communities::Access>,
    /// What rounds keep of them, as long as anybody can tell whose it is; the newest round first.
    stays: Vec<Stay>,
    /// What they need and offer among neighbours, what came of it, and what they said; the first first.
    neighbours: Vec<AmongNeighbours>,
}

/// Something that happened among neighbours.
#[derive(Debug, Serialize, ToSchema)]
pub struct AmongNeighbours {
    /// RFC 3339.
    at: String,
    /// The event as it is written.
    event: serde_json::Value,
}

/// That all names of a community are to be destroyed now.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Purge {
    /// A few words for the log of accesses.
    why: String,
    /// What people call the community, typed once more: this cannot be taken back.
    community: String,
}

/// An answer that no browser and no proxy keeps.
pub struct Unkept<T>(pub(super) T);

impl<T> Unkept<T> {
    /// What is answered so.
    pub fn of(content: T) -> Unkept<T> {
        Unkept(content)
    }
}

impl<T: Serialize> IntoResponse for Unkept<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.0).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Everybody of a community, with names and doors; none if no roll was read, or its names were destroyed.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/names", params(("community" = String, Path), ("why" = Why, Query)),
    responses(
        (status = OK, body = [Named]),
        (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "Without a reason", body = Problem),
    )
)]
pub async fn names(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Query(reason): Query<Reason>,
) -> Result<Unkept<Vec<Named>>, Fault> {
    let why = reason.why.name();
    let names = aside(move || {
        let community = app.people.community(known(&community)?)?.id;
        match app.people.read_all(community, looks(&asking, why).as_looks()) {
            // There is no key, and so there are no names.
            Err(PeopleError::Unknown) => Ok(Vec::new()),
            all => Ok(all?.into_iter().map(named).collect()),
        }
    });
    names.await.map(Unkept)
}

/// Writes anew what stands in the roll of a resident.
#[utoipa::path(
    put, path = "/api/v1/communities/{community}/names/{resident}", request_body = Correction,
    params(("community" = String, Path), ("resident" = String, Path)),
    responses(
        (status = NO_CONTENT),
        (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "Without a reason, or with too long a cell", body = Problem),
    )
)]
pub async fn correct_name(
    State(app): State<App>,
    asking: Asking,
    Path((community, resident)): Path<(String, String)>,
    Body(correction): Body<Correction>,
) -> Result<StatusCode, Fault> {
    let Correction { why, name, phone, document } = correction;
    let why = why.name();
    if [&name, &phone, &document].iter().any(|cell| cell.len() > limits::CELL_BYTES) {
        return Err(
            Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "cell_long").with("most", limits::CELL_BYTES)
        );
    }
    let corrected = aside(move || {
        let (community, resident) = known_both(&community, &resident)?;
        let cells = Cells { name, phone, document };
        Ok(app.people.correct(community, resident, &cells, looks(&asking, why).as_looks())?)
    });
    corrected.await.map(|()| StatusCode::NO_CONTENT)
}

/// Destroys what is known of a resident, and says what a search of the files found afterwards: `found` should be 0.
#[utoipa::path(
    delete, path = "/api/v1/communities/{community}/names/{resident}",
    params(("community" = String, Path), ("resident" = String, Path), ("why" = Why, Query)),
    responses((status = OK, body = Purged), (status = NOT_FOUND, body = Problem))
)]
pub async fn erase_name(
    State(app): State<App>,
    asking: Asking,
    Path((community, resident)): Path<(String, String)>,
    Query(reason): Query<Reason>,
) -> Result<Json<Purged>, Fault> {
    let why = reason.why.name();
    let erased = aside(move || {
        let (community, resident) = known_both(&community, &resident)?;
        Ok(app.people.erase(community, resident, looks(&asking, why).as_looks())?)
    });
    erased.await.map(Json)
}

/// All that is kept of a resident, to be handed to them.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/names/{resident}/copy",
    params(("community" = String, Path), ("resident" = String, Path), ("why" = Why, Query)),
    responses((status = OK, body = OwnCopy), (status = NOT_FOUND, body = Problem))
)]
pub async fn own_copy(
    State(app): State<App>,
    asking: Asking,
    Path((community, resident)): Path<(String, String)>,
    Query(reason): Query<Reason>,
    headers: HeaderMap,
) -> Result<Unkept<OwnCopy>, Fault> {
    let why = reason.why.name();
    let reached = reached_at(&app, &headers);
    let copied = aside(move || {
        let (community, resident) = known_both(&community, &resident)?;
        let own = app.people.own(community, resident, looks(&asking, why).as_looks())?;
        let accesses = own.accesses.into_iter().map(Into::into).collect();
        let mut stays = app.runs.stays(community, resident, people::now())?;
        for stay in &mut stays {
            stay.own.insert_str(0, &reached);
        }
        let kept_until = last_day(&app, community)?;
        let neighbours = own.told.into_iter().map(|told| AmongNeighbours {
            at: told.at.rfc3339(),
            event: serde_json::to_value(&told.event).unwrap_or_default(),
        });
        let neighbours = neighbours.collect();
        Ok(OwnCopy { resident: named(own.resident), kept_until, accesses, stays, neighbours })
    });
    copied.await.map(Unkept)
}

/// Destroys all names of a community now, whatever day was set. It cannot be taken back.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/purge", request_body = Purge,
    params(("community" = String, Path)),
    responses(
        (status = OK, body = Purged),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "The name that was typed is not the community's", body = Problem),
    )
)]
pub async fn purge_names(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Body(purge): Body<Purge>,
) -> Result<Json<Purged>, Fault> {
    let why = checked(&purge.why)?;
    let purged = aside(move || {
        let community = app.people.community(known(&community)?)?;
        if purge.community.trim() != community.name {
            return Err(Fault::new(StatusCode::CONFLICT, "purge_name"));
        }
        // First what leads from its journals to doors: that is destroyed also where the search for names breaks off.
        app.runs.forget_community(community.id, people::now())?;
        Ok(app.people.purge_community(community.id, looks(&asking, &why).as_looks())?)
    });
    purged.await.map(Json)
}

/// Who looks, kept for as long as it takes.
struct Looking<'w> {
    who: String,
    why: &'w str,
}

fn looks<'w>(asking: &Asking, why: &'w str) -> Looking<'w> {
    Looking { who: asking.who.label(), why }
}

impl Looking<'_> {
    fn as_looks(&self) -> Looks<'_> {
        Looks { who: &self.who, why: self.why, now: people::now() }
    }
}

/// A reason that can be written down.
fn checked(why: &str) -> Result<String, Fault> {
    let why = why.trim();
    if why.is_empty() || why.len() > limits::WHY_BYTES || why.contains(char::is_control) {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "why").with("most", limits::WHY_BYTES));
    }
    Ok(why.to_owned())
}

fn known(community: &str) -> Result<CommunityId, PeopleError> {
    CommunityId::parse(community).ok_or(PeopleError::Unknown)
}

fn known_both(community: &str, resident: &str) -> Result<(CommunityId, ResidentId), PeopleError> {
    Ok((known(community)?, ResidentId::parse(resident).ok_or(PeopleError::Unknown)?))
}

fn named(resident: names::Resident) -> Named {
    let names::Resident { id, household, building, entrance, door, position, cells, is_listed } = resident;
    let Cells { name, phone, document } = cells;
    Named { id, household, building, entrance, door, position, name, phone, document, is_listed }
}
