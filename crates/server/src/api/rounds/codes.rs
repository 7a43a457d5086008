//! Codes by which phones join a round.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{Body, Seat, picture, place, reached_at};
use crate::{
    access::{role::Role, secret::Secret},
    app::App,
    machine::aside,
    problem::{Fault, Problem},
    run::book::Code,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use domain::command::Table;
use round::Rules;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A code to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCode {
    /// What is done with the phones that join by it.
    role: Role,
    /// At which table.
    table: Option<Seat>,
}

/// A code by which phones join.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinCode {
    /// What is scanned: a link with the secret behind `#`.
    link: String,
    /// The same as a picture.
    svg: String,
    /// Until when it works, seconds since 1970.
    expires: i64,
}

/// Makes a code by which phones join the round, each in this role.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/codes", request_body = NewCode,
    params(("community" = String, Path), ("round" = String, Path)),
    responses((status = CREATED, body = JoinCode), (status = NOT_FOUND, body = Problem))
)]
pub async fn make_code(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    headers: HeaderMap,
    Body(new): Body<NewCode>,
) -> Result<(StatusCode, Json<JoinCode>), Fault> {
    let (community, round) = place(&community, &round)?;
    if new.role.at_site().is_none() {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "role_no_phone"));
    }
    let made = aside(move || {
        let made = app.runs.book.round(community, round)?;
        let table = new.table.map(Table::from);
        let table = table.or_else(|| usual_table(&made.definition.rules, new.role));
        if let Some(table) = &table
            && made.definition.rules.station(&table.station).is_none()
        {
            return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "station_unknown")
                .with("station", &table.station));
        }
        let secret = Secret::draw();
        let expires = made.phones_until;
        app.runs.book.add_code(&secret.hash(), &Code { community, round, role: new.role, table, expires })?;
        let link = format!("{}/join#{}", reached_at(&app, &headers), secret.text());
        Ok(JoinCode { svg: picture(&link), link, expires })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Ends all codes of the round: nobody joins any more until there are new ones.
#[utoipa::path(
    delete, path = "/api/v1/communities/{community}/rounds/{round}/codes",
    params(("community" = String, Path), ("round" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn end_codes(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    let (community, round) = place(&community, &round)?;
    aside(move || {
        app.runs.book.round(community, round)?;
        app.runs.book.end_codes(community, round)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where somebody of a role sits if nobody says where: who is in another lane says so on the phone.
fn usual_table(rules: &Rules, role: Role) -> Option<Table> {
    let place = match role {
        Role::Registrar | Role::Order => 0,
        Role::Sampler => *rules.gives.as_ref()?.1.first()?,
        _ => return None,
    };
    let station = rules.stations.get(place)?;
    Some(Table { station: station.name.clone(), lane: u16::from(!station.shared), server: 1 })
}
