//! Rows of a paper shift that are stored: shown, and taken back.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{Asker, Body, Query, against, doors_still, place, sheet_of};
use crate::{
    access::who::Asking,
    app::App,
    limits,
    machine::aside,
    problem::{Fault, Problem},
    run::{held, running::Running},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{Envelope, Moment, Origin};
use journal::Frame;
use phone::paper::{StoredRow, stored};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use verbs::Voice;

/// Which sheet.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfSheet {
    /// Its number, or what it is called.
    sheet: String,
    /// The language.
    #[serde(rename = "lang")]
    #[param(rename = "lang")]
    _lang: Option<String>,
}

/// Rows that are taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftBack {
    /// The sheet's number, or what it is called.
    sheet: String,
    /// The rows' numbers on it.
    rows: BTreeSet<u32>,
}

/// A row that is stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftRowStored {
    /// Its number on the sheet.
    row: u32,
    /// The site's time of day, `10:46`.
    time: String,
    /// The station, in words.
    station: String,
    /// The door's label; empty for who is not on the roll.
    door: String,
    /// How many people.
    people: usize,
    /// The tube's label, or the lot; empty where there is none.
    item: String,
}

/// The rows of a sheet that are stored and not taken back.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/paper/shift",
    params(("community" = String, Path), ("round" = String, Path), OfSheet),
    responses(
        (status = OK, body = [ShiftRowStored]), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)
    )
)]
pub async fn stored_shift(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    Asker(voice): Asker,
    Query(OfSheet { sheet, .. }): Query<OfSheet>,
) -> Result<Json<Vec<ShiftRowStored>>, Fault> {
    let (community, round) = place(&community, &round)?;
    let sheet = sheet_of(&sheet)?;
    let rows = aside(move || {
        let now = Moment::from(jiff::Timestamp::now());
        let running = app.runs.running(community, round)?;
        let doors = doors_still(&app, &running, &asking)?;
        let mut running = held(&running);
        let rows = against(&app, &mut running, now, &doors, |roll| stored(&sheet, roll))?;
        Ok(listed(&running, &rows, voice))
    });
    rows.await.map(Json)
}

/// Takes stored rows of a sheet back: they did not happen, and both stay written. Rows that are not stored are passed over. The
/// rows that are left.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/paper/back", request_body = ShiftBack,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = [ShiftRowStored]), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)
    )
)]
pub async fn take_back(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    Asker(voice): Asker,
    Body(ShiftBack { sheet, rows }): Body<ShiftBack>,
) -> Result<Json<Vec<ShiftRowStored>>, Fault> {
    let (community, round) = place(&community, &round)?;
    let sheet = sheet_of(&sheet)?;
    let left = aside(move || {
        let now = Moment::from(jiff::Timestamp::now());
        let running = app.runs.running(community, round)?;
        let doors = doors_still(&app, &running, &asking)?;
        let mut running = held(&running);
        for _ in 0..limits::DESK_TRIES {
            let (back, left): (Vec<_>, Vec<_>) =
                against(&app, &mut running, now, &doors, |roll| stored(&sheet, roll))?
                    .into_iter()
                    .partition(|of| rows.contains(&of.row));
            let frame = |of: &StoredRow| Frame {
                id: *Uuid::new_v4().as_bytes(),
                body: Envelope::body(now, Origin::Real, &of.taken_back()),
            };
            if back.is_empty() || running.write(&app.runs, now, back.iter().map(frame).collect())? {
                return Ok(listed(&running, &left, voice));
            }
        }
        Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy"))
    });
    left.await.map(Json)
}

fn listed(running: &Running, rows: &[StoredRow], voice: Voice) -> Vec<ShiftRowStored> {
    let row = |of: &StoredRow| ShiftRowStored {
        row: of.row,
        time: running.made.definition.rules.clock(of.at),
        station: voice.station(&of.station),
        door: of.door.clone().unwrap_or_default(),
        people: of.people,
        item: of.item.clone().unwrap_or_default(),
    };
    rows.iter().map(row).collect()
}
