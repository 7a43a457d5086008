//! Goods to the households of a community, at its desk: whose doors they are, what each gets, and how far it is, door by door. Households are ids of a round;
//! their doors are read from it when somebody looks, and nothing of a person is told.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

mod asked;
mod cart;
mod known;

pub use asked::{DoorsAct, commands, homes};
pub use known::Known;

use super::{place_of, seconds};
use crate::{
    access::{role::Place, who::Asking},
    api::{
        Asker, Query,
        file::{DOCX, file},
    },
    app::App,
    machine::aside,
    people::id::RoundId,
    problem::{Fault, Problem},
    run::held,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use known::{label, labels, rounds_of, walked};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use supplies::{Counts, Good, Lines, Promise, ShareNow, ShipmentCode, ShipmentNow, Stage, To};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use verbs::Voice;

/// Of which round doors are to be chosen.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DoorsAsked {
    /// The newest, if it is left out.
    #[param(value_type = Option<String>)]
    round: Option<RoundId>,
    /// Language of the answer.
    #[serde(rename = "lang")]
    _lang: Option<String>,
}

/// Whose doors can be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorsPage {
    /// Rounds whose doors are known, the newest first.
    rounds: Vec<DoorsRound>,
    /// The one whose buildings are told; null where there is none.
    #[schema(required, value_type = Option<String>)]
    round: Option<RoundId>,
    /// In the order of walking.
    buildings: Vec<DoorsBuilding>,
    /// Households of one shipment, at most.
    most: usize,
}

/// A round.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorsRound {
    #[schema(value_type = String)]
    id: RoundId,
    /// What people call it.
    name: String,
    /// The planned opening, seconds since 1970.
    opens: i64,
}

/// A building of a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorsBuilding {
    /// As on its wall.
    building: String,
    doors: usize,
    people: usize,
}

/// How far a shipment to doors is.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorsCount {
    /// Households that get something.
    all: usize,
    /// At whose doors it was left, as whoever brings it says, and that have said nothing yet.
    given: usize,
    /// That have it, all or a part.
    confirmed: usize,
    /// For whom it came back.
    back: usize,
    /// Of whom nobody knows yet that they have it.
    unconfirmed: usize,
    /// Whether they are this party's.
    ours: bool,
}

/// The doors of a shipment.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShipmentDoors {
    /// In the order of walking.
    doors: Vec<DoorSeen>,
}

/// A door.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorSeen {
    /// The household's id in its round.
    #[schema(value_type = String)]
    household: Uuid,
    /// Building, entrance and door; the end of the id where nobody here knows them any more, or may not.
    door: String,
    lines: Vec<DoorLine>,
    /// Since when it is said to stand there, seconds since 1970.
    #[schema(required)]
    given: Option<i64>,
    /// Since when it is known to have come, or not to have been taken, seconds since 1970.
    #[schema(required)]
    confirmed: Option<i64>,
    /// Why it came back, in words; empty where it did not.
    back: String,
    /// Whether whoever asks has said that they left it there: they confirm nothing of it.
    by_you: bool,
    /// What can be said of it now: `give`, `confirm`, `rest`, `return`, `settle`.
    can: Vec<&'static str>,
}

/// A good for a household.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorLine {
    good: String,
    unit: String,
    /// How many are for them.
    count: i64,
    /// How many came.
    received: i64,
}

/// Which rounds have doors to which goods can go, and how many.
#[utoipa::path(
    get, path = "/api/v1/parties/{party}/supplies/doors",
    params(("party" = String, Path, description = "A community's id"), DoorsAsked),
    responses((status = OK, body = DoorsPage), (status = NOT_FOUND, body = Problem))
)]
pub async fn doors_to_choose(
    State(app): State<App>,
    asking: Asking,
    Path(party): Path<String>,
    Query(DoorsAsked { round, .. }): Query<DoorsAsked>,
) -> Result<Json<DoorsPage>, Fault> {
    let page = aside(move || {
        let Place::Community(community) = place_of(&app, &party)?.0 else { return Err(unknown()) };
        let rounds = rounds_of(&app, community)?;
        let round = round.or(rounds.first().map(|of| of.id));
        let mut buildings: Vec<DoorsBuilding> = Vec::new();
        let walked = round.map(|round| walked(&app, &asking, community, round)).transpose()?;
        for door in walked.iter().flat_map(|(doors, order)| order.iter().map(move |place| &doors[*place])) {
            let people = door.people.len();
            if let Some(of) = buildings.iter_mut().find(|of| of.building == door.building) {
                (of.doors, of.people) = (of.doors + 1, of.people + people);
            } else {
                buildings.push(DoorsBuilding { building: door.building.clone(), doors: 1, people });
            }
        }
        Ok(DoorsPage { rounds, round, buildings, most: supplies::SHARES_MOST })
    });
    page.await.map(Json)
}

/// The doors of a shipment, each with what is for it and how far that is.
#[utoipa::path(
    get, path = "/api/v1/parties/{party}/supplies/{shipment}/doors",
    params(
        ("party" = String, Path, description = "A community's id, or `in:` and a place's"),
        ("shipment" = String, Path), ("lang" = Option<String>, Query)
    ),
    responses((status = OK, body = ShipmentDoors), (status = NOT_FOUND, body = Problem))
)]
pub async fn doors_of_shipment(
    State(app): State<App>,
    asking: Asking,
    Path((party, shipment)): Path<(String, String)>,
    Asker(voice): Asker,
) -> Result<Json<ShipmentDoors>, Fault> {
    let doors = aside(move || Ok(doors_of(&app, &asking, &party, &shipment, voice)?.1));
    Ok(Json(ShipmentDoors { doors: doors.await? }))
}

/// The list that goes with its cart: doors to which something is still to be brought, in the order of walking, to be ticked.
#[utoipa::path(
    get, path = "/api/v1/parties/{party}/supplies/{shipment}/cart.docx",
    params(
        ("party" = String, Path, description = "A community's id, or `in:` and a place's"),
        ("shipment" = String, Path), ("lang" = Option<String>, Query)
    ),
    responses(
        (status = OK, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (status = NOT_FOUND, body = Problem)
    )
)]
pub async fn cart_docx(
    State(app): State<App>,
    asking: Asking,
    Path((party, shipment)): Path<(String, String)>,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    let list = aside(move || {
        let (of, doors) = doors_of(&app, &asking, &party, &shipment, voice)?;
        let code = ShipmentCode::of_id(of.id).map(|code| code.to_string()).unwrap_or_default();
        Ok(formats::docx(&cart::list(code, &doors, voice)))
    });
    Ok(file(DOCX, "cart.docx", list.await?))
}

/// A shipment, and its doors in the order of walking. Blocks on the disk.
fn doors_of(
    app: &App,
    asking: &Asking,
    party: &str,
    shipment: &str,
    voice: Voice,
) -> Result<(ShipmentNow, Vec<DoorSeen>), Fault> {
    let place = place_of(app, party)?.0;
    let book = app.parties.at(place)?;
    let id = Uuid::try_parse(shipment).map_err(|_| unknown())?;
    let (own, me, of) = {
        let book = held(&book);
        let book = book.book();
        (book.own(), book.person(&asking.who.label()), book.supplies().shipment(id).ok_or_else(unknown)?)
    };
    let shares = shares(&of);
    let labels = labels(app, asking, place, shares.keys().copied().collect())?;
    let mut doors: Vec<((usize, String), DoorSeen)> = of
        .shares
        .iter()
        .filter_map(|share| {
            let household = share.household?;
            let lines = shares.get(&household)?;
            let at = label(&labels, household);
            Some((at.clone(), seen((own, me), &of, (household, at.1, lines), share, voice)))
        })
        .collect();
    doors.sort_by(|(one, _), (other, _)| one.cmp(other));
    let doors = doors.into_iter().map(|(_, door)| door).collect();
    Ok((of, doors))
}

/// How far a shipment to doors is; `None` for one that goes to a stock.
pub fn count(own: Uuid, of: &ShipmentNow) -> Option<DoorsCount> {
    let Some(Promise { to: To::Doors { .. }, .. }) = of.promise else { return None };
    let doors = || of.shares.iter().filter(|share| share.household.is_some());
    let counted = |is: &dyn Fn(&ShareNow) -> bool| doors().filter(|share| is(share)).count();
    Some(DoorsCount {
        all: doors().count(),
        given: counted(&|share| share.confirmed.is_none() && share.brought.is_some()),
        confirmed: counted(&|share| share.confirmed.is_some() && share.refused.is_none()),
        back: counted(&|share| share.refused.is_some()),
        unconfirmed: counted(&|share| share.confirmed.is_none()),
        ours: is_to_us(own, of),
    })
}

fn seen(
    (own, me): (Uuid, Uuid),
    of: &ShipmentNow,
    (household, door, lines): (Uuid, String, &Lines),
    share: &ShareNow,
    voice: Voice,
) -> DoorSeen {
    let promise = of.promise.as_ref();
    let ours = is_to_us(own, of);
    let has_part = promise.is_some_and(|of| [of.carrier.party, of.party(), of.to.party()].contains(&own));
    let from_us = promise.is_some_and(|of| of.party() == own);
    let waits = share.confirmed.is_none() && !matches!(of.stage, Stage::CalledOff | Stage::TakenBack);
    let by_you = share.gave.iter().any(|who| (who.party, who.person) == (own, me));
    let short = is_short(lines, share);
    let came = share.confirmed.is_some() && share.refused.is_none();
    let all = [
        ("give", waits && has_part && share.brought.is_none()),
        ("confirm", waits && ours && !by_you),
        ("rest", ours && came && short && !by_you),
        ("return", waits && ours && from_us),
        ("settle", ours && share.confirmed.is_some()),
    ];
    DoorSeen {
        household,
        door,
        lines: lines.0.iter().map(|(good, count)| line(good, *count, &share.received)).collect(),
        given: share.brought.map(seconds),
        confirmed: share.confirmed.map(seconds),
        back: share.refused.map(|reason| voice.word(reason.key())).unwrap_or_default(),
        by_you: by_you && waits,
        can: all.into_iter().filter(|(_, is)| *is).map(|(word, _)| word).collect(),
    }
}

pub(in crate::api) fn line(good: &Good, count: u32, received: &Counts) -> DoorLine {
    let received = received.get(good).copied().unwrap_or(0);
    DoorLine { good: good.name.clone(), unit: good.unit.clone(), count: i64::from(count), received }
}

/// Whether a household lacks something of what was for it.
pub(in crate::api) fn is_short(lines: &Lines, share: &ShareNow) -> bool {
    lines.0.iter().any(|(good, count)| share.received.get(good).copied().unwrap_or(0) < i64::from(*count))
}

fn is_to_us(own: Uuid, of: &ShipmentNow) -> bool {
    of.promise.as_ref().is_some_and(|promise| promise.to.party() == own)
}

/// What each household of a shipment gets.
fn shares(of: &ShipmentNow) -> BTreeMap<Uuid, Lines> {
    match of.promise.as_ref().map(|promise| &promise.to) {
        Some(To::Doors { of, .. }) => of.iter().map(|share| (share.household, share.lines.clone())).collect(),
        _ => BTreeMap::new(),
    }
}

/// What is for a household, and how far it is.
///
/// # Errors
/// It gets nothing of it.
pub(in crate::api) fn share(of: &ShipmentNow, household: Uuid) -> Result<(&Lines, &ShareNow), Fault> {
    let now = of.shares.iter().find(|share| share.household == Some(household)).ok_or_else(unknown)?;
    let Some(Promise { to: To::Doors { of, .. }, .. }) = &of.promise else { return Err(unknown()) };
    let theirs = of.iter().find(|share| share.household == household).ok_or_else(unknown)?;
    Ok((&theirs.lines, now))
}

fn unknown() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "unknown_here")
}
